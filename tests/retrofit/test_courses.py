"""The courses that come with the package, and how projects take them over."""

import re
from collections.abc import Callable

import pytest

from symbiosis.errors import InputError
from symbiosis.park.quantity import Checked, Grade
from symbiosis.park.references import section
from symbiosis.retrofit.draw import mean_d
from symbiosis.retrofit.load import bundled_courses
from symbiosis.retrofit.project import Course
from symbiosis.retrofit.schedule import Schedule, Source

Make = Callable[..., Schedule]
COURSES = bundled_courses()
STAGES = [
    (course, stage)
    for course, entry in section(COURSES.tree, "courses").items()
    for stage in section(entry, "stages")
]


@pytest.mark.parametrize("course", section(COURSES.tree, "courses"))
def test_a_bundled_course_is_whole(course: str, schedule: Make) -> None:
    found = schedule({"p": {"course": course, "stages": {}}}).projects["p"]
    Course.model_validate(COURSES.tree["courses"][course])
    for wanted in ("feasibility", "filing", "environmental_review", "energy_review", "financing",
                   "construction", "tie_in", "trial_run", "acceptance"):  # fmt: skip
        assert wanted in found.stages
    assert [name for name, stage in found.stages.items() if stage.commissions] == ["trial_run"]


@pytest.mark.parametrize(("course", "stage"), STAGES)
def test_every_number_has_a_source_a_grade_and_says_how_it_was_checked(
    course: str, stage: str
) -> None:
    given = Course.model_validate(COURSES.tree["courses"][course]).stages[stage].duration
    sources = {k: Source.model_validate(v) for k, v in section(COURSES.tree, "sources").items()}
    assert given.source
    assert set(given.source) <= set(sources)
    assert given.grade in Grade
    assert given.checked in Checked


def test_working_days_were_turned_into_calendar_days_as_the_formula_says() -> None:
    checked = 0
    for course, stage in STAGES:
        given = Course.model_validate(COURSES.tree["courses"][course]).stages[stage].duration
        if given.formula:
            numbers = [int(n) for n in re.findall(r"\d+", given.formula)[:3]]
            days = [part.amount for part in (given.value, given.low, given.high) if part]
            assert days == pytest.approx([n * 365 / 250 for n in numbers])
            checked += 1
    assert checked > 5


def test_a_project_changes_and_adds_stages(schedule: Make, stage: Make) -> None:
    own = {"construction": {"duration": "100 d"}, "extra": stage("1 d", after=["construction"])}
    found = schedule({"p": {"course": "filed_table", "stages": own}}).projects["p"].stages
    assert mean_d(found["construction"].duration) == 100
    assert found["construction"].name_zh == "建设施工"
    assert found["construction"].after == ("permit", "tender", "financing")
    assert "extra" in found


def test_a_schedule_has_courses_of_its_own(schedule: Make, stage: Make) -> None:
    course = {"name_zh": "短", "name_en": "short", "stages": {"only": stage("7 d")}}
    made = schedule({"p": {"course": "short", "stages": {}}}, courses={"short": course})
    assert list(made.projects["p"].stages) == ["only"]


def test_what_is_wrong_in_a_course_is_shown_where_it_stands(schedule: Make, stage: Make) -> None:
    course = {"name_zh": "短", "name_en": "short", "stages": {"only": stage("7")}}
    with pytest.raises(InputError) as caught:
        schedule({"p": {"course": "short", "stages": {}}}, courses={"short": course})
    assert {p.code for p in caught.value.problems} == {"no_unit"}
    assert len({p.line for p in caught.value.problems}) == 1
