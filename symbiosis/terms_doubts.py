"""What a park file says of links and ratios that is allowed and yet doubtful."""

from collections.abc import Iterator
from typing import Any

from symbiosis.amounts import in_material
from symbiosis.course import load_of
from symbiosis.park.declaration import Path
from symbiosis.park.link import Link
from symbiosis.park.material import WasteClass
from symbiosis.park.park import Park
from symbiosis.slicing import at_full_load, unit_of_need

Found = tuple[Path, str, dict[str, Any]]
FAR = 20.0
"""A ratio between equal units beyond this, or below its reciprocal, is named."""
MUCH_MORE = 1.5
"""An observed flow that would replace more than this times the need contradicts the ratio."""


def term_doubts(park: Park) -> Iterator[Found]:
    """Hazardous waste without a permit, odd ratios, observed flows that no need could take."""
    if not park.policy.permits_required:
        yield from _permits(park)
    yield from _far_ratios(park)
    for name, link in park.links.items():
        yield from _beyond_need(park, name, link)


def _permits(park: Park) -> Iterator[Found]:
    for name, link in park.links.items():
        if park.material_of(link.byproduct).waste_class is not WasteClass.HAZARDOUS:
            continue
        for use in link.uses:
            if WasteClass.HAZARDOUS not in park.uses[use].permits:
                details = {"found": name, "use": use, "byproduct": link.byproduct}
                yield ("links", name), "permit_not_stated", details


def _far_ratios(park: Park) -> Iterator[Found]:
    """Between equal units a ratio has no direction that units could prove, but it has a size."""
    for enterprise, unit_id, unit in park.units():
        for name, use in unit.uses.items():
            counted = unit_of_need(use, unit)
            for material, accept in use.accepts.items():
                if park.materials[material].unit.value != counted:
                    continue
                ratio = accept.ratio.to("%") / 100
                if 0 < ratio < 1 / FAR or ratio > FAR:
                    path = ("enterprises", enterprise, "units", unit_id, "uses", name)
                    details = {"found": accept.ratio.value, "material": material, "use": name}
                    yield (*path, "accepts", material, "ratio"), "ratio_far_from_one", details


def _beyond_need(park: Park, name: str, link: Link) -> Iterator[Found]:
    """An observed flow that its uses could only take if the ratio stood the other way round."""
    if link.observed is None:
        return
    material = park.material_of(link.byproduct)
    flow = in_material(link.observed, material, f"{material.unit}/a")
    ways = [_way(park, link, use) for use in link.uses]
    if any(ratio <= 0 or arrives <= 0 for _, ratio, arrives in ways):
        return
    most = sum(need / (ratio * arrives) for need, ratio, arrives in ways)
    turned = sum(need * ratio / arrives for need, ratio, arrives in ways)
    if flow > MUCH_MORE * most and flow <= MUCH_MORE * turned:
        made = park.byproducts[link.byproduct].material
        ratios = [park.uses[use].accepts[made].ratio.value for use in link.uses]
        details = {
            "found": name,
            "flow": f"{flow:,.0f} {material.unit}/a",
            "most": f"{most:,.0f} {material.unit}/a",
            "ratio": ", ".join(dict.fromkeys(ratios)),
        }
        yield ("links", name, "observed"), "observed_beyond_need", details


def _way(park: Park, link: Link, name: str) -> tuple[float, float, float]:
    """(need per year at the given load, ratio, share that arrives) of one use of a link."""
    use, (enterprise, unit_id) = park.uses[name], park.owner_unit[name]
    unit = park.enterprises[enterprise].units[unit_id]
    counted, made = unit_of_need(use, unit), park.byproducts[link.byproduct].material
    accept = use.accepts[made]
    arrives = 1.0 if link.loss is None else 1.0 - link.loss.amount
    if accept.treatment is not None:
        arrives *= park.treatments[accept.treatment].yield_.amount
    ratio = accept.ratio.to(f"{counted}/{park.materials[made].unit}")
    return at_full_load(use, unit, None, counted) * load_of(unit), ratio, arrives
