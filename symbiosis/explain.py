"""Why a by-product is not fully used: the limits that bind on every way it could take.

For each by-product of which something is stored, landfilled, emitted or discharged, every link of
the park file is asked what stops it at the optimum. A limit's marginal is the change of the rate
(fraction per unit) or, where the rate does not move, of the cost (CNY per unit) if the limit is
raised by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from symbiosis.binding import Binding
from symbiosis.exchange import YEAR_H, Arc, Need, ShareLimit
from symbiosis.heat_results import rest_too_cold
from symbiosis.optimum import Optimum, Stage
from symbiosis.park.enterprise import RouteKind, ShareBasis
from symbiosis.park.link import Link
from symbiosis.park.years import status_in
from symbiosis.quality_reasons import binding_contents, binding_limits, load_is_met
from symbiosis.rate import generated
from symbiosis.terms_reasons import term_reasons
from symbiosis.views import views
from symbiosis.way_reasons import not_worth, out_of_season, without_way
from symbiosis.wording import Key, Wording, code_of, number
from symbiosis.words import LANGUAGES, say

TIGHT = 1e-6
"""A limit is binding where less than this part of it is left."""
UNUSED = 1e-6
"""A by-product is fully used where less than this part of it is left."""
NOTHING = {"rate": 1e-12, "cost": 1e-6}
"""A marginal below this is none: of the rate per unit, of the cost in CNY per unit."""


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
        counted = self.unit.partition("/")[2]
        if self.code == "quality_limit":
            return _worth_of_limit(self.marginal, self.unit.partition("/")[0], counted, lang)
        if self.unit.startswith("CNY"):
            return say("reasons.worth_cost", lang, counted=counted, cny=number(self.marginal))
        points = number(self.marginal * 100 * 10_000)
        return say("reasons.worth_rate", lang, counted=counted, points=points)


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


def explain(optimum: Optimum, material: str | None = None) -> list[Held]:
    """Every by-product not fully used, the largest rest first; of one material if given."""
    held = {h.byproduct: h for h in _held(optimum, material)}
    seasons = [(season, _held(view, material)) for season, view in views(optimum)]
    if len(seasons) > 1:
        names = {
            season: {"zh": noun.name_zh, "en": noun.name_en}
            for season, noun in optimum.park.seasons.items()
        }
        held = {n: replace(h, reasons=_over_seasons(n, seasons, names)) for n, h in held.items()}
    return sorted(held.values(), key=lambda h: h.used - h.generated)


def _held(optimum: Optimum, material: str | None) -> list[Held]:
    explainer = _Explainer(optimum, Wording(optimum.park, optimum.data))
    found = [
        explainer.held(name)
        for name, supply in optimum.data.supplies.items()
        if material is None or supply.material == material
    ]
    return [one for one in found if one is not None]


def _over_seasons(
    name: str,
    seasons: Sequence[tuple[str, list[Held]]],
    names: Mapping[str, Mapping[str, str]],
) -> list[Reason]:
    """The reasons of all seasons in which something is left, each with the seasons it holds in."""
    left = [(season, one) for season, every in seasons for one in every if one.byproduct == name]
    found: dict[Any, list[tuple[str, Reason]]] = {}
    for season, one in left:
        for reason in one.reasons:
            mark = reason.constraint or (reason.code, str(reason.details.get("link")))
            found.setdefault(mark, []).append((season, reason))
    merged = []
    for pairs in found.values():
        strongest = min((reason for _, reason in pairs), key=_weight)
        when = () if len(pairs) == len(left) else tuple(names[season] for season, _ in pairs)
        merged.append(replace(strongest, seasons=when))
    return sorted(merged, key=_weight)


@dataclass(frozen=True)
class _Explainer:
    optimum: Optimum
    wording: Wording

    def held(self, name: str) -> Held | None:
        """What holds one by-product back; nothing where it is fully used or sold as a product."""
        data, point = self.optimum.data, self.optimum.point
        supply = data.supplies[name]
        made = generated(data, point, name) + point.drawn.get(name, 0.0)
        left = sum(
            point.dumped[name, o.route]
            for o in data.outlets
            if o.byproduct == name and (o.kind is not RouteKind.SOLD or supply.enters_rate)
        )
        if left <= UNUSED * made:
            return None
        used = sum(point.sent[arc.key] for arc in data.arcs_from(name))
        reasons = sorted(self.reasons(name), key=_weight)
        return Held(
            name, supply.enterprise, supply.material, made, used, supply.counted_in, reasons
        )

    def reasons(self, name: str) -> Iterator[Reason]:
        """One reason or more per link that leads from the by-product."""
        links = {k: v for k, v in self.optimum.park.links.items() if v.byproduct == name}
        if not links:
            yield self.bound(without_way(self.optimum, self.wording, name))
        seen: set[Any] = set()
        for link_id, link in links.items():
            for reason in self.on_link(link_id, link):
                mark = reason.constraint or (reason.code, link_id)
                if mark not in seen:
                    seen.add(mark)
                    yield reason

    def on_link(self, link_id: str, link: Link) -> Iterator[Reason]:
        data = self.optimum.data
        arcs = [arc for arc in data.arcs if arc.link == link_id]
        if arcs:
            for arc in arcs:
                yield from self.on_arc(arc)
        elif status_in(link, data.year) not in data.opened:
            status = status_in(link, data.year).value
            named = {lang: say(f"reasons.{status}", lang) for lang in LANGUAGES}
            yield Reason("not_open", {"link": self.wording.link(link_id), "status": named})
        elif link.until is not None and link.until <= data.year:
            yield Reason("ended", {"link": self.wording.link(link_id), "year": link.until})
        else:
            details = {
                "link": self.wording.link(link_id),
                "enterprise": self.wording.enterprise(link.uses[0]),
                "year": data.year,
            }
            yield Reason("not_there", details)

    def on_arc(self, arc: Arc) -> Iterator[Reason]:
        """What binds on one open way; where nothing does, it is not worth it."""
        if out_of_season(self.optimum, arc):
            yield self.out_of_season(arc)
            return
        found = [*self.full(arc), *self.shares(arc), *self.recipes(arc), *self.sizes(arc)]
        found += self.qualities(arc)
        found += self.temperatures(arc)
        found += self.terms(arc)
        yield from found or [self.not_worth(arc)]

    # --- what binds

    def full(self, arc: Arc) -> Iterator[Reason]:
        """The use is filled by by-products, or the unit behind it is at its limit."""
        need = self.optimum.data.needs[arc.use]
        if need.free:
            if load_is_met(self.optimum.data, self.optimum.point, arc):
                yield Reason("load_met", self.wording.details(("need", arc.use)))
        elif need.unit in self.optimum.data.runners:
            yield from self.unit_full(need)
        elif self.optimum.point.bought.get(arc.use, 0.0) <= TIGHT * need.fixed:
            limit = self.per_year(need.fixed)
            details = self.wording.details(("need", arc.use))
            fillers = self.fillers(arc)
            yield self.reason(
                "taker_full", ("need", arc.use), limit=limit, fillers=fillers, **details
            )

    def unit_full(self, need: Need) -> Iterator[Reason]:
        runner, load = self.optimum.data.runners[need.unit], self.optimum.point.running[need.unit]
        details = self.wording.details(("running", need.unit))
        key = ("running", need.unit)
        if runner.max_load <= 0:
            shown = details | {"counted": f"{need.counted_in}/a"}
            yield self.reason("unit_stopped", key, size=need.per_load, **shown)
        elif load >= runner.max_load - TIGHT:
            limit = self.per_year(need.per_load * runner.max_load)
            shown = details | {"limit": limit, "counted": f"{need.counted_in}/a"}
            yield self.reason("unit_full", key, size=need.per_load, **shown)
        elif need.unit in self.optimum.point.passed:
            passed = self.optimum.point.passed[need.unit]
            if passed >= load - TIGHT:
                taken = ("counted_taken", need.unit)
                yield self.reason("product_unsold", taken, **self.wording.details(taken))

    def fillers(self, arc: Arc) -> dict[str, str]:
        """Who fills the use, largest first, as a phrase in both languages."""
        data, sent = self.optimum.data, self.optimum.point.sent
        into = sorted(data.arcs_into(arc.use), key=lambda a: -a.replaced * sent[a.key])
        names = [self.wording.byproduct(a.byproduct) for a in into if sent[a.key] > 0][:3]
        return {"zh": "、".join(n["zh"] for n in names), "en": ", ".join(n["en"] for n in names)}

    def shares(self, arc: Arc) -> Iterator[Reason]:
        for limit in self.optimum.data.share_limits:
            if limit.use == arc.use and arc.material in limit.materials and self.tight(limit):
                key = ("share", (limit.use, limit.name))
                details = self.wording.details(key)
                yield self.reason("share_limit", key, share=f"{limit.share:.1%}", **details)

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
            yield self.bound(found)

    def recipes(self, arc: Arc) -> Iterator[Reason]:
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
                yield self.reason(
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
                yield self.reason(
                    "link_full",
                    ("link_capacity", arc.link),
                    limit=self.per_year(capacity),
                    **details,
                )
        most = data.needs[arc.use].max_intake
        if most is not None:
            taken = sum(a.delivered * sent[a.key] for a in data.arcs_into(arc.use))
            if taken >= most * (1 - TIGHT):
                details = self.wording.details(("intake", arc.use))
                yield self.reason(
                    "intake_limit", ("intake", arc.use), limit=self.per_year(most), **details
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
            yield self.bound(found)

    def out_of_season(self, arc: Arc) -> Reason:
        """The use takes nothing in this season."""
        need = self.optimum.data.needs[arc.use]
        runs = need.unit in self.optimum.data.runners
        key = ("running", need.unit) if runs else ("need", arc.use)
        details = self.wording.details(("need", arc.use))
        return self.reason("season", key, size=need.per_load if runs else 1.0, **details)

    def not_worth(self, arc: Arc) -> Reason:
        """Nothing binds: the way costs more than leaving the by-product."""
        excess = self.marginal(self.optimum.stage("cost"), ("sent", arc.key))
        found = not_worth(self.optimum, self.wording, arc, excess)
        unit = f"CNY/{found.details['counted']}"
        return Reason(found.code, found.details, found.key, excess, unit)

    def per_year(self, amount: float) -> str:
        """An amount of the slice as a rate per year."""
        return number(amount * YEAR_H / self.optimum.data.hours)

    # --- marginals

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
        if stage is None:
            return 0.0
        return stage.marginals.get(key, stage.bound_marginals.get(key, 0.0))


def _worth_of_limit(marginal: float, per: str, counted: str, lang: str) -> str:
    if per == "CNY":
        return say("reasons.worth_quality_cost", lang, counted=counted, cny=number(marginal))
    return say("reasons.worth_quality_rate", lang, counted=counted, points=number(marginal * 100))


def _weight(reason: Reason) -> tuple[int, float]:
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
