"""Quality in the exchange model: blends, loads, returns and content rules of one slice, in Pyomo.

Variables beside those of :mod:`symbiosis.solvers.exchange`
    earned[n, i]    binary: the share that earns the refund of rule i of use n is reached
    refunded[n, i]  >= 0: the part of the need that the refund is paid for

Constraints
    blend[n, q, upper]  sum (level - bound) x delivered + (level - bound) x bought <= 0; lower: >= 0
    carried[n, q]       sum (outlet - level) x delivered + (outlet - level) x bought >= load
    content[n, i]       delivered of the materials >= share x everything, where it is required
    content_reached     the same where a refund is earned: it gives way by ``most`` otherwise
    refunded_need       refunded <= need;  refunded_earned: refunded <= greatest need x earned

Every level is a number, so that all rows are linear. Source: model.md, "Quality".
"""

from collections.abc import Callable

import pyomo.environ as pyo

from symbiosis.blending import Blend, Content, Duty
from symbiosis.exchange import Arc, ExchangeData, Need
from symbiosis.park.enterprise import ShareBasis
from symbiosis.presence import differ, present

Needed = Callable[[pyo.ConcreteModel, Need], pyo.Expression]


def add_quality(model: pyo.ConcreteModel, data: ExchangeData, needed: Needed) -> None:
    """Variables and rows; ``needed`` is the need of a use as an expression."""
    into: dict[str, list[Arc]] = {}
    for arc in data.arcs:
        into.setdefault(arc.use, []).append(arc)
    _blends(model, data, into)
    _loads(model, data, into)
    _contents(model, data, into, needed)


def returned(m: pyo.ConcreteModel, data: ExchangeData, byproduct: str) -> pyo.Expression:
    """What a by-product gets from what a use of its unit took in; 0 where it returns from none."""
    back = data.quality.returns.get(byproduct)
    if back is None:
        return 0.0
    return back.share * _taken_in(m, data.arcs_into(back.use), back.use)


def refunds(m: pyo.ConcreteModel, data: ExchangeData) -> pyo.Expression:
    """Tax refunds in CNY."""
    return sum(
        c.refund_cny * m.refunded[c.key] for c in data.quality.contents if present(c.refund_cny)
    )


def _taken_in(m: pyo.ConcreteModel, arcs: list[Arc], use: str) -> pyo.Expression:
    delivered = sum(arc.delivered * m.sent[arc.key] for arc in arcs)
    return delivered + m.bought[use] if use in m.bought else delivered


def _blends(m: pyo.ConcreteModel, data: ExchangeData, into: dict[str, list[Arc]]) -> None:
    blends = {b.key: b for b in data.quality.blends if _moves(m, b, into.get(b.use, []))}

    def blend(m: pyo.ConcreteModel, *key: str) -> pyo.Expression:
        found = blends[key]  # type: ignore[index]
        excess = _above(m, found, into.get(found.use, []))
        return excess <= 0 if found.side == "upper" else excess >= 0

    m.blend = pyo.Constraint(list(blends), rule=blend)


def _moves(m: pyo.ConcreteModel, blend: Blend, arcs: list[Arc]) -> bool:
    """Whether any column has a say: a material exactly at the bound has none."""
    off = any(differ(blend.levels[a.key], blend.bound) and present(a.delivered) for a in arcs)
    return off or (blend.use in m.bought and differ(blend.virgin, blend.bound))


def _above(m: pyo.ConcreteModel, blend: Blend, arcs: list[Arc]) -> pyo.Expression:
    """By how much of the index the blend is above the bound."""
    excess = sum((blend.levels[a.key] - blend.bound) * a.delivered * m.sent[a.key] for a in arcs)
    if blend.use in m.bought:
        excess += (blend.virgin - blend.bound) * m.bought[blend.use]
    return excess


def _loads(m: pyo.ConcreteModel, data: ExchangeData, into: dict[str, list[Arc]]) -> None:
    duties = {d.key: d for d in data.quality.duties if present(d.fixed) or present(d.per_load)}

    def load(m: pyo.ConcreteModel, *key: str) -> pyo.Expression:
        duty = duties[key]  # type: ignore[index]
        running = m.running[data.needs[duty.use].unit] if present(duty.per_load) else 0.0
        carried = _carried(m, duty, into.get(duty.use, []))
        return carried - duty.per_load * running >= duty.fixed

    m.carried = pyo.Constraint(list(duties), rule=load)


def _carried(m: pyo.ConcreteModel, duty: Duty, arcs: list[Arc]) -> pyo.Expression:
    """What the flow takes up on its way from its own level to that of the outlet."""
    carried = sum((duty.outlet - duty.levels[a.key]) * a.delivered * m.sent[a.key] for a in arcs)
    if duty.use in m.bought:
        carried += (duty.outlet - duty.virgin) * m.bought[duty.use]
    return carried


def _contents(
    m: pyo.ConcreteModel, data: ExchangeData, into: dict[str, list[Arc]], needed: Needed
) -> None:
    rules = {c.key: c for c in data.quality.contents}
    required = [key for key, rule in rules.items() if rule.required]
    chosen = [key for key, rule in rules.items() if not rule.required]
    paid = [key for key, rule in rules.items() if present(rule.refund_cny)]
    m.earned = pyo.Var(chosen, domain=pyo.Binary)
    m.refunded = pyo.Var(paid, bounds=(0, None))

    def over(m: pyo.ConcreteModel, rule: Content) -> pyo.Expression:
        return _over_share(m, rule, into.get(rule.use, []), needed(m, data.needs[rule.use]))

    def reached(m: pyo.ConcreteModel, *key: str) -> pyo.Expression:
        rule = rules[key]  # type: ignore[index]
        return over(m, rule) >= -rule.share * rule.most_in * (1 - m.earned[key])

    m.content = pyo.Constraint(required, rule=lambda m, *key: over(m, rules[key]) >= 0)
    m.content_reached = pyo.Constraint(chosen, rule=reached)
    m.refunded_need = pyo.Constraint(
        paid, rule=lambda m, *key: m.refunded[key] <= needed(m, data.needs[rules[key].use])
    )
    m.refunded_earned = pyo.Constraint(
        [key for key in paid if key in m.earned],
        rule=lambda m, *key: m.refunded[key] <= rules[key].most_needed * m.earned[key],
    )


def _over_share(
    m: pyo.ConcreteModel, rule: Content, arcs: list[Arc], need: pyo.Expression
) -> pyo.Expression:
    """What the materials bring beyond their least share."""
    mine = [arc for arc in arcs if arc.material in rule.materials]
    if rule.basis is ShareBasis.NEED:
        return sum(arc.replaced * m.sent[arc.key] for arc in mine) - rule.share * need
    whole = _taken_in(m, arcs, rule.use)
    return sum(arc.delivered * m.sent[arc.key] for arc in mine) - rule.share * whole
