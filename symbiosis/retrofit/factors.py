"""Paths as numbers: one factor for every calendar month of a run."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import ndtri

from symbiosis.retrofit.calendar import Month
from symbiosis.retrofit.path import Factor, FactorPath, PathShape

MONTH_A = 1 / 12
"""The step of a path in years."""


def factors(
    path: FactorPath, months: Sequence[Month], luck: np.random.Generator | None
) -> tuple[float, ...]:
    """The factor of each month; the median where ``luck`` is None."""
    match path.shape:
        case PathShape.GIVEN:
            return tuple(_given(path, month) for month in months)
        case PathShape.SEASONAL:
            return tuple(path.by_month[month - 1].amount for _, month in months)
    return tuple(_walk(path, len(months), luck))


def _given(path: FactorPath, month: Month) -> float:
    """Steps from year to year, or straight lines between the middles of the years."""
    points = sorted((int(year), factor.amount) for year, factor in path.by_year.items())
    years = [year for year, _ in points]
    if not path.interpolate:
        return points[max(int(np.searchsorted(years, month[0], side="right")) - 1, 0)][1]
    now = month[0] + (month[1] - 0.5) * MONTH_A
    return float(np.interp(now, [year + 0.5 for year in years], [value for _, value in points]))


def _walk(path: FactorPath, number: int, luck: np.random.Generator | None) -> Iterator[float]:
    """A walk of the logarithm that begins at 100 % and goes on from where its bounds hold it."""
    stays, spread = _step(path)
    drift = 0.0 if path.drift is None else math.log1p(path.drift.amount) * MONTH_A
    noise = [0.0] * number if luck is None else ndtri(luck.random(number)).tolist()
    least, most = _log(path.floor, -math.inf), _log(path.ceiling, math.inf)
    off = 0.0
    for n in range(number):
        if n:
            median = n * drift
            here = min(max(median + stays * off + spread * noise[n], least), most)
            off = here - median
            yield math.exp(here)
        else:
            yield 1.0


def _step(path: FactorPath) -> tuple[float, float]:
    """The part of a deviation that is left after a month, and the spread that a month adds.

    The exact steps of a Wiener process, or with a half-life of an Ornstein-Uhlenbeck process: its
    variance goes by dv = (sigma^2 - 2 pull v) dt. Source: D. T. Gillespie (1996), Physical Review E
    54, 2084, as recalled; the step follows from the equation.
    """
    sigma = 0.0 if path.volatility is None else path.volatility.amount
    if path.half_life is None:
        return 1.0, sigma * math.sqrt(MONTH_A)
    pull = math.log(2) / path.half_life.amount
    left = -math.expm1(-2 * pull * MONTH_A)
    return math.exp(-pull * MONTH_A), sigma * math.sqrt(left / (2 * pull))


def _log(bound: Factor | None, otherwise: float) -> float:
    if bound is None:
        return otherwise
    return math.log(bound.amount) if bound.amount else -math.inf
