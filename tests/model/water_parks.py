"""Parks of water sources, demands and operations, all linked to all."""

from collections.abc import Sequence
from typing import Any

from symbiosis.park.park import Park
from tests.model.parks import (
    accept,
    byproduct,
    enterprise,
    link,
    makes,
    material,
    named,
    needs,
    park,
    unit,
    use,
)

Tree = dict[str, Any]
SECTIONS = {
    "qualities": {"salt": named("salt", unit="mg/L"), "cod": named("COD", unit="mg/L")},
    "transport": {"truck": named("pipe", unit="m3", freight="0 CNY/(m3*km)")},
}
WATER = {"water": material("water", "m3", "none")}


def fresh(price: str = "1 CNY/m3", **levels: str) -> Tree:
    return named("fresh water", price=price, qualities={"salt": "0 mg/L", **levels})


def source(amount: str, **levels: str) -> Tree:
    return byproduct(amount, material="water", counted="m3", qualities=levels)


def demand(amount: str = "", bought: Tree | None = None, **rest: Any) -> Tree:
    """A water use; clean water at 1 CNY/m3 unless ``bought`` says another."""
    wanted = use(amount, accepts={"water": accept("1 m3/m3")}, unit="m3", **rest)
    return {**wanted, "virgin": fresh() if bought is None else bought}


def limited(amount: str, salt: str) -> Tree:
    return demand(amount, limits={"salt": {"upper": salt}})


def operation(name: str, load: str, inlet: str, outlet: str) -> Tree:
    """An enterprise that washes: its effluent is what it took in, at its outlet level."""
    wash = demand(load={"salt": load}, outlet={"salt": outlet}, limits={"salt": {"upper": inlet}})
    out = byproduct(
        material="water",
        counted="m3",
        returns={"use": f"{name}.wash"},
        qualities={"salt": outlet},
    )
    return enterprise(units={"plant": unit({"effluent": out}, {"wash": wash})})


def pipe(start: str, *ends: str, **rest: Any) -> Tree:
    return link(start, *ends, **{"cost": "0 CNY/m3", **rest})


def water_park(enterprises: Tree, links: Tree, **sections: Any) -> Park:
    return park(enterprises, links, WATER, **{**SECTIONS, **sections})


def fixed_flows(
    sources: Sequence[tuple[float, float]], demands: Sequence[tuple[float, float]]
) -> Park:
    """Sources and demands (m3/a, mg/L), every source to every demand."""
    names = {f"s{i}": s for i, s in enumerate(sources)}
    made: Tree = {name: source(f"{f!r} m3/a", salt=f"{c!r} mg/L") for name, (f, c) in names.items()}
    wanted: Tree = {
        f"d{i}": limited(f"{f!r} m3/a", f"{c!r} mg/L") for i, (f, c) in enumerate(demands)
    }
    ends = [f"to.{name}" for name in wanted]
    links = {name: pipe(f"from.{name}", *ends) for name in made}
    return water_park({"from": makes(**made), "to": needs(**wanted)}, links)


def fixed_loads(operations: Sequence[tuple[float, float, float]]) -> Park:
    """Operations (load in t/a, inlet and outlet in mg/L), every effluent to every operation."""
    names = {f"p{i}": o for i, o in enumerate(operations)}
    ends = [f"{name}.wash" for name in names]
    return water_park(
        {
            n: operation(n, f"{a!r} t/a", f"{i!r} mg/L", f"{o!r} mg/L")
            for n, (a, i, o) in names.items()
        },
        {name: pipe(f"{name}.effluent", *ends) for name in names},
    )
