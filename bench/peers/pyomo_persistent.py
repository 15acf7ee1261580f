"""Pyomo's persistent interfaces: one model with mutable parameters, solved again and again."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from pyomo.contrib.solver.solvers.highs import Highs

from peers.interface import Batch, Change, options_for
from peers.plain_pyomo import appsi_solver
from peers.pyomo_model import build, update
from peers.synthetic import Synthetic

Solve = Callable[[Any], float]


def appsi_batch(problem: Synthetic, variations: Iterable[Synthetic], _: Change) -> Batch:
    """``pyomo.contrib.appsi``, told that nothing but parameters changes."""
    solver = appsi_solver(problem.has_integers)
    solver.update_config.update_params = True

    def solve(m: Any) -> float:
        results = solver.solve(m)
        results.solution_loader.load_vars()
        return float(results.best_feasible_objective)

    return _batch(problem, variations, solve)


def contrib_batch(problem: Synthetic, variations: Iterable[Synthetic], _: Change) -> Batch:
    """``pyomo.contrib.solver``, told that nothing but parameters changes."""
    solver = Highs()
    solver.config.solver_options = options_for(problem.has_integers)
    for check in solver.config.auto_updates:
        solver.config.auto_updates[check] = check == "update_parameters"

    def solve(m: Any) -> float:
        return float(solver.solve(m).incumbent_objective)

    return _batch(problem, variations, solve)


def _batch(problem: Synthetic, variations: Iterable[Synthetic], solve: Solve) -> Batch:
    started = perf_counter()
    m = build(problem, mutable=True)
    solve(m)
    first_s = perf_counter() - started
    objectives, before = [], problem
    for variation in variations:
        update(m, before, variation)
        objectives.append(solve(m))
        before = variation
    return Batch(tuple(objectives), perf_counter() - started - first_s, first_s)
