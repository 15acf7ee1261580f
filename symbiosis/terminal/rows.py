"""A park as plain rows with ids as keys: what ``show --json`` prints and the tables are made of.

A quantity becomes ``{amount, unit, text, ...}`` with ``amount`` in base units (t, GJ, Nm3, m3,
kWh, CNY, a, km, or a fraction) and the evidence that the file gives for it.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from symbiosis.park.park import Park
from symbiosis.park.quantity import Quantity

Row = dict[str, Any]
SECTIONS = ("park", "enterprises", "units", "byproducts", "uses", "links", "projects", "sources")
NESTED = ("units", "byproducts", "uses")
"""What is listed in a table of its own and left out of the row that it stands in."""


def rows_of(park: Park) -> dict[str, Row]:
    """All sections of ``show``; by-products and uses go by ``enterprise.name``."""
    return {
        "park": _park(park),
        "enterprises": _by_id(park.enterprises),
        "units": {f"{e}.{u}": _unit(e, u, unit) for e, u, unit in park.units()},
        "byproducts": {name: _in_unit(park, name) | plain(b) for name, b in park.byproducts.items()},
        "uses": {name: _in_unit(park, name) | plain(use) for name, use in park.uses.items()},
        "links": _by_id(park.links),
        "projects": _by_id(park.projects),
        "sources": _by_id(park.sources),
    }


def plain(value: Any) -> Any:
    """A noun as dicts, lists and scalars; keys as in the file, empty ones left out."""
    if isinstance(value, Quantity):
        return _quantity(value)
    if isinstance(value, BaseModel):
        return {key: plain(inner) for key, inner in _fields(value) if key not in NESTED}
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


def _by_id(entries: dict[str, Any]) -> Row:
    return {name: {"id": name} | plain(entry) for name, entry in entries.items()}


def _unit(enterprise: str, unit_id: str, unit: BaseModel) -> Row:
    return {"id": f"{enterprise}.{unit_id}", "enterprise": enterprise} | plain(unit)


def _in_unit(park: Park, name: str) -> Row:
    enterprise, unit = park.owner_unit[name]
    return {"id": name, "enterprise": enterprise, "unit_id": f"{enterprise}.{unit}"}


def _park(park: Park) -> Row:
    """What is said of the park as a whole, with what its tables refer to."""
    apart = {"enterprises", "links", "projects", "sources"}
    return {key: plain(value) for key, value in _fields(park) if key not in apart}
