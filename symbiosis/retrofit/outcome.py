"""What is kept of one run of a simulation: numbers in fixed places, and the log of the first ones.

A process lives through runs one by one (:class:`Work`); what it hands back is small, so that memory
does not grow with what happened in a run.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from symbiosis.retrofit.agenda import Agenda, agenda_of
from symbiosis.retrofit.availability import mean_share
from symbiosis.retrofit.critical import critical_projects
from symbiosis.retrofit.living import Failure, Living
from symbiosis.retrofit.log import Entry
from symbiosis.retrofit.run import Run, live
from symbiosis.seasons import Floats

LOGGED = 100
"""Runs of which the whole log is kept."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """One run.

    ``times_d`` by milestone (infinite: never), ``sums`` months x sums, ``heaps`` months x
    by-products, ``waited_d`` by what was waited for, ``spent_cny`` years x projects, ``moved`` by
    unit (mean share of its capacity) and path (mean factor). Where the exchanges had no answer,
    ``failure`` says when and why, and sums end before it.
    """

    index: int
    times_d: Floats
    sums: Floats
    heaps: Floats
    waited_d: Floats
    spent_cny: Floats
    moved: Floats
    busy: Floats
    critical: frozenset[str]
    failure: Failure | None
    stretches: int
    solvers: frozenset[str]
    log: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Work:
    """What a process does with the number of a run."""

    living: Living
    seed: int | None

    @cached_property
    def places(self) -> "Places":
        """Which number stands where."""
        return Places(self.living)

    @cached_property
    def agenda(self) -> Agenda:
        """The schedule as plain numbers."""
        return agenda_of(self.living.retrofit.schedule)

    def __call__(self, index: int) -> Outcome:
        """Live through one run."""
        run = live(self.agenda, self.seed, index)
        lived, places = self.living.live(run), self.places
        log = (*run.log, *run.unit_log) if index < LOGGED else ()
        return Outcome(
            index=index,
            times_d=np.array([run.milestones.get(n, math.inf) for n in places.milestones]),
            sums=lived.sums,
            heaps=lived.heaps,
            waited_d=_waited(run, places.shared),
            spent_cny=self._spent(run),
            moved=np.array(
                [mean_share(run, unit) for unit in places.units]
                + [float(np.mean(run.factors[path])) for path in places.paths]
            ),
            busy=np.array([run.use[name].share for name in places.resources]),
            critical=critical_projects(self.agenda, run),
            failure=lived.failure,
            stretches=lived.stretches,
            solvers=lived.solvers,
            log=log,
        )

    def _spent(self, run: Run) -> Floats:
        """What each project paid in each year."""
        years, projects = self.places.years, self.places.projects
        found = np.zeros((len(years), len(projects)))
        for (project, month), cny in run.paid_cny.items():
            found[years.index(int(month[:4])), projects.index(project)] += cny
        return found


@dataclass(frozen=True)
class Places:
    """Which number of an outcome stands where."""

    living: Living

    @cached_property
    def milestones(self) -> tuple[str, ...]:
        """Every milestone."""
        return self.living.retrofit.schedule.milestones

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year."""
        return tuple(self.living.states)

    @cached_property
    def projects(self) -> tuple[str, ...]:
        """Every project."""
        return tuple(sorted(self.living.retrofit.schedule.projects))

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """Everything that stages can wait for."""
        return self.living.retrofit.schedule.shared()

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """Crews and desks."""
        return tuple(sorted(self.living.retrofit.schedule.resources))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Units that stand still at times."""
        return tuple(sorted(self.living.retrofit.schedule.units))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Demands, prices, activities that move."""
        return tuple(sorted(self.living.retrofit.schedule.paths))


def _waited(run: Run, shared: tuple[str, ...]) -> Floats:
    """Days of waiting by what was waited for; a wait for several counts for each."""
    days: dict[str, float] = {}
    for entry in run.log:
        for wait in entry.waits:
            for name in wait.what:
                days[name] = days.get(name, 0.0) + wait.days
    return np.array([days.get(name, 0.0) for name in shared])
