"""``simulate`` through the real entry point, on a park small enough to know the answer."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest

Run = Callable[..., object]
TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
HEAD = """\
schema_version: 1
id: asked
park: tiny.yaml
name_zh: 试
name_en: Try
start: 2025
horizon: 4 a
add:
  projects:
    line: {name_zh: 矿渣线, name_en: Slag line, types: [chain_filling], status: planned,
           investment: 730 万元, links: [slag_cement]}
retrofit:
"""
BLOCK = """\
  sources:
    own: {title: A plan of one's own}
  projects:
    line:
      stages:
        build: {name_zh: 建, name_en: Build,
                duration: {shape: triangular, low: 300 d, value: 500 d, high: 900 d}}
  targets:
    built: {name_zh: 建成, name_en: Built, milestone: all.finished, by: 2026-12-31}
    rate: {name_zh: 利用率, name_en: Rate, indicator: utilisation_rate, comparator: ">=",
           value: 70 %, year: 2027, document: own}
"""


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A scenario of the tiny park with one project and two targets."""
    return written(tmp_path, BLOCK)


def written(folder: Path, block: str) -> Path:
    """The scenario with another block, beside its park."""
    (folder / "tiny.yaml").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    file = folder / "asked.yaml"
    file.write_text(HEAD + block, encoding="utf-8")
    return file


def simulate(run: Run, asked: Path, *more: object) -> object:
    """``simulate`` of the tiny park."""
    park = asked.with_name("tiny.yaml")
    return run("simulate", park, "-s", asked, "--workers", 1, *more)


def test_the_json_has_the_keys_of_the_contract(run: Run, asked: Path) -> None:
    """R is 37.5 % without the project and 75 % with it; built in 300 to 900 days."""
    found = simulate(run, asked, "--runs", 30, "--seed", 4, "--json").json
    assert (found["runs"], found["failed"], found["seed"]) == (30, 0, 4)
    rates = {r["year"]: r for r in found["years"] if r["indicator"] == "utilisation_rate"}
    assert list(rates) == [2025, 2026, 2027, 2028]
    assert rates[2028]["p05"] == rates[2028]["mean"] == pytest.approx(0.75)
    assert {"mean", "p05", "p50", "p95", "unit"} <= set(rates[2025])
    targets = {row["id"]: row for row in found["targets"]}
    for row in targets.values():
        assert row["low"] <= row["probability"] <= row["high"]
    assert targets["built"]["by"] == "2026-12-31"
    (project,) = found["projects"]
    assert project["commissioned_p05"] <= project["commissioned_p50"] <= project["commissioned_p95"]
    assert project["criticality"] == 1.0


def test_without_luck_it_is_lived_through_once(run: Run, asked: Path) -> None:
    """The mean of the triangle is 1,700 / 3 days: 20 July 2026 is day 566."""
    found = simulate(run, asked, "--no-luck", "--json").json
    assert (found["runs"], found["seed"]) == (1, None)
    assert found["projects"][0]["commissioned_p50"] == "2026-07-21"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_says_what_a_manager_asks(run: Run, asked: Path, lang: str) -> None:
    ran = simulate(run, asked, "--runs", 25, "--lang", lang)
    assert ran.code == 0
    for text in ("矿渣线", "建成", "利用率") if lang == "zh" else ("Slag line", "Built", "Rate"):
        assert text in ran.out
    assert "75.0 %" in ran.out
    assert ("全园区" if lang == "zh" else "the whole park") in ran.out


def test_targets_make_auto_the_number_of_runs(run: Run, asked: Path) -> None:
    """200 runs, and doubled until both intervals are 5 points wide; the rate of 2027 is sure."""
    found = simulate(run, asked, "--json").json
    assert found["runs"] >= 400
    assert found["narrow"] is True
    assert all(row["high"] - row["low"] <= 0.05 for row in found["targets"])


def test_a_kept_simulation_has_every_run(run: Run, asked: Path, tmp_path: Path) -> None:
    """One row for each run, its indicators by year, its milestones, and the log."""
    folder = tmp_path / "kept"
    ran = simulate(run, asked, "--runs", 12, "-o", folder, "--json")
    assert ran.code == 0
    runs = pandas.read_parquet(folder / "runs.parquet")
    assert len(runs) == 12
    assert runs["utilisation_rate@2028"].tolist() == pytest.approx([0.75] * 12)
    assert runs["line.commissioned@day"].between(300, 900).all()
    log = pandas.read_csv(folder / "tables" / "log.csv")
    assert set(log["run"]) == set(range(12))
    assert {"who", "what", "began", "ended", "waited_for"} <= set(log)
    months = pandas.read_parquet(folder / "tables" / "months.parquet")
    assert len(months[months["indicator"] == "utilisation_rate"]) == 48
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["runs"], manifest["seed"]) == ("simulate", 12, 0)
    assert json.loads((folder / "result.json").read_text(encoding="utf-8")) == ran.json


def test_the_number_of_workers_changes_nothing(run: Run, asked: Path) -> None:
    park = asked.with_name("tiny.yaml")
    one, two = (
        run("simulate", park, "-s", asked, "--runs", 9, "--workers", n, "--json").json
        for n in (1, 2)
    )
    assert one == two


def test_a_plan_is_lived_through_from_its_years_on(run: Run, asked: Path, tmp_path: Path) -> None:
    """Begun in 2025 and running from 2026, as the plan says: R is 37.5 %, then 75 %.

    Nothing is stored and every month is like the others, so that life and plan agree to 1e-6.
    """
    file = written(tmp_path, "  projects: {}\n")
    park, folder = asked.with_name("tiny.yaml"), tmp_path / "plan"
    planned = run(
        "plan", park, "-s", file, "--budget", "1000万元", "--objective", "npv", "-o", folder
    )
    assert planned.code == 0
    found = simulate(run, file, "--plan", folder, "--no-luck", "--json").json
    rates = [row["lived_rate"] for row in found["beside_plan"]]
    assert rates == pytest.approx([0.375, 0.75, 0.75, 0.75])
    for row in found["beside_plan"]:
        assert row["lived_rate"] == pytest.approx(row["planned_rate"], rel=1e-6)
        assert row["lived_cost_cny"] == pytest.approx(row["planned_cost_cny"], rel=1e-6)
    shown = simulate(run, file, "--plan", folder, "--no-luck", "--lang", "en")
    assert "Beside the plan" in shown.out


def test_a_park_without_by_products_has_dates_and_no_rate(run: Run, asked: Path) -> None:
    """Nothing to exchange: the project runs, and R is undefined in every year."""
    text = asked.read_text(encoding="utf-8")
    bare = "remove: [enterprises.power, enterprises.smelter, links.ash_cement, links.slag_cement]\n"
    alone = text.replace(", links: [slag_cement]", "").replace("retrofit:", f"{bare}retrofit:")
    asked.write_text(alone, encoding="utf-8")
    found = simulate(run, asked, "--no-luck", "--json").json
    assert found["projects"][0]["commissioned_p50"] == "2026-07-21"
    rates = [row["p50"] for row in found["years"] if row["indicator"] == "utilisation_rate"]
    assert rates == [None] * 4
    assert simulate(run, asked, "--no-luck", "--lang", "zh").code == 0


# --- what is wrong


@pytest.mark.parametrize("runs", ["0", "-3", "many", "1.5"])
def test_what_is_no_number_of_runs_is_refused(run: Run, asked: Path, runs: str) -> None:
    ran = simulate(run, asked, "--runs", runs, "--lang", "en")
    assert ran.code == 2
    assert f"'{runs}' is no number of runs" in ran.err


def test_auto_without_targets_is_refused(run: Run, tmp_path: Path) -> None:
    ran = simulate(run, written(tmp_path, "  projects: {line: {}}\n"), "--runs", "auto")
    assert ran.code == 2


def test_runs_without_an_answer_are_counted_and_strict_makes_them_one(
    run: Run, tmp_path: Path
) -> None:
    """While the mill stands, the yard has no room for the ash: run 0 ends in March 2025."""
    file = written(
        tmp_path,
        "  projects: {}\n  units:\n"
        "    cement.mill: {outages: [{from: 2025-03-01, until: 2025-03-05}]}\n",
    )
    text = file.read_text(encoding="utf-8")
    full = (
        'set:\n  enterprises.power.units.boiler.byproducts.ash.routes.yard.capacity: "50,000 t/a"\n'
    )
    file.write_text(text.replace("retrofit:", full + "retrofit:"), encoding="utf-8")
    ran = simulate(run, file, "--runs", 3, "--lang", "en")
    assert ran.code == 0
    assert "3 of 3 runs have no answer" in ran.out
    assert "2025-03-01" in ran.out
    assert simulate(run, file, "--runs", 3, "--strict").code == 1
    found = simulate(run, file, "--runs", 3, "--json").json
    assert found["failed"] == 3
    assert found["failures"][0]["date"] == "2025-03-01"


def test_a_folder_that_is_no_plan_is_refused(run: Run, asked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    assert simulate(run, asked, "--runs", 3, "-o", folder).code == 0
    ran = simulate(run, asked, "--plan", folder, "--lang", "en")
    assert ran.code == 2
    assert "is the result of simulate, not of plan" in ran.err


def test_a_plan_of_another_park_is_refused(run: Run, asked: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    assert run("plan", "baiyin", "--budget", "0", "-o", folder).code == 0
    ran = simulate(run, asked, "--plan", folder, "--lang", "en")
    assert ran.code == 2
    assert "belongs to a plan of the park 'baiyin'" in ran.err


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("  units: {cement.mil: {outages: []}}\n", "there is no unit 'cement.mil'"),
        (("  paths: {p: {name_zh: 甲, name_en: P, shape: seasonal, keys: [enterprises.cement],\n"
         "         by_month: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}}\n"),
         "no number at 'enterprises.cement'"),
        (("  targets: {t: {name_zh: 甲, name_en: T, indicator: rate, comparator: '>=',\n"
         "           value: 70 %, year: 2027, document: nobody}}\n"),
         "'rate'"),
        ("  projects: {lin: {}}\n", "Did you mean 'line'?"),
    ],
)  # fmt: skip
def test_a_wrong_block_is_told_with_its_line(
    run: Run, tmp_path: Path, block: str, said: str
) -> None:
    ran = simulate(run, written(tmp_path, block), "--lang", "en")
    assert ran.code == 2
    assert said in ran.err
    assert "asked.yaml:" in ran.err


def test_ctrl_c_keeps_the_finished_runs(asked: Path) -> None:
    """A real process is interrupted after its fourth run of very many: exit code 3."""
    command = [
        sys.executable, "-m", "symbiosis", "simulate", str(asked.with_name("tiny.yaml")),
        "-s", str(asked), "--runs", "1000000", "--workers", "1", "--json", "-v", "--lang", "en",
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.strip() == "4 runs":
                break
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=300)
    assert process.returncode == 3
    found = json.loads(out)
    assert found["interrupted"] is True
    assert 4 <= found["runs"] < 1_000_000
    assert found["targets"][0]["judged"] == found["runs"]
    assert "interrupted" in told
