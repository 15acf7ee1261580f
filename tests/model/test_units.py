"""The same park in other units and on another basis gives the same answer."""

import pytest

from symbiosis.errors import InputError
from symbiosis.park.park import Park
from symbiosis.slicing import slice_of
from tests.model.parks import (
    byproduct,
    link,
    makes,
    material,
    named,
    near,
    needs,
    park,
    route,
    solve,
    use,
)


def in_units(slag: str, need: str, price: str, freight: str, capacity: str) -> Park:
    haul = link("works.slag", "cement.blend", distance="20 km", capacity=capacity)
    del haul["cost"]
    return park(
        {
            "works": makes(slag=slag),
            "cement": needs(blend=use(need, "slag", virgin=price)),
        },
        {"haul": haul},
        transport={"truck": named("truck", unit="t", freight=freight)},
    )


@pytest.mark.parametrize(
    "texts",
    [
        ("365,000 t/a", "730,000 t/a", "50 CNY/t", "0.5 CNY/(t*km)", "292,000 t/a"),
        ("36.5 万t/a", "73 万t/a", "0.005 万元/t", "0.5 元/(t*km)", "29.2 万吨/年"),
        ("1 kt/d", "2 kt/d", "50 元/吨", "0.0005 CNY/(kg*km)", "0.8 kt/d"),
        ("0.365 Mt/a", "0.73 Mt/a", "0.05 CNY/kg", "0.5 CNY/(t*km)", "800 t/d"),
        (
            "365,000,000 kg/a",
            "60,833.333333333333 t/month",
            "50000 CNY/kt",
            "0.5 CNY/(t*km)",
            "33.333333333333333 t/h",
        ),
    ],
)
def test_the_unit_in_which_a_number_is_written_does_not_matter(
    solver: str, texts: tuple[str, str, str, str, str]
) -> None:
    """365,000 t of slag, link for 292,000 t over 20 km at 0.5 CNY/(t km), need 730,000 t.

    R = 0.8; cost 292,000 x 10 + 438,000 x 50 = 24,820,000 CNY.
    """
    found = solve(in_units(*texts), solver=solver)
    assert near(found.rate.value, 0.8)
    assert near(found.cost_cny, 24_820_000)


def test_coal_equivalent_and_heat_are_one_energy(solver: str) -> None:
    """1 tce = 29.3076 GJ: of 10 tce, 293.076 GJ, waste heat gives 100 and 193.076 GJ are bought."""
    heat = {"full_load": "100 GJ/a", "material": "waste_heat", "counted": "GJ"}
    warm = use(
        "10 tce/a",
        virgin="1172.304 CNY/tce",
        accepts={"waste_heat": {"ratio": "1 GJ/GJ", "max_share": "100 %"}},
    )
    found = solve(
        park(
            {"furnace": makes(heat=heat), "town": needs(warm=warm)},
            {"pipe": link("furnace.heat", "town.warm", cost="0 CNY/GJ", mode="main")},
            {"waste_heat": material("heat", "GJ", "none")},
            transport={"main": named("main", unit="GJ", freight="0 CNY/(GJ*km)")},
        ),
        "cost",
        solver,
    )
    assert near(found.point.bought["town.warm"], 193.076)
    assert near(found.cost_cny, 193.076 * 40)


def sludge(basis: str, amount: str, reclaim: str = "0 t/a", capacity: str = "900 t/a") -> Park:
    """Sludge with 20 % of water, a link and an old heap."""
    return park(
        {"works": makes(sludge=amount), "kiln": needs(clay=use("1000 t/a", "sludge"))},
        {"haul": link("works.sludge", "kiln.clay", capacity=capacity)},
        {"sludge": material(basis=basis, moisture="20 %")},
        stockpiles={"old": named("old", byproduct="works.sludge", reclaim=reclaim)},
    )


@pytest.mark.parametrize(
    ("basis", "amount", "counted"),
    [
        ("dry", "100 t/a", 100),
        ("dry", "100 t dry/a", 100),
        ("dry", "100 t wet/a", 80),
        ("dry", "100 湿吨/a", 80),
        ("as_received", "100 t/a", 100),
        ("as_received", "80 t dry/a", 100),
        ("as_received", "100 t as received/a", 100),
    ],
)
def test_wet_and_dry_amounts_meet_on_the_basis_of_the_material(
    solver: str, basis: str, amount: str, counted: float
) -> None:
    """With 20 % of water 100 t as received are 80 t dry; an amount without basis is as declared."""
    found = solve(sludge(basis, amount), solver=solver)
    assert near(found.rate.denominator, counted)
    assert near(found.point.sent["haul", "kiln.clay"], counted)


def test_capacity_and_old_stock_are_read_on_the_basis_too(solver: str) -> None:
    """Dry sludge, 100 t; the link carries 100 t wet = 80 t, the heap gives up 50 t wet = 40 t."""
    found = solve(sludge("dry", "100 t/a", "50 t wet/a", "100 t wet/a"), solver=solver)
    assert near(found.point.sent["haul", "kiln.clay"], 80)
    assert near(slice_of(found.park).supplies["works.sludge"].reclaim, 40)


def test_the_capacity_of_a_route_is_read_on_the_basis_of_the_material(solver: str) -> None:
    """A heap for 100 t wet has room for 80 t dry; the other 420 t go to the landfill."""
    ways = {"heap": route(capacity="100 t wet/a"), "landfill": route("9 CNY/t", "landfilled")}
    found = solve(
        park(
            {"works": makes(sludge=byproduct("500 t/a", routes=ways))},
            {},
            {"sludge": material(basis="dry", moisture="20 %")},
        ),
        "cost",
        solver,
    )
    assert near(found.point.dumped["works.sludge", "heap"], 80)
    assert near(found.cost_cny, 420 * 9)


def test_an_intake_of_several_materials_has_no_basis_of_its_own() -> None:
    """What is delivered counts on the basis of each material: one basis for all is refused."""
    clay = use("1000 t/a", "sludge", max_intake="100 t wet/a")
    with pytest.raises(InputError, match="basis"):
        park(
            {"works": makes(sludge="500 t/a"), "kiln": needs(clay=clay)},
            {"haul": link("works.sludge", "kiln.clay")},
            {"sludge": material(basis="dry", moisture="20 %")},
        )
