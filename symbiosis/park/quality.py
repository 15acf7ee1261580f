"""What a material is like: quality indices, their limits at a use, and content rules.

A park names its indices once (``qualities: {COD: {name_zh: ..., name_en: ..., unit: mg/L}}``).
By-products and virgin materials state their level of an index, uses limit it. Levels are mean
levels of what is delivered; those of a blend are the means by amount of its parts.
"""

from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from symbiosis import units
from symbiosis.park.quantity import Cost, Evidence, Noun, Quantity, Share, Text


class Index(Noun):
    """A quality index with the unit that its levels are given in."""

    name_zh: Text
    name_en: Text
    unit: Text = Field(description="per unit of material, such as mg/L or %")

    @field_validator("unit")
    @classmethod
    def _is_a_unit(cls, text: str) -> str:
        try:
            units.dimension_of(text)
        except units.UnitError as error:
            details = {"found": error.found, "nearest": error.nearest, "allowed": "mg/L, %"}
            raise PydanticCustomError(error.code, "unit", details) from error
        return text


class Level(Quantity):
    """How much of an index a material has, not below zero: 120 mg/L, 0.02 %."""

    least = 0.0
    example = "120 mg/L"


class Limit(Evidence):
    """The levels between which everything that fills a use must lie on average."""

    upper: Level | None = None
    lower: Level | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.upper is None and self.lower is None:
            raise PydanticCustomError("limit_without_level", "limit", {})
        return self


class Return(Noun):
    """A by-product that is what a use of the same unit took in, less what it consumed of it.

    An amount stated beside it (``full_load``, ``coefficient``) is a gain and comes on top.
    """

    use: Text = Field(description="'enterprise.use' of the same unit")
    consumed: Share | None = Field(None, description="share that stays, evaporates or is lost")


class ContentRule(Evidence):
    """The least share of some materials in a use: required, or the condition of a tax refund.

    The share has the basis of the use's shares. The refund is paid per unit of the need, in every
    period (season) in which the share is reached. A rule that names an ``item`` of the catalogue of
    tax refunds has its least content and its first year.
    """

    name_zh: Text
    name_en: Text
    materials: tuple[Text, ...] = Field(min_length=1)
    at_least: Share | None = Field(None, description="empty = that of the item")
    item: str | None = Field(None, description="id in policy.vat_refund")
    refund: Cost | None = Field(None, description="per unit of the need, such as 12 CNY/t")
    required: bool = False

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.refund is None and not self.required:
            raise PydanticCustomError("content_without_effect", "content", {})
        return self
