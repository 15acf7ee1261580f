"""Why a by-product is not fully used: each reason in a park of its own, with what it is worth.

Where a limit has a marginal, the park is solved again with the limit raised by one.
"""

from collections.abc import Callable

import pytest

from symbiosis.explaining import explain
from symbiosis.optimum import Optimum
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.reasons import Held, Reason, as_json
from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    link,
    makes,
    material,
    near,
    needs,
    park,
    route,
    runs,
    solve,
    treatment,
    use,
)

EXISTING = frozenset({Status.EXISTING})
POWDER = {"powder": material(waste_class="intermediate")}


def reason(found: Optimum, code: str, name: str = "works.slag") -> Reason:
    """The reason ``code`` of a by-product; fails with what is there instead."""
    held = next(held for held in explain(found) if held.byproduct == name)
    codes = [reason.code for reason in held.reasons]
    assert code in codes
    return held.reasons[codes.index(code)]


def two(blend: Tree, slag: str | Tree = "100 t/a", **way: str) -> Park:
    return park(
        {"works": makes(slag=slag), "cement": needs(blend=blend)},
        {"haul": link("works.slag", "cement.blend", **way)},
    )


def rate(found: Optimum) -> float:
    assert found.rate.value is not None
    return found.rate.value


# --- no way


def test_no_taker(solver: str) -> None:
    found = solve(park({"works": makes(slag="100 t/a")}), solver=solver)
    assert reason(found, "no_taker").marginal is None


def test_not_open(solver: str) -> None:
    """A planned link while only existing ones are open; the sentence names link and status."""
    whole = two(use("80 t/a", "slag"), status="planned", name_en="belt")
    why = reason(solve(whole, solver=solver, opened=EXISTING), "not_open")
    assert why.text("en") == "'belt' is planned and was not opened"
    assert "规划" in why.text("zh")


def test_not_there(solver: str) -> None:
    """The cement works closed in 2020."""
    cement = {**needs(blend=use("80 t/a", "slag")), "until": 2020}
    whole = park(
        {"works": makes(slag="100 t/a"), "cement": cement},
        {"haul": link("works.slag", "cement.blend")},
    )
    assert "2025" in reason(solve(whole, solver=solver), "not_there").text("en")


def test_a_link_that_has_ended_is_not_told_as_a_taker_that_is_gone(solver: str) -> None:
    """The belt was taken down in 2020; the cement works is there and buys."""
    found = solve(two(use("80 t/a", "slag"), until=2020, name_en="belt"), solver=solver)
    held = next(held for held in explain(found) if held.byproduct == "works.slag")
    assert all("does not exist" not in r.text("en") for r in held.reasons)


# --- limits with a marginal: of the rate, per tonne by which the limit is raised


def by_need(limit: float) -> Park:
    return two(use(f"{limit} t/a", "slag"))


def by_share(limit: float) -> Park:
    """Of a need of 100 t at 1 t/t at most ``limit`` %: that many tonnes."""
    return two(use("100 t/a", accepts={"slag": accept(max_share=f"{limit} %")}))


def by_intake(limit: float) -> Park:
    """What may arrive, where half is lost: a tonne more is two tonnes sent."""
    return two(use("500 t/a", "slag", max_intake=f"{limit} t/a"), loss="50 %")


def by_link(limit: float) -> Park:
    return two(use("500 t/a", "slag"), capacity=f"{limit} t/a")


def by_unit(limit: float) -> Park:
    """A brickworks that takes so much a year."""
    return park(
        {
            "works": makes(slag="100 t/a"),
            "brick": runs({}, {"clay": use(f"{limit} t/a", "slag", virgin=None)}),
        },
        {"haul": link("works.slag", "brick.clay")},
    )


def by_product(limit: float) -> Park:
    """A mill for 100 t that makes 80 t of powder, of which so much finds a taker.

    Powder costs 30 CNY/t on the heap, so that the mill stops where it sells no more.
    """
    return park(
        {
            "works": makes(slag="100 t/a"),
            "mill": runs(
                {"powder": byproduct("80 t/a", "30 CNY/t")},
                {"feed": use("100 t/a", "slag", virgin=None)},
            ),
            "concrete": needs(binder=use(f"{limit} t/a", "powder")),
        },
        {
            "slag": link("works.slag", "mill.feed"),
            "powder": link("mill.powder", "concrete.binder"),
        },
        POWDER,
    )


LIMITS = [
    ("taker_full", by_need, 80, "need", 0.01),
    ("share_limit", by_share, 20, "share", 0.01),
    ("intake_limit", by_intake, 25, "intake", 0.02),
    ("link_full", by_link, 30, "link_capacity", 0.01),
    ("unit_full", by_unit, 50, "running", 0.01),
]


@pytest.mark.parametrize(("code", "made", "limit", "row", "worth"), LIMITS)
def test_a_limit_is_named_with_what_one_more_tonne_would_gain(
    solver: str, code: str, made: Callable[[float], Park], limit: float, row: str, worth: float
) -> None:
    """One of 100 t of slag is a point of R; where half is lost on the way, it is two."""
    found, more = solve(made(limit), solver=solver), solve(made(limit + 1), solver=solver)
    why = reason(found, code)
    assert why.constraint is not None
    assert why.constraint[0] == row
    assert why.unit == "rate/t"
    assert near(why.marginal, worth)
    assert rate(more) - rate(found) == pytest.approx(worth, abs=1e-8)


def test_product_unsold(solver: str) -> None:
    """A tonne of powder sold is 1.25 t of slag used: 1.25 points."""
    found, more = solve(by_product(40), solver=solver), solve(by_product(41), solver=solver)
    assert near(reason(found, "product_unsold").marginal, 0.0125)
    assert rate(more) - rate(found) == pytest.approx(0.0125, abs=1e-8)


def test_what_an_unsold_product_is_worth_is_told_per_tonne(solver: str) -> None:
    assert reason(solve(by_product(40), solver=solver), "product_unsold").unit == "rate/t"


def test_recipe_limit(solver: str) -> None:
    """0.25 t of gypsum per t of slag: a tonne more of gypsum, or 4 t more of slag, is used.

    40 t of slag carry 10 of 50 t of gypsum; the row raised by one lets 11 go: 1/90 of R.
    """

    def made(slag: float, gypsum: float) -> Park:
        recipe = {"materials": ["slag"], "ratio": "0.25 t/t"}
        binder = use("500 t/a", "slag", accepts={"gypsum": accept(companion=recipe)})
        return park(
            {
                "works": makes(slag=f"{slag} t/a", gypsum=f"{gypsum} t/a"),
                "mine": needs(binder=binder),
            },
            {name: link(f"works.{name}", "mine.binder") for name in ("slag", "gypsum")},
        )

    found = solve(made(40, 50), solver=solver)
    why = reason(found, "recipe_limit", "works.gypsum")
    assert near(why.marginal, 1 / 90)
    assert "0.25 t per t" in why.text("en")


def test_unit_stopped(solver: str) -> None:
    """A brickworks with an availability of 0 %: each tonne that it could take is a point of R."""
    brick = runs({}, {"clay": use("50 t/a", "slag", virgin=None)}, availability="0 %")
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "brick": brick},
            {"haul": link("works.slag", "brick.clay")},
        ),
        solver=solver,
    )
    why = reason(found, "unit_stopped")
    assert near(why.marginal, 0.01)
    assert why.unit == "rate/t"


# --- not worth it


def test_not_worth_it(solver: str) -> None:
    """Haulage at 90 CNY/t replaces virgin at 50 and spares a heap at 15: 25 CNY/t too dear."""
    slag = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})
    whole = two(use("80 t/a", "slag"), slag, cost="90 CNY/t")
    why = reason(solve(whole, "cost", solver), "not_worth_it")
    assert near(why.marginal, 25)
    assert why.unit == "CNY/t"
    assert "25 CNY/t" in why.text("en")


def test_what_is_not_worth_it_becomes_so_by_its_excess(solver: str) -> None:
    """At 26 CNY/t less the slag is hauled: least cost 80 x 64 + 20 x 15."""
    slag = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})
    cheaper = solve(two(use("80 t/a", "slag"), slag, cost="64 CNY/t"), "cost", solver)
    assert near(cheaper.point.sent["haul", "cement.blend"], 80)


def test_for_the_cost_a_full_link_is_worth_what_it_saves(solver: str) -> None:
    """A tonne more on a free belt spares 50 CNY of virgin and 15 of heap: -65 CNY."""

    def made(capacity: float) -> Park:
        slag = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})
        return two(use("80 t/a", "slag"), slag, capacity=f"{capacity} t/a")

    found, more = solve(made(30), "cost", solver), solve(made(31), "cost", solver)
    why = reason(found, "link_full")
    assert near(why.marginal, -65)
    assert why.unit == "CNY/t"
    assert more.cost_cny - found.cost_cny == pytest.approx(-65, abs=1e-6)


# --- who is held


def test_what_is_used_in_full_is_not_held(solver: str) -> None:
    assert explain(solve(two(use("100 t/a", "slag")), solver=solver)) == []


@pytest.mark.parametrize(
    ("waste_class", "held"), [("product", False), ("general_industrial", True)]
)
def test_a_product_that_is_sold_is_not_held_and_a_waste_is(
    solver: str, waste_class: str, held: bool
) -> None:
    """60 t go to the market: of a product that is its end, of a waste it counts as no use."""
    found = solve(
        park(
            {
                "works": makes(
                    slag=byproduct("100 t/a", routes={"market": route("-20 CNY/t", "sold")})
                ),
                "cement": needs(blend=use("40 t/a", "slag")),
            },
            {"haul": link("works.slag", "cement.blend")},
            {"slag": material(waste_class=waste_class)},
        ),
        solver=solver,
    )
    assert [h.byproduct for h in explain(found)] == ["works.slag"] * held


def test_the_largest_rest_comes_first_and_a_material_can_be_asked_for(solver: str) -> None:
    """20 t of slag and 70 t of ash are left."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a", ash="70 t/a"),
                "cement": needs(blend=use("80 t/a", "slag")),
            },
            {"haul": link("works.slag", "cement.blend")},
        ),
        solver=solver,
    )
    assert [held.byproduct for held in explain(found)] == ["works.ash", "works.slag"]
    assert [held.byproduct for held in explain(found, "slag")] == ["works.slag"]
    assert explain(found, "gypsum") == []


def test_a_held_byproduct_says_what_was_made_and_used(solver: str) -> None:
    """100 t made, 80 t used, told in the words of the JSON in both languages."""
    held: Held = explain(solve(two(use("80 t/a", "slag")), solver=solver))[0]
    assert near(held.generated, 100)
    assert near(held.used, 80)
    for lang in ("zh", "en"):
        row = as_json(held, lang)
        assert row["producer"] == "works"
        assert row["unit"] == "t"
        assert row["reasons"][0]["code"] == "taker_full"
        assert row["reasons"][0]["constraint"] == "need:cement.blend"
        assert row["reasons"][0]["text"]


def test_every_way_has_its_own_reason(solver: str) -> None:
    """One link is full, one not open, one leads to a full taker: three reasons."""
    whole = park(
        {
            "works": makes(slag="500 t/a"),
            "cement": needs(blend=use("100 t/a", "slag")),
            "brick": needs(clay=use("50 t/a", "slag")),
            "road": needs(base=use("90 t/a", "slag")),
        },
        {
            "belt": link("works.slag", "cement.blend", capacity="30 t/a"),
            "haul": link("works.slag", "brick.clay"),
            "later": link("works.slag", "road.base", status="potential"),
        },
    )
    found = solve(whole, solver=solver, opened=EXISTING)
    held = next(held for held in explain(found) if held.byproduct == "works.slag")
    assert {r.code for r in held.reasons} == {"link_full", "taker_full", "not_open"}


def test_residue_that_would_be_left_is_no_reason_to_name_a_full_taker(solver: str) -> None:
    """90 t used, 10 t left because a neutraliser would leave three times as much: not worth it."""
    companies = {
        "works": makes(slag="90 t/a", sludge="10 t/a"),
        "cement": needs(blend=use("90 t/a", "slag")),
        "neutraliser": runs(
            {"gypsum": byproduct("30 t/a")}, {"acid": use("10 t/a", "sludge", virgin=None)}
        ),
    }
    links = {
        "slag": link("works.slag", "cement.blend"),
        "sludge": link("works.sludge", "neutraliser.acid"),
    }
    found = solve(park(companies, links), solver=solver)
    held = next(held for held in explain(found) if held.byproduct == "works.sludge")
    assert [r.code for r in held.reasons] == ["not_worth_it"]


def test_a_treated_residue_is_held_like_any_other(solver: str) -> None:
    """Tails of a crusher without a taker: 20 t left, no link leads from them."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a", tails={"residue": True}),
                "cement": needs(
                    blend=use("100 t/a", accepts={"slag": accept(treatment="crusher")})
                ),
            },
            {"haul": link("works.slag", "cement.blend", residue="works.tails")},
            treatments={"crusher": treatment("80 %")},
        ),
        solver=solver,
    )
    held = next(held for held in explain(found) if held.byproduct == "works.tails")
    assert near(held.generated, 20)
    assert [r.code for r in held.reasons] == ["no_taker"]
