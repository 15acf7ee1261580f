"""Many runs: when milestones come, and with what probability by when."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from symbiosis.errors import InputError, Problem
from symbiosis.retrofit.agenda import Agenda, agenda_of
from symbiosis.retrofit.calendar import Calendar
from symbiosis.retrofit.chance import Chance, chance
from symbiosis.retrofit.critical import critical_projects
from symbiosis.retrofit.run import Run, live
from symbiosis.retrofit.schedule import Schedule

AUTO = "auto"
FIRST_RUNS = 200
MOST_RUNS = 51_200
"""``auto`` begins with the first number and doubles it up to the second."""
WIDTH = 0.05
"""How wide an interval may be for ``auto`` to stop: 5 points of probability."""
CHUNK = 20
"""Runs that a worker is handed at a time."""


@dataclass(frozen=True)
class Outline:
    """What is kept of one run, so that memory grows by its times alone."""

    times_d: npt.NDArray[np.float64]
    critical: frozenset[str]
    busy: Mapping[str, float]
    money_cny: Mapping[tuple[str, str], float]


Live = Callable[[Iterable[tuple[int, int]]], Iterable[Outline]]
"""(seed, index) of every run -> its outline, in the same order."""


@dataclass(frozen=True)
class Runs:
    """What many runs had in common; ``times_d`` has a row for each run, infinite: not reached.

    ``criticality`` is the share of runs in which a project was on the critical chain, ``use`` the
    mean share of a resource's capacity, ``money_cny`` the mean by (budget, month). ``narrow`` says
    whether ``auto`` reached the width it was asked for.
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
) -> Runs:
    """Live through a schedule ``runs`` times, or until every target's interval is ``width`` narrow.

    The same seed gives the same answer on any number of workers; run 7 is run 7 however many there
    are. ``without`` names a resource, budget or window that never lacks. Raises
    :class:`InputError` for ``auto`` without targets, ``ValueError`` for no runs.
    """
    if runs != AUTO and int(runs) < 1:
        raise ValueError(f"{runs} runs")
    if runs == AUTO and not schedule.targets:
        raise InputError([Problem("auto_without_targets")])
    batches = [(0, int(runs))] if runs != AUTO else list(_doubling())
    tally = _Tally(schedule, seed)
    with _crew(schedule, workers, without) as live_all:
        for first, last in batches:
            for outline in live_all((seed, index) for index in range(first, last)):
                tally.add(outline)
            found = tally.runs(narrow=True)
            if runs == AUTO:
                widest = max(chance.width for chance in found.targets().values())
                found = replace(found, narrow=widest <= width)
            if found.narrow:
                break
    return found


def _doubling() -> Iterator[tuple[int, int]]:
    first, last = 0, FIRST_RUNS
    while last <= MOST_RUNS:
        yield first, last
        first, last = last, 2 * last


class _Tally:
    """What runs add up to: one row of times each, and sums of everything else."""

    def __init__(self, schedule: Schedule, seed: int) -> None:
        self.schedule, self.seed = schedule, seed
        self.times_d: list[npt.NDArray[np.float64]] = []
        self.critical = dict.fromkeys(sorted(schedule.projects), 0)
        self.busy: defaultdict[str, float] = defaultdict(float)
        self.money_cny: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, outline: Outline) -> None:
        """One more run."""
        self.times_d.append(outline.times_d)
        for name in outline.critical:
            self.critical[name] += 1
        for name, share in outline.busy.items():
            self.busy[name] += share
        for key, cny in outline.money_cny.items():
            self.money_cny[key] += cny

    def runs(self, narrow: bool) -> Runs:
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
        )


@contextmanager
def _crew(schedule: Schedule, workers: int, without: str | None) -> Iterator[Live]:
    """Something that lives through runs: this process, or several others."""
    if workers == 1:
        agenda = agenda_of(schedule, without)
        yield lambda jobs: (_outline(agenda, seed, index) for seed, index in jobs)
        return
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(schedule, without)) as pool:
        yield lambda jobs: pool.map(_one, jobs, chunksize=CHUNK)


_agendas: list[Agenda] = []
"""The agenda of a worker process, made once when it begins."""


def _begin(schedule: Schedule, without: str | None) -> None:
    _agendas[:] = [agenda_of(schedule, without)]


def _one(job: tuple[int, int]) -> Outline:
    return _outline(_agendas[0], *job)


def _outline(agenda: Agenda, seed: int, index: int) -> Outline:
    lived: Run = live(agenda, seed, index)
    names = agenda.schedule.milestones
    times_d = np.array([lived.milestones.get(name, math.inf) for name in names])
    busy = {name: use.share for name, use in lived.use.items()}
    return Outline(times_d, critical_projects(agenda, lived), busy, lived.money_cny)
