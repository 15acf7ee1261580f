"""How long the retrofit of Jinchang takes to be lived through, with the exchanges of every month.

    python bench/simulation.py [RUNS]

500 runs of ten years of the bundled scenario without breakdowns and paths (60,000 months, and a
dispatch more at each change) on two workers (goal: below five minutes); one dispatch beside the
bare solver on the same arrays from the same basis (goal: at most five times as long); peak memory
of the parent after 100 runs and after all of them.
"""

import resource
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from first_light import report

if TYPE_CHECKING:
    from symbiosis.retrofit.block import Retrofit

RUNS, WORKERS, SOME = 500, 2, 100
SCENARIO = "jinchang-open"


def retrofit() -> "Retrofit":
    """The projects open today, as bundled."""
    from symbiosis.retrofit.block import retrofit_of
    from symbiosis.scenario import load_scenario

    return retrofit_of(load_scenario(SCENARIO))


def whole(runs: int) -> None:
    """All runs, with and without units that break down."""
    from symbiosis.retrofit.simulate import simulate

    asked = retrofit()
    still = asked.schedule.model_copy(update={"units": {}, "paths": {}})
    calm = replace(asked, schedule=still)
    for name, number, subject in (
        ("calm", SOME, calm), ("calm", runs, calm), ("as bundled", runs, asked),
    ):  # fmt: skip
        started = time.perf_counter()
        made = simulate(subject, number, seed=1, workers=WORKERS)
        seconds = time.perf_counter() - started
        report(f"{number} runs, {name}, {made.stretches:,} dispatches, {WORKERS} workers", seconds)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'peak memory of the parent':<58} {peak_mb:8.0f} MB")


def one() -> None:
    """One dispatch as the simulation does it, and its bare solves."""
    from symbiosis.retrofit.living import Living
    from symbiosis.retrofit.run import run

    living = Living(retrofit())
    lived = run(living.retrofit.schedule, 1, 0)
    living.live(lived)
    started = time.perf_counter()
    count = living.live(lived).stretches
    each = (time.perf_counter() - started) / count
    report(f"one dispatch, mean of {count}", each)
    with bare() as spent:
        living.live(lived)
    report("of it in the solver itself", sum(spent) / count)
    print(f"{'times the bare solver':<58} {each * count / sum(spent):8.2f}")


class bare:  # noqa: N801
    """Counts the seconds that the solver's own simplex takes, by a clock around the library."""

    def __enter__(self) -> list[float]:
        import swiglpk

        self.library, self.simplex = swiglpk, swiglpk.glp_simplex
        spent: list[float] = []

        def timed(problem: object, control: object) -> int:
            started = time.perf_counter()
            code: int = self.simplex(problem, control)
            spent.append(time.perf_counter() - started)
            return code

        swiglpk.glp_simplex = timed
        return spent

    def __exit__(self, *_: object) -> None:
        self.library.glp_simplex = self.simplex


if __name__ == "__main__":
    one()
    whole(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
