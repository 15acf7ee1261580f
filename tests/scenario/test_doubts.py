"""What ``check`` doubts in a scenario: rules that begin after its start, and its own words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from symbiosis.terminal.checked import check

Written = Callable[[str], Path]


def codes(path: Path) -> list[tuple[str, str]]:
    found = check(str(path))
    assert found.errors == ()
    return [(doubt.code, doubt.key) for doubt in found.warnings]


LATER = """set:
  policy.environmental_tax.slag: {value: 25 CNY/t, effective: 2018}
"""


def test_a_rule_that_begins_after_the_start_is_doubted(scenario: Written) -> None:
    path = scenario("start: 2015\n" + LATER)
    assert codes(path) == [("not_in_effect", "policy.environmental_tax.slag")]
    (doubt,) = check(str(path)).warnings
    assert (doubt.file, doubt.line) == (str(path), 8)
    assert "2018" in doubt.message("en")
    assert "2018" in doubt.message("zh")


def test_a_rule_in_effect_is_not(scenario: Written) -> None:
    assert codes(scenario("start: 2020\n" + LATER)) == []


def test_doubts_of_the_park_alone_stay_with_the_park(scenario: Written) -> None:
    """The belt begins in 2020: seen from 2015 it is planned, which is what is asked for."""
    path = scenario("start: 2015\n")
    park = path.parent / "tiny.yaml"
    text = park.read_text(encoding="utf-8")
    begun = text.replace("status: existing", "status: existing\n    from: 2020")
    assert begun != text
    park.write_text(begun, encoding="utf-8")
    assert codes(path) == []


@pytest.mark.parametrize(("name", "number"), [("jinchang-2015", 10), ("jinchang-2025", 0)])
def test_the_bundled_scenarios(name: str, number: int) -> None:
    """Before 2018 no environmental tax of Jinchang, before 2022 no refund for four products."""
    found = check(name)
    assert found.errors == ()
    assert [doubt.code for doubt in found.warnings] == ["not_in_effect"] * number
