"""What the temperatures say of an optimum: pinch targets beside what was found, and reasons.

The targets are those of a set of streams that links and mains connect, as if all of them could
meet without limit or loss, at the loads of the answer; the streams of a main stand aside. Hot and
cold utility are what the streams of the set buy and leave to their routes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from symbiosis.exchange import Arc, ExchangeData
from symbiosis.heat import Band, Stream, connected, pinch_target
from symbiosis.optimum import Optimum
from symbiosis.park.heat import Temperatures
from symbiosis.park.quantity import Quantity
from symbiosis.point import Point

TIGHT = 1e-6
"""A band is used up, or filled, where less than this part of the stream's heat is left in it."""


@dataclass(frozen=True)
class HeatSet:
    """Connected streams: utilities in GJ beside their targets; the pinch of a year of one slice.

    ``fed_beside`` are uses of the set that also took heat without temperatures, ``left_beside`` its
    by-products that also gave heat to uses without: the targets are no bound for them.
    """

    members: tuple[str, ...]
    hot_utility: float
    cold_utility: float
    hot_target: float
    cold_target: float
    pinch: float | None
    fed_beside: tuple[str, ...] = ()
    left_beside: tuple[str, ...] = ()


def heat_sets(optimum: Optimum) -> list[HeatSet]:
    """Every set of heat streams that links and mains connect; targets summed over the seasons."""
    heat, mains = optimum.data.heat, _mains(optimum.data)
    pairs = [(a.byproduct, a.use) for a in optimum.data.arcs] + mains
    inside = {name for pair in mains for name in pair}
    return [
        _set(optimum, members, [name for name in members if name not in inside])
        for members in connected([*heat.given, *heat.wanted], pairs)
        if any(m in heat.given for m in members) and any(m in heat.wanted for m in members)
    ]


def _mains(data: ExchangeData) -> list[tuple[str, str]]:
    """(by-product, use) of each supply-driven unit that passes heat on."""
    return [
        (byproduct, use)
        for byproduct in data.heat.given
        for use in data.heat.wanted
        if data.supplies[byproduct].unit == data.needs[use].unit
        and data.needs[use].unit in data.runners
    ]


def _set(optimum: Optimum, members: list[str], ends: list[str]) -> HeatSet:
    """One set with all its members, of which ``ends`` are not streams of a main."""
    data, point = optimum.data, optimum.point
    bought = [
        point.bought.get(name, 0.0) * in_gj(data.needs[name].counted_in)
        for name in members
        if name in data.heat.wanted
    ]
    left = [
        amount * in_gj(data.supplies[name].counted_in)
        for (name, _), amount in point.dumped.items()
        if name in members
    ]
    targets = [pinch_target(_streams(optimum, *season, ends)) for season in optimum.seasons()]
    return HeatSet(
        tuple(members),
        sum(bought),
        sum(left),
        sum(target.hot_utility for target in targets),
        sum(target.cold_utility for target in targets),
        targets[0].pinch if len(targets) == 1 else None,
        *_beside(optimum, members),
    )


def _beside(optimum: Optimum, members: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(uses fed by heat without temperatures, by-products that gave to uses without)."""
    data, sent = optimum.data, optimum.point.sent
    apart = [a for a in data.arcs if sent[a.key] > 0 and not data.heat.meets(a.byproduct, a.use)]
    fed = (a.use for a in apart if a.use in members)
    left = (a.byproduct for a in apart if a.byproduct in members)
    return tuple(dict.fromkeys(fed)), tuple(dict.fromkeys(left))


def _streams(optimum: Optimum, data: ExchangeData, point: Point, names: list[str]) -> list[Stream]:
    """Streams with the duties that they have in one season of the answer, in GJ."""
    park = optimum.park
    given = [
        Stream(_there(data, point, name) * in_gj(data.supplies[name].counted_in), span, True)
        for name in names
        if name in data.heat.given and (span := _span(park.byproducts[name].heat, True))
    ]
    wanted = [
        Stream(_filled(data, point, name) * in_gj(data.needs[name].counted_in), span, False)
        for name in names
        if name in data.heat.wanted and (span := _span(park.uses[name].heat, False))
    ]
    return given + wanted


def _span(stream: Temperatures | None, hot: bool) -> Band | None:
    if stream is None:
        return None
    return stream.as_hot() if hot else stream.as_cold()


def _there(data: ExchangeData, point: Point, byproduct: str) -> float:
    """What there is of a by-product: sent and left to its routes."""
    sent = sum(point.sent[arc.key] for arc in data.arcs_from(byproduct))
    return sent + sum(v for (name, _), v in point.dumped.items() if name == byproduct)


def _filled(data: ExchangeData, point: Point, use: str) -> float:
    """What a use gets: over links and bought."""
    got = sum(arc.replaced * point.sent[arc.key] for arc in data.arcs_into(use))
    return got + point.bought.get(use, 0.0)


def in_gj(unit: str) -> float:
    """GJ in one unit of energy."""
    return Quantity(value=f"1 {unit}").to("GJ")


def rest_too_cold(data: ExchangeData, point: Point, arc: Arc) -> tuple[float, float] | None:
    """(hottest that is left of a by-product, coldest that its taker lacks), where they cannot meet.

    Shifted temperatures in °C; nothing where heat could still pass, or an end has no temperatures.
    """
    if not data.heat.meets(arc.byproduct, arc.use):
        return None
    left, lacking = _left(data, point, arc.byproduct), _lacking(data, point, arc.use)
    if not left or not lacking or max(left) >= min(lacking):
        return None
    return max(left)[1], min(lacking)[0]


def _left(data: ExchangeData, point: Point, byproduct: str) -> list[Band]:
    """Bands in which some of a by-product is left to its routes."""
    ways = {arc.key for arc in data.arcs_from(byproduct)}
    there = _there(data, point, byproduct)
    return [
        band
        for band, share in data.heat.given[byproduct].items()
        if share * there - sum(point.heat_out.get((*key, *band), 0.0) for key in ways)
        > TIGHT * there
    ]


def _lacking(data: ExchangeData, point: Point, use: str) -> list[Band]:
    """Bands in which a use is not filled over links between streams with temperatures."""
    ways = {arc.key for arc in data.arcs_into(use)}
    wanted = _filled(data, point, use)
    return [
        band
        for band, share in data.heat.wanted[use].items()
        if share * wanted - sum(point.heat_in.get((*key, *band), 0.0) for key in ways)
        > TIGHT * wanted
    ]


def heat_indicators(optimum: Optimum) -> Iterator[tuple[str, float, str]]:
    """(id, value, unit) of every set of heat streams; numbered where there are several."""
    sets = heat_sets(optimum)
    for number, found in enumerate(sets, start=1):
        mark = f".{number}" if len(sets) > 1 else ""
        yield f"heat_hot_utility{mark}", found.hot_utility, "GJ"
        yield f"heat_hot_utility_target{mark}", found.hot_target, "GJ"
        yield f"heat_cold_utility{mark}", found.cold_utility, "GJ"
        yield f"heat_cold_utility_target{mark}", found.cold_target, "GJ"
        if found.pinch is not None:
            yield f"heat_pinch_temperature{mark}", found.pinch, "degC"
