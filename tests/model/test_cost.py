"""The park's private cost: what is paid, what is earned, and what is left out; by hand."""

import pytest

from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    link,
    makes,
    named,
    near,
    needs,
    park,
    route,
    runs,
    solve,
    treatment,
    use,
)

TAXED = {"environmental_tax": {"slag": "25 CNY/t"}}
FINANCE = {"discount_rate": "8 %", "asset_life": "15 a"}
ANNUITY = 0.08 / (1 - 1.08**-15)
"""0.116830: what 1 CNY costs per year over 15 years at 8 %."""


@pytest.mark.parametrize(
    ("kind", "compliant", "tax"),
    [("stored", True, 0), ("stored", False, 25), ("landfilled", False, 25), ("emitted", True, 25)],
)
def test_the_tax_falls_on_what_is_not_compliant_and_on_every_emission(
    solver: str, kind: str, compliant: bool, tax: float
) -> None:
    """100 t at a fee of 10 CNY/t, and 25 CNY/t of tax where it falls: 1,000 or 3,500 CNY."""
    slag = byproduct(
        "100 t/a", tax="slag", routes={"out": route("10 CNY/t", kind, compliant=compliant)}
    )
    found = solve(park({"works": makes(slag=slag)}, policy=TAXED), "cost", solver)
    assert near(found.cost_items["disposal"], 1000)
    assert near(found.cost_items["tax"], 100 * tax)
    assert near(found.cost_cny, 1000 + 100 * tax)


def test_a_compliant_route_is_worth_its_fee_up_to_the_tax(solver: str) -> None:
    """A free heap taxed at 25 CNY/t against a landfill at 20 CNY/t: the landfill, 2,000 CNY."""
    ways = {"heap": route(compliant=False), "fill": route("20 CNY/t", "landfilled")}
    slag = byproduct("100 t/a", tax="slag", routes=ways)
    found = solve(park({"works": makes(slag=slag)}, policy=TAXED), "cost", solver)
    assert near(found.point.dumped["works.slag", "fill"], 100)
    assert near(found.cost_cny, 2000)


def test_what_is_sold_earns_and_stands_apart(solver: str) -> None:
    """40 t go to a use that saves 50 CNY/t, 60 t to the market at 20: sales -1,200 CNY."""
    slag = byproduct("100 t/a", routes={"market": route("-20 CNY/t", "sold")})
    found = solve(
        park(
            {"works": makes(slag=slag), "cement": needs(blend=use("40 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
        ),
        "cost",
        solver,
    )
    assert near(found.cost_items["sales"], -1200)
    assert near(found.cost_items["disposal"], 0)
    assert near(found.cost_cny, -1200)


def test_the_market_keeps_what_it_pays_more_for(solver: str) -> None:
    """The market pays 60 CNY/t and virgin costs 50: all 100 t are sold, 40 t bought; -4,000 CNY."""
    slag = byproduct("100 t/a", routes={"market": route("-60 CNY/t", "sold")})
    found = solve(
        park(
            {"works": makes(slag=slag), "cement": needs(blend=use("40 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
        ),
        "cost",
        solver,
    )
    assert near(found.cost_cny, -6000 + 2000)


def test_a_way_costs_freight_by_distance_and_handling(solver: str) -> None:
    """12 km x 0.5 CNY/(t km) + 3 CNY/t of handling = 9 CNY/t; 80 t cost 720 CNY."""
    haul = link("works.slag", "cement.blend", distance="12 km")
    del haul["cost"]
    truck = named("truck", unit="t", freight="0.5 CNY/(t*km)", handling="3 CNY/t")
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("80 t/a", "slag"))},
            {"haul": haul},
            transport={"truck": truck},
        ),
        "cost",
        solver,
    )
    assert near(found.cost_items["transport"], 720)
    assert near(found.cost_cny, 720)


def test_a_treatment_is_paid_for_what_reaches_it(solver: str) -> None:
    """20 % of 100 t are lost before the mill: 80 t x 10 CNY/t = 800 CNY; 40 t fill the need."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "cement": needs(blend=use("40 t/a", accepts={"slag": accept(treatment="mill")})),
            },
            {"haul": link("works.slag", "cement.blend", loss="20 %")},
            treatments={"mill": treatment("50 %", "moisture", cost="10 CNY/t")},
        ),
        "cost",
        solver,
    )
    assert near(found.cost_items["treatment"], 800)
    assert near(found.cost_cny, 800)


def invested(status: str, rate: str = "8 %", **rest: object) -> Tree:
    """A way for 1,000 t/a that costs 100,000 CNY to build, and 500 t of slag to send."""
    return {
        "enterprises": {
            "works": makes(slag="500 t/a"),
            "cement": needs(blend=use("500 t/a", "slag")),
        },
        "links": {
            "pipe": link(
                "works.slag",
                "cement.blend",
                status=status,
                capacity="1000 t/a",
                investment="100,000 CNY",
                **rest,
            )
        },
        "finance": {**FINANCE, "discount_rate": rate},
    }


@pytest.mark.parametrize("status", ["planned", "potential"])
def test_a_new_link_pays_the_annuity_of_its_investment_per_tonne_of_capacity(
    solver: str, status: str
) -> None:
    """100,000 CNY x 0.11683 / 1,000 t = 11.683 CNY/t, and 500 t are sent: 5,841 CNY a year."""
    found = solve(park(**invested(status)), "cost", solver)
    assert pytest.approx(0.1168295, abs=1e-7) == ANNUITY
    assert near(found.cost_items["capital"], 500 * 100 * ANNUITY)
    assert near(found.cost_cny, 500 * 100 * ANNUITY)


def test_without_interest_an_investment_is_spread_over_its_life(solver: str) -> None:
    """100,000 CNY / 15 a / 1,000 t = 6.667 CNY/t; 500 t: 3,333.33 CNY."""
    found = solve(park(**invested("planned", "0 %")), "cost", solver)
    assert near(found.cost_cny, 50000 / 15)


def test_a_link_that_stands_has_been_paid_for(solver: str) -> None:
    """The same link, existing: nothing to pay. From 2027 on it is still to be built."""
    assert near(solve(park(**invested("existing")), "cost", solver).cost_cny, 0)
    later = solve(park(**invested("existing", **{"from": 2027})), "cost", solver)
    assert near(later.cost_cny, 50000 * ANNUITY)


def test_a_unit_pays_to_run_and_earns_by_its_product(solver: str) -> None:
    """A mill for 100 t of slag makes 80 t of product at 20 CNY/t, sold at 50: -30 x 80 = -2,400."""
    mill = runs(
        {},
        {"feed": use("100 t/a", "slag", virgin=None)},
        capacity="80 t/a",
        running_cost="20 CNY/t",
        income="50 CNY/t",
    )
    found = solve(
        park(
            {"works": makes(slag="50 t/a"), "mill": mill},
            {"haul": link("works.slag", "mill.feed")},
        ),
        "cost",
        solver,
    )
    assert near(found.point.running["mill.plant"], 0.5)
    assert near(found.cost_items["running"], -1200)
    assert near(found.cost_cny, -1200)


def test_a_unit_that_loses_money_stands_still_for_the_cost_and_runs_for_the_rate(
    solver: str,
) -> None:
    """The mill loses 10 CNY per t of product: 0 CNY at a standstill, 800 at R = 1."""
    mill = runs(
        {},
        {"feed": use("100 t/a", "slag", virgin=None)},
        capacity="80 t/a",
        running_cost="10 CNY/t",
    )
    whole = park(
        {"works": makes(slag="100 t/a"), "mill": mill},
        {"haul": link("works.slag", "mill.feed")},
    )
    assert near(solve(whole, "cost", solver).cost_cny, 0)
    high = solve(whole, "utilisation", solver)
    assert near(high.rate.value, 1.0)
    assert near(high.cost_cny, 800)


def test_digging_in_an_old_heap_is_paid_by_the_tonne(solver: str) -> None:
    """30 t of old slag at 7 CNY/t replace 30 t at 50: 210 CNY."""
    old = {"old": named("old", byproduct="works.slag", reclaim="50 t/a", reclaim_cost="7 CNY/t")}
    found = solve(
        park(
            {"works": makes(slag="100 t/a"), "cement": needs(blend=use("130 t/a", "slag"))},
            {"haul": link("works.slag", "cement.blend")},
            stockpiles=old,
        ),
        "cost",
        solver,
    )
    assert near(found.cost_items["reclaiming"], 210)
    assert near(found.cost_cny, 210)


def test_the_items_add_up_to_the_cost(solver: str) -> None:
    """80 t hauled at 5, 20 t dumped at 3 + 25 of tax, 40 t bought at 50: 400 + 560 + 2,000."""
    slag = byproduct("100 t/a", tax="slag", routes={"heap": route("3 CNY/t", compliant=False)})
    whole = park(
        {
            "works": makes(slag=slag),
            "cement": needs(blend=use("80 t/a", "slag"), clay=use("40 t/a")),
        },
        {"haul": link("works.slag", "cement.blend", cost="5 CNY/t")},
        policy=TAXED,
    )
    found = solve(whole, "cost", solver)
    assert near(sum(found.cost_items.values()), 2960)
    assert near(found.cost_cny, 2960)
    assert near(found.value, 2960)


def test_what_has_no_price_is_named(solver: str) -> None:
    """A treatment and a unit without any figure have no part in the cost, and are listed."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "mill": runs({}, {"feed": use("50 t/a", "slag", virgin=None)}),
                "cement": needs(blend=use("40 t/a", accepts={"slag": accept(treatment="wash")})),
            },
            {
                "haul": link("works.slag", "cement.blend"),
                "feed": link("works.slag", "mill.feed"),
            },
            treatments={"wash": treatment("50 %", "moisture")},
        ),
        "cost",
        solver,
    )
    assert set(found.data.unpriced) == {"mill.plant", "wash"}


# --- least cost at the greatest rate


def test_ties_of_the_rate_are_broken_by_cost(solver: str) -> None:
    """Two uses of 60 t for 100 t of slag at 3 and 8 CNY/t: 60 x 3 + 40 x 8 + 20 x 50 = 1,500."""
    found = solve(
        park(
            {
                "works": makes(slag="100 t/a"),
                "near": needs(blend=use("60 t/a", "slag")),
                "far": needs(blend=use("60 t/a", "slag")),
            },
            {
                "short": link("works.slag", "near.blend", cost="3 CNY/t"),
                "long": link("works.slag", "far.blend", cost="8 CNY/t"),
            },
        ),
        solver=solver,
    )
    assert near(found.point.sent["short", "near.blend"], 60)
    assert near(found.cost_cny, 1500)
    assert found.rate_before is not None
    assert found.rate.value is not None
    assert abs(found.rate_before - found.rate.value) <= 1e-9


def test_a_use_dearer_than_the_heap_is_taken_for_the_rate_and_left_for_the_cost(
    solver: str,
) -> None:
    """Haulage at 90 CNY/t against 50 bought and a free heap: R = 1 costs 9,000, R = 0 costs 5,000.

    The cost stage may give up at most 1e-9 of the rate however dear the last tonne is.
    """
    whole = park(
        {"works": makes(slag="100 t/a"), "cement": needs(blend=use("100 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", cost="90 CNY/t")},
    )
    high, cheap = solve(whole, solver=solver), solve(whole, "cost", solver)
    assert high.rate_before == pytest.approx(1.0, abs=1e-12)
    assert high.rate.value is not None
    assert high.rate.value >= 1.0 - 1e-9
    assert near(high.cost_cny, 9000)
    assert near(cheap.rate.value, 0.0)
    assert near(cheap.cost_cny, 5000)
