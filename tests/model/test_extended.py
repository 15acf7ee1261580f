"""A constraint of one's own, on the compiled path where it can be stamped and on the plain one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

import symbiosis
from symbiosis.errors import InputError
from symbiosis.exchange import ExchangeData
from symbiosis.scenario import load_scenario
from symbiosis.solvers.extended import extended_form
from tests.model.parks import byproduct, link, makes, needs, park, use

SHIPPED = ("glpk", "highs")


def one_way(**sections: Any) -> Any:
    """100 t of slag, 80 t of clinker wanted at 50 CNY/t, hauled for nothing."""
    return park(
        {"works": makes(slag=byproduct("100 t/a", "10 CNY/t")),
         "cement": needs(clinker=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.clinker")}, **sections,
    )  # fmt: skip


def at_most_half(model: Any, data: ExchangeData) -> None:
    sent = sum(model.sent[arc.key] for arc in data.arcs_from("works.slag"))
    model.half = pyo.Constraint(expr=sent <= 0.5 * data.supplies["works.slag"].fixed)


@pytest.mark.parametrize("solver", SHIPPED)
def test_a_limit_of_ones_own_holds_and_the_answer_passes_the_check(solver: str) -> None:
    """80 t could go; half of the 100 t may: R is 50 %."""
    free = symbiosis.optimise(one_way(), solver=solver)
    held = symbiosis.optimise(one_way(), solver=solver, extend=at_most_half)
    assert free.optimum.rate.value == pytest.approx(0.8)
    assert held.optimum.rate.value == pytest.approx(0.5)
    assert held.optimum.solved.why_plain == ""


def test_a_variable_of_ones_own_is_no_part_of_the_point() -> None:
    """A yard of 30 t takes what the cement works does not."""

    def with_yard(model: Any, data: ExchangeData) -> None:
        model.yard = pyo.Var(bounds=(0, 30))
        sent = sum(model.sent[arc.key] for arc in data.arcs_from("works.slag"))
        model.kept = pyo.Constraint(expr=sent == 2 * model.yard)

    found = symbiosis.optimise(one_way(), extend=with_yard)
    assert found.optimum.rate.value == pytest.approx(0.6)
    assert not hasattr(found.optimum.point, "yard")


def months(extend: Any) -> Any:
    return symbiosis.optimise(load_scenario("jinchang-months"), "cost", extend=extend)


def test_what_asks_how_large_a_figure_is_is_solved_on_the_plain_path_which_is_said() -> None:
    def only_large(model: Any, data: ExchangeData) -> None:
        large = [n for n, s in data.supplies.items() if s.fixed > 0]
        model.own = pyo.Constraint(
            expr=sum(model.dumped[k] for k in model.dumped if k[0] in large) >= 0
        )

    plain, stamped = months(only_large), months(None)
    assert plain.optimum.solved.why_plain
    assert stamped.optimum.solved.why_plain == ""
    assert plain.optimum.cost_cny == pytest.approx(stamped.optimum.cost_cny, rel=1e-9)


def test_what_is_not_linear_is_refused_with_the_constraint_named() -> None:
    def squared(model: Any, data: ExchangeData) -> None:
        key = data.arcs_from("works.slag")[0].key
        model.curve = pyo.Constraint(expr=model.sent[key] ** 2 <= 9)

    with pytest.raises(InputError) as caught:
        symbiosis.optimise(one_way(), extend=squared)
    (problem,) = caught.value.problems
    assert problem.code == "model_not_linear"
    assert "curve" in str(problem.details["found"])


def test_the_plain_model_of_a_year_goes_to_any_solver_that_pyomo_drives() -> None:
    model = symbiosis.build_model("jinchang", by_season=True)
    for name in ("utilised", "generated", "carbon"):
        getattr(model, name).deactivate()
    pyo.SolverFactory("appsi_highs").solve(model)
    best = symbiosis.optimise(load_scenario("jinchang-months"), "cost").optimum
    assert len(model.season) == len(best.year.names)
    assert pyo.value(model.cost) == pytest.approx(best.cost_cny, rel=1e-6)


def test_a_figure_that_bounds_a_variable_is_not_taken_for_a_number_in_a_row() -> None:
    """The greatest load differs by month, and so does a limit of one's own on half of it."""
    scenario = load_scenario("jinchang-months")
    year = scenario.year(scenario.slice())
    unit = next(iter(year.data.runners))
    loads = np.linspace(0.2, 0.9, len(year.names))
    varied = replace(year, courses={**year.courses, ("runners", unit, "max_load"): loads})

    def half(model: Any, data: ExchangeData) -> None:
        model.half = pyo.Constraint(expr=model.running[unit] <= 0.5 * data.runners[unit].max_load)

    made = extended_form(varied, half)
    bounds = dict(zip(made.form.row_keys, made.form.row_upper, strict=True))
    found = [bounds["half", (season, ())] for season in year.names]
    assert found == pytest.approx((loads / 2).tolist())
    assert made.why_plain
