"""What was measured: one record a run, kept as lines of JSON, and medians of them."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

TOLERANCE = 1e-6
"""Relative difference of two minima that counts as none."""


@dataclass(frozen=True)
class Asked:
    """What to measure: ``kind`` is solve, batch or redispatch; ``count`` variations of a kind."""

    kind: str
    peer: str
    case: str
    change: str = "all"
    count: int = 0


@dataclass(frozen=True)
class Record:
    """One run. ``problem`` says why there are no numbers: over its limit, or failed."""

    asked: Asked
    problem: str = ""
    objectives: list[float] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0
    columns: int = 0
    rows: int = 0
    rate: float = 0.0
    first_s: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether the peer broke, rather than took too long."""
        return self.problem.startswith("failed")


@dataclass(frozen=True)
class Median:
    """The runs of one peer on one thing, in medians."""

    records: Sequence[Record]

    @property
    def problem(self) -> str:
        """Why there are no numbers, in short, or nothing."""
        return next((r.problem.partition(":")[0] for r in self.records if r.problem), "")

    def stage(self, name: str) -> float | None:
        """Seconds of a stage; None where the peer does not tell it apart."""
        found = [record.seconds[name] for record in self.records if name in record.seconds]
        return statistics.median(found) if found else None

    @property
    def total_s(self) -> float:
        """Seconds of all stages together."""
        return statistics.median(sum(record.seconds.values()) for record in self.records)

    @property
    def rate(self) -> float:
        """Variations per second."""
        return statistics.median(record.rate for record in self.records)

    @property
    def first_s(self) -> float:
        """Seconds before the first variation."""
        return statistics.median(record.first_s for record in self.records)

    @property
    def peak_mb(self) -> float:
        """Peak memory of the process."""
        return statistics.median(record.peak_mb for record in self.records)


NOTE = "note"


def append(path: Path, record: Record) -> None:
    """Keep a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(record)) + "\n")


def without_failures(path: Path) -> None:
    """Forget what failed, so that it is run again."""
    kept, said = [record for record in read(path) if not record.failed], notes(path)
    path.unlink(missing_ok=True)
    for record in kept:
        append(path, record)
    for text in said:
        note(path, text)


def read(path: Path) -> list[Record]:
    """All records that were kept."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines]
    kept = [one for one in found if NOTE not in one]
    return [Record(**{**one, "asked": Asked(**one["asked"])}) for one in kept]


def note(path: Path, text: str) -> None:
    """Keep a remark on how the records were made, for the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({NOTE: text}) + "\n")


def notes(path: Path) -> list[str]:
    """All remarks that were kept."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [one[NOTE] for line in lines if NOTE in (one := json.loads(line))]


def medians(records: Iterable[Record]) -> dict[tuple[str, str, str], dict[str, Median]]:
    """``{(kind, case, change): {peer: median}}``, in the order of the records."""
    grouped: dict[tuple[str, str, str], dict[str, list[Record]]] = {}
    for record in records:
        asked = record.asked
        of_peers = grouped.setdefault((asked.kind, asked.case, asked.change), {})
        of_peers.setdefault(asked.peer, []).append(record)
    return {key: {p: Median(r) for p, r in peers.items()} for key, peers in grouped.items()}


def disagreements(records: Iterable[Record]) -> list[str]:
    """Runs whose minima differ from those of the first run on the same thing, one line each."""
    first: dict[tuple[str, str, str], Record] = {}
    found = []
    for record in records:
        asked = record.asked
        if record.problem:
            continue
        other = first.setdefault((asked.kind, asked.case, asked.change), record)
        worst = max(
            (
                abs(mine - theirs) / max(abs(theirs), 1.0)
                for mine, theirs in zip(record.objectives, other.objectives, strict=False)
            ),
            default=0.0,
        )
        if not worst <= TOLERANCE:
            where = f"{asked.kind} {asked.case} {asked.change}"
            found.append(f"{where}: {asked.peer} and {other.asked.peer} differ by {worst:.1e}")
    return list(dict.fromkeys(found))
