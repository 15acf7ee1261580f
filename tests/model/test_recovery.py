"""Reuse of water and recovery of waste heat, worked out by hand."""

import pytest

from symbiosis.indicators import indicators_of
from symbiosis.measurable import measurable
from symbiosis.optimum import Optimum
from symbiosis.park.park import Park
from symbiosis.recovery import heat_flows, water_uses
from symbiosis.slicing import slice_of
from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    link,
    makes,
    material,
    needs,
    park,
    runs,
    solve,
    use,
)  # fmt: skip

WATER = {"water": material("water", "m3", "none")}
HEAT = {"heat": material("heat", "GJ", "none"), "steam": material("heat", "GJ", "none")}
MODES: Tree = {
    "transport": {
        "truck": {"name_zh": "车", "name_en": "truck", "unit": "t", "freight": "1 CNY/(t*km)"},
        "pipe": {"name_zh": "管", "name_en": "pipe", "unit": "m3", "freight": "1 CNY/(m3*km)"},
        "main": {"name_zh": "管", "name_en": "main", "unit": "GJ", "freight": "1 CNY/(GJ*km)"},
    }
}


def pipe(start: str, end: str, **rest: str) -> Tree:
    return link(start, end, **{"cost": "0 CNY/m3", "mode": "pipe", **rest})


def main(start: str, end: str, **rest: str) -> Tree:
    return link(start, end, **{"cost": "0 CNY/GJ", "mode": "main", **rest})


def water(amount: str) -> Tree:
    return byproduct(amount, material="water", counted="m3")


def heat(amount: str, name: str = "heat") -> Tree:
    return byproduct(amount, material=name, counted="GJ")


def washing(amount: str, ratio: str = "1 m3/m3") -> Tree:
    return use(amount, virgin="4 CNY/m3", accepts={"water": accept(ratio)})


def shares(found: Optimum) -> dict[str, tuple[float | None, float | None, float | None, str]]:
    return {
        each.id: (each.value, each.numerator, each.denominator, each.amount_unit)
        for each in indicators_of(found)
        if each.id in ("water_reuse", "heat_recovery")
    }


def test_water_reuse_is_what_arrives_beside_what_is_bought_fresh() -> None:
    """60 m3 leave, 10 % is lost: 54 arrive where 100 are needed, 46 are bought. 54 / 100."""
    made = park(
        {"works": makes(effluent=water("60 m3/a")), "mill": needs(wash=washing("100 m3/a"))},
        {"pipe": pipe("works.effluent", "mill.wash", loss="10 %")}, WATER, **MODES,
    )  # fmt: skip
    assert shares(solve(made))["water_reuse"] == pytest.approx((0.54, 54.0, 100.0, "m3"))


def test_water_that_only_a_plant_takes_in_that_buys_none_is_not_reused() -> None:
    """A plant without fresh water cleans 60 m3 to 50; 50 arrive and 50 are bought: 50 / 100."""
    cleaned = {"clean": byproduct("50 m3/a", material="water", counted="m3")}
    raw = {"raw": use("60 m3/a", virgin=None, accepts={"water": accept("1 m3/m3")})}
    made = park(
        {"works": makes(effluent=water("60 m3/a")), "plant": runs(cleaned, raw),
         "mill": needs(wash=washing("100 m3/a"))},
        {"in": pipe("works.effluent", "plant.raw"), "out": pipe("plant.clean", "mill.wash")},
        WATER, **MODES,
    )  # fmt: skip
    assert water_uses(made, slice_of(made)) is not None
    assert shares(solve(made, "cost"))["water_reuse"] == pytest.approx((0.5, 50.0, 100.0, "m3"))


def test_a_park_whose_water_could_not_be_bought_has_no_water_reuse() -> None:
    raw = {"raw": use("60 m3/a", virgin=None, accepts={"water": accept("1 m3/m3")})}
    made = park(
        {"works": makes(effluent=water("60 m3/a")), "plant": runs({}, raw)},
        {"in": pipe("works.effluent", "plant.raw")}, WATER, **MODES,
    )  # fmt: skip
    assert "water_reuse" not in shares(solve(made))
    assert "water_reuse" not in measurable(made, slice_of(made)).measures


def steam_main(wanted: str) -> Park:
    """100 GJ of waste heat, of which a boiler makes 80 GJ of steam; the town wants ``wanted``."""
    boiler = runs(
        {"steam": heat("80 GJ/a", "steam")},
        {"gas": use("100 GJ/a", virgin=None, accepts={"heat": accept("1 GJ/GJ")})},
        capacity="100 GJ/a",
        running_cost="1 CNY/GJ",
    )
    wants = use(wanted, virgin="40 CNY/GJ", accepts={"steam": accept("1 GJ/GJ")})
    return park(
        {"works": makes(flue=heat("100 GJ/a")), "boiler": boiler, "town": needs(warmth=wants)},
        {"in": main("works.flue", "boiler.gas"), "out": main("boiler.steam", "town.warmth")},
        HEAT, **MODES,
    )  # fmt: skip


def test_heat_that_a_boiler_hands_on_counts_where_it_is_taken_up() -> None:
    """The town takes 40 of 80 GJ of steam, so the boiler runs at half load, at 1 CNY/GJ.

    It takes 50 GJ and gives 40 on, so 10 stay in it; 40 arrive in the town. 50 / 100.
    """
    made = steam_main("40 GJ/a")
    flows = heat_flows(made, slice_of(made))
    assert flows is not None
    assert (flows.made, flows.passed) == (("works.flue",), ("boiler.steam",))
    found = shares(solve(made, "cost"))
    assert found["heat_recovery"] == pytest.approx((0.5, 50.0, 100.0, "GJ"))


def test_heat_made_by_a_unit_that_burns_fuel_is_there_to_be_recovered() -> None:
    """Flue 100 GJ, of which 30 go to the town: 30 / 100; nothing hands heat on."""
    wants = use("30 GJ/a", virgin="40 CNY/GJ", accepts={"heat": accept("1 GJ/GJ")})
    made = park(
        {"works": makes(flue=heat("100 GJ/a")), "town": needs(warmth=wants)},
        {"in": main("works.flue", "town.warmth")}, HEAT, **MODES,
    )  # fmt: skip
    assert shares(solve(made))["heat_recovery"] == pytest.approx((0.3, 30.0, 100.0, "GJ"))


def test_a_park_without_waste_heat_has_no_heat_recovery() -> None:
    made = park({"works": makes(slag="1 t/a")})
    assert shares(solve(made)) == {}
    assert "heat_recovery" not in measurable(made, slice_of(made)).measures
