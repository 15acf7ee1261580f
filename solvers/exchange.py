"""The exchange model of one slice, in Pyomo. This is the only place where it is written.

Sets: by-products b, arcs a = (link, use), uses n, supply-driven units u, outlets (b, route).

Variables, all >= 0 and per slice
    sent[a]         amount of the by-product that enters the link
    bought[n]       virgin material for a use
    dumped[b, r]    what leaves by a route: stored, landfilled, emitted, sold outside ...
    running[u]      load of a supply-driven unit, a share of full load
    drawn[b]        taken from the heap of earlier years
    put[b], taken[b]    to and from this year's heap, where a by-product can wait for a season
    old[b]          part of drawn[b] that counts as utilised (U_old)
    counted[a]      part of sent[a] that counts as utilised, where a unit passes it on
    passed[u]       load of a unit that passes waste on, as far as its product finds a taker

Constraints
    supply[b]       sent + dumped + put = generated + residues of treatments + drawn + taken
    need[n]         sum of replaced x sent + bought = need
    share, recipe, intake, link_capacity, outlet_capacity    limits from taker, link and route
    counted_*       an intermediate without a taker is taken back out of what counts
    draw, old_used  the old heap only feeds uses; what counts is put to this year's waste first
    heat_*          heat passes only downward, see :mod:`symbiosis.solvers.heat`
    least_flow, most_flow, contract, partners, treatment    terms of links, with the switches
                    runs[k]: see :mod:`symbiosis.solvers.terms`

Expressions, as Objectives: ``utilised`` (U), ``generated`` (G + U_old), ``cost`` (CNY),
``carbon`` (t CO2e).
R = utilised / generated. Source: model.md, "Dispatch" and "The comprehensive utilisation rate".
"""

import pyomo.environ as pyo

from symbiosis.exchange import Arc, ExchangeData, Need, Recipe, ShareLimit, Supply
from symbiosis.park.enterprise import ShareBasis
from symbiosis.presence import present
from symbiosis.solvers.heat import add_heat
from symbiosis.solvers.quality import add_quality, refunds, returned
from symbiosis.solvers.terms import TERM_LIMITS, add_terms, charges

LIMITS = (
    "supply",
    "need",
    "share",
    "recipe",
    "intake",
    "link_capacity",
    "outlet_capacity",
    "route_over_year",
    "heat_hot",
    "heat_cold",
    "blend",
    "carried",
    "content",
    *TERM_LIMITS,
)
"""Constraints that a park can be in conflict with: the rest are definitions."""


def build_model(data: ExchangeData) -> pyo.ConcreteModel:
    """The model of one slice. It has three objectives, none of them active alone.

    Choose one with ``model.cost.activate()`` after deactivating the others to hand the model to
    any solver that Pyomo drives; the compiled path reads all three as expressions.
    """
    model = pyo.ConcreteModel(name=f"{data.park} {data.year}")
    write_slice(model, data)
    return model


def write_slice(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    """Write the model of one slice into a model, or into a block of one."""
    _declare_variables(model, data)
    _balance(model, data)
    _limit(model, data)
    add_heat(model, data)
    add_quality(model, data, _needed)
    add_terms(model, data)
    _count(model, data)
    _measure(model, data)


def _declare_variables(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    runners = data.runners
    model.sent = pyo.Var([arc.key for arc in data.arcs], bounds=(0, None))
    model.bought = pyo.Var(
        [need.name for need in data.needs.values() if need.virgin_cny is not None],
        bounds=(0, None),
    )
    model.dumped = pyo.Var([(o.byproduct, o.route) for o in data.outlets], bounds=(0, None))
    model.running = pyo.Var(
        list(runners), bounds=lambda _, u: (runners[u].min_load, runners[u].max_load)
    )
    worked = {s.name: s.reclaim for s in data.supplies.values() if present(s.reclaim)}
    model.drawn = pyo.Var(list(worked), bounds=lambda _, b: (0, worked[b]))
    model.put = pyo.Var(sorted(data.stored), bounds=(0, None))
    model.taken = pyo.Var(sorted(data.stored), bounds=(0, None))


def _balance(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    """Every by-product goes somewhere; every need is filled."""
    # An Expression, so that a need which nothing can fill stays a row, and can be named.
    model.nothing = pyo.Expression(expr=0.0)
    outlets: dict[str, list[str]] = {}
    for outlet in data.outlets:
        outlets.setdefault(outlet.byproduct, []).append(outlet.route)
    leaving, entering, residues = incidence(data)

    def supply(m: pyo.ConcreteModel, b: str) -> pyo.Expression:
        out = sum(m.sent[arc.key] for arc in leaving.get(b, ()))
        out += sum(m.dumped[b, route] for route in outlets.get(b, ()))
        there = generated(m, data.supplies[b], residues.get(b, [])) + _drawn(m, b)
        there += returned(m, data, b)
        return out + _stored(m, b) == there

    def need(m: pyo.ConcreteModel, n: str) -> pyo.Expression:
        filled = m.nothing + sum(arc.replaced * m.sent[arc.key] for arc in entering.get(n, ()))
        return filled + _bought(m, n) == _needed(m, data.needs[n])

    model.supply = pyo.Constraint(list(data.supplies), rule=supply)
    model.need = pyo.Constraint(
        [n.name for n in data.needs.values() if _can_move(n, entering)], rule=need
    )


def incidence(
    data: ExchangeData,
) -> tuple[dict[str, list[Arc]], dict[str, list[Arc]], dict[str, list[Arc]]]:
    """Arcs by the by-product they leave, the use they enter, the by-product their residue joins."""
    leaving: dict[str, list[Arc]] = {}
    entering: dict[str, list[Arc]] = {}
    residues: dict[str, list[Arc]] = {}
    for arc in data.arcs:
        leaving.setdefault(arc.byproduct, []).append(arc)
        entering.setdefault(arc.use, []).append(arc)
        if arc.residue_to is not None:
            residues.setdefault(arc.residue_to, []).append(arc)
    return leaving, entering, residues


def _can_move(need: Need, entering: dict[str, list[Arc]]) -> bool:
    """Whether a need has any variable, or cannot be met at all; 0 = 0 is left out."""
    has_column = bool(entering.get(need.name)) or need.virgin_cny is not None
    moves = has_column or present(need.per_load) or present(need.fixed)
    return not need.free and moves


def generated(m: pyo.ConcreteModel, supply: Supply, residues: list[Arc]) -> pyo.Expression:
    """What is generated of a by-product: given, by load, left by the treatments on ``residues``."""
    amount = supply.fixed + sum(arc.residue * m.sent[arc.key] for arc in residues)
    return amount + supply.per_load * m.running[supply.unit] if present(supply.per_load) else amount


def _drawn(m: pyo.ConcreteModel, byproduct: str) -> pyo.Expression:
    if byproduct not in m.drawn:
        return 0.0
    return m.drawn[byproduct]


def _stored(m: pyo.ConcreteModel, byproduct: str) -> pyo.Expression:
    """What goes to this year's heap less what is taken from it."""
    if byproduct not in m.put:
        return 0.0
    return m.put[byproduct] - m.taken[byproduct]


def _old(m: pyo.ConcreteModel, byproduct: str) -> pyo.Expression:
    if byproduct not in m.old:
        return 0.0
    return m.old[byproduct]


def _bought(m: pyo.ConcreteModel, use: str) -> pyo.Expression:
    if use not in m.bought:
        return 0.0
    return m.bought[use]


def _needed(m: pyo.ConcreteModel, need: Need) -> pyo.Expression:
    if not present(need.per_load):
        return need.fixed
    return need.fixed + need.per_load * m.running[need.unit]


def _limit(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    """Shares, recipes and capacities, each from the taker, the link or the route."""
    _, entering, _ = incidence(data)
    shares = {
        (s.use, s.name): s for s in data.share_limits if _applies(s.materials, s.use, entering)
    }
    recipes = {
        (r.use, r.material): r for r in data.recipes if _applies((r.material,), r.use, entering)
    }
    intakes = {
        n.name: n.max_intake
        for n in data.needs.values()
        if n.max_intake is not None and n.name in entering
    }
    routes = {(o.byproduct, o.route): o.capacity for o in data.outlets if o.capacity is not None}
    of_link: dict[str, list[Arc]] = {}
    for arc in data.arcs:
        of_link.setdefault(arc.link, []).append(arc)

    def share(m: pyo.ConcreteModel, *index: str) -> pyo.Expression:
        return _share_row(m, shares[index], entering[index[0]], data)  # type: ignore[index]

    def recipe(m: pyo.ConcreteModel, *index: str) -> pyo.Expression:
        return _recipe_row(m, recipes[index], entering[index[0]])  # type: ignore[index]

    model.share = pyo.Constraint(list(shares), rule=share)
    model.recipe = pyo.Constraint(list(recipes), rule=recipe)
    model.intake = pyo.Constraint(
        list(intakes),
        rule=lambda m, n: sum(a.delivered * m.sent[a.key] for a in entering[n]) <= intakes[n],
    )
    model.link_capacity = pyo.Constraint(
        list(data.link_capacity),
        rule=lambda m, k: sum(m.sent[a.key] for a in of_link[k]) <= data.link_capacity[k],
    )
    model.outlet_capacity = pyo.Constraint(
        list(routes), rule=lambda m, *index: m.dumped[index] <= routes[index]
    )


def _applies(materials: tuple[str, ...], use: str, entering: dict[str, list[Arc]]) -> bool:
    return any(arc.material in materials for arc in entering.get(use, ()))


def _share_row(
    m: pyo.ConcreteModel, limit: ShareLimit, arcs: list[Arc], data: ExchangeData
) -> pyo.Expression:
    """Delivered <= share x (all delivered + bought), or replaced <= share x need."""
    mine = [arc for arc in arcs if arc.material in limit.materials]
    if limit.basis is ShareBasis.NEED:
        replaced = sum(arc.replaced * m.sent[arc.key] for arc in mine)
        return replaced <= limit.share * _needed(m, data.needs[limit.use])
    total = sum(arc.delivered * m.sent[arc.key] for arc in arcs) + _bought(m, limit.use)
    return sum(arc.delivered * m.sent[arc.key] for arc in mine) <= limit.share * total


def _recipe_row(m: pyo.ConcreteModel, recipe: Recipe, arcs: list[Arc]) -> pyo.Expression:
    """Delivered of the material <= ratio x delivered of its companions."""
    mine = sum(a.delivered * m.sent[a.key] for a in arcs if a.material == recipe.material)
    others = sum(a.delivered * m.sent[a.key] for a in arcs if a.material in recipe.companions)
    return mine <= recipe.ratio * others


def _count(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    """An intermediate that finds no taker is taken back out of what counts as utilised.

    ``passed`` is the load of a unit whose product went on; what entered beyond it does not count.
    Where the feed is mixed, the part that found a taker is put to the park's waste first.
    """
    counting = data.counting()
    through = [key for key, passes in counting.items() if passes]
    passing = sorted(data.passing_units())
    model.counted = pyo.Var(through, bounds=(0, None))
    model.passed = pyo.Var(passing, bounds=(0, None))
    leaving, _, _ = incidence(data)

    def fed(m: pyo.ConcreteModel, n: str) -> pyo.Expression:
        need = data.needs[n]
        feed = [arc for arc in data.arcs_into(n) if arc.key in m.counted]
        return (
            sum(a.replaced * m.counted[a.key] for a in feed) <= need.per_load * m.passed[need.unit]
        )

    def taken(m: pyo.ConcreteModel, u: str) -> pyo.Expression:
        products = data.intermediates_of(u)
        onward = sum(
            m.counted[arc.key] if counting[arc.key] else m.sent[arc.key]
            for product in products
            for arc in leaving.get(product.name, ())
            if arc.key in counting
        )
        return m.passed[u] * sum(p.per_load for p in products) <= onward

    model.counted_sent = pyo.Constraint(through, rule=lambda m, *k: m.counted[k] <= m.sent[k])
    model.counted_fed = pyo.Constraint(sorted({use for _, use in through}), rule=fed)
    model.counted_taken = pyo.Constraint(passing, rule=taken)
    model.counted_load = pyo.Constraint(passing, rule=lambda m, u: m.passed[u] <= m.running[u])
    _count_old(model, data, counting, leaving)
    model.draw = pyo.Constraint(
        list(model.drawn),
        rule=lambda m, b: m.drawn[b] <= sum(m.sent[arc.key] for arc in leaving.get(b, ())),
    )


def _count_old(
    model: pyo.ConcreteModel,
    data: ExchangeData,
    counting: dict[tuple[str, str], bool],
    leaving: dict[str, list[Arc]],
) -> None:
    """U_old: what counts beyond this year's waste that was sent."""
    worked = [b for b in model.drawn if data.supplies[b].enters_rate]
    model.old = pyo.Var(worked, bounds=(0, None))

    def old_used(m: pyo.ConcreteModel, b: str) -> pyo.Expression:
        arcs = leaving.get(b, ())
        counts = sum(
            m.counted[a.key] if counting[a.key] else m.sent[a.key]
            for a in arcs
            if a.key in counting
        )
        return m.old[b] >= counts - (sum(m.sent[a.key] for a in arcs) - m.drawn[b])

    model.old_used = pyo.Constraint(worked, rule=old_used)
    model.old_drawn = pyo.Constraint(worked, rule=lambda m, b: m.old[b] <= m.drawn[b])


def _measure(model: pyo.ConcreteModel, data: ExchangeData) -> None:
    """U, G + U_old and the cost as objectives over the same columns."""
    counting = data.counting()
    _, _, residues = incidence(data)
    wastes = [s for s in data.supplies.values() if s.enters_rate]
    model.utilised = pyo.Objective(
        expr=sum(
            model.counted[arc.key] if counting[arc.key] else model.sent[arc.key]
            for arc in data.arcs
            if arc.key in counting and data.supplies[arc.byproduct].enters_rate
        ),
        sense=pyo.maximize,
    )
    model.generated = pyo.Objective(
        expr=sum(
            generated(model, s, residues.get(s.name, [])) + _old(model, s.name) for s in wastes
        )
        + sum(returned(model, data, s.name) for s in wastes)
    )
    model.cost = pyo.Objective(expr=_cost(model, data))
    model.carbon = pyo.Objective(expr=emitted(model, data))


def emitted(m: pyo.ConcreteModel, data: ExchangeData) -> pyo.Expression:
    """Tonnes of CO2e: units, ways, disposal, purchases cradle to gate, what the uses set free."""
    bought = [need for need in data.needs.values() if need.virgin_cny is not None]
    return (
        data.units_co2e_t
        + sum(arc.co2e_t * m.sent[arc.key] for arc in data.arcs)
        + sum(o.co2e_t * m.dumped[o.byproduct, o.route] for o in data.outlets)
        + sum((n.virgin_co2e_t + n.virgin_use_co2e_t) * m.bought[n.name] for n in bought)
        + sum(runner.co2e_t * m.running[name] for name, runner in data.runners.items())
    )


def _cost(m: pyo.ConcreteModel, data: ExchangeData) -> pyo.Expression:
    """CNY: ways, disposal, taxes, surcharges, purchases, running less income, digging, carbon."""
    bought = [need for need in data.needs.values() if need.virgin_cny is not None]
    supplies = data.supplies
    return (
        sum(arc.cost_cny * m.sent[arc.key] for arc in data.arcs)
        + sum((o.fee_cny + o.tax_cny) * m.dumped[o.byproduct, o.route] for o in data.outlets)
        + sum(need.virgin_cny * m.bought[need.name] for need in bought)
        + sum((r.cost_cny + r.surcharge_cny) * m.running[u] for u, r in data.runners.items())
        + data.units_surcharge_cny
        + sum(supplies[b].reclaim_cost_cny * m.drawn[b] for b in m.drawn)
        - refunds(m, data)
        + charges(m, data)
        + (data.co2e_cny * emitted(m, data) if present(data.co2e_cny) else 0.0)
    )
