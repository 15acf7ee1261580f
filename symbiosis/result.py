"""The answer to a question about a park: an optimum, its tables, and how it compares with today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from symbiosis.carbon import has_factors, unfactored
from symbiosis.columns import COLUMNS
from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.explaining import explain
from symbiosis.grading import grading_of
from symbiosis.hints import hints_of
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.link import Status
from symbiosis.reasons import CARBON_UNIT, Held
from symbiosis.scenario import Scenario
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.extended import Extend
from symbiosis.solving import optimise_year
from symbiosis.tables import AMOUNT_COLUMNS, Row, tables_of
from symbiosis.wording import Wording, code_of

if TYPE_CHECKING:
    import pandas

SCHEMA_VERSION = 1
AMOUNT_TABLES = ("flows", "disposal", "purchases")
PLAIN_TABLES = ("stocks", "units", "terms", "indicators", "calibration")
MARGINAL_KEYS = ("constraint", "value", "unit", "stage", "period")
TODAY = frozenset({Status.EXISTING})
STEPS = (
    TODAY,
    frozenset({Status.EXISTING, Status.PLANNED}),
    frozenset(Status),
)


@dataclass(frozen=True)
class Step:
    """One step of the ladder from today's links to all that are possible."""

    opened: tuple[str, ...]
    status: str
    utilisation_rate: float | None = None
    numerator_t: float | None = None
    denominator_t: float | None = None
    cost_cny: float | None = None
    cost_items_cny: Mapping[str, float] = field(default_factory=dict)
    co2e_t: float | None = None


@dataclass(frozen=True)
class Result:
    """One answered question; its tables are pandas frames under the names of the JSON keys.

    ``today`` is the answer with the existing links alone, where there is one.
    """

    scenario: Scenario
    optimum: Optimum
    ladder: tuple[Step, ...] = ()
    today: Optimum | None = None

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """Every table as rows."""
        return tables_of(self.optimum)

    @cached_property
    def held(self) -> list[Held]:
        """What holds each by-product back that is not fully used."""
        return explain(self.optimum)

    def table(self, name: str) -> "pandas.DataFrame":
        """One table as a frame; columns say their unit."""
        import pandas

        rows = self.rows[name]
        return pandas.DataFrame(rows) if rows else pandas.DataFrame(columns=COLUMNS.get(name))

    @property
    def flows(self) -> "pandas.DataFrame":
        """What is sent over each link into each use."""
        return self.table("flows")

    @property
    def disposal(self) -> "pandas.DataFrame":
        """What leaves by a route instead of a link."""
        return self.table("disposal")

    @property
    def purchases(self) -> "pandas.DataFrame":
        """Virgin material bought for each use."""
        return self.table("purchases")

    @property
    def indicators(self) -> "pandas.DataFrame":
        """Indicators with numerator and denominator."""
        return self.table("indicators")

    @property
    def calibration(self) -> "pandas.DataFrame":
        """Published and observed beside modelled."""
        return self.table("calibration")

    def document(self, lang: str = "en") -> dict[str, Any]:
        """The JSON of ``optimise``; keys and codes do not depend on ``lang``."""
        optimum, rows = self.optimum, self.rows
        return {
            "schema_version": SCHEMA_VERSION,
            **self.question(),
            "status": optimum.solved.status.value,
            "objective": optimum.goal.value,
            "value": optimum.value,
            "gap": optimum.solved.gap,
            "bound": optimum.solved.bound,
            "utilisation_rate": optimum.rate.value,
            "rate": self.rate(),
            "cost_cny": optimum.cost_cny,
            "cost_items_cny": optimum.cost_items,
            "money_year": optimum.park.money_year,
            "unpriced": list(optimum.data.unpriced),
            "co2e_t": optimum.co2e_t,
            "co2e_items_t": optimum.co2e_items,
            "unfactored": unfactored(optimum.park, optimum.data) if optimum.co2e_items else [],
            "ladder": [vars(step) for step in self.ladder],
            **{name: list(map(one_amount, rows[name])) for name in AMOUNT_TABLES},
            **{name: rows[name] for name in PLAIN_TABLES},
            "bottlenecks": self.bottlenecks(lang),
            "marginals": [{key: row[key] for key in MARGINAL_KEYS} for row in rows["marginals"]],
            "marginals_at_fixed_integers": optimum.solved.integers,
            "hints": hints_of(optimum, lang),
            "unique": {stage.name: stage.unique for stage in optimum.stages},
            "grades": self.grades(),
            "solver": optimum.solved.solver,
            "solver_version": optimum.solved.solver_version,
            "solver_options": dict(optimum.solved.options),
            "seconds": sum(optimum.solved.seconds.values()),
            "seconds_by_stage": dict(optimum.solved.seconds),
        }

    def question(self) -> dict[str, Any]:
        """What was asked: park, scenario, year, boundary, open links."""
        data = self.optimum.data
        return {
            "park": data.park,
            "scenario": self.scenario.id,
            "year": data.year,
            "boundary": data.boundary,
            "open": sorted(status.value for status in data.opened),
            "periods": list(self.optimum.year.names),
        }

    def rate(self) -> dict[str, Any]:
        """R with numerator, denominator, document, boundary and its other readings."""
        optimum = self.optimum
        return {
            "numerator_t": optimum.rate.numerator,
            "denominator_t": optimum.rate.denominator,
            "from_stock_t": optimum.rate.old,
            "document": optimum.data.document,
            "boundary": optimum.data.boundary,
            "without_backfill": optimum.without_backfill.value,
            "before_least_cost": optimum.rate_before,
            "other_readings": [
                {
                    "kind": reading.kind,
                    "subject": reading.subject,
                    "value": reading.rate.value,
                    "numerator_t": reading.rate.numerator,
                    "denominator_t": reading.rate.denominator,
                }
                for reading in optimum.readings
            ],
        }

    def bottlenecks(self, lang: str) -> list[dict[str, Any]]:
        """The limits that hold the rate back, or what else was asked for first.

        What one more unit gains is in ``value``; in the order of what they hold back.
        """
        optimum = self.optimum
        wording = Wording(optimum.park, optimum.data)
        reasons = {
            reason.constraint: (held, reason)
            for held in self.held
            for reason in held.reasons
            if reason.constraint is not None and reason.marginal is not None
        }
        if not optimum.stages:
            return []
        first = {"rate": "rate", "cost": "CNY", "carbon": CARBON_UNIT}[optimum.stages[0].name]
        return [
            {
                "constraint": code_of(key),
                "text": wording.constraint(key)[lang],
                "byproduct": held.byproduct,
                "code": reason.code,
                "value": reason.marginal,
                "unit": reason.unit,
            }
            for key, (held, reason) in sorted(
                reasons.items(), key=lambda item: -abs(item[1][1].marginal or 0.0)
            )
            if reason.unit.partition("/")[0] == first
        ]

    def grades(self) -> dict[str, Any]:
        """How much of the rate rests on which grade of number."""
        grading = grading_of(self.optimum)
        return {
            "generated": grading.generated,
            "utilised": grading.utilised,
            "weak_share_of_generated": grading.weak_generated,
            "weak_share_of_utilised": grading.weak_utilised,
        }


def one_amount(row: Row) -> Row:
    """A row with its amount columns folded into ``amount`` and ``unit``, as the JSON has them."""
    unit = next((u for u, column in AMOUNT_COLUMNS.items() if row[column] is not None), None)
    folded = {key: value for key, value in row.items() if key not in AMOUNT_COLUMNS.values()}
    return folded | {"amount": row[AMOUNT_COLUMNS[unit]] if unit else None, "unit": unit}


def answer(
    scenario: Scenario,
    goal: Goal = Goal.UTILISATION,
    solver: str = AUTO,
    options: SolveOptions | None = None,
    progress: Callable[[str], None] | None = None,
    extend: Extend | None = None,
) -> Result:
    """Optimise a scenario and set it beside the steps of fewer links.

    Raises what :func:`symbiosis.solving.optimise_year` raises. A step that has no answer says so.
    ``extend`` adds to the model of each slice, in every step.
    """
    ask = partial(optimise_year, goal=goal, solver=solver, options=options, extend=extend)
    if goal is Goal.CARBON and not has_factors(scenario.park):
        details = {"found": scenario.park.id}
        raise InputError([Problem("no_carbon_factors", key="--objective", details=details)])
    data = scenario.slice()
    optimum = ask(scenario.park, data, scenario.year(data))
    ladder: list[Step] = []
    today: Optimum | None = None
    for opened in STEPS:
        if not opened <= scenario.opened:
            continue
        if progress is not None:
            progress(", ".join(sorted(status.value for status in opened)))
        found: Optimum | None = optimum
        if opened != scenario.opened:
            found = _with_links(scenario, opened, ask)
        ladder.append(_step(opened, found))
        today = found if opened == TODAY else today
    return Result(scenario, optimum, tuple(ladder), today)


def _with_links(
    scenario: Scenario, opened: frozenset[Status], ask: Callable[..., Optimum]
) -> Optimum | None:
    """The same question with other links open; nothing where it has no answer."""
    data = scenario.slice(opened)
    try:
        return ask(scenario.park, data, scenario.year(data))
    except NoAnswer:
        return None


def _step(opened: frozenset[Status], found: Optimum | None) -> Step:
    names = tuple(sorted(status.value for status in opened))
    if found is None:
        return Step(names, "no_answer")
    return Step(
        names,
        found.solved.status.value,
        found.rate.value,
        found.rate.numerator,
        found.rate.denominator,
        found.cost_cny,
        found.cost_items,
        found.co2e_t,
    )
