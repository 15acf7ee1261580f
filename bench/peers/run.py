"""Measure the peers and write ``bench/RESULTS.md``.

    PYTHONPATH=bench python -m peers.run
    PYTHONPATH=bench python -m peers.run --sizes small,medium --peers bare,linopy --rounds 3

Each run is a process of its own, and rounds are interleaved: every peer runs once before any runs
again. Kept small in memory, as Linux counts the parent's peak in a child's.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from peers.page import page
from peers.records import (
    Asked,
    Record,
    append,
    disagreements,
    note,
    notes,
    read,
    without_failures,
)
from peers.table import CASES, PEERS, Peer, peer_named

BENCH = Path(__file__).resolve().parents[1]
CHANGES = ("all", "balance", "outage")
KINDS = ("solve", "batch", "redispatch")


def arguments() -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="peers.run", description="Measure the peers.")
    add = parser.add_argument
    add("--sizes", type=_names([case.name for case in CASES]), help="cases to solve once")
    add("--peers", type=_names([peer.name for peer in PEERS]), help="peers to run")
    add("--kinds", type=_names(list(KINDS)), help="what to measure")
    add("--rounds", type=int, default=3, help="interleaved rounds of single solves")
    add("--batch-rounds", type=int, default=3, help="interleaved rounds of batches")
    add(
        "--batch-size",
        default="medium",
        choices=[case.name for case in CASES],
        help="the case that batches vary",
    )
    add("--variations", type=int, default=200, help="of a peer that keeps its model")
    add("--rebuilds", type=int, default=10, help="of a peer that builds each one afresh")
    add("--limit", type=float, default=600.0, help="seconds that one process may take")
    add("--core", type=int, help="keep what runs in one process on this core")
    add("--note", help="a remark on these measurements, for the page")
    add("--keep", action="store_true", help="add to the records of the last run")
    add("--records", type=Path, default=BENCH.parent / "results" / "bench-peers.jsonl")
    add("--output", type=Path, default=BENCH / "RESULTS.md")
    return parser.parse_args()


def main() -> None:
    """Measure, write the page, and fail where minima differ or a peer failed."""
    options = arguments()
    if options.keep:
        without_failures(options.records)
    else:
        options.records.unlink(missing_ok=True)
    if options.note:
        note(options.records, options.note)
    for asked in _plan(options, _present(options.peers)):
        if asked in _hopeless(options.records):
            continue
        record = run(asked, options.limit, options.core)
        append(options.records, record)
        print(_line(record), flush=True)
    records = read(options.records)
    options.output.write_text(page(records, notes(options.records)), encoding="utf-8")
    failed = [f"{r.asked.peer}: {r.problem}" for r in records if r.failed]
    sys.exit("\n".join(failed + disagreements(records)) or None)


def run(asked: Asked, limit_s: float, core: int | None = None) -> Record:
    """One measurement in a fresh process, ended with all it started where it takes too long."""
    single = core is not None and peer_named(asked.peer).processes == 1
    cores = {core} if single else os.sched_getaffinity(0)
    command = [sys.executable, "-m", "peers.child", json.dumps(asdict(asked))]
    environment = {**os.environ, "PYTHONPATH": str(BENCH)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.sched_setaffinity(process.pid, cores)
        try:
            printed, errors = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return Record(asked, f"over {limit_s:g} s")
    if process.returncode:
        return Record(asked, f"failed: {(errors.strip().splitlines() or ['?'])[-1]}")
    return Record(asked, **json.loads(printed.strip().splitlines()[-1]))


def _plan(options: argparse.Namespace, peers: list[Peer]) -> Iterator[Asked]:
    """All measurements in their order: round by round, and in a round peer by peer."""
    kinds = options.kinds or KINDS
    cases = options.sizes or [case.name for case in CASES]
    if "solve" in kinds:
        for _ in range(options.rounds):
            for case in cases:
                yield from (Asked("solve", peer.name, case) for peer in peers if peer.solve)
    for _ in range(options.batch_rounds):
        for peer in peers:
            count = options.rebuilds if peer.rebuilds else options.variations
            if "batch" in kinds:
                for change in CHANGES[:1] if peer.rebuilds else CHANGES:
                    yield Asked("batch", peer.name, options.batch_size, change, count)
            if "redispatch" in kinds:
                yield Asked("redispatch", peer.name, options.batch_size, "balance", 5 * count)


def _present(names: list[str] | None) -> list[Peer]:
    """The peers asked for that are installed; says which are not."""
    found = []
    for peer in PEERS:
        if names and peer.name not in names:
            continue
        missing = peer.missing()
        if missing:
            print(f"{peer.name} is left out: {', '.join(missing)} not installed", flush=True)
        else:
            found.append(peer)
    return found


def _hopeless(records: Path) -> set[Asked]:
    """What took too long or failed already."""
    return {record.asked for record in read(records) if record.problem}


def _line(record: Record) -> str:
    asked = record.asked
    what = f"{asked.kind:<10} {asked.case:<16} {asked.change:<8} {asked.peer:<20}"
    if record.problem:
        return f"{what} {record.problem}"
    took = f"{record.rate:.3g} /s" if record.rate else f"{sum(record.seconds.values()):.3f} s"
    return f"{what} {took:>12} {record.peak_mb:8.0f} MB"


def _names(allowed: list[str]) -> Callable[[str], list[str]]:
    """A reader of names with commas between them."""

    def names(text: str) -> list[str]:
        found = text.split(",")
        unknown = [name for name in found if name not in allowed]
        if unknown:
            raise argparse.ArgumentTypeError(
                f"{', '.join(unknown)}: not known; there are {', '.join(allowed)}"
            )
        return found

    return names


if __name__ == "__main__":
    main()
