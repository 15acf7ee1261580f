"""Whether the names in a schedule are there, and nothing waits for itself.

The checks read the plain tree, so that they find what is wrong even where other parts of the file
do not validate; all findings are shown together.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.references import Findings, Path, section, texts
from symbiosis.retrofit.schedule import ALL, COMMISSIONED, FINISHED, LAST, OF_PROJECT, STARTED


def check_names(declaration: Declaration, bundled: Mapping[str, Any]) -> list[Problem]:
    """Every name that is mentioned and does not exist."""
    found, tree = Findings(declaration), declaration.tree
    courses = {*bundled, *section(tree, "courses")}
    milestones = _milestones(tree)
    for name, project in section(tree, "projects").items():
        here: Path = ("projects", name)
        found.name((*here, "course"), project.get("course"), sorted(courses), "course")
        _free((*here,), name, OF_PROJECT, found)
        for i, text in texts(project.get("after")):
            names = milestones if "." in text else section(tree, "projects")
            what = "milestone" if "." in text else "project"
            found.name((*here, "after", *i), text, names, what)
        stages = section(project, "stages")
        for stage, entry in stages.items():
            _stage((*here, "stages", stage), entry, stages, tree, found)
    for name, unit in section(tree, "units").items():
        _unit(("units", name), unit, tree, found)
    for name, target in section(tree, "targets").items():
        milestone = target.get("milestone")
        allowed = [*milestones, f"{ALL}.{COMMISSIONED}", LAST]
        found.name(("targets", name, "milestone"), milestone, allowed, "milestone")
        document = target.get("document")
        found.name(("targets", name, "document"), document, section(tree, "sources"), "source")
    _shared_names(tree, found)
    _sources(declaration, found)
    return found.problems


def _stage(here: Path, entry: Any, stages: Iterable[str], tree: Any, found: Findings) -> None:
    _free(here, str(here[-1]), OF_PROJECT, found)
    for i, text in texts(entry.get("after")):
        found.name((*here, "after", *i), text, stages, "stage")
    for name in _mapping(entry.get("needs")):
        found.name((*here, "needs", name), name, section(tree, "resources"), "resource")
    budget = _mapping(entry.get("spends")).get("budget")
    found.name((*here, "spends", "budget"), budget, section(tree, "budgets"), "budget")
    for key in ("window", "rests"):
        found.name((*here, key), entry.get(key), section(tree, "windows"), "window")
    back_to = _mapping(entry.get("risk")).get("back_to")
    found.name((*here, "risk", "back_to"), back_to, stages, "stage")


def _unit(here: Path, unit: Any, tree: Any, found: Findings) -> None:
    overhauls, breakdowns = _mapping(unit.get("overhauls")), _mapping(unit.get("breakdowns"))
    windows, resources = section(tree, "windows"), section(tree, "resources")
    found.name((*here, "overhauls", "window"), overhauls.get("window"), windows, "window")
    for name in _mapping(overhauls.get("needs")):
        found.name((*here, "overhauls", "needs", name), name, resources, "resource")
    for name in _mapping(breakdowns.get("repair_needs")):
        found.name((*here, "breakdowns", "repair_needs", name), name, resources, "resource")


def _free(path: Path, name: str, taken: Iterable[str], found: Findings) -> None:
    """Names of projects and stages make up those of milestones."""
    if "." in name or name == ALL or (len(path) > 2 and name in taken):
        found.add(path, "name_taken", found=name, taken=", ".join((ALL, *taken)))


def _shared_names(tree: Any, found: Findings) -> None:
    """What projects wait for is told apart by name alone."""
    seen: dict[str, str] = {}
    for kind in ("resources", "budgets", "windows"):
        for name in section(tree, kind):
            if name in seen:
                found.add((kind, name), "duplicate_id", found=name, other=seen[name])
            seen[name] = kind


def _sources(declaration: Declaration, found: Findings) -> None:
    """Sources that the file itself mentions; those of bundled courses stand in their own file."""
    known = section(declaration.tree, "sources")
    own = str(declaration.document.path)
    for path, value in _keyed("source", declaration.tree, ()):
        if declaration.place(path).file == own:
            for i, text in texts(value):
                found.name((*path, *i), text, known, "source")


def _keyed(key: str, node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Everything that stands under ``key`` anywhere."""
    inner = dict(enumerate(node)) if isinstance(node, list) else _mapping(node)
    for name, value in inner.items():
        if name == key:
            yield (*path, name), value
        else:
            yield from _keyed(key, value, (*path, name))


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _milestones(tree: Any) -> list[str]:
    return [
        f"{name}.{part}"
        for name, project in section(tree, "projects").items()
        for part in (*section(project, "stages"), *OF_PROJECT)
    ]


def check_circles(declaration: Declaration) -> list[Problem]:
    """Milestones that wait for themselves, each circle with its members."""
    graph = {name: set(before) for name, before in _before(declaration.tree)}
    found = Findings(declaration)
    while (circle := _circle(graph)) is not None:
        starts = [name for name in circle if name.endswith(f".{STARTED}")]
        if starts:
            _circle_of_projects(circle, graph, found)
        else:
            _circle_of_stages(circle, found)
        graph[starts[0] if starts else circle[0]] = set()
    return found.problems


def _circle(graph: Mapping[str, Iterable[str]]) -> list[str] | None:
    """Milestones of which each waits for the next and the last for the first; None without any."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[:0:-1]
    return None


def _circle_of_projects(circle: list[str], graph: Mapping[str, set[str]], found: Findings) -> None:
    """What projects of a circle wait for, as the file says it, at the 'after' of the first."""
    turned = [*circle[1:], circle[0]]
    pairs = [(one, other) for one, other in zip(circle, turned, strict=True)
             if one.endswith(f".{STARTED}") and other in graph[one]]  # fmt: skip
    waited = [other.removesuffix(f".{FINISHED}") for _, other in pairs]
    first = pairs[0][0].removesuffix(f".{STARTED}")
    found.add(("projects", first, "after"), "circle", found=" → ".join([waited[-1], *waited]))


def _circle_of_stages(circle: list[str], found: Findings) -> None:
    """The stages of a circle, at the 'after' of one that the file itself writes."""
    paths: list[Path] = []
    for name in circle:
        project, _, stage = name.partition(".")
        paths.append(("projects", project, "stages", stage, "after"))
    own = str(found.declaration.document.path)
    path = next((p for p in paths if found.declaration.place(p).file == own), paths[0])
    found.add(path, "circle", found=" → ".join([*circle, circle[0]]))


def _before(tree: Any) -> Iterator[tuple[str, list[str]]]:
    """Every milestone with those that must come before it."""
    projects = section(tree, "projects")
    for name, project in projects.items():
        stages = section(project, "stages")
        after = [text for _, text in texts(project.get("after"))]
        yield f"{name}.{STARTED}", [t if "." in t else f"{t}.{FINISHED}" for t in after]
        for stage, entry in stages.items():
            own = [f"{name}.{text}" for _, text in texts(entry.get("after"))]
            yield f"{name}.{stage}", [f"{name}.{STARTED}", *own]
        every = [f"{name}.{stage}" for stage in stages]
        marked = [f"{name}.{s}" for s, entry in stages.items() if entry.get("commissions") is True]
        yield f"{name}.{COMMISSIONED}", marked or every
        yield f"{name}.{FINISHED}", every
