"""Targets of indicators: what is wrong with them is named, and whether they are met by hand."""

from math import nan
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from symbiosis.errors import Problem
from symbiosis.measurable import measurable
from symbiosis.outputs import units_with_output, with_outputs
from symbiosis.park.declaration import Declaration
from symbiosis.park.target import IndicatorTarget
from symbiosis.scenario import load_question
from symbiosis.targets import (
    Ground,
    Standing,
    check_targets,
    met,
    outputs_named,
    standing,
    standings,
)  # fmt: skip
from symbiosis.words import LANGUAGES
from symbiosis.yamlfile import read

GOOD = """
targets:
  r_2020:
    name_zh: 工业固体废物综合利用率
    name_en: utilisation of industrial solid waste
    indicator: utilisation_rate
    comparator: ">="
    value: 75 %
    year: 2020
    document: plan
    section: 第二章三
    source: plan
    grade: A
    checked: seen
  co2_2020:
    name_zh: 单位熟料碳排放
    name_en: CO2e per clinker
    indicator: co2e_per_output
    per: jinni_cement.kiln
    comparator: "<="
    value: -17 %
    change: from_base
    year: 2020
    document: plan
"""


def read_targets(text: str, folder: Path) -> tuple[Declaration, dict[str, IndicatorTarget]]:
    path = folder / "targets.yaml"
    path.write_text(text, encoding="utf-8")
    declaration = Declaration.of(read(path))
    targets = TypeAdapter(dict[str, IndicatorTarget]).validate_python(declaration.tree["targets"])
    return declaration, targets


@pytest.fixture(scope="module")
def ground() -> Ground:
    asked = load_question("jinchang")
    known = measurable(asked.park, asked.slice()).measures
    return Ground(known, units_with_output(asked.park), {"plan"}, range(2016, 2026))


def problems(changed: dict[str, str], ground: Ground, folder: Path) -> list[Problem]:
    text = GOOD
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new, 1)
    return check_targets(*read_targets(text, folder), ground)


def test_good_targets_have_no_problem_and_name_their_output(ground: Ground, tmp_path: Path) -> None:
    declaration, targets = read_targets(GOOD, tmp_path)
    assert check_targets(declaration, targets, ground) == []
    assert outputs_named(targets) == ("jinni_cement.kiln",)
    assert targets["co2_2020"].measure == "co2e_per_output.jinni_cement.kiln"
    assert ground.unit(targets["co2_2020"]) == "t/t"


WRONG = {
    "an unknown indicator": (
        {"utilisation_rate\n": "utilization_rate\n"},
        ("indicator", "utilization_rate", "utilisation_rate", 6),
    ),
    "an unknown document": ({"document: plan": "document: plam"}, ("document", "plam", "plan", 10)),
    "tonnes for a rate": ({"75 %": "75 t"}, ("value", "75 t", "%", 8)),
    "tonnes for a change": ({"-17 %": "-17 t"}, ("value", "-17 t", "%", 21)),
    "money for an amount per output": (
        {"value: -17 %\n    change: from_base": "value: 0.8 CNY/t"},
        ("value", "0.8 CNY/t", "t/t", 21),
    ),
    "a year before the horizon": ({"year: 2020": "year: 2015"}, ("year", "2015", "2016-2025", 9)),
    "a change in the first year": (
        {"change: from_base\n    year: 2020": "change: from_base\n    year: 2016"},
        ("year", "2016", "", 23),
    ),
    "an output without a unit": (
        {"    per: jinni_cement.kiln\n": ""},
        ("", "co2e_per_output", "enterprise.unit", 15),
    ),
    "an unknown unit": ({"cement.kiln": "cement.kilm"}, ("per", "kilm", "jinni_cement.kiln", 19)),
    "an output nobody asks for": (
        {"75 %": "75 %\n    per: jinni_cement.kiln"},
        ("per", "utilisation_rate", "jinni_cement.kiln", 9),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_target_is_named_with_its_line(
    case: str, ground: Ground, tmp_path: Path
) -> None:
    changed, (key, found, helped, line) = WRONG[case]
    (problem,) = problems(changed, ground, tmp_path)
    assert problem.key.removeprefix("targets.").partition(".")[2] == key
    assert problem.line == line
    for lang in LANGUAGES:
        said = f"{problem.message(lang)} {problem.hint(lang)}"
        assert found in said
        assert helped in said or lang == "zh"


def test_everything_that_is_wrong_is_named_at_once(ground: Ground, tmp_path: Path) -> None:
    changed = {"utilisation_rate\n": "rate\n", "year: 2020": "year: 2040", "cement.kiln": "kiln"}
    codes = [problem.code for problem in problems(changed, ground, tmp_path)]
    assert codes == ["unknown_name", "target_year_outside", "no_output"]


@pytest.mark.parametrize(("old", "new"), [("75 %", "75"), ('">="', '">"'), ("from_base", "base")])
def test_a_target_that_is_none_is_refused(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        read_targets(GOOD.replace(old, new), tmp_path)


def test_per_output_is_no_indicator_of_a_park_without_carbon_factors(ground: Ground) -> None:
    bare = {name: m for name, m in ground.measures.items() if name != "co2e"}
    poorer = Ground(bare, ground.outputs, ground.documents, ground.years)
    assert "co2e_per_output" in ground.indicators
    assert "co2e_per_output" not in poorer.indicators
    assert "energy_per_output" in poorer.indicators


# --- whether they are met


def target(**changed: Any) -> IndicatorTarget:
    entry = yaml.safe_load(GOOD)["targets"]["r_2020"]
    return IndicatorTarget.model_validate(entry | changed)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(0.75, True), (0.8, True), (0.75 - 1e-11, True), (0.7, False), (None, None), (nan, None)],
)
def test_a_rate_is_met_at_its_value_or_above(value: float | None, wanted: bool | None) -> None:
    assert met({2020: value, 2019: 0.9}, target(), "1") is wanted


def test_the_gap_is_what_is_missing_in_the_unit_of_the_indicator() -> None:
    """75 % wanted, 70 % reached: 0.05. At most 4.2 万t = 42,000 t wanted, 50,000 t left: 8,000."""
    assert standing({2020: 0.7}, target(), "1") == Standing(False, 0.7, 0.75, pytest.approx(0.05))
    most = target(indicator="waste_left", comparator="<=", value="4.2 万t")
    assert standing({2020: 5e4}, most, "t") == Standing(False, 5e4, 4.2e4, pytest.approx(8e3))
    assert standing({2020: 4e4}, most, "t") == Standing(True, 4e4, 4.2e4, 0.0)


def test_a_year_that_was_not_simulated_is_neither_met_nor_missed() -> None:
    assert standing({2019: 0.9}, target(), "1") == Standing(None, None, 0.75, None)


def test_a_change_is_against_the_first_simulated_year() -> None:
    """0.80 t/t in 2016, 0.70 in 2020: 0.70 / 0.80 - 1 = -12.5 %; -17 % wanted, 4.5 points short."""
    cut = target(change="from_base", comparator="<=", value="-17 %")
    short = standing({2016: 0.8, 2018: 0.9, 2020: 0.7}, cut, "t/t")
    assert short == Standing(False, pytest.approx(-0.125), -0.17, pytest.approx(0.045))
    assert met({2016: 0.8, 2020: 0.6}, cut, "t/t") is True
    for undefined in ({2016: 0.0, 2020: 0.6}, {2016: None, 2020: 0.6}, {2016: 0.8}, {}):
        assert met(undefined, cut, "t/t") is None


def test_energy_targets_may_speak_of_standard_coal() -> None:
    """0.1 tce/t = 2.93076 GJ/t, as one tce is 29.3076 GJ: 2.9 GJ/t is within it, 3.0 is not."""
    intensity = target(
        indicator="energy_per_output", per="a.kiln", comparator="<=", value="0.1 tce/t"
    )
    assert met({2020: 2.9}, intensity, "GJ/t") is True
    assert standing({2020: 3.0}, intensity, "GJ/t").gap == pytest.approx(0.06924)


def test_all_targets_stand_by_the_measures_of_their_years(ground: Ground, tmp_path: Path) -> None:
    _, targets = read_targets(GOOD, tmp_path)
    values = {
        "utilisation_rate": {2016: 0.6, 2020: 0.8},
        "co2e_per_output.jinni_cement.kiln": {2016: 2.0, 2020: 1.8},
    }
    found = dict(standings(values, targets, ground))
    assert {name: each.met for name, each in found.items()} == {"r_2020": True, "co2_2020": False}
    lost = Ground({}, {}, (), range(0))
    with pytest.raises(ValueError, match="r_2020"):
        dict(standings(values, targets, lost))


def test_the_outputs_that_targets_ask_for_become_measures(ground: Ground, tmp_path: Path) -> None:
    _, targets = read_targets(GOOD, tmp_path)
    asked = load_question("jinchang")
    data = with_outputs(asked.park, asked.slice(), outputs_named(targets))
    known = measurable(asked.park, data).measures
    for each in targets.values():
        assert known[each.measure].unit == ground.unit(each)
