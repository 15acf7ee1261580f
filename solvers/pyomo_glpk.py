"""GLPK in process as a solver of Pyomo: ``pyo.SolverFactory("glpk")`` without any executable.

Importing this module registers it, in place of Pyomo's own entry of that name, which runs an
executable; that one is registered as ``glpsol``. Nothing of GLPK is loaded before a solve.
"""

import importlib.util
import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import pyomo.environ as pyo
from pyomo.common.errors import ApplicationError
from pyomo.opt import SolverFactory, SolverResults, SolverStatus, TerminationCondition
from pyomo.opt.base.solvers import OptSolver

from symbiosis.solvers.backend import Solution, SolveOptions
from symbiosis.solvers.compile import Compiled, compile_model, objectives
from symbiosis.solvers.glpk import Glpk
from symbiosis.solvers.matrix import MatrixForm
from symbiosis.solvers.status import Status

EXECUTABLE = "glpsol"


class GlpkInProcess(OptSolver):  # type: ignore[misc]
    """GLPK for Pyomo models, through their standard form.

    ``solve`` loads values into variables, and marginals into the suffixes ``dual`` and ``rc`` if
    the model has them for import. Options: ``tmlim`` in seconds, ``mipgap`` relative.
    """

    def __init__(self, **kwds: Any) -> None:
        super().__init__(**{**kwds, "type": "glpk"})
        self.options.update(kwds.get("options") or {})

    def available(self, exception_flag: bool = True) -> bool:
        """Whether the wheel is installed; it is not loaded to find out."""
        there = importlib.util.find_spec("swiglpk") is not None
        if exception_flag and not there:
            raise ApplicationError("solver glpk needs the package swiglpk")
        return there

    def license_is_valid(self) -> bool:
        """GLPK asks for no licence key."""
        return True

    def version(self) -> tuple[int, ...]:
        """The version of the wheel."""
        return tuple(int(part) for part in version("swiglpk").split(".") if part.isdigit())

    def has_capability(self, cap: str) -> bool:
        """Linear models, with integers or without."""
        return cap in ("linear", "integer")

    def warm_start_capable(self) -> bool:
        """Each solve starts afresh."""
        return False

    def solve(
        self,
        model: Any,
        load_solutions: bool = True,
        timelimit: float | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> SolverResults:
        """Solve a Pyomo model with one active objective and say how it went.

        Raises ``ValueError`` for more than one objective or an option that is not known.
        """
        self.available()
        limits = _limits({**self.options, **(options or {})}, timelimit)
        compiled, sign = compile_model(model), _sign(model)
        cost = next(iter(compiled.expressions.values()), None)
        form = compiled.form
        if cost is not None:
            form = form.with_objective(cost, sign)
        solution = Glpk().solve(form, limits)
        if load_solutions and solution.status.answered:
            _load(model, compiled, solution, sign)
        return _results(model, form, solution, sign)


def register() -> None:
    """Make ``glpk`` mean GLPK in process, and ``glpsol`` the executable. May be called again."""
    if SolverFactory.get_class("glpk") is GlpkInProcess:
        return
    SolverFactory.register(EXECUTABLE, doc="The GLPK LP/MIP solver, as an executable")(
        SolverFactory.get_class("glpk")
    )
    SolverFactory.register("glpk", doc="The GLPK LP/MIP solver, in process")(GlpkInProcess)


def _limits(options: Mapping[str, Any], timelimit: float | None) -> SolveOptions:
    unknown = set(options) - {"tmlim", "mipgap"}
    if unknown:
        raise ValueError(f"options {sorted(unknown)} are not known; tmlim and mipgap are")
    limit = options.get("tmlim", timelimit)
    return SolveOptions(
        time_limit_s=None if limit is None else float(limit),
        gap=float(options.get("mipgap", 0.0)),
        check_unique=False,
    )


def _sign(model: Any) -> float:
    """1 if the model's objective is minimised, -1 if it is maximised."""
    found = objectives(model)
    if len(found) > 1:
        raise ValueError(f"one objective can be active, not {[o.name for o in found]}")
    return -1.0 if found and found[0].sense == pyo.maximize else 1.0


def _load(model: Any, compiled: Compiled, solution: Solution, sign: float) -> None:
    values = solution.point.tolist()
    for variable, value in zip(compiled.variables, values, strict=True):
        if not variable.fixed:
            variable.set_value(value, skip_validation=True)
            variable.stale = False
    for name, components, marginals in (
        ("dual", compiled.constraints, solution.row_marginals),
        ("rc", compiled.variables, solution.reduced_costs),
    ):
        suffix = model.component(name)
        if marginals is None or not isinstance(suffix, pyo.Suffix) or not suffix.import_enabled():
            continue
        suffix.clear()
        suffix.update(zip(components, (sign * marginals).tolist(), strict=True))


def _results(model: Any, form: MatrixForm, solution: Solution, sign: float) -> SolverResults:
    results = SolverResults()
    status, condition = _OUTCOMES[solution.status]
    results.solver.name = "glpk"
    results.solver.status = status
    results.solver.termination_condition = condition
    results.solver.wallclock_time = solution.seconds
    results.problem.name = model.name
    results.problem.number_of_constraints = form.rows
    results.problem.number_of_variables = form.columns
    results.problem.number_of_nonzeros = form.matrix.nnz
    results.problem.sense = pyo.minimize if sign > 0 else pyo.maximize
    ends = sorted(sign * end for end in _ends(solution))
    results.problem.lower_bound, results.problem.upper_bound = ends
    return results


def _ends(solution: Solution) -> tuple[float, float]:
    """What is proven and what is reached of the minimum."""
    lower = -math.inf if solution.bound is None else solution.bound
    return lower, math.inf if solution.objective is None else solution.objective


_OUTCOMES = {
    Status.OPTIMAL: (SolverStatus.ok, TerminationCondition.optimal),
    Status.FEASIBLE: (SolverStatus.aborted, TerminationCondition.maxTimeLimit),
    Status.NO_ANSWER: (SolverStatus.aborted, TerminationCondition.maxTimeLimit),
    Status.INFEASIBLE: (SolverStatus.warning, TerminationCondition.infeasible),
    Status.UNBOUNDED: (SolverStatus.warning, TerminationCondition.unbounded),
    Status.UNDEFINED: (SolverStatus.error, TerminationCondition.error),
    Status.UNKNOWN: (SolverStatus.error, TerminationCondition.error),
}

register()
