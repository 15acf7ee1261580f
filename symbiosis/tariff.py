"""Surcharges of tiered electricity prices (阶梯电价) on the power of a park's units, in CNY.

The surcharge of the step that a unit's power intensity falls in is paid on all its power: of units
with given activity whatever is decided, of supply-driven ones by their load.
"""

from dataclasses import replace
from math import ceil

from symbiosis.course import load_of, mean_load
from symbiosis.exchange import ExchangeData, Runner
from symbiosis.park.enterprise import Unit
from symbiosis.park.park import Park
from symbiosis.park.tariff import TariffVersion, TieredPower

BEGUN = 1e-9
"""A step of a rise that is entered by less than this part of it has not begun."""


def with_surcharges(park: Park, data: ExchangeData) -> ExchangeData:
    """The slice with the surcharges on power that hold in its year."""
    given = sum(
        at_full_load_cny(park, unit, data.year) * load_of(unit) * mean_load(park, unit.profile)
        for enterprise, name, unit in park.units()
        if not unit.runs_freely and f"{enterprise}.{name}" in data.units
    )
    runners = {name: _runner(park, runner, data.year) for name, runner in data.runners.items()}
    return replace(data, runners=runners, units_surcharge_cny=given)


def _runner(park: Park, runner: Runner, year: int) -> Runner:
    enterprise, _, name = runner.name.partition(".")
    unit = park.enterprises[enterprise].units[name]
    return replace(runner, surcharge_cny=at_full_load_cny(park, unit, year))


def at_full_load_cny(park: Park, unit: Unit, year: int) -> float:
    """CNY per year at full load: surcharge x power intensity x capacity."""
    if unit.power is None or unit.capacity is None:
        return 0.0
    version = in_effect(park.policy.tiered_power[unit.power.tariff], year)
    if version is None:
        return 0.0
    intensity = unit.power.intensity.measure.value
    return surcharge_of(version, intensity) * intensity * unit.capacity.measure.value


def in_effect(scheme: TieredPower, year: int) -> TariffVersion | None:
    """The newest version that holds in a year; none before the first."""
    begun = [version for version in scheme.versions if version.effective <= year]
    return max(begun, key=lambda version: version.effective, default=None)


def surcharge_of(version: TariffVersion, intensity: float) -> float:
    """CNY per unit of power at an intensity, all in base units."""
    if version.rise is not None:
        over = (intensity - version.rise.above.measure.value) / version.rise.every.measure.value
        return max(0, ceil(over - BEGUN)) * version.rise.surcharge.measure.value
    reached = [s.surcharge for s in version.steps if intensity > s.above.measure.value]
    return reached[-1].measure.value if reached else 0.0
