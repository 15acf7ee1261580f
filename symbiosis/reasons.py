"""One reason why a by-product is not fully used, in words, with what its limit is worth.

A limit's marginal is the change of the rate (fraction per unit) or, where the rate does not move,
of the cost (CNY per unit) if the limit is raised by one; under the least carbon of the inventory
(t CO2e per unit, in words kg).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symbiosis.wording import Key, code_of, number
from symbiosis.words import say

CARBON_UNIT = "t CO2e"
"""What a marginal of the inventory is counted in."""


@dataclass(frozen=True)
class Reason:
    """One limit in one way: a code, its words, and the marginal of the limit where it has one.

    ``seasons`` are those in which it holds, empty where it holds whenever something is left.
    """

    code: str
    details: dict[str, Any]
    constraint: Key | None = None
    marginal: float | None = None
    unit: str = ""
    seasons: tuple[Mapping[str, str], ...] = ()

    def text(self, lang: str) -> str:
        """The reason as a sentence, with what one more unit would be worth."""
        sentence = say(f"reasons.{self.code}", lang, **self.details)
        if self.seasons:
            comma = "、" if lang == "zh" else ", "
            when = comma.join(season[lang] for season in self.seasons)
            sentence = say("reasons.in_seasons", lang, sentence=sentence, seasons=when)
        worth = self._worth(lang)
        return f"{sentence}{'；' if lang == 'zh' else '; '}{worth}" if worth else sentence

    def _worth(self, lang: str) -> str:
        if self.marginal is None:
            return ""
        per, _, counted = self.unit.partition("/")
        limit = "quality_" if self.code == "quality_limit" else ""
        if per == CARBON_UNIT:
            if self.constraint and self.constraint[0] == "sent":
                return ""
            kg = number(self.marginal * 1000)
            return say(f"reasons.worth_{limit}carbon", lang, counted=counted, kg=kg)
        if per == "CNY":
            cny = number(self.marginal)
            return say(f"reasons.worth_{limit}cost", lang, counted=counted, cny=cny)
        points = number(self.marginal * 100 * (1 if limit else 10_000))
        return say(f"reasons.worth_{limit}rate", lang, counted=counted, points=points)


@dataclass(frozen=True)
class Held:
    """A by-product that is not fully used, and what holds it back."""

    byproduct: str
    producer: str
    material: str
    generated: float
    used: float
    unit: str
    reasons: list[Reason] = field(default_factory=list)


def weight(reason: Reason) -> tuple[int, float]:
    """Limits that hold the rate back come first, then those that cost, then the others."""
    if reason.marginal is None:
        return 2, 0.0
    return (0 if reason.unit.startswith("rate") else 1), -abs(reason.marginal)


def as_json(held: Held, lang: str, remedies: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """One by-product for the JSON of ``explain``, with its remedies."""
    return {
        "producer": held.producer,
        "byproduct": held.byproduct,
        "material": held.material,
        "generated": held.generated,
        "used": held.used,
        "unit": held.unit,
        "reasons": [
            {
                "code": reason.code,
                "text": reason.text(lang),
                "constraint": None if reason.constraint is None else code_of(reason.constraint),
                "marginal": reason.marginal,
                "unit": reason.unit,
                "seasons": [season[lang] for season in reason.seasons],
            }
            for reason in held.reasons
        ],
        "remedies": list(remedies),
    }
