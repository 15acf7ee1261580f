"""Whether the carbon factors of a park are stated per the unit that they are multiplied with.

A factor of transport is per unit and km, that of a unit per unit of its product, every other one
per unit of the material or need it stands at, that of power per MWh. The power of a treatment is
counted once: where it states energy and a factor of its own, it says whether the power is in that.
The checks read the plain tree.
"""

from typing import Any

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import flow_of, measure_of, need_unit, product
from symbiosis.park.enterprise import Release
from symbiosis.park.references import Findings, Path, dotted, section, units_of


def check_carbon(declaration: Declaration) -> list[Problem]:
    """Every carbon factor in a unit that cannot be meant."""
    found = Findings(declaration)
    tree = declaration.tree
    for name, mode in section(tree, "transport").items():
        if mode.get("unit") is not None:
            _factor(found, ("transport", name), mode, f"t/({mode['unit']} km)")
    _power(tree, found)
    _units(tree, found)
    _routes(tree, found)
    _uses(tree, found)
    return found.problems


def _factor(
    found: Findings, path: Path, entry: dict[str, Any], unit: str, key: str = "co2e"
) -> None:
    measure = measure_of(entry.get(key))
    if measure is not None and not units.same_dimension(measure, unit):
        found.add((*path, key), "wrong_dimension", found=measure.text, expected=unit)


def _power(tree: Any, found: Findings) -> None:
    """The factor of power, and whether a treatment's own factor holds its power."""
    policy = tree.get("policy") if isinstance(tree, dict) else None
    if isinstance(policy, dict):
        _factor(found, ("policy",), policy, "t/MWh", "power_co2e")
    for name, treatment in section(tree, "treatments").items():
        both = treatment.get("co2e") is not None and treatment.get("energy") is not None
        if both and treatment.get("co2e_with_power") is None:
            found.add(("treatments", name, "co2e"), "power_counted_twice", found=name)
        if not both and treatment.get("co2e_with_power") is not None:
            found.add(("treatments", name, "co2e_with_power"), "no_power_in_factor", found=name)


def _units(tree: Any, found: Findings) -> None:
    """Own emissions are a factor times the capacity: t of CO2e per year at full load."""
    for path, _, unit in units_of(tree):
        measure, capacity = measure_of(unit.get("co2e")), measure_of(unit.get("capacity"))
        if measure is None:
            continue
        if capacity is None:
            found.add((*path, "co2e"), "coefficient_needs_capacity", found=measure.text)
        elif units.dimension_of(product(measure.unit, capacity.unit)) != units.dimension_of("t/a"):
            expected = f"t per unit of {capacity.text}"
            found.add((*path, "co2e"), "wrong_dimension", found=measure.text, expected=expected)


def _routes(tree: Any, found: Findings) -> None:
    materials = section(tree, "materials")
    for path, entry in dotted(tree, "byproducts").values():
        unit = materials.get(str(entry.get("material")), {}).get("unit")
        for name, route in section(entry, "routes").items():
            if unit is not None:
                _factor(found, (*path, "routes", name), route, f"t/{unit}")


def _release(found: Findings, path: Path, entry: dict[str, Any]) -> None:
    """What a use sets free has a line of its own in the inventory: the file says which."""
    fed = [entry.get("virgin"), *section(entry, "accepts").values()]
    stated = any(isinstance(one, dict) and one.get("co2e_in_use") is not None for one in fed)
    if stated and entry.get("releases") is None:
        allowed = ", ".join(Release)
        found.add((*path, "releases"), "release_missing", found=path[-1], allowed=allowed)


def _uses(tree: Any, found: Findings) -> None:
    materials, treatments = section(tree, "materials"), section(tree, "treatments")
    for path, entry in dotted(tree, "uses").values():
        unit = tree
        for part in path[:4]:
            unit = unit[part]
        full, part_of = entry.get("full_load") or flow_of(entry), entry.get("coefficient")
        counted = need_unit(full, part_of, unit.get("capacity"), entry.get("unit"))
        virgin = entry.get("virgin")
        if isinstance(virgin, dict) and counted is not None:
            for key in ("co2e", "co2e_in_use"):
                _factor(found, (*path, "virgin"), virgin, f"t/{counted}", key)
        _release(found, path, entry)
        for material, accept in section(entry, "accepts").items():
            own = materials.get(material, {}).get("unit")
            if own is None:
                continue
            _factor(found, (*path, "accepts", material), accept, f"t/{own}", "co2e_in_use")
            treatment = treatments.get(str(accept.get("treatment")), {})
            _factor(found, ("treatments", str(accept.get("treatment"))), treatment, f"t/{own}")
