"""Circular but not economic: three rates, the price band, and subsidies worked out by hand.

100 t of slag. The brickworks take 50 t at 60 CNY/t and the road 50 t at 90, in place of virgin
material at 50 CNY/t: 10 and 40 CNY/t dearer. The heap is free and not compliant; with the tax of 15
CNY/t bricks pay, the road does not. At the least cost with tax: 750 of tax, 3,000 of haul and 2,500
of virgin material, 6,250 CNY.
"""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.errors import NoAnswer
from symbiosis.losses import by_enterprise
from symbiosis.optimum import Goal
from symbiosis.park.park import Park
from symbiosis.question import Aim
from symbiosis.scenario import Scenario, scenario_of
from symbiosis.solving import ask
from symbiosis.viability import Viability, as_json, viability_of
from tests.model.parks import byproduct, link, makes, named, near, needs, park, route, runs, use

TAX = {"environmental_tax": {"slag": "15 CNY/t"}}


def two_takers(
    road_need: str = "50 t/a", road: dict[str, Any] | None = None, **sections: Any
) -> Scenario:
    heap = {"heap": route("0 CNY/t", compliant=False)}
    found = park(
        {
            "works": makes(slag=byproduct("100 t/a", routes=heap, tax="slag")),
            "brick": needs(clay=use("50 t/a", "slag")),
            "road": needs(base=use(road_need, "slag")),
        },
        {
            "to_brick": link("works.slag", "brick.clay", cost="60 CNY/t"),
            "to_road": link("works.slag", "road.base", cost="90 CNY/t", **(road or {})),
        },
        **{"policy": TAX, **sections},
    )
    return scenario_of(found)


def found_for(solver: str, target: float | None = None, **changed: Any) -> Viability:
    return viability_of(two_takers(**changed), target, solver)


def test_the_three_rates_are_what_is_possible_what_pays_and_what_pays_with_the_tax(
    solver: str,
) -> None:
    found = found_for(solver)
    rates = [found.technical.rate.value, found.economic.rate.value, found.policy.rate.value]
    assert rates == pytest.approx([1.0, 0.0, 0.5], abs=1e-8)
    assert near(found.policy.cost_cny, 6_250)
    assert found.subsidy is None


def test_the_price_band_of_each_exchange(solver: str) -> None:
    """The works give up to 15 CNY/t to be rid of the slag.

    Bricks take it from -10 CNY/t (50 saved, 60 paid), the road from -40. Bricks share 5 x 50 = 250
    CNY; the road lacks 25 x 50 = 1,250 CNY.
    """
    bricks, road = found_for(solver).bargains
    assert (bricks.link, bricks.use) == ("to_brick", "brick.clay")
    assert (bricks.low, bricks.high) == pytest.approx((-15, -10))
    assert (road.low, road.high) == pytest.approx((-15, -40))
    assert (bricks.sent, road.sent) == pytest.approx((50, 50))
    assert (bricks.surplus_cny, bricks.subsidy_cny) == pytest.approx((250, 0))
    assert (road.surplus_cny, road.subsidy_cny) == pytest.approx((-1_250, 1_250))


def test_the_least_and_the_uniform_subsidy(solver: str) -> None:
    """80 %: 30 t more to the road, each 40 dearer than virgin and 15 of tax less: 30 x 25 = 750.

    A uniform 25 CNY/t on all 80 t is 2,000 CNY. The road loses 30 x 40 = 1,200, the works save
    30 x 15 = 450 of tax.
    """
    subsidy = found_for(solver, 0.8).subsidy
    assert subsidy is not None
    assert subsidy.least_cny == pytest.approx(750, rel=1e-6)
    assert subsidy.uniform is not None
    assert subsidy.uniform.cny_per_t == pytest.approx(25, rel=1e-6)
    assert subsidy.uniform.cny == pytest.approx(2_000, rel=1e-6)
    assert subsidy.uniform.rate == pytest.approx(1.0)
    assert subsidy.payers == pytest.approx({"road": 1_200, "works": -450}, rel=1e-6)


@pytest.mark.parametrize("target", [0.0, 0.3, 0.5])
def test_a_target_that_is_reached_anyway_needs_nothing(target: float, solver: str) -> None:
    subsidy = found_for(solver, target).subsidy
    assert subsidy is not None
    assert subsidy.least_cny == pytest.approx(0, abs=1e-6)
    assert subsidy.uniform is not None
    assert subsidy.uniform.cny_per_t == 0


def test_the_uniform_subsidy_reaches_the_target(solver: str) -> None:
    """Asked again with a hair over 25 CNY/t on every tonne used, the cost alone uses all.

    With a hair less it stays at the 50 % of the policy rate.
    """
    asked = two_takers()
    data = asked.slice()
    for paid, rate in ((25.001, 1.0), (24.999, 0.5)):
        arcs = tuple(replace(a, treatment_cny=-paid) for a in data.arcs)
        question = ask(asked.park, replace(data, arcs=arcs),
                       asked.year(replace(data, arcs=arcs)), solver)  # fmt: skip
        reached = question.value(Aim.RATE, question.least(Aim.COST, question.form).point)
        assert near(reached, rate)


def test_a_target_out_of_reach_is_no_answer(solver: str) -> None:
    """The road needs 40 t: 90 % at the most."""
    with pytest.raises(NoAnswer) as caught:
        found_for(solver, 0.95, road_need="40 t/a")
    (problem,) = caught.value.problems
    assert problem.code == "target_out_of_reach"
    assert "95" in problem.message("en")
    assert "95" in problem.message("zh")
    assert found_for(solver, 0.9, road_need="40 t/a").subsidy is not None


LOSSES = {
    "a fixed cost": {"road": {"fixed_cost": "300 CNY/a", "capacity": "60 t/a"}},
    "a paid whole investment": {
        "road": {"investment": "1000 CNY", "lumpy": True, "status": "potential",
                 "capacity": "60 t/a"}
    },
    "a spread investment": {
        "road": {"investment": "1000 CNY", "status": "potential", "capacity": "60 t/a"}
    },
    "nothing else": {},
}  # fmt: skip


@pytest.mark.parametrize("what", LOSSES)
def test_the_losses_of_the_payers_sum_to_the_subsidy(what: str, solver: str) -> None:
    subsidy = found_for(solver, 0.8, **LOSSES[what]).subsidy
    assert subsidy is not None
    assert sum(subsidy.payers.values()) == pytest.approx(subsidy.least_cny, rel=1e-6)
    if what == "a fixed cost":
        assert subsidy.least_cny == pytest.approx(750 + 300, rel=1e-6)


def test_with_a_carbon_price_the_payers_lose_that_too(solver: str) -> None:
    """30 t more over 100 km at 0.1 kg/(t km) are 0.3 t CO2e: at 60 CNY/t, 18 CNY to the road.

    Each tonne also brings 0.05 t at the heap less: 30 x 0.05 x 60 = 90 CNY to the works.
    """
    heap = {"heap": route("0 CNY/t", compliant=False, co2e="0.05 t/t")}
    truck = named("truck", unit="t", freight="1 CNY/(t*km)", co2e="0.1 kg/(t*km)")
    found = park(
        {
            "works": makes(slag=byproduct("100 t/a", routes=heap, tax="slag")),
            "road": needs(base=use("100 t/a", "slag")),
        },
        {"to_road": link("works.slag", "road.base", cost="90 CNY/t", distance="100 km")},
        policy={**TAX, "carbon_price": "60 CNY/t"},
        transport={"truck": truck},
    )
    viability = viability_of(scenario_of(found), 0.3, solver)
    assert near(viability.policy.rate.value, 0.0)
    subsidy = viability.subsidy
    assert subsidy is not None
    assert subsidy.payers == pytest.approx({"road": 1_200 + 18, "works": -450 - 90}, rel=1e-6)
    assert subsidy.least_cny == pytest.approx(1_218 - 540, rel=1e-6)
    assert subsidy.uniform is not None
    assert subsidy.uniform.cny_per_t == pytest.approx((1_218 - 540) / 30, rel=1e-6)


RULE = named("rule", materials=["slag"], at_least="30 %", refund="20 CNY/t")


def refunded() -> Park:
    """Bricks of 30 % slag earn 20 CNY per t of clay: the refund makes the exchange pay."""
    return park(
        {
            "works": makes(slag="100 t/a"),
            "brick": needs(clay=use("100 t/a", "slag") | {"content": [RULE]}),
        },
        {"haul": link("works.slag", "brick.clay", cost="60 CNY/t")},
    )


def test_without_refunds_the_economic_rate_is_lower(solver: str) -> None:
    """The refund on 100 t, 2,000 CNY, is worth the 300 CNY that 30 t cost more.

    80 % costs 800 - 300 = 500 CNY more.
    """
    found = viability_of(scenario_of(refunded()), 0.8, solver)
    assert near(found.economic.rate.value, 0.0)
    assert near(found.policy.rate.value, 0.3)
    assert found.subsidy is not None
    assert found.subsidy.least_cny == pytest.approx(500, rel=1e-6)
    assert found.subsidy.payers == pytest.approx({"brick": 500}, rel=1e-6)


def test_costs_by_enterprise_sum_to_the_cost_of_the_park(solver: str) -> None:
    """With a refund, a heap over the seasons, an old heap, a free unit, a fixed cost."""
    bricks = use("100 t/a", "slag") | {
        "content": [RULE],
        "profile": "late",
    }
    mill = runs({}, {"feed": use("20 t/a", "slag", virgin=None)}, capacity="20 t/a",
                running_cost="7 CNY/t")  # fmt: skip
    found = park(
        {"works": makes(slag=byproduct("100 t/a", "3 CNY/t")), "brick": needs(clay=bricks),
         "mill": mill},
        {
            "haul": link("works.slag", "brick.clay", cost="60 CNY/t", fixed_cost="9 CNY/a",
                         capacity="200 t/a"),
            "lift": link("works.slag", "mill.feed", cost="1 CNY/t"),
        },
        seasons={name: named(name, hours="4380 h") for name in "ab"},
        profiles={"late": named("late", spread="weight", values={"a": "10 %", "b": "90 %"})},
        stockpiles={"pile": named("pile", byproduct="works.slag", buffer="30 t", stock="8 t",
                                  reclaim="10 t/a", reclaim_cost="2 CNY/t",
                                  holding_cost="4 CNY/t")},
    )  # fmt: skip
    asked = replace(scenario_of(found), by_season=True)
    for optimum in (viability_of(asked, None, solver).technical, viability_of(asked).policy):
        assert optimum.goal in (Goal.UTILISATION, Goal.COST)
        assert near(sum(by_enterprise(optimum).values()), optimum.cost_cny)
    subsidy = viability_of(asked, 0.7, solver).subsidy
    assert subsidy is not None
    assert sum(subsidy.payers.values()) == pytest.approx(subsidy.least_cny, abs=1e-3)


def test_a_free_unit_pays_what_its_income_allows(solver: str) -> None:
    """A mill of 80 t/a earns 30 CNY/t, so it takes slag up to 30 - 5 = 25 CNY/t."""
    mill = runs({}, {"feed": use("80 t/a", "slag", virgin=None)}, capacity="80 t/a",
                income="30 CNY/t")  # fmt: skip
    found = park(
        {"works": makes(slag=byproduct("100 t/a", "4 CNY/t")), "mill": mill},
        {"haul": link("works.slag", "mill.feed", cost="5 CNY/t")},
    )
    (bargain,) = viability_of(scenario_of(found), None, solver).bargains
    assert (bargain.low, bargain.high) == pytest.approx((-4, 25))


def test_by_season_the_target_holds_over_the_year(solver: str) -> None:
    """Without profiles the seasons change nothing: 750 CNY."""
    halves = {name: named(name, hours="4380 h") for name in "ab"}
    asked = replace(two_takers(seasons=halves), by_season=True)
    subsidy = viability_of(asked, 0.8, solver).subsidy
    assert subsidy is not None
    assert subsidy.least_cny == pytest.approx(750, rel=1e-6)
    assert subsidy.payers == pytest.approx({"road": 1_200, "works": -450}, rel=1e-6)


def test_the_document_has_every_number(solver: str) -> None:
    document = as_json(found_for(solver, 0.8))
    assert document["subsidy_cny"] == pytest.approx(750, rel=1e-6)
    assert {row["enterprise"] for row in document["payers"]} == {"road", "works"}
    assert [row["link"] for row in document["links"]] == ["to_brick", "to_road"]
    empty = as_json(found_for(solver))
    assert empty["target"] is None
    assert empty["payers"] == []


def test_the_greatest_rate_itself_is_within_reach(solver: str) -> None:
    """50 t + 16.67 t of 100 t: R = 2 / 3, a target that no decimal states exactly."""
    asked = two_takers(road_need="16.6666666666667 t/a")
    technical = viability_of(asked, None, solver).technical.rate.value
    assert technical is not None
    subsidy = viability_of(asked, technical, solver).subsidy
    assert subsidy is not None
    assert subsidy.least_cny == pytest.approx(16.6666666666667 * 25, rel=1e-5)
