"""The exact front: known breakpoints, and what every front has to be.

100 t of slag; cement takes 40 t at 10 CNY/t, bricks 30 t at 60, roads 20 t at 90; what they do not
get they buy at 50 CNY/t. All bought: 4,500 CNY. Cement saves 40 CNY/t, bricks cost 10 more than
they save, roads 40: 2,900 CNY at R = 40 %, 3,200 at 70 %, 4,000 at 90 %, straight lines between.
"""

from dataclasses import replace
from typing import Any

import pytest

from symbiosis.errors import NoAnswer
from symbiosis.front import FrontPoint, as_json, front_of
from symbiosis.optimum import Goal
from symbiosis.park.park import Park
from symbiosis.question import Aim
from symbiosis.scenario import Scenario, scenario_of
from symbiosis.solving import ask
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
    runs,
    solve,
    use,
)

TAKERS = {"cement": ("40 t/a", "10 CNY/t"), "brick": ("30 t/a", "60 CNY/t"),
          "road": ("20 t/a", "90 CNY/t")}  # fmt: skip
FACTORS = {"cement": "0.5 t/t", "brick": "0.01 t/t", "road": "0.5 t/t"}
BOTH = (Goal.UTILISATION, Goal.COST)
ALL = (Goal.UTILISATION, Goal.COST, Goal.CARBON)


def three(carbon: bool = False, **sections: Any) -> Park:
    """The park of this module; with ``carbon`` bricks lie 1,000 km away at 0.1 kg/(t km).

    Each tonne into cement or roads then saves 0.5 t of CO2e; one into bricks adds 0.1 - 0.01 t.
    """
    companies: dict[str, Any] = {"works": makes(slag="100 t/a")}
    links = {}
    for name, (need, cost) in TAKERS.items():
        wanted = use(need, "slag")
        if carbon:
            wanted["virgin"] |= {"co2e": FACTORS[name]}
        companies[name] = needs(blend=wanted)
        far = "1000 km" if name == "brick" else "0 km"
        links[name] = link("works.slag", f"{name}.blend", cost=cost, distance=far)
    truck = named("truck", unit="t", freight="1 CNY/(t*km)", co2e="0.1 kg/(t*km)")
    return park(companies, links, transport={"truck": truck}, **sections)


def cost_at(rate: float) -> float:
    """The exact front of rate and cost, by hand."""
    return 2_900 + 10 * (min(rate, 0.7) - 0.4) * 100 + 40 * max(rate - 0.7, 0.0) * 100


def found_for(solver: str, goals: tuple[Goal, ...] = BOTH, points: int = 6) -> list[FrontPoint]:
    return front_of(scenario_of(three(Goal.CARBON in goals)), goals, points, solver)


def again(asked: Scenario, point: FrontPoint, solver: str) -> dict[str, float]:
    """The cost, or the carbon, at the bounds of a point, asked without the front."""
    data = asked.slice()
    question = ask(asked.park, data, asked.year(data), solver)
    form = question.form
    for name, bound in point.bounds.items():
        if name == "utilisation":
            form = question.at_least_rate(form, bound - 1e-9)
        else:
            form = question.at_most(form, Aim(name), bound * (1 + 1e-9))
    aim = Aim.COST if set(point.bounds) == {"utilisation"} else Aim.CARBON
    return {aim.value: question.expression(aim).value(question.least(aim, form).point)}


def test_six_points_are_where_they_were_worked_out(solver: str) -> None:
    """R = 90, 80, ... 40 % at 4,000, 3,600, 3,200, 3,100, 3,000, 2,900 CNY."""
    found = found_for(solver)
    rates = [point.optimum.rate.value for point in found]
    assert rates == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], abs=1e-6)
    costs = [point.optimum.cost_cny for point in found]
    assert costs == pytest.approx([4_000, 3_600, 3_200, 3_100, 3_000, 2_900], rel=1e-6)


@pytest.mark.parametrize("points", [2, 3, 7, 12])
def test_every_point_lies_on_the_exact_front(points: int, solver: str) -> None:
    found = found_for(solver, points=points)
    assert len(found) == points
    for point in found:
        assert near(point.optimum.cost_cny, cost_at(point.optimum.rate.value or 0.0), 1e-6)


def test_the_other_way_round_it_is_the_same_line(solver: str) -> None:
    """With ceilings on the cost, 2,900 to 4,000 CNY in four steps of 275: greatest R."""
    found = found_for(solver, (Goal.COST, Goal.UTILISATION), 5)
    costs = [point.optimum.cost_cny for point in found]
    assert costs == pytest.approx([2_900, 3_175, 3_450, 3_725, 4_000], rel=1e-6)
    rates = [0.4, 0.675, 0.7 + 250 / 4_000, 0.7 + 525 / 4_000, 0.9]
    assert [p.optimum.rate.value for p in found] == pytest.approx(rates, abs=1e-6)


def test_the_extremes_are_the_optima_of_the_single_objectives(solver: str) -> None:
    for goals in (BOTH, ALL):
        found, small = found_for(solver, goals), three(Goal.CARBON in goals)
        for i, goal in enumerate(goals):
            best = solve(small, goal, solver).value or 0.0
            reached = min(point.values(goals)[i] for point in found)
            assert near(abs(reached), abs(best), 1e-6)


def test_each_point_is_found_again_from_its_bounds(solver: str) -> None:
    for goals in (BOTH, ALL):
        asked = scenario_of(three(Goal.CARBON in goals))
        bounded = [p for p in front_of(asked, goals, 9, solver) if p.bounds]
        assert bounded
        for point in bounded:
            (value,) = again(asked, point, solver).values()
            kept = point.optimum.cost_cny if goals == BOTH else point.optimum.co2e_t
            assert near(value, kept or 0.0, 1e-6)


def test_three_objectives_have_their_three_corners(solver: str) -> None:
    """R: everything, 90 % at 4,000 CNY; carbon 30 t x 0.1 = 3 t.

    Cost: cement alone, 40 %, 2,900 CNY; 30 x 0.01 + 20 x 0.5 = 10.3 t. Carbon: cement and roads,
    60 %, 3,700 CNY, 0.3 t.
    """
    found = [
        (p.optimum.rate.value, p.optimum.cost_cny, p.optimum.co2e_t)
        for p in found_for(solver, ALL, 16)
    ]
    for corner in ((0.9, 4_000, 3.0), (0.4, 2_900, 10.3), (0.6, 3_700, 0.3)):
        assert any(point == pytest.approx(corner, rel=1e-6) for point in found)
    assert len(found) > 6


def test_no_point_is_bettered_by_another(solver: str) -> None:
    for goals in (BOTH, ALL):
        values = [point.values(goals) for point in found_for(solver, goals, 16)]
        for one in values:
            for other in values:
                better = [b < a - 1e-4 * abs(a) for a, b in zip(one, other, strict=True)]
                worse = [b > a + 1e-6 * abs(a) for a, b in zip(one, other, strict=True)]
                assert any(worse) or not any(better)


def test_the_same_question_has_the_same_front(solver: str) -> None:
    once, twice = (as_json(found_for(solver, ALL, 9)) for _ in range(2))
    assert once == twice


def test_backends_agree_on_the_front() -> None:
    for goals in (BOTH, ALL):
        by_glpk, by_highs = (
            [p.values(goals) for p in found_for(name, goals, 9)] for name in ("glpk", "highs")
        )
        assert len(by_glpk) == len(by_highs)
        for one, other in zip(by_glpk, by_highs, strict=True):
            assert one == pytest.approx(other, rel=1e-6)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    asked = scenario_of(three())
    front_of(asked, BOTH, 4, "glpk", progress=lambda done, whole: told.append((done, whole)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_objectives_that_do_not_conflict_have_a_front_of_one_point(solver: str) -> None:
    """Cement alone: it saves money and uses slag."""
    companies = {"works": makes(slag="100 t/a"), "cement": needs(blend=use("40 t/a", "slag"))}
    small = park(companies, {"haul": link("works.slag", "cement.blend")})
    (point,) = front_of(scenario_of(small), BOTH, 9, solver)
    assert near(point.optimum.rate.value, 0.4)


def test_a_park_without_an_answer_has_no_front() -> None:
    """The heap takes 10 t of 100 t, and there is no taker."""
    full = byproduct("100 t/a", routes={"heap": route(capacity="10 t/a")})
    with pytest.raises(NoAnswer):
        front_of(scenario_of(park({"works": makes(slag=full)})), BOTH, 3, "glpk")


def test_a_front_by_season_keeps_its_ends(solver: str) -> None:
    """Without profiles and heaps the seasons change nothing."""
    small = three(seasons={name: named(name, hours="4380 h") for name in "ab"})
    found = front_of(replace(scenario_of(small), by_season=True), BOTH, 6, solver)
    for point in found:
        assert near(point.optimum.cost_cny, cost_at(point.optimum.rate.value or 0.0), 1e-6)
    assert len(found) == 6


def test_a_front_without_the_rate_still_counts_what_passed_a_mill(solver: str) -> None:
    """100 t are ground to 80 t of powder, which replaces binder at 50 CNY/t and 0.5 t CO2e."""
    binder = use("80 t/a", "powder") | {
        "virgin": named("clinker", price="50 CNY/t", co2e="0.5 t/t")
    }
    mill = runs({"powder": byproduct("80 t/a")}, {"feed": use("100 t/a", "slag", virgin=None)})
    found = park(
        {"works": makes(slag="100 t/a"), "mill": mill, "concrete": needs(binder=binder)},
        {"up": link("works.slag", "mill.feed"), "down": link("mill.powder", "concrete.binder")},
        {"powder": material(waste_class="intermediate")},
    )
    points = front_of(scenario_of(found), (Goal.COST, Goal.CARBON), 3, solver)
    assert points
    assert all(near(point.optimum.rate.value, 1.0) for point in points)
