"""What every peer is handed and gives back, and the clock that they share."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

STAGES = ("build", "write", "solve", "read")
"""``build`` the model in the peer's own terms, ``write`` it for the solver, ``solve``, ``read``."""

HIGHS_OPTIONS: Mapping[str, Any] = {"threads": 1}
"""What every peer that drives HiGHS sets; everything else is left at its default."""

INTEGER_GAP = 1e-6
"""Relative gap of problems with integers, for every solver: objectives are compared to 1e-6."""


class Change(StrEnum):
    """What differs between a problem and its variations."""

    ALL = "all"
    BALANCE = "balance"
    OUTAGE = "outage"


@dataclass(frozen=True)
class Outcome:
    """One problem solved once: its minimum, seconds by stage, and the size the solver was given.

    A stage that a peer cannot tell from another is left out and counted in that other.
    """

    objective: float
    seconds: Mapping[str, float]
    columns: int
    rows: int


@dataclass(frozen=True)
class Batch:
    """Variations solved one after another: their minima and the seconds they took together.

    ``first_s`` is what it took to solve the problem itself, before any variation: a batch that
    keeps its model pays it once, one that builds each model afresh does not need it.
    """

    objectives: tuple[float, ...]
    seconds: float
    first_s: float = 0.0


def options_for(integers: bool) -> dict[str, Any]:
    """The options of HiGHS, with the gap where there are integers."""
    gap = {"mip_rel_gap": INTEGER_GAP} if integers else {}
    return {**HIGHS_OPTIONS, **gap}


@dataclass
class Stopwatch:
    """Seconds by stage: ``with watch("build"): ...``."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        started = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started

    def around(self, stage: str, action: Callable[..., Any]) -> Callable[..., Any]:
        """The same for a function, to measure a library's own step from inside."""

        def run(*arguments: Any, **named: Any) -> Any:
            with self(stage):
                return action(*arguments, **named)

        return run
