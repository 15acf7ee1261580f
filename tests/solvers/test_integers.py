"""Models with integers: exact, with a bound that is never better than the truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import BACKENDS
from symbiosis.solvers.status import Status

INF = np.inf


def knapsack(form, seed, items):
    draw = np.random.default_rng(seed)
    weights = draw.integers(20, 60, (2, items))
    return form(
        weights, [-INF] * 2, weights.sum(axis=1) // 2, -draw.integers(20, 60, items).astype(float),
        column_upper=[1] * items, integer=[True] * items,
    )  # fmt: skip


def test_the_knapsack_is_that_worked_out_by_hand(form, any_backend):
    """Weights 5 4 3 2, worth 10 7 5 3, at most 7: the 5 and the 2 are worth 13.

    (4 and 3 are worth 12, half a further item is not to be had.)
    """
    plain = form(
        [[5, 4, 3, 2]], [-INF], [7], [-10, -7, -5, -3], column_upper=[1] * 4, integer=[True] * 4
    )
    answer = any_backend.solve(plain)
    assert answer.status is Status.OPTIMAL
    assert answer.x.tolist() == [1, 0, 0, 1]
    assert answer.objective == pytest.approx(-13)
    assert answer.bound == pytest.approx(-13)
    assert answer.unique is None


def test_marginals_hold_at_fixed_integers(form, any_backend):
    """A line of 8 is built (y = 1, for 5) and filled at 3 per unit: 5 y - 3 x, x <= 8 y, x <= 6.

    With y at 1 only the market of 6 binds: one more of it is worth 3.
    """
    plain = form(
        [[1, -8], [1, 0]], [-INF] * 2, [0, 6], [-3, 5], column_upper=[INF, 1], integer=[False, True]
    )
    answer = any_backend.solve(plain)
    assert answer.objective == pytest.approx(-13)
    assert answer.row_marginals == pytest.approx([0, -3], abs=1e-9)


def test_a_minimum_flow_is_met_exactly_however_large_its_switch(form, backend):
    """With x <= 1e6 y, a y of 1e-6 would let a tonne slip through; x >= 1 makes y one."""
    plain = form([[1, -1e6]], [-INF], [0], [0, 1], [1, 0], [INF, 1], integer=[False, True])
    answer = backend.solve(plain)
    assert answer.x[1] == 1.0
    assert answer.objective == pytest.approx(1)


def test_integers_without_a_whole_point_are_infeasible(form, any_backend):
    """2 x = 1."""
    plain = form([[2]], [1], [1], [1], column_upper=[10], integer=[True])
    assert any_backend.solve(plain).status is Status.INFEASIBLE


def test_a_gap_is_kept_and_told_truthfully(form, backend):
    plain = knapsack(form, 3, 25)
    best = backend.solve(plain)
    rough = backend.solve(plain, SolveOptions(gap=0.05))
    assert best.status is Status.OPTIMAL
    assert rough.status.answered
    assert rough.gap <= 0.05 + 1e-9
    assert rough.bound <= best.objective + 1e-6 <= rough.objective + 2e-6


def test_running_out_of_time_is_no_failure_and_no_false_proof(form, backend):
    """Sixty items cannot be proved in a few milliseconds; whatever is there is bounded."""
    plain = knapsack(form, 5, 60)
    answer = backend.solve(plain, SolveOptions(time_limit_s=0.02))
    assert answer.status in (Status.FEASIBLE, Status.NO_ANSWER, Status.OPTIMAL)
    if answer.status.answered:
        assert plain.violation(answer.x) < 1e-6
        assert answer.bound <= answer.objective


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_backends_agree_on_random_knapsacks(form, seed):
    plain = knapsack(form, seed, 12)
    found = [b.solve(plain).objective for b in BACKENDS.values()]
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_a_hair_of_room_beside_a_switch_is_not_called_infeasible(form, backend):
    """Ash (at most half of the blend) and idle slag fill a rate to a hair: the only point.

    Sent ash = 164.383561643835 = bought, slag idle, dumped the rest of 2,739.726027397260 and of
    1,643.835616438356; the row asks for 4.4e-6 less. With its presolve HiGHS called it infeasible.
    Cost: 10 x 164.38 + 50 x 164.38 + 20 x 2,575.34 + 30 x 1,643.84 = 110,684.93.
    """
    ash, slag, blend = 2739.7260273972606, 1643.8356164383563, 328.767123287671
    least, most, free = 1000.0, 20383.561643835616, np.inf
    found = backend.solve(
        form(
            [
                [1, 0, 0, 1, 0, 0],
                [0, 1, 0, 0, 1, 0],
                [1, 1, 1, 0, 0, 0],
                [0.5, -0.5, -0.5, 0, 0, 0],
                [0, -1, 0, 0, 0, least],
                [0, 1, 0, 0, 0, -most],
                [1, 1, 0, 0, 0, 0],
            ],
            [ash, slag, blend, -free, -free, -free, blend / 2 - 4.4e-6],
            [ash, slag, blend, 0, 0, 0, free],
            [10, 15, 50, 20, 30, 0],
            column_upper=[free, free, free, free, free, 1],
            integer=[False] * 5 + [True],
        )
    )
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(110_684.93, rel=1e-6)
