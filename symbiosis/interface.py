"""The Python interface: the words of the command line as functions."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symbiosis.optimum import Goal
from symbiosis.park.financing import Financing
from symbiosis.park.park import Park
from symbiosis.plan_targets import targets_of
from symbiosis.planning.aim import Aim, Target
from symbiosis.planning.model import Model
from symbiosis.planning.plan import plan as best_plan
from symbiosis.planning.result import PlanResult
from symbiosis.reasons import Held
from symbiosis.result import Result, answer
from symbiosis.scenario import Scenario, load_question, scenario_of
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.extended import Extend
from symbiosis.solvers.plain import build_year

if TYPE_CHECKING:
    from symbiosis.retrofit.document import SimulationResult


def optimise(
    park: Park | Scenario | str | Path,
    objective: str = "utilisation",
    *,
    solver: str = AUTO,
    boundary: str | None = None,
    document: str | None = None,
    time_limit_s: float | None = None,
    extend: Extend | None = None,
) -> Result:
    """One optimum of a park, a scenario, or the park behind a name or path.

    ``objective`` is ``utilisation`` (the greatest R, then the least cost), ``cost`` or ``carbon``
    (the least inventory, then the least cost). ``extend(model, data)`` adds constraints of one's
    own to the Pyomo model of each slice, see :mod:`symbiosis.solvers.extended`. Raises
    :class:`InputError` for wrong input,
    :class:`NoAnswer` where there is none, ``ValueError`` for an unknown objective.
    """
    scenario = as_scenario(park)
    scenario = replace(
        scenario,
        boundary=boundary or scenario.boundary,
        document=document or scenario.document,
    )
    options = SolveOptions(time_limit_s=time_limit_s)
    return answer(scenario, Goal(objective), solver, options, extend=extend)


def plan(
    park: Park | Scenario | str | Path,
    budget_cny: float | None = None,
    target: float | None = None,
    by: int | None = None,
    objective: str = "utilisation",
    *,
    targets: Sequence[Target] = (),
    financing: Financing | None = None,
    solver: str = AUTO,
    time_limit_s: float | None = None,
) -> PlanResult:
    """Which projects to begin in which year, within ``budget_cny`` of own money per year.

    ``objective`` is ``utilisation`` (the highest rate in the last year, then the least cost),
    ``npv`` or ``cost``. ``target`` is a rate to be kept from the year ``by`` on, by default the
    last one; ``targets`` are more of them, beside those of the scenario. ``financing`` is by
    default that of the scenario.
    Raises :class:`InputError` for wrong input, :class:`NoAnswer` where the park has no answer,
    ``ValueError`` for an unknown objective.
    """
    scenario = as_scenario(park)
    every = [*targets_of(scenario), *targets]
    if target is not None:
        every.append(Target(target, Model.years_of(scenario)[-1] if by is None else by))
    options = SolveOptions(time_limit_s=time_limit_s)
    asked = scenario, budget_cny, Aim(objective), every, solver, options
    return PlanResult(best_plan(*asked, financing=financing))


def simulate(
    park: Park | Scenario | str | Path,
    runs: int | str = "auto",
    *,
    seed: int = 0,
    workers: int = 1,
    solver: str = AUTO,
    luck: bool = True,
) -> "SimulationResult":
    """The retrofit of a park or a scenario lived through ``runs`` times, see docs/simulate.md.

    ``auto`` goes on until the odds of every target are known to 5 points; ``luck=False`` lives
    through it once, with mean lengths and without failures. Several ``workers`` are processes: a
    script then does its own work under ``if __name__ == "__main__"``. Raises :class:`InputError`
    for wrong input.
    """
    from symbiosis.retrofit.block import retrofit_of
    from symbiosis.retrofit.document import SimulationResult
    from symbiosis.retrofit.simulate import simulate as live
    from symbiosis.retrofit.simulate import without_luck

    retrofit = retrofit_of(as_scenario(park))
    if not luck:
        return SimulationResult(without_luck(retrofit, solver))
    return SimulationResult(live(retrofit, runs, seed, workers, solver=solver))


def build_model(park: Park | Scenario | str | Path, *, by_season: bool = False) -> Any:
    """The plain Pyomo model of a park or a scenario, for reading and for any solver of Pyomo's.

    By season it has a block for each slice and the rows that tie them. It has the objectives
    ``utilised``, ``generated``, ``cost`` and ``carbon``: all but one have to be deactivated before
    a solver takes it.
    """
    scenario = as_scenario(park)
    asked = replace(scenario, by_season=by_season or scenario.by_season)
    return build_year(asked.year(asked.slice()))


def explain(result: Result, material: str | None = None) -> list[Held]:
    """What holds back each by-product that is not fully used; of one material if given."""
    return [held for held in result.held if material is None or held.material == material]


def as_scenario(park: Park | Scenario | str | Path) -> Scenario:
    """What was given, as a scenario."""
    if isinstance(park, Scenario):
        return park
    return scenario_of(park) if isinstance(park, Park) else load_question(park)
