"""The bare solver: the matrix written with numpy by hand and handed to HiGHS as arrays.

The floor of what any modelling layer can reach from a cold start. It is a second formulation, as
every peer's is; nobody would want to maintain it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from peers.interface import Batch, Change, Outcome, Stopwatch, options_for
from peers.synthetic import Floats, Integers, Synthetic


@dataclass(frozen=True, eq=False)
class Columns:
    """Where each variable stands: arrays of column numbers, slices first."""

    sent: Integers
    dumped: Integers
    bought: Integers
    put: Integers
    taken: Integers
    level: Integers
    runs: Integers
    count: int


@dataclass(frozen=True, eq=False)
class Form:
    """min cost x, row_lower <= matrix x <= row_upper, lower <= x <= upper."""

    cost: Floats
    lower: Floats
    upper: Floats
    matrix: sparse.csc_array
    row_lower: Floats
    row_upper: Floats
    integer: Integers


def solve(problem: Synthetic) -> Outcome:
    """Once, cold."""
    watch = Stopwatch()
    with watch("build"):
        form = form_of(problem)
    with watch("write"):
        solver = fresh(problem)
        solver.passModel(model_of(form))
    with watch("solve"):
        solver.run()
    with watch("read"):
        answer(solver)
    objective = solver.getInfo().objective_function_value
    return Outcome(objective, watch.seconds, solver.getNumCol(), solver.getNumRow())


def warm_batch(problem: Synthetic, variations: Iterable[Synthetic], change: Change) -> Batch:
    """Each variation started from the basis of the problem; rows alone where they suffice."""
    started = perf_counter()
    solver = fresh(problem)
    solver.passModel(model_of(form_of(problem)))
    solver.run()
    basis = solver.getBasis()
    first_s = perf_counter() - started
    rows = np.arange(solver.getNumRow(), dtype=np.int32)
    objectives = []
    for variation in variations:
        form = form_of(variation)
        if change is Change.ALL:
            solver.passModel(model_of(form))
        else:
            solver.changeRowsBounds(len(rows), rows, form.row_lower, form.row_upper)
        solver.setBasis(basis)
        solver.run()
        answer(solver)
        objectives.append(solver.getInfo().objective_function_value)
    return Batch(tuple(objectives), perf_counter() - started - first_s, first_s)


def fresh(problem: Synthetic) -> Any:
    """A silent HiGHS with the options that all peers share."""
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for name, value in options_for(problem.has_integers).items():
        solver.setOptionValue(name, value)
    return solver


def answer(solver: Any) -> Floats:
    """The values of the columns. Raises ``ValueError`` where there is no optimum."""
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ValueError(f"no optimum: {solver.modelStatusToString(solver.getModelStatus())}")
    return np.asarray(solver.getSolution().col_value)


def model_of(form: Form) -> Any:
    """The arrays as HiGHS takes them."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = form.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = form.cost, form.lower, form.upper
    lp.row_lower_, lp.row_upper_ = form.row_lower, form.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = form.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = form.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = form.matrix.data
    if len(form.integer):
        kinds = [highspy.HighsVarType.kContinuous] * len(form.cost)
        for column in form.integer.tolist():
            kinds[column] = highspy.HighsVarType.kInteger
        lp.integrality_ = kinds
    return lp


def form_of(problem: Synthetic) -> Form:
    """The whole problem as one matrix; rows by family, each family slice by slice."""
    columns = _columns(problem)
    families = (_supply, _tie, _need, _share, _capacity, _least, _most)
    rows = [family(problem, columns) for family in families]
    matrix = sparse.vstack([matrix for matrix, _, _ in rows], format="csc")
    cost, upper = _cost(problem, columns), np.full(columns.count, np.inf)
    upper[columns.level] = problem.store_capacity
    upper[columns.runs] = 1.0
    return Form(
        cost=cost,
        lower=np.zeros(columns.count),
        upper=upper,
        matrix=sparse.csc_array(matrix),
        row_lower=np.concatenate([lower.ravel() for _, lower, _ in rows]),
        row_upper=np.concatenate([upper.ravel() for _, _, upper in rows]),
        integer=columns.runs.ravel(),
    )


Rows = tuple[sparse.coo_array, Floats, Floats]
Entry = tuple[Any, Integers, Any]


def _columns(problem: Synthetic) -> Columns:
    """Slice by slice, and within a slice variable by variable."""
    stores = len(problem.stored)
    widths = (
        problem.links, problem.byproducts, problem.uses, stores, stores, stores,
        len(problem.switched),
    )  # fmt: skip
    count = problem.slices * sum(widths)
    table = np.arange(count).reshape(problem.slices, -1)
    sent, dumped, bought, put, taken, level, runs = np.split(table, np.cumsum(widths)[:-1], axis=1)
    return Columns(sent, dumped, bought, put, taken, level, runs, count)


def _rows(problem: Synthetic, columns: Columns, width: int, *entries: Entry) -> sparse.coo_array:
    """A family of ``width`` rows in each slice; an entry is (row in the slice, columns, values)."""
    first = np.arange(problem.slices)[:, None] * width
    parts = []
    for row, column, value in entries:
        at = np.broadcast_to(first[: len(column)] + row, column.shape)
        parts.append((np.broadcast_to(value, column.shape).ravel(), at.ravel(), column.ravel()))
    data, at, column = (np.concatenate(part) for part in zip(*parts, strict=True))
    return sparse.coo_array((data, (at, column)), shape=(problem.slices * width, columns.count))


def _supply(problem: Synthetic, x: Columns) -> Rows:
    matrix = _rows(
        problem, x, problem.byproducts,
        (problem.link_from, x.sent, 1.0),
        (np.arange(problem.byproducts), x.dumped, 1.0),
        (problem.stored, x.put, 1.0),
        (problem.stored, x.taken, -1.0),
    )  # fmt: skip
    return matrix, problem.generated, problem.generated


def _tie(problem: Synthetic, x: Columns) -> Rows:
    width = len(problem.stored)
    each = np.arange(width)
    matrix = _rows(
        problem, x, width,
        (each, x.level, 1.0), (each + width, x.level[:-1], -1.0),
        (each, x.put, -1.0), (each, x.taken, 1.0),
    )  # fmt: skip
    nothing = np.zeros(problem.slices * width)
    return matrix, nothing, nothing


def _need(problem: Synthetic, x: Columns) -> Rows:
    matrix = _rows(
        problem, x, problem.uses,
        (problem.link_to, x.sent, problem.ratio), (np.arange(problem.uses), x.bought, 1.0),
    )  # fmt: skip
    return matrix, problem.need, problem.need


def _share(problem: Synthetic, x: Columns) -> Rows:
    place = np.full(problem.uses, -1)
    place[problem.shared] = np.arange(len(problem.shared))
    into = np.flatnonzero(place[problem.link_to] >= 0)
    entry = (place[problem.link_to[into]], x.sent[:, into], problem.ratio[into])
    matrix = _rows(problem, x, len(problem.shared), entry)
    most = problem.need[:, problem.shared] * problem.share
    return matrix, np.full_like(most, -np.inf), most


def _capacity(problem: Synthetic, x: Columns) -> Rows:
    width = len(problem.limited)
    matrix = _rows(problem, x, width, (np.arange(width), x.sent[:, problem.limited], 1.0))
    most = problem.hours_share[:, None] * problem.capacity
    return matrix, np.full_like(most, -np.inf), most


def _least(problem: Synthetic, x: Columns) -> Rows:
    width = len(problem.switched)
    each, least = np.arange(width), problem.hours_share[:, None] * problem.least
    matrix = _rows(
        problem, x, width, (each, x.sent[:, problem.switched], 1.0), (each, x.runs, -least)
    )
    return matrix, np.zeros(least.shape), np.full(least.shape, np.inf)


def _most(problem: Synthetic, x: Columns) -> Rows:
    width = len(problem.switched)
    each = np.arange(width)
    matrix = _rows(
        problem, x, width, (each, x.sent[:, problem.switched], 1.0), (each, x.runs, -problem.most)
    )
    return matrix, np.full(problem.most.shape, -np.inf), np.zeros(problem.most.shape)


def _cost(problem: Synthetic, x: Columns) -> Floats:
    cost = np.zeros(x.count)
    cost[x.sent] = problem.link_cost
    cost[x.dumped] = problem.dump_cost
    cost[x.bought] = problem.virgin_price
    cost[x.level] = problem.hours_share[:, None] * problem.holding
    cost[x.level[-1]] += problem.dump_cost[problem.stored]
    return cost
