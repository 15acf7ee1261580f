"""Durations as numbers: their means, their least values, and draws by the inverse distribution.

A draw is a function of one uniform number between 0 and 1. Two scenarios that differ only in a
distribution so meet the same luck: the long run of one is the long run of the other.
"""

import math
from collections.abc import Callable

from scipy.special import betaincinv, ndtri

from symbiosis.retrofit.duration import Days, Duration, Shape

Draw = Callable[[float], float]

PERT_WEIGHT = 4.0
"""Weight of the most likely value. Source: D. G. Malcolm et al. (1959), Operations Research 7."""
Z95 = float(ndtri(0.95))


def mean_d(duration: Duration) -> float:
    """The mean length in days."""
    low, value, high = _lengths_d(duration)
    match duration.shape:
        case Shape.TRIANGULAR:
            return (low + value + high) / 3
        case Shape.PERT:
            return (low + PERT_WEIGHT * value + high) / (2 + PERT_WEIGHT)
        case Shape.LOGNORMAL:
            return value * math.exp((math.log(high / value) / Z95) ** 2 / 2)
        case Shape.EMPIRICAL:
            return sum(_days(d) for d in duration.values) / len(duration.values)
    return value


def least_d(duration: Duration) -> float:
    """The least length in days that can be drawn; zero where only that bounds it."""
    match duration.shape:
        case Shape.FIXED:
            return _lengths_d(duration)[1]
        case Shape.EMPIRICAL:
            return min(_days(d) for d in duration.values)
    return _lengths_d(duration)[0]


def greatest_d(duration: Duration) -> float:
    """The greatest length in days that can be drawn; infinite where nothing bounds it."""
    if draw_of(duration) is None:
        return mean_d(duration)
    match duration.shape:
        case Shape.EMPIRICAL:
            return max(_days(d) for d in duration.values)
        case Shape.LOGNORMAL | Shape.EXPONENTIAL:
            return math.inf
    return _lengths_d(duration)[2]


def draw_of(duration: Duration) -> Draw | None:
    """Uniform number -> days; None for a length that is always the same."""
    low, value, high = _lengths_d(duration)
    match duration.shape:
        case Shape.TRIANGULAR if high > low:
            return _triangular(low, value, high)
        case Shape.PERT if high > low:
            return _pert(low, value, high)
        case Shape.LOGNORMAL if high > value:
            sigma = math.log(high / value) / Z95
            return lambda u: value * math.exp(sigma * float(ndtri(u)))
        case Shape.EMPIRICAL if len(duration.values) > 1:
            lengths = sorted(_days(d) for d in duration.values)
            return lambda u: lengths[int(u * len(lengths))]
        case Shape.EXPONENTIAL if value:
            return lambda u: -value * math.log1p(-u)
    return None


def _lengths_d(duration: Duration) -> tuple[float, float, float]:
    parts = (duration.low, duration.value, duration.high)
    low, value, high = (0.0 if part is None else _days(part) for part in parts)
    return low, value, high


def _days(part: Days) -> float:
    """Without the last digits that the way from ``10 d`` over years to days leaves behind."""
    return round(part.amount, 9)


def _triangular(low: float, mode: float, high: float) -> Draw:
    turn = (mode - low) / (high - low)

    def draw(u: float) -> float:
        if u < turn:
            return low + math.sqrt(u * (high - low) * (mode - low))
        return high - math.sqrt((1 - u) * (high - low) * (high - mode))

    return draw


def _pert(low: float, mode: float, high: float) -> Draw:
    """A beta distribution over the range. Source: D. Vose (2008), Risk Analysis, "PERT"."""
    alpha = 1 + PERT_WEIGHT * (mode - low) / (high - low)
    beta = 1 + PERT_WEIGHT * (high - mode) / (high - low)
    return lambda u: low + (high - low) * float(betaincinv(alpha, beta, u))
