"""A result set: a folder of Parquet tables that grows by whole parts.

    manifest.json               what it came from
    cases/part-000001.parquet   one row for each case; every other table has a folder of its own
    commits/part-000001.json    that a part is whole: rows, bytes and hash of each of its files

A part holds some cases with all their rows. Its files are written one after another and its record
last, so that a part without a record, or with a file that is not what its record says, does not
count: ``--resume`` takes it away and does its cases again. Only this process writes.
"""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from symbiosis.batch.answers import Rows
from symbiosis.batch.case import Verb
from symbiosis.batch.manifest import MANIFEST, as_bytes, refuse_no_batch, refuse_other
from symbiosis.batch.part import Part
from symbiosis.batch.place import UNKNOWN, Place
from symbiosis.batch.tables import Columns, tables_of_set
from symbiosis.errors import InputError, Problem

PART_CASES = 500
PART_ROWS = 100_000
PART_SECONDS = 30.0
"""A part is written as soon as it has so many cases or rows, or its first case is so old."""
OWN = re.compile(r"(\w+/part-\d{6,}\.(parquet|json)|manifest\.json)(\.part)?")
COMMIT = re.compile(r"commits/part-\d{6,}\.json")
"""Files that a set writes; what else lies beside them is somebody's, and stays."""
CASES, COMMITS, KEY, STATUS = "cases", "commits", "key", "status"


@dataclass
class Store:
    """A result set that is being written.

    Life: :meth:`opened`, :meth:`add` case by case, :meth:`flush`. ``done`` are the keys of the
    cases that are there or have come, ``damaged`` the files that were not what they should be.
    """

    place: Place
    tables: Mapping[str, Columns]
    done: set[str] = field(default_factory=set)
    failed_before: int = 0
    damaged: list[Problem] = field(default_factory=list)
    part: int = 1
    part_cases: int = field(default_factory=lambda: PART_CASES)
    _pending: Part | None = None
    _since: float = 0.0

    @classmethod
    def opened(cls, place: Place, manifest: Mapping[str, Any], resume: bool) -> "Store":
        """A new set, or one that is carried on. Raises :class:`InputError` for any other.

        It is this process's alone until :meth:`close`.
        """
        names = place.names()
        strangers = [name for name in names if not name.startswith(MANIFEST)]
        if strangers and MANIFEST not in names:
            details = {"found": place.address, "file": strangers[0]}
            raise InputError([Problem("batch_strangers", details=details)])
        place.lock()
        try:
            return cls._opened(place, manifest, resume)
        except BaseException:
            place.unlock()
            raise

    @classmethod
    def _opened(cls, place: Place, manifest: Mapping[str, Any], resume: bool) -> "Store":
        axes = {key: axis["kind"] for key, axis in manifest["axes"].items()}
        store = cls(place, tables_of_set(Verb(manifest["verb"]), axes))
        names = place.names()
        if MANIFEST in names:
            there = _document(place, MANIFEST)
            refuse_no_batch(there, place.address)
            if not resume:
                raise InputError([Problem("batch_there", details={"found": place.address})])
            refuse_other(there, manifest, place.address)
            place.try_writing()
            store._carry_on(place.names())
            return store
        place.write(MANIFEST, as_bytes(manifest))
        return store

    # --- growing

    def add(self, key: str, rows: Rows) -> None:
        """One more case; a part is written when it is large or old enough."""
        if self._pending is None:
            self._pending, self._since = Part(self.tables), time.monotonic()
        self._pending.add(key, rows)
        self.done.add(key)
        full = self._pending.files[CASES].rows >= self.part_cases or self._pending.rows >= PART_ROWS
        if full or time.monotonic() - self._since >= PART_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what has come since the last part; a part that fails can be written again."""
        if self._pending is None:
            return
        files = {}
        for table, file in self._pending.files.items():
            self.place.write(_file(table, self.part), file.data)
            files[table] = _record(file.data, file.rows)
        self.place.write(_commit(self.part), as_bytes({"part": self.part, "files": files}))
        self._pending, self.part = None, self.part + 1

    def close(self) -> None:
        """Nothing more comes; others may write to the set."""
        self.place.unlock()

    # --- carrying on

    def _carry_on(self, names: Mapping[str, int]) -> None:
        """Take away what does not count; know what is there."""
        whole: set[str] = {MANIFEST}
        for commit in _commits(names):
            files = self._whole(commit, names)
            if files:
                whole |= {commit, *files}
                self._know(files[-1])
            number = commit.removeprefix(f"{COMMITS}/part-").removesuffix(".json")
            self.part = max(self.part, int(number) + 1)
        # records first: a part that has lost its record does not count, however far this comes
        for name in sorted(set(names) - whole, key=lambda name: not name.startswith(COMMITS)):
            if OWN.fullmatch(name):
                self.place.remove(name)

    def _whole(self, commit: str, names: Mapping[str, int]) -> list[str]:
        """The files of a part, ``cases`` last; nothing where one is not what the record says."""
        found = []
        for name, why in _checked(self.place, commit, names):
            if why:
                details = {"found": name, "reason": why}
                self.damaged.append(
                    Problem("batch_damaged", self.place.path(name), None, "", details)
                )
            found.append(name)
        return [] if any(problem.details["found"] in found for problem in self.damaged) else found

    def _know(self, cases: str) -> None:
        import pyarrow
        from pyarrow import parquet as pq

        # no threads: one that still reads when the process ends takes it down
        file = pq.ParquetFile(pyarrow.BufferReader(self.place.read(cases)), pre_buffer=False)
        table = file.read(columns=[KEY, STATUS], use_threads=False)
        self.done.update(table[KEY].to_pylist())
        self.failed_before += table[STATUS].to_pylist().count("failed")


def committed(place: Place) -> dict[str, list[str]]:
    """The files of every table that count, ``cases`` and others, in the order of their parts.

    A file that is damaged raises :class:`InputError`: a set is never read in part unseen.
    """
    names = place.names()
    found: dict[str, list[str]] = {}
    problems = []
    for commit in _commits(names):
        for name, why in _checked(place, commit, names):
            if why:
                details = {"found": name, "reason": why}
                problems.append(Problem("batch_damaged", place.path(name), details=details))
            found.setdefault(name.partition("/")[0], []).append(name)
    if problems:
        raise InputError(problems)
    return found


def _commits(names: Mapping[str, int]) -> list[str]:
    """The records of all parts, in order."""
    return sorted(name for name in names if COMMIT.fullmatch(name))


def _checked(place: Place, commit: str, names: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Every file of a part with what is wrong with it, if anything is.

    Raises :class:`OSError` where they cannot be read: that says nothing against them.
    """
    try:
        record = json.loads(place.read(commit))
        files = {
            _file(table, int(record["part"])): (row["bytes"], row["sha256"])
            for table, row in record["files"].items()
        }
        if not files:
            raise KeyError(CASES)
    except (KeyError, TypeError, ValueError, AttributeError):
        yield commit, "record"
        return
    for name, (size, sha256) in files.items():
        yield name, _why_damaged(place, name, names.get(name), size, sha256)


def _why_damaged(place: Place, name: str, found: int | None, size: int, sha256: str) -> str:
    """What is wrong with a file beside its record; nothing where it is whole."""
    if found is None:
        return "missing"
    if found not in (UNKNOWN, size):
        return f"{found} B != {size} B"
    return "" if hashlib.sha256(place.read(name)).hexdigest() == sha256 else "sha256"


def _document(place: Place, name: str) -> Any:
    try:
        return json.loads(place.read(name))
    except (OSError, ValueError) as error:
        details = {"found": place.address, "file": name}
        raise InputError([Problem("broken_result", place.path(name), details=details)]) from error


def _record(data: bytes, rows: int) -> dict[str, Any]:
    return {"rows": rows, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _file(table: str, part: int) -> str:
    return f"{table}/part-{part:06d}.parquet"


def _commit(part: int) -> str:
    return f"{COMMITS}/part-{part:06d}.json"
