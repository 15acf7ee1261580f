"""Which projects in which year: by hand, against every choice there is, and what is refused."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.candidates import candidates_of
from symbiosis.errors import InputError
from symbiosis.park.change import rebuilt
from symbiosis.park.link import Status
from symbiosis.park.quantity import AmountPerYear
from symbiosis.planning.aim import Aim, Missed, Target
from symbiosis.planning.plan import plan
from symbiosis.retrofit.block import retrofit_of
from symbiosis.retrofit.following import Begun, following
from symbiosis.retrofit.simulate import without_luck
from symbiosis.scenario import load_question, scenario_of
from symbiosis.slicing import slice_of
from symbiosis.solvers.horizon import Candidate, Horizon, Size, Start
from symbiosis.solving import optimise_slice
from tests.model.parks import makes, named, park, route
from tests.model.plan_parks import asked, built, project, rates
from tests.model.water_parks import SECTIONS, WATER, operation, pipe, source

SHIPPED = ("glpk", "highs")
FEW = settings(max_examples=12, derandomize=True, deadline=None)


@pytest.mark.parametrize("solver", SHIPPED)
def test_what_fits_the_budget_of_each_year_is_begun(solver: str) -> None:
    """100,000 a year: the large project first, the small one in the next year. R: 0, 50, 80 %."""
    found = built(large=project("50 t/a", "100000 CNY"), small=project("30 t/a", "40000 CNY"))
    made = asked(found, 100_000, solver=solver)
    assert made.begun == {"large": 2025, "small": 2026} or made.begun == {
        "small": 2025,
        "large": 2026,
    }
    assert rates(made)[0] == 0
    assert rates(made)[-1] == 0.8
    assert all(year.paid_cny <= 100_000 for year in made.years)


@pytest.mark.parametrize("solver", SHIPPED)
def test_a_project_over_two_years_is_paid_by_halves(solver: str) -> None:
    """50,000 a year for the large one; the small one, 40,000, no longer fits 60,000 beside it."""
    found = built(
        large=project("50 t/a", "100000 CNY", lead="2 a"), small=project("30 t/a", "40000 CNY")
    )
    made = asked(found, 60_000, solver=solver)
    assert made.begun == {"large": 2025}
    assert [year.paid_cny for year in made.years] == [50_000, 50_000, 0]
    assert rates(made) == [0, 0, 0.5]


def test_nothing_is_begun_that_is_not_worth_it_for_money_alone() -> None:
    """50 t x 60 CNY = 3,000 CNY a year for at most two years pay no 100,000 CNY, though 4,000."""
    dear, cheap = project("50 t/a", "100000 CNY"), project("30 t/a", "1000 CNY")
    made = asked(built(dear=dear, cheap=cheap), 1e9, aim=Aim.NPV)
    assert made.begun == {"cheap": 2025}


def test_the_net_present_value_is_worked_out_by_hand() -> None:
    """1,000 CNY paid at the end of 2025, 30 t x 60 CNY saved in 2026 and 2027, at 8 %.

    It has run two of its fifteen years by the end of 2027: 13/15 of it are left.
    """
    made = asked(built(cheap=project("30 t/a", "1000 CNY")), 1e9, aim=Aim.NPV)
    saved = 1800 * (1.08**-2 + 1.08**-3)
    assert made.npv_cny == pytest.approx(saved - 1000 / 1.08 + 1000 * 13 / 15 / 1.08**3)


def test_a_way_that_two_projects_build_is_opened_by_either() -> None:
    """The dear project also names the cheap one's way: one of them is enough."""
    found = built(
        cheap=project("30 t/a", "100 CNY"), dear=project("30 t/a", "900 CNY", links=["way_cheap"])
    )
    made = asked(found, 100)
    assert made.begun == {"cheap": 2025}
    assert rates(made) == [0, 0.3, 0.3]


def test_capacity_comes_by_the_ramp() -> None:
    """Half of the 50 t that the way can send in its first year, all in the next."""
    made = asked(built(slow=project("50 t/a", "100 CNY", ramp=["50 %", "100 %"])), 1e6)
    assert rates(made) == [0, 0.25, 0.5]


@pytest.mark.parametrize(("pond", "sent_m3"), [(False, [0, 20, 100]), (True, [0, 40, 100])])
def test_capacity_by_season_is_what_a_season_could_send_or_a_year_where_a_heap_feeds_it(
    pond: bool, sent_m3: list[float]
) -> None:
    """50 m3 of clean water in each half; a wash takes any amount, at least 100 m3 a year.

    A fifth of 50 m3 in each half is 20 m3. With a pond between the halves a season could send any
    amount, and the year 100 m3: a fifth of that in each half is 40 m3.
    """
    more: dict[str, Any] = {"seasons": {n: named(n, hours="4380 h") for n in ("cold", "warm")}}
    if pond:
        heap = {"byproduct": "works.water", "reclaim": "0 m3/a", "buffer": "40 m3"}
        more["stockpiles"] = {"pond": named("pond", **heap)}
    road = {"types": ["chain_filling"], "status": "planned", "investment": "1 CNY"}
    clean = source("100 m3/a", salt="0 mg/L") | {"routes": {"sewer": route("1 CNY/m3")}}
    found = park(
        {"works": makes(water=clean), "op": operation("op", "10 kg/a", "50 mg/L", "100 mg/L")},
        {"way": pipe("works.water", "op.wash", status="planned", project="road")},
        materials=WATER,
        projects={"road": named("road", ramp=["20 %", "100 %"], **road)},
        horizon="3 a",
        **SECTIONS,
        **more,
    )
    made = plan(replace(scenario_of(found), by_season=True), 1e6, aim=Aim.NPV)
    assert made.begun == {"road": 2025}
    sent = [sum(year.optimum.point.sent.values()) for year in made.years]
    assert sent == pytest.approx(sent_m3, abs=1e-6)
    life = without_luck(retrofit_of(following(made.scenario, {"road": Begun(2025)})))
    costs = [year.optimum.cost_cny for year in made.years]
    assert life.by_year("cost")[0] == pytest.approx(costs)


def test_one_project_waits_for_another_to_run() -> None:
    """The second may only be begun in the year in which the first runs."""
    found = built(
        first=project("10 t/a", "100 CNY"), second=project("30 t/a", "100 CNY", after=["first"])
    )
    made = asked(found, 1e6)
    assert made.begun == {"first": 2025, "second": 2026}
    assert rates(made) == [0, 0.1, 0.4]


def test_of_two_that_exclude_each_other_the_better_is_taken() -> None:
    found = built(
        good=project("40 t/a", "100 CNY", excludes=["fair"]), fair=project("30 t/a", "100 CNY")
    )
    assert asked(found, 1e6).begun == {"good": 2025}


def test_the_least_cost_to_a_target_begins_only_what_it_takes() -> None:
    """30 % by 2027: the cheap project alone reaches it."""
    found = built(large=project("50 t/a", "100000 CNY"), cheap=project("30 t/a", "40000 CNY"))
    made = asked(found, 1e6, aim=Aim.COST, targets=Target(0.3, 2027))
    assert made.begun == {"cheap": 2026}
    assert made.missed == ()


def test_a_target_out_of_reach_is_said_with_the_closest_plan() -> None:
    """80 % by 2026: money for one project in 2025; the larger one comes closest, 50 %.

    30 t are short of it. With the small one in 2026 it is kept from 2027 on.
    """
    found = built(large=project("50 t/a", "100000 CNY"), small=project("30 t/a", "40000 CNY"))
    made = asked(found, 100_000, aim=Aim.COST, targets=Target(0.8, 2026))
    (missed,) = made.missed
    assert missed == Missed(Target(0.8, 2026), pytest.approx(0.5), pytest.approx(30), 2027, False)
    assert made.begun == {"large": 2025, "small": 2026}
    assert rates(made) == [0, 0.5, 0.8]


def test_a_contract_binds_no_way_that_is_not_begun() -> None:
    """The file dates the way from 2026 with a contract; there is no money to build it."""
    found = built(dear=project("50 t/a", "100000 CNY"))
    ways = {
        "way_dear": found.links["way_dear"].model_copy(
            update={
                "status": Status.EXISTING,
                "from_": 2026,
                "contract": AmountPerYear(value="20 t/a"),
            }
        )
    }
    made = asked(rebuilt(found, links=ways), 10.0)
    assert made.begun == {}
    assert rates(made) == [0, 0, 0]


def test_a_project_without_a_cost_is_named() -> None:
    found = built(free={"takes": "30 t/a"})
    made = asked(found, 0)
    assert made.unpriced == ("free",)
    assert made.begun == {"free": 2025}


@pytest.mark.parametrize("name", ["jinchang", "baiyin", "taiyuan-stainless"])
def test_a_real_park_with_money_enough_reaches_what_its_planned_links_allow(name: str) -> None:
    """In the last year R is that of the park optimised with the links of its projects."""
    scenario = load_question(name)
    made = plan(scenario, 1e12, solver="highs")
    links = frozenset(k for ks in candidates_of(scenario.park, 2025).values() for k in ks)
    last = made.years[-1].year
    data = slice_of(
        scenario.park, last, {Status.EXISTING}, scenario.boundary, scenario.document, links
    )
    best = optimise_slice(scenario.park, data, solver="highs")
    assert made.years[-1].optimum.rate.value == pytest.approx(best.rate.value, abs=1e-6)


@FEW
@given(
    st.lists(st.tuples(st.integers(5, 60), st.integers(1, 9)), min_size=1, max_size=3),
    st.integers(1, 12),
    st.integers(1, 2),
    st.sampled_from(SHIPPED),
)
def test_no_choice_of_years_within_the_budget_is_better(
    sizes: list[tuple[int, int]], budget: int, lead: int, solver: str
) -> None:
    """Every way to begin up to three projects in three years or never, by brute force."""
    found = built(
        **{
            f"p{i}": project(f"{t} t/a", f"{c} CNY", lead=f"{lead} a")
            for i, (t, c) in enumerate(sizes)
        }
    )
    made = asked(found, budget, solver=solver)
    years = (2025, 2026, 2027)
    best = 0.0
    for choice in product((None, *years), repeat=len(sizes)):
        pairs = [(k, t, c) for k, (t, c) in zip(choice, sizes, strict=True) if k is not None]
        paid = [sum(c / lead for k, _, c in pairs if k <= y < k + lead) for y in range(2025, 2031)]
        if max(paid) > budget + 1e-9 or any(k + lead > 2027 for k, *_ in pairs):
            continue
        best = max(best, min(100, sum(t for _, t, _ in pairs)) / 100)
    assert made.years[-1].optimum.rate.value == pytest.approx(best, abs=1e-6)
    assert all(year.paid_cny <= budget * (1 + 1e-9) for year in made.years)


def test_what_cannot_be_meant_is_refused_all_at_once() -> None:
    found = built(cheap=project("30 t/a", "1000 CNY"))
    with pytest.raises(InputError) as caught:
        asked(found, -1.0, targets=Target(0.5, 2099))
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["budget_negative", "target_outside_horizon"]


def test_an_unknown_predecessor_is_refused_with_its_place() -> None:
    with pytest.raises(InputError) as caught:
        built(one=project("30 t/a", "1000 CNY", after=["othr"]), other=project("3 t/a", "1 CNY"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == ("unknown_name", "projects.one.after.0")


def test_projects_that_wait_for_each_other_are_refused_with_the_circle() -> None:
    with pytest.raises(InputError) as caught:
        built(
            a=project("1 t/a", "1 CNY", after=["c"]),
            b=project("1 t/a", "1 CNY", after=["a"]),
            c=project("1 t/a", "1 CNY", after=["b"]),
            d=project("1 t/a", "1 CNY", after=["a"]),
        )
    (problem,) = caught.value.problems
    assert problem.code == "projects_in_circle"
    assert problem.details["found"] == "a -> c -> b -> a"


def test_what_is_left_of_a_project_falls_straight_over_its_life() -> None:
    """1,000 CNY at no interest, begun in the first of four years; three of ten run: 700 left."""
    whole = Size("whole", 1.0, 1000.0)
    one = Candidate("one", (whole,), 1, ("way",), 10)
    horizon = Horizon((1, 2, 3, 4), (one,), {}, {}, 0.0)
    assert horizon.net_cny(Start(one, whole, 1)) == pytest.approx(1000 - 700)
    assert horizon.begins(one) == [1, 2, 3]
