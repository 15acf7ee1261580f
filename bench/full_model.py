"""How long the questions of the full model take; medians of five runs.

    python bench/full_model.py

For Jinchang: twelve months with heat and heaps, compiled and solved by each backend (goal:
below one second with HiGHS), fronts of thirty points as one slice and by month (HiGHS alone), what
would let more of each by-product be used, and what pays. Imports and the first call are left out.
"""

import statistics
from dataclasses import replace

from first_light import RUNS, median_of, report

POINTS = 30
SOLVERS = ("highs", "glpk")


def months() -> None:
    """A year of twelve months, from the park to the checked optimum."""
    from symbiosis.optimum import Goal
    from symbiosis.scenario import load_question
    from symbiosis.solving import optimise_year

    asked = replace(load_question("jinchang"), by_season=True)
    park, data = asked.park, asked.slice()
    report("cut twelve months", median_of(lambda: asked.year(asked.slice())))
    year = asked.year(data)
    for solver in SOLVERS:
        for goal in (Goal.UTILISATION, Goal.COST):
            optima = [optimise_year(park, data, year, goal, solver) for _ in range(RUNS + 1)][1:]
            seconds = [optimum.solved.seconds for optimum in optima]
            for stage in ("compile", "solve"):
                spent = statistics.median(one[stage] for one in seconds)
                report(f"twelve months for {goal}, {solver}: {stage}", spent)
            whole = statistics.median(sum(one.values()) for one in seconds)
            report(f"twelve months for {goal}, {solver}: together", whole)


def fronts() -> None:
    """Fronts of rate and cost."""
    from symbiosis.front import front_of
    from symbiosis.optimum import Goal
    from symbiosis.scenario import load_question

    goals = (Goal.UTILISATION, Goal.COST)
    whole = load_question("jinchang")
    for solver in SOLVERS:
        seconds = median_of(lambda s=solver: front_of(whole, goals, POINTS, s))
        report(f"front of {POINTS} points, one slice, {solver}", seconds)
    by_month = replace(whole, by_season=True)
    seconds = median_of(lambda: front_of(by_month, goals, POINTS, "highs"))
    report(f"front of {POINTS} points, twelve months, highs", seconds)


def answers() -> None:
    """What would let more be used, and what pays."""
    from symbiosis.explaining import explain
    from symbiosis.optimum import Goal
    from symbiosis.remedies import MOST, Tried, remedies_for
    from symbiosis.scenario import load_question
    from symbiosis.solving import optimise_year
    from symbiosis.viability import viability_of

    asked = load_question("jinchang")
    data = asked.slice()
    for solver in SOLVERS:
        best = optimise_year(asked.park, data, asked.year(data), Goal.UTILISATION, solver)

        def every(best: object = best, solver: str = solver) -> object:
            tried = Tried()
            return [remedies_for(asked, best, one, solver, MOST, tried) for one in explain(best)]

        report(f"reasons and remedies of every by-product, {solver}", median_of(every))
        report(f"viability, {solver}", median_of(lambda s=solver: viability_of(asked, None, s)))


if __name__ == "__main__":
    months()
    fronts()
    answers()
