"""``draw`` of a kept simulation, and the picture that is kept with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
SCENARIO = """\
schema_version: 1
id: built
park: tiny.yaml
name_zh: 试
name_en: Try
start: 2025
horizon: 2 a
add:
  projects:
    line: {name_zh: 矿渣线, name_en: Slag line, types: [chain_filling], status: planned,
           investment: 730 万元, links: [slag_cement]}
  sources:
    paper: {title: A plan, kind: government}
retrofit:
  windows:
    shut: {name_zh: 检修, name_en: Overhaul, days: [{from: 07-01, until: 07-31}]}
  projects:
    line:
      stages:
        build: {name_zh: 建, name_en: Build, duration: 181 d}
        tie: {name_zh: 接, name_en: Tie-in, after: [build], window: shut, duration: 10 d}
  targets:
    runs: {name_zh: 投产, name_en: Line runs, milestone: line.commissioned, by: 2025-12-31}
    rate: {name_zh: 率, name_en: Rate, indicator: utilisation_rate, comparator: ">=", value: 50 %,
           year: 2026, document: paper}
    less: {name_zh: 降, name_en: Less, indicator: cost, comparator: "<=", value: -10 %, year: 2026,
           change: from_base, document: paper}
"""


@pytest.fixture
def kept(run: Run, tiny: Path, tmp_path: Path) -> Path:
    """A simulation without luck."""
    file = tmp_path / "built.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    ran = run("simulate", tiny, "-s", file, "--no-luck", "-o", "kept", "-q")
    assert ran.code == 0, ran.err
    assert "gantt.svg" in ran.out
    return tmp_path / "kept"


def test_what_pictures_need_stands_in_the_document(run: Run, kept: Path) -> None:
    """Built by 30 June, tied in from 1 to 10 July: commissioned as 11 July begins."""
    found = run("simulate", "tiny.yaml", "-s", "built.yaml", "--no-luck", "--json").json
    (line,) = found["projects"]
    assert [line[f"commissioned_{p}"] for p in ("p05", "p25", "p50", "p75", "p95")] == (
        ["2025-07-11"] * 5
    )
    assert found["whole"]["finished_p50"] == "2025-07-11"
    assert found["whole"]["finished_share"] == 1.0
    assert found["windows"] == [
        {"id": "shut", "from": f"{year}-07-01", "until": f"{year}-07-31"} for year in (2025, 2026)
    ]
    assert found["money_year"] == 2025
    about = {t["id"]: [t["milestone"], t["indicator"], t["comparator"], t["value"], t["change"]]
             for t in found["targets"]}  # fmt: skip
    assert about == {
        "runs": ["line.commissioned", None, None, None, None],
        "rate": [None, "utilisation_rate", ">=", 0.5, None],
        "less": [None, "cost", "<=", -0.1, "from_base"],
    }
    assert (kept / "gantt.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize("picture", ["gantt", "years"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_kept_simulation_is_drawn(picture: str, lang: str, run: Run, kept: Path) -> None:
    ran = run("draw", kept, "--as", picture, "-o", "new/it.svg", "--lang", lang, "--json", "-q")
    assert ran.code == 0, ran.err
    file = Path(ran.json["path"])
    assert file.read_bytes().startswith(b"<?xml")
    if (picture, lang) == ("gantt", "en"):
        assert file.read_bytes() == (kept / "gantt.svg").read_bytes()


def test_a_simulation_has_no_network(run: Run, kept: Path) -> None:
    ran = run("draw", kept, "-o", "it.svg")
    assert ran.code == 2
    assert "a result of 'simulate' has no picture 'network'" in ran.err
    assert "gantt, years" in ran.err
    ran = run("draw", kept, "-o", "it.svg", "--lang", "zh")
    assert "没有“network”这种图" in ran.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "is no kept simulation"), ("zh", "不是已保存的模拟")]
)
def test_years_are_drawn_of_kept_simulations_only(
    lang: str, said: str, run: Run, tiny: Path
) -> None:
    ran = run("draw", tiny, "--as", "years", "-o", "it.svg", "--lang", lang)
    assert ran.code == 2
    assert said in ran.err
    assert run("optimise", tiny, "-o", "optimum").code == 0
    ran = run("draw", "optimum", "--as", "years", "-o", "it.svg", "--lang", "en")
    assert "a result of 'optimise' has no picture 'years'" in ran.err


def test_a_park_without_projects_is_drawn(run: Run, tiny: Path, tmp_path: Path) -> None:
    text = SCENARIO[: SCENARIO.index("add:")] + "retrofit:\n  projects: {}\n"
    (tmp_path / "none.yaml").write_text(text, encoding="utf-8")
    ran = run("simulate", tiny, "-s", "none.yaml", "--no-luck", "-o", "none", "-q")
    assert ran.code == 0, ran.err
    assert (tmp_path / "none" / "gantt.svg").is_file()
    assert run("draw", "none", "--as", "years", "-o", "it.png", "-q").code == 0
