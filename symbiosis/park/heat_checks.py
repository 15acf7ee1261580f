"""Whether the heat streams of a park file can be what they say.

A hot stream cools down, a cold one warms up; a heat use can be reached by some source or by its
utility. The checks read the plain tree, as those of names and units do.
"""

from typing import Any

from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import flow_of, measure_of, need_unit
from symbiosis.park.heat import DECIMALS
from symbiosis.park.references import Findings, Path, dotted, section, texts


def check_heat(declaration: Declaration) -> list[Problem]:
    """Everything about temperatures that cannot be so."""
    found = Findings(declaration)
    tree = declaration.tree
    for path, entry in dotted(tree, "byproducts").values():
        _hot(tree, path, entry, found)
    for path, entry in dotted(tree, "uses").values():
        _cold(tree, path, entry, found)
    _reach(tree, found)
    return found.problems


def _hot(tree: Any, path: Path, entry: dict[str, Any], found: Findings) -> None:
    """A by-product: of heat, cooling down; its routes' temperatures mean something."""
    material = section(tree, "materials").get(str(entry.get("material")), {})
    for name, route in section(entry, "routes").items():
        if "temperature" in route and "heat" not in entry:
            found.add((*path, "routes", name, "temperature"), "temperature_without_heat")
    if "heat" not in entry:
        return
    if material and (material.get("kind") != "heat" or not _is_energy(material.get("unit"))):
        what = f"{material.get('kind')}, {material.get('unit')}"
        found.add((*path, "heat"), "heat_of_other_kind", found=what)
    _course(path, entry, 1.0, "hot_stream_warms_up", found)


def _cold(tree: Any, path: Path, entry: dict[str, Any], found: Findings) -> None:
    """A use: it needs energy, it warms up, its utility's temperature means something."""
    virgin = entry.get("virgin")
    if isinstance(virgin, dict) and "temperature" in virgin and "heat" not in entry:
        found.add((*path, "virgin", "temperature"), "temperature_without_heat")
    if "heat" not in entry:
        return
    capacity = _unit_at(tree, path).get("capacity")
    full = entry.get("full_load") or flow_of(entry)
    unit = need_unit(full, entry.get("coefficient"), capacity, entry.get("unit"))
    if unit is not None and not _is_energy(unit):
        found.add((*path, "heat"), "heat_of_other_kind", found=unit)
    _course(path, entry, -1.0, "cold_stream_cools_down", found)


def _course(path: Path, entry: dict[str, Any], sign: float, code: str, found: Findings) -> None:
    """Supply and target the right way round; an isothermal stream states its duty otherwise."""
    supply, target = _degrees(entry, "supply"), _degrees(entry, "target")
    if supply is None or target is None:
        return
    details = {"supply": f"{supply:g} °C", "target": f"{target:g} °C"}
    if sign * (supply - target) < 0:
        found.add((*path, "heat", "target"), code, **details)
    if supply == target and "heat_capacity_flow" in entry["heat"]:
        found.add((*path, "heat", "heat_capacity_flow"), "isothermal_needs_duty", **details)


def _reach(tree: Any, found: Findings) -> None:
    """A use that is hotter than every source that can reach it, and than its utility."""
    byproducts, uses = dotted(tree, "byproducts"), dotted(tree, "uses")
    hottest: dict[str, float] = {}
    for entry in section(tree, "links").values():
        _, byproduct = byproducts.get(str(entry.get("byproduct")), ((), {}))
        gives = _shifted(byproduct, "supply", -1.0)
        for _, use in texts(entry.get("uses")):
            at = float("inf") if gives is None else gives
            hottest[use] = max(at, hottest.get(use, at))
    for name, (path, entry) in uses.items():
        top, utility = _shifted(entry, "target", 1.0), _utility(entry)
        if top is None or (utility is None and name not in hottest):
            continue
        best = max(t for t in (utility, hottest.get(name)) if t is not None)
        if best < top:
            found.add(
                (*path, "heat", "target"),
                "use_too_hot",
                found=name,
                top=f"{top:g} °C",
                best=f"{best:g} °C",
            )


def _utility(entry: dict[str, Any]) -> float | None:
    """Up to which shifted temperature a use can be served by what it buys."""
    virgin = entry.get("virgin")
    if not isinstance(virgin, dict):
        return None
    measure = measure_of(virgin.get("temperature"))
    return float("inf") if measure is None else measure.value


def _shifted(entry: dict[str, Any], key: str, sign: float) -> float | None:
    """Supply or target of a stream with its part of the approach; nothing without temperatures."""
    at, approach = _degrees(entry, key), _degrees(entry, "approach")
    if at is None or approach is None:
        return None
    return round(at + sign * approach, DECIMALS)


def _degrees(entry: dict[str, Any], key: str) -> float | None:
    """A temperature or difference of a stream in °C or K; nothing where it cannot be read."""
    heat = entry.get("heat")
    measure = measure_of(heat.get(key)) if isinstance(heat, dict) else None
    return None if measure is None else measure.value


def _is_energy(unit: Any) -> bool:
    return unit in ("GJ", "kWh")


def _unit_at(tree: Any, path: Path) -> dict[str, Any]:
    """The unit that the by-product or use at ``path`` belongs to."""
    node = tree
    for part in path[:4]:
        node = node[part]
    found: dict[str, Any] = node
    return found
