"""Paths of factors: given ones by hand, random ones against their laws."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.retrofit.calendar import Calendar
from symbiosis.retrofit.factors import factors
from symbiosis.retrofit.path import FactorPath
from symbiosis.retrofit.run import run
from symbiosis.retrofit.streams import stream

Make = Callable[..., Any]
Tree = dict[str, Any]
NAMED = {"name_zh": "名", "name_en": "name", "keys": ["prices.acid"]}
MONTHS = Calendar.of("2026-01-01").months(10 * 365)
NUMBER = 4000
SEEDS = st.integers(0, 10_000)


def path(**tree: Any) -> FactorPath:
    return FactorPath.model_validate(NAMED | tree)


def walk(**tree: Any) -> FactorPath:
    return path(**({"shape": "random_walk", "volatility": "20 %"} | tree))


def logs(drawn: FactorPath, seed: int = 1) -> Any:
    """Logarithms of the factors, a row for each of ``NUMBER`` runs."""
    return np.log([factors(drawn, MONTHS, stream(seed, i, "path")) for i in range(NUMBER)])


def test_the_variance_of_a_walk_grows_with_time() -> None:
    """After n months n / 12 x 0.2^2; a variance errs by sqrt(2 / (N - 1)) of itself."""
    found = logs(walk())
    assert (found[:, 0] == 0).all()
    for n in (1, 6, 12, 60, 119):
        variance = n / 12 * 0.2**2
        error = variance * math.sqrt(2 / (NUMBER - 1))
        assert abs(found[:, n].var(ddof=1) - variance) < 4 * error
        assert abs(np.median(found[:, n])) < 4 * math.sqrt(math.pi / 2 * variance / NUMBER)


def test_the_steps_of_a_walk_know_nothing_of_one_another() -> None:
    """Correlation of neighbouring steps over 4,000 x 118 pairs: 0 within 4 / sqrt(pairs)."""
    steps = np.diff(logs(walk()), axis=1)
    found = np.corrcoef(steps[:, :-1].ravel(), steps[:, 1:].ravel())[0, 1]
    assert abs(found) < 4 / math.sqrt(steps[:, 1:].size)


def test_drift_is_that_of_the_median() -> None:
    """2 % a year: after 60 months 1.02^5; a median errs by sqrt(pi / 2) sigma / sqrt(N)."""
    found = logs(walk(drift="2 %"))[:, 60]
    error = math.sqrt(math.pi / 2) * 0.2 * math.sqrt(5 / NUMBER)
    assert abs(np.median(found) - 5 * math.log(1.02)) < 4 * error


@pytest.mark.parametrize("shape", [{}, {"shape": "mean_reverting", "half_life": "1 a"}])
def test_without_luck_a_path_is_its_median(shape: Tree) -> None:
    """-3 % a year: 0.97^(n / 12)."""
    found = factors(walk(drift="-3 %", **shape), MONTHS, None)
    assert found == pytest.approx([0.97 ** (n / 12) for n in range(120)])
    assert factors(walk(**shape), MONTHS, None) == (1.0,) * 120


def test_a_deviation_is_half_gone_after_its_half_life() -> None:
    """Long after the start: variance 0.2^2 x 0.5 / (2 ln 2), correlation over half a year 1/2.

    The correlation of 4,000 pairs errs by (1 - 0.5^2) / sqrt(4,000).
    """
    found = logs(walk(shape="mean_reverting", half_life="0.5 a"))
    variance = 0.2**2 * 0.5 / (2 * math.log(2))
    assert abs(found[:, 119].var(ddof=1) - variance) < 4 * variance * math.sqrt(2 / (NUMBER - 1))
    halved = np.corrcoef(found[:, 113], found[:, 119])[0, 1]
    assert abs(halved - 0.5) < 4 * 0.75 / math.sqrt(NUMBER)


def test_a_long_half_life_is_a_walk() -> None:
    one = factors(walk(), MONTHS, stream(1, 0, "path"))
    other = factors(
        walk(shape="mean_reverting", half_life="1000000 a"), MONTHS, stream(1, 0, "path")
    )
    assert one == pytest.approx(other, rel=1e-5)


@given(SEEDS, st.integers(0, 100), st.integers(0, 200), st.booleans())
def test_a_path_stays_within_its_bounds(seed: int, floor: int, above: int, reverts: bool) -> None:
    shape = {"shape": "mean_reverting", "half_life": "1 a"} if reverts else {}
    bounds = {"floor": f"{floor} %", "ceiling": f"{100 + above} %"}
    found = factors(walk(volatility="90 %", **shape, **bounds), MONTHS, stream(seed, 0, "path"))
    assert found[0] == 1
    assert min(found) >= floor / 100 - 1e-12
    assert max(found) <= 1 + above / 100 + 1e-12


def test_a_walk_goes_on_from_its_bound() -> None:
    """Where the free walk falls and then rises, the bounded one rises at once from the floor."""
    free = factors(walk(), MONTHS, stream(3, 0, "path"))
    held = factors(walk(floor="95 %"), MONTHS, stream(3, 0, "path"))
    here = next(n for n in range(119) if held[n] == pytest.approx(0.95) and free[n + 1] > free[n])
    assert free[here] < 0.95
    assert held[here + 1] / held[here] == pytest.approx(free[here + 1] / free[here])


@given(SEEDS, st.integers(1, 119))
def test_a_longer_horizon_begins_as_the_shorter_one(seed: int, number: int) -> None:
    whole = factors(walk(), MONTHS, stream(seed, 0, "path"))
    assert factors(walk(), MONTHS[:number], stream(seed, 0, "path")) == whole[:number]


def test_steps_from_year_to_year() -> None:
    """100 % in 2026 to 2027, 90 % in 2028 and 2029, 120 % from 2030 on."""
    by_year = {"2028": "90 %", "2026": "100 %", "2030": "120 %"}
    found = factors(path(shape="given", by_year=by_year), MONTHS, stream(1, 0, "path"))
    assert found == (1.0,) * 24 + (0.9,) * 24 + (1.2,) * 72


def test_straight_lines_between_the_middles_of_years() -> None:
    """From July 2026 (100 %) to July 2030 (148 %) 1 point a month; mid-July 2026 is half of one."""
    by_year = {"2026": "100 %", "2030": "148 %"}
    found = factors(path(shape="given", by_year=by_year, interpolate=True), MONTHS, None)
    assert found[:6] == (1.0,) * 6
    assert found[6:54] == pytest.approx([1 + 0.01 * (n + 0.5) for n in range(48)])
    assert found[54:] == (1.48,) * 66


def test_seasons_are_those_of_the_calendar(schedule: Make, stage: Make) -> None:
    """From 20 November on: November, December, January."""
    by_month = [f"{10 * month} %" for month in range(1, 13)]
    made = schedule(
        {"a": {"only": stage("1 d")}},
        paths={"heat": NAMED | {"shape": "seasonal", "by_month": by_month}},
        start="2026-11-20",
        horizon="0.2 a",
    )
    found = run(made, seed=1)
    assert found.months == ((2026, 11), (2026, 12), (2027, 1))
    assert found.factors["heat"] == pytest.approx((1.1, 1.2, 0.1))


def test_a_run_has_a_factor_for_every_month_and_each_path_and_run_its_own(
    schedule: Make, stage: Make
) -> None:
    tree = NAMED | {"shape": "random_walk", "volatility": "6 %"}
    made = schedule({"a": {"only": stage("1 d")}}, paths={"x": tree, "y": tree}, horizon="3 a")
    found = [run(made, seed=1, index=i) for i in range(5)]
    assert all(len(one.factors["x"]) == len(one.months) == 36 for one in found)
    assert len({one.factors[name] for one in found for name in "xy"}) == 10
    assert run(made, seed=1, index=3).factors == found[3].factors
    assert run(made, seed=None).factors == {"x": (1.0,) * 36, "y": (1.0,) * 36}
