"""A project in a schedule: its stages, what it waits for, how its capacity comes."""

from pydantic import Field

from symbiosis.park.quantity import Evidence, Noun, Share, Text
from symbiosis.retrofit.resource import Date
from symbiosis.retrofit.stage import Stage


class Course(Evidence):
    """The stages through which projects of one sort go."""

    name_zh: Text
    name_en: Text
    stages: dict[str, Stage] = Field(min_length=1)


class ProjectCourse(Noun):
    """One project: the stages of its course, changed and added to by its own."""

    name_zh: Text
    name_en: Text
    course: Text | None = Field(None, description="id of a course, or none for own stages alone")
    stages: dict[str, Stage] = Field(min_length=1)
    after: tuple[Text, ...] = Field(
        (), description="projects that must be finished, or milestones such as 'other.tie_in'"
    )
    earliest: Date | None = Field(None, description="date before which it does not start")
    priority: int = Field(0, description="who is served first where resources are short: 1, then 2")
    ramp_up: tuple[Share, ...] = Field(
        (), description="share of capacity in the first, second ... month; the last one stays"
    )
