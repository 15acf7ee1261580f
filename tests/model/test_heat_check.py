"""The independent check of heat: what is wrong anywhere in the cascade is seen and named."""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.optimum import Goal, Optimum
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from symbiosis.verify import Claim, FailedCheck, verify
from tests.model.heat_parks import cold, heat_park, heat_tree, hot, main
from tests.model.parks import checked, named, near, route, solve

WAY = ("source_gas_sink_feed", "sink.feed")


@pytest.fixture(scope="module")
def found() -> Optimum:
    """100 GJ from 200 to 100 °C for 60 GJ from 50 to 150 and 100 GJ from 120 to 220 °C (0 K).

    Free air cools down to 120 °C and a chiller below. Bands are cut at 220, 200, 120 and 50.
    """
    gas = hot("100 GJ/a", 200, 100, 0)
    gas["routes"] = {
        "air": route("0 CNY/GJ", "discharged", temperature="120 °C"),
        "chiller": route("1 CNY/GJ", "treated"),
    }
    late = cold("100 GJ/a", 120, 220, 0)
    return solve(
        heat_park({"gas": gas}, {"feed": cold("60 GJ/a", 50, 150, 0), "late": late}), "cost"
    )


def recheck(found: Optimum, **decisions: dict[Any, float]) -> str:
    """What the check says with some decisions changed; empty where it is content."""
    point = found.points[0]
    changed = {kind: {**getattr(point, kind), **new} for kind, new in decisions.items()}
    rate = found.rate
    claim = Claim(rate.numerator, rate.denominator, found.cost_cny, found.co2e_t or 0.0)
    try:
        verify(found.park, found.year, [replace(point, **changed)], found.levels, claim)
    except FailedCheck as failed:
        return "; ".join(failed.faults)
    return ""


def test_what_was_found_passes(found: Optimum) -> None:
    """All heat finds a taker: 160 GJ are wanted, 60 GJ bought."""
    assert recheck(found) == ""
    assert near(sum(found.point.bought.values()), 60.0)


def test_every_heat_that_leaves_or_arrives_is_checked(found: Optimum) -> None:
    """One GJ more in any column of the cascade is seen."""
    point = found.points[0]
    for kind in ("heat_out", "heat_in"):
        for key, value in getattr(point, kind).items():
            assert f"{key[:2]}" in recheck(found, **{kind: {key: value + 1}}), (kind, key)


def test_negative_heat_is_seen(found: Optimum) -> None:
    key = next(iter(found.points[0].heat_out))
    assert "negative" in recheck(found, heat_out={key: -1.0})


def test_heat_that_passes_upward_is_seen() -> None:
    """40 GJ leave and arrive below 100 °C; the check is told that they arrive above."""
    split = heat_park({"gas": hot("40 GJ/a", 100, 40, 0)}, {"feed": cold("100 GJ/a", 40, 160, 0)})
    answer = solve(split, "cost")
    ends = [key for key in answer.points[0].heat_in if key[:2] == WAY]
    assert [key[2:] for key in ends] == [(40.0, 100.0)]
    lifted = {(*WAY, 100.0, 160.0): 40.0, ends[0]: 0.0}
    assert "passes upward" in recheck(answer, heat_in=lifted)


def test_more_heat_than_a_band_has_is_seen(found: Optimum) -> None:
    """Between 120 and 200 °C there are 80 GJ: 90 over both ways are too many."""
    keys = [k for k in found.points[0].heat_out if k[2:] == (120.0, 200.0)]
    said = recheck(found, heat_out=dict.fromkeys(keys, 45.0))
    assert "heat of source.gas between 120 and 200 °C: 90 above 80" in said


def test_more_heat_than_a_use_wants_in_a_band_is_seen(found: Optimum) -> None:
    """The feed wants 42 GJ between 50 and 120 °C."""
    said = recheck(found, heat_in={(*WAY, 50.0, 120.0): 43.0})
    assert "heat for sink.feed between 50 and 120 °C: 43 above 42" in said


def test_a_band_outside_its_stream_is_seen(found: Optimum) -> None:
    said = recheck(found, heat_out={(*WAY, 200.0, 220.0): 1.0})
    assert "heat of source.gas between 200 and 220 °C: 1 above 0" in said


def test_a_band_across_a_supply_temperature_is_seen(found: Optimum) -> None:
    said = recheck(found, heat_out={(*WAY, 120.0, 220.0): 1.0})
    assert "lies across 200 °C" in said
    assert "overlaps" in said


def test_cooling_by_a_route_that_is_too_warm_is_seen() -> None:
    """Nothing takes the 100 GJ from 100 to 0 °C: 40 of them are below 40 °C, for the chiller."""
    gas = hot("100 GJ/a", 100, 0, 0)
    gas["routes"] = {
        "air": route("0 CNY/GJ", "discharged", temperature="40 °C"),
        "chiller": route("5 CNY/GJ", "treated"),
    }
    answer = solve(heat_park({"gas": gas}, {"feed": cold("10 GJ/a", 200, 210, 0)}), "cost")
    assert near(answer.point.dumped["source.gas", "chiller"], 40.0)
    said = recheck(answer, dumped={("source.gas", "air"): 61.0, ("source.gas", "chiller"): 39.0})
    assert "below 40 °C has no route" in said


def test_a_utility_that_is_too_cold_is_seen() -> None:
    """Steam of 90 °C may heat 50 of 100 GJ; the gas gives the rest. 60 bought are too many."""
    wanted = cold("100 GJ/a", 40, 140, 0)
    wanted["virgin"]["temperature"] = "90 °C"
    answer = solve(heat_park({"gas": hot("50 GJ/a", 200, 150, 0)}, {"feed": wanted}), "cost")
    point = answer.points[0]
    low = (*WAY, 40.0, 90.0)
    high = (*WAY, 90.0, 200.0)
    assert near(point.heat_in[high], 50.0)
    said = recheck(answer, heat_in={high: 40.0, low: 10.0})
    assert "above 90 °C has no source" in said


def test_a_link_that_is_too_cold_carries_nothing() -> None:
    """Heat of a main at 110 °C cannot go to a use at 120 °C; one GJ that goes is seen."""
    whole = heat_park(
        {"gas": hot("100 GJ/a", 200, 100, 0)},
        {"feed": cold("100 GJ/a", 120, 120, 0)},
        ways=[("source.gas", "net.boiler"), ("net.steam", "sink.feed")],
        net=main(110, "200 GJ/a"),
    )
    answer = solve(whole, "cost")
    key = ("net_steam_sink_feed", "sink.feed")
    assert answer.point.sent[key] == 0.0
    said = recheck(answer, sent={key: 1.0}, bought={"sink.feed": 99.0})
    assert "heat out on" in said


def test_district_heat_is_wanted_in_winter_only(solver: str) -> None:
    """Winter 2,920 h, summer 5,840 h: 30 of 90 GJ of gas come in winter, when the town wants 60.

    From 40 to 140 °C (0 K) with gas at 90 °C: 30 GJ below 90, all of them filled by the gas.
    """
    town = cold("60 GJ/a", 40, 140, 0, profile="cold_days")
    whole = heat_tree({"gas": hot("90 GJ/a", 90, 90, 0)}, {"town": town})
    whole["seasons"] = {
        "winter": named("winter", hours="2920 h"),
        "summer": named("summer", hours="5840 h"),
    }
    values = {"winter": "100 %", "summer": "0 %"}
    whole["profiles"] = {"cold_days": named("cold days", spread="weight", values=values)}
    park = checked(whole)
    data = slice_of(park)
    answer = optimise_year(park, data, cut(park, data), Goal.COST, solver)
    assert near(answer.points[0].bought["sink.town"], 30.0)
    assert near(answer.points[1].bought["sink.town"], 0.0)
    assert near(answer.cost_cny, 300.0)
