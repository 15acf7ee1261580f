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


def _pruned(one: Any, two: Any) -> tuple[Any, Any]:
    """Two trees without what they have in common."""
    if not (isinstance(one, dict) and isinstance(two, dict)):
        return one, two
    keys = [key for key in dict.fromkeys((*one, *two)) if one.get(key) != two.get(key)]
    pairs = [_pruned(one.get(key), two.get(key)) for key in keys]
    had, has = ({key: pair[i] for key, pair in zip(keys, pairs, strict=True)} for i in (0, 1))
    return had, has


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
    yield from _other_inputs(there.get("inputs"), asked["inputs"], address)


def _other_inputs(there: Any, asked: list[dict[str, Any]], address: str) -> Iterator[Problem]:
    """Inputs of one set alone; of two with one name, what they ask otherwise."""
    rows = there if isinstance(there, list) else []
    before, now = ({_of(row, "digest"): row for row in side} for side in (rows, asked))
    gone = {str(_of(row, "scenario")): row for key, row in before.items() if key not in now}
    new = {str(row["scenario"]): row for key, row in now.items() if key not in before}
    for name in [name for name in gone if name in new]:
        had, has = _apart(gone.pop(name), new.pop(name))
        yield _other(address, f"inputs.{name}", had, has)
    if gone or new:
        yield _other(address, "inputs", ", ".join(gone) or "-", ", ".join(new) or "-")


def _apart(had: Any, has: Mapping[str, Any]) -> tuple[Any, Any]:
    """In what two inputs differ: their options, else their sweeps, else what their files hold."""
    for part in ("options", "sweep"):
        if _of(had, part) != has[part]:
            return _pruned(_of(had, part), has[part])
    return f"{_of(had, 'file')} {str(_of(had, 'sha256'))[:8]}", f"{has['file']} {has['sha256'][:8]}"


def _of(row: Any, name: str) -> Any:
    """What a row says, where it is one: a manifest may have been changed by hand."""
    return row.get(name) if isinstance(row, dict) else None


def _other(address: str, name: str, there: Any, asked: Any) -> Problem:
    details = {"name": name, "found": _short(there), "asked": _short(asked)}
    return Problem("batch_differs", address, key=name, details=details)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
