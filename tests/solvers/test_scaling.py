"""Scaling changes units and nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.solvers.scaling import scale

INF = np.inf
sizes = st.floats(-8.0, 8.0).map(lambda exponent: 10.0**exponent)


@given(st.lists(sizes, min_size=6, max_size=6), st.lists(sizes, min_size=3, max_size=3))
def test_a_scaled_form_is_the_same_model_in_other_units(form, entries, bounds):
    plain = form(
        [entries[:3], entries[3:]], [-INF, bounds[0]], bounds[:2], [1.0, -5.0, 0.0],
        column_upper=[bounds[2], INF, 3.0], offset=2.0,
    )  # fmt: skip
    scaled = scale(plain)
    x = np.array([0.5, 1.0, 2.0])
    own = scaled.unscale(x)
    for factors in (scaled.row_factor, scaled.column_factor, [scaled.cost_factor]):
        assert np.all(np.frexp(factors)[0] == 0.5), "powers of two round nothing"
    assert np.allclose(scaled.form.matrix @ x, scaled.row_factor * (plain.matrix @ own), rtol=1e-12)
    assert np.isclose(scaled.form.objective(x), scaled.cost_factor * plain.objective(own))
    assert np.array_equal(scaled.form.column_upper * scaled.column_factor, plain.column_upper)
    assert np.array_equal(scaled.form.row_lower, plain.row_lower * scaled.row_factor)


def test_integer_columns_keep_their_unit(form):
    plain = form([[1, -1e6]], [-INF], [0], [1, 1], column_upper=[1e6, 1], integer=[False, True])
    assert scale(plain).column_factor[1] == 1.0


def test_flows_of_different_sizes_come_near_one(form):
    """A park of two separate balances, 1e8 t and 10 t: both become numbers of one size."""
    plain = form([[1, 1, 0, 0], [0, 0, 1, 1]], [1e8, 10], [1e8, 10], [1, 2, 3, 4])
    bounds = scale(plain).form.row_lower
    assert np.all((bounds > 0.1) & (bounds < 10))
