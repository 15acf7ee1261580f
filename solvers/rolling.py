"""A basis to start a long horizon from, found by rolling windows over it.

The slices of a horizon hang together only by what lies in the heaps. Window after window is solved
by itself, with what the one before left lying; each is small, and starts from the basis of the one
before. Their bases one after another are a basis of the whole: the rows of a window have no entry
in the columns of a later one, so that the basis matrix is block triangular, and it is feasible,
because what every window starts from is what the one before ended with. Nobody looked ahead over
the end of a window: the dual simplex puts that right from there on.

Rows and columns of the whole year that are not ties (old heaps, yearly charges, a rate that is
held) are no part of a window; their rows are basic in the whole.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from symbiosis.solvers.backend import LOOSE, Backend, Loaded, Solution, SolveOptions
from symbiosis.solvers.basis import BASIC, LOWER, Basis
from symbiosis.solvers.keys import Numbered
from symbiosis.solvers.matrix import Integers, MatrixForm

WINDOW = 2
"""Slices of a window."""
LONG = 24
"""From so many slices on a horizon is long."""


@dataclass(frozen=True)
class Layout:
    """How the arrays of a year lie: slices of ``rows`` x ``columns`` each, then levels and ties.

    The level of store k after slice s is column ``slices x columns + k x slices + s``, its tie the
    row ``slices x rows + k x slices + s``.
    """

    slices: int
    rows: int
    columns: int
    stores: int

    @property
    def long(self) -> bool:
        """Whether rolling over it is worth the while."""
        return self.slices >= LONG


@dataclass(frozen=True, eq=False)
class _Window:
    """Some slices of a form: the numbers of their rows and columns, and their form."""

    rows: Integers
    columns: Integers
    form: MatrixForm


def solve_rolling(
    form: MatrixForm, layout: Layout | None, backend: Backend, options: SolveOptions
) -> Solution:
    """The minimum of a form, started from rolling windows where its horizon is long."""
    if layout is None or not layout.long or form.has_integers:
        return backend.solve(form, options)
    start = rolled_start(form, layout, backend, options)
    return backend.solve(form, replace(options, start=start))


def rolled_start(
    form: MatrixForm, layout: Layout, backend: Backend, options: SolveOptions, window: int = WINDOW
) -> Basis | None:
    """A basis for ``form`` from windows over it; None where a window has no optimum.

    It need not be exact: it is a start, and the solve of the whole is checked.
    """
    asked = replace(
        options, check_unique=False, keep_basis=True, start=None,
        feasibility_tolerance=LOOSE, optimality_tolerance=LOOSE,
    )  # fmt: skip
    rows = np.full(form.rows, BASIC, dtype=np.int8)
    columns = np.full(form.columns, LOWER, dtype=np.int8)
    lying = np.zeros(layout.stores)
    start: Basis | None = None
    loaded: Loaded | None = None
    for first in range(0, layout.slices, window):
        last = min(first + window, layout.slices)
        part = _window(form, layout, first, last, lying)
        if loaded is None or last - first < window:
            loaded, start = backend.loaded(part.form, asked, scaled=False), None
        if loaded is None:
            return None
        found = loaded.solve(part.form, start)
        if found.x is None or found.basis is None:
            return None
        rows[part.rows], columns[part.columns] = found.basis.rows, found.basis.columns
        lying, start = found.x[len(part.columns) - layout.stores :], found.basis
    return Basis(rows, columns)


def _window(form: MatrixForm, layout: Layout, first: int, last: int, lying: np.ndarray) -> _Window:
    """The slices from ``first`` to before ``last``, with what lies in the heaps before them."""
    rows = _members(layout, layout.rows, first, last)
    columns = _members(layout, layout.columns, first, last)
    lower, upper = form.row_lower[rows], form.row_upper[rows]
    # The ties of the first slice stand right behind the rows of the slices.
    ties = slice((last - first) * layout.rows, (last - first) * layout.rows + layout.stores)
    lower[ties] += lying
    upper[ties] += lying
    part = MatrixForm(
        matrix=_part(form.matrix, rows, columns),
        row_lower=lower,
        row_upper=upper,
        column_lower=form.column_lower[columns],
        column_upper=form.column_upper[columns],
        integer=np.zeros(len(columns), dtype=np.bool_),
        cost=form.cost[columns],
        offset=0.0,
        row_keys=Numbered("row", len(rows)),
        column_keys=Numbered("column", len(columns)),
    )
    return _Window(rows, columns, part)


def _members(layout: Layout, each: int, first: int, last: int) -> Integers:
    """Numbers of the slices' own rows or columns, then those of the stores, slice by slice."""
    own = np.arange(first * each, last * each)
    stores = np.arange(layout.stores) * layout.slices + layout.slices * each
    return np.concatenate([own, (np.arange(first, last)[:, None] + stores).ravel()])


def _part(matrix: sparse.csc_array, rows: Integers, columns: Integers) -> sparse.csc_array:
    """The entries of some rows and columns."""
    place = np.full(matrix.shape[0], -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    chosen = matrix[:, columns]
    kept = place[chosen.indices] >= 0
    column = np.repeat(np.arange(len(columns)), np.diff(chosen.indptr))[kept]
    starts = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(columns)))])
    entries = (chosen.data[kept], place[chosen.indices[kept]], starts)
    part = sparse.csc_array(entries, shape=(len(rows), len(columns)))
    part.sort_indices()
    return part
