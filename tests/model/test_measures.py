"""Measures stamped with the slices are, at an optimum, what is worked out from its flows."""

from dataclasses import dataclass

import numpy as np
import pytest

from symbiosis.figures import figures
from symbiosis.indicators import indicators_of
from symbiosis.losses import by_enterprise
from symbiosis.measurable import ITEMS, measurable
from symbiosis.optimum import Goal, Optimum
from symbiosis.outputs import with_outputs
from symbiosis.question import ORDER, backend_for
from symbiosis.scenario import Scenario, load_question, load_scenario
from symbiosis.seasons import BY_TIME, Year, cut
from symbiosis.solvers.backend import Backend
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.measures import Measures
from symbiosis.solvers.redispatch import Redispatch
from symbiosis.solvers.year import YearForm, pattern_of, year_form
from symbiosis.solving import ask, checked

BUNDLED = ("jinchang", "baiyin", "taiyuan-stainless")
PARTS = ("numerator", "denominator")


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
        return self.measures.sums(self.form, self.x, self.measures.tied(self.year))


def answered(asked: Scenario, by_season: bool, goal: Goal = Goal.UTILISATION) -> Answered:
    data = asked.slice()
    year = cut(asked.park, data) if by_season else asked.year(data)
    question = ask(asked.park, data, year, "highs")
    answer = question.in_order(ORDER[goal])
    optimum = checked(question, goal, answer, {})
    measures = Measures(measurable(asked.park, data))
    form = year_form(year, measures.build())
    assert list(form.form.column_keys) == list(question.form.column_keys)
    assert (form.pattern is None) is year.single
    return Answered(optimum, answer.x, measures, form, year)


CASES = [(name, False, Goal.UTILISATION) for name in BUNDLED]
CASES += [(name, True, Goal.UTILISATION) for name in (*BUNDLED, "jinchang-policy")]
CASES += [(name, by_season, Goal.COST) for name in BUNDLED for by_season in (False, True)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def case(request: pytest.FixtureRequest) -> Answered:
    name, by_season, goal = request.param
    asked = load_question(name) if name in BUNDLED else load_scenario(name)
    return answered(asked, by_season, goal)


def test_sums_over_the_months_of_jinchang_give_the_indicators_of_its_year() -> None:
    """A yardstick to run: each month's numerators and denominators, added, then divided.

    The mean of the monthly rates is another number; rates of a year are never means.
    """
    asked = load_scenario("jinchang-months")
    found = answered(asked, by_season=True)
    months = found.measures.sums_by_slice(found.form, found.x)
    assert months.shape == (12, len(found.measures.keys))
    whole = found.measures.values(months.sum(axis=0))
    wanted = {each.id: each.value for each in indicators_of(found.optimum)}
    shares = [n for n in found.measures.names if found.measures.measure(n).divided and n in wanted]
    assert "utilisation_rate" in shares
    assert len(shares) > 30
    for name in shares:
        assert close(whole[found.measures.names.index(name)], wanted[name] or 0.0), name
    monthly = found.measures.values(months)[:, found.measures.names.index("utilisation_rate")]
    assert abs(monthly.mean() - (wanted["utilisation_rate"] or 0.0)) > 1e-4


def test_a_month_lived_through_by_itself_reads_its_own_measures() -> None:
    """One slice of a year: a pattern of one month, stamped with the next one's figures."""
    asked = load_scenario("jinchang-months")
    data = asked.slice()
    year = asked.year(data)
    measures = Measures(measurable(asked.park, data))
    months = [year.part(i, i + 1, {}, year.legacy) for i in range(2)]
    pattern = pattern_of(months[0], list(figures(data)), measures.build())
    for month in months:
        question = ask(asked.park, month.slices[0], month, "highs")
        answer = question.in_order(ORDER[Goal.UTILISATION])
        optimum = checked(question, Goal.UTILISATION, answer, {})
        sums = measures.sums(pattern.form(month), answer.x, measures.tied(month))
        assert close(measures.value("utilisation_rate", sums) or 0.0, optimum.rate.value or 0.0)
        assert close(measures.value("cost", sums) or 0.0, optimum.cost_cny, 1e9)
        items = optimum.cost_items
        assert close(measures.value("cost_item.holding", sums) or 0.0, items["holding"], 1e9)


def test_a_slice_asked_again_with_other_figures_reads_its_measures() -> None:
    """All of January, then half of its time: what the answers say."""
    asked = load_scenario("jinchang-months")
    data = with_outputs(asked.park, asked.slice(), ["jinni_cement.kiln"])
    month = asked.year(data).part(0, 1, {}, {})
    paths = list(month.courses)
    measures = Measures(measurable(asked.park, data))
    again = Redispatch(month, paths, ("rate", "cost"), highs, build=measures.build())
    whole = np.array([month.courses[path][0] for path in paths])
    by_time = np.array([(path[0], path[2]) in BY_TIME for path in paths])
    place = paths.index(("outputs", "jinni_cement.kiln", ""))
    for part in (1.0, 0.5):
        figures_now = np.where(by_time, part * whole, whole)
        made = again.stamped(figures_now, part * month.hours[0], {}, {})
        if part == 1.0:
            again.open(made)
        found = again.answer(made)
        assert found.x is not None
        sums = measures.sums(made, found.x, measures.tied(again.now))
        used, all_ = (made.expressions[n].value(found.x) for n in ("utilised", "generated"))
        assert close(measures.value("utilisation_rate", sums) or 0.0, used / all_)
        cost = made.expressions["cost"].value(found.x)
        assert close(measures.value("cost", sums) or 0.0, cost, 1e9)
        output = measures.value("output.jinni_cement.kiln", sums)
        assert output == pytest.approx(part * whole[place])
        intensity = measures.value("co2e_per_output.jinni_cement.kiln", sums) or 0.0
        carbon = made.expressions["carbon"].value(found.x)
        assert output is not None
        assert intensity * output == pytest.approx(carbon, rel=1e-9)


def highs(form: MatrixForm) -> Backend:
    return backend_for(form, "highs")


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


def test_a_share_that_no_indicator_shows_has_nothing_generated(case: Answered) -> None:
    shown = {each.id for each in indicators_of(case.optimum)}
    for name, known in case.measures.known.measures.items():
        if known.family == "used_share" and name not in shown:
            assert set(known.members) <= case.optimum.data.supplies.keys()
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


def test_the_matrix_over_all_columns_gives_the_same_sums(case: Answered) -> None:
    rows = case.measures.over_year(case.form, case.measures.tied(case.year))
    assert rows.matrix.shape == (len(case.measures.keys), case.form.form.columns)
    np.testing.assert_allclose(rows.at(case.x), case.sums, rtol=1e-12, atol=1e-6)


def test_values_are_nan_where_the_single_value_is_none(case: Answered) -> None:
    values = case.measures.values(np.array([case.sums, 2 * case.sums]))
    for name, value, other in zip(case.measures.names, *values, strict=True):
        wanted = case.measures.value(name, case.sums)
        assert np.isnan(value) if wanted is None else value == wanted
        factor = 1 if case.measures.measure(name).divided else 2
        assert wanted is None or other == pytest.approx(factor * wanted, rel=1e-12)


def test_co2e_is_the_inventory(case: Answered) -> None:
    assert close(case.measures.value("co2e", case.sums) or 0.0, case.optimum.co2e_t or 0.0)
