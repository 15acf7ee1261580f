"""Measures stamped with the slices are, at an optimum, what is worked out from its flows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from symbiosis.figures import figures
from symbiosis.indicators import indicators_of
from symbiosis.losses import by_enterprise
from symbiosis.measurable import ITEMS, Measurable, measurable
from symbiosis.optimum import Optimum
from symbiosis.outputs import with_outputs
from symbiosis.question import ORDER
from symbiosis.optimum import Goal
from symbiosis.scenario import Scenario, load_question, load_scenario
from symbiosis.seasons import Year, cut
from symbiosis.solvers.matrix import Floats
from symbiosis.solvers.measures import Measures
from symbiosis.solvers.year import YearForm, pattern_of, year_form
from symbiosis.solving import ask, checked

BUNDLED = ("jinchang", "baiyin", "taiyuan-stainless")
SEASONS = ("jinchang-months", "jinchang-policy")


@dataclass(frozen=True)
class Answered:
    """An optimum with its column values, and the measures of the same year."""

    optimum: Optimum
    x: Floats
    measures: Measures
    form: YearForm
    year: Year

    @property
    def sums(self) -> Floats:
        return self.measures.over_year(self.form, self.year).at(self.x)


def answered(asked: Scenario, by_season: bool, goal: Goal = Goal.UTILISATION) -> Answered:
    data = asked.slice()
    year = cut(asked.park, data) if by_season else asked.year(data)
    question = ask(asked.park, data, year, "highs")
    answer = question.in_order(ORDER[goal])
    optimum = checked(question, goal, answer, {})
    measures = Measures(measurable(asked.park, data))
    form = year_form(year, measures.build())
    assert list(form.form.column_keys) == list(question.form.column_keys)
    return Answered(optimum, answer.x, measures, form, year)


CASES = [(name, False, Goal.UTILISATION) for name in BUNDLED]
CASES += [(name, True, Goal.UTILISATION) for name in ("jinchang", "jinchang-policy")]
CASES += [(name, False, Goal.COST) for name in BUNDLED] + [("jinchang", True, Goal.COST)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def case(request: pytest.FixtureRequest) -> Answered:
    name, by_season, goal = request.param
    asked = load_question(name) if name in BUNDLED else load_scenario(name)
    return answered(asked, by_season, goal)


def close(value: float, wanted: float, scale: float = 0.0) -> bool:
    return abs(value - wanted) <= 1e-9 * max(abs(wanted), abs(scale), 1.0)


def test_every_measure_that_is_an_indicator_has_its_value_and_amounts(case: Answered) -> None:
    found = {each.id: each for each in indicators_of(case.optimum)}
    shared = found.keys() & set(case.measures.names)
    assert {"utilisation_rate", "utilisation_rate_without_backfill", "cost"} <= shared
    assert {name for name in found if name.startswith("used_share")} <= shared
    for name in shared:
        value, known = case.measures.value(name, case.sums), case.measures.measure(name)
        assert (value is None) == (found[name].value is None), name
        if value is not None:
            scale = sum(map(abs, case.optimum.cost_items.values())) if name == "cost" else 0.0
            assert close(value, found[name].value or 0.0, scale), name
        if known.divided:
            above, below = (case.sums[case.measures.rows[name, p]] for p in PARTS)
            assert close(above, found[name].numerator or 0.0, found[name].denominator or 0.0), name
            assert close(below, found[name].denominator or 0.0), name
            assert known.amount_unit == found[name].amount_unit
        assert known.unit == found[name].unit


PARTS = ("numerator", "denominator")


def test_a_share_that_no_indicator_shows_has_nothing_generated(case: Answered) -> None:
    shown = {each.id for each in indicators_of(case.optimum)}
    for name, known in case.measures.known.measures.items():
        if known.family == "used_share" and name not in shown:
            made = [s for s in known.members if s not in case.optimum.data.supplies]
            assert not made
            assert case.measures.value(name, case.sums) is None, name


def test_items_of_the_cost_are_those_of_the_optimum(case: Answered) -> None:
    items = case.optimum.cost_items
    assert set(items) <= set(ITEMS)
    largest = max(map(abs, items.values()))
    for item in ITEMS:
        value = case.measures.value(f"cost_item.{item}", case.sums) or 0.0
        assert close(value, items.get(item, 0.0), largest), item


def test_the_cost_of_enterprises_is_what_each_bears(case: Answered) -> None:
    costs = by_enterprise(case.optimum)
    largest = max(map(abs, costs.values()))
    for enterprise, cny in costs.items():
        value = case.measures.value(f"cost_of.{enterprise}", case.sums) or 0.0
        assert close(value, cny, largest), enterprise


def test_items_and_enterprises_both_add_up_to_the_cost(case: Answered) -> None:
    """What units with given activity pay for carbon and power is no enterprise's decision."""
    read = {name: case.measures.value(name, case.sums) or 0.0 for name in case.measures.names}
    items = [value for name, value in read.items() if name.startswith("cost_item.")]
    borne = [value for name, value in read.items() if name.startswith("cost_of")]
    for parts in (items, borne):
        assert close(sum(parts), read["cost"], max(map(abs, parts)))


def test_co2e_is_the_inventory(case: Answered) -> None:
    assert close(case.measures.value("co2e", case.sums) or 0.0, case.optimum.co2e_t or 0.0)
