"""The same numbers to the last bit: whoever does a case, in which order, beside which others.

Twelve variations of Jinchang month by month, as in bench/batch.py, and its replay in four runs.
"""

import hashlib
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis.batch.engine import Alone, Engine, Processes
from symbiosis.batch.gather import gather
from symbiosis.batch.options import Order
from symbiosis.cli import main
from tests.batch.sets import rows_of, work_through

Rows = dict[str, list[dict[str, Any]]]
SWEEP: str = importlib.import_module("batch").SWEEP  # of bench/
CASES = 12
LIVED = """schema_version: 1
id: {id}
park: tiny.yaml
name_zh: 情景
name_en: a scenario
start: 2025
horizon: 2 a
add:
  projects:
    line: {{name_zh: 线, name_en: Line, types: [chain_filling], status: planned,
           investment: 730 万元, links: [slag_cement]}}
retrofit:
  projects:
    line:
      stages:
        build: {{name_zh: 建, name_en: Build,
                duration: {{shape: triangular, low: 100 d, value: 300 d, high: 600 d}}}}
"""
DISTANCES = """sweep:
  verb: simulate
  options: {options}
  keys: {{links.slag_cement.distance: {{values: [{values}]}}}}
"""


def by_key(rows: Rows, names: bool = False) -> dict[str, list[str]]:
    """Every row as text, by table and key; elsewhere a case may have another name."""
    found: dict[str, list[str]] = {}
    for table, own in rows.items():
        for row in own:
            kept = {k: v for k, v in row.items() if k not in ("key", *(() if names else ("name",)))}
            found.setdefault(f"{table} {row['key']}", []).append(repr(kept))
    return found


class Reversed(Alone):
    """All items, the last first."""

    def run(self, prepare: Any, items: Any) -> Any:
        return super().run(prepare, reversed(list(items)))


class Stops(Alone):
    """Ctrl-C after some items."""

    def run(self, prepare: Any, items: Any) -> Any:
        for number, done in enumerate(super().run(prepare, items)):
            if number == 5:
                raise KeyboardInterrupt
            yield done


def worked(path: Path, where: Path, engine: Engine, resume: bool = False) -> Rows:
    work_through([str(path)], str(where), resume=resume, engine=engine, part=4)
    return rows_of(str(where))


def as_list(path: Path, other: Path, first: int, last: int) -> Path:
    """The same variations as rows of a list, backwards, in a file of the same id."""
    changes = [dict(case.changes) for case in gather([str(path)], Order()).cases()][first:last]
    head = path.read_text("utf-8").partition("sweep:")[0]
    sweep = {"options": {"objective": "cost"}, "method": "list", "rows": changes[::-1]}
    other.write_text(f"{head}sweep: {json.dumps(sweep)}\n", encoding="utf-8")
    return other


@pytest.mark.long
def test_months_of_jinchang(tmp_path: Path) -> None:
    path = tmp_path / "months.yaml"
    path.write_text(SWEEP.format(cases=CASES, objective="cost"), encoding="utf-8")
    whole = worked(path, tmp_path / "one", Alone())
    assert len(whole["cases"]) == len(whole["summary"]) == CASES
    assert len({row["cost_cny"] for row in whole["summary"]}) == CASES
    assert worked(path, tmp_path / "two", Processes(2)) == whole
    assert worked(path, tmp_path / "backwards", Reversed()) == whole
    assert len(worked(path, tmp_path / "again", Stops())["cases"]) == 5
    assert worked(path, tmp_path / "again", Processes(2), resume=True) == whole
    few = as_list(path, tmp_path / "few.yaml", 3, 6)
    wanted, found = by_key(whole), by_key(worked(few, tmp_path / "few", Alone()))
    assert len([row for row in found if row.startswith("cases ")]) == 3
    assert found == {row: wanted[row] for row in found}


@pytest.fixture
def lived(folder: Path) -> Callable[..., Path]:
    """Write a scenario with a project that is built within a span, at some distances."""

    def written(name: str, values: str, options: str = "{runs: 4}") -> Path:
        path = folder / f"{name}.yaml"
        sweep = DISTANCES.format(values=values, options=options)
        path.write_text(LIVED.format(id=name.rstrip("x")) + sweep, encoding="utf-8")
        return path

    return written


def test_a_stream_depends_on_no_worker_no_order_and_no_other_case(
    lived: Callable[..., Path], tmp_path: Path
) -> None:
    """Three distances; then backwards on two workers, beside another scenario; then one alone."""
    whole = by_key(worked(lived("a", "20 km, 30 km, 40 km"), tmp_path / "one", Alone()))
    seeds = [row["seed"] for row in rows_of(str(tmp_path / "one"))["cases"]]
    assert len(set(seeds)) == 3
    names = [str(lived("ax", "40 km, 30 km, 20 km")), str(lived("b", "20 km"))]
    for number, order in enumerate((names, names[::-1])):
        where = str(tmp_path / f"both-{number}")
        work_through(order, where, engine=Processes(2), part=1)
        both = by_key(rows_of(where))
        assert {row: both[row] for row in whole} == whole
        assert len(both) > len(whole)
    alone = by_key(worked(lived("ax", "30 km"), tmp_path / "alone", Alone()))
    assert alone == {row: whole[row] for row in alone}


def test_one_seed_for_all_gives_every_case_the_same_luck(
    lived: Callable[..., Path], tmp_path: Path
) -> None:
    """The distance is no part of how long building takes: all cases have the same days."""
    path = lived("a", "20 km, 30 km", "{runs: 4, seed: 5}")
    rows = worked(path, tmp_path / "set", Alone())
    assert {row["seed"] for row in rows["summary"]} == {5}
    days = {row["key"]: row["commissioned_p50"] for row in rows["projects"]}
    assert len(days) == 2
    assert len(set(days.values())) == 1
    own = worked(lived("ax", "20 km, 30 km", "{runs: 4}"), tmp_path / "own", Alone())
    assert len({row["commissioned_p50"] for row in own["projects"]}) == 2


def test_what_a_manifest_names_is_enough_to_do_it_again(
    lived: Callable[..., Path], tmp_path: Path
) -> None:
    """Files by their hashes, verb, options and seed, with the libraries that it names."""
    path = lived("a", "20 km, 30 km")
    asked = ["batch", str(path), "-o", str(tmp_path / "set"), "--seed", "11", "--runs", "3"]
    assert main([*asked, "--workers", "2"]) == 0
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text("utf-8"))
    (given,) = manifest["inputs"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == given["sha256"]
    assert set(manifest["solver"]) == {"highspy", "swiglpk"}
    assert all(manifest["solver"].values())
    moved = path.with_name("moved.yaml")
    path.rename(moved)
    options = [
        word for key, value in manifest["options"].items() for word in (f"--{key}", str(value))
    ]
    again = ["batch", str(moved), "-o", str(tmp_path / "again"), "--workers", "1",
             "--verb", manifest["verb"], "--seed", str(manifest["seed"]), *options]  # fmt: skip
    assert main(again) == 0
    assert rows_of(str(tmp_path / "again")) == rows_of(str(tmp_path / "set"))


@pytest.mark.long
def test_the_replay_of_jinchang(tmp_path: Path) -> None:
    """Two scenarios of the park, in both orders, on one worker and on two."""
    from symbiosis.batch.case import Verb

    names, order = ["jinchang-replay", "jinchang-delayed"], Order(Verb.SIMULATE, {"runs": 4})
    work_through(names, str(tmp_path / "one"), order=order)
    work_through(names[::-1], str(tmp_path / "two"), order=order, engine=Processes(2), part=1)
    assert rows_of(str(tmp_path / "two")) == rows_of(str(tmp_path / "one"))
    work_through(names[:1], str(tmp_path / "alone"), order=order)
    alone, both = (by_key(rows_of(str(tmp_path / name)), True) for name in ("alone", "one"))
    assert alone == {row: both[row] for row in alone}
