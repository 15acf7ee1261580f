"""How long a stage takes: a length of time, or a distribution of lengths.

duration: 60 d
duration: {shape: triangular, low: 30 d, value: 60 d, high: 180 d, source: own, grade: D}
duration: {shape: lognormal, value: 60 d, high: 180 d}
duration: {shape: empirical, values: [34 d, 41 d, 95 d]}
duration: {shape: exponential, value: 120 d}
"""

from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from symbiosis.park.quantity import Evidence, Quantity


class Days(Quantity):
    """A length of time in calendar days, not below zero."""

    unit = "d"
    least = 0.0
    example = "60 d"


class Shape(StrEnum):
    """Kinds of distribution, and which keys each one reads."""

    FIXED = "fixed"  # value
    TRIANGULAR = "triangular"  # low, value (most likely), high
    PERT = "pert"  # low, value (most likely), high
    LOGNORMAL = "lognormal"  # value (median), high (95th percentile)
    EMPIRICAL = "empirical"  # values, each equally likely
    EXPONENTIAL = "exponential"  # value (mean)


NEEDS = {
    Shape.FIXED: ("value",),
    Shape.TRIANGULAR: ("low", "value", "high"),
    Shape.PERT: ("low", "value", "high"),
    Shape.LOGNORMAL: ("value", "high"),
    Shape.EMPIRICAL: ("values",),
    Shape.EXPONENTIAL: ("value",),
}
KEYS = ("low", "value", "high", "values")


class Duration(Evidence):
    """A length of time with its spread; text alone is a fixed length."""

    shape: Shape = Field(
        Shape.FIXED, description="fixed, triangular, pert, lognormal, empirical, exponential"
    )
    value: Days | None = Field(
        None, description="the length, the most likely one, the median, or the mean (exponential)"
    )
    low: Days | None = Field(None, description="least length")
    high: Days | None = Field(None, description="greatest length; lognormal: 95th percentile")
    values: tuple[Days, ...] = Field((), description="lengths that were observed")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        return data if isinstance(data, dict) else {"value": data}

    @model_validator(mode="after")
    def _fits_shape(self) -> Self:
        given = tuple(key for key in KEYS if getattr(self, key))
        needed = NEEDS[self.shape]
        if given != needed:
            details = {"found": ", ".join(given), "needed": ", ".join(needed)}
            raise PydanticCustomError("duration_keys", "shape", details | {"shape": self.shape})
        lengths = [getattr(self, key) for key in needed if key != "values"]
        for shorter, longer in pairwise(lengths):
            if shorter.amount > longer.amount:
                details = {"found": shorter.value, "longer": longer.value}
                raise PydanticCustomError("duration_order", "order", details)
        if self.shape is Shape.LOGNORMAL and not lengths[0].amount:
            raise PydanticCustomError("lognormal_at_zero", "zero", {"found": lengths[0].value})
        return self
