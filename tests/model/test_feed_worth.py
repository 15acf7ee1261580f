"""What a supply-driven unit can pay for its feed, down the chain, worked by hand."""

import pytest

from symbiosis.bargain import Bargain, bargains_of
from symbiosis.park.load import load_park
from symbiosis.park.park import Park
from symbiosis.scenario import load_question, scenario_of
from symbiosis.viability import viability_of
from tests.model.parks import (
    Tree,
    byproduct,
    link,
    makes,
    material,
    needs,
    park,
    route,
    runs,
    solve,
    use,
)

POWDER = {"powder": material(waste_class="intermediate")}
SLAG = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})


def milled(
    powder: str | Tree = "80 t/a",
    *,
    cement: Tree | None = None,
    slag: Tree | None = None,
    **mill: str,
) -> Park:
    """100 t of slag at 3 CNY/t into a mill, its powder at 10 CNY/t into cement at 50 CNY/t."""
    made = byproduct(powder) if isinstance(powder, str) else powder
    feed = use("100 t/a", "slag", virgin=None)
    rest = {"capacity": "100 t/a", "running_cost": "20 CNY/t", **mill}
    return park(
        {
            "works": makes(slag=slag or SLAG),
            "mill": runs({"powder": made}, {"feed": feed}, **rest),
            "cement": needs(blend=cement or use("200 t/a", "powder")),
        },
        {
            "slag": link("works.slag", "mill.feed", cost="3 CNY/t"),
            "powder": link("mill.powder", "cement.blend", cost="10 CNY/t"),
        },
        POWDER,
    )


def bands(found: Park, solver: str) -> dict[str, Bargain]:
    """The price bands of the technical answer by link."""
    return {b.link: b for b in viability_of(scenario_of(found), None, solver).bargains}


def test_a_mill_pays_what_its_powder_saves(solver: str) -> None:
    """0.8 t of powder save 50 - 10 each: 32 CNY per t of slag, less 20 of running and 3 of way."""
    found = bands(milled(), solver)
    assert (found["slag"].low, found["slag"].high) == pytest.approx((-15, 9))
    assert found["slag"].surplus_cny == pytest.approx(100 * 24)
    assert (found["powder"].low, found["powder"].high) == pytest.approx((0, 40))


def test_powder_that_finds_no_taker_takes_from_the_worth(solver: str) -> None:
    """Only 20 of 80 t are placed at 40, the others go to a heap at 1 CNY/t: 9.25 CNY/t of powder.

    The slag on the heap costs 40 CNY/t, so all of it is ground: 0.8 x 9.25 - 20 - 3 = -15.6.
    """
    dear = byproduct("100 t/a", routes={"heap": route("40 CNY/t")})
    placed = use("20 t/a", "powder")
    found = bands(milled(byproduct("80 t/a", "1 CNY/t"), cement=placed, slag=dear), solver)
    assert found["slag"].high == pytest.approx(0.8 * (20 * 40 - 60 * 1) / 80 - 23)
    assert found["slag"].why == ""


def test_a_sale_of_the_product_counts(solver: str) -> None:
    """At least cost all powder is sold at 30 CNY/t: 24 per t of slag, less 20 and 3."""
    sold = byproduct("80 t/a", routes={"sold": route("-30 CNY/t", kind="sold")})
    best = solve(milled(sold, cement=use("200 t/a", "powder", virgin="5 CNY/t")), "cost", solver)
    found = {b.link: b for b in bargains_of(best.data, best.point)}
    assert found["slag"].high == pytest.approx(1)
    assert (found["powder"].low, found["powder"].high) == pytest.approx((30, -5))


def test_a_product_that_loses_is_why(solver: str) -> None:
    """Powder that saves 5 over a way at 10 CNY/t: -4 per t of slag, no running, 3 of way."""
    cheap = use("200 t/a", "powder", virgin="5 CNY/t")
    dumped = byproduct("80 t/a", routes={"heap": route("60 CNY/t")})
    found = bands(milled(dumped, cement=cheap, running_cost="0 CNY/t"), solver)
    assert found["slag"].high == pytest.approx(-7)
    assert found["slag"].costs["product"] == pytest.approx(4)


def test_all_products_of_a_feed_add_up(solver: str) -> None:
    """100 t of slag give 20 t of metal at 300 and 70 t of stone at 30 CNY/t: 81 CNY/t, less 20."""
    yard = runs(
        {"metal": byproduct("20 t/a"), "stone": byproduct("70 t/a")},
        {"feed": use("100 t/a", "slag", virgin=None)},
        capacity="100 t/a",
        running_cost="20 CNY/t",
    )
    found = park(
        {
            "works": makes(slag=SLAG),
            "yard": yard,
            "steel": needs(scrap=use("50 t/a", "metal", virgin="300 CNY/t")),
            "road": needs(base=use("90 t/a", "stone", virgin="30 CNY/t")),
        },
        {
            "slag": link("works.slag", "yard.feed"),
            "metal": link("yard.metal", "steel.scrap"),
            "stone": link("yard.stone", "road.base"),
        },
        {name: material(waste_class="intermediate") for name in ("metal", "stone")},
    )
    assert bands(found, solver)["slag"].high == pytest.approx(0.2 * 300 + 0.7 * 30 - 20)


def kiln(second: str, solver: str) -> dict[str, Bargain]:
    """A kiln that makes 50 t of brick at 100 CNY/t of 60 t of slag and of ``second``."""
    counted = second.split()[1].removesuffix("/a")
    heat = {"kind": "heat", "waste_class": "none"} if counted == "GJ" else {}
    feeds = {
        "slag": use("60 t/a", "slag", virgin=None),
        "other": use(second, accepts={"rest": {"ratio": f"1 {counted}/{counted}",
                                               "max_share": "100 %"}}, virgin=None),
    }  # fmt: skip
    made = byproduct(second, counted=counted, material="rest")
    found = park(
        {
            "works": makes(slag="60 t/a"),
            "plant": makes(rest=made),
            "kiln": runs({"brick": byproduct("50 t/a")}, feeds, capacity="50 t/a",
                         running_cost="20 CNY/t"),
            "town": needs(wall=use("50 t/a", "brick", virgin="100 CNY/t")),
        },
        {
            "slag": link("works.slag", "kiln.slag"),
            "rest": link("plant.rest", "kiln.other", cost=f"0 CNY/{counted}", **(
                {"mode": "pipe"} if heat else {})),
            "brick": link("kiln.brick", "town.wall"),
        },
        {"brick": material(waste_class="intermediate"),
         "rest": material(unit=counted, **heat)},
        transport={
            name: {"name_zh": name, "name_en": name, "unit": unit, "freight": f"0 CNY/({unit}*km)"}
            for name, unit in (("truck", "t"), ("pipe", "GJ"))
        },
    )  # fmt: skip
    return bands(found, solver)


def test_feeds_share_the_worth_by_need(solver: str) -> None:
    """50 t x (100 - 20) = 4,000 CNY over 60 t of slag and 40 t of the other: 40 CNY/t each."""
    found = kiln("40 t/a", solver)
    assert (found["slag"].high, found["rest"].high) == pytest.approx((40, 40))
    assert sum(found[k].high * found[k].sent for k in ("slag", "rest")) == pytest.approx(4_000)


def test_feeds_of_different_units_share_it_in_equal_parts(solver: str) -> None:
    """2,000 CNY for 60 t of slag, 2,000 for 200 GJ of heat."""
    found = kiln("200 GJ/a", solver)
    assert (found["slag"].high, found["rest"].high) == pytest.approx((2_000 / 60, 10))


def test_worth_is_handed_up_two_units(solver: str) -> None:
    """Crusher (5 CNY/t, all passes), then the mill: 0.8 x 40 - 20 = 12 CNY/t, less 5."""
    crusher = runs(
        {"gravel": byproduct("100 t/a")},
        {"feed": use("100 t/a", "slag", virgin=None)},
        capacity="100 t/a",
        running_cost="5 CNY/t",
    )
    found = park(
        {
            "works": makes(slag=SLAG),
            "crusher": crusher,
            "mill": runs({"powder": byproduct("80 t/a")},
                         {"feed": use("100 t/a", "gravel", virgin=None)},
                         capacity="100 t/a", running_cost="20 CNY/t"),
            "cement": needs(blend=use("200 t/a", "powder")),
        },
        {
            "slag": link("works.slag", "crusher.feed"),
            "gravel": link("crusher.gravel", "mill.feed"),
            "powder": link("mill.powder", "cement.blend", cost="10 CNY/t"),
        },
        POWDER | {"gravel": material(waste_class="intermediate")},
    )  # fmt: skip
    prices = bands(found, solver)
    assert prices["gravel"].high == pytest.approx(12)
    assert prices["slag"].high == pytest.approx(7)


def test_a_unit_that_stands_still_is_judged_by_its_best_way(solver: str) -> None:
    """Off-gas that is no waste would lose 0.8 x 40 - 60 - 3 = -31 CNY/t against free flaring."""
    gas = byproduct("100 t/a")
    idle = park(
        {
            "works": makes(gas=gas),
            "mill": runs({"powder": byproduct("80 t/a")},
                         {"feed": use("100 t/a", "gas", virgin=None)},
                         capacity="100 t/a", running_cost="60 CNY/t"),
            "cement": needs(blend=use("200 t/a", "powder")),
        },
        {
            "gas": link("works.gas", "mill.feed", cost="3 CNY/t"),
            "powder": link("mill.powder", "cement.blend", cost="10 CNY/t"),
        },
        POWDER | {"gas": material(waste_class="none")},
    )  # fmt: skip
    price = bands(idle, solver)["gas"]
    assert price.sent == pytest.approx(0, abs=1e-6)
    assert price.high == pytest.approx(-31)
    assert price.why == "running"


@pytest.mark.parametrize("name", ["taiyuan-stainless", "baiyin", "jinchang"])
def test_what_least_cost_uses_is_nowhere_called_uneconomic(name: str) -> None:
    """Without policy, at the flows of the least-cost answer, both partners of each way gain."""
    found = viability_of(load_question(name)).economic
    losing = [b for b in bargains_of(found.data, found.point) if b.surplus_cny < -1]
    assert losing == []


def test_taiyuan_power_of_coke_quenching_pays_for_its_running() -> None:
    """Red coke: 120 kWh/GJ of power at the works' price, less the running per GJ, is above 0."""
    best = solve(load_park("taiyuan-stainless"), "cost", "highs")
    found = {b.use: b for b in bargains_of(best.data, best.point)}
    coke = found["tisco_cdq.coke_heat"]
    assert coke.sent > 3.9e6
    assert coke.high > coke.low
    assert coke.costs["running"] == pytest.approx(115_500_000 / 3_960_000)
