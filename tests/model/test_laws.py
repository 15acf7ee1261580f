"""Laws that hold for every park: mass is conserved, order is nothing, more ways are never worse."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from symbiosis.optimum import Optimum
from symbiosis.park.link import Status
from symbiosis.rate import generated
from tests.model.parks import Tree, checked, solve
from tests.model.random_parks import (
    AMOUNTS,
    one_more_heap,
    one_more_taker,
    reordered,
    scaled,
    trees,
)

FEW = settings(max_examples=30, derandomize=True, deadline=None)
EXISTING = frozenset({Status.EXISTING})
STEPS = (EXISTING, EXISTING | {Status.PLANNED}, frozenset(Status))
SOLVERS = ("glpk", "highs")
GOALS = ("utilisation", "cost")


def rate(found: Optimum) -> float:
    assert found.rate.value is not None
    return found.rate.value


def same(one: float, other: float, size: float = 1.0) -> bool:
    """Equal to a millionth of the larger, or of ``size`` where that is more."""
    return abs(one - other) <= 1e-6 * max(size, abs(one), abs(other))


def largest(found: Optimum) -> float:
    return max(found.point.dumped.values(), default=0.0) + max(
        found.point.sent.values(), default=1.0
    )


def nothing_done(found: Optimum) -> float:
    """CNY if everything is dumped by its only route and everything needed is bought."""
    data = found.data
    fees = {outlet.byproduct: outlet.fee_cny + outlet.tax_cny for outlet in data.outlets}
    dumped = sum(fees[name] * supply.fixed for name, supply in data.supplies.items())
    bought = sum((need.virgin_cny or 0.0) * need.fixed for need in data.needs.values())
    return dumped + bought


@FEW
@given(trees(), st.sampled_from(SOLVERS), st.sampled_from(GOALS))
def test_every_balance_closes(whole: Tree, solver: str, goal: str) -> None:
    """Supply: sent + dumped = generated. Need: replaced + bought = needed at the unit's load.

    The independent check has looked at the same; this one reads the slice instead of the park.
    """
    found = solve(checked(whole), goal, solver)
    data, point = found.data, found.point
    for name in data.supplies:
        out = sum(point.sent[arc.key] for arc in data.arcs_from(name)) + point.dumped[name, "heap"]
        assert same(out, generated(data, point, name), largest(found))
    for name, need in data.needs.items():
        wanted = need.fixed + need.per_load * point.running.get(need.unit, 0.0)
        filled = sum(arc.replaced * point.sent[arc.key] for arc in data.arcs_into(name))
        assert same(filled + point.bought.get(name, 0.0), wanted, largest(found))


@FEW
@given(trees(), st.sampled_from(SOLVERS), st.sampled_from(GOALS))
def test_no_exchange_exceeds_its_supply_or_its_limits(whole: Tree, solver: str, goal: str) -> None:
    found = solve(checked(whole), goal, solver)
    data, point = found.data, found.point
    slack = 1e-6 * largest(found)
    for name in data.supplies:
        sent = sum(point.sent[arc.key] for arc in data.arcs_from(name))
        assert sent <= generated(data, point, name) + slack
    for name, capacity in data.link_capacity.items():
        assert sum(v for key, v in point.sent.items() if key[0] == name) <= capacity + slack
    for need in data.needs.values():
        if need.max_intake is not None:
            taken = sum(a.delivered * point.sent[a.key] for a in data.arcs_into(need.name))
            assert taken <= need.max_intake + slack


@FEW
@given(trees(), st.sampled_from(SOLVERS))
def test_the_rate_lies_between_0_and_1_and_is_given_up_by_a_billionth_at_most(
    whole: Tree, solver: str
) -> None:
    found = solve(checked(whole), "utilisation", solver)
    assert -1e-12 <= rate(found) <= 1 + 1e-9
    assert found.rate_before is not None
    assert abs(found.rate_before - rate(found)) <= 1e-9


@FEW
@given(trees(), st.sampled_from(GOALS), st.data())
def test_the_order_of_the_file_does_not_matter(whole: Tree, goal: str, data: Any) -> None:
    one, other = checked(whole), checked(reordered(whole, data.draw))
    first, second = solve(one, goal), solve(other, goal)
    if goal == "utilisation":
        assert same(rate(first), rate(second))
    assert same(first.cost_cny, second.cost_cny, nothing_done(first))


@FEW
@given(trees(), st.sampled_from(GOALS))
def test_the_park_is_not_changed(whole: Tree, goal: str) -> None:
    """What went in is the same afterwards, and nobody could change it."""
    park, again = checked(whole), checked(whole)
    before = park.model_dump()
    solve(park, goal)
    assert park.model_dump() == before
    assert park == again
    with pytest.raises(ValidationError, match="frozen"):
        park.start = 1990


@FEW
@given(trees(), st.sampled_from(GOALS))
def test_both_backends_agree(whole: Tree, goal: str) -> None:
    """R and cost to a millionth; flows may differ where the optimum is not unique."""
    park = checked(whole)
    one, other = (solve(park, goal, solver) for solver in SOLVERS)
    if goal == "utilisation":
        assert same(rate(one), rate(other))
    assert same(one.cost_cny, other.cost_cny, nothing_done(one))


@FEW
@given(trees(), st.sampled_from(SOLVERS))
def test_to_open_more_links_is_never_worse(whole: Tree, solver: str) -> None:
    """Existing, then planned, then potential: R never falls, the least cost never rises."""
    park = checked(whole)
    high = [rate(solve(park, "utilisation", solver, opened=opened)) for opened in STEPS]
    cheap = [solve(park, "cost", solver, opened=opened) for opened in STEPS]
    slack = 1e-6 * nothing_done(cheap[0])
    assert high[0] <= high[1] + 1e-8
    assert high[1] <= high[2] + 1e-8
    assert cheap[0].cost_cny >= cheap[1].cost_cny - slack
    assert cheap[1].cost_cny >= cheap[2].cost_cny - slack


@FEW
@given(trees(), AMOUNTS, st.sampled_from(SOLVERS))
def test_another_taker_never_lowers_the_rate(whole: Tree, amount: str, solver: str) -> None:
    before = solve(checked(whole), solver=solver)
    after = solve(checked(one_more_taker(whole, amount)), solver=solver)
    assert rate(after) >= rate(before) - 1e-8


@FEW
@given(trees(), AMOUNTS, st.sampled_from(SOLVERS))
def test_an_old_heap_never_lowers_the_rate(whole: Tree, amount: str, solver: str) -> None:
    before = solve(checked(whole), solver=solver)
    after = solve(checked(one_more_heap(whole, amount)), solver=solver)
    assert rate(after) >= rate(before) - 1e-8
    assert rate(after) <= 1 + 1e-9


@FEW
@given(trees(), st.sampled_from(SOLVERS))
def test_the_least_cost_is_never_above_doing_nothing(whole: Tree, solver: str) -> None:
    """All dumped and all bought is an answer, so the least cost is no higher."""
    found = solve(checked(whole), "cost", solver)
    assert found.cost_cny <= nothing_done(found) * (1 + 1e-9) + 1e-9


@FEW
@given(trees(), st.sampled_from(SOLVERS))
def test_each_goal_is_the_best_at_its_own(whole: Tree, solver: str) -> None:
    park = checked(whole)
    high, cheap = (solve(park, goal, solver) for goal in GOALS)
    assert rate(high) >= rate(cheap) - 1e-8
    assert cheap.cost_cny <= high.cost_cny + 1e-6 * nothing_done(high)


@FEW
@given(trees(), st.sampled_from([2, 7, 1000, 100_000]), st.sampled_from(SOLVERS))
def test_a_park_of_another_size_has_the_same_rate(whole: Tree, factor: int, solver: str) -> None:
    """All amounts times k: R stays, the cost is k times the cost."""
    large = scaled(whole, factor)
    one, other = solve(checked(whole), solver=solver), solve(checked(large), solver=solver)
    assert same(rate(one), rate(other))
    assert same(one.cost_cny * factor, other.cost_cny, nothing_done(other))
