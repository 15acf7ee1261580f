"""What holds for every schedule, whatever is drawn."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.retrofit.agenda import agenda_of
from symbiosis.retrofit.calendar import YEAR_D
from symbiosis.retrofit.log import Ending, Entry
from symbiosis.retrofit.run import Run, live, run
from symbiosis.retrofit.runs import runs
from symbiosis.retrofit.schedule import LAST, Schedule

Tree = dict[str, Any]
Make = Callable[..., Schedule]
NAMED = {"name_zh": "名", "name_en": "name"}
SHARED = {
    "resources": {
        "civil": {**NAMED, "kind": "crew", "capacity": 2},
        "desk": {**NAMED, "kind": "desk", "capacity": 1},
    },
    "budgets": {
        "own": {**NAMED, "carried_over": True, "each_year": "100 CNY"},
        "fund": {**NAMED, "carried_over": False, "each_year": "100 CNY"},
    },
    "windows": {
        "july": {**NAMED, "days": [{"from": "07-01", "until": "07-31"}]},
        "winter": {**NAMED, "days": [{"from": "11-15", "until": "03-15"}]},
    },
    "horizon": "60 a",
}
SEEDS = st.integers(0, 10_000)


@st.composite
def durations(draw: st.DrawFn) -> Tree:
    low, value, high = sorted(draw(st.lists(st.integers(1, 30), min_size=3, max_size=3)))
    shape = draw(st.sampled_from(["triangular", "pert", "fixed", "empirical"]))
    if shape == "fixed":
        return {"value": f"{value} d"}
    if shape == "empirical":
        return {"shape": shape, "values": [f"{low} d", f"{high} d"]}
    return {"shape": shape, "low": f"{low} d", "value": f"{value} d", "high": f"{high} d"}


@st.composite
def stages(draw: st.DrawFn, before: list[str]) -> Tree:
    tree: Tree = {**NAMED, "duration": draw(durations())}
    tree["after"] = draw(st.lists(st.sampled_from(before), unique=True)) if before else []
    needs = {"civil": draw(st.integers(0, 2)), "desk": draw(st.integers(0, 1))}
    tree["needs"] = {name: number for name, number in needs.items() if number}
    if draw(st.booleans()):
        budget = draw(st.sampled_from(["own", "fund"]))
        tree["spends"] = {"money": f"{draw(st.integers(1, 90))} CNY", "budget": budget}
    if draw(st.integers(0, 3)) == 0:
        tree["window"] = "july"
    elif draw(st.booleans()):
        tree["rests"] = "winter"
        if "spends" in tree:
            tree["spends"]["instalments"] = draw(st.integers(1, 3))
    if before and draw(st.integers(0, 3)) == 0:
        tree["risk"] = draw(
            st.sampled_from(
                [
                    {"chance": "30 %", "outcome": "rework", "share": "50 %"},
                    {"chance": "10 %", "outcome": "abandon"},
                ]
            )
        )
    return tree


@st.composite
def projects(draw: st.DrawFn) -> Tree:
    found: Tree = {}
    for name in "abcd"[: draw(st.integers(1, 4))]:
        own: Tree = {}
        for stage in "xyz"[: draw(st.integers(1, 3))]:
            own[stage] = draw(stages(list(own)))
        after = draw(st.lists(st.sampled_from(list(found)), unique=True)) if found else []
        found[name] = {"stages": own, "after": after, "priority": draw(st.integers(0, 2))}
    return found


def ended(found: Run) -> list[Entry]:
    return [entry for entry in found.log if entry.start_d is not None]


def end_d(entry: Entry, schedule: Schedule) -> float:
    return schedule.horizon_d if entry.end_d is None else entry.end_d


@settings(max_examples=60)
@given(projects(), SEEDS)
def test_a_capacity_is_never_exceeded(schedule: Make, drawn: Tree, seed: int) -> None:
    made = schedule(drawn, **SHARED)
    found = run(made, seed)
    for name, resource in made.resources.items():
        steps = []
        for entry in ended(found):
            held = dict(entry.needs).get(name, 0)
            steps += [(entry.start_d or 0.0, held), (end_d(entry, made), -held)]
        at_once = itertools.accumulate(held for _, held in sorted(steps))
        assert max(at_once, default=0) <= resource.capacity


@settings(max_examples=60)
@given(projects(), SEEDS)
def test_no_stage_starts_before_its_predecessors_end(
    schedule: Make, drawn: Tree, seed: int
) -> None:
    made = schedule(drawn, **SHARED)
    found = run(made, seed)
    for entry in ended(found):
        project = made.projects[entry.project]
        before = [f"{entry.project}.{name}" for name in project.stages[entry.stage].after]
        before += [f"{name}.finished" for name in project.after]
        assert all(found.milestones[name] <= (entry.start_d or 0.0) for name in before)


@settings(max_examples=60)
@given(projects(), SEEDS)
def test_a_budget_is_never_negative(schedule: Make, drawn: Tree, seed: int) -> None:
    """What lapses is never exceeded in a year, what is carried over never in all years until it."""
    found = run(schedule(drawn, **SHARED), seed)
    by_year: defaultdict[tuple[str, int], float] = defaultdict(float)
    for (budget, month), cny in found.money_cny.items():
        by_year[budget, int(month[:4])] += cny
    for (budget, year), cny in by_year.items():
        if budget == "fund":
            assert cny <= 100 + 1e-9
        until = sum(c for (b, y), c in by_year.items() if b == budget and y <= year)
        assert until <= 100 * (year - 2025) + 1e-9
    assert sum(e.spent_cny for e in found.log) == pytest.approx(sum(found.money_cny.values()))


@settings(max_examples=60)
@given(projects(), SEEDS)
def test_a_tie_in_lies_in_its_window(schedule: Make, drawn: Tree, seed: int) -> None:
    made = schedule(drawn, **SHARED)
    for entry in ended(run(made, seed)):
        if made.projects[entry.project].stages[entry.stage].window:
            first_d, length_d = (entry.start_d or 0.0) % YEAR_D, end_d(entry, made)
            last_d = first_d + length_d - (entry.start_d or 0.0)
            assert first_d >= 181 - 1e-5
            assert last_d <= 212 + 1e-5


@settings(max_examples=40)
@given(projects(), SEEDS)
def test_the_order_of_a_file_does_not_matter(schedule: Make, drawn: Tree, seed: int) -> None:
    turned = {
        name: entry | {"stages": dict(reversed(entry["stages"].items()))}
        for name, entry in reversed(drawn.items())
    }
    one, other = (run(schedule(tree, **SHARED), seed) for tree in (drawn, turned))
    assert one.milestones == other.milestones
    assert one.log == other.log


@settings(max_examples=40)
@given(projects(), SEEDS)
def test_a_project_that_shares_nothing_changes_nothing(
    schedule: Make, drawn: Tree, seed: int
) -> None:
    """Whether it comes first or last, and whatever it draws."""
    luck = {"shape": "triangular", "low": "1 d", "value": "20 d", "high": "90 d"}
    alone = {"stages": {"only": {**NAMED, "duration": luck}}}
    before = run(schedule(drawn, **SHARED), seed).milestones
    for name in ("a0", "zz"):
        after = run(schedule({name: alone, **drawn}, **SHARED), seed).milestones
        kept = {m: t for m, t in after.items() if not m.startswith((f"{name}.", "all."))}
        assert kept == {m: t for m, t in before.items() if not m.startswith("all.")}


@settings(max_examples=30)
@given(projects(), SEEDS)
def test_every_stage_of_a_finished_project_is_done_once(
    schedule: Make, drawn: Tree, seed: int
) -> None:
    made = schedule(drawn, **SHARED)
    found = run(made, seed)
    for name, project in made.projects.items():
        done = [e.stage for e in found.log if e.project == name and e.ending is Ending.DONE]
        if f"{name}.finished" in found.milestones:
            assert sorted(done) == sorted(project.stages)


@settings(max_examples=20)
@given(projects(), SEEDS, st.sampled_from(["civil", "fund", "july", "winter"]))
def test_what_never_lacks_is_never_waited_for(
    schedule: Make, drawn: Tree, seed: int, name: str
) -> None:
    found = live(agenda_of(schedule(drawn, **SHARED), without=name), seed)
    assert all(name not in wait.what for entry in found.log for wait in entry.waits)


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_and_their_number_do_not_matter(park: Schedule, workers: int) -> None:
    one, other = runs(park, 30, seed=5), runs(park, 30, seed=5, workers=workers)
    assert np.array_equal(one.times_d, other.times_d)
    assert (one.criticality, one.use, one.money_cny) == (
        other.criticality, other.use, other.money_cny,
    )  # fmt: skip


def test_run_seven_is_run_seven(park: Schedule) -> None:
    """Alone, among ten and among twenty."""
    ten, twenty = runs(park, 10, seed=5), runs(park, 20, seed=5)
    assert np.array_equal(ten.times_d, twenty.times_d[:10])
    alone = run(park, seed=5, index=7).milestones
    times_d = {n: t for n, t in zip(ten.names, ten.times_d[7], strict=True) if np.isfinite(t)}
    assert alone == times_d


def test_other_seeds_and_other_runs_have_other_luck(park: Schedule) -> None:
    found = {run(park, seed, index).milestones["slag_mill.feasibility"]
             for seed in range(5) for index in range(5)}  # fmt: skip
    assert len(found) == 25


# --- against the optimum of a project with limited resources

MEN = {"civil": 2, "desk": 1}


@st.composite
def small_projects(draw: st.DrawFn) -> Tree:
    """One project of at most five stages of up to four days."""
    found: Tree = {}
    for name in "vwxyz"[: draw(st.integers(2, 5))]:
        after = draw(st.lists(st.sampled_from(list(found)), unique=True)) if found else []
        needs = {"civil": draw(st.integers(0, 2)), "desk": draw(st.integers(0, 1))}
        found[name] = {
            **NAMED,
            "duration": f"{draw(st.integers(0, 4))} d",
            "after": after,
            "needs": {kind: number for kind, number in needs.items() if number},
            "priority": draw(st.integers(1, 5)),
        }
    return found


def least_d(stages: Tree) -> int:
    """The shortest duration, by trying every whole day at which each stage could start.

    Lengths are whole days, so some shortest schedule has whole starts.
    """
    lengths = {name: int(stage["duration"].split()[0]) for name, stage in stages.items()}
    best = sum(lengths.values())

    def go(left: list[str], ends: dict[str, int], held: list[Counter[str]]) -> None:
        nonlocal best
        if not left:
            best = min(best, max(ends.values()))
            return
        name, length = left[0], lengths[left[0]]
        first = max((ends[before] for before in stages[name]["after"]), default=0)
        for start in range(first, best - length + 1):
            days = held[start : start + length]
            needs = Counter(stages[name]["needs"])
            if all((day + needs)[kind] <= most for day in days for kind, most in MEN.items()):
                then = [day + needs if start <= d < start + length else day
                        for d, day in enumerate(held)]  # fmt: skip
                go(left[1:], ends | {name: start + length}, then)

    go(list(stages), {}, [Counter() for _ in range(best)])
    return best


@settings(max_examples=60, deadline=None)
@given(small_projects())
def test_a_priority_rule_never_beats_the_optimum_and_breaks_no_capacity(
    schedule: Make, drawn: Tree
) -> None:
    """By brute force; with one crew of two and one desk."""
    resources = {name: SHARED["resources"][name] | {"capacity": n} for name, n in MEN.items()}
    found = run(schedule({"a": {"stages": drawn}}, resources=resources, horizon="1 a"), None)
    assert found.milestones[LAST] >= least_d(drawn) - 1e-9
    for name, most in MEN.items():
        for moment in {entry.start_d for entry in ended(found)}:
            assert sum(
                dict(entry.needs).get(name, 0)
                for entry in ended(found)
                if (entry.start_d or 0.0) <= (moment or 0.0) < (entry.end_d or 0.0)
            ) <= most  # fmt: skip


def test_the_brute_force_finds_a_shortest_duration_that_a_rule_misses(schedule: Make) -> None:
    """Two men; v: one for 1 d, then w: both for 2 d; x: one for 3 d; y: one for 1 d.

    Nine man-days take 5 d at least: x beside v and then y, and w from day 3. By priority v and y go
    first, then w, for which x has to wait: 1 + 2 + 3 = 6.
    """
    stages = {
        "v": {**NAMED, "duration": "1 d", "after": [], "needs": {"civil": 1}, "priority": 1},
        "w": {**NAMED, "duration": "2 d", "after": ["v"], "needs": {"civil": 2}, "priority": 1},
        "x": {**NAMED, "duration": "3 d", "after": [], "needs": {"civil": 1}, "priority": 3},
        "y": {**NAMED, "duration": "1 d", "after": [], "needs": {"civil": 1}, "priority": 2},
    }
    assert least_d(stages) == 5
    resources = {"civil": SHARED["resources"]["civil"]}
    found = run(schedule({"a": {"stages": stages}}, resources=resources), None)
    assert found.milestones[LAST] == 6
