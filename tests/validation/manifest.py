"""The manifest of the problems: ``problems.toml`` as frozen values."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CHECKED = ("seen", "recomputed")
SCHEDULE = "schedule"


@dataclass(frozen=True)
class Answer:
    """One number of a publication: published = factor x ours + offset, to a relative tolerance."""

    quantity: str
    published: float
    unit: str
    factor: float = 1.0
    offset: float = 0.0
    tolerance: float = 1e-6

    def of(self, ours: float) -> float:
        """What we found, in the terms of the publication."""
        return self.factor * ours + self.offset

    def met_by(self, ours: float) -> bool:
        """Whether it is what was published."""
        return abs(self.of(ours) - self.published) <= self.tolerance * max(1.0, abs(self.published))


@dataclass(frozen=True)
class Problem:
    """One problem; see the README for the keys."""

    id: str
    kind: str
    title_en: str
    title_zh: str
    file: str
    goal: str
    citation: str
    checked: str
    note: str
    answer: tuple[Answer, ...]

    @property
    def path(self) -> Path:
        """Its park file, or the scenario file of a schedule."""
        return FOLDER / self.file

    @property
    def scheduled(self) -> bool:
        """Whether it asks when projects are done, and not for an optimum."""
        return self.goal == SCHEDULE


def problems() -> list[Problem]:
    """Every problem, in the order of the manifest."""
    text = (FOLDER / "problems.toml").read_text(encoding="utf-8")
    return [_problem(entry) for entry in tomllib.loads(text)["problem"]]


def park_files() -> list[str]:
    """The park files of this folder that are problems by themselves."""
    return sorted(problem.file for problem in problems() if not problem.scheduled)


def _problem(entry: dict[str, Any]) -> Problem:
    answers = tuple(Answer(**answer) for answer in entry["answer"])
    return Problem(**{**entry, "answer": answers})
