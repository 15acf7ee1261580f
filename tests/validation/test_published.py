"""Ours beside what was published, problem by problem, on both backends that work in process."""

import pytest

from symbiosis.solvers.status import Status
from tests.validation.manifest import CHECKED, FOLDER, Problem, problems
from tests.validation.measure import measure, solved

ALL = problems()


@pytest.mark.parametrize("solver", ["glpk", "highs"])
@pytest.mark.parametrize("problem", ALL, ids=[problem.id for problem in ALL])
def test_the_published_answer_is_found(problem: Problem, solver: str) -> None:
    found = solved(problem, solver)
    assert found.solved.status is Status.OPTIMAL
    for answer in problem.answer:
        ours = measure(found, answer.quantity)
        assert answer.met_by(ours), f"{answer.quantity}: {answer.of(ours)} for {answer.published}"


def test_every_problem_stands_once_and_says_how_it_was_checked() -> None:
    assert len({problem.id for problem in ALL}) == len(ALL)
    assert {problem.checked for problem in ALL} <= set(CHECKED)
    assert all(problem.citation and problem.note for problem in ALL)


def test_every_park_file_here_belongs_to_a_problem() -> None:
    assert {path.name for path in FOLDER.glob("*.yaml")} <= {problem.file for problem in ALL}
