"""Links merged to streams, and how wide they are drawn."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.exchange import ExchangeData
from symbiosis.park.load import bundled, load_park
from symbiosis.park.park import Park
from symbiosis.report.amounts import amount_text, round_down
from symbiosis.report.streams import Stream, WidthScale, streams_of, width_scale
from symbiosis.slicing import slice_of

amounts = st.one_of(st.just(0.0), st.floats(min_value=1e-6, max_value=1e9))
ASH, SLAG = ("ash_cement", "cement.blend"), ("slag_cement", "cement.blend")


def solid(amount: float | None, unit: str = "t") -> Stream:
    return Stream("a", "b", "slag", "solid", unit, False, amount)


def test_widths_are_proportional_within_a_unit() -> None:
    """20 pt for 400 kt: 100 kt are 5 pt, and 40 GJ of at most 40 GJ are as wide as GJ may be."""
    scale = width_scale([solid(400e3), solid(100e3), solid(40.0, "GJ")], 20.0, 12.0, 0.9)
    assert scale.width(400e3, "t") == pytest.approx(20.0)
    assert scale.width(100e3, "t") == pytest.approx(5.0)
    assert scale.width(40.0, "GJ") == pytest.approx(12.0)


def test_nothing_is_thinner_than_the_least_width() -> None:
    """At 20 pt per 400 kt, 0.9 pt are 18 kt: below, the width says no amount any more."""
    scale = width_scale([solid(400e3)], 20.0, 12.0, 0.9)
    assert scale.exact_from("t") == pytest.approx(18e3)
    assert [scale.width(a, "t") for a in (17e3, 0.0, None)] == [0.9, 0.9, 0.9]
    assert scale.width(5.0, "GJ") == 0.9


@given(st.lists(amounts, min_size=1), amounts, amounts)
def test_double_the_amount_is_double_the_width(flows: list[float], a: float, b: float) -> None:
    scale = width_scale([solid(flow) for flow in flows], 20.0, 12.0, 0.9)
    wide, narrow = scale.width(max(a, b), "t"), scale.width(min(a, b), "t")
    assert wide >= narrow >= 0.9
    if narrow > 0.9:
        assert wide / narrow == pytest.approx(max(a, b) / min(a, b))
    assert all(scale.width(flow, "t") <= 20.0 * (1 + 1e-12) for flow in flows)


def test_flows_are_drawn_as_existing_and_new(tiny: tuple[Park, ExchangeData]) -> None:
    streams = streams_of(*tiny, {ASH: 60e3, SLAG: 60e3})
    found = {(s.source, s.material): (s.new, s.amount, s.idle) for s in streams}
    assert found == {
        ("power", "ash"): (False, 60e3, False),
        ("smelter", "slag"): (True, 60e3, False),
    }


def test_an_existing_link_without_flow_is_idle_and_a_new_one_is_left_out(
    tiny: tuple[Park, ExchangeData],
) -> None:
    """No ash flows; of the slag there is the dust of a solver."""
    assert [(s.material, s.idle) for s in streams_of(*tiny, {ASH: 0.0, SLAG: 60e3})] == [
        ("slag", False),
        ("ash", True),
    ]
    assert [s.material for s in streams_of(*tiny, {ASH: 60e3, SLAG: 1e-9})] == ["ash"]


def test_against_today_only_links_that_carry_something_today_are_idle(
    tiny: tuple[Park, ExchangeData],
) -> None:
    kept = streams_of(*tiny, {SLAG: 60e3}, {ASH: 50e3})
    gone = streams_of(*tiny, {SLAG: 60e3}, {ASH: 0.0})
    assert [s.material for s in kept] == ["slag", "ash"]
    assert [s.material for s in gone] == ["slag"]


def test_without_flows_every_open_link_is_drawn_with_what_was_reported(
    tiny: tuple[Park, ExchangeData],
) -> None:
    """Reported: 50,000 t/a of ash; of the slag nothing."""
    found = {s.material: (s.amount, s.idle, s.new) for s in streams_of(*tiny)}
    assert found == {"ash": (50e3, False, False), "slag": (None, False, True)}


@pytest.mark.parametrize("name", sorted(bundled("parks")))
def test_merging_conserves_every_material(name: str) -> None:
    """Every arc carries its number in the list: per material nothing is lost or counted twice."""
    park = load_park(name)
    data = slice_of(park)
    sent = {arc.key: 1.0 + i for i, arc in enumerate(data.arcs)}
    streams = streams_of(park, data, sent)
    for material in park.materials:
        before = sum(sent[arc.key] for arc in data.arcs if arc.material == material)
        after = sum(s.amount or 0.0 for s in streams if s.material == material)
        assert after == pytest.approx(before)
    pairs = [(s.source, s.target, s.material, s.new) for s in streams]
    assert len(pairs) == len(set(pairs)) < len(data.arcs)


def test_a_link_into_two_uses_shows_its_reported_flow_once() -> None:
    """In Jinchang nislag_backfill (400,000 t/a reported) can fill two uses of the mines."""
    park = load_park("jinchang")
    data = slice_of(park)
    assert len([arc for arc in data.arcs if arc.link == "nislag_backfill"]) == 2
    (stream,) = [
        s
        for s in streams_of(park, data)
        if (s.source, s.target, s.material) == ("jc_ni_smelter", "jc_mine", "ni_slag")
    ]
    assert stream.amount == pytest.approx(400e3)


def test_what_stays_inside_an_enterprise_is_a_loop(make_park: Callable[..., Park]) -> None:
    park = make_park(7, 2)
    loops = [s for s in streams_of(park, slice_of(park)) if s.loop]
    assert {s.source for s in loops} == {f"e{i}" for i in range(7)}


@pytest.mark.parametrize(
    ("amount", "unit", "zh", "en"),
    [
        (1_258_000.0, "t", "126万t", "1.26 Mt"),
        (58_110.0, "t", "5.81万t", "58.1 kt"),
        (3_000.0, "t", "3,000t", "3 kt"),
        (3_117_000.0, "GJ", "312万GJ", "3.12 PJ"),
        (189e6, "Nm3", "1.89亿Nm³", "189 million Nm³"),
        (11_080_000.0, "m3", "1,110万m³", "11.1 million m³"),
        (385e6, "kWh", "3.85亿kWh", "385 GWh"),
        (0.0, "t", "0t", "0 t"),
    ],
)
def test_amounts_are_said_to_three_digits(amount: float, unit: str, zh: str, en: str) -> None:
    assert amount_text(amount, unit, "zh") == zh
    assert amount_text(amount, unit, "en") == en


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_round_amounts_are_not_above_and_not_far_below(amount: float) -> None:
    assert amount / 2.5 * (1 - 1e-6) <= round_down(amount) <= amount * (1 + 1e-6)


def test_a_scale_without_amounts_draws_everything_thin() -> None:
    assert width_scale([solid(None)], 20.0, 12.0, 0.9) == WidthScale({}, 0.9)
