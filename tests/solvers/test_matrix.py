"""The arrays of a model, and that nothing invalid reaches a library."""

from dataclasses import replace

import numpy as np
import pytest

from symbiosis.solvers.matrix import FormError, LinearExpression

INF = np.inf


@pytest.fixture
def plain(form):
    """x0 + 2 x1 <= 4, 3 <= x1 <= 9 as a row; minimise x0 + x1."""
    return form([[1, 2], [0, 1]], [-INF, 3], [4, 9], [1, 1])


@pytest.mark.parametrize("bad", [np.nan, INF, -INF, 1e20, -1e300])
def test_a_coefficient_that_is_not_a_finite_number_is_refused(plain, backend, bad):
    matrix = plain.matrix.copy()
    matrix.data[0] = bad
    with pytest.raises(FormError, match="matrix"):
        backend.solve(replace(plain, matrix=matrix))


@pytest.mark.parametrize("bad", [-1, 2, 2**31 - 1])
def test_a_row_index_out_of_range_is_refused(plain, backend, bad):
    matrix = plain.matrix.copy()
    matrix.indices[0] = bad
    with pytest.raises(FormError, match="row index"):
        backend.solve(replace(plain, matrix=matrix))


def test_an_entry_that_is_given_twice_is_refused(plain, backend):
    matrix = plain.matrix.copy()
    matrix.indices[2] = matrix.indices[1]
    with pytest.raises(FormError, match="twice"):
        backend.solve(replace(plain, matrix=matrix))


def test_starts_that_reach_beyond_the_entries_are_refused(plain, backend):
    matrix = plain.matrix.copy()
    matrix.indptr[-1] = 99
    with pytest.raises(FormError, match="beyond"):
        backend.solve(replace(plain, matrix=matrix))


@pytest.mark.parametrize("bad", [np.nan, INF])
def test_a_cost_that_is_not_a_finite_number_is_refused(plain, backend, bad):
    with pytest.raises(FormError, match="cost"):
        backend.solve(plain.with_cost(np.array([bad, 1.0])))


@pytest.mark.parametrize(
    ("lower", "upper"), [(np.nan, 1.0), (INF, INF), (-INF, -INF), (2.0, 1.0), (0.0, 1e20)]
)
def test_bounds_that_are_no_interval_are_refused(plain, backend, lower, upper):
    with pytest.raises(FormError, match="row"):
        backend.solve(plain.with_row_bounds(np.array([lower, 3.0]), np.array([upper, 9.0])))
    with pytest.raises(FormError, match="column"):
        backend.solve(plain.with_column_bounds(np.array([lower, 0.0]), np.array([upper, 9.0])))


def test_every_fault_is_told_at_once(plain):
    bad = replace(plain.with_cost(np.array([np.nan, 1.0])), offset=INF)
    with pytest.raises(FormError) as caught:
        bad.with_row_bounds(np.array([5.0, 3.0]), np.array([4.0, 2.0])).validate()
    assert len(caught.value.faults) == 4


def test_arrays_of_different_lengths_are_refused(plain):
    with pytest.raises(FormError, match="integer has 1"):
        replace(plain, integer=np.zeros(1, bool)).validate()


def test_more_rows_and_columns_leave_the_first_form_as_it_was(plain):
    """A row x0 - x1 + 1 in [0, 2] is x0 - x1 in [-1, 1]; a column joins both old rows."""
    row = LinearExpression(np.array([1.0, -1.0]), 1.0)
    longer = plain.with_row(row, 0.0, 2.0, ("more", ()))
    wider = longer.with_columns([[7.0], [0.0], [8.0]], [0.0], [5.0], [2.0], [("slack", 0)])
    wider.validate()
    assert plain.matrix.shape == (2, 2)
    assert wider.matrix.toarray().tolist() == [[1, 2, 7], [0, 1, 0], [1, -1, 8]]
    assert (wider.row_lower[2], wider.row_upper[2]) == (-1.0, 1.0)
    assert wider.cost.tolist() == [1, 1, 2]
    assert wider.row_keys[-1] == ("more", ())


def test_a_violation_is_the_largest_miss(plain):
    """At (1, 2): row 0 is 5, one over 4; row 1 is 2, one under 3. At (0, 3): row 0 is 6."""
    assert plain.violation(np.array([1.0, 2.0])) == 1.0
    assert plain.violation(np.array([0.0, 3.0])) == 2.0
