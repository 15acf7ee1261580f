"""The block ``retrofit`` of a scenario: the course of the park's own projects.

It has the sections of a schedule file, except that its projects are those of the park. What the
park file says of them goes before: names, predecessors (which must run, not be accepted), the
yearly ramp, and for a project without stages one stage as long as its lead. Beside them stand keys
that are about the park:

    retrofit:
      start: 2026-01-01          # by default 1 January of the scenario's start
      objective: utilisation     # what the exchanges of each month are optimised for
      finance: {own: 5000 万元}    # who pays for a plan, see docs/plan.md
      projects:
        slag_mill: {course: filed_table, budget: fund, instalments: 3, earliest: 2026-06-01}
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from symbiosis.candidates import candidates_of, cost_of, lead_of, links_to_build
from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.measurable import measurable
from symbiosis.optimum import Goal
from symbiosis.outputs import units_with_output, with_outputs
from symbiosis.park import change
from symbiosis.park.declaration import Declaration, Place
from symbiosis.park.project import Project, ProjectSize, ProjectStatus
from symbiosis.park.quantity import Noun, Share
from symbiosis.park.references import Findings, section, texts
from symbiosis.park.references import Path as Keys
from symbiosis.park.target import IndicatorTarget
from symbiosis.park.validate import in_file_order, structure_problems
from symbiosis.planning.money import KEY as FINANCE
from symbiosis.retrofit.calendar import YEAR_D
from symbiosis.retrofit.load import schedule_of
from symbiosis.retrofit.schedule import COMMISSIONED, Schedule
from symbiosis.scenario import Scenario
from symbiosis.targets import Ground, check_targets, outputs_named
from symbiosis.yamlfile import Document

BUILDING = "building"
"""The one stage of a project without a course."""
PAID = ("construction", BUILDING)
"""The stages during which a project is paid, the first one that it has, or else its first."""
OF_PROJECT = ("budget", "instalments", "size", "lead")
"""Keys of a project in the block that a schedule file does not have."""
MONEY = ("budget", "instalments")
"""Those that say how it is paid."""
OWN = ("objective",)
OF_PARK = (*OWN, FINANCE)
"""Keys of the block that a schedule file does not have; the finances are those of plans."""
HEAD = ("schema_version", "id", "name_zh", "name_en")
KEYS = (*(key for key in Schedule.model_fields if key not in HEAD), *OF_PARK)
"""Keys that the block may have: those of a schedule file that a scenario does not say itself."""
MONTHS = 12


class Conduct(Noun):
    """The keys of the block that are no part of a schedule; of the targets those of indicators."""

    objective: Goal = Field(
        Goal.UTILISATION, description="what the exchanges of each month are optimised for"
    )
    targets: dict[str, IndicatorTarget] = Field(default_factory=dict)


@dataclass(frozen=True)
class Retrofit:
    """The retrofit of a scenario: who builds what when, and how the park is run meanwhile.

    ``builds`` are the links of each project that are not there at the start.
    """

    scenario: Scenario
    schedule: Schedule
    conduct: Conduct
    builds: Mapping[str, tuple[str, ...]]

    @property
    def goals(self) -> Mapping[str, IndicatorTarget]:
        """The targets of indicators; those of milestones stand in the schedule."""
        return self.conduct.targets


def retrofit_of(scenario: Scenario) -> Retrofit:
    """The retrofit that a scenario declares; without a block, that of all open projects.

    Raises :class:`InputError` with everything that is wrong.
    """
    own = scenario.retrofit or Declaration({}, _nowhere(scenario))
    if not isinstance(own.tree.get("projects", {}), dict):
        own = own.changed(("projects",), {}, own.place(("projects",)))
    block = _Block(scenario, own)
    problems = block.problems()
    conduct = Conduct()
    try:
        conduct = Conduct.model_validate(block.conduct())
        problems += check_targets(own, conduct.targets, block.ground(conduct.targets))
    except ValidationError as error:
        problems += structure_problems(error, Conduct, own)
    schedule = None
    try:
        schedule = schedule_of(block.schedule())
    except InputError as error:
        problems += error.problems
    if problems or schedule is None:
        raise InputError(in_file_order([_placed(problem) for problem in problems]))
    return Retrofit(scenario, schedule, conduct, block.builds)


def _nowhere(scenario: Scenario) -> Document:
    """The document of a scenario without the block: what is wrong then stands in its park."""
    return Document(scenario.files[-1] if scenario.files else Path(scenario.id), {}, {})


def _placed(problem: Problem) -> Problem:
    """A problem of the block, with its key as the scenario file has it."""
    if problem.code == "unknown_key" and "." not in problem.key:
        found = str(problem.details["found"])
        details = {"found": found, "nearest": nearest(found, KEYS), "allowed": listed(KEYS, 20)}
        problem = replace(problem, details=details)
    return replace(problem, key=f"retrofit.{problem.key}" if problem.key else "retrofit")


class _Block:
    """The block of one scenario beside its park."""

    def __init__(self, scenario: Scenario, own: Declaration) -> None:
        self.scenario, self.park, self.own = scenario, scenario.park, own
        given = own.tree.get("projects")
        self.given: dict[str, Any] = given if isinstance(given, dict) else {}
        named = [name for name in self.given if name in self.park.projects]
        start = self.park.start
        open_ = candidates_of(self.park, start)
        chosen = {name: links_to_build(self.park, name, start) for name in named}
        self.builds = open_ if given is None else chosen

    def problems(self) -> list[Problem]:
        """What is wrong with the projects that the block names."""
        found = Findings(self.own)
        for name in self.given:
            here: Keys = ("projects", name)
            found.name(here, name, self.park.projects, "project")
            if name in self.park.projects and self._there(name):
                found.add(here, "project_there", found=name, year=self.park.start)
        for name in self.builds:
            self._project(name, found)
        self._moved(found)
        return found.problems

    def _moved(self, found: Findings) -> None:
        """Units that stand still and figures that move are those of the park."""
        units = [f"{company}.{unit}" for company, unit, _ in self.park.units()]
        for name in section(self.own.tree, "units"):
            found.name(("units", name), name, units, "unit")
        for name, path in section(self.own.tree, "paths").items():
            for i, key in texts(path.get("keys")):
                try:
                    change.quantity_at(self.park, key)
                except KeyError:
                    near = nearest(key, change.quantity_keys(self.park))
                    found.add(("paths", name, "keys", *i), "no_quantity", found=key, nearest=near)

    def _project(self, name: str, found: Findings) -> None:
        entry, here = self._entry(name), ("projects", name)
        for other in self._before(name):
            if other not in self.builds and not self._there(other):
                found.add((*here, "after"), "waits_for_nobody", found=other, project=name)
        if "budget" in entry and self._cny(name) is None:
            found.add((*here, "budget"), "budget_without_cost", found=name)
        sizes = [size.id for size in self.park.projects[name].sizes]
        found.name((*here, "size"), entry.get("size"), sizes, "size")
        found.name((*here, "budget"), entry.get("budget"), section(self.own.tree, "budgets"),
                   "budget")  # fmt: skip

    def _entry(self, name: str) -> dict[str, Any]:
        entry = self.given.get(name)
        return entry if isinstance(entry, dict) else {}

    def _before(self, name: str) -> list[str]:
        """What the park file lets a project wait for."""
        return list(self.park.projects[name].after)

    def _there(self, name: str) -> bool:
        """Whether a project runs already as the scenario begins."""
        project = self.park.projects[name]
        by_then = project.from_ is None or project.from_ <= self.park.start
        return by_then and project.status is ProjectStatus.DONE

    # --- what is no part of a schedule

    def conduct(self) -> dict[str, Any]:
        """The keys that a schedule file does not have, and the targets of indicators."""
        own = {key: self.own.tree[key] for key in OWN if key in self.own.tree}
        goals = self._targets(goals=True)
        return own | ({"targets": goals} if goals else {})

    def _targets(self, goals: bool) -> Any:
        """The targets of indicators, or all others."""
        every = self.own.tree.get("targets", {})
        if not isinstance(every, dict):
            return {} if goals else every
        return {k: v for k, v in every.items() if goals is (_is_goal(v))}

    def ground(self, goals: Mapping[str, IndicatorTarget]) -> Ground:
        """What targets can name."""
        scenario = self.scenario
        outputs = units_with_output(self.park)
        asked = [unit for unit in outputs_named(goals) if unit in outputs]
        data = with_outputs(self.park, scenario.slice(), asked)
        first = self.park.start
        return Ground(
            measures=measurable(self.park, data).measures,
            outputs=outputs,
            documents=(*section(self.own.tree, "sources"), *self.park.sources),
            years=range(first, first + math.ceil(self.park.horizon.amount)),
        )

    # --- the schedule

    def schedule(self) -> Declaration:
        """The block as a schedule file would declare it."""
        scenario, tree = self.scenario, self.own.tree
        whole = {
            "schema_version": 1,
            "id": scenario.id,
            "name_zh": scenario.name_zh,
            "name_en": scenario.name_en,
            "start": f"{self.park.start}-01-01",
            "horizon": self.park.horizon.value,
            **{key: value for key, value in tree.items() if key not in OF_PARK},
            "targets": self._targets(goals=False),
            "projects": {name: self._filled(name) for name in self.builds},
        }
        return replace(self.own, tree=whole, overlay=dict(self._places()))

    def _places(self) -> Iterator[tuple[Keys, Place]]:
        """Where a project stands that the block does not name."""
        for name in self.builds:
            if name not in self.given:
                yield ("projects", name), self.own.place(("projects",))

    def _filled(self, name: str) -> Any:
        """What a schedule says of one project."""
        if not isinstance(self.given.get(name, {}), dict):
            return self.given[name]
        project, entry = self.park.projects[name], dict(self._entry(name))
        paid = {key: entry.pop(key) for key in OF_PROJECT if key in entry}
        after = [text for _, text in texts(entry.pop("after", ()))]
        waits = [f"{p}.{COMMISSIONED}" for p in self._before(name) if p in self.builds]
        filled = {"name_zh": project.name_zh, "name_en": project.name_en} | entry
        filled["after"] = [*after, *waits]
        if "course" not in entry and "stages" not in entry:
            filled["stages"] = {BUILDING: _building(project, paid.get("lead"))}
        if "ramp_up" not in entry and project.ramp:
            filled["ramp_up"] = [part.value for part in project.ramp for _ in range(MONTHS)]
        if size := self._size(name):
            filled["ramp_up"] = _parts(filled.get("ramp_up"), size)
        return self._paid(name, filled, paid)

    def _size(self, name: str) -> ProjectSize | None:
        """The size in which a project is built: the one named, or the largest that it has."""
        sizes = self.park.projects[name].sizes
        named = self._entry(name).get("size")
        chosen = [size for size in sizes if named in (None, size.id)]
        return max(chosen, key=lambda size: size.share.amount, default=None)

    def _cny(self, name: str) -> float | None:
        """What a project costs, in its size; None where that is not stated."""
        size = self._size(name)
        return size.investment.amount if size else cost_of(self.park, name, self.builds[name])

    def _paid(self, name: str, filled: dict[str, Any], paid: dict[str, Any]) -> dict[str, Any]:
        """The project with its cost paid while it is built, from a budget if one is named."""
        cny = self._cny(name)
        if cny is None:
            return filled
        stages = dict(filled.get("stages") or {})
        own = next((s for s in (*PAID, *stages) if s in stages), PAID[0])
        stage = PAID[0] if "course" in filled else own
        given = stages.get(stage, {})
        if not isinstance(given, dict):
            return filled
        spends = {"money": f"{cny!r} CNY"} | {k: v for k, v in paid.items() if k in MONEY}
        return filled | {"stages": stages | {stage: {"spends": spends} | given}}


def _building(project: Project, lead: Any) -> dict[str, Any]:
    """The one stage of a project of which only the lead is known, the block's or the park's."""
    days = f"{lead_of(project) * YEAR_D!r} d" if lead is None else lead
    return {"name_zh": "建设", "name_en": "Building", "duration": days}


def _parts(ramp_up: Any, size: ProjectSize) -> Any:
    """A ramp up to the part of the whole that a size has; what is no ramp is left as it is."""
    try:
        shares = [Share.model_validate(part).amount for part in (ramp_up or ["100 %"])]
    except (ValidationError, TypeError):
        return ramp_up
    return [f"{100 * share * size.share.amount!r} %" for share in shares]


def _is_goal(target: Any) -> bool:
    return isinstance(target, dict) and "indicator" in target
