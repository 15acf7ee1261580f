"""Surcharges of tiered electricity prices, counted from the park file and the loads alone."""

from collections.abc import Iterator

from symbiosis import units
from symbiosis.books import Books
from symbiosis.park.enterprise import Unit
from symbiosis.park.tariff import UnitPower

KWH = units.parse("1 kWh").value
"""A kWh in base units."""


def surcharges_of(books: Books) -> Iterator[float]:
    """What each unit pays in a season beyond the price of its power, CNY."""
    for enterprise, name, unit in books.park.units():
        key = f"{enterprise}.{name}"
        if unit.power is not None and unit.capacity is not None and key in books.data.units:
            made = _load(books, key, unit) * unit.capacity.measure.value * books.time_share
            power_kwh = unit.power.intensity.measure.value * made / KWH
            yield _per_kwh(books, unit.power) * power_kwh


def _load(books: Books, key: str, unit: Unit) -> float:
    """The load of a unit in the season: decided, or given."""
    if unit.runs_freely:
        return books.point.running[key]
    return books.activity(unit) * books.reachable(unit.profile)


def _per_kwh(books: Books, power: UnitPower) -> float:
    """CNY per kWh, by going up the steps of the version that holds in the year."""
    scheme, year = books.park.policy.tiered_power[power.tariff], books.data.year
    found, since = 0.0, None
    for version in scheme.versions:
        if version.effective > year or (since is not None and version.effective < since):
            continue
        found, since = 0.0, version.effective
        for step in version.steps:
            if power.intensity.measure.value > step.above.measure.value:
                found = step.surcharge.to("CNY/kWh")
        if version.rise is not None:
            top, width = version.rise.above.measure.value, version.rise.every.measure.value
            while power.intensity.measure.value > top + 1e-9 * width:
                found, top = found + version.rise.surcharge.to("CNY/kWh"), top + width
    return found
