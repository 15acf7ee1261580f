"""Water: fixed flows, fixed loads, returns and regeneration."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.errors import NoAnswer
from symbiosis.grading import grading_of
from symbiosis.park.link import Status
from symbiosis.park.load import load_park
from symbiosis.rate import generated
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_year
from symbiosis.verify import Audit
from tests.model.parks import (
    byproduct,
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
from tests.model.water_parks import (
    SECTIONS,
    WATER,
    demand,
    fixed_flows,
    fixed_loads,
    fresh,
    limited,
    pipe,
    source,
    water_park,
)
from tests.model.water_targets import least_fresh_water, of_operations
from tests.validation.manifest import FOLDER

HOURS = 8760.0
FOUR = [(2.0, 0.0, 100.0), (5.0, 50.0, 100.0), (30.0, 50.0, 800.0), (4.0, 400.0, 800.0)]
SOURCES = [(50.0, 50.0), (100.0, 100.0), (70.0, 150.0), (60.0, 250.0)]
DEMANDS = [(50.0, 20.0), (100.0, 50.0), (80.0, 100.0), (70.0, 200.0)]
THREE_PLANTS = (
    [(2.0, 0.0, 100.0), (2.0, 50.0, 80.0), (5.0, 50.0, 100.0), (30.0, 80.0, 800.0), FOUR[3]],
    [
        (2.0, 0.0, 100.0),
        (2.0, 50.0, 80.0),
        (5.0, 80.0, 400.0),
        (30.0, 100.0, 800.0),
        (4.0, 400.0, 1000.0),
    ],
    [
        (2.0, 0.0, 100.0),
        (2.0, 25.0, 50.0),
        (5.0, 25.0, 125.0),
        (30.0, 50.0, 800.0),
        (15.0, 100.0, 150.0),
    ],
)

flows = st.integers(1, 200).map(float)
levels = st.integers(1, 40).map(lambda step: 10.0 * step)


def test_the_target_of_the_four_operations_is_90() -> None:
    """At 100 ppm 2 + 5 + 2 kg/h must be taken up: 9 kg/h / 100 g/t = 90 t/h (kg/h, g/t -> kt/h)."""
    assert near(of_operations(FOUR) * 1000, 90)


def test_the_target_of_the_fixed_flows_is_70() -> None:
    """At 150 ppm: demands 6500 + 10000 + 4000, sources 5000 + 5000, so 10500 / 150 = 70."""
    assert near(least_fresh_water(SOURCES, DEMANDS), 70)


def test_each_plant_by_itself_needs_more() -> None:
    """Of two_plants.yaml, plant by plant and then together: 90 and 70."""
    alone = least_fresh_water(SOURCES[::2], DEMANDS[1::2])
    alone += least_fresh_water(SOURCES[1::2], DEMANDS[::2])
    found = load_park(FOLDER / "two_plants.yaml")
    existing = solve(found, "cost", opened=frozenset({Status.EXISTING}))
    assert near(alone, 90)
    assert near(existing.cost_cny / HOURS, alone)
    assert near(solve(found, "cost").cost_cny / HOURS, 70)


def test_three_plants_with_five_operations_each() -> None:
    """Of three_plants.yaml: 98.33, 54.64 and 186.67 t/h plant by plant, 314.36 together."""
    alone = [of_operations(plant) * 1000 for plant in THREE_PLANTS]
    together = of_operations([one for plant in THREE_PLANTS for one in plant]) * 1000
    assert [round(target, 2) for target in (*alone, together)] == [98.33, 54.64, 186.67, 314.36]
    found = load_park(FOLDER / "three_plants.yaml")
    existing = solve(found, "cost", opened=frozenset({Status.EXISTING}))
    assert near(existing.cost_cny / HOURS, sum(alone))
    assert near(solve(found, "cost").cost_cny / HOURS, together)


def test_water_regenerated_once_is_least_46_15() -> None:
    """9 kg/h up to 100 ppm: 100 g/t of fresh water and 95 g/t of what is regenerated of it."""
    found = load_park(FOLDER / "wang_smith_regeneration_reuse.yaml")
    assert near(solve(found, "cost").cost_cny / HOURS, 9000 / 195)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(flows, levels), min_size=1, max_size=4),
    st.lists(st.tuples(flows, levels), min_size=1, max_size=4),
)
def test_fresh_water_of_fixed_flows_is_the_target(
    sources: list[tuple[float, float]], demands: list[tuple[float, float]]
) -> None:
    found = solve(fixed_flows(sources, demands), "cost", "highs")
    assert near(found.cost_cny, least_fresh_water(sources, demands), 1e-6)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(flows, levels.map(lambda c: c - 10), levels).map(
            lambda o: (o[0], o[1], o[1] + o[2])
        ),
        min_size=1,
        max_size=4,
    )
)
def test_fresh_water_of_fixed_loads_is_the_target(
    operations: list[tuple[float, float, float]],
) -> None:
    """Loads in t/a over mg/L give flows in 1e6 m3/a."""
    found = solve(fixed_loads(operations), "cost", "highs")
    assert near(found.cost_cny / 1e6, of_operations(operations), 1e-6)


def test_an_operation_takes_the_flow_that_its_load_needs() -> None:
    """1 t/a between 0 and 100 mg/L (100 g/m3): 10,000 m3/a, and as much comes out."""
    found = solve(fixed_loads([(1.0, 0.0, 100.0)]), "cost")
    assert near(found.point.bought["p0.wash"], 10_000)
    assert near(found.point.dumped["p0.effluent", "heap"], 10_000)
    assert near(generated(found.data, found.point, "p0.effluent"), 10_000)


def test_what_is_consumed_does_not_come_out_and_a_gain_does() -> None:
    """A use of 100 m3/a of which 20 % evaporate, and 5 m3/a that the unit adds: 85 m3/a."""
    blowdown = byproduct(
        "5 m3/a",
        material="water",
        counted="m3",
        returns={"use": "tower.make_up", "consumed": "20 %"},
    )
    tower = unit({"blowdown": blowdown}, {"make_up": demand("100 m3/a")})
    found = solve(water_park({"tower": enterprise(units={"plant": tower})}, {}), "cost")
    assert near(found.point.dumped["tower.blowdown", "heap"], 85)


def test_waste_that_returns_from_a_use_enters_generation() -> None:
    """100 t of ore are fed, all of it comes out again as tailings: G = 100 t."""
    tailings = byproduct(returns={"use": "mill.feed"})
    mill = unit({"tailings": tailings}, {"feed": use("100 t/a")})
    found = solve(park({"mill": enterprise(units={"plant": mill})}))
    assert near(found.rate.denominator, 100)


def regenerated(**rest: Any) -> dict[str, Any]:
    out = byproduct(material="water", counted="m3", returns={"use": "clean.feed"}, **rest)
    feed = demand("1000 m3/a")
    del feed["virgin"]
    return enterprise(units={"plant": unit({"out": out}, {"feed": feed}, drive="supply")})


def test_a_unit_with_a_fixed_outlet_lets_dirty_water_back() -> None:
    """100 m3/a at 900 mg/L, cleaned to 50, fill all of a use of 100 m3/a at 50."""
    found = solve(
        water_park(
            {
                "works": makes(waste=source("100 m3/a", salt="900 mg/L")),
                "clean": regenerated(qualities={"salt": "50 mg/L"}),
                "mill": needs(rinse=limited("100 m3/a", "50 mg/L")),
            },
            {"in": pipe("works.waste", "clean.feed"), "out": pipe("clean.out", "mill.rinse")},
        ),
        "cost",
    )
    assert near(found.cost_cny, 0)
    assert near(found.point.running["clean.plant"], 0.1)


def test_a_removal_ratio_behind_one_source_is_a_level() -> None:
    """900 mg/L less 90 % are 90: of a use of 100 m3/a at 45, half is bought."""
    found = solve(
        water_park(
            {
                "works": makes(waste=source("100 m3/a", salt="900 mg/L")),
                "clean": regenerated(removal={"salt": "90 %"}),
                "mill": needs(rinse=limited("100 m3/a", "45 mg/L")),
            },
            {"in": pipe("works.waste", "clean.feed"), "out": pipe("clean.out", "mill.rinse")},
        ),
        "cost",
    )
    assert near(found.cost_cny, 50)


@pytest.mark.parametrize(
    ("step", "bought"), [({"outlet": {"salt": "40 mg/L"}}, 0), ({"removal": {"salt": "90 %"}}, 50)]
)
def test_a_treatment_on_a_link_changes_the_level(step: dict[str, Any], bought: float) -> None:
    """900 mg/L become 40, or 90, before a use of 100 m3/a at 45 mg/L."""
    rinse = limited("100 m3/a", "45 mg/L")
    rinse["accepts"]["water"]["treatment"] = "filter"
    filtered = {**named("filter", rest="nothing"), "yield": "100 %", **step}
    found = water_park(
        {
            "works": makes(waste=source("100 m3/a", salt="900 mg/L")),
            "mill": needs(rinse=rinse),
        },
        {"in": pipe("works.waste", "mill.rinse")},
        treatments={"filter": filtered},
    )
    assert near(solve(found, "cost").cost_cny, bought)


def test_several_contaminants_are_all_kept() -> None:
    """Salt alone would allow 80 m3/a of the source, COD 50: 50 are bought."""
    limits = {"salt": {"upper": "80 mg/L"}, "cod": {"upper": "10 mg/L"}}
    found = water_park(
        {
            "works": makes(waste=source("100 m3/a", salt="100 mg/L", cod="20 mg/L")),
            "mill": needs(rinse=demand("100 m3/a", limits=limits, bought=fresh(cod="0 mg/L"))),
        },
        {"in": pipe("works.waste", "mill.rinse")},
    )
    assert near(solve(found, "cost").cost_cny, 50)


def test_a_load_falls_on_the_seasons_like_a_need() -> None:
    """A load of 1 t/a at a third of the hours with half the weight: a half in either season."""
    wash = demand(load={"salt": "1 t/a"}, outlet={"salt": "100 mg/L"}, profile="course")
    found = water_park(
        {"works": needs(wash=wash)},
        {},
        seasons={
            "wet": named("wet", hours="2920 h"),
            "dry": named("dry", hours="5840 h"),
        },
        profiles={
            "course": named("course", spread="weight", values={"wet": "200 %", "dry": "100 %"})
        },
    )
    data = slice_of(found)
    year = cut(found, data)
    answer = optimise_year(found, data, year)
    assert near(answer.points[0].bought["works.wash"], 5_000)
    assert near(answer.points[1].bought["works.wash"], 5_000)


def test_a_unit_that_may_run_has_its_load_by_its_own() -> None:
    """At full load 2 t/a; waste of 50 t/a runs half of it: 1 t/a over 100 mg/L, 10,000 m3/a."""
    wash = demand(load={"salt": "2 t/a"}, outlet={"salt": "100 mg/L"})
    feed = use("100 t/a", "slag", virgin=None)
    found = solve(
        park(
            {"works": makes(slag="50 t/a"), "plant": runs({}, {"feed": feed, "wash": wash})},
            {"way": link("works.slag", "plant.feed")},
            WATER,
            qualities=SECTIONS["qualities"],
        )
    )
    assert near(found.point.running["plant.plant"], 0.5)
    assert near(found.point.bought["plant.wash"], 10_000)


def test_a_load_that_nothing_carries_off_is_named() -> None:
    """100 m3/a at 90 mg/L take up 0.001 t of a load of 1 t/a; nothing can be bought."""
    wash = demand(load={"salt": "1 t/a"}, outlet={"salt": "100 mg/L"})
    del wash["virgin"]
    found = water_park(
        {"works": makes(waste=source("100 m3/a", salt="90 mg/L")), "mill": needs(wash=wash)},
        {"in": pipe("works.waste", "mill.wash")},
    )
    with pytest.raises(NoAnswer) as raised:
        solve(found, "cost")
    text = " ".join(problem.message("en") for problem in raised.value.problems)
    assert (
        "load of salt that 'wash' at company gives off would have to give way by 0.999 t/a" in text
    )


def test_what_returns_rests_on_the_grade_of_the_need() -> None:
    """A need of grade A, of which a share of grade C is consumed: C, or A where nothing is."""
    ore = {"value": "100 t/a", "grade": "A"}
    graded = {"value": "10 %", "grade": "C"}
    for consumed, grade in (({}, "A"), ({"consumed": graded}, "C")):
        tailings = byproduct(returns={"use": "mill.feed", **consumed})
        mill = unit({"tailings": tailings}, {"feed": {**use(""), "full_load": ore}})
        found = solve(park({"mill": enterprise(units={"plant": mill})}))
        assert near(grading_of(found).generated[grade], 1)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"bought": {"p0.wash": 9_000.0}}, "load of salt in p0.wash"),
        (
            {"sent": {("p0", "p1.wash"): 10_000.0}, "bought": {"p1.wash": 0.0}},
            "upper limit of salt",
        ),
        ({"dumped": {("p0.effluent", "heap"): 0.0}}, "balance of p0.effluent"),
    ],
)
def test_a_wrong_flow_does_not_stand_up_to_checking(
    changed: dict[str, dict[Any, float]], fault: str
) -> None:
    """Less bought than the load needs, only dirty water, an effluent that went nowhere."""
    found = solve(fixed_loads([(1.0, 0.0, 100.0), (1.0, 50.0, 200.0)]), "cost")
    assert not list(Audit(found.park, found.data, found.point).faults())
    parts: dict[str, Any] = {
        name: {**getattr(found.point, name), **values} for name, values in changed.items()
    }
    wrong = Audit(found.park, found.data, replace(found.point, **parts))
    assert any(fault in said for said in wrong.faults())
