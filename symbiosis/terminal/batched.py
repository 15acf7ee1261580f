"""``batch`` on the terminal: how far it is, what came out, where it is kept."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from symbiosis.batch.case import Verb
from symbiosis.batch.engine import Engine, local
from symbiosis.batch.gather import Batch, gather
from symbiosis.batch.manifest import manifest_of
from symbiosis.batch.options import Order
from symbiosis.batch.place import Place
from symbiosis.batch.run import MOST, Progress, Tally, run
from symbiosis.batch.store import Store
from symbiosis.terminal.helpers import only_there
from symbiosis.terminal.outcome import DONE, INTERRUPTED, NO_ANSWER
from symbiosis.terminal.problems import chosen, line_of, refusal
from symbiosis.terminal.table import show_text
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.writing import writing

EVERY_S = 30.0
"""A log has a line of progress at least so often."""
MEMORY = "memory://"


@dataclass(frozen=True)
class Wish:
    """What was asked on the command line; an empty option is one that a sweep may say."""

    output: str
    verb: str
    options: dict[str, Any]
    seed: int
    workers: int | None
    resume: bool
    yes: bool
    strict: bool
    cluster: str = ""


def show_batch(names: Sequence[str], wish: Wish, talk: Talk) -> int:
    """Work through a batch, keep it and say what came out; the exit code."""
    verb = Verb(chosen(wish.verb, tuple(Verb), "--verb")) if wish.verb else None
    options = {name: value for name, value in wish.options.items() if value not in ("", None)}
    batch = gather(names, Order(verb, options, wish.seed))
    if batch.count > MOST and not wish.yes:
        raise refusal("batch_many", "--yes", found=f"{batch.count:,}", most=f"{MOST:,}")
    with engine_for(batch, wish, talk) as engine, writing(wish.output):
        store = Store.opened(Place.at(wish.output), manifest_of(batch), wish.resume)
        for problem in store.damaged:
            sys.stderr.write(line_of(problem, talk.lang) + "\n")
        with progress_bar(talk, batch.count, len(store.done)) as progress:
            tally = run(batch, store, engine, progress)
    show_tally(tally, batch, store, wish, talk)
    if tally.interrupted:
        return INTERRUPTED
    return NO_ANSWER if wish.strict and tally.failed + store.failed_before else DONE


@contextmanager
def engine_for(batch: Batch, wish: Wish, talk: Talk) -> Iterator[Engine]:
    """Who does the work: a cluster, reached first, or no more processes than cases."""
    if wish.cluster:
        only_there(wish.workers)
        from symbiosis.batch.dask_engine import DaskEngine

        engine: Engine = DaskEngine(wish.cluster, talk.note)
    else:
        workers = wish.workers or len(os.sched_getaffinity(0))
        engine = local(max(1, min(workers, batch.count)))
    try:
        yield engine
    finally:
        engine.close()


def show_tally(tally: Tally, batch: Batch, store: Store, wish: Wish, talk: Talk) -> None:
    """What came out."""
    for row in tally.why:
        talk.note("batch_case_failed", name=row["name"], said=row[f"message_{talk.lang}"])
    if wish.output.startswith(MEMORY):
        talk.note("batch_in_memory", folder=wish.output)
    if tally.interrupted:
        talk.note("batch_interrupted", done=tally.done + tally.failed, of=batch.count)
    if talk.json:
        talk.document({
            "done": tally.done, "failed": tally.failed, "skipped": tally.skipped,
            "dir": wish.output, "verb": batch.verb.value, "interrupted": tally.interrupted,
            "damaged": [str(problem.details["found"]) for problem in store.damaged],
        })  # fmt: skip
        return
    words = {"done": tally.done, "failed": tally.failed, "skipped": tally.skipped}
    show_text(talk.say("batch_done", **words), bold=True)
    show_text(talk.say("batch_kept", folder=wish.output))


@contextmanager
def progress_bar(talk: Talk, total: int, there: int) -> Iterator[Progress | None]:
    """Rate and time left of what is to be done: a bar on stderr, plain lines where nobody looks.

    Nothing where it is not wanted.
    """
    if talk.quiet or not sys.stderr.isatty():
        yield None if talk.quiet else Lines(talk, total - there)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(talk.say("batching")), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
               TextColumn("{task.fields[failed]}"))  # fmt: skip
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=total - there, rate="", failed="")

        def progress(done: int, failed: int) -> None:
            own = bar.tasks[0]
            rate = talk.say("batch_rate", rate=f"{own.speed:.1f}") if own.speed else ""
            told = talk.say("batch_failed", failed=failed) if failed else ""
            bar.update(task, completed=done, rate=rate, failed=told)

        yield progress


class Lines:
    """Plain lines for a log: one in half a minute, and with ``-v`` after 1, 2, 4, 8 ... cases."""

    def __init__(self, talk: Talk, total: int, clock: Callable[[], float] = monotonic) -> None:
        self._talk, self._total, self._clock = talk, total, clock
        self._begun_s = self._told_s = clock()

    def __call__(self, done: int, failed: int) -> None:
        """Tell how far it is, if it is time to."""
        now_s = self._clock()
        doubled = self._talk.verbose and done & (done - 1) == 0
        if not doubled and now_s < self._told_s + EVERY_S:
            return
        self._told_s = now_s
        each_s = max(now_s - self._begun_s, 1e-6) / done
        left = timedelta(seconds=round(each_s * (self._total - done)))
        rate = self._talk.say("batch_rate", rate=f"{1 / each_s:.1f}")
        words = {"done": done, "of": self._total, "failed": failed, "rate": rate, "left": left}
        self._talk.note("cases_done", **words)
        sys.stderr.flush()
