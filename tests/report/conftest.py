"""Parks to draw: of any number of enterprises, and one that is small enough to check by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis.exchange import ExchangeData
from symbiosis.park.load import load_park
from symbiosis.park.park import Park
from symbiosis.slicing import slice_of

Tree = dict[str, Any]
ROLES = ("anchor", "producer", "producer", "decomposer", "decomposer", "utility", "consumer")
UNITS = {"solid": "t", "gas": "Nm3", "liquid": "t", "heat": "GJ", "water": "m3", "power": "kWh"}


def named(name: str, **rest: Any) -> Tree:
    return {"name_zh": f"第{name}号", "name_en": f"number {name}", **rest}


def enterprise(i: int, number: int) -> Tree:
    """Enterprise ``i`` makes one material of each kind in turn and needs the one of ``i - 1``."""
    kinds = list(UNITS)
    made, taken = kinds[i % 6], kinds[(i - 1) % 6]
    heap = named("heap", kind="stored", cost=f"0 CNY/{UNITS[made]}", compliant=True)
    output = named(f"out{i}", material=made, full_load=f"{1000 * (i + 1)} {UNITS[made]}/a")
    need = named(
        f"in{i}",
        full_load=f"100,000 {UNITS[taken]}/a",
        unit=UNITS[taken] if taken in ("heat", "power") else None,
        counts_as={"now": "utilised"},
        share_basis="input",
        accepts={k: {"ratio": f"1 {UNITS[taken]}/{UNITS[k]}", "max_share": "100 %"} for k in kinds},
    )
    unit = named(
        "unit",
        drive="demand",
        activity="100 %",
        byproducts={"out": output | {"routes": {"heap": heap}}},
        uses={"in": need},
    )
    inside = [] if i % 5 == 4 else ["park"]
    role = ROLES[i % len(ROLES)] if number > 3 else ("anchor", "decomposer", "consumer")[i]
    return named(f"{i}", role=role, inside=inside, units={"main": unit})


def park_of(number: int, per_enterprise: int = 2) -> Park:
    """A park in which each enterprise sends to the next ones, every third link existing."""
    pairs = [
        (i, (i + 1 + 6 * k) % number)
        for i in range(number)
        for k in range(per_enterprise)
        if number >= 1 + 6 * k
    ]
    links = {
        f"l{i}_{j}": named(
            f"{i}-{j}",
            byproduct=f"e{i}.out",
            uses=[f"e{j}.in"],
            status="existing" if (i + j) % 3 else "potential",
            known="assumed",
            distance="1 km",
            mode=UNITS[list(UNITS)[i % 6]],
        )
        for i, j in pairs
    }
    freight = {u: named(u, unit=u, freight=f"1 CNY/({u}*km)") for u in sorted(set(UNITS.values()))}
    return Park.model_validate(
        {
            "schema_version": 1,
            "id": f"of-{number}",
            "province": "Gansu",
            "province_zh": "甘肃",
            "start": 2025,
            "horizon": "5 a",
            "money_year": 2025,
            "boundaries": {"park": named("1")},
            "rate_documents": {"now": named("1")},
            "finance": {"discount_rate": "8 %", "asset_life": "15 a"},
            "transport": freight,
            "materials": {
                kind: named(kind, kind=kind, unit=unit, waste_class="none")
                for kind, unit in UNITS.items()
            },
            "enterprises": {f"e{i}": enterprise(i, number) for i in range(number)},
            "links": links,
            **named("0"),
        }
    )


@pytest.fixture(scope="session")
def make_park() -> Callable[..., Park]:
    return park_of


@pytest.fixture(scope="session")
def tiny() -> tuple[Park, ExchangeData]:
    park = load_park(Path(__file__).parents[1] / "data" / "tiny.yaml")
    return park, slice_of(park)
