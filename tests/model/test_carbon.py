"""The carbon inventory: its lines by hand, the objective, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.carbon import inventory, unfactored
from symbiosis.errors import InputError
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.link import Status
from symbiosis.park.load import load_park
from symbiosis.park.park import Park
from symbiosis.result import answer
from symbiosis.scenario import scenario_of
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from symbiosis.verify import Claim, FailedCheck, verify
from tests.model.parks import (
    accept,
    byproduct,
    checked,
    link,
    makes,
    named,
    near,
    needs,
    park,
    route,
    runs,
    solve,
    treatment,
    use,
)

TRUCK = named("truck", unit="t", freight="1 CNY/(t*km)", co2e="0.1 kg/(t*km)")


def profile(spread: str, **shares: str) -> dict[str, Any]:
    return named("course", spread=spread, values=shares)


def virgin(**factors: str) -> dict[str, Any]:
    return named("limestone", price="50 CNY/t", **factors)


def kiln(
    taken: dict[str, Any] | None = None,
    bought: dict[str, str] | None = None,
    *,
    works: dict[str, Any] | None = None,
    **sections: Any,
) -> Park:
    """100 t/a of slag over 10 km, 5 % of it lost, into 190 t/a of raw meal."""
    factors = {"co2e": "0.02 t/t", "co2e_in_use": "0.44 t/t"} if bought is None else bought
    sets_free = {"virgin": virgin(**factors), "releases": "calcination"}
    meal = use("190 t/a", accepts={"slag": accept(**(taken or {}))}) | sets_free
    producer = makes(slag=byproduct("100 t/a", routes={"heap": route("30 CNY/t", co2e="5 kg/t")}))
    producer["units"]["plant"].update(works or {})
    haul = link("works.slag", "kiln.meal", cost="5 CNY/t", distance="10 km", loss="5 %")
    common = {"transport": {"truck": TRUCK}, **sections}
    return park({"works": producer, "kiln": needs(meal=meal)}, {"haul": haul}, **common)


def test_every_line_of_the_inventory_by_hand(solver: str) -> None:
    """All 100 t are sent: transport 100 x 10 x 0.1 kg = 0.1 t.

    95 t enter the dryer at 2 kg/t: 0.19 t. 80 % of them, 76 t, are delivered and set 0.1 t/t free.
    190 - 76 = 114 t are bought: 2.28 t cradle to gate, 50.16 t in the kiln. Nothing is dumped. The
    works emit 0.3 t/t x 40 t/a = 12 t whatever is done.
    """
    found = kiln(
        {"treatment": "dryer", "co2e_in_use": "0.1 t/t"},
        works={"capacity": "40 t/a", "co2e": "0.3 t/t"},
        treatments={"dryer": treatment("80 %", "moisture", cost="0 CNY/t", co2e="2 kg/t")},
    )
    best = solve(found, "carbon", solver)
    assert best.co2e_items == pytest.approx(
        {
            "units": 12,
            "transport": 0.1,
            "treatment": 0.19,
            "disposal": 0,
            "purchases": 2.28,
            "calcination": 7.6 + 50.16,
            "combustion": 0,
            "reaction": 0,
        }
    )
    assert near(best.co2e_t, 12 + 0.1 + 0.19 + 2.28 + 7.6 + 50.16)
    assert best.value == best.co2e_t


def test_what_is_dumped_emits_by_its_route(solver: str) -> None:
    """The slag may not be used at all: 100 t x 5 kg/t on the heap, 190 t bought at 0.46 t/t."""
    best = solve(kiln({"max_share": "0 %"}), "carbon", solver)
    assert near(best.co2e_items["disposal"], 0.5)
    assert near(best.co2e_t, 0.5 + 190 * 0.46)


def test_least_carbon_then_least_cost(solver: str) -> None:
    """A belt and a lorry emit alike; with least carbon settled, the belt at 2 CNY/t is taken.

    Cost: 100 t x 2 CNY and 90 t of limestone at 50 CNY: 4,700 CNY.
    """
    meal = use("190 t/a", "slag") | {"virgin": virgin(co2e="0.5 t/t")}
    found = park(
        {"works": makes(slag="100 t/a"), "kiln": needs(meal=meal)},
        {
            "lorry": link("works.slag", "kiln.meal", cost="5 CNY/t", distance="10 km"),
            "belt": link("works.slag", "kiln.meal", cost="2 CNY/t", distance="10 km"),
        },
        transport={"truck": TRUCK},
    )
    best = solve(found, "carbon", solver)
    assert [stage.name for stage in best.stages] == ["carbon", "cost"]
    assert near(best.co2e_t, 0.1 + 45)
    assert near(best.point.sent["belt", "kiln.meal"], 100, 1e-5)
    assert near(best.cost_cny, 4_700, 1e-6)


def test_carbon_can_speak_against_an_exchange(solver: str) -> None:
    """Limestone at 0.01 t/t against 2,000 km x 0.1 kg = 0.2 t/t: everything is bought.

    R alone would use all 100 t.
    """
    meal = use("190 t/a", "slag") | {"virgin": virgin(co2e="0.01 t/t")}
    far = {"haul": link("works.slag", "kiln.meal", cost="5 CNY/t", distance="2000 km")}
    companies = {"works": makes(slag="100 t/a"), "kiln": needs(meal=meal)}
    found = park(companies, far, transport={"truck": TRUCK})
    assert near(solve(found, "carbon", solver).co2e_t, 1.9)
    best = solve(found, "utilisation", solver)
    assert near(best.co2e_t, 20 + 0.9)
    assert near(best.rate.value, 1.0)


def test_supply_driven_units_emit_by_their_load(solver: str) -> None:
    """A mill of 80 t/a at 0.25 t/t that may run at 50 % at the most, and must at 10 %.

    Its product replaces nothing here, so least carbon is the least load: 80 x 0.25 x 0.1 = 2 t.
    With the greatest rate it runs at 50 %: 10 t.
    """
    meal = use("5 t/a", "chalk") | {"virgin": virgin(co2e="0.5 t/t")}
    mill = runs(
        {}, {"feed": use("80 t/a", "slag", virgin=None)}, capacity="80 t/a", co2e="0.25 t/t",
        min_load="10 %", availability="50 %",
    )  # fmt: skip
    found = park(
        {"works": makes(slag="100 t/a"), "mill": mill, "kiln": needs(meal=meal)},
        {"haul": link("works.slag", "mill.feed")},
    )
    assert near(solve(found, "carbon", solver).co2e_items["units"], 2)
    assert near(solve(found, "utilisation", solver).co2e_items["units"], 10)


def test_a_unit_that_stands_still_emits_nothing_then(solver: str) -> None:
    """Stopped in one half of the year: 12 t of the factor x capacity become 6 t."""
    found = kiln(
        works={"capacity": "40 t/a", "co2e": "0.3 t/t", "profile": "stop"},
        seasons={name: named(name, hours="4380 h") for name in "ab"},
        profiles={"stop": profile("load", a="100 %", b="0 %")},
    )
    data = slice_of(found)
    assert data.units_co2e_t == pytest.approx(6)
    by_season = optimise_year(found, data, cut(found, data), Goal.CARBON, solver)
    assert near(by_season.co2e_items["units"], 6)
    assert near(sum(inventory(d, p)["units"] for d, p in by_season.seasons()), 6)
    assert near(by_season.co2e_t, solve(found, "carbon", solver).co2e_t or 0.0)


@pytest.mark.parametrize("life", [{}, {"from": 2026}, {"until": 2025}])
def test_a_unit_without_by_products_or_uses_emits_where_it_exists(
    solver: str, life: dict[str, int]
) -> None:
    """A boiler of 50 t/a at 0.2 t/t, at half load: 5 t in 2025, none before or after its life.

    With nothing opened that is planned, what comes in 2026 is not there in 2025.
    """
    boiler = named("boiler", drive="demand", activity="50 %", capacity="50 t/a", co2e="0.2 t/t")
    found = kiln()
    whole = found.model_dump(by_alias=True, exclude_none=True, mode="json")
    whole["enterprises"]["works"]["units"]["boiler"] = {**boiler, **life}
    with_boiler = checked(whole)
    best = solve(with_boiler, "carbon", solver, opened=frozenset({Status.EXISTING}))
    assert near(best.co2e_items["units"], 0 if life else 5)


def crusher(**more: Any) -> dict[str, Any]:
    """What a kiln takes through a crusher of 40 kWh/t, of which 5 % of 100 t are lost before."""
    crush = treatment("100 %", "nothing", cost="0 CNY/t", energy="40 kWh/t", **more)
    return {"taken": {"treatment": "crusher"}, "treatments": {"crusher": crush}}


@pytest.mark.parametrize(
    ("stated", "treated"),
    [
        ({}, 1.9),
        ({"co2e": "3 kg/t", "co2e_with_power": False}, 1.9 + 0.285),
        ({"co2e": "3 kg/t", "co2e_with_power": True}, 0.285),
    ],
)
def test_power_of_treatments_emits_by_the_grid_factor(
    solver: str, stated: dict[str, Any], treated: float
) -> None:
    """95 t x 40 kWh/t = 3.8 MWh at 0.5 t/MWh: 1.9 t. An own factor of 3 kg/t: 0.285 t."""
    found = kiln(policy={"power_co2e": "0.5 t/MWh"}, **crusher(**stated))
    best = solve(found, "carbon", solver)
    assert near(best.co2e_items["treatment"], treated)
    assert unfactored(found, best.data) == []


def test_power_without_a_factor_is_told() -> None:
    found = kiln(**crusher())
    assert unfactored(found, slice_of(found)) == ["crusher"]
    settled = kiln(**crusher(co2e="3 kg/t", co2e_with_power=True))
    assert unfactored(settled, slice_of(settled)) == []


@pytest.mark.parametrize(
    ("stated", "code", "key"),
    [
        ({"co2e": "3 kg/t"}, "power_counted_twice", "treatments.crusher.co2e"),
        ({"co2e_with_power": True}, "no_power_in_factor", "treatments.crusher.co2e_with_power"),
    ],
)
def test_power_is_counted_once_or_refused(stated: dict[str, Any], code: str, key: str) -> None:
    with pytest.raises(InputError) as caught:
        kiln(policy={"power_co2e": "0.5 t/MWh"}, **crusher(**stated))
    assert [(p.code, p.key) for p in caught.value.problems] == [(code, key)]


def test_what_is_avoided_is_a_difference_and_no_line_is_negative(solver: str) -> None:
    """95 t of limestone less: 95 x 0.46 = 43.7 t, 0.5 t of the heap less, 0.1 t of lorries more."""
    found = kiln()
    none = solve(found, "carbon", solver, opened=frozenset())
    best = solve(found, "carbon", solver)
    for optimum in (none, best):
        assert all(line >= 0 for line in optimum.co2e_items.values())
    assert near((none.co2e_t or 0.0) - (best.co2e_t or 0.0), 43.7 + 0.5 - 0.1)


def test_uses_without_a_factor_are_told(solver: str) -> None:
    found = kiln(bought={"co2e": "0.02 t/t"})
    assert unfactored(found, slice_of(found)) == []
    other = needs(
        meal=use("9 t/a", "slag") | {"virgin": virgin(co2e="0 t/t")}, bare=use("9 t/a", "slag")
    )
    mixed = park({"works": makes(slag="5 t/a"), "kiln": other}, {})
    assert unfactored(mixed, slice_of(mixed)) == ["kiln.bare"]
    document = answer(scenario_of(mixed), Goal.CARBON, solver).document()
    assert document["unfactored"] == ["kiln.bare"]
    assert document["co2e_t"] == pytest.approx(0.0)


def test_a_park_without_factors_has_no_inventory(solver: str) -> None:
    found = kiln(bought={})
    best = solve(found, "cost", solver)
    assert best.co2e_items == {}
    assert best.co2e_t is None
    with pytest.raises(InputError) as caught:
        answer(scenario_of(found), Goal.CARBON, solver)
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == ("no_carbon_factors", "--objective")


def claimed(best: Optimum, carbon_t: float) -> None:
    rate = best.rate
    claim = Claim(rate.numerator, rate.denominator, best.cost_cny, carbon_t)
    verify(best.park, best.year, best.points, best.levels, claim)


def test_a_wrong_carbon_claim_does_not_pass_the_check() -> None:
    """A thousandth of a tonne more or less than the inventory, of 44 t."""
    best = solve(kiln(), "carbon")
    claimed(best, best.co2e_t or 0.0)
    for wrong in (0.001, -0.001):
        with pytest.raises(FailedCheck, match="carbon"):
            claimed(best, (best.co2e_t or 0.0) + wrong)


def test_a_wrong_factor_in_the_slice_does_not_pass_the_check() -> None:
    """The slice says that the way emits nothing; the park file says 0.1 t."""
    found = kiln()
    data = slice_of(found)
    lighter = replace(data, arcs=tuple(replace(a, transport_co2e_t=0.0) for a in data.arcs))
    with pytest.raises(FailedCheck, match="carbon"):
        optimise_year(found, lighter, cut(found, lighter), Goal.CARBON)


DRYER = treatment("100 %", "nothing", cost="0 CNY/t", co2e="1 kg/kWh")
MEAL = "enterprises.kiln.units.plant.uses.meal"
WRONG = {
    f"{MEAL}.virgin.co2e": {"bought": {"co2e": "0.5 kg/kWh"}},
    f"{MEAL}.virgin.co2e_in_use": {"bought": {"co2e_in_use": "56 kg/GJ"}},
    f"{MEAL}.accepts.slag.co2e_in_use": {"taken": {"co2e_in_use": "0.5 kg/kWh"}},
    "transport.truck.co2e": {"transport": {"truck": TRUCK | {"co2e": "0.1 kg/t"}}},
    "policy.power_co2e": {"policy": {"power_co2e": "0.5 t/t"}},
    "treatments.dryer.co2e": {"taken": {"treatment": "dryer"}, "treatments": {"dryer": DRYER}},
    "enterprises.works.units.plant.co2e": {"works": {"co2e": "1 t/t", "capacity": "9 GJ/a"}},
}


@pytest.mark.parametrize("key", WRONG)
def test_a_factor_in_another_unit_is_refused(key: str) -> None:
    with pytest.raises(InputError) as caught:
        kiln(**WRONG[key])
    assert [(p.code, p.key) for p in caught.value.problems] == [("wrong_dimension", key)]


def test_own_emissions_of_a_unit_need_its_capacity() -> None:
    with pytest.raises(InputError) as caught:
        kiln(works={"co2e": "1 t/t"})
    (problem,) = caught.value.problems
    assert problem.code == "coefficient_needs_capacity"


def test_a_stated_zero_is_not_listed_as_missing() -> None:
    """Clinker of the own kiln has no purchase factor, and says so; without a word it is missing."""
    own = kiln(bought={"co2e": "0 t/t"})
    assert unfactored(own, slice_of(own)) == []
    silent = kiln(bought={})
    assert unfactored(silent, slice_of(silent)) == ["kiln.meal"]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("baiyin", ["cement_shoulushan.cem_blend"]),
        ("jinchang", ["jc_pvc_new.cl2_pvc_new", "jc_pvc_new.c2h2_pvc", "nenghua.h2_nh3"]),
        ("taiyuan-stainless", []),
    ],
)
def test_the_parks_list_only_what_is_really_missing(name: str, inside: list[str]) -> None:
    found = load_park(name)
    assert not {*inside} & {*unfactored(found, slice_of(found))}
    assert found.policy.power_co2e is not None
    assert all(rate.effective == 2018 for rate in found.policy.environmental_tax.values())


def test_a_use_that_sets_free_has_to_say_by_what() -> None:
    silent = use("190 t/a", accepts={"slag": accept()}) | {"virgin": virgin(co2e_in_use="0.4 t/t")}
    with pytest.raises(InputError) as caught:
        park({"works": makes(slag=byproduct("100 t/a")), "kiln": needs(meal=silent)}, {})
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == ("release_missing", f"{MEAL}.releases")


def test_what_is_burnt_has_another_line_than_what_is_calcined(solver: str) -> None:
    """100 t of coal at 2.6 t/t and 190 t of meal at 0.44 t/t."""
    burnt = use("100 t/a", accepts={"slag": accept(max_share="0 %")})
    burnt |= {"virgin": virgin(co2e="0 t/t", co2e_in_use="2.6 t/t"), "releases": "combustion"}
    meal = use("190 t/a", accepts={"slag": accept(max_share="0 %")})
    meal |= {"virgin": virgin(co2e="0 t/t", co2e_in_use="0.44 t/t"), "releases": "calcination"}
    found = park(
        {"works": makes(slag=byproduct("1 t/a")), "kiln": needs(meal=meal, fuel=burnt)}, {}
    )
    best = solve(found, "carbon", solver)
    assert near(best.co2e_items["combustion"], 260)
    assert near(best.co2e_items["calcination"], 83.6)
    assert near(best.co2e_items["reaction"], 0)
