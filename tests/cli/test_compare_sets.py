"""``compare`` of result sets through the real entry point: optima, plans, simulations, misuse.

The tiny park (see tests/data/tiny.yaml) at two distances of the ash link, with the existing link
alone and with both. At 10 km: 37.5 % at 6,200,000 CNY, and 75 % at 2,300,000. At 20 km the 60,000 t
of ash cost 0.5 x 10 x 60,000 = 300,000 CNY more in both. So every pair differs by +37.5 points and
-3,900,000 CNY, and by 60,000 t of slag to cement.
"""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from symbiosis.cli import main
from symbiosis.terminal import compared_sets as screen

Run = Callable[..., Any]
LANGUAGES = ["zh", "en"]
TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
DISTANCE = "links.ash_cement.distance"
HEAD = """\
schema_version: 1
id: two
park: tiny.yaml
name_zh: 试
name_en: Try
open: [{open}]
"""
SWEEP = """\
sweep:
  options: {{objective: cost, solver: glpk}}
  keys:
    links.ash_cement.distance: {{values: [{values}]}}
"""
LIVED = """\
horizon: 2 a
add:
  projects:
    line: {{name_zh: 矿渣线, name_en: Slag line, types: [chain_filling], status: planned,
           investment: 730 万元, links: [slag_cement]}}
retrofit:
  projects:
    line: {{stages: {{build: {{name_zh: 建, name_en: Build, duration: {days} d}}}}}}
  targets:
    half: {{name_zh: 过半, name_en: Half, indicator: utilisation_rate, comparator: ">=",
           value: {value}, year: 2025, document: handbook}}
sweep:
  keys:
    links.ash_cement.distance: {{values: [10 km, 20 km]}}
"""


def batch(folder: Path, name: str, text: str, *options: str) -> Path:
    """A result set, from a scenario in a folder of its own."""
    where = folder / f"of_{name}"
    where.mkdir()
    shutil.copyfile(TINY, where / "tiny.yaml")
    (where / "two.yaml").write_text(text, encoding="utf-8")
    asked = ["-o", str(folder / name), "--workers", "1", "-q", *options]
    assert main(["batch", str(where / "two.yaml"), *asked]) == 0
    return folder / name


def optima(opened: str, values: str) -> str:
    return HEAD.format(open=opened) + SWEEP.format(values=values)


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sets: with the existing link and with both, other distances, one that fails."""
    folder = tmp_path_factory.mktemp("sets")
    both = "existing, potential"
    batch(folder, "today", optima("existing", "10 km, 20 km"))
    batch(folder, "all", optima(both, "10 km, 20 km"))
    batch(folder, "other", optima(both, "10 km, 30 km, 40 km"))
    batch(folder, "holed", optima(both, "10 km, -1 km"))
    alive = HEAD.format(open="existing")
    asked = ("--verb", "simulate", "--runs", "2", "--seed", "1")
    batch(folder, "slow", alive + LIVED.format(days=330, value="50 %"), *asked)
    batch(folder, "fast", alive + LIVED.format(days=230, value="50 %"), *asked)
    batch(folder, "easier", alive + LIVED.format(days=230, value="40 %"), *asked)
    plan = alive + LIVED.format(days=330, value="50 %")
    batch(folder, "rich", plan, "--verb", "plan", "--budget", "8000000")
    batch(folder, "poor", plan, "--verb", "plan", "--budget", "0")
    return folder


def rows(ran: Any, subject: str, name: str) -> list[dict[str, Any]]:
    return [row for row in ran.json["rows"] if (row["subject"], row["id"]) == (subject, name)]


def test_optima_in_json(run: Run, sets: Path) -> None:
    ran = run("compare", sets / "today", sets / "all", "--json")
    assert ran.code == 0, ran.err
    assert list(ran.json) == [
        "schema_version", "kind", "verb", "base", "results", "cases", "rows", "left_out",
        "asked_otherwise",
    ]  # fmt: skip
    assert (ran.json["kind"], ran.json["verb"]) == ("batch", "optimise")
    (rate,) = rows(ran, "indicator", "utilisation_rate")
    (cost,) = rows(ran, "indicator", "cost")
    (slag,) = rows(ran, "flow", "slag_cement")
    (ash,) = rows(ran, "flow", "ash_cement")
    assert [rate["base"], rate["other"]] == pytest.approx([0.375, 0.75])
    assert [cost["base"], cost["other"]] == pytest.approx([6_350_000, 2_450_000])
    assert [cost[key] for key in ("smallest", "median", "greatest")] == pytest.approx(
        [-3_900_000] * 3
    )
    assert [cost[key] for key in ("rise", "fall", "stay")] == [0, 2, 0]
    assert [slag["base"], slag["other"], slag["n"]] == [0, pytest.approx(60_000), 2]
    assert (ash["stay"], ash["name_zh"]) == (2, "粉煤灰作混合材")
    items = [row["difference"] for row in ran.json["rows"] if row["subject"] == "cost_item"]
    assert sum(items) == pytest.approx(-3_900_000)
    assert [one["key"] for one in ran.json["asked_otherwise"]] == ["inputs"]
    assert ran.json["cases"][0] == {
        "result": str(sets / "all"), "base": 2, "other": 2, "compared": 2, "same_seed": 0,
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_screen_shows_what_changed(lang: str, run: Run, sets: Path) -> None:
    ran = run("compare", sets / "today", sets / "all", "--lang", lang)
    assert ran.code == 0, ran.err
    said = {
        "en": ("2 pairs of cases are compared (2 cases in the base, 2 here)", "no intervals",
               "comprehensive utilisation rate", "-3.90 million CNY", "slag to cement",
               "purchases of virgin material", "+38 points", "0/2/0",
               "others are the same everywhere", "Asked otherwise: inputs is two "),
        "zh": ("共对比 2 对算例（基准 2 个，此处 2 个）", "无置信区间", "工业固体废物综合利用率",
               "-390 万元", "矿渣作混合材", "外购原生料", "升/降/平", "项在所有算例中相同",
               "所问不同：inputs 在基准中为 two "),
    }  # fmt: skip
    text = " ".join(ran.out.split())
    for words in said[lang]:
        assert words in text
    assert "ash to cement" not in ran.out
    assert text.index("37.5 %") < text.index("-3.90" if lang == "en" else "-390")


@pytest.mark.parametrize(("lang", "said"), [("en", "things are the same in every case"),
                                            ("zh", "项在所有算例中相同")])  # fmt: skip
def test_a_set_beside_itself(lang: str, said: str, run: Run, sets: Path) -> None:
    ran = run("compare", sets / "all", sets / "all", "--lang", lang)
    assert (ran.code, said in ran.out) == (0, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_left_out_is_named(lang: str, run: Run, sets: Path) -> None:
    """20 km is not 30 km; the third case is in one set alone; a negative distance fails."""
    ran = run("compare", sets / "all", sets / "other", sets / "holed", "--lang", lang)
    said = {
        "en": (f"what is varied has other values in {sets / 'other'} (1): two/000002",
               f"Only in {sets / 'other'} (1): two/000003"),
        "zh": ("变动的键取值不同、未对比的算例（1 个）：two/000002",
               f"仅 {sets / 'other'} 有的算例（1 个）：two/000003"),
    }  # fmt: skip
    text = ran.out.replace("\n", " ")
    assert ran.code == 0
    for words in said[lang]:
        assert words.replace(" ", "") in text.replace(" ", "")
    found = run("compare", sets / "all", sets / "holed", "--json").json
    assert [(one["why"], one["cases"], one["names"]) for one in found["left_out"]] == [
        ("other_meaning", 1, ["two/000002"])
    ]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Failed in both (1): two/000002"), ("zh", "两者均失败的算例（1 个）：two/000002")],
)
def test_failed_cases_are_counted(lang: str, said: str, run: Run, sets: Path) -> None:
    ran = run("compare", sets / "holed", sets / "holed", "--lang", lang)
    assert (ran.code, said in ran.out) == (0, True)


@pytest.mark.parametrize("ending", ["csv", "parquet", "CSV"])
def test_every_case_is_kept_as_a_table(ending: str, run: Run, sets: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / f"cases.{ending}"
    ran = run("compare", sets / "today", sets / "all", sets / "other", "-o", file)
    assert ran.code == 0, ran.err
    assert f"All cases are in {file}" in ran.out.replace("\n", " ")
    if ending == "parquet":
        table = pq.read_table(file).to_pylist()
    else:
        with open(file, encoding="utf-8-sig", newline="") as opened:
            table = list(csv.DictReader(opened))
    assert list(table[0]) == [
        "result", "name", "park", DISTANCE, "subject", "id", "by", "unit", "base", "other",
        "difference", "name_zh", "name_en",
    ]  # fmt: skip
    costs = [row for row in table if row["id"] == "cost"]
    assert [(row["result"], row["name"], float(row[DISTANCE])) for row in costs] == [
        (str(sets / "all"), "two/000001", 10), (str(sets / "all"), "two/000002", 20),
        (str(sets / "other"), "two/000001", 10),
    ]  # fmt: skip
    assert [float(row["difference"]) for row in costs] == pytest.approx([-3_900_000] * 3)
    assert f"{len(table)} rows" in ran.out.replace("\n", " ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_simulations(lang: str, run: Run, sets: Path) -> None:
    """330 d and 230 d of building: 100 d. The line runs 35 and 135 of 365 days of 2025.

    The rate is (60,000 + 60,000 x 35/365) / 160,000 = 41.1 %, and 51.4 % with 135 days: the target
    of 50 % is met in one set alone.
    """
    ran = run("compare", sets / "slow", sets / "fast", "--json")
    assert ran.code == 0, ran.err
    first, second = rows(ran, "indicator", "utilisation_rate")
    assert [first["by"], second["by"], second["stay"]] == ["2025", "2026", 2]
    assert [first["base"], first["other"]] == pytest.approx([0.410959, 0.513699], abs=1e-6)
    (line,) = rows(ran, "project", "line")
    assert [line[key] for key in ("base", "other", "difference")] == [
        "2025-11-27", "2025-08-19", -100,
    ]  # fmt: skip
    (half,) = rows(ran, "target", "half")
    assert [half[key] for key in ("by", "base", "other", "name_en")] == ["2025", 0, 1, "Half"]
    shown = run("compare", sets / "slow", sets / "fast", "--lang", lang).out
    told = {
        "en": ("In 0 of 2 pairs", "Projects: median commissioning", "Slag line", "-100 d"),
        "zh": ("2 对中有 0 对种子相同", "项目：投产日期中位数", "矿渣线", "2025-08-19"),
    }
    for words in told[lang]:
        assert words in shown


@pytest.mark.parametrize(("lang", "said"), [("en", "Targets that ask for something else"),
                                            ("zh", "在部分算例中要求不同")])  # fmt: skip
def test_a_target_that_asks_for_something_else_is_not_compared(
    lang: str, said: str, run: Run, sets: Path
) -> None:
    ran = run("compare", sets / "fast", sets / "easier", "--json")
    (half,) = rows(ran, "target", "half")
    assert [half[key] for key in ("n", "difference", "other_meaning")] == [0, None, 2]
    shown = run("compare", sets / "fast", sets / "easier", "--lang", lang).out
    assert said in shown
    assert "half" in shown.rpartition(said)[2]


def test_further_indicators_of_simulations(run: Run, sets: Path) -> None:
    pair = sets / "slow", sets / "fast"
    assert not rows(run("compare", *pair, "--json"), "indicator", "used_share.slag")
    ran = run("compare", *pair, "--indicator", "used_share.slag", "--json")
    assert rows(ran, "indicator", "used_share.slag")[0]["difference"] == pytest.approx(100 / 365)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plans(lang: str, run: Run, sets: Path) -> None:
    """800 万元 a year pay for the line in 2025; without money it is in no plan."""
    ran = run("compare", sets / "rich", sets / "poor", "--json")
    assert ran.code == 0, ran.err
    (line,) = rows(ran, "project", "line")
    assert [line[key] for key in ("n", "base", "base_only")] == [0, None, 2]
    (spent,) = rows(ran, "plan", "invested")
    assert spent["difference"] == pytest.approx(-7_300_000)
    asked = {one["key"]: (one["base"], one["other"]) for one in ran.json["asked_otherwise"]}
    assert asked["budget_cny"] == (8_000_000, 0)
    shown = run("compare", sets / "rich", sets / "poor", "--lang", lang).out
    told = {"en": ("investment, all years", "Slag line", "(alone 2 + 0)", "The whole plan"),
            "zh": ("全期投资", "矿渣线", "（单有 2 + 0）", "整个规划")}  # fmt: skip
    for words in told[lang]:
        assert words in shown


@pytest.mark.parametrize(("lang", "said"), [("en", "1 more changed: --json has them all"),
                                            ("zh", "另有 1 项有变化：见 --json")])  # fmt: skip
def test_the_largest_are_shown_first_and_the_rest_counted(
    lang: str, said: str, run: Run, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three items that change, purchases by 3,000,000 and disposal by 1,800,000 CNY."""
    monkeypatch.setattr(screen, "MOST_ROWS", 2)
    shown = run("compare", sets / "today", sets / "all", "--lang", lang).out
    assert said in shown
    first, second = {"en": ("purchases", "storage"), "zh": ("外购", "贮存")}[lang]
    assert shown.index(first) < shown.index(second)
    assert {"en": "transport", "zh": "运输"}[lang] not in shown


@pytest.mark.parametrize(
    ("lang", "park", "none"),
    [("en", "Park ", "nothing to compare"), ("zh", "园区 ", "没有可对比的内容")],
)
def test_several_parks_and_none(
    lang: str, park: str, none: str, run: Run, sets: Path, tmp_path: Path
) -> None:
    """Two parks as they are, with both links and with a dearer road; then sets without a pair."""
    text = TINY.read_text(encoding="utf-8")
    for folder, freight in (("cheap", "0.5 CNY"), ("dear", "1 CNY")):
        (tmp_path / folder).mkdir()
        for name in ("tiny", "other"):
            other = text.replace("id: tiny\n", f"id: {name}\n").replace(
                "0.5 CNY/(t*km)", f"{freight}/(t*km)"
            )
            (tmp_path / folder / f"{name}.yaml").write_text(other, encoding="utf-8")
        ran = run("batch", f"{folder}/tiny.yaml", f"{folder}/other.yaml", "-o", f"{folder}/set",
                  "--workers", "1")  # fmt: skip
        assert ran.code == 0, ran.err
    shown = run("compare", "cheap/set", "dear/set", "--lang", lang).out
    assert [f"{park}{name}" in shown for name in ("tiny", "other")] == [True, True]
    ran = run("compare", "cheap/set", sets / "all", "--lang", lang)
    assert (ran.code, none in ran.out) == (0, True)


def test_sets_at_addresses_are_compared_where_they_are(run: Run, tiny: Path) -> None:
    tiny.with_name("two.yaml").write_text(optima("existing", "10 km"), encoding="utf-8")
    address = f"memory://{tiny.parent.name}/compared"
    assert run("batch", "two.yaml", "-o", address, "--workers", "1").code == 0
    ran = run("compare", address, address, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["base"] == address
    assert ran.json["cases"][0]["compared"] == 1


@pytest.mark.parametrize("name", ["today", "slow", "rich"])
def test_every_verb_keeps_the_year_of_its_money(name: str, run: Run, sets: Path) -> None:
    ran = run("query", sets / name, "SELECT DISTINCT money_year FROM summary", "--json")
    assert ran.json == [{"money_year": 2025}]


def test_a_set_of_simulations_keeps_what_its_targets_ask_for(run: Run, sets: Path) -> None:
    asked = "milestone, indicator, comparator, value, change"
    ran = run("query", sets / "slow", f"SELECT DISTINCT {asked} FROM targets", "--json")
    assert ran.json == [{"milestone": None, "indicator": "utilisation_rate", "comparator": ">=",
                         "value": pytest.approx(0.5), "change": None}]  # fmt: skip


def test_nothing_that_was_asked_is_a_dash(run: Run, tmp_path: Path) -> None:
    """A set of two files beside one of the first of them: the base has no input of its own."""
    tiny = TINY.read_text(encoding="utf-8")
    for name, year in (("one", 2025), ("two", 2024)):
        text = tiny.replace("money_year: 2025", f"money_year: {year}")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    for names in (["one.yaml"], ["one.yaml", "two.yaml"]):
        out = f"of{len(names)}"
        assert run("batch", *names, "-o", out, "--workers", "1").code == 0
    ran = run("compare", "of1", "of2")
    assert ran.code == 0, ran.err
    assert "Asked otherwise: inputs is – in the base and two " in ran.out


# --- what cannot be compared


@pytest.mark.parametrize(("lang", "said"), [("en", "the verb that made it is"), ("zh", "生成命令")])
def test_a_set_and_one_result_are_refused(lang: str, said: str, run: Run, sets: Path) -> None:
    assert run("optimise", TINY, "-o", "one").code == 0
    for pair in ((sets / "all", "one"), ("one", sets / "all")):
        ran = run("compare", *pair, "--lang", lang)
        assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.parametrize(("lang", "said"), [("en", "what was done with each case is simulate"),
                                            ("zh", "对每个算例所做的计算")])  # fmt: skip
def test_sets_of_other_verbs_are_refused(lang: str, said: str, run: Run, sets: Path) -> None:
    ran = run("compare", sets / "all", sets / "slow", "--lang", lang)
    assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.parametrize(("lang", "said"), [("en", "is damaged"), ("zh", "已损坏")])
def test_a_damaged_set_is_named(lang: str, said: str, run: Run, sets: Path, tmp_path: Path) -> None:
    hurt = Path(shutil.copytree(sets / "all", tmp_path / "hurt"))
    (hurt / "costs" / "part-000001.parquet").write_bytes(b"short")
    ran = run("compare", sets / "all", hurt, "--lang", lang)
    assert (ran.code, said in ran.err, "costs/part-000001" in ran.err) == (2, True, True)


@pytest.mark.parametrize(("lang", "said"), [("en", "manifest.json has no 'axes'"),
                                            ("zh", "manifest.json 中没有“axes”")])  # fmt: skip
def test_a_set_of_another_version_is_named(
    lang: str, said: str, run: Run, sets: Path, tmp_path: Path
) -> None:
    old = Path(shutil.copytree(sets / "all", tmp_path / "old"))
    document = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
    del document["axes"]
    (old / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
    ran = run("compare", sets / "all", old, "--lang", lang)
    assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.parametrize(("lang", "said"), [("en", "holds no result"), ("zh", "中没有结果")])
def test_an_empty_folder_beside_a_set_is_refused(
    lang: str, said: str, run: Run, sets: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    ran = run("compare", sets / "all", "empty", "--lang", lang)
    assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "for simulations alone"), ("zh", "只有模拟结果")]
)
def test_indicators_are_chosen_for_simulations_alone(
    lang: str, said: str, run: Run, sets: Path
) -> None:
    ran = run("compare", sets / "all", sets / "all", "--indicator", "cost", "--lang", lang)
    assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_indicator_is_refused_with_the_nearest(lang: str, run: Run, sets: Path) -> None:
    ran = run("compare", sets / "slow", sets / "fast", "--indicator", "used_share.slak",
              "--lang", lang)  # fmt: skip
    assert (ran.code, "used_share.slag" in ran.err, "--indicator" in ran.err) == (2, True, True)
