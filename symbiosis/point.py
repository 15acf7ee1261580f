"""A point of the exchange model: what was decided, by name, without Pyomo or arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

ROUNDING = 1e-13
"""A variable below this share of the largest of its kind is rounding of the solver."""

LOADS = ("running", "passed")
"""Variables that are loads, not amounts."""
SWITCHES = ("runs",)
"""Variables that are 0 or 1: over several slices, whether they were ever 1."""


@dataclass(frozen=True)
class Point:
    """The variables of the exchange model (see :mod:`symbiosis.solvers.exchange`).

    Amounts per slice in the unit of the material; ``running`` and ``passed`` are loads.
    """

    sent: Mapping[tuple[str, str], float]
    bought: Mapping[str, float]
    dumped: Mapping[tuple[str, str], float]
    running: Mapping[str, float]
    drawn: Mapping[str, float]
    put: Mapping[str, float]
    taken: Mapping[str, float]
    old: Mapping[str, float]
    counted: Mapping[tuple[str, str], float]
    passed: Mapping[str, float]
    earned: Mapping[tuple[str, str], float]
    refunded: Mapping[tuple[str, str], float]
    heat_out: Mapping[tuple[str, str, float, float], float]
    heat_in: Mapping[tuple[str, str, float, float], float]
    runs: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, keys: Iterable[tuple[str, Any]], values: Iterable[float]) -> "Point":
        """From column keys (variable, index) and their values."""
        found: dict[str, dict[Any, float]] = {own.name: {} for own in fields(cls)}
        for (variable, index), value in zip(keys, values, strict=True):
            found[variable][index] = float(value)
        return cls(**{name: _clean(values) for name, values in found.items()})


VARIABLES = frozenset(own.name for own in fields(Point))
"""The variables of the exchange model: somebody may have added others to it."""


def _clean(values: dict[Any, float]) -> dict[Any, float]:
    """Without the rounding of the solver: no negative amounts."""
    largest = max(map(abs, values.values()), default=0.0)
    return {key: value if value > ROUNDING * largest else 0.0 for key, value in values.items()}


def together(points: Sequence[Point], hours: Sequence[float]) -> Point:
    """Several slices as one: amounts are added, loads are means weighted by hours."""
    whole = sum(hours)
    loads = {
        name: {
            key: sum(getattr(p, name)[key] * h for p, h in zip(points, hours, strict=True)) / whole
            for key in getattr(points[0], name)
        }
        for name in LOADS
    }
    amounts = {
        own.name: {
            key: _joined(own.name, [getattr(point, own.name)[key] for point in points])
            for key in getattr(points[0], own.name)
        }
        for own in fields(Point)
        if own.name not in LOADS
    }
    return Point(**amounts, **loads)


def _joined(name: str, values: list[float]) -> float:
    return max(values) if name in SWITCHES else sum(values)
