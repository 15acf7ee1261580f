"""What a result set came from (version, inputs, verb, options, seed), and whether two agree."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from symbiosis.batch.case import digest
from symbiosis.batch.gather import Batch, Source
from symbiosis.errors import InputError, Problem
from symbiosis.keep import surroundings

SCHEMA_VERSION = 1
KIND = "batch"
SOLVERS = ("highspy", "swiglpk")
DECIDING = ("pyomo", "numpy", "scipy")
"""Other packages whose version can change a number or a draw."""
MANIFEST = "manifest.json"


def manifest_of(batch: Batch) -> dict[str, Any]:
    """The manifest of a batch."""
    around = surroundings()
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": KIND,
        "version": version("symbiosis"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "verb": batch.verb.value,
        "options": dict(batch.order.options),
        "seed": batch.order.seed,
        "cases": batch.count,
        "axes": {key: {"kind": kind, "unit": unit} for key, (kind, unit) in batch.axes.items()},
        "inputs": [_input(source) for source in batch.sources],
        "parks": [
            {"file": batch.park_files[name].name, "digest": name} for name in sorted(batch.parks)
        ],
        "solver": {name: around["packages"].get(name) for name in SOLVERS},
        **around,
    }


def _input(source: Source) -> dict[str, Any]:
    sweep = None if source.sweep is None else source.sweep.said.model_dump(mode="json")
    return {
        "scenario": source.name,
        "file": source.path.name,
        "sha256": source.sha256,
        "cases": source.count,
        "options": source.options,
        "sweep": sweep,
        "digest": digest([source.base or [source.sha256, source.name], source.options, sweep]),
    }


def as_bytes(document: Any) -> bytes:
    """A document as it is written."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode()


def refuse_no_batch(there: Any, address: str) -> None:
    """Raise :class:`InputError` where a manifest is not that of a batch."""
    if not isinstance(there, dict) or there.get("kind") != KIND:
        raise InputError([Problem("not_a_batch", address, details={"found": address})])


def refuse_other(there: Any, asked: Mapping[str, Any], address: str) -> None:
    """Raise :class:`InputError` where a set is not one of the same batch, with what differs."""
    refuse_no_batch(there, address)
    if problems := [*_differences(there, asked, address)]:
        raise InputError(problems)


def _differences(
    there: Mapping[str, Any], asked: Mapping[str, Any], address: str
) -> Iterator[Problem]:
    for name in ("schema_version", "version", "verb", "seed", "cases", "axes", "solver"):
        if there.get(name) != asked[name]:
            yield _other(address, name, there.get(name), asked[name])
    for package in DECIDING:
        had = _of(there.get("packages"), package)
        if had != asked["packages"].get(package):
            yield _other(address, package, had, asked["packages"].get(package))
    inputs = there.get("inputs")
    rows = inputs if isinstance(inputs, list) else []
    before = {_of(row, "digest"): _of(row, "scenario") for row in rows}
    now = {row["digest"]: row["scenario"] for row in asked["inputs"]}
    gone = [str(name) for key, name in before.items() if key not in now]
    new = [str(name) for key, name in now.items() if key not in before]
    if gone or new:
        yield _other(address, "inputs", ", ".join(gone) or "-", ", ".join(new) or "-")


def _of(row: Any, name: str) -> Any:
    """What a row says, where it is one: a manifest may have been changed by hand."""
    return row.get(name) if isinstance(row, dict) else None


def _other(address: str, name: str, there: Any, asked: Any) -> Problem:
    details = {"name": name, "found": _short(there), "asked": _short(asked)}
    return Problem("batch_differs", address, key=name, details=details)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
