"""A plan as a folder, kept whole or not at all.

result.json        the JSON of the command
manifest.json      version, hashes of the inputs, solver and its options, gap, seconds
points.json        what is begun and every decision of each year
tables/            each table as CSV and Parquet
inputs/            the park and scenario files as they were
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from symbiosis.keep import (
    copy_inputs,
    keep_whole,
    origin,
    pairs_of,
    surroundings,
    write_json,
    write_tables,
)
from symbiosis.planning.result import PlanResult

KIND = "plan"


def save_plan(
    result: PlanResult, folder: str | Path, more: Callable[[Path], None] | None = None
) -> Path:
    """Keep a plan in ``folder``; ``more`` may add files (a picture) before it is moved there.

    An earlier result there is replaced; anything else is refused with :class:`InputError`.
    """
    return keep_whole(folder, partial(_write, result, more))


def _write(result: PlanResult, more: Callable[[Path], None] | None, folder: Path) -> None:
    write_json(folder / "result.json", result.document())
    write_json(folder / "manifest.json", manifest(result))
    write_json(folder / "points.json", _points(result))
    copy_inputs(result.plan.scenario, folder)
    write_tables({name: result.table(name) for name in result.rows}, folder)
    if more is not None:
        more(folder)


def _points(result: PlanResult) -> dict[str, Any]:
    plan = result.plan
    return {
        "begun": [[s.candidate.name, s.size.name, s.year] for s in plan.starts],
        "drawn": [[d.project, d.instrument.name, d.year, cny] for d, cny in plan.drawn.items()],
        "years": {str(year.year): pairs_of(year.optimum.point) for year in plan.years},
    }


def manifest(result: PlanResult) -> dict[str, Any]:
    """What the plan came from and how it was found."""
    plan = result.plan
    return {
        **origin(KIND, plan.scenario),
        "years": [year.year for year in plan.years],
        "by_season": plan.scenario.by_season,
        "boundary": plan.scenario.boundary,
        "document": plan.scenario.document,
        "objective": plan.aim.value,
        "budget_cny": plan.horizon.own_cny[plan.horizon.years[0]],
        "targets": [vars(target) for target in plan.targets],
        "solver": plan.found.solver,
        "solver_version": plan.found.solver_version,
        "solver_options": dict(plan.found.options),
        "status": plan.found.status.value,
        "gap": plan.found.gap,
        "seconds": {"all": plan.found.seconds},
        **surroundings(),
    }
