"""Freed activity and the carbon price: what the model may choose only where it is asked to."""

import pytest

from symbiosis.verify import FailedCheck
from tests.model.parks import Tree, byproduct, link, makes, near, needs, park, solve, use


def with_unit(**unit: object) -> Tree:
    """100 t of slag for a need of 40 t; the works' unit with more keys."""
    companies = {
        "works": makes(slag=byproduct("100 t/a", "10 CNY/t")),
        "cement": needs(blend=use("40 t/a", "slag")),
    }
    (name,) = companies["works"]["units"]
    companies["works"]["units"][name] |= unit
    return {"enterprises": companies, "links": {"haul": link("works.slag", "cement.blend")}}


def test_a_given_activity_is_never_lowered_for_the_rate(solver: str) -> None:
    """U / G = 40 / 100, although a works that made 40 t would reach 1."""
    assert near(solve(park(**with_unit()), solver=solver).rate.value, 0.4)


def test_a_freed_activity_may_be_lowered(solver: str) -> None:
    """Freed, the works makes 40 t, all of it used: U / G = 40 / 40."""
    found = solve(park(**with_unit(freed=True)), solver=solver)
    assert near(found.rate.value, 1.0)
    assert found.rate.numerator <= 40 * (1 + 1e-9)


def test_a_freed_activity_keeps_its_least_load(solver: str) -> None:
    """At least half load: 50 t are made, 40 t used: 40 / 50."""
    found = solve(park(**with_unit(freed=True, min_load="50 %")), solver=solver)
    assert near(found.rate.value, 0.8)


def test_the_carbon_price_is_paid_on_the_inventory(solver: str) -> None:
    """A need of 40 t without slag: 40 t bought at 50 CNY and 0.5 t CO2e each, 100 CNY per t CO2e.

    Purchases 2,000 CNY, 20 t CO2e, 2,000 CNY of carbon price; 100 t on the heap 1,000 CNY.
    """
    tree = with_unit()
    blend = tree["enterprises"]["cement"]["units"]
    (name,) = blend
    blend[name]["uses"]["blend"]["virgin"]["co2e"] = "0.5 t/t"
    tree["links"] = {}
    found = solve(park(**tree, policy={"carbon_price": "100 CNY/t"}), "cost", solver)
    assert near(found.co2e_t, 20)
    assert near(found.cost_items["carbon_price"], 2000)
    assert near(found.cost_cny, 5000)


def test_a_wrong_carbon_inventory_is_seen(solver: str) -> None:
    from symbiosis.verify import Claim, verify

    tree = with_unit()
    found = solve(park(**tree), solver=solver)
    rate = found.rate
    claim = Claim(rate.numerator, rate.denominator, found.cost_cny, 1.0)
    with pytest.raises(FailedCheck, match="carbon"):
        verify(found.park, found.year, found.points, found.levels, claim)
