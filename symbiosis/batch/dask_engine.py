"""The work of a batch, or many runs, on an existing Dask cluster; see :mod:`.cluster`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeVar

from symbiosis.batch.cluster import PATIENCE_S, TIMEOUT_S, Cluster, Tell, silent
from symbiosis.batch.engine import WorkersDied
from symbiosis.retrofit.many import Hire, Part, Prepare, Work, killed, numbered

T = TypeVar("T")
R = TypeVar("R")

IN_ORDER = 4
"""Runs are taken in order: so many times the usual parts may be begun, that a slow worker holds up
the others late."""


class DaskEngine:
    """The engine of a batch over an existing Dask scheduler. Raises :class:`InputError`."""

    def __init__(
        self,
        address: str,
        tell: Tell = silent,
        timeout_s: float = TIMEOUT_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.cluster = Cluster(address, tell, timeout_s, patience_s)

    def run(
        self, prepare: Callable[[], Callable[[T], R]], items: Iterable[T]
    ) -> Iterator[tuple[T, R]]:
        """Every item with its outcome, once, as they come."""
        cluster, rest, begun = self.cluster, enumerate(items), dict[int, T]()
        cluster.serve(prepare)
        while True:
            for number, item in islice(rest, max(cluster.ahead - len(begun), 0)):
                begun[number] = item
                cluster.begin(number, item)
            if not begun:
                return
            try:
                taken = cluster.take()
            except WorkersDied as died:
                raise WorkersDied(str(died), *(begun[number] for number in died.items)) from died
            if taken is None:
                return
            number, outcome = taken
            yield begun.pop(number), outcome

    def close(self) -> None:
        """Come to an end; what no worker has begun is dropped."""
        self.cluster.close()


class Crew(Generic[R]):
    """Many runs on a cluster, chunk by chunk, in the order of their numbers."""

    def __init__(self, cluster: Cluster, prepare: Prepare[R], chunk: int) -> None:
        self._cluster, self._chunk = cluster, chunk
        self._done: dict[int, Sequence[R]] = {}
        self._number = 0
        cluster.serve(partial(_by_chunks, prepare))

    @property
    def ahead(self) -> int:
        """Chunks that may be begun before the first is taken."""
        return IN_ORDER * self._cluster.ahead

    def parts(self, batch: range) -> Iterator[range]:
        """Chunks small enough that no worker is idle while others still have several."""
        size = max(1, min(self._chunk, len(batch) // self._cluster.ahead))
        return (batch[i : i + size] for i in range(0, len(batch), size))

    def begin(self, part: range) -> Part[R]:
        """Begin a chunk; what is returned waits for it, and is empty once it was stopped."""
        number = self._number
        self._number += 1
        self._cluster.begin(number, part)
        return partial(self._outcomes, number)

    def stop(self) -> None:
        """What has not come by now is not waited for."""
        self._cluster.stop()

    def close(self) -> None:
        """Come to an end; the connection is closed."""
        self._cluster.close()

    def _outcomes(self, number: int) -> Sequence[R]:
        while number not in self._done:
            try:
                taken = self._cluster.take()
            except WorkersDied as died:
                raise killed() from died
            if taken is None:
                return ()
            self._done[taken[0]] = taken[1]
        return self._done.pop(number)


@contextmanager
def hired(address: str, tell: Tell = silent) -> Iterator[Hire]:
    """Who lives through many runs (:func:`symbiosis.retrofit.many.many`): the workers there.

    The connection is made at once and closed at the end. Raises :class:`InputError`.
    """
    cluster = Cluster(address, tell)
    try:
        yield partial(Crew[Any], cluster)
    finally:
        cluster.close()


def _by_chunks(prepare: Prepare[R]) -> Callable[[range], list[R]]:
    return partial(_each, prepare())


def _each(work: Work[R], part: range) -> list[R]:
    return [numbered(work, index) for index in part]
