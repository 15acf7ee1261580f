"""What a Gantt picture of many runs shows, as plain values: rows, spreads, promises, windows.

Times are days since the start; what is not reached is infinite.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from symbiosis.retrofit.calendar import Calendar
from symbiosis.seasons import Floats
from symbiosis.words import say

SHARES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


@dataclass(frozen=True)
class Spread:
    """When something comes: by when it had come in these shares of the runs."""

    p05: float
    p25: float
    p50: float
    p75: float
    p95: float

    @classmethod
    def by(cls, time_of: Callable[[str, float], float]) -> "Spread":
        """The spread of what a function says for ``p05`` and 0.05, and so on."""
        return cls(**{name: time_of(name, share) for name, share in SHARES.items()})

    @classmethod
    def of(cls, times_d: Floats) -> "Spread":
        """The spread of the times of all runs: each is the time of one of them."""
        ordered = np.sort(times_d)
        last = len(ordered) - 1
        places = {
            share: min(max(math.ceil(share * len(ordered) - 1e-9) - 1, 0), last)
            for share in SHARES.values()
        }
        return cls.by(lambda _, share: float(ordered[places[share]]))


@dataclass(frozen=True)
class Promise:
    """A date that was promised: the end of its day, and the odds in words."""

    end_d: float
    odds: str


@dataclass(frozen=True)
class Row:
    """One line: a project, or the whole park, with commissioning and end; or a stage with its end.

    The bar goes from ``begin_d`` to the median of the last of ``marks``.
    """

    name: str
    large: bool
    begin_d: float
    marks: tuple[Spread, ...]
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Everything that is drawn; ``never`` is the share of runs that did not come to an end."""

    lang: str
    title: str
    subtitle: str
    start: str
    horizon_d: float
    rows: tuple[Row, ...]
    windows: tuple[tuple[float, float], ...]
    never: float

    @property
    def calendar(self) -> Calendar:
        """The calendar of the runs."""
        return Calendar.of(self.start)

    @cached_property
    def last_d(self) -> float:
        """The end of the time axis: the end of a year behind everything that is drawn."""
        times_d = [mark.p95 for row in self.rows for mark in row.marks]
        times_d += [promise.end_d - 1 for row in self.rows for promise in row.promises]
        reached = [time_d for time_d in times_d if math.isfinite(time_d)]
        whole = len(reached) == len(times_d)
        until_d = max(reached) if whole else self.horizon_d
        return self.calendar.new_year(self.calendar.year(until_d) + 1)


def odds_of(lang: str, name: str, by: str, shares: Mapping[str, Any]) -> str:
    """The odds of a promise in words; ``shares`` are p, low and high."""
    odds = {key: "–" if share is None else f"{100 * share:.0f}" for key, share in shares.items()}
    return say("picture.gantt_target", lang, name=name, by=by, **odds)
