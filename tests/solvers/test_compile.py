"""What becomes of a Pyomo model."""

import numpy as np
import pyomo.environ as pyo
import pytest

from symbiosis.solvers.compile import compile_model

INF = np.inf


@pytest.fixture
def model():
    m = pyo.ConcreteModel()
    m.flow = pyo.Var(["slag", "ash"], [1, 2], bounds=(0, None))
    m.whole = pyo.Var(domain=pyo.NonNegativeIntegers, bounds=(None, 7))
    m.idle = pyo.Var(bounds=(-1, 5))
    return m


def row(compiled, key):
    i = compiled.form.row_keys.index(key)
    named = zip(compiled.form.column_keys, compiled.form.matrix.toarray()[i], strict=True)
    return (
        {k: v for k, v in named if v},
        compiled.form.row_lower[i],
        compiled.form.row_upper[i],
    )


def test_every_kind_of_row_keeps_its_bounds(model):
    """Constants move to the bounds: flow + 3 <= 10 is flow <= 7."""
    f = model.flow["slag", 1]
    model.above = pyo.Constraint(expr=f + 3 <= 10)
    model.below = pyo.Constraint(expr=2 * f >= 8)
    model.equal = pyo.Constraint(expr=f == 4 + model.whole)
    model.ranged = pyo.Constraint(["a"], rule=lambda m, _: (1, f + m.whole, 6))
    compiled = compile_model(model)
    slag, whole = ("flow", ("slag", 1)), ("whole", ())
    assert row(compiled, ("above", ())) == ({slag: 1}, -INF, 7)
    assert row(compiled, ("below", ())) == ({slag: 2}, 4 * 2, INF)
    assert row(compiled, ("equal", ())) == ({slag: 1, whole: -1}, 4, 4)
    assert row(compiled, ("ranged", "a")) == ({slag: 1, whole: 1}, 1, 6)
    assert compiled.form.rows == 4


def test_every_variable_has_a_column_in_the_order_of_the_model(model):
    """``idle`` stands in no row; its column is there with its bounds."""
    model.row = pyo.Constraint(expr=model.whole <= 3)
    form = compile_model(model).form
    names = [("flow", (m, i)) for m in ("slag", "ash") for i in (1, 2)]
    assert list(form.column_keys) == [*names, ("whole", ()), ("idle", ())]
    assert form.column_lower.tolist() == [0, 0, 0, 0, 0, -1]
    assert form.column_upper.tolist() == [INF, INF, INF, INF, 7, 5]
    assert form.integer.tolist() == [False] * 4 + [True, False]


def test_objectives_become_expressions_exactly_as_they_are_written(model):
    f = model.flow
    model.used = pyo.Objective(expr=f["slag", 1] - 2 * f["ash", 2] + 5, sense=pyo.maximize)
    model.cost = pyo.Objective(expr=3 * model.whole)
    model.constant = pyo.Objective(expr=100.0)
    model.hidden = pyo.Objective(expr=model.whole)
    model.hidden.deactivate()
    found = compile_model(model).expressions
    assert list(found) == ["used", "cost", "constant"]
    assert found["used"].vector.tolist() == [1, 0, 0, -2, 0, 0]
    assert found["used"].offset == 5
    assert found["cost"].vector.tolist() == [0, 0, 0, 0, 3, 0]
    assert found["constant"].constant
    assert found["constant"].offset == 100


def test_a_fixed_variable_is_a_column_at_its_value_and_moves_the_bounds(model):
    """At whole = 2, flow + 3 whole <= 10 leaves flow <= 4; the objective's 5 whole is 10."""
    model.whole.fix(2)
    model.row = pyo.Constraint(expr=model.flow["ash", 1] + 3 * model.whole <= 10)
    model.cost = pyo.Objective(expr=model.flow["ash", 1] + 5 * model.whole)
    compiled = compile_model(model)
    j = compiled.form.column_keys.index(("whole", ()))
    assert (compiled.form.column_lower[j], compiled.form.column_upper[j]) == (2, 2)
    assert row(compiled, ("row", ())) == ({("flow", ("ash", 1)): 1}, -INF, 4)
    assert compiled.expressions["cost"].offset == 10


def test_an_empty_row_that_fails_is_kept_and_one_that_holds_is_not(model):
    """A need of 4 that nothing can fill stays in the model, so that its key can be named."""
    model.need = pyo.Constraint(
        ["kiln", "mill"], rule=lambda m, u: 0 * m.idle >= (4 if u == "kiln" else 0)
    )
    form = compile_model(model).form
    assert form.row_keys == (("need", "kiln"),)
    assert (form.row_lower[0], form.row_upper[0], form.matrix.nnz) == (4, INF, 0)
    assert model.need["kiln"].active


def test_a_model_that_is_not_linear_is_refused(model):
    model.bent = pyo.Constraint(expr=model.idle**2 <= 3)
    with pytest.raises(Exception, match="nonlinear"):
        compile_model(model)
