"""The yard and the purse as SimPy resources of their own."""

from typing import Any

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.retrofit.calendar import Calendar
from symbiosis.retrofit.purse import Purse
from symbiosis.retrofit.resource import Budget
from symbiosis.retrofit.yard import Yard

Needs = dict[str, int]
Ask = tuple[float, Needs, int, float]
"""When it asks, for what, with which priority, and how long it holds."""
AMOUNTS = st.tuples(st.integers(0, 2000), st.integers(1, 100), st.integers(0, 2))


def works(
    env: simpy.Environment,
    yard: Yard,
    name: str,
    asks: tuple[float, Needs, int, float],
    log: list[Any],
) -> Any:
    at_d, needs, priority, for_d = asks
    yield env.timeout(at_d)
    demand = yard.demand((name, "work"), needs, priority)
    yield demand
    log.append((name, env.now, demand.freed_by))
    yield env.timeout(for_d)
    yard.release(demand)


def lived(capacities: Needs, asks: dict[str, Ask]) -> dict[str, Any]:
    env, log = simpy.Environment(), []
    yard = Yard(env, capacities)
    for name, ask in asks.items():
        env.process(works(env, yard, name, ask, log))
    env.run()
    assert yard.free == capacities
    return {name: (start_d, freed_by) for name, start_d, freed_by in log}


def test_nobody_is_overtaken_at_a_resource_it_waits_for() -> None:
    """First b waits for the crane and keeps its turn at the pit, yet does not hold it.

    a has the crane until 10. c wants the pit alone, behind b: after b, at 15. d wants neither.
    """
    found = lived(
        {"crane": 1, "pit": 1, "desk": 1},
        {
            "a": (0, {"crane": 1}, 1, 10),
            "b": (1, {"crane": 1, "pit": 1}, 1, 5),
            "c": (2, {"pit": 1}, 1, 5),
            "d": (3, {"desk": 1}, 1, 5),
        },
    )
    a_work = ("a", "work")
    assert found == {
        "a": (0, None), "b": (10, a_work), "c": (15, ("b", "work")), "d": (3, None),
    }  # fmt: skip


def test_of_one_instant_the_priority_decides_and_not_the_order_of_asking() -> None:
    asks = {"late": (0, {"crew": 1}, 2, 10), "soon": (0, {"crew": 1}, 1, 10)}
    found = lived({"crew": 1}, asks)
    assert (found["soon"][0], found["late"][0]) == (0, 10)


def test_wanting_two_of_one_and_one_of_each_ends_without_a_deadlock() -> None:
    two, both = {"crew": 2}, {"crew": 1, "desk": 1}
    asks = {str(i): (0.0, two if i % 2 else both, 1, 1.0) for i in range(6)}
    assert len(lived({"crew": 2, "desk": 1}, asks)) == 6


def test_a_demand_that_is_withdrawn_makes_way() -> None:
    env = simpy.Environment()
    yard = Yard(env, {"crew": 2})
    first, large, small = (
        yard.demand((name, "work"), {"crew": n}, 1) for name, n in (("a", 1), ("b", 2), ("c", 1))
    )
    env.run()
    assert (first.triggered, large.triggered, small.triggered) == (True, False, False)
    assert large.short == ["crew"]
    yard.withdraw(large)
    env.run()
    assert small.triggered


def purse(env: simpy.Environment, carried_over: bool) -> Purse:
    tree = {"name_zh": "资金", "name_en": "fund", "carried_over": carried_over,
            "each_year": "100 CNY", "years": {"2026": "40 CNY"}}  # fmt: skip
    made = Purse(env, Budget.model_validate(tree), 2026, endless=False)
    env.process(made.fill(Calendar.of("2026-01-01")))
    return made


@pytest.mark.parametrize(
    ("carried_over", "levels"), [(True, [40, 140, 240]), (False, [40, 100, 100])]
)
def test_a_purse_is_filled_at_new_year(carried_over: bool, levels: list[float]) -> None:
    env = simpy.Environment()
    made = purse(env, carried_over)
    found = []
    for until_d in (364, 366, 731):
        env.run(until=until_d)
        found.append(made.level)
    assert found == levels


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 100), st.integers(0, 2)), max_size=12)
)
def test_the_level_of_a_purse_is_never_below_zero(asks: list[tuple[int, int, int]]) -> None:
    env = simpy.Environment()
    made = purse(env, carried_over=False)
    levels = []

    def draws(at_d: int, amount: int, priority: int) -> Any:
        yield env.timeout(at_d)
        yield made.get(amount, priority)
        levels.append(made.level)

    for ask in asks:
        env.process(draws(*ask))
    env.run(until=40 * 365)
    assert len(levels) == len(asks)
    assert all(0 <= level <= 100 for level in levels)
