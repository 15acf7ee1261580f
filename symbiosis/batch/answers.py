"""What a verb makes of one case: rows for the tables of the result set."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from symbiosis import tables
from symbiosis.carbon import has_factors
from symbiosis.errors import InputError, NoAnswer, Problem, listed, nearest
from symbiosis.indicator_names import names_of
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.park import Park
from symbiosis.plan_targets import targets_of
from symbiosis.planning.aim import Aim, Target
from symbiosis.planning.model import Model
from symbiosis.planning.plan import plan
from symbiosis.planning.result import PlanResult
from symbiosis.question import ORDER, Question, Root
from symbiosis.retrofit.block import Retrofit, retrofit_of
from symbiosis.retrofit.runs import AUTO
from symbiosis.retrofit.simulate import simulate
from symbiosis.retrofit.tables import Tables
from symbiosis.scenario import Scenario
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.patterns import Prepared
from symbiosis.solving import ask, checked

Row = dict[str, Any]
Rows = dict[str, list[Row]]
RUNS = 200
"""Runs of a simulation where neither a number nor targets say how many."""
LISTS = ("flows", "disposal", "purchases", "byproducts", "units", "stocks", "costs", "indicators")


class Shared:
    """What variations of one scenario share: the pattern of its model, and where solves start.

    Both come from the scenario without its variations, so that an answer depends on the scenario
    and the variation alone, whichever worker has it and whatever that worker did before.
    """

    def __init__(self, base: Scenario, solver: str) -> None:
        self._base, self._solver = base, solver

    @cached_property
    def prepared(self) -> Prepared:
        """The pattern."""
        return Prepared(self._base.year(self._base.slice()))

    @cached_property
    def root(self) -> Root | None:
        """The least-cost answer; None where there is none, or with integers."""
        year = self.prepared.base
        question = ask(self._base.park, year.data, year, self._solver, patterns=self.prepared)
        return None if question.form.has_integers else question.least_cost_root

    def started(self, question: Question) -> Question:
        """A question that starts from the shared answer, where it has the same shape."""
        return question if question.form.has_integers else replace(question, root=self.root)


def optimised(asked: Scenario, options: Mapping[str, Any], shared: Shared | None) -> Rows:
    """The optimum of a case, without what ``optimise`` sets beside it."""
    goal = Goal(options["objective"])
    if goal is Goal.CARBON and not has_factors(asked.park):
        details = {"found": asked.park.id}
        raise InputError([Problem("no_carbon_factors", key="--objective", details=details)])
    year = asked.year(asked.slice())
    patterns = None if shared is None else shared.prepared
    question = ask(asked.park, year.data, year, options["solver"], limits(options), patterns)
    question = question if shared is None else shared.started(question)
    optimum = checked(question, goal, question.in_order(ORDER[goal]), {})
    rows = {name: list(getattr(tables, name)(optimum)) for name in LISTS}
    rows["indicators"] = _called(rows["indicators"], "id", asked.park)
    return {"summary": [_optimum(optimum)], **rows}


def limits(options: Mapping[str, Any]) -> SolveOptions:
    """The options of the solver; whether an optimum is the only one is no part of a set."""
    return SolveOptions(time_limit_s=options["time_limit_s"], check_unique=False)


def _optimum(optimum: Optimum) -> Row:
    rate, solved, data = optimum.rate, optimum.solved, optimum.data
    return {
        "status": solved.status.value,
        "objective": optimum.goal.value,
        "value": optimum.value,
        "gap": solved.gap,
        "utilisation_rate": rate.value,
        "numerator_t": rate.numerator,
        "denominator_t": rate.denominator,
        "without_backfill": optimum.without_backfill.value,
        "cost_cny": optimum.cost_cny,
        "co2e_t": optimum.co2e_t,
        "year": data.year,
        "money_year": optimum.park.money_year,
        "boundary": data.boundary,
        "document": data.document,
        "solver": solved.solver,
        "solver_version": solved.solver_version,
    }


def planned(asked: Scenario, options: Mapping[str, Any], _: Shared | None) -> Rows:
    """The plan of a case."""
    aim = Aim(options["objective"])
    targets = _targets(asked, options)
    made = plan(asked, options["budget_cny"], aim, targets, options["solver"], limits(options))
    result = PlanResult(made)
    lists = ("projects", "years", "targets")
    rows = {name: [_summed(row) for row in result.rows[name]] for name in lists}
    return {"summary": [_plan(result)], **rows}


def _targets(asked: Scenario, options: Mapping[str, Any]) -> tuple[Target, ...]:
    """Those of the scenario, and that of the options, by the last year unless they say so."""
    own = targets_of(asked)
    if options["target"] is None:
        return own
    return (*own, Target(options["target"], options["by"] or Model.years_of(asked)[-1]))


def _summed(row: Row) -> Row:
    """A row in which money by payer is one sum."""
    return {
        key: sum(value.values()) if isinstance(value, dict) else value for key, value in row.items()
    }


def _plan(result: PlanResult) -> Row:
    told = result.document()
    return told | {"missed": len(told["missed"])}


def simulated(asked: Scenario, options: Mapping[str, Any], _: Shared | None) -> Rows:
    """The simulation of a case; Ctrl-C leaves none, for half of its runs are no answer."""
    retrofit = retrofit_of(asked)
    runs = runs_of(options["runs"], retrofit)
    made = simulate(retrofit, runs, options["seed"], solver=options["solver"])
    if made.interrupted:
        raise KeyboardInterrupt
    if made.failed == made.runs:
        raise NoAnswer(made.failures[0][1].problems)
    lived = Tables(made)
    rows = {
        "years": _called(lived.years(), "indicator", asked.park),
        "targets": [_marked(row) for row in lived.targets()],
        "projects": list(lived.projects()),
    }
    summary = {
        "runs": made.runs,
        "failed": made.failed,
        "seed": made.seed,
        "narrow": made.narrow,
        "money_year": made.retrofit.scenario.park.money_year,
        "solver": ", ".join(sorted(made.solvers)),
    }
    return {"summary": [summary], **rows}


def runs_of(runs: int | str | None, retrofit: Retrofit) -> int | str:
    """How many runs: what was asked, else until every target is known, else a fixed number."""
    if runs is not None:
        return runs
    return AUTO if retrofit.goals or retrofit.schedule.targets else RUNS


def _called(rows: Iterable[Row], key: str, park: Park) -> list[Row]:
    """Rows about indicators, with their names: a set does not hold the park."""
    known: dict[str, Row] = {}
    found = []
    for row in rows:
        if row[key] not in known:
            names = names_of(row[key], park)
            known[row[key]] = {f"name_{lang}": name for lang, name in names.items()}
        found.append(row | known[row[key]])
    return found


def _marked(row: Row) -> Row:
    """A row whose dates and years are text."""
    sure = {key: None if row[key] is None else str(row[key]) for key in row if "kept_with" in key}
    return row | sure | {"by": str(row["by"])}


def one_of(found: str, allowed: Iterable[str], key: str) -> str:
    """``found`` where it is allowed. Raises :class:`InputError` with the nearest."""
    names = list(allowed)
    if found in names:
        return found
    details = {"found": found, "nearest": nearest(found, names), "allowed": listed(names, 20)}
    raise InputError([Problem("not_allowed", key=key, details=details)])


def objectives(verb: str) -> tuple[str, ...]:
    """What a verb can be asked for; nothing where there is no choice."""
    return {"optimise": tuple(Goal), "plan": tuple(Aim)}.get(verb, ())
