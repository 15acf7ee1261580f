"""Sets at addresses: a store that moves by copying and is lost at any call; other processes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from symbiosis.batch.engine import Alone
from symbiosis.batch.gather import Batch, gather
from symbiosis.batch.manifest import manifest_of
from symbiosis.batch.options import Order
from symbiosis.batch.place import Place
from symbiosis.batch.run import run
from symbiosis.batch.store import Store, committed

Written = Callable[..., Path]
TWO = """sweep:
  options: {objective: cost, solver: glpk}
  keys: {links.ash_cement.distance: {values: [10 km, 20 km]}}
"""


class Lost(Exception):
    """What a library raises that knows no OSError."""


class ObjectStore(MemoryFileSystem):  # type: ignore[misc]
    """Whole objects under whole names: putting is atomic, moving is copying and deleting.

    Each of the three may lose the connection, before it has happened or after.
    """

    cachable = False
    protocol = "objects"

    def __init__(self, store: dict[str, Any], lose_at: int = 0) -> None:
        super().__init__()
        self.store, self.pseudo_dirs = store, [""]
        self.calls, self._lose_at = 0, lose_at

    def _called(self, work: Callable[[], Any]) -> Any:
        self.calls += 1
        if self.calls == self._lose_at:
            raise Lost("before")
        self.calls += 1
        found = work()
        if self.calls == self._lose_at:
            raise Lost("after")
        return found

    def _open(self, path: str, mode: str = "rb", **rest: Any) -> Any:
        if "w" in mode:
            return self._called(lambda: MemoryFileSystem._open(self, path, mode, **rest))
        return super()._open(path, mode, **rest)

    def cp_file(self, path1: str, path2: str, **rest: Any) -> None:
        self._called(lambda: MemoryFileSystem.cp_file(self, path1, path2, **rest))

    def _rm(self, path: str) -> None:
        self._called(lambda: MemoryFileSystem._rm(self, path))

    def rm(self, path: str, **_: Any) -> None:
        self._rm(path)


class Remembers(Alone):
    """An engine that does each case once, however many sets it is for."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def run(self, prepare: Any, items: Any) -> Any:
        work = prepare()
        for case in items:
            if case.key not in self._known:
                self._known[case.key] = work(case)
            yield case, self._known[case.key]


def work(batch: Batch, engine: Alone, fs: ObjectStore, resume: bool) -> Store:
    store = Store.opened(Place(fs, "/bucket/set"), manifest_of(batch), resume)
    store.part_cases = 1
    run(batch, store, engine)
    return store


def contents(fs: ObjectStore) -> dict[str, list[dict[str, Any]]]:
    import io

    import pyarrow.parquet as pq

    place = Place(fs, "/bucket/set")
    found: dict[str, list[dict[str, Any]]] = {}
    for table, files in committed(place).items():
        rows = [row for f in files for row in pq.read_table(io.BytesIO(place.read(f))).to_pylist()]
        kept = [{k: v for k, v in row.items() if k != "seconds"} for row in rows]
        found[table] = sorted(kept, key=repr)
    return found


def test_a_store_that_is_lost_at_any_call_is_carried_on_to_the_same_set(scenario: Written) -> None:
    """Two parts of eleven files and the manifest, each put, copied and deleted, before and after.

    That is 23 x 3 x 2 = 138 calls; the next run does what is missing.
    """
    batch, engine = gather([str(scenario("two", TWO))], Order()), Remembers()
    whole = ObjectStore({})
    work(batch, engine, whole, False)
    assert whole.calls == 138
    wanted = contents(whole)
    for number in range(1, 139):
        left: dict[str, Any] = {}
        with pytest.raises(OSError, match=r"before|after"):
            work(batch, engine, ObjectStore(left, number), False)
        again = ObjectStore(left)
        assert work(batch, engine, again, True).damaged == []
        assert contents(again) == wanted, number
        assert not [name for name in again.store if name.endswith(".part")]


def test_a_set_that_cannot_be_written_any_more_is_refused_before_work(
    scenario: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first call of the second run is a trial."""
    batch, left = gather([str(scenario("two", TWO))], Order()), dict[str, Any]()
    work(batch, Remembers(), ObjectStore(left), False)
    monkeypatch.setattr(Store, "add", None)
    with pytest.raises(OSError, match="before"):
        work(batch, Remembers(), ObjectStore(left, 1), True)


def test_processes_share_a_set_at_an_address(scenario: Written, tmp_path: Path) -> None:
    """Written as file://, carried on as local://, asked through a cache: always the same rows."""

    def run(*arguments: object) -> Any:
        command = [sys.executable, "-m", "symbiosis", *map(str, arguments), "--json"]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(ran.stdout)

    path, where = scenario(), tmp_path / "set"
    assert run("batch", path, "-o", f"file://{where}", "--workers", 1)["done"] == 6
    damaged = next((where / "flows").iterdir())
    damaged.write_bytes(b"")
    told = run("batch", path, "-o", f"local://{where}", "--workers", 1, "--resume")
    assert (told["done"], told["dir"]) == (6, f"local://{where}")
    for address in (f"file://{where}", f"simplecache::file://{where}", where):
        assert run("query", address, "SELECT count(*) AS n FROM summary") == [{"n": 6}]
