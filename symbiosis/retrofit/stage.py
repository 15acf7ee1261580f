"""A stage of a project: how long it takes, what it waits for, what it needs, how it can fail."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from symbiosis.park.quantity import Evidence, Money, Noun, Share, Text
from symbiosis.retrofit.duration import Duration


class Spending(Noun):
    """Money of a stage in equal parts, the first before the stage begins.

    It is taken from a budget; where none is named it is there when it is needed.
    """

    money: Money
    budget: Text | None = Field(None, description="id of a budget; without it money never lacks")
    instalments: int = Field(1, ge=1, description="parts, at equal distances over the stage")


class Outcome(StrEnum):
    """What follows when a stage fails."""

    REWORK = "rework"  # the stage is done again
    RESTART = "restart"  # the project goes back to an earlier stage
    ABANDON = "abandon"  # the project is given up


class Risk(Evidence):
    """The chance that a stage, once done, turns out to have failed."""

    chance: Share
    outcome: Outcome
    share: Share | None = Field(None, description="rework: part of a new duration that it takes")
    back_to: Text | None = Field(None, description="restart: the stage that is done again first")

    @model_validator(mode="after")
    def _fits_outcome(self) -> Self:
        given = [key for key in ("share", "back_to") if getattr(self, key) is not None]
        needed = {Outcome.REWORK: ["share"], Outcome.RESTART: ["back_to"]}.get(self.outcome, [])
        if given != needed:
            details = {"found": ", ".join(given) or "-", "needed": ", ".join(needed) or "-"}
            raise PydanticCustomError("risk_keys", "risk", details | {"outcome": self.outcome})
        if self.outcome is not Outcome.ABANDON and self.chance.amount >= 1:
            raise PydanticCustomError("fails_forever", "risk", {"found": self.chance.value})
        return self


class Stage(Evidence):
    """One step of a project's course."""

    name_zh: Text
    name_en: Text
    duration: Duration
    after: tuple[Text, ...] = Field((), description="stages of the project that must be done")
    needs: dict[str, int] = Field(default_factory=dict, description="resource: how many of it")
    spends: Spending | None = None
    window: Text | None = Field(None, description="window in which the whole stage must lie")
    rests: Text | None = Field(None, description="window in which the work rests")
    risk: Risk | None = None
    priority: int | None = Field(None, description="in place of the project's; 1 before 2")
    commissions: bool = Field(False, description="once it is done the capacity is there")
