"""``batch`` through the real entry point: contract, bad input, failures, workers, Ctrl-C."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis.batch import engine as engines
from symbiosis.batch.engine import Alone, Processes, WorkersDied
from symbiosis.batch.run import undisturbed
from symbiosis.cli import main
from tests.batch.sets import rows_of, work_through

Written = Callable[..., Path]
posix = pytest.mark.skipif(os.name != "posix", reason="processes get signals")


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any, str]]:
    def run(*arguments: object) -> tuple[int, Any, str]:
        capsys.readouterr()
        code = main(["batch", *map(str, arguments), "--json", "--lang", "en"])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return run


def test_a_sweep_becomes_a_set_and_the_json_says_what_was_done(
    ran: Any, scenario: Written, tmp_path: Path
) -> None:
    """Worked by hand in tiny.yaml: the least cost with all of the boiler and 10 km is 2.3 M CNY."""
    path, folder = scenario(), tmp_path / "set"
    code, told, _ = ran(path, "-o", folder, "--workers", 1)
    assert code == 0
    counts = {key: told[key] for key in ("done", "failed", "skipped", "dir")}
    assert counts == {"done": 6, "failed": 0, "skipped": 0, "dir": str(folder)}
    rows = rows_of(str(folder))
    first = next(row["key"] for row in rows["cases"] if row["name"] == "six/000001")
    cost = next(row["cost_cny"] for row in rows["summary"] if row["key"] == first)
    assert cost == pytest.approx(2_300_000)
    assert ran(path, "-o", folder, "--resume")[1]["skipped"] == 6


def test_a_bad_scenario_is_a_row_and_the_others_go_on(
    ran: Any, scenario: Written, folder: Path, tmp_path: Path
) -> None:
    scenario("good", "set: {links.ash_cement.distance: 11 km}\n")
    scenario("bad", "set: {links.ash_cemen.distance: 11 km}\n")
    (folder / "torn.yaml").write_text("schema_version: [", encoding="utf-8")
    names = [folder / name for name in ("good.yaml", "bad.yaml", "torn.yaml")]
    code, told, _ = ran(*names, "-o", tmp_path / "set", "--workers", 1)
    assert (code, told["done"], told["failed"]) == (0, 1, 2)
    found = {row["name"]: row for row in rows_of(str(tmp_path / "set"))["cases"]}
    assert found["bad"]["error"] == "unknown_path"
    assert "ash_cemen" in found["bad"]["message_en"]
    assert found["torn"]["status"] == "failed"
    assert found["good"]["status"] == "done"
    assert ran(*names, "-o", tmp_path / "set", "--resume", "--strict")[0] == 1


def test_an_infeasible_case_says_what_conflicts(scenario: Written, tmp_path: Path) -> None:
    rest = "set: {enterprises.power.units.boiler.byproducts.ash.routes: {}}\n"
    path = scenario("tight", rest + "remove: [links.ash_cement]\n")
    work_through([str(path)], str(tmp_path / "set"))
    (row,) = rows_of(str(tmp_path / "set"))["cases"]
    assert (row["status"], row["name"]) == ("failed", "tight")
    assert row["message_zh"]


def test_a_fault_of_the_program_is_a_row_too(
    scenario: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from symbiosis.batch import answers, work

    def broken(*_: object) -> answers.Rows:
        raise ZeroDivisionError("by hand")

    monkeypatch.setitem(work.ANSWERS, work.Verb.OPTIMISE, broken)
    tally, _ = work_through([str(scenario())], str(tmp_path / "set"))
    assert tally.failed == 6
    rows = rows_of(str(tmp_path / "set"))["cases"]
    assert {row["error"] for row in rows} == {"batch_fault"}
    assert "ZeroDivisionError: by hand" in rows[0]["message_en"]


def test_workers_do_not_matter_to_the_last_bit(scenario: Written, tmp_path: Path) -> None:
    """Nine variations share a pattern: what a worker did before must not show."""
    grid = """sweep:
  options: {solver: highs}
  keys:
    links.ash_cement.distance: {values: [7 km, 11 km, 13 km]}
    enterprises.power.units.boiler.activity: {values: [93 %, 71 %, 57 %]}
"""
    path = str(scenario("nine", grid))
    work_through([path], str(tmp_path / "one"))
    work_through([path], str(tmp_path / "two"), engine=Processes(2), part=2)
    assert rows_of(str(tmp_path / "one")) == rows_of(str(tmp_path / "two"))


def test_a_case_has_the_numbers_that_optimise_gives(scenario: Written, tmp_path: Path) -> None:
    from symbiosis.optimum import Goal
    from symbiosis.result import answer
    from symbiosis.scenario import load_scenario

    path = scenario("one", "set: {links.ash_cement.distance: 11 km}\n")
    work_through([str(path)], str(tmp_path / "set"))
    (row,) = rows_of(str(tmp_path / "set"))["summary"]
    alone = answer(load_scenario(path), Goal.UTILISATION).document()
    for key in ("value", "utilisation_rate", "cost_cny", "co2e_t"):
        assert row[key] == (alone[key] and pytest.approx(alone[key], rel=1e-9))


REFUSED = [
    (["nowhere"], "there is no scenario 'nowhere'"),
    (["none-*.yaml"], "no file matches"),
    (["{one}", "{one}"], "also in"),
    (["{one}", "--verb", "optimize"], "not allowed"),
    (["{one}", "--objective", "cost2"], "not allowed"),
    (["{one}", "{sweep}"], "different verbs"),
]


@pytest.mark.parametrize(("names", "said"), REFUSED)
def test_bad_input_is_refused_before_work_begins(
    ran: Any, scenario: Written, tmp_path: Path, names: list[str], said: str
) -> None:
    known = {
        "one": scenario("one", "sweep: {keys: {links.ash_cement.distance: {values: [1 km]}}}\n"),
        "sweep": scenario("p", "sweep: {verb: plan, keys: {links.ash_cement.distance: "
                               "{values: [1 km]}}}\n"),
    }  # fmt: skip
    code, told, _ = ran(*(name.format(**known) for name in names), "-o", tmp_path / "set")
    assert code == 2
    assert said in told["errors"][0]["message"]
    assert not (tmp_path / "set").exists()


def test_a_million_points_by_mistake_are_counted_and_asked_for(
    ran: Any, scenario: Written, tmp_path: Path
) -> None:
    """1001 x 1001 = 1,002,001."""
    grid = """sweep:
  keys:
    links.ash_cement.distance: {low: 1 km, high: 9 km, steps: 1001}
    enterprises.power.units.boiler.activity: {low: 50 %, high: 90 %, steps: 1001}
"""
    code, told, _ = ran(scenario("many", grid), "-o", tmp_path / "set")
    assert code == 2
    assert "1,002,001" in told["errors"][0]["message"]
    assert "--yes" in told["errors"][0]["message"]


def test_a_folder_that_cannot_be_written_is_refused(
    ran: Any, scenario: Written, folder: Path
) -> None:
    code, told, _ = ran(scenario(), "-o", folder / "tiny.yaml" / "set")
    assert code == 2
    assert "cannot" in told["errors"][0]["message"]


@posix
@pytest.mark.parametrize(
    ("sent", "before"),
    [(signal.SIGINT, "default_int_handler"), (signal.SIGTERM, "default_int_handler"),
     (signal.SIGTERM, "SIG_IGN")],
)  # fmt: skip
def test_ctrl_c_or_being_told_to_end_keeps_what_was_finished(
    scenario: Written, tmp_path: Path, sent: signal.Signals, before: str
) -> None:
    """Two of six are done, the third would take for ever.

    Queues and container hosts send SIGTERM some seconds before they kill; what was started in the
    background is deaf to Ctrl-C, and not to that.
    """
    shutil.copyfile(scenario(), tmp_path / "s.yaml")
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import itertools, signal, sys, time\n"
        f"signal.signal(signal.SIGINT, signal.{before})\n"
        "from symbiosis.batch import store, work\n"
        "from symbiosis.cli import main\n"
        "store.PART_CASES = 1\n"
        "quick, asked = work.optimised, itertools.count(1)\n"
        "def slow(*given):\n"
        "    time.sleep(600 if next(asked) > 2 else 0)\n    return quick(*given)\n"
        "work.ANSWERS[work.Verb.OPTIMISE] = slow\n"
        "if __name__ == '__main__': sys.exit(main(sys.argv[1:]))\n",
        encoding="utf-8",
    )
    command = [sys.executable, slow, "batch", tmp_path / "s.yaml", "-o", tmp_path / "set",
               "--workers", "1", "--json"]  # fmt: skip
    begun = subprocess.Popen(command, stdout=subprocess.PIPE)
    while len(list((tmp_path / "set").glob("commits/*.json"))) < 2 and begun.poll() is None:
        time.sleep(0.01)
    begun.send_signal(sent)
    out, _ = begun.communicate()
    told = json.loads(out)
    assert begun.returncode == 3
    assert told["interrupted"]
    assert len(rows_of(str(tmp_path / "set"))["cases"]) == told["done"] == 2


def test_what_must_not_be_cut_in_two_hears_the_first_ctrl_c_afterwards() -> None:
    done = []

    def disturbed(times: int) -> None:
        with undisturbed():
            done.append("begun")
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
            done.append("ended")

    for times, expected in ((1, ["begun", "ended"]), (2, ["begun"])):
        done.clear()
        with pytest.raises(KeyboardInterrupt):
            disturbed(times)
        assert done == expected
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    disturbed(0)


# --- engines


def killer() -> Callable[[int], int]:
    """Work that kills its process at the number 3, always."""

    def work(item: int) -> int:
        if item == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return item * item

    return work


def squares() -> Callable[[int], tuple[int, int]]:
    """Work that tells its process."""
    return lambda item: (item * item, os.getpid())


def test_an_engine_gives_every_item_once_and_holds_few() -> None:
    taken: list[int] = []

    def items() -> Any:
        for number in range(100):
            taken.append(number)
            yield number

    engine = Processes(2)
    seen = {}
    for item, (square, _) in engine.run(squares, items()):
        seen[item] = square
        assert len(taken) - len(seen) <= 2 * engines.AHEAD
    engine.close()
    assert seen == {number: number**2 for number in range(100)}
    assert list(Alone().run(squares, [4])) == [(4, (16, os.getpid()))]


@posix
def test_an_item_that_kills_its_process_is_named_and_the_others_have_outcomes() -> None:
    engine, seen = Processes(2), dict[int, int]()

    def first() -> None:
        for item, square in engine.run(killer, range(10)):
            seen[item] = square

    with pytest.raises(WorkersDied) as caught:
        first()
    assert caught.value.items == (3,)
    rest = [number for number in range(10) if number != 3 and number not in seen]
    seen |= dict(engine.run(killer, rest))
    engine.close()
    assert seen == {number: number**2 for number in range(10) if number != 3}


def test_a_case_that_kills_its_process_is_a_row_and_the_others_go_on(
    scenario: Written, tmp_path: Path
) -> None:
    """The engine of this test says of the second case what processes say of one that dies."""

    class OneDies(Alone):
        def run(self, prepare: Any, items: Any) -> Any:
            for case, outcome in super().run(prepare, items):
                if case.name == "six/000002":
                    raise WorkersDied("by hand", case)
                yield case, outcome

    tally, _ = work_through([str(scenario())], str(tmp_path / "set"), engine=OneDies())
    assert (tally.done, tally.failed) == (5, 1)
    rows = rows_of(str(tmp_path / "set"))["cases"]
    assert len({row["key"] for row in rows}) == len(rows) == 6
    assert [row["name"] for row in rows if row["error"] == "batch_killed"] == ["six/000002"]
