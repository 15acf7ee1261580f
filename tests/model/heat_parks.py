"""Small parks of heat streams.

    heat_park({"gas": hot("330 GJ/a", 170, 60)}, {"feed": cold("230 GJ/a", 20, 135)})

Every by-product has a link to every use unless ``ways`` says otherwise. Heat that is left cools
down free of charge, and what is missing is bought at 10 CNY/GJ.
"""

from collections.abc import Iterable
from typing import Any

from symbiosis.park.park import Park
from tests.model.parks import (
    Tree,
    accept,
    checked,
    enterprise,
    link,
    material,
    named,
    route,
    runs,
    tree,
    unit,
    use,
)

HEAT = {"heat": material("heat", "GJ", "none")}
PIPE = {"pipe": named("pipe", unit="GJ", freight="0 CNY/(GJ*km)")}


def degrees(supply: float, target: float, approach: float = 5, **rest: Any) -> Tree:
    ends = {"supply": f"{supply} °C", "target": f"{target} °C"}
    return {**ends, "approach": f"{approach} K", **rest}


def hot(duty: str, supply: float, target: float, approach: float = 5, **rest: Any) -> Tree:
    """A by-product that cools down; without a duty a heat capacity flow is in ``rest``."""
    made = {"full_load": duty} if duty else {}
    flow = {"heat_capacity_flow": rest.pop("flow")} if "flow" in rest else {}
    routes = {"routes": {"air": route("0 CNY/GJ", "discharged")}}
    heat = degrees(supply, target, approach, **flow)
    return {"material": "heat", **routes, "heat": heat, **made, **rest}


def cold(duty: str, supply: float, target: float, approach: float = 5, **rest: Any) -> Tree:
    """A use that warms up."""
    flow = {"heat_capacity_flow": rest.pop("flow")} if "flow" in rest else {}
    heat = degrees(supply, target, approach, **flow)
    taken = {"heat": accept("1 GJ/GJ")}
    virgin = rest.pop("virgin", "10 CNY/GJ")
    return use(duty, virgin=virgin, accepts=taken, heat=heat, **rest)


def pipe(start: str, end: str, **rest: Any) -> Tree:
    return link(start, end, cost="0 CNY/GJ", **{"mode": "pipe", **rest})


def main(at: float, most: str, given: str = "") -> Tree:
    """A steam main: it takes heat at its temperature or above and gives it back, less losses."""
    steam = hot(given or most, at, at, 0)
    return runs({"steam": steam}, {"boiler": cold(most, at, at, 0, virgin=None)})


def heat_tree(
    hots: Tree, colds: Tree, ways: Iterable[tuple[str, str]] | None = None, **others: Tree
) -> Tree:
    """Hot streams of ``source`` and cold streams of ``sink``, and other companies by name."""
    companies = {
        "source": enterprise(units={"plant": unit(hots)}),
        "sink": enterprise(units={"plant": unit(uses=colds)}),
        **others,
    }
    every = [(f"source.{h}", f"sink.{c}") for h in hots for c in colds]
    chosen = every if ways is None else list(ways)
    links = {f"{a.replace('.', '_')}_{b.replace('.', '_')}": pipe(a, b) for a, b in chosen}
    return tree(companies, links, HEAT, transport=PIPE)


def heat_park(hots: Tree, colds: Tree, **rest: Any) -> Park:
    return checked(heat_tree(hots, colds, **rest))
