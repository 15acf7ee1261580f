"""Which rows of a form conflict, and by how much: the same arrays with rows that may give way.

Every elastic row gets a slack on each side that it has a bound on; the sum of slacks, each
measured by the size of its row, is minimised. What then still gives way is what cannot be met, in
the row's own unit. ``irreducible`` instead looks for a set of rows none of which can be spared:
together they cannot be met, without any one of them the others can.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy import sparse

from symbiosis.solvers.backend import Backend, SolveOptions
from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import Flags, Floats, MatrixForm
from symbiosis.solvers.scaling import bound_size, scale
from symbiosis.solvers.status import Status

Chosen: TypeAlias = Flags | Callable[[Key], bool]
"""A mask, or what says of a key whether it is meant."""
SLIGHT = 1e-8
"""A slack below this part of its row's size is rounding."""


@dataclass(frozen=True)
class Conflict:
    """A row (or, ``of == "column"``, a column's bound) that cannot be met.

    ``amount`` is by how much, positive, in the row's unit; ``side`` the bound that is missed:
    ``lower`` if there is too little, ``upper`` if there is too much.
    """

    key: Key
    amount: float
    side: str
    of: str = "row"


@dataclass(frozen=True)
class Conflicts:
    """What cannot be met at the least sum of slacks, largest (by its row's size) first.

    ``status``: ``optimal`` (no conflicts: everything can be met); ``infeasible`` if what may not
    give way conflicts already.
    """

    status: Status
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class Irreducible:
    """Rows of which none can be spared from the conflict.

    ``status``: ``infeasible`` (each row was verified: without it the others can be met; no rows:
    what may not give way conflicts already), ``optimal`` if everything can be met, or what kept
    the solver from telling.
    """

    status: Status
    rows: tuple[Key, ...] = ()


def conflicts(
    form: MatrixForm,
    elastic: Chosen,
    backend: Backend,
    options: SolveOptions | None = None,
    elastic_columns: Chosen | None = None,
) -> Conflicts:
    """The rows (and bounds of columns) among the elastic ones that cannot be met, and by how much.

    ``elastic`` and ``elastic_columns`` are masks, or say of a key whether it may give way; no
    column's bounds do unless asked. The cost of ``form`` plays no part.
    """
    rows = _mask(elastic, form.row_keys)
    columns = np.zeros(form.columns, dtype=np.bool_)
    if elastic_columns is not None:
        columns = _mask(elastic_columns, form.column_keys)
    opened = _columns_as_rows(form, columns)
    soft = np.append(rows, np.ones(int(columns.sum()), dtype=np.bool_))
    found = _least_slack(opened, soft, backend, _quick(options))
    if found.slack is None:
        return Conflicts(found.status)
    places = sorted(found.broken(), key=lambda place: -abs(found.part(place)))
    return Conflicts(
        found.status,
        tuple(
            Conflict(
                opened.row_keys[i],
                abs(float(found.slack[i])),
                "lower" if found.slack[i] > 0 else "upper",
                "row" if i < form.rows else "column",
            )
            for i in places
        ),
    )


def irreducible(
    form: MatrixForm,
    elastic: Chosen,
    backend: Backend,
    options: SolveOptions | None = None,
) -> Irreducible:
    """A set of elastic rows that cannot be met together and of which none can be spared.

    First rows that give way are made rigid until nothing can be met any more (elastic filter),
    then each of them is left out in turn, for good if the conflict stays (deletion filter).
    """
    quick, soft = _quick(options), _mask(elastic, form.row_keys)
    status = _feasibility(form, backend, quick)
    if status is not Status.INFEASIBLE:
        return Irreducible(status)
    suspects = _suspects(form, soft, backend, quick)
    kept = suspects.copy()
    for i in np.flatnonzero(suspects):
        kept[i] = False
        status = _feasibility(_without(form, soft & ~kept), backend, quick)
        if status not in (Status.OPTIMAL, Status.INFEASIBLE):
            return Irreducible(status)
        kept[i] = status is Status.OPTIMAL
    return Irreducible(
        Status.INFEASIBLE, tuple(form.row_keys[i] for i in np.flatnonzero(kept).tolist())
    )


@dataclass(frozen=True, eq=False)
class _Slack:
    """By how much each row gives way (positive: its activity is too low), and the rows' sizes."""

    status: Status
    slack: Floats | None
    size: Floats

    def part(self, row: int) -> float:
        return 0.0 if self.slack is None else float(self.slack[row] / self.size[row])

    def broken(self) -> list[int]:
        if self.slack is None:
            return []
        return [int(i) for i in np.flatnonzero(np.abs(self.slack) > SLIGHT * self.size)]


def _least_slack(form: MatrixForm, soft: Flags, backend: Backend, options: SolveOptions) -> _Slack:
    """The least sum of slacks of the ``soft`` rows, each measured by its row's size."""
    size = _sizes(form)
    short = np.flatnonzero(soft & np.isfinite(form.row_lower))
    over = np.flatnonzero(soft & np.isfinite(form.row_upper))
    rows = np.concatenate([short, over])
    sign = np.concatenate([np.ones(len(short)), -np.ones(len(over))])
    # a slack is counted in sizes of its row, so that all slacks cost the same
    coefficients = sparse.csc_array(
        (sign * size[rows], (rows, np.arange(len(rows)))), shape=(form.rows, len(rows))
    )
    nothing, endless = np.zeros(len(rows)), np.full(len(rows), np.inf)
    keys = [("slack", (int(row), float(side))) for row, side in zip(rows, sign, strict=True)]
    free = form.with_cost(np.zeros(form.columns))
    solution = backend.solve(
        free.with_columns(coefficients, nothing, endless, np.ones(len(rows)), keys), options
    )
    if not solution.status.answered:
        return _Slack(solution.status, None, size)
    given = solution.point[form.columns :]
    slack = np.bincount(rows, sign * size[rows] * given, form.rows)
    return _Slack(solution.status, np.asarray(slack, dtype=float), size)


def _suspects(form: MatrixForm, soft: Flags, backend: Backend, options: SolveOptions) -> Flags:
    """Elastic rows that conflict with each other and the rigid ones, not yet without surplus."""
    rigid = np.zeros(form.rows, dtype=np.bool_)
    while True:
        remaining = soft & ~rigid
        found = _least_slack(form, remaining, backend, options)
        if found.status is Status.INFEASIBLE:
            return rigid
        broken = found.broken()
        if not broken:
            return soft
        rigid[broken] = True


def _sizes(form: MatrixForm) -> Floats:
    """The size of every row: its largest bound, or what scaling says where it has none but zero."""
    bound = bound_size(form.row_lower, form.row_upper)
    return np.where(bound > 0.0, bound, 1.0 / scale(form).row_factor)


def _columns_as_rows(form: MatrixForm, columns: Flags) -> MatrixForm:
    """The form with the bounds of ``columns`` moved to rows of their own, below the others."""
    where = np.flatnonzero(columns)
    pick = sparse.csr_array(
        (np.ones(len(where)), (np.arange(len(where)), where)), shape=(len(where), form.columns)
    )
    opened = form.with_rows(
        pick,
        form.column_lower[where],
        form.column_upper[where],
        [form.column_keys[j] for j in where.tolist()],
    )
    return opened.with_column_bounds(
        np.where(columns, -np.inf, form.column_lower),
        np.where(columns, np.inf, form.column_upper),
    )


def _without(form: MatrixForm, rows: Flags) -> MatrixForm:
    """The form with the bounds of ``rows`` taken away."""
    return form.with_row_bounds(
        np.where(rows, -np.inf, form.row_lower), np.where(rows, np.inf, form.row_upper)
    )


def _feasibility(form: MatrixForm, backend: Backend, options: SolveOptions) -> Status:
    """``optimal`` if the rows can be met, otherwise what the solver says."""
    status = backend.solve(form.with_cost(np.zeros(form.columns)), options).status
    return Status.OPTIMAL if status.answered else status


def _quick(options: SolveOptions | None) -> SolveOptions:
    return replace(options or SolveOptions(), check_unique=False)


def _mask(chosen: Chosen, keys: Sequence[Key]) -> Flags:
    if callable(chosen):
        return np.fromiter((chosen(key) for key in keys), np.bool_, len(keys))
    return np.asarray(chosen, dtype=np.bool_)
