"""The scenarios that come with the package: they load, ask a question, and name their sources."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from symbiosis.optimum import Goal, Optimum
from symbiosis.park.link import Status
from symbiosis.park.load import bundled
from symbiosis.planning.money import financing_of
from symbiosis.question import ORDER
from symbiosis.retrofit.block import Retrofit, retrofit_of
from symbiosis.scenario import Scenario, load_scenario
from symbiosis.solving import ask, checked
from symbiosis.yamlfile import read

FILES = bundled("scenarios")
PARKS = ("jinchang", "baiyin", "taiyuan")
KINDS = ("replay", "open", "delayed", "budget-cut", "cement-outage", "subsidy")
SIX = [f"{park}-{kind}" for park in PARKS for kind in KINDS]
DOCUMENTS = {"jinchang": {"gansu_ce_135", "gansu_eco", "gansu_ind"}, "taiyuan": {"shanxi_ce_135"}}
DOCUMENTS["baiyin"] = DOCUMENTS["jinchang"]
PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
COUNTS = {
    "priority",
    "instalments",
    "year",
    "horizon",
    "needs",
    "from",
    "until",
    "by",
    "earliest",
    "effective",
}
"""Keys whose values are no quantities that were measured: dates, counts, ranks."""
NUMBER = re.compile(r"-?[\d][\d,.]*( ?\S.*)?")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}-\d{2}")


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(name)


@cache
def retrofit(name: str) -> Retrofit:
    return retrofit_of(scenario(name))


def numbers(node: Any, path: tuple[str, ...], told: dict[str, Any]) -> Iterator[Any]:
    """Every quantity below a node, with the evidence that stands beside or above it."""
    if isinstance(node, dict):
        own = told | {key: node[key] for key in ("source", "grade", "checked") if key in node}
        for key, value in node.items():
            if str(key) not in COUNTS | {
                "source",
                "grade",
                "checked",
                "formula",
                "note",
                "section",
            }:
                yield from numbers(value, (*path, str(key)), own)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from numbers(value, (*path, str(i)), told)
    elif isinstance(node, str | int | float) and not isinstance(node, bool):
        text = str(node)
        if NUMBER.fullmatch(text) and not DATE.fullmatch(text):
            yield ".".join(path), text, told


def flows(asked: Scenario, opened: frozenset[Status]) -> Optimum:
    """The exchanges of the park at least cost."""
    data = asked.slice(opened)
    question = ask(asked.park, data, asked.year(data), "highs")
    return checked(question, Goal.COST, question.in_order(ORDER[Goal.COST]), 0.0)


# --- what is there


@pytest.mark.parametrize("name", FILES)
def test_every_scenario_loads_and_asks_a_question_in_both_languages(name: str) -> None:
    found = scenario(name)
    assert found.id == name
    assert found.question_zh.endswith(("？", "?"))
    assert found.question_en.endswith("?")
    assert FILES[name].read_text(encoding="utf-8").startswith("# ")


def test_each_park_has_its_six() -> None:
    assert set(SIX) <= set(FILES)


@pytest.mark.parametrize("name", SIX)
def test_the_course_of_each_of_the_six_can_be_lived_through(name: str) -> None:
    found = retrofit(name)
    assert found.builds
    assert any(found.builds.values())
    assert (financing_of(scenario(name)) is not None) == name.endswith(
        ("open", "budget-cut", "subsidy")
    )


def test_the_page_lists_every_scenario_with_its_question() -> None:
    rows = re.findall(r"^\| \[`(.+?)`\]\(\.\./scenarios/(.+?)\.yaml\) \| (\S+) \| (.+) \|$",
                      PAGE.read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
    listed = {name: (file, park, question) for name, file, park, question in rows}
    assert listed == {
        name: (name, scenario(name).park.id, scenario(name).question_en) for name in FILES
    }


# --- where the numbers come from


@pytest.mark.parametrize("name", FILES)
def test_every_number_has_a_unit_a_source_and_a_grade(name: str) -> None:
    """What a scenario sets or declares; calendar days, counts and ranks are no quantities.

    Resources and the months of a winter are counts of crews and dates, but are estimates all the
    same: they are in, under the evidence of their entry.
    """
    tree = read(FILES[name]).tree
    below = {key: tree[key] for key in ("set", "retrofit") if key in tree}
    below.get("retrofit", {}).pop("sources", None)
    for path, text, told in numbers(below, (), {}):
        if path.endswith((".from", ".capacity")):
            assert text.isdigit(), path
        else:
            assert not re.fullmatch(r"-?[\d,.]+", text), f"{path}: {text} has no unit"
        if not path.endswith(".from"):
            assert told.get("source"), f"{path}: {text} has no source"
            assert told.get("grade"), f"{path}: {text} has no grade"


@pytest.mark.parametrize("name", SIX)
def test_every_target_names_its_document(name: str) -> None:
    """The provincial plan of the park is among them, and both sorts of target are there."""
    found = retrofit(name)
    goals, promises = found.goals.values(), found.schedule.targets.values()
    documents = {target.document for target in (*goals, *promises)}
    assert None not in documents
    assert all(target.section for target in (*goals, *promises))
    assert documents >= DOCUMENTS[name.split("-")[0]]
    asked = {goal.indicator.split(".")[0] for goal in goals}
    assert asked == {
        "utilisation_rate", "used_share", "water_reuse", "heat_recovery",
        "energy_per_output", "co2e_per_output",
    }  # fmt: skip


def test_the_promises_are_those_of_the_plans() -> None:
    """2016 by the plan of 2016 and the end of 2019 by that of 2018; Taiyuan 2020."""
    for park in ("jinchang", "baiyin"):
        promised = retrofit(f"{park}-replay").schedule.targets
        assert promised["promised_2016"].by == "2016-12-31"
        assert promised["promised_2019"].by == "2019-12-31"
    assert retrofit("taiyuan-replay").schedule.targets["promised_2020"].by == "2020-12-31"


# --- what sets them apart


@pytest.mark.parametrize("park", PARKS)
def test_the_family_of_a_park_differs_in_what_it_asks_and_in_nothing_else(park: str) -> None:
    base = retrofit(f"{park}-open").schedule
    for kind in ("delayed", "budget-cut", "cement-outage"):
        other = retrofit(f"{park}-{kind}").schedule
        late = [n for n, p in other.projects.items() if p.earliest != base.projects[n].earliest]
        assert len(late) == (kind == "delayed")
        assert bool(other.units) == (kind == "cement-outage")
        cut = other.budgets["fund"].of(2025) / base.budgets["fund"].of(2025)
        assert cut == pytest.approx(0.34 if kind == "budget-cut" else 1.0, abs=0.005)
        assert set(other.projects) == set(base.projects)
        assert other.windows == base.windows


@pytest.mark.parametrize(
    ("name", "link", "sent_t"),
    [
        ("jinchang-subsidy", "nislag_fibre", 110_000),
        ("baiyin-subsidy", "pgyp_to_mine_fill", 194_636),
        ("taiyuan-subsidy", "l10", 102_632),
    ],
)
def test_the_subsidy_lifts_a_chain_that_is_idle_without_it(
    name: str, link: str, sent_t: float
) -> None:
    """At least cost, with the links that exist or are planned."""
    asked, opened = scenario(name), frozenset({Status.EXISTING, Status.PLANNED})
    year = {"start": 2028}
    paid = asked.park.model_copy(update=year)
    bare = paid.model_copy(
        update={
            "links": paid.links | {link: paid.links[link].model_copy(update={"subsidy": None})},
        }
    )
    for park, expected in ((paid, sent_t), (bare, 0.0)):
        found = flows(Scenario(**(vars(asked) | {"park": park})), opened).point.sent
        sent = sum(amount for (name_, _), amount in found.items() if name_ == link)
        assert sent == pytest.approx(expected, rel=1e-3, abs=1e3)
