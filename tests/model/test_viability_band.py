"""The price band of one exchange and why it loses, worked by hand."""

from pathlib import Path

import pytest

from symbiosis.bargain import Bargain
from symbiosis.scenario import load_question
from symbiosis.viability import Viability, viability_of
from tests.model.parks import (
    Tree,
    byproduct,
    link,
    makes,
    needs,
    route,
    runs,
    tree,
    use,
    write,
)

SLAG = byproduct("100 t/a", routes={"heap": route("15 CNY/t")})


def found(path: Path, whole: Tree, target: float | None = None) -> Viability:
    return viability_of(load_question(str(write(whole, path / "tiny.yaml"))), target)


def one(path: Path, whole: Tree) -> Bargain:
    (bargain,) = found(path, whole).bargains
    return bargain


def hauled(**way: str) -> Tree:
    return tree(
        {"works": makes(slag=SLAG), "cement": needs(blend=use("80 t/a", "slag"))},
        {"haul": link("works.slag", "cement.blend", **way)},
    )


def test_both_partners_gain(tmp_path: Path) -> None:
    """A heap at 15 against virgin at 50 less haulage at 5: any price from -15 to 45 CNY/t."""
    bargain = one(tmp_path, hauled(cost="5 CNY/t"))
    assert (bargain.low, bargain.high) == pytest.approx((-15, 45))
    assert bargain.surplus_cny == pytest.approx(80 * 60)
    assert bargain.subsidy_cny == 0
    assert bargain.why == ""


def test_freight_is_why_it_loses(tmp_path: Path) -> None:
    """Haulage at 90 CNY/t: 25 CNY/t are missing on 80 t."""
    bargain = one(tmp_path, hauled(cost="90 CNY/t"))
    assert bargain.subsidy_cny == pytest.approx(80 * 25)
    assert bargain.why == "freight"


def test_running_is_why_it_loses(tmp_path: Path) -> None:
    """A mill at 40 CNY/t saves 15 CNY/t of heap: 25 CNY/t missing."""
    mill = runs({}, {"feed": use("100 t/a", "slag", virgin=None)})
    mill["units"]["plant"] |= {"capacity": "100 t/a", "running_cost": "40 CNY/t"}
    whole = tree(
        {"works": makes(slag=SLAG), "mill": mill}, {"haul": link("works.slag", "mill.feed")}
    )
    bargain = one(tmp_path, whole)
    assert bargain.high == pytest.approx(-40)
    assert bargain.subsidy_cny == pytest.approx(100 * 25)
    assert bargain.why == "running"


def test_nothing_saved_is_why_it_loses(tmp_path: Path) -> None:
    """Slag that sells at 20 CNY/t in place of free earth: no cost, and nothing saved."""
    slag = byproduct("100 t/a", routes={"sold": route("-20 CNY/t", kind="sold")})
    earth = use("80 t/a", "slag", virgin="0 CNY/t")
    whole = tree(
        {"works": makes(slag=slag), "fill": needs(earth=earth)},
        {"haul": link("works.slag", "fill.earth")},
    )
    bargain = one(tmp_path, whole)
    assert (bargain.low, bargain.high) == pytest.approx((20, 0))
    assert bargain.why == "worthless"


def test_with_a_carbon_price_the_virgin_costs_more(tmp_path: Path) -> None:
    """Clinker at 0.8 t CO2 and 100 CNY/t of carbon: the taker would pay 80 CNY/t more."""
    plain = hauled(cost="5 CNY/t")
    virgin = plain["enterprises"]["cement"]["units"]["plant"]["uses"]["blend"]["virgin"]
    virgin["co2e"] = "0.8 t/t"
    priced = plain | {"policy": {"carbon_price": "100 CNY/t"}}
    assert one(tmp_path, priced).high - one(tmp_path, plain).high == pytest.approx(80)


def test_a_target_that_pays_anyway_needs_no_subsidy(tmp_path: Path) -> None:
    subsidy = found(tmp_path, hauled(cost="5 CNY/t"), 0.5).subsidy
    assert subsidy is not None
    assert subsidy.uniform is not None
    assert (subsidy.least_cny, subsidy.uniform.cny, subsidy.payers) == (0, 0, {})


def test_the_subsidy_to_a_target_is_what_its_tonnes_lose(tmp_path: Path) -> None:
    """To use 60 of 100 t at 25 CNY/t lost: 1500 CNY, and no cheaper when uniform."""
    subsidy = found(tmp_path, hauled(cost="90 CNY/t"), 0.6).subsidy
    assert subsidy is not None
    assert subsidy.least_cny == pytest.approx(1500)
    assert subsidy.uniform is not None
    assert subsidy.uniform.cny_per_t == pytest.approx(25)
    assert subsidy.uniform.cny == pytest.approx(1500)
    assert subsidy.payers == pytest.approx({"works": -900, "cement": 2400})


def test_with_a_fixed_cost_the_uniform_subsidy_is_found_by_solving(tmp_path: Path) -> None:
    """300 CNY for running at all and 25 CNY/t: the target of 60 t needs 1,800 CNY.

    Uniform, the belt runs only if its 70 t bear the 300 too: 25 + 300 / 70 CNY/t on 70 t.
    """
    whole = hauled(cost="90 CNY/t", fixed_cost="300 CNY/a", capacity="70 t/a")
    subsidy = found(tmp_path, whole, 0.6).subsidy
    assert subsidy is not None
    assert subsidy.least_cny == pytest.approx(1800)
    assert subsidy.uniform is not None
    assert subsidy.uniform.cny_per_t == pytest.approx(25 + 300 / 70)
    assert subsidy.uniform.cny == pytest.approx(70 * 25 + 300)
    assert subsidy.uniform.rate == pytest.approx(0.7)
    assert subsidy.exchanges == pytest.approx({("haul", "cement.blend"): 1800})
