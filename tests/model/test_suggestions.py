"""What is tried for each reason: the change by hand, and what it gains and costs.

Slag lies on a heap at 3 CNY/t; virgin material costs 50 CNY/t, haulage 10: a tonne more saves 43.
"""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.explaining import explain
from symbiosis.newlinks import apart_km
from symbiosis.optimum import Goal
from symbiosis.park.change import scaled
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.park.quantity import Quantity
from symbiosis.remedies import Remedy, Tried, named, remedies_for
from symbiosis.scenario import scenario_of
from symbiosis.solving import optimise_year
from symbiosis.terminal.explained import without_remedy
from symbiosis.terminal.talk import Talk
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
    treatment,
    use,
)
from tests.model.parks import named as noun

SLAG = byproduct("100 t/a", "3 CNY/t")


def remedies(
    found: Park,
    solver: str,
    goal: str = "utilisation",
    name: str = "works.slag",
    by_season: bool = False,
) -> list[Remedy]:
    """The remedies of a by-product; each has its name in both languages."""
    asked = replace(scenario_of(found), by_season=by_season)
    data = asked.slice()
    best = optimise_year(found, data, asked.year(data), Goal(goal), solver)
    (held,) = [one for one in explain(best) if one.byproduct == name]
    every = remedies_for(asked, best, held, solver)
    assert all(named(remedy, best)[lang] for remedy in every for lang in ("zh", "en"))
    return every


def told(remedy: Remedy) -> tuple[str, str, bool]:
    return remedy.kind, remedy.id, remedy.unpriced


def one_way(blend: Tree, slag: Tree = SLAG, way: Tree | None = None, **sections: Any) -> Park:
    haul = link("works.slag", "cement.blend", cost="10 CNY/t", **(way or {}))
    return park({"works": makes(slag=slag), "cement": needs(blend=blend)}, {"haul": haul},
                **sections)  # fmt: skip


# --- capacities


def test_a_greater_intake(solver: str) -> None:
    """55 t in place of 50."""
    (intake,) = remedies(one_way(use("200 t/a", "slag", max_intake="50 t/a")), solver)
    assert told(intake) == ("capacity", "intake:cement.blend", True)
    assert (intake.gained, intake.cny_per_unit) == pytest.approx((5, -43))


def test_more_room_in_a_treatment_at_one_taker(solver: str) -> None:
    """A grinder for 50 t at 20 CNY/t: 5 t more at 10 + 20 - 50 - 3 = -23 CNY/t.

    The same kind of grinder at the other taker keeps its room.
    """
    grinder = {"grinder": treatment("100 %", "nothing", cost="20 CNY/t", capacity="50 t/a")}
    ground = {"slag": accept(treatment="grinder")}
    found = park(
        {
            "works": makes(slag=byproduct("200 t/a", "3 CNY/t")),
            "cement": needs(blend=use("200 t/a", accepts=ground)),
            "brick": needs(clay=use("40 t/a", accepts=ground)),
        },
        {
            "haul": link("works.slag", "cement.blend", cost="10 CNY/t"),
            "cart": link("works.slag", "brick.clay", cost="10 CNY/t"),
        },
        treatments=grinder,
    )
    (room,) = remedies(found, solver)
    assert told(room) == ("capacity", "treatment:cement:grinder", True)
    assert (room.gained, room.cny_per_unit) == pytest.approx((5, -23))


def test_a_unit_that_always_runs_is_made_larger(solver: str) -> None:
    """88 t in place of 80; its capacity of 40 t at 4 CNY grows with it: 10 + 2 - 3 = 9 CNY/t."""
    mill = runs({}, {"feed": use("80 t/a", "slag", virgin=None)}, capacity="40 t/a",
                running_cost="4 CNY/t")  # fmt: skip
    found = park(
        {"works": makes(slag=SLAG), "mill": mill},
        {"haul": link("works.slag", "mill.feed", cost="10 CNY/t")},
    )
    (unit,) = remedies(found, solver)
    assert told(unit) == ("capacity", "running:mill.plant", True)
    assert (unit.gained, unit.cny_per_unit) == pytest.approx((8, 9))


def test_a_link_that_stands_is_enlarged_at_a_tenth_of_its_price(solver: str) -> None:
    """5 t more; a tenth of 1,500 CNY over 15 years at 0 %: 10 CNY/a, 2 CNY/t."""
    way = {"capacity": "50 t/a", "investment": "1500 CNY"}
    free = {"discount_rate": "0 %", "asset_life": "15 a"}
    (line,) = remedies(one_way(use("200 t/a", "slag"), way=way, finance=free), solver)
    assert told(line) == ("capacity", "link_capacity:haul", False)
    assert (line.gained, line.cny_per_unit) == pytest.approx((5, -41))


def test_a_link_still_to_be_built_is_enlarged_at_its_price(solver: str) -> None:
    """1,500 CNY over 15 years on 50 t are 2 CNY/t, and stay so on 55 t."""
    way = {"capacity": "50 t/a", "investment": "1500 CNY", "status": "potential"}
    free = {"discount_rate": "0 %", "asset_life": "15 a"}
    (line,) = remedies(one_way(use("200 t/a", "slag"), way=way, finance=free), solver)
    assert (line.gained, line.cny_per_unit) == pytest.approx((5, -41))


def test_a_project_costs_its_investment_where_its_links_state_none(solver: str) -> None:
    """3,000 CNY over 15 years for 100 t: 2 CNY/t."""
    found = one_way(
        use("200 t/a", "slag"),
        way={"status": "planned", "project": "belt"},
        finance={"discount_rate": "0 %", "asset_life": "15 a"},
        projects={"belt": noun("belt", types=["chain_filling"], status="planned",
                               investment="3000 CNY")},
    )  # fmt: skip
    asked = replace(scenario_of(found), opened=frozenset({Status.EXISTING}))
    data = asked.slice()
    best = optimise_year(found, data, asked.year(data), Goal.UTILISATION, solver)
    (held,) = explain(best)
    (project,) = remedies_for(asked, best, held, solver)
    assert told(project) == ("project", "belt", False)
    assert (project.gained, project.cny_per_unit) == pytest.approx((100, -41))


# --- shares, recipes, contracts, partners


def test_a_group_may_take_a_tenth_more(solver: str) -> None:
    """30 % of 200 t are 60 t; 33 % are 66 t."""
    blend = use("200 t/a", accepts={"slag": accept(group="fine")}, groups={"fine": "30 %"})
    (share,) = remedies(one_way(blend), solver)
    assert told(share) == ("share", "share:cement.blend:fine", False)
    assert (share.gained, share.cny_per_unit) == pytest.approx((6, -43))


def test_a_recipe_may_take_a_tenth_more(solver: str) -> None:
    """0.5 t of slag per t of ash: 20 t with 40 t of ash, 22 t with 0.55."""
    recipe = {"materials": ["ash"], "ratio": "0.5 t/t"}
    blend = use("200 t/a", "ash", accepts={"slag": accept(companion=recipe)})
    found = park(
        {"works": makes(slag=SLAG, ash="40 t/a"), "cement": needs(blend=blend)},
        {n: link(f"works.{n}", "cement.blend", cost="10 CNY/t") for n in ("slag", "ash")},
    )
    (recipe_more,) = remedies(found, solver)
    assert told(recipe_more) == ("share", "recipe:cement.blend:slag", False)
    assert (recipe_more.gained, recipe_more.cny_per_unit) == pytest.approx((2, -43))


def test_a_contract_elsewhere_may_give_room(solver: str) -> None:
    """Ash from outside holds 60 of 80 t by contract; a tenth less are 6 t more of slag."""
    found = park(
        {
            "works": makes(slag=SLAG),
            "power": makes(inside=False, ash=byproduct("100 t/a", "0 CNY/t")),
            "cement": needs(blend=use("80 t/a", "slag", "ash")),
        },
        {
            "haul": link("works.slag", "cement.blend", cost="10 CNY/t"),
            "cart": link("power.ash", "cement.blend", cost="10 CNY/t", contract="60 t/a"),
        },
    )
    (contract,) = remedies(found, solver)
    assert told(contract) == ("contract", "contract:cart", False)
    assert (contract.gained, contract.cny_per_unit) == pytest.approx((6, -3))


def test_one_partner_more(solver: str) -> None:
    """Cement may have one link: 30 t over the narrow one or the other; with both, 60 t."""
    ways = {"capacity": "30 t/a", "cost": "10 CNY/t"}
    found = park(
        {"works": makes(slag=SLAG),
         "cement": needs(blend=use("200 t/a", "slag", max_partners=1))},
        {name: link("works.slag", "cement.blend", **ways) for name in ("one", "two")},
    )  # fmt: skip
    by_id = {remedy.id: remedy for remedy in remedies(found, solver)}
    partner = by_id["partners:use:cement.blend"]
    assert partner.kind == "partners"
    assert (partner.gained, partner.cny_per_unit) == pytest.approx((30, -43))


# --- prices of links that run or not at all


def test_the_least_price_of_a_link_with_a_fixed_cost(solver: str) -> None:
    """60 CNY/t against 53 saved, and 90 CNY for running at all, on 30 t: 7 + 3 = 10 CNY/t."""
    way = {"cost": "60 CNY/t", "fixed_cost": "90 CNY/a"}
    found = park(
        {"works": makes(slag=SLAG), "cement": needs(blend=use("30 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", **way)},
    )
    (price,) = remedies(found, solver, "cost")
    assert told(price) == ("subsidy", "most_flow:haul", False)
    assert price.gained == pytest.approx(30)
    assert price.cny_per_unit == pytest.approx(10, rel=1e-6)


def test_the_least_price_of_a_link_below_its_least_flow(solver: str) -> None:
    """A belt for at least 20 t at 60 CNY/t against 53 saved: 7 CNY/t, and then 30 t."""
    found = park(
        {"works": makes(slag=SLAG), "cement": needs(blend=use("30 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", cost="60 CNY/t", min_flow="20 t/a")},
    )
    (price,) = remedies(found, solver, "cost")
    assert told(price) == ("subsidy", "least_flow:haul", False)
    assert (price.gained, price.cny_per_unit) == pytest.approx((30, 7), rel=1e-6)


# --- quality, season, permit, no taker


def test_a_treatment_that_another_use_has(solver: str) -> None:
    """Slag at 4 % chloride may be a quarter of cement (1 %); washed as for bricks, at 0.5 %, all.

    25 t of 100 t; washed, 75 t more at 10 + 20 - 53 = -23, and washing 20 CNY for the 25 t too.
    """
    washed = {"wash": {**treatment("100 %", "nothing", cost="20 CNY/t"), "outlet": {"Cl": "0.5 %"}}}
    cement = use("100 t/a", "slag", limits={"Cl": {"upper": "1 %"}})
    cement["virgin"]["qualities"] = {"Cl": "0 %"}
    brick = use("10 t/a", accepts={"slag": accept(treatment="wash")})
    found = park(
        {
            "works": makes(slag={**SLAG, "qualities": {"Cl": "4 %"}}),
            "cement": needs(blend=cement),
            "brick": needs(clay=brick),
        },
        {"haul": link("works.slag", "cement.blend", cost="10 CNY/t")},
        qualities={"Cl": noun("chloride", unit="%")},
        treatments=washed,
    )
    (wash,) = remedies(found, solver)
    assert told(wash) == ("treatment", "treatment:cement.blend:slag:wash", False)
    assert wash.gained == pytest.approx(75)
    assert wash.cost_cny == pytest.approx(75 * -23 + 25 * 20)


@pytest.mark.parametrize("buffer", [None, "20 t"])
def test_a_heap_in_which_more_can_wait(buffer: str | None, solver: str) -> None:
    """Cement takes 80 t, all in summer; winter's 50 t of slag wait as far as there is room.

    With room for 20 t, 2 t more; without, for a tenth of the 100 t.
    """
    room = {} if buffer is None else {"buffer": buffer}
    found = one_way(
        use("80 t/a", "slag", profile="summer"),
        seasons={name: noun(name, hours="4380 h") for name in ("winter", "warm")},
        profiles={
            "summer": noun("summer", spread="weight", values={"winter": "0 %", "warm": "100 %"})
        },
        stockpiles={
            "pile": noun("pile", byproduct="works.slag", reclaim="0 t/a", **room),
        },
    )
    (heap,) = remedies(found, solver, by_season=True)
    assert told(heap) == ("capacity", "buffer:pile", True)
    assert heap.gained == pytest.approx(2 if buffer else 10)


PLACES = [{"latitude": 38.0, "longitude": 102.0}, {"latitude": 38.0, "longitude": 102.1}]


def dusty(*permits: str, placed: bool = False) -> Park:
    """Hazardous dust that cement accepts, with no link from one to the other."""
    works, cement = (
        makes(dust="100 t/a"),
        needs(blend=use("80 t/a", "dust", permits=list(permits))),
    )
    if placed:
        works["location"], cement["location"] = PLACES
    return park(
        {"works": works, "cement": cement},
        materials={"dust": material(waste_class="hazardous")},
    )


def test_a_permit_and_the_way_that_it_would_open(solver: str) -> None:
    """80 t for 50 CNY/t of virgin material; how far it is, is not known."""
    (permit,) = remedies(dusty(), solver, name="works.dust")
    assert told(permit) == ("permit", "works.dust:cement.blend", True)
    assert (permit.gained, permit.cny_per_unit) == pytest.approx((80, -50))


def test_a_new_link_where_only_the_way_is_missing(solver: str) -> None:
    """8.76 km apart at 1 CNY/(t km)."""
    (way,) = remedies(dusty("hazardous", placed=True), solver, name="works.dust")
    assert told(way) == ("new_link", "works.dust:cement.blend", False)
    assert way.cny_per_unit == pytest.approx(8.762 - 50, abs=1e-3)


def test_the_distance_of_two_places() -> None:
    """A degree along a meridian: 6371 x pi / 180 = 111.195 km."""
    assert apart_km((38.0, 102.0), (39.0, 102.0)) == pytest.approx(111.195, abs=1e-3)


# --- changed quantities


@pytest.mark.parametrize(
    "text", ["4 万t/a", "4 t dry/a", "4 万t干基/a", "4 t wet/d", "4 MW", "3 kgce/Nm3", "0.5 t/t"]
)
def test_a_scaled_quantity_keeps_its_dimension_basis_and_source(text: str) -> None:
    one = Quantity.model_validate({"value": text, "source": "s", "grade": "B", "high": text})
    twice = scaled(one, 2.0)
    assert twice.measure.value == pytest.approx(2 * one.measure.value)
    assert (twice.measure.dimension, twice.measure.basis) == (
        one.measure.dimension,
        one.measure.basis,
    )
    assert (twice.source, twice.grade, twice.high) == (("s",), "B", None)


# --- what has no remedy says so


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_has_no_remedy_says_so(lang: str, solver: str) -> None:
    """A taker that is full, and nobody else."""
    found = one_way(use("40 t/a", "slag"))
    asked = scenario_of(found)
    data = asked.slice()
    best = optimise_year(found, data, asked.year(data), Goal.UTILISATION, solver)
    (held,) = explain(best)
    assert remedies_for(asked, best, held, solver) == []
    assert without_remedy(held, [], Talk(lang=lang))


def test_answers_are_shared_between_by_products(solver: str) -> None:
    """Slag and ash wait for the same intake: one change is solved, and gains for each its own."""
    found = park(
        {"works": makes(slag="100 t/a", ash="50 t/a"),
         "cement": needs(blend=use("200 t/a", "slag", "ash", max_intake="60 t/a"))},
        {n: link(f"works.{n}", "cement.blend") for n in ("slag", "ash")},
    )  # fmt: skip
    asked = scenario_of(found)
    data = asked.slice()
    best = optimise_year(found, data, asked.year(data), Goal.UTILISATION, solver)
    tried = Tried()
    gained = [
        remedy.gained
        for held in explain(best)
        for remedy in remedies_for(asked, best, held, solver, None, tried)
    ]
    assert list(tried.answers) == [("capacity", "intake:cement.blend")]
    assert sum(gained) == pytest.approx(6)
