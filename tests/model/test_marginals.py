"""Marginals are slopes: each equals what one unit more really does, found by solving again.

The parks have a single optimum, so that every slope is the same on both sides.
"""

from math import inf
from typing import Any

import numpy as np
import pytest

from symbiosis.optimum import Goal, Optimum
from symbiosis.park.park import Park
from symbiosis.solvers.backends import find
from symbiosis.solvers.compile import compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.matrix import LinearExpression, MatrixForm
from symbiosis.solvers.ratio import least_cost_at_ratio, maximise_ratio
from tests.model.parks import (
    accept,
    byproduct,
    link,
    makes,
    material,
    named,
    needs,
    park,
    route,
    runs,
    solve,
    treatment,
    use,
)

STEP = 0.001


def busy() -> Park:
    """Every family of limits, none of two limits tight at one place.

    137 t of slag: a belt, a share of a blend, an intake, a mill whose powder partly sells; gypsum
    by recipe; ash crushed with a residue; a heap of limited room.
    """
    slag = byproduct(
        "137 t/a", routes={"heap": route("3 CNY/t", capacity="20 t/a"), "pond": route("11 CNY/t")}
    )
    recipe = {"materials": ["ash"], "ratio": "0.25 t/t"}
    blend = use(
        "61 t/a",
        virgin="53 CNY/t",
        accepts={"slag": accept("0.9 t/t", "35 %"), "ash": accept("0.7 t/t", treatment="crusher")},
    )
    binder = use("400 t/a", "ash", virgin="17 CNY/t", accepts={"gypsum": accept(companion=recipe)})
    return park(
        {
            "works": makes(slag=slag, ash="71 t/a", gypsum="40 t/a", tails={"residue": True}),
            "cement": needs(blend=blend),
            "mine": needs(binder=binder, pit=use("90 t/a", "slag", max_intake="13 t/a")),
            "mill": runs(
                {"powder": byproduct("80 t/a", "31 CNY/t")},
                {"feed": use("100 t/a", "slag", virgin=None)},
                capacity="80 t/a",
                running_cost="2 CNY/t",
            ),
            "concrete": needs(filler=use("19 t/a", "powder", virgin="40 CNY/t")),
            "brick": runs({}, {"clay": use("23 t/a", "slag", virgin=None)}),
            "road": needs(base=use("70 t/a", "slag", virgin="9 CNY/t")),
        },
        {
            "slag": link("works.slag", "cement.blend", cost="1 CNY/t"),
            "ash": link("works.ash", "cement.blend", cost="29 CNY/t", residue="works.tails"),
            "ash_fill": link("works.ash", "mine.binder", cost="2 CNY/t", loss="10 %"),
            "gypsum": link("works.gypsum", "mine.binder", cost="5 CNY/t"),
            "pit": link("works.slag", "mine.pit", cost="7 CNY/t"),
            "feed": link("works.slag", "mill.feed", cost="1 CNY/t"),
            "powder": link("mill.powder", "concrete.filler", cost="4 CNY/t"),
            "clay": link("works.slag", "brick.clay", cost="6 CNY/t"),
            "road": link("works.slag", "road.base", cost="12 CNY/t", capacity="17 t/a"),
        },
        {"powder": material(waste_class="intermediate")},
        treatments={"crusher": treatment("80 %", cost="4 CNY/t")},
    )


def raised(form: MatrixForm, key: Any, by: float) -> MatrixForm:
    """The form with the bound of one row, or of one column, raised by ``by``."""
    if key in form.row_keys:
        step = np.array([by if other == key else 0.0 for other in form.row_keys])
        return form.with_row_bounds(form.row_lower + step, form.row_upper + step)
    step = np.array([by if other == key else 0.0 for other in form.column_keys])
    return form.with_column_bounds(form.column_lower, form.column_upper + step)


def values(found: Optimum, key: Any, by: float, solver: str) -> dict[str, float]:
    """The value of each stage with the bound of ``key`` raised; the cost at the first best R.

    Where the first R is out of reach there is no cost at it: infinity. A tonne more of a waste
    is a tonne more of G.
    """
    compiled = compile_model(build_model(found.data))
    form, named_ = raised(compiled.form, key, by), dict(compiled.expressions)
    if key[0] == "supply" and found.data.supplies[key[1]].enters_rate:
        made = named_["generated"]
        named_["generated"] = LinearExpression(made.vector, made.offset + by)
    backend = find(solver)
    if found.goal is Goal.COST:
        return {"cost": float(backend.solve(form.with_objective(named_["cost"])).objective or 0)}
    asked = form, named_["utilised"], named_["generated"]
    held = found.stage("rate")
    assert held is not None
    cheapest = least_cost_at_ratio(*asked, held.value, named_["cost"], backend).solution
    ratio = maximise_ratio(*asked, backend).ratio
    assert ratio is not None
    return {"rate": ratio, "cost": inf if cheapest.objective is None else cheapest.objective}


def slope(found: Optimum, key: Any, stage: str, solver: str) -> tuple[float, float]:
    """The change per unit on the lower and on the upper side, the smaller one first."""
    low, mid, high = (values(found, key, by, solver)[stage] for by in (-STEP, 0.0, STEP))
    below, above = (mid - low) / STEP, (high - mid) / STEP
    return min(below, above), max(below, above)


LIMITS = (
    *("need", "share", "recipe", "intake", "link_capacity", "outlet_capacity"),
    *("supply", "counted_taken"),
)


@pytest.mark.parametrize("goal", ["utilisation", "cost"])
def test_every_marginal_of_a_busy_park_is_a_slope(solver: str, goal: str) -> None:
    """Raise each bound by 0.001 and lower it by 0.001: the marginal lies between the two slopes.

    The rate stage in points of R per unit, the cost stage in CNY per unit at that R.
    """
    found = solve(busy(), goal, solver)
    for stage in found.stages:
        largest = max(map(abs, stage.marginals.values()))
        for key, marginal in stage.marginals.items():
            if key[0] in LIMITS:
                low, high = slope(found, key, stage.name, solver)
                slack = 1e-5 * largest
                assert low - slack <= marginal <= high + slack, (stage.name, key)


@pytest.mark.parametrize("goal", ["utilisation", "cost"])
def test_the_marginal_of_a_size_is_a_slope(solver: str, goal: str) -> None:
    """The brickworks takes 23 t at full load; what 1 % more of it would do."""
    found = solve(busy(), goal, solver)
    key = ("running", "brick.plant")
    for stage in found.stages:
        low, high = slope(found, key, stage.name, solver)
        assert low - 1e-5 <= stage.bound_marginals[key] <= high + 1e-5


def test_the_rate_stage_is_in_rate_per_tonne_by_hand(solver: str) -> None:
    """Of 200 t of waste the need of 80 t is full: one tonne more is 1/200 of R."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a", clay="100 t/a"),
                "cement": needs(blend=use("80 t/a", "slag")),
            },
            {"haul": link("works.slag", "cement.blend")},
        ),
        solver=solver,
    )
    stage = found.stage("rate")
    assert stage is not None
    assert stage.marginals["need", "cement.blend"] == pytest.approx(0.005, abs=1e-9)


def test_the_cost_stage_is_in_cny_per_tonne_by_hand(solver: str) -> None:
    """A tonne more of need is bought at 50; a tonne more of belt spares 5 CNY of the truck's 9."""
    found = solve(
        park(
            {"works": makes(slag="60 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
            {
                "belt": link("works.slag", "cement.blend", cost="4 CNY/t", capacity="30 t/a"),
                "haul": link("works.slag", "cement.blend", cost="9 CNY/t"),
            },
        ),
        "cost",
        solver,
    )
    stage = found.stage("cost")
    assert stage is not None
    assert stage.marginals["need", "cement.blend"] == pytest.approx(50)
    assert stage.marginals["link_capacity", "belt"] == pytest.approx(-5)


def test_a_tonne_more_of_generation_is_worth_what_solving_again_says(solver: str) -> None:
    """100 t of slag for a need of 200 t: R = 1 with 101 t as well, so a tonne more is worth 0."""

    def made(slag: int) -> Optimum:
        whole = park(
            {"works": makes(slag=f"{slag} t/a"), "cement": needs(blend=use("200 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
        )
        return solve(whole, solver=solver)

    found, more = made(100), made(101)
    stage, after = found.stage("rate"), more.stage("rate")
    assert stage is not None
    assert after is not None
    said = stage.marginals["supply", "works.slag"]
    assert said == pytest.approx(after.value - stage.value, abs=1e-8)


def test_marginals_do_not_depend_on_the_unit_of_the_file(solver: str) -> None:
    """The same park in kt: one more tonne is worth the same."""

    def made(amount: str, need: str) -> Optimum:
        whole = park(
            {"works": makes(slag=amount), "cement": needs(blend=use(need, "slag"))},
            {"haul": link("works.slag", "cement.blend")},
        )
        return solve(whole, solver=solver)

    one, other = made("100,000 t/a", "80,000 t/a"), made("10 万t/a", "80 kt/a")
    assert one.stages[0].marginals["need", "cement.blend"] == pytest.approx(
        other.stages[0].marginals["need", "cement.blend"], rel=1e-9
    )
    assert one.stages[0].marginals["need", "cement.blend"] == pytest.approx(1e-5, rel=1e-6)


def test_an_optimum_says_whether_it_is_the_only_one(solver: str) -> None:
    """Two links of one cost are two optima; of two costs there is one."""

    def made(cost: str) -> Optimum:
        whole = park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
            {
                "one": link("works.slag", "cement.blend", cost="3 CNY/t"),
                "other": link("works.slag", "cement.blend", cost=cost),
            },
        )
        return solve(whole, "cost", solver)

    assert made("3 CNY/t").stages[-1].unique is False
    assert made("4 CNY/t").stages[-1].unique is True


def test_legacy_stock_has_a_worth_too(solver: str) -> None:
    """R = (100 + d) / (200 + d) at d = 50: dR/dd = (1 - R) / 250 = 0.0016 per t dug out."""
    whole = park(
        {
            "works": makes(slag="100 t/a", clay="100 t/a"),
            "cement": needs(blend=use("200 t/a", "slag")),
        },
        {"haul": link("works.slag", "cement.blend")},
        stockpiles={"old": named("old", byproduct="works.slag", reclaim="50 t/a")},
    )
    found = solve(whole, solver=solver)
    stage = found.stage("rate")
    assert stage is not None
    assert stage.bound_marginals["drawn", "works.slag"] == pytest.approx(0.0016, abs=1e-8)
