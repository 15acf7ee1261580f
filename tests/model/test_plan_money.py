"""Who pays for a plan: subsidies, loans, contracts, renewal, what is left; all by hand."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.errors import InputError
from symbiosis.park.financing import Financing
from symbiosis.planning.aim import Aim, Target
from symbiosis.planning.plan import Plan
from symbiosis.planning.result import PlanResult
from symbiosis.solvers.instrument import Instrument
from tests.model.plan_parks import FREE, asked, built, project, rates

FEW = settings(max_examples=15, derandomize=True, deadline=None)
SUBSIDY = {"kind": "subsidy", "share": "30 %"}
LOAN = {"kind": "loan", "share": "60 %", "interest": "10 %", "term": "2 a"}
CONTRACT = {"kind": "contract", "return": "10 %", "term": "2 a"}


def money(
    own: str | None = None, carried: bool = False, **instruments: dict[str, Any]
) -> Financing:
    named = {"name_zh": "钱", "name_en": "money"}
    entries = {name: named | entry for name, entry in instruments.items()}
    tree = {"own": own, "carried_over": carried, "instruments": entries}
    return Financing.model_validate({k: v for k, v in tree.items() if v is not None})


def by_year(made: Plan, what: str) -> list[float]:
    return [round(getattr(year, what), 6) for year in made.accounts.years]


# --- one yuan of an instrument


def test_an_annuity_is_worked_out_by_hand() -> None:
    """1 yuan at 10 % over two years: A = 0.1 / (1 - 1.1^-2) = 0.576190.

    After one year 1.1 - A = 0.523810 is owed, after two nothing; 1.1 x 0.523810 = A.
    """
    loan = Instrument("loan", rate=0.1, term=2)
    assert loan.annuity == pytest.approx(0.5761904762)
    assert [loan.repaid(t) for t in range(4)] == pytest.approx([0, loan.annuity, loan.annuity, 0])
    assert [loan.owed(t) for t in range(3)] == pytest.approx([1, 0.5238095238, 0])


def test_the_state_pays_its_share_of_the_interest_on_what_is_owed() -> None:
    """Half of 0.1 x 1 in the first year, half of 0.1 x 0.523810 in the second."""
    loan = Instrument("loan", rate=0.1, term=2, interest_subsidy=0.5)
    assert [loan.from_state(t) for t in range(4)] == pytest.approx([0, 0.05, 0.0261904762, 0])
    assert loan.repaid(1) == pytest.approx(0.5761904762 - 0.05)


def test_without_interest_equal_parts_go_back() -> None:
    loan = Instrument("loan", term=4)
    assert loan.annuity == 0.25
    assert loan.owed(3) == pytest.approx(0.25)


@given(st.floats(0, 0.3), st.integers(1, 20), st.floats(0, 1))
def test_what_goes_back_is_the_yuan_and_its_interest(rate: float, term: int, paid: float) -> None:
    """Discounted at the loan's own rate the parts are worth the yuan, with the state's share."""
    loan = Instrument("loan", rate=rate, term=term, interest_subsidy=paid)
    worth = sum(
        (loan.repaid(t) + loan.from_state(t)) * (1 + rate) ** -t for t in range(1, term + 1)
    )
    assert worth == pytest.approx(1)
    assert loan.owed(term) == 0
    assert all(loan.owed(t) >= loan.owed(t + 1) - 1e-12 for t in range(term))


# --- instruments in a plan


def test_a_subsidy_pays_its_share_and_opens_what_own_money_cannot() -> None:
    """1,000 CNY, 30 % of it from the pool: 700 a year of own money are enough, 699 are not."""
    found = built(one=project("50 t/a", "1000 CNY"))
    made = asked(found, 700, financing=money(pool=SUBSIDY))
    assert made.begun == {"one": 2025}
    assert by_year(made, "own_cny") == [700, 0, 0]
    assert made.accounts.years[0].given_cny == {"pool": pytest.approx(300)}
    assert asked(found, 699, financing=money(pool=SUBSIDY)).begun == {}


def test_a_subsidy_is_no_cost_of_the_park() -> None:
    """No discounting: 700 paid, 50 t x 60 CNY saved in two years, 13/15 of 1,000 left."""
    found = built(finance=FREE, one=project("50 t/a", "1000 CNY"))
    made = asked(found, 700, financing=money(pool=SUBSIDY))
    assert made.npv_cny == pytest.approx(-700 + 2 * 3000 + 1000 * 13 / 15)
    assert PlanResult(made).document()["subsidies_cny"] == pytest.approx(300)


def test_a_pool_that_is_empty_helps_one_project_a_year() -> None:
    """Each of 1,000 needs 300 from the pool, which has 300 a year: one in 2025, one in 2026."""
    found = built(a=project("50 t/a", "1000 CNY"), b=project("50 t/a", "1000 CNY"))
    pool = SUBSIDY | {"each_year": "300 CNY"}
    made = asked(found, 1400, financing=money(pool=pool))
    assert sorted(made.begun.values()) == [2025, 2026]
    assert rates(made) == [0, 0.5, 1.0]


def test_a_loan_is_paid_back_out_of_own_money_and_the_rest_is_owed() -> None:
    """600 of 1,000 at 10 % over two years, begun in the first of two years.

    2025: 400 own. 2026: A = 600 x 0.576190 = 345.714; 600 x 0.523810 = 314.286 are still owed.
    """
    found = built(horizon="2 a", finance=FREE, one=project("50 t/a", "1000 CNY"))
    made = asked(found, 400, financing=money(bank=LOAN))
    assert made.begun == {"one": 2025}
    assert by_year(made, "spent_cny") == pytest.approx([400, 345.714286])
    assert made.accounts.owed_cny == pytest.approx(314.285714)
    worth = -400 - 345.714286 + 3000 + 1000 * 14 / 15 - 314.285714
    assert made.npv_cny == pytest.approx(worth)


def test_a_loan_that_cannot_be_paid_back_is_not_taken() -> None:
    """The bank gives 60 %, so that 399 of own money do not do.

    Were it to give all, 345 of own money would leave 655 to it and 377 to be paid back a year
    later; with 366 the 634 of the bank bring 365.
    """
    found = built(horizon="2 a", one=project("50 t/a", "1000 CNY"))
    assert asked(found, 399, financing=money(bank=LOAN)).begun == {}
    whole = LOAN | {"share": "100 %"}
    assert asked(found, 345, financing=money(bank=whole)).begun == {}
    assert asked(found, 366, financing=money(bank=whole)).begun == {"one": 2025}


def test_half_and_half_is_the_least_own_money_with_a_whole_loan() -> None:
    """Own x in 2025 and (1000 - x) A in 2026: equal at x = 1000 A / (1 + A) = 365.56."""
    annuity = 0.1 / (1 - 1.1**-2)
    least = 1000 * annuity / (1 + annuity)
    found = built(horizon="2 a", one=project("50 t/a", "1000 CNY"))
    whole = money(bank=LOAN | {"share": "100 %"})
    assert asked(found, least + 0.01, financing=whole).begun == {"one": 2025}
    assert asked(found, least - 0.01, financing=whole).begun == {}


def test_the_provider_of_a_contract_pays_all_and_is_paid_from_the_year_after() -> None:
    """1,000 from the provider; 576.19 in 2026 and 2027, none in 2025.

    Money now is worth more than its 10 % (15 % of discount), so that all of it is taken.
    """
    dear = {"discount_rate": "15 %", "asset_life": "15 a"}
    found = built(finance=dear, one=project("50 t/a", "1000 CNY"))
    made = asked(found, 577, financing=money(emc=CONTRACT))
    assert made.begun == {"one": 2025}
    assert by_year(made, "spent_cny") == pytest.approx([0, 576.190476, 576.190476], abs=1e-3)
    assert asked(found, 300, financing=money(emc=CONTRACT)).begun == {}


def test_money_for_one_project_helps_no_other() -> None:
    found = built(a=project("50 t/a", "1000 CNY"), b=project("40 t/a", "1000 CNY"))
    made = asked(found, 0, financing=money(pool=SUBSIDY | {"share": "100 %", "projects": ["b"]}))
    assert made.begun == {"b": 2025}


def test_dear_money_is_not_taken_where_own_money_is_there() -> None:
    """A loan at 10 % against 0 % of discount costs; own money is enough."""
    found = built(finance=FREE, one=project("50 t/a", "1000 CNY"))
    made = asked(found, 1e6, financing=money(bank=LOAN))
    assert made.drawn == {}


def test_a_loan_with_its_interest_paid_is_taken_where_money_is_discounted() -> None:
    """8 % of discount and no interest: as much as the bank gives, 600."""
    found = built(one=project("50 t/a", "1000 CNY"))
    free = LOAN | {"interest_subsidy": "100 %"}
    made = asked(found, 1e6, financing=money(bank=free))
    assert sum(made.drawn.values()) == pytest.approx(600)
    assert made.accounts.years[1].from_state_cny == pytest.approx(60)


# --- own money


def test_what_is_not_spent_is_lost_or_stays() -> None:
    """400 a year and a project of 1,000: begun in 2027 only if two years are saved up."""
    found = built(horizon="4 a", one=project("50 t/a", "1000 CNY"))
    assert asked(found, 400, financing=money()).begun == {}
    made = asked(found, 400, financing=money(carried=True))
    assert made.begun == {"one": 2027}
    assert by_year(made, "left_cny") == pytest.approx([400, 800, 200, 600])


def test_own_money_of_the_financing_is_the_budget_where_none_is_given() -> None:
    found = built(one=project("50 t/a", "1000 CNY"))
    assert asked(found, financing=money("1000 CNY")).begun == {"one": 2025}
    assert asked(found, 10, financing=money("1000 CNY")).begun == {}


def test_without_any_budget_the_question_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        asked(built(one=project("50 t/a", "1000 CNY")))
    (problem,) = caught.value.problems
    assert problem.code == "budget_missing"


# --- renewal and what is left


def test_a_project_whose_life_ends_is_paid_again_and_keeps_running() -> None:
    """Begun 2025, runs 2026 and 2027, paid again in 2027 and 2029; in 2030 it runs its first year.

    Half of the last 1,000 is left. No discounting: 50 t x 60 CNY in five years.
    """
    found = built(horizon="6 a", finance=FREE, one=project("50 t/a", "1000 CNY", life="2 a"))
    made = asked(found, 1000)
    assert made.begun == {"one": 2025}
    assert by_year(made, "first_cny") == [1000, 0, 0, 0, 0, 0]
    assert by_year(made, "again_cny") == [0, 0, 1000, 0, 1000, 0]
    assert rates(made) == [0, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert made.accounts.rest_cny == pytest.approx(500)
    assert made.npv_cny == pytest.approx(-3000 + 5 * 3000 + 500)


def test_a_life_that_ends_with_the_horizon_is_not_paid_again() -> None:
    """Runs 2026 and 2027, the last years of three: nothing is left and nothing paid again."""
    found = built(finance=FREE, one=project("50 t/a", "1000 CNY", life="2 a"))
    made = asked(found, 1000, aim=Aim.COST, targets=Target(0.5, 2026))
    assert by_year(made, "again_cny") == [0, 0, 0]
    assert made.accounts.rest_cny == 0


def test_a_renewal_needs_money_too() -> None:
    """The pool pays the first price; 999 a year do not pay the second in 2027, 1,000 do."""
    found = built(horizon="6 a", finance=FREE, one=project("50 t/a", "1000 CNY", life="2 a"))
    helped = money(pool=SUBSIDY | {"share": "100 %"})
    assert asked(found, 999, financing=helped, targets=Target(0.5, 2026)).missed
    assert asked(found, 1000, financing=helped).begun == {"one": 2025}


def test_a_subsidy_helps_no_renewal() -> None:
    """All of the first price, none of the second."""
    found = built(horizon="4 a", finance=FREE, one=project("50 t/a", "1000 CNY", life="2 a"))
    helped = money(pool=SUBSIDY | {"share": "100 %"})
    made = asked(found, 1000, targets=Target(0.5, 2026), financing=helped)
    assert by_year(made, "own_cny") == pytest.approx([0, 0, 1000, 0], abs=1e-3)


# --- laws


@FEW
@given(
    st.lists(st.tuples(st.integers(5, 60), st.integers(100, 900)), min_size=1, max_size=4),
    st.integers(50, 900),
    st.integers(0, 100),
    st.integers(0, 100),
    st.booleans(),
    st.sampled_from(list(Aim)),
)
def test_no_year_spends_more_than_it_has(
    sizes: list[tuple[int, int]], budget: int, given_: int, lent: int, carried: bool, aim: Aim
) -> None:
    """Own payments and repayments within own money, instruments within their shares and pools."""
    found = built(
        horizon="5 a",
        **{f"p{i}": project(f"{t} t/a", f"{c} CNY", life="2 a") for i, (t, c) in enumerate(sizes)},
    )
    pool = {"kind": "subsidy", "share": f"{given_} %", "each_year": "200 CNY"}
    bank = LOAN | {"share": f"{lent} %", "each_year": "300 CNY", "interest_subsidy": "50 %"}
    made = asked(found, budget, aim=aim, financing=money(carried=carried, pool=pool, bank=bank))
    before = 0.0
    for year in made.accounts.years:
        spent = year.spent_cny
        assert spent <= budget + before + 1e-6 * budget
        before = budget + before - spent if carried else 0.0
        assert year.given_cny["pool"] <= 200 + 1e-6
        assert year.given_cny["bank"] <= 300 + 1e-6
        assert year.own_cny >= -1e-6
    flows = [row["discounted_cny"] for row in PlanResult(made).rows["cash_flow"]]
    assert sum(flows) == pytest.approx(made.npv_cny, abs=1e-6)
    if aim is not Aim.UTILISATION:
        assert made.npv_cny >= -1e-3


def test_the_document_shows_who_pays() -> None:
    found = built(one=project("50 t/a", "1000 CNY"))
    document = PlanResult(asked(found, 700, financing=money(pool=SUBSIDY))).document()
    (row,) = document["projects"]
    assert row["paid_cny"] == {"own": pytest.approx(700), "pool": pytest.approx(300)}
    assert document["discount"]["base"] == "2025-01-01"
    assert document["discount"]["rate"] == pytest.approx(0.08)
    assert [one["id"] for one in document["instruments"]] == ["pool"]
