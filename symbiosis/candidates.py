"""The projects of a park that are still to come: what each builds, its cost, its time."""

from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.park.project import Project, ProjectStatus
from symbiosis.park.years import status_in

LEAD_A = 1.0
"""Years from a project's first money until it runs, where the park file states none."""


def candidates_of(park: Park, year: int) -> dict[str, tuple[str, ...]]:
    """The projects that are not done, with the links that each would build from ``year`` on."""
    found = {}
    for name, project in park.projects.items():
        if project.status in (ProjectStatus.DONE, ProjectStatus.SUPERSEDED):
            continue
        links = links_to_build(park, name, year)
        if links:
            found[name] = links
    return found


def links_to_build(park: Park, name: str, year: int) -> tuple[str, ...]:
    """The links of a project that are not there in a year."""
    named = [link for link, noun in park.links.items() if noun.project == name]
    every = dict.fromkeys([*named, *park.projects[name].links])
    return tuple(link for link in every if status_in(park.links[link], year) is not Status.EXISTING)


def cost_of(park: Park, name: str, links: tuple[str, ...]) -> float | None:
    """What a project costs in CNY: its own figure, or those of its links; None without any."""
    stated = park.projects[name].investment
    if stated is not None:
        return float(stated.amount)
    parts = [park.links[link].investment for link in links]
    known = [part.amount for part in parts if part is not None]
    return float(sum(known)) if known else None


def lead_of(project: Project) -> float:
    """Years from a project's first money until it runs."""
    return LEAD_A if project.lead is None else float(project.lead.amount)
