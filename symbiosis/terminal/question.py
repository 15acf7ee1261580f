"""From the options of ``optimise``, ``explain`` and ``draw`` to the scenario that is asked."""

from dataclasses import replace

from symbiosis.optimum import Goal
from symbiosis.park.link import Status
from symbiosis.park.load import find
from symbiosis.result import Result, answer
from symbiosis.scenario import Scenario, load_question, load_scenario
from symbiosis.solvers.backend import SolveOptions
from symbiosis.terminal.problems import chosen, refusal
from symbiosis.terminal.summary import opened_text
from symbiosis.terminal.talk import Talk

LINKS = {
    "existing": frozenset({Status.EXISTING}),
    "planned": frozenset({Status.EXISTING, Status.PLANNED}),
    "potential": frozenset(Status),
}
"""What ``--links`` opens."""


def question(
    park: str,
    scenario: str = "",
    links: str = "",
    boundary: str = "",
    document: str = "",
    by_season: bool = False,
) -> Scenario:
    """The park as it is or as the scenario changes it, cut as the options say.

    Raises :class:`InputError` for files and names that are wrong, and for a scenario of another
    park.
    """
    asked = load_scenario(scenario) if scenario else load_question(park)
    path = find(park, "parks").resolve()
    if scenario and asked.files[0].resolve() != path:
        details = {"found": scenario, "park": asked.park.id, "asked": park}
        raise refusal("other_park", "--scenario", **details)
    if links:
        asked = replace(asked, opened=LINKS[chosen(links, tuple(LINKS), "--links")])
    return replace(
        asked,
        boundary=_id(boundary, asked.boundary, tuple(asked.park.boundaries), "--boundary"),
        by_season=by_season or asked.by_season,
        document=_id(document, asked.document, tuple(asked.park.rate_documents), "--document"),
    )


def _id(found: str, otherwise: str, allowed: tuple[str, ...], key: str) -> str:
    return chosen(found, allowed, key) if found else otherwise


def answered(
    asked: Scenario, objective: str, solver: str, time_limit_s: float | None, talk: Talk
) -> Result:
    """The answer, with a message before each solve. Raises what the solve raises."""
    goal = Goal(chosen(objective, tuple(Goal), "--objective"))

    def progress(opened: str) -> None:
        talk.note("solving", opened=opened_text(opened.split(", "), talk))

    options = SolveOptions(time_limit_s=time_limit_s)
    return answer(asked, goal, solver, options, progress if talk.verbose else None)
