"""Seasons of a year, and how activities and needs spread over them."""

from enum import StrEnum

from pydantic import Field

from symbiosis.park.quantity import Evidence, Noun, Quantity, Text


class Hours(Quantity):
    """A length of time in hours, not below zero."""

    unit = "h"
    least = 0.0
    example = "744 h"


class Season(Noun):
    """A slice of the year: a month, or a season; the seasons of a park add up to a year."""

    name_zh: Text
    name_en: Text
    hours: Hours


class Spread(StrEnum):
    """What the values of a profile mean."""

    LOAD = "load"  # share of full load in each season: a stop is lost
    WEIGHT = "weight"  # how a yearly amount is spread: the year's total stays


class Profile(Evidence):
    """A course over the seasons.

    ``load`` values are shares of full load (a winter stop: 0 %), so the year's amount falls with
    them; ``weight`` values spread the year's amount (heat is needed from October to April) in
    proportion to value x hours.
    """

    name_zh: Text
    name_en: Text
    spread: Spread
    values: dict[str, Quantity] = Field(description="share by season; every season is named")
