"""Heat by temperature: it passes only downward, and the least utility is the pinch target."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.errors import InputError, NoAnswer
from symbiosis.explaining import explain
from symbiosis.heat import Stream, pinch_target
from symbiosis.hints import hints_of
from symbiosis.indicators import indicators_of
from symbiosis.optimum import Optimum
from symbiosis.park.park import Park
from symbiosis.slicing import slice_of
from symbiosis.solvers.compile import compile_model
from symbiosis.solvers.exchange import build_model
from tests.model.heat_parks import cold, degrees, heat_park, heat_tree, hot, main, pipe
from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    checked,
    makes,
    material,
    near,
    needs,
    park,
    route,
    runs,
    solve,
    use,
)


def bought(found: Optimum) -> float:
    return sum(found.point.bought.values())


def dumped(found: Optimum) -> float:
    return sum(found.point.dumped.values())


def indicator(found: Optimum, name: str) -> float | None:
    return next(i.value for i in indicators_of(found) if i.id == name)


def four_streams() -> Park:
    """Kemp (2007), p. 4: 20 kW of hot and 60 kW of cold utility, pinch at 85 °C."""
    return heat_park(
        {"gas": hot("330 GJ/a", 170, 60), "oil": hot("180 GJ/a", 150, 30)},
        {"feed": cold("230 GJ/a", 20, 135), "wash": cold("240 GJ/a", 80, 140)},
    )


# --- the cascade


def test_the_four_streams_need_what_the_pinch_says(solver: str) -> None:
    found = solve(four_streams(), "cost", solver)
    assert near(bought(found), 20.0)
    assert near(dumped(found), 60.0)
    assert near(found.cost_cny, 200.0)


def test_targets_stand_beside_what_was_found() -> None:
    found = solve(four_streams(), "cost")
    assert near(indicator(found, "heat_hot_utility"), 20.0)
    assert near(indicator(found, "heat_hot_utility_target"), 20.0)
    assert near(indicator(found, "heat_cold_utility_target"), 60.0)
    assert near(indicator(found, "heat_pinch_temperature"), 85.0)


def test_heat_does_not_pass_upward(solver: str) -> None:
    """100 GJ from 100 to 50 °C meet a use from 40 to 140 °C with 5 K on each side.

    Shifted, 95-45 and 45-145: half of the use lies below 95. All of its 100 GJ below would be met,
    and the 100 GJ above are bought.
    """
    found = solve(
        heat_park({"gas": hot("100 GJ/a", 100, 50)}, {"feed": cold("200 GJ/a", 40, 140)}),
        "cost",
        solver,
    )
    assert near(bought(found), 100.0)
    assert near(dumped(found), 0.0)


def test_in_one_band_heat_is_enough_only_by_its_amount(solver: str) -> None:
    """Shifted 95-45 for both: 100 GJ fill 100 of 120 GJ."""
    streams = {"gas": hot("100 GJ/a", 100, 50)}, {"feed": cold("120 GJ/a", 40, 90)}
    assert near(bought(solve(heat_park(*streams), "cost", solver)), 20.0)


def test_a_greater_approach_costs_heat(solver: str) -> None:
    """Shifted 80-30 with 20 K on the hot side, and 45-145 for the use.

    35 of 50 K of the source lie above 45: 70 GJ pass. The use below 80 wants 70 GJ: all 70 fit.
    """
    streams = {"gas": hot("100 GJ/a", 100, 50, 20)}, {"feed": cold("200 GJ/a", 40, 140)}
    assert near(bought(solve(heat_park(*streams), "cost", solver)), 130.0)


def test_a_link_loses_heat_on_the_way(solver: str) -> None:
    """A tenth is lost: 90 of 100 GJ arrive, all of them low enough."""
    whole = heat_tree({"gas": hot("100 GJ/a", 200, 150)}, {"feed": cold("200 GJ/a", 40, 140)})
    whole["links"]["source_gas_sink_feed"]["loss"] = "10 %"
    assert near(bought(solve(checked(whole), "cost", solver)), 110.0)


def test_a_duty_follows_from_the_heat_capacity_flow() -> None:
    """1 MW is 31,536 GJ/a: 2 MW/K over 50 K are 3,153,600 GJ/a."""
    whole = heat_park(
        {"gas": hot("", 100, 50, flow="2 MW/K")}, {"feed": cold("", 20, 30, flow="3 MW/K")}
    )
    data = slice_of(whole)
    assert near(data.supplies["source.gas"].fixed, 3_153_600.0)
    assert near(data.needs["sink.feed"].fixed, 946_080.0)
    assert near(bought(solve(whole, "cost")), 0.0)


def test_a_main_carries_heat_at_its_own_temperature(solver: str) -> None:
    """100 GJ from 200 to 100 °C; half of it is above the main's 150 °C, and a use at 120 °C.

    Directly all above 120 would pass; through the main only 50 GJ, of which 45 come out again.
    """
    ways = [("source.gas", "net.boiler"), ("net.steam", "sink.feed")]
    whole = heat_park(
        {"gas": hot("100 GJ/a", 200, 100, 0)},
        {"feed": cold("100 GJ/a", 120, 120, 0)},
        ways=ways,
        net=main(150, "200 GJ/a", "180 GJ/a"),
    )
    found = solve(whole, "cost", solver)
    assert near(found.point.sent["source_gas_net_boiler", "net.boiler"], 50.0)
    assert near(bought(found), 55.0)


def test_behind_a_main_the_target_is_what_direct_exchange_would_need() -> None:
    """Directly 80 of the 100 GJ lie above 120 °C: 20 GJ would be bought in place of 55."""
    found = solve(
        heat_park(
            {"gas": hot("100 GJ/a", 200, 100, 0)},
            {"feed": cold("100 GJ/a", 120, 120, 0)},
            ways=[("source.gas", "net.boiler"), ("net.steam", "sink.feed")],
            net=main(150, "200 GJ/a", "180 GJ/a"),
        ),
        "cost",
    )
    assert near(indicator(found, "heat_hot_utility"), 55.0)
    assert near(indicator(found, "heat_hot_utility_target"), 20.0)
    assert near(indicator(found, "heat_cold_utility_target"), 20.0)


def test_a_main_does_not_lift_heat(solver: str) -> None:
    """Heat of a main at 110 °C is too cold for a use at 120 °C, though its source is not."""
    ways = [("source.gas", "net.boiler"), ("net.steam", "sink.feed")]
    whole = heat_park(
        {"gas": hot("100 GJ/a", 200, 100, 0)},
        {"feed": cold("100 GJ/a", 120, 120, 0)},
        ways=ways,
        net=main(110, "200 GJ/a"),
    )
    assert near(bought(solve(whole, "cost", solver)), 100.0)


def test_condensing_heat_boils_at_the_same_shifted_temperature(solver: str) -> None:
    """Isothermal at 125 and at 115 °C with 5 K each: both at 120 shifted."""
    streams = {"steam": hot("80 GJ/a", 125, 125)}, {"pan": cold("100 GJ/a", 115, 115)}
    assert near(bought(solve(heat_park(*streams), "cost", solver)), 20.0)


def boiler_tree(at: int) -> Tree:
    """80 GJ of gas from ``at`` to 90 °C; a boiler at 120 °C makes 0.1 MWh of power per GJ."""
    sold = {"grid": route("-400 CNY/MWh", "sold")}
    power = byproduct("8 MWh/a", material="power", counted="kWh", routes=sold)
    boiler = runs({"power": power}, {"heat": cold("80 GJ/a", 120, 120, 0, virgin=None)})
    whole = heat_tree({"gas": hot("80 GJ/a", at, 90, 0)}, {}, [("source.gas", "boiler.heat")])
    whole["enterprises"]["boiler"] = boiler
    whole["materials"]["power"] = material("power", "kWh", "product")
    return whole


@pytest.mark.parametrize(("at", "kwh"), [(290, 6_800.0), (150, 4_000.0)])
def test_a_waste_heat_boiler_makes_power_of_what_is_hot_enough(
    at: int, kwh: float, solver: str
) -> None:
    """From 290 °C 170 of 200 K are above 120: 68 GJ, 6,800 kWh; from 150 °C 30 of 60 K: 40 GJ."""
    found = solve(checked(boiler_tree(at)), "cost", solver)
    assert near(found.point.dumped["boiler.power", "grid"], kwh)


def test_a_waste_heat_boiler_behind_colder_gas_is_refused() -> None:
    assert "boiler.heat wants heat at 120 °C" in refused(boiler_tree(110))


# --- utilities with temperatures, streams without


def test_a_utility_reaches_only_its_temperature(solver: str) -> None:
    """The use wants 100 GJ from 40 to 140 (0 K); steam reaches 90. Above, only the gas may heat.

    The gas has 60 GJ, 50 of them are kept for the upper half; the rest, 10, fills the lower one.
    """
    wanted = cold("100 GJ/a", 40, 140, 0)
    wanted["virgin"]["temperature"] = "90 °C"
    found = solve(heat_park({"gas": hot("60 GJ/a", 200, 150, 0)}, {"feed": wanted}), "cost", solver)
    assert near(bought(found), 40.0)
    scarce = heat_park({"gas": hot("40 GJ/a", 200, 150, 0)}, {"feed": wanted})
    with pytest.raises(NoAnswer, match="above 90 °C"):
        solve(scarce, "cost", solver)


def test_a_route_takes_heat_only_down_to_its_temperature(solver: str) -> None:
    """100 GJ from 100 to 0 °C; free air cools down to 40, a chiller at 5 CNY/GJ does the rest."""
    chilled = hot("100 GJ/a", 100, 0, 0)
    chilled["routes"] = {
        "air": route("0 CNY/GJ", "discharged", temperature="40 °C"),
        "chiller": route("5 CNY/GJ", "treated"),
    }
    found = solve(heat_park({"gas": chilled}, {"feed": cold("10 GJ/a", 20, 30, 0)}), "cost", solver)
    assert near(found.point.dumped["source.gas", "chiller"], 30.0)
    assert near(bought(found), 0.0)


def test_heat_without_temperature_fills_any_use(solver: str) -> None:
    """30 GJ of plain heat and 50 GJ at 60 °C for a use of 100 GJ from 40 to 140 °C (0 K).

    Of the tempered heat only the 20 GJ below 60 °C of the use can be met: 50 GJ are bought.
    """
    plain = {"material": "heat", "full_load": "30 GJ/a", "counted": "GJ"}
    whole = heat_park(
        {"gas": hot("50 GJ/a", 60, 60, 0), "plain": plain}, {"feed": cold("100 GJ/a", 40, 140, 0)}
    )
    assert near(bought(solve(whole, "cost", solver)), 50.0)


def test_a_use_without_temperature_takes_any_heat(solver: str) -> None:
    wanted = use("30 GJ/a", virgin="10 CNY/GJ", accepts={"heat": accept("1 GJ/GJ")})
    whole = heat_park({"gas": hot("50 GJ/a", 60, 20, 0)}, {"feed": wanted})
    assert near(bought(solve(whole, "cost", solver)), 0.0)


def test_a_park_without_temperatures_has_no_row_or_column_of_heat() -> None:
    plain = {"material": "heat", "full_load": "30 GJ/a", "counted": "GJ"}
    wanted = use("30 GJ/a", virgin="10 CNY/GJ", accepts={"heat": accept("1 GJ/GJ")})
    form = compile_model(build_model(slice_of(heat_park({"gas": plain}, {"feed": wanted})))).form
    assert not [key for key in (*form.row_keys, *form.column_keys) if key[0].startswith("heat")]


# --- reasons


def test_the_reason_names_both_temperatures() -> None:
    """Below the pinch of 85 °C heat is left, above it the uses still lack some."""
    said = [r.text("en") for h in explain(solve(four_streams(), "cost")) for r in h.reasons]
    assert any("has at most 85 °C" in text for text in said), said


# --- the target, and the law that the model meets it


def test_the_problem_table_of_the_four_streams() -> None:
    streams = [
        Stream(230, (25, 140), False),
        Stream(330, (55, 165), True),
        Stream(240, (85, 145), False),
        Stream(180, (25, 145), True),
    ]
    target = pinch_target(streams)
    assert (target.hot_utility, target.cold_utility, target.pinch) == pytest.approx((20, 60, 85))


def test_a_threshold_problem_has_no_pinch() -> None:
    target = pinch_target([Stream(100, (150, 200), True), Stream(40, (20, 60), False)])
    assert target.hot_utility == 0
    assert target.cold_utility == pytest.approx(60)
    assert target.pinch is None


def test_isothermal_streams_meet_at_the_same_temperature() -> None:
    target = pinch_target([Stream(80, (120, 120), True), Stream(100, (120, 120), False)])
    assert target.hot_utility == pytest.approx(20)
    apart = pinch_target([Stream(80, (119, 119), True), Stream(100, (120, 120), False)])
    assert apart.hot_utility == pytest.approx(100)


TEMPERATURES = st.integers(0, 30).map(lambda tens: 10 * tens)
APPROACHES = st.integers(0, 20)
DUTIES = st.integers(1, 500)


@st.composite
def streams(draw: st.DrawFn) -> tuple[Tree, Tree, list[Stream]]:
    """Random hot and cold streams, some of them isothermal, and the same for the problem table."""
    hots: Tree = {}
    colds: Tree = {}
    table = []
    for kind, made, most in (("h", hots, 4), ("c", colds, 4)):
        for i in range(draw(st.integers(1, most))):
            ends = sorted((draw(TEMPERATURES), draw(TEMPERATURES)))
            duty, approach = draw(DUTIES), draw(APPROACHES)
            warm = kind == "h"
            move = -approach if warm else approach
            first, last = (ends[1], ends[0]) if warm else (ends[0], ends[1])
            make: Any = hot if warm else cold
            made[f"{kind}{i}"] = make(f"{duty} GJ/a", first, last, approach)
            table.append(Stream(duty, (ends[0] + move, ends[1] + move), warm))
    return hots, colds, table


@settings(max_examples=40, deadline=None)
@given(drawn=streams(), backend=st.sampled_from(["glpk", "highs"]))
def test_the_least_utility_of_fully_linked_streams_is_the_pinch_target(
    drawn: tuple[Tree, Tree, list[Stream]], backend: str
) -> None:
    hots, colds, table = drawn
    try:
        whole = heat_park(hots, colds)
    except InputError as error:
        pytest.fail(str(error))
    found, target = solve(whole, "cost", backend), pinch_target(table)
    size = sum(stream.duty for stream in table)
    assert abs(bought(found) - target.hot_utility) <= 1e-6 * size
    assert abs(dumped(found) - target.cold_utility) <= 1e-6 * size


# --- what is wrong with a file


def refused(whole: Tree) -> str:
    with pytest.raises(InputError) as caught:
        checked(whole)
    return str(caught.value)


def test_a_hot_stream_that_warms_up_is_refused() -> None:
    said = refused(heat_tree({"gas": hot("9 GJ/a", 50, 100)}, {"feed": cold("9 GJ/a", 20, 30)}))
    assert "source.units.plant.byproducts.gas.heat.target" in said
    assert "target (100 °C) is above its supply (50 °C)" in said


def test_a_cold_stream_that_cools_down_is_refused() -> None:
    said = refused(heat_tree({"gas": hot("9 GJ/a", 90, 80)}, {"feed": cold("9 GJ/a", 60, 30)}))
    assert "target (30 °C) is below its supply (60 °C)" in said


def test_a_use_hotter_than_every_source_without_utility_is_refused() -> None:
    """The gas gives up to 95 °C shifted, the use wants 105."""
    wanted = cold("9 GJ/a", 20, 100, virgin=None)
    said = refused(heat_tree({"gas": hot("90 GJ/a", 100, 50)}, {"feed": wanted}))
    assert "sink.units.plant.uses.feed.heat.target" in said
    assert "sink.feed wants heat at 105 °C" in said
    assert "gives 95 °C" in said


def test_a_use_hotter_than_its_utility_and_every_source_is_refused() -> None:
    wanted = cold("9 GJ/a", 20, 100)
    wanted["virgin"]["temperature"] = "90 °C"
    said = refused(heat_tree({"gas": hot("90 GJ/a", 80, 50)}, {"feed": wanted}))
    assert "gives 90 °C" in said


def test_a_use_that_some_source_can_reach_is_taken() -> None:
    wanted = cold("9 GJ/a", 20, 100, virgin=None)
    heat_park({"gas": hot("90 GJ/a", 110, 50), "oil": hot("9 GJ/a", 60, 50)}, {"feed": wanted})


def test_an_isothermal_stream_needs_a_duty() -> None:
    flow = hot("", 100, 100, flow="2 MW/K")
    assert "gives no duty" in refused(heat_tree({"gas": flow}, {"feed": cold("9 GJ/a", 20, 30)}))


def test_a_duty_is_given_once() -> None:
    twice = hot("9 GJ/a", 100, 50, flow="2 MW/K")
    assert "not both" in refused(heat_tree({"gas": twice}, {"feed": cold("9 GJ/a", 20, 30)}))


def test_temperatures_belong_to_heat() -> None:
    slag = makes(slag=byproduct("9 t/a", heat=degrees(90, 50)))
    with pytest.raises(InputError, match="belong to heat"):
        park({"works": slag})


def test_a_utility_has_a_temperature_only_beside_a_stream() -> None:
    wanted = use("9 t/a", "slag")
    wanted["virgin"]["temperature"] = "90 °C"
    with pytest.raises(InputError, match="means something only"):
        park({"works": makes(slag="9 t/a"), "cement": needs(blend=wanted)})


@settings(max_examples=25, deadline=None)
@given(drawn=streams(), chosen=st.data())
def test_fewer_links_never_need_less_than_the_pinch_target(
    drawn: tuple[Tree, Tree, list[Stream]], chosen: st.DataObject
) -> None:
    """And whatever is found has passed the independent check."""
    hots, colds, table = drawn
    every = [(f"source.{h}", f"sink.{c}") for h in hots for c in colds]
    ways = chosen.draw(st.lists(st.sampled_from(every), unique=True))
    found = solve(heat_park(hots, colds, ways=ways), "cost", "highs")
    size = sum(stream.duty for stream in table)
    assert bought(found) >= pinch_target(table).hot_utility - 1e-6 * size


# --- targets that are no bound


def beside(warm: str) -> Park:
    """A feed of 1,000 GJ/a from 20 to 100 °C, and ``warm`` of heat that has no temperatures."""
    whole = heat_tree(
        {"gas": hot("500 GJ/a", 150, 60)},
        {"feed": cold("1000 GJ/a", 20, 100)},
        other=makes(plain={**byproduct(warm, counted="GJ"), "material": "heat"}),
    )
    whole["links"]["plain"] = pipe("other.plain", "sink.feed")
    return checked(whole)


def test_a_utility_below_its_target_says_why(solver: str) -> None:
    """500 GJ of gas and 300 of plain heat: 200 are bought, where the pinch target is 500."""
    found = solve(beside("300 GJ/a"), "cost", solver)
    assert near(indicator(found, "heat_hot_utility"), 200)
    assert near(indicator(found, "heat_hot_utility_target"), 500)
    (hint,) = hints_of(found, "en")
    assert "200 GJ" in hint
    assert "500 GJ" in hint
    assert "feed" in hint
    assert "夹点目标" in hints_of(found, "zh")[0]


def test_without_other_heat_nothing_is_said(solver: str) -> None:
    assert hints_of(solve(four_streams(), "cost", solver), "en") == []
