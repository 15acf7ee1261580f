"""The greatest ratio, by both ways, and the least cost at it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import BACKENDS
from symbiosis.solvers.matrix import LinearExpression
from symbiosis.solvers.ratio import least_cost_at_ratio, maximise_ratio
from symbiosis.solvers.status import Status

INF = np.inf


def linear(*coefficients, offset=0.0):
    return LinearExpression(np.array(coefficients, dtype=float), offset)


def with_a_switch(form):
    """The same question with an integer column that touches nothing, so that steps answer it."""
    return form.with_columns(
        np.zeros((form.rows, 1)), [0.0], [1.0], [0.0], [("switch", ())]
    ), lambda e: LinearExpression(np.append(e.vector, 0.0), e.offset)


def as_integer_question(form, *expressions):
    wider, widened = with_a_switch(form)
    integer = wider.integer.copy()
    integer[-1] = True
    return replace(wider, integer=integer), *(widened(e) for e in expressions)


@pytest.fixture
def heap(form):
    """A works makes 100 t of slag a year and has an old heap.

    Fresh slag f goes to a line of 60 t, old slag s to another of 50 t. R = (f + s) / (100 + s).
    R rises with f and, as long as R < 1, with s: f = 60, s = 50, R = 110/150.
    One more of the first line: 1/150. One more of the second: (1 - R)/150 = (40/150)/150.
    """
    return form([[1, 0], [0, 1]], [-INF] * 2, [60, 50], [0, 0])


USED, MADE = linear(1, 1), linear(0, 1, offset=100)


def test_a_ratio_whose_denominator_moves_is_that_worked_out_by_hand(heap, any_backend):
    answer = maximise_ratio(heap, USED, MADE, any_backend)
    assert answer.status is Status.OPTIMAL
    assert answer.ratio == pytest.approx(110 / 150, rel=1e-10)
    assert answer.x == pytest.approx([60, 50])
    assert (answer.numerator, answer.denominator) == pytest.approx((110, 150))
    assert answer.row_marginals == pytest.approx([1 / 150, (40 / 150) / 150], abs=1e-12)
    assert answer.upper == pytest.approx(answer.lower)


def test_steps_find_the_same_ratio_and_marginals(heap, any_backend):
    answer = maximise_ratio(*as_integer_question(heap, USED, MADE), any_backend)
    assert answer.ratio == pytest.approx(110 / 150, rel=1e-9)
    assert answer.row_marginals == pytest.approx([1 / 150, (40 / 150) / 150], abs=1e-9)
    assert answer.lower <= 110 / 150 + 1e-12 <= answer.upper + 1e-9


def test_taking_less_can_give_the_greater_ratio(form, backend):
    """Both heaps share one line of 80 t: old slag only adds to the denominator.

    None of it is taken: 80/100, not 80/150. One more tonne of the line is worth 1/100, one of old
    slag -0.8/100.
    """
    shared = form([[1, 1]], [-INF], [80], [0, 0], column_upper=[100, 50])
    answer = maximise_ratio(shared, USED, MADE, backend)
    assert answer.ratio == pytest.approx(0.8)
    assert answer.x == pytest.approx([80, 0])
    assert answer.row_marginals == pytest.approx([0.01])
    assert answer.reduced_costs == pytest.approx([0, -0.008], abs=1e-12)
    assert answer.unique is True


def test_points_of_one_ratio_are_not_called_unique(form, backend):
    """Two lines of one sort of slag, each of 80 t, together at most 80: any split will do."""
    plain = form([[1, 1]], [-INF], [80], [0, 0])
    answer = maximise_ratio(plain, linear(1, 1), linear(0, 0, offset=100), backend)
    assert answer.ratio == pytest.approx(0.8)
    assert answer.unique is False


def test_a_denominator_that_nothing_moves_is_divided_by(form, backend):
    plain = form([[1]], [-INF], [30], [0])
    answer = maximise_ratio(plain, linear(2), linear(0, offset=120), backend)
    assert answer.ratio == pytest.approx(0.5)
    assert answer.row_marginals == pytest.approx([2 / 120])


@pytest.mark.parametrize(
    "below", [linear(0), linear(-1), linear(0, offset=-5), linear(-1, offset=-1)]
)
def test_a_denominator_that_is_never_positive_leaves_the_ratio_undefined(form, backend, below):
    plain = form([[1]], [-INF], [30], [0])
    assert maximise_ratio(plain, linear(2), below, backend).status is Status.UNDEFINED


def test_only_points_with_a_positive_denominator_count(form, backend):
    """(1 + x) / (x - 2), 0 <= x <= 10, is 1/-2 at 0 and without limit just above 2.

    From x = 3 on it falls from 4.
    """
    plain = form([[1]], [-INF], [10], [0])
    above, below = linear(1, offset=1), linear(1, offset=-2)
    assert maximise_ratio(plain, above, below, backend).status is Status.UNBOUNDED
    later = plain.with_column_bounds(np.array([3.0]), np.array([INF]))
    assert maximise_ratio(later, above, below, backend).ratio == pytest.approx(4)


def test_nothing_over_nothing_is_left_aside(form, backend):
    """(2 x + y) / (x + y) at (0, 0) is nothing over nothing; with x <= 3 y it is at most 7/4."""
    plain = form([[1, -3]], [-INF], [0], [0, 0], column_upper=[10, 10])
    for question in (
        (plain, linear(2, 1), linear(1, 1)),
        as_integer_question(plain, linear(2, 1), linear(1, 1)),
    ):
        answer = maximise_ratio(*question, backend)
        assert answer.status is Status.OPTIMAL
        assert answer.ratio == pytest.approx(1.75)
        assert answer.denominator > 0


def test_a_ratio_that_is_only_approached_is_not_given_as_reached(form, backend):
    """The ratio x / (x + 1) comes near 1 as x grows and never reaches it."""
    plain = form([[1]], [0], [INF], [0])
    answer = maximise_ratio(plain, linear(1), linear(1, offset=1), backend)
    assert answer.status is Status.UNBOUNDED
    assert answer.ratio is None
    assert answer.upper == pytest.approx(1)


def test_rows_that_conflict_leave_no_ratio(form, backend):
    plain = form([[1, 0], [1, 0]], [5, -INF], [INF, 4], [0, 0])
    assert maximise_ratio(plain, USED, MADE, backend).status is Status.INFEASIBLE
    question = as_integer_question(plain, USED, MADE)
    assert maximise_ratio(*question, backend).status is Status.INFEASIBLE


def test_a_link_that_runs_above_its_minimum_or_not_at_all(form, any_backend):
    """100 t of ash; link a takes up to 30, link b at least 40 or nothing; 2 a + b <= 60.

    With a alone: 30; with b alone: 60; with both, a = 10 and b = 40: 50. So b = 60, R = 0.6.
    """
    plain = form(
        [[2, 1, 0], [0, 1, -60], [0, 1, -40]], [-INF, -INF, 0], [60, 0, INF], [0, 0, 0],
        column_upper=[30, 100, 1], integer=[False, False, True],
    )  # fmt: skip
    answer = maximise_ratio(plain, linear(1, 1, 0), linear(0, 0, 0, offset=100), any_backend)
    assert answer.ratio == pytest.approx(0.6)
    assert answer.x == pytest.approx([0, 60, 1], abs=1e-9)


def test_integers_with_a_denominator_that_moves_are_bracketed(form, backend):
    """R = (2 y + z) / (4 + y), y and z whole, y <= 3, z <= 2, y + 2 z <= 5.

    With (y, z) = (3, 1): 7/7; (1, 2): 4/5; (2, 1): 5/6. The greatest is 1.
    """
    plain = form([[1, 2]], [-INF], [5], [0, 0], column_upper=[3, 2], integer=[True, True])
    answer = maximise_ratio(plain, linear(2, 1), linear(1, 0, offset=4), backend)
    assert answer.status is Status.OPTIMAL
    assert answer.ratio == pytest.approx(1)
    assert answer.upper == pytest.approx(1, abs=1e-7)


def test_the_bracket_holds_the_gap_of_the_solver(form, backend):
    draw = np.random.default_rng(4)
    worth, size = draw.integers(10, 60, 20).astype(float), draw.integers(10, 60, (2, 20))
    plain = form(
        size, [-INF] * 2, size.sum(axis=1) // 2, [0] * 20,
        column_upper=[1] * 20, integer=[True] * 20,
    )  # fmt: skip
    above, below = LinearExpression(worth), LinearExpression(size[0] / 3.0, 200.0)
    best = maximise_ratio(plain, above, below, backend)
    rough = maximise_ratio(plain, above, below, backend, SolveOptions(gap=0.05))
    assert best.upper - best.lower < 1e-6
    assert rough.lower <= best.lower + 1e-9
    assert best.lower <= rough.upper + 1e-9


def test_the_least_cost_keeps_the_ratio(heap, any_backend):
    """At R = 110/150 both lines are full whatever they cost: 60 * 2 + 50 * 7 = 470."""
    cheapest = least_cost_at_ratio(heap, USED, MADE, 110 / 150, linear(2, 7), any_backend)
    assert cheapest.status is Status.OPTIMAL
    assert cheapest.solution.objective == pytest.approx(470, rel=1e-7)
    assert cheapest.ratio_after >= 110 / 150 - 1e-9
    assert cheapest.ratio_before == 110 / 150


def test_the_least_cost_takes_the_cheaper_of_equal_uses(form, backend):
    """Of 100 t, 80 are to be used, 50 t at 1 and 60 t at 4: 50 + 30 * 4 = 170.

    One point of R less, one tonne, saves 4: 400 per unit of R.
    """
    plain = form([[1, 1]], [-INF], [80], [0, 0], column_upper=[50, 60])
    made = linear(0, 0, offset=100)
    cheapest = least_cost_at_ratio(plain, linear(1, 1), made, 0.8, linear(1, 4), backend)
    assert cheapest.solution.x == pytest.approx([50, 30])
    assert cheapest.solution.objective == pytest.approx(170)
    assert cheapest.cost_per_ratio == pytest.approx(400)
    assert cheapest.solution.row_marginals.shape == (1,)


def test_a_ratio_out_of_reach_has_no_least_cost(heap, backend):
    found = least_cost_at_ratio(heap, USED, MADE, 0.9, linear(1, 1), backend)
    assert found.status is Status.INFEASIBLE
    assert found.ratio_after is None


@st.composite
def parks(draw):
    """A few by-products of 1 to 1e8 t with lines and old heaps of the same spread."""
    size = st.floats(0, 8).map(lambda e: round(10.0**e, 3))
    count = draw(st.integers(1, 4))
    sizes = st.lists(size, min_size=count, max_size=count)
    return {"made": draw(sizes), "lines": draw(sizes), "old": draw(sizes), "mill": draw(size)}


def park_question(form, park):
    """Columns: fresh and old of each by-product; rows: its line, and a mill that all share."""
    n = len(park["made"])
    lines = np.hstack([np.eye(n), np.eye(n)])
    plain = form(
        np.vstack([lines, np.ones(2 * n)]), [-INF] * (n + 1), [*park["lines"], park["mill"]],
        [0.0] * 2 * n, column_upper=[*park["made"], *park["old"]],
    )  # fmt: skip
    below = LinearExpression(np.append(np.zeros(n), np.ones(n)), sum(park["made"]))
    return plain, LinearExpression(np.ones(2 * n)), below


@given(parks())
@settings(max_examples=40)
def test_both_ways_and_both_backends_give_one_ratio(form, park):
    question = park_question(form, park)
    answers = [maximise_ratio(*question, b) for b in BACKENDS.values()]
    answers += [maximise_ratio(*as_integer_question(*question), b) for b in BACKENDS.values()]
    assert {a.status for a in answers} == {Status.OPTIMAL}
    assert [a.ratio for a in answers] == pytest.approx([answers[0].ratio] * 4, rel=1e-6)
    assert all(
        question[0].violation(a.x[: question[0].columns]) <= 1e-6 * max(park["made"])
        for a in answers
    )


@given(parks(), st.integers(0, 1000))
@settings(max_examples=40)
def test_the_cost_stage_gives_up_no_more_than_it_may(form, backend, park, seed):
    question = park_question(form, park)
    best = maximise_ratio(*question, backend)
    prices = np.random.default_rng(seed).uniform(1, 1e4, question[0].columns)
    held = least_cost_at_ratio(*question, best.ratio, LinearExpression(prices), backend)
    assert held.status is Status.OPTIMAL
    assert best.ratio - held.ratio_after <= 1e-9
    assert held.solution.objective <= prices @ best.x * (1 + 1e-9) + 1e-9
