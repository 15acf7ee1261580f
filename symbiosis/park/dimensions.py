"""Whether every quantity has the dimension that its place asks for.

The classes of :mod:`symbiosis.park.quantity` check what a place always asks for (money, a share, a
distance). What depends on the material stands here: a by-product counted in GJ cannot be
generated in t/a, a ratio leads from the unit of the by-product to the unit of the need.
"""

from typing import Any

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.references import Findings, Path, dotted, section, texts, units_of

NEED_UNITS = ("t", "GJ", "Nm3", "m3", "kWh")


def check_dimensions(declaration: Declaration) -> list[Problem]:
    """Every quantity whose dimension or basis does not fit its material, use or unit."""
    found = Findings(declaration)
    _units(declaration.tree, found)
    _byproducts(declaration.tree, found)
    _uses(declaration.tree, found)
    _links(declaration.tree, found)
    _heaps(declaration.tree, found)
    return found.problems


def measure_of(value: Any) -> units.Measure | None:
    """The measure of a quantity in the plain tree; nothing where it is not one.

    What cannot be read is reported by the classes of the quantity, not here.
    """
    text = value.get("value") if isinstance(value, dict) else value
    if not isinstance(text, str):
        return None
    try:
        return units.parse(text)
    except units.UnitError:
        return None


def flow_of(entry: dict[str, Any]) -> str | None:
    """A text in the unit of the duty, where a use states its heat capacity flow instead."""
    heat = entry.get("heat")
    return "0 GJ/a" if isinstance(heat, dict) and "heat_capacity_flow" in heat else None


def need_unit(full_load: Any, coefficient: Any, capacity: Any, stated: Any) -> str | None:
    """The unit in which a need is counted: the stated one, or the base unit of its dimension.

    The need is given as ``full_load``, or as ``coefficient`` per unit of ``capacity``; nothing
    where neither can be read.
    """
    if isinstance(stated, str) and stated in NEED_UNITS:
        return stated
    whole, part, size = measure_of(full_load), measure_of(coefficient), measure_of(capacity)
    if whole is not None:
        unit = whole.unit
    elif part is not None and size is not None:
        unit = product(part.unit, size.unit)
    else:
        return None
    return next((u for u in NEED_UNITS if units.same_dimension(unit, f"{u}/a")), None)


def _expect(found: Findings, path: Path, value: Any, unit: str | None) -> None:
    """Note ``value`` at ``path`` unless its dimension is that of ``unit``."""
    measure = measure_of(value)
    if measure is None or unit is None:
        return
    if not units.same_dimension(measure, unit):
        found.add(path, "wrong_dimension", found=measure.text, expected=unit)


def _expect_basis(found: Findings, path: Path, value: Any, material: dict[str, Any]) -> None:
    measure = measure_of(value)
    if measure is None or measure.basis is None or measure.basis == material.get("basis"):
        return
    if material.get("basis") is None or material.get("moisture") is None:
        found.add(path, "basis_needs_moisture", found=measure.text, basis=measure.basis)


def product(one: str, other: str) -> str:
    """The product of two unit texts; ``1`` is dimensionless."""
    return " ".join(f"({text})" for text in (one, other) if text != "1") or "%"


def _amount(found: Findings, path: Path, entry: dict[str, Any], unit: str | None, cap: Any) -> None:
    """``full_load`` in ``unit`` per year, or ``coefficient`` x capacity in the same."""
    if unit is None:
        return
    _expect(found, (*path, "full_load"), entry.get("full_load"), f"{unit}/a")
    coefficient, capacity = measure_of(entry.get("coefficient")), measure_of(cap)
    if coefficient is None:
        return
    if capacity is None:
        found.add((*path, "coefficient"), "coefficient_needs_capacity", found=coefficient.text)
    elif units.dimension_of(product(coefficient.unit, capacity.unit)) != units.dimension_of(
        f"{unit}/a"
    ):
        expected = f"{unit} per unit of {capacity.text}"
        found.add(
            (*path, "coefficient"), "wrong_dimension", found=coefficient.text, expected=expected
        )


def _units(tree: Any, found: Findings) -> None:
    for path, _, unit in units_of(tree):
        capacity, activity = measure_of(unit.get("capacity")), measure_of(unit.get("activity"))
        for key in ("running_cost", "income"):
            money = measure_of(unit.get(key))
            if money is not None and capacity is None:
                found.add((*path, key), "coefficient_needs_capacity", found=money.text)
            elif money is not None and capacity is not None:
                yearly = units.dimension_of(product(money.unit, capacity.unit))
                if yearly != units.dimension_of("CNY/a"):
                    expected = f"CNY per unit of {capacity.text}"
                    found.add((*path, key), "wrong_dimension", found=money.text, expected=expected)
        if activity is not None and not units.same_dimension(activity, "%"):
            full = None if capacity is None else capacity.unit
            _expect(found, (*path, "activity"), unit.get("activity"), full)
            if capacity is None:
                found.add((*path, "activity"), "activity_needs_capacity", found=activity.text)


def _capacity_beside(tree: Any, path: Path) -> Any:
    """The capacity of the unit that the by-product or use at ``path`` belongs to."""
    node = tree
    for part in path[:4]:
        node = node[part]
    return node.get("capacity")


def _byproducts(tree: Any, found: Findings) -> None:
    materials = section(tree, "materials")
    for path, entry in dotted(tree, "byproducts").values():
        material = materials.get(str(entry.get("material")), {})
        unit = material.get("unit")
        _amount(found, path, entry, unit, _capacity_beside(tree, path))
        _expect_basis(found, (*path, "full_load"), entry.get("full_load"), material)
        for name, route in section(entry, "routes").items():
            _expect(found, (*path, "routes", name, "cost"), route.get("cost"), f"CNY/{unit}")
            _expect(found, (*path, "routes", name, "capacity"), route.get("capacity"), f"{unit}/a")


def _uses(tree: Any, found: Findings) -> None:
    materials, treatments = section(tree, "materials"), section(tree, "treatments")
    for path, entry in dotted(tree, "uses").values():
        capacity = _capacity_beside(tree, path)
        full, part = entry.get("full_load") or flow_of(entry), entry.get("coefficient")
        unit = need_unit(full, part, capacity, entry.get("unit"))
        _amount(found, path, entry, unit or "t", capacity)
        virgin = entry.get("virgin")
        if isinstance(virgin, dict) and unit is not None:
            _expect(found, (*path, "virgin", "price"), virgin.get("price"), f"CNY/{unit}")
        for name, accept in section(entry, "accepts").items():
            own = materials.get(name, {}).get("unit")
            here = (*path, "accepts", name)
            if own is None or unit is None:
                continue
            _ratio(found, (*here, "ratio"), accept.get("ratio"), (unit, own))
            if entry.get("share_basis") == "input" and own != unit:
                found.add((*path, "share_basis"), "share_of_mixed_units", found=own, need=unit)
            treatment = treatments.get(str(accept.get("treatment")), {})
            _expect(found, (*here, "treatment"), treatment.get("cost"), f"CNY/{own}")


def _ratio(found: Findings, path: Path, value: Any, units_of_it: tuple[str, str]) -> None:
    """Need replaced per by-product delivered; stated the other way round it is named as that."""
    need, own = units_of_it
    measure = measure_of(value)
    if measure is None or units.same_dimension(measure, f"{need}/{own}"):
        return
    reversed_ = units.same_dimension(measure, f"{own}/{need}")
    code = "ratio_wrong_way" if reversed_ else "wrong_dimension"
    found.add(path, code, found=measure.text, expected=f"{need}/{own}")


def _links(tree: Any, found: Findings) -> None:
    byproducts, materials = dotted(tree, "byproducts"), section(tree, "materials")
    uses, treatments = dotted(tree, "uses"), section(tree, "treatments")
    modes = section(tree, "transport")
    for name, entry in section(tree, "links").items():
        _, byproduct = byproducts.get(str(entry.get("byproduct")), ((), {}))
        material = materials.get(str(byproduct.get("material")), {})
        unit = material.get("unit")
        if unit is None:
            continue
        path: Path = ("links", name)
        for key in ("capacity", "observed"):
            _expect(found, (*path, key), entry.get(key), f"{unit}/a")
            _expect_basis(found, (*path, key), entry.get(key), material)
        for key in ("cost", "subsidy"):
            _expect(found, (*path, key), entry.get(key), f"CNY/{unit}")
        mode = modes.get(str(entry.get("mode")), {})
        if mode and mode.get("unit") != unit:
            found.add((*path, "mode"), "mode_other_unit", found=mode.get("unit"), expected=unit)
        whole = entry.get("lumpy") is True
        if entry.get("investment") is not None and entry.get("capacity") is None and not whole:
            found.add((*path, "investment"), "investment_needs_capacity", found=name)
        for extra, use in texts(entry.get("uses")):
            accepts = section(uses.get(use, ((), {}))[1], "accepts")
            treatment = accepts.get(str(byproduct.get("material")), {}).get("treatment")
            leaves = treatments.get(str(treatment), {}).get("rest") == "residue"
            if leaves and entry.get("residue") is None:
                found.add((*path, "uses", *extra), "residue_needs_place", found=treatment)


def _heaps(tree: Any, found: Findings) -> None:
    byproducts, materials = dotted(tree, "byproducts"), section(tree, "materials")
    for name, entry in section(tree, "stockpiles").items():
        _, byproduct = byproducts.get(str(entry.get("byproduct")), ((), {}))
        unit = materials.get(str(byproduct.get("material")), {}).get("unit")
        if unit is None:
            continue
        for key, expected in (("stock", unit), ("capacity", unit), ("reclaim", f"{unit}/a")):
            _expect(found, ("stockpiles", name, key), entry.get(key), expected)
