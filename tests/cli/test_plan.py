"""``plan`` on the command line: what it prints and keeps, how it ends, what it refuses.

The park: 100 t of slag; the mill (100,000 CNY) takes 50 t, the kiln (40,000 CNY) 30 t, the road
(without a price) 10 t; a used tonne saves 60 CNY. 100,000 CNY a year: R 0, 60, 90 % or 0, 40, 90 %.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import pytest

from tests.model.parks import byproduct, link, makes, named, needs, tree, use, write

Run = Callable[..., Any]
LANGUAGES = ["zh", "en"]
BUDGET = ("--budget", "100000")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The park of this module as a file."""
    takes = {"mill": "50 t/a", "kiln": "30 t/a", "road": "10 t/a"}
    prices = {"mill": {"investment": "100000 CNY"}, "kiln": {"investment": "40000 CNY"}, "road": {}}
    projects = {
        name: named(name, types=["chain_filling"], status="planned", **price)
        for name, price in prices.items()
    }
    ways = {
        f"way_{n}": link("works.slag", f"{n}.blend", status="planned", project=n) for n in takes
    }
    takers = {name: needs(blend=use(wanted, "slag")) for name, wanted in takes.items()}
    works = makes(slag=byproduct("100 t/a", "10 CNY/t"))
    whole = tree({"works": works, **takers}, ways, projects=projects, horizon="3 a")
    return write(whole, tmp_path / "small.yaml")


def test_the_keys_that_scripts_use(run: Run, small: Path) -> None:
    ran = run("plan", small, *BUDGET, "--json")
    assert ran.code == 0
    found = ran.json
    assert found["schema_version"] == 1
    begun = {row["id"]: row["year"] for row in found["projects"]}
    assert begun["road"] == 2025
    assert sorted((begun["mill"], begun["kiln"])) == [2025, 2026]
    assert [row["year"] for row in found["utilisation_by_year"]] == [2025, 2026, 2027]
    assert found["utilisation_by_year"][-1]["value"] == pytest.approx(0.9)
    assert found["missed"] == []
    assert found["unpriced"] == ["road"]
    assert isinstance(found["npv_cny"], float)


@pytest.mark.parametrize("budget", ["100000", "1e5", "100,000", "10万元", "10 万元/a"])
def test_a_budget_is_a_number_or_money(budget: str, run: Run, small: Path) -> None:
    assert run("plan", small, "--budget", budget, "--json").json["budget_cny"] == 100_000


def test_a_target_in_reach_is_kept(run: Run, small: Path) -> None:
    """60 % by 2026: the mill and the road at once."""
    asked = ("--target", "60%", "--by", 2026, "--objective", "cost")
    found = run("plan", small, *BUDGET, *asked, "--json").json
    assert {row["id"]: row["year"] for row in found["projects"]}["mill"] == 2025
    assert found["targets"] == [{"rate": 0.6, "by": 2026, "price_cny_per_t": None, "met": True}]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_target_out_of_reach_ends_with_1_and_the_closest_plan(
    lang: str, run: Run, small: Path
) -> None:
    ran = run("plan", small, *BUDGET, "--target", "0.95", "--lang", lang)
    assert ran.code == 1
    assert "95.00 %" in ran.out
    assert "90.00 %" in ran.out
    assert "mill" in ran.out
    found = run("plan", small, *BUDGET, "--target", "0.95", "--json")
    assert found.code == 1
    (missed,) = found.json["missed"]
    assert missed["by"] == 2027
    assert missed["closest"] == pytest.approx(0.9)
    assert missed["short_t"] == pytest.approx(5)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("objective", ["utilisation", "npv", "cost"])
def test_the_summary_names_projects_years_and_reasons(
    lang: str, objective: str, run: Run, small: Path
) -> None:
    ran = run("plan", small, *BUDGET, "--objective", objective, "--lang", lang, "-v")
    assert ran.code == 0, ran.err
    assert "2025" in ran.out
    assert "road" in ran.out
    assert "8.0 %" in ran.out
    assert "{" not in ran.out
    if objective != "utilisation":
        assert "mill" in ran.out.partition("kiln")[2] + ran.out.partition("kiln")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_is_kept_and_drawn(lang: str, run: Run, small: Path, tmp_path: Path) -> None:
    ran = run("plan", small, *BUDGET, "-o", "kept", "--lang", lang)
    assert ran.code == 0, ran.err
    kept = tmp_path / "kept"
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "plan"
    assert manifest["gap"] == 0
    assert len(manifest["inputs"][0]["sha256"]) == 64
    assert (kept / "gantt.svg").read_bytes().startswith(b"<?xml")
    years = pandas.read_parquet(kept / "tables" / "years.parquet")
    assert list(years["year"]) == [2025, 2026, 2027]
    small.write_text("broken", encoding="utf-8")
    for ending in ("svg", "png", "pdf"):
        drawn = run("draw", "kept", "--as", "gantt", "-o", f"plan.{ending}", "--lang", lang, "-q")
        assert drawn.code == 0, drawn.err
        assert (tmp_path / f"plan.{ending}").stat().st_size > 1000


def test_nothing_begun_is_a_plan_too(run: Run, small: Path) -> None:
    text = small.read_text(encoding="utf-8").replace("10 t/a", "0 t/a")
    small.write_text(text, encoding="utf-8")
    for lang, said in (("en", "Nothing is begun."), ("zh", "没有项目开工")):
        ran = run("plan", small, "--budget", 0, "-o", "kept", "--lang", lang)
        assert ran.code == 0, ran.err
        assert said in ran.out
    drawn = run("draw", "kept", "--as", "gantt", "-o", "plan.png", "-q")
    assert drawn.code == 0, drawn.err


@pytest.mark.parametrize(
    ("options", "zh", "en"),
    [
        (("--budget", "viel"), "不是每年的金额", "write 200000000, 2e8 or 2亿元"),
        (("--budget", "-5"), "不是每年的金额", "zero or more"),
        (("--budget", "nan"), "不是每年的金额", "zero or more"),
        (("--budget", "5 t/a"), "不是每年的金额", "'5 t/a' is not an amount of money"),
        ((), "未说明每年自有资金", "give --budget"),
        ((*BUDGET, "--target", "170%"), "不是比率", "write 60 % or 0.6"),
        ((*BUDGET, "--by", "2027"), "需要一个利用率", "needs a rate: give --target"),
        ((*BUDGET, "--target", "0.5", "--by", "soon"), "不是规划期内的年份", "2025..2027"),
        ((*BUDGET, "--target", "0.5", "--by", "2099"), "不在规划期内", "2025..2027"),
        ((*BUDGET, "--objective", "carbon"), "此处不允许", "utilisation, npv, cost"),
    ],
)
def test_what_cannot_be_meant_is_wrong_input(
    options: tuple[str, ...], zh: str, en: str, run: Run, small: Path
) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        ran = run("plan", small, *options, "--lang", lang)
        assert ran.code == 2
        assert said in ran.err
        assert ran.out == ""


def test_a_gantt_is_drawn_of_kept_plans_only(run: Run, small: Path, tiny: Path) -> None:
    ran = run("draw", small, "--as", "gantt", "-o", "plan.svg")
    assert ran.code == 2
    assert "symbiosis plan PARK --budget" in ran.err
    run("optimise", tiny, "-o", "optimum", "-q")
    ran = run("draw", "optimum", "--as", "gantt", "-o", "plan.svg")
    assert ran.code == 2
    assert "a result of 'optimise' has no picture 'gantt'" in ran.err
    run("plan", small, *BUDGET, "-o", "kept", "-q")
    ran = run("draw", "kept", "-o", "plan.svg", "--lang", "zh")
    assert ran.code == 2
    assert "“plan”的结果没有“network”这种图" in ran.err


def test_a_folder_that_is_no_result_is_not_written_over(
    run: Run, small: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    ran = run("plan", small, *BUDGET, "-o", "mine")
    assert ran.code == 2
    assert (tmp_path / "mine" / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_help_tells_what_the_objectives_are(run: Run) -> None:
    assert "net present value" in run("plan", "--help", "--lang", "en").out
    assert "carbon" in run("optimise", "--help", "--lang", "en").out


@pytest.mark.parametrize(("park", "budget"), [("jinchang", "2亿元"), ("baiyin", "10亿元")])
def test_a_bundled_park_is_planned(park: str, budget: str, run: Run) -> None:
    """Something is begun, no year spends more than the budget, the rate does not fall below 0."""
    found = run("plan", park, "--budget", budget, "--json").json
    assert found["projects"]
    assert all(row["own_cny"] <= found["budget_cny"] * (1 + 1e-9) for row in found["years"])


def test_the_python_interface_says_the_same() -> None:
    import symbiosis

    made = symbiosis.plan("jinchang", budget_cny=2e8, target=0.9, by=2028, objective="npv")
    assert made.document()["missed"][0]["by"] == 2028
    assert list(made.projects["id"]) == [row["id"] for row in made.rows["projects"]]
    assert {"year", "utilisation_rate", "own_cny"} <= set(made.years.columns)
    assert made.cash_flow["discounted_cny"].sum() == pytest.approx(made.plan.npv_cny)
    assert {"why", "excluded_by"} <= set(made.left_out.columns)
    assert "year" in made.flows.columns
