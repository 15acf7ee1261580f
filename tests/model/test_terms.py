"""Links as they are: least flows, contracts, charges, partners; treatments with a capacity."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.errors import InputError, NoAnswer
from symbiosis.explaining import explain
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.park import Park
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solvers.compile import compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.terms import most_sent
from symbiosis.solving import optimise_year
from symbiosis.tables import tables_of
from symbiosis.verify import Claim, FailedCheck, verify
from tests.model.parks import (
    Tree,
    accept,
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
    treatment,
    use,
)
from tests.model.random_parks import trees


def one_link(need: str = "80 t/a", **terms: Any) -> Park:
    """100 t of slag and one link at 5 CNY/t into a blend that buys at 50 CNY/t."""
    return park(
        {"works": makes(slag="100 t/a"), "cement": needs(blend=use(need, "slag"))},
        {"haul": link("works.slag", "cement.blend", cost="5 CNY/t", **terms)},
    )


def two_links(first: Tree, second: Tree, **blend: Any) -> Park:
    """100 t of slag and 100 t of ash for one blend of 120 t; hauls at 5 and 7 CNY/t."""
    return park(
        {
            "works": makes(slag="100 t/a"),
            "power": makes(ash="100 t/a"),
            "cement": needs(blend=use("120 t/a", "slag", "ash", **blend)),
        },
        {
            "slag": link("works.slag", "cement.blend", cost="5 CNY/t", **first),
            "ash": link("power.ash", "cement.blend", cost="7 CNY/t", **second),
        },
    )


def sent(found: Optimum, name: str) -> float:
    return sum(amount for key, amount in found.point.sent.items() if key[0] == name)


# --- least flow


def test_a_link_below_its_least_flow_is_idle(solver: str) -> None:
    """80 t are needed, the link runs from 90 t: nothing is sent, 80 t are bought at 50."""
    found = solve(one_link(min_flow="90 t/a"), "cost", solver)
    assert sent(found, "haul") == 0
    assert near(found.cost_cny, 4000)
    assert found.point.runs == {"haul": 0.0}


def test_a_link_above_its_least_flow_runs_as_if_there_were_none(solver: str) -> None:
    """80 t at 5 CNY/t."""
    found = solve(one_link(min_flow="79 t/a"), "cost", solver)
    assert near(sent(found, "haul"), 80)
    assert near(found.cost_cny, 400)


def test_a_least_flow_makes_room_by_turning_another_link_off(solver: str) -> None:
    """A blend of 120 t: slag (100 t at 5) and 20 t of ash at 7 would cost 640.

    Ash runs from 50 t: 70 t of slag at 5 and 50 t of ash at 7 cost 700, slag alone and 20 t bought
    at 50 cost 1,500.
    """
    found = solve(two_links({}, {"min_flow": "50 t/a"}), "cost", solver)
    assert near(sent(found, "ash"), 50)
    assert near(found.cost_cny, 700)


def test_why_a_link_is_idle_is_its_least_flow(solver: str) -> None:
    found = solve(one_link(min_flow="90 t/a"), "utilisation", solver)
    [held] = explain(found)
    reason = next(r for r in held.reasons if r.code == "below_least")
    assert reason.text("en") == (
        "'works.slag to cement.blend' runs with at least 90 t/a or not at all, and is idle"
    )
    assert "90 t/a" in reason.text("zh")


# --- what is paid whole


def test_a_fixed_cost_is_paid_only_where_it_pays(solver: str) -> None:
    """80 t save 45 CNY/t = 3,600 CNY: worth 3,500 a year, not worth 3,700."""
    cheap = solve(one_link(fixed_cost="3500 CNY/a"), "cost", solver)
    assert near(cheap.cost_cny, 3900)
    assert near(cheap.cost_items["fixed"], 3500)
    dear = solve(one_link(fixed_cost="3700 CNY/a"), "cost", solver)
    assert near(dear.cost_cny, 4000)
    assert sent(dear, "haul") == 0


def test_for_the_rate_a_fixed_cost_is_paid_and_named(solver: str) -> None:
    """80 of 100 t: R = 0.8 at 400 + 3,700 CNY."""
    found = solve(one_link(fixed_cost="3700 CNY/a"), "utilisation", solver)
    assert near(found.rate.value, 0.8)
    assert near(found.cost_cny, 4100)


def test_a_lumpy_investment_is_paid_whole_and_another_by_the_tonne(solver: str) -> None:
    """Annuity of 8 % over 15 years: 0.116830 a year of 20,000 CNY = 2,336.59 CNY.

    Lumpy, 80 t pay all of it; spread over a capacity of 100 t, they pay 80 % of it. A link that
    stands pays nothing.
    """
    yearly = 20000 * 0.08 / (1 - 1.08**-15)
    terms = {"status": "planned", "investment": "20000 CNY", "capacity": "100 t/a"}
    lumpy = solve(one_link(**terms, lumpy=True), "cost", solver)
    assert near(lumpy.cost_items["capital"], yearly)
    assert near(lumpy.cost_cny, 400 + yearly)
    spread = solve(one_link(**terms), "cost", solver)
    assert near(spread.cost_cny, 400 + 0.8 * yearly)
    stands = solve(one_link(**{**terms, "status": "existing"}, lumpy=True), "cost", solver)
    assert near(stands.cost_cny, 400)


# --- contracts


def test_a_contract_is_honoured_where_it_does_not_pay(solver: str) -> None:
    """A haul at 60 CNY/t beside virgin material at 50: 30 t by contract, 50 t bought."""
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend", cost="60 CNY/t", contract="30 t/a")},
        ),
        "cost",
        solver,
    )
    assert near(sent(found, "haul"), 30)
    assert near(found.cost_cny, 30 * 60 + 50 * 50)
    cost = found.stage("cost")
    assert cost is not None
    assert near(cost.marginals["contract", "haul"], 10)


def test_a_contract_that_cannot_be_met_is_named(solver: str) -> None:
    """90 t by contract into a need of 80 t: 10 t too much."""
    with pytest.raises(NoAnswer) as caught:
        solve(one_link(contract="90 t/a"), "cost", solver)
    told = [problem.message("en") for problem in caught.value.problems]
    assert any("contract of the link 'works.slag to cement.blend'" in text for text in told)
    assert all(problem.message("zh") for problem in caught.value.problems)


def test_a_contract_comes_with_a_link_that_is_not_there_yet(solver: str) -> None:
    """At 60 CNY/t a planned link is not used; where it is used it sends its contract."""
    common = {"status": "planned", "contract": "70 t/a"}
    idle = solve(one_link("60 t/a", **common), "utilisation", solver)
    assert sent(idle, "haul") == 0
    running = solve(one_link("80 t/a", **common), "utilisation", solver)
    assert near(sent(running, "haul"), 80)


# --- partners


def test_a_use_with_one_partner_takes_the_one_that_serves_best(solver: str) -> None:
    """100 t of slag at 5 with 20 t bought cost 1,500; 100 t of ash at 7 would cost 1,700."""
    found = solve(two_links({}, {}, max_partners=1), "cost", solver)
    assert near(sent(found, "slag"), 100)
    assert sent(found, "ash") == 0
    assert near(found.cost_cny, 1500)


def test_a_use_with_as_many_links_as_partners_needs_no_switches() -> None:
    data = slice_of(two_links({}, {}, max_partners=2))
    assert data.deals.partners == ()
    assert not compile_model(build_model(data)).form.has_integers


def test_a_byproduct_with_one_partner_goes_to_one_taker(solver: str) -> None:
    """100 t of slag for two needs of 60 t: one of them gets 60 t, R = 0.6."""
    whole = park(
        {
            "works": makes(slag=byproduct("100 t/a", max_partners=1)),
            "cement": needs(blend=use("60 t/a", "slag")),
            "bricks": needs(body=use("60 t/a", "slag")),
        },
        {
            "one": link("works.slag", "cement.blend"),
            "two": link("works.slag", "bricks.body"),
        },
    )
    found = solve(whole, "utilisation", solver)
    assert near(found.rate.value, 0.6)
    assert sorted(round(sent(found, name)) for name in ("one", "two")) == [0, 60]
    codes = {r.code for held in explain(found) for r in held.reasons}
    assert "partners_full" in codes


# --- treatments


def washed(capacity: str = "50 t/a", **rest: Any) -> Park:
    """Slag and ash, both washed at the cement works (room for 50 t) and slag at the brickworks."""
    wash = treatment("100 %", "nothing", capacity=capacity, cost="2 CNY/t", **rest)
    taken = {"slag": accept(treatment="wash"), "ash": accept(treatment="wash")}
    return park(
        {
            "works": makes(slag="100 t/a"),
            "power": makes(ash="100 t/a"),
            "cement": needs(blend=use("200 t/a", accepts=taken)),
            "bricks": needs(body=use("30 t/a", accepts={"slag": accept(treatment="wash")})),
        },
        {
            "slag": link("works.slag", "cement.blend", cost="5 CNY/t"),
            "ash": link("power.ash", "cement.blend", cost="7 CNY/t"),
            "body": link("works.slag", "bricks.body", cost="5 CNY/t"),
        },
        treatments={"wash": wash},
    )


def test_links_through_one_treatment_share_its_capacity_at_each_taker(solver: str) -> None:
    """50 t at the cement works in all, though slag and ash have 200 t; 30 t at the brickworks.

    80 t replace virgin material at 50 for 5 + 2: one tonne more of room is worth 43 CNY.
    """
    found = solve(washed(), "cost", solver)
    assert near(sent(found, "slag") + sent(found, "ash"), 50)
    assert near(sent(found, "body"), 30)
    assert near(found.cost_cny, 230 * 50 - 80 * 43)
    cost = found.stage("cost")
    assert cost is not None
    assert near(cost.marginals["treatment", ("cement", "wash")], -43)


def test_a_full_treatment_is_the_reason(solver: str) -> None:
    found = solve(washed(), "utilisation", solver)
    reasons = [r for held in explain(found) for r in held.reasons if r.code == "treatment_full"]
    assert reasons
    assert reasons[0].text("en").startswith("'treatment' at company is full: it takes 50 t/a")
    assert reasons[0].constraint == ("treatment", ("cement", "wash"))


def test_what_is_lost_on_the_way_does_not_enter_the_treatment(solver: str) -> None:
    """Half is lost on the way: 100 t sent fill a room of 50 t."""
    wash = treatment("100 %", "nothing", capacity="50 t/a")
    found = solve(
        park(
            {
                "works": makes(slag="300 t/a"),
                "cement": needs(blend=use("200 t/a", accepts={"slag": accept(treatment="wash")})),
            },
            {"haul": link("works.slag", "cement.blend", loss="50 %")},
            treatments={"wash": wash},
        ),
        "utilisation",
        solver,
    )
    assert near(sent(found, "haul"), 100)


def test_the_power_of_a_treatment_is_paid_where_power_has_a_price(solver: str) -> None:
    """40 kWh/t at 0.5 CNY/kWh add 20 CNY to each of 80 t; without a price they are unpriced."""
    wash = treatment("100 %", "nothing", cost="2 CNY/t", energy="40 kWh/t")
    tree: Tree = {
        "works": makes(slag="100 t/a"),
        "cement": needs(blend=use("80 t/a", accepts={"slag": accept(treatment="wash")})),
    }
    links = {"haul": link("works.slag", "cement.blend")}
    priced = {"power_price": "0.5 CNY/kWh"}
    found = solve(park(tree, links, treatments={"wash": wash}, policy=priced), "cost", solver)
    assert near(found.cost_items["treatment"], 80 * 22)
    bare = solve(park(tree, links, treatments={"wash": wash}), "cost", solver)
    assert near(bare.cost_items["treatment"], 80 * 2)
    assert bare.data.unpriced == ("wash",)


# --- seasons


def seasonal(**terms: Any) -> Park:
    """A winter of 2,190 h and the rest of the year; 80 t are needed, 10 t of them in winter."""
    seasons = {"winter": named("winter", hours="2190 h"), "rest": named("rest", hours="6570 h")}
    # 10 : 70 over hours 1 : 3 are weights 30 : 70
    course = named("course", spread="weight", values={"winter": "30 %", "rest": "70 %"})
    return park(
        {
            "works": makes(slag="400 t/a"),
            "cement": needs(blend=use("80 t/a", "slag", profile="course")),
        },
        {"haul": link("works.slag", "cement.blend", cost="5 CNY/t", **terms)},
        seasons=seasons,
        profiles={"course": course},
    )


def whole(found: Park, goal: str, solver: str) -> Optimum:
    data = slice_of(found)
    return optimise_year(found, data, cut(found, data), Goal(goal), solver)


def test_a_least_flow_holds_in_every_season_in_which_the_link_runs(solver: str) -> None:
    """48 t a year are 12 t in winter, where only 10 t are needed: it runs in the rest alone."""
    found = whole(seasonal(min_flow="48 t/a"), "cost", solver)
    winter, rest = found.points
    assert winter.sent["haul", "cement.blend"] == 0
    assert near(rest.sent["haul", "cement.blend"], 70)
    assert near(found.cost_cny, 70 * 5 + 10 * 50)
    assert found.point.runs == {"haul": 1.0}


def test_a_fixed_cost_is_paid_once_whatever_the_seasons(solver: str) -> None:
    """80 t save 3,600 CNY: worth 3,500, though neither season alone (450, 3,150) would be."""
    found = whole(seasonal(fixed_cost="3500 CNY/a"), "cost", solver)
    assert near(found.cost_cny, 80 * 5 + 3500)
    assert near(found.cost_items["fixed"], 3500)
    dear = whole(seasonal(fixed_cost="3700 CNY/a"), "cost", solver)
    assert near(dear.cost_cny, 80 * 50)


def test_a_contract_falls_on_every_season_by_hours(solver: str) -> None:
    """40 t a year: 10 t in winter and 30 t in the rest, at 60 beside 50 CNY/t."""
    terms = seasonal(contract="40 t/a")
    dear = terms.model_copy(
        update={
            "links": {
                "haul": terms.links["haul"].model_copy(
                    update={"cost": seasonal().links["haul"].cost.__class__(value="60 CNY/t")}
                )
            }
        }
    )
    found = whole(dear, "cost", solver)
    assert [round(p.sent["haul", "cement.blend"], 6) for p in found.points] == [10, 30]


# --- how tight M is


def test_m_is_the_least_of_what_is_there_needed_and_allowed() -> None:
    """Generation 100 t; need 80 t; capacity 70 t; greatest intake 60 t, each in its turn."""
    limits = [("300 t/a", {}), ("80 t/a", {}), ("80 t/a", {"capacity": "70 t/a"})]
    expected = [100.0, 80.0, 70.0]
    for (need, more), most in zip(limits, expected, strict=True):
        data = slice_of(one_link(need, min_flow="10 t/a", **more))
        assert most_sent(data, "haul") == most
    data = slice_of(two_links({"min_flow": "10 t/a"}, {}, max_intake="60 t/a"))
    assert most_sent(data, "slag") == 60.0


def test_m_of_a_supply_driven_unit_is_what_it_makes_and_takes_at_full_load() -> None:
    """A mill that reaches 50 % takes 50 t of slag and makes 40 t of powder."""
    mill = runs(
        {"powder": byproduct("80 t/a")},
        {"feed": use("100 t/a", "slag", virgin=None)},
        availability="50 %",
    )
    whole_park = park(
        {
            "works": makes(slag="300 t/a"),
            "mill": mill,
            "cement": needs(blend=use("90 t/a", "powder")),
        },
        {
            "feed": link("works.slag", "mill.feed", min_flow="1 t/a"),
            "powder": link("mill.powder", "cement.blend", min_flow="1 t/a"),
        },
    )
    data = slice_of(whole_park)
    assert near(most_sent(data, "feed"), 50)
    assert near(most_sent(data, "powder"), 40)


def test_a_switch_without_any_limit_asks_for_a_capacity() -> None:
    """A ratio of 0 sets no limit on the need's side, a heap that feeds back none on the other."""
    data = slice_of(one_link(min_flow="10 t/a"))
    needless = {name: replace(need, free=True) for name, need in data.needs.items()}
    terms = {name: replace(t, most=float("inf")) for name, t in data.deals.terms.items()}
    endless = replace(
        data,
        needs=needless,
        stored=frozenset({"works.slag"}),
        deals=replace(data.deals, terms=terms),
    )
    with pytest.raises(InputError) as caught:
        most_sent(endless, "haul")
    [problem] = caught.value.problems
    assert problem.code == "link_without_limit"
    assert "haul" in problem.message("en")
    assert "capacity" in problem.message("zh")


# --- a park without terms


def test_a_park_without_terms_has_no_row_and_no_column_of_them() -> None:
    form = compile_model(build_model(slice_of(one_link()))).form
    names = {key[0] for key in (*form.row_keys, *form.column_keys)}
    assert not names & {"runs", "least_flow", "most_flow", "contract", "partners", "treatment"}
    assert not form.has_integers


# --- the independent check


def faults(found: Optimum, cost: float | None = None, **changed: Any) -> tuple[str, ...]:
    """What the check says of an optimum with one wrong number."""
    point = replace(found.points[0], **changed)
    claim = Claim(
        found.rate.numerator,
        found.rate.denominator,
        found.cost_cny if cost is None else cost,
        sum(found.co2e_items.values()),
    )
    with pytest.raises(FailedCheck) as caught:
        verify(found.park, found.year, (point,), {}, claim)
    return caught.value.faults


def test_a_link_that_sends_and_claims_to_be_off_is_seen() -> None:
    found = solve(one_link(fixed_cost="100 CNY/a"), "cost")
    told = faults(found, found.cost_cny - 100, runs={"haul": 0.0})
    assert any("switched off" in fault for fault in told)


def test_a_switch_between_on_and_off_is_seen() -> None:
    found = solve(one_link(fixed_cost="100 CNY/a"), "cost")
    assert any("switch of haul" in fault for fault in faults(found, runs={"haul": 0.7}))


def test_a_missing_switch_is_seen() -> None:
    found = solve(one_link(fixed_cost="100 CNY/a"), "cost")
    told = faults(found, found.cost_cny - 100, runs={})
    assert any("without a switch" in fault for fault in told)


def test_a_charge_left_out_of_the_cost_is_seen() -> None:
    found = solve(one_link(fixed_cost="100 CNY/a"), "cost")
    assert any(fault.startswith("cost") for fault in faults(found, found.cost_cny - 100))


def tampered(found: Optimum, **terms: str) -> Optimum:
    """The same answer held against a park whose link has other terms."""
    haul = checked_link(**terms)
    return replace(found, park=found.park.model_copy(update={"links": {"haul": haul}}))


def checked_link(**terms: Any) -> Any:
    return one_link(**terms).links["haul"]


def test_a_flow_below_its_least_flow_or_contract_is_seen() -> None:
    found = solve(one_link(), "cost")
    assert any("least flow" in f for f in faults(tampered(found, min_flow="90 t/a")))
    assert any("contract" in f for f in faults(tampered(found, contract="90 t/a")))


def test_too_many_partners_and_an_overfull_treatment_are_seen() -> None:
    many = solve(two_links({}, {}), "utilisation")
    few = replace(many, park=two_links({}, {}, max_partners=1))
    assert any("2 links run into cement.blend" in fault for fault in faults(few))
    wide = solve(washed("90 t/a"), "utilisation")
    narrow = replace(wide, park=washed("80 t/a"))
    assert any("treatment wash at cement" in fault for fault in faults(narrow))


# --- laws


def with_least(tree: Tree, least: dict[str, int]) -> Tree:
    """The same park with least flows on some of its links, never above their capacity."""
    links = {}
    for name, entry in tree["links"].items():
        most = int(entry.get("capacity", "100000 t/a").removesuffix(" t/a"))
        amount = min(least.get(name, 0), most)
        links[name] = {**entry, "min_flow": f"{amount} t/a"} if amount else entry
    return {**tree, "links": links}


@settings(max_examples=40)
@given(trees(), st.data())
def test_a_link_is_idle_or_above_its_least_flow(tree: Tree, data: st.DataObject) -> None:
    amounts = st.dictionaries(st.sampled_from([*tree["links"], ""]), st.integers(1, 400))
    least = data.draw(amounts)
    found = solve(checked(with_least(tree, least)), "utilisation", "highs")
    for name in tree["links"]:
        flow, terms = sent(found, name), found.data.deals.terms.get(name)
        if terms is not None and flow > 1e-6:
            assert flow >= terms.least * (1 - 1e-6)


@settings(max_examples=25)
@given(trees(), st.data())
def test_to_lift_every_least_flow_never_worsens(tree: Tree, data: st.DataObject) -> None:
    amounts = st.dictionaries(st.sampled_from([*tree["links"], ""]), st.integers(1, 400))
    bound = solve(checked(with_least(tree, data.draw(amounts))), "cost", "highs")
    free = solve(checked(tree), "cost", "highs")
    assert free.cost_cny <= bound.cost_cny + 1e-6 * max(1.0, abs(bound.cost_cny))


def test_both_backends_agree_on_a_park_with_everything() -> None:
    """Least flows, charges, partners and treatments together: one value on both."""
    slag = byproduct("100 t/a", routes={"heap": route("3 CNY/t")}, max_partners=2)
    wash = treatment("90 %", "moisture", capacity="70 t/a", cost="1 CNY/t")
    taken = {"slag": accept("0.9 t/t", treatment="wash"), "ash": accept()}
    found_park = park(
        {
            "works": makes(slag=slag),
            "power": makes(ash="60 t/a"),
            "cement": needs(blend=use("90 t/a", accepts=taken, max_partners=1)),
            "bricks": needs(body=use("50 t/a", "slag", "ash")),
            "road": needs(fill=use("40 t/a", "slag")),
        },
        {
            "a": link("works.slag", "cement.blend", cost="4 CNY/t", min_flow="50 t/a"),
            "b": link("power.ash", "cement.blend", cost="6 CNY/t", fixed_cost="400 CNY/a"),
            "c": link("works.slag", "bricks.body", cost="9 CNY/t", fixed_cost="300 CNY/a"),
            "d": link("power.ash", "bricks.body", cost="2 CNY/t", min_flow="45 t/a"),
            "e": link("works.slag", "road.fill", cost="1 CNY/t", contract="5 t/a"),
        },
        treatments={"wash": wash},
    )
    for goal in ("utilisation", "cost"):
        one, other = (solve(found_park, goal, solver) for solver in ("glpk", "highs"))
        assert near(one.rate.value, other.rate.value or 0.0, 1e-6)
        assert near(one.cost_cny, other.cost_cny, 1e-6)


def test_a_contract_that_a_season_cannot_meet_names_the_season(solver: str) -> None:
    """60 t a year are 15 t in winter, where 10 t are needed."""
    with pytest.raises(NoAnswer) as caught:
        whole(seasonal(contract="60 t/a"), "cost", solver)
    told = caught.value.problems[0].message("en")
    assert told == (
        "contract of the link 'works.slag to cement.blend' in winter would have to give way by 5 t"
    )
    assert caught.value.problems[1].code == "conflict_together"


def test_too_few_partners_for_a_need_are_named(solver: str) -> None:
    """A mine that only slag and ash can fill, 60 t of each, 100 t needed, one link allowed."""
    fill = use("100 t/a", "slag", "ash", virgin=None, max_partners=1, name_en="filling")
    with pytest.raises(NoAnswer) as caught:
        solve(
            park(
                {
                    "works": makes(slag="60 t/a"),
                    "power": makes(ash="60 t/a"),
                    "mine": needs(fill=fill),
                },
                {
                    "slag": link("works.slag", "mine.fill"),
                    "ash": link("power.ash", "mine.fill"),
                },
            ),
            "cost",
            solver,
        )
    told = caught.value.problems
    assert "conflict_need" in {problem.code for problem in told} or any(
        "most links of 'filling'" in problem.message("en") for problem in told
    )
    members = next(p.details["members"]["en"] for p in told if p.code == "conflict_together")
    assert "most links of 'filling' at company" in members


def test_a_least_flow_is_in_conflict_with_nothing_as_the_link_may_be_idle(solver: str) -> None:
    """More than the need: the link is idle, and the rest is bought."""
    found = solve(one_link("10 t/a", min_flow="99 t/a"), "utilisation", solver)
    assert found.rate.value == 0


def test_the_table_of_terms_says_which_links_run_and_what_they_cost(solver: str) -> None:
    """Of 120 t: 100 t of slag at 5 and 20 t bought at 50 cost 1,500 and the charge of 100.

    Ash from 110 t at 7 leaves 10 t: with slag 770 + 50 + 100, bought 770 + 500. It is above what
    there is (100 t), so that it is idle.
    """
    found = solve(two_links({"fixed_cost": "100 CNY/a"}, {"min_flow": "110 t/a"}), "cost", solver)
    slag, ash = tables_of(found)["terms"]
    assert (slag["link"], slag["runs"], slag["fixed_cny"]) == ("slag", True, 100)
    assert near(slag["sent"], 100)
    assert (ash["runs"], ash["least"], ash["unit"], ash["sent"]) == (False, 110, "t", 0)
    assert near(found.cost_cny, 1600)


def test_a_capacity_with_moisture_is_less_of_what_is_dry(solver: str) -> None:
    """A room of 50 t as received at a moisture of 20 % takes 40 t dry."""
    wash = treatment("100 %", "nothing", capacity="50 t wet/a")
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "cement": needs(blend=use("90 t/a", accepts={"slag": accept(treatment="wash")})),
            },
            {"haul": link("works.slag", "cement.blend")},
            {"slag": material(basis="dry", moisture="20 %")},
            treatments={"wash": wash},
        ),
        "utilisation",
        solver,
    )
    assert near(sent(found, "haul"), 40)
