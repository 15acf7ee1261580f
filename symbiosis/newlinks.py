"""Links that the park file does not have: from a by-product without a way to uses that accept it.

How long a new way is follows from where both ends stand, in a straight line; where that is not
known, hauling has no price. It takes the mode of another link into the use, or the first mode of
the park that carries the unit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from symbiosis.optimum import Optimum
from symbiosis.park.link import Knowledge, Link, Status
from symbiosis.park.material import Kind, Rest
from symbiosis.park.park import Park

EARTH_KM = 6371.0
"""Mean radius of the earth. Source: IUGG, GRS 80."""


@dataclass(frozen=True)
class Way:
    """A link from a by-product to a use; ``priced``: whether its distance is known."""

    name: str
    use: str
    link: Link
    priced: bool


def new_ways(optimum: Optimum, byproduct: str) -> Iterator[Way]:
    """A way to every use that is there and accepts the by-product."""
    for use in optimum.data.needs:
        mode = _mode(optimum.park, byproduct, use)
        if mode is not None and _fits(optimum.park, byproduct, use):
            yield _way(optimum.park, byproduct, use, mode)


def _way(park: Park, byproduct: str, use: str, mode: str) -> Way:
    start, end = (park.enterprises[name.partition(".")[0]] for name in (byproduct, use))
    km = 0.0 if start is end else None
    if km is None and start.location is not None and end.location is not None:
        here, there = start.location, end.location
        km = apart_km((here.latitude, here.longitude), (there.latitude, there.longitude))
    unit = park.material_of(byproduct).unit
    link = Link.model_validate(
        {
            "name_zh": f"{park.byproducts[byproduct].name_zh} → {park.uses[use].name_zh}",
            "name_en": f"{park.byproducts[byproduct].name_en} → {park.uses[use].name_en}",
            "byproduct": byproduct,
            "uses": (use,),
            "status": Status.POTENTIAL,
            "known": Knowledge.PROPOSED,
            "distance": f"{km or 0.0!r} km",
            "mode": mode,
            "cost": f"0 CNY/{unit}" if km is None else None,
        }
    )
    return Way(f"{byproduct}:{use}", use, link, km is not None)


def apart_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two places (latitude, longitude in degrees): the haversine."""
    lat_1, lon_1, lat_2, lon_2 = map(radians, (*one, *other))
    half = sin((lat_2 - lat_1) / 2) ** 2
    half += cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _mode(park: Park, byproduct: str, use: str) -> str | None:
    unit = park.material_of(byproduct).unit
    known = [link.mode for link in park.links.values() if use in link.uses]
    fitting = [name for name in (*known, *park.transport) if park.transport[name].unit == unit]
    return fitting[0] if fitting else None


def _fits(park: Park, byproduct: str, use: str) -> bool:
    """Whether the use accepts it, knows its quality, and leaves no residue without a place."""
    noun, declared = park.uses[use], park.byproducts[byproduct]
    accept = noun.accepts.get(declared.material)
    if accept is None or park.materials[declared.material].kind is Kind.HEAT:
        return False
    treatment = park.treatments[accept.treatment] if accept.treatment else None
    known = set(declared.qualities) | (set(treatment.outlet) if treatment else set())
    placed = treatment is None or treatment.rest is not Rest.RESIDUE
    return placed and set(noun.limits) | set(noun.load) <= known
