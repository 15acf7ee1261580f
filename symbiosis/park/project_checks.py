"""Whether the projects of a park can follow one another as the file says."""

from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.references import Findings, section, texts


def check_projects(declaration: Declaration) -> list[Problem]:
    """Every project that waits for itself, by way of others; each circle once."""
    found = Findings(declaration)
    after = {
        name: [other for _, other in texts(entry.get("after"))]
        for name, entry in section(declaration.tree, "projects").items()
    }
    told: set[frozenset[str]] = set()
    for name in after:
        circle = _circle(after, name)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            way = " -> ".join([*circle, circle[0]])
            found.add(("projects", name, "after"), "projects_in_circle", found=way)
    return found.problems


def _circle(after: dict[str, list[str]], start: str) -> list[str]:
    """A way from a project through those that it waits for back to itself; nothing without one."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop()
        for other in after.get(way[-1], []):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []
