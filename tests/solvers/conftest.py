"""Small forms written as lists, and the backends that every law of solving holds for."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import sparse

from symbiosis.solvers.backend import Backend
from symbiosis.solvers.backends import BACKENDS, find
from symbiosis.solvers.matrix import MatrixForm


def made_form(
    rows: Sequence[Sequence[float]],
    row_lower: Sequence[float],
    row_upper: Sequence[float],
    cost: Sequence[float],
    column_lower: Sequence[float] | None = None,
    column_upper: Sequence[float] | None = None,
    integer: Sequence[bool] | None = None,
    offset: float = 0.0,
) -> MatrixForm:
    """A form; columns are not negative, without limit and continuous unless said otherwise."""
    count = len(cost)
    return MatrixForm(
        matrix=sparse.csc_array(np.array(rows, dtype=float).reshape(-1, count)),
        row_lower=np.array(row_lower, dtype=float),
        row_upper=np.array(row_upper, dtype=float),
        column_lower=np.zeros(count) if column_lower is None else np.array(column_lower, float),
        column_upper=np.full(count, np.inf)
        if column_upper is None
        else np.array(column_upper, float),
        integer=np.zeros(count, bool) if integer is None else np.array(integer, bool),
        cost=np.array(cost, dtype=float),
        offset=offset,
        row_keys=tuple(("row", i) for i in range(len(row_lower))),
        column_keys=tuple(("x", j) for j in range(count)),
    )


@pytest.fixture(scope="session")
def form() -> Callable[..., MatrixForm]:
    return made_form


@pytest.fixture(scope="session", params=list(BACKENDS))
def backend(request: pytest.FixtureRequest) -> Backend:
    return BACKENDS[request.param]


@pytest.fixture(scope="session", params=[*BACKENDS, "appsi_highs"])
def any_backend(request: pytest.FixtureRequest) -> Backend:
    return find(request.param)
