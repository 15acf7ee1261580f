"""What a limit is worth: the marginals of the stages of an optimum, put to reasons.

The stages asked are those that say why: the rate and then the cost; under the least carbon the
carbon alone. A marginal of the cost there belongs to the choice between answers that emit the same.
"""

from dataclasses import dataclass
from typing import Any

from symbiosis.binding import Binding
from symbiosis.exchange import YEAR_H, Arc
from symbiosis.optimum import Goal, Optimum, Stage
from symbiosis.reasons import CARBON_UNIT, Reason
from symbiosis.way_reasons import not_worth
from symbiosis.wording import Key, Wording, number

NOTHING = {"rate": 1e-12, "cost": 1e-6, "carbon": 1e-8}
"""A marginal below this is none: of the rate per unit, of the cost in CNY, of t CO2e per unit."""
KG = 1000.0
"""Kilograms in a tonne."""


@dataclass(frozen=True)
class Worth:
    """The marginals of one optimum."""

    optimum: Optimum
    wording: Wording

    def not_worth(self, arc: Arc) -> Reason:
        """Nothing binds: the way costs, or emits, more than leaving the by-product."""
        if self.optimum.goal is Goal.CARBON:
            return self.emits_more(arc)
        excess = self.marginal(self.optimum.stage("cost"), ("sent", arc.key))
        found = not_worth(self.optimum, self.wording, arc, excess)
        unit = f"CNY/{found.details['counted']}"
        return Reason(found.code, found.details, found.key, excess, unit)

    def emits_more(self, arc: Arc) -> Reason:
        """What the way emits more than leaving; the same where another answer is as good."""
        excess = self.marginal(self.optimum.stage("carbon"), ("sent", arc.key))
        counted = self.optimum.data.supplies[arc.byproduct].counted_in
        details = {"link": self.wording.link(arc.link), "counted": counted}
        if excess <= NOTHING["carbon"]:
            return Reason("emits_the_same", details)
        shown = details | {"excess": number(excess * KG)}
        return Reason("emits_more", shown, ("sent", arc.key), excess, f"{CARBON_UNIT}/{counted}")

    def per_year(self, amount: float) -> str:
        """An amount of the slice as a rate per year."""
        return number(amount * YEAR_H / self.optimum.data.hours)

    def reason(self, code: str, key: Key, size: float = 1.0, **details: Any) -> Reason:
        """A reason with the marginal of its constraint: of the rate, or else of the cost.

        ``size`` turns the marginal of a load into one per unit of what the unit takes. A need has
        a marginal of the rate alone here: to need more is to buy more, which says nothing of the
        taker.
        """
        counted = str(details.get("counted", "")).removesuffix("/a") or "t"
        for stage, unit in self.stages:
            value = self.marginal(self.optimum.stage(stage), key) / size
            if abs(value) > NOTHING[stage] and (stage == "rate" or key[0] != "need"):
                return Reason(code, details, key, value, f"{unit}/{counted}")
        return Reason(code, details, key)

    @property
    def stages(self) -> tuple[tuple[str, str], ...]:
        """The stages whose marginals say why, with the unit of each."""
        if self.optimum.goal is Goal.CARBON:
            return (("carbon", CARBON_UNIT),)
        return (("rate", "rate"), ("cost", "CNY"))

    def bound(self, found: Binding) -> Reason:
        """What binds, with the marginal of its constraint where it has one."""
        if found.key is None:
            return Reason(found.code, found.details)
        return self.reason(found.code, found.key, found.size, **found.details)

    def marginal(self, stage: Stage | None, key: Key) -> float:
        """The marginal of a constraint, or of the bound of a variable; 0 where there is none."""
        if stage is None:
            return 0.0
        return stage.marginals.get(key, stage.bound_marginals.get(key, 0.0))
