"""The plain Pyomo model of a year: every slice as a block, and the rows that tie them.

Nothing here is faster than it needs to be: this model is for reading, for a constraint of one's
own, and for any solver that Pyomo drives. :mod:`symbiosis.solvers.year` puts the same rows and
columns together from arrays; a test holds the two equal, entry by entry.
"""

import pyomo.environ as pyo

from symbiosis.exchange import ExchangeData
from symbiosis.seasons import Year
from symbiosis.solvers.exchange import build_model, write_slice
from symbiosis.solvers.template import Build

MEASURES = ("utilised", "generated", "cost", "carbon")


def build_year(year: Year, build: Build = build_model) -> pyo.ConcreteModel:
    """The model of a year; a single slice is returned as it is.

    Blocks ``season[s]`` hold the slices. Over them: ``level[s, b]``, ``tie``, ``legacy``,
    ``route_over_year``, ``runs_in_year``, ``runs_once`` (see :mod:`symbiosis.solvers.year`) and the
    four objectives, none of them active alone.
    """
    if year.single:
        return build(year.data)
    model = pyo.ConcreteModel(name=f"{year.data.park} {year.data.year}")
    parts = dict(zip(year.names, year.slices, strict=True))
    model.season = pyo.Block(list(year.names), rule=lambda block, s: _slice(block, parts[s], build))
    _heaps(model, year)
    _charges(model, year)
    for name in MEASURES:
        _measure(model, year, name)
    return model


def _slice(block: pyo.Block, data: ExchangeData, build: Build) -> None:
    if build is build_model:
        write_slice(block, data)
    else:
        block.transfer_attributes_from(build(data))
    for name in MEASURES:
        getattr(block, name).deactivate()


def _heaps(model: pyo.ConcreteModel, year: Year) -> None:
    names, stores = year.names, year.stores
    lies = [(s, b) for b in stores for s in names]

    def room(_: pyo.ConcreteModel, s: str, b: str) -> tuple[float, float]:
        last = year.closes and s == names[-1]
        return 0.0, stores[b].most_left if last else stores[b].capacity

    model.level = pyo.Var(lies, bounds=room)

    def tie(m: pyo.ConcreteModel, s: str, b: str) -> pyo.Expression:
        i = names.index(s)
        before = m.level[names[i - 1], b] if i > 0 else year.opening.get(b, 0.0)
        return m.level[s, b] == before + m.season[s].put[b] - m.season[s].taken[b]

    model.tie = pyo.Constraint(lies, rule=tie)
    _routes(model, year)
    worked = [b for b in year.legacy if any(b in model.season[s].drawn for s in names)]
    model.legacy = pyo.Constraint(
        [("year", b) for b in worked],
        rule=lambda m, _, b: (
            sum(m.season[s].drawn[b] for s in names if b in m.season[s].drawn) <= year.legacy[b]
        ),
    )


def _routes(model: pyo.ConcreteModel, year: Year) -> None:
    """What a route takes over the year and what it stores at the end of it, within its capacity."""
    stores = year.stores.values() if year.closes else ()
    routes = [store.left for store in stores if store.left is not None]
    limits = {route.key: route.capacity for route in routes if route.capacity is not None}

    def within(m: pyo.ConcreteModel, _: str, b: str, route: str) -> pyo.Expression:
        taken = sum(m.season[s].dumped[b, route] for s in year.names)
        return taken + m.level[year.names[-1], b] <= limits[b, route]

    model.route_over_year = pyo.Constraint([("year", *key) for key in limits], rule=within)


def _charges(model: pyo.ConcreteModel, year: Year) -> None:
    model.runs_in_year = pyo.Var(list(year.charges), bounds=(0, 1))
    model.runs_once = pyo.Constraint(
        [(s, k) for k in year.charges for s in year.names],
        rule=lambda m, s, k: m.season[s].runs[k] <= m.runs_in_year[k],
    )


def _measure(model: pyo.ConcreteModel, year: Year, name: str) -> None:
    whole = sum(getattr(model.season[s], name).expr for s in year.names)
    if name == "cost":
        whole += sum(cny * model.runs_in_year[k] for k, cny in year.charges.items())
        whole += _lying(model, year)
    if name == "carbon":
        stores = year.stores if year.closes else {}
        left = {b: store.left_co2e_t for b, store in stores.items() if store.left_co2e_t}
        whole += sum(co2e_t * model.level[year.names[-1], b] for b, co2e_t in left.items())
    sense = pyo.maximize if name == "utilised" else pyo.minimize
    setattr(model, name, pyo.Objective(expr=whole, sense=sense))


def _lying(model: pyo.ConcreteModel, year: Year) -> pyo.Expression:
    """Holding by hours, and what the route asks for what lies there at the end of the year."""
    hours = year.data.hours
    held = sum(
        store.holding_cny * h / hours * model.level[s, b]
        for b, store in year.stores.items()
        for s, h in zip(year.names, year.hours, strict=True)
    )
    last, price = year.names[-1], year.data.co2e_cny
    stores = year.stores if year.closes else {}
    paid = {b: store.left_cny(price) for b, store in stores.items()}
    return held + sum(cny * model.level[last, b] for b, cny in paid.items())
