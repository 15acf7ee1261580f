"""The synthetic problem as a plain Pyomo model, as its textbook shows how to write one."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from peers.synthetic import Synthetic

DATA = (
    "generated", "need", "ratio", "link_cost", "dump_cost", "virgin_price", "holding",
    "store_capacity", "share", "capacity", "least", "most",
)  # fmt: skip
"""The parameters that a variation may move."""


def build(problem: Synthetic, mutable: bool = False) -> pyo.ConcreteModel:
    """The model. With ``mutable`` parameters, :func:`update` changes it in place.

    Without, the rules read plain numbers, which is the faster habit where nothing changes.
    """
    m = pyo.ConcreteModel()
    _sets(m, problem)
    data = _mutable(m, problem) if mutable else _plain(problem)
    data.hours_share = problem.hours_share.tolist()
    _variables(m, data)
    _balances(m, problem, data)
    _limits(m, problem, data)
    m.cost = pyo.Objective(expr=_cost(m, data))
    return m


def update(m: pyo.ConcreteModel, before: Synthetic, after: Synthetic) -> None:
    """Set the parameters that differ; no others are touched."""
    for name in DATA:
        parameter = m.component(name)
        for key, value in changed(before, after, name):
            parameter[key] = value


def changed(before: Synthetic, after: Synthetic, name: str) -> Iterator[tuple[Any, float]]:
    """Index and new value of the entries of one parameter that differ."""
    old, new = getattr(before, name), getattr(after, name)
    keys, values = _keys(after, name), new.ravel()
    for place in np.flatnonzero((old != new).ravel()).tolist():
        yield keys[place], float(values[place])


def _sets(m: pyo.ConcreteModel, problem: Synthetic) -> None:
    m.S = pyo.RangeSet(0, problem.slices - 1)
    m.B = pyo.RangeSet(0, problem.byproducts - 1)
    m.N = pyo.RangeSet(0, problem.uses - 1)
    m.L = pyo.RangeSet(0, problem.links - 1)
    for name in ("stored", "shared", "limited", "switched"):
        setattr(m, name, pyo.Set(initialize=getattr(problem, name).tolist()))


_INDEX = {
    "generated": "SB", "need": "SN", "ratio": "L", "link_cost": "L", "dump_cost": "B",
    "virgin_price": "N", "holding": "K", "store_capacity": "K", "share": "J", "capacity": "I",
    "least": "M", "most": "SM",
}  # fmt: skip
_SETS = {"K": "stored", "J": "shared", "I": "limited", "M": "switched"}


def _plain(problem: Synthetic) -> SimpleNamespace:
    return SimpleNamespace(**{name: _values(problem, name) for name in DATA})


def _mutable(m: pyo.ConcreteModel, problem: Synthetic) -> SimpleNamespace:
    for name in DATA:
        index = [m.component(_SETS.get(letter, letter)) for letter in _INDEX[name]]
        values = _values(problem, name)
        setattr(m, name, pyo.Param(*index, initialize=values, mutable=True))
    return SimpleNamespace(**{name: m.component(name) for name in DATA})


def _values(problem: Synthetic, name: str) -> dict[Any, float]:
    values = getattr(problem, name).ravel().tolist()
    return dict(zip(_keys(problem, name), values, strict=True))


def _keys(problem: Synthetic, name: str) -> list[Any]:
    letter = _INDEX[name][-1]
    sizes = {"B": problem.byproducts, "N": problem.uses, "L": problem.links}
    last = range(sizes[letter]) if letter in sizes else getattr(problem, _SETS[letter]).tolist()
    return [(s, i) for s in range(problem.slices) for i in last] if "S" in _INDEX[name] else [*last]


def _variables(m: pyo.ConcreteModel, data: SimpleNamespace) -> None:
    m.sent = pyo.Var(m.S, m.L, domain=pyo.NonNegativeReals)
    m.dumped = pyo.Var(m.S, m.B, domain=pyo.NonNegativeReals)
    m.bought = pyo.Var(m.S, m.N, domain=pyo.NonNegativeReals)
    m.put = pyo.Var(m.S, m.stored, domain=pyo.NonNegativeReals)
    m.taken = pyo.Var(m.S, m.stored, domain=pyo.NonNegativeReals)
    m.level = pyo.Var(m.S, m.stored, bounds=lambda _, __, b: (0, data.store_capacity[b]))
    m.runs = pyo.Var(m.S, m.switched, domain=pyo.Binary)


def _balances(m: pyo.ConcreteModel, problem: Synthetic, data: SimpleNamespace) -> None:
    leaving = groups(problem.link_from, problem.byproducts)
    entering = groups(problem.link_to, problem.uses)
    stored = set(problem.stored.tolist())
    sent, put, taken, level = m.sent, m.put, m.taken, m.level
    ratio, need, share = data.ratio, data.need, data.share

    def supply(m: pyo.ConcreteModel, s: int, b: int) -> Any:
        out = pyo.quicksum(sent[s, link] for link in leaving[b]) + m.dumped[s, b]
        if b in stored:
            out += put[s, b] - taken[s, b]
        return out == data.generated[s, b]

    def tie(_: pyo.ConcreteModel, s: int, b: int) -> Any:
        before = level[s - 1, b] if s else 0
        return level[s, b] == before + put[s, b] - taken[s, b]

    def filled(s: int, n: int) -> Any:
        return pyo.quicksum(ratio[link] * sent[s, link] for link in entering[n])

    m.supply = pyo.Constraint(m.S, m.B, rule=supply)
    m.tie = pyo.Constraint(m.S, m.stored, rule=tie)
    m.needs = pyo.Constraint(
        m.S, m.N, rule=lambda m, s, n: filled(s, n) + m.bought[s, n] == need[s, n]
    )
    m.shares = pyo.Constraint(
        m.S, m.shared, rule=lambda _, s, n: filled(s, n) <= share[n] * need[s, n]
    )


def _limits(m: pyo.ConcreteModel, problem: Synthetic, data: SimpleNamespace) -> None:
    sent, runs, hours = m.sent, m.runs, data.hours_share
    m.capacities = pyo.Constraint(
        m.S, m.limited, rule=lambda _, s, i: sent[s, i] <= data.capacity[i] * hours[s]
    )
    if not problem.has_integers:
        return
    m.least_sent = pyo.Constraint(
        m.S, m.switched, rule=lambda _, s, i: sent[s, i] >= data.least[i] * hours[s] * runs[s, i]
    )
    m.most_sent = pyo.Constraint(
        m.S, m.switched, rule=lambda _, s, i: sent[s, i] <= data.most[s, i] * runs[s, i]
    )


def _cost(m: pyo.ConcreteModel, data: SimpleNamespace) -> Any:
    sent, level, hours = m.sent, m.level, data.hours_share
    terms = [
        pyo.quicksum(data.link_cost[link] * sent[s, link] for s, link in sent),
        pyo.quicksum(data.dump_cost[b] * m.dumped[s, b] for s, b in m.dumped),
        pyo.quicksum(data.virgin_price[n] * m.bought[s, n] for s, n in m.bought),
        pyo.quicksum(data.holding[b] * hours[s] * level[s, b] for s, b in level),
        pyo.quicksum(data.dump_cost[b] * level[m.S.last(), b] for b in m.stored),
    ]
    return sum(terms)


def groups(of: Any, count: int) -> list[list[int]]:
    """Numbers of the links by the by-product they leave, or the use they enter."""
    found: list[list[int]] = [[] for _ in range(count)]
    for link, end in enumerate(of.tolist()):
        found[end].append(link)
    return found
