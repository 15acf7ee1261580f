"""What can be read of an answer as dot products: the indicators that are linear in the flows.

A :class:`Measure` is an amount, or the share of one amount in another. Over several slices both
amounts are added and then divided: never a mean of rates. :mod:`symbiosis.solvers.measures` writes
them into the model of a slice; their ids, where both have them, are those of
:mod:`symbiosis.indicators`.

Output is the product of one named unit; energy is what is bought for the uses that are counted in
units of energy (heat, power, fuel stated in GJ or tce), 1 tce = 29.3076 GJ by definition. It is not
all the energy of a park: fuel counted in t or Nm3 has no heating value in a park file, and is
listed by :func:`without_energy`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from symbiosis.carbon import has_factors
from symbiosis.exchange import ExchangeData
from symbiosis.outputs import output_unit
from symbiosis.park.enterprise import Release
from symbiosis.park.material import Kind, WasteClass
from symbiosis.park.park import Park
from symbiosis.recovery import IN_GJ, HeatFlows, WaterUses, heat_flows, water_uses

ITEMS = (
    "transport",
    "treatment",
    "capital",
    "disposal",
    "tax",
    "purchases",
    "running",
    "reclaiming",
    "sales",
    "refund",
    "subsidy",
    "fixed",
    "surcharge",
    "carbon_price",
    "holding",
)
"""Items of the cost: those of ``Optimum.cost_items``."""
PER_OUTPUT = {"co2e_per_output": "t", "energy_per_output": "GJ"}
"""Amounts per output of a unit, and the unit of their numerator."""
OWN_RATE = (WasteClass.HAZARDOUS, WasteClass.FARM, WasteClass.MUNICIPAL)


@dataclass(frozen=True)
class Measure:
    """One measure: ``family.subject``, or the family alone.

    ``unit`` is that of its value, "1" for a share; ``amount_unit`` and ``per_unit`` are those of
    numerator and denominator, the latter empty for an amount that is not divided. ``members`` are
    the by-products or uses that it is about, where it is about some.
    """

    family: str
    subject: str
    amount_unit: str
    per_unit: str = ""
    members: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id, as of an indicator."""
        return f"{self.family}.{self.subject}" if self.subject else self.family

    @property
    def divided(self) -> bool:
        """Whether it has a denominator."""
        return bool(self.per_unit)

    @property
    def unit(self) -> str:
        """Unit of its value."""
        if not self.divided:
            return self.amount_unit
        alike = self.amount_unit == self.per_unit and self.family not in PER_OUTPUT
        return "1" if alike else f"{self.amount_unit}/{self.per_unit}"


@dataclass(frozen=True)
class Measurable:
    """The measures of a slice, and what they need of the park that the slice does not say.

    ``sold`` are the routes that earn; ``fixed_cny`` and ``capital_cny`` what links pay in a year in
    which they run. Both are those of the slice that this was made from, as is what exists.
    """

    measures: Mapping[str, Measure]
    enterprises: tuple[str, ...]
    sold: frozenset[tuple[str, str]]
    fixed_cny: Mapping[str, float]
    capital_cny: Mapping[str, float]
    water: WaterUses | None = None
    heat: HeatFlows | None = None
    energy_gj: Mapping[str, float] = field(default_factory=dict)


def measurable(park: Park, data: ExchangeData) -> Measurable:
    """All measures of the slice of a year; those per output for the outputs that it states."""
    terms = data.deals.terms.items()
    water, heat = water_uses(park, data), heat_flows(park, data)
    every = (
        *_rates(), *_used(park, data), *_recovered(water, heat), *_amounts(park, data),
        *_per_output(park, data), *_money(park),
    )  # fmt: skip
    return Measurable(
        measures={measure.id: measure for measure in every},
        enterprises=tuple(park.enterprises),
        sold=frozenset(outlet.key for outlet in data.outlets if outlet.fee_cny < 0),
        fixed_cny={link: each.fixed_cny for link, each in terms},
        capital_cny={link: each.capital_cny for link, each in terms},
        water=water,
        heat=heat,
        energy_gj={name: IN_GJ[data.needs[name].counted_in] for name in _energy_uses(data)},
    )


def _rates() -> Iterator[Measure]:
    yield Measure("utilisation_rate", "", "t", "t")
    yield Measure("utilisation_rate_without_backfill", "", "t", "t")


def _used(park: Park, data: ExchangeData) -> Iterator[Measure]:
    """Used shares of waste classes, of kinds, of every material."""
    supplies = data.supplies
    for waste in OWN_RATE:
        chosen = [name for name, supply in supplies.items() if supply.waste_class is waste]
        for unit, alike in _by_unit(data, chosen).items():
            suffix = "" if unit == "t" else f"_in_{unit.lower()}"
            yield _share(f"used_share_of_{waste}_waste{suffix}", "", unit, alike)
    for kind in (Kind.HEAT, Kind.WATER, Kind.POWER):
        of_kind = [n for n, s in supplies.items() if park.materials[s.material].kind is kind]
        units = _by_unit(data, of_kind)
        if len(units) == 1:
            yield _share(f"used_share_of_{kind}", "", *units.popitem())
    for material in dict.fromkeys(supply.material for supply in supplies.values()):
        made = [name for name, supply in supplies.items() if supply.material == material]
        yield _share("used_share", material, supplies[made[0]].counted_in, made)


def _by_unit(data: ExchangeData, byproducts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in byproducts:
        found.setdefault(data.supplies[name].counted_in, []).append(name)
    return found


def _share(family: str, subject: str, unit: str, members: list[str]) -> Measure:
    return Measure(family, subject, unit, unit, tuple(members))


def _recovered(water: WaterUses | None, heat: HeatFlows | None) -> Iterator[Measure]:
    if water is not None:
        yield Measure("water_reuse", "", water.unit, water.unit, water.uses)
    if heat is not None:
        yield Measure("heat_recovery", "", "GJ", "GJ", heat.made)


def _amounts(park: Park, data: ExchangeData) -> Iterator[Measure]:
    solid = tuple(name for name, need in data.needs.items() if need.counted_in == "t")
    yield Measure("virgin_material_replaced", "", "t", members=solid)
    yield Measure("waste_left", "", "t")
    yield Measure("cost", "", "CNY")
    yield Measure("energy", "", "GJ", members=_energy_uses(data))
    if has_factors(park):
        yield Measure("co2e", "", "t")


def _per_output(park: Park, data: ExchangeData) -> Iterator[Measure]:
    for unit in data.outputs:
        made = output_unit(park.unit(unit))
        yield Measure("output", unit, made)
        for family, amount in PER_OUTPUT.items():
            if family != "co2e_per_output" or has_factors(park):
                yield Measure(family, unit, amount, made)


def _money(park: Park) -> Iterator[Measure]:
    for item in ITEMS:
        yield Measure("cost_item", item, "CNY")
    for enterprise in park.enterprises:
        yield Measure("cost_of", enterprise, "CNY")
    yield Measure("cost_of_given_units", "", "CNY")


def _energy_uses(data: ExchangeData) -> tuple[str, ...]:
    """Uses that can buy, counted in a unit of energy."""
    return tuple(
        name
        for name, need in data.needs.items()
        if need.virgin_cny is not None and need.counted_in in IN_GJ
    )


def without_energy(data: ExchangeData) -> list[str]:
    """Uses that burn what they buy and count it in no unit of energy: not in ``energy``."""
    burning = [n for n, need in data.needs.items() if need.releases == Release.COMBUSTION]
    counted = set(_energy_uses(data))
    return [n for n in burning if n not in counted and data.needs[n].virgin_cny is not None]
