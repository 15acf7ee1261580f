"""Heat by temperature: the bands in which the heat of each stream is given or wanted.

Temperatures are shifted: a hot stream stands lower by its part of the approach, a cold one higher,
so that heat can pass wherever the giver's shifted temperature is not below the taker's. The supply
temperatures of all streams of a connected set, and those at which a utility stops being hot or
cold enough, cut the scale into bands; an isothermal stream has a band of no width. Heat given in
a band can be taken in the same band or in any that stands lower: in its band a hot stream reaches
up to the top and a cold one down to the bottom, so that two that share their heat evenly never
cross. Where streams end needs no cut.

Source: B. Linnhoff and J. R. Flower, AIChE Journal 24 (1978) 633-642 (problem table); S. A.
Papoulias and I. E. Grossmann, Computers & Chemical Engineering 7 (1983) 707-721 (transhipment).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from symbiosis.park.park import Park

Band: TypeAlias = tuple[float, float]
"""(lower, upper) shifted temperature in °C; of two bands the greater one is the hotter."""
Pair: TypeAlias = tuple[str, str]
"""(by-product, use) of a link between two streams with temperatures."""


@dataclass(frozen=True)
class Heat:
    """The heat streams of a slice.

    ``given`` and ``wanted`` hold, for each by-product and use with temperatures, the share of its
    heat that falls into each band. What is bought for a use reaches up to ``reach`` (°C, shifted),
    a route takes heat down to ``cooling``; without an entry a utility is hot or cold enough.
    """

    given: Mapping[str, Mapping[Band, float]] = field(default_factory=dict)
    wanted: Mapping[str, Mapping[Band, float]] = field(default_factory=dict)
    reach: Mapping[str, float] = field(default_factory=dict)
    cooling: Mapping[Pair, float] = field(default_factory=dict)

    def leaving(self, byproduct: str, use: str) -> list[Band]:
        """Bands of a by-product that are hot enough for some of a use, hottest first."""
        coldest = min(self.wanted[use])
        return sorted((band for band in self.given[byproduct] if band >= coldest), reverse=True)

    def arriving(self, byproduct: str, use: str) -> list[Band]:
        """Bands of a use that some of a by-product is hot enough for, hottest first."""
        hottest = max(self.given[byproduct])
        return sorted((band for band in self.wanted[use] if band <= hottest), reverse=True)

    def meets(self, byproduct: str, use: str) -> bool:
        """Whether both ends of a way have temperatures."""
        return byproduct in self.given and use in self.wanted


def heat_of(
    park: Park, byproducts: Collection[str], uses: Collection[str], pairs: Iterable[Pair]
) -> Heat:
    """The heat streams among some by-products and uses, which ``pairs`` connect."""
    hot = {b: s.as_hot() for b in byproducts if (s := park.byproducts[b].heat) is not None}
    cold = {u: s.as_cold() for u in uses if (s := park.uses[u].heat) is not None}
    reach = {u: at for u in cold if (at := _virgin_at(park, u)) is not None}
    cooling = {
        (b, name): route.temperature.amount
        for b in hot
        for name, route in park.byproducts[b].routes.items()
        if route.temperature is not None
    }
    given: dict[str, dict[Band, float]] = {}
    wanted: dict[str, dict[Band, float]] = {}
    for members in connected([*hot, *cold], pairs):
        spans = [hot[m] if m in hot else cold[m] for m in members]
        edges = [hot[m][1] if m in hot else cold[m][0] for m in members]
        edges += [reach[m] for m in members if m in reach]
        edges += [at for (b, _), at in cooling.items() if b in members]
        bands = cut(spans, edges)
        given |= {m: _shares(hot[m], bands) for m in members if m in hot}
        wanted |= {m: _shares(cold[m], bands) for m in members if m in cold}
    return Heat(given, wanted, reach, cooling)


def _virgin_at(park: Park, use: str) -> float | None:
    virgin = park.uses[use].virgin
    return None if virgin is None or virgin.temperature is None else virgin.temperature.amount


def connected(members: Iterable[str], pairs: Iterable[Pair]) -> list[list[str]]:
    """The sets of streams that links connect, in the order of their first members."""
    group = {member: [member] for member in members}
    for one, other in pairs:
        if one in group and other in group and group[one] is not group[other]:
            group[one].extend(group[other])
            for member in group[other]:
                group[member] = group[one]
    return list({id(found): found for found in group.values()}.values())


def cut(spans: Sequence[Band], edges: Iterable[float]) -> list[Band]:
    """The bands between some temperatures, over all that the streams span; hottest first."""
    ends = {min(lower for lower, _ in spans), max(upper for _, upper in spans)}
    ordered = sorted(ends | set(edges), reverse=True)
    points = {(lower, upper) for lower, upper in spans if lower == upper}
    return sorted({(low, high) for high, low in pairwise(ordered)} | points, reverse=True)


def _shares(span: Band, bands: Iterable[Band]) -> dict[Band, float]:
    """The share of a stream's heat in each of the bands that it passes through."""
    lower, upper = span
    if lower == upper:
        return {span: 1.0}
    return {
        (low, high): (min(high, upper) - max(low, lower)) / (upper - lower)
        for low, high in bands
        if min(high, upper) > max(low, lower)
    }


@dataclass(frozen=True)
class Stream:
    """A heat stream by itself: its duty and its span (lower, upper) of shifted temperatures."""

    duty: float
    span: Band
    hot: bool

    def above(self, temperature: float, including: bool) -> float:
        """The part of the duty above a temperature; ``including`` what lies exactly there."""
        lower, upper = self.span
        if lower == upper:
            return self.duty if upper > temperature or (including and upper == temperature) else 0.0
        part = (upper - max(lower, min(upper, temperature))) / (upper - lower)
        return self.duty * part


@dataclass(frozen=True)
class PinchTarget:
    """The least hot and cold utility of some streams, and the shifted pinch temperature in °C.

    There is no pinch (None) where one of the utilities is not needed at all.
    """

    hot_utility: float
    cold_utility: float
    pinch: float | None


def pinch_target(streams: Sequence[Stream]) -> PinchTarget:
    """The targets of streams that may all meet, by the problem table.

    Above every temperature the hot utility makes up for what the cold streams want beyond what
    the hot streams give there; the greatest such deficit is the target and stands at the pinch.
    Source: B. Linnhoff and J. R. Flower, AIChE Journal 24 (1978) 633-642. Duties and targets are
    in one unit of energy.
    """
    levels = sorted({edge for stream in streams for edge in stream.span}, reverse=True)
    cuts = [(level, including) for level in levels for including in (False, True)]
    deficits = [sum(_signed(s) * s.above(*at) for s in streams) for at in cuts]
    worst = max(deficits, default=0.0)
    hot_utility = max(0.0, worst)
    surplus = -sum(_signed(s) * s.duty for s in streams)
    cold_utility = max(0.0, hot_utility + surplus)
    size = sum(stream.duty for stream in streams)
    threshold = min(hot_utility, cold_utility) <= 1e-9 * size
    pinch = None if threshold else cuts[deficits.index(worst)][0]
    return PinchTarget(hot_utility, cold_utility, pinch)


def _signed(stream: Stream) -> float:
    return -1.0 if stream.hot else 1.0
