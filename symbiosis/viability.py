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

from symbiosis.bargain import Bargain, bargains_of
from symbiosis.errors import NoAnswer, Problem
from symbiosis.losses import by_enterprise, by_exchange
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.unpriced import without_policy
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
        bargains=bargains_of(data, technical.point),
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
