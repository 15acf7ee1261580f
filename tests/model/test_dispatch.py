"""A year lived through season by season, from the heaps that are there."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.dispatch import Heaps, Lived, live_through, price_of_myopia_cny
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.park import Park
from symbiosis.scenario import Scenario, load_scenario, scenario_of
from symbiosis.solving import optimise_year
from tests.model.parks import byproduct, link, makes, named, needs, park, use

THIRDS = {"spring": "2920 h", "summer": "2920 h", "autumn": "2920 h"}
SHIPPED = ("glpk", "highs")
FEW = settings(max_examples=15, derandomize=True, deadline=None)


def works(
    made: str = "90 t/a", wanted: str = "90 t/a", holding: str = "0 CNY/t", **heap: Any
) -> Park:
    """Slag at 30 t a season, dumped for 10 CNY/t; clinker for 50 CNY/t, all wanted in autumn.

    The yard keeps what waits; the haul is 5 CNY/t.
    """
    course = {"spring": "0 %", "summer": "0 %", "autumn": "100 %"}
    clinker = use(wanted, "slag", profile="late")
    yard = {"byproduct": "works.slag", "reclaim": "0 t/a", "buffer": "40 t", **heap}
    return park(
        {"works": makes(slag=byproduct(made, "10 CNY/t")), "cement": needs(clinker=clinker)},
        {"haul": link("works.slag", "cement.clinker", cost="5 CNY/t")},
        seasons={name: named(name, hours=length) for name, length in THIRDS.items()},
        profiles={"late": named("late", spread="weight", values=course)},
        stockpiles={"yard": named("yard", holding_cost=holding, **yard)},
    )


def asked(found: Park) -> Scenario:
    return replace(scenario_of(found), by_season=True)


def foreseen(scenario: Scenario, goal: Goal, solver: str) -> Optimum:
    data = scenario.slice()
    return optimise_year(scenario.park, data, scenario.year(data), goal, solver)


def levels(lived: Lived) -> list[float]:
    return [level for season in lived.seasons for level in season.levels.values()]


@pytest.mark.parametrize("solver", SHIPPED)
def test_months_are_lived_through_as_by_hand(solver: str) -> None:
    """Waiting costs nothing, dumping 10 CNY/t: spring keeps 30 t, summer 10 t more and dumps 20 t.

    In autumn 30 t made and 40 t kept are sent, 20 t bought: 200 + 70 x 5 + 20 x 50 CNY.
    """
    lived = live_through(asked(works()), Goal.COST, solver)
    assert levels(lived) == pytest.approx([30, 40, 0])
    assert [season.cost_cny for season in lived.seasons] == pytest.approx([0, 200, 350 + 1000])
    assert lived.cost_cny == pytest.approx(1550)
    assert lived.utilisation_rate == pytest.approx(70 / 90)
    assert lived.heaps.this_year == {}


@pytest.mark.parametrize("solver", SHIPPED)
def test_who_does_not_look_ahead_dumps_what_would_have_been_wanted(solver: str) -> None:
    """Lying for a year costs 60 CNY/t, 20 a season: dumping for 10 is cheaper today.

    Looking ahead, 30 t of summer wait one season for 20 CNY and save 10 + 45 in the end; those of
    spring wait two for 40 and save the same; 40 t fit. Myopia: 60 t dumped, 60 t bought.
    """
    scenario = asked(works(holding="60 CNY/t"))
    lived, ahead = live_through(scenario, Goal.COST, solver), foreseen(scenario, Goal.COST, solver)
    assert lived.cost_cny == pytest.approx(60 * 10 + 30 * 5 + 60 * 50)
    assert ahead.cost_cny == pytest.approx(20 * 10 + 10 * 40 + 30 * 20 + 70 * 5 + 20 * 50)
    assert price_of_myopia_cny(lived, ahead) == pytest.approx(1200)


def test_what_lies_there_before_is_used_first_and_what_is_left_joins_the_old_heap() -> None:
    """25 t lie there, 15 t more fit in spring; nobody wants any, so that the yard stays full."""
    scenario = asked(works(wanted="0 t/a", stock="7 t"))
    lived = live_through(
        scenario, Goal.COST, heaps=Heaps({"works.slag": 25.0}, {"works.slag": 7.0})
    )
    assert levels(lived)[:2] == pytest.approx([40, 40])
    assert lived.heaps.older["works.slag"] == pytest.approx(7 + levels(lived)[-1])


@pytest.mark.parametrize("goal", [Goal.COST, Goal.UTILISATION])
def test_where_no_heap_ties_the_seasons_both_agree(goal: Goal) -> None:
    """Every month of Jinchang by itself, with nothing to wait in: the year's optimum to 1e-6."""
    scenario = load_scenario("jinchang-months")
    heaps = {n: h.model_copy(update={"buffer": None}) for n, h in scenario.park.stockpiles.items()}
    fields = {name: getattr(scenario.park, name) for name in Park.model_fields}
    bare = replace(scenario, park=Park.model_construct(**{**fields, "stockpiles": heaps}))
    lived, ahead = live_through(bare, goal, "highs"), foreseen(bare, goal, "highs")
    assert ahead.cost_cny is not None
    if goal is Goal.COST:
        assert lived.cost_cny == pytest.approx(ahead.cost_cny, rel=1e-6)
    else:
        assert lived.utilisation_rate is not None
        assert lived.utilisation_rate <= (ahead.rate.value or 0.0) + 1e-9


@FEW
@given(
    st.integers(0, 200), st.integers(0, 200), st.integers(0, 90), st.integers(0, 60),
    st.sampled_from(SHIPPED),
)  # fmt: skip
def test_knowing_what_comes_never_costs_more(
    made: int, wanted: int, holding: int, buffer: int, solver: str
) -> None:
    scenario = asked(
        works(f"{made} t/a", f"{wanted} t/a", f"{holding} CNY/t", buffer=f"{buffer} t")
    )
    lived, ahead = live_through(scenario, Goal.COST, solver), foreseen(scenario, Goal.COST, solver)
    assert price_of_myopia_cny(lived, ahead) >= -1e-6 * (1 + abs(ahead.cost_cny))


def test_a_year_that_pays_links_once_is_not_cut_into_parts() -> None:
    scenario = asked(works())
    year = scenario.year(scenario.slice())
    paying = replace(year, charges={"haul": 100.0})
    with pytest.raises(ValueError, match="whole year"):
        paying.part(0, 1, {}, {})
