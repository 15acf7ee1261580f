"""A kept model answers as a fresh one does, in any order, and rolling starts change no optimum."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.solvers.backend import Backend, SolveOptions
from symbiosis.solvers.backends import BACKENDS
from symbiosis.solvers.basis import BASIC, Basis
from symbiosis.solvers.matrix import FormError, LinearExpression, MatrixForm
from symbiosis.solvers.rolling import Layout, rolled_start
from symbiosis.solvers.session import Session
from symbiosis.solvers.status import Status
from tests.solvers.conftest import made_form

KEEPING = [BACKENDS[name] for name in ("glpk", "highs")]
FEW = settings(max_examples=25, derandomize=True, deadline=None)
QUICK = SolveOptions(check_unique=False)


def transport(supply: list[float], demand: list[float], costs: list[float]) -> MatrixForm:
    """Two sources, two sinks, what is missing is bought at 100: columns x11 x12 x21 x22 b1 b2."""
    rows = [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]]
    return made_form(rows, [-np.inf] * 2 + demand, supply + demand, [*costs, 100.0, 100.0])


VARIED = [
    transport([30, 20], [20, 25], [4, 6, 5, 3]),
    transport([10, 20], [20, 25], [4, 6, 5, 3]),
    transport([30, 20], [5, 40], [4, 6, 5, 3]),
    transport([30, 20], [20, 25], [9, 1, 5, 3]),
]


@pytest.mark.parametrize("backend", KEEPING, ids=lambda b: b.name)
def test_a_kept_model_answers_as_a_fresh_one(backend: Backend) -> None:
    session = Session(backend, VARIED[0])
    for form in VARIED:
        kept, fresh = session.solve(form), backend.solve(form)
        assert kept.status is Status.OPTIMAL
        assert kept.objective == pytest.approx(fresh.objective, rel=1e-9)
        assert kept.row_marginals is not None


@pytest.mark.parametrize("backend", KEEPING, ids=lambda b: b.name)
def test_no_answer_depends_on_the_order_of_the_questions(backend: Backend) -> None:
    answers: dict[int, set[bytes]] = {}
    for order in permutations(range(len(VARIED))):
        session = Session(backend, VARIED[0])
        for number in order:
            answers.setdefault(number, set()).add(session.solve(VARIED[number]).point.tobytes())
    assert all(len(found) == 1 for found in answers.values())


@pytest.mark.parametrize("backend", KEEPING, ids=lambda b: b.name)
def test_other_coefficients_are_passed_again(backend: Backend) -> None:
    """Half of what source 1 sends to sink 1 is lost: 20 t need 40, of which there are 30."""
    first = VARIED[0]
    session = Session(backend, first)
    matrix = first.matrix.copy()
    matrix.data[matrix.indptr[0] : matrix.indptr[1]] *= [1.0, 0.5]
    lossy = replace(first, matrix=matrix)
    assert session.solve(lossy).objective == pytest.approx(backend.solve(lossy).objective)
    assert session.solve(first).objective == pytest.approx(backend.solve(first).objective)


@pytest.mark.parametrize("backend", KEEPING, ids=lambda b: b.name)
def test_what_cannot_be_met_is_said_by_a_fresh_solve(backend: Backend) -> None:
    session = Session(backend, VARIED[0])
    nothing_bought = np.array([np.inf] * 4 + [0.0, 0.0])
    hungry = replace(VARIED[0], column_upper=nothing_bought, row_lower=np.array([0, 0, 99.0, 99.0]))
    impossible = replace(hungry, row_upper=np.array([30.0, 20.0, 99.0, 99.0]))
    assert session.solve(impossible).status is Status.INFEASIBLE
    assert session.solve(VARIED[1]).status is Status.OPTIMAL


@pytest.mark.parametrize("backend", KEEPING, ids=lambda b: b.name)
def test_a_model_with_integers_is_solved_afresh(backend: Backend) -> None:
    whole = replace(VARIED[0], integer=np.array([True] * 4 + [False] * 2))
    found = Session(backend, whole).solve(whole)
    assert found.objective == pytest.approx(backend.solve(whole).objective)


@pytest.mark.parametrize("backend", KEEPING, ids=lambda b: b.name)
def test_another_structure_is_solved_afresh_and_no_wrong_array_reaches_the_library(
    backend: Backend,
) -> None:
    session = Session(backend, VARIED[0])
    wider = VARIED[0].with_row(LinearExpression(np.eye(6)[0]), -np.inf, 3.0, ("cap", ()))
    assert session.solve(wider).objective == pytest.approx(backend.solve(wider).objective)
    for wrong in (
        replace(VARIED[0], cost=np.full(6, np.nan)),
        replace(VARIED[0], row_lower=np.zeros(9)),
        replace(VARIED[0], column_upper=np.zeros(2)),
    ):
        with pytest.raises(FormError):
            session.solve(wrong)
    assert session.solve(VARIED[1]).status is Status.OPTIMAL


def test_a_basis_that_does_not_fit_is_none() -> None:
    wide = Basis(np.full(9, BASIC), np.zeros(9, dtype=np.int64))
    assert wide.fitted(VARIED[0]) is None


@pytest.mark.parametrize("backend", KEEPING, ids=lambda b: b.name)
def test_a_useless_start_changes_no_optimum(backend: Backend) -> None:
    """Every row and column basic is no basis; both libraries go on from one of their own."""
    form = VARIED[0]
    wrong = Basis(np.full(form.rows, BASIC), np.full(form.columns, BASIC))
    found = backend.solve(form, SolveOptions(start=wrong))
    assert found.objective == pytest.approx(backend.solve(form).objective)


# --- rolling over a horizon


def horizon(amounts: list[float], wants: list[float], holding: float) -> MatrixForm:
    """Per slice: sent, bought at 10, put, taken, dumped at 2; a heap of 30 ties the slices.

    Supply: sent + dumped + put - taken = amount; need: sent + bought = want.
    """
    slices = len(amounts)
    own = 5
    rows = np.zeros((3 * slices, own * slices + slices))
    for s in range(slices):
        rows[2 * s, own * s + np.array([0, 4, 2, 3])] = [1, 1, 1, -1]
        rows[2 * s + 1, own * s + np.array([0, 1])] = 1
        tie = rows[2 * slices + s]
        tie[own * slices + s], tie[own * s + 2], tie[own * s + 3] = 1, -1, 1
        if s:
            tie[own * slices + s - 1] = -1
    right = [x for pair in zip(amounts, wants, strict=True) for x in pair] + [0.0] * slices
    cost = [0.0, 10.0, 0.0, 0.0, 2.0] * slices + [holding] * slices
    upper = [np.inf] * own * slices + [30.0] * slices
    return made_form(rows.tolist(), right, right, cost, None, upper)


@FEW
@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=9),
    st.integers(0, 1000),
    st.sampled_from([0.0, 0.5, 3.0]),
    st.integers(1, 4),
    st.sampled_from(KEEPING),
)
def test_a_rolling_start_changes_no_optimum(
    amounts: list[int], seed: int, holding: float, window: int, backend: Backend
) -> None:
    wants = np.random.default_rng(seed).integers(0, 50, len(amounts)).astype(float)
    form = horizon([float(a) for a in amounts], wants.tolist(), holding)
    layout = Layout(slices=len(amounts), rows=2, columns=5, stores=1)
    start = rolled_start(form, layout, backend, QUICK, window)
    assert start is not None
    assert (start.rows == BASIC).sum() + (start.columns == BASIC).sum() == form.rows
    cold, rolled = backend.solve(form, QUICK), backend.solve(form, replace(QUICK, start=start))
    assert rolled.objective == pytest.approx(cold.objective, rel=1e-9, abs=1e-9)


def test_rolling_over_one_window_is_the_optimum_itself() -> None:
    """Nothing is left to do: the basis of the only window is optimal."""
    form = horizon([40.0, 0.0, 10.0], [10.0, 20.0, 20.0], 0.5)
    start = rolled_start(form, Layout(3, 2, 5, 1), BACKENDS["highs"], QUICK, 3)
    found = BACKENDS["highs"].solve(form, replace(QUICK, start=start))
    assert found.iterations == 0
