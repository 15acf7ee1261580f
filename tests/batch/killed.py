"""Run as a program: kill a batch at each of its steps, carry it on, and tell what came out.

    killed.py SCENARIO FOLDER

Each attempt is a process of its own that ends by SIGKILL; what it leaves behind is what a power cut
leaves. Prints one JSON object: the names of the steps, and how the sets compare.
"""

import json
import os
import signal
import sys
from pathlib import Path

from symbiosis.batch.engine import local
from symbiosis.batch.gather import gather
from symbiosis.batch.manifest import manifest_of
from symbiosis.batch.options import Order
from symbiosis.batch.place import Place
from symbiosis.batch.run import run
from symbiosis.batch.steps import DIE_AT, NAMED
from symbiosis.batch.store import Store

CASES_IN_A_PART = 2


def attempt(scenario: str, folder: Path, resume: bool, **environment: str) -> int:
    """One process that works through the batch; how it ended, as ``waitpid`` says."""
    child = os.fork()
    if child == 0:
        os.environ.update(environment)
        batch = gather([scenario], Order())
        store = Store.opened(Place.at(str(folder)), manifest_of(batch), resume)
        store.part_cases = CASES_IN_A_PART
        run(batch, store, local(1))
        os._exit(0)
    return os.waitpid(child, 0)[1]


def main(scenario: str, where: Path) -> None:
    """Every step in turn."""
    import pyarrow.parquet  # noqa: F401 - once, not in each process
    import pyomo.environ  # noqa: F401
    import scipy.sparse.linalg  # noqa: F401
    import swiglpk  # noqa: F401

    list(gather([scenario], Order()).cases())
    named = where / "steps.txt"
    whole = attempt(scenario, where / "whole", False, **{NAMED: str(named)})
    steps = named.read_text(encoding="utf-8").splitlines()
    ends = []
    for number in range(1, len(steps) + 1):
        folder = where / f"killed-{number:03d}"
        died = attempt(scenario, folder, False, **{DIE_AT: str(number)})
        ends.append([
            os.WIFSIGNALED(died) and os.WTERMSIG(died) == signal.SIGKILL,
            attempt(scenario, folder, True) == 0,
        ])  # fmt: skip
    sys.stdout.write(json.dumps({"whole": whole, "steps": steps, "ends": ends}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
