"""The engine of many runs: order, workers, batches, memory, failures, Ctrl-C."""

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.retrofit import many as engine
from symbiosis.retrofit.delay import delays
from symbiosis.retrofit.many import AHEAD, CHUNK, ONE_THREAD, Deserted, doubling, many
from symbiosis.retrofit.runs import runs
from symbiosis.retrofit.schedule import Schedule

HERE = Path(__file__).parent
posix = pytest.mark.skipif(os.name != "posix", reason="groups of processes get signals")


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module that worker processes find too."""
    monkeypatch.syspath_prepend(str(HERE))
    return importlib.import_module("sample_work")


def taken(prepare: Callable[[], Callable[[int], Any]], wanted: Any, **rest: Any) -> list[Any]:
    with many(prepare, wanted, **rest) as outcomes:
        return list(outcomes)


@pytest.mark.parametrize("chunk", [1, 7, CHUNK])
def test_workers_and_chunks_do_not_matter(sample: Any, chunk: int) -> None:
    alone = [sample.prepare()(index) for index in range(50)]
    for workers in (1, 2, 3):
        assert taken(sample.prepare, 50, workers=workers, chunk=chunk) == alone


def test_each_process_prepares_once(sample: Any) -> None:
    found = taken(sample.prepare_counted, 60, workers=2, chunk=5)
    assert {count for _, count in found} == {1}
    assert os.getpid() not in {pid for pid, _ in found}


def test_workers_have_one_blas_thread_and_this_process_keeps_its_own(
    sample: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    found = taken(sample.prepare_environment, 4, workers=2)
    assert found == [ONE_THREAD] * 4
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "MKL_NUM_THREADS" not in os.environ


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_run_raises_is_raised_with_its_traceback_and_its_number(
    sample: Any, workers: int
) -> None:
    with pytest.raises(ZeroDivisionError, match="furnace is cold") as caught:
        taken(partial(sample.prepare_failing, 45), 100, workers=workers)
    assert caught.value.__notes__ == ["in run 45"]
    traces = [str(caught.value.__cause__), *(str(entry.path) for entry in caught.traceback)]
    assert any("sample_work.py" in trace for trace in traces)


def test_what_preparing_raises_is_raised(sample: Any) -> None:
    with pytest.raises(LookupError, match="no model"):
        taken(sample.prepare_nothing, 3, workers=2)


def test_a_worker_that_dies_is_no_silence(sample: Any) -> None:
    with pytest.raises(Deserted) as caught:
        taken(sample.prepare_dying, 3, workers=2)
    assert isinstance(caught.value.__cause__, BrokenProcessPool)
    assert "was killed: memory may not suffice" in caught.value.problems[0].message("en")
    assert "可能是内存不足" in caught.value.problems[0].message("zh")


def test_a_handler_of_the_caller_is_left_alone(sample: Any) -> None:
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append("caller"))
    try:
        with many(sample.prepare, 3) as outcomes:
            for _ in outcomes:
                signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == ["caller"] * 3
    assert (outcomes.done, outcomes.interrupted) == (3, False)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_is_asked_for_when_all_before_it_is_taken(sample: Any, workers: int) -> None:
    """Batches of 4, 4 and 8 are 16; then it is enough."""
    found: list[float] = []
    asked: list[int] = []

    def enough() -> bool:
        asked.append(len(found))
        return len(found) >= 16

    with many(sample.prepare, doubling(enough, first=4, most=64), workers=workers) as outcomes:
        for outcome in outcomes:
            found.append(outcome)
    assert asked == [4, 8, 16]
    assert len(found) == outcomes.done == 16
    assert not outcomes.interrupted


@given(st.integers(1, 50), st.integers(1, 1000))
def test_doubling_covers_every_number_once_up_to_its_most(first: int, most: int) -> None:
    numbers = [index for batch in doubling(lambda: False, first, most) for index in batch]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) <= most
    assert 2 * len(numbers) > most or first > most


def test_outcomes_do_not_pile_up(sample: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 2,000 runs, never more than 3 chunks of 20 for each worker are begun and not taken."""
    begun = []

    class Counting(engine.ProcessPoolExecutor):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            begun.append(len(args[1]))
            return super().submit(*args, **kwargs)

    monkeypatch.setattr(engine, "ProcessPoolExecutor", Counting)
    most = 0
    with many(sample.prepare, 2000, workers=2) as outcomes:
        for number, _ in enumerate(outcomes):
            assert sum(begun) - number <= 2 * AHEAD * CHUNK
            most = max(most, outcomes.outstanding)
    assert sum(begun) == 2000
    assert most < 2 * AHEAD * CHUNK


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_is_told_after_every_outcome(sample: Any, workers: int) -> None:
    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))

    taken(sample.prepare, 5, workers=workers, progress=progress)
    assert told == [(done, 5) for done in range(1, 6)]
    told.clear()
    batches = doubling(lambda: False, first=2, most=4)
    taken(sample.prepare, batches, workers=workers, progress=progress)
    assert told == [(done, None) for done in range(1, 5)]


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"chunk": 0}, {"runs": 0}])
def test_nothing_cannot_be_asked_for(sample: Any, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"\b0\b"):
        many(sample.prepare, **({"runs": 3} | wrong))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_first_ctrl_c_keeps_what_is_done(sample: Any, workers: int) -> None:
    alone = [sample.prepare()(index) for index in range(600)]
    found = []
    with many(sample.prepare, 10**6, workers=workers) as outcomes:
        for outcome in outcomes:
            found.append(outcome)
            if len(found) == 7:
                signal.raise_signal(signal.SIGINT)
    assert outcomes.interrupted
    assert 7 <= outcomes.done == len(found) <= 7 + workers * AHEAD * CHUNK
    assert found == alone[: len(found)]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("workers", [1, 2])
def test_the_second_ctrl_c_raises(sample: Any, workers: int) -> None:
    def progress(*_: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        taken(sample.prepare, 10**6, workers=workers, progress=progress)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_ctrl_c_after_the_last_run_interrupts_nothing(sample: Any) -> None:
    found = []
    with many(sample.prepare, 3) as outcomes:
        for outcome in outcomes:
            found.append(outcome)
            if len(found) == 3:
                signal.raise_signal(signal.SIGINT)
    assert (len(found), outcomes.interrupted) == (3, False)


SLOW = """
import os, sys, time
from symbiosis.retrofit.many import many

def work(index):
    time.sleep(0.01)
    return index, os.getpid()

def prepare():
    return work

if __name__ == "__main__":
    found = []
    with many(prepare, 10**7, workers=int(sys.argv[1]), chunk=3) as outcomes:
        for outcome in outcomes:
            found.append(outcome)
            if len(found) == 10:
                print("ten", flush=True)
    in_order = [index for index, _ in found] == list(range(len(found)))
    print(f"kept {len(found)} in order {in_order} interrupted {outcomes.interrupted}")
    for pid in {pid for _, pid in found} - {os.getpid()}:
        try:
            os.kill(pid, 0)
            print("alive", pid)
        except ProcessLookupError:
            print("gone")
"""
"""It takes a day unless somebody stops it."""


@posix
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_at_the_terminal_keeps_the_finished_runs(workers: int, tmp_path: Path) -> None:
    """The signal goes to all processes of the group, as from a terminal."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW, encoding="utf-8")
    process = started(script, str(workers))
    assert process.stdout is not None
    assert process.stdout.readline() == "ten\n"
    os.killpg(process.pid, signal.SIGINT)
    told, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    first, *rest = told.splitlines()
    kept = int(first.split()[1])
    assert first == f"kept {kept} in order True interrupted True"
    assert kept >= 10
    assert rest == ["gone"] * len(rest)
    assert (workers > 1) == bool(rest)


BEGINNING = """
import os, sys, time
from pathlib import Path
from symbiosis.retrofit.many import many

go_on = Path(sys.argv[1])
if __name__ == "__mp_main__":
    os.write(1, b"beginning\\n")
    while not go_on.exists():
        time.sleep(0.01)

def prepare():
    return abs

if __name__ == "__main__":
    with many(prepare, 10**7, workers=2) as outcomes:
        print(f"kept {len(list(outcomes))} interrupted {outcomes.interrupted}")
"""
"""Its workers wait at their very beginning, before they could say what to do with a signal."""


@posix
def test_ctrl_c_while_workers_begin_prints_no_traceback(tmp_path: Path) -> None:
    script, go_on = tmp_path / "beginning.py", tmp_path / "go_on"
    script.write_text(BEGINNING, encoding="utf-8")
    process = started(script, str(go_on))
    assert process.stdout is not None
    assert process.stdout.readline() == "beginning\n"
    os.killpg(process.pid, signal.SIGINT)
    go_on.touch()
    told, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    assert "interrupted True" in told


def started(script: Path, argument: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(script), argument],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_runs_are_the_first_of_all(park: Schedule, workers: int) -> None:
    def progress(done: int, total: int | None) -> None:
        assert total == 10**6
        if done == 5:
            signal.raise_signal(signal.SIGINT)

    found = runs(park, 10**6, seed=5, workers=workers, progress=progress)
    assert found.interrupted
    assert found.runs >= 5
    whole = runs(park, found.runs, seed=5)
    assert not whole.interrupted
    assert np.array_equal(found.times_d, whole.times_d)


def test_auto_tells_progress_without_a_total_and_can_be_interrupted(park: Schedule) -> None:
    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))
        if done == 3:
            signal.raise_signal(signal.SIGINT)

    found = runs(park, "auto", seed=5, progress=progress)
    assert told == [(1, None), (2, None), (3, None)]
    assert (found.runs, found.interrupted, found.narrow) == (3, True, False)


def test_with_nothing_done_an_interrupt_is_raised(
    park: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unheard(engine.Many[Any]):
        """Ctrl-C comes before the first run."""

        def __enter__(self) -> Any:
            entered = super().__enter__()
            signal.raise_signal(signal.SIGINT)
            return entered

    monkeypatch.setattr(engine, "Many", Unheard)
    for ask in (lambda: runs(park, 5, seed=1), lambda: delays(park, 5, seed=1)):
        with pytest.raises(KeyboardInterrupt):
            ask()


def test_a_part_of_the_runs_is_not_paired(park: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    class Heard(engine.Many[Any]):
        """Ctrl-C comes after the second run."""

        def __iter__(self) -> Any:
            for outcome in super().__iter__():
                if self.done == 1:
                    signal.raise_signal(signal.SIGINT)
                yield outcome

    monkeypatch.setattr(engine, "Many", Heard)
    assert runs(park, 5, seed=1).interrupted
    with pytest.raises(KeyboardInterrupt):
        delays(park, 5, seed=1)
