"""The heat cascade of one slice, in Pyomo: heat leaves, arrives and passes only downward.

Bands are (lower, upper) shifted temperatures, see :mod:`symbiosis.heat`. For every arc a between
a by-product b and a use n that both have temperatures:

Variables, all >= 0 and per slice
    heat_out[a, i]      part of sent[a] that leaves b in its band i
    heat_in[a, j]       part of what arrives that n takes in its band j

Constraints
    heat_sent[a]        sum over i of heat_out = sent
    heat_filled[a]      sum over j of heat_in = replaced x sent
    heat_cascade[a, k]  what arrives in band k and above it left there: heat passes only downward
    heat_source[b, i]   what leaves b in a band is at most what b has there
    heat_use[n, j]      what n takes in a band is at most what it wants there; the rest is bought
    heat_hot[n]         above the temperature of its utility n takes heat from links alone
    heat_cold[b, T]     heat of b below T leaves by routes that are colder than T, or over links

What b has is share x (sent + dumped), what n wants is share x (replaced x sent + bought): the
balances of the exchange model. A stream without temperatures gives and takes heat of any.
"""

from collections.abc import Iterable
from math import inf
from typing import Any, TypeAlias

import pyomo.environ as pyo

from symbiosis.exchange import Arc, ExchangeData
from symbiosis.heat import Band

Ways: TypeAlias = dict[tuple[str, str], Arc]
"""The arcs between streams that both have temperatures, by key."""


def add_heat(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    """Variables and rows of the heat cascade; none where no stream has temperatures."""
    ways: Ways = {a.key: a for a in data.arcs if data.heat.meets(a.byproduct, a.use)}
    out = {key: data.heat.leaving(a.byproduct, a.use) for key, a in ways.items()}
    into = {key: data.heat.arriving(a.byproduct, a.use) for key, a in ways.items()}
    model.heat_out = pyo.Var(
        [(*k, *i) for k, bands in out.items() for i in bands], bounds=(0, None)
    )
    model.heat_in = pyo.Var(
        [(*k, *j) for k, bands in into.items() for j in bands], bounds=(0, None)
    )
    _pass_down(model, ways, out, into)
    _sources(model, data, ways, out)
    _uses(model, data, ways, into)


def _pass_down(
    model: pyo.ConcreteModel,
    ways: Ways,
    out: dict[tuple[str, str], list[Band]],
    into: dict[tuple[str, str], list[Band]],
) -> None:
    """On each way: sums as sent and delivered, and heat arrives only below where it left."""
    cuts = [(*k, *j) for k, bands in into.items() for j in bands if out[k][-1] < j]

    def sent(m: pyo.ConcreteModel, *k: str) -> Any:
        return sum(m.heat_out[(*k, *i)] for i in out[k]) == m.sent[k]  # type: ignore[index]

    def filled(m: pyo.ConcreteModel, *k: str) -> Any:
        arrived = sum(m.heat_in[(*k, *j)] for j in into[k])  # type: ignore[index]
        return arrived == ways[k].replaced * m.sent[k]  # type: ignore[index]

    def cascade(m: pyo.ConcreteModel, *index: Any) -> Any:
        key, cut = index[:2], index[2:]
        left = sum(m.heat_out[(*key, *i)] for i in out[key] if i >= cut)
        arrived = sum(m.heat_in[(*key, *j)] for j in into[key] if j >= cut)
        return arrived <= ways[key].replaced * left

    model.heat_sent = pyo.Constraint(list(ways), rule=sent)
    model.heat_filled = pyo.Constraint(list(ways), rule=filled)
    model.heat_cascade = pyo.Constraint(cuts, rule=cascade)


def _sources(
    model: pyo.ConcreteModel,
    data: ExchangeData,
    ways: Ways,
    out: dict[tuple[str, str], list[Band]],
) -> None:
    """What a by-product has in each band, and where the rest of it can cool down."""
    heat = data.heat
    leaving = {b: [a for a in data.arcs if a.byproduct == b] for b in heat.given}
    routes = {b: [o.route for o in data.outlets if o.byproduct == b] for b in heat.given}
    levels = {(b, at) for (b, _), at in heat.cooling.items() if at > min(heat.given[b])[0]}
    left = _by_band((ways[k].byproduct, k, bands) for k, bands in out.items())

    def there(m: pyo.ConcreteModel, b: str) -> Any:
        sent = sum(m.sent[a.key] for a in leaving[b])
        return sent + sum(m.dumped[b, route] for route in routes[b])

    def source(m: pyo.ConcreteModel, b: str, low: float, high: float) -> Any:
        gone = sum(m.heat_out[way] for way in left[b, low, high])
        return gone <= heat.given[b][low, high] * there(m, b)

    def cold(m: pyo.ConcreteModel, b: str, level: float) -> Any:
        below = [band for band in heat.given[b] if band[0] < level]
        share = sum(heat.given[b][band] for band in below)
        gone = sum(m.heat_out[way] for band in below for way in left.get((b, *band), ()))
        colder = [r for r in routes[b] if heat.cooling.get((b, r), -inf) < level]
        plain = sum(m.sent[a.key] for a in leaving[b] if a.key not in ways)
        return share * there(m, b) - gone <= plain + sum(m.dumped[b, r] for r in colder)

    model.heat_source = pyo.Constraint(sorted(left), rule=source)
    model.heat_cold = pyo.Constraint(sorted(levels), rule=cold)


def _uses(
    model: pyo.ConcreteModel,
    data: ExchangeData,
    ways: Ways,
    into: dict[tuple[str, str], list[Band]],
) -> None:
    """What a use wants in each band, and what its utility is not hot enough for."""
    heat = data.heat
    entering = {n: [a for a in data.arcs if a.use == n] for n in heat.wanted}
    buying = {n.name for n in data.needs.values() if n.virgin_cny is not None}
    beyond = [n for n, at in heat.reach.items() if at < max(heat.wanted[n])[1]]
    taken = _by_band((k[1], k, bands) for k, bands in into.items())

    def filled(m: pyo.ConcreteModel, n: str) -> Any:
        got = sum(a.replaced * m.sent[a.key] for a in entering[n])
        return got + (m.bought[n] if n in buying else 0.0)

    def use(m: pyo.ConcreteModel, n: str, low: float, high: float) -> Any:
        got = sum(m.heat_in[way] for way in taken[n, low, high])
        return got <= heat.wanted[n][low, high] * filled(m, n)

    def hot(m: pyo.ConcreteModel, n: str) -> Any:
        above = [band for band in heat.wanted[n] if band[1] > heat.reach[n]]
        share = sum(heat.wanted[n][band] for band in above)
        got = sum(m.heat_in[way] for band in above for way in taken.get((n, *band), ()))
        plain = sum(a.replaced * m.sent[a.key] for a in entering[n] if a.key not in ways)
        return share * filled(m, n) - got <= plain

    model.heat_use = pyo.Constraint(sorted(taken), rule=use)
    model.heat_hot = pyo.Constraint(beyond, rule=hot)


def _by_band(
    ends: Iterable[tuple[str, tuple[str, str], list[Band]]],
) -> dict[tuple[str, float, float], list[tuple[str, str, float, float]]]:
    """Columns of the cascade by the band of the by-product or use that they belong to."""
    found: dict[tuple[str, float, float], list[tuple[str, str, float, float]]] = {}
    for name, key, bands in ends:
        for band in bands:
            found.setdefault((name, *band), []).append((*key, *band))
    return found
