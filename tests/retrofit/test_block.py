"""The block ``retrofit`` of a scenario becomes a schedule of the park's own projects."""

from pathlib import Path

import pytest

from symbiosis.errors import InputError
from symbiosis.retrofit.block import Retrofit, retrofit_of
from symbiosis.retrofit.run import run
from symbiosis.scenario import load_question, load_scenario

HEAD = """\
schema_version: 1
id: asked
park: jinchang
name_zh: 试
name_en: Try
start: 2025
horizon: 6 a
"""


def retrofit(folder: Path, block: str) -> Retrofit:
    """The retrofit of a scenario of Jinchang with this block."""
    file = folder / "asked.yaml"
    file.write_text(HEAD + block, encoding="utf-8")
    return retrofit_of(load_scenario(file))


def refused(folder: Path, block: str) -> dict[str, str]:
    """The codes of what is wrong, by key."""
    with pytest.raises(InputError) as raised:
        retrofit(folder, block)
    assert all(p.message("zh") and p.line is not None for p in raised.value.problems)
    return {problem.key: problem.code for problem in raised.value.problems}


def test_without_a_block_every_open_project_takes_its_lead() -> None:
    """A project without a lead takes one year: those of Baiyin run on 1 January 2026."""
    found = retrofit_of(load_question("baiyin"))
    lived = run(found.schedule, None)
    assert {change.project for change in lived.changes} == set(found.builds)
    leads = {name: found.scenario.park.projects[name].lead for name in found.builds}
    without = [change for change in lived.changes if leads[change.project] is None]
    assert {change.date for change in without} == {"2026-01-01"}


def test_a_project_is_paid_from_its_budget_while_it_is_built(tmp_path: Path) -> None:
    """Nenghua costs 29.18 亿元, in three instalments of the only stage, in 2025 and 2026.

    10 亿元 come every New Year: 9.73 are paid in 2025 at once, the second waits for 2026 although
    it is due in May 2025, the third for 2027. So the year of building ends in 2027.
    """
    lived = run(
        retrofit(
            tmp_path,
            "retrofit:\n"
            "  budgets:\n"
            "    fund: {name_zh: 资金, name_en: Fund, each_year: 10 亿元, carried_over: false}\n"
            "  projects:\n"
            "    nenghua: {budget: fund, instalments: 3}\n",
        ).schedule,
        None,
    )
    assert {month for _, month in lived.money_cny} == {"2025-01", "2026-01", "2027-01"}
    assert sum(lived.money_cny.values()) == pytest.approx(29.18e8)


def test_a_ramp_by_year_lasts_twelve_months_each(tmp_path: Path) -> None:
    """Half in the first year of running, all from the second: the step comes a year later."""
    found = retrofit(
        tmp_path,
        "set:\n  projects.yetuo.ramp: [50 %, 100 %]\nretrofit:\n  projects: {yetuo: {}}\n",
    )
    lived = run(found.schedule, None)
    shares = [(change.date, change.share) for change in lived.changes]
    assert shares[0] == ("2026-01-01", 0.5)
    assert next(date for date, share in shares if share == 1.0) == "2027-01-01"


def test_a_project_waits_until_its_predecessor_runs(tmp_path: Path) -> None:
    """Yetuo runs after one year; zxb begins then and runs after another."""
    found = retrofit(
        tmp_path,
        "set:\n  projects.zxb.after: [yetuo]\nretrofit:\n  projects: {yetuo: {}, zxb: {}}\n",
    )
    lived = run(found.schedule, None)
    assert {c.project: c.date for c in lived.changes} == {
        "yetuo": "2026-01-01",
        "zxb": "2027-01-01",
    }


def test_a_course_and_its_own_keys_are_those_of_a_schedule_file(tmp_path: Path) -> None:
    """The stages of the bundled course, and the money with the construction."""
    found = retrofit(
        tmp_path,
        "retrofit:\n"
        "  budgets:\n"
        "    fund: {name_zh: 资金, name_en: Fund, each_year: 40 亿元, carried_over: true}\n"
        "  projects:\n"
        "    nenghua: {course: filed_report, budget: fund, priority: 2}\n",
    )
    stages = found.schedule.projects["nenghua"].stages
    assert "environmental_review" in stages
    spends = stages["construction"].spends
    assert spends is not None
    assert spends.money.amount == pytest.approx(29.18e8)


def test_what_is_wrong_is_named_with_its_key_in_the_scenario(tmp_path: Path) -> None:
    """All at once: a project that is not there, one that runs already, a missing cost, a course."""
    found = refused(
        tmp_path,
        "set:\n  projects.zxb.after: [huiji]\n"
        "retrofit:\n"
        "  objective: speed\n"
        "  budgets:\n"
        "    fund: {name_zh: 资金, name_en: Fund, each_year: 1 亿元, carried_over: true}\n"
        "  projects:\n"
        "    yetu: {}\n"
        "    jinni_cement: {}\n"
        "    yetuo: {budget: fund}\n"
        "    zxb: {budget: fond, course: filed_tabel}\n",
    )
    assert found["retrofit.objective"] == "not_allowed"
    assert found["retrofit.projects.yetu"] == "unknown_name"
    assert found["retrofit.projects.jinni_cement"] == "project_there"
    assert found["retrofit.projects.yetuo.budget"] == "budget_without_cost"
    assert found["retrofit.projects.zxb.after"] == "waits_for_nobody"
    assert found["retrofit.projects.zxb.course"] == "unknown_name"
    assert found["retrofit.projects.zxb.budget"] == "unknown_name"


PROMISE = (
    "retrofit:\n"
    "  projects: {yetuo: {}}\n"
    "  sources: {plan: {title: A plan}}\n"
    "  targets:\n"
    "    runs:\n"
    "      {name_zh: 投产, name_en: Runs, milestone: yetuo.commissioned, by: 2026-12-31,\n"
    "       document: %s, section: box 1, source: plan, grade: A}\n"
)


def test_a_promise_names_the_document_that_it_stands_in(tmp_path: Path) -> None:
    """With section, source and grade, as a target of an indicator does."""
    target = retrofit(tmp_path, PROMISE % "plan").schedule.targets["runs"]
    assert (target.document, target.section, target.grade) == ("plan", "box 1", "A")
    wrong = refused(tmp_path, PROMISE % "plann")
    assert wrong == {"retrofit.targets.runs.document": "unknown_name"}


def test_financing_stands_in_the_block_and_is_no_part_of_the_course(tmp_path: Path) -> None:
    found = retrofit(tmp_path, "retrofit:\n  finance: {own: 2 亿元}\n  projects: {yetuo: {}}\n")
    assert set(found.builds) == {"yetuo"}


def test_a_lead_in_the_block_goes_before_that_of_the_park(tmp_path: Path) -> None:
    """Two years: yetuo runs on 1 January 2027."""
    found = retrofit(tmp_path, "retrofit:\n  projects: {yetuo: {lead: 2 a}}\n")
    assert [change.date for change in run(found.schedule, None).changes] == ["2027-01-01"]


SIZED = """\
set:
  projects.yetuo.sizes:
    - {id: half, share: 50 %, investment: 1 亿元}
    - {id: whole, share: 100 %, investment: 1.8 亿元}
"""


def test_a_size_has_its_share_and_its_price(tmp_path: Path) -> None:
    """Half of the capacity for 1 亿元; without a size named the largest, for 1.8."""
    for said, share, cny in (("{size: half}", 0.5, 1e8), ("{}", 1.0, 1.8e8)):
        found = retrofit(tmp_path, f"{SIZED}retrofit:\n  projects:\n    yetuo: {said}\n")
        lived = run(found.schedule, None)
        assert [change.share for change in lived.changes] == [share]
        assert sum(lived.paid_cny.values()) == pytest.approx(cny)


def test_a_size_that_there_is_not_is_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, f"{SIZED}retrofit:\n  projects: {{yetuo: {{size: third}}}}\n")
    assert found["retrofit.projects.yetuo.size"] == "unknown_name"


def test_an_unknown_key_is_told_with_those_of_the_block(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        retrofit(tmp_path, "retrofit:\n  objectiv: cost\n  projects: {yetuo: {}}\n")
    (problem,) = raised.value.problems
    assert (problem.key, problem.details["nearest"]) == ("retrofit.objectiv", "objective")
    assert "finance" in problem.details["allowed"]
    assert "name_zh" not in problem.details["allowed"]
