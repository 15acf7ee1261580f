"""What a limit is worth: the marginals of the stages of an optimum, put to reasons."""

from dataclasses import dataclass
from typing import Any

from symbiosis.binding import Binding
from symbiosis.exchange import YEAR_H, Arc
from symbiosis.optimum import Optimum, Stage
from symbiosis.reasons import Reason
from symbiosis.way_reasons import not_worth
from symbiosis.wording import Key, Wording, number

NOTHING = {"rate": 1e-12, "cost": 1e-6}
"""A marginal below this is none: of the rate per unit, of the cost in CNY per unit."""


@dataclass(frozen=True)
class Worth:
    """The marginals of one optimum."""

    optimum: Optimum
    wording: Wording

    def not_worth(self, arc: Arc) -> Reason:
        """Nothing binds: the way costs more than leaving the by-product."""
        excess = self.marginal(self.optimum.stage("cost"), ("sent", arc.key))
        found = not_worth(self.optimum, self.wording, arc, excess)
        unit = f"CNY/{found.details['counted']}"
        return Reason(found.code, found.details, found.key, excess, unit)

    def per_year(self, amount: float) -> str:
        """An amount of the slice as a rate per year."""
        return number(amount * YEAR_H / self.optimum.data.hours)

    def reason(self, code: str, key: Key, size: float = 1.0, **details: Any) -> Reason:
        """A reason with the marginal of its constraint: of the rate, or else of the cost.

        ``size`` turns the marginal of a load into one per unit of what the unit takes. A need has
        no marginal of the cost here: to need more is to buy more, which says nothing of the taker.
        """
        counted = str(details.get("counted", "")).removesuffix("/a") or "t"
        for stage, unit in (("rate", f"rate/{counted}"), ("cost", f"CNY/{counted}")):
            value = self.marginal(self.optimum.stage(stage), key) / size
            if abs(value) > NOTHING[stage] and not (stage == "cost" and key[0] == "need"):
                return Reason(code, details, key, value, unit)
        return Reason(code, details, key)

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
