"""The same simulation on a real cluster: bit by bit the numbers of this process."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symbiosis.batch import dask_engine
from symbiosis.batch.cluster import Cluster, ClusterLost
from symbiosis.batch.dask_engine import Crew, hired
from symbiosis.cli import main
from symbiosis.retrofit.block import Retrofit, retrofit_of
from symbiosis.retrofit.document import frame_of_runs
from symbiosis.retrofit.many import Deserted, doubling, many
from symbiosis.retrofit.simulate import simulate
from symbiosis.scenario import load_scenario
from symbiosis.terminal import simulated

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
ASKED = """\
schema_version: 1
id: asked
park: tiny.yaml
name_zh: 试
name_en: Try
start: 2025
horizon: 2 a
add:
  projects:
    line: {name_zh: 矿渣线, name_en: Slag line, types: [chain_filling], status: planned,
           investment: 730 万元, links: [slag_cement]}
retrofit:
  projects:
    line:
      stages:
        build: {name_zh: 建, name_en: Build,
                duration: {shape: triangular, low: 100 d, value: 300 d, high: 600 d}}
  targets:
    built: {name_zh: 建成, name_en: Built, milestone: all.finished, by: 2026-02-28}
"""


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A scenario of the tiny park, whose project is built within a span."""
    (tmp_path / "tiny.yaml").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "asked.yaml"
    file.write_text(ASKED, encoding="utf-8")
    return file


@pytest.fixture
def retrofit(asked: Path) -> Retrofit:
    return retrofit_of(load_scenario(asked))


def test_the_numbers_are_those_of_this_process_bit_by_bit(shared: Any, retrofit: Retrofit) -> None:
    alone = simulate(retrofit, 16, seed=7)
    with hired(shared.address) as hire:
        there = simulate(retrofit, 16, seed=7, hire=hire)
    assert frame_of_runs(there).equals(frame_of_runs(alone))
    here, elsewhere = alone.by_month("cost"), there.by_month("cost")
    assert np.array_equal(here.view(np.uint64), elsewhere.view(np.uint64))
    assert len(np.unique(alone.times("all.finished"))) > 10


def test_auto_goes_on_until_it_is_enough(shared: Any, work: Any) -> None:
    """Batches of 4, 4 and 8: the next is asked for when all before it are taken, in order."""
    found: list[int] = []

    def enough() -> bool:
        return len(found) >= 16

    with (
        hired(shared.address) as hire,
        many(work.prepare_square, doubling(enough, 4, 64), hire=hire) as outcomes,
    ):
        found.extend(outcomes)
    assert found == [index * index for index in range(16)]


def test_a_worker_killed_in_the_middle_changes_no_order(
    cluster: Any, work: Any, tmp_path: Path, when: Any
) -> None:
    cluster.start(workers=2)
    held = partial(work.prepare_held, tmp_path, frozenset({11}))

    def kill(begun: Path) -> None:
        cluster.kill(int(begun.name.split("-")[2]))
        (tmp_path / "go").touch()

    with (
        hired(cluster.address) as hire,
        many(held, 60, chunk=5, hire=hire) as outcomes,
        when(tmp_path, "begun-11-*", kill),
    ):
        found = [index for index, _ in outcomes]
    assert found == list(range(60))
    assert not outcomes.interrupted


@pytest.mark.long
def test_runs_finished_before_the_scheduler_went_for_good_are_kept(
    cluster: Any, retrofit: Retrofit
) -> None:
    """They are the first ones of the local answer, bit by bit."""
    cluster.start(workers=1)

    def kill(done: int, _: int | None) -> None:
        if done == 10:
            cluster.kill_scheduler()

    there = Cluster(cluster.address, timeout_s=1.0, patience_s=1.0)
    try:
        made = simulate(retrofit, 100_000, seed=7, progress=kill, hire=partial(Crew, there))
    finally:
        there.close()
    assert isinstance(made.deserted, ClusterLost)
    assert made.interrupted
    assert 10 <= made.runs < 100_000
    assert frame_of_runs(made).equals(frame_of_runs(simulate(retrofit, made.runs, seed=7)))


def test_a_part_that_kills_every_worker_ends_it_after_the_runs_before(
    cluster: Any, work: Any
) -> None:
    """Run 7 ends its process, whichever that is: the seven before it are taken."""
    cluster.start(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    for _ in range(3):
        cluster.work()
    cluster.wait_for_workers(3)
    found: list[int] = []
    with (
        hired(cluster.address) as hire,
        many(partial(work.prepare_deadly, {7}), 50, chunk=1, hire=hire) as outcomes,
        pytest.raises(Deserted),
    ):
        found.extend(outcomes)
    assert found == list(range(7))


@pytest.mark.long
def test_a_scheduler_that_went_before_the_first_run_leaves_nothing(
    cluster: Any, retrofit: Retrofit
) -> None:
    cluster.start()
    there = Cluster(cluster.address, timeout_s=1.0, patience_s=1.0)
    cluster.kill_scheduler()
    with pytest.raises(ClusterLost):
        simulate(retrofit, 10, seed=7, hire=partial(Crew, there))
    there.close()


def test_what_a_run_raises_has_its_number(shared: Any, work: Any) -> None:
    with (
        hired(shared.address) as hire,
        many(partial(work.prepare_failing, 45), 100, hire=hire) as outcomes,
        pytest.raises(ZeroDivisionError, match="furnace is cold") as caught,
    ):
        list(outcomes)
    assert caught.value.__notes__ == ["in run 45"]


def test_the_first_ctrl_c_keeps_what_follows_one_another(shared: Any, work: Any) -> None:
    found = []
    with (
        hired(shared.address) as hire,
        many(work.prepare_square, 10**6, hire=hire) as outcomes,
    ):
        for outcome in outcomes:
            found.append(outcome)
            if len(found) == 7:
                signal.raise_signal(signal.SIGINT)
    assert outcomes.interrupted
    assert found == [index * index for index in range(len(found))]
    assert 7 <= len(found) < 10**6


def test_chunks_handed_out_are_bounded(shared: Any, work: Any) -> None:
    """Two workers: three parts for each, and four times as many as order needs a stock."""
    shared.wait_for_workers(2)
    there = Cluster(shared.address)
    crew: Crew[int] = Crew(there, work.prepare_square, 20)
    try:
        assert crew.ahead == 4 * 3 * 2
        assert {len(part) for part in crew.parts(range(1200))} == {20}
        assert [len(part) for part in crew.parts(range(12))] == [2] * 6
    finally:
        crew.close()


# --- the command


@pytest.fixture
def said(
    asked: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Run ``simulate`` of the scenario: exit code, what it printed, what it said."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(asked.parent)

    def run(*more: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["simulate", "tiny.yaml", "-s", "asked.yaml", *more])
        return code, *capsys.readouterr()

    return run


def test_the_command_prints_the_same_document(shared: Any, said: Any) -> None:
    asking = ("--runs", "12", "--seed", "3", "--json")
    code, here, _ = said(*asking)
    assert code == 0
    code, there, _ = said(*asking, "--cluster", shared.address)
    assert code == 0
    assert json.loads(there) == json.loads(here)


def test_an_unreachable_cluster_is_refused_before_anything_is_lived(said: Any) -> None:
    code, out, told = said("--runs", "12", "--cluster", "nowhere")
    assert (code, out) == (2, "")
    assert "no Dask scheduler answers at 'nowhere'" in told


@pytest.mark.long
def test_the_command_keeps_what_was_finished_when_the_scheduler_goes(
    cluster: Any, said: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Patience is cut short for the test, and its progress bar is what kills the scheduler."""
    cluster.start(workers=1)

    @contextmanager
    def killing_bar(*_: Any) -> Iterator[Any]:
        yield lambda done, _: cluster.kill_scheduler() if done == 10 else None

    monkeypatch.setattr(dask_engine, "Cluster", partial(Cluster, timeout_s=1.0, patience_s=1.0))
    monkeypatch.setattr(simulated, "progress_bar", killing_bar)
    asking = ("--runs", "100000", "--cluster", cluster.address, "--json", "-o", str(tmp_path / "k"))
    code, out, told = said(*asking)
    assert code == 2
    assert "did not come back" in told
    assert json.loads(out)["interrupted"] is True
    kept = json.loads((tmp_path / "k" / "manifest.json").read_text(encoding="utf-8"))
    assert kept["interrupted"] is True
    assert 10 <= kept["runs"] == json.loads(out)["runs"] < 100_000


@pytest.mark.parametrize("more", [["--workers", "2"], ["--no-luck"]])
def test_what_means_nothing_on_a_cluster_is_refused(said: Any, more: list[str]) -> None:
    code, _, told = said(*more, "--cluster", "tcp://127.0.0.1:1")
    assert code == 2
    assert f"{more[0]} means nothing together with --cluster" in told
    assert "不能与 --cluster 同时使用" in said(*more, "--cluster", "x", "--lang", "zh")[2]


def test_without_distributed_the_package_is_named(
    said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, told = said("--runs", "2", "--cluster", "tcp://127.0.0.1:1")
    assert code == 2
    assert "pip install 'symbiosis[cluster]'" in told
