"""The comprehensive utilisation rate: what enters U, G and U_old, worked out by hand."""

import pytest

from symbiosis.errors import InputError
from tests.model.parks import (
    Tree,
    byproduct,
    enterprise,
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
    unit,
    use,
)

DOCUMENTS = {"new": named("new"), "old": named("old")}


# --- stock of earlier years


def heap(reclaim: str = "50 t/a", **rest: str) -> Tree:
    return {"old": named("old", byproduct="works.slag", reclaim=reclaim, **rest)}


def test_old_stock_drawn_stands_in_both_parts_of_the_rate(solver: str) -> None:
    """100 t of slag and 100 t of clay without taker; need 200 t, 50 t can be dug out at 7 CNY/t.

    R = (100 + 50) / (200 + 50) = 0.6; without the heap it would be 0.5. 50 t are bought:
    cost 350 + 2,500.
    """
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a", clay="100 t/a"),
                "cement": needs(blend=use("200 t/a", "slag")),
            },
            {"haul": link("works.slag", "cement.blend")},
            stockpiles=heap(reclaim_cost="7 CNY/t"),
        ),
        solver=solver,
    )
    assert near(found.rate.old, 50)
    assert near(found.rate.numerator, 150)
    assert near(found.rate.denominator, 250)
    assert near(found.cost_cny, 2850)


def test_old_stock_is_left_where_fresh_waste_fills_the_need(solver: str) -> None:
    """80 of 100 t are used. To draw would add to G + U_old and to no use: R = 0.8, none drawn."""
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
            stockpiles=heap(),
        ),
        solver=solver,
    )
    assert near(found.rate.value, 0.8)
    assert near(found.rate.old, 0.0)


def test_the_old_heap_feeds_uses_and_no_route(solver: str) -> None:
    """The market pays 20 CNY/t, but with no use of slag nothing may be dug out to be sold.

    Cost -100 t x 20 CNY/t.
    """
    sold = byproduct("100 t/a", routes={"market": route("-20 CNY/t", "sold")})
    found = solve(park({"works": makes(slag=sold)}, stockpiles=heap()), goal="cost", solver=solver)
    assert near(found.point.drawn["works.slag"], 0.0)
    assert near(found.cost_cny, -2000)


def test_a_heap_that_nobody_works_gives_nothing(solver: str) -> None:
    """Reclaim 0 t/a: 100 t of slag for a need of 150 t, 50 t are bought."""
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("150 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
            stockpiles=heap("0 t/a"),
        ),
        solver=solver,
    )
    assert found.point.drawn == {}
    assert near(found.point.bought["cement.blend"], 50)


def test_stock_drawn_into_a_disposal_is_no_part_of_u_old(solver: str) -> None:
    """100 t of fresh slag all go to cement; 50 t of old slag fill a pit, which is disposal.

    U_old is the part of U drawn from earlier years, here nothing: R = 100/100, not 100/150.
    """
    pit = use("50 t/a", "slag", virgin=None, counts_as={"now": "disposed"})
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "cement": needs(blend=use("100 t/a", "slag")),
                "mine": needs(pit=pit),
            },
            {
                "haul": link("works.slag", "cement.blend"),
                "fill": link("works.slag", "mine.pit"),
            },
            stockpiles=heap(),
        ),
        solver=solver,
    )
    assert near(found.rate.value, 1.0)


# --- documents, boundaries, classes


@pytest.mark.parametrize(("document", "rate"), [("new", 0.7), ("old", 0.3)])
def test_a_document_says_what_counts_as_use(solver: str, document: str, rate: float) -> None:
    """40 of 100 t go to backfill and 30 to cement: R = 0.7, or 0.3 where backfill is disposal.

    Backfill is filled either way: binder costs 50 CNY/t and slag nothing.
    """
    counts = {"new": "utilised", "old": "disposed"}
    everywhere = {"new": "utilised", "old": "utilised"}
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "mine": needs(fill=use("40 t/a", "slag", counts_as=counts, backfill=True)),
                "cement": needs(blend=use("30 t/a", "slag", counts_as=everywhere)),
            },
            {
                "fill": link("works.slag", "mine.fill"),
                "haul": link("works.slag", "cement.blend"),
            },
            rate_documents=DOCUMENTS,
        ),
        solver=solver,
        document=document,
    )
    assert near(found.rate.value, rate)
    assert near(found.point.sent["fill", "mine.fill"], 40)
    assert near(found.without_backfill.value, 0.3)


def test_what_counts_as_no_waste_is_not_utilised(solver: str) -> None:
    """A use marked not_waste fills its need and adds nothing to U: R = 0/100."""
    blend = use("40 t/a", "slag", counts_as={"now": "not_waste"})
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=blend)},
            {"haul": link("works.slag", "cement.blend")},
        ),
        solver=solver,
    )
    assert near(found.rate.value, 0.0)
    assert near(found.point.sent["haul", "cement.blend"], 40)


@pytest.mark.parametrize(("filled", "shown"), [(40, True), (0.5, False)])
def test_the_rate_without_backfill_is_shown_where_it_moves_a_point(
    solver: str, filled: float, shown: bool
) -> None:
    """40 of 100 t into a mine move R by 40 points, 0.5 t by half a point."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "mine": needs(fill=use(f"{filled} t/a", "slag", backfill=True)),
            },
            {"fill": link("works.slag", "mine.fill")},
        ),
        solver=solver,
    )
    assert near(found.without_backfill.value, 0.0)
    assert [reading.kind for reading in found.readings] == ["without_backfill"] * shown


def test_the_boundary_says_whose_waste_is_counted(solver: str) -> None:
    """80 of 100 t of slag are used. With the mine inside its 300 t of rock enter G: R = 80/400."""
    works, mine = makes(slag="100 t/a"), makes(rock="300 t/a")
    works["inside"], mine["inside"] = ["park", "group"], ["group"]
    whole = park(
        {"works": works, "mine": mine, "cement": needs(blend=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend")},
        boundaries={"park": named("park"), "group": named("group")},
    )
    assert near(solve(whole, solver=solver).rate.value, 0.8)
    assert near(solve(whole, solver=solver, boundary="group").rate.value, 0.2)


def test_a_use_outside_the_park_counts_as_well(solver: str) -> None:
    """Waste of the park counts wherever it is used: R = 80/100."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "cement": needs(inside=False, blend=use("80 t/a", "slag")),
            },
            {"haul": link("works.slag", "cement.blend")},
        ),
        solver=solver,
    )
    assert near(found.rate.value, 0.8)


def test_waste_used_by_its_own_generator_counts(solver: str) -> None:
    """60 of 100 t go back into the works that made them: R = 0.6."""
    plant = unit({"slag": "100 t/a"}, {"sinter": use("60 t/a", "slag")})
    found = solve(
        park(
            {"works": enterprise(units={"plant": plant})},
            {"back": link("works.slag", "works.sinter")},
        ),
        solver=solver,
    )
    assert near(found.rate.value, 0.6)


def test_imported_waste_is_in_neither_part(solver: str) -> None:
    """50 t from outside and 30 of 100 t from inside fill 80 t: with R first 80 t are its own."""
    abroad = makes(inside=False, slag_abroad=byproduct("50 t/a", material="slag"))
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "abroad": abroad,
                "cement": needs(blend=use("120 t/a", "slag")),
            },
            {
                "haul": link("works.slag", "cement.blend", cost="9 CNY/t"),
                "import": link("abroad.slag_abroad", "cement.blend"),
            },
        ),
        solver=solver,
    )
    assert near(found.point.sent["import", "cement.blend"], 20)
    assert near(found.rate.numerator, 100)
    assert near(found.rate.denominator, 100)


@pytest.mark.parametrize(
    ("kind", "waste_class"),
    [
        ("solid", "hazardous"),
        ("solid", "farm"),
        ("solid", "municipal"),
        ("solid", "product"),
        ("solid", "intermediate"),
        ("solid", "none"),
        ("gas", "none"),
    ],
)
def test_what_is_no_general_solid_waste_never_enters(
    solver: str, kind: str, waste_class: str
) -> None:
    """Dust of another class is used in full and slag not at all: R = 0/100."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a", dust="40 t/a"),
                "smelter": needs(charge=use("40 t/a", "dust")),
            },
            {"dust": link("works.dust", "smelter.charge")},
            {"dust": material(kind, waste_class=waste_class)},
        ),
        solver=solver,
    )
    assert near(found.rate.value, 0.0)
    assert near(found.rate.denominator, 100)
    assert near(found.point.sent["dust", "smelter.charge"], 40)


@pytest.mark.parametrize("kind", ["gas", "liquid", "heat", "water", "power"])
def test_only_a_solid_can_be_general_industrial_solid_waste(kind: str) -> None:
    """Gas, liquid, heat, water and power never enter R: a file that says so is refused."""
    with pytest.raises(InputError) as caught:
        park({"works": makes(fume="100 t/a")}, {}, {"fume": material(kind)})
    assert [p.key for p in caught.value.problems] == ["materials.fume.waste_class"]


def test_without_waste_the_rate_is_undefined_and_cost_is_optimised(solver: str) -> None:
    """Only hazardous dust: no rate. Use at 5 CNY/t is cheaper than 50 bought: cost 40 x 5."""
    found = solve(
        park(
            {"works": makes(dust="40 t/a"), "smelter": needs(charge=use("40 t/a", "dust"))},
            {"dust": link("works.dust", "smelter.charge", cost="5 CNY/t")},
            {"dust": material(waste_class="hazardous")},
        ),
        solver=solver,
    )
    assert found.rate.value is None
    assert found.value is None
    assert found.rate_before is None
    assert [stage.name for stage in found.stages] == ["cost"]
    assert near(found.cost_cny, 200)


def test_a_unit_that_could_make_the_first_waste_does_so_for_the_rate(solver: str) -> None:
    """Nothing is generated until a neutraliser runs; its gypsum is all used: R = 1, not undefined.

    10 t of hazardous acid make 30 t of gypsum for a need of 30 t.
    """
    companies = {
        "works": makes(acid="10 t/a"),
        "neutraliser": runs(
            {"gypsum": byproduct("30 t/a")}, {"feed": use("10 t/a", "acid", virgin=None)}
        ),
        "cement": needs(retarder=use("30 t/a", "gypsum")),
    }
    links = {
        "acid": link("works.acid", "neutraliser.feed"),
        "gypsum": link("neutraliser.gypsum", "cement.retarder"),
    }
    found = solve(
        park(companies, links, {"acid": material(waste_class="hazardous")}), solver=solver
    )
    assert near(found.rate.value, 1.0)


def test_a_waste_that_may_be_none_is_shown_without(solver: str) -> None:
    """100 t of copper slag all used, 100 t of clay left: R = 0.5; 0/100 if the slag is no waste."""
    slag = byproduct("100 t/a", also_counted_as="intermediate")
    found = solve(
        park(
            {
                "works": makes(slag=slag, clay="100 t/a"),
                "flotation": needs(feed=use("100 t/a", "slag")),
            },
            {"haul": link("works.slag", "flotation.feed")},
        ),
        solver=solver,
    )
    reading = next(r for r in found.readings if r.kind == "also_counted_as")
    assert near(found.rate.value, 0.5)
    assert reading.subject == "works.slag"
    assert near(reading.rate.value, 0.0)
    assert near(reading.rate.denominator, 100)


def test_an_intermediate_that_may_be_waste_is_shown_both_ways(solver: str) -> None:
    """100 t of slag to flotation, declared intermediate: R = 0/100 of the clay.

    Counted as general waste it enters both parts: (0 + 100) / (100 + 100) = 0.5.
    """
    slag = byproduct("100 t/a", also_counted_as="general_industrial")
    found = solve(
        park(
            {
                "works": makes(slag=slag, clay="100 t/a"),
                "flotation": needs(feed=use("100 t/a", "slag")),
            },
            {"haul": link("works.slag", "flotation.feed")},
            {"slag": material(waste_class="intermediate")},
        ),
        solver=solver,
    )
    values = [r.rate.value for r in found.readings if r.kind == "also_counted_as"]
    assert len(values) == 1
    assert near(values[0], 0.5)
