"""Content rules: least shares that are required, and those that earn a tax refund."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.errors import InputError, NoAnswer
from symbiosis.explaining import explain
from symbiosis.park.park import Park
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from symbiosis.verify import Audit
from tests.model.parks import accept, link, makes, named, near, needs, park, runs, solve, use

Tree = dict[str, Any]


def rule(share: str, refund: str | None = None, **rest: Any) -> Tree:
    paid = {} if refund is None else {"refund": refund}
    return named("residue content", **{"materials": ["slag"], "at_least": share, **paid, **rest})


def brick(content: Tree, made: str = "80 t/a", haul: str = "60 CNY/t", **rest: Any) -> Park:
    """100 t/a of bricks from slag (hauled at ``haul``) or clay at 50 CNY/t."""
    return park(
        {
            "works": makes(slag=made),
            "kiln": needs(brick=use("100 t/a", "slag", content=[content], **rest)),
        },
        {"way": link("works.slag", "kiln.brick", cost=haul)},
    )


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_a_refund_is_earned_where_it_pays(solver: str) -> None:
    """70 t of slag cost 10 CNY/t more than clay: 700 CNY; the refund is 12 x 100 = 1,200."""
    found = solve(brick(rule("70 %", "12 CNY/t")), "cost", solver)
    assert near(found.point.sent["way", "kiln.brick"], 70)
    assert near(found.cost_items["refund"], -1_200)
    assert near(found.cost_cny, 5_000 + 700 - 1_200)


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_a_refund_is_left_where_it_does_not_pay(solver: str) -> None:
    """A refund of 600 CNY does not pay for 700."""
    found = solve(brick(rule("70 %", "6 CNY/t")), "cost", solver)
    assert near(found.cost_cny, 5_000)
    assert found.point.earned["kiln.brick", "0"] == 0
    assert near(found.cost_items["refund"], 0)


def test_a_refund_out_of_reach_is_not_paid_in_part() -> None:
    """Only 60 t of slag are there: nothing, though a relaxed binary would pay 6/7 of it."""
    found = solve(brick(rule("70 %", "12 CNY/t"), made="60 t/a", haul="0 CNY/t"), "cost")
    assert near(found.cost_items["refund"], 0)
    assert near(found.cost_cny, 2_000)


def test_the_greatest_rate_is_found_beside_a_refund() -> None:
    """All 80 t go in; the refund is then earned anyway."""
    found = solve(brick(rule("70 %", "12 CNY/t")))
    assert near(found.rate.value, 1)
    assert near(found.cost_cny, 80 * 60 + 20 * 50 - 1_200)


def test_a_required_content_is_a_limit() -> None:
    """70 t of slag must go in, though they cost more; the refund then comes without a binary."""
    found = solve(brick(rule("70 %", "3 CNY/t", required=True)), "cost")
    assert near(found.point.sent["way", "kiln.brick"], 70)
    assert near(found.cost_cny, 70 * 60 + 30 * 50 - 300)
    assert not found.point.earned


def test_a_required_content_that_cannot_be_met_is_named() -> None:
    """Only 60 t are there for 70 of clay and slag together, and clay is needed for the rest."""
    with pytest.raises(NoAnswer) as raised:
        solve(brick(rule("70 %", required=True), made="60 t/a"))
    text = " ".join(problem.message("en") for problem in raised.value.problems)
    assert "least content: residue content, in 'brick' at company" in text


def test_a_share_of_the_need_counts_what_is_replaced() -> None:
    """1 t of slag replaces 0.5 t: 80 t are 40 % of the need, 80 / 140 of the input."""
    terms: Tree = {"accepts": {"slag": accept("0.5 t/t")}, "haul": "0 CNY/t"}
    by_need = solve(brick(rule("50 %", "9 CNY/t"), share_basis="need", **terms), "cost")
    by_input = solve(brick(rule("50 %", "9 CNY/t"), **terms), "cost")
    assert near(by_need.cost_items["refund"], 0)
    assert near(by_input.cost_items["refund"], -900)


def test_the_refund_of_a_unit_that_may_run_follows_its_load() -> None:
    """A unit of 100 t/a gets 80 t of slag and sells nothing: 80 x 12 CNY are refunded."""
    feed = use("100 t/a", "slag", virgin=None, content=[rule("70 %", "12 CNY/t")])
    found = solve(
        park(
            {"works": makes(slag="80 t/a"), "plant": runs({}, {"feed": feed})},
            {"way": link("works.slag", "plant.feed")},
        ),
        "cost",
    )
    assert near(found.cost_items["refund"], -960)


def test_a_refund_is_earned_season_by_season() -> None:
    """Slag comes in one half of the year alone: 40 t for 50 t of bricks, a refund for these 50."""
    found = park(
        {
            "works": makes(slag={"full_load": "40 t/a", "profile": "half"}),
            "kiln": needs(brick=use("100 t/a", "slag", content=[rule("70 %", "12 CNY/t")])),
        },
        {"way": link("works.slag", "kiln.brick")},
        seasons={"one": named("one", hours="4380 h"), "two": named("two", hours="4380 h")},
        profiles={"half": named("half", spread="weight", values={"one": "100 %", "two": "0 %"})},
    )
    data = slice_of(found)
    answer = optimise_year(found, data, cut(found, data))
    assert near(answer.cost_items["refund"], -600)
    assert [point.earned["kiln.brick", "0"] for point in answer.points] == [1, 0]


def mixed(content: Tree) -> Park:
    """100 t of ash and 80 t of slag for 100 t of bricks."""
    return park(
        {
            "works": makes(slag="80 t/a", ash="100 t/a"),
            "kiln": needs(brick=use("100 t/a", "slag", "ash", content=[content])),
        },
        {
            "way": link("works.slag", "kiln.brick", cost="60 CNY/t"),
            "short": link("works.ash", "kiln.brick"),
        },
    )


@pytest.mark.parametrize("content", [rule("70 %", required=True), rule("70 %", "99 CNY/t")])
def test_a_content_of_others_is_a_reason(content: Tree) -> None:
    """Ash costs nothing and may be only 30 t of 100."""
    ash, slag = explain(solve(mixed(content), "cost"))
    assert slag.reasons[0].code == "content_reached"
    assert near(ash.used, 30)
    (reason,) = [r for r in ash.reasons if r.code == "content_limit"]
    assert reason.text("en").startswith(
        "'brick' at company needs at least 70.0% of other materials"
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 100), st.integers(0, 120), st.integers(0, 30), st.integers(0, 100))
def test_a_refund_is_all_or_nothing(share: int, made: int, refund: int, haul: int) -> None:
    """Least cost by hand: nothing for the refund, or just enough slag for it."""
    found = solve(
        brick(rule(f"{share} %", f"{refund} CNY/t"), f"{made} t/a", f"{haul} CNY/t"),
        "cost",
        "highs",
    )
    most = min(made, 100)
    cheap = most if haul < 50 else 0
    costs = [5_000 + cheap * (haul - 50) - (100 * refund if cheap >= share else 0)]
    if most >= share:
        taken = max(cheap, share)
        costs.append(5_000 + taken * (haul - 50) - 100 * refund)
    assert near(found.cost_cny, min(costs), 1e-5)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"earned": 0.0}, "not reached and"),
        ({"refunded": 150.0}, "refund for 150"),
        ({"share": 60.0}, "counts as reached and is 10 short"),
    ],
)
def test_a_wrong_refund_does_not_stand_up_to_checking(
    changed: dict[str, float], fault: str
) -> None:
    found = solve(brick(rule("70 %", "12 CNY/t")), "cost")
    assert not list(Audit(found.park, found.data, found.point).faults())
    point, key = found.point, ("kiln.brick", "0")
    if "share" in changed:
        point = replace(
            point,
            sent={("way", "kiln.brick"): 60.0},
            bought={"kiln.brick": 40.0},
            dumped={("works.slag", "heap"): 20.0},
        )
    else:
        ((name, value),) = changed.items()
        wrong: Tree = {name: {key: value}}
        point = replace(point, **wrong)
    faults = list(Audit(found.park, found.data, point).faults())
    assert any(fault in said for said in faults)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (rule("70 %"), "content_without_effect"),
        (rule("70 %", "12 CNY/m3"), "wrong_dimension"),
        (rule("70 %", "12 CNY/t", materials=["clay"]), "unknown_name"),
    ],
)
def test_a_content_rule_that_means_nothing_is_refused(content: Tree, code: str) -> None:
    with pytest.raises(InputError) as raised:
        brick(content)
    assert [problem.code for problem in raised.value.problems] == [code]
