"""What happens to a unit as plain numbers, ready to be lived through."""

from collections.abc import Mapping
from dataclasses import dataclass

from symbiosis.retrofit.calendar import YEAR_D, Span
from symbiosis.retrofit.draw import Draw, draw_of, greatest_d, mean_d
from symbiosis.retrofit.duration import Duration
from symbiosis.retrofit.schedule import Schedule
from symbiosis.retrofit.unit import Breakdowns, Overhauls


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time; ``draw`` is None where it is always ``mean_d``."""

    mean_d: float
    draw: Draw | None


@dataclass(frozen=True, slots=True)
class Failing:
    """Breakdowns of a unit."""

    between: Length
    repair: Length
    needs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Overhauling:
    """Overhauls of a unit: from each opening in ``opens_d`` there is room for the longest one."""

    lasts: Length
    opens_d: tuple[float, ...]
    open: tuple[Span, ...]
    every_d: float
    needs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Missing:
    """A given outage: from a time until another only ``share`` of the capacity is there."""

    from_d: float
    until_d: float
    share: float


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A unit: what breaks down, what is overhauled and what is out."""

    name: str
    failing: Failing | None
    overhauling: Overhauling | None
    missing: tuple[Missing, ...]
    priority: int

    @property
    def needs(self) -> frozenset[str]:
        """The resources that its stops can take."""
        parts = (self.failing, self.overhauling)
        return frozenset(name for part in parts if part is not None for name in part.needs)


def upkeep_of(schedule: Schedule, name: str, without: str | None) -> Upkeep:
    """The upkeep of one unit; a resource ``without`` which it is does not lack."""
    unit = schedule.units[name]
    return Upkeep(
        name=name,
        failing=_failing(unit.breakdowns, without) if unit.breakdowns else None,
        overhauling=_overhauling(schedule, unit.overhauls, without) if unit.overhauls else None,
        missing=_missing(schedule, name),
        priority=unit.priority,
    )


def _failing(declared: Breakdowns, without: str | None) -> Failing:
    return Failing(
        between=_length(declared.between),
        repair=_length(declared.repair),
        needs=_needs(declared.repair_needs, without),
    )


def _overhauling(schedule: Schedule, declared: Overhauls, without: str | None) -> Overhauling:
    calendar, spans = schedule.calendar, schedule.windows[declared.window].spans
    first_d = 0.0 if declared.earliest is None else max(calendar.day(declared.earliest), 0.0)
    longest_d = greatest_d(declared.lasts)
    # past the horizon too, where the opening that is nearest to a due time may lie
    until_d = schedule.horizon_d + declared.every_d + YEAR_D
    return Overhauling(
        lasts=_length(declared.lasts),
        opens_d=calendar.openings(spans, longest_d, first_d, until_d),
        open=spans,
        every_d=declared.every_d,
        needs=_needs(declared.needs, without),
    )


def _missing(schedule: Schedule, name: str) -> tuple[Missing, ...]:
    """The outages that lie in the run, or the parts of them that do, in order of time."""
    calendar, found = schedule.calendar, []
    for outage in schedule.units[name].outages:
        from_d = max(calendar.day(outage.from_), 0.0)
        until_d = calendar.day(outage.until) + 1
        if from_d < until_d and from_d < schedule.horizon_d:
            found.append(Missing(from_d, until_d, outage.remains))
    return tuple(sorted(found, key=lambda missing: missing.from_d))


def _length(duration: Duration) -> Length:
    return Length(mean_d(duration), draw_of(duration))


def _needs(declared: Mapping[str, int], without: str | None) -> dict[str, int]:
    return {name: number for name, number in sorted(declared.items()) if name != without}
