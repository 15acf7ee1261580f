"""A schedule file as a ``Schedule``, or everything that is wrong with it."""

from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from symbiosis.errors import InputError, Problem
from symbiosis.park.declaration import Declaration, Place
from symbiosis.park.references import section
from symbiosis.park.validate import in_file_order, shown, structure_problems
from symbiosis.retrofit.checks import check_circles, check_names
from symbiosis.retrofit.moving_checks import check_paths, check_units
from symbiosis.retrofit.never import check_possible
from symbiosis.retrofit.schedule import Schedule
from symbiosis.yamlfile import read

STAGES = "retrofit/stages.yaml"
"""The courses that every schedule can name, in the folder of the package."""


def load_schedule(path: str | Path) -> Schedule:
    """The schedule in a file. Raises :class:`InputError` with everything that is wrong."""
    return schedule_of(Declaration.of(read(path)))


def schedule_of(declaration: Declaration) -> Schedule:
    """The schedule that is declared, its projects filled up with the stages of their courses."""
    if not isinstance(declaration.tree, dict):
        details = {"found": shown(declaration.tree), "expected": "a mapping"}
        raise InputError([Problem("wrong_type", str(declaration.document.path), 1, "", details)])
    courses = bundled_courses()
    whole = _with_courses(declaration, courses)
    problems = check_names(whole, section(courses.tree, "courses")) + check_circles(whole)
    try:
        schedule = Schedule.model_validate(whole.tree)
    except ValidationError as error:
        problems += structure_problems(error, Schedule, whole)
    else:
        problems += check_possible(schedule, whole)
        problems += check_units(schedule, whole) + check_paths(schedule, whole)
    if problems:
        raise InputError(in_file_order(problems))
    return schedule


def bundled_courses() -> Declaration:
    """What the file of courses that comes with the package declares."""
    return Declaration.of(read(Path(str(resources.files("symbiosis") / STAGES))))


def _with_courses(own: Declaration, bundled: Declaration) -> Declaration:
    """The declaration with every project's stages written out, each key at its place."""
    tree = dict(own.tree)
    projects = tree.get("projects")
    if not isinstance(projects, dict):
        return own
    overlay = dict(own.overlay)
    tree["projects"] = {
        name: _filled(name, project, (own, bundled), overlay) for name, project in projects.items()
    }
    return replace(own, tree=tree, overlay=overlay)


def _filled(
    name: str, project: Any, files: tuple[Declaration, ...], overlay: dict[Any, Place]
) -> Any:
    """A project with the stages of its course below its own; unknown courses add nothing."""
    course = str(project.get("course")) if isinstance(project, dict) else ""
    home = next((file for file in files if course in section(file.tree, "courses")), None)
    if home is None or not isinstance(project.get("stages", {}), dict):
        return project
    stages = dict(project.get("stages", {}))
    for stage, given in section(home.tree["courses"][course], "stages").items():
        own = stages.get(stage, {})
        if not isinstance(own, dict):
            continue
        stages[stage] = given | own
        for key in given.keys() - own.keys():
            place = home.place(("courses", course, "stages", stage, key))
            overlay["projects", name, "stages", stage, key] = place
    return project | {"stages": stages}
