"""``check``: every error and every doubt of some files, without running anything."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from symbiosis.doubts import doubts_of
from symbiosis.errors import InputError, Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.load import bundled, find
from symbiosis.park.validate import in_file_order, validate
from symbiosis.scenario import Scenario
from symbiosis.terminal.outcome import DONE, WRONG_INPUT
from symbiosis.terminal.problems import line_of
from symbiosis.terminal.talk import Talk
from symbiosis.yamlfile import read

OF_YEARS = ("not_in_effect", "freight_of_later")
"""Doubts about rules and rates that begin after the start."""


@dataclass(frozen=True)
class Checked:
    """What was found in one file."""

    file: str
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check_files(files: list[str], talk: Talk) -> int:
    """Show what is wrong or doubtful in parks and scenarios; the exit code."""
    checked = [check(file) for file in files]
    errors = [problem for one in checked for problem in one.errors]
    if talk.json:
        warnings = [problem for one in checked for problem in one.warnings]
        talk.document(
            {
                "ok": not errors,
                "errors": [problem.as_row(talk.lang) for problem in errors],
                "warnings": [problem.as_row(talk.lang) for problem in warnings],
            }
        )
    for one in checked:
        _show(one, talk)
    return WRONG_INPUT if errors else DONE


def check(file: str) -> Checked:
    """The errors and doubts of one park or scenario, told apart by what the file says."""
    try:
        path = find(file, "scenarios" if file in bundled("scenarios") else "parks")
        return Checked(file, warnings=_read(path))
    except InputError as error:
        return Checked(file, errors=error.problems)


def _read(path: Path) -> tuple[Problem, ...]:
    """The doubts of a sound file. Raises :class:`InputError` for one that is not."""
    declaration = Declaration.of(read(path))
    if is_scenario(declaration):
        return _of_scenario(path)
    return tuple(doubts_of(validate(declaration), declaration))


def _read_all(scenario: Scenario, *readers: Callable[[Scenario], object]) -> None:
    """Raises :class:`InputError` with what all readers of a scenario's block find wrong."""
    problems: list[Problem] = []
    for reader in readers:
        try:
            reader(scenario)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(in_file_order(problems))


def _of_scenario(path: Path) -> tuple[Problem, ...]:
    """The doubts that a scenario adds to those of its park.

    They are about what it says itself, and about rules that begin after its start; that links of
    the park are planned, seen from an earlier start, is what it is for.
    """
    from symbiosis.planning.money import financing_of
    from symbiosis.retrofit.block import retrofit_of
    from symbiosis.scenario import declarations, load_scenario

    scenario = load_scenario(path)
    if scenario.retrofit is not None:
        _read_all(scenario, retrofit_of, financing_of)
    changed = scenario.park
    park, patched = declarations(path)
    known = {(doubt.code, doubt.key) for doubt in doubts_of(validate(park), park)}
    return tuple(
        doubt
        for doubt in doubts_of(changed, patched)
        if (doubt.code, doubt.key) not in known
        and (doubt.code in OF_YEARS or doubt.file == str(path))
    )


def is_scenario(declaration: Declaration) -> bool:
    """Whether a file changes a park: it names one, and has no enterprises of its own."""
    tree = declaration.tree
    return isinstance(tree, dict) and "park" in tree and "enterprises" not in tree


def _show(one: Checked, talk: Talk) -> None:
    """Errors and warnings to stderr, the verdict on one file to stdout."""
    shown = [*one.errors, *(() if talk.quiet else one.warnings)]
    for problem in shown:
        kind = talk.say("error" if problem in one.errors else "warning")
        sys.stderr.write(f"{kind}: {line_of(problem, talk.lang)}\n")
    if not talk.json:
        verdict = "file_has_errors" if one.errors else "file_is_sound"
        counts = {name: _count(name, talk, getattr(one, name)) for name in ("errors", "warnings")}
        sys.stdout.write(talk.say(verdict, file=one.file, **counts) + "\n")


def _count(what: str, talk: Talk, problems: tuple[Problem, ...]) -> str:
    """How many there are, in words: one error, two errors."""
    count = len(problems)
    return talk.say(f"count_of_{what}_one" if count == 1 else f"count_of_{what}", count=count)
