"""A point of the exchange model: what was decided, by name, without Pyomo or arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

ROUNDING = 1e-13
"""A variable below this share of the largest of its kind is rounding of the solver."""


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
    old: Mapping[str, float]
    counted: Mapping[tuple[str, str], float]
    passed: Mapping[str, float]

    @classmethod
    def read(cls, keys: Iterable[tuple[str, Any]], values: Iterable[float]) -> "Point":
        """From column keys (variable, index) and their values."""
        found: dict[str, dict[Any, float]] = {field.name: {} for field in fields(cls)}
        for (variable, index), value in zip(keys, values, strict=True):
            found[variable][index] = float(value)
        return cls(**{name: _clean(values) for name, values in found.items()})


def _clean(values: dict[Any, float]) -> dict[Any, float]:
    """Without the rounding of the solver: no negative amounts."""
    largest = max(map(abs, values.values()), default=0.0)
    return {key: value if value > ROUNDING * largest else 0.0 for key, value in values.items()}
