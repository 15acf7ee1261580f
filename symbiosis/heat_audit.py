"""The heat cascade of a season checked against its books.

Temperatures are read from the park file again; what is taken over from the answer is only which
heat left and arrived at which temperatures.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from symbiosis.books import Books
from symbiosis.park.heat import Temperatures

Band = tuple[float, float]


@dataclass(frozen=True)
class HeatAudit:
    """The checks; ``allowed`` says by how much two sums of a size may differ."""

    books: Books
    allowed: Callable[[float], float]

    def faults(self) -> Iterator[str]:
        """Every place where heat would pass upward, or more of it than there is."""
        park, point = self.books.park, self.books.point
        for key in point.sent:
            if self.ends(key) is not None:
                yield from self.way(key)
        for name in self.books.data.supplies:
            if (stream := park.byproducts[name].heat) is not None:
                yield from self.source(name, span_of(stream, hot=True))
        for name in self.books.data.needs:
            if (stream := park.uses[name].heat) is not None:
                yield from self.use(name, span_of(stream, hot=False))

    def ends(self, key: tuple[str, str]) -> tuple[Temperatures, Temperatures] | None:
        """Both streams of a way, where both have temperatures."""
        link = self.books.park.links[key[0]]
        hot = self.books.park.byproducts[link.byproduct].heat
        cold = self.books.park.uses[key[1]].heat
        return None if hot is None or cold is None else (hot, cold)

    def left(self, key: tuple[str, str]) -> dict[Band, float]:
        """Heat that leaves over a way, by band."""
        return {k[2:]: v for k, v in self.books.point.heat_out.items() if k[:2] == key}

    def arrived(self, key: tuple[str, str]) -> dict[Band, float]:
        """Heat that is taken at the end of a way, by band."""
        return {k[2:]: v for k, v in self.books.point.heat_in.items() if k[:2] == key}

    def way(self, key: tuple[str, str]) -> Iterator[str]:
        """Sums as sent and delivered, and nothing taken above where it left."""
        left, arrived, replaced = self.left(key), self.arrived(key), self.books.replaces(key)
        sent = self.books.point.sent[key]
        yield from _least(f"heat on {key}", min([0.0, *left.values(), *arrived.values()]))
        yield from self.differ(f"heat out on {key}", sum(left.values()), sent)
        yield from self.differ(f"heat in on {key}", sum(arrived.values()), replaced * sent)
        yield from _overlaps(f"bands on {key}", {*left, *arrived})
        for band in arrived:
            above = sum(v for b, v in arrived.items() if b >= band)
            from_above = replaced * sum(v for b, v in left.items() if b >= band)
            if above > from_above + self.allowed(replaced * sent):
                yield f"heat on {key} passes upward above {band[0]:g} °C: {above:.9g}"

    def source(self, name: str, span: Band) -> Iterator[str]:
        """No more heat of a by-product than it has in each band; the rest cools by its routes."""
        point, park = self.books.point, self.books.park
        there = self.books.generated(name) + point.drawn.get(name, 0.0)
        there += point.taken.get(name, 0.0) - point.put.get(name, 0.0)
        ways = [k for k in point.sent if park.links[k[0]].byproduct == name]
        given = _sum(self.left(key) for key in ways)
        routes = park.byproducts[name].routes
        down_to = {r: t.amount if (t := w.temperature) else -inf for r, w in routes.items()}
        yield from self.within(f"heat of {name}", given, span, there)
        yield from _across(f"heat of {name}", given, {span[1], *down_to.values()})
        plain = sum(point.sent[key] for key in ways if self.ends(key) is None)
        for level in {at for at in down_to.values() if at > span[0]}:
            below = _beyond(span, below=level) * there
            below -= sum(v for band, v in given.items() if band[0] < level)
            cooled = sum(point.dumped[name, r] for r, at in down_to.items() if at < level)
            if below > cooled + plain + self.allowed(there):
                yield f"heat of {name} below {level:g} °C has no route: {below:.9g}"

    def use(self, name: str, span: Band) -> Iterator[str]:
        """No more heat for a use than it wants in each band; its utility reaches the rest."""
        point, use = self.books.point, self.books.park.uses[name]
        ways = [k for k in point.sent if k[1] == name]
        wanted = sum(self.books.replaces(k) * point.sent[k] for k in ways)
        wanted += point.bought.get(name, 0.0)
        taken = _sum(self.arrived(key) for key in ways)
        yield from self.within(f"heat for {name}", taken, span, wanted)
        reach = use.virgin.temperature if use.virgin is not None else None
        yield from _across(f"heat for {name}", taken, {span[0], reach.amount if reach else inf})
        if reach is None or reach.amount >= span[1]:
            return
        plain = [self.books.replaces(k) * point.sent[k] for k in ways if self.ends(k) is None]
        above = _beyond(span, above=reach.amount) * wanted
        above -= sum(v for band, v in taken.items() if band[1] > reach.amount)
        if above > sum(plain) + self.allowed(wanted):
            yield f"heat for {name} above {reach.amount:g} °C has no source: {above:.9g}"

    def within(
        self, what: str, amounts: dict[Band, float], span: Band, whole: float
    ) -> Iterator[str]:
        """Bands apart from each other, and none with more heat than the stream has there."""
        yield from _overlaps(what, set(amounts))
        for band, amount in amounts.items():
            most = _part(band, span) * whole
            if amount > most + self.allowed(whole):
                named = f"{what} between {band[0]:g} and {band[1]:g} °C"
                yield f"{named}: {amount:.9g} above {most:.9g}"

    def differ(self, what: str, one: float, other: float) -> Iterator[str]:
        """Two amounts that should be the same."""
        if abs(one - other) > self.allowed(other):
            yield f"{what}: {one:.9g} beside {other:.9g}"


def span_of(stream: Temperatures, hot: bool) -> Band:
    """(lower, upper) temperature of a stream, moved by its part of the approach."""
    move = stream.approach.to("K") * (-1 if hot else 1)
    ends = (stream.supply.to("degC") + move, stream.target.to("degC") + move)
    return round(min(ends), 6), round(max(ends), 6)


def _part(band: Band, span: Band) -> float:
    """The part of a stream's heat that lies in a band."""
    lower, upper = span
    if lower == upper:
        return 1.0 if band == span else 0.0
    return max(0.0, min(band[1], upper) - max(band[0], lower)) / (upper - lower)


def _beyond(span: Band, below: float = -inf, above: float = inf) -> float:
    """The part of a stream's heat below one temperature, or above another."""
    lower, upper = span
    if lower == upper:
        return 1.0 if lower < below or lower > above else 0.0
    width = min(max(below - lower, upper - above, 0.0), upper - lower)
    return width / (upper - lower)


def _sum(flows: Iterator[dict[Band, float]]) -> dict[Band, float]:
    total: dict[Band, float] = {}
    for flow in flows:
        for band, amount in flow.items():
            total[band] = total.get(band, 0.0) + amount
    return total


def _overlaps(what: str, bands: set[Band]) -> Iterator[str]:
    """Bands that are neither the same nor apart would count heat twice."""
    ordered = sorted(bands)
    for one, other in pairwise(ordered):
        if one[1] > other[0]:
            yield f"{what}: {one} overlaps {other}"


def _across(what: str, bands: Iterable[Band], edges: set[float]) -> Iterator[str]:
    """Bands across the supply temperature of a stream, or where a utility ends.

    In its band a hot stream must reach the top and a cold one the bottom, so that heat shared
    evenly passes downward all the way.
    """
    for band in bands:
        for edge in edges:
            if band[0] < edge < band[1]:
                yield f"{what}: the band {band} lies across {edge:g} °C"


def _least(what: str, amount: float) -> Iterator[str]:
    if amount < 0:
        yield f"{what} is negative: {amount}"
