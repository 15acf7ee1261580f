"""Baiyin: its carbon inventory, its seasons and its heat, with numbers worked out by hand."""

import pytest

from symbiosis.optimum import Goal, Optimum
from symbiosis.park.link import Knowledge, Status
from symbiosis.park.load import load_park
from symbiosis.park.park import Park
from symbiosis.park.quantity import Grade
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from tests.model.parks import near, solve

TODAY = frozenset({Status.EXISTING})
PLANNED = TODAY | {Status.PLANNED}
WINTER = ("jan", "feb", "dec")


@pytest.fixture(scope="module")
def baiyin() -> Park:
    return load_park("baiyin")


# --- carbon


@pytest.fixture(scope="module", params=("glpk", "highs"))
def today(request: pytest.FixtureRequest, baiyin: Park) -> Optimum:
    return solve(baiyin, "carbon", request.param, opened=TODAY)


def test_what_uses_set_free_is_coal_and_limestone(today: Optimum) -> None:
    """1,411,765 t and 88,235 t of coal x 1.9; 768,000 t of limestone x 0.41 in the kiln; FGD.

    2,682,353.5 + 167,646.5 + 314,880 + 37,537 x 0.3926 = 14,737.0: 3,179,617 t. No carbide slag
    goes to the kiln today. 314,880 t are 0.525 t per t of 600,000 t of clinker, to 1 in 2,000.
    """
    assert near(today.co2e_items["combustion"], 2_682_353.5 + 167_646.5)
    assert near(today.co2e_items["calcination"], 314_880)
    lines = sum(today.co2e_items[line] for line in ("combustion", "calcination", "reaction"))
    assert near(lines, 3_179_617.0262)
    assert pytest.approx(600_000 * 0.525, rel=5e-4) == 768_000 * 0.41


def test_what_is_bought_is_lime_clinker_cement_heat_and_power(today: Optimum) -> None:
    """Lime: 195,968 - 300,000 x 0.97 x 0.465 = 60,653 t, and 9,529.8 + 34,200 t, x 1.079.

    Clinker of the grinding station 768,000 x 0.84, cement of the fill 27,574 x 0.63. Steam
    3,120,000 GJ and, after 4,500,000 x 0.95 from the power plant, 285,000 GJ of heat, x 0.11. The
    turbine covers its 92.4 GWh; 7.079 + 32.308 + 19.8 GWh are bought x 0.4772.
    """
    lime = (60_653 + 9_529.8 + 34_200) * 1.079
    kiln_products = 768_000 * 0.84 + 27_574 * 0.63
    heat = (3_120_000 + 285_000) * 0.11
    power = (7_079 + 32_308 + 19_800) * 0.4772
    assert near(today.co2e_items["purchases"], lime + kiln_products + heat + power, 1e-6)


def test_neutralising_and_burning_stand_on_lines_of_their_own(today: Optimum) -> None:
    """280,000 t of spent acid x 0.635 x 1.079 = 0.685 t of lime carbon; 4,000 t of tar x 2.274.

    1,200 t of off-gas x 3.38; 300,000 t of carbide slag x 5 km x 0.06 kg, iron powder beside it.
    """
    assert near(today.co2e_items["units"], 191_800)
    assert near(today.co2e_items["disposal"], 4_000 * 2.274 + 1_200 * 3.38)
    assert today.co2e_items["transport"] == pytest.approx(90, abs=0.1)
    assert near(today.co2e_items["treatment"], 0)


def test_clinker_of_the_own_kiln_has_no_purchase_factor(baiyin: Park) -> None:
    """The kiln at Jingtai is in the inventory itself; the grinding station buys of others."""
    own = baiyin.uses["cement_shoulushan.cem_blend"].virgin
    bought = baiyin.uses["grinding_station.grind_blend"].virgin
    assert own is not None
    assert bought is not None
    assert own.co2e is not None
    assert own.co2e.to("t/t") == 0
    assert bought.co2e is not None
    assert bought.co2e.to("t/t") == 0.84


def test_drying_emits_by_the_water_it_drives_off(baiyin: Park) -> None:
    """(1 - yield) x (2.257 + 0.335) GJ/t / 0.60 x 0.0946 t/GJ, as every formula says."""
    drying = [t for t in baiyin.treatments.values() if t.co2e and t.rest == "moisture"]
    assert len(drying) == 8
    for treatment in drying:
        expected = (1 - treatment.yield_.amount) * 2.592 / 0.60 * 0.0946
        assert treatment.co2e is not None
        assert treatment.co2e.to("t/t") == pytest.approx(expected, abs=5e-4)


# --- seasons


def by_season(park: Park, use: str) -> dict[str, float]:
    """What a use needs in each season."""
    slices = cut(park, slice_of(park)).slices
    return dict(zip(park.seasons, (part.needs[use].fixed for part in slices), strict=True))


def test_the_kiln_stands_still_for_the_ninety_days_of_winter(baiyin: Park) -> None:
    """31 + 31 + 28 days without limestone; the 768,000 t fall on the other 275."""
    need = by_season(baiyin, "cement_shoulushan.cem_lime")
    assert [need[month] for month in WINTER] == [0, 0, 0]
    assert need["jul"] == pytest.approx(768_000 * 31 / 275)
    assert sum(need.values()) == pytest.approx(768_000)


def test_the_city_is_heated_for_151_days(baiyin: Park) -> None:
    """November to March: 30 + 31 + 31 + 28 + 31 days."""
    need = by_season(baiyin, "district_heat.heat")
    assert need["jan"] == pytest.approx(4_560_000 * 31 / 151)
    assert [month for month, amount in need.items() if amount] == [
        "jan",
        "feb",
        "mar",
        "nov",
        "dec",
    ]


def test_cement_sells_less_in_winter_and_blocks_not_at_all(baiyin: Park) -> None:
    """30 % from November to March: 151 x 0.3 + 214 = 259.3 full days; blocks: 275 days."""
    cement = by_season(baiyin, "grinding_station.grind_blend")
    blocks = by_season(baiyin, "aac_block.aac_lime")
    assert cement["jan"] == pytest.approx(768_000 * 31 * 0.3 / 259.3)
    assert cement["jul"] == pytest.approx(768_000 * 31 / 259.3)
    assert [blocks[month] for month in WINTER] == [0, 0, 0]
    assert blocks["jul"] == pytest.approx(34_200 * 31 / 275)


@pytest.mark.parametrize("goal", list(Goal))
def test_by_season_both_backends_agree_and_the_year_is_no_worse(baiyin: Park, goal: Goal) -> None:
    data = slice_of(baiyin)
    one, other = (
        optimise_year(baiyin, data, cut(baiyin, data), goal, s) for s in ("glpk", "highs")
    )
    whole = solve(baiyin, goal.value)
    assert one.value == pytest.approx(other.value, rel=1e-6)
    assert one.value is not None
    assert whole.value is not None
    if goal is Goal.UTILISATION:
        assert one.value <= whole.value + 1e-9
    else:
        assert one.value >= whole.value * (1 - 1e-9)


# --- heat and power


@pytest.mark.parametrize(
    ("unit", "heat_gj", "kwh_per_gj", "power"),
    [
        ("bnmc_acid.turbine", 1_716_000, 53.846154, "bnmc_acid.own_power"),
        ("bnmc_copper.steam_turbine", 600_000, 53.846154, "bnmc_copper.cu_power"),
        ("bnmc_acid.orc", 280_800, 25.21, "bnmc_acid.zinc_side_power"),
        ("cement_shoulushan.boiler_turbine", 600_000, 33, "cement_shoulushan.kiln_power"),
    ],
)
def test_each_power_need_is_what_its_waste_heat_can_make(
    baiyin: Park, unit: str, heat_gj: float, kwh_per_gj: float, power: str
) -> None:
    """92.4, 32.3, 7.08 and 19.8 GWh/a; the kiln's boiler is larger, for it stops in winter."""
    enterprise, _, name = unit.partition(".")
    made = baiyin.byproducts[f"{unit}_power"]
    assert made.coefficient is not None
    assert made.coefficient.to("kWh/GJ") == pytest.approx(kwh_per_gj)
    full_load = baiyin.uses[power].full_load
    assert full_load is not None
    assert full_load.to("kWh/a") == pytest.approx(heat_gj * kwh_per_gj, rel=1e-4)
    capacity = baiyin.enterprises[enterprise].units[name].capacity
    assert capacity is not None
    assert capacity.to("GJ/a") >= heat_gj


def test_the_organic_cycle_makes_half_of_what_carnot_allows(baiyin: Park) -> None:
    """Between 85 and 20 °C: 1 - 293.15 / 358.15 = 18.15 %, half of it 0.0907 = 25.21 kWh/GJ."""
    made = baiyin.byproducts["bnmc_acid.orc_power"].coefficient
    assert made is not None
    assert made.to("kWh/GJ") * 0.0036 == pytest.approx(0.5 * (1 - 293.15 / 358.15), rel=1e-3)


def test_power_that_nobody_announced_is_a_proposal_of_grade_d(baiyin: Park) -> None:
    """Of the waste-heat power only the turbine on acid-plant steam stands in the tables."""
    into = {
        "bnmc_acid.acid_power",
        "bnmc_copper.turbine_steam",
        "bnmc_acid.orc_heat",
        "cement_shoulushan.boiler_heat",
    }
    ways = {name: link for name, link in baiyin.links.items() if into & set(link.uses)}
    today = {name for name, link in ways.items() if link.status is Status.EXISTING}
    assert today == {"acid_heat_to_acid_power"}
    assert {ways[name].known for name in ways.keys() - today} == {Knowledge.PROPOSED}
    assert {link.grade for link in ways.values()} == {Grade.D}


def test_least_carbon_sends_steam_to_heat_and_makes_power_of_the_rest(baiyin: Park) -> None:
    """A GJ of acid-plant steam makes 53.8 kWh x 0.4772 kg = 25.7 kg of grid power.

    As heat it replaces 110 kg of coal steam less the loss on the way. So its turbine stands still
    and 92.4 GWh are bought; smelter steam, absorption heat and kiln gas, which lead nowhere else,
    make all of their power.
    """
    best = solve(baiyin, "carbon")
    bought = {use: best.point.bought.get(use, 0.0) for use in baiyin.uses}
    assert near(bought["bnmc_acid.own_power"], 92_400_000, 1e-6)
    for use in (
        "bnmc_copper.cu_power",
        "bnmc_acid.zinc_side_power",
        "cement_shoulushan.kiln_power",
    ):
        assert bought[use] < 1_000
    steam = sum(best.point.sent[arc.key] for arc in best.data.arcs if arc.link in ("l09", "l10"))
    assert near(steam, 1_716_000, 1e-6)


# --- what it leaves as it was


@pytest.mark.parametrize(
    ("opened", "rate"), [(TODAY, 0.104038), (PLANNED, 0.477540), (frozenset(Status), 0.627217)]
)
def test_heat_carbon_and_seasons_leave_the_rate_of_the_year(
    baiyin: Park, opened: frozenset[Status], rate: float
) -> None:
    """10.4 %, 47.75 % and 62.7 %: solid waste neither heats nor is it weighed in carbon."""
    assert solve(baiyin, opened=opened).rate.value == pytest.approx(rate, abs=1e-6)
