"""Ours beside what was published, problem by problem, on both backends that work in process."""

import pytest

from symbiosis.solvers.status import Status
from symbiosis.yamlfile import read
from tests.validation.manifest import CHECKED, FOLDER, Problem, problems
from tests.validation.measure import measure, ours, solved

ALL = problems()
PARKS = [problem for problem in ALL if not problem.scheduled]
SCHEDULES = [problem for problem in ALL if problem.scheduled]


@pytest.mark.parametrize("solver", ["glpk", "highs"])
@pytest.mark.parametrize("problem", PARKS, ids=[problem.id for problem in PARKS])
def test_the_published_answer_is_found(problem: Problem, solver: str) -> None:
    found = solved(problem, solver)
    assert found.solved.status is Status.OPTIMAL
    for answer in problem.answer:
        got = measure(found, answer.quantity)
        assert answer.met_by(got), f"{answer.quantity}: {answer.of(got)} for {answer.published}"


@pytest.mark.parametrize("problem", SCHEDULES, ids=[problem.id for problem in SCHEDULES])
def test_the_published_schedule_is_found(problem: Problem) -> None:
    for answer in problem.answer:
        got = ours(problem, answer.quantity)
        assert answer.met_by(got), f"{answer.quantity}: {answer.of(got)} for {answer.published}"


def test_every_problem_stands_once_and_says_how_it_was_checked() -> None:
    assert len({problem.id for problem in ALL}) == len(ALL)
    assert {problem.checked for problem in ALL} <= set(CHECKED)
    assert all(problem.citation and problem.note for problem in ALL)


def test_every_file_here_belongs_to_a_problem() -> None:
    """A park file is a problem's own, or the park that the scenario of a schedule names."""
    named = {problem.file for problem in ALL}
    parks = {str(read(problem.path).tree["park"]) for problem in SCHEDULES}
    assert {path.name for path in FOLDER.glob("*.yaml")} == named | parks
