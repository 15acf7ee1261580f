"""One measurement in a process of its own: ``python -m peers.child '{"kind": "solve", ...}'``.

Prints one line of JSON. The peer first solves a tiny park, not counted, so that what a library
loads on first use is left out of the times; it is in the peak memory.
"""

import importlib
import json
import resource
import sys
from time import perf_counter
from typing import Any

from peers.interface import Batch, Change
from peers.synthetic import Synthetic, of_size, synthetic
from peers.table import Case, Peer, case_named, peer_named
from peers.variation import one_slice, variations

SEED = 7


def measure(kind: str, peer: Peer, case: Case, change: Change, count: int) -> dict[str, Any]:
    """The numbers of one measurement."""
    problem = of_size(case.size, case.slices, case.integers)
    tiny = synthetic(4, 6, 12, 2, case.integers, 1)
    if kind == "solve":
        solve = _solver(peer)
        solve(tiny)
        return _solved(solve(problem))
    if kind == "redispatch":
        problem, tiny = one_slice(problem, problem.slices // 2), one_slice(tiny, 0)
    batch = _batcher(peer)
    batch(tiny, _varied(tiny, change, 1), change)
    return _batched(batch(problem, _varied(problem, change, count), change), count)


def _solver(peer: Peer) -> Any:
    return getattr(importlib.import_module(f"peers.{peer.module}"), peer.solve or "")


def _batcher(peer: Peer) -> Any:
    """The peer's own batch, or its solve, variation by variation."""
    if peer.batch:
        return getattr(importlib.import_module(f"peers.{peer.module}"), peer.batch)
    solve = _solver(peer)

    def batch(_: Synthetic, variations: list[Synthetic], __: Change) -> Batch:
        started = perf_counter()
        objectives = tuple(solve(variation).objective for variation in variations)
        return Batch(objectives, perf_counter() - started)

    return batch


def _varied(problem: Synthetic, change: Change, count: int) -> list[Synthetic]:
    """Made beforehand, so that the peers' clocks do not run while they are drawn."""
    return list(variations(problem, change, count, SEED))


def _solved(outcome: Any) -> dict[str, Any]:
    return {
        "objectives": [float(outcome.objective)],
        "seconds": dict(outcome.seconds),
        "columns": int(outcome.columns),
        "rows": int(outcome.rows),
    }


def _batched(batch: Any, count: int) -> dict[str, Any]:
    return {
        "objectives": [float(value) for value in batch.objectives],
        "rate": count / batch.seconds,
        "first_s": batch.first_s,
    }


def peak_mb() -> float:
    """Peak memory of this process, or of an executable that it ran if that was larger."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) / 1024.0


def main() -> None:
    """Read what to measure, measure it, print it."""
    asked = json.loads(sys.argv[1])
    found = measure(
        asked["kind"],
        peer_named(asked["peer"]),
        case_named(asked["case"]),
        Change(asked["change"]),
        asked["count"],
    )
    print(json.dumps({**found, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
