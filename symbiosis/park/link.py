"""A link: a way from a by-product to the uses it can reach."""

from enum import StrEnum

from pydantic import Field

from symbiosis.park.quantity import (
    AmountPerYear,
    Cost,
    Distance,
    Evidence,
    Money,
    MoneyPerYear,
    Price,
    Share,
    Text,
)


class Status(StrEnum):
    """Whether a link runs, belongs to a project, or is only possible."""

    EXISTING = "existing"
    PLANNED = "planned"
    POTENTIAL = "potential"


class Knowledge(StrEnum):
    """How it is known that a link is there."""

    REPORTED = "reported"
    DESIGN = "design"
    INFERRED = "inferred"
    ASSUMED = "assumed"
    PROPOSED = "proposed"


class Observed(AmountPerYear):
    """A flow that someone reported or estimated; never a capacity."""


class Subsidy(Cost):
    """What the state pays per unit sent, and from which year until which."""

    example = "30 CNY/t"

    effective: int | None = Field(None, description="first year in which it is paid")
    until: int | None = Field(None, description="first year in which it is paid no more")


class Link(Evidence):
    """A way from a by-product to one or several uses of one enterprise.

    ``grade`` is for the link's existence; ``observed`` has a grade of its own.
    """

    name_zh: Text
    name_en: Text
    byproduct: Text = Field(description="'enterprise.byproduct' that it starts from")
    uses: tuple[Text, ...] = Field(min_length=1, description="'enterprise.use' that it can reach")
    status: Status
    known: Knowledge
    from_: int | None = Field(None, alias="from", description="first year in which it exists")
    until: int | None = Field(None, description="first year in which it is gone")
    distance: Distance
    mode: Text = Field(description="id in the section 'transport'")
    mode_note: str | None = Field(None, description="the way as the source words it")
    cost: Price | None = Field(None, description="per unit sent, in place of distance x freight")
    loss: Share | None = Field(None, description="share lost on the way")
    capacity: AmountPerYear | None = Field(None, description="empty = unlimited")
    investment: Money | None = Field(None, description="to build it; spread over its capacity")
    lumpy: bool = Field(False, description="the investment is paid whole as soon as the link runs")
    subsidy: Subsidy | None = Field(None, description="paid by the state per unit sent")
    fixed_cost: MoneyPerYear | None = Field(None, description="paid in a year in which it runs")
    min_flow: AmountPerYear | None = Field(
        None, description="least economic flow: above it or idle, in every season"
    )
    contract: AmountPerYear | None = Field(None, description="must be sent at the least")
    residue: str | None = Field(
        None, description="'enterprise.byproduct' that takes the residue of its treatment"
    )
    project: str | None = Field(None, description="project that builds it")
    replaces: str | None = Field(None, description="what the exchange replaces, in words")
    observed: Observed | None = None
