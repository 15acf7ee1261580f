"""What a plan is asked: what is made best, and the rates that it is to reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from symbiosis.park.target import Comparator, IndicatorTarget

RATE = "utilisation_rate"
"""The indicator that a plan can keep."""


class Aim(StrEnum):
    """What a plan is made for.

    ``npv`` and ``cost`` are one sum: a horizon without projects costs what it costs, so that the
    least discounted cost is the greatest net present value.
    """

    UTILISATION = "utilisation"
    NPV = "npv"
    COST = "cost"


@dataclass(frozen=True)
class Target:
    """A rate (a fraction) to be reached in a year, and from then on kept.

    With a price it is no limit: each tonne of waste short of it costs so much, in every year.
    """

    rate: float
    by: int
    price_cny_per_t: float | None = None


@dataclass(frozen=True)
class Missed:
    """A target that cannot be met: the closest in its year, and when it is kept in the end.

    ``short_t`` is the waste that is short of it in its year. ``alone`` says whether it could be met
    if it were the only target.
    """

    target: Target
    closest: float
    short_t: float
    kept_from: int | None
    alone: bool


def rate_targets(targets: Iterable[IndicatorTarget]) -> tuple[Target, ...]:
    """Of the targets of a scenario those that a plan can keep: a utilisation rate, at least.

    A change against the first year, and any other indicator, is not for the plan to keep.
    """
    return tuple(
        Target(
            target.value.to("1"),
            target.year,
            None if target.price is None else target.price.amount,
        )
        for target in targets
        if target.indicator == RATE
        and target.comparator is Comparator.AT_LEAST
        and target.change is None
    )
