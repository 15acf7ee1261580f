"""Many runs: when milestones come, and with what probability by when."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from symbiosis.errors import InputError, Problem
from symbiosis.retrofit.agenda import Agenda, agenda_of
from symbiosis.retrofit.availability import mean_share
from symbiosis.retrofit.calendar import Calendar
from symbiosis.retrofit.chance import Chance, chance
from symbiosis.retrofit.critical import critical_projects
from symbiosis.retrofit.many import Progress, Work, doubling, many
from symbiosis.retrofit.run import Run, live
from symbiosis.retrofit.schedule import Schedule

AUTO = "auto"
WIDTH = 0.05
"""How wide an interval may be for ``auto`` to stop: 5 points of probability."""


@dataclass(frozen=True)
class Outline:
    """What is kept of one run, so that memory grows by its times alone."""

    times_d: npt.NDArray[np.float64]
    critical: frozenset[str]
    busy: Mapping[str, float]
    money_cny: Mapping[tuple[str, str], float]
    there: Mapping[str, float]


@dataclass(frozen=True)
class Runs:
    """What many runs had in common; ``times_d`` has a row for each run, infinite: not reached.

    ``criticality`` is the share of runs in which a project was on the critical chain, ``use`` the
    mean share of a resource's capacity, ``money_cny`` the mean by (budget, month), ``availability``
    the mean share of a unit's capacity over the horizon. ``narrow`` says whether ``auto`` reached
    the width it was asked for, ``interrupted`` whether the runs are fewer than were asked for.
    """

    schedule: Schedule
    seed: int
    runs: int
    names: tuple[str, ...]
    times_d: npt.NDArray[np.float64]
    criticality: Mapping[str, float]
    use: Mapping[str, float]
    money_cny: Mapping[tuple[str, str], float]
    narrow: bool
    interrupted: bool
    availability: Mapping[str, float]

    @property
    def calendar(self) -> Calendar:
        """The calendar of the runs."""
        return self.schedule.calendar

    def times(self, milestone: str) -> npt.NDArray[np.float64]:
        """The times of a milestone by run, in days. Raises ``KeyError`` for an unknown one."""
        if milestone not in self.names:
            raise KeyError(milestone)
        times: npt.NDArray[np.float64] = self.times_d[:, self.names.index(milestone)]
        return times

    def reached(self, milestone: str) -> Chance:
        """How often a milestone was reached at all within the horizon."""
        return chance(int(np.isfinite(self.times(milestone)).sum()), self.runs)

    def percentile_d(self, milestone: str, share: float) -> float:
        """The time by which ``share`` of the runs had reached it; infinite where fewer ever did.

        It is the time of one run: the least that has at least this share at or before it.
        """
        times_d = np.sort(self.times(milestone))
        return float(times_d[max(math.ceil(share * self.runs - 1e-9) - 1, 0)])

    def date(self, milestone: str, share: float) -> str | None:
        """The same as a date: by when it is reached with this certainty; None for never."""
        time_d = self.percentile_d(milestone, share)
        return None if math.isinf(time_d) else self.calendar.date(time_d)

    def chance(self, milestone: str, by: str) -> Chance:
        """The probability that a milestone is reached by a date, that day included."""
        end_d = self.calendar.day(by) + 1
        return chance(int((self.times(milestone) <= end_d).sum()), self.runs)

    def targets(self) -> dict[str, Chance]:
        """The probability of every target of the schedule."""
        promised = self.schedule.targets
        return {name: self.chance(t.milestone, t.by) for name, t in promised.items()}


def runs(
    schedule: Schedule,
    runs: int | str,
    seed: int,
    workers: int = 1,
    width: float = WIDTH,
    without: str | None = None,
    progress: Progress | None = None,
) -> Runs:
    """Live through a schedule ``runs`` times, or until every target's interval is ``width`` narrow.

    The same seed gives the same answer on any number of workers; run 7 is run 7 however many there
    are. ``without`` names a resource, budget or window that never lacks. ``progress`` is told after
    each run how many are done, and of how many where that is known. Ctrl-C keeps the runs that are
    done, as ``interrupted`` says; before the first it raises ``KeyboardInterrupt``. Several workers
    are spawned: a script then needs ``if __name__ == "__main__"``. Raises :class:`InputError` for
    ``auto`` without targets, ``ValueError`` for no runs.
    """
    if runs == AUTO and not schedule.targets:
        raise InputError([Problem("auto_without_targets")])
    tally = _Tally(schedule, seed)
    wanted = doubling(lambda: tally.widest() <= width) if runs == AUTO else int(runs)
    prepare = partial(_prepared, schedule, without, seed)
    with many(prepare, wanted, workers, progress) as outlines:
        for outline in outlines:
            tally.add(outline)
    if not outlines.done:
        raise KeyboardInterrupt
    narrow = runs != AUTO or tally.widest() <= width
    return tally.runs(narrow, outlines.interrupted)


class _Tally:
    """What runs add up to: one row of times each, and sums of everything else."""

    def __init__(self, schedule: Schedule, seed: int) -> None:
        self.schedule, self.seed = schedule, seed
        self.times_d: list[npt.NDArray[np.float64]] = []
        self.critical = dict.fromkeys(sorted(schedule.projects), 0)
        self.busy: defaultdict[str, float] = defaultdict(float)
        self.money_cny: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.there: defaultdict[str, float] = defaultdict(float)

    def add(self, outline: Outline) -> None:
        """One more run."""
        self.times_d.append(outline.times_d)
        for name in outline.critical:
            self.critical[name] += 1
        for name, share in outline.busy.items():
            self.busy[name] += share
        for key, cny in outline.money_cny.items():
            self.money_cny[key] += cny
        for name, share in outline.there.items():
            self.there[name] += share

    def widest(self) -> float:
        """The widest interval of a target so far."""
        return max(chance.width for chance in self.runs().targets().values())

    def runs(self, narrow: bool = False, interrupted: bool = False) -> Runs:
        """All runs so far."""
        number = len(self.times_d)
        return Runs(
            schedule=self.schedule,
            seed=self.seed,
            runs=number,
            names=self.schedule.milestones,
            times_d=np.array(self.times_d),
            criticality={name: hits / number for name, hits in self.critical.items()},
            use={name: self.busy[name] / number for name in sorted(self.busy)},
            money_cny={key: self.money_cny[key] / number for key in sorted(self.money_cny)},
            narrow=narrow,
            interrupted=interrupted,
            availability={name: self.there[name] / number for name in sorted(self.there)},
        )


def _prepared(schedule: Schedule, without: str | None, seed: int) -> Work[Outline]:
    """The work of a process: its agenda is made once."""
    agenda = agenda_of(schedule, without)
    return lambda index: _outline(agenda, seed, index)


def _outline(agenda: Agenda, seed: int, index: int) -> Outline:
    lived: Run = live(agenda, seed, index)
    names = agenda.schedule.milestones
    return Outline(
        times_d=np.array([lived.milestones.get(name, math.inf) for name in names]),
        critical=critical_projects(agenda, lived),
        busy={name: use.share for name, use in lived.use.items()},
        money_cny=lived.money_cny,
        there={unit: mean_share(lived, unit) for unit in lived.units},
    )
