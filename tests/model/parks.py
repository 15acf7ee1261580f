"""Small parks in a few lines: what a test does not say is filled in.

    park(
        {"works": makes(slag="100 t/a"), "cement": needs(clinker=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.clinker", cost="5 CNY/t")},
    )

Unless said otherwise an enterprise is inside the one boundary, a by-product is a solid counted in
t and general industrial waste, its one route ``heap`` is compliant and free, a use buys its virgin
material at 50 CNY/t and accepts any share at 1 t/t, and a link exists and costs nothing.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from symbiosis.optimum import Goal, Optimum
from symbiosis.park.declaration import Declaration
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.park.validate import validate
from symbiosis.slicing import ALL_OPEN, slice_of
from symbiosis.solving import optimise_slice
from symbiosis.yamlfile import Document

Tree = dict[str, Any]
NONE: Mapping[str, Any] = MappingProxyType({})


def named(name: str, **rest: Any) -> Tree:
    return {"name_zh": name, "name_en": name.replace("_", " "), **rest}


def route(cost: str = "0 CNY/t", kind: str = "stored", compliant: bool = True, **rest: Any) -> Tree:
    return named("heap", kind=kind, cost=cost, compliant=compliant, **rest)


def byproduct(amount: str = "", heap: str | None = None, **rest: Any) -> Tree:
    """A by-product; ``amount`` per year at full load, ``heap`` the fee of its one route."""
    made = {"full_load": amount} if amount else {}
    routes = {} if heap is None else {"routes": {"heap": route(heap)}}
    return {**made, **routes, **rest}


def accept(ratio: str = "1 t/t", max_share: str = "100 %", **rest: Any) -> Tree:
    return {"ratio": ratio, "max_share": max_share, **rest}


def use(
    amount: str,
    *materials: str,
    virgin: str | None = "50 CNY/t",
    accepts: Mapping[str, Any] = NONE,
    **rest: Any,
) -> Tree:
    """A use that accepts ``materials`` one for one and ``accepts`` on their own terms."""
    made = {"full_load": amount} if amount else {}
    bought = {} if virgin is None else {"virgin": named("virgin", price=virgin)}
    taken = {**{material: accept() for material in materials}, **accepts}
    common = {"counts_as": {"now": "utilised"}, "share_basis": "input"}
    return {**made, **bought, **common, "accepts": taken, **rest}


def unit(byproducts: Mapping[str, Any] = NONE, uses: Mapping[str, Any] = NONE, **rest: Any) -> Tree:
    """A demand-driven unit at full load, or with ``drive="supply"`` one that runs on its feed."""
    driven = {} if rest.get("drive") == "supply" else {"drive": "demand", "activity": "100 %"}
    made = {name: _whole_byproduct(name, entry) for name, entry in byproducts.items()}
    needed = {name: named(name, **entry) for name, entry in uses.items()}
    return named("plant", **{**driven, **rest, "byproducts": made, "uses": needed})


def _whole_byproduct(name: str, entry: str | Tree) -> Tree:
    stated = {"full_load": entry} if isinstance(entry, str) else entry
    material = stated.get("material", name)
    whole = {"material": material, "routes": {"heap": route()}, **stated}
    free = f"0 CNY/{whole.pop('counted', 't')}"
    if "routes" not in stated:
        whole["routes"] = {"heap": route(free)}
    return named(name, **whole)


def enterprise(inside: bool = True, **rest: Any) -> Tree:
    """An enterprise with ``units``."""
    lies_in = ["park"] if inside else []
    return named("company", **{"role": "producer", "inside": lies_in, **rest})


def makes(inside: bool = True, **byproducts: str | Tree) -> Tree:
    """An enterprise whose one unit makes by-products."""
    return enterprise(inside, units={"plant": unit(byproducts)})


def needs(inside: bool = True, **uses: Tree) -> Tree:
    """An enterprise whose one unit has uses."""
    return enterprise(inside, role="consumer", units={"plant": unit(uses=uses)})


def runs(byproducts: Tree, uses: Tree, inside: bool = True, **rest: Any) -> Tree:
    """An enterprise with one supply-driven unit."""
    return enterprise(inside, units={"plant": unit(byproducts, uses, drive="supply", **rest)})


def link(start: str, *ends: str, cost: str = "0 CNY/t", **rest: Any) -> Tree:
    common = {"status": "existing", "known": "assumed", "distance": "0 km", "mode": "truck"}
    ways = {"byproduct": start, "uses": list(ends), "cost": cost}
    return named(f"{start} to {ends[0]}", **{**common, **ways, **rest})


def material(
    kind: str = "solid", unit: str = "t", waste_class: str = "general_industrial", **rest: Any
) -> Tree:
    return named("material", kind=kind, unit=unit, waste_class=waste_class, **rest)


def treatment(yield_: str, rest: str = "residue", **more: Any) -> Tree:
    return {**named("treatment", rest=rest, **more), "yield": yield_}


def tree(
    enterprises: Tree,
    links: Mapping[str, Any] = NONE,
    materials: Mapping[str, Any] = NONE,
    **sections: Any,
) -> Tree:
    """What a park file with these sections says; materials that are only mentioned are added."""
    mentioned = {
        name
        for company in enterprises.values()
        for plant in company.get("units", {}).values()
        for name in (
            *(made["material"] for made in plant["byproducts"].values()),
            *(name for wanted in plant["uses"].values() for name in wanted["accepts"]),
        )
    }
    flowing = {name: material() for name in sorted(mentioned - set(materials))}
    return {
        "schema_version": 1,
        "id": "tiny",
        **named("tiny"),
        "province": "Gansu",
        "province_zh": "甘肃",
        "start": 2025,
        "horizon": "5 a",
        "money_year": 2025,
        "boundaries": {"park": named("park")},
        "rate_documents": {"now": named("now")},
        "finance": {"discount_rate": "8 %", "asset_life": "15 a"},
        "transport": {"truck": named("truck", unit="t", freight="1 CNY/(t*km)")},
        "materials": {**flowing, **materials},
        "enterprises": enterprises,
        "links": dict(links),
        **sections,
    }


def park(
    enterprises: Tree,
    links: Mapping[str, Any] = NONE,
    materials: Mapping[str, Any] = NONE,
    **sections: Any,
) -> Park:
    """The checked park with these sections; see the module for what is filled in."""
    return checked(tree(enterprises, links, materials, **sections))


def checked(whole: Tree) -> Park:
    """The park that a whole tree declares."""
    return validate(Declaration.of(Document(Path("tiny.yaml"), whole, {})))


def write(whole: Tree, path: Path) -> Path:
    """A tree as a file."""
    path.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def solve(
    found: Park,
    goal: str = "utilisation",
    solver: str = "glpk",
    *,
    year: int | None = None,
    opened: frozenset[Status] = ALL_OPEN,
    boundary: str | None = None,
    document: str | None = None,
) -> Optimum:
    """The optimum of one slice; it has passed the independent check."""
    data = slice_of(found, year, opened, boundary, document)
    return optimise_slice(found, data, Goal(goal), solver)


def near(value: float | None, expected: float, tolerance: float = 1e-7) -> bool:
    """Equal to a part in ten million, as two solvers agree."""
    return value is not None and abs(value - expected) <= tolerance * max(1.0, abs(expected))
