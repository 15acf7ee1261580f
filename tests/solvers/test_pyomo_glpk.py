"""GLPK behind Pyomo's SolverFactory, with no executable to help it."""

import shutil

import pyomo.environ as pyo
import pytest

from symbiosis.solvers import pyomo_glpk


@pytest.fixture(autouse=True)
def no_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    pyomo_glpk.register()


@pytest.fixture
def workshop():
    """Maximise 3 x + 5 y, x <= 4, y <= 6, 3 x + 2 y <= 18: (2, 6), 36; one more of 18: 1."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, 4)), pyo.Var(bounds=(0, 6))
    m.hours = pyo.Constraint(expr=3 * m.x + 2 * m.y <= 18)
    m.worth = pyo.Objective(expr=3 * m.x + 5 * m.y, sense=pyo.maximize)
    m.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    m.rc = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    return m


def test_glpk_is_available_without_an_executable():
    assert shutil.which("glpsol") is None
    assert pyo.SolverFactory("glpk").available()
    assert not pyo.SolverFactory("glpsol").available(exception_flag=False)


def test_a_pyomo_model_is_solved_with_its_marginals(workshop):
    results = pyo.SolverFactory("glpk").solve(workshop)
    pyo.assert_optimal_termination(results)
    assert (workshop.x.value, workshop.y.value) == pytest.approx((2, 6))
    assert workshop.dual[workshop.hours] == pytest.approx(1)
    assert workshop.rc[workshop.y] == pytest.approx(3)
    assert results.problem.lower_bound == pytest.approx(36)
    assert results.problem.upper_bound == pytest.approx(36)


def test_integers_and_fixed_variables_are_respected(workshop):
    """With x whole and y fixed at 5.5: 3 x <= 7, so x = 2: 6 + 27.5."""
    workshop.x.domain = pyo.Integers
    workshop.y.fix(5.5)
    pyo.SolverFactory("glpk").solve(workshop)
    assert workshop.x.value == 2
    assert pyo.value(workshop.worth) == pytest.approx(33.5)


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        (lambda m: m.x.setlb(3) or m.y.setlb(5), pyo.TerminationCondition.infeasible),
        (lambda m: m.x.setub(None) or m.hours.deactivate(), pyo.TerminationCondition.unbounded),
    ],
)
def test_no_optimum_is_said_and_nothing_is_loaded(workshop, change, condition):
    change(workshop)
    results = pyo.SolverFactory("glpk").solve(workshop)
    assert results.solver.termination_condition == condition
    assert results.solver.status == pyo.SolverStatus.warning
    assert workshop.x.value is None


def test_values_are_not_loaded_unless_asked(workshop):
    results = pyo.SolverFactory("glpk").solve(workshop, load_solutions=False)
    pyo.assert_optimal_termination(results)
    assert workshop.x.value is None


def test_options_are_known_or_refused(workshop):
    solver = pyo.SolverFactory("glpk")
    solver.options["tmlim"] = 10
    solver.solve(workshop, options={"mipgap": 0.1})
    with pytest.raises(ValueError, match="nonsense"):
        solver.solve(workshop, options={"nonsense": 1})


def test_two_objectives_are_one_too_many(workshop):
    workshop.cost = pyo.Objective(expr=workshop.x)
    with pytest.raises(ValueError, match="one objective"):
        pyo.SolverFactory("glpk").solve(workshop)
