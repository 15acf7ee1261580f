"""The engine over a real Dask scheduler: nothing lost, nothing doubled, whatever dies."""

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from symbiosis.batch.cluster import ClusterLost, uncollected
from symbiosis.batch.dask_engine import DaskEngine
from symbiosis.batch.engine import WorkersDied
from symbiosis.errors import InputError

ITEMS = range(24)


@contextmanager
def engine(there: Any, **more: Any) -> Iterator[DaskEngine]:
    made = DaskEngine(there.address, **more)
    try:
        yield made
    finally:
        made.close()


def refused(address: str, **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        DaskEngine(address, **more)
    return "\n".join(problem.message("en") for problem in caught.value.problems)


# --- who does what


def test_every_item_comes_once_with_its_own_outcome(shared: Any, work: Any) -> None:
    with engine(shared) as there:
        found = list(there.run(work.prepare_square, ITEMS))
    assert sorted(found) == [(item, item * item) for item in ITEMS]


def test_items_are_what_they_were_and_none_is_no_work(shared: Any, work: Any) -> None:
    """An item is handed back itself, so that it need not be hashable or comparable."""
    items = [complex(0, i) for i in range(5)]
    with engine(shared) as there:
        found = dict(there.run(work.prepare_square, items))
        assert list(there.run(work.prepare_square, [])) == []
    assert found == {item: item * item for item in items}
    assert {id(item) for item in found} == {id(item) for item in items}


def test_each_process_prepares_once_and_works_in_one_thread(cluster: Any, work: Any) -> None:
    """One worker has four threads: its items are done one after another all the same."""
    cluster.start()
    cluster.work(threads=4)
    cluster.work()
    told: list[str] = []
    with engine(cluster, tell=lambda key, **_: told.append(key)) as there:
        # both workers are there before the first item goes out, so that both are asked
        there.cluster._client.wait_for_workers(2)
        found = [outcome for _, outcome in there.run(work.prepare_counted, range(40))]
    assert {count for _, count, _, _ in found} == {1}
    assert {most for *_, most in found} == {1}
    for pid in {pid for pid, *_ in found}:
        assert len({thread for other, _, thread, _ in found if other == pid}) == 1
    with engine(cluster, tell=lambda key, **_: told.append(key)):
        assert "cluster_threads" in told


def test_no_more_is_begun_than_workers_need(shared: Any, work: Any) -> None:
    """Of ten thousand items never more than three for each of two workers are out."""
    drawn = 0

    def items() -> Iterator[int]:
        nonlocal drawn
        for item in range(10_000):
            drawn += 1
            yield item

    with engine(shared) as there:
        there.cluster._client.wait_for_workers(2)
        outcomes = there.run(work.prepare_square, items())
        for taken in range(100):
            next(outcomes)
            assert drawn - taken <= 6
            assert len(there.cluster._futures) <= 6
        assert there.cluster.workers == 2


def test_what_the_work_raises_is_raised_with_its_traceback(shared: Any, work: Any) -> None:
    with (
        engine(shared) as there,
        pytest.raises(ZeroDivisionError, match="furnace is cold") as caught,
    ):
        list(there.run(partial(work.prepare_failing, 7), ITEMS))
    assert any("cluster_work.py" in str(entry.path) for entry in caught.traceback)


def test_wrong_input_found_by_a_worker_keeps_its_problems(shared: Any, work: Any) -> None:
    with engine(shared) as there, pytest.raises(InputError) as caught:
        list(there.run(work.prepare_refusing, ITEMS))
    assert [problem.code for problem in caught.value.problems] == ["no_unit"]
    assert caught.value.__notes__ == ["by a worker"]


# --- what dies


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    cluster: Any, work: Any, tmp_path: Path, when: Any
) -> None:
    """Item 3 waits to be let go; the worker that holds it is killed, and others do it again."""
    cluster.start(workers=2)
    held = partial(work.prepare_held, tmp_path, frozenset({3}))
    victims = []

    def kill(begun: Path) -> None:
        victims.append(int(begun.name.split("-")[2]))
        cluster.kill(victims[0])
        (tmp_path / "go").touch()

    with engine(cluster) as there, when(tmp_path, "begun-3-*", kill):
        found = list(there.run(held, ITEMS))
    assert sorted(item for item, _ in found) == list(ITEMS)
    assert all(item == told for item, (told, _) in found)
    by = {item: pid for item, (_, pid) in found}
    assert by[3] != victims[0]
    assert len(list(tmp_path.glob("begun-3-*"))) == 2


@pytest.mark.long
def test_the_scheduler_restarted_loses_and_doubles_nothing(
    cluster: Any, work: Any, tmp_path: Path, when: Any, until: Any
) -> None:
    """It is killed while item 5 is being done and others are finished, and comes back.

    The workers of the first one end with it; two others serve the second one. Both of the first
    are known to it before: one that comes late would find the second scheduler, and serve that.
    """
    cluster.start(workers=2)
    cluster.wait_for_workers(2)
    first = {process.pid for process in cluster.workers}
    held = partial(work.prepare_held, tmp_path, frozenset({5}))
    told: list[str] = []

    found: list[tuple[int, tuple[int, int]]] = []

    def restart(_: Path) -> None:
        until(lambda: len(found) >= 3, "some are taken")
        cluster.kill_scheduler()
        (tmp_path / "go").touch()
        cluster.start(workers=2)

    with (
        engine(cluster, tell=lambda key, **_: told.append(key)) as there,
        when(tmp_path, "begun-5-*", restart),
    ):
        found.extend(there.run(held, ITEMS))
    assert sorted(item for item, _ in found) == list(ITEMS)
    assert all(item == taken for item, (taken, _) in found)
    assert {"cluster_lost", "cluster_back"} <= set(told)
    assert dict(found)[5][1] not in first
    assert {pid for _, (_, pid) in found[:3]} <= first


@pytest.mark.long
def test_a_scheduler_that_stays_away_is_told_and_what_was_taken_stays(
    cluster: Any, work: Any, tmp_path: Path, when: Any, until: Any
) -> None:
    cluster.start(workers=1)
    held = partial(work.prepare_held, tmp_path, frozenset({9}))
    found: list[int] = []

    def kill(_: Path) -> None:
        until(lambda: len(found) >= 5, "some are taken")
        cluster.kill_scheduler()
        (tmp_path / "go").touch()

    with (
        engine(cluster, timeout_s=1.0, patience_s=1.0) as there,
        when(tmp_path, "begun-9-*", kill),
    ):
        with pytest.raises(ClusterLost) as caught:
            found.extend(item for item, _ in there.run(held, ITEMS))
        assert "did not come back" in caught.value.problems[0].message("en")
        assert "没有恢复" in caught.value.problems[0].message("zh")
    assert len(found) == len(set(found)) >= 5


def test_a_slow_worker_does_not_stop_the_others(cluster: Any, work: Any, tmp_path: Path) -> None:
    """One does nothing before all items but those that it has in hand are done by the other.

    What waits behind its first item is taken from it by the scheduler, so that it holds one.
    """
    cluster.start(workers=2)
    found: list[tuple[int, tuple[int, int]]] = []
    with engine(cluster) as there:
        there.cluster._client.wait_for_workers(2)
        for item, outcome in there.run(partial(work.prepare_slow, tmp_path), ITEMS):
            found.append((item, outcome))
            if len(found) == len(ITEMS) - 1:
                (tmp_path / "go").touch()
    slow = int(next((tmp_path / "slow").iterdir()).name)
    assert sorted(item for item, _ in found) == list(ITEMS)
    assert slow not in {pid for _, (_, pid) in found[:-1]}


@pytest.mark.parametrize("deadly", [{4}, {4, 17}])
def test_parts_that_kill_every_worker_are_told_apart_from_those_beside_them(
    cluster: Any, work: Any, deadly: set[int]
) -> None:
    """Deadly items end their process; here Dask gives up whatever was on a worker that died.

    What lay with them on the dead workers is done by others; only the deadly have no outcome, and
    all of them are named at once. Each kills a worker beside others, at most, and one by itself.
    """
    cluster.start(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    for _ in range(2 * len(deadly) + 1):
        cluster.work()
    cluster.wait_for_workers(2 * len(deadly) + 1)
    found: list[int] = []
    with engine(cluster) as there:
        with pytest.raises(WorkersDied) as caught:
            found.extend(item for item, _ in there.run(partial(work.prepare_deadly, deadly), ITEMS))
        assert set(caught.value.items) == deadly
    assert sorted(found) == [item for item in ITEMS if item not in deadly]


def test_stopped_it_ends_with_what_was_taken(shared: Any, work: Any) -> None:
    with engine(shared) as there:
        found = []
        for item, _ in there.run(work.prepare_square, range(10_000)):
            found.append(item)
            if len(found) == 10:
                there.cluster.stop()
    assert len(found) == 10


def test_a_worker_that_comes_late_is_used(cluster: Any, work: Any) -> None:
    """On SLURM the scheduler is there first; the work waits for the first worker."""
    cluster.start()
    told: list[str] = []
    with engine(cluster, tell=lambda key, **_: told.append(key)) as there:
        assert told == ["cluster_without_workers"]
        outcomes = there.run(work.prepare_square, ITEMS)
        cluster.work()
        assert sorted(item for item, _ in outcomes) == list(ITEMS)
    assert told == ["cluster_without_workers"]


def test_that_the_last_worker_has_gone_is_told_once_and_the_work_waits_for_others(
    cluster: Any, work: Any, tmp_path: Path, when: Any, until: Any
) -> None:
    """As when the jobs of all workers have come to their end; another one does the rest."""
    cluster.start(workers=1)
    cluster.wait_for_workers(1)
    told: list[str] = []

    def kill(begun: Path) -> None:
        cluster.kill(int(begun.name.split("-")[2]))
        until(lambda: "cluster_without_workers" in told, "it is told")
        (tmp_path / "go").touch()
        cluster.work()

    held = partial(work.prepare_held, tmp_path, frozenset({3}))
    with (
        engine(cluster, tell=lambda key, **_: told.append(key)) as there,
        when(tmp_path, "begun-3-*", kill),
    ):
        found = [item for item, _ in there.run(held, ITEMS)]
    assert sorted(found) == list(ITEMS)
    assert told == ["cluster_without_workers"]


# --- what is not as it should be


def test_an_address_without_a_scheduler_is_refused(cluster: Any) -> None:
    said = refused(cluster.address, timeout_s=1.0)
    assert f"no Dask scheduler answers at '{cluster.address}'" in said


def test_no_garbage_is_collected_while_a_client_starts_or_ends() -> None:
    """A client that is collected there waits for ever; the collector is as before afterwards."""
    found = []
    with uncollected():
        found.append(gc.isenabled())
    found.append(gc.isenabled())
    gc.disable()
    with uncollected():
        pass
    found.append(gc.isenabled())
    gc.enable()
    assert found == [False, True, False]


@pytest.mark.parametrize("address", ["tcp://", "nowhere", "ftp://localhost:1", "tcp://127.0.0.1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert f"no Dask scheduler answers at '{address}'" in refused(address, timeout_s=1.0)


def test_a_scheduler_that_has_not_symbiosis_is_refused(cluster: Any, tmp_path: Path) -> None:
    """Not an empty package: an editable install would find the modules below it all the same."""
    (tmp_path / "symbiosis").mkdir()
    (tmp_path / "symbiosis" / "__init__.py").write_text("raise ModuleNotFoundError('none here')\n")
    cluster.start(PYTHONPATH=str(tmp_path))
    said = refused(cluster.address)
    assert "symbiosis cannot be loaded on scheduler" in said
    assert "none here" in said


def test_workers_that_differ_are_refused_and_told_what_differs(
    cluster: Any, other_version: Path
) -> None:
    cluster.start()
    cluster.work(PYTHONPATH=os.pathsep.join([str(other_version), *cluster.path]))
    cluster.wait_for_workers(1)
    said = refused(cluster.address)
    assert "symbiosis is 9.9.9 on tcp://127.0.0.1:" in said


def test_a_worker_that_comes_later_and_differs_is_refused_by_its_first_part(
    cluster: Any, work: Any, other_version: Path
) -> None:
    cluster.start()
    with engine(cluster) as there:
        cluster.work(PYTHONPATH=os.pathsep.join([str(other_version), *cluster.path]))
        with pytest.raises(InputError) as caught:
            list(there.run(work.prepare_square, ITEMS))
    assert "symbiosis is 9.9.9 on" in caught.value.problems[0].message("en")
    assert "symbiosis 为 9.9.9" in caught.value.problems[0].message("zh")


def test_workers_with_many_blas_threads_are_told(cluster: Any) -> None:
    cluster.start()
    cluster.work(OMP_NUM_THREADS="8")
    cluster.wait_for_workers(1)
    told: list[str] = []
    with engine(cluster, tell=lambda key, **_: told.append(key)):
        assert told == ["cluster_blas"]


def test_ctrl_c_reaches_the_caller(shared: Any, work: Any, tmp_path: Path, when: Any) -> None:
    """The only item waits for a file that nobody makes before Ctrl-C was heard."""
    held = partial(work.prepare_held, tmp_path, frozenset({0}))

    def press(_: Path) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with engine(shared) as there, when(tmp_path, "begun-0-*", press):
        with pytest.raises(KeyboardInterrupt):
            list(there.run(held, [0]))
        (tmp_path / "go").touch()
