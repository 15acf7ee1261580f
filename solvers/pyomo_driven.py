"""Any other solver that Pyomo finds, given the same arrays through a flat Pyomo model."""

from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.errors import ApplicationError

from symbiosis.solvers import pyomo_glpk
from symbiosis.solvers.backend import Backend, Raw, SolveOptions
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.status import Status


class PyomoDriven(Backend):
    """One solver of Pyomo's ``SolverFactory``.

    Of the options only the time limit is handed over, and the gap where the interface has a word
    for it (``used`` says so); tolerances stay at the solver's own defaults, and an answer that does
    not survive rounding its integers is not given as one (``unknown``). Marginals are there if
    the solver returns them. Whether an optimum is unique is not looked into, as the answer need
    not be a vertex.
    """

    licence = "the solver's own"
    package = "pyomo"
    in_process = False
    gives_vertices = False
    tightest = 1e-8

    def __init__(self, name: str) -> None:
        pyomo_glpk.register()
        self.name = self.title = name

    @property
    def known(self) -> bool:
        """Whether Pyomo has a solver of this name, installed or not."""
        return self.name in pyo.SolverFactory

    def version(self) -> str | None:
        """What the solver says of itself through Pyomo, ``None`` if Pyomo cannot find it."""
        if not self.known:
            return None
        solver = pyo.SolverFactory(self.name)
        if not solver.available(exception_flag=False):
            return None
        return ".".join(str(part) for part in solver.version() or ())

    def attempt(self, form: MatrixForm, options: SolveOptions, way: str) -> Raw:  # noqa: ARG002
        """One call of the solver; "unbounded or infeasible" is settled by asking without cost."""
        empty = np.bincount(form.matrix.indices, minlength=form.rows) == 0
        if np.any((form.row_lower[empty] > 0.0) | (form.row_upper[empty] < 0.0)):
            return Raw(Status.INFEASIBLE)
        raw = self._call(form, empty, options)
        if raw is not None:
            return raw
        point = self._call(form.with_cost(np.zeros(form.columns)), empty, options)
        if point is None:
            return Raw(Status.UNKNOWN)
        return Raw(Status.UNBOUNDED) if point.status.answered else point

    def _call(self, form: MatrixForm, empty: Any, options: SolveOptions) -> Raw | None:
        """One solve; ``None`` where unbounded and infeasible were not told apart."""
        solver = pyo.SolverFactory(self.name)
        model = _flat(form, np.flatnonzero(~empty).tolist())
        used = _set_gap(solver, form, options)
        limit = {} if options.time_limit_s is None else {"timelimit": options.time_limit_s}
        try:
            results = solver.solve(model, load_solutions=False, **limit)
        except ApplicationError:
            return Raw(Status.UNKNOWN)
        if results.solver.termination_condition == pyo.TerminationCondition.infeasibleOrUnbounded:
            return None
        has_point = len(results.solution) > 0
        status = _status(results.solver.termination_condition, has_point)
        if not status.answered or not has_point:
            return Raw(Status.UNKNOWN if status.answered else status)
        model.solutions.load_from(results)
        return _answer(model, form, status, results, {**limit, **used})


def _flat(form: MatrixForm, rows: list[int]) -> Any:
    """The form as one indexed variable ``x`` and one indexed constraint ``row``."""
    model = pyo.ConcreteModel()
    bounds = list(zip(_absent(form.column_lower), _absent(form.column_upper), strict=True))
    whole = form.integer.tolist()
    model.x = pyo.Var(
        range(form.columns),
        bounds=lambda _, j: bounds[j],
        domain=lambda _, j: pyo.Integers if whole[j] else pyo.Reals,
    )
    lines, lower, upper = form.matrix.tocsr(), _absent(form.row_lower), _absent(form.row_upper)

    def line(m: Any, i: int) -> Any:
        entries = slice(lines.indptr[i], lines.indptr[i + 1])
        if lower[i] is None and upper[i] is None:
            return pyo.Constraint.Skip
        body = _sum(m, lines.indices[entries].tolist(), lines.data[entries].tolist())
        return lower[i], body, upper[i]

    model.row = pyo.Constraint(rows, rule=line)
    costly = np.flatnonzero(form.cost).tolist()
    # a cost without any column is refused by writers of LP files, so one column takes part
    terms = costly or [0]
    model.cost = pyo.Objective(expr=_sum(model, terms, form.cost[terms].tolist()) + form.offset)
    if not form.has_integers:
        model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT)
    return model


def _sum(model: Any, columns: list[int], coefficients: list[float]) -> Any:
    return pyo.sum_product(dict(enumerate(coefficients)), {
        k: model.x[j] for k, j in enumerate(columns)
    }, index=range(len(columns)))  # fmt: skip


def _absent(bounds: Floats) -> list[float | None]:
    return [bound if np.isfinite(bound) else None for bound in bounds.tolist()]


def _set_gap(solver: Any, form: MatrixForm, options: SolveOptions) -> dict[str, object]:
    config = getattr(solver, "config", None)
    if not form.has_integers or config is None or "mip_gap" not in config:
        return {}
    config.mip_gap = options.gap
    return {"mip_gap": options.gap}


def _status(condition: Any, has_point: bool) -> Status:
    ends = pyo.TerminationCondition
    proven = {
        ends.optimal: Status.OPTIMAL,
        ends.globallyOptimal: Status.OPTIMAL,
        ends.infeasible: Status.INFEASIBLE,
        ends.unbounded: Status.UNBOUNDED,
    }
    if condition in proven:
        return proven[condition]
    if condition in (ends.maxTimeLimit, ends.maxIterations, ends.feasible):
        return Status.FEASIBLE if has_point else Status.NO_ANSWER
    return Status.UNKNOWN


def _answer(
    model: Any, form: MatrixForm, status: Status, results: Any, used: dict[str, object]
) -> Raw:
    x = np.array([_value(model.x[j]) for j in range(form.columns)], dtype=float)
    if form.has_integers:
        bound = results.problem.lower_bound
        proven = -np.inf if bound is None else float(bound)
        return Raw(status, x, proven, used=used)
    rows = _row_marginals(model, form) if status is Status.OPTIMAL else None
    reduced = None if rows is None else form.cost - form.matrix.T @ rows
    bound = form.objective(x) if status is Status.OPTIMAL else -np.inf
    return Raw(status, x, bound, rows, reduced, used=used)


def _value(variable: Any) -> float:
    """The value of a variable; one that the solver never saw stands where its bounds let it."""
    if variable.value is not None:
        return float(variable.value)
    lower, upper = variable.bounds
    return float(
        np.clip(0.0, -np.inf if lower is None else lower, np.inf if upper is None else upper)
    )


def _row_marginals(model: Any, form: MatrixForm) -> Floats | None:
    marginals = np.zeros(form.rows)
    for i in model.row:
        marginal = model.dual.get(model.row[i])
        if marginal is None:
            return None
        marginals[i] = marginal
    return marginals
