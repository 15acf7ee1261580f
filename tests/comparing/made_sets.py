"""Result sets made by hand, with the rows that a test wants."""

from collections.abc import Mapping, Sequence
from typing import Any

from symbiosis.batch.place import Place
from symbiosis.batch.store import Store

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def made(
    address: str, cases: Mapping[str, Rows | None], verb: str = "optimise",
    axes: Mapping[str, tuple[str, str]] | None = None, said: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """A set of cases by name, each with its tables; None is a case that failed.

    ``cases`` rows among the tables overwrite what the table of cases says by itself.
    """
    manifest = {
        "schema_version": 1, "kind": "batch", "version": "1", "verb": verb, "seed": 0,
        "axes": {key: {"kind": kind, "unit": unit} for key, (kind, unit) in (axes or {}).items()},
        "inputs": [{"scenario": "s", "sha256": "0123456789", "options": {"objective": "cost"}}],
        "parks": [{"file": "p.yaml", "digest": "abcdefghij"}], "solver": {"highspy": "1"},
    }  # fmt: skip
    store = Store.opened(Place.at(address), manifest | dict(said or {}), False)
    for name, tables in cases.items():
        own = {"name": name, "park": "p", "status": "failed" if tables is None else "done"}
        own |= dict((tables or {}).get("cases", [{}])[0])
        rows = {"summary": [{"money_year": 2025}], **(tables or {}), "cases": [own]}
        if own["status"] == "failed":
            del rows["summary"]
        store.add(f"{address}:{name}", rows)  # type: ignore[arg-type]
    store.flush()
    store.close()
    return address


def indicator(name: str, value: float | None, unit: str = "CNY") -> dict[str, Any]:
    """A row of ``indicators``."""
    return {"id": name, "value": value, "unit": unit}


def costing(value: float | None, **case: Any) -> Rows:
    """A case that costs so much."""
    return {"indicators": [indicator("cost", value)], "cases": [case]}
