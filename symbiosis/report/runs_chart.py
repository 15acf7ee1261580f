"""The chart of the runs of a schedule, with their stages where asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symbiosis.report.chart import Chart, Promise, Row, Spread, odds_of
from symbiosis.retrofit.runs import Runs
from symbiosis.retrofit.schedule import ALL, COMMISSIONED, FINISHED, LAST, STARTED, Target
from symbiosis.words import say


def chart_of_runs(runs: Runs, lang: str, stages: bool = False) -> Chart:
    """All projects by their median start, their stages below them, at last the whole park."""
    schedule, calendar = runs.schedule, runs.calendar
    end = calendar.date(schedule.horizon_d - 1)
    words = {"runs": f"{runs.runs:,}", "start": schedule.start, "end": end}
    openings = schedule.openings(schedule.horizon_d)
    return Chart(
        lang=lang,
        title=str(getattr(schedule, f"name_{lang}")),
        subtitle=say("picture.gantt_subtitle", lang, **words),
        start=schedule.start,
        horizon_d=schedule.horizon_d,
        rows=tuple(_Rows(runs, lang, stages).all()),
        windows=tuple((begin_d, end_d) for _, begin_d, end_d in openings),
        never=1 - runs.reached(LAST).probability,
    )


@dataclass(frozen=True)
class _Rows:
    """The rows of a chart."""

    runs: Runs
    lang: str
    stages: bool

    def all(self) -> Iterator[Row]:
        """Projects and the park."""
        projects = self.runs.schedule.projects
        for name in sorted(projects, key=lambda p: (self._median(f"{p}.{STARTED}"), p)):
            yield self._row(self._named(projects[name]), name, self._median(f"{name}.{STARTED}"))
            if self.stages:
                yield from self._of_project(name)
        yield self._row(say("picture.gantt_all", self.lang), ALL, 0.0)

    def _of_project(self, name: str) -> Iterator[Row]:
        stages = self.runs.schedule.projects[name].stages
        for stage in sorted(stages, key=lambda s: self._median(f"{name}.{s}")):
            end, begin_d = self._spread(f"{name}.{stage}"), self._ready(name, stage)
            yield Row(self._named(stages[stage]), False, begin_d, (end,))

    def _ready(self, project: str, stage: str) -> float:
        """When a stage could begin: when the project and every stage before it had."""
        after = self.runs.schedule.projects[project].stages[stage].after
        times = [self.runs.times(f"{project}.{name}") for name in (STARTED, *after)]
        return Spread.of(np.max(times, axis=0)).p50

    def _row(self, shown: str, name: str, begin_d: float) -> Row:
        marks = tuple(self._spread(f"{name}.{part}") for part in (COMMISSIONED, FINISHED))
        targets = self.runs.schedule.targets.values()
        own = [self._promise(t) for t in targets if t.milestone.partition(".")[0] == name]
        return Row(shown, True, begin_d, marks, tuple(own))

    def _promise(self, target: Target) -> Promise:
        chance = self.runs.chance(target.milestone, target.by)
        shares = {"p": chance.probability, "low": chance.low, "high": chance.high}
        odds = odds_of(self.lang, self._named(target), target.by, shares)
        return Promise(self.runs.calendar.day(target.by) + 1, odds)

    def _spread(self, milestone: str) -> Spread:
        return Spread.of(self.runs.times(milestone))

    def _median(self, milestone: str) -> float:
        return self._spread(milestone).p50

    def _named(self, thing: object) -> str:
        name: str = getattr(thing, f"name_{self.lang}")
        return name
