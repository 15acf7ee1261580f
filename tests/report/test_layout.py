"""Where things stand: nothing overlaps, arrows end at their boxes, few of them cross."""

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.report.columns import ROLES, Tie, group_by_role
from symbiosis.report.fitting import Drawing, Fitted, fitted
from symbiosis.report.geometry import Box, across, head_length, looped, on_curve
from symbiosis.report.labels import Wanted, place_labels
from symbiosis.report.ordering import Gap, crossings, ordered, with_gaps
from symbiosis.report.paint import fitted_dashes
from symbiosis.report.stacking import Wish, stacked
from symbiosis.report.streams import Stream

AREA = Box(26.0, 80.0, 1138.0, 650.0)
"""What an A3 page leaves for the network, in points."""


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """From 2 to 30 enterprises of any roles with up to 60 streams, loops among them."""
    number = draw(st.integers(2, 30))
    roles = {f"e{i}": draw(st.sampled_from(ROLES)) for i in range(number)}
    name = st.sampled_from(
        ["甘肃佰利联化学有限公司", "Jinchang Xinchuan Chemical (New Hope)", "Mine"]
    )
    ends = st.sampled_from(sorted(roles))
    amount = st.one_of(st.none(), st.floats(1.0, 1e6))
    made = st.builds(
        Stream,
        ends,
        ends,
        st.sampled_from(["ash", "slag", "gas"]),
        st.just("solid"),
        st.sampled_from(["t", "GJ"]),
        st.booleans(),
        amount,
        st.booleans(),
    )
    streams = draw(st.lists(made, max_size=60))
    return Drawing(roles, {n: draw(name) for n in roles}, tuple(streams))


def overlapping(made: Fitted) -> list[tuple[str, str]]:
    boxes = made.layout.boxes
    return [(a, b) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b], 1.0)]


@settings(max_examples=40)
@given(drawings())
def test_no_two_boxes_overlap_and_arrows_end_at_their_boxes(drawing: Drawing) -> None:
    made = fitted(drawing, AREA)
    boxes = made.layout.boxes
    assert set(boxes) == set(drawing.roles)
    assert not overlapping(made)
    for stream, route in zip(drawing.between, made.layout.routes, strict=True):
        (x, y), source, target = route.curves[0][0], boxes[stream.source], boxes[stream.target]
        assert x in (pytest.approx(source.x), pytest.approx(source.right))
        assert route.tip[0] in (pytest.approx(target.x), pytest.approx(target.right))
        assert source.y <= y <= source.bottom
        assert target.y <= route.tip[1] <= target.bottom
    for stream, loop in zip(drawing.loops, made.layout.loops, strict=True):
        assert loop.tip[1] == pytest.approx(boxes[stream.source].y)


@settings(max_examples=25)
@given(drawings())
def test_arrows_pass_between_boxes(drawing: Drawing) -> None:
    """Where an arrow between columns is level within a column, no box is in its way."""
    made = fitted(drawing, AREA)
    for route in made.layout.routes:
        for curve in route.curves[1:-1]:
            if abs(curve[0][0] - curve[-1][0]) == pytest.approx(made.sizes.box_width):
                middle = on_curve(curve, 0.5)
                assert not any(box.holds(middle) for box in made.layout.boxes.values())


@settings(max_examples=25)
@given(drawings())
def test_a_group_stands_on_its_ground(drawing: Drawing) -> None:
    made = fitted(drawing, AREA)
    panels = {panel.role: panel.box for panel in made.layout.panels}
    for name, role in drawing.roles.items():
        box, ground = made.layout.boxes[name], panels[role]
        assert ground.x <= box.x
        assert box.right <= ground.right
        assert ground.y <= box.y
        assert box.bottom <= ground.bottom
    grounds = [panel.box for panel in made.layout.panels]
    assert not any(a.overlaps(b) for a, b in combinations(grounds, 2))


@pytest.mark.parametrize("number", [2, 3, 10, 37, 60])
def test_from_2_to_60_enterprises_fit_an_a3_page(number: int) -> None:
    """Each sends to two others; text never gets smaller than 6 pt (7.1 pt at a zoom of 0.86)."""
    roles = {f"e{i}": ROLES[i % 5] for i in range(number)}
    streams = [
        Stream(f"e{i}", f"e{(i * 7 + k) % number}", "ash", "solid", "t", k == 3, 1e3 * (i + 1))
        for i in range(number)
        for k in (1, 3)
    ]
    made = fitted(
        Drawing(roles, dict.fromkeys(roles, "某某化工有限责任公司"), tuple(streams)), AREA
    )
    assert made.zoom * 7.1 >= 6.0
    assert not overlapping(made)
    for panel in made.layout.panels:
        assert panel.box.bottom <= AREA.bottom + 1e-6
        assert panel.box.right <= AREA.right + 1e-6


def test_roles_stand_from_left_to_right_and_a_large_one_takes_two_columns() -> None:
    """Five producers at most three high: two columns between anchor and decomposer."""
    roles = {"cement": "decomposer", "mine": "anchor"} | {f"p{i}": "producer" for i in range(5)}
    grouping = group_by_role(roles, [], 3)
    assert [group.role for group in grouping.groups] == ["anchor", "producer", "decomposer"]
    assert grouping.column["mine"] == 0
    assert grouping.column["cement"] == 3
    assert sorted(grouping.column[f"p{i}"] for i in range(5)) == [1, 1, 1, 2, 2]


def test_within_a_role_givers_stand_left_of_takers() -> None:
    """p1 sends to p0 and p3 to p2; as dealt, p0 and p1 stand left, p2 and p3 right."""
    roles = {f"p{i}": "producer" for i in range(4)}
    ties = [Tie("p1", "p0", 1.0), Tie("p3", "p2", 1.0)]
    column = group_by_role(roles, ties, 2).column
    assert [column[name] for name in ("p1", "p3")] == [0, 0]
    assert [column[name] for name in ("p0", "p2")] == [1, 1]


def test_a_long_arrow_has_a_gap_in_each_column_that_it_passes() -> None:
    roles = {"a": "anchor", "b": "producer", "c": "decomposer"}
    columns = with_gaps(group_by_role(roles, [], 5), [Tie("c", "a", 1.0)])
    assert columns.chains == (("c", Gap(0, 1), "a"),)
    assert columns.items[1] == ("b", Gap(0, 1))


def test_the_order_undoes_crossings() -> None:
    """Anchors a, b, c send to decomposers listed the other way round: 3 crossings, then 0."""
    roles = dict.fromkeys("abc", "anchor") | dict.fromkeys("xyz", "decomposer")
    ties = [Tie("a", "z", 1.0), Tie("b", "y", 1.0), Tie("c", "x", 1.0)]
    left, right = ordered(with_gaps(group_by_role(roles, ties, 5), ties)).items
    ends = [(left.index(t.source), right.index(t.target)) for t in ties]
    assert crossings(ends) == 0


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
def test_crossings_are_counted_as_by_comparing_every_pair(ends: list[tuple[int, int]]) -> None:
    by_pairs = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))
    assert crossings(ends) == by_pairs


def test_a_stack_stands_where_it_wishes_or_as_near_as_it_can() -> None:
    """10 high each, 2 apart: wishes of 50 and 50 meet at 44 and 56; a third far below stays."""
    wishes = [Wish(10.0, 50.0, 1.0, 2.0), Wish(10.0, 50.0, 1.0, 2.0), Wish(10.0, 90.0, 1.0, 2.0)]
    assert stacked(wishes, 0.0, 200.0) == pytest.approx([44.0, 56.0, 90.0])


@given(
    st.lists(st.tuples(st.floats(1, 30), st.floats(-50, 400), st.floats(0.1, 5)), max_size=12),
)
def test_a_stack_keeps_its_order_and_its_bounds(found: list[tuple[float, float, float]]) -> None:
    wishes = [Wish(height, top, weight, 3.0) for height, top, weight in found]
    tops = stacked(wishes, 0.0, 500.0)
    for i in range(1, len(tops)):
        assert tops[i] >= tops[i - 1] + wishes[i - 1].height + 3.0 - 1e-6
    assert all(
        -1e-6 <= top <= 500.0 - wish.height + 1e-6 for top, wish in zip(tops, wishes, strict=True)
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_labels_cover_neither_boxes_nor_heads_nor_each_other(order: tuple[int, ...]) -> None:
    routes = [across([(100.0, 20.0 + 8 * i), (400.0, 20.0 + 8 * i)], 1.0) for i in order]
    wall = Box(180.0, 0.0, 60.0, 200.0)
    wanted = [Wanted(i, f"{i}", 40.0, 8.0) for i in range(3)]
    placed = place_labels(wanted, routes, [wall], Box(0.0, 0.0, 500.0, 200.0))
    boxes = [p.box for p in placed] + [wall] + [route.head_box() for route in routes]
    assert placed
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2) if a in [p.box for p in placed])


def test_a_label_without_room_is_left_out() -> None:
    route = across([(0.0, 10.0), (60.0, 10.0)], 1.0)
    assert place_labels([Wanted(0, "x", 80.0, 8.0)], [route], [], Box(0.0, 0.0, 60.0, 20.0)) == []


def test_an_arrow_ends_in_a_head_at_its_tip() -> None:
    route = across([(0.0, 0.0), (100.0, 40.0)], 10.0)
    assert route.tip == (100.0, 40.0)
    assert route.neck == pytest.approx((100.0 - head_length(10.0), 40.0))
    assert route.head()[0] == route.tip


@pytest.mark.parametrize("width", [1.0, 6.0, 12.0, 17.0])
def test_a_dashed_loop_stays_one_arrow(width: float) -> None:
    """Seven dashes or more, the spaces narrower than the dashes, and a whole dash at the head."""
    loop = looped(200.0, 100.0, width)
    on, off = fitted_dashes(loop)
    number = (loop.length() + off) / (on + off)
    assert number == pytest.approx(round(number), abs=1e-6)
    assert off < on
    if width > 6:
        assert round(number) >= 7


def test_a_label_stands_beside_a_loop_and_not_on_it() -> None:
    loop = looped(200.0, 100.0, 17.0)
    wanted = Wanted(0, "power 32 GWh", 60.0, 7.0, beside=True)
    (placed,) = place_labels([wanted], [loop], [], Box(0.0, 0.0, 400.0, 200.0))
    rim = loop.width / 2
    assert not any(
        placed.box.overlaps(Box(x - rim, y - rim, 2 * rim, 2 * rim)) for x, y in loop.points()
    )
