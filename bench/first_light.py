"""How long the things take that a user waits for; medians of five runs.

    python bench/first_light.py

Prints the start of the command line (fresh processes), and for Jinchang: reading the park file,
cutting the slice, building the Pyomo model, compiling it to arrays, solving it with each backend,
and the independent check. Imports and the first call are left out of the latter, as Pyomo and
scipy load parts of themselves on first use.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

RUNS = 5


def median_of(action: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds of ``runs`` calls, after one that is not counted."""
    action()
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def command(*arguments: str) -> Callable[[], object]:
    """The command line in a fresh process."""
    return lambda: subprocess.run(
        [sys.executable, "-m", "symbiosis", *arguments], check=True, capture_output=True
    )


def report(what: str, seconds: float) -> None:
    """One line of the table."""
    print(f"{what:<58} {seconds * 1000:9.1f} ms")


def main() -> None:
    """Measure and print."""
    from symbiosis.optimum import Goal
    from symbiosis.park.load import load_park
    from symbiosis.slicing import slice_of
    from symbiosis.solvers.compile import compile_model
    from symbiosis.solvers.exchange import build_model
    from symbiosis.solving import optimise_slice

    report("symbiosis --help (fresh process)", median_of(command("--help")))
    report(
        "symbiosis optimise jinchang --json (fresh process)",
        median_of(command("optimise", "jinchang", "--json")),
    )
    report("read and check parks/jinchang.yaml", median_of(lambda: load_park("jinchang")))
    park = load_park("jinchang")
    data = slice_of(park)
    model = build_model(data)
    report("cut the slice", median_of(lambda: slice_of(park)))
    report("build the Pyomo model", median_of(lambda: build_model(data)))
    report("compile it to arrays", median_of(lambda: compile_model(model)))
    for solver in ("glpk", "highs"):
        for goal in Goal:
            seconds = [
                optimise_slice(park, data, goal, solver).solved.seconds for _ in range(RUNS + 1)
            ][1:]
            whole = statistics.median(sum(s.values()) for s in seconds)
            alone = statistics.median(s["solve"] for s in seconds)
            report(f"solve for {goal}, {solver}", alone)
            report(f"build, compile and solve for {goal}, {solver}", whole)


if __name__ == "__main__":
    main()
