"""The park living through a run: its exchanges optimised again each month and at every change.

A run of the schedule says when which capacity is there. Between two changes, and within one month,
nothing moves: such a stretch is a slice, optimised from the heaps that are there by then. Nobody
looks ahead. What a slice comes to is read as sums (numerators and denominators of the measures),
which add up to months and years.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import pairwise

import numpy as np

from symbiosis.conflict import conflict_problems
from symbiosis.dispatch import Heaps
from symbiosis.errors import Problem
from symbiosis.exchange import ExchangeData
from symbiosis.figures import figures, structure, with_figures
from symbiosis.measurable import Measurable, measurable
from symbiosis.park import change
from symbiosis.question import ORDER, backend_for
from symbiosis.retrofit.block import Retrofit
from symbiosis.retrofit.drivers import Drivers, drivers_of
from symbiosis.retrofit.run import Run
from symbiosis.retrofit.state import State, YearOfStates, by_month, states_of
from symbiosis.seasons import Floats, Year
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.matrix import Integers
from symbiosis.solvers.measures import Measures
from symbiosis.solvers.redispatch import Redispatch, Redispatched
from symbiosis.wording import Wording

MOMENT_D = 1e-6
"""Changes this close together are one."""
HOURS = 24.0

Slot = tuple[int, str]
"""A month of the horizon: year, and season of the park."""


@dataclass(frozen=True)
class Stretch:
    """A time in which nothing changes: within season ``i`` of ``year``."""

    year: int
    i: int
    from_d: float
    until_d: float
    state: State
    closes: bool


@dataclass(frozen=True)
class Failure:
    """A stretch in which the exchanges have no answer, and why not."""

    year: int
    season: str
    date: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, eq=False)
class Lived:
    """What the park did in a run: months x sums, up to a failure if there was one.

    ``heaps_t`` by (by-product): what lies in all its heaps at the end of each month. ``solvers``
    are those that answered.
    """

    sums: Floats
    heaps: Floats
    failure: Failure | None
    stretches: int
    solvers: frozenset[str]


@dataclass(frozen=True)
class Living:
    """A park made ready to live through runs; every worker has its own."""

    retrofit: Retrofit
    solver: str = AUTO
    options: SolveOptions = field(default_factory=SolveOptions)

    @cached_property
    def drivers(self) -> Drivers:
        """What moves the figures beside the projects."""
        return drivers_of(self.retrofit)

    @cached_property
    def states(self) -> Mapping[int, YearOfStates]:
        """The figures of every year."""
        return states_of(self.retrofit, self.drivers.moves)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The months of the horizon."""
        return tuple((y, name) for y, found in self.states.items() for name in found.year.names)

    @cached_property
    def measures(self) -> Mapping[int, Measures]:
        """What is read in each year; equal ones are one."""
        found: dict[int, Measures] = {}
        for year, states in self.states.items():
            known: Measurable = measurable(self.retrofit.scenario.park, states.year.data)
            same = next((m for m in found.values() if m.known == known), None)
            found[year] = same or Measures(known)
        return found

    @cached_property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """(measure, numerator or denominator) of every sum."""
        return tuple(dict.fromkeys(key for m in self.measures.values() for key in m.keys))

    @cached_property
    def heaped(self) -> tuple[str, ...]:
        """The by-products that lie in heaps."""
        years = [states.year for states in self.states.values()]
        return tuple(dict.fromkeys(b for y in years for b in (*y.stores, *y.legacy)))

    @cached_property
    def _places(self) -> Mapping[int, Integers]:
        """Where the sums of a year's measures stand among all."""
        where = {key: i for i, key in enumerate(self.keys)}
        return {y: np.array([where[key] for key in m.keys]) for y, m in self.measures.items()}

    @cached_property
    def _known(self) -> list[tuple[tuple[object, ...], Redispatch]]:
        return []

    @cached_property
    def _asked(self) -> dict[tuple[int, bool], Redispatch]:
        return {}

    # --- a run

    def live(self, run: Run) -> Lived:
        """The exchanges of a run, from its beginning to its end."""
        slots = {slot: i for i, slot in enumerate(self.slots)}
        sums = np.zeros((len(slots), len(self.keys)))
        heaps_t = np.zeros((len(slots), len(self.heaped)))
        first = next(iter(self.states.values())).year
        heaps, count, solvers = Heaps({}, first.legacy), 0, set[str]()
        for stretch in self.stretches(run):
            count += 1
            states = self.states[stretch.year]
            asked, found = self._answer(stretch, heaps)
            solvers.add(asked.backend.name)
            name = states.year.names[stretch.i]
            if found.x is None:
                failure = self._failed(stretch, asked, found, run)
                return Lived(sums, heaps_t, failure, count, frozenset(solvers))
            row = slots[stretch.year, name]
            sums[row, self._places[stretch.year]] += self._read(stretch, found)
            heaps = self._after(heaps, stretch, found)
            heaps_t[row] = [_lying(heaps, b) for b in self.heaped]
        return Lived(sums, heaps_t, None, count, frozenset(solvers))

    def stretches(self, run: Run) -> Iterator[Stretch]:
        """The horizon of a run cut where something changes."""
        calendar, horizon_d = run.calendar, self.retrofit.schedule.horizon_d
        steps = self.drivers.steps(run) | _shares(run)
        changes = sorted({time for times, _ in steps.values() for time in times})
        for year, states in self.states.items():
            ends = np.cumsum([0.0, *states.year.hours]) / HOURS + calendar.new_year(year)
            for i, (first_d, last_d) in enumerate(pairwise(ends.tolist())):
                within = [t for t in changes if first_d + MOMENT_D < t < last_d - MOMENT_D]
                cuts = [max(first_d, 0.0), *within, min(last_d, horizon_d)]
                for from_d, until_d in _apart(cuts):
                    closes = until_d == last_d and i == len(states.year.names) - 1
                    state = _state(steps, (from_d + until_d) / 2, self.retrofit.builds)
                    yield Stretch(year, i, from_d, until_d, state, closes)

    # --- one stretch

    def _answer(self, stretch: Stretch, heaps: Heaps) -> tuple[Redispatch, Redispatched]:
        states = self.states[stretch.year]
        hours = (stretch.until_d - stretch.from_d) * HOURS
        part = hours / states.year.hours[stretch.i]
        asked = self._redispatch(stretch.year, stretch.closes)
        values = states.figures(stretch.i, stretch.state, part)
        legacy = {b: heaps.older.get(b, 0.0) for b in states.year.legacy}
        made = asked.stamped(values, hours, heaps.this_year, legacy)
        return asked, asked.answer(made)

    def _redispatch(self, year: int, closes: bool) -> Redispatch:
        """Who answers for the slices of a year, and for its last one; alike years share one."""
        if (year, closes) not in self._asked:
            like = self._likeness(year, closes)
            found = next((made for known, made in self._known if known == like), None)
            if found is None:
                found = self._opened(year, closes)
                self._known.append((like, found))
            self._asked[year, closes] = found
        return self._asked[year, closes]

    def _likeness(self, year: int, closes: bool) -> tuple[object, ...]:
        """All that a year has beside the figures that are stamped."""
        states = self.states[year]
        stamped = set(states.paths)
        other = {p: v for p, v in figures(states.year.data).items() if p not in stamped}
        stores, legacy = dict(states.year.stores), tuple(states.year.legacy)
        return closes, structure(_timeless(states.year.data)), states.paths, other, stores, legacy

    def _opened(self, year: int, closes: bool) -> Redispatch:
        """It starts from the first month with all projects, whichever slice is asked first."""
        states = self.states[year]
        aims = [aim.value for aim in ORDER[self.retrofit.conduct.objective]]
        pick = partial(backend_for, solver=self.solver)
        build = self.measures[year].build()
        made = Redispatch(self._slice(year, closes), states.paths, aims, pick, self.options, build)
        whole = State(dict.fromkeys(self.retrofit.builds, 1.0))
        hours = states.year.hours[0]
        made.open(made.stamped(states.figures(0, whole), hours, {}, states.year.legacy))
        return made

    def _read(self, stretch: Stretch, found: Redispatched) -> Floats:
        """The sums of an answer: those of the slice, and what lying in heaps adds."""
        if found.x is None:
            raise ValueError("no answer to read")
        (rows,) = self.measures[stretch.year].by_slice(found.made)
        columns = rows.matrix.shape[1]
        still, lying = self._tied(stretch.year, stretch.closes)
        hours = (stretch.until_d - stretch.from_d) * HOURS
        return np.asarray(rows.at(found.x[:columns]) + (still + hours * lying) @ found.x[columns:])

    def _tied(self, year: int, closes: bool) -> tuple[Floats, Floats]:
        """Sums for each unit in a heap at the end of a stretch, and for each hour of it."""
        if (year, closes) not in self._ties:
            slice_ = replace(self._slice(year, closes), hours=(0.0,))
            still = self.measures[year].tied(slice_).toarray()
            hour = self.measures[year].tied(replace(slice_, hours=(1.0,))).toarray()
            self._ties[year, closes] = still, hour - still
        return self._ties[year, closes]

    @cached_property
    def _ties(self) -> dict[tuple[int, bool], tuple[Floats, Floats]]:
        return {}

    def _slice(self, year: int, closes: bool) -> Year:
        """A slice of a year, whichever."""
        states = self.states[year]
        part = states.year.part(0, 1, {}, states.year.legacy)
        return replace(part, names=("now",), data=_timeless(states.year.data), closes=closes)

    def _after(self, heaps: Heaps, stretch: Stretch, found: Redispatched) -> Heaps:
        """What lies there once a stretch is over; as the year ends the layers are merged."""
        keys = enumerate(found.made.form.column_keys)
        x = found.x if found.x is not None else np.zeros(0)
        levels, older = {}, dict(heaps.older)
        for place, (name, index) in keys:
            if name == "level":
                levels[index[1]] = max(float(x[place]), 0.0)
            elif name == "drawn":
                byproduct = index[1]
                if byproduct in older:
                    older[byproduct] = max(older[byproduct] - float(x[place]), 0.0)
        if not stretch.closes:
            return Heaps(levels, older)
        return Heaps({}, {b: stock + levels.get(b, 0.0) for b, stock in older.items()})

    def _failed(
        self, stretch: Stretch, asked: Redispatch, found: Redispatched, run: Run
    ) -> Failure:
        """What conflicts, in the words of the park."""
        states = self.states[stretch.year]
        hours = (stretch.until_d - stretch.from_d) * HOURS
        part = hours / states.year.hours[stretch.i]
        values = dict(
            zip(states.paths, states.figures(stretch.i, stretch.state, part), strict=True)
        )
        data = with_figures(states.year.data, values)
        season = states.year.names[stretch.i]
        park = by_month(self.retrofit.scenario.park)
        named = change.rebuilt(park, seasons={**park.seasons, "now": park.seasons[season]})
        wording = Wording(named, data, ("now",))
        problems = conflict_problems(wording, found.made.form, asked.backend, self.options)
        date = run.calendar.date(stretch.from_d)
        return Failure(stretch.year, season, date, tuple(problems))


def _timeless(data: ExchangeData) -> ExchangeData:
    return replace(data, year=0, period="")


def _lying(heaps: Heaps, byproduct: str) -> float:
    return heaps.this_year.get(byproduct, 0.0) + heaps.older.get(byproduct, 0.0)


Steps = Mapping[str, tuple[Sequence[float], Sequence[float]]]
"""By name: times in order, and the value from each on; before the first it is as at the start."""
PROJECT = "project:"


def _shares(run: Run) -> dict[str, tuple[list[float], list[float]]]:
    """How much of each project runs, over time."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for step in run.changes:
        times, values = found.setdefault(PROJECT + step.project, ([], []))
        if (values[-1] if values else 0.0) != step.share:
            times.append(step.time_d)
            values.append(step.share)
    return found


def _state(steps: Steps, time_d: float, builds: Mapping[str, object]) -> State:
    """What stands at a time."""
    shares, levels = dict.fromkeys(builds, 0.0), {}
    for name, (times, values) in steps.items():
        place = bisect_right(times, time_d) - 1
        if name.startswith(PROJECT):
            shares[name.removeprefix(PROJECT)] = values[place] if place >= 0 else 0.0
        else:
            levels[name] = values[place] if place >= 0 else 1.0
    return State(shares, levels)


def _apart(cuts: Sequence[float]) -> Iterator[tuple[float, float]]:
    """The stretches between cuts that are not the same moment."""
    from_d = cuts[0]
    for until_d in cuts[1:]:
        if until_d - from_d > MOMENT_D:
            yield from_d, until_d
            from_d = until_d
