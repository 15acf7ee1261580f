"""PyPSA: by-products and uses are buses, what is sent a Link, heaps are Stores, needs Loads.

Shares of a need are no component of PyPSA's: they are added to its model as its users do in
``extra_functionality``. Every Link and Generator has a finite ``p_nom``, at what the year could
move at most; PyPSA writes bounds as rows.
"""

import logging

import linopy
import numpy as np
import pandas as pd
import pypsa
from linopy.solvers import Solver

from peers.interface import Outcome, Stopwatch, options_for
from peers.synthetic import Floats, Integers, Synthetic

pypsa.options.api.legacy_string_dtype = False
for noisy in ("pypsa", "linopy"):
    logging.getLogger(noisy).setLevel(logging.ERROR)


def solve(problem: Synthetic) -> Outcome:
    """Once, cold."""
    watch = Stopwatch()
    with watch("build"):
        n = network(problem)
        m = n.optimize.create_model(include_objective_constant=False, consistency_check=False)
        _add_shares(m, problem)
    with watch("write"):
        options = {"output_flag": False, **options_for(problem.has_integers)}
        m.constraints.sanitize_zeros()
        solver = Solver.from_name("highs", m, io_api="direct", options=options, set_names=False)
    with watch("solve"):
        result = solver.solve()
    with watch("read"):
        m.assign_result(result, solver=solver)
        n.optimize.assign_solution()
    highs = solver.solver_model
    return Outcome(result.solution.objective, watch.seconds, highs.getNumCol(), highs.getNumRow())


def network(problem: Synthetic) -> pypsa.Network:
    """The park as a network, every component type added at once."""
    n = pypsa.Network()
    n.set_snapshots(range(problem.slices))
    byproducts, uses = _names("b", problem.byproducts), _names("n", problem.uses)
    n.add("Bus", [*byproducts, *uses])
    n.add("Load", byproducts.tolist(), suffix=" made", bus=byproducts, sign=1.0,
          p_set=_series(problem, problem.generated, byproducts + " made"))  # fmt: skip
    n.add("Load", uses.tolist(), suffix=" need", bus=uses,
          p_set=_series(problem, problem.need, uses + " need"))  # fmt: skip
    _add_ends(n, problem, byproducts, uses)
    _add_links(n, problem, byproducts, uses)
    _add_stores(n, problem, byproducts)
    return n


def _add_ends(n: pypsa.Network, problem: Synthetic, byproducts: pd.Index, uses: pd.Index) -> None:
    """Dumping takes from a by-product, buying fills a use."""
    n.add("Generator", byproducts.tolist(), suffix=" dumped", bus=byproducts, sign=-1.0,
          p_nom=problem.generated.sum(axis=0), marginal_cost=problem.dump_cost)  # fmt: skip
    n.add("Generator", uses.tolist(), suffix=" bought", bus=uses,
          p_nom=problem.need.max(axis=0), marginal_cost=problem.virgin_price)  # fmt: skip


def _add_links(n: pypsa.Network, problem: Synthetic, byproducts: pd.Index, uses: pd.Index) -> None:
    """``p_nom`` times ``p_max_pu`` is what a slice can send; switches are unit commitment."""
    names = _names("l", problem.links)
    p_nom = problem.generated.sum(axis=0)[problem.link_from]
    p_nom[problem.limited] = problem.capacity
    p_nom[problem.switched] = problem.most.max(axis=0)
    p_max_pu = np.ones((problem.slices, problem.links))
    p_max_pu[:, problem.limited] = problem.hours_share[:, None]
    committed = np.zeros(problem.links, dtype=bool)
    committed[problem.switched] = True
    p_max_pu[:, committed] = problem.most / p_nom[committed]
    least = problem.hours_share[:, None] * problem.least / p_nom[committed]
    series = {"p_max_pu": _series(problem, p_max_pu, names)[names[_varied(problem)]]}
    if problem.has_integers:
        series["p_min_pu"] = _series(problem, least, names[committed])
    n.add("Link", names.tolist(), bus0=byproducts[problem.link_from], bus1=uses[problem.link_to],
          p_nom=p_nom, efficiency=problem.ratio, marginal_cost=problem.link_cost,
          committable=committed)  # fmt: skip
    for attribute, values in series.items():
        n.c.links.dynamic[attribute] = values


def _add_stores(n: pypsa.Network, problem: Synthetic, byproducts: pd.Index) -> None:
    """What is left at the end pays for its dumping, in the last slice's cost of storage."""
    buses = byproducts[problem.stored]
    cost = problem.hours_share[:, None] * problem.holding
    cost[-1] += problem.dump_cost[problem.stored]
    n.add("Store", buses.tolist(), suffix=" heap", bus=buses, e_nom=problem.store_capacity,
          marginal_cost_storage=_series(problem, cost, buses + " heap"))  # fmt: skip


def _add_shares(m: linopy.Model, problem: Synthetic) -> None:
    into = np.flatnonzero(np.isin(problem.link_to, problem.shared))
    names = _names("l", problem.links)[into]
    ratio = pd.Series(problem.ratio[into], names.rename("name")).to_xarray()
    use = pd.Series(problem.link_to[into], names.rename("name"), name="use")
    filled = (ratio * m["Link-p"].sel(name=names)).groupby(use).sum()
    most = pd.DataFrame(
        problem.need[:, problem.shared] * problem.share,
        index=m["Link-p"].indexes["snapshot"],
        columns=pd.Index(problem.shared, name="use"),
    )
    m.add_constraints(filled <= most.stack().to_xarray(), name="share")


def _varied(problem: Synthetic) -> Integers:
    return np.union1d(problem.limited, problem.switched)


def _names(letter: str, count: int) -> pd.Index:
    return pd.Index([f"{letter}{i}" for i in range(count)])


def _series(problem: Synthetic, values: Floats, names: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(values, index=range(problem.slices), columns=names)
