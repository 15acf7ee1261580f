"""Targets of indicators: whether a file states them well, and whether they are met.

A target is met or missed in its own year, by the indicator of that whole year; what it was in
other years does not matter. Where the indicator is not defined, or the year was not simulated, it
is neither: None.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isnan

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.measurable import PER_OUTPUT, Measure
from symbiosis.outputs import without_output
from symbiosis.park.declaration import Declaration
from symbiosis.park.references import Findings, Path
from symbiosis.park.target import Change, Comparator, IndicatorTarget

CLOSE = 1e-9
"""A value that misses the target by less than this part of it meets it: solvers round."""
SECTION = "targets"


@dataclass(frozen=True)
class Ground:
    """What targets can name: measures, outputs by unit, documents, years of the horizon."""

    measures: Mapping[str, Measure]
    outputs: Mapping[str, str]
    documents: Collection[str]
    years: range

    @cached_property
    def indicators(self) -> list[str]:
        """Ids that a target can name, those per output without the output."""
        own = [name for name, m in self.measures.items() if m.family not in (*PER_OUTPUT, "output")]
        return own + [name for name in PER_OUTPUT if name.removesuffix("_per_output") in own]

    def unit(self, target: IndicatorTarget) -> str | None:
        """The unit of a target's indicator; None where it is not known."""
        if target.indicator in PER_OUTPUT:
            output = self.outputs.get(target.per or "")
            return f"{PER_OUTPUT[target.indicator]}/{output}" if output else None
        known = self.measures.get(target.indicator)
        return None if known is None else known.unit


def outputs_named(targets: Mapping[str, IndicatorTarget]) -> tuple[str, ...]:
    """The units whose output some target asks for."""
    return tuple(dict.fromkeys(target.per for target in targets.values() if target.per))


# --- what is wrong with them


def check_targets(
    declaration: Declaration, targets: Mapping[str, IndicatorTarget], ground: Ground
) -> list[Problem]:
    """Everything that is wrong with the targets of a file, each at its place."""
    found = Findings(declaration)
    for name, target in targets.items():
        here: Path = (SECTION, name)
        found.name((*here, "indicator"), target.indicator, ground.indicators, "indicator")
        found.name((*here, "document"), target.document, ground.documents, "source")
        _per(here, target, ground, found)
        _value(here, target, ground, found)
        _year(here, target, ground, found)
    return found.problems


def _per(here: Path, target: IndicatorTarget, ground: Ground, found: Findings) -> None:
    """An indicator per output names a unit that has one; no other does."""
    if target.indicator not in PER_OUTPUT:
        if target.per is not None and target.indicator in ground.indicators:
            found.add((*here, "per"), "per_not_asked", found=target.per, other=target.indicator)
        return
    if target.per is None:
        found.add(here, "per_missing", found=target.indicator)
        return
    problem = without_output(target.per, ground.outputs)
    if problem is not None:
        found.add((*here, "per"), problem.code, **problem.details)


def _value(here: Path, target: IndicatorTarget, ground: Ground, found: Findings) -> None:
    unit = "%" if target.change is Change.FROM_BASE else ground.unit(target)
    if unit is not None and not units.same_dimension(target.value.measure, unit):
        expected = "%" if unit == "1" else unit
        found.add((*here, "value"), "wrong_dimension", found=target.value.value, expected=expected)


def _year(here: Path, target: IndicatorTarget, ground: Ground, found: Findings) -> None:
    years = ground.years
    if target.year not in years:
        allowed = f"{years.start}-{years.stop - 1}"
        found.add((*here, "year"), "target_year_outside", found=target.year, allowed=allowed)
    elif target.change is Change.FROM_BASE and target.year == years.start:
        found.add((*here, "year"), "target_in_base_year", found=target.year)


# --- whether they are met


@dataclass(frozen=True)
class Standing:
    """How a target stands: ``value`` of its year and what is ``wanted``, in one unit.

    ``gap`` is what is missing, 0 where it is met. Of a target ``from_base`` all three are relative
    changes. ``met``, ``value`` and ``gap`` are None where the value is not defined.
    """

    met: bool | None
    value: float | None
    wanted: float
    gap: float | None


def standing(
    values_by_year: Mapping[int, float | None], target: IndicatorTarget, unit: str
) -> Standing:
    """How a target stands with the values of its indicator, in ``unit``, by simulated year."""
    if target.change is Change.FROM_BASE:
        wanted, value = target.value.to("1"), _change(values_by_year, target.year)
    else:
        wanted, value = target.value.to(unit), _defined(values_by_year.get(target.year))
    if value is None:
        return Standing(None, None, wanted, None)
    sign = 1.0 if target.comparator is Comparator.AT_LEAST else -1.0
    missing = sign * (wanted - value)
    reached = missing <= CLOSE * max(abs(wanted), abs(value))
    return Standing(reached, value, wanted, 0.0 if reached else missing)


def met(
    values_by_year: Mapping[int, float | None], target: IndicatorTarget, unit: str
) -> bool | None:
    """Whether a target is met; None where its indicator is not defined."""
    return standing(values_by_year, target, unit).met


def _change(values_by_year: Mapping[int, float | None], year: int) -> float | None:
    """The relative change since the first year; None where that is not above zero."""
    if not values_by_year:
        return None
    base, value = (_defined(values_by_year.get(at)) for at in (min(values_by_year), year))
    return None if base is None or value is None or base <= 0 else value / base - 1.0


def _defined(value: float | None) -> float | None:
    return None if value is None or isnan(value) else value


def standings(
    values: Mapping[str, Mapping[int, float | None]],
    targets: Mapping[str, IndicatorTarget],
    ground: Ground,
) -> Iterator[tuple[str, Standing]]:
    """Every target by its id, from the values of measures by id and year."""
    for name, target in targets.items():
        unit = ground.unit(target)
        if unit is None:
            raise ValueError(f"target {name} names no known indicator")
        yield name, standing(values.get(target.measure, {}), target, unit)
