"""A result in a folder: whole or not at all, and read back from its own files."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

from symbiosis.errors import InputError
from symbiosis.keep import Kept, save
from symbiosis.optimum import Goal
from symbiosis.rate import rate_of
from symbiosis.result import Result, answer
from symbiosis.scenario import load_question, load_scenario
from tests.model.parks import Tree, byproduct, link, makes, material, needs, tree, use, write


def whole(need: str = "80 t/a", **rest: str) -> Tree:
    """100 t of slag, an existing belt and a planned truck."""
    return tree(
        {
            "works": makes(slag=byproduct("100 t/a", "3 CNY/t")),
            "cement": needs(blend=use(need, "slag")),
        },
        {
            "belt": link("works.slag", "cement.blend", capacity="30 t/a", observed="20 t/a"),
            "haul": link("works.slag", "cement.blend", cost="5 CNY/t", status="planned"),
        },
        **rest,
    )


@pytest.fixture
def park_file(tmp_path: Path) -> Path:
    return write(whole(), tmp_path / "tiny.yaml")


@pytest.fixture
def result(park_file: Path) -> Result:
    return answer(load_question(park_file))


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_result_is_read_back_as_it_was_kept(result: Result, tmp_path: Path) -> None:
    kept = Kept(save(result, tmp_path / "out"))
    assert kept.document == json.loads(json.dumps(result.document("en")))
    assert kept.goal is Goal.UTILISATION
    assert kept.point() == result.optimum.point
    scenario = kept.scenario()
    assert scenario.park == result.optimum.park
    assert scenario.opened == result.scenario.opened
    assert scenario.boundary == result.scenario.boundary


def test_what_was_read_back_gives_the_same_rate_without_solving(
    result: Result, tmp_path: Path
) -> None:
    kept = Kept(save(result, tmp_path / "out"))
    assert rate_of(kept.scenario().slice(), kept.point()).value == result.optimum.rate.value


def test_the_manifest_has_the_hashes_of_the_inputs(
    result: Result, park_file: Path, tmp_path: Path
) -> None:
    folder = save(result, tmp_path / "out")
    manifest = Kept(folder).manifest
    digest = hashlib.sha256(park_file.read_bytes()).hexdigest()
    assert manifest["inputs"] == [{"file": "park/tiny.yaml", "sha256": digest}]
    assert (folder / "inputs" / "park" / "tiny.yaml").read_bytes() == park_file.read_bytes()


def test_the_manifest_says_how_the_answer_was_found(result: Result, tmp_path: Path) -> None:
    manifest = Kept(save(result, tmp_path / "out")).manifest
    assert manifest["solver"] == result.optimum.solved.solver
    assert manifest["status"] == "optimal"
    assert manifest["objective"] == "utilisation"
    assert manifest["year"] == 2025
    assert {"version", "solver_version", "solver_options", "gap", "seconds"} <= set(manifest)
    assert {"pyomo", "highspy", "numpy"} <= set(manifest["packages"])


def test_csv_and_parquet_hold_the_same(result: Result, tmp_path: Path) -> None:
    folder = save(result, tmp_path / "out") / "tables"
    names = {path.stem for path in folder.glob("*.csv")}
    assert names == {path.stem for path in folder.glob("*.parquet")}
    assert {"flows", "disposal", "purchases", "byproducts", "marginals", "reasons"} <= names
    for name in names:
        stored = pandas.read_parquet(folder / f"{name}.parquet")
        if stored.empty:
            continue
        text = pandas.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")
        assert list(text.columns) == list(stored.columns)
        assert len(text) == len(stored)
        for column in stored.select_dtypes("number"):
            close = pandas.testing.assert_series_equal
            close(text[column].astype(float), stored[column].astype(float), check_names=False)


def test_the_tables_say_their_units_and_add_up(result: Result, tmp_path: Path) -> None:
    """80 t sent, 20 t on the heap at 3 CNY/t."""
    folder = save(result, tmp_path / "out") / "tables"
    flows = pandas.read_csv(folder / "flows.csv", encoding="utf-8-sig")
    disposal = pandas.read_csv(folder / "disposal.csv", encoding="utf-8-sig")
    assert flows["amount_t"].sum() == pytest.approx(80)
    assert flows["transport_cny"].sum() == pytest.approx(250)
    assert disposal["amount_t"].sum() == pytest.approx(20)
    assert disposal["fee_cny"].sum() == pytest.approx(60)


def test_an_empty_table_keeps_its_columns(result: Result, tmp_path: Path) -> None:
    """Nothing is bought in this park; who reads purchases.parquet still finds its columns."""
    folder = save(result, tmp_path / "out") / "tables"
    stored = pandas.read_parquet(folder / "purchases.parquet")
    assert "amount_t" in stored.columns


# --- whole or not at all


def test_a_failure_on_the_way_leaves_nothing(result: Result, tmp_path: Path) -> None:
    def broken(folder: Path) -> None:
        assert (folder / "result.json").is_file()
        raise RuntimeError("the picture failed")

    with pytest.raises(RuntimeError):
        save(result, tmp_path / "out", more=broken)
    assert not (tmp_path / "out").exists()
    assert hidden(tmp_path) == []


def test_a_failure_on_the_way_leaves_the_earlier_result(result: Result, tmp_path: Path) -> None:
    folder = save(result, tmp_path / "out")
    before = (folder / "manifest.json").read_bytes()

    def broken(_: Path) -> None:
        raise RuntimeError("the picture failed")

    with pytest.raises(RuntimeError):
        save(result, folder, more=broken)
    assert (folder / "manifest.json").read_bytes() == before
    assert hidden(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from symbiosis.keep import save
from symbiosis.rate import rate_of
from symbiosis.result import answer
from symbiosis.scenario import load_question

def die(folder: Path) -> None:
    assert (folder / "result.json").is_file()
    os.kill(os.getpid(), signal.SIGKILL)

save(answer(load_question(sys.argv[1])), sys.argv[2], more=die)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_killed_run_leaves_no_half_result(park_file: Path, tmp_path: Path) -> None:
    """Killed when all tables are written and before the move: the place is empty."""
    place = tmp_path / "out"
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(park_file), str(place)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert not place.exists()
    save(answer(load_question(park_file)), place)
    assert Kept(place).manifest["status"] == "optimal"


def test_what_is_added_on_the_way_is_kept(result: Result, tmp_path: Path) -> None:
    folder = save(result, tmp_path / "out", more=lambda f: (f / "picture.svg").touch())
    assert (folder / "picture.svg").is_file()


def test_a_later_result_takes_the_place_of_an_earlier_one(
    result: Result, park_file: Path, tmp_path: Path
) -> None:
    """Nothing of the earlier result stays, not even a file that the later one does not have."""
    folder = save(result, tmp_path / "out", more=lambda f: (f / "old.svg").touch())
    write(whole("50 t/a"), park_file)
    save(answer(load_question(park_file)), folder)
    assert Kept(folder).document["utilisation_rate"] == pytest.approx(0.5)
    assert not (folder / "old.svg").exists()
    assert hidden(tmp_path) == []


def test_an_empty_folder_may_be_filled(result: Result, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert Kept(save(result, tmp_path / "out")).manifest["status"] == "optimal"


def test_folders_on_the_way_are_made(result: Result, tmp_path: Path) -> None:
    assert (save(result, tmp_path / "a" / "b" / "out") / "result.json").is_file()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_result_is_not_overwritten(result: Result, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "mine"
    if kind == "folder":
        place.mkdir()
        (place / "thesis.txt").write_text("years of work")
    else:
        place.write_text("years of work")
    with pytest.raises(InputError) as caught:
        save(result, place)
    assert caught.value.problems[0].code == "not_a_result"
    left = place / "thesis.txt" if kind == "folder" else place
    assert left.read_text() == "years of work"
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("name", ["manifest.json", "result.json"])
@pytest.mark.parametrize("text", [None, "{", ""])
def test_a_broken_result_is_named(
    result: Result, tmp_path: Path, name: str, text: str | None
) -> None:
    folder = save(result, tmp_path / "out")
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text)
    with pytest.raises(InputError) as caught:
        Kept(folder)
    assert caught.value.problems[0].details["file"] == name


# --- a kept result stands on its own files


def with_scenario(folder: Path, park: str, name: str = "later.yaml") -> Path:
    text = f"schema_version: 1\nid: later\npark: {park}\nname_zh: 以后\nname_en: later\n"
    path = folder / name
    path.write_text(text + "open: [existing]\n", encoding="utf-8")
    return path


@pytest.mark.usefixtures("park_file")
def test_a_scenario_is_kept_with_its_park(tmp_path: Path) -> None:
    """Both files are there with their hashes, and what was open is open again."""
    scenario = load_scenario(with_scenario(tmp_path, "tiny.yaml"))
    kept = Kept(save(answer(scenario), tmp_path / "out"))
    files = [row["file"] for row in kept.manifest["inputs"]]
    assert files == ["park/tiny.yaml", "scenario/later.yaml"]
    again = kept.scenario()
    assert again.opened == scenario.opened
    assert again.park == scenario.park


def test_a_kept_result_is_not_touched_by_later_edits(
    result: Result, park_file: Path, tmp_path: Path
) -> None:
    kept = Kept(save(result, tmp_path / "out"))
    write(whole("50 t/a"), park_file)
    assert kept.scenario().park == result.optimum.park


@pytest.mark.parametrize("how", ["bundled name", "path"])
def test_a_kept_scenario_reads_the_park_that_was_kept(tmp_path: Path, how: str) -> None:
    """The park file in the folder is changed on purpose: that is the one to be read."""
    if how == "bundled name":
        scenario = load_scenario("jinchang-2025")
    else:
        (tmp_path / "parks").mkdir()
        (tmp_path / "scenarios").mkdir()
        write(whole(), tmp_path / "parks" / "tiny.yaml")
        scenario = load_scenario(with_scenario(tmp_path / "scenarios", "../parks/tiny.yaml"))
    folder = save(answer(scenario), tmp_path / "out")
    park = folder / "inputs" / "park" / scenario.files[0].name
    text = park.read_text(encoding="utf-8").replace("money_year: 2025", "money_year: 1999")
    park.write_text(text, encoding="utf-8")
    assert Kept(folder).scenario().park.money_year == 1999


def test_two_inputs_of_one_name_are_both_kept(tmp_path: Path) -> None:
    """parks/tiny.yaml and scenarios/tiny.yaml are two files."""
    (tmp_path / "parks").mkdir()
    (tmp_path / "scenarios").mkdir()
    park = write(whole(), tmp_path / "parks" / "tiny.yaml")
    path = with_scenario(tmp_path / "scenarios", str(park), "tiny.yaml")
    folder = save(answer(load_scenario(path)), tmp_path / "out")
    kept = [file.read_bytes() for file in (folder / "inputs").rglob("*.yaml")]
    assert sorted(kept) == sorted([park.read_bytes(), path.read_bytes()])


def test_a_cost_optimum_is_kept_as_one(park_file: Path, tmp_path: Path) -> None:
    result = answer(load_question(park_file), Goal.COST)
    kept = Kept(save(result, tmp_path / "out"))
    assert kept.goal is Goal.COST
    assert kept.document["value"] == pytest.approx(result.optimum.cost_cny)


def test_a_result_without_a_rate_is_kept(tmp_path: Path) -> None:
    """Nothing is generated: R is null in the JSON, and not NaN."""
    sand = {"sand": material(waste_class="none")}
    whole_ = tree({"cement": needs(blend=use("80 t/a"))}, materials=sand)
    path = write(whole_, tmp_path / "tiny.yaml")
    folder = save(answer(load_question(path)), tmp_path / "out")
    assert Kept(folder).document["utilisation_rate"] is None
    assert "NaN" not in (folder / "result.json").read_text(encoding="utf-8")
