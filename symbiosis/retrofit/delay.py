"""What a resource, a budget or a window costs in time."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from symbiosis.retrofit.chance import CONFIDENCE
from symbiosis.retrofit.runs import Runs, runs
from symbiosis.retrofit.schedule import LAST, Schedule


@dataclass(frozen=True)
class Delay:
    """Mean days by which a milestone comes later, with the interval of the mean."""

    mean_d: float
    low_d: float
    high_d: float


def difference(one: Runs, other: Runs, milestone: str = LAST) -> Delay:
    """How much later a milestone comes in ``one`` than in ``other``, run by run.

    Both must have the same seed and number of runs, so that each pair of runs has the same luck.
    A milestone that was not reached counts as reached at the horizon. Raises ``ValueError``.
    """
    if (one.seed, one.runs) != (other.seed, other.runs):
        raise ValueError("runs of different seeds or numbers cannot be paired")
    pairs = ((one, one.schedule.horizon_d), (other, other.schedule.horizon_d))
    later, earlier = (np.minimum(r.times(milestone), end_d) for r, end_d in pairs)
    gaps_d = later - earlier
    mean_d = float(gaps_d.mean())
    spread_d = float(gaps_d.std(ddof=1)) if one.runs > 1 else math.inf
    half_d = float(ndtri(0.5 + CONFIDENCE / 2)) * spread_d / math.sqrt(one.runs)
    return Delay(mean_d, mean_d - half_d, mean_d + half_d)


def delays(
    schedule: Schedule,
    number: int,
    seed: int,
    workers: int = 1,
    milestone: str = LAST,
    names: Iterable[str] | None = None,
) -> dict[str, Delay]:
    """The delay that each shared thing causes: against runs in which it alone never lacks."""
    all_there = _whole(schedule, number, seed, workers, None)
    return {
        name: difference(all_there, _whole(schedule, number, seed, workers, name), milestone)
        for name in (schedule.shared() if names is None else names)
    }


def _whole(schedule: Schedule, number: int, seed: int, workers: int, without: str | None) -> Runs:
    """All the runs: a part of them cannot be paired."""
    found = runs(schedule, number, seed, workers, without=without)
    if found.interrupted:
        raise KeyboardInterrupt
    return found
