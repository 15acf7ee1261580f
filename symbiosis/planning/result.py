"""A plan as tables and as one document: projects, years, cash flow, targets, what is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symbiosis.candidates import links_to_build
from symbiosis.grading import WEAK, grade_of, weakest
from symbiosis.park.quantity import Grade
from symbiosis.planning.accounts import OWN, YearOfMoney
from symbiosis.planning.aim import Missed, Target
from symbiosis.planning.left_out import LeftOut
from symbiosis.planning.model import OVER, WHOLE
from symbiosis.planning.plan import Plan
from symbiosis.result import SCHEMA_VERSION
from symbiosis.solvers.horizon import Start
from symbiosis.tables import Row, tables_of

if TYPE_CHECKING:
    import pandas

FLOWS = "at the end of each year"
"""When money of a year is counted."""


@dataclass(frozen=True)
class PlanResult:
    """A plan; its tables are pandas frames under the names of the JSON keys."""

    plan: Plan

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """Every table as rows."""
        return {
            "projects": [self._project(start) for start in self._in_order],
            "years": [self._year(year.year) for year in self.plan.years],
            "cash_flow": list(self._cash_flow()),
            "targets": [self._target(target) for target in self.plan.targets],
            "left_out": [self._left_out(one) for one in self.plan.left_out],
            "flows": [
                {"year": year.year} | row
                for year in self.plan.years
                for row in tables_of(year.optimum)["flows"]
            ],
        }

    def table(self, name: str) -> "pandas.DataFrame":
        """One table as a frame; columns say their unit."""
        import pandas

        return pandas.DataFrame([dict(_flat(row)) for row in self.rows[name]])

    @property
    def projects(self) -> "pandas.DataFrame":
        """What is begun: size, years, price, who pays."""
        return self.table("projects")

    @property
    def years(self) -> "pandas.DataFrame":
        """Rate and money of each year."""
        return self.table("years")

    @property
    def cash_flow(self) -> "pandas.DataFrame":
        """Every item of the net present value, by year."""
        return self.table("cash_flow")

    @property
    def flows(self) -> "pandas.DataFrame":
        """What is sent over each link into each use, by year."""
        return self.table("flows")

    @property
    def left_out(self) -> "pandas.DataFrame":
        """Projects that are not begun, with the reason."""
        return self.table("left_out")

    # --- rows

    @property
    def _in_order(self) -> list[Start]:
        return sorted(self.plan.starts, key=lambda start: start.year)

    def _project(self, start: Start) -> Row:
        plan, name, horizon = self.plan, start.candidate.name, self.plan.horizon
        noun = plan.scenario.park.projects[name]
        again = sum(horizon.again_cny(start, year) for year in horizon.years)
        running = [y for y in horizon.years if start.candidate.runs(start.year, y)]
        return {
            "id": name,
            "name_zh": noun.name_zh,
            "name_en": noun.name_en,
            "year": start.year,
            "runs_from": start.year + start.candidate.lead,
            "size": None if start.size.name == WHOLE else start.size.name,
            "share": start.size.share,
            "running_years": running,
            "shares": [start.candidate.share(start.year, y) for y in running],
            "cost_cny": start.size.cost_cny,
            "again_cny": again,
            "again_from": start.candidate.renewals(start.year, horizon.last),
            "paid_cny": self._paid(name, start.size.cost_cny + again),
            "rest_cny": horizon.rest_cny(start),
            "priced": name not in plan.unpriced,
            "grade": self._grade(start).value,
            "links": list(start.candidate.links),
        }

    def _paid(self, project: str, whole_cny: float) -> dict[str, float]:
        """Who pays how much of a project."""
        given = {instrument.name: 0.0 for instrument in self.plan.horizon.instruments}
        for draw, cny in self.plan.drawn.items():
            if draw.project == project:
                given[draw.instrument.name] += cny
        return {OWN: max(0.0, whole_cny - sum(given.values())), **given}

    def _grade(self, start: Start) -> Grade:
        """What the price of a project rests on; D where none is stated."""
        park, name = self.plan.scenario.park, start.candidate.name
        noun = park.projects[name]
        for size in noun.sizes:
            if size.id == start.size.name:
                return grade_of(size.investment if size.investment.grade else size)
        if noun.investment is not None:
            return grade_of(noun.investment if noun.investment.grade else noun)
        links = links_to_build(park, name, park.start)
        prices = [park.links[link].investment for link in links]
        return weakest([grade_of(price) for price in prices if price is not None] or [Grade.D])

    def _year(self, year: int) -> Row:
        own = next(one for one in self.plan.years if one.year == year)
        money = next(one for one in self.plan.accounts.years if one.year == year)
        rate = own.optimum.rate
        return {
            "year": year,
            "utilisation_rate": rate.value,
            "numerator_t": rate.numerator,
            "denominator_t": rate.denominator,
            "running": list(own.running),
            "invested_cny": money.invested_cny,
            "of_it_again_cny": money.again_cny,
            "own_cny": money.own_cny,
            "given_cny": dict(money.given_cny),
            "repaid_cny": dict(money.repaid_cny),
            "interest_from_state_cny": money.from_state_cny,
            "available_cny": money.available_cny,
            "left_cny": money.left_cny,
            "exchanges_cny": own.optimum.cost_cny,
            "saved_cny": money.saved_cny,
        }

    def _cash_flow(self) -> Iterator[Row]:
        accounts = self.plan.accounts
        for money in accounts.years:
            for item, cny in _items(money):
                yield self._entry(money.year, item, cny)
        last = accounts.years[-1].year
        yield self._entry(last, "rest", accounts.rest_cny)
        yield self._entry(last, "owed", -accounts.owed_cny)

    def _entry(self, year: int, item: str, cny: float) -> Row:
        factor = self.plan.accounts.factor(year)
        return {"year": year, "item": item, "cny": cny, "discounted_cny": cny * factor}

    def _left_out(self, one: LeftOut) -> Row:
        noun = self.plan.scenario.park.projects[one.project]
        candidates = self.plan.horizon.candidates
        sizes = next(c.sizes for c in candidates if c.name == one.project)
        return {
            "id": one.project,
            "name_zh": noun.name_zh,
            "name_en": noun.name_en,
            "why": one.why.value,
            "cost_cny": min(size.cost_cny for size in sizes),
            "rate_change": one.rate,
            "npv_change_cny": one.npv_cny,
            "excluded_by": list(one.by),
            "priced": one.project not in self.plan.unpriced,
        }

    def _target(self, target: Target) -> Row:
        missed = {one.target: one for one in self.plan.missed}
        return {
            "rate": target.rate,
            "by": target.by,
            "price_cny_per_t": target.price_cny_per_t,
            "met": target not in missed and self._reached(target),
        }

    def _reached(self, target: Target) -> bool:
        return all(
            (year.optimum.rate.value or 0.0) >= target.rate - 1e-7
            for year in self.plan.years
            if year.year >= target.by
        )

    # --- the document

    def document(self) -> dict[str, Any]:
        """The JSON of ``plan``; keys and codes do not depend on the language."""
        plan, rows, accounts = self.plan, self.rows, self.plan.accounts
        return {
            "schema_version": SCHEMA_VERSION,
            **self._question(),
            "status": plan.found.status.value,
            "gap": plan.found.gap,
            "projects": rows["projects"],
            "npv_cny": plan.npv_cny,
            "utilisation_by_year": [
                {"year": row["year"], "value": row["utilisation_rate"]} for row in rows["years"]
            ],
            "missed": [_missed(one) for one in plan.missed],
            "targets": rows["targets"],
            "penalty_cny": plan.penalty_cny,
            "keeping_targets_cny": plan.keeping_cny,
            "discount": self._discount(),
            "rest_cny": accounts.rest_cny,
            "owed_cny": accounts.owed_cny,
            "invested_cny": sum(year.invested_cny for year in accounts.years),
            "subsidies_cny": self._subsidies(),
            "weak_share_of_investment": self.weak_share,
            "years": rows["years"],
            "cash_flow": rows["cash_flow"],
            "left_out": rows["left_out"],
            "unpriced": list(plan.unpriced),
            "not_candidates": self.not_candidates,
            "solver": plan.found.solver,
            "solver_version": plan.found.solver_version,
            "solver_options": dict(plan.found.options),
            "seconds": plan.found.seconds,
        }

    def _question(self) -> dict[str, Any]:
        """What was asked."""
        plan, scenario = self.plan, self.plan.scenario
        horizon = plan.horizon
        return {
            "park": scenario.park.id,
            "park_zh": scenario.park.name_zh,
            "park_en": scenario.park.name_en,
            "scenario": scenario.id,
            "objective": plan.aim.value,
            "boundary": scenario.boundary,
            "document": scenario.document,
            "money_year": scenario.park.money_year,
            "budget_cny": horizon.own_cny[horizon.years[0]],
            "carried_over": horizon.carried_over,
            "instruments": self._instruments(),
        }

    def _instruments(self) -> list[Row]:
        """Where money comes from beside one's own."""
        financing = self.plan.financing
        nouns = {} if financing is None else financing.instruments
        return [
            {
                "id": name,
                "kind": noun.kind.value,
                "name_zh": noun.name_zh,
                "name_en": noun.name_en,
                "source": list(noun.source),
                "grade": grade_of(noun).value,
            }
            for name, noun in nouns.items()
        ]

    def _discount(self) -> dict[str, Any]:
        horizon = self.plan.horizon
        return {
            "rate": horizon.discount_rate,
            "base": f"{horizon.years[0]}-01-01",
            "flows": FLOWS,
            "real_money_of": self.plan.scenario.park.money_year,
        }

    def _subsidies(self) -> float:
        """What comes from outside and never goes back, the state's interest included."""
        lasting = {i.name for i in self.plan.horizon.instruments if not i.term}
        years = self.plan.accounts.years
        given = sum(cny for y in years for name, cny in y.given_cny.items() if name in lasting)
        return given + sum(year.from_state_cny for year in years)

    @property
    def weak_share(self) -> float | None:
        """The share of all investment whose price is of grade C or D; None without any."""
        prices = [
            (row["cost_cny"] + row["again_cny"], row["grade"]) for row in self.rows["projects"]
        ]
        whole = sum(cny for cny, _ in prices)
        return sum(cny for cny, grade in prices if Grade(grade) in WEAK) / whole if whole else None

    @property
    def not_candidates(self) -> list[str]:
        """Projects that are still to come and build no link that is missing."""
        known = {candidate.name for candidate in self.plan.horizon.candidates}
        nouns = self.plan.scenario.park.projects.items()
        return [name for name, noun in nouns if noun.status not in OVER and name not in known]


def _items(money: YearOfMoney) -> Iterator[tuple[str, float]]:
    """What is gained (+) and paid (-) in a year."""
    yield "investment", -money.first_cny
    yield "reinvestment", -money.again_cny
    for name, cny in money.given_cny.items():
        yield f"from_{name}", cny
    for name, cny in money.repaid_cny.items():
        yield f"back_to_{name}", -cny
    yield "exchanges", money.saved_cny


def _missed(one: Missed) -> Row:
    return {
        "rate": one.target.rate,
        "by": one.target.by,
        "closest": one.closest,
        "short_t": one.short_t,
        "kept_from": one.kept_from,
        "alone": one.alone,
    }


def _flat(row: Row) -> Iterator[tuple[str, Any]]:
    """A row for a table: a mapping becomes a column for each of its keys, a list a text."""
    for key, value in row.items():
        if isinstance(value, dict):
            head = key.removesuffix("_cny")
            yield from ((f"{head}_{name}_cny", cny) for name, cny in value.items())
        elif isinstance(value, list | tuple):
            yield key, ", ".join(map(str, value))
        else:
            yield key, value
