"""Terms that cannot be, and terms that are doubtful: what is said, where, and of whom."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symbiosis.doubts import Doubt, doubts_of
from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.optimum import Goal
from symbiosis.park.declaration import Declaration
from symbiosis.park.validate import validate
from symbiosis.slicing import slice_of
from symbiosis.solving import optimise_slice
from symbiosis.yamlfile import Document, read
from tests.model.parks import (
    Tree,
    accept,
    byproduct,
    link,
    makes,
    material,
    needs,
    park,
    runs,
    treatment,
    tree,
    use,
    write,
)


def simple(terms: Tree, accepts: Tree | None = None, **sections: Any) -> Tree:
    """Slag into a blend of 80 t; ``terms`` of the link, ``accepts`` of the blend."""
    taken = {"slag": accept()} if accepts is None else accepts
    return tree(
        {
            "works": makes(slag="100 t/a"),
            "cement": needs(blend=use("80 t/a", accepts=taken)),
        },
        {"haul": link("works.slag", "cement.blend", **terms)},
        **sections,
    )


def treated(wash: Tree) -> Tree:
    """Slag that is washed on its way."""
    return simple({}, {"slag": accept(treatment="wash")}, treatments={"wash": wash})


def refused(whole: Tree, folder: Path) -> list[Problem]:
    path = write(whole, folder / "tiny.yaml")
    with pytest.raises(InputError) as caught:
        validate(Declaration.of(read(path)))
    return list(caught.value.problems)


def doubted(whole: Tree) -> list[Doubt]:
    declaration = Declaration.of(Document(Path("tiny.yaml"), whole, {}))
    return doubts_of(validate(declaration), declaration)


def one(found: list[Any], code: str) -> Any:
    [problem] = [p for p in found if p.code == code]
    assert problem.message("en") != problem.message("zh")
    return problem


@pytest.mark.parametrize("key", ["min_flow", "contract"])
def test_more_than_the_link_can_carry_is_refused(key: str, tmp_path: Path) -> None:
    found = refused(simple({key: "90 t/a", "capacity": "80 t/a"}), tmp_path)
    problem = one(found, "above_capacity")
    assert problem.key == f"links.haul.{key}"
    assert problem.line is not None
    assert problem.details == {"found": "90 t/a", "capacity": "80 t/a"}


@pytest.mark.parametrize("key", ["min_flow", "contract"])
def test_terms_in_another_unit_are_refused(key: str, tmp_path: Path) -> None:
    problem = one(refused(simple({key: "90 GJ/a"}), tmp_path), "wrong_dimension")
    assert problem.key == f"links.haul.{key}"


def test_a_fixed_cost_is_money_per_year(tmp_path: Path) -> None:
    [problem] = refused(simple({"fixed_cost": "90 CNY/t"}), tmp_path)
    assert problem.key == "links.haul.fixed_cost"


def test_lumpy_without_an_investment_is_refused(tmp_path: Path) -> None:
    assert one(refused(simple({"lumpy": True}), tmp_path), "lumpy_needs_investment").line


def test_at_most_no_partner_is_refused(tmp_path: Path) -> None:
    whole = simple({})
    blend = whole["enterprises"]["cement"]["units"]["plant"]["uses"]["blend"]
    blend["max_partners"] = 0
    [problem] = refused(whole, tmp_path)
    assert problem.key.endswith("blend.max_partners")


def test_a_treatment_that_yields_more_than_it_takes_is_named(tmp_path: Path) -> None:
    wash = treatment("120 %", "nothing")
    [problem] = refused(treated(wash), tmp_path)
    assert problem.key == "treatments.wash.yield"
    assert "120 %" in problem.message("en")


def test_room_and_power_of_a_treatment_fit_its_material(tmp_path: Path) -> None:
    wash = treatment("90 %", "nothing", capacity="10 GJ/a", energy="3 kgce/t")
    found = refused(treated(wash), tmp_path)
    assert {p.key for p in found} >= {"treatments.wash.capacity"}


def test_a_power_price_is_money_per_power(tmp_path: Path) -> None:
    [problem] = refused(simple({}, policy={"power_price": "0.5 CNY/t"}), tmp_path)
    assert problem.key == "policy.power_price"


# --- ratios


def gas_park(ratio: str) -> Tree:
    """Gas that replaces coal: t of coal per Nm3 of gas."""
    gas = byproduct("1000 Nm3/a", counted="Nm3")
    boiler = needs(fuel=use("80 t/a", accepts={"gas": accept(ratio)}, share_basis="need"))
    pipe = link("works.gas", "boiler.fuel", cost="0 CNY/Nm3", mode="pipe")
    modes = {
        "pipe": {"name_zh": "管", "name_en": "pipe", "unit": "Nm3", "freight": "0 CNY/(Nm3*km)"}
    }
    kinds = {"gas": material("gas", "Nm3", "none")}
    return tree({"works": makes(gas=gas), "boiler": boiler}, {"pipe": pipe}, kinds, transport=modes)


def test_a_ratio_the_wrong_way_round_is_named_where_units_prove_it(tmp_path: Path) -> None:
    problem = one(refused(gas_park("1500 Nm3/t"), tmp_path), "ratio_wrong_way")
    assert problem.key.endswith("accepts.gas.ratio")
    assert problem.details == {"found": "1500 Nm3/t", "expected": "t/Nm3"}


def test_a_ratio_in_a_unit_of_neither_is_a_wrong_dimension(tmp_path: Path) -> None:
    assert one(refused(gas_park("1500 GJ/t"), tmp_path), "wrong_dimension")


def test_a_ratio_far_from_one_between_equal_units_is_doubtful() -> None:
    """25 t for one, and one for 25: both beyond a factor of 20."""
    for ratio in ("25 t/t", "0.04 t/t"):
        doubt = one(doubted(simple({}, {"slag": accept(ratio)})), "ratio_far_from_one")
        assert doubt.key.endswith("accepts.slag.ratio")
    near = doubted(simple({}, {"slag": accept("15 t/t")}))
    assert "ratio_far_from_one" not in {d.code for d in near}


def test_an_observed_flow_that_fits_only_the_ratio_turned_round_is_doubtful() -> None:
    """90 t observed at 2 t/t would replace 180 t of a need of 80 t; at 0.5 t/t they are 45 t.

    At 1 t/t a flow of 200 t contradicts the need, and no ratio turned round would help.
    """
    observed = {"observed": "90 t/a"}
    doubt = one(doubted(simple(observed, {"slag": accept("2 t/t")})), "observed_beyond_need")
    assert doubt.details["most"] == "40 t/a"
    for fine in (
        simple(observed, {"slag": accept("0.5 t/t")}),
        simple({"observed": "200 t/a"}, {"slag": accept("1 t/t")}),
    ):
        assert "observed_beyond_need" not in {d.code for d in doubted(fine)}


# --- permits


def hazardous(permits: list[str], **policy: Any) -> Tree:
    """Hazardous dust into a smelter."""
    return tree(
        {
            "works": makes(dust="100 t/a"),
            "smelter": needs(feed=use("80 t/a", "dust", permits=permits)),
        },
        {"haul": link("works.dust", "smelter.feed")},
        {"dust": material(waste_class="hazardous")},
        policy=policy,
    )


def test_hazardous_waste_without_a_permit_is_refused_where_the_park_asks_for_one(
    tmp_path: Path,
) -> None:
    problem = one(refused(hazardous([], permits_required=True), tmp_path), "permit_missing")
    assert problem.key.startswith("links.haul.uses")
    assert problem.line is not None
    assert problem.details["use"] == "smelter.feed"


def test_hazardous_waste_without_a_permit_is_doubtful_elsewhere() -> None:
    doubt = one(doubted(hazardous([])), "permit_not_stated")
    assert doubt.details == {"found": "haul", "use": "smelter.feed", "byproduct": "works.dust"}


def test_a_permitted_taker_raises_no_doubt() -> None:
    for policy in ({}, {"permits_required": True}):
        codes = {d.code for d in doubted(hazardous(["hazardous"], **policy))}
        assert "permit_not_stated" not in codes


# --- no limit


def test_what_earns_without_limit_is_named(solver: str) -> None:
    """A mill that earns 30 CNY/t and whose load has no limit: the feed has none either."""
    mill = runs(
        {}, {"feed": use("100 t/a", virgin="1 CNY/t")}, capacity="80 t/a", income="50 CNY/t"
    )
    found = park({"works": makes(slag="50 t/a"), "mill": mill})
    data = slice_of(found)
    free = {n: replace(r, max_load=float("inf")) for n, r in data.runners.items()}
    with pytest.raises(NoAnswer) as caught:
        optimise_slice(found, replace(data, runners=free), Goal.COST, solver)
    codes = [p.code for p in caught.value.problems]
    assert codes == ["status_unbounded", "endless_running"]
    assert caught.value.problems[1].message("en") == (
        "'plant' at company earns 4,000 CNY per full load without limit"
    )
    assert "没有上限" in caught.value.problems[1].message("zh")


def test_a_negative_price_without_limit_is_named(solver: str) -> None:
    """A use whose need is free and whose virgin material is paid to be taken."""
    pit = needs(fill=use("10 t/a", virgin="-7 CNY/t"))
    found = park({"works": makes(slag="50 t/a"), "pit": pit})
    data = slice_of(found)
    free = {n: replace(need, free=True) for n, need in data.needs.items()}
    with pytest.raises(NoAnswer) as caught:
        optimise_slice(found, replace(data, needs=free), Goal.COST, solver)
    assert [p.code for p in caught.value.problems] == ["status_unbounded", "endless_bought"]
    assert caught.value.problems[1].message("en") == (
        "buying for 'fill' at company earns 7 CNY/t without limit"
    )
