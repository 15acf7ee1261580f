"""Whether the seasons of a park make up a year, and its profiles and heaps fit them.

The checks read the plain tree, as those of names and units do, so that all findings stand in one
list. Every year is counted as 8,760 h, leap years too. Source: model.md, "Seasons".
"""

from collections.abc import Iterator
from typing import Any

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import measure_of
from symbiosis.park.references import Findings, Path, dotted, section, units_of

YEAR_H = 8760.0
HOURS_OFF = 0.5
"""The seasons of a park may miss the year by this many hours, for rounded lengths."""


def check_seasons(declaration: Declaration) -> list[Problem]:
    """Everything about seasons, profiles and heaps of this year that cannot be so."""
    found = Findings(declaration)
    tree = declaration.tree
    _hours(tree, found)
    for name, profile in section(tree, "profiles").items():
        _profile(tree, name, profile, found)
    _names(tree, found)
    _least_loads(tree, found)
    _heaps(tree, found)
    return found.problems


def _seasons(tree: Any) -> dict[str, Any]:
    """The declared seasons by id."""
    entries = tree.get("seasons") if isinstance(tree, dict) else None
    return entries if isinstance(entries, dict) else {}


def _values(profile: dict[str, Any]) -> dict[str, units.Measure]:
    """The values of a profile that can be read."""
    entries = profile.get("values")
    measures = {s: measure_of(v) for s, v in entries.items()} if isinstance(entries, dict) else {}
    return {str(season): measure for season, measure in measures.items() if measure is not None}


def _hours(tree: Any, found: Findings) -> None:
    seasons = _seasons(tree)
    lengths = [measure_of(entry.get("hours")) for entry in section(tree, "seasons").values()]
    known = [m.to("h") for m in lengths if m is not None and units.same_dimension(m, "h")]
    if seasons and len(known) == len(seasons) and abs(sum(known) - YEAR_H) > HOURS_OFF:
        found.add(("seasons",), "not_a_year", found=f"{sum(known):,.6g}", expected=f"{YEAR_H:,.0f}")


def _profile(tree: Any, name: str, profile: dict[str, Any], found: Findings) -> None:
    """Every season has a share, and only seasons have one."""
    path: Path = ("profiles", name, "values")
    seasons, values = _seasons(tree), profile.get("values")
    if not isinstance(values, dict):
        return
    if not seasons:
        found.add(path, "profile_without_seasons", found=name)
        return
    for season in values:
        found.name((*path, season), str(season), map(str, seasons), "season")
    for season in seasons:
        if season not in values:
            found.add(path, "season_missing", found=season)
    measures = _values(profile)
    for season, measure in measures.items():
        _share((*path, season), measure, profile.get("spread") == "load", found)
    read = bool(measures) and len(measures) == len(values)
    if profile.get("spread") == "weight" and read and not any(m.value for m in measures.values()):
        found.add(path, "weighs_nothing", found=name)


def _share(path: Path, measure: units.Measure, of_load: bool, found: Findings) -> None:
    if not units.same_dimension(measure, "%"):
        found.add(path, "wrong_dimension", found=measure.text, expected="%")
    elif measure.value < 0:
        found.add(path, "too_small", found=measure.text, least=0.0)
    elif of_load and measure.value > 1:
        found.add(path, "too_large", found=measure.text, most=1.0)


def _following(tree: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Everything that can follow a profile: units, by-products, uses."""
    for path, _, unit in units_of(tree):
        yield path, unit
    for kind in ("byproducts", "uses"):
        yield from dotted(tree, kind).values()


def _names(tree: Any, found: Findings) -> None:
    profiles = section(tree, "profiles")
    for path, entry in _following(tree):
        found.name((*path, "profile"), entry.get("profile"), profiles, "profile")


def _least_loads(tree: Any, found: Findings) -> None:
    """A unit that runs in a season can reach its least load there; where it is stopped, it is."""
    profiles = section(tree, "profiles")
    for path, _, unit in units_of(tree):
        least, profile = measure_of(unit.get("min_load")), profiles.get(str(unit.get("profile")))
        if least is None or profile is None or profile.get("spread") != "load":
            continue
        whole = measure_of(unit.get("availability"))
        most = 1.0 if whole is None else whole.value
        short = [s for s, m in _values(profile).items() if 0 < m.value * most < least.value]
        if short:
            found.add((*path, "min_load"), "must_run_more_there", found=least.text, season=short[0])


def _heaps(tree: Any, found: Findings) -> None:
    byproducts, materials = dotted(tree, "byproducts"), section(tree, "materials")
    waiting: dict[str, str] = {}
    for name, entry in section(tree, "stockpiles").items():
        byproduct = str(entry.get("byproduct"))
        _, declared = byproducts.get(byproduct, ((), {}))
        unit = materials.get(str(declared.get("material")), {}).get("unit")
        if unit is not None:
            _heap_units(("stockpiles", name), entry, str(unit), found)
        if entry.get("buffer") is not None:
            if byproduct in waiting:
                other = waiting[byproduct]
                found.add(("stockpiles", name, "buffer"), "two_buffers", found=name, other=other)
            waiting.setdefault(byproduct, name)


def _heap_units(path: Path, entry: dict[str, Any], unit: str, found: Findings) -> None:
    for key, expected in (
        ("buffer", unit),
        ("reclaim_cost", f"CNY/{unit}"),
        ("holding_cost", f"CNY/{unit}"),
    ):
        measure = measure_of(entry.get(key))
        if measure is not None and not units.same_dimension(measure, expected):
            found.add((*path, key), "wrong_dimension", found=measure.text, expected=expected)
