"""A plan with a subsidy and a loan against every choice of years, each paid for in the best way.

Who pays for a choice is a small linear program of its own here, with the loan paid back year by
year by a loop over what is owed.
"""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from symbiosis.park.financing import Financing
from symbiosis.planning.aim import Aim
from tests.model.plan_parks import asked, built, project

FEW = settings(max_examples=15, derandomize=True, deadline=None)
YEARS = (0, 1, 2, 3)
DISCOUNT, INTEREST, PAID, TERM = 0.08, 0.05, 0.4, 3
LIFE = 15


def worth(year: int) -> float:
    return float((1 + DISCOUNT) ** -(year + 1))


def loan(year: int) -> tuple[list[float], float]:
    """What the park pays back of a yuan that came in a year, by year, and what it still owes."""
    part = INTEREST / (1 - (1 + INTEREST) ** -TERM)
    owed, back = 1.0, [0.0] * len(YEARS)
    for later in range(year + 1, min(year + TERM, YEARS[-1]) + 1):
        interest = INTEREST * owed
        back[later] = part - PAID * interest
        owed -= part - interest
    return back, owed if year + TERM > YEARS[-1] else 0.0


def paid_best(
    begun: list[tuple[int, int]], budget: float, shares: tuple[float, float], pool: float
) -> float | None:
    """The least discounted cost of some (price, year), the rest at the end deducted; or None.

    Unknowns are for each project what the pool and the bank give.
    """
    count = len(begun)
    cost, rows, most = [0.0] * (2 * count), [], []
    own: list[list[float]] = [[0.0] * (2 * count) for _ in YEARS]
    room = [budget] * len(YEARS)
    given: list[list[float]] = [[0.0] * (2 * count) for _ in YEARS]
    fixed, bounds = 0.0, []
    for i, (price, year) in enumerate(begun):
        left = price * (1 - (YEARS[-1] - year) / LIFE)
        fixed += price * worth(year) - left * worth(YEARS[-1])
        room[year] -= price
        own[year][2 * i] = own[year][2 * i + 1] = -1.0
        given[year][2 * i] = 1.0
        back, owed = loan(year)
        for later, part in enumerate(back):
            own[later][2 * i + 1] += part
        cost[2 * i] = -worth(year)
        repaid = sum(part * worth(later) for later, part in enumerate(back))
        cost[2 * i + 1] = repaid + owed * worth(YEARS[-1]) - worth(year)
        bounds += [(0, share * price) for share in shares]
        rows.append([float(j // 2 == i) for j in range(2 * count)])
        most.append(float(price))
    if not begun:
        return 0.0
    limits = [*rows, *own, *given], [*most, *room, *([pool] * len(YEARS))]
    found = linprog(cost, A_ub=limits[0], b_ub=limits[1], bounds=bounds)
    return fixed + float(found.fun) if found.success else None


@FEW
@given(
    st.lists(st.tuples(st.integers(5, 60), st.integers(500, 5000)), min_size=1, max_size=3),
    st.integers(100, 3000),
    st.integers(0, 60),
    st.integers(0, 80),
    st.integers(0, 900),
)
def test_no_choice_of_years_and_payers_is_worth_more(
    parts: list[tuple[int, int]], budget: int, given_: int, lent: int, pool: int
) -> None:
    named: dict[str, Any] = {
        f"p{i}": project(f"{t} t/a", f"{c} CNY") for i, (t, c) in enumerate(parts)
    }
    names = {"name_zh": "钱", "name_en": "money"}
    instruments = {
        "pool": {"kind": "subsidy", "share": f"{given_} %", "each_year": f"{pool} CNY"} | names,
        "bank": {
            "kind": "loan",
            "share": f"{lent} %",
            "interest": f"{100 * INTEREST} %",
            "interest_subsidy": f"{100 * PAID} %",
            "term": f"{TERM} a",
        }
        | names,
    }
    money = Financing.model_validate({"instruments": instruments})
    made = asked(built(horizon="4 a", **named), budget, aim=Aim.NPV, financing=money, reasons=False)
    best = 0.0
    for choice in product((None, *YEARS[:-1]), repeat=len(parts)):
        begun = [(c, k) for k, (_, c) in zip(choice, parts, strict=True) if k is not None]
        cost = paid_best(begun, budget, (given_ / 100, lent / 100), pool)
        if cost is not None:
            best = max(best, saved(choice, parts) - cost)
    assert made.npv_cny == pytest.approx(best, rel=1e-6, abs=1e-3)


def saved(choice: tuple[int | None, ...], parts: list[tuple[int, int]]) -> float:
    """60 CNY for each tonne of at most 100, from the year after a project is begun."""
    total = 0.0
    for year in YEARS:
        pairs = zip(choice, parts, strict=True)
        used = min(100, sum(t for k, (t, _) in pairs if k is not None and k < year))
        total += 60 * used * worth(year)
    return total
