"""A path: how a demand, a price or an activity moves, month by month, as a factor.

{shape: random_walk, drift: 1 %, volatility: 6 %, floor: 70 %, ceiling: 130 %}
{shape: mean_reverting, volatility: 20 %, half_life: 1.5 a}
{shape: given, by_year: {2026: 100 %, 2030: 120 %}, interpolate: true}
{shape: seasonal, by_month: [110 %, 105 %, ... twelve of them]}
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from symbiosis.park.quantity import Evidence, Quantity, Text, Years
from symbiosis.retrofit.resource import CalendarYear


class Factor(Quantity):
    """What a figure is multiplied by: a share that may exceed 100 %."""

    unit = ""
    least = 0.0
    example = "120 %"


class Growth(Quantity):
    """A change per year, as a fraction; above -100 %."""

    unit = ""
    least = -0.99
    example = "1 %"


class Volatility(Quantity):
    """Standard deviation of a logarithm over a year."""

    unit = ""
    least = 0.0
    example = "6 %"


class PathShape(StrEnum):
    """Kinds of path."""

    RANDOM_WALK = "random_walk"
    MEAN_REVERTING = "mean_reverting"
    GIVEN = "given"
    SEASONAL = "seasonal"


NEEDED = {
    PathShape.RANDOM_WALK: ("volatility",),
    PathShape.MEAN_REVERTING: ("volatility", "half_life"),
    PathShape.GIVEN: ("by_year",),
    PathShape.SEASONAL: ("by_month",),
}
"""Keys without which a shape means nothing."""
ALLOWED = {
    PathShape.RANDOM_WALK: ("drift", "floor", "ceiling"),
    PathShape.MEAN_REVERTING: ("drift", "floor", "ceiling"),
    PathShape.GIVEN: ("interpolate",),
    PathShape.SEASONAL: (),
}
"""Keys that a shape can have beside them."""
KEYS = (
    "drift", "volatility", "half_life", "floor", "ceiling", "by_year", "interpolate", "by_month",
)  # fmt: skip


class FactorPath(Evidence):
    """A factor by month, and which figures of the park it multiplies."""

    name_zh: Text
    name_en: Text
    keys: tuple[Text, ...] = Field(min_length=1, description="dotted keys of figures of the park")
    shape: PathShape
    drift: Growth | None = Field(None, description="change of the median per year; without it 0 %")
    volatility: Volatility | None = Field(None, description="per year, of the logarithm")
    half_life: Years | None = Field(None, description="time in which half a deviation is gone")
    floor: Factor | None = Field(None, description="the factor never falls below")
    ceiling: Factor | None = Field(None, description="the factor never rises above")
    by_year: dict[CalendarYear, Factor] = Field(default_factory=dict)
    interpolate: bool | None = Field(
        None, description="straight lines between the middles of the years, in place of steps"
    )
    by_month: tuple[Factor, ...] = Field((), description="January to December")

    @model_validator(mode="after")
    def _fits_shape(self) -> Self:
        given = [key for key in KEYS if key in self.model_fields_set]
        needed, allowed = NEEDED[self.shape], ALLOWED[self.shape]
        if not set(needed) <= set(given) <= {*needed, *allowed}:
            details = {"shape": self.shape, "found": ", ".join(given) or "-"}
            lists = {"needed": ", ".join(needed), "others": ", ".join(allowed) or "-"}
            raise PydanticCustomError("path_keys", "shape", details | lists)
        if self.shape is PathShape.SEASONAL and len(self.by_month) != 12:
            raise PydanticCustomError("by_month_twelve", "months", {"found": len(self.by_month)})
        if self.shape is PathShape.GIVEN and not self.by_year:
            raise PydanticCustomError("by_year_empty", "years", {})
        return self

    @model_validator(mode="after")
    def _holds_its_start(self) -> Self:
        floor, ceiling = self.floor, self.ceiling
        if floor and ceiling and floor.amount > ceiling.amount:
            details = {"found": floor.value, "ceiling": ceiling.value}
            raise PydanticCustomError("floor_above_ceiling", "order", details)
        if floor and floor.amount > 1:
            details = {"found": floor.value, "bound": "floor"}
            raise PydanticCustomError("start_outside", "start", details)
        if ceiling and ceiling.amount < 1:
            details = {"found": ceiling.value, "bound": "ceiling"}
            raise PydanticCustomError("start_outside", "start", details)
        return self
