"""Distributions of durations against their closed forms."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.retrofit.draw import draw_of, greatest_d, least_d, mean_d
from symbiosis.retrofit.duration import Duration

GRID = (np.arange(20_000) + 0.5) / 20_000
SHAPES = {
    "triangular": {"shape": "triangular", "low": "30 d", "value": "60 d", "high": "180 d"},
    "pert": {"shape": "pert", "low": "30 d", "value": "60 d", "high": "180 d"},
    "pert at its end": {"shape": "pert", "low": "15 d", "value": "60 d", "high": "60 d"},
    "lognormal": {"shape": "lognormal", "value": "60 d", "high": "180 d"},
    "empirical": {"shape": "empirical", "values": ["34 d", "41 d", "95 d"]},
    "exponential": {"shape": "exponential", "value": "60 d"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_draws_have_the_stated_mean_and_bounds(shape: str) -> None:
    duration = Duration.model_validate(SHAPES[shape])
    draw = draw_of(duration)
    assert draw is not None
    drawn_d = np.array([draw(u) for u in GRID])
    assert drawn_d.mean() == pytest.approx(mean_d(duration), rel=2e-3)
    assert drawn_d.min() >= least_d(duration)
    assert (np.diff(drawn_d) >= 0).all()


def test_means_by_hand() -> None:
    """(30 + 60 + 180) / 3 = 90; (30 + 4 x 60 + 180) / 6 = 75; (34 + 41 + 95) / 3 = 56.67."""
    found = {name: mean_d(Duration.model_validate(tree)) for name, tree in SHAPES.items()}
    assert found["triangular"] == pytest.approx(90)
    assert found["pert"] == pytest.approx(75)
    assert found["empirical"] == pytest.approx(170 / 3)


def test_the_triangular_median_by_hand() -> None:
    """Half the area lies right of m: 180 - sqrt(0.5 x 150 x 120) = 85.13."""
    draw = draw_of(Duration.model_validate(SHAPES["triangular"]))
    assert draw is not None
    assert draw(0.5) == pytest.approx(180 - (0.5 * 150 * 120) ** 0.5)


def test_the_pert_spread_is_that_of_its_beta_distribution() -> None:
    """Variance (mean - low)(high - mean) / 7 = 45 x 105 / 7 = 675."""
    draw = draw_of(Duration.model_validate(SHAPES["pert"]))
    assert draw is not None
    assert np.var([draw(u) for u in GRID]) == pytest.approx(675, rel=2e-3)


def test_a_lognormal_has_its_median_and_95th_percentile() -> None:
    draw = draw_of(Duration.model_validate(SHAPES["lognormal"]))
    assert draw is not None
    assert (draw(0.5), draw(0.95)) == pytest.approx((60, 180))


def test_the_exponential_median_by_hand() -> None:
    """Half are shorter than 60 ln 2 = 41.59 days; the spread is the mean."""
    draw = draw_of(Duration.model_validate(SHAPES["exponential"]))
    assert draw is not None
    assert draw(0.5) == pytest.approx(41.5888, abs=1e-4)
    assert np.std([draw(u) for u in GRID]) == pytest.approx(60, rel=5e-3)


def test_the_greatest_length_of_each_shape() -> None:
    found = {name: greatest_d(Duration.model_validate(tree)) for name, tree in SHAPES.items()}
    unbounded = {"lognormal": math.inf, "exponential": math.inf}
    assert found == {"triangular": 180, "pert": 180, "pert at its end": 60, "empirical": 95,
                     **unbounded}  # fmt: skip
    assert greatest_d(Duration.model_validate("7 d")) == 7
    assert greatest_d(Duration.model_validate({"shape": "exponential", "value": "0 d"})) == 0


def test_text_alone_is_a_fixed_length() -> None:
    fixed = Duration.model_validate("2 month")
    assert draw_of(fixed) is None
    assert mean_d(fixed) == pytest.approx(2 * 365 / 12)


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).map(sorted))
def test_any_ordered_triple_is_taken(triple: list[int]) -> None:
    low, value, high = (f"{days} d" for days in triple)
    for shape in ("triangular", "pert"):
        tree: dict[str, Any] = {"shape": shape, "low": low, "value": value, "high": high}
        duration = Duration.model_validate(tree)
        draw = draw_of(duration)
        ends = (draw(1e-9), draw(1 - 1e-9)) if draw else (mean_d(duration),)
        assert all(triple[0] - 1e-6 <= end <= triple[2] + 1e-6 for end in ends)
