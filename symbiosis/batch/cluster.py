"""An existing Dask scheduler and its workers: parts are begun there and taken as they are done.

Outcomes are known by the number of their part: one is taken once, whichever worker answers, and
what a lost worker or scheduler held is begun again. Life: ``Cluster(address)`` connects and checks;
:meth:`Cluster.serve` says what the work is; :meth:`Cluster.begin` and :meth:`Cluster.take`;
:meth:`Cluster.close`.
"""

import gc
import logging
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from symbiosis.batch.engine import Prepare, WorkersDied
from symbiosis.batch.on_worker import DIFFERS, condition, live, order, versions
from symbiosis.errors import InputError, Problem, listed
from symbiosis.retrofit.many import Deserted

if TYPE_CHECKING:
    from distributed import Client, Future

TIMEOUT_S = 10.0
"""A scheduler that does not answer within this time is not reachable."""
PATIENCE_S = 300.0
"""A scheduler that went away may take this long to come back at the same address."""
MOST_LOSSES = 5
"""So often the scheduler may go away before one more outcome is taken."""
AHEAD = 3
"""Parts for each worker process that are begun and not yet taken, at most."""
FETCHERS = 8
"""Outcomes that are on their way at the same time."""
POLL_S, RETRY_S, RECOUNT_S = 0.5, 0.5, 2.0
Tell = Callable[..., None]
"""A message, as ``Talk.note``: a key of ``lang/terminal.toml`` and what fills its text."""


class ClusterLost(Deserted):
    """The scheduler went away and did not come back; what was taken before is whole."""


@dataclass(frozen=True)
class Arrival:
    """Something came of a part: its answer, an error of its work, or nothing as it was lost."""

    client: "Client"
    number: int
    answer: Any = None
    error: BaseException | None = None
    lost: bool = False


def silent(key: str, **values: Any) -> None:
    """Tell nobody."""


class Cluster:
    """Parts of a work on an existing Dask cluster, taken in any order, each once.

    A killed worker's parts are begun again elsewhere. When the scheduler goes away, the connection
    is made anew for ``patience_s`` and what was not yet taken is begun again. Workers may come and
    go; each has to have the versions that are here, or the work ends with :class:`InputError`.
    """

    def __init__(
        self,
        address: str,
        tell: Tell = silent,
        timeout_s: float = TIMEOUT_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.address, self.tell = address, tell
        self.stopped = False
        self._timeout_s, self._patience_s = timeout_s, patience_s
        self._arrived: SimpleQueue[Arrival] = SimpleQueue()
        self._begun: dict[int, bytes] = {}
        self._futures: dict[int, Future] = {}
        self._ordered, self._name = b"", ""
        self._sent = count()
        self._suspects: set[int] = set()
        self._deadly: dict[int, BaseException] = {}
        self._alone: int | None = None
        self._waiting: list[int] = []
        self._losses, self._deserted = 0, False
        self._counted_s, self._workers = float("-inf"), 0
        self._client = self._reached()
        self._fetchers = ThreadPoolExecutor(FETCHERS, thread_name_prefix="symbiosis-fetch")
        try:
            self._deserted = check(self._client, address, tell) == 0
        except BaseException:
            self.close()
            raise

    def serve(self, prepare: Prepare[Any, Any]) -> None:
        """What the parts of now on are for; parts of an earlier work are forgotten."""
        self._forget()
        self.stopped = False
        self._ordered, self._name = order(prepare), f"symbiosis-{uuid4().hex}"

    @property
    def workers(self) -> int:
        """Worker processes, as counted lately."""
        now = time.monotonic()
        if now > self._counted_s + RECOUNT_S and self._client.status == "running":
            with suppress(*GONE):  # take() finds out
                self._workers = len(self._client.nthreads())
                self._counted_s = now
        return self._workers

    @property
    def ahead(self) -> int:
        """Parts that may be begun and not yet taken."""
        return AHEAD * max(self.workers, 1)

    def begin(self, number: int, part: Any) -> None:
        """Begin a part; ``number`` is its own."""
        self._begun[number] = pickle.dumps(part)
        if self._alone is None:
            self._send(number)
        else:
            self._waiting.append(number)

    def take(self) -> tuple[int, Any] | None:
        """The number and the outcome of a part that is done; None once it was stopped.

        Raises what the work raised, :class:`InputError` for a worker that differs,
        :class:`ClusterLost`, and, once all others are taken, :class:`WorkersDied` whose ``items``
        are the numbers of parts that kill one worker after another, with no other beside them.
        """
        while not self.stopped:
            if self._deadly and not self._begun:
                raise self._died()
            self._try_a_suspect()
            try:
                arrival = self._arrived.get(timeout=POLL_S)
            except Empty:
                if self._client.status != "running":
                    self._mend()
                self._tell_if_deserted()
                continue
            if arrival.client is not self._client or arrival.number not in self._begun:
                continue
            if arrival.lost:
                self._mend()
                continue
            if self._killed(arrival):
                continue
            outcome = self._outcome(arrival)
            del self._begun[arrival.number], self._futures[arrival.number]
            self._losses = 0
            self._cleared(arrival.number)
            return arrival.number, outcome
        return None

    def _tell_if_deserted(self) -> None:
        """Say once that the last worker has gone: the work waits until others come."""
        deserted = self.workers == 0 and self._client.status == "running"
        if deserted and not self._deserted:
            self.tell("cluster_without_workers", address=self.address)
        self._deserted = deserted

    def _killed(self, arrival: Arrival) -> bool:
        """Whether workers died that had this part.

        If it had others beside it, it is tried again by itself; if not, it has no outcome.
        """
        from distributed import KilledWorker

        number, error = arrival.number, arrival.error
        if not isinstance(error, KilledWorker):
            return False
        del self._futures[number]
        if number != self._alone:
            self._suspects.add(number)
            return True
        del self._begun[number]
        self._deadly[number] = error
        self._cleared(number)
        return True

    def _died(self) -> WorkersDied:
        """On which parts it hangs."""
        told = next(iter(self._deadly.values()))
        died = WorkersDied(str(told), *self._deadly)
        died.__cause__ = told
        return died

    def _try_a_suspect(self) -> None:
        """Once nothing else is under way, begin a part that may have killed workers."""
        if self._suspects and not self._futures:
            self._alone = min(self._suspects)
            self._send(self._alone)

    def _cleared(self, number: int) -> None:
        """What became of a suspect is known: what waited for it begins."""
        self._suspects.discard(number)
        if number == self._alone:
            waiting, self._waiting, self._alone = self._waiting, [], None
            for other in waiting:
                self._send(other)

    def stop(self) -> None:
        """Take nothing more; may be called by a signal."""
        self.stopped = True

    def close(self) -> None:
        """Parts not yet begun by a worker are dropped; the cluster itself goes on."""
        self.stop()
        self._forget()
        self._fetchers.shutdown(wait=False, cancel_futures=True)
        _leave(self._client)

    def _forget(self) -> None:
        """Futures that nobody holds are dropped by the scheduler."""
        self._begun.clear()
        self._futures.clear()
        self._suspects.clear()
        self._deadly.clear()
        self._waiting.clear()
        self._alone = None

    def _send(self, number: int) -> None:
        client = self._client
        try:
            future = client.submit(
                live,
                self._ordered,
                self._begun[number],
                key=f"{self._name}-{number}-{next(self._sent)}",
                pure=False,
            )
        except GONE:
            self._arrived.put(Arrival(client, number, lost=True))
            return
        self._futures[number] = future
        future.add_done_callback(partial(self._fetch, client, number))

    def _fetch(self, client: "Client", number: int, future: "Future") -> None:
        """In a thread of Dask: have the answer fetched without holding up other answers."""
        with suppress(RuntimeError):  # closed meanwhile
            self._fetchers.submit(self._put, client, number, future)

    def _put(self, client: "Client", number: int, future: "Future") -> None:
        self._arrived.put(_arrival(client, number, future))

    @staticmethod
    def _outcome(arrival: Arrival) -> Any:
        if arrival.error is not None:
            raise arrival.error
        kind, what = arrival.answer
        if kind == DIFFERS:
            raise InputError(differences(what))
        return pickle.loads(what)

    def _mend(self) -> None:
        """Connect anew and begin again what was not taken. Raises :class:`ClusterLost`."""
        self._losses += 1
        self.tell("cluster_lost", address=self.address, seconds=round(self._patience_s))
        _leave(self._client)
        deadline_s = time.monotonic() + self._patience_s
        while not self.stopped:
            try:
                self._client = self._reached()
                break
            except InputError as error:
                if time.monotonic() > deadline_s or self._losses > MOST_LOSSES:
                    raise ClusterLost([self._problem("cluster_gone")]) from error
                time.sleep(RETRY_S)
        if self._losses > MOST_LOSSES:
            raise ClusterLost([self._problem("cluster_gone")])
        if not self.stopped:
            self.tell("cluster_back", address=self.address, parts=len(self._begun))
        self._futures.clear()
        self._waiting.clear()
        self._alone = None
        for number in self._begun.keys() - self._suspects:
            self._send(number)

    def _reached(self) -> "Client":
        """A connection. Raises :class:`InputError` where there is none to be had."""
        try:
            from distributed import Client
        except ImportError as error:
            raise InputError([Problem("cluster_not_installed", key="--cluster")]) from error
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            with uncollected():
                return Client(self.address, timeout=self._timeout_s, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
        gc.collect()  # what is left of that client goes now, and not while another one starts
        raise InputError([self._problem("cluster_unreachable", reason=reason)])

    def _problem(self, code: str, **details: Any) -> Problem:
        return Problem(code, key="--cluster", details={"found": self.address} | details)


GONE = (OSError, TimeoutError, CancelledError, RuntimeError, ValueError)
"""What Dask raises where a connection is not there any more."""


def _arrival(client: "Client", number: int, future: "Future") -> Arrival:
    """What came of a part, fetched."""
    if future.status == "error":
        return _raised(client, number, future)
    try:
        return Arrival(client, number, answer=future.result())
    except Exception:  # noqa: BLE001 - what the work raised is told, else the part is begun again
        if future.status == "error":
            return _raised(client, number, future)
        return Arrival(client, number, lost=True)


def _raised(client: "Client", number: int, future: "Future") -> Arrival:
    error = future.exception()
    return Arrival(client, number, error=error.with_traceback(future.traceback()))


def _leave(client: "Client") -> None:
    with suppress(*GONE), uncollected():
        client.close(timeout=2)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is collected meanwhile.

    A lost client closes itself when it is collected. Within the start or the end of another one
    it would wait for a lock of Dask that is held just there, for ever.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def check(client: "Client", address: str, tell: Tell) -> int:
    """How many workers there are, all of which would give our numbers, as would the scheduler.

    Raises :class:`InputError`.
    """
    found: dict[str, Any] = {}
    try:
        found["scheduler"] = client.run_on_scheduler(condition)
    except Exception as error:  # noqa: BLE001 - told as it is
        found["scheduler"] = error
    there = client.run(condition, on_error="return")
    found |= there
    if lacking := {name: what for name, what in found.items() if isinstance(what, Exception)}:
        raise InputError(_lacking(lacking))
    if problems := list(differences({name: what["versions"] for name, what in found.items()})):
        raise InputError(problems)
    if not there:
        tell("cluster_without_workers", address=address)
    many = [name for name, threads in client.nthreads().items() if threads > 1]
    if many:
        tell("cluster_threads", workers=listed(many, 3))
    spinning = [name for name, what in there.items() if not what["one_blas_thread"]]
    if spinning:
        tell("cluster_blas", workers=listed(spinning, 3))
    return len(there)


def _lacking(found: dict[str, Any]) -> Iterable[Problem]:
    """Who cannot run us at all, and what it said."""
    by_reason: dict[str, list[str]] = {}
    for name, error in found.items():
        by_reason.setdefault(" ".join(str(error).split())[:200], []).append(name)
    for reason, names in by_reason.items():
        details = {"found": listed(names, 3), "reason": reason}
        yield Problem("cluster_lacks_us", key="--cluster", details=details)


def differences(found: dict[str, dict[str, str]]) -> Iterable[Problem]:
    """Every version that is another one there than here."""
    by_difference: dict[tuple[str, str], list[str]] = {}
    for name, theirs in found.items():
        for package, ours in versions().items():
            if theirs.get(package) != ours:
                by_difference.setdefault((package, str(theirs.get(package))), []).append(name)
    for (package, there), names in by_difference.items():
        details = {"package": package, "there": there, "here": versions()[package]}
        yield Problem(
            "cluster_differs", key="--cluster", details={"found": listed(names, 3)} | details
        )
