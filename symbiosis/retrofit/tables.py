"""A simulation as rows: the tables of the command, under the names of its JSON keys.

Amounts of money are CNY, times are dates; percentiles are those of
:mod:`symbiosis.retrofit.simulation`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from symbiosis.retrofit.following import Myopia
from symbiosis.retrofit.influence import influences
from symbiosis.retrofit.log import Entry
from symbiosis.retrofit.promises import SURE, promises
from symbiosis.retrofit.schedule import ALL, COMMISSIONED, FINISHED, LAST, OF_PROJECT
from symbiosis.retrofit.simulation import YEARLY_ONLY, Simulation, percentile, spread
from symbiosis.seasons import Floats

Row: TypeAlias = dict[str, Any]
PARK = ""
"""The enterprise of a cash flow that is the whole park's."""
SHARES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
"""Shares of the runs for which dates are named."""
PROMISED = ("milestone", "indicator", "comparator", "value", "change")
"""What a target is about; None where it does not apply."""


@dataclass(frozen=True)
class Tables:
    """All tables of one simulation; ``beside`` a plan, where it lives through one."""

    made: Simulation
    beside: Sequence[Myopia] = ()

    @cached_property
    def rows(self) -> "Rows":
        """Every table by its name, made when it is first asked for."""
        return Rows(self)

    def beside_plan(self) -> Iterator[Row]:
        """The years of a plan that was lived through."""
        for one in self.beside:
            yield vars(one) | {"price_cny": one.price_cny}

    # --- the park

    def years(self) -> Iterator[Row]:
        """Every indicator in every year."""
        for indicator in self.made.indicators:
            if indicator.partition(".")[0] in YEARLY_ONLY:
                continue
            values = self.made.by_year(indicator)
            for year, column in zip(self.made.places.years, values.T, strict=True):
                head = {"year": year, "indicator": indicator, "unit": self.unit(indicator)}
                yield head | _spread(column)

    def months(self) -> Iterator[Row]:
        """Every indicator in every month."""
        for indicator in self.made.indicators:
            if indicator.partition(".")[0] in YEARLY_ONLY:
                continue
            values = self.made.by_month(indicator)
            for (year, period), column in zip(self.made.living.slots, values.T, strict=True):
                named = {"indicator": indicator, "unit": self.unit(indicator)}
                yield {"year": year, "period": period} | named | _spread(column)

    def heaps(self) -> Iterator[Row]:
        """What lies in heaps at the end of every month."""
        park = self.made.retrofit.scenario.park
        for byproduct in self.made.living.heaped:
            unit = park.material_of(byproduct).unit
            values = self.made.heap_by_month(byproduct)
            for (year, period), column in zip(self.made.living.slots, values.T, strict=True):
                head = {"year": year, "period": period, "byproduct": byproduct, "unit": unit}
                yield head | _spread(column)

    def unit(self, indicator: str) -> str:
        """The unit of an indicator; "1" for a share."""
        return self.made.units[indicator]

    # --- the retrofit

    def targets(self) -> Iterator[Row]:
        """Every target with its probability."""
        for promise in promises(self.made):
            sure = {f"kept_with_{share * 100:.0f}": promise.sure.get(share) for share in SURE}
            yield {
                "id": promise.id,
                "name_zh": promise.name["zh"],
                "name_en": promise.name["en"],
                "by": promise.by,
                "probability": promise.chance.probability if promise.chance.runs else None,
                "low": promise.chance.low,
                "high": promise.chance.high,
                "judged": promise.chance.runs,
                **self._promised(promise.id),
                **sure,
                "unit": promise.unit,
                **{f"margin_{key}": value for key, value in _spread(promise.margin).items()},
            }

    def _promised(self, target: str) -> Row:
        """What a target is about: a milestone, or an indicator, or the change of one."""
        dates, nothing = self.made.retrofit.schedule.targets, dict.fromkeys(PROMISED)
        if target in dates:
            return nothing | {"milestone": dates[target].milestone}
        goal = self.made.retrofit.goals[target]
        unit = "1" if goal.change else self.made.units.get(goal.measure, "")
        return nothing | {
            "indicator": goal.measure,
            "comparator": goal.comparator.value,
            "value": goal.value.to(unit),
            "change": goal.change.value if goal.change else None,
        }

    def whole(self) -> Row:
        """The spread of the milestones of all projects together."""
        reached = np.isfinite(self.made.times(LAST))
        return self._spreads(ALL, (COMMISSIONED, FINISHED)) | {
            "finished_share": float(reached.mean())
        }

    def _spreads(self, name: str, parts: Sequence[str]) -> Row:
        """By when milestones are reached in shares of the runs; None for never."""
        return {
            f"{part}_{label}": self.made.date(f"{name}.{part}", share)
            for part in parts
            for label, share in SHARES.items()
        }

    def projects(self) -> Iterator[Row]:
        """Every project with the spread of its milestones."""
        made, park = self.made, self.made.retrofit.scenario.park
        spent = made.spent_cny.sum(axis=1)
        for i, name in enumerate(made.places.projects):
            project = park.projects[name]
            row: Row = {"id": name, "name_zh": project.name_zh, "name_en": project.name_en}
            row |= self._spreads(name, OF_PROJECT)
            reached = np.isfinite(made.times(f"{name}.{COMMISSIONED}"))
            row["commissioned_share"] = float(reached.mean())
            row["criticality"] = made.critical[name] / made.runs
            row["spent_cny"] = float(spent[:, i].mean())
            yield row

    def resources(self) -> Iterator[Row]:
        """What projects share: how far it was used, and how long it was waited for."""
        made = self.made
        for name, waited_d in made.waited_d.items():
            used = made.busy.get(name)
            yield {
                "id": name,
                "use": None if used is None else float(used.mean()),
                "waited_d": float(waited_d.mean()),
                "waited_p95_d": percentile(waited_d, 0.95),
            }

    def influences(self) -> Iterator[Row]:
        """What each target hangs on."""
        for one in influences(self.made):
            yield {
                "target": one.target,
                "kind": one.kind,
                "id": one.id,
                "correlation": one.correlation,
                "costs": one.costs,
                "unit": one.unit,
                "clear": one.clear,
            }

    def cash_flow(self) -> Iterator[Row]:
        """Money of every enterprise and of the park by year: positive is income."""
        made, park = self.made, self.made.retrofit.scenario.park
        spent = made.spent_cny[made.answered]
        owners = [park.projects[name].owner or PARK for name in made.places.projects]
        for enterprise in (PARK, *park.enterprises):
            cost = made.by_year(f"cost_of.{enterprise}" if enterprise else "cost")
            own = [enterprise == PARK or owner == enterprise for owner in owners]
            invested = -spent[:, :, own].sum(axis=2)
            for item, values in (
                ("operating", -cost), ("investment", invested), ("net", invested - cost),
            ):  # fmt: skip
                if not np.any(np.nan_to_num(values)):
                    continue
                for year, column in zip(made.places.years, values.T, strict=True):
                    head = {"year": year, "enterprise": enterprise, "item": item}
                    yield head | {f"{k}_cny": v for k, v in _spread(column).items() if k != "runs"}

    # --- what happened

    def failures(self) -> Iterator[Row]:
        """The first runs without an answer, with month and cause."""
        for index, failure in self.made.failures:
            yield {
                "run": index,
                "year": failure.year,
                "period": failure.season,
                "date": failure.date,
                "cause_zh": "；".join(problem.message("zh") for problem in failure.problems),
                "cause_en": "; ".join(problem.message("en") for problem in failure.problems),
            }

    def log(self) -> Iterator[Row]:
        """Who, what, when, waited for what, in the first runs."""
        for index, entries in self.made.logs:
            for entry in sorted(entries, key=lambda e: (e.ready_d, e.project, e.stage, e.attempt)):
                yield {"run": index} | self._entry(entry)

    def _entry(self, entry: Entry) -> Row:
        date = self.made.retrofit.schedule.calendar.date
        return {
            "who": entry.project,
            "what": entry.stage,
            "attempt": entry.attempt,
            "ready": date(entry.ready_d),
            "began": None if entry.start_d is None else date(entry.start_d),
            "ended": None if entry.end_d is None else date(entry.end_d),
            "ending": entry.ending.value,
            "waited_d": entry.waited_d,
            "waited_for": ", ".join(dict.fromkeys(n for wait in entry.waits for n in wait.what)),
            "spent_cny": entry.spent_cny,
        }


def _spread(values: Floats) -> Row:
    return {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in vars(spread(values)).items()
    }


NAMES = (
    "years", "months", "heaps", "targets", "projects", "resources", "influences", "cash_flow",
    "beside_plan", "failures", "log",
)  # fmt: skip
"""The tables of a simulation."""


class Rows(dict[str, list[Row]]):
    """Tables by name; each is a method of :class:`Tables`. Raises ``KeyError`` for no table."""

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self.tables = tables

    def __missing__(self, name: str) -> list[Row]:
        if name not in NAMES:
            raise KeyError(name)
        self[name] = list(getattr(self.tables, name)())
        return self[name]
