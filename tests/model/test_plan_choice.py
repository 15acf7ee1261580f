"""Sizes, targets by year, why something is left out; and every choice there is, by brute force."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.errors import InputError
from symbiosis.park.target import IndicatorTarget
from symbiosis.planning.aim import RATE, Aim, Target, rate_targets
from symbiosis.planning.choice import Choice
from symbiosis.planning.left_out import Why
from symbiosis.planning.plan import Plan
from symbiosis.planning.result import PlanResult
from symbiosis.solvers.matrix import MatrixForm
from symbiosis.solvers.status import Status
from tests.model.plan_parks import FREE, asked, built, project, rates, sized

SHIPPED = ("glpk", "highs")
FEW = settings(max_examples=12, derandomize=True, deadline=None)


def whys(made: Plan) -> dict[str, Why]:
    return {one.project: one.why for one in made.left_out}


# --- sizes


def test_the_largest_size_that_the_budget_holds_is_built() -> None:
    """Half of 60 t for 60 CNY, all of it for 100: with 99 the half, with 100 the whole."""
    found = built(mill=sized("60 t/a", half="50 % for 60 CNY", full="100 % for 100 CNY"))
    half, full = asked(found, 99), asked(found, 100)
    assert half.sizes == {"mill": "half"}
    assert rates(half) == [0, 0.3, 0.3]
    assert full.sizes == {"mill": "full"}
    assert rates(full) == [0, 0.6, 0.6]


def test_a_share_is_one_of_the_capacity_of_the_way_and_not_of_what_is_there() -> None:
    """Half of a way of 120 t/a sends the 60 t that its use takes."""
    mill = sized("60 t/a", half="50 % for 60 CNY", full="100 % for 100 CNY")
    made = asked(built(mill=mill | {"capacity": "120 t/a"}), 1000)
    assert made.sizes == {"mill": "half"}
    assert rates(made) == [0, 0.6, 0.6]


def test_sizes_ramp_up_and_take_their_lead() -> None:
    """Half of 60 t, half of that in its first year, after two years of building."""
    mill = sized("60 t/a", half="50 % for 60 CNY") | {"lead": "2 a", "ramp": ["50 %", "100 %"]}
    made = asked(built(horizon="4 a", mill=mill), 30)
    assert made.begun == {"mill": 2025}
    assert rates(made) == [0, 0, 0.15, 0.3]
    assert [year.paid_cny for year in made.years] == [30, 30, 0, 0]


def test_any_size_of_a_predecessor_will_do_and_any_size_excludes() -> None:
    """The mill may be half; of lines a and b one is taken, the larger."""
    mill = sized("20 t/a", half="50 % for 60 CNY", full="100 % for 900 CNY")
    a = sized("30 t/a", small="50 % for 10 CNY") | {"after": ["mill"], "excludes": ["b"]}
    b = sized("40 t/a", small="50 % for 10 CNY", large="100 % for 20 CNY")
    made = asked(built(mill=mill, a=a, b=b), 80)
    assert made.begun["mill"] == 2025
    assert made.sizes == {"mill": "half", "b": "large"}
    assert rates(made)[-1] == 0.5


def test_a_size_that_stands_twice_is_refused() -> None:
    size = {"id": "half", "share": "50 %", "investment": "1 CNY"}
    with pytest.raises(InputError) as caught:
        built(mill={"takes": "60 t/a", "sizes": [size, size]})
    assert [problem.code for problem in caught.value.problems] == ["size_twice"]


# --- what opens the way for others


def test_a_project_without_links_is_built_where_another_waits_for_it() -> None:
    """The road builds no link; the mill waits for it: 30 + 60 CNY, one after the other."""
    found = built(
        road={"investment": "30 CNY"},
        mill=project("60 t/a", "60 CNY", after=["road"]),
        fence={"investment": "1 CNY"},
    )
    made = asked(found, 60)
    assert made.begun == {"road": 2025, "mill": 2026}
    assert [year.paid_cny for year in made.years] == [30, 60, 0]
    assert PlanResult(made).not_candidates == ["fence"]
    assert asked(found, 59).begun == {}


# --- targets


def test_each_year_has_its_target() -> None:
    """30 % by 2026 and 80 % by 2027: the small one at once, for only it fits before the other."""
    found = built(
        horizon="4 a", small=project("30 t/a", "60 CNY"), large=project("50 t/a", "100 CNY")
    )
    made = asked(found, 100, aim=Aim.COST, targets=[Target(0.3, 2026), Target(0.8, 2027)])
    assert made.missed == ()
    assert rates(made)[1:] == [pytest.approx(0.3, abs=0.21), 0.8, 0.8]
    assert [row["met"] for row in PlanResult(made).rows["targets"]] == [True, True]


def test_of_two_targets_only_those_that_cannot_be_met_are_told() -> None:
    """50 % by 2026 can be had, 90 % never: 80 % is the closest, 10 t are short."""
    found = built(
        horizon="4 a", small=project("30 t/a", "60 CNY"), large=project("50 t/a", "100 CNY")
    )
    made = asked(found, 100, targets=[Target(0.5, 2026), Target(0.9, 2028)])
    (missed,) = made.missed
    assert missed.target == Target(0.9, 2028)
    assert missed.closest == pytest.approx(0.8)
    assert missed.short_t == pytest.approx(10)
    assert missed.kept_from is None
    assert not missed.alone


def test_a_target_that_another_one_keeps_from_being_met_is_said_to_be_possible_alone() -> None:
    """100 once: the quick one reaches 10 % by 2026; the great one, of two years, 60 % by 2027.

    They exclude each other: the earlier target goes first, the later one could be met alone.
    """
    found = built(
        quick=project("10 t/a", "100 CNY", excludes=["great"]),
        great=project("60 t/a", "100 CNY", lead="2 a"),
    )
    made = asked(found, 1000, targets=[Target(0.1, 2026), Target(0.6, 2027)])
    (missed,) = made.missed
    assert missed.target.by == 2027
    assert missed.closest == pytest.approx(0.1)
    assert missed.alone
    assert made.begun == {"quick": 2025}


def test_the_closest_plan_is_the_cheapest_that_comes_so_near() -> None:
    """90 % cannot be: two of three come to 80 %, for 130 CNY or for 9,030."""
    found = built(
        small=project("30 t/a", "30 CNY"),
        large=project("50 t/a", "100 CNY"),
        double=project("50 t/a", "9000 CNY", excludes=["large"]),
    )
    made = asked(found, 10_000, aim=Aim.COST, targets=Target(0.9, 2026))
    assert set(made.begun) == {"small", "large"}
    assert made.missed[0].closest == pytest.approx(0.8)


def test_a_price_is_weighed_against_the_project() -> None:
    """50 t short in 2026 and in 2027. Running saves 60 CNY/t in both years and leaves 13/15.

    The project of 9,000 CNY costs 9,000 x 2/15 - 6,000 < 0 ... at no life beyond the horizon it
    costs 9,000 - 6,000 = 3,000 more; 100 t short cost 2,900 at 29 CNY/t, 3,100 at 31 CNY/t.
    """
    short = {"discount_rate": "0 %", "asset_life": "2 a"}
    found = built(finance=short, one=project("50 t/a", "9000 CNY"))
    for price, begun in ((29.0, {}), (31.0, {"one": 2025})):
        made = asked(found, 1e6, aim=Aim.NPV, targets=Target(0.5, 2026, price))
        assert made.begun == begun
        assert made.missed == ()
        assert made.penalty_cny == pytest.approx(0 if begun else 2900)
        assert PlanResult(made).rows["targets"][0]["met"] == bool(begun)
    assert made.npv_cny == pytest.approx(-3000)


def test_what_keeping_a_target_costs_is_told() -> None:
    """The same project: without the target nothing is begun; with it 3,000 CNY are lost."""
    short = {"discount_rate": "0 %", "asset_life": "2 a"}
    found = built(finance=short, one=project("50 t/a", "9000 CNY"))
    made = asked(found, 1e6, aim=Aim.COST, targets=Target(0.5, 2026))
    assert made.keeping_cny == pytest.approx(3000, rel=1e-6)
    assert asked(found, 1e6, aim=Aim.COST).keeping_cny is None


def test_least_cost_and_greatest_value_are_one_plan() -> None:
    found = built(small=project("30 t/a", "3000 CNY"), large=project("50 t/a", "90000 CNY"))
    one, other = (asked(found, 1e6, aim=a, targets=Target(0.5, 2027)) for a in (Aim.NPV, Aim.COST))
    assert one.begun == other.begun
    assert one.npv_cny == pytest.approx(other.npv_cny)


def test_targets_of_the_rate_are_taken_from_those_of_documents() -> None:
    """A rate of at least 73 % by 2027; carbon, a change, and a rate of at most are others' work."""
    common = {"name_zh": "目标", "name_en": "target", "year": 2027, "document": "s"}
    stated = [
        {"indicator": RATE, "comparator": ">=", "value": "73 %"},
        {"indicator": RATE, "comparator": ">=", "value": "90 %", "price": "50 CNY/t"},
        {"indicator": RATE, "comparator": "<=", "value": "80 %"},
        {
            "indicator": RATE,
            "comparator": ">=",
            "value": "5 %",
            "change": "from_base",
        },
        {"indicator": "co2e", "comparator": ">=", "value": "5 t"},
    ]
    nouns = [IndicatorTarget.model_validate(common | one) for one in stated]
    kept, paid = rate_targets(nouns)
    assert kept == Target(pytest.approx(0.73), 2027)
    assert paid == Target(pytest.approx(0.9), 2027, 50.0)


# --- what is left out


def test_why_something_is_not_in_a_plan() -> None:
    """60 CNY a year; what is worth 60 CNY/t is used.

    Lead of 3 years: too late. 61 CNY: too dear. Behind one that is too late: blocked. The use that
    takes nothing costs 20 CNY: begun in 2026 it runs one of its two years. One that excludes the
    better is excluded.
    """
    found = built(
        finance=FREE | {"asset_life": "2 a"},
        good=project("50 t/a", "60 CNY", excludes=["worse"]),
        worse=project("40 t/a", "50 CNY"),
        late=project("5 t/a", "1 CNY", lead="3 a"),
        behind=project("5 t/a", "1 CNY", after=["late"]),
        dear=project("5 t/a", "61 CNY"),
        idle=project("0 t/a", "40 CNY"),
    )
    made = asked(found, 60)
    assert set(made.begun) == {"good"}
    assert whys(made) == {
        "worse": Why.EXCLUDED,
        "late": Why.TOO_LATE,
        "behind": Why.BLOCKED,
        "dear": Why.TOO_DEAR,
        "idle": Why.COSTS,
    }
    by_name = {one.project: one for one in made.left_out}
    assert by_name["worse"].by == ("good",)
    assert by_name["worse"].rate == pytest.approx(-0.1)
    assert by_name["idle"].npv_cny == pytest.approx(-20, abs=1e-3)


def test_money_that_does_more_elsewhere_is_said() -> None:
    """One of the two a horizon of two years and 60 CNY allows: 50 t before 40."""
    found = built(
        horizon="2 a", large=project("50 t/a", "60 CNY"), small=project("40 t/a", "60 CNY")
    )
    made = asked(found, 60)
    assert whys(made) == {"small": Why.LESS_RATE}
    assert made.left_out[0].rate == pytest.approx(-0.1)


def test_what_would_break_a_target_is_said() -> None:
    """To begin the small one is to leave out the large one, which the target needs."""
    found = built(
        horizon="2 a", large=project("50 t/a", "60 CNY"), small=project("40 t/a", "60 CNY")
    )
    made = asked(found, 60, aim=Aim.COST, targets=Target(0.5, 2026))
    assert whys(made) == {"small": Why.AGAINST_TARGETS}


def test_an_equal_project_is_said_to_be_as_good() -> None:
    """Two that take from the same 100 t the same at the same price; money for one."""
    found = built(horizon="2 a", a=project("50 t/a", "60 CNY"), b=project("50 t/a", "60 CNY"))
    assert list(whys(asked(found, 60)).values()) == [Why.AS_GOOD]


def test_what_the_solver_cannot_say_in_time_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan is there; only the question why something is not in it finds no answer."""
    found = built(one=project("50 t/a", "60 CNY"), dear=project("5 t/a", "61 CNY"))

    def late(self: Choice, _: MatrixForm) -> bool:
        raise self.no_answer(Status.NO_ANSWER)

    monkeypatch.setattr(Choice, "possible", late)
    made = asked(found, 60)
    assert made.begun == {"one": 2025}
    assert whys(made) == {"dear": Why.UNDECIDED}


def test_what_is_not_proven_closest_is_not_called_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closest rate that a solver could not prove within its limit makes the plan no optimum."""
    greatest = Choice.greatest

    def unproven(self: Choice, form: MatrixForm, year: int) -> tuple[float, bool]:
        return greatest(self, form, year)[0], False

    monkeypatch.setattr(Choice, "greatest", unproven)
    found = built(one=project("50 t/a", "60 CNY"))
    made = asked(found, 60, aim=Aim.COST, targets=Target(0.6, 2026))
    assert made.missed[0].closest == pytest.approx(0.5)
    assert made.found.status is Status.FEASIBLE


# --- brute force


def choices(sizes: list[list[tuple[int, int]]], years: tuple[int, ...]) -> Iterator[list]:  # type: ignore[type-arg]
    """Every way to begin each project in some size and year, or never."""
    options = [[None, *((t, c, k) for t, c in own for k in years)] for own in sizes]
    yield from map(list, product(*options))


@FEW
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9)), min_size=1, max_size=2),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 12),
    st.integers(1, 2),
    st.booleans(),
    st.booleans(),
    st.sampled_from(SHIPPED),
)
def test_no_choice_of_sizes_and_years_is_better(
    parts: list[list[tuple[int, int]]],
    budget: int,
    lead: int,
    chained: bool,
    exclusive: bool,
    solver: str,
) -> None:
    """Up to three projects of 40 t/a in quarters, four years, by brute force.

    The second may wait for the first to run, the third may exclude the first.
    """
    named = {
        f"p{i}": sized(
            "40 t/a", **{f"s{j}": f"{25 * q} % for {c} CNY" for j, (q, c) in enumerate(own)}
        )
        | {"lead": f"{lead} a"}
        for i, own in enumerate(parts)
    }
    if chained and "p1" in named:
        named["p1"]["after"] = ["p0"]
    if exclusive and "p2" in named:
        named["p2"]["excludes"] = ["p0"]
    years = (2025, 2026, 2027, 2028)
    made = asked(built(horizon="4 a", **named), budget, solver=solver, reasons=False)
    best, cheapest = 0.0, 0.0
    for choice in choices([[(10 * q, c) for q, c in own] for own in parts], years):
        chosen = [one for one in choice if one is not None]
        paid = [sum(c / lead for _, c, k in chosen if k <= y < k + lead) for y in years]
        first, second, third = [*choice, None, None, None][:3]
        waits = chained and second is not None
        if (
            max(paid) > budget + 1e-9
            or any(k + lead > years[-1] for *_, k in chosen)
            or (waits and (first is None or second[2] < first[2] + lead))
            or (exclusive and first is not None and third is not None)
        ):
            continue
        reached = min(100, sum(t for t, *_ in chosen)) / 100
        worth = value(chosen, lead, years)
        if reached > best + 1e-9:
            best, cheapest = reached, worth
        elif reached > best - 1e-9:
            cheapest = max(cheapest, worth)
    assert made.years[-1].optimum.rate.value == pytest.approx(best, abs=1e-6)
    assert made.npv_cny == pytest.approx(cheapest, rel=1e-5, abs=1e-3)


def quarters(own: list[tuple[int, int]]) -> dict[str, str]:
    """Sizes in quarters of the whole, with their prices."""
    return {f"s{j}": f"{25 * q} % for {c} CNY" for j, (q, c) in enumerate(own)}


def value(chosen: list[tuple[int, int, int]], lead: int, years: tuple[int, ...]) -> float:
    """60 CNY for each tonne used, at most 100 t; payments in equal parts; what is left of 15 a."""
    worth = 0.0
    for i, year in enumerate(years):
        used = min(100, sum(t for t, _, k in chosen if year >= k + lead))
        paid = sum(c / lead for _, c, k in chosen if k <= year < k + lead)
        worth += (60 * used - paid) * 1.08 ** -(i + 1)
    left = sum(c * (1 - (years[-1] + 1 - k - lead) / 15) for _, c, k in chosen)
    return worth + left * 1.08 ** -len(years)
