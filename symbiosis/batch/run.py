"""Work through a batch: what is not there yet is handed to an engine, what comes back is kept."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from symbiosis.batch.answers import Rows
from symbiosis.batch.case import Case
from symbiosis.batch.engine import Engine, WorkersDied
from symbiosis.batch.gather import Batch
from symbiosis.batch.store import Store
from symbiosis.batch.work import FAILED, row_of, work_for
from symbiosis.errors import Problem

Progress = Callable[[int, int], None]
"""How many cases were done and how many of them failed, in this run."""
MOST = 100_000
"""Cases that are worked through without asking again."""
TOLD = 3
"""Failed cases whose reason is told at the end; all stand in the table of cases."""


@dataclass
class Tally:
    """What a run of a batch has come to; ``skipped`` cases were there already."""

    done: int = 0
    failed: int = 0
    skipped: int = 0
    interrupted: bool = False
    why: list[Mapping[str, Any]] = field(default_factory=list)
    """The rows of the first cases that failed."""


def run(batch: Batch, store: Store, engine: Engine, progress: Progress | None = None) -> Tally:
    """Do every case that is not there yet, once; Ctrl-C keeps what was finished.

    Whatever ends it, what has come back is kept first.
    """
    tally = Tally(skipped=len(store.done))
    try:
        while not _worked(batch, store, engine, tally, progress):
            pass
    except KeyboardInterrupt:
        tally.interrupted = True
    finally:
        try:
            store.flush()
        finally:
            store.close()
            engine.close()
    return tally


def _worked(
    batch: Batch, store: Store, engine: Engine, tally: Tally, progress: Progress | None
) -> bool:
    """Do what is missing; False where cases took their processes down: they failed, others wait."""

    def keep(case: Case, rows: Rows) -> None:
        row = rows["cases"][0]
        failed = row["status"] == FAILED
        with undisturbed():
            store.add(case.key, rows)
            tally.failed += failed
            tally.done += not failed
            if failed and len(tally.why) < TOLD:
                tally.why.append(row)
        if progress is not None:
            progress(tally.done + tally.failed, tally.failed)

    missing = (case for case in batch.cases() if case.key not in store.done)
    try:
        for case, outcome in engine.run(work_for(batch.parks), missing):
            keep(case, outcome.rows)
    except WorkersDied as died:
        if not died.items:
            raise
        for case in died.items:
            keep(case, {"cases": [row_of(case, Problem("batch_killed"))]})
        return False
    return True


@contextmanager
def undisturbed() -> Iterator[None]:
    """A Ctrl-C that comes meanwhile is heard afterwards; a second one at once."""
    before = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or not callable(before):
        yield
        return
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) > 1:
            before(number, frame)

    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if len(heard) == 1:
            signal.raise_signal(signal.SIGINT)
