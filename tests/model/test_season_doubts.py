"""Courses over the year that have no effect on units that run on what they get."""

from pathlib import Path
from typing import Any

import pytest

from symbiosis.doubts import doubts_of
from symbiosis.park.declaration import Declaration
from symbiosis.seasons import cut
from symbiosis.slicing import slice_of
from symbiosis.yamlfile import Document
from tests.model.parks import Tree, byproduct, checked, link, makes, named, runs, tree, use

CODES = ("weight_without_effect", "profile_without_effect")


def milled(spread: str, unit: Tree, powder: Tree, slag: Tree) -> Tree:
    """A mill whose unit or powder may follow ``late``, and works whose slag may."""
    values = {"a": "40 %", "b": "100 %"}
    mill = runs({"powder": byproduct("80 t/a", **powder)},
                {"feed": use("100 t/a", "slag", virgin=None)}, **unit)  # fmt: skip
    return tree(
        {"works": makes(slag=byproduct("100 t/a", **slag)), "mill": mill},
        {"haul": link("works.slag", "mill.feed")},
        seasons={name: named(name, hours="4380 h") for name in "ab"},
        profiles={"late": named("late", spread=spread, values=values)},
    )


def doubted(whole: Tree) -> list[Any]:
    declaration = Declaration.of(Document(Path("tiny.yaml"), whole, {}))
    return [d for d in doubts_of(checked(whole), declaration) if d.code in CODES]


LATE = {"profile": "late"}


@pytest.mark.parametrize(
    ("spread", "unit", "powder", "slag", "code", "key"),
    [
        ("weight", LATE, {}, {}, CODES[0], "profile"),
        ("weight", {}, LATE, {}, CODES[1], "byproducts.powder.profile"),
        ("load", {}, LATE, {}, CODES[1], "byproducts.powder.profile"),
        ("load", LATE, {}, {}, "", ""),
        ("weight", {}, {}, LATE, "", ""),
    ],
)
def test_a_course_without_effect_is_doubted(
    spread: str, unit: Tree, powder: Tree, slag: Tree, code: str, key: str
) -> None:
    found = doubted(milled(spread, unit, powder, slag))
    assert [(d.code, d.key.removeprefix("enterprises.mill.units.plant.")) for d in found] == (
        [(code, key)] if code else []
    )
    assert all("mill.plant" in d.message(lang) for d in found for lang in ("en", "zh"))


@pytest.mark.parametrize(("spread", "most"), [("weight", (0.5, 0.5)), ("load", (0.2, 0.5))])
def test_only_loads_limit_the_unit(spread: str, most: tuple[float, float]) -> None:
    """Half a year at full load each; at a load of 40 % the first half has 0.2 of a year."""
    park = checked(milled(spread, LATE, {}, {}))
    slices = cut(park, slice_of(park)).slices
    loads = [data.runners["mill.plant"].max_load for data in slices]
    shares = [data.supplies["mill.powder"].per_load / 80 for data in slices]
    assert [a * b for a, b in zip(loads, shares, strict=True)] == pytest.approx(most)
