"""The parks that come with the package: what they hold, on what sources, and that they solve."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from symbiosis.optimum import Optimum
from symbiosis.park.link import Status
from symbiosis.park.load import bundled, declare, load_park
from symbiosis.park.park import Park
from symbiosis.park.quantity import Checked, Evidence, Grade, Quantity
from symbiosis.rate import generated
from symbiosis.slicing import slice_of
from tests.model.parks import solve

NAMES = tuple(bundled("parks"))
GOALS = ("utilisation", "cost")
STEPS = (
    frozenset({Status.EXISTING}),
    frozenset({Status.EXISTING, Status.PLANNED}),
    frozenset(Status),
)


@pytest.fixture(scope="module", params=NAMES)
def park(request: pytest.FixtureRequest) -> Park:
    return load_park(request.param)


def nouns(noun: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, BaseModel]]:
    """Every noun below a park with its path."""
    if isinstance(noun, BaseModel):
        yield ".".join(path), noun
        for name in type(noun).model_fields:
            yield from nouns(getattr(noun, name), (*path, name))
    elif isinstance(noun, dict):
        for key, value in noun.items():
            yield from nouns(value, (*path, str(key)))


def quantities(park: Park) -> Iterator[tuple[str, Quantity]]:
    return ((path, noun) for path, noun in nouns(park) if isinstance(noun, Quantity))


def exact(path: str, quantity: Quantity) -> bool:
    """A number that no source is needed for: nothing, all, one for one, the calendar."""
    plain = quantity.measure.value in (0.0, 1.0)
    return plain or path == "horizon" or path.startswith("seasons.")


# --- what they hold


def test_the_three_parks_are_there() -> None:
    assert {"jinchang", "baiyin", "taiyuan-stainless"} <= set(NAMES)


def test_jinchang_holds_its_whole_record() -> None:
    """37 enterprises, 39 by-product streams, the 55 links of the record, 22 projects with sources.

    Residues and what was told apart into two streams come on top of the 39; the 55 links are those
    for which someone reported or estimated a flow; projects that only this file proposes are left
    out.
    """
    park = load_park("jinchang")
    assert len(park.enterprises) == 37
    assert sum(not made.residue for made in park.byproducts.values()) >= 39
    assert sum(link.observed is not None for link in park.links.values()) == 55
    assert sum(project.state != "estimate" for project in park.projects.values()) == 22
    assert len(park.indicators) >= 30


def test_byproducts_compete_for_cement_retarder_and_backfill() -> None:
    """In Jinchang each of these uses accepts several by-products that have links to it."""
    park = load_park("jinchang")
    reached: dict[str, set[str]] = {}
    for link in park.links.values():
        for use in link.uses:
            reached.setdefault(use, set()).add(link.byproduct)
    words = ("cement", "retarder", "backfill")
    for word in words:
        named = [use for use in reached if word in park.uses[use].name_en.casefold() or word in use]
        assert any(len(reached[use]) > 1 for use in named), word


def test_ids_of_links_are_distinct_ways(park: Park) -> None:
    """No two links lead from one by-product by one mode to the same uses with one status."""
    ways = [
        (link.byproduct, link.uses, link.status, link.mode, link.from_, link.project)
        for link in park.links.values()
    ]
    assert len(set(ways)) == len(ways)


PLANNED = {"jinchang": (0.30793722, 3717460.2), "baiyin": (0.47753992, 1702214.9)}
"""Rate and tonnes used with existing and planned links, before any proposed project was added."""


@pytest.mark.parametrize("name", PLANNED)
def test_a_proposed_project_makes_no_link_planned(name: str) -> None:
    """A potential link of a project that nobody announced stays potential, so the rate stays."""
    park = load_park(name)
    proposed = [p for p in park.projects.values() if p.state == "estimate"]
    assert len(proposed) == 15
    planned = {link for p in proposed for link in p.links if park.links[link].status != "potential"}
    assert planned <= {"jiugang_binder", "cog_ammonia"}
    rate = solve(park, solver="highs", opened=STEPS[1]).rate
    assert (rate.value, rate.numerator) == pytest.approx(PLANNED[name], rel=1e-6)


def test_a_proposed_project_says_what_it_costs_and_why(park: Park) -> None:
    """Each has a lead and, where its technology has a unit cost, a formula; all are estimates."""
    for name, project in park.projects.items():
        if project.state != "estimate" or project.lead is None:
            continue
        assert (project.note or "").startswith("estimate: "), name
        assert project.investment is not None, name
        for number in (project.investment, project.lead):
            assert all((number.formula, number.source)), name
        graded = (project, project.investment, project.lead, *project.ramp)
        assert {noun.grade for noun in graded} == {Grade.D}, name


def test_existing_planned_and_potential_are_told_apart(park: Park) -> None:
    assert {link.status for link in park.links.values()} == set(Status)


# --- where the numbers come from


def test_every_number_has_a_grade_or_needs_none(park: Park) -> None:
    """Its own grade, or for the values of a profile the grade of the profile."""
    profiles = {f"profiles.{name}" for name, profile in park.profiles.items() if profile.grade}
    ungraded = [
        path
        for path, q in quantities(park)
        if q.grade is None and not exact(path, q) and path.partition(".values.")[0] not in profiles
    ]
    assert ungraded == []


def test_what_is_graded_a_or_b_names_a_source(park: Park) -> None:
    good = (Grade.A, Grade.B)
    bare = [
        path
        for path, noun in nouns(park)
        if isinstance(noun, Evidence) and noun.grade in good and not noun.source
    ]
    assert bare == []


def test_an_estimate_is_graded_d_and_what_was_seen_names_a_source(park: Park) -> None:
    wrong = [
        path
        for path, noun in nouns(park)
        if isinstance(noun, Evidence)
        and (
            (noun.checked is Checked.ESTIMATE and noun.grade not in (None, Grade.D))
            or (noun.checked is Checked.SEEN and not noun.source)
        )
    ]
    assert wrong == []


def test_what_is_derived_says_how_or_from_what(park: Park) -> None:
    """Grade C: a formula, a note or a source, of the number or of what it is a number of."""
    said = {
        path
        for path, noun in nouns(park)
        if isinstance(noun, Evidence) and (noun.formula or noun.note or noun.source)
    }
    silent = [
        path
        for path, q in quantities(park)
        if q.grade is Grade.C and not {path, path.rpartition(".")[0]} & said
    ]
    assert silent == []


def test_every_link_says_how_it_is_known(park: Park) -> None:
    assert [name for name, link in park.links.items() if link.grade is None] == []


def test_an_observed_flow_is_never_a_capacity(park: Park) -> None:
    """A capacity that equals the reported flow must say that it was derived from the taker."""
    for name, link in park.links.items():
        if link.observed is None or link.capacity is None:
            continue
        unit = f"{park.material_of(link.byproduct).unit}/a"
        if link.capacity.to(unit) == link.observed.to(unit):
            assert "taker" in (link.capacity.formula or ""), name


def test_the_slice_knows_nothing_of_observed_flows(park: Park) -> None:
    """The numbers of the model are the same if nobody had ever reported a flow."""
    quiet = {name: link.model_copy(update={"observed": None}) for name, link in park.links.items()}
    assert slice_of(park.model_copy(update={"links": quiet})) == slice_of(park)


# --- that they solve


@pytest.fixture(scope="module")
def optima(park: Park) -> dict[tuple[str, str], Optimum]:
    """Both goals on both backends; each has passed the independent check."""
    return {
        (goal, solver): solve(park, goal, solver) for goal in GOALS for solver in ("glpk", "highs")
    }


def test_every_balance_closes(optima: dict[tuple[str, str], Optimum]) -> None:
    for found in optima.values():
        data, point = found.data, found.point
        for name in data.supplies:
            there = generated(data, point, name) + point.drawn.get(name, 0.0)
            sent = sum(point.sent[arc.key] for arc in data.arcs_from(name))
            left = sum(point.dumped[name, o.route] for o in data.outlets if o.byproduct == name)
            assert sent + left == pytest.approx(there, rel=1e-6, abs=1e-3), name


@pytest.mark.parametrize("goal", GOALS)
def test_both_backends_give_the_same_objective(
    optima: dict[tuple[str, str], Optimum], goal: str
) -> None:
    one, other = optima[goal, "glpk"], optima[goal, "highs"]
    assert one.value == pytest.approx(other.value, rel=1e-6)
    assert one.cost_cny == pytest.approx(other.cost_cny, rel=1e-6)
    assert one.rate.value == pytest.approx(other.rate.value, abs=1e-6)


def test_the_rate_is_between_none_and_all_and_costs_what_it_costs(
    optima: dict[tuple[str, str], Optimum],
) -> None:
    high, cheap = optima["utilisation", "glpk"], optima["cost", "glpk"]
    assert high.rate.value is not None
    assert cheap.rate.value is not None
    assert 0 < cheap.rate.value <= high.rate.value + 1e-9
    assert high.rate.value <= 1
    # for the higher rate the second stage of least cost may give up a part in 1e9, and rounds
    assert cheap.cost_cny <= high.cost_cny * (1 + 2e-9)
    assert high.rate_before is not None
    assert abs(high.rate_before - high.rate.value) <= 1e-9


def test_with_every_step_of_links_there_is_an_answer(park: Park) -> None:
    rates = [solve(park, opened=opened).rate.value for opened in STEPS]
    assert all(rate is not None and 0 <= rate <= 1 for rate in rates)
    assert rates[2] >= rates[1] - 1e-9  # potential links bring no enterprises of their own


def test_every_boundary_and_document_has_an_answer(park: Park) -> None:
    for boundary in park.boundaries:
        for document in park.rate_documents:
            found = solve(park, boundary=boundary, document=document)
            assert found.rate.value is not None, (boundary, document)


def test_a_park_read_twice_is_the_same_park(park: Park) -> None:
    assert load_park(park.id) == park
    assert declare(park.id).tree["id"] == park.id
