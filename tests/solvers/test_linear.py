"""Linear models: optimum, marginals, uniqueness, and what is said where there is no optimum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import BACKENDS, find
from symbiosis.solvers.status import Status

INF = np.inf


@pytest.fixture
def workshop(form):
    """Maximise 3 x + 5 y with x <= 4, 2 y <= 12, 3 x + 2 y <= 18.

    Optimum (2, 6): 36. Raising 12 by one raises y by 1/2 (worth 2.5) and lowers x by 1/3 (1):
    1.5; raising 18 by one raises x by 1/3: 1. The form minimises, so marginals are negative.
    """
    return form([[1, 0], [0, 2], [3, 2]], [-INF] * 3, [4, 12, 18], [-3, -5])


def test_the_optimum_and_its_marginals_are_those_worked_out_by_hand(workshop, any_backend):
    answer = any_backend.solve(workshop)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(-36, rel=1e-9)
    assert answer.x == pytest.approx([2, 6])
    assert answer.row_marginals == pytest.approx([0, -1.5, -1], abs=1e-9)
    assert answer.reduced_costs == pytest.approx([0, 0], abs=1e-9)
    assert answer.gap == pytest.approx(0, abs=1e-9)


def test_marginals_of_lower_bounds_and_columns_have_the_sign_of_the_change(form, any_backend):
    """Minimise 2 x + 3 y + 7, x + y >= 10, x <= 6, y >= 1: (6, 4), 31.

    One more asked costs 3 (y); one more of x saves 1; the bound of y does not bind.
    """
    plain = form([[1, 1]], [10], [INF], [2, 3], [0, 1], [6, INF], offset=7)
    answer = any_backend.solve(plain)
    assert answer.objective == pytest.approx(31)
    assert answer.row_marginals == pytest.approx([3])
    assert answer.reduced_costs == pytest.approx([-1, 0], abs=1e-9)


def test_one_optimum_is_told_from_many(workshop, form, backend):
    """With cost (-3, -2) the whole edge from (2, 6) to (4, 3) is optimal."""
    assert backend.solve(workshop).unique is True
    assert backend.solve(workshop.with_cost(np.array([-3.0, -2.0]))).unique is False
    assert backend.solve(workshop, SolveOptions(check_unique=False)).unique is None
    degenerate = form([[1, 1], [1, -1], [2, 0]], [-INF] * 3, [2, 0, 2], [-1, -1.5])
    assert backend.solve(degenerate).unique is True


def test_a_degenerate_optimum_that_is_the_only_one_is_unique(form, backend):
    """Four lines meet in (1, 1), the only maximum of 2 x + y."""
    rows = [[1, 0], [0, 1], [1, 1], [2, 1]]
    answer = backend.solve(form(rows, [-INF] * 4, [1, 1, 2, 3], [-2.5, -1]))
    assert answer.x == pytest.approx([1, 1])
    assert answer.unique is True


def test_a_column_without_bounds_that_nothing_holds_is_not_unique(form, backend):
    plain = form([[1, 0]], [2], [INF], [1, 0], [0, -INF], [INF, INF])
    assert backend.solve(plain).unique is False


def test_rows_that_conflict_are_infeasible(form, any_backend):
    plain = form([[1, 1], [1, 1]], [5, -INF], [INF, 4], [-1, 0])
    answer = any_backend.solve(plain)
    assert (answer.status, answer.x, answer.objective) == (Status.INFEASIBLE, None, None)
    with pytest.raises(ValueError, match="infeasible"):
        _ = answer.point


def test_an_objective_without_limit_is_unbounded(form, any_backend):
    assert any_backend.solve(form([[1, -1]], [-INF], [1], [-1, -1])).status is Status.UNBOUNDED


def test_what_is_both_infeasible_and_without_limit_is_infeasible(form, any_backend):
    """Rows x - y <= -1 and y - x <= -1 exclude each other, while -x - y has no limit."""
    plain = form([[1, -1], [-1, 1]], [-INF] * 2, [-1, -1], [-1, -1])
    assert any_backend.solve(plain).status is Status.INFEASIBLE


def test_a_model_without_rows_stands_at_its_bounds(form, any_backend):
    plain = form([], [], [], [1, -1], [2, 0], [5, 3])
    answer = any_backend.solve(plain)
    assert answer.x == pytest.approx([2, 3])
    assert answer.objective == pytest.approx(-1)


def test_a_row_without_columns_is_infeasible_where_it_does_not_hold(form, any_backend):
    assert any_backend.solve(form([[0.0]], [4], [INF], [1])).status is Status.INFEASIBLE
    assert any_backend.solve(form([[0.0]], [-4], [INF], [1])).status is Status.OPTIMAL


def test_large_flows_and_small_ones_are_equally_exact(form, any_backend):
    """Two separate needs, 1e8 t at 3 and 12 t at 8000: 3e8 + 96000; the small one is not lost."""
    plain = form([[1, 0], [0, 1]], [1e8, 12], [INF, INF], [3, 8000])
    answer = any_backend.solve(plain)
    assert answer.x == pytest.approx([1e8, 12], rel=1e-9)
    assert answer.row_marginals == pytest.approx([3, 8000])


def test_the_answer_says_who_gave_it_and_how(workshop, backend):
    answer = backend.solve(workshop)
    assert answer.backend == backend.name
    assert answer.version == backend.version()
    assert answer.seconds > 0
    assert answer.used


small = st.integers(-3, 3)


@st.composite
def bounded_models(draw):
    """Rows of small whole numbers over columns between 0 and 10: never unbounded."""
    columns, rows = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    line = st.lists(small, min_size=columns, max_size=columns)
    upper = draw(st.lists(st.integers(-4, 20), min_size=rows, max_size=rows))
    slack = draw(st.lists(st.sampled_from([0, 3, INF]), min_size=rows, max_size=rows))
    return {
        "rows": draw(st.lists(line, min_size=rows, max_size=rows)),
        "row_lower": [u - s for u, s in zip(upper, slack, strict=True)],
        "row_upper": upper,
        "cost": draw(line),
        "column_upper": [10] * columns,
    }


@given(bounded_models())
@settings(max_examples=60)
def test_all_backends_give_the_same_status_and_objective(form, model):
    plain = form(**model)
    answers = [b.solve(plain) for b in (*BACKENDS.values(), find("appsi_highs"))]
    assert len({answer.status for answer in answers}) == 1
    assert len({answer.unique for answer in answers[:2]}) == 1
    if answers[0].status.answered:
        objectives = [answer.objective for answer in answers]
        assert objectives == pytest.approx([objectives[0]] * 3, rel=1e-6, abs=1e-7)


@given(bounded_models())
@settings(max_examples=60)
def test_marginals_prove_the_optimum(form, backend, model):
    """Strong duality: marginals times the bounds that they speak of are the objective."""
    plain = form(**model)
    answer = backend.solve(plain)
    if not answer.status.answered:
        return
    total = 0.0
    for marginal, lower, upper in (
        (answer.row_marginals, plain.row_lower, plain.row_upper),
        (answer.reduced_costs, plain.column_lower, plain.column_upper),
    ):
        for m, low, high in zip(marginal, lower, upper, strict=True):
            total += m * (low if m > 0 else high) if abs(m) > 1e-9 else 0.0
    assert total == pytest.approx(answer.objective, abs=1e-6)
