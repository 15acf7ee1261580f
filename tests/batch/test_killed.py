"""A batch that is killed loses nothing and does nothing twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.sets import rows_of, work_through

posix = pytest.mark.skipif(os.name != "posix", reason="processes are killed")
THREE = """sweep:
  options: {objective: cost, solver: glpk}
  keys:
    enterprises.power.units.boiler.activity: {values: [100 %, 80 %, 60 %]}
"""
KILLED = Path(__file__).parent / "killed.py"
Written = Callable[..., Path]


@posix
def test_killed_at_any_step_a_set_is_carried_on_to_the_rows_of_an_unbroken_one(
    scenario: Written, tmp_path: Path
) -> None:
    """Three cases in parts of two: two parts of ten tables and a record, after the manifest.

    Each file is written in four steps, so (1 + 2 x 11) x 4 = 92 steps.
    """
    told = json.loads(
        subprocess.run(
            [sys.executable, KILLED, scenario("three", THREE), tmp_path],
            capture_output=True,
            check=True,
        ).stdout
    )
    assert told["whole"] == 0
    assert len(told["steps"]) == 92
    assert told["ends"] == [[True, True]] * 92
    whole = rows_of(str(tmp_path / "whole"))
    assert len(whole["cases"]) == 3
    for number in range(1, 93):
        folder = tmp_path / f"killed-{number:03d}"
        assert rows_of(str(folder)) == whole, told["steps"][number - 1]
        assert not list(folder.rglob("*.part"))


@posix
def test_processes_killed_from_outside_in_the_middle_lose_nothing(
    scenario: Written, tmp_path: Path
) -> None:
    """Sixty cases on two workers; all processes are killed once the first part is there."""
    steps = "{values: [" + ", ".join(f"{km} km" for km in range(1, 21)) + "]}"
    sweep = f"""sweep:
  options: {{objective: cost, solver: glpk}}
  keys:
    links.ash_cement.distance: {steps}
    enterprises.power.units.boiler.activity: {{values: [100 %, 90 %, 80 %]}}
"""
    path, folder = scenario("sixty", sweep), tmp_path / "set"
    script = (
        "import sys\n"
        "from symbiosis.batch import store\n"
        "from symbiosis.cli import main\n"
        "store.PART_CASES = 5\n"
        "if __name__ == '__main__': sys.exit(main(sys.argv[1:]))\n"
    )
    program = tmp_path / "run.py"
    program.write_text(script, encoding="utf-8")
    command = [sys.executable, program, "batch", path, "-o", folder, "--workers", "2", "--json"]
    begun = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    while not list(folder.glob("commits/*.json")) and begun.poll() is None:
        time.sleep(0.01)
    os.killpg(begun.pid, signal.SIGKILL)
    assert begun.wait() == -signal.SIGKILL
    again = subprocess.run([*command, "--resume"], capture_output=True, check=True)
    told = json.loads(again.stdout)
    assert told["done"] > 0
    assert told["done"] + told["skipped"] == 60
    assert told["skipped"] >= 5
    work_through([str(path)], str(tmp_path / "whole"))
    assert rows_of(str(folder)) == rows_of(str(tmp_path / "whole"))
