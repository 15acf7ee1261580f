"""Reasons of heat, water, treatments, contracts and limits of quality: their words and worth.

Each is worked by hand; where a limit has a marginal, the park is solved with it raised by one.
"""

from dataclasses import replace

import pytest

from symbiosis.explaining import explain
from symbiosis.optimum import Optimum
from symbiosis.park.park import Park
from symbiosis.reasons import Reason
from symbiosis.scenario import scenario_of
from symbiosis.solving import optimise_year
from tests.model.heat_parks import cold, heat_park, hot
from tests.model.parks import (
    accept,
    byproduct,
    link,
    makes,
    named,
    near,
    needs,
    park,
    solve,
    treatment,
    use,
)
from tests.model.water_parks import operation, pipe, source, water_park


def reason(found: Optimum, code: str, name: str) -> Reason:
    """A reason of a by-product; it has words in both languages."""
    held = next(held for held in explain(found) if held.byproduct == name)
    (why,) = [why for why in held.reasons if why.code == code]
    assert all("{" not in why.text(lang) for lang in ("zh", "en"))
    return why


def test_what_is_left_is_too_cold(solver: str) -> None:
    """Gas from 100 to 40 °C, feed from 20 to 150, 5 K each: above 95 °C (shifted) feed must buy.

    It wants 10 GJ/K and the gas has 20: 700 of 1,200 GJ are taken between 25 and 95 °C.
    """
    found = solve(
        heat_park({"gas": hot("1200 GJ/a", 100, 40)}, {"feed": cold("1300 GJ/a", 20, 150)}),
        "cost",
        solver,
    )
    why = reason(found, "heat_too_cold", "source.gas")
    assert "heat only above 95 °C" in why.text("en")
    assert "95 °C" in why.text("zh")


def test_a_load_that_is_carried_off_takes_no_more(solver: str) -> None:
    """Rain at 0 mg/L: 10,000 m3 carry 1 t at 100 mg/L; the other 5,000 are not needed."""
    found = water_park(
        {
            "roof": makes(rain=source("15000 m3/a", salt="0 mg/L")),
            "wash": operation("wash", "1 t/a", "20 mg/L", "100 mg/L"),
        },
        {"gutter": pipe("roof.rain", "wash.wash", cost="0.1 CNY/m3")},
    )
    why = reason(solve(found, "cost", solver), "load_met", "roof.rain")
    assert "takes no more" in why.text("en")


def grinder(capacity: float) -> Park:
    """Slag must be ground, at most ``capacity`` t/a."""
    ground = {"slag": accept(treatment="grinder")}
    return park(
        {"works": makes(slag="100 t/a"), "cement": needs(blend=use("90 t/a", accepts=ground))},
        {"haul": link("works.slag", "cement.blend")},
        treatments={"grinder": treatment("100 %", "nothing", capacity=f"{capacity} t/a")},
    )


def test_a_full_treatment_is_worth_a_tonne_per_tonne(solver: str) -> None:
    found, more = (solve(grinder(capacity), solver=solver) for capacity in (50, 51))
    why = reason(found, "treatment_full", "works.slag")
    assert near(why.marginal, 0.01)
    assert why.unit == "rate/t"
    assert near(more.rate.value, 0.51)


def bound(contract: float) -> Park:
    """Ash from outside has a contract for part of the 80 t that cement takes."""
    return park(
        {
            "works": makes(slag="100 t/a"),
            "power": makes(inside=False, ash="90 t/a"),
            "cement": needs(blend=use("80 t/a", "slag", "ash")),
        },
        {
            "haul": link("works.slag", "cement.blend"),
            "cart": link("power.ash", "cement.blend", contract=f"{contract} t/a", name_en="cart"),
        },
    )


def test_the_contract_of_another_link_holds_the_use(solver: str) -> None:
    """A tonne more in the contract is a tonne less of slag: a point of R."""
    found, more = (solve(bound(contract), solver=solver) for contract in (60, 61))
    why = reason(found, "contract_elsewhere", "works.slag")
    assert why.constraint == ("contract", "cart")
    assert near(why.marginal, -0.01)
    assert (more.rate.value or 0) - (found.rate.value or 0) == pytest.approx(-0.01, abs=1e-8)
    assert why.text("en").startswith("the contract of 'cart' holds 60 t/a of 'blend'")


def test_a_contract_is_no_reason_where_the_use_still_buys(solver: str) -> None:
    blend = use("200 t/a", accepts={"slag": accept(max_share="20 %"), "ash": accept()})
    found = park(
        {
            "works": makes(slag="100 t/a"),
            "power": makes(inside=False, ash=byproduct("90 t/a")),
            "cement": needs(blend=blend),
        },
        {
            "haul": link("works.slag", "cement.blend"),
            "cart": link("power.ash", "cement.blend", contract="60 t/a", cost="90 CNY/t"),
        },
    )
    held = explain(solve(found, solver=solver))
    codes = [why.code for one in held if one.byproduct == "works.slag" for why in one.reasons]
    assert codes == ["share_limit"]


def salty(limit: float) -> Park:
    """Hazardous-free meal with chloride: 4 % in the ash, none in virgin at 50 CNY/t."""
    blend = use("100 t/a", "ash", limits={"Cl": {"upper": f"{limit} %"}})
    blend["virgin"]["qualities"] = {"Cl": "0 %"}
    ash = byproduct("100 t/a", "0 CNY/t", qualities={"Cl": "4 %"})
    return park(
        {"works": makes(ash=ash), "cement": needs(blend=blend)},
        {"haul": link("works.ash", "cement.blend", cost="10 CNY/t")},
        qualities={"Cl": named("chloride", unit="%")},
    )


def test_a_quality_limit_names_its_index_and_what_it_costs(solver: str) -> None:
    """25 t of ash per 1 %, each 40 CNY cheaper than virgin: -1,000 CNY per 1 %."""
    found, more = (solve(salty(limit), "cost", solver) for limit in (1, 2))
    why = reason(found, "quality_limit", "works.ash")
    assert (why.unit, why.details["index"]["en"]) == ("CNY/%", "chloride")
    assert near(why.marginal, -1_000)
    assert "change the cost by -1,000 CNY" in why.text("en")
    assert near(more.cost_cny - found.cost_cny, -1_000)


def test_a_reason_of_one_season_names_it(solver: str) -> None:
    """50 t in each half: in summer cement takes 90 and the belt 40, in winter cement takes 10."""
    whole = park(
        {
            "works": makes(slag="100 t/a"),
            "cement": needs(blend=use("100 t/a", "slag", profile="hot")),
        },
        {"haul": link("works.slag", "cement.blend", capacity="80 t/a")},
        seasons={name: named(name, hours="4380 h") for name in ("summer", "winter")},
        profiles={
            "hot": named("hot", spread="weight", values={"summer": "90 %", "winter": "10 %"})
        },
    )
    asked = replace(scenario_of(whole), by_season=True)
    data = asked.slice()
    found = optimise_year(whole, data, asked.year(data), solver=solver)
    full = reason(found, "link_full", "works.slag")
    assert near(full.marginal, 0.01)
    assert [season["en"] for season in full.seasons] == ["summer"]
    assert "80 t/a (summer)" in full.text("en")
    assert [s["en"] for s in reason(found, "taker_full", "works.slag").seasons] == ["winter"]
