"""The block ``retrofit.finance`` of a scenario: read, used by a plan, refused with its place."""

from pathlib import Path
from typing import Any

import pytest

from symbiosis.errors import InputError, Problem
from symbiosis.plan_targets import targets_of
from symbiosis.planning.aim import Target
from symbiosis.planning.money import financing_of
from symbiosis.planning.plan import plan
from symbiosis.scenario import load_scenario
from tests.model.parks import byproduct, link, makes, named, needs, tree, use, write

HEAD = """\
schema_version: 1
id: with-money
park: tiny.yaml
name_zh: 有钱
name_en: With money
"""
WHOLE = """\
retrofit:
  finance:
    own: 400 CNY
    instruments:
      bank:
        kind: loan
        name_zh: 银行
        name_en: Bank
        share: 60 %
        interest: 10 %
        term: 2 a
"""


def park_tree() -> dict[str, Any]:
    """100 t of slag and one project of 1,000 CNY."""
    return tree(
        {
            "works": makes(slag=byproduct("100 t/a", "10 CNY/t")),
            "mill": needs(blend=use("50 t/a", "slag")),
        },
        {"way": link("works.slag", "mill.blend", status="planned", project="mill")},
        projects={
            "mill": named("mill", types=["chain_filling"], status="planned", investment="1000 CNY")
        },
        horizon="2 a",
    )


def scenario(folder: Path, text: str) -> Path:
    write(park_tree(), folder / "tiny.yaml")
    path = folder / "with-money.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        financing_of(load_scenario(scenario(folder, text)))
    return list(caught.value.problems)


def test_a_scenario_brings_its_money(tmp_path: Path) -> None:
    """400 of its own and 600 from the bank build the mill."""
    made = plan(load_scenario(scenario(tmp_path, WHOLE)))
    assert made.begun == {"mill": 2025}
    assert list(made.drawn.values()) == [pytest.approx(600)]


def test_a_scenario_without_the_block_has_none(tmp_path: Path) -> None:
    assert financing_of(load_scenario(scenario(tmp_path, ""))) is None
    assert financing_of(load_scenario(scenario(tmp_path, "retrofit: {}\n"))) is None


def test_a_project_that_is_not_there_is_refused_with_line_and_nearest(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, WHOLE + "        projects: [mil]\n")
    assert problem.code == "unknown_name"
    assert problem.key == "retrofit.finance.instruments.bank.projects.0"
    assert problem.line == 17
    assert problem.details["nearest"] == "mill"


@pytest.mark.parametrize(
    ("change", "codes", "said"),
    [
        (("        term: 2 a\n", ""), ["terms_missing"], "a loan needs the key 'term'"),
        (("kind: loan", "kind: contract"), ["terms_missing"], "needs the key 'return'"),
        (("kind: loan", "kind: subsidy"), ["terms_strange"], "'interest' means nothing for a"),
        (("term: 2 a", "term: 2.5 a"), ["term_in_parts"], "'2.5 a' is not in whole years"),
        (("kind: loan", "kind: lone"), ["not_allowed"], "'lone' is not allowed here"),
        (("share: 60 %", "share: 160 %"), ["too_large"], "above 100%"),
        (("own: 400 CNY", "own: 400"), ["no_unit"], "no unit"),
        (("own: 400 CNY", "owns: 400 CNY"), ["unknown_key"], "unknown key 'owns'"),
    ],
)
def test_what_is_wrong_with_the_money_is_said(
    change: tuple[str, str], codes: list[str], said: str, tmp_path: Path
) -> None:
    problems = refused(tmp_path, WHOLE.replace(*change))
    assert [problem.code for problem in problems] == codes
    (problem,) = problems
    assert said in problem.message("en")
    assert problem.message("zh")
    assert problem.key.startswith("retrofit.finance")
    assert problem.line is not None


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("share: 60 %", "share: 160 %").replace("own: 400 CNY", "own: 400")
    assert {problem.code for problem in refused(tmp_path, text)} == {"too_large", "no_unit"}


def test_targets_of_the_scenario_join_the_plan(tmp_path: Path) -> None:
    """50 % by 2026 is kept; 90 % at 5 CNY/t is paid for: 40 t short, 200 CNY at 8 % over 2 a."""
    source = "add: {sources: {s: {title: plan, kind: official}}}\n"
    common = "name_zh: 目标, name_en: target, indicator: utilisation_rate, document: s"
    text = (
        f"{WHOLE}  targets:\n"
        f"    kept: {{{common}, comparator: '>=', value: 50 %, year: 2026}}\n"
        f"    paid: {{{common}, comparator: '>=', value: 90 %, year: 2026, price: 5 CNY/t}}\n"
    )
    found = load_scenario(scenario(tmp_path, source + text))
    targets = targets_of(found)
    assert targets == (Target(0.5, 2026), Target(0.9, 2026, 5.0))
    made = plan(found, targets=targets)
    assert made.missed == ()
    assert made.penalty_cny == pytest.approx(200 * 1.08**-2)


def test_the_block_is_no_hindrance_to_a_simulated_retrofit(tmp_path: Path) -> None:
    from symbiosis.retrofit.block import retrofit_of

    found = retrofit_of(load_scenario(scenario(tmp_path, WHOLE)))
    assert list(found.schedule.projects) == ["mill"]
