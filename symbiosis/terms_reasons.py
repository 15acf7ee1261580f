"""What the terms of links and the rooms of treatments hold back."""

from collections.abc import Iterator

from symbiosis.binding import Binding
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.point import Point
from symbiosis.wording import Wording, number

FULL = 1e-6
"""A treatment is full where less than this part of its capacity is left."""


def term_reasons(data: ExchangeData, point: Point, wording: Wording, arc: Arc) -> Iterator[Binding]:
    """What stops more over one open way: a full treatment, or a link that is switched off."""
    yield from _full_treatments(data, point, wording, arc)
    if point.runs.get(arc.link, 1.0) > 0.5:
        return
    mine = [limit for limit in data.deals.partners if arc.link in limit.links]
    crowded = [limit for limit in mine if _is_full(limit.links, limit.most, point)]
    for limit in crowded:
        details = wording.details(("partners", limit.key))
        yield Binding("partners_full", details | {"most": limit.most})
    terms, details = data.deals.terms[arc.link], wording.details(("least_flow", arc.link))
    if terms.least > 0:
        yield Binding("below_least", details | {"limit": number(terms.least)})
    elif terms.once_cny > 0 and not crowded:
        yield Binding("charge", details | {"cny": number(terms.once_cny)})


def _is_full(links: tuple[str, ...], most: int, point: Point) -> bool:
    return sum(point.runs[link] for link in links) > most - 0.5


def _full_treatments(
    data: ExchangeData, point: Point, wording: Wording, arc: Arc
) -> Iterator[Binding]:
    for room in data.deals.rooms:
        entering = sum(part * point.sent[key] for key, part in room.entering.items())
        if arc.key in room.entering and entering >= room.capacity * (1 - FULL):
            key = ("treatment", room.key)
            details = wording.details(key) | {"limit": number(room.capacity)}
            yield Binding("treatment_full", details, key)
