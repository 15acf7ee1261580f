"""A schedule: projects, what they share, and the dates that are promised."""

from collections.abc import Iterator

from pydantic import Field

from symbiosis.park.quantity import Evidence, Noun, Text, Years
from symbiosis.retrofit.calendar import Calendar
from symbiosis.retrofit.path import FactorPath
from symbiosis.retrofit.project import Course, ProjectCourse
from symbiosis.retrofit.resource import Budget, Date, Resource, Window
from symbiosis.retrofit.unit import UnitCourse

STARTED, COMMISSIONED, FINISHED = "started", "commissioned", "finished"
OF_PROJECT = (STARTED, COMMISSIONED, FINISHED)
"""Milestones that every project has beside its stages."""
ALL = "all"
"""What the milestones of all projects together begin with."""
LAST = f"{ALL}.{FINISHED}"


class Source(Noun):
    """Where numbers come from."""

    title: Text
    url: str | None = None
    note: str | None = None


class Target(Evidence):
    """A promise: a milestone is reached by a date, that day included."""

    name_zh: Text
    name_en: Text
    milestone: Text
    by: Date
    document: Text | None = Field(None, description="id in the section 'sources'")
    section: str | None = Field(None, description="where in the document")


class Schedule(Noun):
    """Everything that a schedule file declares."""

    schema_version: int = Field(ge=1, le=1, description="version of this file format")
    id: Text = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as in file names")
    name_zh: Text
    name_en: Text
    start: Date
    horizon: Years = Field(description="when the run ends, such as '8 a'")
    projects: dict[str, ProjectCourse] = Field(default_factory=dict)
    resources: dict[str, Resource] = Field(default_factory=dict)
    budgets: dict[str, Budget] = Field(default_factory=dict)
    windows: dict[str, Window] = Field(default_factory=dict)
    courses: dict[str, Course] = Field(default_factory=dict)
    units: dict[str, UnitCourse] = Field(
        default_factory=dict, description="by enterprise.unit: what happens to units of the park"
    )
    paths: dict[str, FactorPath] = Field(
        default_factory=dict, description="demands, prices and activities that move"
    )
    targets: dict[str, Target] = Field(default_factory=dict)
    sources: dict[str, Source] = Field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The calendar that begins with the schedule."""
        return Calendar.of(self.start)

    @property
    def horizon_d(self) -> float:
        """Length of a run in days."""
        return self.horizon.amount * 365

    @property
    def milestones(self) -> tuple[str, ...]:
        """Every milestone: ``project.stage``, ``project.commissioned``, ``all.finished`` ..."""
        own = [
            f"{name}.{part}"
            for name, project in sorted(self.projects.items())
            for part in (*sorted(project.stages), *OF_PROJECT)
        ]
        return (*own, f"{ALL}.{COMMISSIONED}", LAST)

    def openings(self, until_d: float) -> Iterator[tuple[str, float, float]]:
        """Every opening before a time of a window that a stage must lie in: id, begin, end."""
        every = [stage for project in self.projects.values() for stage in project.stages.values()]
        calendar = self.calendar
        for name in sorted({stage.window for stage in every if stage.window}):
            for first, after in self.windows[name].spans:
                for year in range(calendar.year(0.0) - 1, calendar.year(until_d) + 1):
                    begin_d = calendar.new_year(year) + first
                    end_d = begin_d + after - first
                    if end_d > 0 and begin_d < until_d:
                        yield name, max(begin_d, 0.0), end_d

    def shared(self) -> tuple[str, ...]:
        """Everything that projects can wait for: resources, budgets, windows."""
        return (*sorted(self.resources), *sorted(self.budgets), *sorted(self.windows))
