"""Needs and limits that cannot be met together: who is short, by how much, and with what."""

import pytest

from symbiosis.errors import InputError, NoAnswer, Problem
from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    link,
    makes,
    needs,
    park,
    route,
    runs,
    solve,
    use,
)


def called(company: Tree, zh: str, en: str) -> Tree:
    return {**company, "name_zh": zh, "name_en": en}


def works(amount: str, room: str = "") -> Tree:
    """A works that makes slag and has one heap, with room for so much per year."""
    limits = {"capacity": room} if room else {}
    slag = byproduct(amount, routes={"heap": route(**limits)}, name_zh="炉渣", name_en="slag")
    return called(makes(slag=slag), "钢厂", "Steel Works")


def mine(need: str) -> Tree:
    """A mine that must be filled with slag and nothing else."""
    fill = use(need, "slag", virgin=None, name_zh="充填", name_en="filling")
    return called(needs(fill=fill), "矿山", "Old Mine")


TO_MINE = {"haul": link("works.slag", "mine.fill")}


def problems(companies: Tree, links: Tree, solver: str, goal: str = "utilisation") -> list[Problem]:
    with pytest.raises(NoAnswer) as caught:
        solve(park(companies, links), goal, solver)
    return list(caught.value.problems)


def of(found: list[Problem], code: str) -> Problem:
    return next(problem for problem in found if problem.code == code)


@pytest.mark.parametrize("goal", ["utilisation", "cost"])
def test_a_need_that_only_byproducts_fill_says_how_much_is_missing(solver: str, goal: str) -> None:
    """60 t of slag for a filling of 100 t that nothing else fills: 40 t are missing."""
    found = problems({"works": works("60 t/a"), "mine": mine("100 t/a")}, TO_MINE, solver, goal)
    short = of(found, "conflict_need")
    assert short.key == "need:mine.fill"
    assert short.details["amount"] == "40"
    assert short.message("en") == ("40 t/a of the need of 'filling' at Old Mine cannot be filled")
    assert short.message("zh") == "矿山“充填”的需求有 40 t/a 无法满足"


def test_the_set_that_cannot_be_met_names_both_sides(solver: str) -> None:
    """Need of the mine and supply of the works: either one without the other can be met."""
    found = problems({"works": works("60 t/a"), "mine": mine("100 t/a")}, TO_MINE, solver)
    members = of(found, "conflict_together").details["members"]
    assert set(members["en"].split("; ")) == {
        "need of 'filling' at Old Mine",
        "what becomes of slag of Steel Works",
    }
    assert "矿山" in members["zh"]
    assert "钢厂" in members["zh"]


def test_a_byproduct_with_too_little_room_says_how_much_has_nowhere_to_go(solver: str) -> None:
    """100 t of slag; cement takes 20 t, the heap 30 t a year: 50 t have nowhere to go."""
    cement = called(needs(blend=use("20 t/a", "slag")), "水泥厂", "Cement Works")
    found = problems(
        {"works": works("100 t/a", "30 t/a"), "cement": cement},
        {"haul": link("works.slag", "cement.blend")},
        solver,
    )
    left = of(found, "conflict_supply")
    assert left.key == "supply:works.slag"
    assert left.details["amount"] == "50"
    assert left.message("en") == "50 t/a of slag of Steel Works has nowhere to go"
    assert left.message("zh") == "钢厂的炉渣有 50 t/a 无处可去"
    members = of(found, "conflict_together").details["members"]["en"].split("; ")
    assert "capacity of 'heap' for slag of Steel Works" in members
    assert "what becomes of slag of Steel Works" in members


def test_two_conflicts_are_told_together(solver: str) -> None:
    """Ash has no room for 70 of 100 t, and the mine lacks 40 of 100 t of slag."""
    ash = byproduct("100 t/a", routes={"heap": route(capacity="30 t/a")}, name_en="ash")
    power = called(makes(ash=ash), "电厂", "Power Plant")
    companies = {"works": works("60 t/a"), "mine": mine("100 t/a"), "power": power}
    found = problems(companies, TO_MINE, solver)
    assert of(found, "conflict_need").details["amount"] == "40"
    assert of(found, "conflict_supply").details["amount"] == "70"
    assert "Power Plant" in of(found, "conflict_supply").message("en")


def test_a_need_that_nobody_can_reach_stands_alone(solver: str) -> None:
    """No link leads to the mine: all 100 t are missing, and nothing else is to blame."""
    found = problems({"works": works("60 t/a"), "mine": mine("100 t/a")}, {}, solver)
    assert [problem.code for problem in found] == ["conflict_need"]
    assert found[0].details["amount"] == "100"


def test_a_link_too_small_for_a_need_is_named(solver: str) -> None:
    """Enough slag, but a belt of 70 t: need and belt cannot be met together."""
    belt = link("works.slag", "mine.fill", capacity="70 t/a", name_zh="皮带", name_en="belt")
    found = problems({"works": works("500 t/a"), "mine": mine("100 t/a")}, {"belt": belt}, solver)
    members = of(found, "conflict_together").details["members"]["en"].split("; ")
    assert set(members) == {"need of 'filling' at Old Mine", "capacity of the link 'belt'"}
    assert of(found, "conflict_need").details["amount"] == "30"


def test_a_share_that_leaves_a_need_unfilled_is_named(solver: str) -> None:
    """Slag at most 60 % of the need and nothing else to fill it: 40 of 100 t are missing."""
    companies = {"works": works("500 t/a"), "mine": mine("100 t/a")}
    fill = companies["mine"]["units"]["plant"]["uses"]["fill"]
    fill |= {"share_basis": "need", "accepts": {"slag": accept(max_share="60 %")}}
    found = problems(companies, TO_MINE, solver)
    members = of(found, "conflict_together").details["members"]["en"]
    assert "greatest share" in members
    assert "Old Mine" in members


def test_a_unit_that_must_run_without_feed_is_named(solver: str) -> None:
    """A mill that runs at 50 % at least needs 50 t of slag; 20 t are there: 30 t are missing."""
    feed = use("100 t/a", "slag", virgin=None, name_en="feed")
    mill = called(runs({}, {"feed": feed}, min_load="50 %"), "磨坊", "Mill")
    found = problems(
        {"works": works("20 t/a"), "mill": mill},
        {"haul": link("works.slag", "mill.feed")},
        solver,
    )
    assert any("Mill" in problem.message("en") for problem in found)
    assert any(problem.details.get("amount") == "30" for problem in found)


def test_a_unit_that_must_run_and_may_not_is_refused() -> None:
    """min_load 50 % with an availability of 0 % can never hold: the file is wrong."""
    mill = runs({}, {"feed": use("100 t/a", "slag", virgin=None)}, min_load="50 %")
    mill["units"]["plant"]["availability"] = "0 %"
    companies = {"works": works("100 t/a"), "mill": mill}
    with pytest.raises(InputError) as caught:
        park(companies, {"haul": link("works.slag", "mill.feed")})
    assert [p.key for p in caught.value.problems] == ["enterprises.mill.units.plant.min_load"]
