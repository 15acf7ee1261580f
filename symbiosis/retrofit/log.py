"""What happened in a run: stages with what they waited for, and changes of the park."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Ending(StrEnum):
    """How one go at a stage ended."""

    DONE = "done"
    REWORK = "rework"  # failed, is done again
    RESTART = "restart"  # failed, the project goes back
    ABANDONED = "abandoned"  # failed, the project is given up
    VOID = "void"  # done for nothing: a restart, or the end of the project, came before
    OPEN = "open"  # the run ended first
    MISSED = "missed"  # an overhaul found no crews while its window had room


@dataclass(frozen=True, slots=True)
class Wait:
    """A stage waited ``days`` for ``what``: resources, a budget or a window."""

    what: tuple[str, ...]
    days: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One go at a stage, or one stop of a unit. Times are days since the start of the schedule.

    Of a stop ``project`` is the unit and ``stage`` the kind; ``attempt`` counts those of a kind.

    The stage could have begun at ``ready_d``, began at ``start_d`` (None: never) and ended at
    ``end_d`` (None: the run ended first). ``freed_by`` is the stage, as (project, stage), whose
    crews or desks it took over. Waits for instalments lie between start and end.
    """

    project: str
    stage: str
    attempt: int
    ready_d: float
    start_d: float | None
    end_d: float | None
    ending: Ending
    waits: tuple[Wait, ...]
    spent_cny: float
    needs: tuple[tuple[str, int], ...]
    freed_by: tuple[str, str] | None

    @property
    def waited_d(self) -> float:
        """Days of waiting before and within the stage."""
        return sum(wait.days for wait in self.waits)


class Recorded(Protocol):
    """Something that can be written into the log as it stands."""

    def entry(self, ending: Ending) -> Entry:
        """The line of the log."""


class DownKind(StrEnum):
    """Why a unit is down."""

    BREAKDOWN = "breakdown"
    OVERHAUL = "overhaul"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Down:
    """A unit has only ``share`` of its capacity, from a time until another.

    Times are days since the start; what lasts longer than the run ends with it.
    """

    unit: str
    kind: DownKind
    from_d: float
    until_d: float
    share: float


class Stopping(Recorded, Protocol):
    """A stop of a unit that can be written into the log, and may have taken capacity."""

    def down(self) -> Down | None:
        """What it took; None where the unit ran on."""


@dataclass(frozen=True, slots=True)
class Change:
    """The state of the park has changed: so much of a project's capacity is there from now on."""

    project: str
    time_d: float
    date: str
    share: float


OnChange = Callable[[Change], None]
"""Called inside the run, at the time of the change."""
