"""What no run could ever bring about, whatever its luck."""

import math
from collections.abc import Iterator, Mapping
from functools import cached_property

from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.references import Findings, Path
from symbiosis.retrofit.agenda import behind
from symbiosis.retrofit.calendar import YEAR_D
from symbiosis.retrofit.draw import least_d, mean_d
from symbiosis.retrofit.project import ProjectCourse
from symbiosis.retrofit.schedule import Schedule
from symbiosis.retrofit.stage import Outcome, Stage


def check_possible(schedule: Schedule, declaration: Declaration) -> list[Problem]:
    """Stages that never fit, money that never comes, horizons that are too short.

    Names that do not exist are passed over: they are found elsewhere.
    """
    check = _Check(schedule, Findings(declaration))
    for name, window in schedule.windows.items():
        check.window(("windows", name), sum(end - first for first, end in window.spans))
    for name, project in schedule.projects.items():
        for stage, entry in project.stages.items():
            check.stage(("projects", name, "stages", stage), entry, project)
        check.length(("projects", name), name, project)
        check.money(("projects", name), project)
    return check.found.problems


def check_needs(path: Path, needs: Mapping[str, int], schedule: Schedule, found: Findings) -> None:
    """Nothing needs more of a resource than there are."""
    for name, number in needs.items():
        resource = schedule.resources.get(name)
        if number < 1:
            found.add((*path, name), "needs_nothing", found=number)
        elif resource is not None and number > resource.capacity:
            details = {"found": number, "resource": name, "capacity": resource.capacity}
            found.add((*path, name), "needs_too_many", **details)


class _Check:
    """The checks of one schedule."""

    def __init__(self, schedule: Schedule, found: Findings) -> None:
        self.schedule, self.found = schedule, found

    def window(self, path: Path, open_d: int) -> None:
        """A window that is the whole year is none."""
        if open_d >= YEAR_D:
            self.found.add(path, "window_all_year", found=str(path[-1]))

    def stage(self, path: Path, stage: Stage, project: ProjectCourse) -> None:
        """What one stage asks for is there at some time."""
        check_needs((*path, "needs"), stage.needs, self.schedule, self.found)
        self._window(path, stage)
        self._budget(path, stage)
        self._restart(path, stage, project)

    def _window(self, path: Path, stage: Stage) -> None:
        window = self.schedule.windows.get(stage.window or "")
        if window is None:
            return
        longest_d, least = max(end - first for first, end in window.spans), least_d(stage.duration)
        if least > longest_d:
            details = {"found": f"{least:g} d", "window": stage.window, "longest": f"{longest_d} d"}
            self.found.add((*path, "window"), "window_too_short", **details)
        elif math.isinf(self._opening_d(window.spans, least)):
            horizon = self.schedule.horizon.value
            details = {"found": stage.window, "horizon": horizon}
            self.found.add((*path, "window"), "window_never_open", **details)
        if stage.rests is not None:
            self.found.add((*path, "rests"), "window_and_rests")
        if stage.spends is not None and stage.spends.instalments > 1:
            self.found.add((*path, "spends", "instalments"), "window_and_instalments")

    def _opening_d(self, spans: tuple[tuple[int, int], ...], length_d: float) -> float:
        opens_d = self.schedule.calendar.next_fit(spans, 0.0, length_d)
        return opens_d if opens_d + length_d <= self.schedule.horizon_d else math.inf

    def _budget(self, path: Path, stage: Stage) -> None:
        """One instalment never exceeds what the budget ever holds."""
        budget = self.schedule.budgets.get(stage.spends.budget or "") if stage.spends else None
        if budget is None or stage.spends is None:
            return
        part = stage.spends.money.amount / stage.spends.instalments
        sums = [budget.of(year) for year in self.years]
        most = sum(sums) if budget.carried_over else max(sums)
        if part > most * (1 + 1e-12):
            details = {"found": f"{part:,.0f}", "budget": stage.spends.budget}
            self.found.add((*path, "spends"), "budget_too_small", most=f"{most:,.0f}", **details)

    def _restart(self, path: Path, stage: Stage, project: ProjectCourse) -> None:
        """A restart goes back, and does not undo what has been commissioned."""
        if stage.risk is None or stage.risk.outcome is not Outcome.RESTART:
            return
        after = {name: frozenset(entry.after) for name, entry in project.stages.items()}
        name, back_to = str(path[-1]), str(stage.risk.back_to)
        redone = behind(after, back_to)
        place = (*path, "risk", "back_to")
        if back_to in project.stages and name not in redone:
            self.found.add(place, "restart_forward", found=back_to, stage=name)
        early = [
            s for s in redone - behind(after, name) if project.stages.get(s, stage).commissions
        ]
        if early:
            self.found.add(place, "restart_undoes", found=back_to, stage=early[0])

    def length(self, path: Path, name: str, project: ProjectCourse) -> None:
        """The mean course of a project, without any waiting, ends within the horizon."""
        calendar = self.schedule.calendar
        start_d = 0.0 if project.earliest is None else calendar.day(project.earliest)
        length_d = max(start_d, 0.0) + longest_d(project)
        if length_d > self.schedule.horizon_d:
            details = {"found": self.schedule.horizon.value, "project": name}
            key = "horizon" if project.earliest is None else "earliest"
            place: Path = ("horizon",) if key == "horizon" else (*path, key)
            self.found.add(place, "horizon_too_short", needed=f"{length_d:,.0f} d", **details)

    def money(self, path: Path, project: ProjectCourse) -> None:
        """All that a project spends from a budget is there within the horizon."""
        for name, budget in self.schedule.budgets.items():
            spent = sum(_spent(project, name))
            there = sum(budget.of(year) for year in self.years)
            if spent > there * (1 + 1e-12):
                details = {"found": f"{spent:,.0f}", "budget": name, "most": f"{there:,.0f}"}
                self.found.add(path, "budget_never_enough", **details)

    @cached_property
    def years(self) -> range:
        """The years that begin within the horizon, and the first."""
        calendar = self.schedule.calendar
        return range(calendar.year(0.0), calendar.year(self.schedule.horizon_d - 0.5) + 1)


def longest_d(project: ProjectCourse) -> float:
    """The mean length of a project's longest way through its stages; zero where it is circular."""
    ends_d: dict[str, float] = {}
    for _ in project.stages:
        for name, stage in project.stages.items():
            if name not in ends_d and all(a in ends_d for a in stage.after):
                start_d = max((ends_d[a] for a in stage.after), default=0.0)
                ends_d[name] = start_d + mean_d(stage.duration)
    return max(ends_d.values(), default=0.0)


def _spent(project: ProjectCourse, budget: str) -> Iterator[float]:
    for stage in project.stages.values():
        if stage.spends is not None and stage.spends.budget == budget:
            yield stage.spends.money.amount
