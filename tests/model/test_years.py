"""What exists in which year: from, until, planned within the horizon, and which links are open."""

import pytest

from symbiosis.park.link import Status
from symbiosis.slicing import slice_of
from tests.model.parks import Tree, link, makes, near, needs, park, solve, use

EXISTING = frozenset({Status.EXISTING})
PLANNED = frozenset({Status.EXISTING, Status.PLANNED})


def lasting(what: str, **years: int) -> Tree:
    """Works and cement with a link; ``what`` (enterprise, unit, link) has the years."""
    works, cement = makes(slag="100 t/a"), needs(blend=use("80 t/a", "slag"))
    haul = link("works.slag", "cement.blend")
    thing = {"enterprise": cement, "unit": cement["units"]["plant"], "link": haul}[what]
    thing |= {key.rstrip("_"): year for key, year in years.items()}
    return {"enterprises": {"works": works, "cement": cement}, "links": {"haul": haul}}


@pytest.mark.parametrize("what", ["enterprise", "unit", "link"])
@pytest.mark.parametrize(("year", "rate"), [(2019, 0.0), (2020, 0.8), (2029, 0.8), (2030, 0.0)])
def test_a_thing_is_there_from_its_first_year_until_the_year_it_is_gone(
    what: str, year: int, rate: float
) -> None:
    """From 2020 until 2030: there in 2020 and 2029, not in 2019 and 2030."""
    whole = park(**lasting(what, from_=2020, until=2030))
    assert near(solve(whole, year=year, opened=EXISTING).rate.value, rate)


@pytest.mark.parametrize("what", ["enterprise", "unit", "link"])
@pytest.mark.parametrize(("first", "rate"), [(2030, 0.8), (2031, 0.0)])
def test_what_comes_within_the_horizon_is_planned(what: str, first: int, rate: float) -> None:
    """Start 2025, horizon 5 a: what starts in 2030 is there once planned links are open."""
    whole = park(**lasting(what, from_=first))
    assert near(solve(whole, opened=PLANNED).rate.value, rate)
    assert near(solve(whole, opened=EXISTING).rate.value, 0.0)


def test_a_later_link_is_planned_until_it_starts() -> None:
    """An existing link from 2027 is planned in 2025 and existing in 2027."""
    whole = park(**lasting("link", from_=2027))
    assert [arc.status for arc in slice_of(whole, 2025).arcs] == [Status.PLANNED]
    assert [arc.status for arc in slice_of(whole, 2027).arcs] == [Status.EXISTING]


@pytest.mark.parametrize("status", list(Status))
def test_a_link_is_open_only_if_its_status_is(status: Status) -> None:
    works, cement = makes(slag="100 t/a"), needs(blend=use("80 t/a", "slag"))
    whole = park(
        {"works": works, "cement": cement},
        {"haul": link("works.slag", "cement.blend", status=status.value)},
    )
    for opened in Status:
        expected = 0.8 if opened is status else 0.0
        assert near(solve(whole, opened=frozenset({opened})).rate.value, expected)


def test_an_enterprise_that_is_not_there_yet_makes_no_waste() -> None:
    """The works start in 2028: nothing is generated in 2025 with existing links, 100 t later."""
    tree = lasting("link")
    tree["enterprises"]["works"]["from"] = 2028
    whole = park(**tree)
    assert solve(whole, opened=EXISTING).rate.value is None
    assert near(solve(whole, year=2028, opened=EXISTING).rate.value, 0.8)
    assert near(solve(whole, opened=PLANNED).rate.value, 0.8)


def test_the_start_of_the_park_is_the_year_unless_another_is_asked_for() -> None:
    assert slice_of(park(**lasting("link"))).year == 2025
    assert slice_of(park(**lasting("link")), 2030).year == 2030


@pytest.mark.parametrize("what", ["enterprise", "unit"])
def test_a_taker_that_closes_within_the_horizon_is_there_at_the_start(what: str) -> None:
    """The cement works runs until 2028. In 2025 it takes 80 t, whatever may be built later."""
    whole = park(**lasting(what, until=2028))
    assert near(solve(whole, year=2025, opened=EXISTING).rate.value, 0.8)
    assert near(solve(whole, year=2025, opened=PLANNED).rate.value, 0.8)


def test_a_residue_goes_somewhere_even_where_the_unit_that_takes_it_is_gone() -> None:
    """50 t of slag leave 20 t of tails. The pond of the tails closed in 2020.

    The 20 t do not vanish: the link is not open, or G holds them (R = 50/70).
    """
    from tests.model.parks import accept, treatment

    cement = needs(blend=use("30 t/a", accepts={"slag": accept(treatment="mill")}))
    pond = makes(tails={"residue": True})
    pond["until"] = 2020
    whole = park(
        {"works": makes(slag="50 t/a"), "cement": cement, "pond": pond},
        {"haul": link("works.slag", "cement.blend", residue="pond.tails")},
        treatments={"mill": treatment("60 %")},
    )
    found = solve(whole)
    assert found.rate.value is not None
    assert found.rate.value <= 50 / 70 + 1e-9
