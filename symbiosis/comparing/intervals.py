"""How sure a difference is: the 95 % interval of a difference of means or of probabilities.

Every difference is that of the other sample from the base: other less base. Pairs are runs with the
same luck (common random numbers); what luck they share cancels, and the interval is the narrower.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from symbiosis.retrofit.chance import CONFIDENCE, Chance, chance
from symbiosis.seasons import Floats

Flags = npt.NDArray[np.bool_]
TAIL = 0.5 + CONFIDENCE / 2


@dataclass(frozen=True)
class Gap:
    """A difference with its interval; None where there are too few runs to say."""

    difference: float | None
    low: float | None = None
    high: float | None = None


def paired_means(base: Floats, other: Floats) -> Gap:
    """The mean difference within pairs, with Student's interval.

    Source: Student (1908), The probable error of a mean, Biometrika 6, 1-25.
    """
    gaps = other - base
    n = len(gaps)
    if n == 0:
        return Gap(None)
    error = float(gaps.std(ddof=1)) / math.sqrt(n) if n > 1 else None
    return _around(float(gaps.mean()), error, n - 1)


def independent_means(base: Floats, other: Floats) -> Gap:
    """The difference of two means, with Welch's interval.

    Source: B. L. Welch (1947), Biometrika 34, 28-35.
    """
    if not (len(base) and len(other)):
        return Gap(None)
    middle = float(other.mean() - base.mean())
    if min(len(base), len(other)) < 2:
        return Gap(middle)
    parts = [float(sample.var(ddof=1)) / len(sample) for sample in (base, other)]
    whole = sum(parts)
    sizes = (len(base) - 1, len(other) - 1)
    below = sum(part * part / size for part, size in zip(parts, sizes, strict=True))
    freedom = whole * whole / below if below else float(sum(sizes))
    return _around(middle, math.sqrt(whole), freedom)


def _around(middle: float, error: float | None, freedom: float) -> Gap:
    if error is None:
        return Gap(middle)
    half = float(stdtrit(freedom, TAIL)) * error if error else 0.0
    return Gap(middle, middle - half, middle + half)


def independent_shares(base: Flags, other: Flags) -> Gap:
    """The difference of two probabilities, from the score interval of each.

    Source: R. G. Newcombe (1998), Interval estimation for the difference between independent
    proportions, Statistics in Medicine 17, 873-890, method 10.
    """
    if not (len(base) and len(other)):
        return Gap(None)
    return _squares(_counted(base), _counted(other), 0.0)


def paired_shares(base: Flags, other: Flags) -> Gap:
    """The difference of two probabilities within pairs, from the score intervals and correlation.

    Student's interval would be a point where no pair differs, however few there are; this one is
    not. Source: R. G. Newcombe (1998), Improved confidence intervals for the difference between
    binomial proportions based on paired data, Statistics in Medicine 17, 2635-2650, method 10.
    """
    if not len(base):
        return Gap(None)
    return _squares(_counted(base), _counted(other), _correlation(base, other))


def _counted(hits: Flags) -> Chance:
    return chance(int(hits.sum()), len(hits))


def _squares(base: Chance, other: Chance, correlation: float) -> Gap:
    """Squares and adds the distances to the score limits, as method 10 does."""
    middle = other.probability - base.probability
    below = _side(other.probability - other.low, base.high - base.probability, correlation)
    above = _side(other.high - other.probability, base.probability - base.low, correlation)
    return Gap(middle, middle - below, middle + above)


def _side(one: float, two: float, correlation: float) -> float:
    return math.sqrt(max(one * one - 2 * correlation * one * two + two * two, 0.0))


def _correlation(base: Flags, other: Flags) -> float:
    """Phi of the table of pairs, drawn half a pair towards none where it is above none."""
    both, neither = float((base & other).sum()), float((~base & ~other).sum())
    fresh, lost = float((~base & other).sum()), float((base & ~other).sum())
    sides = (both + fresh) * (lost + neither) * (both + lost) * (fresh + neither)
    if not sides:
        return 0.0
    above = both * neither - fresh * lost
    if above > 0:
        above = max(above - len(base) / 2, 0.0)
    return above / math.sqrt(sides)
