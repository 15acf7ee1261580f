"""The targets of a retrofit and how likely each one is met: milestones by a date, indicators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from symbiosis.park.target import Change, Comparator, IndicatorTarget
from symbiosis.retrofit.chance import Chance, chance
from symbiosis.retrofit.simulation import Simulation
from symbiosis.seasons import Floats
from symbiosis.targets import CLOSE

SURE = (0.8, 0.95)
"""Certainties with which a date or a year is named."""
NOTHING = Chance(0, 0, 0.0, 1.0)
"""The chance of what could be judged in no run."""


@dataclass(frozen=True)
class Promise:
    """A target, and how often it was kept.

    ``by`` is a date or a year, ``met`` one entry for each run in which it could be judged,
    ``margin`` by how much it was kept in each (days, or the unit of the indicator; below zero where
    it was missed). ``sure`` names by when it is kept with each certainty: a date, or the first year
    in which the indicator stands so in that share of the runs.
    """

    id: str
    name: Mapping[str, str]
    by: str
    chance: Chance
    margin: Floats
    sure: Mapping[float, str | None]
    unit: str


def promises(made: Simulation) -> list[Promise]:
    """Every target, in the order of the file; those of milestones first."""
    if not made.runs:
        return [*map(_unknown, (*made.retrofit.schedule.targets, *made.retrofit.goals))]
    return [*_milestones(made), *_indicators(made)]


def widest(made: Simulation) -> float:
    """The widest interval of a probability; infinite while nothing could be judged."""
    return max((promise.chance.width for promise in promises(made)), default=np.inf)


def _unknown(name: str) -> Promise:
    return Promise(name, {}, "", NOTHING, np.zeros(0), {}, "")


def _milestones(made: Simulation) -> list[Promise]:
    calendar, found = made.retrofit.schedule.calendar, []
    for name, target in made.retrofit.schedule.targets.items():
        end_d = calendar.day(target.by) + 1
        found.append(
            Promise(
                id=name,
                name={"zh": target.name_zh, "en": target.name_en},
                by=target.by,
                chance=made.reached(target.milestone, target.by),
                margin=end_d - made.times(target.milestone),
                sure={share: made.date(target.milestone, share) for share in SURE},
                unit="d",
            )
        )
    return found


def _indicators(made: Simulation) -> list[Promise]:
    years, found = made.places.years, []
    for name, target in made.retrofit.goals.items():
        unit = made.units.get(target.measure, "")
        margins = margins_of(made.by_year(target.measure), target, unit)
        own = margins[:, years.index(target.year)]
        judged = own[np.isfinite(own)]
        hits = int((judged >= 0.0).sum())
        found.append(
            Promise(
                id=name,
                name={"zh": target.name_zh, "en": target.name_en},
                by=str(target.year),
                chance=chance(hits, len(judged)) if len(judged) else NOTHING,
                margin=own,
                sure={share: _first(margins, years, share) for share in SURE},
                unit="" if target.change else unit,
            )
        )
    return found


def margins_of(values: Floats, target: IndicatorTarget, unit: str) -> Floats:
    """By how much a target is kept: runs x years, below zero where it is missed, nan: undefined.

    What misses by less than rounding keeps it, as in :mod:`symbiosis.targets`. Values of a target
    ``from_base`` are changes against the first year.
    """
    wanted, stands = target.value.to("1" if target.change else unit), values
    if target.change is Change.FROM_BASE:
        base = np.where(values[:, :1] > 0.0, values[:, :1], np.nan)
        stands = values / base - 1.0
    sign = 1.0 if target.comparator is Comparator.AT_LEAST else -1.0
    margins = sign * (stands - wanted)
    rounding = CLOSE * np.maximum(abs(wanted), np.abs(stands))
    return np.where((margins < 0.0) & (margins >= -rounding), 0.0, margins)


def _first(margins: Floats, years: Sequence[int], share: float) -> str | None:
    """The first year in which a share of the runs keeps a target; None for none."""
    kept = (margins >= 0.0).mean(axis=0) if len(margins) else np.zeros(len(years))
    return next((str(y) for y, part in zip(years, kept, strict=True) if part >= share), None)
