"""What a user should know of how an answer was found, as sentences."""

from math import isfinite

from symbiosis.optimum import Optimum
from symbiosis.solvers.status import Status
from symbiosis.words import say

CLOSED = 1e-8
"""A gap below this is closed: what was asked first is proven."""


def hints_of(optimum: Optimum, lang: str) -> list[str]:
    """Hints on proof and marginals of a model with integers; none for a linear one."""
    solved = optimum.solved
    if not solved.integers:
        return []
    found = [say("hints.fixed_integers", lang)]
    if solved.status is not Status.FEASIBLE:
        return found
    if solved.solver == "glpk":
        found.insert(0, say("hints.try_highs", lang))
    return [_not_proven(optimum, lang), *found]


def _not_proven(optimum: Optimum, lang: str) -> str:
    solver, gap = optimum.solved.solver, optimum.solved.gap
    if gap is None or not isfinite(gap):
        return say("hints.no_bound", lang, solver=solver)
    if gap <= CLOSED:
        return say("hints.second_not_proven", lang, solver=solver)
    return say("hints.not_proven", lang, solver=solver, gap=f"{gap * 100:.2g} %")
