"""What conflicts, by how much, and with nothing that could be spared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.solvers.elastic import conflicts, irreducible
from symbiosis.solvers.status import Status

INF = np.inf


def anything(_key):
    return True


@pytest.fixture
def short(form):
    """Row 0: a kiln needs x >= 8; row 1: x <= 5 is delivered; rows 2 and 3 concern y alone."""
    return form([[1, 0], [1, 0], [0, 1], [0, 1]], [8, -INF, 1, -INF], [INF, 5, INF, 3], [0, 0])


def test_what_is_missing_is_told_in_the_rows_own_unit(short, any_backend):
    """3 are missing; asked of the need, which is the larger row, 3/8 is less than 3/5."""
    found = conflicts(short, anything, any_backend)
    assert found.status is Status.OPTIMAL
    (only,) = found.conflicts
    assert (only.key, only.side, only.of) == (("row", 0), "lower", "row")
    assert only.amount == pytest.approx(3)


def test_only_rows_that_may_give_way_do(short, backend):
    (only,) = conflicts(short, lambda key: key != ("row", 0), backend).conflicts
    assert (only.key, only.side) == (("row", 1), "upper")
    assert only.amount == pytest.approx(3)
    rigid = conflicts(short, lambda key: key[1] >= 2, backend)
    assert (rigid.status, rigid.conflicts) == (Status.INFEASIBLE, ())


def test_bounds_of_columns_give_way_if_asked(form, backend):
    """With x + y >= 10, x <= 6, y <= 1: 3 too little; y, asked alone, is to be 4."""
    plain = form([[1, 1]], [10], [INF], [0, 0], column_upper=[6, 1])
    nothing = np.zeros(1, dtype=bool)
    found = conflicts(plain, nothing, backend, elastic_columns=lambda key: key == ("x", 1))
    (only,) = found.conflicts
    assert (only.key, only.side, only.of) == (("x", 1), "upper", "column")
    assert only.amount == pytest.approx(3)


def test_what_can_be_met_has_no_conflict(form, backend):
    plain = form([[1, 1]], [3], [INF], [1, 1])
    assert conflicts(plain, anything, backend).conflicts == ()
    assert irreducible(plain, anything, backend).status is Status.OPTIMAL


def test_amounts_of_different_units_are_found_alike(form, backend):
    """1e8 t of slag lack 2e7; 40 GJ of heat lack 10: both are named, in their own numbers."""
    plain = form([[1, 0], [0, 1]], [1e8, 40], [INF, INF], [0, 0], column_upper=[8e7, 30])
    found = {c.key: c.amount for c in conflicts(plain, anything, backend).conflicts}
    assert found == pytest.approx({("row", 0): 2e7, ("row", 1): 10})


def test_none_of_an_irreducible_set_can_be_spared(short, any_backend):
    found = irreducible(short, anything, any_backend)
    assert found.status is Status.INFEASIBLE
    assert set(found.rows) == {("row", 0), ("row", 1)}


def test_rigid_rows_that_conflict_by_themselves_need_no_others(short, backend):
    found = irreducible(short, lambda key: key[1] >= 2, backend)
    assert (found.status, found.rows) == (Status.INFEASIBLE, ())


def test_an_empty_row_that_fails_is_its_own_conflict(form, backend):
    plain = form([[0.0], [1.0]], [4, 0], [INF, 1], [0])
    assert irreducible(plain, anything, backend).rows == (("row", 0),)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_without_any_one_row_of_the_set_the_others_can_be_met(form, backend, seed):
    draw = np.random.default_rng(seed)
    plain = form(
        draw.integers(-2, 3, (7, 4)), draw.integers(-2, 6, 7), [INF] * 7, [0] * 4,
        column_upper=[2] * 4,
    )  # fmt: skip
    found = irreducible(plain, anything, backend)
    if found.status is not Status.INFEASIBLE:
        assert backend.solve(plain).status.answered
        return
    rows = [plain.row_keys.index(key) for key in found.rows]
    for left_out in [None, *rows]:
        kept = np.isin(np.arange(7), [i for i in rows if i != left_out])
        part = plain.with_row_bounds(np.where(kept, plain.row_lower, -INF), plain.row_upper)
        assert backend.solve(part).status.answered is (left_out is not None)
