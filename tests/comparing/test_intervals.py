"""Intervals of differences: worked out by hand, and as they were published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.comparing.intervals import (
    Flags,
    independent_means,
    independent_shares,
    paired_means,
    paired_shares,
)

BASE, OTHER = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 3.0, 4.0, 6.0])


def hits(number: int, of: int) -> Flags:
    """So many of so many."""
    return np.arange(of) < number


def pairs(both: int, fresh: int, lost: int, neither: int) -> tuple[Flags, Flags]:
    """Base and other: kept in both, in the other alone, in the base alone, in neither."""
    base = [True] * both + [False] * fresh + [True] * lost + [False] * neither
    other = [True] * both + [True] * fresh + [False] * lost + [False] * neither
    return np.array(base), np.array(other)


def test_the_interval_of_a_paired_mean() -> None:
    """Gaps 1, 1, 1, 2: mean 1.25, deviation 0.5, error 0.25; t of 3 is 3.182."""
    gap = paired_means(BASE, OTHER)
    assert gap.difference == pytest.approx(1.25)
    assert (gap.low, gap.high) == pytest.approx((1.25 - 0.25 * 3.182446, 1.25 + 0.25 * 3.182446))


def test_the_interval_of_two_independent_means() -> None:
    """Variances 5/3 and 35/12 over 4: error sqrt(0.41667 + 0.72917) = 1.07044.

    Freedom 1.14583^2 / (0.41667^2 / 3 + 0.72917^2 / 3) = 5.5846; t of it is 2.4917.
    """
    gap = independent_means(BASE, OTHER)
    assert gap.difference == pytest.approx(1.25)
    assert gap.low == pytest.approx(1.25 - 2.4917 * 1.07044, abs=1e-4)
    assert gap.high == pytest.approx(1.25 + 2.4917 * 1.07044, abs=1e-4)


@pytest.mark.parametrize(
    ("other", "base", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_the_published_intervals_of_independent_probabilities(
    other: tuple[int, int], base: tuple[int, int], low: float, high: float
) -> None:
    """R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, Table II, method 10."""
    gap = independent_shares(hits(*base), hits(*other))
    assert (gap.low, gap.high) == pytest.approx((low, high), abs=5e-5)


def test_the_published_interval_of_paired_probabilities() -> None:
    """36, 12, 2, 0 of 50 pairs: 0.0569 to 0.3404.

    R. G. Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10.
    """
    gap = paired_shares(*pairs(36, 12, 2, 0))
    assert gap.difference == pytest.approx(0.2)
    assert (gap.low, gap.high) == pytest.approx((0.0569, 0.3404), abs=5e-5)


def test_pairs_that_never_differ_leave_some_doubt() -> None:
    """Seven of ten in both: no difference, yet ten runs do not prove that there is none.

    Score limits of 7/10: 0.3968 and 0.8922; phi (7 x 3 - 10 / 2) / 21 = 16/21. One side is
    sqrt(0.3032^2 - 2 x 16/21 x 0.3032 x 0.1922 + 0.1922^2) = 0.2002.
    """
    gap = paired_shares(*pairs(7, 0, 0, 3))
    assert gap.difference == 0.0
    assert (gap.low, gap.high) == pytest.approx((-0.2002, 0.2002), abs=2e-4)


def test_pairs_that_always_differ_by_the_same_leave_none() -> None:
    gap = paired_means(BASE, BASE + 2)
    assert (gap.difference, gap.low, gap.high) == (2.0, 2.0, 2.0)


def test_samples_that_do_not_vary_leave_none() -> None:
    gap = independent_means(np.ones(3), np.full(4, 2.0))
    assert (gap.difference, gap.low, gap.high) == (1.0, 1.0, 1.0)


def test_one_run_has_a_difference_and_no_interval() -> None:
    for of in (paired_means, independent_means):
        gap = of(BASE[:1], OTHER[:1])
        assert (gap.difference, gap.low, gap.high) == (1.0, None, None)


def test_no_run_has_no_difference() -> None:
    assert paired_means(BASE[:0], OTHER[:0]).difference is None
    assert independent_means(BASE, OTHER[:0]).difference is None
    assert paired_shares(hits(0, 0), hits(0, 0)).difference is None
    assert independent_shares(hits(0, 0), hits(1, 1)).difference is None


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_an_interval_of_probabilities_holds_its_difference_and_turns_with_it(
    outcomes: list[tuple[bool, bool]],
) -> None:
    base, other = np.array(outcomes).T
    for of in (paired_shares, independent_shares):
        gap, turned = of(base, other), of(other, base)
        assert gap.difference is not None
        assert gap.low is not None
        assert gap.high is not None
        assert -1 - 1e-12 <= gap.low <= gap.difference <= gap.high <= 1 + 1e-12
        assert (turned.low, turned.high) == pytest.approx((-gap.high, -gap.low), abs=1e-12)
