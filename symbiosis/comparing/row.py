"""One line of a comparison, and two results that stand beside each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symbiosis.comparing.intervals import Gap
from symbiosis.errors import Problem
from symbiosis.indicator_names import names_of
from symbiosis.keep import Kept
from symbiosis.park.park import Park
from symbiosis.words import LANGUAGES, say

ROUNDING = 1e-9
"""Numbers so much closer than their size are the same: solvers answer no more exactly."""
SHARE = "1"


@dataclass(frozen=True)
class Row:
    """A number in the base and in another result.

    ``difference`` is other less base, ``low`` to ``high`` its 95 % interval, None where the numbers
    are exact or too few. ``n`` runs were compared: pairs where ``paired`` (None: no runs at all).
    ``clear`` says whether it is a difference and not chance or rounding.
    """

    subject: str
    id: str
    by: str | None
    unit: str
    base: float | str | None
    other: float | str | None
    result: str
    difference: float | None
    low: float | None = None
    high: float | None = None
    paired: bool | None = None
    n: int | None = None
    n_base: int | None = None
    n_other: int | None = None
    clear: bool = False
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class LeftOut:
    """What cannot be compared: it is in one result alone, or means something else in the other."""

    subject: str
    id: str
    result: str
    why: str


@dataclass(frozen=True)
class Pair:
    """The base and another result of the same kind and park."""

    base: Kept
    other: Kept

    @property
    def result(self) -> str:
        """The name of the other one."""
        return str(self.other.folder)

    @cached_property
    def park(self) -> Park:
        """The park of the base, from its own frozen files."""
        return self.base.inputs().park

    @property
    def documents(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """What both commands said."""
        return self.base.document, self.other.document

    def by_id(self, table: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The rows of a table of both, by id."""
        one, other = ({row["id"]: row for row in d[table]} for d in self.documents)
        return one, other

    def left_out(self, subject: str, base: Any, other: Any) -> Iterator[LeftOut]:
        """Names that stand in one of two collections alone."""
        for name in base:
            if name not in other:
                yield LeftOut(subject, name, self.result, "base_only")
        for name in other:
            if name not in base:
                yield LeftOut(subject, name, self.result, "other_only")

    def exact(
        self,
        subject: str,
        name: str,
        unit: str,
        values: tuple[float | None, float | None],
        by: str | None = None,
        names: Mapping[str, str] | None = None,
    ) -> Row:
        """A row of two numbers without chance; None is a number that is not defined."""
        base, other = values
        gap = None if base is None or other is None else other - base
        clear = (base is None) != (other is None) if gap is None else beyond(gap, base, other)
        words = names or self.names(name)
        head = (subject, name, by, unit, base, other, self.result)
        return Row(*head, gap, clear=clear, name_zh=words["zh"], name_en=words["en"])

    def names(self, indicator: str) -> dict[str, str]:
        """What an indicator is called; its id where the park has no name for it."""
        return names_of(indicator, self.park)


def beyond(gap: float, base: float | None, other: float | None) -> bool:
    """Whether a difference is more than rounding."""
    return abs(gap) > ROUNDING * max(abs(base or 0.0), abs(other or 0.0))


def is_clear(gap: Gap, base: float | None, other: float | None) -> bool:
    """Whether an interval leaves out 0, and the difference is more than rounding."""
    if gap.difference is None or gap.low is None or gap.high is None:
        return False
    return not gap.low <= 0.0 <= gap.high and beyond(gap.difference, base, other)


def unlike(what: str, found: str, has: Any, against: str, had: Any) -> Problem:
    """That a result cannot be compared with another, for ``what`` is not the same."""
    word = {lang: say(f"terminal.unlike_{what}", lang) for lang in LANGUAGES}
    details = {"differs": word, "found": found, "has": has, "against": against, "had": had}
    return Problem("results_unlike", key="RESULT", details=details)
