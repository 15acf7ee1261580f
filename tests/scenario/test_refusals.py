"""What is wrong in a scenario is named with the scenario's file and line, all at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from symbiosis.errors import InputError, Problem
from symbiosis.scenario import load_scenario

Written = Callable[[str], Path]


def problems(path: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return list(caught.value.problems)


def only(path: Path) -> Problem:
    found = problems(path)
    assert len(found) == 1, [(p.code, p.place()) for p in found]
    return found[0]


WRONG = [
    ("set:\n  links.hual.capacity: 10 t/a\n", 7, "unknown_path", "haul"),
    ("set:\n  linkz.haul.capacity: 10 t/a\n", 7, "unknown_path", "links"),
    ("set:\n  links.haul.capacty: 10 t/a\n", 7, "unknown_key", "capacity"),
    ("set:\n  start: 2030\n  links.hual.cost: 1 CNY/t\n", 8, "unknown_path", "haul"),
    ("remove:\n  - links.hual\n", 7, "unknown_path", "haul"),
    ("remove: [links.hual]\n", 6, "unknown_path", "haul"),
    ("add:\n  links:\n    haul: {}\n", 8, "already_there", ""),
    ("boundary: wyde\n", 6, "unknown_name", "wide"),
    ("document: then\n", 6, "unknown_name", ""),
    ("open: [existing, planed]\n", 6, "not_allowed", "planned"),
    ("open: []\n", 6, "empty_list", ""),
    ("sett:\n  links.haul.cost: 1 CNY/t\n", 6, "unknown_key", "set"),
    ("start: soon\n", 6, "wrong_type", ""),
    ("set: [links]\n", 6, "wrong_type", ""),
]


@pytest.mark.parametrize(("lines", "line", "code", "nearest"), WRONG)
def test_a_wrong_key_or_name_is_named_with_its_line(
    scenario: Written, lines: str, line: int, code: str, nearest: str
) -> None:
    path = scenario(lines)
    found = only(path)
    assert found.code == code
    assert found.file == str(path)
    assert found.line == line
    assert found.details.get("nearest", "") == nearest


VALUES = [
    ("set:\n  links.haul.capacity: '10'\n", 7, "no_unit"),
    ("set:\n  links.haul.capacity: 10\n", 7, "no_unit"),
    ("set:\n  links.haul.capacity: 10 GJ/a\n", 7, "wrong_dimension"),
    ("set:\n  links.haul.capacity: -10 t/a\n", 7, "too_small"),
    ("set:\n  links.haul.capacity: ten t/a\n", 7, "not_a_number"),
    ("set:\n  links.haul.status: someday\n", 7, "not_allowed"),
    ("set:\n  links.haul.uses: [cement.blnd]\n", 7, "unknown_name"),
    ("set:\n  links.haul.mode: train\n", 7, "unknown_name"),
    ("set:\n  enterprises.works.units.plant.activity: {value: 80}\n", 7, "no_unit"),
    ("horizon: 5\n", 6, "wrong_type"),
    ("horizon: 5 t\n", 6, "wrong_dimension"),
]


@pytest.mark.parametrize(("lines", "line", "code"), VALUES)
def test_a_value_that_is_wrong_after_the_patch_has_the_line_of_the_scenario(
    scenario: Written, lines: str, line: int, code: str
) -> None:
    path = scenario(lines)
    found = only(path)
    assert found.code == code
    assert found.file == str(path)
    assert found.line == line


def test_what_an_added_entry_lacks_is_named_in_the_scenario(scenario: Written) -> None:
    path = scenario("add:\n  links:\n    pipe: {byproduct: works.slag, uses: [cement.blend]}\n")
    found = problems(path)
    assert {p.file for p in found} == {str(path)}
    assert {p.line for p in found} == {8}
    assert {"links.pipe.distance", "links.pipe.mode"} <= {p.key for p in found}


def test_everything_wrong_is_told_at_once(scenario: Written) -> None:
    lines = (
        "set:\n  links.hual.cost: 1 CNY/t\n  links.bolt.cost: 1 CNY/t\n"
        "remove: [links.none, projects.none]\n"
    )
    assert [p.line for p in problems(scenario(lines))] == [7, 8, 9, 9]


def test_what_lacks_something_after_a_removal_is_named_in_the_park(scenario: Written) -> None:
    """The links of an enterprise that was taken out lead nowhere: both are named."""
    found = problems(scenario("remove: [enterprises.cement]\n"))
    assert {p.key for p in found} == {"links.belt.uses.0", "links.haul.uses.0"}


def test_a_park_that_is_not_there_is_named(park_file: Path) -> None:
    path = park_file.parent / "lost.yaml"
    text = "schema_version: 1\nid: lost\npark: tinny\nname_zh: 失\nname_en: lost\n"
    path.write_text(text, encoding="utf-8")
    found = problems(path)
    assert found[0].code == "unknown_name"
    assert found[0].details["found"] == "tinny"


def test_the_line_that_names_a_park_that_is_not_there_is_told(park_file: Path) -> None:
    path = park_file.parent / "lost.yaml"
    text = "schema_version: 1\nid: lost\npark: tinny\nname_zh: 失\nname_en: lost\n"
    path.write_text(text, encoding="utf-8")
    assert (problems(path)[0].file, problems(path)[0].line) == (str(path), 3)


def test_a_scenario_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError) as caught:
        load_scenario("jinchang-2052")
    assert caught.value.problems[0].details["nearest"].startswith("jinchang-20")


def test_a_park_with_errors_of_its_own_names_its_own_lines(
    scenario: Written, park_file: Path
) -> None:
    text = park_file.read_text(encoding="utf-8").replace("100 t/a", "100", 1)
    park_file.write_text(text, encoding="utf-8")
    found = only(scenario("set:\n  links.haul.capacity: 10 t/a\n"))
    assert found.file == str(park_file)
    assert found.code == "no_unit"


# --- what a patch may not break


@pytest.mark.parametrize(
    "lines",
    [
        "set:\n  links.belt.capacity.value: 20 t/a\n",
        "set:\n  start.year: 2030\n",
        "set:\n  links.belt.uses.0: cement.blend\n",
    ],
)
def test_a_key_below_a_plain_value_is_refused(scenario: Written, lines: str) -> None:
    """``capacity: 30 t/a`` is text in the park: there is no ``value`` below it."""
    path = scenario(lines)
    found = only(path)
    assert (found.file, found.line) == (str(path), 7)


@pytest.mark.parametrize("lines", ["remove: [links.belt, links.belt.capacity]\n"])
def test_to_remove_a_thing_and_a_part_of_it_is_no_traceback(scenario: Written, lines: str) -> None:
    try:
        found = load_scenario(scenario(lines))
    except InputError:
        return
    assert "belt" not in found.park.links


def test_an_unknown_section_under_add_is_named_in_the_scenario(scenario: Written) -> None:
    path = scenario("add:\n  linkz:\n    pipe: {name_en: pipe}\n")
    found = only(path)
    assert found.file == str(path)
    assert found.line in (7, 8)


def test_to_add_to_an_empty_section_is_no_traceback(scenario: Written, park_file: Path) -> None:
    """``projects:`` with nothing behind it is an error of the park file, told as one."""
    park_file.write_text(park_file.read_text(encoding="utf-8") + "projects:\n", encoding="utf-8")
    entry = "{name_zh: 磨, name_en: mill, types: [service], status: done}"
    lines = f"add:\n  projects:\n    mill: {entry}\n"
    found = load_scenario(scenario(lines))
    assert list(found.park.projects) == ["mill"]


def test_a_park_that_is_a_list_is_refused_with_any_change(
    scenario: Written, park_file: Path
) -> None:
    park_file.write_text("- one\n- two\n", encoding="utf-8")
    found = only(scenario("start: 2030\n"))
    assert found.file == str(park_file)
