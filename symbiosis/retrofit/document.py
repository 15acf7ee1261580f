"""A simulation as the JSON of its command, and as a folder that is kept whole or not at all.

result.json        the JSON of the command
manifest.json      version, hashes of the inputs, solver, seed, runs
tables/            each table as CSV and Parquet; the log is that of the first runs
runs.parquet       one row for each run, which ``compare`` reads: indicator@year, milestone@day, and
                   target@margin, by how much the target was kept (below zero: missed)
inputs/            the park and scenario files as they were
gantt.svg          when projects run, where the command kept it
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symbiosis.grading import WEAK
from symbiosis.keep import (
    copy_inputs,
    keep_whole,
    origin,
    surroundings,
    write_json,
    write_tables,
)
from symbiosis.retrofit.draw import mean_d
from symbiosis.retrofit.promises import promises
from symbiosis.retrofit.simulation import Simulation
from symbiosis.retrofit.tables import NAMES, Tables
from symbiosis.seasons import Floats

if TYPE_CHECKING:
    import pandas

KIND = "simulate"
IN_DOCUMENT = (
    "years", "targets", "projects", "resources", "influences", "cash_flow", "beside_plan",
    "failures",
)  # fmt: skip
"""Tables that stand in the JSON; the others are kept in the folder."""
RUNS = "runs.parquet"
AT = "@"
DAY, MARGIN = f"{AT}day", f"{AT}margin"
"""What the columns of milestones and of targets end in."""


@dataclass(frozen=True)
class SimulationResult:
    """A simulation with its tables, pandas frames under the names of the JSON keys."""

    made: Simulation

    @cached_property
    def tables(self) -> Tables:
        """Every table as rows."""
        return Tables(self.made)

    def table(self, name: str) -> "pandas.DataFrame":
        """One table as a frame. Raises ``KeyError`` for one that there is not."""
        return _frame(self.tables.rows[name])

    @property
    def years(self) -> "pandas.DataFrame":
        """Indicators by year: mean and percentiles over the runs."""
        return self.table("years")

    @property
    def months(self) -> "pandas.DataFrame":
        """The same by month."""
        return self.table("months")

    @property
    def targets(self) -> "pandas.DataFrame":
        """How likely each target is met."""
        return self.table("targets")

    @property
    def projects(self) -> "pandas.DataFrame":
        """When each project runs, and how often it is critical."""
        return self.table("projects")

    @property
    def runs(self) -> "pandas.DataFrame":
        """One row for each run."""
        return frame_of_runs(self.made)

    def document(self) -> dict[str, Any]:
        """The JSON of ``simulate``."""
        return document(self.made, self.tables)

    def save(self, folder: str | Path) -> Path:
        """Keep it in a folder."""
        return save_simulation(self.made, self.tables, folder)


def document(made: Simulation, tables: Tables) -> dict[str, Any]:
    """The JSON of ``simulate``."""
    schedule = made.retrofit.schedule
    return {
        "schema_version": 1,
        **_question(made),
        "runs": made.runs,
        "failed": made.failed,
        "seed": made.seed,
        "interrupted": made.interrupted,
        "narrow": made.narrow,
        "start": schedule.start,
        "end": schedule.calendar.date(schedule.horizon_d - 1),
        "dispatches": made.stretches,
        "weak_share_of_durations": weak_share(made),
        "windows": _windows(made),
        "whole": tables.whole(),
        **{name: tables.rows[name] for name in IN_DOCUMENT},
    }


def _question(made: Simulation) -> dict[str, Any]:
    """What was asked."""
    scenario = made.retrofit.scenario
    return {
        "park": scenario.park.id,
        "park_zh": scenario.park.name_zh,
        "park_en": scenario.park.name_en,
        "scenario": scenario.id,
        "objective": made.retrofit.conduct.objective.value,
        "boundary": scenario.boundary,
        "document": scenario.document,
        "money_year": scenario.park.money_year,
    }


def _windows(made: Simulation) -> list[dict[str, str]]:
    """Every opening of a window that a stage must lie in, both days included."""
    schedule = made.retrofit.schedule
    date = schedule.calendar.date
    return [
        {"id": name, "from": date(begin_d), "until": date(end_d - 1)}
        for name, begin_d, end_d in schedule.openings(schedule.horizon_d)
    ]


def weak_share(made: Simulation) -> float | None:
    """The share of all mean stage lengths that rests on estimates, or on no stated source."""
    weak = whole = 0.0
    for project in made.retrofit.schedule.projects.values():
        for stage in project.stages.values():
            days, grade = mean_d(stage.duration), stage.duration.effective_grade
            whole += days
            weak += days if grade is None or grade in WEAK else 0.0
    return weak / whole if whole else None


def save_simulation(
    made: Simulation,
    tables: Tables,
    folder: str | Path,
    more: Callable[[Path], None] | None = None,
) -> Path:
    """Keep a simulation in ``folder``; ``more`` may add files before it is moved there.

    An earlier result there is replaced; anything else is refused with :class:`InputError`.
    """
    return keep_whole(folder, partial(_write, made, tables, more))


def _write(
    made: Simulation, tables: Tables, more: Callable[[Path], None] | None, folder: Path
) -> None:
    write_json(folder / "result.json", document(made, tables))
    write_json(folder / "manifest.json", manifest(made))
    copy_inputs(made.retrofit.scenario, folder)
    write_tables({name: _frame(tables.rows[name]) for name in NAMES}, folder)
    frame_of_runs(made).to_parquet(folder / RUNS, index=False)
    if more is not None:
        more(folder)


def _frame(rows: list[dict[str, Any]]) -> "pandas.DataFrame":
    import pandas

    return pandas.DataFrame(rows)


def frame_of_runs(made: Simulation) -> "pandas.DataFrame":
    """Every run with what it came to; indicators are empty where the run has no answer."""
    import pandas

    columns: dict[str, Any] = {"run": np.arange(made.runs), "answered": made.answered}
    for milestone in made.places.milestones:
        times_d = made.times(milestone)
        columns[f"{milestone}{DAY}"] = np.where(np.isfinite(times_d), times_d, np.nan)
    for indicator in made.indicators:
        values = made.by_year(indicator)
        for year, column in zip(made.places.years, values.T, strict=True):
            columns[f"{indicator}{AT}{year}"] = _by_run(made, column)
    for promise in promises(made):
        columns[f"{promise.id}{MARGIN}"] = _by_run(made, promise.margin)
    return pandas.DataFrame(columns)


def _by_run(made: Simulation, values: Floats) -> Floats:
    """Numbers of all runs, or of those with an answer, in the places of their runs."""
    if len(values) == made.runs:
        return values
    whole = np.full(made.runs, np.nan)
    whole[made.answered] = values
    return whole


def manifest(made: Simulation) -> dict[str, Any]:
    """What the simulation came from and how it was found."""
    scenario = made.retrofit.scenario
    return {
        **origin(KIND, scenario),
        "years": list(made.places.years),
        "boundary": scenario.boundary,
        "document": scenario.document,
        "objective": made.retrofit.conduct.objective.value,
        "solver": ", ".join(sorted(made.solvers)),
        "solver_options": {"gap": made.living.options.gap},
        "runs": made.runs,
        "seed": made.seed,
        "interrupted": made.interrupted,
        **surroundings(),
    }
