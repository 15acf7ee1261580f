"""oemof.solph: by-products and uses are buses, links Converters, heaps GenericStorages.

Shares of a need are no component of solph's: they are added to its Pyomo model, as its users add
constraints of their own. Solved as ``Model.solve(solver="highs")`` does, in its three steps.
"""

import logging
from typing import Any

import pandas as pd
import pyomo.environ as pyo
from oemof import solph

from peers.interface import Outcome, Stopwatch
from peers.plain_pyomo import appsi_solver, size_of
from peers.pyomo_model import groups
from peers.synthetic import Floats, Synthetic

logging.getLogger().setLevel(logging.ERROR)

Nodes = dict[int, Any]


def solve(problem: Synthetic) -> Outcome:
    """Once, cold."""
    watch = Stopwatch()
    with watch("build"):
        system, links, uses = energy_system(problem)
        m = solph.Model(system)
        _add_shares(m, problem, links, uses)
    with watch("write"):
        solver = appsi_solver(problem.has_integers)
        solver.set_instance(m)
    with watch("solve"):
        results = solver.solve(m)
    with watch("read"):
        results.solution_loader.load_vars()
        m.es.results = m.solver_results = {"objective": results.best_feasible_objective}
        solph.Results(m).get("flow")
    return Outcome(results.best_feasible_objective, watch.seconds, *size_of(m))


def energy_system(problem: Synthetic) -> tuple[solph.EnergySystem, Nodes, Nodes]:
    """The park; the converters of its links and the buses of its uses, by number."""
    hours = pd.date_range("2025-01-01", periods=problem.slices + 1, freq="h")
    system = solph.EnergySystem(timeindex=hours, infer_last_interval=False)
    byproducts = {b: solph.Bus(f"b{b}") for b in range(problem.byproducts)}
    uses = {n: solph.Bus(f"n{n}") for n in range(problem.uses)}
    links = _links(problem, byproducts, uses)
    system.add(*byproducts.values(), *uses.values(), *links.values())
    system.add(*_ends(problem, byproducts, uses), *_heaps(problem, byproducts))
    return system, links, uses


def _ends(problem: Synthetic, byproducts: Nodes, uses: Nodes) -> list[Any]:
    """What is generated and needed is fixed; the rest is dumped or bought."""
    nodes: list[Any] = []
    for b, bus in byproducts.items():
        made = solph.Flow(nominal_capacity=1, fix=problem.generated[:, b])
        dumped = solph.Flow(variable_costs=problem.dump_cost[b])
        nodes.append(solph.components.Source(f"b{b} made", outputs={bus: made}))
        nodes.append(solph.components.Sink(f"b{b} dumped", inputs={bus: dumped}))
    for n, bus in uses.items():
        bought = solph.Flow(variable_costs=problem.virgin_price[n])
        need = solph.Flow(nominal_capacity=1, fix=problem.need[:, n])
        nodes.append(solph.components.Source(f"n{n} bought", outputs={bus: bought}))
        nodes.append(solph.components.Sink(f"n{n} need", inputs={bus: need}))
    return nodes


def _links(problem: Synthetic, byproducts: Nodes, uses: Nodes) -> Nodes:
    limits = _limits(problem)
    found: Nodes = {}
    ends = zip(problem.link_from.tolist(), problem.link_to.tolist(), strict=True)
    for link, (b, n) in enumerate(ends):
        entering = solph.Flow(variable_costs=problem.link_cost[link], **limits.get(link, {}))
        found[link] = solph.components.Converter(
            f"l{link}",
            inputs={byproducts[b]: entering},
            outputs={uses[n]: solph.Flow()},
            conversion_factors={uses[n]: problem.ratio[link]},
        )
    return found


def _limits(problem: Synthetic) -> dict[int, dict[str, Any]]:
    """Capacity is nominal; a switch makes the flow nonconvex between its least and most."""
    limits: dict[int, dict[str, Any]] = {}
    for i, link in enumerate(problem.limited.tolist()):
        limits[link] = {"nominal_capacity": problem.capacity[i], "maximum": problem.hours_share}
    for i, link in enumerate(problem.switched.tolist()):
        limits[link] = _switched(problem, problem.most[:, i], problem.least[i])
    return limits


def _switched(problem: Synthetic, most: Floats, least: float) -> dict[str, Any]:
    nominal = most.max()
    return {
        "nominal_capacity": nominal,
        "minimum": problem.hours_share * least / nominal,
        "maximum": most / nominal,
        "nonconvex": solph.NonConvex(),
    }


def _heaps(problem: Synthetic, byproducts: Nodes) -> list[Any]:
    """What is left at the end pays for its dumping, in the last slice's cost of storage."""
    heaps = []
    for i, b in enumerate(problem.stored.tolist()):
        cost = problem.hours_share * problem.holding[i]
        cost[-1] += problem.dump_cost[b]
        heaps.append(
            solph.components.GenericStorage(
                f"b{b} heap",
                inputs={byproducts[b]: solph.Flow()},
                outputs={byproducts[b]: solph.Flow()},
                nominal_capacity=problem.store_capacity[i],
                initial_storage_level=0.0,
                balanced=False,
                storage_costs=cost,
            )
        )
    return heaps


def _add_shares(m: Any, problem: Synthetic, links: Nodes, uses: Nodes) -> None:
    entering = groups(problem.link_to, problem.uses)
    most = dict(zip(problem.shared.tolist(), problem.share.tolist(), strict=True))

    def share(m: Any, t: int, n: int) -> Any:
        filled = pyo.quicksum(m.flow[links[link], uses[n], t] for link in entering[n])
        return filled <= most[n] * problem.need[t, n]

    m.share = pyo.Constraint(m.TIMESTEPS, problem.shared.tolist(), rule=share)
