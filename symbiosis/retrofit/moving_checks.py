"""Whether units and paths can be lived through: what their nouns alone cannot see."""

import math
from itertools import pairwise

from symbiosis.errors import Problem, nearest
from symbiosis.park.declaration import Declaration
from symbiosis.park.references import Findings, Path
from symbiosis.retrofit.calendar import day_number
from symbiosis.retrofit.draw import greatest_d, mean_d
from symbiosis.retrofit.never import check_needs
from symbiosis.retrofit.path import PathShape
from symbiosis.retrofit.schedule import Schedule
from symbiosis.retrofit.unit import Overhauls, UnitCourse


def check_units(schedule: Schedule, declaration: Declaration) -> list[Problem]:
    """Names with a point, crews that are there, overhauls with room, outages one after another.

    Names that do not exist are passed over: they are found elsewhere.
    """
    found = Findings(declaration)
    for name, unit in schedule.units.items():
        path: Path = ("units", name)
        if not all(name.partition(".")):
            near = nearest(name, (other for other in schedule.units if "." in other))
            found.add(path, "not_dotted", found=name, what="unit", nearest=near)
        if unit.breakdowns is not None:
            here = (*path, "breakdowns")
            check_needs((*here, "repair_needs"), unit.breakdowns.repair_needs, schedule, found)
            if not mean_d(unit.breakdowns.between):
                found.add((*here, "between"), "breaks_at_once", found="0 d")
        if unit.overhauls is not None:
            _overhauls((*path, "overhauls"), unit.overhauls, schedule, found)
        _outages((*path, "outages"), unit, found)
    return found.problems


def _overhauls(path: Path, overhauls: Overhauls, schedule: Schedule, found: Findings) -> None:
    check_needs((*path, "needs"), overhauls.needs, schedule, found)
    window, longest_d = schedule.windows.get(overhauls.window), greatest_d(overhauls.lasts)
    if math.isinf(longest_d):
        found.add((*path, "lasts"), "overhaul_unbounded", found=overhauls.lasts.shape)
    elif window is not None:
        room_d = max(after - first for first, after in window.spans)
        if longest_d > room_d:
            details = {"found": f"{longest_d:g} d", "longest": f"{room_d} d"}
            found.add((*path, "lasts"), "overhaul_too_long", window=overhauls.window, **details)


def _outages(path: Path, unit: UnitCourse, found: Findings) -> None:
    numbers = sorted(range(len(unit.outages)), key=lambda i: day_number(unit.outages[i].from_))
    for one, other in pairwise(numbers):
        until, first = unit.outages[one].until, unit.outages[other].from_
        if day_number(first) <= day_number(until):
            found.add((*path, other), "outages_overlap", found=until, first=first)


def check_paths(schedule: Schedule, declaration: Declaration) -> list[Problem]:
    """Years that reach back to the start, and no figure twice in one path."""
    found, start = Findings(declaration), schedule.start[:4]
    for name, path in schedule.paths.items():
        here: Path = ("paths", name)
        if path.shape is PathShape.GIVEN and min(path.by_year) > start:
            details = {"found": min(path.by_year), "first": start}
            found.add((*here, "by_year"), "by_year_late", **details)
        for i, key in enumerate(path.keys):
            if key in path.keys[:i]:
                other = f"keys.{path.keys.index(key)}"
                found.add((*here, "keys", i), "duplicate_id", found=key, other=other)
    return found.problems
