"""What a user should know of how an answer was found, as sentences."""

from collections.abc import Iterator
from math import isfinite

from symbiosis.heat_results import heat_sets
from symbiosis.optimum import Optimum
from symbiosis.solvers.status import Status
from symbiosis.wording import Wording, number
from symbiosis.words import say

BELOW = 1e-6
"""A utility below its target by more than this part of it is named."""
CLOSED = 1e-8
"""A gap below this is closed: what was asked first is proven."""


def hints_of(optimum: Optimum, lang: str) -> list[str]:
    """Hints on pinch targets, and on proof and marginals of a model with integers."""
    return [*_of_proof(optimum, lang), *_of_targets(optimum, lang)]


def _of_targets(optimum: Optimum, lang: str) -> Iterator[str]:
    """Utilities below their pinch targets, and who exchanges heat without temperatures."""
    wording = Wording(optimum.park, optimum.data)
    for found in heat_sets(optimum):
        fed, left = map(wording.use, found.fed_beside), map(wording.byproduct, found.left_beside)
        untold = {
            "hot": (found.hot_utility, found.hot_target, fed),
            "cold": (found.cold_utility, found.cold_target, left),
        }
        for kind, (used, target, things) in untold.items():
            names = ("、" if lang == "zh" else ", ").join(thing[lang] for thing in things)
            if names and used < target * (1 - BELOW):
                shown = {"used": number(used), "target": number(target), "names": names}
                yield say(f"hints.{kind}_below_target", lang, **shown)


def _of_proof(optimum: Optimum, lang: str) -> list[str]:
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
