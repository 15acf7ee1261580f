"""What a supply-driven unit can pay for its feed: the worth of what it makes of it down the chain.

At the flows of an answer, per unit of load of a unit:

    what it makes    of each of its products, the mean over where it went: virgin material saved
                     less the costs of the way, what a further unit can pay for it, or minus what
                     the route costs (a sale earns)
    less running     its running cost and surcharge, income taken off, the carbon price on what it
                     emits, and what its uses cost that could buy virgin material instead

The rest is what its feeds are worth together. Feeds that share a unit share it by what is needed of
each (in equal parts where they are counted in different units), so that over all that is sent into
the unit the parts add up to the worth. What a unit that stands still would make goes the best way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from symbiosis.exchange import Arc, ExchangeData, Need, Runner, Supply
from symbiosis.point import Point
from symbiosis.rate import generated

PASSES = 100
"""So often worths are handed up the chains; each passes one unit on, and loops settle."""
SETTLED = 1e-9


@dataclass(frozen=True)
class Feed:
    """What a unit of need is worth to the unit behind it, CNY: what is made of it, less running."""

    made_cny: float
    running_cny: float

    @property
    def worth_cny(self) -> float:
        """The most that can be paid for it where it arrives."""
        return self.made_cny - self.running_cny


def way_cny(data: ExchangeData, arc: Arc) -> dict[str, float]:
    """What a way costs by item, CNY per unit sent; a subsidy is no part of it."""
    return {
        "freight": arc.transport_cny,
        "treatment": arc.treatment_cny,
        "capital": arc.capital_cny,
        "carbon": data.co2e_cny * arc.co2e_t,
    }


def virgin_worth_cny(data: ExchangeData, need: Need) -> float:
    """What a unit of virgin material costs with the carbon price on it; 0 where there is none."""
    emitted = need.virgin_co2e_t + need.virgin_use_co2e_t
    return (need.virgin_cny or 0.0) + data.co2e_cny * emitted


@dataclass(frozen=True)
class Chains:
    """The worths in one slice at the flows of one answer."""

    data: ExchangeData
    point: Point

    @cached_property
    def feeds(self) -> Mapping[str, Feed]:
        """Every feed of a supply-driven unit by its use."""
        found = dict.fromkeys(self.fed, Feed(0.0, 0.0))
        for _ in range(PASSES):
            before, found = found, self._handed_up(found)
            if all(
                abs(found[n].worth_cny - before[n].worth_cny)
                <= SETTLED * max(1.0, abs(found[n].worth_cny))
                for n in found
            ):
                break
        return found

    def route_cny(self, byproduct: str, route: str | None = None) -> float:
        """What leaving costs by a route, or by the cheapest one, CNY per unit."""
        return min(
            o.fee_cny + o.tax_cny + self.data.co2e_cny * o.co2e_t
            for o in self.data.outlets
            if o.byproduct == byproduct and route in (None, o.route)
        )

    @cached_property
    def fed(self) -> Mapping[str, float]:
        """Uses that feed a unit and buy nothing: the part of its worth per unit of need."""
        parts: dict[str, float] = {}
        for unit in self.data.runners:
            mine = [n for n in self._uses(unit) if n.virgin_cny is None]
            alike = len({need.counted_in for need in mine}) == 1
            weights = {n.name: n.per_load if alike else 1.0 for n in mine}
            whole = sum(weights.values())
            parts |= {n.name: weights[n.name] / whole / n.per_load for n in mine}
        return parts

    def _uses(self, unit: str) -> list[Need]:
        return [n for n in self.data.needs.values() if n.unit == unit and n.per_load > 0]

    def _handed_up(self, known: Mapping[str, Feed]) -> dict[str, Feed]:
        """The feeds, where those that follow in the chain are worth what is known."""
        found = {}
        for unit, runner in self.data.runners.items():
            made, running = self._made_cny(unit, known), self._running_cny(runner)
            for need in self._uses(unit):
                if need.name in self.fed:
                    part = self.fed[need.name]
                    found[need.name] = Feed(made * part, running * part)
        return found

    def _running_cny(self, runner: Runner) -> float:
        """Per unit of load, with the uses that could buy."""
        own = runner.cost_cny + runner.surcharge_cny + self.data.co2e_cny * runner.co2e_t
        bought = [n for n in self._uses(runner.name) if n.virgin_cny is not None]
        return own + sum(virgin_worth_cny(self.data, n) * n.per_load for n in bought)

    def _made_cny(self, unit: str, known: Mapping[str, Feed]) -> float:
        """Per unit of load: the worth of all that the unit makes."""
        products = [s for s in self.data.supplies.values() if s.unit == unit]
        return sum(self._amount(s) * self._product_cny(s.name, known) for s in products)

    def _amount(self, supply: Supply) -> float:
        """What is made per unit of load; of what a use gives back, as much as it needs."""
        back = self.data.quality.returns.get(supply.name)
        returned = 0.0 if back is None else back.share * self.data.needs[back.use].per_load
        return supply.per_load + returned

    def _product_cny(self, name: str, known: Mapping[str, Feed]) -> float:
        """A unit of a product: the mean over where it went, or the best way where none went."""
        arcs = self.data.arcs_from(name)
        net = {arc.key: self._arriving_cny(arc, known) for arc in arcs}
        if generated(self.data, self.point, name) <= 0:
            return max([*net.values(), -self.route_cny(name)])
        went = {key: self.point.sent[key] for key in net}
        left = {r: v for (b, r), v in self.point.dumped.items() if b == name}
        worth = sum(net[key] * amount for key, amount in went.items())
        worth -= sum(self.route_cny(name, r) * amount for r, amount in left.items())
        whole = sum(went.values()) + sum(left.values())
        return worth / whole if whole > 0 else 0.0

    def _arriving_cny(self, arc: Arc, known: Mapping[str, Feed]) -> float:
        """What a unit sent over a way brings at its end, less the way."""
        need = self.data.needs[arc.use]
        worth = known[need.name].worth_cny if need.name in known else None
        per_need = virgin_worth_cny(self.data, need) if worth is None else worth
        return per_need * arc.replaced + arc.subsidy_cny - sum(way_cny(self.data, arc).values())
