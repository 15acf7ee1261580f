"""The terms of links and the rooms of treatments by their names."""

from typing import Any

from symbiosis.exchange import ExchangeData
from symbiosis.park.park import Park

TERM_KEYS = ("least_flow", "most_flow", "contract", "partners", "treatment")
"""The constraints that are named here."""


def term_details(park: Park, data: ExchangeData, key: tuple[str, Any]) -> dict[str, Any]:
    """The placeholders for the texts about one constraint of these."""
    name, index = key
    if name == "treatment":
        enterprise, treatment = index
        unit = next(room.unit for room in data.deals.rooms if room.key == index)
        whose = {"treatment": _named(park.treatments[treatment]), "counted": f"{unit}/a"}
        return whose | {"enterprise": _named(park.enterprises[enterprise])}
    if name == "partners":
        kind, thing = index
        noun = park.uses[thing] if kind == "use" else park.byproducts[thing]
        owner = park.enterprises[thing.partition(".")[0]]
        return {"thing": _named(noun), "enterprise": _named(owner), "counted": ""}
    unit = park.material_of(park.links[index].byproduct).unit.value
    return {"link": _named(park.links[index]), "counted": f"{unit}/a"}


def _named(thing: Any) -> dict[str, str]:
    return {"zh": thing.name_zh, "en": thing.name_en}
