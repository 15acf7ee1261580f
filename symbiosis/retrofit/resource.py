"""What projects share: crews and review desks, yearly budgets, windows in which plants stand."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from symbiosis.park.quantity import Evidence, Money, Noun, Text
from symbiosis.retrofit.calendar import Span, day_number, day_of_year


def _date(text: str) -> str:
    return _checked(text, day_number, "2026-03-01")


def _day(text: str) -> str:
    return _checked(text, day_of_year, "03-01")


def _checked(text: str, read: Any, example: str) -> str:
    try:
        read(text)
    except ValueError as error:
        details = {"found": text, "allowed": example}
        raise PydanticCustomError("bad_date", "date", details) from error
    return text


Date = Annotated[str, AfterValidator(_date)]
"""``2026-03-01``."""
CalendarYear = Annotated[str, Field(pattern=r"^\d{4}$")]
Day = Annotated[str, AfterValidator(_day)]
"""``03-01``, a day of every year."""


class ResourceKind(StrEnum):
    """Who it is that has only so many hands."""

    CREW = "crew"  # 施工队伍
    DESK = "desk"  # 审查窗口


class Resource(Evidence):
    """A crew of a trade or a review desk: so many stages at a time, the rest wait."""

    name_zh: Text
    name_en: Text
    kind: ResourceKind
    capacity: int = Field(ge=1, description="how many crews or desks there are")


class Budget(Evidence):
    """Money that is there for stages, filled up on the first day of every year."""

    name_zh: Text
    name_en: Text
    carried_over: bool = Field(description="whether what is left at New Year stays")
    each_year: Money = Field(description="sum of every year that 'years' does not name")
    years: dict[CalendarYear, Money] = Field(
        default_factory=dict, description="sums of single years"
    )

    def of(self, year: int) -> float:
        """The sum of a year in CNY."""
        return self.years.get(str(year), self.each_year).amount


class Opening(Noun):
    """Days of every year, both included; from a later day until an earlier one spans New Year."""

    from_: Day = Field(alias="from")
    until: Day

    @property
    def span(self) -> Span:
        """First day, and the day after the last."""
        first, last = day_of_year(self.from_), day_of_year(self.until)
        return first, last + 1 + (365 if last < first else 0)


class Window(Evidence):
    """Days of the year in which plants stand still for tie-ins, or in which work rests."""

    name_zh: Text
    name_en: Text
    days: tuple[Opening, ...] = Field(min_length=1)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The days as numbers."""
        return tuple(opening.span for opening in self.days)
