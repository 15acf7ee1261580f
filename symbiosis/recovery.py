"""Water that is reused and heat that is recovered: which flows count.

Water reuse = water that arrives over links / (that + fresh water bought), over the uses that take
water alone and could buy it fresh. Water counts each time it fills such a use.
Source: indicator hj_water_reuse of HJ 274-2015, 工业用水重复利用率: reused water / (reused water +
fresh water); the formula is recalled, the standard was not opened.

Heat recovery = waste heat taken up / waste heat there is. Taken up is what arrives at uses, less
what supply-driven units that run on it give on as heat: a steam main hands heat on, and neither
makes nor takes any. There is what all other units give off.
Source: indicator lp_heat of the low-carbon park reference values (2024), 工业余热回收利用率:
recovered / recoverable; here every waste heat that a park declares is recoverable.
"""

from dataclasses import dataclass

from symbiosis.exchange import Arc, ExchangeData
from symbiosis.park.material import BaseUnit, Kind
from symbiosis.park.park import Park
from symbiosis.park.quantity import Quantity
from symbiosis.point import Point
from symbiosis.presence import present
from symbiosis.rate import Rate, generated

IN_GJ = {unit: Quantity(value=f"1 {unit}").to("GJ") for unit in ("GJ", "kWh")}
"""GJ in one unit of energy."""


@dataclass(frozen=True)
class WaterUses:
    """Uses that take water alone and could buy it fresh, all counted in ``unit``."""

    uses: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class HeatFlows:
    """By-products that are heat: of units that make it, and of units that only pass it on."""

    made: tuple[str, ...]
    passed: tuple[str, ...]


def water_uses(park: Park, data: ExchangeData) -> WaterUses | None:
    """The uses of fresh water; None where there are none, or they are counted in several units."""
    waters = {name for name, m in park.materials.items() if m.kind is Kind.WATER}
    found = [
        name
        for name, need in data.needs.items()
        if need.virgin_cny is not None
        and park.uses[name].accepts
        and waters.issuperset(park.uses[name].accepts)
    ]
    units = {data.needs[name].counted_in for name in found}
    units |= {park.materials[m].unit.value for name in found for m in park.uses[name].accepts}
    return WaterUses(tuple(found), units.pop()) if len(units) == 1 else None


def water_reuse(park: Park, data: ExchangeData, point: Point) -> Rate | None:
    """Reused / (reused + fresh) water; None where the park has no use that could buy it."""
    found = water_uses(park, data)
    if found is None:
        return None
    arcs = [arc for use in found.uses for arc in data.arcs_into(use)]
    reused = sum(arc.delivered * point.sent[arc.key] for arc in arcs)
    return Rate(reused, reused + sum(point.bought[use] for use in found.uses))


def heat_flows(park: Park, data: ExchangeData) -> HeatFlows | None:
    """The heat of a park; None where it has none, or counts some in no unit of energy."""
    heats = {n: s for n, s in data.supplies.items() if _is_heat(park, s.material)}
    energy = {BaseUnit.GJ, BaseUnit.KWH}
    if not heats or any(park.materials[s.material].unit not in energy for s in heats.values()):
        return None
    mains = _mains(park, data)
    passed = tuple(n for n, s in heats.items() if s.unit in mains and present(s.per_load))
    return HeatFlows(tuple(n for n in heats if n not in passed), passed)


def _is_heat(park: Park, material: str) -> bool:
    return park.materials[material].kind is Kind.HEAT


def _mains(park: Park, data: ExchangeData) -> set[str]:
    """Units of free load with a use that only waste heat can fill."""
    return {
        need.unit
        for name, need in data.needs.items()
        if need.unit in data.runners
        and need.virgin_cny is None
        and any(_is_heat(park, material) for material in park.uses[name].accepts)
    }


def heat_arcs(data: ExchangeData, flows: HeatFlows) -> list[Arc]:
    """The ways that heat leaves by."""
    heats = {*flows.made, *flows.passed}
    return [arc for arc in data.arcs if arc.byproduct in heats]


def heat_recovery(park: Park, data: ExchangeData, point: Point) -> Rate | None:
    """Heat taken up / heat there is, in GJ; None where the park has no waste heat."""
    flows = heat_flows(park, data)
    if flows is None:
        return None

    def gj(byproduct: str) -> float:
        return IN_GJ[data.supplies[byproduct].counted_in]

    arrived = sum(
        arc.delivered * point.sent[arc.key] * gj(arc.byproduct) for arc in heat_arcs(data, flows)
    )
    passed = sum(generated(data, point, name) * gj(name) for name in flows.passed)
    return Rate(
        arrived - passed, sum(generated(data, point, name) * gj(name) for name in flows.made)
    )
