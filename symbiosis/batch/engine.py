"""Who does the work of a batch: this process, processes of this machine, or a cluster.

An engine is handed items and hands back each with its outcome, in any order. It never holds more of
either than its workers need, so that memory does not grow with the length of a batch.
"""

import gc
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

from symbiosis.retrofit.many import as_workers_start

T = TypeVar("T")
R = TypeVar("R")
Prepare = Callable[[], Callable[[T], R]]
"""Called once in every worker: makes the work, item -> outcome."""

AHEAD = 4
"""Items for each worker that are handed out and not yet taken, at most."""
DEATHS = 3
"""So often an item that is alone may see its process die before it is given up."""


class Engine(Protocol):
    """Who does the work of a batch; outcomes come back in any order, memory stays bounded.

    ``prepare`` is picklable and called once in each worker process; items and outcomes are
    picklable and small. What ``prepare`` or the work raises is raised by the iteration.
    """

    def run(
        self, prepare: Callable[[], Callable[[T], R]], items: Iterable[T]
    ) -> Iterator[tuple[T, R]]:
        """Every item with its outcome, once."""

    def close(self) -> None:
        """Come to an end; what is not yet begun is dropped."""


class WorkersDied(RuntimeError):
    """Processes were killed again and again; it hangs on ``items``, where any are known.

    So it goes with an item that needs more memory than there is. Other items that had no outcome
    before have none; the engine can be run again without these.
    """

    def __init__(self, told: str, *items: Any) -> None:
        super().__init__(told)
        self.items = items


class Alone:
    """This process: one item at a time, each when its outcome is waited for."""

    def run(
        self, prepare: Callable[[], Callable[[T], R]], items: Iterable[T]
    ) -> Iterator[tuple[T, R]]:
        """Every item with its outcome, in the order of the items."""
        work = prepare()
        for item in items:
            yield item, work(item)

    def close(self) -> None:
        """There is nobody else."""


class Processes:
    """Worker processes with one BLAS thread each, deaf to Ctrl-C.

    Where one is killed, what all of them held is done again, one item after another, and then they
    are started anew.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def run(
        self, prepare: Callable[[], Callable[[T], R]], items: Iterable[T]
    ) -> Iterator[tuple[T, R]]:
        """Every item with its outcome, as they come."""
        rest, begun = iter(items), dict[Future[R], T]()
        self._start(prepare, self.workers)
        while True:
            for item in islice(rest, self.workers * AHEAD - len(begun)):
                begun[self._begin(item)] = item
            if not begun:
                return
            done, _ = wait(begun, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                yield from self._saved(begun)
                for item in begun.values():
                    yield item, self._by_itself(prepare, item)
                begun = {}
                self._start(prepare, self.workers)
                continue
            for future in done:
                yield begun.pop(future), future.result()

    def close(self) -> None:
        """Every worker ends with its item; the processes are gone afterwards."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _start(self, prepare: Prepare[Any, Any], workers: int) -> None:
        self.close()
        context = get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, context, initializer=_enlist, initargs=(prepare,))

    def _by_itself(self, prepare: Prepare[Any, Any], item: Any) -> Any:
        """The outcome of an item that has a process of its own."""
        for _ in range(DEATHS):
            self._start(prepare, 1)
            found = self._begin(item)
            if not isinstance(found.exception(), BrokenProcessPool):
                return found.result()
        raise WorkersDied(f"{DEATHS} processes died", item)

    def _begin(self, item: Any) -> Future[Any]:
        pool = self._pool
        if pool is None:
            raise RuntimeError("the engine is closed")
        with as_workers_start():
            try:
                return pool.submit(_do, item)
            except BrokenProcessPool as error:
                broken: Future[Any] = Future()
                broken.set_exception(error)
                return broken

    @staticmethod
    def _saved(begun: dict[Future[R], T]) -> Iterator[tuple[T, R]]:
        """What was done before the processes died."""
        wait(begun)
        whole = [future for future in begun if future.exception() is None]
        for future in whole:
            yield begun.pop(future), future.result()


def local(workers: int) -> Engine:
    """This process for one worker, processes for more."""
    return Alone() if workers == 1 else Processes(workers)


_prepared: list[Any] = []
"""In a worker process: how to prepare, then the work."""


def _enlist(prepare: Prepare[Any, Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prepared[:] = [prepare]


def _do(item: Any) -> Any:
    """One item in a worker; what ``prepare`` raises goes to the parent.

    What the first item leaves behind (libraries, parks, what items share) lives as long as the
    process: the collector need not walk through it again and again.
    """
    if len(_prepared) > 1:
        return _prepared[1](item)
    _prepared.append(_prepared[0]())
    outcome = _prepared[1](item)
    gc.collect()
    gc.freeze()
    return outcome
