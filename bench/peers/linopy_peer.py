"""linopy: arrays of variables with named dimensions, handed to HiGHS as arrays."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr
from linopy.solvers import Solver

from peers.interface import Batch, Change, Outcome, Stopwatch, options_for
from peers.synthetic import Synthetic

linopy.options["semantics"] = "v1"


def solve(problem: Synthetic) -> Outcome:
    """Once, cold."""
    watch = Stopwatch()
    with watch("build"):
        m = build(problem, sparse=True)
    with watch("write"):
        solver = _solver(m, problem, track_updates=False)
    with watch("solve"):
        result = solver.solve()
    with watch("read"):
        m.assign_result(result, solver=solver)
    highs = solver.solver_model
    return Outcome(result.solution.objective, watch.seconds, highs.getNumCol(), highs.getNumRow())


def batch(problem: Synthetic, variations: Iterable[Synthetic], change: Change) -> Batch:
    """One model whose data change in place, and a solver that keeps its basis."""
    started = perf_counter()
    m = build(problem, sparse=False)
    solver = _solver(m, problem, track_updates=True)
    m.assign_result(solver.solve())
    first_s = perf_counter() - started
    objectives = []
    into = {name: _links_of(m, name) for name in ("needs", "shares")}
    for variation in variations:
        data = data_of(variation)
        _update_amounts(m, data, change)
        if change is Change.ALL:
            _update_rest(m, data, into)
        result = solver.solve(m, disallow_rebuild=True)
        m.assign_result(result)
        objectives.append(result.solution.objective)
    return Batch(tuple(objectives), perf_counter() - started - first_s, first_s)


def build(problem: Synthetic, sparse: bool) -> linopy.Model:
    """The model; sparse where nothing will change, dense where constraints will be updated."""
    m = linopy.Model(sparse=sparse)
    data = data_of(problem)
    _variables(m, problem, data)
    _balances(m, problem, data)
    _limits(m, problem, data)
    m.add_objective(_cost(m, data))
    return m


def data_of(problem: Synthetic) -> dict[str, xr.DataArray]:
    """The parameters with their coordinates; what is a year's times the hours of a slice too."""
    axes = _axes(problem)
    hours = xr.DataArray(problem.hours_share, [axes["slice"]])

    def labelled(name: str, *dims: str) -> xr.DataArray:
        return xr.DataArray(getattr(problem, name), [axes[dim] for dim in dims])

    return {
        "generated": labelled("generated", "slice", "byproduct"),
        "need": labelled("need", "slice", "use"),
        "ratio": labelled("ratio", "link"),
        "link_cost": labelled("link_cost", "link"),
        "dump_cost": labelled("dump_cost", "byproduct"),
        "virgin_price": labelled("virgin_price", "use"),
        "holding": hours * labelled("holding", "stored"),
        "store_capacity": labelled("store_capacity", "stored"),
        "share": labelled("share", "shared"),
        "capacity": hours * labelled("capacity", "limited"),
        "least": hours * labelled("least", "switched"),
        "most": labelled("most", "slice", "switched"),
    }


def _axes(problem: Synthetic) -> dict[str, pd.Index]:
    counts = {
        "slice": problem.slices, "link": problem.links, "byproduct": problem.byproducts,
        "use": problem.uses,
    }  # fmt: skip
    whole = {name: pd.RangeIndex(count, name=name) for name, count in counts.items()}
    parts = {
        "stored": pd.Index(problem.stored, name="byproduct"),
        "shared": pd.Index(problem.shared, name="use"),
        "limited": pd.Index(problem.limited, name="link"),
        "switched": pd.Index(problem.switched, name="link"),
    }
    return whole | parts


def _variables(m: linopy.Model, problem: Synthetic, data: dict[str, xr.DataArray]) -> None:
    axes = _axes(problem)
    for name, dim in (
        ("sent", "link"), ("dumped", "byproduct"), ("bought", "use"), ("put", "stored"),
        ("taken", "stored"),
    ):  # fmt: skip
        m.add_variables(lower=0, coords=[axes["slice"], axes[dim]], name=name)
    m.add_variables(
        lower=0, upper=data["store_capacity"], coords=[axes["slice"], axes["stored"]], name="level"
    )
    if problem.has_integers:
        m.add_variables(binary=True, coords=[axes["slice"], axes["switched"]], name="runs")


def _balances(m: linopy.Model, problem: Synthetic, data: dict[str, xr.DataArray]) -> None:
    v = m.variables
    links = pd.RangeIndex(problem.links, name="link")
    leaving = pd.Series(problem.link_from, index=links, name="byproduct")
    entering = pd.Series(problem.link_to, index=links, name="use")
    out = v["sent"].groupby(leaving).sum() + v["dumped"]
    stock = v["put"] - v["taken"]
    m.add_constraints(out.add(stock, join="left") == data["generated"], name="supply")
    m.add_constraints(v["level"] - v["level"].shift(slice=1).fillna(0) - stock == 0, name="tie")
    filled = (data["ratio"] * v["sent"]).groupby(entering).sum()
    bought = 1 * v["bought"]
    m.add_constraints(bought.add(filled, join="left") == data["need"], name="needs")
    m.add_constraints(filled.sel(use=problem.shared) <= _most_shared(data), name="shares")


def _most_shared(data: dict[str, xr.DataArray]) -> xr.DataArray:
    return (data["share"] * data["need"].sel(use=data["share"]["use"])).transpose("slice", "use")


def _limits(m: linopy.Model, problem: Synthetic, data: dict[str, xr.DataArray]) -> None:
    sent = m.variables["sent"]
    m.add_constraints(sent.sel(link=problem.limited) <= data["capacity"], name="capacities")
    if problem.has_integers:
        switched, runs = sent.sel(link=problem.switched), m.variables["runs"]
        m.add_constraints(switched - data["least"] * runs >= 0, name="least_sent")
        m.add_constraints(switched - data["most"] * runs <= 0, name="most_sent")


def _cost(m: linopy.Model, data: dict[str, xr.DataArray]) -> Any:
    v = m.variables
    level = v["level"]
    left = data["dump_cost"].sel(byproduct=data["holding"]["byproduct"])
    return (
        (data["link_cost"] * v["sent"]).sum()
        + (data["dump_cost"] * v["dumped"]).sum()
        + (data["virgin_price"] * v["bought"]).sum()
        + (data["holding"] * level).sum()
        + (left * level.isel(slice=-1)).sum()
    )


def _solver(m: linopy.Model, problem: Synthetic, track_updates: bool) -> Any:
    options = {"output_flag": False, **options_for(problem.has_integers)}
    return Solver.from_name(
        "highs", m, io_api="direct", options=options, track_updates=track_updates, set_names=False
    )


def _update_amounts(m: linopy.Model, data: dict[str, xr.DataArray], change: Change) -> None:
    m.constraints["supply"].update(rhs=data["generated"])
    if change is not Change.OUTAGE:
        m.constraints["needs"].update(rhs=data["need"])
        m.constraints["shares"].update(rhs=_most_shared(data))


def _update_rest(
    m: linopy.Model, data: dict[str, xr.DataArray], into: dict[str, xr.DataArray]
) -> None:
    """Coefficients are written where they stand, which is faster than new expressions."""
    m.objective.expression = _cost(m, data)
    m.variables["level"].update(upper=data["store_capacity"])
    m.constraints["capacities"].update(rhs=data["capacity"])
    ratio = np.append(data["ratio"].values, 1.0)
    for name, link in into.items():
        old = m.constraints[name].coeffs
        m.constraints[name].update(coeffs=old.where(link < 0, ratio[link]))
    if "runs" in m.variables:
        for name, most in (("least_sent", data["least"]), ("most_sent", data["most"])):
            coeffs = m.constraints[name].coeffs.copy()
            coeffs[{"_term": 1}] = -most.transpose("slice", "link")
            m.constraints[name].update(coeffs=coeffs)


def _links_of(m: linopy.Model, name: str) -> xr.DataArray:
    """The link of each term of a constraint; -1 where a term is not an amount sent."""
    sent = m.variables["sent"].labels
    links, first = sent.sizes["link"], int(sent[0, 0])
    at = m.constraints[name].vars - first
    return xr.where((at >= 0) & (at < sent.size), at % links, -1)
