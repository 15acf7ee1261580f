"""Chains of units and residues: what finds a taker at the end, and the rate as a true ratio."""

import pytest

from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    link,
    makes,
    material,
    named,
    near,
    needs,
    park,
    runs,
    solve,
    treatment,
    use,
)


def milled(powder: Tree, concrete: Tree | None = None, **mill: str) -> tuple[Tree, Tree]:
    """Slag works, a mill for 100 t/a that makes 80 t/a of powder, and a taker of powder."""
    feed = use("100 t/a", "slag", virgin=None)
    companies = {
        "works": makes(slag=byproduct("100 t/a", "10 CNY/t")),
        "mill": runs({"powder": powder}, {"feed": feed}, **mill),
        "concrete": concrete or needs(binder=use("40 t/a", "powder")),
    }
    links = {
        "slag": link("works.slag", "mill.feed"),
        "powder": link("mill.powder", "concrete.binder"),
    }
    return companies, links


POWDER = {"powder": material(waste_class="intermediate")}
CLINKER = named("clinker", price="50 CNY/t", co2e="0.8 t/t")


def test_powder_without_a_taker_is_taken_back_out_of_u(solver: str) -> None:
    """100 t of slag make 80 t of powder, of which 40 t find a taker: U = 100 x 40/80 = 50 t.

    The mill may run on: slag on the heap costs 10 CNY/t and powder on the heap nothing. It gains
    nothing for the rate, but it is the cheapest way to be rid of the slag.
    """
    found = solve(park(*milled(byproduct("80 t/a")), POWDER), solver=solver)
    assert near(found.rate.value, 0.5)
    assert near(found.rate.numerator, 50)
    assert near(found.rate.denominator, 100)
    assert near(found.point.running["mill.plant"], 1.0)
    assert near(found.point.passed["mill.plant"], 0.5)
    assert near(found.cost_cny, 0)


@pytest.mark.parametrize("goal", ["cost", "carbon"])
def test_under_every_objective_what_passed_the_mill_counts(goal: str, solver: str) -> None:
    """40 of 80 t of powder find a taker whatever is made least: 50 of 100 t of slag are used.

    Clinker at 0.8 t CO2e per t is left unbought; milling and hauling emit nothing.
    """
    concrete = needs(binder=use("40 t/a", "powder", virgin=None) | {"virgin": CLINKER})
    found = solve(park(*milled(byproduct("80 t/a"), concrete), POWDER), goal, solver)
    assert near(found.rate.value, 0.5)
    assert near(found.point.bought["concrete.binder"], 0)


def test_a_mill_runs_no_further_than_its_powder_sells_where_that_costs_more(solver: str) -> None:
    """The same with powder at 30 CNY/t on the heap: 0.8 t of it cost 24 CNY, a tonne of slag 10.

    So the mill runs at 50 %: 50 t of slag on the heap, 500 CNY.
    """
    found = solve(park(*milled(byproduct("80 t/a", "30 CNY/t")), POWDER), solver=solver)
    assert near(found.rate.value, 0.5)
    assert near(found.point.running["mill.plant"], 0.5)
    assert near(found.cost_cny, 500)


def test_a_chain_that_ends_in_a_heap_gains_nothing(solver: str) -> None:
    """Nobody takes powder: U = 0 although a mill stands ready; R = 0/100."""
    companies, links = milled(byproduct("80 t/a"))
    del links["powder"]
    found = solve(park(companies, links, POWDER), solver=solver)
    assert near(found.rate.value, 0.0)
    assert near(found.rate.denominator, 100)


def test_powder_into_a_use_that_counts_as_disposal_gains_nothing(solver: str) -> None:
    """Powder into a backfill that the document calls disposal: U = 0."""
    binder = use("40 t/a", "powder", counts_as={"now": "disposed"})
    companies, links = milled(byproduct("80 t/a"), needs(binder=binder))
    found = solve(park(companies, links, POWDER), solver=solver)
    assert near(found.rate.value, 0.0)


def test_two_mills_in_a_row_pass_on_what_the_last_one_sells(solver: str) -> None:
    """100 t of slag -> 90 t of crude -> 60 t of fine powder; takers of 30 t of fine and 9 of crude.

    30 t of fine pass half of the second mill, that is 45 t of crude; with 9 t taken directly 54 of
    90 t of crude went on, so U = 100 x 54/90 = 60 t.
    """
    companies = {
        "works": makes(slag="100 t/a"),
        "mill": runs({"crude": byproduct("90 t/a")}, {"feed": use("100 t/a", "slag", virgin=None)}),
        "fine_mill": runs(
            {"fine": byproduct("60 t/a")}, {"crude_feed": use("90 t/a", "crude", virgin=None)}
        ),
        "concrete": needs(binder=use("30 t/a", "fine"), filler=use("9 t/a", "crude")),
    }
    links = {
        "slag": link("works.slag", "mill.feed"),
        "crude": link("mill.crude", "fine_mill.crude_feed"),
        "filler": link("mill.crude", "concrete.filler"),
        "fine": link("fine_mill.fine", "concrete.binder"),
    }
    ground = material(waste_class="intermediate")
    found = solve(park(companies, links, {"crude": ground, "fine": ground}), solver=solver)
    assert near(found.rate.numerator, 60)
    assert near(found.rate.value, 0.6)


def test_of_a_mixed_feed_the_parks_own_waste_passes_first(solver: str) -> None:
    """A mill that must run full takes 40 t of the park's slag and 60 t from outside.

    Of its 80 t of powder 20 t find a taker: a quarter of the feed, 25 t, went on, all of it put to
    the park's 40 t. Imported slag is in neither U nor G: R = 25/40.
    """
    companies = {
        "works": makes(slag="40 t/a"),
        "abroad": makes(inside=False, slag_abroad=byproduct("200 t/a", material="slag")),
        "mill": runs(
            {"powder": byproduct("80 t/a")},
            {"feed": use("100 t/a", "slag", virgin=None)},
            min_load="100 %",
        ),
        "concrete": needs(binder=use("20 t/a", "powder")),
    }
    links = {
        "slag": link("works.slag", "mill.feed"),
        "import": link("abroad.slag_abroad", "mill.feed"),
        "powder": link("mill.powder", "concrete.binder"),
    }
    found = solve(park(companies, links, POWDER), solver=solver)
    assert near(found.rate.numerator, 25)
    assert near(found.rate.denominator, 40)


def test_a_mill_on_imported_slag_alone_is_in_no_rate(solver: str) -> None:
    """Only imported slag: nothing general and inside is generated, R is undefined."""
    companies, links = milled(byproduct("80 t/a"))
    companies["works"] = makes(inside=False, slag="100 t/a")
    found = solve(park(companies, links, POWDER), solver=solver)
    assert found.rate.value is None


def test_a_unit_that_makes_a_product_counts_all_of_its_feed(solver: str) -> None:
    """Bricks are a product, no intermediate: 70 t of ash in, 70 t used, whoever buys bricks."""
    companies = {
        "plant": makes(ash="100 t/a"),
        "brickworks": runs(
            {"brick": byproduct("90 t/a")}, {"clay": use("70 t/a", "ash", virgin=None)}
        ),
    }
    links = {"ash": link("plant.ash", "brickworks.clay")}
    found = solve(park(companies, links, {"brick": material(waste_class="product")}), solver=solver)
    assert near(found.rate.value, 0.7)


# --- a true ratio


def test_waste_that_leaves_more_waste_than_it_takes_is_not_used(solver: str) -> None:
    """90 t of slag are used. 10 t of acid would become 30 t of gypsum that nobody takes.

    R = 90/100 without the neutraliser and (90 + 10)/130 = 0.769 with it: more use, a lower rate.
    """
    companies = {
        "works": makes(slag="90 t/a", sludge="10 t/a"),
        "cement": needs(blend=use("90 t/a", "slag")),
        "neutraliser": runs(
            {"gypsum": byproduct("30 t/a")}, {"acid": use("10 t/a", "sludge", virgin=None)}
        ),
    }
    links = {
        "slag": link("works.slag", "cement.blend"),
        "sludge": link("works.sludge", "neutraliser.acid"),
    }
    found = solve(park(companies, links), solver=solver)
    assert near(found.rate.value, 0.9)
    assert near(found.point.running["neutraliser.plant"], 0.0)


def test_the_same_waste_is_used_where_that_raises_the_rate(solver: str) -> None:
    """With no other use of slag R is 0/100 without the neutraliser and 10/130 with it."""
    companies = {
        "works": makes(slag="90 t/a", sludge="10 t/a"),
        "neutraliser": runs(
            {"gypsum": byproduct("30 t/a")}, {"acid": use("10 t/a", "sludge", virgin=None)}
        ),
    }
    found = solve(
        park(companies, {"sludge": link("works.sludge", "neutraliser.acid")}), solver=solver
    )
    assert near(found.rate.value, 10 / 130)


def test_an_import_that_leaves_a_residue_inside_lowers_the_rate_and_is_not_taken(
    solver: str,
) -> None:
    """A residue of imported slag would enter G alone; 50 t of own ash fill the need as well."""
    companies = {
        "plant": makes(ash="50 t/a", tails={"residue": True}),
        "abroad": makes(inside=False, slag="100 t/a"),
        "cement": needs(blend=use("60 t/a", "ash", accepts={"slag": accept(treatment="wash")})),
    }
    links = {
        "ash": link("plant.ash", "cement.blend"),
        "slag": link("abroad.slag", "cement.blend", residue="plant.tails"),
    }
    found = solve(park(companies, links, treatments={"wash": treatment("50 %")}), solver=solver)
    assert near(found.rate.value, 1.0)
    assert near(found.point.sent["slag", "cement.blend"], 0.0)
    assert near(found.point.bought["cement.blend"], 10)
