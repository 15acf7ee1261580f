"""Who bears the cost of an answer, and which exchange loses what beside another answer.

By enterprise, producers pay for what they leave, takers for the way and for virgin material.
By exchange, both partners are taken together: what its tonnes cost more on the way, less what they
save on routes and virgin material. What moves on a by-product, a use or a unit is shared out by the
units that each of its exchanges moves more or less; in all it is the difference of the two costs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symbiosis.deals import ArcKey
from symbiosis.exchange import Need, Outlet, Runner
from symbiosis.optimum import Optimum
from symbiosis.seasons import holding_cny

NOTHING = 1e-9
"""Exchanges whose moves cancel to this part of themselves have nothing to share by."""


def by_enterprise(optimum: Optimum) -> dict[str, float]:
    """Cost in CNY by enterprise: producers pay for what they leave, takers for the way and virgin.

    Payments between enterprises are left out: they cancel. What does not depend on the answer (the
    carbon price on units with given activity) is left out too.
    """
    costs = dict.fromkeys(optimum.park.enterprises, 0.0)
    for enterprise, cny in (*_by_takers(optimum), *_by_producers(optimum)):
        costs[enterprise] += cny
    return costs


def _by_takers(optimum: Optimum) -> Iterator[tuple[str, float]]:
    """Ways, virgin material, what links cost whole, refunds: (enterprise, CNY)."""
    data, point = optimum.data, optimum.point
    for arc in data.arcs:
        per_unit = arc.cost_cny + data.co2e_cny * arc.co2e_t
        yield data.needs[arc.use].enterprise, per_unit * point.sent[arc.key]
    for use, amount in point.bought.items():
        yield data.needs[use].enterprise, _virgin_cny(optimum, data.needs[use]) * amount
    takers = {arc.link: data.needs[arc.use].enterprise for arc in data.arcs}
    for link, cny in data.deals.yearly_cny().items():
        yield takers[link], cny * point.runs[link]
    for rule in data.quality.contents:
        if rule.refund_cny:
            yield data.needs[rule.use].enterprise, -rule.refund_cny * point.refunded[rule.key]


def _by_producers(optimum: Optimum) -> Iterator[tuple[str, float]]:
    """What is left, units that run freely, old heaps, this year's heaps: (enterprise, CNY)."""
    data, point = optimum.data, optimum.point
    for outlet in data.outlets:
        amount = point.dumped[outlet.byproduct, outlet.route]
        enterprise = data.supplies[outlet.byproduct].enterprise
        yield enterprise, _leaving_cny(optimum, outlet) * amount
    for name, runner in data.runners.items():
        at_full = runner.cost_cny + runner.surcharge_cny + data.co2e_cny * runner.co2e_t
        yield name.partition(".")[0], at_full * point.running[name]
    for byproduct, amount in point.drawn.items():
        supply = data.supplies[byproduct]
        yield supply.enterprise, supply.reclaim_cost_cny * amount
    for (season, byproduct), level in optimum.levels.items():
        lying = holding_cny(optimum.year, {(season, byproduct): level})
        yield data.supplies[byproduct].enterprise, lying


# --- by exchange


def by_exchange(before: Optimum, after: Optimum) -> dict[ArcKey, float]:
    """What each exchange loses in ``after`` beside ``before``, CNY; negative where it gains.

    What moves where no exchange does (a route that is dearer for all) is nobody's.
    """
    moves = _Moves(before, after)
    parts = {arc.key: moves.on_way(arc.key) for arc in after.data.arcs}
    for cny, weights in moves.shared():
        whole = sum(weights.values())
        if abs(whole) > NOTHING * sum(map(abs, weights.values())):
            for key, weight in weights.items():
                parts[key] += cny * weight / whole
    return parts


@dataclass(frozen=True)
class _Moves:
    """How the second of two answers of one park differs from the first."""

    before: Optimum
    after: Optimum

    def more(self, kind: str, key: object) -> float:
        """By how much a variable is greater."""
        return float(
            getattr(self.after.point, kind).get(key, 0.0)
            - getattr(self.before.point, kind).get(key, 0.0)
        )

    def on_way(self, key: ArcKey) -> float:
        """The way itself; what a link costs whole stands with its first use."""
        data = self.after.data
        arc = next(arc for arc in data.arcs if arc.key == key)
        cny = (arc.cost_cny + data.co2e_cny * arc.co2e_t) * self.more("sent", key)
        first = next(other for other in data.arcs if other.link == arc.link)
        whole = data.deals.yearly_cny().get(arc.link, 0.0) if first.key == key else 0.0
        return cny + whole * self.more("runs", arc.link) if whole else cny

    def shared(self) -> Iterator[tuple[float, Mapping[ArcKey, float]]]:
        """(CNY more, units moved by exchange) for every by-product, use and unit."""
        for byproduct in self.after.data.supplies:
            yield self.leaving(byproduct), self.moved_from(byproduct)
        for need in self.after.data.needs.values():
            yield self.buying(need), self.moved_into(need.name)
        for runner in self.after.data.runners.values():
            yield self.running(runner), self.moved_through(runner.name)

    def moved_from(self, byproduct: str) -> dict[ArcKey, float]:
        """What more is sent of a by-product; if nothing is, what makes more of it.

        A residue comes of the treatments that leave it, a product of the feed of its unit.
        """
        data = self.after.data
        own = {arc.key: self.more("sent", arc.key) for arc in data.arcs_from(byproduct)}
        if any(own.values()):
            return own
        residue = {a.key: a.residue for a in data.arcs if a.residue_to == byproduct}
        if residue:
            return {key: part * self.more("sent", key) for key, part in residue.items()}
        return self.moved_through(data.supplies[byproduct].unit)

    def moved_into(self, use: str) -> dict[ArcKey, float]:
        """What more of a use is filled over each way."""
        into = self.after.data.arcs_into(use)
        return {arc.key: arc.replaced * self.more("sent", arc.key) for arc in into}

    def moved_through(self, unit: str) -> dict[ArcKey, float]:
        """What more of the feeds of a supply-driven unit comes over each way."""
        uses = [n.name for n in self.after.data.needs.values() if n.unit == unit and n.per_load]
        return {key: part for use in uses for key, part in self.moved_into(use).items()}

    def leaving(self, byproduct: str) -> float:
        """Routes, old heap and this year's heap of a by-product."""
        outlets = [o for o in self.after.data.outlets if o.byproduct == byproduct]
        cny = sum(
            _leaving_cny(self.after, o) * self.more("dumped", (byproduct, o.route)) for o in outlets
        )
        supply = self.after.data.supplies[byproduct]
        lying = _lying_cny(self.after, byproduct) - _lying_cny(self.before, byproduct)
        return cny + supply.reclaim_cost_cny * self.more("drawn", byproduct) + lying

    def buying(self, need: Need) -> float:
        """Virgin material of a use, and refunds for what is in it."""
        refunds = sum(
            rule.refund_cny * self.more("refunded", rule.key)
            for rule in self.after.data.quality.contents
            if rule.use == need.name and rule.refund_cny
        )
        return _virgin_cny(self.after, need) * self.more("bought", need.name) - refunds

    def running(self, runner: Runner) -> float:
        """The running cost of a supply-driven unit, income taken off."""
        at_full = runner.cost_cny + runner.surcharge_cny + self.after.data.co2e_cny * runner.co2e_t
        return at_full * self.more("running", runner.name)


def _leaving_cny(optimum: Optimum, outlet: Outlet) -> float:
    return outlet.fee_cny + outlet.tax_cny + optimum.data.co2e_cny * outlet.co2e_t


def _virgin_cny(optimum: Optimum, need: Need) -> float:
    emitted = need.virgin_co2e_t + need.virgin_use_co2e_t
    return (need.virgin_cny or 0.0) + optimum.data.co2e_cny * emitted


def _lying_cny(optimum: Optimum, byproduct: str) -> float:
    levels = {key: level for key, level in optimum.levels.items() if key[1] == byproduct}
    return holding_cny(optimum.year, levels) if levels else 0.0
