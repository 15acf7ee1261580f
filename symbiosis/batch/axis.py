"""One key that a sweep varies: its values, as texts for the park and as numbers to sort by.

{values: [60 %, 80 %]}                      these
{low: 40 CNY/t, high: 200 CNY/t}            between two; with steps: 9 in a grid
{factor_low: 50 %, factor_high: 150 %}      between two, times what the park says
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from pydantic import Field

from symbiosis import units
from symbiosis.batch.case import Axis as Value
from symbiosis.errors import Problem
from symbiosis.park.change import BASIS_TEXT
from symbiosis.park.quantity import Noun

ENDS = (("low", "high"), ("factor_low", "factor_high"))
LARGEST_INT = 2**63 - 1
"""The largest whole number that a column can hold."""


class Varied(Noun):
    """What a sweep says of one key."""

    values: tuple[Any, ...] | None = Field(None, min_length=1, description="the values it takes")
    low: Any = Field(None, description="least value, such as '40 CNY/t'")
    high: Any = Field(None, description="greatest value")
    factor_low: str | int | float | None = Field(
        None, description="least value as a share of what the park says, such as '50 %'"
    )
    factor_high: str | int | float | None = Field(None, description="greatest such share")
    steps: int | None = Field(None, ge=2, description="values in a grid, both ends among them")


@dataclass(frozen=True)
class Axis:
    """A key with its values, or with its ends in base units and how a number between is written.

    ``kind`` and ``unit`` are those of its column; ``steps`` are the values between its ends that a
    grid takes.
    """

    key: str
    values: tuple[Any, ...] = ()
    ends: tuple[float, float] = (0.0, 0.0)
    basis: str = ""
    kind: str = "text"
    unit: str = ""
    steps: int = 0

    @property
    def count(self) -> int:
        """How many values it has in a grid or a list; none are made to be counted."""
        return self.steps or len(self.values)

    def at(self, place: int) -> Any:
        """The value at a place of the grid, from 0 on."""
        return self.drawn(place / (self.steps - 1)) if self.steps else self.values[place]

    def drawn(self, part: float) -> Any:
        """The value at a part (0 to 1) of the way."""
        if self.values:
            return self.values[min(int(part * len(self.values)), len(self.values) - 1)]
        low, high = self.ends
        return self._written(low + part * (high - low))

    def _written(self, value: float) -> Any:
        if not self.unit:
            return value
        if self.unit == "1":
            return f"{value * 100!r} %"
        return f"{value!r} {self.basis}{self.unit}"

    def column(self, value: Any) -> Value | None:
        """A value as it stands in the table of cases."""
        if value is None:
            return None
        if self.kind == "text":
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        number: Value = measured(value)[0]
        return float(number) if self.kind == "float" else number


def measured(value: Any) -> tuple[Any, str, str]:
    """A value as a number, its base unit and the kind of its column; a text that is none stays."""
    if isinstance(value, int) and abs(value) > LARGEST_INT:
        return value, "", "text"
    if isinstance(value, bool | int | float):
        return value, "", type(value).__name__
    try:
        found = units.parse(value) if isinstance(value, str) else None
    except units.UnitError:
        found = None
    return (value, "", "text") if found is None else (found.value, found.unit, "float")


def axis_of(key: str, said: Varied, stated: Any, grid: bool) -> tuple[Axis | None, list[Problem]]:
    """The axis that a sweep describes, ``stated`` being what the park says at its key."""
    given = [pair for pair in ENDS if any(getattr(said, name) is not None for name in pair)]
    whole = all(getattr(said, name) is not None for pair in given for name in pair)
    if len(given) + (said.values is not None) != 1 or not whole:
        return None, [Problem("sweep_axis", details={"found": key})]
    if said.values is not None:
        return _listed(key, said.values, stated)
    if grid and said.steps is None:
        return None, [Problem("sweep_steps", details={"found": key})]
    axis, problems = _between(key, said, stated, given[0])
    if axis is not None and grid:
        axis = replace(axis, steps=said.steps or 0)
    return axis, problems


def _listed(key: str, values: Sequence[Any], stated: Any) -> tuple[Axis | None, list[Problem]]:
    problems = [_misfit(value, stated) for value in values if not _fits(value, stated)]
    problems += [
        Problem("sweep_twice", details={"found": value, "whole": key})
        for _, value in repeated(values)
    ]
    kind, unit = kind_of(values)
    return (None if problems else Axis(key, tuple(values), kind=kind, unit=unit)), problems


def repeated(values: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """Those that stand there a second time, with their places."""
    seen: set[str] = set()
    for place, value in enumerate(values):
        told = json.dumps(value, sort_keys=True)
        if told in seen:
            yield place, value
        seen.add(told)


def kind_of(values: Sequence[Any]) -> tuple[str, str]:
    """Kind and unit of a column that holds such values."""
    found = [measured(value) for value in values]
    kinds, in_units = {kind for _, _, kind in found}, {unit for _, unit, _ in found}
    if len(in_units) > 1 or not (kinds <= {"int", "float"} or kinds == {"bool"}):
        return "text", ""
    return ("float" if "float" in kinds else kinds.pop()), in_units.pop()


def _between(
    key: str, said: Varied, stated: Any, ends: tuple[str, str]
) -> tuple[Axis | None, list[Problem]]:
    (low, low_unit, _), (high, high_unit, _) = (measured(getattr(said, e)) for e in ends)
    wrong = [
        _no_number(getattr(said, end))
        for end, found in zip(ends, (low, high), strict=True)
        if isinstance(found, str | bool | dict | list)
    ]
    if wrong:
        return None, wrong
    if low_unit != high_unit:
        return None, [Problem("sweep_other_unit", details={
            "found": getattr(said, ends[1]), "stated": getattr(said, ends[0]),
        })]  # fmt: skip
    if low >= high:
        return None, [Problem("sweep_order", details={
            "found": getattr(said, ends[0]), "high": getattr(said, ends[1]),
        })]  # fmt: skip
    text, basis = _text(stated), ""
    if ends[0].startswith("factor"):
        return _times(key, (low, high), text, low_unit)
    if not _fits(said.low, stated):
        return None, [_misfit(said.low, stated)]
    if low_unit:
        basis = BASIS_TEXT[units.parse(said.low).basis]
    return Axis(key, (), (float(low), float(high)), basis, "float", low_unit), []


def _times(
    key: str, factors: tuple[float, float], text: str, unit: str
) -> tuple[Axis | None, list[Problem]]:
    """Between two multiples of what the park says."""
    base, base_unit, kind = measured(text)
    if kind == "text" or unit not in ("", "1"):
        code = "sweep_nothing_stated" if kind == "text" else "sweep_no_factor"
        return None, [Problem(code, details={"found": key, "stated": text, "factor": factors[0]})]
    basis = BASIS_TEXT[units.parse(text).basis] if isinstance(text, str) else ""
    ends = sorted((base * factors[0], base * factors[1]))
    if not all(map(isfinite, ends)) or ends[0] == ends[1]:
        return None, [Problem("sweep_no_span", details={"found": key, "stated": text})]
    return Axis(key, (), (ends[0], ends[1]), basis, "float", base_unit), []


def _no_number(value: Any) -> Problem:
    """Why an end is none: what is wrong with its number or its unit, else that it has neither."""
    try:
        units.parse(value)
    except units.UnitError as error:
        if error.code != "not_a_number":
            return error.problem()
    except (TypeError, AttributeError):
        pass
    return Problem("sweep_no_number", details={"found": value})


def _misfit(value: Any, stated: Any) -> Problem:
    """Why a value cannot stand where the park has another."""
    found = _text(value)
    try:
        units.parse(found)
    except units.UnitError as error:
        return error.problem()
    except (TypeError, AttributeError):
        if isinstance(found, int | float) and not isinstance(found, bool):
            return Problem("no_unit", details={"found": found})
    return Problem("sweep_other_unit", details={"found": value, "stated": _text(stated)})


def _text(stated: Any) -> Any:
    """The number and unit that the park says, behind its provenance."""
    return stated.get("value", "") if isinstance(stated, dict) else stated


def _fits(value: Any, stated: Any) -> bool:
    """Whether a value can stand where the park has another: of one dimension, if it is a number."""
    text, asked = _text(stated), _text(value)
    try:
        return units.parse(asked).dimension == units.parse(text).dimension
    except (units.UnitError, TypeError, AttributeError):
        return measured(text)[2] == "text" or not isinstance(text, str)
