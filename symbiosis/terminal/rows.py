"""A park as plain rows with ids as keys: what ``show --json`` prints and the tables are made of.

A quantity becomes ``{amount, unit, text, ...}`` with ``amount`` in base units (t, GJ, Nm3, m3,
kWh, CNY, a, km, or a fraction) and the evidence that the file gives for it.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from symbiosis.course import load_of
from symbiosis.park.park import Park
from symbiosis.park.quantity import Quantity
from symbiosis.slicing import at_full_load, unit_of_need

Row = dict[str, Any]
SECTIONS = ("park", "enterprises", "units", "byproducts", "uses", "links", "projects", "sources")


def rows_of(park: Park) -> dict[str, Row]:
    """All sections of ``show``; by-products and uses go by ``enterprise.name``."""
    return {
        "park": plain(park, ("enterprises", "links", "projects", "sources")),
        "enterprises": {name: _row(name, e, ("units",)) for name, e in park.enterprises.items()},
        "units": {f"{e}.{name}": _unit(e, name, unit) for e, name, unit in park.units()},
        "byproducts": {name: _byproduct(park, name) for name in park.byproducts},
        "uses": {name: _use(park, name) for name in park.uses},
        "links": {name: _row(name, link) for name, link in park.links.items()},
        "projects": {name: _row(name, project) for name, project in park.projects.items()},
        "sources": {name: _row(name, source) for name, source in park.sources.items()},
    }


def plain(value: Any, without: tuple[str, ...] = ()) -> Any:
    """A noun as dicts, lists and scalars; keys as in the file, empty ones left out."""
    if isinstance(value, Quantity):
        return _quantity(value)
    if isinstance(value, BaseModel):
        return {key: plain(inner) for key, inner in _fields(value) if key not in without}
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def _fields(noun: BaseModel) -> Iterator[tuple[str, Any]]:
    for name, field in type(noun).model_fields.items():
        value = getattr(noun, name)
        if value is not None and value != ():
            yield field.alias or name, value


def _quantity(quantity: Quantity) -> Row:
    """``amount`` and ``unit`` in base units, ``text`` as written, then the evidence."""
    measure = quantity.measure
    row: Row = {"amount": measure.value, "unit": measure.unit, "text": quantity.value}
    if measure.basis is not None:
        row["basis"] = str(measure.basis)
    evidence = {key: value for key, value in _fields(quantity) if key != "value"}
    return row | {key: list(v) if isinstance(v, tuple) else v for key, v in evidence.items()}


def _row(name: str, noun: BaseModel, without: tuple[str, ...] = ()) -> Row:
    own: Row = plain(noun, without)
    return {"id": name} | own


def _unit(enterprise: str, name: str, unit: BaseModel) -> Row:
    own = _row(f"{enterprise}.{name}", unit, ("byproducts", "uses"))
    return own | {"enterprise": enterprise}


def _byproduct(park: Park, name: str) -> Row:
    """A by-product with what its unit generates in a year at its given load.

    What returns from a use follows what flows there: no amount is given.
    """
    enterprise, unit_id = park.owner_unit[name]
    unit, byproduct = park.enterprises[enterprise].units[unit_id], park.byproducts[name]
    material = park.material_of(name)
    yearly = at_full_load(byproduct, unit, material, material.unit) * load_of(unit)
    place = {"enterprise": enterprise, "unit_id": f"{enterprise}.{unit_id}"}
    stated = {"amount": yearly, "unit": f"{material.unit}/a"}
    generated = None if byproduct.returns is not None else stated
    return _row(name, byproduct) | place | {"generated_per_year": generated}


def _use(park: Park, name: str) -> Row:
    """A use with what its unit needs in a year at its given load; none where a load is given."""
    enterprise, unit_id = park.owner_unit[name]
    unit, use = park.enterprises[enterprise].units[unit_id], park.uses[name]
    counted = unit_of_need(use, unit)
    amount = at_full_load(use, unit, None, counted) * load_of(unit)
    needed = None if use.load else {"amount": amount, "unit": f"{counted}/a"}
    place = {"enterprise": enterprise, "unit_id": f"{enterprise}.{unit_id}"}
    return _row(name, use) | place | {"needed_per_year": needed}
