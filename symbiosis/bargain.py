"""The price band of an exchange: the least that the producer accepts, the most the taker pays."""

from collections.abc import Mapping
from dataclasses import dataclass

from symbiosis.chains import Chains, virgin_worth_cny, way_cny
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.point import Point

SMALL = 1e-9


@dataclass(frozen=True)
class Bargain:
    """One exchange: the price band in which both partners gain, CNY per unit sent.

    ``low`` is the least that the producer accepts (minus what leaving it costs), ``high`` the most
    that the taker pays: what it saves on virgin material, or what a unit makes of it down the
    chain less running; less all costs of the way. Where ``high`` is below ``low`` the exchange is
    circular but not economic, and needs the difference. ``costs`` are what stands against it by
    item, CNY per unit sent: freight, treatment, capital, carbon, running, product (what a unit
    makes of it costs more than it brings).
    """

    link: str
    use: str
    sent: float
    low: float
    high: float
    costs: Mapping[str, float]

    @property
    def why(self) -> str:
        """The dearest item of an exchange in which the partners lose; empty where they gain."""
        if self.high >= self.low:
            return ""
        item = max(self.costs, key=lambda name: self.costs[name])
        return item if self.costs[item] > SMALL else "worthless"

    @property
    def surplus_cny(self) -> float:
        """What both gain together at the flow sent; negative where they lose."""
        return (self.high - self.low) * self.sent

    @property
    def subsidy_cny(self) -> float:
        """What the flow sent would need for nobody to lose."""
        return max(0.0, -self.surplus_cny)


def bargains_of(data: ExchangeData, point: Point) -> tuple[Bargain, ...]:
    """The price bands of all open ways at the flows of one answer."""
    chains = Chains(data, point)
    return tuple(bargain(chains, arc) for arc in data.arcs)


def bargain(chains: Chains, arc: Arc) -> Bargain:
    """The price band of one exchange.

    The producer compares with its cheapest route. The taker pays no more than the virgin material
    that it saves; a supply-driven unit no more than what it makes of its feed is worth down the
    chain at the flows of the answer, less running (:mod:`symbiosis.chains`). Refunds that hang on
    the content of a whole product are no part of one exchange.
    """
    data = chains.data
    need = data.needs[arc.use]
    costs, saved = way_cny(data, arc), arc.subsidy_cny
    feed = chains.feeds.get(arc.use)
    if feed is None:
        saved += arc.replaced * virgin_worth_cny(data, need)
    else:
        costs["running"] = max(0.0, feed.running_cny) * arc.replaced
        costs["product"] = max(0.0, -feed.made_cny) * arc.replaced
        saved += (max(0.0, feed.made_cny) + max(0.0, -feed.running_cny)) * arc.replaced
    return Bargain(
        link=arc.link,
        use=arc.use,
        sent=chains.point.sent[arc.key],
        low=-chains.route_cny(arc.byproduct),
        high=saved - sum(costs.values()),
        costs=costs,
    )
