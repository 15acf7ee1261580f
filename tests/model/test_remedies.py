"""What would let more be used: each remedy by hand, and each verified by an independent solve."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from symbiosis.explaining import explain
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.reasons import as_json as held_row
from symbiosis.remedies import Remedy, as_json, named, remedies_for, used
from symbiosis.scenario import Scenario, scenario_of
from symbiosis.solving import optimise_year
from tests.model.parks import (
    accept,
    byproduct,
    link,
    makes,
    material,
    near,
    needs,
    park,
    runs,
    use,
)
from tests.model.parks import named as noun

TODAY = frozenset({Status.EXISTING})


def best_of(asked: Scenario, goal: Goal, solver: str) -> Optimum:
    data = asked.slice()
    return optimise_year(asked.park, data, asked.year(data), goal, solver)


def remedies(
    asked: Scenario, solver: str, goal: Goal = Goal.UTILISATION
) -> tuple[Optimum, Sequence[Remedy]]:
    """The optimum and the remedies of its one by-product that is left."""
    best = best_of(asked, goal, solver)
    (held,) = explain(best)
    return best, remedies_for(asked, best, held, solver)


def verified(
    remedy: Remedy, changed: Scenario, best: Optimum, solver: str, paid: float = 0.0
) -> None:
    """The park with the change written into it gains and costs what the remedy says."""
    other = best_of(changed, best.goal, solver)
    gained = used(other, "works.slag") - used(best, "works.slag")
    assert gained == pytest.approx(remedy.gained, rel=1e-6)
    assert other.cost_cny + paid - best.cost_cny == pytest.approx(remedy.cost_cny, rel=1e-5)
    rates = [(one.rate.value or 0.0) for one in (other, best)]
    assert rates[0] - rates[1] == pytest.approx(remedy.rate_gained, abs=1e-8)


def builds(**ways: dict[str, Any]) -> Scenario:
    """40 t of 100 t go into cement today; bricks could take 30 t and roads 20 t more."""
    asked = park(
        {
            "works": makes(slag="100 t/a"),
            "cement": needs(blend=use("40 t/a", "slag")),
            "brick": needs(clay=use("30 t/a", "slag")),
            "road": needs(base=use("20 t/a", "slag")),
        },
        {
            "to_cement": link("works.slag", "cement.blend", cost="10 CNY/t"),
            "to_brick": link("works.slag", "brick.clay", cost="60 CNY/t", status="potential")
            | ways.get("brick", {}),
            "to_road": link("works.slag", "road.base", cost="45 CNY/t", status="potential")
            | ways.get("road", {}),
        },
        projects={"fill": noun("fill", types=["chain_filling"], status="planned")},
    )
    return replace(scenario_of(asked), opened=TODAY)


def test_links_that_are_not_open_are_tried_and_the_cheapest_comes_first(solver: str) -> None:
    """The road takes 20 t and saves 5 CNY each; bricks take 30 t at 10 CNY more each."""
    asked = builds()
    best, (road, brick) = remedies(asked, solver)
    assert (road.kind, road.id, road.unit) == ("link", "to_road", "t")
    assert (road.gained, road.cost_cny, road.cny_per_unit) == pytest.approx((20, -100, -5))
    assert (brick.gained, brick.cost_cny, brick.cny_per_unit) == pytest.approx((30, 300, 10))
    assert (road.rate_gained, brick.rate_gained) == pytest.approx((0.2, 0.3))
    for remedy in (road, brick):
        opened = asked.park.links | {
            remedy.id: asked.park.links[remedy.id].model_copy(update={"status": Status.EXISTING})
        }
        changed = asked.park.model_copy(update={"links": opened})
        verified(remedy, replace(scenario_of(changed), opened=TODAY), best, solver)


def test_a_project_opens_all_the_links_that_it_builds(solver: str) -> None:
    """Both at once: 50 t more for 300 - 100 = 200 CNY, 4 CNY/t."""
    asked = builds(brick={"project": "fill"}, road={"project": "fill"})
    best, (project,) = remedies(asked, solver)
    assert (project.kind, project.id) == ("project", "fill")
    assert (project.gained, project.cost_cny) == pytest.approx((50, 200))
    assert project.cny_per_unit == pytest.approx(4)
    assert named(project, best) == {"zh": "fill", "en": "fill"}
    verified(project, replace(asked, opened=frozenset(Status)), best, solver)


def test_a_link_to_a_taker_that_is_full_is_not_named(solver: str) -> None:
    """A second way into the full cement gains nothing, and no way is left without a limit."""
    asked = scenario_of(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("40 t/a", "slag"))},
            {
                "haul": link("works.slag", "cement.blend"),
                "belt": link("works.slag", "cement.blend", status="potential"),
            },
        )
    )
    _, found = remedies(replace(asked, opened=TODAY), solver)
    assert found == []


def one_way(haul: dict[str, Any] | None = None, **of_use: Any) -> Park:
    blend = use("200 t/a", **({"accepts": {"slag": accept(**of_use)}}))
    return park(
        {"works": makes(slag=byproduct("100 t/a", "3 CNY/t")), "cement": needs(blend=blend)},
        {"haul": link("works.slag", "cement.blend", cost="10 CNY/t", **(haul or {}))},
    )


def test_a_larger_line(solver: str) -> None:
    """55 t instead of 50 t; each saves 50 of virgin material and 3 of the heap for 10: -43."""
    asked = scenario_of(one_way({"capacity": "50 t/a"}))
    best, (line,) = remedies(asked, solver)
    assert (line.kind, line.id) == ("capacity", "link_capacity:haul")
    assert (line.gained, line.cny_per_unit) == pytest.approx((5, -43))
    verified(line, scenario_of(one_way({"capacity": "55 t/a"})), best, solver)
    assert all(named(line, best)[lang] for lang in ("zh", "en"))


def test_a_larger_share(solver: str) -> None:
    """20 % of 200 t are 40 t, 22 % are 44 t."""
    best, (share,) = remedies(scenario_of(one_way(max_share="20 %")), solver)
    assert share.kind == "share"
    assert (share.gained, share.cny_per_unit) == pytest.approx((4, -43))
    verified(share, scenario_of(one_way(max_share="22 %")), best, solver)
    assert all(named(share, best)[lang] for lang in ("zh", "en"))


def mill(availability: str, **sections: Any) -> Park:
    feed = use("80 t/a", "slag", virgin=None)
    unit = runs({}, {"feed": feed}, availability=availability, capacity="80 t/a",
                running_cost="2 CNY/t")  # fmt: skip
    return park(
        {"works": makes(slag=byproduct("100 t/a", "3 CNY/t")), "mill": unit},
        {"haul": link("works.slag", "mill.feed", cost="10 CNY/t")},
        **sections,
    )


@pytest.mark.parametrize("by_season", [False, True])
def test_a_larger_unit(by_season: bool, solver: str) -> None:
    """60 % of 80 t are 48 t; a tenth of full load more are 8 t at 10 + 2 - 3 = 9 CNY/t."""
    halves = {"seasons": {name: noun(name, hours="4380 h") for name in "ab"}}
    asked = replace(scenario_of(mill("60 %", **halves)), by_season=by_season)
    best, (unit,) = remedies(asked, solver)
    assert (unit.kind, unit.id) == ("capacity", "running:mill.plant")
    assert (unit.gained, unit.cny_per_unit) == pytest.approx((8, 9))
    verified(unit, replace(scenario_of(mill("70 %", **halves)), by_season=by_season), best, solver)


def dear(cost: str) -> Park:
    return park(
        {"works": makes(slag=byproduct("100 t/a", "3 CNY/t")),
         "cement": needs(blend=use("30 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", cost=cost)},
    )  # fmt: skip


def test_a_subsidy_pays_the_difference(solver: str) -> None:
    """60 CNY/t against 50 of virgin material and 3 of the heap: 7 CNY/t for 30 t."""
    asked = scenario_of(dear("60 CNY/t"))
    best, (subsidy,) = remedies(asked, solver, Goal.COST)
    assert (subsidy.kind, subsidy.id) == ("subsidy", "sent:haul:cement.blend")
    assert subsidy.gained == pytest.approx(30)
    assert subsidy.cost_cny == pytest.approx(210, rel=1e-5)
    assert subsidy.cny_per_unit == pytest.approx(7, rel=1e-5)
    assert named(subsidy, best) == {"zh": "works.slag to cement.blend",
                                    "en": "works.slag to cement.blend"}  # fmt: skip
    verified(subsidy, scenario_of(dear("52.99 CNY/t")), best, solver, paid=30 * 7.01)


def test_what_never_enters_the_rate_can_be_subsidised_too(solver: str) -> None:
    """Hazardous dust stays outside R: with the greatest rate, 7 CNY/t would still move 30 t."""
    found = park(
        {"works": makes(slag=byproduct("100 t/a", "3 CNY/t")),
         "cement": needs(blend=use("30 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", cost="60 CNY/t")},
        {"slag": material(waste_class="hazardous")},
    )  # fmt: skip
    _, (subsidy,) = remedies(scenario_of(found), solver)
    assert (subsidy.kind, subsidy.rate_gained) == ("subsidy", 0.0)
    assert subsidy.cny_per_unit == pytest.approx(7, rel=1e-5)


def test_no_more_than_asked_for_and_none_that_gains_nothing(solver: str) -> None:
    asked = builds()
    best = best_of(asked, Goal.UTILISATION, solver)
    (held,) = explain(best)
    assert [r.id for r in remedies_for(asked, best, held, solver, most=1)] == ["to_road"]
    assert all(r.gained > 0 for r in remedies_for(asked, best, held, solver))


def test_a_change_that_has_no_answer_is_no_remedy(solver: str) -> None:
    """The road comes with a contract over 120 t: it cannot be opened."""
    asked = builds(road={"contract": "120 t/a", "capacity": "200 t/a"})
    _, found = remedies(asked, solver)
    assert [remedy.id for remedy in found] == ["to_brick"]


def test_the_document_of_a_by_product_has_its_remedies(solver: str) -> None:
    asked = builds()
    best, found = remedies(asked, solver)
    (held,) = explain(best)
    document = held_row(held, "en", [as_json(remedy) for remedy in found])
    (first, _) = document["remedies"]
    assert first["id"] == "to_road"
    assert first["verified"] is True
    assert first["cny_per_unit"] == pytest.approx(-5)
    assert near(first["rate_gained"], 0.2)
