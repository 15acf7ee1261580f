"""Schedules with one thing wrong, and whether what is told of them names it."""

from pathlib import Path

from symbiosis.errors import InputError, Problem
from symbiosis.retrofit.load import load_schedule
from symbiosis.words import LANGUAGES


def problems(text: str, folder: Path) -> tuple[Problem, ...]:
    """All that is wrong with a schedule."""
    path = folder / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_schedule(path)
    except InputError as error:
        return error.problems
    return ()


def names_the_culprit(good: str, change: tuple[str, str, tuple[str, ...]], folder: Path) -> None:
    """One problem has all the wanted texts; each has its place and is said in every language."""
    before, after, wanted = change
    assert good.count(before) == 1
    found = problems(good.replace(before, after), folder)
    told = [f"{p.place()}: {p.message()} {p.hint()}" for p in found]
    assert any(all(text in line for text in wanted) for line in told), "\n".join(told)
    for problem in found:
        assert all(problem.message(lang) for lang in LANGUAGES)
        assert problem.line
        assert problem.file.endswith("wrong.yaml")
