"""Bad input of ``batch`` as it is typed: exit code 2 before work begins, or a row of the result.

No fault of the program, no half set; every message is looked at in both languages.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis.cli import main
from tests.batch.sets import rows_of

Written = Callable[..., Path]
KM = "links.ash_cement.distance"
ONE = f"sweep: {{options: {{solver: glpk}}, keys: {{{KM}: {{values: [1 km]}}}}}}\n"


@pytest.fixture
def said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> Callable[..., str]:
    """What is said of a refused command in one language; nothing is left behind."""
    monkeypatch.chdir(folder)

    def run(lang: str, *arguments: object) -> str:
        capsys.readouterr()
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
        code = main(["batch", "--workers", "1", *map(str, arguments), "--lang", lang])
        out, err = capsys.readouterr()
        assert (code, out) == (2, ""), err
        after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
        assert after.items() - before.items() <= locks(after), "something was written"
        return err

    def locks(files: dict[Path, int]) -> Any:
        return {(path, when) for path, when in files.items() if path.name == ".lock"}

    return run


@pytest.fixture
def refused(said: Callable[..., str]) -> Callable[..., None]:
    """A command is refused with these words in English and those in Chinese."""

    def check(english: str, chinese: str, *arguments: object) -> None:
        assert english in said("en", *arguments)
        told = said("zh", *arguments)
        assert chinese in told

    return check


# --- what is asked for

NAMES = {
    "no file": ("there.yaml", "there is no file 'there.yaml'", "没有文件“there.yaml”"),
    "no file, another near": ("sie.yaml", "Did you mean 'six.yaml'?", "six.yaml"),
    "no name": ("nowhere", "there is no scenario 'nowhere'", "没有名为“nowhere”的"),
    "a folder": ("parks", "'parks' is a folder; a file is needed", "“parks”是文件夹"),
    "a device": ("/dev/full", "'/dev/full' is not an ordinary file", "不是普通文件"),
    "an empty glob": (
        "none-*.yaml",
        "no file matches 'none-*.yaml'",
        "没有文件与“none-*.yaml”匹配",
    ),
}


@pytest.mark.parametrize("what", NAMES)
def test_a_name_with_nothing_behind_it(
    refused: Any, scenario: Written, folder: Path, what: str
) -> None:
    scenario("six")
    (folder / "parks").mkdir()
    name, english, chinese = NAMES[what]
    refused(english, chinese, name, "-o", "set")


def test_two_files_with_one_id(refused: Any, scenario: Written) -> None:
    first, second = scenario("first", ONE, own="same"), scenario("second", ONE, own="same")
    refused("the scenario 'same' is also in", "情景“same”也在", first, second, "-o", "set")


def test_a_park_and_its_copy(refused: Any, folder: Path) -> None:
    """They have one key; a scenario has its id in it, so that no two of another name do."""
    shutil.copyfile(folder / "tiny.yaml", folder / "copy.yaml")
    refused("says the same as", "内容相同", "tiny.yaml", "copy.yaml", "-o", "set")


SWEEPS = {
    "an unknown key": (
        "keys: {links.ash_cemnt.distance: {values: [1 km]}}",
        "six.yaml:7: sweep.keys.links.ash_cemnt.distance",
        "Did you mean 'ash_cement'?", "ash_cement",
    ),
    "no samples": (
        f"{{method: sobol, samples: 0, keys: {{{KM}: {{low: 1 km, high: 2 km}}}}}}",
        "six.yaml:6: samples", "'0' is below 1", "“0”",
    ),
    "negative steps": (
        f"keys: {{{KM}: {{low: 1 km, high: 2 km, steps: -3}}}}",
        "steps", "'-3' is below 2", "“-3”",
    ),
    "steps that are no number": (
        f"keys: {{{KM}: {{low: 1 km, high: 2 km, steps: many}}}}",
        "steps", "a whole number", "整数",
    ),
    "a value twice": (
        f"keys: {{{KM}: {{values: [1 km, 2 km, 1 km]}}}}",
        f"sweep.keys.{KM}", "'1 km' stands twice", "重复",
    ),
    "no number as a value": (
        f"keys: {{{KM}: {{values: [.nan km]}}}}",
        f"sweep.keys.{KM}", "'.nan km' is not a finite number", "不是有限的数值",
    ),
    "an endless upper end": (
        f"keys: {{{KM}: {{low: 1 km, high: inf km, steps: 3}}}}",
        f"sweep.keys.{KM}", "'inf km' is not a finite number", "不是有限的数值",
    ),
    "a factor that is no number": (
        f"keys: {{{KM}: {{factor_low: nan, factor_high: 2, steps: 3}}}}",
        f"sweep.keys.{KM}", "'nan' is not a finite number", "不是有限的数值",
    ),
    "factors beyond all numbers": (
        f"keys: {{{KM}: {{factor_low: 1, factor_high: 1e308, steps: 3}}}}",
        f"sweep.keys.{KM}", "a factor leads nowhere", "倍数没有意义",
    ),
    "a number without its unit": (
        f"keys: {{{KM}: {{values: [5]}}}}", f"sweep.keys.{KM}", "'5' has no unit", "没有单位",
    ),
    "an unknown unit": (
        f"keys: {{{KM}: {{low: 1 km, high: 2 kmm, steps: 2}}}}",
        f"sweep.keys.{KM}", "'kmm' is not a unit", "不是单位",
    ),
    "an unknown solver": (
        f"{{options: {{solver: glpkk}}, keys: {{{KM}: {{values: [1 km]}}}}}}",
        "--solver", "glpkk", "glpkk",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SWEEPS)
def test_a_wrong_sweep(said: Any, scenario: Written, what: str) -> None:
    block, place, english, chinese = SWEEPS[what]
    text = f"sweep: {block}\n" if block[0] == "{" else f"sweep:\n  {block}\n"
    path = scenario("six", text)
    told = said("en", path, "-o", "set")
    assert english in told
    assert place in told
    assert chinese in said("zh", path, "-o", "set")


@pytest.mark.parametrize("steps", [1000, 10**9, 10**30])
def test_a_grid_that_is_larger_than_meant_is_counted_without_being_made(
    refused: Any, scenario: Written, steps: int
) -> None:
    """The square of the steps; a billion values would not fit into memory."""
    grid = f"sweep:\n  keys:\n    {KM}: {{low: 1 km, high: 9 km, steps: {steps}}}\n"
    grid += (
        f"    enterprises.power.units.boiler.activity: {{low: 5 %, high: 9 %, steps: {steps}}}\n"
    )
    count = f"{steps**2:,}"
    refused(f"these are {count} cases", f"共 {count} 个算例", scenario("six", grid), "-o", "set")


def test_a_file_that_is_no_yaml_and_a_park_that_is_missing_are_rows(
    scenario: Written, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two files that are the same and empty are two rows; what failed is told at the end."""
    scenario("good", "set: {}\n")
    lost = scenario("lost", "set: {}\n")
    lost.write_text(lost.read_text("utf-8").replace("park: tiny", "park: tinny"), encoding="utf-8")
    for name in ("empty", "void"):
        (folder / f"{name}.yaml").write_bytes(b"")
    names = [str(folder / f"{name}.yaml") for name in ("good", "lost", "empty", "void")]
    asked = ["batch", *names, "-o", str(folder / "set"), "--workers", "1"]
    assert main([*asked, "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert "1 done, 3 failed" in out
    assert "'void' failed: " in err
    found = {row["name"]: row for row in rows_of(str(folder / "set"))["cases"]}
    assert {name: row["error"] for name, row in found.items()} == {
        "good": None, "lost": "unknown_name", "empty": "file_empty", "void": "file_empty",
    }  # fmt: skip
    assert "tinny.yaml" in found["lost"]["message_en"]
    assert "tinny.yaml" in found["lost"]["message_zh"]
    assert main([*asked, "--resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["skipped"] == 4


# --- options


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
def test_workers_that_are_none(said: Any, scenario: Written, workers: str) -> None:
    path = scenario()
    for lang in ("en", "zh"):
        assert "--workers" in said(lang, path, "-o", "set", "--workers", workers)


def test_an_unknown_solver_on_the_command_line(refused: Any, scenario: Written) -> None:
    refused("glpkk", "glpkk", scenario(), "-o", "set", "--solver", "glpkk")


def test_an_unreachable_cluster(capsys: pytest.CaptureFixture[str], scenario: Written) -> None:
    path = scenario()
    where = path.with_name("set")
    for lang, told in (("en", "no Dask scheduler answers"), ("zh", "没有 Dask 调度器应答")):
        asked = ["batch", str(path), "-o", str(where), "--cluster", "nowhere", "--lang", lang]
        assert main(asked) == 2
        assert told in capsys.readouterr().err
    assert not where.exists()


# --- where it is kept

PLACES = {
    "a file": ("tiny.yaml", "'{folder}/tiny.yaml' is a file", "“{folder}/tiny.yaml”是文件"),
    "a device": ("/dev/full", "'/dev/full' is a file", "“/dev/full”是文件"),
    "below a file": (
        "tiny.yaml/set", "'tiny.yaml/set' cannot be written", "无法写入“tiny.yaml/set”",
    ),
    "no place for folders": ("/proc/set", "'/proc/set' cannot be written", "无法写入“/proc/set”"),
    "an unknown protocol": (
        "foo://a/b", "'foo://a/b' cannot be reached: Protocol not known", "无法访问“foo://a/b”",
    ),
    "an archive that is not there": (
        "zip://set::{folder}/none.zip", "cannot be reached", "无法访问",
    ),
    "a protocol that needs more": ("dir://set", "'dir://set' cannot be reached", "无法访问“dir://"),
    "another of these": ("reference://set", "cannot be reached", "无法访问“reference://set”"),
    "what is only read": (
        "data://text/plain", "'data://text/plain' cannot be written", "无法写入“data://text/plain”",
    ),
    "nobody there": ("ftp://127.0.0.1:1/set", "cannot be reached", "无法访问“ftp://127.0.0.1:1"),
    "somebody else's": (".", "is neither empty nor a result set", "既不是空文件夹也不是结果集"),
}  # fmt: skip


@pytest.mark.parametrize("what", PLACES)
def test_a_place_where_no_set_can_be(
    refused: Any, scenario: Written, folder: Path, what: str
) -> None:
    address, english, chinese = (text.format(folder=folder) for text in PLACES[what])
    refused(english, chinese, scenario(), "-o", address)


@pytest.mark.parametrize(("address", "library"), [("s3://b/set", "s3fs"), ("gs://b/set", "gcsfs")])
def test_an_address_whose_library_is_missing(
    refused: Any, scenario: Written, monkeypatch: pytest.MonkeyPatch, address: str, library: str
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, library, None)
    refused(f"'{address}' cannot be reached: ", f"无法访问“{address}”", scenario(), "-o", address)


def test_what_is_kept_in_memory_is_told_to_be_gone_soon(
    scenario: Written, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"memory://{folder.name}/gone"
    assert main(["batch", str(scenario("one", ONE)), "-o", address, "--lang", "en"]) == 0
    assert f"{address} is gone when this program ends" in capsys.readouterr().err


# --- sets that are not ours


@pytest.fixture
def kept(scenario: Written, folder: Path) -> Path:
    """A set of six cases."""
    assert main(["batch", str(scenario()), "-o", str(folder / "set"), "--workers", "1"]) == 0
    return folder / "set"


def change(kept: Path, **changed: object) -> None:
    path = kept / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest | changed), encoding="utf-8")


def test_a_set_is_there_already(refused: Any, kept: Path) -> None:
    refused("carry it on with --resume", "用 --resume 继续", "six.yaml", "-o", kept)


def test_a_set_of_another_version(refused: Any, kept: Path) -> None:
    change(kept, version="0.0.1")
    said = "its version is '0.0.1', not '0."
    refused(said, "其 version 为“0.0.1”", "six.yaml", "-o", kept, "--resume")


def test_a_set_made_with_another_library(refused: Any, kept: Path) -> None:
    """SciPy draws the points of a sweep: another version may draw others."""
    packages = json.loads((kept / "manifest.json").read_text("utf-8"))["packages"]
    change(kept, packages=packages | {"scipy": "0.1"})
    refused("its scipy is '0.1'", "其 scipy 为“0.1”", "six.yaml", "-o", kept, "--resume")


def test_a_set_of_another_batch(refused: Any, scenario: Written, kept: Path) -> None:
    other = scenario("other", ONE)
    refused("its cases is '6', not '1'", "其 cases 为“6”", other, "-o", kept, "--resume")


@pytest.mark.parametrize("resume", [(), ("--resume",)])
def test_a_result_of_another_command(
    refused: Any, scenario: Written, folder: Path, resume: Any
) -> None:
    scenario()
    assert main(["optimise", str(folder / "tiny.yaml"), "-o", str(folder / "one")]) == 0
    said = "is a result, but no result set of 'batch'"
    refused(said, "但不是 batch 的结果集", "six.yaml", "-o", folder / "one", *resume)


@pytest.mark.parametrize(
    "text", ["{", "", "[1]", '{"kind": "batch"}', '{"kind": "batch", "inputs": 5}']
)
def test_a_manifest_that_was_changed_by_hand(said: Any, kept: Path, text: str) -> None:
    (kept / "manifest.json").write_text(text, encoding="utf-8")
    for lang in ("en", "zh"):
        assert str(kept) in said(lang, "six.yaml", "-o", kept, "--resume")


RECORDS = ["{", "[]", '{"part": "x", "files": {}}', '{"part": 1, "files": 5}',
           '{"part": 1, "files": {"flows": {}}}']  # fmt: skip


@pytest.mark.parametrize("text", RECORDS)
def test_a_record_that_was_changed_by_hand_is_damage(
    kept: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, and its cases are done again."""
    whole = rows_of(str(kept))
    (kept / "commits" / "part-000001.json").write_text(text, encoding="utf-8")
    assert main(["query", str(kept), "FROM cases", "--lang", "en"]) == 2
    assert "'commits/part-000001.json' is damaged" in capsys.readouterr().err
    again = ["batch", str(kept.with_name("six.yaml")), "-o", str(kept), "--resume", "--json"]
    assert main([*again, "--lang", "zh"]) == 0
    out, err = capsys.readouterr()
    assert "“commits/part-000001.json”已损坏" in err
    assert json.loads(out)["done"] == 6
    assert rows_of(str(kept)) == whole


def test_a_truncated_file_is_named_by_query_and_mended_by_resume(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, torn = rows_of(str(kept)), kept / "summary" / "part-000001.parquet"
    torn.write_bytes(torn.read_bytes()[:-100])
    for lang, told in (("en", "is damaged"), ("zh", "已损坏")):
        assert main(["query", str(kept), "FROM cases", "--lang", lang]) == 2
        assert f"summary/part-000001.parquet{'”' if lang == 'zh' else chr(39)}" in (
            err := capsys.readouterr().err
        )
        assert told in err
    path = str(kept.with_name("six.yaml"))
    assert main(["batch", path, "-o", str(kept), "--resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["damaged"] == ["summary/part-000001.parquet"]
    assert rows_of(str(kept)) == whole


def test_resume_without_a_set_begins_one(scenario: Written, folder: Path) -> None:
    asked = ["batch", str(scenario("one", ONE)), "-o", str(folder / "new"), "--resume"]
    assert main(asked) == 0
    assert len(rows_of(str(folder / "new"))["cases"]) == 1


def test_a_file_that_changes_while_others_are_done_ends_the_batch_and_nothing_wrong_is_kept(
    scenario: Written, folder: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Its key says what it said at the beginning. What was done is kept; the rest by --resume."""
    from symbiosis.batch import work

    for name in ("a", "b"):
        scenario(name, "set: {links.ash_cement.distance: 11 km}\n")
    texts = {name: (folder / f"{name}.yaml").read_text("utf-8") for name in ("a", "b")}
    quick = work.ANSWERS[work.Verb.OPTIMISE]

    def meddling(asked: Any, *rest: Any) -> Any:
        other = "b" if asked.id == "a" else "a"
        (folder / f"{other}.yaml").write_text(texts[other].replace("11", "12"), encoding="utf-8")
        return quick(asked, *rest)

    monkeypatch.setitem(work.ANSWERS, work.Verb.OPTIMISE, meddling)
    asked = ["batch", str(folder / "a.yaml"), str(folder / "b.yaml"), "-o", str(folder / "set"),
             "--workers", "1", "--resume"]  # fmt: skip
    assert main([*asked, "--lang", "en"]) == 2
    assert "has changed since the batch began" in capsys.readouterr().err
    assert len(rows_of(str(folder / "set"))["cases"]) == 1
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setitem(work.ANSWERS, work.Verb.OPTIMISE, quick)
    assert main([*asked, "--lang", "zh"]) == 0
    assert sorted(row["name"] for row in rows_of(str(folder / "set"))["cases"]) == ["a", "b"]
