"""``compare`` on the command line: simulations with one seed and with two, plans, optima, misuse.

The tiny park of tests/data/tiny.yaml with a mill that breaks down, and a line that builds the slag
link: in 300 d, or in 200 d in the other scenario.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from symbiosis.cli import main

Run = Callable[..., Any]
LANGUAGES = ["zh", "en"]
TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
SCENARIO = """\
schema_version: 1
id: {name}
park: tiny.yaml
name_zh: 试
name_en: Try
start: 2025
horizon: {horizon} a
add:
  projects:
    line: {{name_zh: 矿渣线, name_en: Slag line, types: [chain_filling], status: planned,
           investment: 730 万元, links: [slag_cement]}}
  sources:
    paper: {{title: A plan, kind: government}}
retrofit:
  projects:
    line:
      stages:
        build: {{name_zh: 建, name_en: Build, duration: {days} d}}
        trial: {{name_zh: 试, name_en: Trial, after: [build], duration: {trial}}}
  units:
    cement.mill:
      breakdowns: {{between: {{shape: exponential, value: 60 d}}, repair: 10 d}}
  targets:
    runs: {{name_zh: 投产, name_en: Line runs, milestone: line.commissioned, by: {by}}}
    half: {{name_zh: 过半, name_en: Half, indicator: utilisation_rate, comparator: ">=",
           value: 50 %, year: 2025, document: paper}}
"""
TRIAL = "{shape: triangular, low: 10 d, value: 40 d, high: 150 d}"


def scenario(folder: Path, name: str, days: int, **words: Any) -> Path:
    """A scenario file beside the park."""
    (folder / "tiny.yaml").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    filled = {"horizon": 2, "trial": TRIAL, "by": "2025-12-31"} | words
    text = SCENARIO.format(name=name, days=days, **filled)
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def kept(folder: Path, name: str, file: Path, runs: int, seed: int, *more: str) -> Path:
    """A simulation kept as ``name``."""
    where = folder / name
    asked = ["--runs", str(runs), "--seed", str(seed), "--workers", "1", "-o", str(where), "-q"]
    assert main(["simulate", str(folder / "tiny.yaml"), "-s", str(file), *asked, *more]) == 0
    return where


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with kept simulations: slow and fast, with one seed and with another."""
    folder = tmp_path_factory.mktemp("made")
    slow, fast = scenario(folder, "slow", 300), scenario(folder, "fast", 200)
    kept(folder, "base", slow, 16, 1)
    kept(folder, "same_seed", fast, 12, 1)
    kept(folder, "other_seed", fast, 14, 2)
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Callable[[str, str], Path]:
    """Copies a kept simulation, to be changed."""

    def copied(name: str, to: str) -> Path:
        return Path(shutil.copytree(made / name, tmp_path / to))

    return copied


def rows(ran: Any, subject: str, name: str) -> list[dict[str, Any]]:
    """The rows about one thing."""
    return [row for row in ran.json["rows"] if (row["subject"], row["id"]) == (subject, name)]


def test_with_one_seed_differences_are_taken_run_by_run(run: Run, made: Path) -> None:
    """The difference is that of the first twelve runs, straight from the kept runs."""
    ran = run("compare", made / "base", made / "same_seed", "--json")
    assert ran.code == 0, ran.err
    first, _ = rows(ran, "indicator", "utilisation_rate")
    assert (first["paired"], first["n"], first["by"]) == (True, 12, "2025")
    base, other = (pandas.read_parquet(made / name / "runs.parquet") for name in
                   ("base", "same_seed"))  # fmt: skip
    column = "utilisation_rate@2025"
    gaps = other[column].to_numpy() - base[column].to_numpy()[:12]
    assert first["difference"] == pytest.approx(gaps.mean())
    half = 2.200985 * gaps.std(ddof=1) / np.sqrt(12)
    assert first["high"] - first["difference"] == pytest.approx(half, rel=1e-6)
    assert first["base"] == pytest.approx(base[column][:12].mean())
    assert first["clear"] is True


def test_pairs_have_the_narrower_interval(run: Run, made: Path) -> None:
    """The luck of the mill is the same in both, and cancels."""
    ran = run("compare", made / "base", made / "same_seed", made / "other_seed", "--json")
    by_result = {
        row["result"]: row["high"] - row["low"]
        for row in rows(ran, "indicator", "utilisation_rate")
        if row["by"] == "2026"
    }
    paired, apart = by_result.values()
    assert paired < apart / 2
    second = [row for row in ran.json["rows"] if row["result"] == str(made / "other_seed")]
    assert {row["paired"] for row in second} == {False}
    assert {row["n"] for row in second if row["subject"] == "indicator"} == {30}


def test_what_hand_made_runs_come_to(run: Run, copy: Callable[..., Path]) -> None:
    """Four runs: costs 1, 2, 3, 4 and 2, 3, 4, 6; days 10, 20, never, 40 and 5, never, 5, 20.

    Cost: mean gap 1.25, 0.4544 to 2.0456. Days: pairs -5 and -20, mean -12.5, error 7.5, t of 1 is
    12.706. The target was kept in 1 and in 3 of 4.
    """
    numbers = {
        "base": ([1, 2, 3, 4], [10, 20, None, 40], [1, -1, -1, -1]),
        "same_seed": ([2, 3, 4, 6], [5, None, 5, 20], [1, 1, 1, -1]),
    }
    for name, (cost, days, margin) in numbers.items():
        file = copy(name, name) / "runs.parquet"
        frame = pandas.read_parquet(file).iloc[:4].copy()
        frame["cost@2025"], frame["half@margin"] = np.array(cost, float), np.array(margin, float)
        frame["line.commissioned@day"] = np.array(days, float)
        frame.to_parquet(file, index=False)
    ran = run("compare", "base", "same_seed", "--json")
    cost_row = rows(ran, "indicator", "cost")[0]
    assert [cost_row[key] for key in ("base", "other", "difference", "low", "high")] == (
        pytest.approx([2.5, 3.75, 1.25, 0.4544, 2.0456], abs=1e-4)
    )
    (line,) = rows(ran, "project", "line")
    assert [line[key] for key in ("difference", "low", "high")] == pytest.approx(
        [-12.5, -12.5 - 7.5 * 12.7062, -12.5 + 7.5 * 12.7062], abs=1e-3
    )
    assert [line[key] for key in ("n", "n_base", "n_other", "clear")] == [2, 3, 3, False]
    (half,) = rows(ran, "target", "half")
    assert [half[key] for key in ("base", "other", "difference")] == [0.25, 0.75, 0.5]


def test_runs_without_an_answer_are_in_no_pair(
    run: Run, copy: Callable[..., Path], made: Path
) -> None:
    file = copy("base", "holed") / "runs.parquet"
    frame = pandas.read_parquet(file)
    indicators = [c for c in frame.columns if c.rpartition("@")[2].isdecimal()]
    frame.loc[3, indicators] = np.nan
    frame.to_parquet(file, index=False)
    ran = run("compare", "holed", made / "same_seed", "--json")
    assert {row["n"] for row in ran.json["rows"] if row["subject"] == "indicator"} == {11}
    assert rows(ran, "target", "runs")[0]["n"] == 12


def test_the_same_runs_have_no_clear_difference(run: Run, made: Path) -> None:
    ran = run("compare", made / "base", made / "base", "--json")
    assert {row["difference"] for row in ran.json["rows"]} == {0.0}
    assert not any(row["clear"] for row in ran.json["rows"])
    assert "No clear difference among" in run("compare", made / "base", made / "base").out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_terminal_shows_clear_differences_and_counts_the_others(
    lang: str, run: Run, made: Path
) -> None:
    ran = run("compare", made / "base", made / "same_seed", made / "other_seed", "--lang", lang)
    assert ran.code == 0, ran.err
    assert ran.out.count("2025-12-") >= 2
    said = {
        "en": ("run by run", "The seeds differ (1, 2)", "Slag line", "more differ by no more than",
               "scenario is slow in the base and fast here", "-100 d"),
        "zh": ("逐次配对", "种子不同（1、2）", "矿渣线", "不超出随机与舍入范围",
               "scenario 在基准中为 slow，此处为 fast", "-100 d"),
    }  # fmt: skip
    for text in said[lang]:
        assert text in ran.out


def test_a_further_indicator_is_compared_when_asked_for(run: Run, made: Path) -> None:
    pair = (made / "base", made / "same_seed")
    assert not rows(run("compare", *pair, "--json"), "indicator", "used_share.slag")
    asked = ("--indicator", "used_share.slag", "--indicator", "cost_of.cement")
    ran = run("compare", *pair, *asked, "--json")
    assert rows(ran, "indicator", "used_share.slag")[0]["difference"] > 0
    assert rows(ran, "indicator", "cost_of.cement")[0]["unit"] == "CNY"


@pytest.mark.parametrize(("lang", "near"), [("en", "utilisation_rate"), ("zh", "utilisation_rate")])
def test_an_unknown_indicator_is_refused(lang: str, near: str, run: Run, made: Path) -> None:
    ran = run("compare", made / "base", made / "same_seed", "--indicator", "utilisation_rat",
              "--lang", lang)  # fmt: skip
    assert ran.code == 2
    assert "--indicator" in ran.err
    assert near in ran.err


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_all_rows_are_kept_as_a_table(ending: str, run: Run, made: Path, tmp_path: Path) -> None:
    pair = (made / "base", made / "same_seed")
    file = tmp_path / "new" / f"rows.{ending}"
    ran = run("compare", *pair, "-o", file, "--json")
    assert ran.code == 0, ran.err
    frame = pandas.read_csv(file) if ending == "csv" else pandas.read_parquet(file)
    assert len(frame) == len(ran.json["rows"])
    line = frame[frame["subject"] == "project"].iloc[0]
    assert str(line["base_text"]).startswith("2025-12")
    assert line["difference"] == pytest.approx(-100)
    assert f"All rows are in {file}" in run("compare", *pair, "-o", file).out


@pytest.mark.parametrize(("lang", "said"), [("en", "format of tables"), ("zh", "表格格式")])
def test_a_table_has_a_known_ending(lang: str, said: str, run: Run, made: Path) -> None:
    ran = run("compare", made / "base", made / "base", "-o", "rows.xls", "--lang", lang)
    assert ran.code == 2
    assert said in ran.err
    assert ".csv" in ran.err


def test_targets_that_ask_for_something_else_are_not_compared(
    run: Run, made: Path, tmp_path: Path
) -> None:
    """The date of ``runs`` is earlier in the other scenario."""
    file = scenario(tmp_path, "earlier", 200, by="2025-10-31")
    kept(tmp_path, "earlier", file, 3, 1)
    ran = run("compare", made / "base", tmp_path / "earlier", "--json")
    assert not rows(ran, "target", "runs")
    found = [(one["subject"], one["id"], one["why"]) for one in ran.json["left_out"]]
    assert found == [("target", "runs", "other_meaning")]
    assert "they ask for something else" in run("compare", made / "base", "earlier").out
    assert "含义不同" in run("compare", made / "base", "earlier", "--lang", "zh").out


def test_what_one_has_alone_is_named(run: Run, made: Path, copy: Callable[..., Path]) -> None:
    file = copy("base", "less") / "result.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    document["targets"].pop()
    document["projects"].clear()
    file.write_text(json.dumps(document), encoding="utf-8")
    told = run("compare", made / "base", "less").out
    assert f"Only in {made / 'base'} (targets): half" in told
    told = run("compare", "less", made / "base", "--lang", "zh").out
    assert f"仅 {made / 'base'} 有（项目）：line" in told


def test_without_luck_differences_are_exact(run: Run, tmp_path: Path) -> None:
    """300 d and 200 d of building, the trial the same: 100 d."""
    for name, days in (("slow", 300), ("fast", 200)):
        kept(tmp_path, name, scenario(tmp_path, name, days), 1, 0, "--no-luck")
    ran = run("compare", "slow", "fast", "--json")
    (line,) = rows(ran, "project", "line")
    assert [line[key] for key in ("difference", "low", "high", "clear")] == [-100, -100, -100, True]
    assert "the differences are exact" in run("compare", "slow", "fast").out
    assert "差异为精确值" in run("compare", "slow", "fast", "--lang", "zh").out


# --- plans and optima


def test_optima_differ_exactly(run: Run, tiny: Path) -> None:
    """See tests/data/tiny.yaml: 37.5 % at 6,200,000 CNY today, 75 % at 2,300,000 with all links."""
    run("optimise", tiny, "--links", "existing", "-o", "today")
    run("optimise", tiny, "-o", "all")
    ran = run("compare", "today", "all", "--json")
    assert ran.code == 0, ran.err
    (rate,) = rows(ran, "indicator", "utilisation_rate")
    assert [rate["base"], rate["other"], rate["difference"]] == pytest.approx([0.375, 0.75, 0.375])
    assert (rate["paired"], rate["n"], rate["low"], rate["clear"]) == (None, None, None, True)
    assert rows(ran, "indicator", "cost")[0]["difference"] == pytest.approx(-3_900_000)
    (flow,) = rows(ran, "flow", "slag_cement")
    assert [flow["base"], flow["other"]] == pytest.approx([0, 60_000])
    items = [row["difference"] for row in ran.json["rows"] if row["subject"] == "cost_item"]
    assert sum(items) == pytest.approx(-3_900_000)
    assert "+38 points" in run("compare", "today", "all").out
    assert "另有" in run("compare", "today", "all", "--lang", "zh").out
    told = run("compare", "today", "today").out
    assert "rows are the same" in told


def test_plans_differ_in_years_rates_and_worth(run: Run, made: Path) -> None:
    """730 万元 for the slag line: 800 a year pay for it in 2025, nothing never does."""
    park, file = made / "tiny.yaml", made / "free.yaml"
    text = (made / "slow.yaml").read_text(encoding="utf-8")
    file.write_text(text[: text.index("  targets:")], encoding="utf-8")
    for name, budget in (("rich", "8000000"), ("poor", "0")):
        assert run("plan", park, "-s", file, "--budget", budget, "-o", name).code == 0
    ran = run("compare", "rich", "poor", "--json")
    assert ran.code == 0, ran.err
    (line,) = rows(ran, "project", "line")
    assert [line["base"], line["other"], line["difference"], line["clear"]] == [
        2025, None, None, True,
    ]  # fmt: skip
    rate = rows(ran, "indicator", "utilisation_rate")[-1]
    assert [rate["by"], rate["base"], rate["other"]] == ["2026", pytest.approx(0.75), 0.375]
    assert rows(ran, "plan", "invested")[0]["difference"] == pytest.approx(-7_300_000)
    npv = [json.loads(Path(n, "result.json").read_text("utf-8"))["npv_cny"] for n in
           ("rich", "poor")]  # fmt: skip
    assert rows(ran, "plan", "npv")[0]["difference"] == pytest.approx(npv[1] - npv[0])
    for lang, said in (("en", "Slag line"), ("zh", "矿渣线")):
        assert said in run("compare", "rich", "poor", "--lang", lang).out


# --- what cannot be compared


@pytest.mark.parametrize(("lang", "said"), [("en", "one result cannot"), ("zh", "只有一个结果")])
def test_one_result_alone_is_refused(lang: str, said: str, run: Run, made: Path) -> None:
    ran = run("compare", made / "base", "--lang", lang)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(("lang", "said"), [("en", "is not a result"), ("zh", "不是保存的结果")])
def test_a_folder_that_is_no_result_is_refused(
    lang: str, said: str, run: Run, made: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    ran = run("compare", made / "base", "empty", "--lang", lang)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize("key", ["money_year", "park", "years"])
def test_a_result_of_another_version_is_named_with_what_it_lacks(
    run: Run, made: Path, copy: Callable[..., Path], key: str
) -> None:
    """Whichever key is missing: exit code 2, the file and the key, and no fault."""
    file = copy("base", "old") / "result.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    del document[key]
    file.write_text(json.dumps(document), encoding="utf-8")
    ran = run("compare", "old", made / "same_seed", "--lang", "en")
    assert (ran.code, f"result.json has no '{key}'" in ran.err) == (2, True)


def test_broken_runs_are_named(run: Run, made: Path, copy: Callable[..., Path]) -> None:
    file = copy("base", "broken") / "runs.parquet"
    pandas.DataFrame({"run": [0]}).to_parquet(file)
    ran = run("compare", "broken", made / "base")
    assert (ran.code, "runs.parquet is missing or broken" in ran.err) == (2, True)
    file.write_text("no parquet", encoding="utf-8")
    assert run("compare", made / "base", "broken").code == 2
    file.unlink()
    assert run("compare", made / "base", "broken").code == 2


@pytest.mark.parametrize(
    ("file", "key", "value", "en", "zh"),
    [
        ("manifest.json", "kind", "plan", "the verb that made it is plan", "生成命令"),
        ("result.json", "park", "jinchang", "the park is jinchang", "园区"),
        ("result.json", "money_year", 2020, "the year of the money is 2020", "价格基准年"),
        ("manifest.json", "years", [2025, 2030], "the horizon is 2025–2030", "规划期"),
    ],
)
def test_results_of_different_questions_are_refused(
    file: str, key: str, value: Any, en: str, zh: str, run: Run, made: Path,
    copy: Callable[..., Path],
) -> None:  # fmt: skip
    path = copy("base", "unlike") / file
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {key: value}), encoding="utf-8")
    for lang, said in (("en", en), ("zh", zh)):
        ran = run("compare", made / "base", "unlike", "--lang", lang)
        assert ran.code == 2
        assert said in ran.err
        assert "unlike" in ran.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "for simulations alone"), ("zh", "只有模拟结果")]
)
def test_indicators_are_chosen_for_simulations_alone(
    lang: str, said: str, run: Run, tiny: Path
) -> None:
    run("optimise", tiny, "-o", "one")
    ran = run("compare", "one", "one", "--indicator", "cost", "--lang", lang)
    assert ran.code == 2
    assert said in ran.err
