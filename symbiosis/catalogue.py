"""What is bundled: one row per park and per scenario, as ``parks`` and ``scenarios`` list them."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from symbiosis.park.load import bundled, load_park
from symbiosis.park.park import Park
from symbiosis.park.quantity import Grade, Quantity

Row = dict[str, Any]


def park_rows() -> list[Row]:
    """Every bundled park: name, name_zh, name_en, province, counts, quantities by grade."""
    return [{"name": name} | park_row(load_park(name)) for name in bundled("parks")]


def park_row(park: Park) -> Row:
    """One park as a row, without the name that it is called by."""
    return {
        "name_zh": park.name_zh,
        "name_en": park.name_en,
        "province": park.province,
        "province_zh": park.province_zh,
        "start": park.start,
        "enterprises": len(park.enterprises),
        "byproducts": len(park.byproducts),
        "links": len(park.links),
        "projects": len(park.projects),
        "grades": grades_of(park),
    }


def scenario_rows() -> list[Row]:
    """Every bundled scenario, with the row of the park as the scenario leaves it."""
    from symbiosis.scenario import load_scenario

    rows = []
    for name in bundled("scenarios"):
        scenario = load_scenario(name)
        own = {
            "name": name,
            "park": scenario.park.id,
            "question_zh": scenario.question_zh,
            "question_en": scenario.question_en,
            "open": sorted(status.value for status in scenario.opened),
        }
        names = {"name_zh": scenario.name_zh, "name_en": scenario.name_en}
        rows.append(own | park_row(scenario.park) | names)
    return rows


def grades_of(park: Park) -> dict[str, int]:
    """How many quantities have which grade that counts; ``none`` where none is stated."""
    counts = dict.fromkeys([*(grade.value for grade in Grade), "none"], 0)
    for quantity in quantities(park):
        grade = quantity.effective_grade
        counts["none" if grade is None else grade.value] += 1
    return counts


def quantities(noun: Any) -> Iterator[Quantity]:
    """Every quantity below a noun, itself included."""
    if isinstance(noun, Quantity):
        yield noun
        return
    below: list[Any] = []
    if isinstance(noun, BaseModel):
        below = [getattr(noun, name) for name in type(noun).model_fields]
    elif isinstance(noun, dict):
        below = list(noun.values())
    elif isinstance(noun, tuple):
        below = list(noun)
    for inner in below:
        yield from quantities(inner)
