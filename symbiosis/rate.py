"""The comprehensive utilisation rate of a point: R = U / (G + U_old), and its other readings.

Source: model.md, "The comprehensive utilisation rate". Numerator and denominator go with every
rate; where G + U_old is 0 the rate is undefined (None).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symbiosis.carbon import inventory
from symbiosis.exchange import ExchangeData
from symbiosis.park.material import WasteClass
from symbiosis.park.park import Park
from symbiosis.point import Point

NOTICEABLE = 0.01
"""Another reading is shown where it moves the rate by more than this (one point)."""


@dataclass(frozen=True)
class Rate:
    """A rate with its two amounts; ``old`` is the part of both that came from earlier stock."""

    numerator: float
    denominator: float
    old: float = 0.0

    @property
    def value(self) -> float | None:
        """Numerator / denominator; None where the denominator is 0."""
        return self.numerator / self.denominator if self.denominator > 0 else None


@dataclass(frozen=True)
class Reading:
    """The rate read another way: ``without_backfill``, or a by-product as another class."""

    kind: str
    subject: str
    rate: Rate


def generated(data: ExchangeData, point: Point, byproduct: str) -> float:
    """What is generated of a by-product: given, by load, and left by treatments."""
    supply = data.supplies[byproduct]
    by_load = supply.per_load * point.running[supply.unit] if supply.per_load else 0.0
    left = sum(a.residue * point.sent[a.key] for a in data.arcs if a.residue_to == byproduct)
    return supply.fixed + by_load + left + returned(data, point, byproduct)


def returned(data: ExchangeData, point: Point, byproduct: str) -> float:
    """What a by-product gets from what a use of its unit took in."""
    back = data.quality.returns.get(byproduct)
    return 0.0 if back is None else back.share * taken_in(data, point, back.use)


def taken_in(data: ExchangeData, point: Point, use: str) -> float:
    """Everything that went into a use: by-products as delivered, and virgin material."""
    delivered = sum(arc.delivered * point.sent[arc.key] for arc in data.arcs_into(use))
    return delivered + point.bought.get(use, 0.0)


def counted(data: ExchangeData, point: Point) -> dict[tuple[str, str], float]:
    """What counts as utilised on each arc that waste of the park leaves its generator by."""
    waste = {arc.key for arc in data.arcs if data.supplies[arc.byproduct].enters_rate}
    return {
        key: point.counted[key] if passes else point.sent[key]
        for key, passes in data.counting().items()
        if key in waste
    }


def rate_of(data: ExchangeData, point: Point) -> Rate:
    """The rate of a point under the slice's boundary and document."""
    wastes = [name for name, supply in data.supplies.items() if supply.enters_rate]
    old = sum(used_old(data, point, name) for name in wastes)
    made = sum(generated(data, point, name) for name in wastes)
    return Rate(sum(counted(data, point).values()), made + old, old)


def used_old(data: ExchangeData, point: Point, byproduct: str) -> float:
    """U_old of one by-product: what counts beyond this year's waste that was sent."""
    drawn = point.drawn.get(byproduct, 0.0)
    if drawn == 0.0:
        return 0.0
    counts = counted(data, point)
    arcs = data.arcs_from(byproduct)
    sent = sum(point.sent[arc.key] for arc in arcs)
    return max(0.0, sum(counts.get(arc.key, 0.0) for arc in arcs) - (sent - drawn))


def used_share(data: ExchangeData, point: Point, byproducts: tuple[str, ...]) -> Rate:
    """Sent into uses / (generated + drawn) of some by-products in one unit."""
    out = sum(point.sent[arc.key] for arc in data.arcs if arc.byproduct in byproducts)
    drawn = sum(point.drawn.get(name, 0.0) for name in byproducts)
    made = sum(generated(data, point, name) for name in byproducts if name in data.supplies)
    return Rate(out, made + drawn, drawn)


def total(rates: Iterable[Rate]) -> Rate:
    """The rate over several slices: sums of numerators and denominators, never a mean."""
    every = list(rates)
    return Rate(
        sum(rate.numerator for rate in every),
        sum(rate.denominator for rate in every),
        sum(rate.old for rate in every),
    )


def total_reading(by_slice: tuple[Reading, ...]) -> Reading:
    """One reading over several slices."""
    first = by_slice[0]
    return Reading(first.kind, first.subject, total(reading.rate for reading in by_slice))


def noticeable(found: Iterable[Reading], rate: Rate) -> list[Reading]:
    """The readings that move a rate by more than a point, or make it defined or undefined."""
    return [
        reading
        for reading in found
        if rate.value is None
        or reading.rate.value is None
        or abs(reading.rate.value - rate.value) > NOTICEABLE
    ]


def without_backfill(data: ExchangeData, point: Point) -> Rate:
    """The rate if filling of mines does not count as use."""
    whole = rate_of(data, point)
    counts = counted(data, point)
    filled = sum(counts.get(a.key, 0.0) for a in data.arcs if data.needs[a.use].backfill)
    return Rate(whole.numerator - filled, whole.denominator, whole.old)


def readings(park: Park, data: ExchangeData, point: Point) -> Iterator[Reading]:
    """Every other reading of the rate of one slice."""
    yield Reading("without_backfill", "", without_backfill(data, point))
    for name, supply in data.supplies.items():
        other = park.byproducts[name].also_counted_as
        if other is WasteClass.GENERAL_INDUSTRIAL and supply.inside and not supply.enters_rate:
            yield Reading("also_counted_as", name, _with(data, point, name))
        elif other is not None and supply.enters_rate:
            yield Reading("also_counted_as", name, _without(data, point, name))


def _without(data: ExchangeData, point: Point, byproduct: str) -> Rate:
    """The rate if one by-product is no waste: it leaves numerator and denominator."""
    whole = rate_of(data, point)
    counts = counted(data, point)
    used = sum(counts.get(a.key, 0.0) for a in data.arcs_from(byproduct))
    old = used_old(data, point, byproduct)
    made = generated(data, point, byproduct) + old
    return Rate(whole.numerator - used, whole.denominator - made, whole.old - old)


def _with(data: ExchangeData, point: Point, byproduct: str) -> Rate:
    """The rate if one by-product that is no waste were one: it joins numerator and denominator."""
    whole = rate_of(data, point)
    into_uses = [arc for arc in data.arcs_from(byproduct) if data.needs[arc.use].utilises]
    used = sum(point.sent[arc.key] for arc in into_uses)
    made = generated(data, point, byproduct)
    return Rate(whole.numerator + used, whole.denominator + made, whole.old)


def cost_items(data: ExchangeData, point: Point) -> dict[str, float]:
    """The park's cost in CNY by item; taxes stand apart, income is negative."""
    sold = {(o.byproduct, o.route) for o in data.outlets if o.fee_cny < 0}
    return (
        {
            "transport": sum(a.transport_cny * point.sent[a.key] for a in data.arcs),
            "treatment": sum(a.treatment_cny * point.sent[a.key] for a in data.arcs),
            "capital": sum(a.capital_cny * point.sent[a.key] for a in data.arcs)
            + sum(
                t.capital_cny * point.runs[k] for k, t in data.deals.terms.items() if t.capital_cny
            ),
            "disposal": sum(
                o.fee_cny * point.dumped[o.byproduct, o.route]
                for o in data.outlets
                if (o.byproduct, o.route) not in sold
            ),
            "tax": sum(o.tax_cny * point.dumped[o.byproduct, o.route] for o in data.outlets),
            "purchases": sum(
                (data.needs[use].virgin_cny or 0.0) * amount for use, amount in point.bought.items()
            ),
            "running": sum(r.cost_cny * point.running[n] for n, r in data.runners.items()),
            "reclaiming": sum(
                data.supplies[b].reclaim_cost_cny * amount for b, amount in point.drawn.items()
            ),
            "sales": sum(
                o.fee_cny * point.dumped[o.byproduct, o.route]
                for o in data.outlets
                if (o.byproduct, o.route) in sold
            ),
        }
        | refund_item(data, point)
        | subsidy_item(data, point)
        | fixed_item(data, point)
        | surcharge_item(data, point)
        | carbon_item(data, point)
    )


def surcharge_item(data: ExchangeData, point: Point) -> dict[str, float]:
    """What tiered prices of power add, in CNY; no item where no unit pays any."""
    added = [(r.surcharge_cny, point.running[name]) for name, r in data.runners.items()]
    if not data.units_surcharge_cny and not any(cny for cny, _ in added):
        return {}
    return {"surcharge": data.units_surcharge_cny + sum(cny * load for cny, load in added)}


def carbon_item(data: ExchangeData, point: Point) -> dict[str, float]:
    """What the carbon price takes, in CNY; no item where there is none."""
    if not data.co2e_cny:
        return {}
    return {"carbon_price": data.co2e_cny * sum(inventory(data, point).values())}


def refund_item(data: ExchangeData, point: Point) -> dict[str, float]:
    """Tax refunds that content rules earned, in CNY; no item where the park has none."""
    paid = [rule for rule in data.quality.contents if rule.refund_cny > 0]
    refund = -sum(rule.refund_cny * point.refunded[rule.key] for rule in paid)
    return {"refund": refund} if paid else {}


def subsidy_item(data: ExchangeData, point: Point) -> dict[str, float]:
    """What the state pays for what is sent, in CNY below zero; no item where it pays nothing."""
    paid = [arc for arc in data.arcs if arc.subsidy_cny > 0]
    return {"subsidy": -sum(a.subsidy_cny * point.sent[a.key] for a in paid)} if paid else {}


def fixed_item(data: ExchangeData, point: Point) -> dict[str, float]:
    """What links pay in a year in which they run, in CNY; no item where the park has none."""
    paid = {link: t.fixed_cny for link, t in data.deals.terms.items() if t.fixed_cny > 0}
    return {"fixed": sum(cny * point.runs[link] for link, cny in paid.items())} if paid else {}
