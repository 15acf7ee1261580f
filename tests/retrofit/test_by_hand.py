"""Runs that can be worked out by hand, month by month."""

from collections.abc import Callable

import pytest

from symbiosis.retrofit.log import Change, Ending
from symbiosis.retrofit.run import Run, run
from symbiosis.retrofit.schedule import Schedule

Make = Callable[..., Schedule]
FUND = {"name_zh": "资金", "name_en": "fund"}
NAMED = {"name_zh": "名", "name_en": "name"}


def dates(found: Run, project: str, stage: str) -> tuple[str, str]:
    entry = next(e for e in found.log if (e.project, e.stage) == (project, stage))
    assert entry.start_d is not None
    assert entry.end_d is not None
    return found.calendar.date(entry.start_d), found.calendar.date(entry.end_d)


def waits(found: Run, project: str, stage: str) -> list[tuple[tuple[str, ...], float]]:
    entry = next(e for e in found.log if (e.project, e.stage) == (project, stage))
    return [(wait.what, wait.days) for wait in entry.waits]


def test_money_crews_and_windows_month_by_month(schedule: Make, stage: Make, crews: Make) -> None:
    """Two projects, one crew, 100 万元 a year that lapse, a window from 1 to 20 July.

    - January 2026: ``mill`` (first) and ``acid`` file for 31 days.
    - 1 February: mill pays 60 of 100 and takes the crew for 59 days. Acid asks for 60, there are
      40: it waits for New Year, 334 days.
    - 1 April: mill is built; it ties in for 10 days in the window, from 1 July: 91 days of wait.
    - 11 July: mill runs, at 50 %, and 365 / 12 days later at 100 %.
    - 1 January 2027: what is left (40) lapses, 100 come; acid pays 60 and builds for 190 days,
      until 10 July. It needs 12 days of the window: 20 July is its last one, 11 days are left. So
      it waits for 1 July 2028 (356 days), and is done on 13 July 2028.
    """
    spends = {"money": "60 万元", "budget": "fund"}

    def stages(build_d: int, tie_d: int) -> dict[str, object]:
        return {
            "filing": stage("31 d"),
            "building": stage(f"{build_d} d", after=["filing"], needs={"crew": 1}, spends=spends),
            "tie_in": stage(f"{tie_d} d", after=["building"], window="july", commissions=True),
        }

    mill = {"stages": stages(59, 10), "priority": 1, "ramp_up": ["50 %", "100 %"]}
    found = run(
        schedule(
            {"mill": mill, "acid": {"stages": stages(190, 12), "priority": 2}},
            resources={"crew": crews(1)},
            budgets={"fund": {**FUND, "carried_over": False, "each_year": "100 万元"}},
            windows={"july": {**NAMED, "days": [{"from": "07-01", "until": "07-20"}]}},
        ),
        seed=1,
    )
    assert dates(found, "mill", "building") == ("2026-02-01", "2026-04-01")
    assert dates(found, "mill", "tie_in") == ("2026-07-01", "2026-07-11")
    assert waits(found, "mill", "tie_in") == [(("july",), 91)]
    assert waits(found, "acid", "building") == [(("fund",), 334)]
    assert dates(found, "acid", "building") == ("2027-01-01", "2027-07-10")
    assert waits(found, "acid", "tie_in") == [(("july",), 356)]
    assert dates(found, "acid", "tie_in") == ("2028-07-01", "2028-07-13")
    assert found.money_cny == {("fund", "2026-02"): 600_000, ("fund", "2027-01"): 600_000}
    assert found.use["crew"].busy_d == 59 + 190
    end_d = found.calendar.day("2028-07-13")
    assert found.use["crew"].share == pytest.approx(249 / end_d)
    assert [(c.project, c.date, c.share) for c in found.changes] == [
        ("mill", "2026-07-11", 0.5),
        ("mill", "2026-08-10", 1.0),
        ("acid", "2028-07-13", 1.0),
    ]
    assert found.date("all.finished") == "2028-07-13"


def test_money_that_is_carried_over_is_there_next_year(schedule: Make, stage: Make) -> None:
    """100 a year carried over: 250 are there on 1 January 2028; lapsing, they never would be."""
    big = {"a": {"only": stage("1 d", spends={"money": "250 CNY", "budget": "fund"})}}
    fund = {**FUND, "carried_over": True, "each_year": "100 CNY"}
    found = run(schedule(big, budgets={"fund": fund}), seed=1)
    assert dates(found, "a", "only") == ("2028-01-01", "2028-01-02")


def test_instalments_are_due_at_equal_distances_and_stop_the_work(
    schedule: Make, stage: Make
) -> None:
    """4 x 50 over 400 days with 100 a year: days 0, 100, then New Year 365 instead of 200, 465."""
    spends = {"money": "200 CNY", "budget": "fund", "instalments": 4}
    fund = {**FUND, "carried_over": False, "each_year": "100 CNY"}
    project = {"a": {"only": stage("400 d", spends=spends)}}
    found = run(schedule(project, budgets={"fund": fund}), seed=1)
    assert found.milestones["a.finished"] == pytest.approx(365 + 200)
    assert waits(found, "a", "only") == [(("fund",), pytest.approx(165))]
    assert set(found.money_cny) == {
        ("fund", "2026-01"), ("fund", "2026-04"), ("fund", "2027-01"), ("fund", "2027-04"),
    }  # fmt: skip


def test_priority_goes_before_arrival(schedule: Make, stage: Make, crews: Make) -> None:
    """One crew: a from day 0 to 10; c (priority 1) asked on day 5, b (2) on day 2: c is next."""

    def project(begins: str, priority: int) -> dict[str, object]:
        only = {"only": stage("10 d", needs={"crew": 1})}
        return {"stages": only, "earliest": begins, "priority": priority}

    projects = {
        "a": project("2026-01-01", 3),
        "b": project("2026-01-03", 2),
        "c": project("2026-01-06", 1),
    }
    found = run(schedule(projects, resources={"crew": crews(1)}), seed=1)
    ends = {name: found.milestones[f"{name}.finished"] for name in "abc"}
    assert ends == {"a": 10, "c": 20, "b": 30}


def test_a_place_in_the_window_is_given_up_when_it_becomes_too_short(
    schedule: Make, stage: Make, crews: Make
) -> None:
    """One crew, July: a takes 25 days; b needs 10, waits until 22 July, and again a year later."""
    tie_in = {"needs": {"crew": 1}, "window": "july"}
    projects = {"a": {"t": stage("25 d", **tie_in)}, "b": {"t": stage("10 d", **tie_in)}}
    window = {"july": {**NAMED, "days": [{"from": "07-01", "until": "07-31"}]}}
    found = run(schedule(projects, resources={"crew": crews(1)}, windows=window), seed=1)
    assert dates(found, "b", "t") == ("2027-07-01", "2027-07-11")
    (july, before), (crew, within), (again, after) = waits(found, "b", "t")
    assert (july, crew, again) == (("july",), ("crew",), ("july",))
    assert (before, within, after) == pytest.approx((181, 21, 344), abs=1e-5)


def test_rework_restart_and_abandonment(schedule: Make, stage: Make) -> None:
    """What is certain to fail once is tried with every kind of outcome, over many seeds.

    Rework takes 10 + 5 n days; a restart does both stages again, 3 + 10 days each time.
    """
    rework = {"chance": "50 %", "outcome": "rework", "share": "50 %"}
    restart = {"chance": "50 %", "outcome": "restart", "back_to": "early"}
    abandon = {"chance": "50 %", "outcome": "abandon"}
    two = {"early": stage("3 d"), "late": stage("10 d", after=["early"], risk=restart)}
    made = schedule(
        {
            "r": {"only": stage("10 d", risk=rework)},
            "s": two,
            "x": {"only": stage("1 d", risk=abandon)},
        }
    )
    found = [run(made, 1, index) for index in range(64)]
    for one in found:
        tries = [e for e in one.log if e.project == "r"]
        assert one.milestones["r.finished"] == 10 + 5 * (len(tries) - 1)
        assert [e.ending for e in tries] == [Ending.REWORK] * (len(tries) - 1) + [Ending.DONE]
        rounds = sum(e.project == "s" and e.stage == "late" for e in one.log)
        assert one.milestones["s.finished"] == 13 * rounds
    given_up = [one for one in found if "x.finished" not in one.milestones]
    assert all("all.finished" not in one.milestones for one in given_up)
    assert 16 < len(given_up) < 48


def test_a_restart_leaves_no_stage_done_that_hung_on_the_failed_one(
    schedule: Make, stage: Make
) -> None:
    """a, then b (fails often) beside c (long): with a redone, c that runs meanwhile is void."""
    restart = {"chance": "60 %", "outcome": "restart", "back_to": "a"}
    stages = {
        "a": stage("2 d"),
        "b": stage("3 d", after=["a"], risk=restart),
        "c": stage("50 d", after=["a"]),
    }
    made = schedule({"p": stages})
    endings = set()
    for index in range(40):
        found = run(made, 1, index)
        last_a = max(e.end_d or 0 for e in found.log if e.stage == "a")
        done_c = next(e for e in found.log if e.stage == "c" and e.ending is Ending.DONE)
        assert (done_c.start_d or 0) >= last_a
        endings |= {e.ending for e in found.log}
    assert endings == {Ending.DONE, Ending.RESTART, Ending.VOID}


def test_with_luck_off_nothing_fails_and_lengths_are_means(park: Schedule) -> None:
    found = run(park, None)
    assert {entry.ending for entry in found.log} == {Ending.DONE}
    assert found.milestones["slag_mill.feasibility"] == pytest.approx((30 + 240 + 180) / 6)


def test_what_is_open_at_the_horizon_is_in_the_log(schedule: Make, stage: Make) -> None:
    """A draw longer than every window waits for ever: it is named, and the run goes on."""
    window = {"july": {**NAMED, "days": [{"from": "07-01", "until": "07-31"}]}}
    long = {"shape": "empirical", "values": ["20 d", "60 d"]}
    projects = {"a": {"t": stage(long, window="july")}, "b": {"only": stage("5 d")}}
    made = schedule(projects, windows=window, horizon="5 a")
    found = next(f for i in range(20) if "a.t" not in (f := run(made, 1, i)).milestones)
    entry = found.log[-1]
    assert (entry.project, entry.ending, entry.start_d) == ("a", Ending.OPEN, None)
    assert [(wait.what, wait.days) for wait in entry.waits] == [(("july",), 5 * 365)]
    assert found.milestones["b.finished"] == 5


def test_the_listener_hears_every_change_at_its_time(park: Schedule) -> None:
    heard: list[Change] = []
    found = run(park, 1, on_change=heard.append)
    assert tuple(heard) == found.changes
    assert [c.time_d for c in heard] == sorted(c.time_d for c in heard)
