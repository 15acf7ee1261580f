"""Units that break down, are overhauled and are out: runs by hand, and laws."""

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.retrofit.agenda import agenda_of
from symbiosis.retrofit.availability import availability, by_month, mean_share
from symbiosis.retrofit.calendar import YEAR_D, Calendar
from symbiosis.retrofit.load import load_schedule
from symbiosis.retrofit.log import DownKind, Ending
from symbiosis.retrofit.run import Run, live, run
from symbiosis.retrofit.runs import runs
from symbiosis.retrofit.schedule import Schedule

Make = Callable[..., Any]
Tree = dict[str, Any]
NAMED = {"name_zh": "名", "name_en": "name"}
KILN, MILL = "cement.kiln", "cement.mill"
JULY = {"july": {**NAMED, "days": [{"from": "07-01", "until": "07-31"}]}}
TWICE = {"stops": {**NAMED, "days": [{"from": "04-01", "until": "04-20"},
                                     {"from": "10-01", "until": "10-20"}]}}  # fmt: skip
EVERY_100_D: Tree = {"breakdowns": {"between": "100 d", "repair": "10 d"}}


@pytest.fixture(scope="session")
def made(schedule: Make, stage: Make) -> Make:
    """A schedule of units, and one project of a day that needs nothing unless it is given."""

    def make(units: Tree, projects: Tree | None = None, **rest: Any) -> Schedule:
        plain = {"project": {"only": stage("1 d")}}
        made: Schedule = schedule(projects or plain, units=units, **({"horizon": "2 a"} | rest))
        return made

    return make


def downs(found: Run, unit: str = KILN, kind: str | None = None) -> list[tuple[float, float]]:
    return [(d.from_d, d.until_d) for d in found.downs if d.unit == unit and kind in (None, d.kind)]


def test_breakdowns_by_hand(made: Make) -> None:
    """100 days of running, 10 of repair: down from 100, 210, 320, 430, 540, 650 on."""
    found = run(made({KILN: EVERY_100_D}), seed=1)
    assert downs(found) == [(110 * i - 10, 110 * i) for i in range(1, 7)]
    assert availability(found, KILN)[:3] == ((0, 1), (100, 0), (110, 1))
    entry = found.unit_log[1]
    assert (entry.project, entry.stage, entry.attempt) == (KILN, "breakdown", 2)
    assert (entry.ready_d, entry.start_d, entry.end_d) == (210, 210, 220)
    assert (entry.ending, entry.waits) == (Ending.DONE, ())


def test_the_clock_rests_while_the_unit_stands(made: Make) -> None:
    """Out from day 50 to 90 (20 February to 31 March): 50 + 50 days of running end on day 140.

    The overhaul from 1 July (day 181) lasts 20 days; the next 100 days of running, from 150 on,
    end on 150 + 20 + 100 = 270.
    """
    unit = {
        **EVERY_100_D,
        "outages": [{"from": "2026-02-20", "until": "2026-03-31"}],
        "overhauls": {"window": "july", "lasts": "20 d"},
    }
    found = run(made({KILN: unit}, windows=JULY), seed=1)
    assert downs(found, kind="outage") == [(50, 90)]
    assert downs(found, kind="breakdown")[:2] == [(140, 150), (270, 280)]
    assert downs(found, kind="overhaul")[0] == (181, 201)


def test_the_clock_goes_on_with_a_part_of_the_capacity(made: Make) -> None:
    """At 60 % from day 50 to 90, and to 105 too: the breakdown comes on day 100 all the same.

    At once with it the least share counts: 0 until the unit is repaired, on day 110.
    """
    out = {"from": "2026-02-20", "until": "2026-04-15", "share": "60 %"}
    found = run(made({KILN: {**EVERY_100_D, "outages": [out]}}), seed=1)
    assert downs(found, kind="breakdown")[0] == (100, 110)
    assert availability(found, KILN)[:4] == ((0, 1), (50, 0.6), (100, 0), (110, 1))


def test_what_lasts_on_at_once_with_another_is_combined_by_the_least(made: Make) -> None:
    """Broken from 100 to 110, at 30 % from 105 (16 April) to 120: 0, then 30 %, then all."""
    out = {"from": "2026-04-16", "until": "2026-04-30", "share": "30 %"}
    found = run(made({KILN: {**EVERY_100_D, "outages": [out]}}), seed=1)
    assert availability(found, KILN)[:4] == ((0, 1), (100, 0), (110, 0.3), (120, 1))
    assert mean_share(found, KILN, 100, 120) == pytest.approx(0.15)


def test_a_repair_waits_for_its_crew(made: Make, crews: Make) -> None:
    """Both break down on day 100. The mill goes first: the kiln waits 10 days, and stands for 20.

    Its clock starts again at 120, that of the mill at 110; one mechanic of 730 days works 120.
    """
    work = {"between": "100 d", "repair": "10 d", "repair_needs": {"mechanics": 1}}
    units = {KILN: {"breakdowns": work, "priority": 2}, MILL: {"breakdowns": work, "priority": 1}}
    made_ = made(units, resources={"mechanics": crews(1)})
    found = run(made_, seed=1)
    assert (downs(found, KILN)[0], downs(found, MILL)[0]) == ((100, 120), (100, 110))
    entry = next(e for e in found.unit_log if e.project == KILN)
    assert (entry.ready_d, entry.start_d, entry.end_d) == (100, 110, 120)
    assert [(wait.what, wait.days) for wait in entry.waits] == [(("mechanics",), 10)]
    assert entry.freed_by == (MILL, "breakdown")
    assert downs(found, MILL)[1] == (210, 220)
    assert downs(found, KILN)[1] == (220, 230)
    busy_d = sum((e.end_d or 730) - e.start_d for e in found.unit_log if e.start_d is not None)
    assert found.use["mechanics"].busy_d == busy_d
    assert found.use["mechanics"].share == pytest.approx(busy_d / 730)
    free = live(agenda_of(made_, without="mechanics"), 1)
    assert not any(entry.waits for entry in free.unit_log)
    assert downs(free, KILN) == downs(free, MILL)


def test_a_repair_and_a_stage_wait_for_one_another(made: Make, stage: Make, crews: Make) -> None:
    """A stage has the crew until day 105, the repair until 115, the next stage after it."""
    work = {"between": "100 d", "repair": "10 d", "repair_needs": {"mechanics": 1}}
    needs = {"needs": {"mechanics": 1}}
    projects = {
        "hall": {"first": stage("105 d", **needs), "wait": stage("101 d"),
                 "second": stage("7 d", after=["wait"], **needs)},
    }  # fmt: skip
    found = run(
        made({KILN: {"breakdowns": work}}, projects, resources={"mechanics": crews(1)}), seed=1
    )
    assert downs(found)[0] == (100, 115)
    assert found.unit_log[0].freed_by == ("hall", "first")
    second = next(entry for entry in found.log if entry.stage == "second")
    assert (second.start_d, second.freed_by) == (115, (KILN, "breakdown"))
    assert {entry.project for entry in found.log} == {"hall"}


def test_a_stage_that_waited_for_a_repair_is_critical_and_the_unit_is_no_project(
    made: Make, stage: Make, crews: Make
) -> None:
    work = {"between": "100 d", "repair": "30 d", "repair_needs": {"mechanics": 1}}
    needs = {"needs": {"mechanics": 1}}
    projects = {"hall": {"wait": stage("101 d"), "work": stage("7 d", after=["wait"], **needs)}}
    units = {KILN: {"breakdowns": work}}
    found = runs(made(units, projects, resources={"mechanics": crews(1)}), 3, seed=1)
    assert found.criticality == {"hall": 1}
    assert found.percentile_d("hall.finished", 0.5) == 137


def test_an_overhaul_that_finds_no_crew_is_missed(made: Make, stage: Make, crews: Make) -> None:
    """The crew is away until day 195: of the 31 days from 181 on, 20 must be left, until 192.

    The unit runs on; the overhaul is made in the next July. With 18 days it begins on day 194.
    """
    needs = {"mechanics": 1}
    projects = {"hall": {"work": stage("194 d", needs=needs)}}
    shared = {"windows": JULY, "resources": {"mechanics": crews(1)}}
    overhauls = {"window": "july", "lasts": "20 d", "every": "2 a", "needs": needs}
    found = run(made({KILN: {"overhauls": overhauls}}, projects, **shared), seed=1)
    assert downs(found) == [(546, 566)]
    missed, done = found.unit_log
    assert (missed.ending, missed.start_d, done.ending) == (Ending.MISSED, None, Ending.DONE)
    assert (missed.ready_d, missed.end_d) == pytest.approx((181, 192), abs=1e-5)
    assert [(w.what, round(w.days)) for w in missed.waits] == [(("mechanics",), 11)]
    shorter = {KILN: {"overhauls": {**overhauls, "lasts": "18 d"}}}
    late = run(made(shorter, projects, **shared), seed=1)
    assert downs(late) == [(194, 212)]
    assert [(w.what, w.days) for w in late.unit_log[0].waits] == [(("mechanics",), 13)]


@pytest.mark.parametrize(
    ("every", "days"),
    [
        (None, [90, 455, 820, 1185]),
        ("0.5 a", [90, 273, 455, 638, 820, 1003, 1185, 1368]),
        ("1.5 a", [90, 638, 1185]),
        ("2 a", [90, 820]),
        ("3 a", [90, 1185]),
        ("9 a", [90]),
    ],
)
def test_an_overhaul_begins_at_the_opening_nearest_to_its_time(
    made: Make, every: str | None, days: list[int]
) -> None:
    """The window opens on 1 April (day 90) and on 1 October (day 273) of each of four years."""
    overhauls = {"window": "stops", "lasts": "20 d"} | ({"every": every} if every else {})
    found = run(made({KILN: {"overhauls": overhauls}}, windows=TWICE, horizon="4 a"), seed=1)
    assert downs(found) == [(day, day + 20) for day in days]


def test_an_overhaul_has_an_earliest_date_and_an_opening_with_room(made: Make) -> None:
    """From 2 April 2026 on the next opening is in October; one of 5 days is too short."""
    overhauls = {"window": "stops", "lasts": "20 d", "earliest": "2026-04-02"}
    found = run(made({KILN: {"overhauls": overhauls}}, windows=TWICE), seed=1)
    assert downs(found) == [(273, 293), (638, 658)]
    short = [{"from": "04-01", "until": "04-05"}, TWICE["stops"]["days"][1]]
    windows = {"stops": {**NAMED, "days": short}}
    overhauls = {"window": "stops", "lasts": "20 d"}
    assert downs(run(made({KILN: {"overhauls": overhauls}}, windows=windows), seed=1)) == [
        (273, 293), (638, 658),
    ]  # fmt: skip


def test_an_overhaul_of_no_length_is_made_once_at_an_opening(made: Make) -> None:
    overhauls = {"window": "july", "lasts": "0 d", "every": "0.001 a"}
    found = run(made({KILN: {"overhauls": overhauls}}, windows=JULY), seed=1)
    assert downs(found) == [(181, 181), (546, 546)]
    assert availability(found, KILN) == ((0, 1),)


def test_outages_are_cut_to_the_run(made: Make) -> None:
    """Two years from 1 January 2026: before it nothing, across its ends the part inside."""
    outages = [
        {"from": "2024-01-01", "until": "2024-12-31"},
        {"from": "2025-12-01", "until": "2026-01-10", "share": "40 %"},
        {"from": "2027-12-22", "until": "2028-03-31"},
        {"from": "2028-06-01", "until": "2028-06-30"},
    ]
    found = run(made({KILN: {"outages": outages}}), seed=1)
    assert downs(found) == [(0, 10), (720, 730)]
    assert availability(found, KILN) == ((0, 0.4), (10, 1), (720, 0))
    assert [entry.ending for entry in found.unit_log] == [Ending.DONE, Ending.OPEN]


def test_months_by_hand(made: Make) -> None:
    """Started on 15 March 2026 for half a year: until 13 September, day 182.5.

    April is out whole, the first 15 of 30 days of June at 40 %, the last 3.5 of the 12.5 days of
    September that lie in the run too (from 10 September).
    """
    outages = [
        {"from": "2026-04-01", "until": "2026-04-30"},
        {"from": "2026-06-01", "until": "2026-06-15", "share": "40 %"},
        {"from": "2026-09-10", "until": "2026-12-31"},
    ]
    found = run(made({KILN: {"outages": outages}}, start="2026-03-15", horizon="0.5 a"), seed=1)
    assert found.months == tuple((2026, month) for month in range(3, 10))
    assert by_month(found, KILN) == pytest.approx((1, 0, 1, 0.7, 1, 1, 9 / 12.5))
    lengths_d = (17, 30, 31, 30, 31, 31, 12.5)
    mean = sum(a * b for a, b in zip(by_month(found, KILN), lengths_d, strict=True)) / 182.5
    assert mean_share(found, KILN) == pytest.approx(mean)


def test_a_unit_without_stops_is_there_and_an_unknown_one_is_not(made: Make) -> None:
    found = run(made({KILN: {}}), seed=1)
    assert availability(found, KILN) == ((0, 1),)
    with pytest.raises(KeyError):
        availability(found, MILL)


def test_without_luck_nothing_breaks_and_overhauls_take_their_mean(two_units: Schedule) -> None:
    """(15 + 20 + 30) / 3 = 21.67 days from 1 July on every second year, and outages as given.

    A project has one of the two mechanics until day 200, and the window ends with day 212: the
    overhaul of 2026 is missed, those of 2027, 2029, 2031 and 2033 are made.
    """
    found = run(two_units, seed=None)
    days = [181 + 365 * years for years in (1, 3, 5, 7)]
    assert downs(found, kind="breakdown") == []
    overhauls = np.array(downs(found, kind="overhaul"))
    assert overhauls == pytest.approx(np.array([(day, day + 65 / 3) for day in days]))
    assert downs(found, kind="outage") == [(424, 608), (1095, 1460)]


def test_the_runs_have_the_mean_of_availability(two_units: Schedule) -> None:
    found = runs(two_units, 8, seed=1)
    for unit in (KILN, "smelter.furnace"):
        means = [mean_share(run(two_units, 1, index), unit) for index in range(8)]
        assert found.availability[unit] == pytest.approx(np.mean(means))


@pytest.mark.parametrize("repair_d", [1, 10, 100])
def test_the_long_run_availability_of_a_unit(made: Make, repair_d: int) -> None:
    """MTBF / (MTBF + MTTR), within four standard errors.

    With rates a = 1 / 50 and b = 1 / repair, s = a + b: a unit that begins whole has in T days the
    mean b/s + a/s (1 - exp(-s T)) / (s T); the variance of that mean is about 2 a b / (s^3 T).
    """
    number, years = 60, 40
    a, b, time_d = 1 / 50, 1 / repair_d, years * YEAR_D
    s = a + b
    exact = b / s + a / s * -math.expm1(-s * time_d) / (s * time_d)
    error = math.sqrt(2 * a * b / (s**3 * time_d) / number)
    shape = {"shape": "exponential"}
    breakdowns = {
        "between": {**shape, "value": "50 d"},
        "repair": {**shape, "value": f"{repair_d} d"},
    }
    found = made({KILN: {"breakdowns": breakdowns}}, horizon=f"{years} a")
    means = [mean_share(run(found, 1, index), KILN) for index in range(number)]
    assert abs(np.mean(means) - exact) < 4 * error
    assert abs(exact - 50 / (50 + repair_d)) < error
    assert np.std(means, ddof=1) == pytest.approx(error * math.sqrt(number), rel=0.4)


LENGTHS = st.tuples(st.integers(0, 10), st.integers(0, 10), st.integers(0, 11)).map(
    lambda parts: {
        "shape": "triangular",
        "low": f"{parts[0]} d",
        "value": f"{parts[0] + parts[1]} d",
        "high": f"{sum(parts)} d",
    }
)


@st.composite
def drawn_units(draw: st.DrawFn) -> Tree:
    found: Tree = {}
    for name in (KILN, MILL, "town.boiler")[: draw(st.integers(1, 3))]:
        between = {"shape": "exponential", "value": f"{draw(st.integers(5, 300))} d"}
        needs = draw(st.sampled_from([{}, {"mechanics": 1}, {"mechanics": 2}]))
        found[name] = {
            "breakdowns": {"between": between, "repair": draw(LENGTHS), "repair_needs": needs},
            "overhauls": {
                "window": "july",
                "lasts": draw(LENGTHS),
                "every": f"{draw(st.sampled_from(['0.4', '1', '1.5', '2']))} a",
                "needs": draw(st.sampled_from([{}, {"mechanics": 1}, {"mechanics": 2}])),
            },
            "outages": draw(st.sampled_from([[], [{"from": "2027-06-15", "until": "2027-07-10"}]])),
        }
    return found


@settings(max_examples=60)
@given(drawn_units(), st.integers(0, 10_000), st.integers(2, 3))
def test_overhauls_lie_in_their_windows_and_downs_of_one_kind_never_overlap(
    made: Make, crews: Make, units: Tree, seed: int, mechanics: int
) -> None:
    """July is day 181 to day 212 of every year."""
    resources = {"mechanics": crews(mechanics)}
    found = run(made(units, windows=JULY, resources=resources, horizon="6 a"), seed)
    for unit in units:
        for from_d, until_d in downs(found, unit, "overhaul"):
            assert from_d % YEAR_D >= 181
            assert until_d - from_d + from_d % YEAR_D <= 212 + 1e-5
        for kind in DownKind:
            pairs = pairwise(downs(found, unit, kind))
            assert all(one[1] <= other[0] for one, other in pairs)
        steps = availability(found, unit)
        assert steps[0][0] == 0
        assert all(one[0] < other[0] and one[1] != other[1] for one, other in pairwise(steps))
        assert 0 <= mean_share(found, unit) <= 1


@settings(max_examples=60)
@given(drawn_units(), st.integers(0, 10_000))
def test_crews_of_units_are_never_more_than_there_are(
    made: Make, crews: Make, units: Tree, seed: int
) -> None:
    schedule = made(units, windows=JULY, resources={"mechanics": crews(2)}, horizon="6 a")
    found = run(schedule, seed)
    steps = []
    for entry in found.unit_log:
        if entry.start_d is not None:
            held = sum(number for _, number in entry.needs)
            end_d = found.horizon_d if entry.end_d is None else entry.end_d
            steps += [(entry.start_d, held), (end_d, -held)]
    held = 0
    for _, change in sorted(steps):
        held += change
        assert held <= 2


@settings(max_examples=30)
@given(drawn_units(), st.integers(0, 10_000))
def test_a_unit_a_path_or_a_project_more_leaves_all_others_as_they_were(
    made: Make, stage: Make, units: Tree, seed: int
) -> None:
    """Bit by bit, whether the new one comes first or last; no crews are shared."""
    for unit in units.values():
        unit["breakdowns"]["repair_needs"] = unit["overhauls"]["needs"] = {}
    spread = {"shape": "lognormal", "value": "30 d", "high": "60 d"}
    projects = {"m": {"only": stage(spread)}}
    walk = {**NAMED, "keys": ["x"], "shape": "random_walk", "volatility": "10 %"}
    paths = {"demand": walk}
    before = run(made(units, projects, paths=paths, windows=JULY), seed)
    for name in ("a", "zz"):
        more_units = {f"{name}.unit": units[KILN], **units}
        more_projects = {name: {"only": stage(spread)}, **projects}
        after = run(
            made(more_units, more_projects, paths={name: walk, **paths}, windows=JULY), seed
        )
        assert all(downs(after, unit) == downs(before, unit) for unit in units)
        assert after.factors["demand"] == before.factors["demand"]
        assert after.factors[name] != before.factors["demand"]
        assert after.milestones["m.finished"] == before.milestones["m.finished"]
        assert after.milestones[f"{name}.finished"] != before.milestones["m.finished"]


def test_overhauls_repairs_and_breakdowns_draw_from_streams_of_their_own(made: Make) -> None:
    """Without the overhaul, or with another repair, the running times are the same."""
    luck = {"shape": "exponential", "value": "50 d"}
    spread = {"shape": "triangular", "low": "5 d", "value": "10 d", "high": "20 d"}
    overhauls = {"window": "july", "lasts": spread}

    def running_d(found: Run) -> list[float]:
        """Running time before each breakdown of the first half year: nothing else stops it."""
        times = downs(found, kind="breakdown")
        starts = [0.0, *(until_d for _, until_d in times)]
        return [t[0] - s for t, s in zip(times, starts, strict=False) if t[0] < 181]

    found = [
        run(made({KILN: unit}, windows=JULY), seed=4)
        for unit in (
            {"breakdowns": {"between": luck, "repair": "2 d"}},
            {"breakdowns": {"between": luck, "repair": "2 d"}, "overhauls": overhauls},
            {"breakdowns": {"between": luck, "repair": spread}, "overhauls": overhauls},
        )
    ]
    one, other, third = (running_d(run_) for run_ in found)
    assert len(one) >= 2
    assert one == other
    assert third == pytest.approx(one[: len(third)])
    assert downs(found[1], kind="overhaul") == downs(found[2], kind="overhaul")


def test_the_order_of_units_in_a_file_does_not_matter(made: Make, crews: Make) -> None:
    work = {"between": {"shape": "exponential", "value": "30 d"}, "repair": "10 d",
            "repair_needs": {"mechanics": 1}}  # fmt: skip
    units = {name: {"breakdowns": work} for name in (KILN, MILL, "town.boiler")}
    resources = {"mechanics": crews(1)}
    one, other = (
        run(made(dict(order), resources=resources), seed=3)
        for order in (units.items(), reversed(units.items()))
    )
    assert one.downs == other.downs
    assert one.unit_log == other.unit_log


def test_openings_by_hand() -> None:
    """From 1 April 2026: the July of that year is day 91, the winter opens on 1 December."""
    calendar = Calendar.of("2026-04-01")
    july, winter = (181, 212), (334, 424)
    assert calendar.openings([july], 31, 0, 800) == (91, 456)
    assert calendar.openings([july], 31.5, 0, 800) == ()
    assert calendar.openings([july, winter], 10, 91, 456) == (91, 244)
    assert calendar.openings([july], 10, 91.5, 457) == (456,)


def test_months_of_a_run_by_hand() -> None:
    """A year from 1 January has 12; from the 2nd it reaches into a 13th."""
    assert len(Calendar.of("2026-01-01").months(365)) == 12
    assert Calendar.of("2026-01-02").months(365)[-1] == (2027, 1)
    calendar = Calendar.of("2026-11-15")
    assert calendar.months(17) == ((2026, 11), (2026, 12))
    assert [calendar.begin(month) for month in calendar.months(50)] == [-14, 16, 47]


@pytest.fixture(scope="session")
def two_units() -> Schedule:
    return load_schedule(Path(__file__).parent / "units.yaml")
