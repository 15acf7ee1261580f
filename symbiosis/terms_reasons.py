"""What the terms of links and the rooms of treatments hold back."""

from collections.abc import Iterator

from symbiosis.binding import Binding
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.point import Point
from symbiosis.wording import Wording, number

FULL = 1e-6
"""A treatment is full where less than this part of its capacity is left."""


def term_reasons(data: ExchangeData, point: Point, wording: Wording, arc: Arc) -> Iterator[Binding]:
    """What stops more over one open way: a full treatment, a contract, a link that is off."""
    yield from _full_treatments(data, point, wording, arc)
    yield from _contracts(data, point, wording, arc)
    if point.runs.get(arc.link, 1.0) > 0.5:
        return
    mine = [limit for limit in data.deals.partners if arc.link in limit.links]
    crowded = [limit for limit in mine if _is_full(limit.links, limit.most, point)]
    for limit in crowded:
        key = ("partners", limit.key)
        yield Binding("partners_full", wording.details(key) | {"most": limit.most}, key)
    terms, details = data.deals.terms[arc.link], wording.details(("least_flow", arc.link))
    if terms.least > 0:
        shown = details | {"limit": number(terms.least)}
        yield Binding("below_least", shown, ("least_flow", arc.link))
    elif terms.once_cny > 0 and not crowded:
        shown = details | {"cny": number(terms.once_cny)}
        yield Binding("charge", shown, ("most_flow", arc.link))


def _contracts(data: ExchangeData, point: Point, wording: Wording, arc: Arc) -> Iterator[Binding]:
    """Contracts of other links that fill the use, where nothing else does."""
    if point.bought.get(arc.use, 0.0) > 0 or data.needs[arc.use].free:
        return
    for link in dict.fromkeys(other.link for other in data.arcs_into(arc.use)):
        terms = data.deals.terms.get(link)
        if link == arc.link or terms is None or terms.contract <= 0:
            continue
        sent = sum(amount for key, amount in point.sent.items() if key[0] == link)
        if sent <= terms.contract * (1 + FULL):
            key = ("contract", link)
            shown = {"limit": number(terms.contract), "use": wording.use(arc.use)}
            yield Binding("contract_elsewhere", wording.details(key) | shown, key)


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
