"""Whether the quantities of a park make sense together, each being right by itself.

A unit that must run more than it may, a material that replaces nothing, a residue that would have
to be counted in another unit: found on the plain tree, so that they stand in one list with all
other problems.
"""

from typing import Any

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import measure_of, need_unit
from symbiosis.park.references import Findings, Path, dotted, section, units_of


def check_sense(declaration: Declaration) -> list[Problem]:
    """Every combination of quantities that cannot be meant."""
    found = Findings(declaration)
    tree = declaration.tree
    _units(tree, found)
    _materials(tree, found)
    _uses(tree, found)
    _links(tree, found)
    return found.problems


def _value(entry: Any, otherwise: float | None = None) -> float | None:
    measure = measure_of(entry)
    return otherwise if measure is None else measure.value


def _units(tree: Any, found: Findings) -> None:
    for path, _, unit in units_of(tree):
        least, most = _value(unit.get("min_load")), _value(unit.get("availability"), 1.0)
        if least is not None and most is not None and least > most:
            shown = measure_of(unit.get("min_load"))
            found.add((*path, "min_load"), "must_run_more", found=shown.text if shown else "")
        activity = measure_of(unit.get("activity"))
        if activity is not None and activity.value < 0:
            found.add((*path, "activity"), "too_small", found=activity.text, least=0.0)


def _materials(tree: Any, found: Findings) -> None:
    """Only a solid can be general industrial solid waste."""
    for name, entry in section(tree, "materials").items():
        if entry.get("waste_class") == "general_industrial" and entry.get("kind") != "solid":
            path = ("materials", name, "waste_class")
            found.add(path, "solid_waste_only", found=entry.get("kind"))


def _uses(tree: Any, found: Findings) -> None:
    materials = section(tree, "materials")
    for path, entry in dotted(tree, "uses").values():
        unit = tree
        for part in path[:4]:
            unit = unit[part]
        need = need_unit(
            entry.get("full_load"),
            entry.get("coefficient"),
            unit.get("capacity"),
            entry.get("unit"),
        )
        _mass_per_year(found, (*path, "max_intake"), entry.get("max_intake"))
        for material, accept in section(entry, "accepts").items():
            here = (*path, "accepts", material)
            if _value(accept.get("ratio")) == 0.0:
                found.add((*here, "ratio"), "replaces_nothing", found=material)
            companion = accept.get("companion")
            own = materials.get(material, {}).get("unit")
            if isinstance(companion, dict) and own is not None and need is not None:
                _recipe(found, (*here, "companion", "ratio"), companion, own, materials)


def _mass_per_year(found: Findings, path: Path, value: Any) -> None:
    measure = measure_of(value)
    if measure is not None and not units.same_dimension(measure, "t/a"):
        found.add(path, "wrong_dimension", found=measure.text, expected="t/a")
    elif measure is not None and measure.basis is not None:
        found.add(path, "no_basis_here", found=measure.text)


def _recipe(
    found: Findings, path: Path, companion: Any, own: str, materials: dict[str, dict[str, Any]]
) -> None:
    ratio = measure_of(companion.get("ratio"))
    names = companion.get("materials")
    others = {materials.get(str(name), {}).get("unit") for name in names or ()}
    for other in others - {None}:
        if ratio is not None and not units.same_dimension(ratio, f"{own}/{other}"):
            found.add(path, "wrong_dimension", found=ratio.text, expected=f"{own}/{other}")


def _links(tree: Any, found: Findings) -> None:
    byproducts, materials = dotted(tree, "byproducts"), section(tree, "materials")

    def unit_of(name: Any) -> Any:
        _, entry = byproducts.get(str(name), ((), {}))
        return materials.get(str(entry.get("material")), {}).get("unit")

    for name, entry in section(tree, "links").items():
        if _value(entry.get("loss")) == 1.0:
            found.add(("links", name, "loss"), "delivers_nothing", found=name)
        start, rest = unit_of(entry.get("byproduct")), unit_of(entry.get("residue"))
        if start is not None and rest is not None and start != rest:
            path = ("links", name, "residue")
            found.add(path, "residue_other_unit", found=rest, expected=start)
