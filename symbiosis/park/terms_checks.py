"""Whether links and treatments of a park file can keep their terms.

Units of what a link or treatment states, least flows and contracts within capacities, and permits
for hazardous waste where the park asks for them. The checks read the plain tree, as those of names
and units do.
"""

from collections.abc import Iterator
from typing import Any

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import measure_of
from symbiosis.park.references import Findings, Path, dotted, section, texts


def check_terms(declaration: Declaration) -> list[Problem]:
    """Everything about terms that cannot be so."""
    found = Findings(declaration)
    tree = declaration.tree
    byproducts, uses = dotted(tree, "byproducts"), dotted(tree, "uses")
    for name, link in section(tree, "links").items():
        _, byproduct = byproducts.get(str(link.get("byproduct")), ((), {}))
        _amounts(tree, name, byproduct, found)
        _subsidy(tree, name, uses, found)
    for _, entry in uses.values():
        _treatments(tree, entry, found)
    _power(tree, found)
    if _policy(tree).get("permits_required") is True:
        for path, details in without_permit(tree):
            found.add(path, "permit_missing", **details)
    return found.problems


def without_permit(tree: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every way of hazardous waste into a use that states no permit for it."""
    byproducts, uses = dotted(tree, "byproducts"), dotted(tree, "uses")
    materials = section(tree, "materials")
    for name, link in section(tree, "links").items():
        _, byproduct = byproducts.get(str(link.get("byproduct")), ((), {}))
        material = materials.get(str(byproduct.get("material")), {})
        if material.get("waste_class") != "hazardous":
            continue
        for extra, use in texts(link.get("uses")):
            if use in uses and "hazardous" not in _listed(uses[use][1].get("permits")):
                details = {"found": name, "use": use, "byproduct": str(link.get("byproduct"))}
                yield ("links", name, "uses", *extra), details


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _policy(tree: Any) -> dict[str, Any]:
    policy = tree.get("policy") if isinstance(tree, dict) else None
    return policy if isinstance(policy, dict) else {}


def _expect(found: Findings, path: Path, value: Any, unit: str) -> units.Measure | None:
    """The measure, if its dimension is that of ``unit``; otherwise it is noted."""
    measure = measure_of(value)
    if measure is None or units.same_dimension(measure, unit):
        return measure
    found.add(path, "wrong_dimension", found=measure.text, expected=unit)
    return None


def _amounts(tree: Any, name: str, byproduct: dict[str, Any], found: Findings) -> None:
    """A least flow and a contract in the unit of the by-product, and within the capacity."""
    link, path = section(tree, "links")[name], ("links", name)
    unit = section(tree, "materials").get(str(byproduct.get("material")), {}).get("unit")
    if not isinstance(unit, str):
        return
    most = measure_of(link.get("capacity"))
    for key in ("min_flow", "contract"):
        amount = _expect(found, (*path, key), link.get(key), f"{unit}/a")
        comparable = amount is not None and most is not None and amount.basis == most.basis
        if not comparable or amount is None or most is None:
            continue
        if units.same_dimension(most, f"{unit}/a") and amount.value > most.value:
            found.add((*path, key), "above_capacity", found=amount.text, capacity=most.text)
    if link.get("lumpy") is True and link.get("investment") is None:
        found.add((*path, "lumpy"), "lumpy_needs_investment", found=name)


def _subsidy(
    tree: Any, name: str, uses: dict[str, tuple[Path, dict[str, Any]]], found: Findings
) -> None:
    """A subsidy where something limits the flow: else the exchange earns without end."""
    link = section(tree, "links")[name]
    if link.get("subsidy") is None or link.get("capacity") is not None:
        return
    for extra, use in texts(link.get("uses")):
        _, entry = uses.get(use, ((), {}))
        if entry.get("load") and entry.get("max_intake") is None:
            path = ("links", name, "uses", *extra)
            found.add(path, "subsidy_without_limit", found=name, use=use)


def _treatments(tree: Any, use: dict[str, Any], found: Findings) -> None:
    """Capacity and power of a treatment in the unit of every material that it is used for."""
    materials, treatments = section(tree, "materials"), section(tree, "treatments")
    for material, accept in section(use, "accepts").items():
        name = str(accept.get("treatment"))
        treatment, own = treatments.get(name, {}), materials.get(material, {})
        unit = own.get("unit")
        if not treatment or not isinstance(unit, str):
            continue
        here: Path = ("treatments", name)
        capacity = _expect(found, (*here, "capacity"), treatment.get("capacity"), f"{unit}/a")
        _expect(found, (*here, "energy"), treatment.get("energy"), f"kWh/{unit}")
        known = own.get("basis") is not None and own.get("moisture") is not None
        if capacity is not None and capacity.basis not in (None, own.get("basis")) and not known:
            basis = capacity.basis
            found.add((*here, "capacity"), "basis_needs_moisture", found=capacity.text, basis=basis)


def _power(tree: Any, found: Findings) -> None:
    _expect(found, ("policy", "power_price"), _policy(tree).get("power_price"), "CNY/kWh")
