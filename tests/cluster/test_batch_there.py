"""The same batch on a real cluster: the same rows, and what is lost is done by ``--resume``."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis.batch.cluster import ClusterLost
from symbiosis.batch.dask_engine import DaskEngine
from symbiosis.batch.engine import local
from symbiosis.batch.gather import Batch, gather
from symbiosis.batch.manifest import manifest_of
from symbiosis.batch.options import Order
from symbiosis.batch.place import Place
from symbiosis.batch.query import opened
from symbiosis.batch.run import run
from symbiosis.batch.store import Store
from symbiosis.cli import main

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
SWEEP = """\
schema_version: 1
id: swept
park: tiny.yaml
name_zh: 试
name_en: Try
open: [existing, potential]
sweep:
  keys:
    enterprises.power.units.boiler.activity: {low: 50 %, high: 100 %, steps: 6}
    links.ash_cement.distance: {low: 5 km, high: 50 km, steps: 5}
"""
CASES = 30


@pytest.fixture
def swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A sweep of thirty cases, in the folder where the test runs."""
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(TINY, tmp_path / "tiny.yaml")
    (tmp_path / "swept.yaml").write_text(SWEEP, encoding="utf-8")
    return "swept.yaml"


def rows_of(folder: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every table in the order of its rows; floats are equal only bit by bit."""
    found = {}
    with opened(folder) as there:
        for table in there.tables:
            without = "EXCLUDE (seconds)" if table == "cases" else ""
            answer = there.ask(f'SELECT * {without} FROM "{table}" ORDER BY ALL')
            found[table] = [row for portion in answer.portions for row in portion]
    return found


def set_of(batch: Batch, folder: str, resume: bool = False) -> Store:
    return Store.opened(Place.at(folder), manifest_of(batch), resume)


def worked_through_here(name: str, folder: str) -> dict[str, list[tuple[Any, ...]]]:
    batch = gather([name], Order())
    run(batch, set_of(batch, folder), local(1))
    return rows_of(folder)


def test_the_rows_are_those_of_this_process_bit_by_bit(
    shared: Any, swept: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here = worked_through_here(swept, "here")
    assert main(["batch", swept, "-o", "there", "--cluster", shared.address]) == 0
    there = rows_of("there")
    assert len(there["cases"]) == CASES
    assert [repr(row) for row in there["summary"]] == [repr(row) for row in here["summary"]]
    assert there == here
    assert capsys.readouterr().out


def test_a_worker_killed_in_the_middle_loses_and_doubles_no_case(cluster: Any, swept: str) -> None:
    cluster.start(workers=2)
    batch = gather([swept], Order())
    store = set_of(batch, "there")

    def kill(done: int, _: int) -> None:
        if done == 4:
            cluster.kill(cluster.workers[0].pid)

    tally = run(batch, store, DaskEngine(cluster.address), kill)
    assert (tally.done, tally.failed) == (CASES, 0)
    assert rows_of("there") == worked_through_here(swept, "here")


@pytest.mark.long
def test_what_a_lost_scheduler_leaves_is_done_by_resume(cluster: Any, swept: str) -> None:
    """It goes after the first case, when no more than three are begun, and stays away."""
    cluster.start(workers=1)
    batch = gather([swept], Order())
    engine = DaskEngine(cluster.address, timeout_s=1.0, patience_s=1.0)

    def kill(done: int, _: int) -> None:
        if done == 1:
            cluster.kill_scheduler()

    with pytest.raises(ClusterLost):
        run(batch, set_of(batch, "there"), engine, kill)
    kept = len(rows_of("there")["cases"])
    assert 1 <= kept < CASES
    tally = run(batch, set_of(batch, "there", resume=True), local(1))
    assert (tally.done, tally.skipped) == (CASES - kept, kept)
    assert rows_of("there") == worked_through_here(swept, "here")


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], swept: str) -> Callable[..., str]:
    """What ``batch`` says when it is refused before a set is begun."""

    def run_batch(*more: str) -> str:
        assert main(["batch", swept, "-o", "there", "--lang", "en", *more]) == 2
        assert not Path("there").exists()
        return capsys.readouterr().err

    return run_batch


def test_an_unreachable_cluster_leaves_no_set_behind(refused: Callable[..., str]) -> None:
    assert "no Dask scheduler answers at 'nowhere'" in refused("--cluster", "nowhere")


def test_workers_of_ones_own_mean_nothing_there(refused: Callable[..., str]) -> None:
    said = refused("--cluster", "tcp://127.0.0.1:1", "--workers", "2")
    assert "--workers means nothing together with --cluster" in said
