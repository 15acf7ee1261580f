"""Measures of any park say what its optimum says: random parks, and problems of the literature."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.optimum import Goal
from symbiosis.park.park import Park
from symbiosis.scenario import load_question, scenario_of
from tests.model import test_measures as read
from tests.model.parks import Tree, checked
from tests.model.random_parks import trees
from tests.model.test_subsidy import hauled
from tests.model.test_tariff import smelter
from tests.validation.manifest import FOLDER, park_files

FEW = settings(max_examples=20, derandomize=True, deadline=None)


def assert_read(found: read.Answered) -> None:
    read.test_every_measure_that_is_an_indicator_has_its_value_and_amounts(found)
    read.test_items_of_the_cost_are_those_of_the_optimum(found)
    read.test_the_cost_of_enterprises_is_what_each_bears(found)
    read.test_items_and_enterprises_both_add_up_to_the_cost(found)


@FEW
@given(trees(), st.sampled_from(Goal))
def test_a_random_park_is_read_as_found(whole: Tree, goal: Goal) -> None:
    assert_read(read.answered(scenario_of(checked(whole)), by_season=False, goal=goal))


@pytest.mark.parametrize("name", park_files())
def test_a_problem_of_the_literature_is_read_as_found(name: str) -> None:
    """Fixed charges, blends, returned water, heat cascades, seasons with stocks."""
    asked = load_question(FOLDER / name)
    assert_read(read.answered(asked, by_season=bool(asked.park.seasons), goal=Goal.COST))


@pytest.mark.parametrize("park", [hauled("12 CNY/t"), smelter()], ids=["subsidy", "surcharge"])
def test_what_the_state_pays_and_takes_is_read_by_item(park: Park) -> None:
    found = read.answered(scenario_of(park), by_season=False, goal=Goal.COST)
    items = found.optimum.cost_items
    assert items.get("subsidy", 0.0) < 0 or items["surcharge"] > 0
    assert_read(found)
