"""One optimum of a park: the point that answers a question, and what is known of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from symbiosis.carbon import has_factors, inventory
from symbiosis.exchange import ExchangeData
from symbiosis.park.park import Park
from symbiosis.point import Point
from symbiosis.rate import (
    Rate,
    Reading,
    cost_items,
    noticeable,
    rate_of,
    readings,
    total,
    total_reading,
    without_backfill,
)
from symbiosis.seasons import Year, heap_items, left_co2e_t
from symbiosis.solvers.keys import Key
from symbiosis.solvers.status import Status


class Goal(StrEnum):
    """What is optimised."""

    UTILISATION = "utilisation"
    COST = "cost"
    CARBON = "carbon"


@dataclass(frozen=True)
class Stage:
    """One stage of the answer: ``rate`` (points of R) or ``cost`` (CNY), with its marginals.

    A marginal is the change of the stage's value per unit by which the bound of the constraint
    is raised; ``bound_marginals`` are the same for the bounds of variables.
    """

    name: str
    value: float
    marginals: Mapping[Key, float]
    bound_marginals: Mapping[Key, float]
    unique: bool | None


@dataclass(frozen=True)
class Solved:
    """How the answer was found; with ``integers``, marginals hold while those are fixed.

    Nothing goes beyond ``bound``, in the unit of what was optimised. ``why_plain`` says why the
    slices were built one by one, where they could not be stamped from one.
    """

    solver: str
    solver_version: str
    status: Status
    gap: float | None
    seconds: Mapping[str, float]
    options: Mapping[str, object] = field(default_factory=dict)
    integers: bool = False
    bound: float | None = None
    why_plain: str = ""


@dataclass(frozen=True)
class Optimum:
    """An optimum that has passed the independent check.

    ``data`` and ``point`` are the whole year: of a year cut into seasons, their sums, while
    ``year`` and ``points`` hold each season. ``rate_before`` is R of the first stage, before up
    to 1e-9 of it was given up for cost.
    """

    park: Park
    data: ExchangeData
    goal: Goal
    point: Point
    stages: tuple[Stage, ...]
    solved: Solved
    rate_before: float | None
    year: Year
    points: tuple[Point, ...]
    levels: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def seasons(self) -> Iterator[tuple[ExchangeData, Point]]:
        """Numbers and decisions of each season."""
        return zip(self.year.slices, self.points, strict=True)

    @cached_property
    def rate(self) -> Rate:
        """R under the boundary and document of the slice: sum U / sum (G + U_old)."""
        return total(rate_of(data, point) for data, point in self.seasons())

    @cached_property
    def without_backfill(self) -> Rate:
        """R if filling of mines does not count as use."""
        return total(without_backfill(data, point) for data, point in self.seasons())

    @cached_property
    def readings(self) -> list[Reading]:
        """Every other reading that moves R by over a point."""
        by_season = [readings(self.park, data, point) for data, point in self.seasons()]
        return noticeable(map(total_reading, zip(*by_season, strict=True)), self.rate)

    @cached_property
    def cost_items(self) -> dict[str, float]:
        """Cost in CNY by item; ``holding`` is what lying in this year's heaps costs."""
        items = cost_items(self.data, self.point)
        heaps = heap_items(self.year, self.levels) if self.levels else {}
        return items | {name: items.get(name, 0.0) + cny for name, cny in heaps.items()}

    @property
    def cost_cny(self) -> float:
        """The park's private cost in CNY of its money year; negative where income is greater."""
        return sum(self.cost_items.values())

    @cached_property
    def co2e_items(self) -> dict[str, float]:
        """The carbon inventory in t CO2e by line; empty for a park without carbon factors."""
        if not has_factors(self.park):
            return {}
        lines = inventory(self.data, self.point)
        return lines | {"disposal": lines["disposal"] + left_co2e_t(self.year, self.levels)}

    @property
    def co2e_t(self) -> float | None:
        """The carbon inventory in t CO2e; None for a park without carbon factors."""
        return sum(self.co2e_items.values()) if self.co2e_items else None

    @property
    def value(self) -> float | None:
        """The value of what was optimised: R as a fraction, CNY, or t CO2e."""
        if self.goal is Goal.UTILISATION:
            return self.rate.value
        return self.cost_cny if self.goal is Goal.COST else self.co2e_t

    def stage(self, name: str) -> Stage | None:
        """The stage ``rate`` or ``cost``, if the answer has it."""
        return next((stage for stage in self.stages if stage.name == name), None)
