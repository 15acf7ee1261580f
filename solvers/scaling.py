"""Scaling: the same model in units in which its numbers lie near one.

A park mixes flows of 1e8 t with prices of 1 to 1e4 yuan, and solvers judge feasibility by absolute
tolerances. Row and column factors are chosen so that the logarithms of all entries (coefficients,
right-hand sides, column bounds) lie as near to zero as a least-squares fit brings them
(alternating means of logarithms over rows and columns), then rows are brought to a largest entry
of one. The cost has one factor for all columns and no say in theirs: a column is measured by the
size of its flow, so that the tolerance of a small flow is small, whatever its price.
All factors are powers of two, so that scaling rounds nothing.

Source: A. R. Curtis and J. K. Reid (1972), On the automatic scaling of matrices for Gaussian
elimination, IMA Journal of Applied Mathematics 10(1), 118-124, for the least-squares aim.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from symbiosis.solvers.matrix import Flags, Floats, Integers, MatrixForm

PASSES = 12
SETTLED = 0.1
"""Factors that move by less than this power of two in a pass are rounded to the same one."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """A scaled form and the way back: ``x = column_factor * x_scaled``.

    A scaled row is ``row_factor`` times the row; the scaled objective is ``cost_factor`` times
    the objective.
    """

    form: MatrixForm
    row_factor: Floats
    column_factor: Floats
    cost_factor: float

    @cached_property
    def entry_factor(self) -> Floats:
        """What each entry of the matrix is multiplied with."""
        matrix = self.form.matrix
        return self.row_factor[matrix.indices] * self.column_factor[_column_of_each(self.form)]

    def with_form(self, form: MatrixForm) -> "Scaled":
        """The same factors with another form of the same structure."""
        made = replace(self, form=form)
        made.__dict__["entry_factor"] = self.entry_factor
        return made

    def unscale(self, x: Floats) -> Floats:
        """A point of the scaled form in the columns' own units."""
        return self.column_factor * x

    def unscale_row_marginals(self, marginals: Floats) -> Floats:
        """Derivatives of the objective by row bounds, in own units."""
        return marginals * self.row_factor / self.cost_factor

    def unscale_reduced_costs(self, reduced: Floats) -> Floats:
        """Derivatives of the objective by column bounds, in own units."""
        return reduced / (self.column_factor * self.cost_factor)


def unscaled(form: MatrixForm) -> Scaled:
    """The form as it is, for solvers that are to scale by themselves."""
    return Scaled(form, np.ones(form.rows), np.ones(form.columns), 1.0)


def scale(form: MatrixForm) -> Scaled:
    """The form with powers of two as row, column and cost factors.

    Integer columns keep their unit, so that whole stays whole.
    """
    rows, columns = _factors(form)
    peak = float(np.abs(form.cost * columns).max(initial=0.0))
    cost_factor = float(2.0 ** -round(np.log2(peak))) if peak > 0 else 1.0
    factors = Scaled(form, rows, columns, cost_factor)
    return _applied(factors, form, form.matrix.data * factors.entry_factor)


def rescaled(like: Scaled, form: MatrixForm) -> Scaled:
    """A form of the same structure with the factors of another, so that a basis stays one."""
    data = form.matrix.data * like.entry_factor
    same = np.array_equal(data, like.form.matrix.data)
    return _applied(like, form, None if same else data)


def _applied(factors: Scaled, form: MatrixForm, data: Floats | None) -> Scaled:
    """The form with scaled entries ``data``, or with the matrix of ``factors`` where none are."""
    rows, columns, cost = factors.row_factor, factors.column_factor, factors.cost_factor
    old = factors.form.matrix
    scaled = replace(
        form,
        matrix=old
        if data is None
        else sparse.csc_array((data, old.indices, old.indptr), shape=old.shape),
        row_lower=form.row_lower * rows,
        row_upper=form.row_upper * rows,
        column_lower=form.column_lower / columns,
        column_upper=form.column_upper / columns,
        cost=form.cost * columns * cost,
        offset=form.offset * cost,
    )
    return factors.with_form(scaled)


def bound_size(lower: Floats, upper: Floats) -> Floats:
    """The largest finite magnitude of each pair of bounds, 0 where there is none."""
    finite = [np.where(np.isfinite(bound), np.abs(bound), 0.0) for bound in (lower, upper)]
    return np.asarray(np.maximum(*finite), dtype=float)


def _factors(form: MatrixForm) -> tuple[Floats, Floats]:
    """Row and column factors of the form, from the fit over the augmented matrix."""
    augmented = _augmented(form)
    fixed = np.append(form.integer, form.has_integers)
    row_log, column_log = _fit(augmented, fixed)
    shift = column_log[-1]
    columns = _power_of_two(column_log[:-1] - shift)
    rows = np.exp2(row_log[: form.rows] + shift)
    largest = np.zeros(form.rows)
    entries = np.abs(form.matrix.data) * columns[_column_of_each(form)]
    np.maximum.at(largest, form.matrix.indices, entries)
    rows = np.divide(1.0, largest, out=rows, where=largest > 0)
    return _power_of_two(np.log2(rows)), columns


@dataclass(frozen=True, eq=False)
class _Entries:
    """The nonzero entries of a matrix, with base-2 logarithms of their magnitudes."""

    row: Integers
    column: Integers
    logs: Floats
    rows: int
    columns: int


def _augmented(form: MatrixForm) -> _Entries:
    """Matrix, right-hand sides and column bounds as one matrix; its last column is the bounds'."""
    rhs = bound_size(form.row_lower, form.row_upper)
    sizes = bound_size(form.column_lower, form.column_upper)
    filled, bounded = np.flatnonzero(rhs), np.flatnonzero(sizes)
    bound_rows = form.rows + np.arange(len(bounded))
    last = form.columns
    blocks: tuple[tuple[Integers, Integers, Floats], ...] = (
        (form.matrix.indices, _column_of_each(form), form.matrix.data),
        (filled, np.full(len(filled), last), rhs[filled]),
        (bound_rows, bounded, np.ones(len(bounded))),
        (bound_rows, np.full(len(bounded), last), sizes[bounded]),
    )
    row = np.concatenate([block[0] for block in blocks])
    column = np.concatenate([block[1] for block in blocks])
    data = np.concatenate([block[2] for block in blocks])
    kept = data != 0.0
    logs = np.log2(np.abs(data[kept]))
    return _Entries(row[kept], column[kept], logs, form.rows + len(bounded), last + 1)


def _column_of_each(form: MatrixForm) -> Integers:
    """The column of every stored entry of the matrix."""
    return np.repeat(np.arange(form.columns), np.diff(form.matrix.indptr))


def _fit(entries: _Entries, fixed: Flags) -> tuple[Floats, Floats]:
    """Base-2 logarithms of the factors that bring all entries near one; ``fixed`` columns stay."""
    row, column = entries.row, entries.column
    row_count = np.maximum(np.bincount(row, minlength=entries.rows), 1)
    column_count = np.maximum(np.bincount(column, minlength=entries.columns), 1)
    rows, columns = np.zeros(entries.rows), np.zeros(entries.columns)
    for _ in range(PASSES):
        before = columns
        rows = -np.bincount(row, entries.logs + columns[column], entries.rows) / row_count
        columns = -np.bincount(column, entries.logs + rows[row], entries.columns) / column_count
        columns[fixed] = 0.0
        if np.abs(columns - before).max(initial=0.0) < SETTLED:
            break
    return rows, columns


def _power_of_two(logs: Floats) -> Floats:
    return np.asarray(np.exp2(np.rint(logs)), dtype=float)
