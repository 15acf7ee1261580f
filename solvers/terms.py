"""Links as they are and rooms of treatments: switches, least flows, contracts, partners.

Variables, binary, one per link and slice, only where the park file asks for it
    runs[k]             1 where the link runs, 0 where it is idle

Constraints
    least_flow[k]       sent >= least x runs
    most_flow[k]        sent <= M x runs
    contract[k]         sent >= contract
    partners[kind, n]   sum of runs over the links of a use or by-product <= most
    treatment[e, t]     what enters a treatment at one enterprise <= its capacity

M is a hundredth above the most that the link can send in the slice, which is the least of its
capacity, of what its by-product can have, and of what its uses can take
(:class:`symbiosis.reach.Reach`). Where none of them is limited the park file must state a capacity.
The hundredth keeps M from binding where the link runs: it would take the marginals of the limits
that it is derived from.
"""

from collections.abc import Mapping
from math import isinf

import pyomo.environ as pyo

from symbiosis.errors import InputError, Problem
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.presence import present

TERM_LIMITS = ("least_flow", "contract", "partners", "treatment")
"""The constraints here that a park can be in conflict with."""
SPARE = 1.01
"""M over the most that a link can send."""


def add_terms(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    """Switches and limits; nothing at all for a slice without terms and rooms."""
    deals = data.deals
    of_link: dict[str, list[Arc]] = {}
    for arc in data.arcs:
        of_link.setdefault(arc.link, []).append(arc)
    rooms = {room.key: room for room in deals.rooms}
    model.runs = pyo.Var(deals.switched, domain=pyo.Binary)
    _switch(model, data, of_link)
    model.contract = pyo.Constraint(
        [link for link, terms in deals.terms.items() if present(terms.contract)],
        rule=lambda m, k: _sent(m, of_link[k]) >= deals.terms[k].contract,
    )
    partners = {limit.key: limit for limit in deals.partners}
    model.partners = pyo.Constraint(
        list(partners),
        rule=lambda m, *key: sum(m.runs[k] for k in partners[key].links) <= partners[key].most,
    )
    model.treatment = pyo.Constraint(
        list(rooms),
        rule=lambda m, *key: (
            sum(part * m.sent[arc] for arc, part in rooms[key].entering.items())
            <= rooms[key].capacity
        ),
    )


def _switch(model: pyo.ConcreteModel, data: ExchangeData, of_link: Mapping[str, list[Arc]]) -> None:
    terms = data.deals.terms
    switched = data.deals.switched
    most = {link: SPARE * most_sent(data, link) for link in switched}
    model.least_flow = pyo.Constraint(
        [link for link in switched if present(terms[link].least)],
        rule=lambda m, k: _sent(m, of_link[k]) >= terms[k].least * m.runs[k],
    )
    model.most_flow = pyo.Constraint(
        switched, rule=lambda m, k: _sent(m, of_link[k]) <= most[k] * m.runs[k]
    )


def most_sent(data: ExchangeData, link: str) -> float:
    """The most that a link can send. Raises :class:`InputError` where nothing limits it."""
    most = data.deals.terms[link].most
    if isinstance(most, float) and isinf(most):
        problem = Problem("link_without_limit", key=f"links.{link}", details={"found": link})
        raise InputError([problem])
    return most


def _sent(m: pyo.ConcreteModel, arcs: list[Arc]) -> pyo.Expression:
    return sum(m.sent[arc.key] for arc in arcs)


def charges(m: pyo.ConcreteModel, data: ExchangeData) -> pyo.Expression:
    """CNY that are paid whole by the links that run."""
    return sum(cny * m.runs[link] for link, cny in data.deals.yearly_cny().items())
