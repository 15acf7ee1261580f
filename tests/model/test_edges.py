"""Zeros and ends of ranges that a park file may state: each is answered, none is a traceback."""

import pytest

from symbiosis.errors import InputError
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


def two(slag: str | Tree = "100 t/a", blend: Tree | None = None, **way: str) -> Tree:
    """Works and cement with one link."""
    return {
        "enterprises": {
            "works": makes(slag=slag),
            "cement": needs(blend=blend or use("80 t/a", "slag")),
        },
        "links": {"haul": link("works.slag", "cement.blend", **way)},
    }


def sent(sections: Tree, solver: str) -> float:
    return solve(park(**sections), solver=solver).point.sent["haul", "cement.blend"]


def test_nothing_generated(solver: str) -> None:
    """0 t/a of slag: R is undefined, all 80 t are bought."""
    found = solve(park(**two("0 t/a")), solver=solver)
    assert found.rate.value is None
    assert near(found.point.bought["cement.blend"], 80)


def test_nothing_needed(solver: str) -> None:
    assert near(sent(two(blend=use("0 t/a", "slag")), solver), 0)


def test_a_capacity_of_nothing(solver: str) -> None:
    assert near(sent(two(capacity="0 t/a"), solver), 0)


def test_an_intake_of_nothing(solver: str) -> None:
    assert near(sent(two(blend=use("80 t/a", "slag", max_intake="0 t/a")), solver), 0)


@pytest.mark.parametrize("basis", ["input", "need"])
def test_a_share_of_nothing(solver: str, basis: str) -> None:
    blend = use("80 t/a", accepts={"slag": accept(max_share="0 %")}, share_basis=basis)
    assert near(sent(two(blend=blend), solver), 0)


@pytest.mark.parametrize("basis", ["input", "need"])
def test_a_group_that_may_be_all(solver: str, basis: str) -> None:
    blend = use(
        "80 t/a",
        accepts={"slag": accept(group="all")},
        groups={"all": "100 %"},
        share_basis=basis,
    )
    assert near(sent(two(blend=blend), solver), 80)


def test_a_route_of_no_capacity_beside_another(solver: str) -> None:
    ways = {"heap": route(capacity="0 t/a"), "pond": route("2 CNY/t")}
    found = solve(park(**two(byproduct("100 t/a", routes=ways))), solver=solver)
    assert near(found.point.dumped["works.slag", "pond"], 20)


@pytest.mark.parametrize("way", ["ratio", "loss"])
def test_a_way_on_which_nothing_is_replaced_is_refused(way: str) -> None:
    """A ratio of 0 t/t or a loss of 100 %: it would fill no need and count as use without end."""
    blend = use("80 t/a", accepts={"slag": accept("0 t/t" if way == "ratio" else "1 t/t")})
    with pytest.raises(InputError):
        park(**two(blend=blend, loss="100 %" if way == "loss" else "0 %"))


def test_a_treatment_that_delivers_nothing_fills_nothing(solver: str) -> None:
    """Yield 0 %, all of it lost: all 80 t are bought."""
    whole = two(blend=use("80 t/a", accepts={"slag": accept(treatment="burn")}))
    found = solve(park(**whole, treatments={"burn": treatment("0 %", "lost")}), solver=solver)
    assert near(found.point.bought["cement.blend"], 80)


def test_a_unit_that_stands_still_makes_and_needs_nothing(solver: str) -> None:
    whole = two()
    whole["enterprises"]["works"]["units"]["plant"]["activity"] = "0 %"
    found = solve(park(**whole), solver=solver)
    assert found.rate.value is None
    assert near(found.point.bought["cement.blend"], 80)


def test_a_supply_driven_unit_of_no_size(solver: str) -> None:
    """A mill for 0 t/a takes nothing: R = 0/100."""
    mill = runs({}, {"feed": use("0 t/a", "slag", virgin=None)})
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "mill": mill},
            {"haul": link("works.slag", "mill.feed")},
        ),
        solver=solver,
    )
    assert near(found.rate.value, 0.0)


def test_a_park_without_links(solver: str) -> None:
    """100 t on the heap at 3 CNY/t, 80 t bought at 50: R = 0, 4,300 CNY."""
    whole = two(byproduct("100 t/a", "3 CNY/t"))
    found = solve(park(whole["enterprises"]), solver=solver)
    assert near(found.rate.value, 0.0)
    assert near(found.cost_cny, 4300)


def test_an_enterprise_that_only_stands_there(solver: str) -> None:
    whole = two()
    whole["enterprises"]["office"] = {**makes(), "units": {}}
    assert near(sent(whole, solver), 80)


@pytest.mark.parametrize("activity", ["-50 %", "-600 t/a"])
def test_a_negative_activity_is_refused(activity: str) -> None:
    works = makes(slag={"coefficient": "0.2 t/t"})
    works["units"]["plant"] |= {"capacity": "1000 t/a", "activity": activity}
    with pytest.raises(InputError):
        park({"works": works})


def test_an_intake_in_gigajoules_is_refused_for_a_need_in_tonnes() -> None:
    with pytest.raises(InputError):
        park(**two(blend=use("80 t/a", "slag", max_intake="30 GJ/a")))


def test_a_recipe_in_gigajoules_per_tonne_is_refused() -> None:
    recipe = {"materials": ["slag"], "ratio": "0.25 GJ/t"}
    blend = use("80 t/a", "slag", accepts={"gypsum": accept(companion=recipe)})
    with pytest.raises(InputError):
        park(**two(blend=blend))


def test_a_residue_of_another_unit_is_refused() -> None:
    """A crusher of slag in t cannot leave a by-product counted in GJ."""
    blend = use("80 t/a", accepts={"slag": accept(treatment="crusher")})
    works = makes(slag="100 t/a", heat={"residue": True, "material": "steam", "counted": "GJ"})
    with pytest.raises(InputError):
        park(
            {"works": works, "cement": needs(blend=blend)},
            {"haul": link("works.slag", "cement.blend", residue="works.heat")},
            {"steam": material("heat", "GJ", "none")},
            treatments={"crusher": treatment("80 %")},
        )
