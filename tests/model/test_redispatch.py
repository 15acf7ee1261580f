"""One slice asked again and again: the same answers as those of a question asked afresh."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from symbiosis.optimum import Goal, Optimum
from symbiosis.park import change
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.question import ORDER, backend_for
from symbiosis.retrofit.block import Retrofit, retrofit_of
from symbiosis.retrofit.state import State, YearOfStates, states_of
from symbiosis.scenario import load_question
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.solvers.redispatch import Redispatch, Redispatched
from symbiosis.solving import ask, checked

PARKS = ("jinchang", "baiyin", "taiyuan-stainless")


def moves(retrofit: Retrofit) -> dict[str, Callable[[Park, float], Park]]:
    """The loads of the first units of a park."""
    owners = retrofit.scenario.park.enterprises.items()
    units = [f"{enterprise}.{unit}" for enterprise, owner in owners for unit in owner.units]
    return {name: partial(_load, name) for name in units[:5]}


def _load(name: str, park: Park, level: float) -> Park:
    return change.at_load(park, name, level)


def opened(retrofit: Retrofit, states: YearOfStates, goal: Goal, solver: str) -> Redispatch:
    """A year's slices, opened with all projects running in January."""
    part = replace(states.year.part(0, 1, {}, states.year.legacy), names=("now",))
    aims = [aim.value for aim in ORDER[goal]]
    made = Redispatch(part, states.paths, aims, partial(backend_for, solver=solver))
    whole = State(dict.fromkeys(retrofit.builds, 1.0))
    made.open(made.stamped(states.figures(0, whole), 744.0, {}, states.year.legacy))
    return made


def values(found: Redispatched) -> tuple[float, ...]:
    """Rate, cost and carbon of an answer."""
    assert found.x is not None
    used, made, cost, carbon = (
        found.made.expressions[name].value(found.x)
        for name in ("utilised", "generated", "cost", "carbon")
    )
    return used / made, cost, carbon


def afresh(retrofit: Retrofit, state: State, month: int, goal: Goal, solver: str) -> Optimum:
    """The month of 2027 of the park that stands like this, cut, solved and checked anew."""
    scenario, park = retrofit.scenario, retrofit.scenario.park
    for link in {link for links in retrofit.builds.values() for link in links}:
        park = change.with_link(park, link, status=Status.PLANNED, from_=None, investment=None)
    for name, level in state.levels.items():
        park = change.at_load(park, name, level)
    running = [name for name, share in state.shares.items() if share]
    links = frozenset(link for name in running for link in retrofit.builds[name])
    only = frozenset({Status.EXISTING})
    data = slice_of(park, 2027, only, scenario.boundary, scenario.document, links)
    year = cut(park, data)
    part = year.part(month, month + 1, {}, year.legacy)
    question = ask(park, part.slices[0], part, solver)
    return checked(question, goal, question.in_order(ORDER[goal]), {})


@pytest.mark.parametrize("park", PARKS)
@pytest.mark.parametrize("goal", list(Goal))
@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_an_answer_is_that_of_the_park_asked_afresh(park: str, goal: Goal, solver: str) -> None:
    """Random states of some months: equal in everything that was asked for.

    The fresh answer is that of another park file, with other loads and other links, which the
    independent check has passed.
    """
    retrofit = retrofit_of(load_question(park))
    states = states_of(retrofit, moves(retrofit))[2027]
    asked = opened(retrofit, states, goal, solver)
    luck = np.random.default_rng(5)
    for month in (0, 7):
        shares = {name: float(luck.choice([0.0, 1.0])) for name in retrofit.builds}
        state = State(shares, {name: float(luck.uniform(0.4, 1.0)) for name in states.moves})
        hours = states.year.hours[month]
        figures = states.figures(month, state)
        found = asked.answer(asked.stamped(figures, hours, {}, states.year.legacy))
        fresh = afresh(retrofit, state, month, goal, solver)
        rate, cost, carbon = values(found)
        assert rate == pytest.approx(fresh.rate.value, abs=1e-7)
        assert cost == pytest.approx(fresh.cost_cny, rel=1e-6, abs=1.0)
        if goal is Goal.CARBON:
            assert carbon == pytest.approx(fresh.co2e_t, rel=1e-6)


def test_no_answer_depends_on_what_was_asked_before() -> None:
    """The same state first, and after twenty others: the same point, bit by bit."""
    retrofit = retrofit_of(load_question("jinchang"))
    states = states_of(retrofit, moves(retrofit))[2027]
    state = State(dict.fromkeys(retrofit.builds, 1.0), dict.fromkeys(states.moves, 0.7))

    def answer(asked: Redispatch) -> Redispatched:
        return asked.answer(asked.stamped(states.figures(4, state), 744.0, {}, states.year.legacy))

    first = answer(opened(retrofit, states, Goal.UTILISATION, "glpk"))
    late = opened(retrofit, states, Goal.UTILISATION, "glpk")
    luck = np.random.default_rng(7)
    for _ in range(20):
        other = State({}, {name: float(luck.uniform(0.2, 1.0)) for name in states.moves})
        figures = states.figures(int(luck.integers(12)), other)
        late.answer(late.stamped(figures, 700.0, {}, states.year.legacy))
    again = answer(late)
    assert first.x is not None
    assert again.x is not None
    assert np.array_equal(first.x, again.x)


def test_a_part_of_a_month_has_that_part_of_it() -> None:
    """Ten and twenty of thirty days, without heaps that bind: amounts and cost add up."""
    retrofit = retrofit_of(load_question("jinchang"))
    states = states_of(retrofit, {})[2027]
    asked = opened(retrofit, states, Goal.UTILISATION, "glpk")
    state, hours = State(dict.fromkeys(retrofit.builds, 1.0)), states.year.hours[5]
    parts = []
    for part in (1.0, 1 / 3, 2 / 3):
        figures = states.figures(5, state, part)
        found = asked.answer(asked.stamped(figures, hours * part, {}, states.year.legacy))
        assert found.x is not None
        names = ("utilised", "generated", "cost", "carbon")
        parts.append([found.made.expressions[name].value(found.x) for name in names])
    whole, *pieces = np.array(parts)
    assert np.sum(pieces, axis=0) == pytest.approx(whole, rel=1e-7)
