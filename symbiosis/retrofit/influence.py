"""What a target hangs on: whose delay, whose lack, which breakdowns and prices cost it most.

For each thing that differs from run to run (when a project is commissioned, how long a resource is
waited for, how much of a unit is there, where a path goes) the runs are parted at its median. What
the target is worse by in the half in which the thing is worse is what it costs. The rank
correlation beside it says how firmly the two go together, and ``clear`` whether that is more than
such a number of runs shows by chance (one in twenty would). Neither is a proof of cause.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from symbiosis.retrofit.promises import promises
from symbiosis.retrofit.schedule import COMMISSIONED
from symbiosis.retrofit.simulation import Simulation
from symbiosis.seasons import Floats

LOW, HIGH = "path_low", "path_high"
FEWEST = 10
"""Runs below which nothing is said."""
CHANCE = 1.96
"""Standard errors beyond which a rank correlation is hardly by chance."""


@dataclass(frozen=True)
class Influence:
    """One thing and one target: ``costs`` is in the unit of the target's margin."""

    target: str
    kind: str
    id: str
    correlation: float
    costs: float
    unit: str
    clear: bool


def influences(made: Simulation) -> list[Influence]:
    """For each target what it hangs on, the dearest first."""
    found: list[Influence] = []
    for promise in promises(made):
        margin = np.clip(promise.margin, -made.retrofit.schedule.horizon_d, None)
        margin = np.where(promise.margin == -np.inf, -made.retrofit.schedule.horizon_d, margin)
        # indicators are judged in runs that have an answer, dates in all of them
        rows = made.answered if len(margin) < made.runs else np.ones(made.runs, dtype=np.bool_)
        own = [
            _turned(one)
            for kind, name, values in _things(made)
            if (one := _influence(promise.id, kind, name, values[rows], margin, promise.unit))
        ]
        found += sorted(own, key=lambda one: (-one.costs, one.id))
    return found


def _turned(one: Influence) -> Influence:
    """A path costs a target where it is low, or where it is high: whichever is worse."""
    if one.kind != LOW or one.costs >= 0.0:
        return one
    return replace(one, kind=HIGH, costs=-one.costs, correlation=-one.correlation)


def _things(made: Simulation) -> Iterator[tuple[str, str, Floats]]:
    """(kind, name, how bad it was in each run)."""
    horizon_d = made.retrofit.schedule.horizon_d
    for name in made.places.projects:
        yield "project", name, np.minimum(made.times(f"{name}.{COMMISSIONED}"), horizon_d)
    for name, waited_d in made.waited_d.items():
        yield "resource", name, waited_d
    for name in made.places.units:
        yield "unit", name, -made.moved[name]
    for name in made.places.paths:
        yield LOW, name, -made.moved[name]


def _influence(
    target: str, kind: str, name: str, bad: Floats, margin: Floats, unit: str
) -> Influence | None:
    """None where there is too little to tell, or nothing moves."""
    known = np.isfinite(margin)
    bad, margin = bad[known], margin[known]
    if len(margin) < FEWEST or np.ptp(bad) == 0.0 or np.ptp(margin) == 0.0:
        return None
    worse = bad > np.median(bad)
    if not worse.any() or worse.all():
        worse = bad >= np.median(bad)
    if worse.all():
        return None
    correlation = float(np.corrcoef(rankdata(bad), rankdata(-margin))[0, 1])
    costs = float(margin[~worse].mean() - margin[worse].mean())
    clear = abs(correlation) > CHANCE / np.sqrt(len(margin) - 1)
    return Influence(target, kind, name, correlation, costs, unit, bool(clear))
