"""Scheduling problems with published answers; problems.toml says where each was seen."""

import itertools
import json
import random
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta, norm

from symbiosis.cli import main
from symbiosis.retrofit.agenda import agenda_of
from symbiosis.retrofit.block import retrofit_of
from symbiosis.retrofit.critical import critical_projects
from symbiosis.retrofit.draw import mean_d
from symbiosis.retrofit.run import Run, run
from symbiosis.retrofit.runs import runs
from symbiosis.retrofit.schedule import LAST, Schedule
from symbiosis.scenario import load_scenario
from tests.validation.manifest import FOLDER, problems

NAMES = [problem.file for problem in problems() if problem.scheduled]
EARLIEST = {
    "1_2": (0, 8), "1_3": (0, 10), "1_4": (0, 9), "2_5": (8, 14), "2_6": (8, 12), "3_5": (10, 15),
    "4_5": (9, 9), "4_7": (9, 16), "5_7": (15, 27), "5_8": (15, 30), "6_9": (12, 30),
    "7_8": (27, 31), "8_9": (31, 38),
}  # fmt: skip


@cache
def load(name: str) -> Schedule:
    """The schedule that a scenario file declares."""
    return retrofit_of(load_scenario(FOLDER / f"{name}.yaml")).schedule


def test_a_critical_path_problem_has_its_published_times() -> None:
    found = run(load("taylor_cpm"), seed=1)
    times = {e.stage.removeprefix("a"): (e.start_d, e.end_d) for e in found.log}
    assert times == EARLIEST
    assert found.milestones[LAST] == 38


def true_spread_d(schedule: Schedule) -> float:
    """Of a chain of PERT stages: the root of the sum of (mean - low)(high - mean) / 7."""
    variance = 0.0
    for stage in schedule.projects["network"].stages.values():
        low, high, mean = stage.duration.low, stage.duration.high, mean_d(stage.duration)
        if low is not None and high is not None:
            variance += (mean - low.amount) * (high.amount - mean) / 7
    return float(variance**0.5)


def exact_chance(schedule: Schedule, by_d: float) -> float:
    """Of a chain of PERT stages: the convolution of their beta distributions, in cells of 0.01."""
    cell_d, whole, shift_d = 0.01, np.array([1.0]), 0.0
    for stage in schedule.projects["network"].stages.values():
        if stage.duration.high is None:
            shift_d += mean_d(stage.duration)
            continue
        a, m, b = (getattr(stage.duration, key).amount for key in ("low", "value", "high"))
        edges_d = np.arange(a, b + cell_d, cell_d)
        shape = 1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a)
        whole = np.convolve(whole, np.diff(beta.cdf(edges_d, *shape, loc=a, scale=b - a)))
        shift_d += a + cell_d / 2
    times_d = shift_d + cell_d * np.arange(len(whole))
    assert whole.sum() == pytest.approx(1)
    return float(whole[times_d <= by_d].sum())


def test_a_pert_problem_has_its_published_mean_and_probability() -> None:
    """Published: mean 24, P(T <= 28) = 0.9633, as a normal variable with variance 5.

    The distributions have the variance 41 / 7 and a tail to the right: exactly it is 0.939.
    """
    schedule = load("taylor_pert")
    assert run(schedule, seed=None).milestones[LAST] == pytest.approx(24)
    found = runs(schedule, 4000, seed=1)
    times_d = found.times(LAST)
    assert true_spread_d(schedule) == pytest.approx((41 / 7) ** 0.5)
    assert times_d.mean() == pytest.approx(24, abs=0.12)
    assert times_d.std() == pytest.approx(true_spread_d(schedule), rel=0.03)
    by_28 = (times_d <= 28).mean()
    assert by_28 == pytest.approx(exact_chance(schedule, 28), abs=0.01)
    assert norm.cdf(4 / 5**0.5) == pytest.approx(0.9633, abs=5e-4)
    assert by_28 == pytest.approx(0.9633, abs=0.04)


def test_a_pert_network_is_later_than_its_critical_path() -> None:
    """Means (15.33 to F: 18.17 beside 20) as published; the other ways make it 0.8 days later."""
    whole, path = load("pert_network"), load("pert_path")
    expected = run(whole, seed=None)
    seen = {"a": 5.33, "b": 2.33, "c": 10.33, "d": 13.5, "e": 20.0, "f": 18.17}
    for stage, end_d in seen.items():
        assert expected.milestones[f"network.{stage}"] == pytest.approx(end_d, abs=0.01)
    assert expected.milestones[LAST] == pytest.approx(50.83, abs=0.01)
    both = [runs(schedule, 2000, seed=1).times(LAST) for schedule in (whole, path)]
    assert (both[0] >= both[1] - 1e-9).all()  # the same luck run by run
    assert both[1].mean() == pytest.approx(50.83, abs=0.3)
    by_55 = (both[1] <= 55).mean()
    assert by_55 == pytest.approx(exact_chance(path, 55), abs=0.02)


def in_order(schedule: Schedule, order: list[int]) -> Schedule:
    """The schedule with other priorities."""
    project = schedule.projects["project"]
    stages = {
        name: stage.model_copy(update={"priority": place})
        for (name, stage), place in zip(project.stages.items(), order, strict=True)
    }
    changed = project.model_copy(update={"stages": stages})
    return schedule.model_copy(update={"projects": {"project": changed}})


def most_used(found: Run, resource: str) -> int:
    """The most of a resource that is held at once."""
    steps = []
    for entry in found.log:
        held = dict(entry.needs).get(resource, 0)
        steps += [(entry.start_d or 0.0, held), (entry.end_d or 0.0, -held)]
    return max(itertools.accumulate(held for _, held in sorted(steps)))


def test_priority_rules_never_beat_the_optimum_of_a_resource_constrained_project() -> None:
    """Published optimum 21. 150 orders of ten jobs: some reach it, none is shorter."""
    schedule, luck = load("small_rcpsp"), random.Random(1)
    durations = set()
    for _ in range(150):
        found = run(in_order(schedule, luck.sample(range(10), 10)), seed=1)
        durations.add(found.milestones[LAST])
        assert most_used(found, "r1") <= 6
        assert most_used(found, "r2") <= 8
    assert min(durations) == 21
    assert max(durations) > 21


def test_the_chain_of_a_critical_path_problem_is_its_project() -> None:
    schedule = load("taylor_cpm")
    assert critical_projects(agenda_of(schedule), run(schedule, 1)) == {"network"}


def test_runs_of_a_fixed_schedule_are_all_the_same() -> None:
    assert np.ptp(runs(load("taylor_cpm"), 5, seed=1).times(LAST)) == 0


def at_the_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The JSON of a command that went well."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
def test_every_scheduling_problem_passes_check(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert at_the_command(capsys, "check", str(FOLDER / name))["errors"] == []


@pytest.mark.parametrize(
    ("name", "done"),
    [
        ("taylor_cpm", "2026-02-08"),
        ("taylor_pert", "2026-01-25"),
        ("pert_network", "2026-02-20"),
        ("pert_path", "2026-02-20"),
        ("small_rcpsp", "2026-01-22"),
    ],
)
def test_simulate_finds_the_published_day(
    name: str, done: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days 38, 24, 50.83 (within that day) and 21 after 1 January."""
    files = str(FOLDER / "projects_alone.yaml"), "-s", str(FOLDER / f"{name}.yaml")
    found = at_the_command(capsys, "simulate", *files, "--no-luck")
    (project,) = found["projects"]
    assert project["finished_p50"] == done


def test_simulate_finds_the_probability_of_a_pert_problem(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """P(T <= 28) is 0.939: 400 runs with seed 0 have it in their interval of 95 %."""
    files = str(FOLDER / "projects_alone.yaml"), "-s", str(FOLDER / "taylor_pert.yaml")
    found = at_the_command(capsys, "simulate", *files, "--runs", "400", "--workers", "1")
    (target,) = found["targets"]
    assert target["probability"] == pytest.approx(0.939, abs=0.03)
    assert target["low"] <= 0.939 <= target["high"]
