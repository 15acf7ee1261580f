"""What is wrong, said so that the person who can mend it knows where and how.

A :class:`Problem` is one finding; it is language-neutral (a code and its details) and becomes a
sentence through :func:`symbiosis.words.say`. Findings are gathered and raised together:
:class:`InputError` when a file or an argument is wrong (exit code 2), :class:`NoAnswer` when the
question has no answer (exit code 1).
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symbiosis.words import say, term


@dataclass(frozen=True)
class Problem:
    """One finding in one place.

    ``code`` names a text in ``lang/errors.toml``; ``details`` fill its placeholders (``found``,
    ``allowed``, ``nearest`` ...). ``line`` is 1-based; ``key`` is the dotted path in the file.
    """

    code: str
    file: str = ""
    line: int | None = None
    key: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def message(self, lang: str = "en") -> str:
        """The finding as a sentence, without its place."""
        spoken = {
            key: term(value, lang) if key in ("what", "expected") else value
            for key, value in self.details.items()
        }
        return say(f"errors.{self.code}", lang, **spoken)

    def hint(self, lang: str = "en") -> str:
        """The nearest valid name, or what is allowed; empty where there is nothing to offer."""
        parts = []
        if self.details.get("nearest"):
            parts.append(say("errors.hint_nearest", lang, nearest=self.details["nearest"]))
        if self.details.get("allowed"):
            parts.append(say("errors.hint_allowed", lang, allowed=self.details["allowed"]))
        return " ".join(parts)

    def place(self) -> str:
        """``file:line: key`` as far as they are known."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (where, self.key) if part)

    def as_row(self, lang: str = "en") -> dict[str, Any]:
        """The finding for the JSON of ``check``: file, line, key, message, hint."""
        return {
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "code": self.code,
            "message": self.message(lang),
            "hint": self.hint(lang),
        }


class InputError(Exception):
    """The input is wrong; ``problems`` lists everything that was found, in the file's order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.place()}: {p.message()} {p.hint()}" for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """From one process to another with its problems."""
        return type(self), (self.problems,), vars(self)


class NoAnswer(Exception):
    """The question was understood and has no answer; ``problems`` say what conflicts."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(p.message() for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """From one process to another with its problems."""
        return type(self), (self.problems,), vars(self)


def nearest(name: str, allowed: Iterable[str]) -> str:
    """The allowed name closest to ``name``, or an empty text where none comes near."""
    close = difflib.get_close_matches(name, list(allowed), n=1, cutoff=0.5)
    return close[0] if close else ""


def listed(names: Iterable[str], most: int = 8) -> str:
    """Allowed names as one text, cut after ``most`` of them with the number left out."""
    every = list(names)
    rest = len(every) - most
    shown = ", ".join(every[:most])
    return f"{shown}, … (+{rest})" if rest > 0 else shown
