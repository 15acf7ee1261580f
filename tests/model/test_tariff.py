"""Tiered electricity prices: which step, on how much power, from when, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.errors import InputError
from symbiosis.park.load import load_park
from symbiosis.park.park import Park
from symbiosis.park.quantity import AmountPerYear, Ratio
from symbiosis.park.tariff import UnitPower
from symbiosis.park.unpriced import without_policy
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from symbiosis.tariff import at_full_load_cny
from symbiosis.verify import FailedCheck
from symbiosis.viability import by_enterprise
from tests.model.parks import (
    enterprise,
    link,
    makes,
    named,
    near,
    needs,
    park,
    runs,
    solve,
    unit,
    use,
)

Tree = dict[str, Any]


def step(above: str, surcharge: str, **rest: str) -> Tree:
    return {"above": above, "surcharge": surcharge, **rest}


STEPS = {
    "effective": 2014,
    "steps": [step("13700 kWh/t", "0.02 CNY/kWh"), step("13800 kWh/t", "0.08 CNY/kWh")],
}
RISE = {"effective": 2022, "rise": step("13650 kWh/t", "0.01 CNY/kWh", every="20 kWh/t")}


def scheme(*versions: Tree) -> Tree:
    return {"tiered_power": {"aluminium": named("aluminium", versions=list(versions))}}


def smelter(
    intensity: str = "13750 kWh/t", *versions: Tree, power: Tree | None = None, **rest: Any
) -> Park:
    """1,000 t/a of metal at 80 % of the load."""
    taken = {"intensity": intensity, "tariff": "aluminium"} if power is None else power
    pots = unit(capacity="1000 t/a", power=taken) | {"activity": "80 %"} | rest.pop("works", {})
    return park(
        {"smelter": enterprise(units={"pots": pots}), "works": makes(slag="10 t/a")},
        policy=scheme(*(versions or (STEPS, RISE))),
        **rest,
    )


def surcharge(found: Park, year: int | None = None) -> float:
    best = solve(found, "cost", year=year)
    assert near(best.cost_cny, best.cost_items.get("surcharge", 0.0))
    return best.cost_items.get("surcharge", 0.0)


@pytest.mark.parametrize(
    ("intensity", "per_kwh"),
    [(13_600, 0.0), (13_700, 0.0), (13_700.1, 0.02), (13_800, 0.02), (13_801, 0.08)],
)
def test_the_step_that_the_intensity_falls_in_is_paid_on_all_power(
    intensity: float, per_kwh: float
) -> None:
    """800 t x intensity x surcharge; at a threshold itself, the step below holds."""
    found = smelter(f"{intensity} kWh/t", STEPS)
    assert near(surcharge(found), 800 * intensity * per_kwh)


@pytest.mark.parametrize(
    ("intensity", "steps"),
    [(13_600, 0), (13_650, 0), (13_651, 1), (13_670, 1), (13_670.5, 2), (13_750, 5)],
)
def test_a_rise_counts_every_step_that_has_begun(intensity: float, steps: int) -> None:
    """From 13,650 kWh/t upwards 0.01 CNY/kWh for each 20 kWh/t, a part of 20 counts as 20."""
    found = smelter(f"{intensity} kWh/t", RISE)
    assert near(surcharge(found), 800 * intensity * 0.01 * steps)


@pytest.mark.parametrize("versions", [(STEPS, RISE), (RISE, STEPS)])
@pytest.mark.parametrize(("year", "per_kwh"), [(2013, 0), (2014, 0.02), (2021, 0.02), (2022, 0.05)])
def test_the_newest_version_in_effect_holds(
    versions: tuple[Tree, ...], year: int, per_kwh: float
) -> None:
    found = smelter("13750 kWh/t", *versions)
    assert near(surcharge(found, year), 800 * 13_750 * per_kwh)


def test_a_unit_that_is_not_there_pays_nothing() -> None:
    assert surcharge(smelter("13750 kWh/t", STEPS, works={"until": 2020})) == 0


def test_without_policy_no_surcharge_is_paid() -> None:
    assert surcharge(without_policy(smelter())) == 0


def mill(income: str = "30 CNY/t") -> Park:
    """A mill of 100 t/a of powder at 50 kWh/t, which sells the powder of slag."""
    grinding = runs(
        {}, {"feed": use("100 t/a", "slag", virgin=None)}, capacity="100 t/a", income=income,
        power={"intensity": "50 kWh/t", "tariff": "grinding"},
    )  # fmt: skip
    tariff = named(
        "grinding", versions=[{"effective": 2016, "steps": [step("42 kWh/t", "0.2 CNY/kWh")]}]
    )
    return park(
        {"works": makes(slag="60 t/a"), "mill": grinding, "shop": needs(x=use("1 t/a", "slag"))},
        {"haul": link("works.slag", "mill.feed", cost="15 CNY/t")},
        policy={"tiered_power": {"grinding": tariff}},
    )


def test_a_supply_driven_unit_pays_by_its_load(solver: str) -> None:
    """60 t x 50 kWh/t x 0.2 CNY/kWh = 600 CNY; income 30, haul 15, surcharge 10 CNY/t: it pays."""
    best = solve(mill(), "cost", solver)
    assert near(best.cost_items["surcharge"], 600)
    assert near(best.cost_cny, 60 * (15 + 10 - 30) + 50)
    assert near(by_enterprise(best)["mill"], 60 * (15 + 10 - 30))


def test_a_surcharge_can_stop_an_exchange(solver: str) -> None:
    """At an income of 24 CNY/t the mill would gain 9 CNY/t less 10 of surcharge; without, it runs.

    At 2015 the scheme does not hold yet.
    """
    best = solve(mill("24 CNY/t"), "cost", solver)
    assert near(best.point.running["mill.plant"], 0)
    for other in (
        solve(without_policy(mill("24 CNY/t")), "cost", solver),
        solve(mill("24 CNY/t"), "cost", solver, year=2015),
    ):
        assert near(other.point.running["mill.plant"], 0.6)


def test_seasons_share_the_surcharge_of_the_year(solver: str) -> None:
    """Stopped in one half: half of 800 t x 13,750 kWh/t x 0.05 CNY/kWh."""
    stop = named("stop", spread="load", values={"a": "100 %", "b": "0 %"})
    found = smelter(
        works={"profile": "stop"},
        seasons={name: named(name, hours="4380 h") for name in "ab"},
        profiles={"stop": stop},
    )
    data = slice_of(found)
    best = optimise_year(found, data, cut(found, data), solver=solver)
    assert near(best.cost_items["surcharge"], 400 * 13_750 * 0.05)
    assert near(solve(found).cost_items["surcharge"], 400 * 13_750 * 0.05)


@pytest.mark.parametrize("which", ["given", "free"])
def test_a_wrong_surcharge_does_not_pass_the_check(which: str) -> None:
    found = smelter() if which == "given" else mill()
    data = slice_of(found)
    runners = {n: replace(r, surcharge_cny=0.0) for n, r in data.runners.items()}
    wrong = replace(data, runners=runners, units_surcharge_cny=0.0)
    with pytest.raises(FailedCheck, match="cost"):
        optimise_year(found, wrong, cut(found, wrong))


AT = "enterprises.smelter.units.pots.power"
OF = "policy.tiered_power.aluminium.versions"
REFUSED: dict[str, tuple[str, str, Any]] = {
    "unknown scheme": (
        "unknown_name", f"{AT}.tariff", {"power": {"intensity": "1 kWh/t", "tariff": "zinc"}}
    ),
    "per area": ("wrong_dimension", f"{AT}.intensity", {"intensity": "1 kWh/m2"}),
    "no capacity": ("coefficient_needs_capacity", f"{AT}.intensity", {"works": {"capacity": None}}),
    "threshold per kWh": (
        "wrong_dimension", f"{OF}.0.steps.0.above",
        {"version": {"effective": 2014, "steps": [step("5 kWh/m2", "0.1 CNY/kWh")]}},
    ),
    "surcharge per t": (
        "wrong_dimension", f"{OF}.0.steps.0.surcharge",
        {"version": {"effective": 2014, "steps": [step("5 kWh/t", "0.1 CNY/t")]}},
    ),
    "downwards": (
        "steps_go_up", f"{OF}.0.steps.1.above", {"version": STEPS | {"steps": STEPS["steps"][::-1]}}
    ),
    "no width": (
        "step_without_width", f"{OF}.0.rise.every",
        {"version": RISE | {"rise": RISE["rise"] | {"every": "0 kWh/t"}}},
    ),
    "steps and rise": ("steps_or_rise", f"{OF}.0", {"version": STEPS | RISE}),
    "neither": ("steps_or_rise", f"{OF}.0", {"version": {"effective": 2014}}),
    "twice": ("version_twice", f"{OF}.1.effective", {"versions": (STEPS, STEPS)}),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused(name: str) -> None:
    code, key, said = REFUSED[name]
    more = dict(said)
    versions = more.pop("versions", None) or ((more.pop("version"),) if "version" in more else ())
    with pytest.raises(InputError) as caught:
        smelter(more.pop("intensity", "13750 kWh/t"), *versions, **more)
    assert [(p.code, p.key) for p in caught.value.problems] == [(code, key)]


@pytest.mark.parametrize(
    ("tariff", "intensity", "year", "cny_per_kwh"),
    [
        ("electrolytic_aluminium", "13500 kWh/t", 2021, 0.0),
        ("electrolytic_aluminium", "13750 kWh/t", 2013, 0.0),
        ("electrolytic_aluminium", "13750 kWh/t", 2021, 0.02),
        ("electrolytic_aluminium", "13900 kWh/t", 2021, 0.08),
        ("electrolytic_aluminium", "13700 kWh/t", 2022, 0.03),
        ("electrolytic_aluminium", "13500 kWh/t", 2023, 0.03),
        ("electrolytic_aluminium", "13500 kWh/t", 2025, 0.10),
        ("cement_clinker", "65 kWh/t", 2015, 0.0),
        ("cement_clinker", "64 kWh/t", 2016, 0.0),
        ("cement_clinker", "65 kWh/t", 2016, 0.1),
        ("cement_clinker", "68 kWh/t", 2025, 0.2),
    ],
)
def test_the_schemes_of_a_bundled_park_by_year(
    tariff: str, intensity: str, year: int, cny_per_kwh: float
) -> None:
    """A unit of 1 Mt/a: surcharge = 1,000,000 t x intensity x CNY/kWh.

    Above 13,650 kWh/t in 2022 by 50: three steps of 20; above 13,450 in 2023 by 50: three; above
    13,300 in 2025 by 200: ten.
    """
    found = load_park("jinchang")
    kiln = found.enterprises["jinni_cement"].units["kiln"]
    changed = {
        "capacity": AmountPerYear(value="1,000,000 t/a"),
        "power": UnitPower(intensity=Ratio(value=intensity), tariff=tariff),
    }
    per_t = float(intensity.split()[0])
    expected = 1_000_000 * per_t * cny_per_kwh
    assert near(at_full_load_cny(found, kiln.model_copy(update=changed), year), expected)
