"""Subsidies of links: paid per unit sent, listed apart, gone without policy, checked a second time.

100 t of slag with a free heap; cement buys 80 t at 50 CNY/t, and haulage at 60 loses 10 CNY/t.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from symbiosis.errors import InputError
from symbiosis.park.park import Park
from symbiosis.park.unpriced import without_policy
from symbiosis.scenario import load_scenario, scenario_of
from symbiosis.tables import flows
from symbiosis.verify import Claim, FailedCheck, verify
from symbiosis.viability import viability_of
from tests.model.parks import Tree, link, makes, near, needs, park, solve, tree, use, write
from tests.model.water_parks import operation, pipe, water_park


def whole(subsidy: Any = None, **way: Any) -> Tree:
    paid = {} if subsidy is None else {"subsidy": subsidy}
    return tree(
        {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", cost="60 CNY/t", **paid, **way)},
    )


def hauled(subsidy: Any = None) -> Park:
    made = whole(subsidy)
    return park(made["enterprises"], made["links"])


@pytest.mark.parametrize(("subsidy", "sent"), [(None, 0), ("9 CNY/t", 0), ("12 CNY/t", 80)])
def test_a_subsidy_above_the_loss_moves_the_slag(
    subsidy: str | None, sent: float, solver: str
) -> None:
    found = solve(hauled(subsidy), "cost", solver)
    assert near(found.point.sent["haul", "cement.blend"], sent, 1e-5)


def test_it_stands_apart_in_the_cost(solver: str) -> None:
    """80 t x 60 of haul less 80 x 12: 4,800 - 960 CNY."""
    found = solve(hauled("12 CNY/t"), "cost", solver)
    assert near(found.cost_items["subsidy"], -960)
    assert near(found.cost_items["transport"], 4_800)
    assert near(found.cost_cny, 3_840)
    (row,) = flows(found)
    assert near(row["subsidy_cny"], 960)
    assert "subsidy" not in solve(hauled(), "cost", solver).cost_items


@pytest.mark.parametrize(
    ("years", "paid"),
    [
        ({"effective": 2025}, True),
        ({"effective": 2026}, False),
        ({"until": 2026}, True),
        ({"until": 2025}, False),
    ],
)
def test_it_is_paid_from_its_first_year_until_its_last(
    years: dict[str, int], paid: bool, solver: str
) -> None:
    found = solve(hauled({"value": "12 CNY/t", **years}), "cost", solver)
    assert near(found.point.sent["haul", "cement.blend"], 80 if paid else 0, 1e-5)


def test_without_policy_there_is_none(solver: str) -> None:
    viability = viability_of(scenario_of(hauled("12 CNY/t")), None, solver)
    assert near(viability.economic.rate.value, 0.0)
    assert near(viability.policy.rate.value, 0.8)
    assert without_policy(hauled("12 CNY/t")).links["haul"].subsidy is None


def test_it_widens_the_price_band(solver: str) -> None:
    """The taker pays up to 50 - 60 + 12 = 2 CNY/t."""
    (bargain,) = viability_of(scenario_of(hauled("12 CNY/t")), None, solver).bargains
    assert (bargain.low, bargain.high) == pytest.approx((0, 2))


def test_the_independent_check_knows_it(solver: str) -> None:
    """The same answer with the subsidy left out of its cost does not pass."""
    found = solve(hauled("12 CNY/t"), "cost", solver)
    rate = found.rate
    honest = Claim(rate.numerator, rate.denominator, 3_840, 0.0)
    verify(found.park, found.year, found.points, {}, honest)
    with pytest.raises(FailedCheck, match="cost"):
        verify(found.park, found.year, found.points, {}, replace(honest, cost_cny=4_800))


def test_a_scenario_sets_it(tmp_path: Path, solver: str) -> None:
    write(whole(), tmp_path / "tiny.yaml")
    patch = {
        "schema_version": 1,
        "id": "paid",
        "park": "tiny.yaml",
        "name_zh": "paid",
        "name_en": "paid",
        "set": {"links.haul.subsidy": "30 CNY/t"},
    }
    path = tmp_path / "paid.yaml"
    path.write_text(yaml.safe_dump(patch), encoding="utf-8")
    assert near(solve(load_scenario(path).park, "cost", solver).cost_items["subsidy"], -2_400)


@pytest.mark.parametrize(
    ("subsidy", "code"), [("30 CNY/GJ", "wrong_dimension"), ("-3 CNY/t", "too_small")]
)
def test_what_is_no_subsidy_is_refused(subsidy: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        hauled(subsidy)
    assert [(p.code, p.key) for p in caught.value.problems] == [(code, "links.haul.subsidy")]


def washing(**way: str) -> Park:
    """A washer of 1 t of salt a year whose effluent may come back into it."""
    companies = {"wash": operation("wash", "1 t/a", "20 mg/L", "100 mg/L")}
    loop = pipe("wash.effluent", "wash.wash", subsidy="3 CNY/m3", **way)
    return water_park(companies, {"loop": loop})


def test_a_subsidy_on_a_free_flow_without_limit_is_refused() -> None:
    """Water could be pumped in a circle and paid for each time."""
    with pytest.raises(InputError) as caught:
        washing()
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == ("subsidy_without_limit", "links.loop.uses.0")
    assert "max_intake" in problem.message("en")
    assert "max_intake" in problem.message("zh")


def test_with_a_capacity_it_is_paid_up_to_that(solver: str) -> None:
    """10,000 m3 of fresh water carry the salt off; 500 m3 that come back earn 1,500 CNY."""
    found = solve(washing(capacity="500 m3/a"), "cost", solver)
    assert near(found.point.sent["loop", "wash.wash"], 500)
    assert near(found.cost_cny, 10_000 - 1_500)
