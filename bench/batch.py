"""Batches: how far two processes get, what a batch costs beside its solves, whether memory is flat.

    python bench/batch.py [--cases 1000] [--objective cost] [--long]

Variations of Jinchang month by month: a Latin hypercube over the load of the kiln, the length of a
link and the tax on tailings. Three questions:

- one worker and two: seconds of the whole command in a fresh process, and their ratio (1.8 wanted);
- the solves alone: the same questions asked in this process of models that are there already, each
  as ``optimise`` asks it, from no start (cold), and as a batch asks it, from the start that all its
  cases share and without asking whether an optimum is the only one (warm); the seconds of one
  worker over those of the cold ones (1.3 wanted at most) and of the warm ones;
- peak memory of the parent and of its largest worker with 100 and 1,000 cases, as far as
  ``--cases`` goes (and with 10,000 by ``--long``): it is to stay flat.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

SWEEP = """schema_version: 1
id: months
park: jinchang
name_zh: 分月变化
name_en: Variations of the months
start: 2025
horizon: 5 a
by_season: true
sweep:
  options: {{objective: {objective}}}
  method: latin_hypercube
  samples: {cases}
  seed: 7
  keys:
    enterprises.jinni_cement.units.kiln.activity: {{low: 60 %, high: 100 %}}
    links.cr1_cement.distance: {{factor_low: 50 %, factor_high: 150 %}}
    policy.environmental_tax.tailings: {{factor_low: 50 %, factor_high: 150 %}}
"""
RUN = """
import json, resource, sys, time
from symbiosis.cli import main
if __name__ == "__main__":
    started = time.perf_counter()
    code = main(sys.argv[1:])
    peak = [resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([code, time.perf_counter() - started, *peak]))
"""


def sweep(folder: Path, cases: int, objective: str) -> Path:
    """The scenario file."""
    path = folder / f"months-{cases}.yaml"
    path.write_text(SWEEP.format(cases=cases, objective=objective), encoding="utf-8")
    return path


def command(path: Path, folder: Path, workers: int) -> tuple[float, float, float]:
    """Seconds of a whole batch in a fresh process, and peak MB of parent and largest worker."""
    program = folder / "run.py"
    program.write_text(RUN, encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        asked = ["batch", path, "-o", f"{place}/set", "--workers", workers, "-q"]
        ran = subprocess.run(
            [sys.executable, program, *map(str, asked)], check=True, capture_output=True, text=True
        )
    code, seconds, parent, worker = json.loads(ran.stdout.splitlines()[-1])
    if code:
        raise SystemExit(ran.stdout + ran.stderr)
    return seconds, parent, worker


def solves(path: Path, most: int) -> tuple[float, float]:
    """Mean seconds of a solve, cold and warm, over the first ``most`` cases."""
    cold, warm = zip(*_each(path, most), strict=True)
    return sum(cold) / len(cold), sum(warm) / len(warm)


def _each(path: Path, most: int) -> Iterator[tuple[float, float]]:
    from symbiosis.batch.answers import Shared, limits
    from symbiosis.batch.gather import gather
    from symbiosis.batch.options import Order
    from symbiosis.batch.work import Work
    from symbiosis.optimum import Goal
    from symbiosis.question import ORDER
    from symbiosis.solving import ask

    batch = gather([str(path)], Order())
    work, shared = Work(batch.parks), None
    for number, case in enumerate(batch.cases()):
        if number > most:
            return
        solver = case.options["solver"]
        shared = shared or Shared(work.scenario(case.base_case), solver)
        asked = work.scenario(case)
        year = asked.year(asked.slice())
        question = ask(asked.park, year.data, year, solver, patterns=shared.prepared)
        started = shared.started(replace(question, options=limits(case.options)))
        aims = ORDER[Goal(case.options["objective"])]
        took = []
        for one in (replace(question, root=None), started):
            begun = time.perf_counter()
            one.in_order(aims)
            took.append(time.perf_counter() - begun)
        if number:  # the first loads libraries
            yield took[0], took[1]


def main() -> None:
    """All three questions."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--objective", default="cost")
    parser.add_argument("--long", action="store_true", help="10,000 cases too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = sweep(folder, given.cases, given.objective)
        one, two = (command(path, folder, workers)[0] for workers in (1, 2))
        print(f"{given.cases} cases, one worker {one:9.1f} s, two workers {two:9.1f} s")
        print(f"two workers are {one / two:.2f} times as fast")
        cold, warm = (given.cases * mean for mean in solves(path, min(given.cases - 1, 200)))
        print(f"the solves alone: cold {cold:9.1f} s, warm {warm:9.1f} s")
        print(f"one worker takes {one / cold:.2f} of the cold, {one / warm:.2f} of the warm solves")
        sizes = [size for size in (100, 1000) if size <= given.cases]
        for cases in (*sizes, *((10_000,) if given.long else ())):
            _, parent, worker = command(sweep(folder, cases, given.objective), folder, 2)
            print(f"{cases:6,} cases: parent {parent:6.0f} MB, largest worker {worker:6.0f} MB")


if __name__ == "__main__":
    main()
