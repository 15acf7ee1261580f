"""A scenario is a patch on a park: what it changes, what it leaves, and which slice it cuts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from symbiosis.park.link import Status
from symbiosis.park.load import load_park
from symbiosis.scenario import Scenario, load_question, load_scenario
from symbiosis.solving import optimise_slice

Written = Callable[[str], Path]


def rate(scenario: Scenario) -> float | None:
    return optimise_slice(scenario.park, scenario.slice()).rate.value


def test_without_changes_it_is_the_park_with_every_link_open(
    scenario: Written, park_file: Path
) -> None:
    found = load_scenario(scenario(""))
    assert found.park == load_park(park_file)
    assert found.opened == frozenset(Status)
    assert found.id == "later"
    assert found.files == (park_file, park_file.parent / "later.yaml")
    assert rate(found) == pytest.approx(0.8)


def test_set_changes_a_value(scenario: Written) -> None:
    """A need of 80 t becomes 50 t: R = 0.5."""
    path = "enterprises.cement.units.plant.uses.blend.full_load"
    assert rate(load_scenario(scenario(f"set:\n  {path}: 50 t/a\n"))) == pytest.approx(0.5)


def test_set_adds_a_key_that_was_not_stated(scenario: Written) -> None:
    """The truck had no capacity and gets one of 10 t: 30 + 10 t of slag go, R = 0.4."""
    found = load_scenario(scenario("set:\n  links.haul.capacity: 10 t/a\n"))
    assert rate(found) == pytest.approx(0.4)


def test_set_changes_a_price_and_a_tax(scenario: Written) -> None:
    """Doing nothing costs 100 x (3 + 40) + 80 x 70 with a tax of 40 and virgin at 70 CNY/t."""
    lines = (
        "open: [potential]\n"
        "set:\n"
        "  policy.environmental_tax.slag: 40 CNY/t\n"
        "  enterprises.cement.units.plant.uses.blend.virgin.price: 70 CNY/t\n"
    )
    found = load_scenario(scenario(lines))
    assert optimise_slice(found.park, found.slice()).cost_cny == pytest.approx(9900)


def test_set_replaces_a_whole_mapping(scenario: Written) -> None:
    where = "enterprises.works.units.plant.byproducts.slag.routes"
    lines = (
        f"set:\n  {where}:\n"
        "    pond: {name_zh: 池, name_en: pond, kind: stored, cost: 1 CNY/t, compliant: true}\n"
    )
    found = load_scenario(scenario(lines))
    assert list(found.park.byproducts["works.slag"].routes) == ["pond"]


def test_open_says_which_links_may_be_used(scenario: Written) -> None:
    """Only the belt for 30 t exists: R = 0.3; a step of the ladder may ask for more."""
    found = load_scenario(scenario("open: [existing]\n"))
    assert found.opened == frozenset({Status.EXISTING})
    assert rate(found) == pytest.approx(0.3)
    wider = found.slice(frozenset({Status.EXISTING, Status.PLANNED}))
    assert optimise_slice(found.park, wider).rate.value == pytest.approx(0.8)


def test_remove_takes_an_entry_out(scenario: Written) -> None:
    found = load_scenario(scenario("remove: [links.haul]\n"))
    assert list(found.park.links) == ["belt"]
    assert rate(found) == pytest.approx(0.3)


def test_remove_takes_a_single_value_out(scenario: Written) -> None:
    """Without its capacity the belt carries all 80 t."""
    found = load_scenario(scenario("open: [existing]\nremove: [links.belt.capacity]\n"))
    assert rate(found) == pytest.approx(0.8)


def test_add_brings_a_new_entry(scenario: Written) -> None:
    """A second use of slag in a new enterprise: 100 of 100 t are used."""
    lines = """\
add:
  enterprises:
    road:
      name_zh: 路
      name_en: road
      role: consumer
      inside: []
      units:
        plant:
          name_zh: 厂
          name_en: plant
          drive: demand
          activity: 100 %
          uses:
            base:
              name_zh: 基层
              name_en: base
              full_load: 40 t/a
              counts_as: {now: utilised}
              share_basis: input
              virgin: {name_zh: 石, name_en: stone, price: 30 CNY/t}
              accepts: {slag: {ratio: 1 t/t, max_share: 100 %}}
  links:
    road:
      name_zh: 路
      name_en: road
      byproduct: works.slag
      uses: [road.base]
      status: potential
      known: proposed
      distance: 3 km
      mode: truck
"""
    found = load_scenario(scenario(lines))
    assert rate(found) == pytest.approx(1.0)
    assert list(found.park.links) == ["belt", "haul", "road"]


def test_set_reaches_into_what_add_brought(scenario: Written) -> None:
    """Changes are laid over in one order: removed, added, set."""
    lines = """\
add:
  links:
    pipe: {name_zh: 管, name_en: pipe, byproduct: works.slag, uses: [cement.blend],
           status: potential, known: proposed, distance: 3 km, mode: truck}
set:
  links.haul.capacity: 5 t/a
"""
    found = load_scenario(scenario(lines))
    assert found.park.links["pipe"].capacity is None
    assert rate(found) == pytest.approx(0.8)


def test_start_and_horizon_decide_what_exists(scenario: Written) -> None:
    lines = "start: 2019\nhorizon: 3 a\nopen: [existing, planned]\n"
    first = "set:\n  links.haul.from: {}\n"
    there = load_scenario(scenario(lines + first.format(2022)))
    assert there.park.start == 2019
    assert there.slice().year == 2019
    assert rate(there) == pytest.approx(0.8)
    assert rate(load_scenario(scenario(lines + first.format(2023)))) == pytest.approx(0.3)


def test_boundary_and_document_are_chosen(scenario: Written) -> None:
    """Nothing lies in the wide boundary: no rate there."""
    found = load_scenario(scenario("boundary: wide\ndocument: now\n"))
    assert found.slice().boundary == "wide"
    assert found.slice().document == "now"
    assert rate(found) is None


def test_the_park_file_is_not_changed(scenario: Written, park_file: Path) -> None:
    before = park_file.read_bytes()
    load_scenario(scenario("set:\n  links.haul.capacity: 10 t/a\nremove: [links.belt]\n"))
    assert park_file.read_bytes() == before
    assert load_park(park_file).links["haul"].capacity is None


def test_a_park_alone_is_the_scenario_that_changes_nothing(park_file: Path) -> None:
    found = load_question(park_file)
    assert found.id == "tiny-2025"
    assert found.park == load_park(park_file)
    assert found.opened == frozenset(Status)
    assert found.files == (park_file,)


def test_a_path_of_a_park_is_meant_from_the_folder_of_the_scenario(
    scenario: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scenario("")
    monkeypatch.chdir(path.parent.parent)
    assert load_scenario(path).park.id == "tiny"


@pytest.mark.parametrize(("name", "start"), [("jinchang-2015", 2015), ("jinchang-2025", 2025)])
def test_the_scenarios_of_jinchang_load_and_solve(name: str, start: int) -> None:
    found = load_scenario(name)
    assert found.park.id == "jinchang"
    assert found.park.start == start
    answer = rate(found)
    assert answer is not None
    assert 0 < answer < 1
