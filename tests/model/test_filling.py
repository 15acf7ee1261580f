"""What fills a need and what holds a flow: two or three enterprises, worked out by hand."""

import pytest

from tests.model.parks import (
    accept,
    byproduct,
    link,
    makes,
    material,
    named,
    near,
    needs,
    park,
    route,
    solve,
    treatment,
    use,
)


def test_what_byproducts_do_not_fill_is_bought(solver: str) -> None:
    """100 t of slag, need 120 t: all slag goes, 20 t are bought.

    Cost 100 t x 5 CNY/t hauled + 20 t x 50 CNY/t bought = 1,500 CNY; R = 100/100.
    """
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("120 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend", cost="5 CNY/t")},
        ),
        solver=solver,
    )
    assert near(found.point.sent["haul", "cement.blend"], 100)
    assert near(found.point.bought["cement.blend"], 20)
    assert near(found.rate.value, 1.0)
    assert near(found.cost_cny, 1500)


def test_what_no_use_needs_is_dumped(solver: str) -> None:
    """100 t of slag, need 80 t: 20 t on the heap at 3 CNY/t; R = 0.8, cost 80 x 5 + 20 x 3."""
    found = solve(
        park(
            {
                "works": makes(slag=byproduct("100 t/a", "3 CNY/t")),
                "cement": needs(blend=use("80 t/a", "slag")),
            },
            {"haul": link("works.slag", "cement.blend", cost="5 CNY/t")},
        ),
        solver=solver,
    )
    assert near(found.point.dumped["works.slag", "heap"], 20)
    assert near(found.rate.value, 0.8)
    assert near(found.cost_cny, 460)


def test_a_ratio_is_virgin_replaced_per_unit_delivered(solver: str) -> None:
    """0.8 t of clinker replaced per t of slag: 100 t of slag fill 80 of 90 t; 10 t are bought."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "cement": needs(clinker=use("90 t/a", accepts={"slag": accept("0.8 t/t")})),
            },
            {"haul": link("works.slag", "cement.clinker")},
        ),
        solver=solver,
    )
    assert near(found.point.sent["haul", "cement.clinker"], 100)
    assert near(found.point.bought["cement.clinker"], 10)


def test_a_ratio_above_one_fills_a_need_with_less(solver: str) -> None:
    """1.25 t replaced per t: a need of 50 t takes 40 t; R = 40/100."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "cement": needs(clinker=use("50 t/a", accepts={"slag": accept("1.25 t/t")})),
            },
            {"haul": link("works.slag", "cement.clinker")},
        ),
        solver=solver,
    )
    assert near(found.point.sent["haul", "cement.clinker"], 40)
    assert near(found.rate.value, 0.4)


@pytest.mark.parametrize(("basis", "sent"), [("input", 20 / 0.9), ("need", 40.0)])
def test_a_share_is_of_the_input_or_of_the_need(solver: str, basis: str, sent: float) -> None:
    """Need 100 t, 0.5 t replaced per t, at most 20 %.

    Of the input, virgin included: x <= 0.2 (x + 100 - 0.5 x), so x = 20 / 0.9 = 22.22 t.
    Of the need: 0.5 x <= 0.2 x 100, so x = 40 t.
    """
    blend = use("100 t/a", accepts={"slag": accept("0.5 t/t", "20 %")}, share_basis=basis)
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=blend)},
            {"haul": link("works.slag", "cement.blend")},
        ),
        solver=solver,
    )
    assert near(found.point.sent["haul", "cement.blend"], sent)
    assert near(found.point.bought["cement.blend"], 100 - 0.5 * sent)
    assert near(found.rate.value, sent / 100)


def test_materials_of_a_group_share_one_maximum(solver: str) -> None:
    """Slag at most 20 %, slag and ash together at most 30 % of 100 t: 30 t in all.

    Slag is hauled for 1 CNY/t and ash for 2, so slag takes its 20 t and ash the other 10:
    cost 20 + 20 + 70 t x 50 CNY/t = 3,540 CNY; R = 30/100.
    """
    mixed = {
        "slag": accept(max_share="20 %", group="blends"),
        "ash": accept(group="blends"),
    }
    found = solve(
        park(
            {
                "works": makes(slag="50 t/a", ash="50 t/a"),
                "cement": needs(blend=use("100 t/a", accepts=mixed, groups={"blends": "30 %"})),
            },
            {
                "slag_haul": link("works.slag", "cement.blend", cost="1 CNY/t"),
                "ash_haul": link("works.ash", "cement.blend", cost="2 CNY/t"),
            },
        ),
        solver=solver,
    )
    assert near(found.point.sent["slag_haul", "cement.blend"], 20)
    assert near(found.point.sent["ash_haul", "cement.blend"], 10)
    assert near(found.cost_cny, 3540)
    assert near(found.rate.value, 0.3)


def test_a_recipe_takes_a_material_only_with_its_companions(solver: str) -> None:
    """0.25 t of gypsum per t of slag or ash: with 30 + 10 t of them 10 of 50 t of gypsum go."""
    recipe = {"materials": ["slag", "ash"], "ratio": "0.25 t/t"}
    binder = use("1000 t/a", "slag", "ash", accepts={"gypsum": accept(companion=recipe)})
    found = solve(
        park(
            {
                "works": makes(slag="30 t/a", ash="10 t/a", gypsum="50 t/a"),
                "mine": needs(binder=binder),
            },
            {name: link(f"works.{name}", "mine.binder") for name in ("slag", "ash", "gypsum")},
        ),
        solver=solver,
    )
    assert near(found.point.sent["gypsum", "mine.binder"], 10)
    assert near(found.rate.value, 50 / 90)


def test_a_companion_lost_on_the_way_does_not_carry_its_partner(solver: str) -> None:
    """Half of 40 t of slag is lost, so 20 t arrive and 0.25 x 20 = 5 t of gypsum may come."""
    recipe = {"materials": ["slag"], "ratio": "0.25 t/t"}
    binder = use("1000 t/a", "slag", accepts={"gypsum": accept(companion=recipe)})
    found = solve(
        park(
            {"works": makes(slag="40 t/a", gypsum="50 t/a"), "mine": needs(binder=binder)},
            {
                "slag": link("works.slag", "mine.binder", loss="50 %"),
                "gypsum": link("works.gypsum", "mine.binder"),
            },
        ),
        solver=solver,
    )
    assert near(found.point.sent["gypsum", "mine.binder"], 5)


def test_loss_and_yield_lower_what_arrives_and_a_residue_is_new_waste(solver: str) -> None:
    """100 t sent, 10 % lost: 90 t are treated at 10 CNY/t, 72 t delivered, 18 t left as tails.

    The need of 100 t buys 28 t at 50: cost 900 + 1,400 = 2,300 CNY. The tails enter G, so
    R = 100 / 118.
    """
    mill = treatment("80 %", cost="10 CNY/t")
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a", tails={"residue": True}),
                "cement": needs(blend=use("100 t/a", accepts={"slag": accept(treatment="mill")})),
            },
            {"haul": link("works.slag", "cement.blend", loss="10 %", residue="works.tails")},
            treatments={"mill": mill},
        ),
        solver=solver,
    )
    assert near(found.point.bought["cement.blend"], 28)
    assert near(found.point.dumped["works.tails", "heap"], 18)
    assert near(found.cost_cny, 2300)
    assert near(found.rate.numerator, 100)
    assert near(found.rate.denominator, 118)


@pytest.mark.parametrize("rest", ["moisture", "lost", "nothing"])
def test_what_dries_off_or_is_lost_is_no_new_waste(solver: str, rest: str) -> None:
    """100 t dried to 70 t: 30 t are bought for a need of 100 t, and R = 100/100."""
    found = solve(
        park(
            {
                "works": makes(sludge="100 t/a"),
                "kiln": needs(clay=use("100 t/a", accepts={"sludge": accept(treatment="dryer")})),
            },
            {"haul": link("works.sludge", "kiln.clay")},
            treatments={"dryer": treatment("70 %", rest)},
        ),
        solver=solver,
    )
    assert near(found.point.bought["kiln.clay"], 30)
    assert near(found.rate.value, 1.0)


def test_a_residue_can_be_used_again(solver: str) -> None:
    """50 t of slag leave 20 t of tails; a brickworks takes 15 t of them: R = (50 + 15) / 70."""
    found = solve(
        park(
            {
                "works": makes(slag="50 t/a", tails={"residue": True}),
                "cement": needs(blend=use("90 t/a", accepts={"slag": accept(treatment="mill")})),
                "brick": needs(clay=use("15 t/a", "tails")),
            },
            {
                "haul": link("works.slag", "cement.blend", residue="works.tails"),
                "tails": link("works.tails", "brick.clay"),
            },
            treatments={"mill": treatment("60 %")},
        ),
        solver=solver,
    )
    assert near(found.rate.numerator, 65)
    assert near(found.rate.denominator, 70)


def test_a_link_carries_no_more_than_its_capacity(solver: str) -> None:
    """A conveyor for 30 t is cheapest; the truck takes the other 50 t of a need of 80 t."""
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
            {
                "belt": link("works.slag", "cement.blend", cost="1 CNY/t", capacity="30 t/a"),
                "haul": link("works.slag", "cement.blend", cost="5 CNY/t"),
            },
        ),
        solver=solver,
    )
    assert near(found.point.sent["belt", "cement.blend"], 30)
    assert near(found.point.sent["haul", "cement.blend"], 50)
    assert near(found.cost_cny, 280)


def test_one_capacity_holds_for_all_uses_of_a_link(solver: str) -> None:
    """A belt for 30 t reaches two uses of 20 t each: 30 t in all."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "cement": needs(blend=use("20 t/a", "slag"), clay=use("20 t/a", "slag")),
            },
            {"belt": link("works.slag", "cement.blend", "cement.clay", capacity="30 t/a")},
        ),
        solver=solver,
    )
    assert near(sum(found.point.sent.values()), 30)
    assert near(sum(found.point.bought.values()), 10)


def test_an_intake_is_of_what_is_delivered(solver: str) -> None:
    """At most 25 t may arrive; half of what is sent is lost, so 50 t are sent: R = 50/100."""
    blend = use("80 t/a", "slag", max_intake="25 t/a")
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=blend)},
            {"haul": link("works.slag", "cement.blend", loss="50 %")},
        ),
        solver=solver,
    )
    assert near(found.point.sent["haul", "cement.blend"], 50)
    assert near(found.point.bought["cement.blend"], 55)
    assert near(found.rate.value, 0.5)


def test_a_full_heap_sends_the_rest_to_the_next_route(solver: str) -> None:
    """80 t are left; the heap is free and holds 30 t, the landfill takes 50 t at 10 CNY/t."""
    slag = {
        "full_load": "100 t/a",
        "routes": {"heap": route(capacity="30 t/a"), "landfill": route("10 CNY/t", "landfilled")},
    }
    found = solve(
        park(
            {"works": makes(slag=slag), "cement": needs(blend=use("20 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
        ),
        solver=solver,
    )
    assert near(found.point.dumped["works.slag", "heap"], 30)
    assert near(found.point.dumped["works.slag", "landfill"], 50)
    assert near(found.cost_cny, 500)


def test_the_activity_of_the_taker_sets_its_need(solver: str) -> None:
    """A kiln of 1,000 t/a at 60 % needs 0.15 t of slag per t of product: 90 t."""
    cement = needs(blend={**use("", "slag"), "coefficient": "0.15 t/t"})
    cement["units"]["plant"] |= {"capacity": "1000 t/a", "activity": "60 %"}
    found = solve(
        park(
            {"works": makes(slag="200 t/a"), "cement": cement},
            {"haul": link("works.slag", "cement.blend")},
        ),
        solver=solver,
    )
    assert near(found.point.sent["haul", "cement.blend"], 90)


def test_an_activity_may_be_an_amount_of_product(solver: str) -> None:
    """600 of 1,000 t/a of product are the same 60 %: 0.2 t of slag per t is 120 t."""
    works = makes(slag={"coefficient": "0.2 t/t"})
    works["units"]["plant"] |= {"capacity": "1000 t/a", "activity": "600 t/a"}
    found = solve(park({"works": works}), solver=solver)
    assert near(found.rate.denominator, 120)


def test_a_heat_need_is_filled_by_gas_through_its_heating_value(solver: str) -> None:
    """1,000 Nm3 of tail gas at 0.0036 GJ/Nm3 fill 3.6 of 10 GJ; 6.4 GJ are bought at 40 CNY/GJ."""
    tail = {"full_load": "1000 Nm3/a", "material": "tail_gas", "counted": "Nm3"}
    heat = use(
        "10 GJ/a",
        virgin="40 CNY/GJ",
        accepts={"tail_gas": accept("0.0036 GJ/Nm3")},
        share_basis="need",
    )
    found = solve(
        park(
            {"furnace": makes(gas=tail), "boiler": needs(heat=heat)},
            {"pipe": link("furnace.gas", "boiler.heat", cost="0 CNY/Nm3", mode="main")},
            {"tail_gas": material("gas", "Nm3", "none")},
            transport={"main": named("main", unit="Nm3", freight="0 CNY/(Nm3*km)")},
        ),
        goal="cost",
        solver=solver,
    )
    assert near(found.point.bought["boiler.heat"], 6.4)
    assert near(found.cost_cny, 256)
