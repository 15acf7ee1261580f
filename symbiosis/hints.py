"""What a user should know of how an answer was found, as sentences."""

from symbiosis.optimum import Optimum
from symbiosis.solvers.status import Status
from symbiosis.words import say


def hints_of(optimum: Optimum, lang: str) -> list[str]:
    """Hints on proof and marginals of a model with integers; none for a linear one."""
    solved = optimum.solved
    if not solved.integers:
        return []
    found = [say("hints.fixed_integers", lang)]
    if solved.status is not Status.FEASIBLE:
        return found
    gap = "?" if solved.gap is None else f"{solved.gap:.2%}"
    found.insert(0, say("hints.not_proven", lang, solver=solved.solver, gap=gap))
    if solved.solver == "glpk":
        found.insert(1, say("hints.try_highs", lang))
    return found
