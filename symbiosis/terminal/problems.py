"""Problems on the terminal: one list on stderr and, with ``--json``, one document on stdout."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.terminal.talk import Talk
from symbiosis.words import say


@dataclass(frozen=True)
class Misuse(Problem):
    """Something wrong with the command line itself; its text stands in ``lang/terminal.toml``."""

    def message(self, lang: str = "en") -> str:
        """The finding as a sentence, without its place."""
        return say(f"terminal.{self.code}", lang, **self.details)

    @classmethod
    def unknown(cls, code: str, found: str, allowed: Iterable[str]) -> "Misuse":
        """A name that is not there, with the nearest and all that are."""
        names = list(allowed)
        details = {"nearest": nearest(found, names), "allowed": listed(names, 20)}
        return cls(code, details={"found": found} | details)


def chosen(found: str, allowed: Sequence[str], key: str) -> str:
    """``found`` where it is one of ``allowed``. Raises :class:`InputError` with the nearest."""
    if found in allowed:
        return found
    details = {"nearest": nearest(found, allowed), "allowed": listed(allowed, 20)}
    raise InputError([Problem("not_allowed", key=key, details={"found": found} | details)])


def refusal(code: str, key: str = "", **details: Any) -> InputError:
    """One misuse of the option or argument ``key``, to be raised."""
    return InputError([Misuse(code, key=key, details=details)])


def misuse(error: Exception) -> Problem:
    """What the command line's library refused: the nearest option, or which numbers it takes."""
    ctx, found = getattr(error, "ctx", None), getattr(error, "option_name", "")
    if found and hasattr(error, "possibilities"):
        every = [option for param in ctx.command.params for option in param.opts] if ctx else []
        known = [option for option in every if option.startswith("-")]
        return Misuse.unknown("no_such_option", found, [*known, "--help"])
    param: Any = getattr(error, "param", None)
    named = " / ".join(option for option in getattr(param, "opts", ()) if option.startswith("-"))
    if type(error).__name__ == "MissingParameter":
        return Misuse("missing_argument", details={"found": named or param.metavar})
    least, most = _end(param, "min"), _end(param, "max")
    if type(error).__name__ == "BadParameter" and least is not None:
        code = "wants_number" if most is None else "wants_number_between"
        return Misuse(code, key=named, details={"least": least, "most": most})
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    return Misuse("cannot_be_read", details={"said": said.rstrip(".")})


def _end(param: Any, which: str) -> float | None:
    """The least or greatest number that an option takes; older versions keep it with its type."""
    own: float | None = getattr(param, which, None)
    return own if own is not None else getattr(getattr(param, "type", None), which, None)


def line_of(problem: Problem, lang: str) -> str:
    """``file:line: key: message. hint``, as far as they are known."""
    message, hint = problem.message(lang), problem.hint(lang)
    if hint and message[-1] not in ".。!！?？":
        message += "。" if lang == "zh" else ". "
    return ": ".join(part for part in (problem.place(), message + hint) if part)


def show_problems(problems: Iterable[Problem], heading: str, talk: Talk) -> None:
    """The list on stderr; also with ``-q``, for it is the answer."""
    found = list(problems)
    lines = [talk.say(heading, count=len(found))] if len(found) > 1 else []
    lines += [line_of(problem, talk.lang) for problem in found]
    sys.stderr.write("\n".join(lines) + "\n")


def error_document(problems: Iterable[Problem], talk: Talk) -> dict[str, Any]:
    """The same list as the JSON document of a command that failed."""
    return {"ok": False, "errors": [problem.as_row(talk.lang) for problem in problems]}
