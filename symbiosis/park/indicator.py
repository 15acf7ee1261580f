"""Published indicators and targets, and what the model is held against."""

from enum import StrEnum

from pydantic import Field

from symbiosis.park.quantity import Evidence, Noun, Quantity, Text


class IndicatorKind(StrEnum):
    """What a published number is."""

    ACTUAL = "actual"
    TARGET = "target"
    CAPACITY = "capacity"
    BENCHMARK = "benchmark"
    STATUS = "status"


class Indicator(Evidence):
    """A number that someone published about the park, or a target set for it."""

    name_zh: Text
    name_en: Text
    kind: IndicatorKind
    scope: Text = Field(description="park, enterprise, group, city, province or national")
    value: Quantity | None = None
    text: str | None = Field(None, description="where the source gives no single number")


class Modelled(Noun):
    """The model's counterpart of a published number: exactly one of the fields."""

    used_share: tuple[Text, ...] = Field((), description="used / generated of these by-products")
    used: tuple[Text, ...] = Field((), description="amount of these by-products that is used")
    generated: tuple[Text, ...] = Field((), description="generation of these by-products")
    filled: tuple[Text, ...] = Field((), description="by-products delivered into these uses")
    need: tuple[Text, ...] = Field((), description="need of these uses")
    intake: tuple[Text, ...] = Field((), description="amount sent over these links")
    stock: tuple[Text, ...] = Field((), description="what lies in these stockpiles")
    rate: bool = Field(False, description="the comprehensive utilisation rate itself")


class Calibration(Evidence):
    """A published number set beside what the model says, with the gap named."""

    name_zh: Text
    name_en: Text
    scope: Text
    published: Quantity | None = None
    text: str | None = None
    modelled: Modelled | None = Field(None, description="empty = nothing in the model to compare")
