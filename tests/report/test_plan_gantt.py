"""The Gantt picture of a plan: every format, both languages, every glyph, the same bytes."""

import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from symbiosis.park.financing import Financing
from symbiosis.planning.aim import Target
from symbiosis.planning.left_out import Why
from symbiosis.planning.plan import plan
from symbiosis.planning.result import PlanResult
from symbiosis.report.amounts import money_text
from symbiosis.report.plan_gantt import BUILT, NEVER, Subject, composed, foot, parts, plan_gantt
from symbiosis.scenario import scenario_of
from symbiosis.words import texts
from tests.model.plan_parks import built, project, sized

BEGINS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
LANGUAGES = ["zh", "en"]


@pytest.fixture(autouse=True)
def warnings_are_errors() -> Iterator[None]:
    """A missing glyph is a warning of matplotlib."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Six years: a mill in sizes that ramps up, a press that is built again, one too dear."""
    pool = {"kind": "subsidy", "name_zh": "补助", "name_en": "Subsidy", "share": "50 %"}
    money = Financing.model_validate({"own": "1000 CNY", "instruments": {"pool": pool}})
    mill = sized("40 t/a", half="50 % for 900 CNY", full="100 % for 1500 CNY")
    found = built(
        horizon="6 a",
        mill=mill | {"lead": "2 a", "ramp": ["50 %", "100 %"]},
        press=project("30 t/a", "600 CNY", life="2 a"),
        dear=project("30 t/a", "60000 CNY"),
    )
    targets = [Target(0.3, 2027), Target(0.9, 2028)]
    made = plan(scenario_of(found), financing=money, targets=targets)
    return PlanResult(made).document()


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_picture_is_made_in_every_format_and_language(
    document: dict[str, Any], suffix: str, lang: str, tmp_path: Path
) -> None:
    path = plan_gantt(document, tmp_path / f"plan.{suffix}", lang)
    assert path.read_bytes().startswith(BEGINS[suffix])


@pytest.mark.parametrize("suffix", ["svg", "pdf"])
def test_the_same_plan_gives_the_same_bytes(
    document: dict[str, Any], suffix: str, tmp_path: Path
) -> None:
    one, other = (plan_gantt(document, tmp_path / f"{i}.{suffix}", "zh") for i in range(2))
    assert one.read_bytes() == other.read_bytes()


def test_the_document_has_what_the_picture_is_to_show(document: dict[str, Any]) -> None:
    mill, press = sorted(document["projects"], key=lambda row: row["id"])
    assert mill["runs_from"] - mill["year"] == 2
    assert mill["shares"][0] == 0.5
    assert press["again_from"]
    assert [row["met"] for row in document["targets"]] == [True, False]
    assert [row["why"] for row in document["left_out"]] == ["too_dear"]


def test_years_lie_side_by_side_and_end_at_the_edge(document: dict[str, Any]) -> None:
    subject = Subject(document, "en", 800.0)
    first = [subject.x(year) for year in range(2025, 2032)]
    assert all(b - a == pytest.approx(subject.room) for a, b in pairwise(first))
    assert subject.x(NEVER) == pytest.approx(first[-1])
    assert subject.x(1999) == first[0]


def test_all_that_is_paid_in_a_year_stands_in_its_bar(document: dict[str, Any]) -> None:
    subject = Subject(document, "en", 800.0)
    for row in document["years"]:
        assert sum(cny for _, cny in parts(subject, row)) == pytest.approx(row["invested_cny"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_foot_says_what_is_left_out(document: dict[str, Any], lang: str) -> None:
    told = "".join(foot(Subject(document, lang, 800.0)))
    assert "dear" in told


def test_every_reason_has_words_for_the_picture_and_the_screen() -> None:
    for why in Why:
        for lang in LANGUAGES:
            assert "{names}" in texts("picture")[f"plan_why_{why}"][lang]
            assert texts("terminal")[f"why_{why}"][lang]


def test_more_projects_make_a_higher_page(document: dict[str, Any]) -> None:
    twice = document | {"projects": document["projects"] * 2}
    lower, higher = (composed(Subject(d, "en", 800.0)).box.height for d in (document, twice))
    assert higher == pytest.approx(lower + 32 * len(document["projects"]))


def test_sums_of_money_are_said_in_the_unit_of_their_size() -> None:
    assert money_text(2.184e8, "zh") == "2.18 亿元"
    assert money_text(-5.0e4, "zh") == "−5 万元"
    assert money_text(1.5e6, "en") == "1.5 million CNY"
    assert money_text(0.0, "en") == "0 CNY"


def test_the_colour_of_building_is_that_of_no_payer(document: dict[str, Any]) -> None:
    colours = [colour for _, _, colour in Subject(document, "en", 800.0).payers]
    assert BUILT not in colours
    assert len(set(colours)) == len(colours)
