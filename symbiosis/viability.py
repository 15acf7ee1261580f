"""Circular but not economic (循环不经济): what is possible, what pays, and what closes the gap.

Technical rate: the greatest R. Economic rate: R at the least cost without taxes and refunds, ties
to the higher R. Policy rate: the same with them. The least targeted subsidy to a target is the
least cost with R at the target less the least cost; each payer's part is what that enterprise
loses. The uniform subsidy per tonne that reaches the same is the marginal cost of the last tonne.

Source: docs/model.md, "Circular but not economic".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from symbiosis.errors import NoAnswer, Problem
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.unpriced import without_policy
from symbiosis.point import Point
from symbiosis.question import GIVE_UP, Aim, Question
from symbiosis.scenario import Scenario
from symbiosis.seasons import holding_cny
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.status import Status
from symbiosis.solving import ask, checked

SMALL = 1e-9
ROUNDING = 1e-9
"""Less than this part of the cost more is no subsidy."""


@dataclass(frozen=True)
class Bargain:
    """One exchange: the price band in which both partners gain, CNY per unit sent.

    ``low`` is the least that the producer accepts (minus what leaving it costs), ``high`` the most
    that the taker pays (what it saves on virgin material less all costs of the way). Where ``high``
    is below ``low`` the exchange is circular but not economic, and needs the difference. ``costs``
    are what the way costs by item, CNY per unit sent: freight, treatment, capital, carbon, running.
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


@dataclass(frozen=True)
class Subsidy:
    """What brings R to a target: in all, by payer (CNY lost), and uniform per tonne of U.

    The uniform one is None where the model has integers: marginals then say nothing of what is paid
    once, and less than the least subsidy could seem enough.
    """

    target: float
    least_cny: float
    payers: Mapping[str, float]
    uniform_cny_per_t: float | None
    uniform_cny: float | None


@dataclass(frozen=True)
class Viability:
    """The three rates, the exchanges of the technical answer, and the way to a target."""

    technical: Optimum
    economic: Optimum
    policy: Optimum
    bargains: tuple[Bargain, ...]
    subsidy: Subsidy | None


def viability_of(
    scenario: Scenario,
    target: float | None = None,
    solver: str = AUTO,
    options: SolveOptions | None = None,
) -> Viability:
    """The three rates of a scenario and, with a target (a fraction), the subsidy that reaches it.

    Raises :class:`NoAnswer` where the park has no answer, or R cannot reach the target.
    """
    data = scenario.slice()
    question = ask(scenario.park, data, scenario.year(data), solver, options)
    bare = replace(scenario, park=without_policy(scenario.park))
    unpaid = bare.slice()
    unaided = ask(bare.park, unpaid, bare.year(unpaid), solver, options)
    technical = _answer(question, Goal.UTILISATION, (Aim.RATE, Aim.COST))
    if target is not None:
        _within_reach(technical, target)
    policy = _answer(question, Goal.COST, (Aim.COST, Aim.RATE))
    return Viability(
        technical=technical,
        economic=_answer(unaided, Goal.COST, (Aim.COST, Aim.RATE)),
        policy=policy,
        bargains=tuple(bargain(data, technical.point, arc) for arc in data.arcs),
        subsidy=None if target is None else subsidy_to(question, policy, target),
    )


def _answer(question: Question, goal: Goal, aims: tuple[Aim, ...]) -> Optimum:
    return checked(question, goal, question.in_order(aims), question.seconds)


def _within_reach(technical: Optimum, target: float) -> None:
    """Raises :class:`NoAnswer` for a target above what is proven to be the greatest R."""
    reach = technical.rate.value
    proven = technical.solved.status is Status.OPTIMAL
    if proven and reach is not None and target > reach + GIVE_UP:
        raise NoAnswer([Problem("target_out_of_reach", details={"target": f"{target:.2%}"})])


def bargain(data: ExchangeData, point: Point, arc: Arc) -> Bargain:
    """The price band of one exchange: against the by-product's cheapest route and the virgin.

    Refunds that hang on the content of a whole product are no part of one exchange.
    """
    need = data.needs[arc.use]
    leaving = min(
        o.fee_cny + o.tax_cny + data.co2e_cny * o.co2e_t
        for o in data.outlets
        if o.byproduct == arc.byproduct
    )
    costs = {
        "freight": arc.transport_cny,
        "treatment": arc.treatment_cny,
        "capital": arc.capital_cny,
        "carbon": data.co2e_cny * arc.co2e_t,
    }
    emitted = need.virgin_co2e_t + need.virgin_use_co2e_t
    saved = arc.replaced * ((need.virgin_cny or 0.0) + data.co2e_cny * emitted)
    runner = data.runners.get(need.unit)
    if runner is not None and need.per_load > 0:
        at_full = runner.cost_cny + runner.surcharge_cny + data.co2e_cny * runner.co2e_t
        saved = max(0.0, -at_full) / need.per_load * arc.replaced
        costs["running"] = max(0.0, at_full) / need.per_load * arc.replaced
    return Bargain(
        link=arc.link,
        use=arc.use,
        sent=point.sent[arc.key],
        low=-leaving,
        high=saved - sum(costs.values()),
        costs=costs,
    )


def subsidy_to(question: Question, policy: Optimum, target: float) -> Subsidy:
    """The least subsidy from the least-cost answer to a target. Raises :class:`NoAnswer`."""
    if policy.rate.value is not None and policy.rate.value >= target:
        return Subsidy(target, 0.0, {}, 0.0, 0.0)
    form = question.at_least_rate(question.form, target - GIVE_UP)
    found = question.least(Aim.COST, form)
    reached = question.optimum(Goal.COST, question.as_answer(found), question.seconds)
    least = reached.cost_cny - policy.cost_cny
    per_t: float | None = 0.0
    if least > ROUNDING * abs(policy.cost_cny):
        exact = None if reached.solved.integers else found.row_marginals
        per_t = None if exact is None else max(0.0, float(exact[-1]))
    before, after = by_enterprise(policy), by_enterprise(reached)
    return Subsidy(
        target=target,
        least_cny=max(0.0, least),
        payers={e: after[e] - before[e] for e in after if abs(after[e] - before[e]) > SMALL},
        uniform_cny_per_t=per_t,
        uniform_cny=None if per_t is None else per_t * reached.rate.numerator,
    )


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
        need = data.needs[use]
        emitted = need.virgin_co2e_t + need.virgin_use_co2e_t
        yield need.enterprise, ((need.virgin_cny or 0.0) + data.co2e_cny * emitted) * amount
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
        per_unit = outlet.fee_cny + outlet.tax_cny + data.co2e_cny * outlet.co2e_t
        amount = point.dumped[outlet.byproduct, outlet.route]
        yield data.supplies[outlet.byproduct].enterprise, per_unit * amount
    for name, runner in data.runners.items():
        at_full = runner.cost_cny + runner.surcharge_cny + data.co2e_cny * runner.co2e_t
        yield name.partition(".")[0], at_full * point.running[name]
    for byproduct, amount in point.drawn.items():
        supply = data.supplies[byproduct]
        yield supply.enterprise, supply.reclaim_cost_cny * amount
    for (season, byproduct), level in optimum.levels.items():
        lying = holding_cny(optimum.year, {(season, byproduct): level})
        yield data.supplies[byproduct].enterprise, lying


def as_json(found: Viability) -> dict[str, Any]:
    """The JSON of ``viability``."""
    subsidy = found.subsidy
    return {
        "technical": found.technical.rate.value,
        "economic": found.economic.rate.value,
        "policy": found.policy.rate.value,
        "target": None if subsidy is None else subsidy.target,
        "subsidy_cny": None if subsidy is None else subsidy.least_cny,
        "payers": []
        if subsidy is None
        else [{"enterprise": e, "loss_cny": cny} for e, cny in subsidy.payers.items()],
        "uniform_cny_per_t": None if subsidy is None else subsidy.uniform_cny_per_t,
        "uniform_cny": None if subsidy is None else subsidy.uniform_cny,
        "links": [
            {
                "link": b.link,
                "use": b.use,
                "sent": b.sent,
                "surplus_cny": b.surplus_cny,
                "subsidy_cny": b.subsidy_cny,
                "price_low": b.low,
                "price_high": b.high,
                "costs_cny": dict(b.costs),
                "why": b.why,
            }
            for b in found.bargains
        ],
    }
