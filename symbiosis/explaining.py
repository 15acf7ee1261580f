"""Why a by-product is not fully used: the limits that bind on every way it could take.

For each by-product of which something is stored, landfilled, emitted or discharged, every link of
the park file is asked what stops it at the optimum.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from symbiosis.exchange import Arc
from symbiosis.limits import Limits
from symbiosis.optimum import Optimum
from symbiosis.park.enterprise import RouteKind
from symbiosis.park.link import Link
from symbiosis.park.years import status_in
from symbiosis.rate import generated
from symbiosis.reasons import Held, Reason, weight
from symbiosis.views import views
from symbiosis.way_reasons import out_of_season, without_way
from symbiosis.wording import Wording
from symbiosis.words import LANGUAGES, say
from symbiosis.worth import Worth

UNUSED = 1e-6
"""A by-product is fully used where less than this part of it is left."""


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
        strongest = min((reason for _, reason in pairs), key=weight)
        when = () if len(pairs) == len(left) else tuple(names[season] for season, _ in pairs)
        merged.append(replace(strongest, seasons=when))
    return sorted(merged, key=weight)


@dataclass(frozen=True)
class _Explainer:
    optimum: Optimum
    wording: Wording

    @cached_property
    def worth(self) -> Worth:
        """The marginals of the optimum."""
        return Worth(self.optimum, self.wording)

    @cached_property
    def limits(self) -> Limits:
        """What can bind on a way."""
        return Limits(self.optimum, self.wording, self.worth)

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
        reasons = sorted(self.reasons(name), key=weight)
        return Held(
            name, supply.enterprise, supply.material, made, used, supply.counted_in, reasons
        )

    def reasons(self, name: str) -> Iterator[Reason]:
        """One reason or more per link that leads from the by-product."""
        links = {k: v for k, v in self.optimum.park.links.items() if v.byproduct == name}
        if not links:
            yield self.worth.bound(without_way(self.optimum, self.wording, name))
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
            yield self.limits.out_of_season(arc)
            return
        yield from self.limits.on(arc) or [self.worth.not_worth(arc)]
