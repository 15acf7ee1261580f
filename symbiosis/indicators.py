"""Indicators of an optimum, each with its numerator and denominator.

The comprehensive utilisation rate stands with its other readings; every material has a used share
of its own, and so have the kinds that never enter the rate: hazardous and farm waste, heat, gas,
water, power. Source: model.md, "The comprehensive utilisation rate".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from symbiosis.exchange import ExchangeData
from symbiosis.heat_results import heat_indicators
from symbiosis.optimum import Optimum
from symbiosis.park.material import Kind, WasteClass
from symbiosis.rate import Rate, generated, used_share
from symbiosis.recovery import heat_recovery, water_reuse, water_uses


@dataclass(frozen=True)
class IndicatorValue:
    """One indicator: a share (``unit`` is "1") or an amount in ``unit``."""

    id: str
    value: float | None
    unit: str
    numerator: float | None = None
    denominator: float | None = None
    amount_unit: str = ""


def indicators_of(optimum: Optimum) -> list[IndicatorValue]:
    """All indicators of an optimum."""
    return [
        *_rates(optimum),
        *_by_class(optimum),
        *_by_kind(optimum),
        *_by_material(optimum),
        *_recovered(optimum),
        *_amounts(optimum),
        *(IndicatorValue(*found) for found in heat_indicators(optimum)),
    ]


def _share(name: str, rate: Rate, unit: str) -> IndicatorValue:
    return IndicatorValue(name, rate.value, "1", rate.numerator, rate.denominator, unit)


def _rates(optimum: Optimum) -> Iterator[IndicatorValue]:
    yield _share("utilisation_rate", optimum.rate, "t")
    yield _share("utilisation_rate_without_backfill", optimum.without_backfill, "t")
    for reading in optimum.readings:
        if reading.kind == "also_counted_as":
            other = optimum.park.byproducts[reading.subject].also_counted_as
            yield _share(f"utilisation_rate_if_{reading.subject}_is_{other}", reading.rate, "t")


def _used(name: str, data: ExchangeData, optimum: Optimum, chosen: list[str]) -> IndicatorValue:
    unit = data.supplies[chosen[0]].counted_in
    return _share(name, used_share(data, optimum.point, tuple(chosen)), unit)


def _by_class(optimum: Optimum) -> Iterator[IndicatorValue]:
    """Used shares of the waste classes that have a rate of their own, by unit."""
    data = optimum.data
    for waste in (WasteClass.HAZARDOUS, WasteClass.FARM, WasteClass.MUNICIPAL):
        chosen = [name for name, supply in data.supplies.items() if supply.waste_class is waste]
        for unit in dict.fromkeys(data.supplies[name].counted_in for name in chosen):
            alike = [name for name in chosen if data.supplies[name].counted_in == unit]
            suffix = "" if unit == "t" else f"_in_{unit.lower()}"
            yield _used(f"used_share_of_{waste}_waste{suffix}", data, optimum, alike)


def _by_kind(optimum: Optimum) -> Iterator[IndicatorValue]:
    """Used shares of heat, water and power; gases counted in Nm3."""
    data, park = optimum.data, optimum.park
    for kind in (Kind.HEAT, Kind.WATER, Kind.POWER):
        chosen = [n for n, s in data.supplies.items() if park.materials[s.material].kind is kind]
        units = {data.supplies[name].counted_in for name in chosen}
        if len(units) == 1:
            yield _used(f"used_share_of_{kind}", data, optimum, chosen)


def _by_material(optimum: Optimum) -> Iterator[IndicatorValue]:
    data = optimum.data
    for material in dict.fromkeys(supply.material for supply in data.supplies.values()):
        chosen = [name for name, supply in data.supplies.items() if supply.material == material]
        if sum(generated(data, optimum.point, name) for name in chosen) > 0:
            yield _used(f"used_share.{material}", data, optimum, chosen)


def _recovered(optimum: Optimum) -> Iterator[IndicatorValue]:
    """Reuse of water and recovery of waste heat, where the park has such uses and such heat."""
    asked = optimum.park, optimum.data, optimum.point
    water, uses = water_reuse(*asked), water_uses(optimum.park, optimum.data)
    if water is not None and uses is not None:
        yield _share("water_reuse", water, uses.unit)
    heat = heat_recovery(*asked)
    if heat is not None:
        yield _share("heat_recovery", heat, "GJ")


def _amounts(optimum: Optimum) -> Iterator[IndicatorValue]:
    data, sent = optimum.data, optimum.point.sent
    solid = [arc for arc in data.arcs if data.needs[arc.use].counted_in == "t"]
    saved = sum(arc.replaced * sent[arc.key] for arc in solid)
    yield IndicatorValue("virgin_material_replaced", saved, "t")
    yield IndicatorValue("waste_left", optimum.rate.denominator - optimum.rate.numerator, "t")
    yield IndicatorValue("cost", optimum.cost_cny, "CNY")
