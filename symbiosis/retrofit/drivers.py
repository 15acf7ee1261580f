"""What moves a park beside its projects: units that stand still, paths of demand and prices.

A driver is a unit (``enterprise.unit``) or a dotted key of the park. A unit's load is what is left
of it while it stands still, times the factor of a path on its activity; a path on any other key
multiplies that key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce

from symbiosis.park import change
from symbiosis.park.park import Park
from symbiosis.retrofit.availability import availability
from symbiosis.retrofit.block import Retrofit
from symbiosis.retrofit.run import Run
from symbiosis.retrofit.state import Move

ACTIVITY = re.compile(r"enterprises\.([^.]+)\.units\.([^.]+)\.activity")
Course = tuple[Sequence[float], Sequence[float]]
"""Times in order, and the level from each on; before the first it is one."""


@dataclass(frozen=True)
class Drivers:
    """The drivers of a retrofit: what each one does to a park, and what it follows in a run."""

    moves: Mapping[str, Move]
    units: frozenset[str]
    paths: Mapping[str, tuple[str, ...]]

    def steps(self, run: Run) -> dict[str, Course]:
        """The level of every driver over a run."""
        found = {}
        for driver in self.moves:
            courses = list(self._courses(driver, run))
            found[driver] = courses[0] if len(courses) == 1 else reduce(_times, courses)
        return found

    def _courses(self, driver: str, run: Run) -> Iterator[Course]:
        if driver in self.units:
            steps = availability(run, driver)
            yield [time for time, _ in steps], [share for _, share in steps]
        for path in self.paths.get(driver, ()):
            yield _by_month(run, run.factors[path])


def drivers_of(retrofit: Retrofit) -> Drivers:
    """The drivers of a retrofit."""
    schedule = retrofit.schedule
    paths: dict[str, tuple[str, ...]] = {}
    for name, path in schedule.paths.items():
        for key in path.keys:
            paths[driver_of(key)] = (*paths.get(driver_of(key), ()), name)
    names = dict.fromkeys((*schedule.units, *paths))
    units = frozenset(schedule.units)
    return Drivers({name: _move(name, retrofit) for name in names}, units, paths)


def driver_of(key: str) -> str:
    """The driver of a dotted key: the activity of a unit is the unit's."""
    match = ACTIVITY.fullmatch(key)
    return f"{match[1]}.{match[2]}" if match else key


def _move(driver: str, retrofit: Retrofit) -> Move:
    park = retrofit.scenario.park
    if driver in {f"{e}.{u}" for e, owner in park.enterprises.items() for u in owner.units}:
        return partial(_load, driver)
    return partial(_key, driver)


def _load(unit: str, park: Park, level: float) -> Park:
    return change.at_load(park, unit, level)


def _key(key: str, park: Park, level: float) -> Park:
    return change.scaled_at(park, key, level)


def _by_month(run: Run, factors: Iterable[float]) -> Course:
    return [run.calendar.begin(month) for month in run.months], list(factors)


def _times(one: Course, other: Course) -> Course:
    """Two courses as one: their levels multiplied."""
    times = sorted({*one[0], *other[0]})
    return times, [_at(one, time) * _at(other, time) for time in times]


def _at(course: Course, time: float) -> float:
    before = [level for at, level in zip(*course, strict=True) if at <= time]
    return before[-1] if before else 1.0
