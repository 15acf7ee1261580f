"""A target that a document sets for an indicator, by a year."""

from enum import StrEnum

from pydantic import Field

from symbiosis.park.quantity import Evidence, Quantity, Text


class Comparator(StrEnum):
    """On which side of its value a target is met."""

    AT_LEAST = ">="
    AT_MOST = "<="


class Change(StrEnum):
    """What the value of a target is a relative change against."""

    FROM_BASE = "from_base"  # the first simulated year


class PriceOfShortfall(Quantity):
    """Money per tonne of waste that is short of a rate, not below zero."""

    unit = "CNY/t"
    least = 0.0
    example = "50 CNY/t"


class IndicatorTarget(Evidence):
    """An indicator, a comparator, a value, a year and the document that says so.

    The target is met if the indicator of that year stands on the right side of the value. With
    ``change: from_base`` the value is a relative change: -17 % of the first simulated year. An
    indicator per output names the unit whose output it is, ``enterprise.unit``.
    """

    name_zh: Text
    name_en: Text
    indicator: Text = Field(description="id of an indicator, such as utilisation_rate")
    comparator: Comparator
    value: Quantity = Field(description="in the unit of the indicator, or a change in %")
    year: int = Field(description="by this year, and in it")
    change: Change | None = Field(None, description="from_base: against the first simulated year")
    price: PriceOfShortfall | None = Field(
        None, description="a plan pays it per t short of a utilisation rate; empty = it is kept"
    )
    per: str | None = Field(None, description="enterprise.unit, of an indicator per output")
    document: Text = Field(description="id in the section 'sources'")
    section: str | None = Field(None, description="where in the document")

    @property
    def measure(self) -> str:
        """Id of the measure that it is about."""
        return f"{self.indicator}.{self.per}" if self.per else self.indicator
