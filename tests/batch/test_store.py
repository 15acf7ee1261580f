"""What a result set is when disks are full, files are cut off, and folders are somebody else's."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem

from symbiosis.batch import manifest as manifests
from symbiosis.batch.engine import local
from symbiosis.batch.gather import Batch, gather
from symbiosis.batch.manifest import manifest_of
from symbiosis.batch.options import Order
from symbiosis.batch.place import Place
from symbiosis.batch.run import run
from symbiosis.batch.store import Store, committed
from symbiosis.batch.tables import CASES, OPTIMISE
from symbiosis.errors import InputError
from tests.batch.sets import rows_of, work_through

Written = Callable[..., Path]


class FullDisk(LocalFileSystem):  # type: ignore[misc]
    """A disk that is full at one write."""

    cachable = False

    def __init__(self, at: int) -> None:
        super().__init__()
        self.left = at

    def open(self, path: str, mode: str = "rb", **rest: Any) -> Any:
        """Refuse the file that is one too many."""
        if "w" in mode:
            self.left -= 1
            if self.left == 0:
                raise OSError(errno.ENOSPC, "No space left on device", path)
        return super().open(path, mode, **rest)


def test_a_disk_that_is_full_at_any_write_costs_no_row(scenario: Written, tmp_path: Path) -> None:
    """Two parts of eleven files and the manifest: 23 writes."""
    path = str(scenario())
    work_through([path], str(tmp_path / "whole"), part=4)
    whole = rows_of(str(tmp_path / "whole"))
    batch = gather([path], Order())
    for number in range(1, 24):
        folder = str(tmp_path / f"full-{number}")
        place = Place(FullDisk(number), folder)
        with pytest.raises(OSError, match="No space left") as caught:
            _into(place, batch)
        # the disk of this test has room again at the next write: what can still be kept is kept
        assert caught.value.errno == errno.ENOSPC
        work_through([path], folder, resume=True)
        assert rows_of(folder) == whole


def _into(place: Place, batch: Batch) -> None:
    store = Store.opened(place, manifest_of(batch), False)
    store.part_cases = 4
    run(batch, store, local(1))


def test_the_disk_of_the_tests_refuses_exactly_one_write(tmp_path: Path) -> None:
    place = Place(FullDisk(2), str(tmp_path))
    place.write("one", b"1")
    with pytest.raises(OSError, match="No space"):
        place.write("two", b"2")
    assert place.names() == {"one": 1}


@pytest.mark.parametrize("table", ["flows", "cases", "commits"])
def test_a_file_that_is_cut_off_is_named_and_its_cases_are_done_again(
    scenario: Written, tmp_path: Path, table: str
) -> None:
    path, folder = str(scenario()), str(tmp_path / "set")
    work_through([path], folder, part=4)
    whole = rows_of(folder)
    cut = next((tmp_path / "set" / table).glob("part-000001.*"))
    cut.write_bytes(cut.read_bytes()[:-20])
    with pytest.raises(InputError, match="damaged"):
        committed(Place.at(folder))
    tally, store = work_through([path], folder, resume=True)
    assert [str(problem.details["found"]) for problem in store.damaged] == [f"{table}/{cut.name}"]
    assert (tally.done, tally.skipped) == (4, 2)
    assert rows_of(folder) == whole


def test_a_file_of_the_right_length_with_other_bytes_is_found(
    scenario: Written, tmp_path: Path
) -> None:
    path, folder = str(scenario()), str(tmp_path / "set")
    work_through([path], folder)
    file = tmp_path / "set" / "flows" / "part-000001.parquet"
    data = bytearray(file.read_bytes())
    data[40] ^= 1
    file.write_bytes(bytes(data))
    _, store = work_through([path], folder, resume=True)
    assert [problem.details["reason"] for problem in store.damaged] == ["sha256"]


def test_what_a_set_does_not_write_stays(scenario: Written, tmp_path: Path) -> None:
    path, folder = str(scenario()), tmp_path / "set"
    work_through([path], str(folder))
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "flows" / "part-000009.parquet").write_bytes(b"half a part")
    work_through([path], str(folder), resume=True)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not (folder / "flows" / "part-000009.parquet").exists()


def refused(names: list[str], folder: Path, resume: bool, **order: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        work_through(names, str(folder), resume, order=Order(**order))
    return [problem.code for problem in caught.value.problems]


def test_a_set_is_not_begun_over_another(scenario: Written, tmp_path: Path) -> None:
    path = str(scenario())
    work_through([path], str(tmp_path / "set"))
    assert refused([path], tmp_path / "set", resume=False) == ["batch_there"]


def test_a_folder_with_other_things_is_left_alone(scenario: Written, folder: Path) -> None:
    assert refused([str(scenario())], folder, resume=False) == ["batch_strangers"]


def test_a_set_of_other_inputs_seed_or_version_is_refused_with_what_differs(
    scenario: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = scenario(), tmp_path / "set"
    work_through([str(path)], str(folder))
    assert refused([str(path)], folder, resume=True, seed=5) == ["batch_differs"]
    path.write_text(path.read_text("utf-8").replace("20 km", "25 km"), encoding="utf-8")
    with pytest.raises(InputError, match=r"its inputs.six is .*20 km.* not .*25 km"):
        work_through([str(path)], str(folder), resume=True)
    path.write_text(path.read_text("utf-8").replace("25 km", "20 km"), encoding="utf-8")
    monkeypatch.setattr(manifests, "version", lambda _: "9.9")
    with pytest.raises(InputError, match=r"its version is '[0-9.]+', not '9.9'"):
        work_through([str(path)], str(folder), resume=True)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (("objective: cost", "objective: utilisation"),
         'inputs.six is \'{"objective": "cost"}\', not \'{"objective": "utilisation"}\''),
        (("80 %, 60 %", "80 %, 70 %"), '["100 %", "80 %", "60 %"]}}}\', not \'{"keys": {'),
        (("name_en: a scenario", "name_en: a scenario\nstart: 2030"), "inputs.six is 'six.yaml "),
        (("id: six", "id: seven"), "inputs is 'six', not 'seven'"),
    ],
)  # fmt: skip
def test_what_inputs_ask_otherwise_is_told_and_no_more(
    other: tuple[str, str], said: str, scenario: Written, tmp_path: Path
) -> None:
    path, folder = scenario(), tmp_path / "set"
    work_through([str(path)], str(folder))
    path.write_text(path.read_text("utf-8").replace(*other), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        work_through([str(path)], str(folder), resume=True)
    (problem,) = caught.value.problems
    assert said in problem.message("en")
    assert "20 km" not in problem.message("en")


def test_a_renamed_file_and_another_comment_are_the_same_batch(
    scenario: Written, tmp_path: Path
) -> None:
    path = scenario()
    work_through([str(path)], str(tmp_path / "set"))
    moved = path.with_name("renamed.yaml")
    moved.write_text("# a comment\n" + path.read_text("utf-8"), encoding="utf-8")
    tally, _ = work_through([str(moved)], str(tmp_path / "set"), resume=True)
    assert (tally.done, tally.skipped) == (0, 6)


@pytest.mark.skipif(os.name != "posix", reason="folders are kept by flock")
def test_two_processes_do_not_write_one_set(scenario: Written, tmp_path: Path) -> None:
    batch = gather([str(scenario())], Order())
    store = Store.opened(Place.at(str(tmp_path / "set")), manifest_of(batch), False)
    assert refused([str(scenario())], tmp_path / "set", resume=True) == ["batch_in_use"]
    store.close()
    tally, _ = work_through([str(scenario())], str(tmp_path / "set"), resume=True)
    assert tally.done == 6


def test_a_result_of_another_verb_is_no_set(scenario: Written, tmp_path: Path) -> None:
    folder = tmp_path / "result"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"kind": "optimise"}), encoding="utf-8")
    assert refused([str(scenario())], folder, resume=True) == ["not_a_batch"]


def test_any_file_system_may_hold_a_set(scenario: Written) -> None:
    path = str(scenario())
    work_through([path], "memory://sets/one", part=4)
    tally, _ = work_through([path], "memory://sets/one", resume=True)
    assert tally.skipped == 6
    names = Place.at("memory://sets/one").names()
    assert "manifest.json" in names
    assert not [name for name in names if name.endswith(".part")]


def test_an_address_that_nothing_understands_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be reached"):
        Place.at("nowhere://at/all")


def test_every_table_has_exactly_its_columns(scenario: Written, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    work_through([str(scenario())], str(tmp_path / "set"))
    kinds = {"string": "text", "double": "float", "int64": "int", "bool": "bool"}
    axes = {
        "enterprises.power.units.boiler.activity": "float",
        "links.ash_cement.distance": "float",
    }
    for table, columns in {**OPTIMISE, "cases": {**CASES, **axes}}.items():
        schema = pq.read_schema(tmp_path / "set" / table / "part-000001.parquet")
        assert {field.name: kinds[str(field.type)] for field in schema} == columns


def test_rows_carry_every_column_that_the_tables_of_a_result_have(scenario: Written) -> None:
    """Nothing that a verb tells is lost because a list of columns forgot it."""
    from symbiosis.batch.work import Work

    batch = gather([str(scenario())], Order())
    outcome = Work(batch.parks)(next(batch.cases()))
    for table, rows in outcome.rows.items():
        known = set(OPTIMISE.get(table, CASES)) | set(batch.axes)
        for row in rows:
            assert set(row) <= known
