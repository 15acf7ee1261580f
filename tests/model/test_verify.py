"""The independent check: a real optimum passes, and one wrong number anywhere does not."""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.optimum import Optimum
from symbiosis.verify import Claim, FailedCheck, verify
from tests.model.parks import (
    accept,
    byproduct,
    link,
    makes,
    material,
    named,
    needs,
    park,
    route,
    runs,
    solve,
    treatment,
    use,
)


@pytest.fixture(scope="module")
def found() -> Optimum:
    """A park in which every kind of variable is at work.

    100 t of slag: 30 t by belt and the rest by truck into a blend of 60 t with a share limit, 40 t
    into a mill whose 32 t of powder find a taker of 16 t; an old heap; ash that is crushed.
    """
    slag = byproduct(
        "100 t/a",
        routes={"heap": route("3 CNY/t", capacity="60 t/a"), "pond": route("9 CNY/t")},
    )
    return solve(
        park(
            {
                "works": makes(slag=slag, ash="50 t/a", tails={"residue": True}),
                "cement": needs(
                    blend=use(
                        "60 t/a",
                        accepts={
                            "slag": accept(max_share="80 %"),
                            "ash": accept("0.5 t/t", treatment="crusher", group="fine"),
                        },
                        groups={"fine": "15 %"},
                        max_intake="55 t/a",
                    )
                ),
                "mill": runs(
                    {"powder": byproduct("80 t/a", "1 CNY/t")},
                    {"feed": use("100 t/a", "slag", virgin=None)},
                    capacity="80 t/a",
                    running_cost="2 CNY/t",
                    availability="40 %",
                    min_load="10 %",
                ),
                "concrete": needs(binder=use("16 t/a", "powder")),
            },
            {
                "belt": link("works.slag", "cement.blend", cost="1 CNY/t", capacity="30 t/a"),
                "haul": link("works.slag", "cement.blend", cost="5 CNY/t"),
                "fine": link("works.ash", "cement.blend", residue="works.tails", loss="5 %"),
                "feed": link("works.slag", "mill.feed", cost="1 CNY/t"),
                "powder": link("mill.powder", "concrete.binder"),
            },
            {"powder": material(waste_class="intermediate")},
            treatments={"crusher": treatment("80 %", cost="4 CNY/t")},
            stockpiles={"old": named("old", byproduct="works.slag", reclaim="20 t/a")},
        )
    )


def claim_of(found: Optimum, **wrong: float) -> Claim:
    right = {
        "utilised_t": found.rate.numerator,
        "generated_t": found.rate.denominator,
        "cost_cny": found.cost_cny,
        "carbon_t": found.co2e_t or 0.0,
    }
    return Claim(**{**right, **wrong})


def recheck(found: Optimum, claim: Claim | None = None, **decisions: dict[Any, float]) -> str:
    """What the check says with some decisions changed; empty where it is content."""
    point = found.points[0]
    changed = {kind: {**getattr(point, kind), **new} for kind, new in decisions.items()}
    points = [replace(point, **changed)]
    try:
        verify(found.park, found.year, points, found.levels, claim or claim_of(found))
    except FailedCheck as failed:
        return "; ".join(failed.faults)
    return ""


def test_what_was_found_passes(found: Optimum) -> None:
    assert recheck(found) == ""


SENT = [
    ("belt", "cement.blend", "cement.blend"),
    ("haul", "cement.blend", "works.slag"),
    ("fine", "cement.blend", "works.ash"),
    ("feed", "mill.feed", "mill.feed"),
    ("powder", "concrete.binder", "mill.powder"),
]


@pytest.mark.parametrize(("way", "use_name", "place"), SENT)
@pytest.mark.parametrize("by", [1.0, 0.01])
def test_a_tonne_more_on_a_link_is_seen_and_its_place_named(
    found: Optimum, way: str, use_name: str, place: str, by: float
) -> None:
    key = (way, use_name)
    assert place in recheck(found, sent={key: found.point.sent[key] + by})


def test_a_purchase_that_was_not_made_is_seen(found: Optimum) -> None:
    bought = found.point.bought["cement.blend"]
    assert "need of cement.blend" in recheck(found, bought={"cement.blend": bought + 1})


@pytest.mark.parametrize(
    "key", [("works.slag", "heap"), ("works.tails", "heap"), ("mill.powder", "heap")]
)
def test_a_tonne_more_on_a_heap_is_seen(found: Optimum, key: tuple[str, str]) -> None:
    said = recheck(found, dumped={key: found.point.dumped[key] + 1})
    assert f"balance of {key[0]}" in said


def test_a_heap_above_its_capacity_is_seen(found: Optimum) -> None:
    """60 t are allowed; what is moved from the pond to the heap keeps the balance."""
    left = found.point.dumped["works.slag", "heap"] + found.point.dumped["works.slag", "pond"]
    moved = {("works.slag", "heap"): 61.0, ("works.slag", "pond"): left - 61.0}
    assert "capacity of works.slag heap" in recheck(found, dumped=moved)


def test_a_link_above_its_capacity_is_seen(found: Optimum) -> None:
    """The belt carries 30 t; one tonne from the truck to the belt keeps every balance."""
    sent = found.point.sent
    moved = {
        key: sent[key] + by
        for key, by in ((("belt", "cement.blend"), 1.0), (("haul", "cement.blend"), -1.0))
    }
    assert "capacity of link belt" in recheck(found, sent=moved)


def test_a_share_above_its_limit_is_seen(found: Optimum) -> None:
    """10 t of slag in place of 10 t bought fill the need as well, and break the share of 80 %."""
    key = ("haul", "cement.blend")
    said = recheck(
        found,
        sent={key: found.point.sent[key] + 10},
        bought={"cement.blend": found.point.bought["cement.blend"] - 10},
    )
    assert "share of slag in cement.blend" in said
    assert "intake of cement.blend" in said


def test_a_group_above_its_limit_is_seen(found: Optimum) -> None:
    key = ("fine", "cement.blend")
    assert "group fine in cement.blend" in recheck(found, sent={key: found.point.sent[key] + 10})


def test_a_load_above_the_availability_is_seen(found: Optimum) -> None:
    assert "load of mill.plant" in recheck(found, running={"mill.plant": 0.41})


def test_a_load_below_the_least_is_seen(found: Optimum) -> None:
    """The mill runs at 10 % at least; at 5 % its own check must be among what fails."""
    assert "load of mill.plant" in recheck(found, running={"mill.plant": 0.05})


@pytest.mark.parametrize("kind", ["sent", "bought", "dumped", "running"])
def test_a_negative_amount_is_seen(found: Optimum, kind: str) -> None:
    key = next(iter(getattr(found.point, kind)))
    assert f"{kind} {key} is negative" in recheck(found, **{kind: {key: -1.0}})


def test_more_drawn_than_can_be_dug_out_is_seen(found: Optimum) -> None:
    """20 t can be dug out; 25 t drawn and dumped keep the balance of slag."""
    drawn, key = found.point.drawn["works.slag"], ("works.slag", "pond")
    more = 25.0 - drawn
    said = recheck(
        found,
        drawn={"works.slag": 25.0},
        dumped={key: found.point.dumped[key] + more},
        claim=claim_of(found, cost_cny=found.cost_cny + 9 * more),
    )
    assert "dug out of works.slag" in said


@pytest.mark.parametrize("kind", ["sent", "bought", "dumped"])
def test_what_is_not_a_number_is_seen(found: Optimum, kind: str) -> None:
    key = next(iter(getattr(found.point, kind)))
    claim = claim_of(found, cost_cny=float("nan"))
    assert recheck(found, claim, **{kind: {key: float("nan")}}) != ""


def test_waste_counted_without_a_taker_behind_it_is_seen(found: Optimum) -> None:
    """16 t of powder pass 20 t of slag; to count a tonne more has no certificate."""
    key = ("feed", "mill.feed")
    more = {key: found.point.counted[key] + 1}
    said = recheck(found, claim_of(found, utilised_t=found.rate.numerator + 1), counted=more)
    assert "counted feed of mill.feed" in said


def test_a_unit_that_claims_to_pass_more_than_went_on_is_seen(found: Optimum) -> None:
    """All 40 % of the mill's load are claimed to have gone on, and all of its feed counted."""
    key = ("feed", "mill.feed")
    load = found.point.running["mill.plant"]
    said = recheck(found, counted={key: found.point.sent[key]}, passed={"mill.plant": load + 0.1})
    assert "passed by mill.plant" in said
    assert "product of mill.plant" in said


@pytest.mark.parametrize(
    ("claimed", "place"),
    [
        ("utilised_t", "utilised waste"),
        ("generated_t", "generated waste"),
        ("cost_cny", "cost"),
    ],
)
@pytest.mark.parametrize("factor", [1.001, 0.999, 0.0])
def test_a_wrong_claim_is_seen(found: Optimum, claimed: str, place: str, factor: float) -> None:
    right = getattr(claim_of(found), claimed)
    assert place in recheck(found, claim_of(found, **{claimed: right * factor}))


def test_a_gas_counted_in_billions_does_not_hide_a_missing_tonne() -> None:
    """10^10 Nm3 of gas beside 100 t of slag: 5 t that vanish are seen all the same."""
    gas = {"full_load": "10000000000 Nm3/a", "counted": "Nm3"}
    found = solve(
        park(
            {"works": makes(slag="100 t/a", gas=gas), "cement": needs(blend=use("80 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
            {"gas": material("gas", "Nm3", "none")},
        )
    )
    key = ("works.slag", "heap")
    assert "balance of works.slag" in recheck(found, dumped={key: found.point.dumped[key] - 5})


def test_a_gas_counted_in_billions_does_not_drown_a_small_waste() -> None:
    """3 t of dust beside 10^10 Nm3 of gas are used, every one: R = 3/3."""
    gas = {"full_load": "10000000000 Nm3/a", "counted": "Nm3", "material": "gas"}
    heat = use(
        "9000000000 Nm3/a",
        virgin="1 CNY/Nm3",
        accepts={"gas": {"ratio": "1 Nm3/Nm3", "max_share": "100 %"}},
    )
    found = solve(
        park(
            {
                "works": makes(dust="3 t/a", off_gas=gas),
                "smelter": needs(charge=use("5 t/a", "dust"), heat=heat),
            },
            {
                "dust": link("works.dust", "smelter.charge"),
                "gas": link("works.off_gas", "smelter.heat", cost="0 CNY/Nm3", mode="main"),
            },
            {"gas": material("gas", "Nm3", "none")},
            transport={
                "truck": named("truck", unit="t", freight="1 CNY/(t*km)"),
                "main": named("main", unit="Nm3", freight="0 CNY/(Nm3*km)"),
            },
        )
    )
    assert found.rate.value == pytest.approx(1.0, abs=1e-9)
    assert found.point.sent["dust", "smelter.charge"] == pytest.approx(3.0, abs=1e-6)


def test_the_rounding_of_a_solver_is_no_fault(solver: str) -> None:
    """The least cost is to let a mill for 840 t/a stand still: powder earns less than it costs.

    The billionth of the cost that may be given up for the rate lets a millionth of a tonne in,
    while its load, smaller by 840, is rounded to 0: "counted feed of mill.feed: 1.4e-06 above 0".
    """
    found = solve(
        park(
            {
                "works": makes(slag="370 t/a"),
                "mill": runs(
                    {"powder": byproduct("84 t/a", "5 CNY/t")},
                    {"feed": use("840 t/a", "slag", virgin=None)},
                    capacity="100 t/a",
                    running_cost="28 CNY/t",
                ),
                "concrete": needs(binder=use("288 t/a", "powder", virgin="11 CNY/t")),
            },
            {
                "feed": link("works.slag", "mill.feed"),
                "powder": link("mill.powder", "concrete.binder"),
            },
            {"powder": material(waste_class="intermediate")},
        ),
        "cost",
        solver,
    )
    assert found.cost_cny == pytest.approx(288 * 11, rel=1e-8)
