"""How a yearly amount follows the load of its unit and falls on the seasons of a park."""

from symbiosis.amounts import in_material
from symbiosis.park.enterprise import Unit
from symbiosis.park.park import Park
from symbiosis.park.season import Profile, Spread


def load_of(unit: Unit) -> float:
    """The given load of a demand-driven unit as a share of full load."""
    if unit.activity is None:
        return 1.0
    if unit.activity.measure.dimension == "1":
        return unit.activity.measure.value
    capacity = unit.capacity.measure.value if unit.capacity else 1.0
    return unit.activity.measure.value / capacity


def split_by_drive(full_load: float, unit: Unit, course: float) -> tuple[float, float]:
    """(given amount, amount at full load of a load that is free).

    ``course`` is the yearly mean of the profile that the given amount follows.
    """
    if unit.runs_freely:
        return 0.0, full_load
    return full_load * load_of(unit) * course, 0.0


def hours_of(park: Park) -> dict[str, float]:
    """Hours of each season; empty for a park without seasons."""
    return {name: season.hours.amount for name, season in park.seasons.items()}


def mean_load(park: Park, profile: str | None) -> float:
    """The yearly mean of a ``load`` profile; 1 for none and for a ``weight`` profile."""
    if profile is None or park.profiles[profile].spread is Spread.WEIGHT:
        return 1.0
    hours, course = hours_of(park), park.profiles[profile]
    return sum(_at(course, s) * h for s, h in hours.items()) / sum(hours.values())


def load_in(park: Park, profile: str | None, season: str) -> float:
    """The load that a unit can reach in a season: the value of a ``load`` profile, else 1."""
    if profile is None or park.profiles[profile].spread is Spread.WEIGHT:
        return 1.0
    return _at(park.profiles[profile], season)


def running_part(park: Park, profile: str | None, season: str = "") -> float:
    """The part of the hours of a season (or of the year) in which a load profile lets a unit run.

    A stop, 0 %, is a stop: no least load holds then.
    """
    if profile is None or park.profiles[profile].spread is Spread.WEIGHT:
        return 1.0
    hours, course = hours_of(park), park.profiles[profile]
    if season:
        return 1.0 if _at(course, season) > 0 else 0.0
    return sum(h for s, h in hours.items() if _at(course, s) > 0) / sum(hours.values())


def reclaim_of(park: Park, byproduct: str) -> float:
    """What the lines at the old heaps of a by-product can dig out per year, in its unit."""
    material = park.material_of(byproduct)
    heaps = [heap for heap in park.stockpiles.values() if heap.byproduct == byproduct]
    return sum(in_material(heap.reclaim, material, f"{material.unit}/a") for heap in heaps)


def stock_of(park: Park, byproduct: str) -> float | None:
    """What lies in all old heaps of a by-product; None where it is not known of each."""
    material = park.material_of(byproduct)
    heaps = [heap for heap in park.stockpiles.values() if heap.byproduct == byproduct]
    known = [heap.stock for heap in heaps if heap.stock is not None]
    if not heaps or len(known) < len(heaps):
        return None
    return sum(in_material(stock, material, material.unit) for stock in known)


def part_in(park: Park, profile: str | None, season: str) -> float:
    """The part of a yearly amount that falls on a season: value x hours over their sum."""
    hours = hours_of(park)
    if profile is None:
        return hours[season] / sum(hours.values())
    course = park.profiles[profile]
    whole = sum(_at(course, s) * h for s, h in hours.items())
    return _at(course, season) * hours[season] / whole if whole > 0 else 0.0


def _at(profile: Profile, season: str) -> float:
    return profile.values[season].measure.value
