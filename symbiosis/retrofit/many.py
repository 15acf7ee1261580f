"""Many runs of anything: on several processes, in order, and until there are enough.

    with many(prepare, 1000, workers=4) as outcomes:
        for outcome in outcomes:
            ...

``prepare`` is called once in every worker process and makes the work: a function from the number of
a run to its outcome. Which process lives through a run changes nothing, and outcomes come in the
order of the numbers. How many are wanted is a number, or batches that are asked for one after
another, each when all outcomes before it have been taken (:func:`doubling`).
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, Generic, Protocol, Self, TypeVar

from symbiosis.errors import InputError, Problem

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Work = Callable[[int], T]
"""The number of a run -> its outcome."""
Prepare = Callable[[], Work[T]]
Progress = Callable[[int, int | None], None]
"""How many runs are done, and of how many where that is known."""
Part = Callable[[], Sequence[T]]
"""The outcomes of a chunk that has been begun, once they are there."""

FIRST_RUNS = 200
MOST_RUNS = 51_200
"""``doubling`` begins with the first number and doubles it up to the second."""
CHUNK = 20
"""Runs that a worker is handed at a time, at most."""
AHEAD = 3
"""Chunks for each worker that are handed out and not yet taken, at most."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""The environment of workers: the spinning BLAS threads of one take the core of another."""


class Deserted(InputError):
    """Those who lived through the runs are gone for good; the outcomes taken before are whole."""


def doubling(
    enough: Callable[[], bool], first: int = FIRST_RUNS, most: int = MOST_RUNS
) -> Iterator[range]:
    """Batches that double the number of runs until there are enough, or ``most``."""
    done, until = 0, first
    while until <= most:
        yield range(done, until)
        if enough():
            return
        done, until = until, 2 * until


def many(
    prepare: Prepare[T],
    runs: int | Iterable[range],
    workers: int = 1,
    progress: Progress | None = None,
    chunk: int = CHUNK,
    hire: "Hire | None" = None,
) -> "Many[T]":
    """The outcomes of many runs, to be taken inside a ``with``. Raises ``ValueError``.

    With several workers ``prepare`` must be picklable (a function of a module, or a partial of
    one), and so must outcomes; as processes are spawned, a script does its own work under ``if
    __name__ == "__main__"``. With one worker all happens in this process. ``progress`` is called
    after each outcome that was taken; ``chunk`` is small for runs that take long. ``hire`` finds
    others to live through the runs than the processes of this machine.
    """
    if workers < 1 or chunk < 1 or (isinstance(runs, int) and runs < 1):
        raise ValueError(f"{runs} runs, {workers} workers, chunks of {chunk}")
    return Many(_crew(prepare, workers, chunk, hire), runs, progress)


def _crew(prepare: Prepare[T], workers: int, chunk: int, hire: "Hire | None") -> "Crew[T]":
    if hire is not None:
        return hire(prepare, chunk)
    return _Alone(prepare) if workers == 1 else _Several(prepare, workers, chunk)


class Many(Generic[T]):
    """The outcomes of many runs, in the order of their numbers.

    Memory does not grow with the number of runs: at most ``AHEAD`` chunks for each worker are
    ``outstanding``, handed out and not yet taken. ``done`` counts what was taken.

    Ctrl-C stops it: what is being lived through comes to its end, the finished runs are yielded as
    far as they follow one another, then the iteration ends with ``interrupted``; a second Ctrl-C
    raises. A handler of the caller's own is left alone, and only the main thread hears. What a run
    raises is raised here, with the traceback of its process and its number.
    """

    def __init__(
        self, crew: "Crew[T]", runs: int | Iterable[range], progress: Progress | None
    ) -> None:
        self.done = self.outstanding = 0
        self.interrupted = False
        self._crew, self._progress = crew, progress
        self._total = runs if isinstance(runs, int) else None
        self._batches = [range(runs)] if isinstance(runs, int) else runs
        self._before: Any = None
        self._heard = False

    def __enter__(self) -> Self:
        ours = current_thread() is main_thread()
        if ours and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        self._deafen()
        self._crew.close()

    def __iter__(self) -> Iterator[T]:
        for batch in self._batches:
            missing = len(batch)
            for outcome in self._outcomes(batch):
                missing -= 1
                self.outstanding -= 1
                yield outcome
                self.done += 1
                if self._progress is not None:
                    self._progress(self.done, self._total)
            if missing:
                self.interrupted = True
                return

    def _outcomes(self, batch: range) -> Iterator[T]:
        """The outcomes of a batch, or of its first runs where it was cut short."""
        parts = self._crew.parts(batch)
        begun: deque[tuple[range, Part[T]]] = deque()
        while True:
            while len(begun) < self._crew.ahead and not self._heard and (part := next(parts, None)):
                begun.append((part, self._crew.begin(part)))
                self.outstanding += len(part)
            if not begun:
                return
            part, wait = begun.popleft()
            outcomes = wait()
            yield from outcomes
            if len(outcomes) < len(part):
                return

    def _hear(self, _: int, __: FrameType | None) -> None:
        """The first Ctrl-C."""
        self._heard = True
        self._crew.stop()
        self._deafen()

    def _deafen(self) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None


class Crew(Protocol[T_co]):
    """Who lives through runs: ``ahead`` chunks may be begun before the first is taken."""

    @property
    def ahead(self) -> int:
        """How many."""

    def parts(self, batch: range) -> Iterator[range]:
        """A batch in chunks."""

    def begin(self, part: range) -> Part[T_co]:
        """Begin a chunk."""

    def stop(self) -> None:
        """End every chunk with the run that is being lived through; called by a signal."""

    def close(self) -> None:
        """Come to an end."""


Hire = Callable[[Prepare[Any], int], Crew[Any]]
"""How to prepare, and the longest chunk -> who lives through the runs."""


class _Alone(Generic[T]):
    """This process, one run at a time, each when it is waited for."""

    ahead = 1

    def __init__(self, prepare: Prepare[T]) -> None:
        self._prepare = prepare
        self._work: Work[T] | None = None

    def parts(self, batch: range) -> Iterator[range]:
        return (range(index, index + 1) for index in batch)

    def begin(self, part: range) -> Part[T]:
        work = self._work = self._work or self._prepare()
        return lambda: [numbered(work, index) for index in part]

    def stop(self) -> None:
        """A chunk is one run."""

    def close(self) -> None:
        """There is nobody else."""


class _Several(Generic[T]):
    """Worker processes with one BLAS thread each, deaf to Ctrl-C."""

    def __init__(self, prepare: Prepare[T], workers: int, chunk: int) -> None:
        context = get_context("spawn")
        self.ahead, self._chunk = workers * AHEAD, chunk
        self._stopped = context.RawValue("b", 0)
        self._pool = ProcessPoolExecutor(
            workers, context, initializer=_enlist, initargs=(prepare, self._stopped)
        )

    def parts(self, batch: range) -> Iterator[range]:
        """Chunks small enough that no worker is idle while others still have several."""
        size = max(1, min(self._chunk, len(batch) // self.ahead))
        return (batch[i : i + size] for i in range(0, len(batch), size))

    def begin(self, part: range) -> Part[T]:
        with as_workers_start():
            try:
                return partial(_outcomes_of, self._pool.submit(_live, part))
            except BrokenProcessPool as error:
                broken: Future[list[T]] = Future()
                broken.set_exception(error)
                return partial(_outcomes_of, broken)

    def stop(self) -> None:
        self._stopped.value = 1

    def close(self) -> None:
        """Every worker ends with its run; the processes are gone afterwards."""
        self.stop()
        self._pool.shutdown(cancel_futures=True)


def _outcomes_of(begun: "Future[list[T]]") -> list[T]:
    try:
        return begun.result()
    except BrokenProcessPool as error:
        raise killed() from error


def killed() -> Deserted:
    """What is said where a process was killed that lived through runs."""
    return Deserted([Problem("workers_killed")])


@contextmanager
def as_workers_start() -> Iterator[None]:
    """What a process inherits that the pool starts meanwhile: one BLAS thread, and no Ctrl-C.

    A Ctrl-C of this process that comes meanwhile is heard afterwards.
    """
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    mask = getattr(signal, "pthread_sigmask", None)  # not on Windows
    held = mask(signal.SIG_BLOCK, {signal.SIGINT}) if mask else None
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        if mask:
            mask(signal.SIG_SETMASK, held)


class _Place(Generic[T]):
    """What a worker process has: how to prepare, and whether to stop."""

    def __init__(self, prepare: Prepare[T], stopped: Any) -> None:
        self.prepare, self.stopped = prepare, stopped
        self.work: Work[T] | None = None


_places: list[_Place[Any]] = []
"""The one place of a worker process."""


def _enlist(prepare: Prepare[Any], stopped: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _places[:] = [_Place(prepare, stopped)]


def _live(part: range) -> list[Any]:
    """A chunk in a worker; what is raised on the way, by ``prepare`` too, goes to the parent."""
    place, outcomes = _places[0], []
    for index in part:
        if place.stopped.value:
            break
        place.work = place.work or place.prepare()
        outcomes.append(numbered(place.work, index))
    return outcomes


def numbered(work: Work[T], index: int) -> T:
    """The outcome of a run; an exception learns its number."""
    try:
        return work(index)
    except Exception as error:
        error.add_note(f"in run {index}")
        raise
