"""Circular but not economic (循环不经济): what is possible, what pays, and what closes the gap.

Technical rate: the greatest R. Economic rate: R at the least cost without taxes, refunds and
subsidies, ties to the higher R. Policy rate: the same with them. The least targeted subsidy to a
target is the least cost with R at the target less the least cost; each payer's part is what that
enterprise loses, each exchange's what both its partners lose. The uniform subsidy per tonne that
reaches the same stands beside it.

Source: docs/model.md, "Circular but not economic".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from symbiosis.errors import NoAnswer, Problem
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.losses import by_enterprise, by_exchange
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.unpriced import without_policy
from symbiosis.point import Point
from symbiosis.question import GIVE_UP, Aim, Question
from symbiosis.scenario import Scenario
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.status import Status
from symbiosis.solving import ask, checked
from symbiosis.uniform import Uniform, uniform_subsidy

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
    """What brings R to a target: in all, by payer and by exchange (CNY lost), uniform per t of U.

    ``exchanges`` take both partners together, by (link, use). ``uniform`` is None where paying for
    U does not reach the target.
    """

    target: float
    least_cny: float
    payers: Mapping[str, float]
    exchanges: Mapping[tuple[str, str], float]
    uniform: Uniform | None

    @property
    def rest_cny(self) -> float:
        """What belongs to no exchange: 0 unless something moves where no exchange does."""
        return self.least_cny - sum(self.exchanges.values())


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
        subsidy=None if target is None else subsidy_to(question, policy, technical, target),
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
    saved = arc.subsidy_cny + arc.replaced * ((need.virgin_cny or 0.0) + data.co2e_cny * emitted)
    runner = data.runners.get(need.unit)
    if runner is not None and need.per_load > 0:
        at_full = runner.cost_cny + runner.surcharge_cny + data.co2e_cny * runner.co2e_t
        saved = arc.subsidy_cny + max(0.0, -at_full) / need.per_load * arc.replaced
        costs["running"] = max(0.0, at_full) / need.per_load * arc.replaced
    return Bargain(
        link=arc.link,
        use=arc.use,
        sent=point.sent[arc.key],
        low=-leaving,
        high=saved - sum(costs.values()),
        costs=costs,
    )


def subsidy_to(question: Question, policy: Optimum, technical: Optimum, target: float) -> Subsidy:
    """The least subsidy from the least-cost answer to a target. Raises :class:`NoAnswer`."""
    if policy.rate.value is not None and policy.rate.value >= target:
        return Subsidy(target, 0.0, {}, {}, Uniform(0.0, 0.0, policy.rate.value))
    form = question.at_least_rate(question.form, target - GIVE_UP)
    found = question.as_answer(question.least(Aim.COST, form))
    reached = checked(question, Goal.COST, found, question.seconds)
    least = reached.cost_cny - policy.cost_cny
    before, after = by_enterprise(policy), by_enterprise(reached)
    uniform: Uniform | None = Uniform(0.0, 0.0, reached.rate.value or 0.0)
    if least > ROUNDING * abs(policy.cost_cny):
        uniform = uniform_subsidy(question, policy, technical, target)
    return Subsidy(
        target=target,
        least_cny=max(0.0, least),
        payers={e: after[e] - before[e] for e in after if abs(after[e] - before[e]) > SMALL},
        exchanges=by_exchange(policy, reached),
        uniform=uniform,
    )


def as_json(found: Viability) -> dict[str, Any]:
    """The JSON of ``viability``."""
    subsidy = found.subsidy
    uniform = None if subsidy is None else subsidy.uniform
    parts = {} if subsidy is None else subsidy.exchanges
    return {
        "technical": found.technical.rate.value,
        "economic": found.economic.rate.value,
        "policy": found.policy.rate.value,
        "target": None if subsidy is None else subsidy.target,
        "subsidy_cny": None if subsidy is None else subsidy.least_cny,
        "payers": []
        if subsidy is None
        else [{"enterprise": e, "loss_cny": cny} for e, cny in subsidy.payers.items()],
        "rest_cny": None if subsidy is None else subsidy.rest_cny,
        "uniform_cny_per_t": None if uniform is None else uniform.cny_per_t,
        "uniform_cny": None if uniform is None else uniform.cny,
        "uniform_rate": None if uniform is None else uniform.rate,
        "links": [
            {
                "link": b.link,
                "use": b.use,
                "sent": b.sent,
                "surplus_cny": b.surplus_cny,
                "subsidy_cny": b.subsidy_cny,
                "target_cny": None if subsidy is None else parts.get((b.link, b.use), 0.0),
                "price_low": b.low,
                "price_high": b.high,
                "costs_cny": dict(b.costs),
                "why": b.why,
            }
            for b in found.bargains
        ],
    }
