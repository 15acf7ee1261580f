"""Many runs: probabilities, intervals, certainty, criticality and what each lack costs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.retrofit.chance import chance
from symbiosis.retrofit.delay import delays, difference
from symbiosis.retrofit.run import run
from symbiosis.retrofit.runs import runs
from symbiosis.retrofit.schedule import Schedule

Make = Callable[..., Any]
NAMED = {"name_zh": "名", "name_en": "name"}
EVEN = {"shape": "empirical", "values": ["10 d", "20 d", "30 d", "40 d"]}


def test_the_interval_of_wilson_by_hand() -> None:
    """8 of 10: (0.8 + z2/20 -+ z sqrt(0.016 + z2/400)) / (1 + z2/10), z2 = 3.8415: 0.490 to 0.943.

    Source of the values: R. G. Newcombe (1998), Statistics in Medicine 17, as recalled; the
    arithmetic is ours.
    """
    found = chance(8, 10)
    assert (found.low, found.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@given(st.integers(1, 1000), st.data())
def test_an_interval_holds_its_share_and_stays_between_0_and_1(runs_: int, data: Any) -> None:
    found = chance(data.draw(st.integers(0, runs_)), runs_)
    assert 0 <= found.low <= found.probability <= found.high <= 1


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Of 2,000 samples of 50 with p = 0.3, 95 % of the intervals hold 0.3 (93 to 97 here)."""
    hits = np.random.default_rng(1).binomial(50, 0.3, 2000)
    held = [(c := chance(int(h), 50)).low <= 0.3 <= c.high for h in hits]
    assert 0.93 < np.mean(held) < 0.97


def test_probabilities_percentiles_and_dates(schedule: Make, stage: Make) -> None:
    """10, 20, 30, 40 days are equally likely: by 20 January it is done in half the runs."""
    target = {**NAMED, "milestone": "a.finished", "by": "2026-01-20"}
    made = schedule({"a": {"only": stage(EVEN)}}, targets={"half": target})
    found = runs(made, 2000, seed=1)
    half = found.targets()["half"]
    assert half.low < 0.5 < half.high
    assert found.chance("all.finished", "2026-01-19").probability == pytest.approx(0.25, abs=0.05)
    assert [found.percentile_d("a.finished", p) for p in (0.2, 0.45, 0.7, 0.95)] == [10, 20, 30, 40]
    assert found.date("a.finished", 0.95) == "2026-02-10"
    with pytest.raises(KeyError):
        found.times("a.begun")


def test_auto_goes_on_until_the_interval_is_narrow(schedule: Make, stage: Make) -> None:
    """At p = 0.5 an interval of 0.05 takes (1.96 / 0.05)^2 = 1,537 runs: 200 doubled to 1,600."""
    target = {**NAMED, "milestone": "a.finished", "by": "2026-01-20"}
    made = schedule({"a": {"only": stage(EVEN)}}, targets={"half": target})
    found = runs(made, "auto", seed=1, width=0.05)
    assert (found.runs, found.narrow) == (1600, True)
    assert found.targets()["half"].width <= 0.05
    assert np.array_equal(found.times_d, runs(made, 1600, seed=1).times_d)


def test_a_milestone_that_some_runs_never_reach(schedule: Make, stage: Make) -> None:
    risk = {"chance": "40 %", "outcome": "abandon"}
    found = runs(schedule({"a": {"only": stage("10 d", risk=risk)}}), 1000, seed=1)
    assert found.reached("a.finished").probability == pytest.approx(0.6, abs=0.05)
    assert found.percentile_d("a.finished", 0.5) == 10
    assert found.date("a.finished", 0.8) is None


def test_the_critical_project_is_the_longer_one(schedule: Make, stage: Make) -> None:
    """``long`` takes 25 days, ``even`` 10, 20, 30 or 40: each decides in half the runs."""
    made = schedule({"long": {"only": stage("25 d")}, "even": {"only": stage(EVEN)}})
    found = runs(made, 1000, seed=1).criticality
    assert found["long"] + found["even"] == pytest.approx(1)
    assert found["even"] == pytest.approx(0.5, abs=0.05)


def test_criticality_goes_back_through_crews_and_predecessors(
    schedule: Make, stage: Make, crews: Make
) -> None:
    """First a holds the crew for 30 days, then b works with it; c follows b; d is done early."""
    work = {"needs": {"crew": 1}}
    projects = {
        "a": {"stages": {"only": stage("30 d", **work)}, "priority": 1},
        "b": {"stages": {"only": stage("10 d", **work)}, "priority": 2},
        "c": {"stages": {"only": stage("5 d")}, "after": ["b"]},
        "d": {"stages": {"only": stage("20 d")}},
    }
    found = runs(schedule(projects, resources={"crew": crews(1)}), 3, seed=1)
    assert found.criticality == {"a": 1, "b": 1, "c": 1, "d": 0}


def test_what_a_lack_costs_by_hand(schedule: Make, stage: Make, crews: Make) -> None:
    """Two projects of 30 days with one crew end on day 60; with crews enough on day 30.

    A window from 1 March holds back what would begin on 1 January: 59 days.
    """
    work = {"only": stage("30 d", needs={"crew": 1})}
    march = {"march": {**NAMED, "days": [{"from": "03-01", "until": "12-31"}]}}
    made = schedule({"a": work, "b": work}, resources={"crew": crews(1), "idle": crews(1)})
    found = delays(made, 5, seed=1)
    assert {name: delay.mean_d for name, delay in found.items()} == {"crew": 30, "idle": 0}
    windowed = schedule({"a": {"only": stage("30 d", window="march")}}, windows=march)
    assert delays(windowed, 5, seed=1)["march"].mean_d == 59


def test_common_random_numbers_make_differences_sharp(schedule: Make, stage: Make) -> None:
    """A stage of 7 more days ends exactly 7 days later in every run."""
    one = schedule({"a": {"x": stage(EVEN), "y": stage("10 d", after=["x"])}})
    other = schedule({"a": {"x": stage(EVEN), "y": stage("3 d", after=["x"])}})
    found = difference(runs(one, 50, seed=3), runs(other, 50, seed=3))
    assert (found.low_d, found.mean_d, found.high_d) == pytest.approx((7, 7, 7))
    with pytest.raises(ValueError, match="paired"):
        difference(runs(one, 50, seed=3), runs(other, 50, seed=4))


def test_means_of_money_and_use(park: Schedule) -> None:
    found = runs(park, 20, seed=1)
    by_budget = sum(cny for (budget, _), cny in found.money_cny.items() if budget == "park_fund")
    assert 200e6 < by_budget <= 280e6
    assert 0.3 < found.use["civil"] < 0.8


def test_another_length_leaves_the_luck_of_failing_as_it_was(schedule: Make, stage: Make) -> None:
    """Fixed or drawn, the same goes fail: as many of them in every run."""
    risk = {"chance": "40 %", "outcome": "rework", "share": "100 %"}
    made = [schedule({"a": {"only": stage(d, risk=risk)}}) for d in ("10 d", EVEN)]
    goes = [[len(run(one, 1, index).log) for index in range(50)] for one in made]
    assert goes[0] == goes[1]
    assert len(set(goes[0])) > 2
