"""HiGHS in process, through ``highspy``; the arrays are passed as they are.

One thread by default: HiGHS keeps one pool of threads per process, and runs of a batch share the
machine by processes.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from symbiosis.solvers.backend import Backend, Loaded, Raw, SolveOptions
from symbiosis.solvers.basis import BASIC, FREE, LOWER, UPPER, Basis, Standing
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.status import Status


class Highs(Backend):
    """The dual simplex, interior point and branch-and-cut of HiGHS.

    Ways: as it comes, without presolve, interior point with crossover.
    """

    name = "highs"
    title = "HiGHS"
    licence = "MIT"
    package = "highspy"
    ways = ("simplex", "no_presolve", "ipm")

    def attempt(self, form: MatrixForm, options: SolveOptions, way: str) -> Raw:
        """One HiGHS model; an answer "unbounded or infeasible" is asked again without presolve."""
        import highspy

        raw = _run(highspy, form, options, way)
        if raw is None:
            raw = _run(highspy, form, options, "no_presolve")
        return raw or Raw(Status.UNKNOWN)

    def loaded(self, form: MatrixForm, options: SolveOptions, scaled: bool) -> Loaded:  # noqa: D102
        return LoadedHighs(form, options, scaled)


class LoadedHighs(Loaded):
    """One HiGHS model: bounds and costs change in place, coefficients with the whole model."""

    def __init__(self, form: MatrixForm, options: SolveOptions, scaled: bool) -> None:
        import highspy

        self._library: Any = highspy
        self._solver: Any = self._library.Highs()
        self._used = _option_values(form, options, "simplex") | DEVEX
        self._used |= AS_IT_IS if scaled else {}
        self._solver.setOptionValue("output_flag", False)
        for name, value in self._used.items():
            self._solver.setOptionValue(name, value)
        _pass(self._library, self._solver, form)
        self._form = form
        self._rows = np.arange(form.rows, dtype=np.int32)
        self._columns = np.arange(form.columns, dtype=np.int32)
        self._keep_basis = options.keep_basis
        self._start: tuple[Basis, Any] | None = None

    def solve(self, form: MatrixForm, start: Basis | None) -> Raw:  # noqa: D102
        started = time.perf_counter()
        solver = self._solver
        if form.matrix is self._form.matrix:
            self._change(form)
        else:
            _pass(self._library, solver, form)
        self._form = form
        self._place(start, form)
        solver.run()
        status = solver.getModelStatus()
        if status != self._library.HighsModelStatus.kOptimal:
            return Raw(Status.UNKNOWN)
        raw = _answer(solver, form, Status.OPTIMAL, self._used)
        if self._keep_basis and raw.x is not None:
            again = start is not None and form.matrix.nnz > 0
            basis = (
                _basis_after_simplex(solver, form, raw.x) if again else _basis(solver.getBasis())
            )
            raw = replace(raw, basis=basis)
        return replace(raw, seconds=time.perf_counter() - started)

    def _place(self, start: Basis | None, form: MatrixForm) -> None:
        """Put the simplex at a basis; the one that it was last put at is kept as HiGHS knows it."""
        if start is None:
            return
        if self._start is None or self._start[0] is not start:
            self._start = start, _placed(self._library, start.fitted(form) or start)
        self._solver.setBasis(self._start[1])

    def _change(self, form: MatrixForm) -> None:
        """Bounds and costs in place, where they differ at all."""
        old, solver = self._form, self._solver
        if _differ((old.row_lower, form.row_lower), (old.row_upper, form.row_upper)):
            solver.changeRowsBounds(form.rows, self._rows, form.row_lower, form.row_upper)
        if _differ((old.column_lower, form.column_lower), (old.column_upper, form.column_upper)):
            bounds = form.column_lower, form.column_upper
            solver.changeColsBounds(form.columns, self._columns, *bounds)
        if _differ((old.cost, form.cost)):
            solver.changeColsCost(form.columns, self._columns, form.cost)
        solver.changeObjectiveOffset(form.offset)


def _differ(*pairs: tuple[Floats, Floats]) -> bool:
    return any(not np.array_equal(one, other) for one, other in pairs)


AS_IT_IS = {"simplex_scale_strategy": 0}
"""To scale a scaled model again takes more steps, not fewer."""
DEVEX = {"simplex_dual_edge_weight_strategy": 1}
"""Devex pricing: exact steepest edge weights cost more than they save where few steps are left."""


def _run(highspy: Any, form: MatrixForm, options: SolveOptions, way: str) -> Raw | None:
    """One run; ``None`` where presolve could not tell unbounded from infeasible."""
    highspy.Highs.resetGlobalScheduler(True)
    solver = highspy.Highs()
    used = _option_values(form, options, way)
    solver.setOptionValue("output_flag", False)
    for name, value in used.items():
        solver.setOptionValue(name, value)
    _pass(highspy, solver, form)
    start = options.start.fitted(form) if options.start and not form.has_integers else None
    if start is not None:
        solver.setBasis(_placed(highspy, start))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        return None
    info = solver.getInfo()
    has_point = info.primal_solution_status == highspy.kSolutionStatusFeasible
    found = _status(highspy, status, has_point)
    if not found.answered:
        return Raw(found, used=used)
    answer = _answer(solver, form, found, used)
    wanted = options.keep_basis or options.check_unique
    if not wanted or form.has_integers or answer.x is None or answer.row_marginals is None:
        return answer
    return replace(answer, basis=_basis(solver.getBasis()))


def _placed(highspy: Any, start: Basis) -> Any:
    """A basis as HiGHS knows it; one that it finds wanting it mends or leaves aside."""
    kind = highspy.HighsBasisStatus
    standing = np.empty(4, dtype=object)
    standing[[LOWER, BASIC, UPPER, FREE]] = kind.kLower, kind.kBasic, kind.kUpper, kind.kZero
    basis = highspy.HighsBasis()
    basis.row_status = standing[start.rows].tolist()
    basis.col_status = standing[start.columns].tolist()
    return basis


def _basis(found: Any) -> Basis:
    """The standing of each row and column, as HiGHS tells it one by one."""
    return Basis(
        np.fromiter(map(int, found.row_status), np.int8),
        np.fromiter(map(int, found.col_status), np.int8),
    )


def _basis_after_simplex(solver: Any, form: MatrixForm, x: Floats) -> Basis:
    """The same of a model that was started from a basis, and so never met presolve, in one piece.

    Who is basic the factorisation says, at which bound the others stand the point does. Without a
    factorisation HiGHS ends the process here.
    """
    _, found = solver.getBasicVariables()
    basic = np.asarray(found)
    rows = _nearer_bound(form.matrix @ x, form.row_lower, form.row_upper)
    columns = _nearer_bound(x, form.column_lower, form.column_upper)
    columns[basic[basic >= 0]] = BASIC
    rows[-basic[basic < 0] - 1] = BASIC
    return Basis(rows, columns)


def _nearer_bound(at: Floats, lower: Floats, upper: Floats) -> Standing:
    return np.where(upper - at < at - lower, UPPER, LOWER).astype(np.int8)


def _option_values(form: MatrixForm, options: SolveOptions, way: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "threads": options.threads,
        "presolve": "off" if way == "no_presolve" else "choose",
        "solver": "ipm" if way == "ipm" and not form.has_integers else "choose",
        "primal_feasibility_tolerance": options.feasibility_tolerance,
        "dual_feasibility_tolerance": options.optimality_tolerance,
    }
    if options.time_limit_s is not None:
        values["time_limit"] = options.time_limit_s
    if form.has_integers:
        values["mip_feasibility_tolerance"] = options.integrality_tolerance
        values["mip_rel_gap"] = options.gap
        values["mip_abs_gap"] = 0.0
    return values


def _pass(highspy: Any, solver: Any, form: MatrixForm) -> None:
    """Hand the arrays over; HiGHS copies them."""
    solver.passModel(
        form.columns,
        form.rows,
        form.matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        form.offset,
        form.cost,
        form.column_lower,
        form.column_upper,
        form.row_lower,
        form.row_upper,
        form.matrix.indptr.astype(np.int32, copy=False),
        form.matrix.indices.astype(np.int32, copy=False),
        form.matrix.data,
        form.integer.astype(np.int32),
    )


def _status(highspy: Any, status: Any, has_point: bool) -> Status:
    kind = highspy.HighsModelStatus
    proven = {
        kind.kOptimal: Status.OPTIMAL,
        kind.kModelEmpty: Status.OPTIMAL,
        kind.kInfeasible: Status.INFEASIBLE,
        kind.kUnbounded: Status.UNBOUNDED,
    }
    if status in proven:
        return proven[status]
    if status in (kind.kTimeLimit, kind.kIterationLimit, kind.kInterrupt, kind.kSolutionLimit):
        return Status.FEASIBLE if has_point else Status.NO_ANSWER
    return Status.UNKNOWN


def _answer(solver: Any, form: MatrixForm, status: Status, used: dict[str, Any]) -> Raw:
    solution, info = solver.getSolution(), solver.getInfo()
    x = np.array(solution.col_value, dtype=float)
    if form.has_integers:
        reached = info.mip_dual_bound
        stopped = status is Status.OPTIMAL and _stopped_at_gap(form.objective(x), reached)
        kind = Status.FEASIBLE if stopped else status
        return Raw(kind, x, float(reached), iterations=info.simplex_iteration_count, used=used)
    optimal = status is Status.OPTIMAL and solution.dual_valid
    return Raw(
        status,
        x,
        bound=form.objective(x) if status is Status.OPTIMAL else -np.inf,
        row_marginals=np.array(solution.row_dual, dtype=float) if optimal else None,
        reduced_costs=np.array(solution.col_dual, dtype=float) if optimal else None,
        iterations=info.simplex_iteration_count,
        used=used,
    )


def _stopped_at_gap(objective: float, bound: float) -> bool:
    """Whether HiGHS stopped at a gap that is more than rounding, though it says optimal."""
    return objective - bound > 1e-8 * (1.0 + abs(objective))
