"""A unit of the park in a schedule: how it breaks down, when it is overhauled, when it is out."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from symbiosis.park.quantity import Evidence, Share, Text, Years
from symbiosis.retrofit.calendar import day_number
from symbiosis.retrofit.duration import Duration
from symbiosis.retrofit.resource import Date


class Breakdowns(Evidence):
    """How often a unit breaks down, and how long its repair takes."""

    between: Duration = Field(description="running time until the next one")
    repair: Duration = Field(description="length of the repair, without waiting for crews")
    repair_needs: dict[str, int] = Field(
        default_factory=dict, description="resource: how many of it a repair takes"
    )


class Overhauls(Evidence):
    """Stops that are planned: each begins when its window opens and lies in it whole."""

    window: Text = Field(description="id of a window")
    lasts: Duration
    every: Years | None = Field(None, description="years from one to the next; without it 1 a")
    earliest: Date | None = Field(None, description="date before which there is none")
    needs: dict[str, int] = Field(
        default_factory=dict, description="resource: how many of it an overhaul takes"
    )

    @property
    def every_d(self) -> float:
        """Days from one to the next."""
        return 365.0 * (1.0 if self.every is None else self.every.amount)


class Outage(Evidence):
    """Days on which a part of the capacity, or all of it, is not there; both included."""

    from_: Date = Field(alias="from")
    until: Date
    share: Share | None = Field(None, description="capacity that remains; without it none")

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if day_number(self.until) < day_number(self.from_):
            details = {"found": self.until, "first": self.from_}
            raise PydanticCustomError("outage_order", "order", details)
        return self

    @property
    def remains(self) -> float:
        """The share of the capacity that is there."""
        return 0.0 if self.share is None else self.share.amount


class UnitCourse(Evidence):
    """What happens to one unit over time."""

    breakdowns: Breakdowns | None = None
    overhauls: Overhauls | None = None
    outages: tuple[Outage, ...] = ()
    priority: int = Field(0, description="who is served first where crews are short: 1, then 2")
