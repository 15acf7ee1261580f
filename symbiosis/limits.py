"""Which limits bind on one open way of a by-product: of the taker, the link, the unit behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from symbiosis.exchange import Arc, Need, ShareLimit
from symbiosis.heat_results import rest_too_cold
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.enterprise import ShareBasis
from symbiosis.quality_reasons import binding_contents, binding_limits, load_is_met
from symbiosis.reasons import Reason
from symbiosis.terms_reasons import term_reasons
from symbiosis.wording import Wording, number
from symbiosis.worth import Worth

TIGHT = 1e-6
"""A limit is binding where less than this part of it is left."""


@dataclass(frozen=True)
class Limits:
    """The limits of one optimum."""

    optimum: Optimum
    wording: Wording
    worth: Worth

    def on(self, arc: Arc) -> list[Reason]:
        """Everything that binds on one way, with its worth."""
        found = [*self.full(arc), *self.shares(arc), *self.recipes(arc), *self.sizes(arc)]
        found += self.qualities(arc)
        found += self.temperatures(arc)
        found += self.terms(arc)
        return found

    def full(self, arc: Arc) -> Iterator[Reason]:
        """The use is filled by by-products, or the unit behind it is at its limit."""
        need = self.optimum.data.needs[arc.use]
        if need.free:
            if load_is_met(self.optimum.data, self.optimum.point, arc):
                yield Reason("load_met", self.wording.details(("need", arc.use)))
        elif need.unit in self.optimum.data.runners:
            yield from self.unit_full(need)
        elif self.optimum.point.bought.get(arc.use, 0.0) <= TIGHT * need.fixed:
            limit = self.worth.per_year(need.fixed)
            details = self.wording.details(("need", arc.use))
            fillers = self.fillers(arc)
            yield self.worth.reason(
                "taker_full", ("need", arc.use), limit=limit, fillers=fillers, **details
            )

    def unit_full(self, need: Need) -> Iterator[Reason]:
        """The unit behind the use stands still, runs at its limit, or cannot sell what it makes."""
        runner, load = self.optimum.data.runners[need.unit], self.optimum.point.running[need.unit]
        details = self.wording.details(("running", need.unit))
        key = ("running", need.unit)
        if runner.max_load <= 0:
            shown = details | {"counted": f"{need.counted_in}/a"}
            yield self.worth.reason("unit_stopped", key, size=need.per_load, **shown)
        elif load >= runner.max_load - TIGHT:
            limit = self.worth.per_year(need.per_load * runner.max_load)
            shown = details | {"limit": limit, "counted": f"{need.counted_in}/a"}
            yield self.worth.reason("unit_full", key, size=need.per_load, **shown)
        elif need.unit in self.optimum.point.passed:
            passed = self.optimum.point.passed[need.unit]
            if passed >= load - TIGHT:
                taken = ("counted_taken", need.unit)
                yield self.worth.reason("product_unsold", taken, **self.wording.details(taken))

    def fillers(self, arc: Arc) -> dict[str, str]:
        """Who fills the use, largest first, as a phrase in both languages."""
        data, sent = self.optimum.data, self.optimum.point.sent
        into = sorted(data.arcs_into(arc.use), key=lambda a: -a.replaced * sent[a.key])
        names = [self.wording.byproduct(a.byproduct) for a in into if sent[a.key] > 0][:3]
        return {"zh": "、".join(n["zh"] for n in names), "en": ", ".join(n["en"] for n in names)}

    def shares(self, arc: Arc) -> Iterator[Reason]:
        """Share limits of its material, or of its group, that are reached."""
        for limit in self.optimum.data.share_limits:
            if limit.use == arc.use and arc.material in limit.materials and self.tight(limit):
                key = ("share", (limit.use, limit.name))
                details = self.wording.details(key)
                yield self.worth.reason("share_limit", key, share=f"{limit.share:.1%}", **details)

    def tight(self, limit: ShareLimit) -> bool:
        """Whether a share limit is reached."""
        data, point = self.optimum.data, self.optimum.point
        by_need = limit.basis is ShareBasis.NEED
        into = data.arcs_into(limit.use)
        mine = {a.key: (a.replaced if by_need else a.delivered) * point.sent[a.key] for a in into}
        whole = sum(mine.values()) + point.bought.get(limit.use, 0.0)
        amount = sum(mine[a.key] for a in into if a.material in limit.materials)
        return whole > 0 and amount >= limit.share * whole * (1 - TIGHT)

    def qualities(self, arc: Arc) -> Iterator[Reason]:
        """Limits of quality that are reached and that the material would break."""
        asked = self.optimum.data, self.optimum.point, self.wording, arc
        for found in (*binding_limits(*asked), *binding_contents(*asked)):
            yield self.worth.bound(found)

    def recipes(self, arc: Arc) -> Iterator[Reason]:
        """What it comes together with is used up."""
        data, sent = self.optimum.data, self.optimum.point.sent
        for recipe in data.recipes:
            if recipe.use != arc.use or recipe.material != arc.material:
                continue
            into = data.arcs_into(arc.use)
            mine = sum(a.delivered * sent[a.key] for a in into if a.material == recipe.material)
            others = sum(a.delivered * sent[a.key] for a in into if a.material in recipe.companions)
            if mine >= recipe.ratio * others * (1 - TIGHT):
                names = [self.wording.material(m) for m in recipe.companions]
                companions = {
                    "zh": "、".join(n["zh"] for n in names),
                    "en": " or ".join(n["en"] for n in names),
                }
                key = ("recipe", (recipe.use, recipe.material))
                details = self.wording.details(key)
                yield self.worth.reason(
                    "recipe_limit",
                    key,
                    companions=companions,
                    ratio=number(recipe.ratio),
                    **details,
                )

    def sizes(self, arc: Arc) -> Iterator[Reason]:
        """Capacity of the link, greatest intake of the use."""
        data, sent = self.optimum.data, self.optimum.point.sent
        capacity = data.link_capacity.get(arc.link)
        if capacity is not None:
            flow = sum(amount for key, amount in sent.items() if key[0] == arc.link)
            if flow >= capacity * (1 - TIGHT):
                details = self.wording.details(("link_capacity", arc.link))
                yield self.worth.reason(
                    "link_full",
                    ("link_capacity", arc.link),
                    limit=self.worth.per_year(capacity),
                    **details,
                )
        most = data.needs[arc.use].max_intake
        if most is not None:
            taken = sum(a.delivered * sent[a.key] for a in data.arcs_into(arc.use))
            if taken >= most * (1 - TIGHT):
                details = self.wording.details(("intake", arc.use))
                yield self.worth.reason(
                    "intake_limit", ("intake", arc.use), limit=self.worth.per_year(most), **details
                )

    def temperatures(self, arc: Arc) -> Iterator[Reason]:
        """What is left is colder than what the taker still lacks."""
        apart = rest_too_cold(self.optimum.data, self.optimum.point, arc)
        if apart is not None:
            details = self.wording.details(("need", arc.use))
            given, wanted = number(apart[0]), number(apart[1])
            yield Reason("heat_too_cold", {**details, "given": given, "wanted": wanted})

    def terms(self, arc: Arc) -> Iterator[Reason]:
        """A full treatment, or a link that is switched off."""
        for found in term_reasons(self.optimum.data, self.optimum.point, self.wording, arc):
            if found.code != "charge" or self.optimum.goal is not Goal.CARBON:
                yield self.worth.bound(found)

    def out_of_season(self, arc: Arc) -> Reason:
        """The use takes nothing in this season."""
        need = self.optimum.data.needs[arc.use]
        runs = need.unit in self.optimum.data.runners
        key = ("running", need.unit) if runs else ("need", arc.use)
        details = self.wording.details(("need", arc.use))
        return self.worth.reason("season", key, size=need.per_load if runs else 1.0, **details)
