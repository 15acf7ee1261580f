"""Blends: quality limits at a use, what must be stated for them, and why they stop a by-product."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.blending import Quality
from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.explaining import explain
from symbiosis.park.park import Park
from symbiosis.tables import marginals
from tests.model.parks import (
    byproduct,
    checked,
    enterprise,
    link,
    makes,
    material,
    named,
    near,
    needs,
    park,
    runs,
    solve,
    tree,
    unit,
    use,
)
from tests.model.water_parks import demand, pipe, source, water_park

Tree = dict[str, Any]
INDICES = {"CaO": named("CaO", unit="%"), "Cl": named("chloride", unit="%")}


def stated(amount: str, **levels: str) -> Tree:
    return byproduct(amount, qualities=levels)


def raw_meal(amount: str = "100 t/a", limits: Tree | None = None, **levels: str) -> Tree:
    """A use of slag and ash whose virgin limestone has ``levels``."""
    wanted = use(amount, "slag", "ash", limits=limits or {})
    wanted["virgin"] = {**wanted["virgin"], "qualities": levels}
    return wanted


def blend(limits: Tree, virgin: Tree, **made: Any) -> Tree:
    """By-products of ``works`` all linked to one use of 100 t/a at ``kiln``."""
    links = {name: link(f"works.{name}", "kiln.meal") for name in made}
    meal = raw_meal(limits=limits, **virgin)
    materials = {"slag": material(), "ash": material()}
    return tree(
        {"works": makes(**made), "kiln": needs(meal=meal)}, links, materials, qualities=INDICES
    )


def test_an_upper_limit_counts_the_virgin_material() -> None:
    """0.05 x + 0.01 (100 - x) <= 0.02 x 100: x = 25."""
    found = solve(
        checked(
            blend({"Cl": {"upper": "0.02 %"}}, {"Cl": "0.01 %"}, slag=stated("80 t/a", Cl="0.05 %"))
        )
    )
    assert near(found.point.sent["slag", "kiln.meal"], 25)


def test_a_lower_limit_keeps_out_what_is_poor() -> None:
    """10 % CaO in slag, 60 % in limestone, at least 50 %: at most 20 t of 100."""
    limits = {"CaO": {"lower": "50 %"}}
    made = {"slag": stated("80 t/a", CaO="10 %")}
    found = solve(checked(blend(limits, {"CaO": "60 %"}, **made)))
    assert near(found.point.sent["slag", "kiln.meal"], 20)


def test_a_clean_by_product_makes_room_for_a_dirty_one() -> None:
    """30 t of ash without chloride and 0.05 x <= 2: x = 40; limestone as dirty as the limit."""
    limits, virgin = {"Cl": {"upper": "0.02 %"}}, {"Cl": "0.02 %"}
    dirty = stated("80 t/a", Cl="0.05 %")
    alone = solve(checked(blend(limits, virgin, slag=dirty)))
    clean = stated("30 t/a", Cl="0 %")
    both = solve(checked(blend(limits, virgin, slag=dirty, ash=clean)))
    assert near(alone.point.sent["slag", "kiln.meal"], 0)
    assert near(both.point.sent["slag", "kiln.meal"], 20)


def test_a_material_at_the_limit_alone_makes_no_row() -> None:
    limits, virgin = {"Cl": {"upper": "0.02 %"}}, {"Cl": "0.02 %"}
    found = solve(checked(blend(limits, virgin, slag=stated("80 t/a", Cl="0.02 %"))))
    assert near(found.rate.value, 1)


def test_the_alloy_of_dantzig_is_the_best_basis_of_three() -> None:
    """Every three of the nine alloys that make 30, 30, 40 %: the cheapest costs 4.98."""
    shares = np.array(
        [
            [10, 10, 40, 60, 30, 30, 30, 50, 20],
            [10, 30, 50, 30, 30, 40, 20, 40, 30],
            [80, 60, 10, 10, 40, 30, 50, 10, 50],
        ]
    )
    price = np.array([4.1, 4.3, 5.8, 6.0, 7.6, 7.5, 7.3, 6.9, 7.3])
    costs = []
    for basis in map(list, combinations(range(9), 3)):
        if abs(np.linalg.det(shares[:, basis])) > 1e-9:
            amounts = np.linalg.solve(shares[:, basis], [30, 30, 40])
            if amounts.min() > -1e-9:
                costs.append(float(price[basis] @ amounts))
    assert near(min(costs), 4.98)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 90), st.integers(0, 100)), min_size=1, max_size=2),
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_the_mean_of_every_blend_keeps_its_limit(
    made: list[tuple[int, int]], virgin: int, upper: int
) -> None:
    """Where the virgin material alone would break the limit and nothing helps, there is none."""
    names = dict(zip(("slag", "ash"), made, strict=False))
    whole = blend(
        {"CaO": {"upper": f"{upper} %"}},
        {"CaO": f"{virgin} %"},
        **{name: stated(f"{a} t/a", CaO=f"{level} %") for name, (a, level) in names.items()},
    )
    try:
        found = solve(checked(whole), solver="highs").point
    except NoAnswer:
        assert virgin > upper
        return
    carried = sum(found.sent[n, "kiln.meal"] * level for n, (_, level) in names.items())
    assert carried + found.bought["kiln.meal"] * virgin <= upper * 100 + 1e-4


# --- explain, marginals, conflict


def held_by_chloride() -> Park:
    whole = blend({"Cl": {"upper": "0.02 %"}}, {"Cl": "0.01 %"}, slag=stated("80 t/a", Cl="0.05 %"))
    return checked(whole)


def test_the_reason_names_the_index_and_what_the_limit_is_worth() -> None:
    """Sent are 100 (L - 0.01) / 0.04 t of 80: per 1 % more R rises by 25 / 0.8 = 3,125 points."""
    (held,) = explain(solve(held_by_chloride()))
    (reason,) = held.reasons
    assert reason.code == "quality_limit"
    assert near(reason.marginal, 31.25)
    assert reason.unit == "rate/%"
    assert "chloride (0.05 %)" in reason.text("en")
    assert "3,125 points" in reason.text("en")
    assert "限值" in reason.text("zh")


def test_the_marginal_of_the_row_is_per_tonne_of_the_index() -> None:
    rows = [r for r in marginals(solve(held_by_chloride())) if r["constraint"].startswith("blend")]
    assert rows[0]["name_en"] == "upper limit of chloride in 'meal' at company"
    assert rows[0]["unit"] == "rate per t"


def test_a_limit_that_nothing_meets_is_named() -> None:
    """Limestone alone is above the limit and there is nothing to mix it with."""
    whole = blend({"Cl": {"upper": "0.02 %"}}, {"Cl": "0.03 %"}, slag=stated("8 t/a", Cl="0 %"))
    with pytest.raises(NoAnswer) as raised:
        solve(checked(whole))
    text = " ".join(problem.message("en") for problem in raised.value.problems)
    assert "upper limit of chloride in 'meal'" in text


# --- bad input


def problems(whole: Tree) -> list[Problem]:
    with pytest.raises(InputError) as raised:
        checked(whole)
    return list(raised.value.problems)


def test_an_index_given_for_one_source_and_not_for_another_is_an_error() -> None:
    made = {"slag": stated("80 t/a", Cl="0.05 %"), "ash": stated("8 t/a", CaO="3 %")}
    (problem,) = problems(blend({"Cl": {"upper": "0.02 %"}}, {"Cl": "0 %"}, **made))
    assert problem.code == "quality_unstated"
    assert problem.key == "enterprises.works.units.plant.byproducts.ash"
    assert "'works.ash' states no level of Cl, which kiln.meal" in problem.message("en")


def test_an_index_not_given_for_the_virgin_material_is_an_error() -> None:
    made = {"slag": stated("80 t/a", Cl="0.05 %")}
    (problem,) = problems(blend({"Cl": {"upper": "0.02 %"}}, {}, **made))
    assert (problem.code, problem.key) == (
        "quality_unstated",
        "enterprises.kiln.units.plant.uses.meal.virgin",
    )


def test_an_index_that_is_not_declared_is_an_error() -> None:
    made = {"slag": stated("80 t/a", Ca="0.05 %")}
    (problem,) = problems(blend({}, {}, **made))
    assert (problem.code, problem.details["nearest"]) == ("unknown_name", "CaO")


def test_a_level_in_another_dimension_is_an_error() -> None:
    made = {"slag": stated("80 t/a", Cl="5 mg/L")}
    (problem,) = problems(blend({}, {}, **made))
    assert problem.code == "wrong_dimension"


def test_a_limit_needs_a_level() -> None:
    codes = [p.code for p in problems(blend({"Cl": {"note": "x"}}, {"Cl": "0 %"}))]
    assert codes == ["limit_without_level"]


def test_a_unit_of_an_index_that_is_none_is_an_error() -> None:
    whole = blend({}, {}, slag=stated("8 t/a"))
    whole["qualities"] = {"Cl": named("chloride", unit="mg/liter")}
    assert [p.code for p in problems(whole)] == ["unknown_unit"]


def test_a_removal_ratio_behind_a_mixture_is_refused_with_a_way_out() -> None:
    feed = demand("1000 m3/a")
    del feed["virgin"]
    out = byproduct(
        material="water", counted="m3", returns={"use": "clean.feed"}, removal={"salt": "90 %"}
    )
    with pytest.raises(InputError) as raised:
        water_park(
            {
                "works": makes(
                    one=source("1 m3/a", salt="900 mg/L"), two=source("1 m3/a", salt="90 mg/L")
                ),
                "clean": enterprise(
                    units={"plant": unit({"out": out}, {"feed": feed}, drive="supply")}
                ),
            },
            {"a": pipe("works.one", "clean.feed"), "b": pipe("works.two", "clean.feed")},
        )
    (problem,) = raised.value.problems
    assert problem.code == "removal_of_mixture"
    assert "not linear" in problem.message("en")
    assert "on the links" in problem.message("en")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": None}, "load_needs_unit"),
        ({"outlet": {}}, "load_needs_outlet"),
        ({"share_basis": "need"}, "load_needs_input_basis"),
        ({"full_load": "5 m3/a"}, "load_and_amount"),
        ({"load": {"salt": "5 m3/a"}}, "wrong_dimension"),
        (
            {"accepts": {"water": {"ratio": "0.5 m3/m3", "max_share": "100 %"}}},
            "load_needs_ratio_one",
        ),
    ],
)
def test_a_load_says_all_that_it_needs(change: Tree, code: str) -> None:
    wash = demand(load={"salt": "1 t/a"}, outlet={"salt": "100 mg/L"})
    changed = {k: v for k, v in {**wash, **change}.items() if v is not None}
    with pytest.raises(InputError) as raised:
        water_park({"works": needs(wash=changed)}, {})
    assert code in [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"returns": {"use": "kiln.meal"}}, "returns_other_unit"),
        ({"returns": {"use": "kiln.mill"}}, "unknown_name"),
        ({"returns": {"use": "works.feed"}, "residue": True}, "returns_residue"),
        ({"full_load": "1 t/a", "removal": {"Cl": "9 %"}}, "removal_needs_return"),
        (
            {
                "returns": {"use": "works.feed"},
                "qualities": {"Cl": "1 %"},
                "removal": {"Cl": "9 %"},
            },
            "level_and_removal",
        ),
    ],
)
def test_a_return_is_from_a_use_of_its_unit(entry: Tree, code: str) -> None:
    works = enterprise(units={"plant": unit({"slag": byproduct(**entry)}, {"feed": use("1 t/a")})})
    whole = tree({"works": works, "kiln": needs(meal=use("1 t/a"))}, qualities=INDICES)
    assert code in [problem.code for problem in problems(whole)]


def test_an_intermediate_does_not_return_from_a_use() -> None:
    works = runs(
        {"ground": byproduct(returns={"use": "works.feed"})}, {"feed": use("1 t/a", "slag")}
    )
    whole = tree({"works": works}, materials={"ground": material(waste_class="intermediate")})
    assert [p.code for p in problems(whole)] == ["returns_intermediate"]


def test_a_park_without_quality_has_no_rows_of_it() -> None:
    found = park({"works": makes(slag="1 t/a"), "kiln": needs(meal=use("1 t/a", "slag"))})
    data = solve(found).data
    assert data.quality == Quality()
