"""Batches of the small park, and their sets as plain rows."""

from typing import Any

from symbiosis.batch.engine import Engine, local
from symbiosis.batch.gather import gather
from symbiosis.batch.manifest import manifest_of
from symbiosis.batch.options import Order
from symbiosis.batch.place import Place
from symbiosis.batch.run import Tally, run
from symbiosis.batch.store import Store, committed

NOT_COMPARED = ("seconds",)


def work_through(
    names: list[str], address: str, resume: bool = False, engine: Engine | None = None,
    order: Order | None = None, part: int = 500,
) -> tuple[Tally, Store]:  # fmt: skip
    """A batch from names to a set."""
    batch = gather(names, order or Order())
    store = Store.opened(Place.at(address), manifest_of(batch), resume)
    store.part_cases = part
    return run(batch, store, engine or local(1)), store


def rows_of(address: str) -> dict[str, list[dict[str, Any]]]:
    """Every table of a set in the order of its keys, without what no two runs have in common."""
    import pyarrow.parquet as pq

    place = Place.at(address)
    found: dict[str, list[dict[str, Any]]] = {}
    for table, files in committed(place).items():
        rows = [row for file in files for row in pq.read_table(place.path(file)).to_pylist()]
        kept = [{k: v for k, v in row.items() if k not in NOT_COMPARED} for row in rows]
        found[table] = sorted(kept, key=repr)
    return found
