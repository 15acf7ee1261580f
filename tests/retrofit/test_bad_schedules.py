"""Bad schedules: the culprit is named with its line, and everything at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis.errors import InputError
from symbiosis.retrofit.runs import runs
from symbiosis.retrofit.schedule import Schedule
from tests.retrofit.wrong_files import names_the_culprit, problems

Make = Callable[..., Any]
GOOD = (Path(__file__).parent / "park.yaml").read_text(encoding="utf-8")
DURATION = "duration: {shape: triangular, low: 10 month, value: 12 month, high: 20 month}"

BROKEN = {
    "two projects in a circle": (
        "    earliest: 2026-03-01\n",
        "    earliest: 2026-03-01\n    after: [heat_main]\n",
        ("projects.acid_plant.after", "in a circle", "heat_main", "acid_plant"),
    ),
    "stages in a circle": (
        "      tie_in: {needs: {fitters: 1}}\n",
        "      tie_in: {needs: {fitters: 1}}\n      design: {after: [construction]}\n",
        ("projects.slag_mill.stages", "in a circle", "slag_mill.design", "slag_mill.construction"),
    ),
    "a project after itself": (
        "    after: [acid_plant.tie_in]\n",
        "    after: [heat_main]\n",
        ("projects.heat_main.after", "in a circle: heat_main → heat_main"),
    ),
    "unordered parameters": (
        DURATION,
        DURATION.replace("12 month", "9 month"),
        ("stages.construction.duration", "'10 month' should not be above '9 month'"),
    ),
    "negative parameters": (
        DURATION,
        DURATION.replace("10 month", "-10 month"),
        ("stages.construction.duration.low", "'-10 month' is below 0"),
    ),
    "a parameter is missing": (
        DURATION,
        DURATION.replace(", high: 20 month", ""),
        ("stages.construction.duration", "given by low, value, high; found low, value"),
    ),
    "a range without a shape": (
        DURATION,
        DURATION.replace("shape: triangular, ", ""),
        ("stages.construction.duration", "a duration of shape fixed is given by value"),
    ),
    "a duration without a unit": (
        "value: 150 d",
        "value: 150",
        ("stages.construction.duration.value", "'150' has no unit"),
    ),
    "an unknown shape": (
        "shape: lognormal",
        "shape: lognormla",
        ("duration.shape", "Did you mean 'lognormal'?"),
    ),
    "an unknown resource": (
        "      tie_in: {needs: {fitters: 1}}\n",
        "      tie_in: {needs: {fiters: 1}}\n",
        ("tie_in.needs.fiters", "no crew or desk 'fiters'", "Did you mean 'fitters'?"),
    ),
    "more than there are": (
        "      tie_in: {needs: {fitters: 1}}\n",
        "      tie_in: {needs: {fitters: 2}}\n",
        ("tie_in.needs.fitters", "needs 2 of fitters, there are 1"),
    ),
    "an unknown budget": (
        "budget: park_fund, instalments: 4",
        "budget: park_found, instalments: 4",
        ("spends.budget", "no budget 'park_found'", "Did you mean 'park_fund'?"),
    ),
    "an unknown window": (
        "window: overhaul}\n      trial_run",
        "window: overhall}\n      trial_run",
        ("tie_in.window", "no window 'overhall'", "Did you mean 'overhaul'?"),
    ),
    "an unknown stage": (
        "back_to: eia_preparation",
        "back_to: eia_prep",
        ("risk.back_to", "no stage 'eia_prep'", "Did you mean 'eia_preparation'?"),
    ),
    "an unknown course": (
        "    course: filed_report\n",
        "    course: filed_repot\n",
        ("acid_plant.course", "Did you mean 'filed_report'?"),
    ),
    "an unknown project": (
        "after: [acid_plant.tie_in]",
        "after: [acid_plan]",
        ("heat_main.after.0", "no project 'acid_plan'", "Did you mean 'acid_plant'?"),
    ),
    "an unknown milestone": (
        "milestone: acid_plant.commissioned",
        "milestone: acid_plant.comissioned",
        ("targets.acid_runs.milestone", "Did you mean 'acid_plant.commissioned'?"),
    ),
    "a budget that never has an instalment": (
        "spends: {money: 4000 万元, budget: park_fund}",
        "spends: {money: 1.3 亿元, budget: park_fund}",
        ("heat_main.stages.construction.spends", "130,000,000", "never has more than 120,000,000"),
    ),
    "a budget that never has enough": (
        "money: 1.6 亿元, budget: park_fund, instalments: 8",
        "money: 9.6 亿元, budget: park_fund, instalments: 80",
        ("projects.acid_plant", "960,000,000", "880,000,000 CNY in the whole horizon"),
    ),
    "a window that is too short": (
        "{from: 07-01, until: 07-31}",
        "{from: 07-01, until: 07-04}",
        ("tie_in.window", "takes at least 5 d, the longest opening of overhaul is 4 d"),
    ),
    "a window that never opens": (
        "horizon: 8 a",
        "horizon: 0.3 a",
        ("tie_in.window", "no room for the stage within the horizon of 0.3 a"),
    ),
    "a window without a date": (
        "until: 07-31",
        "until: 02-29",
        ("windows.overhaul.days.0.until", "'02-29' is not a date"),
    ),
    "a window that is the whole year": (
        "{from: 11-15, until: 03-15}",
        "{from: 03-16, until: 03-15}",
        ("windows.winter", "is the whole year"),
    ),
    "a horizon shorter than a project": (
        "horizon: 8 a",
        "horizon: 2 a",
        ("horizon", "the project acid_plant ends", "horizon is 2 a"),
    ),
    "an earliest date behind the horizon": (
        "earliest: 2026-03-01",
        "earliest: 2033-06-01",
        ("acid_plant.earliest", "the project acid_plant ends"),
    ),
    "a risk of one": (
        "chance: 20 %",
        "chance: 100 %",
        ("trial_run.risk", "with a chance of '100 %' the stage is done again for ever"),
    ),
    "a risk without its share": (
        "outcome: rework, share: 50 %",
        "outcome: rework",
        ("trial_run.risk", "the outcome rework needs: share"),
    ),
    "a restart that goes forward": (
        "back_to: eia_preparation",
        "back_to: construction",
        ("risk.back_to", "environmental_review does not come after construction"),
    ),
    "a restart that undoes": (
        "trial_run: {risk: {chance: 20 %, outcome: rework, share: 50 %}}",
        "acceptance: {risk: {chance: 20 %, outcome: restart, back_to: tie_in}}",
        ("acceptance.risk.back_to", "would do trial_run again"),
    ),
    "a window and a rest": (
        "      tie_in: {needs: {fitters: 1}, window: overhaul}\n      trial_run",
        "      tie_in: {rests: winter, window: overhaul}\n      trial_run",
        ("tie_in.rests", "give 'window' or 'rests'"),
    ),
    "a name that is taken": (
        "      trial_run: {risk",
        "      finished: {name_zh: 完, name_en: End, duration: 1 d}\n      trial_run: {risk",
        ("acid_plant.stages.finished", "'finished' cannot be a name here"),
    ),
    "a name that stands twice": (
        "  overhaul:\n",
        "  civil:\n",
        ("windows.civil", "'civil' stands twice"),
    ),
    "an unknown source": (
        DURATION,
        DURATION.replace("}", ", source: hearsay}"),
        ("construction.duration.source", "no source 'hearsay'"),
    ),
    "a year that is none": (
        "years: {2026: 0.4 亿元}",
        "years: {next: 0.4 亿元}",
        ("budgets.park_fund.years.next", "'next' is out of range"),
    ),
    "a date that is none": (
        "start: 2026-01-01",
        "start: 2026-02-29",
        ("start", "'2026-02-29' is not a date"),
    ),
    "an unknown key": (
        "carried_over: false",
        "carried_ower: false",
        ("park_fund.carried_ower", "Did you mean 'carried_over'?"),
    ),
    "not a mapping": (GOOD, "- a list\n", ("wrong", "found a list, where a mapping is needed")),
}


@pytest.mark.parametrize("case", BROKEN)
def test_the_culprit_is_named(case: str, tmp_path: Path) -> None:
    names_the_culprit(GOOD, BROKEN[case], tmp_path)


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD
    for case in ("an unknown window", "a risk of one", "negative parameters", "stages in a circle"):
        before, after, _ = BROKEN[case]
        assert before in text
        text = text.replace(before, after)
    codes = {problem.code for problem in problems(text, tmp_path)}
    assert codes >= {"unknown_name", "fails_forever", "too_small", "circle"}


def test_every_circle_is_named(schedule: Make, stage: Make) -> None:
    """Two circles that share nothing: a b c in projects, x y in the stages of d."""
    one = {"only": stage("1 d")}
    turning = {"x": stage("1 d", after=["y"]), "y": stage("1 d", after=["x"])}
    projects = {
        "a": {"stages": one, "after": ["c"]},
        "b": {"stages": one, "after": ["a"]},
        "c": {"stages": one, "after": ["b"]},
        "d": {"stages": turning},
    }
    with pytest.raises(InputError) as caught:
        schedule(projects)
    circles = [str(p.details["found"]) for p in caught.value.problems if p.code == "circle"]
    assert len(circles) == 2
    members = sorted(sorted(set(circle.split(" → "))) for circle in circles)
    assert members == [["a", "b", "c"], ["d.x", "d.y"]]
    assert all(c.split(" → ")[0] == c.split(" → ")[-1] for c in circles)


def test_a_circle_through_milestones_names_them(schedule: Make, stage: Make) -> None:
    one = {"only": stage("1 d")}
    projects = {
        "a": {"stages": one, "after": ["b.only"]},
        "b": {"stages": one, "after": ["a.commissioned"]},
    }
    with pytest.raises(InputError, match=r"a\.commissioned → b\.only|b\.only → a\.commissioned"):
        schedule(projects)


def test_auto_needs_a_target(schedule: Make, stage: Make) -> None:
    made: Schedule = schedule({"a": {"only": stage("1 d")}})
    with pytest.raises(InputError, match="only for a schedule with targets"):
        runs(made, "auto", seed=1)
