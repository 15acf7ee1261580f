"""Two optima: rate, cost, carbon and their items, indicators, and flows by link. All exact."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from symbiosis.comparing.row import SHARE, LeftOut, Pair, Row
from symbiosis.words import LANGUAGES, say


def rows_of_optima(pair: Pair) -> Iterator[Row]:
    """Headline, items, indicators, flows."""
    base, other = pair.documents
    yield pair.exact("indicator", "utilisation_rate", SHARE, _both(pair, "utilisation_rate"))
    yield pair.exact("indicator", "cost", "CNY", _both(pair, "cost_cny"))
    if base["co2e_t"] is not None or other["co2e_t"] is not None:
        yield pair.exact("indicator", "co2e", "t", _both(pair, "co2e_t"))
    yield from _items(pair, "cost_item", "cost_items_cny", "CNY", "cost")
    yield from _items(pair, "co2e_item", "co2e_items_t", "t", "carbon")
    yield from _indicators(pair)
    yield from _flows(pair)


def left_out_of_optima(pair: Pair) -> Iterator[LeftOut]:
    """Indicators that one of them alone has."""
    yield from pair.left_out("indicator", *pair.by_id("indicators"))


def _both(pair: Pair, key: str) -> tuple[float | None, float | None]:
    base, other = pair.documents
    return base[key], other[key]


def _items(pair: Pair, subject: str, key: str, unit: str, words: str) -> Iterator[Row]:
    """Items of a sum; what one of them does not have is nothing there."""
    base, other = (document[key] or {} for document in pair.documents)
    for item in dict.fromkeys((*base, *other)):
        names = {lang: say(f"terminal.{words}_{item}", lang) for lang in LANGUAGES}
        values = float(base.get(item, 0.0)), float(other.get(item, 0.0))
        yield pair.exact(subject, item, unit, values, names=names)


def _indicators(pair: Pair) -> Iterator[Row]:
    base, other = pair.by_id("indicators")
    for name, row in base.items():
        if name in other and name not in ("utilisation_rate", "cost", "co2e"):
            yield pair.exact("indicator", name, row["unit"], (row["value"], other[name]["value"]))


def _flows(pair: Pair) -> Iterator[Row]:
    """What each link carries in the year, into all uses and in all periods together."""
    base, other = (_by_link(document) for document in pair.documents)
    parks = [pair.park, pair.other.inputs().park]
    for link, unit in dict.fromkeys((*base, *other)):
        noun = next(park.links[link] for park in parks if link in park.links)
        names = {lang: str(getattr(noun, f"name_{lang}") or link) for lang in LANGUAGES}
        values = base.get((link, unit), 0.0), other.get((link, unit), 0.0)
        yield pair.exact("flow", link, unit, values, names=names)


def _by_link(document: Mapping[str, Any]) -> Mapping[tuple[str, str], float]:
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in document["flows"]:
        if row["amount"] is not None:
            sums[row["link"], row["unit"]] += row["amount"]
    return dict(sums)
