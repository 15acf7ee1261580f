"""Reasons in the way itself: too far, out of season, nobody permitted."""

import pytest

from symbiosis.explaining import explain
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.park import Park
from symbiosis.reasons import Reason
from symbiosis.remedies import remedies_for
from symbiosis.result import answer
from symbiosis.scenario import scenario_of
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from tests.model.parks import (
    Tree,
    byproduct,
    link,
    makes,
    material,
    named,
    near,
    needs,
    park,
    route,
    runs,
    solve,
    use,
)


def reason(found: Optimum, name: str = "works.slag") -> Reason:
    """The one reason of a by-product."""
    held = next(held for held in explain(found) if held.byproduct == name)
    assert len(held.reasons) == 1
    return held.reasons[0]


# --- too far


def hauled(km: float) -> Park:
    """Slag with a heap at 15 CNY/t, into cement that buys at 50 CNY/t, at 1 CNY/(t km)."""
    way = link("works.slag", "cement.blend", distance=f"{km} km")
    del way["cost"]
    slag = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})
    return park(
        {"works": makes(slag=slag), "cement": needs(blend=use("80 t/a", "slag"))}, {"haul": way}
    )


def test_too_far(solver: str) -> None:
    """Over 90 km a tonne costs 90 CNY and spares 65: 25 too much, and all of it the distance."""
    why = reason(solve(hauled(90), "cost", solver))
    assert why.code == "too_far"
    assert near(why.marginal, 25)
    assert why.unit == "CNY/t"
    assert "90 km" in why.text("en")
    assert "90 km" in why.text("zh")


def test_near_enough_it_is_taken(solver: str) -> None:
    found = solve(hauled(64), "cost", solver)
    assert near(found.point.sent["haul", "cement.blend"], 80)


def test_what_would_not_pay_next_door_is_not_too_far(solver: str) -> None:
    """Virgin at 50 and a heap at 15 against a treatment at 70 and 2 km: 7 too dear."""
    way = link("works.slag", "cement.blend", distance="2 km")
    del way["cost"]
    blend = use(
        "80 t/a", accepts={"slag": {"ratio": "1 t/t", "max_share": "100 %", "treatment": "mill"}}
    )
    mill = {"mill": named("mill", **{"yield": "100 %", "rest": "nothing", "cost": "70 CNY/t"})}
    slag = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})
    whole = park(
        {"works": makes(slag=slag), "cement": needs(blend=blend)}, {"haul": way}, treatments=mill
    )
    why = reason(solve(whole, "cost", solver))
    assert why.code == "not_worth_it"
    assert near(why.marginal, 7)


# --- out of season


def halves(enterprises: Tree) -> Park:
    """Half a year of each; ``stop`` rests in the second."""
    return park(
        enterprises,
        {"haul": link("works.slag", "cement.blend")},
        seasons={name: named(name, hours="4380 h") for name in ("summer", "winter")},
        profiles={
            "stop": named("stop", spread="load", values={"summer": "100 %", "winter": "0 %"}),
        },
    )


def by_season(whole: Park, solver: str) -> Optimum:
    data = slice_of(whole, whole.start)
    return optimise_year(whole, data, cut(whole, data), Goal.UTILISATION, solver)


@pytest.mark.parametrize(
    "taker",
    [
        needs(blend=use("80 t/a", "slag", profile="stop")),
        runs({}, {"blend": use("100 t/a", "slag", virgin=None)}, profile="stop"),
    ],
    ids=["need", "unit"],
)
def test_out_of_season(taker: Tree, solver: str) -> None:
    """The cement rests in winter: what the works makes then has nobody to go to."""
    found = by_season(halves({"works": makes(slag="60 t/a"), "cement": taker}), solver)
    assert near(found.rate.value, 0.5)
    why = reason(found)
    assert why.code == "season"
    assert [season["en"] for season in why.seasons] in ([], ["winter"])
    assert "takes nothing in this season" in why.text("en")
    assert why.marginal is not None
    assert why.marginal > 0


def test_a_use_that_never_takes_is_not_out_of_season(solver: str) -> None:
    found = by_season(
        halves({"works": makes(slag="60 t/a"), "cement": needs(blend=use("0 t/a", "slag"))}),
        solver,
    )
    assert reason(found).code != "season"


# --- nobody permitted


def hazardous(*permits: str) -> Park:
    blend = use("80 t/a", "sludge", permits=list(permits))
    return park(
        {"works": makes(sludge="100 t/a"), "cement": needs(blend=blend)},
        materials={"sludge": material(waste_class="hazardous")},
    )


def test_nobody_is_permitted(solver: str) -> None:
    why = reason(solve(hazardous(), solver=solver), "works.sludge")
    assert why.code == "permit"
    assert "company" in why.text("en")


def test_with_a_permitted_taker_only_the_link_is_missing(solver: str) -> None:
    found = solve(hazardous("hazardous"), solver=solver)
    assert reason(found, "works.sludge").code == "no_taker"


# --- under the least carbon


def over(km: float, **way_terms: str) -> Park:
    """Slag over 0.1 kg/(t km) into cement whose clinker has a factor; a heap at 15 CNY/t."""
    truck = named("truck", unit="t", freight="1 CNY/(t*km)", co2e="0.1 kg/(t*km)")
    blend = use("80 t/a", "slag") | {"virgin": named("clinker", price="50 CNY/t", co2e="0.008 t/t")}
    slag = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})
    way = link("works.slag", "cement.blend", distance=f"{km} km", **way_terms)
    return park(
        {"works": makes(slag=slag), "cement": needs(blend=blend)},
        {"haul": way},
        transport={"truck": truck},
    )


def test_a_way_that_emits_more_says_so_in_carbon(solver: str) -> None:
    """Over 100 km a tonne emits 10 kg and spares 8: 2 kg too much, though it saves 65 CNY."""
    why = reason(solve(over(100), "carbon", solver))
    assert why.code == "emits_more"
    assert near(why.marginal, 0.002)
    assert why.unit == "t CO2e/t"
    assert "2 kg CO2e/t more" in why.text("en")
    assert "CNY" not in why.text("en")
    assert "多排放 2 kg CO2e/t" in why.text("zh")


def test_a_way_that_emits_the_same_and_is_dearer_says_that(solver: str) -> None:
    """80 km emit the 8 kg that the clinker does; at 90 CNY/t the way costs 25 more."""
    why = reason(solve(over(80, cost="90 CNY/t"), "carbon", solver))
    assert why.code == "emits_the_same"
    assert why.marginal is None
    assert "CNY" not in why.text("en")


def test_a_limit_under_the_least_carbon_is_worth_carbon(solver: str) -> None:
    """A link for 30 t over 20 km: each tonne more would emit 2 kg and spare 8."""
    found = solve(over(20, capacity="30 t/a"), "carbon", solver)
    why = reason(found)
    assert why.code == "link_full"
    assert near(why.marginal, -0.006)
    assert why.unit == "t CO2e/t"
    assert "-6 kg CO2e" in why.text("en")
    assert "-6 kg CO2e" in why.text("zh")


def test_a_link_paid_whole_is_left_for_its_carbon(solver: str) -> None:
    """The 9 CNY a year for running at all are no reason where the least carbon was asked for."""
    found = solve(over(100, fixed_cost="9 CNY/a", capacity="80 t/a"), "carbon", solver)
    assert reason(found).code == "emits_more"


def test_no_money_is_a_remedy_for_carbon(solver: str) -> None:
    """A subsidy would change nothing; a larger link takes 3 t more, at -6 kg each."""
    asked = scenario_of(over(100))
    best = solve(asked.park, "carbon", solver)
    (held,) = explain(best)
    assert remedies_for(asked, best, held, solver) == []
    full = scenario_of(over(20, capacity="30 t/a"))
    best = solve(full.park, "carbon", solver)
    (held,) = explain(best)
    (larger,) = remedies_for(full, best, held, solver)
    assert larger.kind == "capacity"
    assert near(larger.gained, 3)
    assert near(larger.co2e_t, -0.018)


def test_a_way_that_emits_more_is_named_among_the_bottlenecks() -> None:
    found = answer(scenario_of(over(100)), Goal.CARBON)
    (row,) = found.document("en")["bottlenecks"]
    assert (row["constraint"], row["unit"]) == ("sent:haul:cement.blend", "t CO2e/t")
    assert "works.slag to cement.blend" in row["text"]
