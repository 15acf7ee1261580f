"""A probability that was counted, and how sure one can be of it."""

import math
from dataclasses import dataclass

from scipy.special import ndtri

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Chance:
    """``hits`` of ``runs``, with the interval in which the probability lies at ``CONFIDENCE``."""

    hits: int
    runs: int
    low: float
    high: float

    @property
    def probability(self) -> float:
        """The share of the runs."""
        return self.hits / self.runs

    @property
    def width(self) -> float:
        """Length of the interval."""
        return self.high - self.low


def chance(hits: int, runs: int) -> Chance:
    """The score interval. Source: E. B. Wilson (1927), J. Am. Stat. Assoc. 22, 209-212."""
    z2 = float(ndtri(0.5 + CONFIDENCE / 2)) ** 2
    share, size = hits / runs, 1 + z2 / runs
    middle = (share + z2 / (2 * runs)) / size
    half = math.sqrt(z2 * (share * (1 - share) / runs + z2 / (4 * runs * runs))) / size
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == runs else middle + half
    return Chance(hits, runs, low, high)
