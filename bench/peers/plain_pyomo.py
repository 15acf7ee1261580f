"""Pyomo as most people use it: build a model, hand it to a solver, read it; then again."""

from time import perf_counter
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.contrib import appsi
from pyomo.core import Constraint, Var
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from peers import bare
from peers.interface import INTEGER_GAP, Outcome, Stopwatch, options_for
from peers.pyomo_model import build
from peers.synthetic import Synthetic

_REACHED = (pyo.TerminationCondition.optimal, pyo.TerminationCondition.feasible)
"""GLPK calls an answer within the gap feasible; no other limit is set."""


def glpsol(problem: Synthetic) -> Outcome:
    """Through an LP file and the executable, Pyomo's classical way."""
    watch = Stopwatch()
    with watch("build"):
        m = build(problem)
    solver = pyo.SolverFactory("glpk")
    solver._presolve = watch.around("write", solver._presolve)
    solver._apply_solver = watch.around("solve", solver._apply_solver)
    started = perf_counter()
    options = {"mipgap": INTEGER_GAP} if problem.has_integers else {}
    ended = solver.solve(m, options=options).solver.termination_condition
    if ended not in _REACHED:
        raise ValueError(f"no optimum: {ended}")
    seconds = watch.seconds
    seconds["read"] = perf_counter() - started - seconds["write"] - seconds["solve"]
    return Outcome(pyo.value(m.cost), seconds, *size_of(m))


def appsi_highs(problem: Synthetic) -> Outcome:
    """Through Pyomo's fast interface to HiGHS in process."""
    watch = Stopwatch()
    with watch("build"):
        m = build(problem)
    with watch("write"):
        solver = appsi_solver(problem.has_integers)
        solver.set_instance(m)
    with watch("solve"):
        results = solver.solve(m)
    with watch("read"):
        results.solution_loader.load_vars()
    return Outcome(results.best_feasible_objective, watch.seconds, *size_of(m))


def standard_form(problem: Synthetic) -> Outcome:
    """Through Pyomo's own standard form, passed to HiGHS as arrays."""
    watch = Stopwatch()
    with watch("build"):
        m = build(problem)
    with watch("write"):
        info = LinearStandardFormCompiler().write(m, mixed_form=True)
        solver = bare.fresh(problem)
        solver.passModel(bare.model_of(_form(info)))
    with watch("solve"):
        solver.run()
    with watch("read"):
        for variable, value in zip(info.columns, bare.answer(solver).tolist(), strict=True):
            variable.set_value(value, skip_validation=True)
    objective = solver.getInfo().objective_function_value
    return Outcome(objective, watch.seconds, solver.getNumCol(), solver.getNumRow())


def appsi_solver(integers: bool) -> Any:
    """HiGHS that takes the model as it is given: no look for changes, values loaded on demand."""
    solver = appsi.solvers.Highs()
    solver.highs_options = options_for(integers)
    solver.config.load_solution = False
    for check in solver.update_config:
        solver.update_config[check] = False
    return solver


def size_of(m: pyo.ConcreteModel) -> tuple[int, int]:
    """Columns and rows of a model."""
    columns = sum(1 for _ in m.component_data_objects(Var))
    return columns, sum(1 for _ in m.component_data_objects(Constraint, active=True))


def _form(info: Any) -> bare.Form:
    """Pyomo's arrays as the bare solver takes them; no row here has two sides."""
    sense = np.fromiter((bound for _, bound in info.rows), np.int64, len(info.rows))
    bounds = np.array([(v.lb, v.ub) for v in info.columns], dtype=float)
    integer = [i for i, v in enumerate(info.columns) if not v.is_continuous()]
    return bare.Form(
        cost=info.c.toarray().ravel(),
        lower=np.nan_to_num(bounds[:, 0], nan=-np.inf),
        upper=np.nan_to_num(bounds[:, 1], nan=np.inf, posinf=np.inf),
        matrix=sparse.csc_array(info.A),
        row_lower=np.where(sense <= 0, info.rhs, -np.inf),
        row_upper=np.where(sense >= 0, info.rhs, np.inf),
        integer=np.array(integer, dtype=np.int64),
    )
