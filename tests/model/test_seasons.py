"""A year cut into seasons: what falls on each, what waits for a later one, and what is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.course import load_in, mean_load, part_in
from symbiosis.errors import InputError, NoAnswer
from symbiosis.explaining import explain
from symbiosis.keep import Kept, save
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.park import Park
from symbiosis.point import Point
from symbiosis.rate import rate_of
from symbiosis.result import answer
from symbiosis.scenario import load_question
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from symbiosis.verify import Claim, FailedCheck, verify
from tests.model.parks import (
    Tree,
    byproduct,
    checked,
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
    tree,
    use,
    write,
)
from tests.model.random_parks import trees

HALVES = {"a": "4380 h", "b": "4380 h"}
SUMMER_FIRST = {"summer": "6570 h", "winter": "2190 h"}


def seasons(hours: dict[str, str]) -> Tree:
    return {name: named(name, hours=length) for name, length in hours.items()}


def profile(spread: str, **shares: str) -> Tree:
    return named("course", spread=spread, values=shares)


def heap(of: str = "works.slag", **rest: Any) -> Tree:
    return named("heap", byproduct=of, **{"reclaim": "0 t/a", **rest})


def exchange(
    hours: dict[str, str],
    made: Tree,
    need: str = "80 t/a",
    *,
    use_profile: str | None = None,
    haul: dict[str, Any] | None = None,
    **sections: Any,
) -> Park:
    """Slag of one works into the clinker of one cement works at 5 CNY/t."""
    clinker = use(need, "slag", **({"profile": use_profile} if use_profile else {}))
    return park(
        {"works": makes(slag=made), "cement": needs(clinker=clinker)},
        {"haul": link("works.slag", "cement.clinker", cost="5 CNY/t", **(haul or {}))},
        seasons=seasons(hours),
        **sections,
    )


def year_of(found: Park, solver: str = "glpk", goal: str = "utilisation") -> Optimum:
    """The optimum by season; it has passed the independent check."""
    data = slice_of(found)
    return optimise_year(found, data, cut(found, data), Goal(goal), solver)


def sent(optimum: Optimum) -> list[float]:
    """What goes over the one link in each season."""
    return [point.sent["haul", "cement.clinker"] for point in optimum.points]


# --- what falls on a season


def test_without_profiles_amounts_follow_the_hours() -> None:
    """100 t/a and 80 t/a over 6,570 h and 2,190 h: three quarters and one quarter."""
    found = exchange(SUMMER_FIRST, byproduct("100 t/a"))
    slices = cut(found, slice_of(found)).slices
    assert [part.supplies["works.slag"].fixed for part in slices] == pytest.approx([75, 25])
    assert [part.needs["cement.clinker"].fixed for part in slices] == pytest.approx([60, 20])


def test_a_stop_by_a_load_profile_is_lost_to_the_year() -> None:
    """Stopped for the 2,190 h of winter: 75 of 100 t/a are made, all of them in summer."""
    courses = {"stop": profile("load", summer="100 %", winter="0 %")}
    found = exchange(SUMMER_FIRST, byproduct("100 t/a", profile="stop"), profiles=courses)
    assert mean_load(found, "stop") == pytest.approx(0.75)
    assert part_in(found, "stop", "summer") == pytest.approx(1.0)
    assert [load_in(found, "stop", s) for s in SUMMER_FIRST] == [1.0, 0.0]
    slices = cut(found, slice_of(found)).slices
    assert [part.supplies["works.slag"].fixed for part in slices] == pytest.approx([75, 0])


def test_a_weight_profile_spreads_the_years_amount() -> None:
    """30 % x 2,190 h = 10 % x 6,570 h: half of the 100 t/a in each season, none is lost."""
    courses = {"heat": profile("weight", summer="10 %", winter="30 %")}
    found = exchange(SUMMER_FIRST, byproduct("100 t/a", profile="heat"), profiles=courses)
    assert mean_load(found, "heat") == 1.0
    assert load_in(found, "heat", "winter") == 1.0
    slices = cut(found, slice_of(found)).slices
    assert [part.supplies["works.slag"].fixed for part in slices] == pytest.approx([50, 50])


def test_one_slice_has_the_same_yearly_generation_and_needs_as_the_seasons() -> None:
    """Load 100 %, 40 %: 0.75 + 0.25 x 0.4 = 85 % of 100 t/a; the need of 80 t/a is only spread."""
    courses = {
        "slow": profile("load", summer="100 %", winter="40 %"),
        "heat": profile("weight", summer="0 %", winter="100 %"),
    }
    made = byproduct("100 t/a", profile="slow")
    found = exchange(SUMMER_FIRST, made, use_profile="heat", profiles=courses)
    whole = slice_of(found)
    slices = cut(found, whole).slices
    assert whole.supplies["works.slag"].fixed == pytest.approx(85)
    assert sum(s.supplies["works.slag"].fixed for s in slices) == pytest.approx(85)
    assert whole.needs["cement.clinker"].fixed == pytest.approx(80)
    assert sum(s.needs["cement.clinker"].fixed for s in slices) == pytest.approx(80)
    assert solve(found).rate.denominator == pytest.approx(85)


def test_the_rate_of_a_year_is_the_sum_of_its_seasons_never_their_mean(solver: str) -> None:
    """25 t are made in winter, where 25 t are needed, R = 1; 75 t in summer, none needed, R = 0.

    Over the year 25 / 100 = 25 %; the mean of the two would be 50 %. With half of the 100 t made
    in each season, and 50 t needed in winter, it is 50 %; the mean by hours would be 25 %.
    """
    courses = {
        "heat": profile("weight", summer="0 %", winter="100 %"),
        "even": profile("weight", summer="10 %", winter="30 %"),
    }
    made = byproduct("100 t/a", profile="even")
    found = exchange(SUMMER_FIRST, made, "50 t/a", use_profile="heat", profiles=courses)
    best = year_of(found, solver)
    rates = [rate_of(data, point).value for data, point in best.seasons()]
    assert rates == pytest.approx([0.0, 1.0], abs=1e-8)
    assert near(best.rate.value, 0.5)
    assert near(best.rate.numerator, 50)
    assert near(best.rate.denominator, 100)
    uneven = exchange(
        SUMMER_FIRST, byproduct("100 t/a"), "25 t/a", use_profile="heat", profiles=courses
    )
    assert near(year_of(uneven, solver).rate.value, 0.25)


def test_capacities_go_by_hours(solver: str) -> None:
    """All of the need lies in winter: the line of 40 t/a passes 10 t there, of 25 t made."""
    courses = {"heat": profile("weight", summer="0 %", winter="100 %")}
    haul = {"capacity": "40 t/a"}
    made = byproduct("100 t/a")
    found = exchange(SUMMER_FIRST, made, use_profile="heat", haul=haul, profiles=courses)
    best = year_of(found, solver)
    assert sent(best) == pytest.approx([0, 10], abs=1e-6)
    assert near(best.rate.value, 0.1)


# --- heaps


def store_park(buffer: str | None, capacity: str | None = None, **rest: str) -> Park:
    """Slag falls in summer, clinker is needed in winter; a heap costs 30 CNY/t."""
    courses = {
        "early": profile("weight", summer="100 %", winter="0 %"),
        "late": profile("weight", summer="0 %", winter="100 %"),
    }
    limit = {} if capacity is None else {"capacity": capacity}
    made = byproduct("100 t/a", profile="early", routes={"heap": route("30 CNY/t", **limit)})
    kept = {} if buffer is None else {"stockpiles": {"pile": heap(buffer=buffer, **rest)}}
    return exchange(SUMMER_FIRST, made, use_profile="late", profiles=courses, **kept)


def test_without_a_buffer_nothing_reaches_a_later_season(solver: str) -> None:
    """100 t on the heap at 30 and 80 t bought at 50: 7,000 CNY."""
    best = year_of(store_park(None), solver)
    assert near(best.rate.value, 0.0)
    assert near(best.cost_cny, 7_000)


def test_what_waits_for_a_later_season_is_bounded_by_the_buffer(solver: str) -> None:
    """50 t wait through summer, 6,570 of 8,760 h at 12 CNY/t: 50 x 9 = 450 CNY.

    The other 50 t go to the heap (1,500), 30 t are bought (1,500), 50 t are hauled (250): 3,700.
    """
    best = year_of(store_park("50 t", holding_cost="12 CNY/t"), solver)
    assert best.levels["summer", "works.slag"] == pytest.approx(50, abs=1e-6)
    assert best.levels["winter", "works.slag"] == pytest.approx(0, abs=1e-6)
    assert near(best.points[0].put["works.slag"], 50)
    assert near(best.points[1].taken["works.slag"], 50)
    assert near(best.cost_items["holding"], 450)
    assert near(best.cost_cny, 3_700)
    assert near(best.rate.value, 0.5)


def late_park(capacity: str = "40 t/a", kind: str = "stored", **policy: str) -> Park:
    """100 t of slag fall in winter, the last season, 80 t of clinker are needed there.

    The heap costs 30 CNY/t, is not compliant (25 CNY/t of tax) and emits 5 kg/t; in a flat over
    the yard, at 9 CNY/t, nothing is taken. 200 t can wait for a later season at 12 CNY/t a year.
    """
    courses = {"late": profile("weight", summer="0 %", winter="100 %")}
    flat = route("9 CNY/t", kind="sold", capacity="0 t/a")
    heaped = route("30 CNY/t", kind=kind, compliant=False, capacity=capacity, co2e="5 kg/t")
    made = byproduct("100 t/a", profile="late", tax="slag", routes={"flat": flat, "heap": heaped})
    clinker = use("80 t/a", "slag", profile="late")
    clinker["virgin"] = named("limestone", price="50 CNY/t", co2e="0 t/t")
    return park(
        {"works": makes(slag=made), "cement": needs(clinker=clinker)},
        {"haul": link("works.slag", "cement.clinker", cost="5 CNY/t")},
        seasons=seasons(SUMMER_FIRST),
        profiles=courses,
        stockpiles={"pile": heap(buffer="200 t", holding_cost="12 CNY/t")},
        policy={"environmental_tax": {"slag": "25 CNY/t"}, **policy},
    )


def test_what_is_left_at_the_end_is_stored_by_its_route(solver: str) -> None:
    """Of 40 t/a the heap takes 10 t in winter. 80 t are used, 10 t dumped, 10 t left: 20 t in all.

    Lying costs 10 x 12 x 0.25 = 30 CNY, the heap 20 x 30 = 600, its tax 20 x 25 = 500, the haul
    400. 20 t x 5 kg/t = 0.1 t CO2e, at 100 CNY/t 10 CNY.
    """
    best = year_of(late_park(carbon_price="100 CNY/t"), solver)
    assert best.levels["winter", "works.slag"] == pytest.approx(10, abs=1e-6)
    assert near(best.cost_items["holding"], 30)
    assert near(best.cost_items["disposal"], 600)
    assert near(best.cost_items["tax"], 500)
    assert near(best.cost_items["carbon_price"], 10)
    assert near(best.cost_cny, 30 + 600 + 500 + 400 + 10)
    assert near(best.co2e_items["disposal"], 0.1)
    assert near(best.rate.value, 0.8)


def test_what_is_left_uses_the_yearly_capacity_of_its_route(solver: str) -> None:
    """Of 20 t/a the heap takes 5 t in winter and stores 15 t at the end; of 19 t/a, 1 t lacks."""
    best = year_of(late_park("20 t/a"), solver)
    assert best.levels["winter", "works.slag"] == pytest.approx(15, abs=1e-6)
    with pytest.raises(NoAnswer) as caught:
        year_of(late_park("19 t/a"), solver)
    assert "yearly capacity of the route 'heap'" in str(caught.value)


def test_nothing_is_left_where_no_route_stores(solver: str) -> None:
    """What is burnt is burnt when it falls: 20 t in winter need 80 t/a; 10 t cannot be left."""
    enough = year_of(late_park("80 t/a", "incinerated"), solver)
    assert near(enough.levels["winter", "works.slag"], 0)
    with pytest.raises(NoAnswer):
        year_of(late_park("40 t/a", "incinerated"), solver)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"co2e_t": 0.0}, "carbon"),
        ({"fee_cny": 0.0}, "cost"),
        ({"tax_cny": 0.0}, "cost"),
        ({"capacity": None}, "year of works.slag heap"),
    ],
)
def test_a_wrong_number_of_what_is_left_does_not_pass_the_check(
    wrong: dict[str, float | None], place: str
) -> None:
    """The slice says otherwise than the park file; the route takes 19 t/a and must take 20 t."""
    found = late_park("19 t/a" if "capacity" in wrong else "40 t/a")
    data = slice_of(found)
    year = cut(found, data)
    store = year.stores["works.slag"]
    assert store.left is not None
    stores = {"works.slag": replace(store, left=replace(store.left, **wrong))}
    with pytest.raises(FailedCheck, match=place):
        optimise_year(found, data, replace(year, stores=stores))


def test_a_heap_that_is_not_empty_does_not_pass_where_no_route_stores() -> None:
    """The store of a heap that stores is put into a year whose by-product is burnt."""
    found, other = late_park("40 t/a", "incinerated"), late_park()
    year = cut(found, slice_of(found))
    stores = cut(other, slice_of(other)).stores
    with pytest.raises(FailedCheck, match=r"left of works\.slag"):
        optimise_year(found, slice_of(found), replace(year, stores=stores))


def test_units_of_a_buffer_are_those_of_the_material(solver: str) -> None:
    """0.05 kt and 0.012 CNY/kg are the 50 t and 12 CNY/t of the test above."""
    best = year_of(store_park("0.05 kt", holding_cost="0.012 CNY/kg"), solver)
    assert near(best.cost_cny, 3_700)


def test_old_heaps_hold_for_the_whole_year(solver: str) -> None:
    """10 t made, 5 t in the old heap, 50 t/a could be dug: 15 t of 80 t, all of it counted."""
    old = {"pile": heap(stock="5 t", reclaim="50 t/a")}
    found = exchange(HALVES, byproduct("10 t/a"), stockpiles=old)
    for best in (year_of(found, solver), solve(found, solver=solver)):
        assert near(best.rate.numerator, 15)
        assert near(best.rate.old, 5)
        assert near(best.point.drawn["works.slag"], 5)


def test_two_old_heaps_of_one_by_product_are_added(solver: str) -> None:
    """5 t and 7 t lie there: 12 t can be drawn over the year."""
    old = {"one": heap(stock="5 t", reclaim="50 t/a"), "two": heap(stock="7 t", reclaim="50 t/a")}
    found = exchange(HALVES, byproduct("10 t/a"), stockpiles=old)
    assert near(year_of(found, solver).rate.old, 12)
    assert near(solve(found, solver=solver).rate.old, 12)


def test_lines_at_old_heaps_dig_by_hours(solver: str) -> None:
    """The need lies in b: 5 t of the 10 t made, and 10 t of the 20 t/a that can be dug."""
    courses = {"late": profile("weight", a="0 %", b="100 %")}
    old = {"pile": heap(stock="40 t", reclaim="20 t/a")}
    made = byproduct("10 t/a")
    found = exchange(HALVES, made, use_profile="late", profiles=courses, stockpiles=old)
    best = year_of(found, solver)
    assert near(best.point.drawn["works.slag"], 10)
    assert near(best.rate.value, 15 / 20)


def test_production_is_laid_up_for_the_season_that_needs_more(solver: str) -> None:
    """Three seasons of 100 t of capacity; 60, 80, 140 t are needed.

    The third lacks 40 t: 20 t come from the second season, 20 t from the first. 20 t lie after the
    first and 40 t after the second; a season costs 30 / 3 = 10 CNY/t: 600 CNY. 280 t at 10 CNY/t
    are 2,800 CNY: together 3,400 CNY.
    """
    thirds = {"one": "2920 h", "two": "2920 h", "three": "2920 h"}
    asked = profile("weight", one="60 %", two="80 %", three="140 %")
    boats = byproduct("300 t/a", routes={"rest": route("1000 CNY/t")})
    found = park(
        {
            "yard": runs({"boats": boats}, {}, capacity="300 t/a", running_cost="10 CNY/t"),
            "shop": needs(boats=use("280 t/a", "boats", virgin="1000 CNY/t", profile="asked")),
        },
        {"haul": link("yard.boats", "shop.boats")},
        {"boats": material(waste_class="product")},
        seasons=seasons(thirds),
        profiles={"asked": asked},
        stockpiles={"dock": heap("yard.boats", buffer="200 t", holding_cost="30 CNY/t")},
    )
    best = year_of(found, solver, "cost")
    assert [best.levels[s, "yard.boats"] for s in thirds] == pytest.approx([20, 40, 0], abs=1e-6)
    assert near(best.cost_items["holding"], 600)
    assert near(best.cost_cny, 3_400)
    assert best.rate.value is None


# --- one season, equal seasons, order of seasons


def test_one_season_of_the_whole_year_is_the_one_slice_answer(solver: str) -> None:
    """Nothing can wait for a later season where there is none; a buffer changes nothing."""
    kept = {"pile": heap(buffer="50 t", stock="5 t", reclaim="9 t/a")}
    found = exchange({"all": "8760 h"}, byproduct("100 t/a", "30 CNY/t"), stockpiles=kept)
    by_season, whole = year_of(found, solver), solve(found, solver=solver)
    assert by_season.point == whole.point
    assert by_season.cost_items == whole.cost_items
    assert by_season.rate == whole.rate


@settings(max_examples=25, deadline=None)
@given(trees(), st.integers(2, 4), st.sampled_from(["utilisation", "cost"]))
def test_equal_seasons_without_profiles_change_nothing(small: Tree, count: int, goal: str) -> None:
    equal = {f"s{i}": f"{8760 / count!r} h" for i in range(count)}
    found = checked(small | {"seasons": seasons(equal)})
    by_season, whole = year_of(found, "highs", goal), solve(found, goal, "highs")
    assert (by_season.rate.value is None) == (whole.rate.value is None)
    assert near(by_season.rate.value or 0.0, whole.rate.value or 0.0, 1e-6)
    assert near(by_season.cost_cny, whole.cost_cny, 1e-6)


WEIGHTS = st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any)


@settings(max_examples=25, deadline=None)
@given(trees(), WEIGHTS, WEIGHTS, st.permutations(["x", "y", "z"]))
def test_without_heaps_the_order_of_the_seasons_is_nothing(
    small: Tree, makes_by: list[int], needs_by: list[int], order: list[str]
) -> None:
    hours = {"x": "1000 h", "y": "3000 h", "z": "4760 h"}
    courses = {
        "made": profile("weight", **dict(zip(hours, map("{} %".format, makes_by), strict=True))),
        "need": profile("load", **dict(zip(hours, map("{}0 %".format, needs_by), strict=True))),
    }
    for company in small["enterprises"].values():
        for plant in company["units"].values():
            for made in plant["byproducts"].values():
                made["profile"] = "made"
            for need in plant["uses"].values():
                need["profile"] = "need"
    values = []
    for names in (list(hours), order):
        cut_so = seasons({name: hours[name] for name in names})
        best = year_of(checked(small | {"seasons": cut_so, "profiles": courses}), "highs")
        values.append((best.rate.value, best.cost_cny))
    assert near(values[0][0] or 0.0, values[1][0] or 0.0, 1e-6)
    assert near(values[0][1], values[1][1], 1e-6)


# --- supply-driven units


def mill(**rest: Any) -> Park:
    """A mill of 80 t/a that stands still in b and must run at 40 % in a."""
    return park(
        {
            "works": makes(slag=byproduct("100 t/a", "30 CNY/t")),
            "mill": runs({}, {"feed": use("80 t/a", "slag", virgin=None)}, **rest),
        },
        {"haul": link("works.slag", "mill.feed")},
        seasons=seasons(HALVES),
        profiles={"stop": profile("load", a="100 %", b="0 %")},
    )


def test_a_stopped_unit_keeps_no_least_load(solver: str) -> None:
    """Half of the year it runs, full: 40 t of the 50 t made in a; 40 t of 100 t in the year.

    As one slice it runs between 40 % x 1/2 = 20 % and 50 % of a full year.
    """
    found = mill(profile="stop", min_load="40 %")
    best = year_of(found, solver)
    assert [point.running["mill.plant"] for point in best.points] == pytest.approx([1, 0])
    assert near(best.rate.value, 0.4)
    runner = slice_of(found).runners["mill.plant"]
    assert (runner.min_load, runner.max_load) == pytest.approx((0.2, 0.5))
    assert near(solve(found, solver=solver).rate.value, 0.4)


# --- marginals, reasons


def test_marginals_and_reasons_are_those_of_their_seasons(solver: str) -> None:
    """50 t are made in each half; the line takes 30 t, the need of 60 t lies in a.

    In a the line is full: a tonne more of it is 1 / 100 of R. In b nothing is needed.
    """
    courses = {"early": profile("weight", a="100 %", b="0 %")}
    made, haul = byproduct("100 t/a"), {"capacity": "60 t/a"}
    found = exchange(HALVES, made, "60 t/a", use_profile="early", haul=haul, profiles=courses)
    best = year_of(found, solver)
    assert sent(best) == pytest.approx([30, 0], abs=1e-6)
    stage = best.stage("rate")
    assert stage is not None
    assert stage.marginals["link_capacity", ("a", "haul")] == pytest.approx(0.01)
    assert stage.marginals["link_capacity", ("b", "haul")] == pytest.approx(0.0, abs=1e-12)
    (held,) = explain(best)
    assert (held.generated, held.used) == pytest.approx((100, 30))
    reasons = {reason.code: reason for reason in held.reasons}
    assert reasons["link_full"].seasons == ({"zh": "a", "en": "a"},)
    assert reasons["season"].seasons == ({"zh": "b", "en": "b"},)
    for lang in ("zh", "en"):
        assert "a" in reasons["link_full"].text(lang)
    assert reasons["link_full"].text("en") != replace(reasons["link_full"], seasons=()).text("en")


def test_a_reason_that_holds_in_every_season_names_none(solver: str) -> None:
    """The line takes 30 t of 50 t in each half."""
    made, haul = byproduct("100 t/a"), {"capacity": "60 t/a"}
    (held,) = explain(year_of(exchange(HALVES, made, "200 t/a", haul=haul), solver))
    (reason,) = held.reasons
    assert reason.code == "link_full"
    assert reason.seasons == ()


# --- the independent check


def faults_of(best: Optimum, points: tuple[Point, ...], levels: Any) -> str:
    rate = best.rate
    claim = Claim(rate.numerator, rate.denominator, best.cost_cny, 0.0)
    with pytest.raises(FailedCheck) as caught:
        verify(best.park, best.year, points, levels, claim)
    return str(caught.value)


def test_a_wrong_level_does_not_pass_the_check() -> None:
    best = year_of(store_park("50 t"))
    wrong = dict(best.levels) | {("summer", "works.slag"): 40.0}
    assert "heap of works.slag after summer" in faults_of(best, best.points, wrong)


@pytest.mark.parametrize("kind", ["put", "taken"])
def test_a_wrong_amount_put_or_taken_does_not_pass_the_check(kind: str) -> None:
    best = year_of(store_park("50 t"))
    season = 0 if kind == "put" else 1
    wrong = list(best.points)
    wrong[season] = replace(wrong[season], **{kind: {"works.slag": 20.0}})
    assert "works.slag" in faults_of(best, tuple(wrong), best.levels)


def test_more_than_the_buffer_does_not_pass_the_check() -> None:
    """60 t through a buffer of 50 t: the balances hold, the buffer does not."""
    best = year_of(store_park("60 t"))
    smaller = store_park("50 t")
    rate = best.rate
    claim = Claim(rate.numerator, rate.denominator, best.cost_cny, 0.0)
    with pytest.raises(FailedCheck, match=r"heap of works\.slag after summer: 60 above 50"):
        verify(smaller, best.year, best.points, best.levels, claim)


def test_more_than_lies_in_an_old_heap_does_not_pass_the_check() -> None:
    """9 t were dug out where 5 t lie."""
    best = solve(exchange(HALVES, byproduct("10 t/a"), stockpiles={"p": heap(reclaim="9 t/a")}))
    known = {"p": heap(reclaim="9 t/a", stock="5 t")}
    smaller = exchange(HALVES, byproduct("10 t/a"), stockpiles=known)
    claim = Claim(best.rate.numerator, best.rate.denominator, best.cost_cny, 0.0)
    with pytest.raises(FailedCheck, match=r"drawn of works\.slag: 9 above 5"):
        verify(smaller, best.year, best.points, best.levels, claim)


# --- kept


def test_a_result_by_season_is_kept_and_read_back(tmp_path: Path) -> None:
    """Read back, the scenario is cut by season again and gives the same numbers."""
    whole = tree(
        {"works": makes(slag="100 t/a"), "cement": needs(clinker=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.clinker")},
        seasons=seasons(HALVES),
        profiles={"early": profile("weight", a="100 %", b="0 %")},
        stockpiles={"pile": heap(buffer="10 t")},
    )
    plant = whole["enterprises"]["cement"]["units"]["plant"]
    plant["uses"]["clinker"]["profile"] = "early"
    asked = replace(load_question(write(whole, tmp_path / "tiny.yaml")), by_season=True)
    result = answer(asked, solver="glpk")
    assert near(result.optimum.rate.value, 0.5)
    kept = Kept(save(result, tmp_path / "kept"))
    assert kept.document["periods"] == ["a", "b"]
    assert kept.point() == result.optimum.point
    assert kept.scenario().by_season
    again = answer(kept.scenario(), kept.goal, "glpk")
    assert again.optimum.levels == result.optimum.levels
    assert again.document()["flows"] == result.document()["flows"]


# --- what is refused


def codes(**changed: Any) -> list[tuple[str, str]]:
    """What is wrong with a park of two halves, whose slag follows the profile ``course``."""
    given: dict[str, Any] = {"made_by": "course", **changed}
    courses = given.pop("profiles", {"course": profile("load", a="100 %", b="50 %")})
    hours = given.pop("hours", HALVES)
    made = byproduct("100 t/a", profile=given.pop("made_by"))
    with pytest.raises(InputError) as caught:
        exchange(hours, made, profiles=courses, **given)
    return [(problem.code, problem.key) for problem in caught.value.problems]


def test_a_by_product_that_follows_no_known_profile_is_named_with_the_nearest() -> None:
    made = byproduct("100 t/a", profile="corse")
    with pytest.raises(InputError) as caught:
        exchange(HALVES, made, profiles={"course": profile("load", a="100 %", b="50 %")})
    (problem,) = caught.value.problems
    assert problem.code == "unknown_name"
    assert problem.key == "enterprises.works.units.plant.byproducts.slag.profile"
    assert "course" in problem.hint("en")
    assert "course" in problem.hint("zh")


def test_a_use_and_a_unit_are_asked_for_their_profile_too() -> None:
    key = "enterprises.cement.units.plant.uses.clinker.profile"
    assert codes(use_profile="nope") == [("unknown_name", key)]
    with pytest.raises(InputError, match="nope"):
        mill(profile="nope")


def test_a_profile_names_every_season_and_no_other() -> None:
    assert codes(profiles={"course": profile("load", a="100 %")}) == [
        ("season_missing", "profiles.course.values")
    ]
    assert codes(profiles={"course": profile("load", a="1 %", b="1 %", c="1 %")}) == [
        ("unknown_name", "profiles.course.values.c")
    ]


def test_a_profile_needs_seasons() -> None:
    assert codes(hours={}) == [("profile_without_seasons", "profiles.course.values")]


@pytest.mark.parametrize("hours", ["4404 h", "4000 h", "1 h"])
def test_seasons_make_up_a_year_of_8760_hours(hours: str) -> None:
    """A leap year of 8,784 h is refused too: every year is counted alike."""
    assert codes(hours=HALVES | {"b": hours}) == [("not_a_year", "seasons")]


def test_rounded_hours_are_a_year() -> None:
    thirds = {"a": "2920.1 h", "b": "121.67 d", "c": "2920 h"}
    assert exchange(thirds, byproduct("100 t/a")).seasons["b"].hours.amount > 2900


def test_a_weight_that_is_nowhere_is_refused() -> None:
    """A load of 0 % in every season is a unit that stands still all year; that can be."""
    nothing = {"a": "0 %", "b": "0 %"}
    assert codes(profiles={"course": profile("weight", **nothing)}) == [
        ("weighs_nothing", "profiles.course.values")
    ]
    still = {"course": profile("load", **nothing)}
    best = year_of(exchange(HALVES, byproduct("100 t/a", profile="course"), profiles=still))
    assert best.rate.value is None
    idle = use("80 t/a", "slag", profile="course", max_intake="9 t/a")
    companies = {"works": makes(slag="10 t/a"), "cement": needs(clinker=idle)}
    links = {"haul": link("works.slag", "cement.clinker")}
    best = year_of(park(companies, links, seasons=seasons(HALVES), profiles=still))
    assert best.rate.value == 0


@pytest.mark.parametrize(
    ("share", "code"), [("150 %", "too_large"), ("-5 %", "too_small"), ("10 t", "wrong_dimension")]
)
def test_a_load_is_between_nothing_and_full(share: str, code: str) -> None:
    courses = {"course": profile("load", a=share, b="50 %")}
    assert codes(profiles=courses) == [(code, "profiles.course.values.a")]


def test_a_weight_may_be_above_100_percent() -> None:
    courses = {"course": profile("weight", a="150 %", b="50 %")}
    found = exchange(HALVES, byproduct("100 t/a", profile="course"), profiles=courses)
    assert part_in(found, "course", "a") == pytest.approx(0.75)


def test_a_least_load_that_a_season_cannot_reach_is_refused() -> None:
    whole = tree(
        {"mill": runs({}, {"feed": use("80 t/a", "slag")}, profile="slow", min_load="40 %")},
        seasons=seasons(HALVES),
        profiles={"slow": profile("load", a="100 %", b="30 %")},
    )
    with pytest.raises(InputError) as caught:
        checked(whole)
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == (
        "must_run_more_there",
        "enterprises.mill.units.plant.min_load",
    )
    assert "'b'" in problem.message("en")


@pytest.mark.parametrize("key", ["buffer", "holding_cost", "reclaim_cost"])
def test_a_heap_is_counted_in_the_unit_of_its_material(key: str) -> None:
    wrong = {"buffer": "50 GJ", "holding_cost": "3 CNY/GJ", "reclaim_cost": "3 CNY/m3"}[key]
    assert codes(stockpiles={"pile": heap(**{key: wrong})}) == [
        ("wrong_dimension", f"stockpiles.pile.{key}")
    ]


def test_one_by_product_has_one_buffer() -> None:
    two = {"pile": heap(buffer="5 t"), "shed": heap(buffer="7 t")}
    assert codes(stockpiles=two) == [("two_buffers", "stockpiles.shed.buffer")]


# --- long horizons


@pytest.mark.parametrize("goal", ["utilisation", "cost"])
@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_a_long_horizon_is_rolled_over_and_has_the_same_optimum(
    solver: str, goal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """52 weeks: slag is made all year, cement wants ten times as much from the 14th to the 39th.

    Before that 13 x (1.918 - 0.42) t are left over, which the yard of 25 t keeps.
    """
    weeks = {f"w{i:02d}": "168 h" for i in range(51)} | {"w51": "192 h"}
    course = {week: "100 %" if 13 <= i < 39 else "10 %" for i, week in enumerate(weeks)}
    found = exchange(
        weeks,
        byproduct("100 t/a"),
        "120 t/a",
        use_profile="season",
        stockpiles={"yard": heap(buffer="25 t", holding_cost="2 CNY/t")},
        profiles={"season": named("season", spread="weight", values=course)},
    )
    rolled = year_of(found, solver, goal)
    monkeypatch.setattr("symbiosis.solvers.rolling.LONG", 1000)
    cold = year_of(found, solver, goal)
    assert rolled.rate.value == pytest.approx(cold.rate.value, rel=1e-8)
    assert rolled.cost_cny == pytest.approx(cold.cost_cny, rel=1e-8)
    assert max(rolled.levels.values()) == pytest.approx(19.48, abs=0.01)
