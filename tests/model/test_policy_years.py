"""From when a tax, a carbon price, an item of the refund catalogue and a freight rate hold."""

from pathlib import Path
from typing import Any

import pytest

from symbiosis.doubts import doubts_of
from symbiosis.errors import InputError
from symbiosis.park.declaration import Declaration
from symbiosis.park.park import Park
from symbiosis.yamlfile import Document
from tests.model.parks import (
    byproduct,
    checked,
    link,
    makes,
    named,
    near,
    needs,
    park,
    route,
    solve,
    tree,
    use,
)

Tree = dict[str, Any]


def dated(value: str, effective: int | None) -> Any:
    return {"value": value, **({} if effective is None else {"effective": effective})}


def dump(effective: int | None) -> Park:
    """100 t/a on a heap that is not compliant and emits 5 kg/t; a kiln buys 1 t at 0.5 t/t."""
    heap = route("30 CNY/t", compliant=False, co2e="5 kg/t")
    meal = use("1 t/a", "chalk") | {"virgin": named("stone", price="0 CNY/t", co2e="0.5 t/t")}
    slag = byproduct("100 t/a", tax="slag", routes={"heap": heap})
    return park(
        {"works": makes(slag=slag), "kiln": needs(meal=meal)},
        policy={
            "environmental_tax": {"slag": dated("25 CNY/t", effective)},
            "carbon_price": dated("60 CNY/t", effective),
        },
    )


@pytest.mark.parametrize(("effective", "paid"), [(None, True), (2018, True), (2019, False)])
def test_a_tax_and_a_carbon_price_are_paid_from_their_year_on(
    solver: str, effective: int | None, paid: bool
) -> None:
    """In 2018: 3,000 CNY for the heap, and from their year on 2,500 of tax, 1 t x 60 of CO2e."""
    best = solve(dump(effective), "cost", solver, year=2018)
    assert near(best.cost_cny, 3_000 + (2_500 + 60 if paid else 0))
    assert near(best.cost_items["tax"], 2_500 if paid else 0)
    assert ("carbon_price" in best.cost_items) == paid


def brick(rule: Tree, item: Tree) -> Tree:
    """100 t/a of bricks from slag at 60 CNY/t or clay at 50; the refund is 12 CNY/t."""
    content = named("refund", materials=["slag"], **{"refund": "12 CNY/t", **rule})
    return tree(
        {
            "works": makes(slag="80 t/a"),
            "kiln": needs(brick=use("100 t/a", "slag", content=[content])),
        },
        {"way": link("works.slag", "kiln.brick", cost="60 CNY/t")},
        policy={"vat_refund": {"products": named("bricks", refund="70 %", **item)}},
    )


ITEM = {"least_content": "70 %", "effective": 2015}


@pytest.mark.parametrize(("year", "cost"), [(2014, 5_000), (2015, 5_000 + 700 - 1_200)])
def test_a_refund_has_content_and_first_year_of_its_item(
    solver: str, year: int, cost: float
) -> None:
    """70 t of slag cost 700 CNY more than clay; from 2015 on 1,200 CNY are paid back."""
    found = checked(brick({"item": "products"}, ITEM))
    assert near(solve(found, "cost", solver, year=year).cost_cny, cost)


def test_an_item_without_a_content_leaves_it_to_the_rule(solver: str) -> None:
    """80 % stated at the rule: 80 t of slag cost 800 CNY more, 1,200 come back."""
    found = checked(brick({"item": "products", "at_least": "80 %"}, {"effective": 2015}))
    assert near(solve(found, "cost", solver).cost_cny, 5_000 + 800 - 1_200)


def test_a_required_content_of_an_item_holds_from_its_year_on(solver: str) -> None:
    found = checked(brick({"item": "products", "refund": "0 CNY/t", "required": True}, ITEM))
    assert near(solve(found, "cost", solver, year=2014).cost_cny, 5_000)
    assert near(solve(found, "cost", solver, year=2015).cost_cny, 5_700)


AT = "enterprises.kiln.units.plant.uses.brick.content.0"


@pytest.mark.parametrize(
    ("rule", "item", "code", "key"),
    [
        ({"item": "products", "at_least": "70 %"}, ITEM, "content_twice", f"{AT}.at_least"),
        ({"item": "products"}, {}, "content_without_share", AT),
        ({}, ITEM, "content_without_share", AT),
        ({"item": "product"}, ITEM, "unknown_name", f"{AT}.item"),
    ],
)
def test_the_least_content_is_stated_once(rule: Tree, item: Tree, code: str, key: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(brick(rule, item))
    assert [(p.code, p.key) for p in caught.value.problems] == [(code, key)]


def policy_doubts_in(whole: Tree) -> list[tuple[str, str]]:
    codes = ("not_in_effect", "freight_of_later")
    declaration = Declaration.of(Document(Path("tiny.yaml"), whole, {}))
    return [(d.code, d.key) for d in doubts_of(checked(whole), declaration) if d.code in codes]


def test_check_names_what_is_not_in_effect_yet() -> None:
    """Seen from 2025: what begins in 2026 is named, and freight of 2026 is used all the same."""
    whole = brick({"item": "products"}, ITEM)
    assert policy_doubts_in(whole) == []
    steps = [{"above": "1 kWh/t", "surcharge": "1 CNY/kWh"}]
    later = {
        "environmental_tax": {"slag": dated("25 CNY/t", 2026)},
        "vat_refund": {"products": named("bricks", refund="70 %", **ITEM | {"effective": 2026})},
        "tiered_power": {"zinc": named("zinc", versions=[{"effective": 2026, "steps": steps}])},
        "carbon_price": dated("60 CNY/t", 2026),
    }
    truck = named("truck", unit="t", freight=dated("1 CNY/(t*km)", 2026))
    found = policy_doubts_in(whole | {"policy": later, "transport": {"truck": truck}})
    assert sorted(found) == [
        ("freight_of_later", "transport.truck.freight"),
        ("not_in_effect", "policy.carbon_price"),
        ("not_in_effect", "policy.environmental_tax.slag"),
        ("not_in_effect", "policy.tiered_power.zinc"),
        ("not_in_effect", "policy.vat_refund.products"),
    ]
