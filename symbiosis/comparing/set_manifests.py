"""What result sets came from: whether they can be compared, and what they were asked otherwise."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from symbiosis.batch.case import Verb
from symbiosis.batch.manifest import MANIFEST
from symbiosis.batch.place import Place
from symbiosis.batch.query import ResultSet
from symbiosis.batch.tables import CASES, OF
from symbiosis.comparing.row import unlike
from symbiosis.errors import InputError, Problem

Manifest = Mapping[str, Any]
SAID = ("version", "verb", "seed", "axes", "inputs", "parks", "solver")
"""What the manifest of a set has to say."""
FILES = ("inputs", "parks")
"""Of these the ones are told that stand in one set alone, with the start of their hash."""


def refuse_unlike(what: str, addresses: Sequence[str], said: Sequence[Any]) -> None:
    """Raise for sets that are not as the base; what says nothing is refused where it is opened."""
    (base, had), *others = zip(addresses, said, strict=True)
    said_otherwise = [(other, has) for other, has in others if has and had and has != had]
    problems = [unlike(what, other, has, base, had) for other, has in said_otherwise]
    if problems:
        raise InputError(problems)


def manifest_at(address: str) -> Manifest:
    """What a set came from. Raises for one that another version has written."""
    place = Place.at(address)
    found: Manifest = json.loads(place.read(MANIFEST))
    lacking = [key for key in SAID if key not in found]
    if lacking or found["verb"] not in list(Verb):
        raise InputError([_lacks(address, MANIFEST, key) for key in lacking or ["verb"]])
    return found


def refuse_lacking(there: ResultSet, addresses: Mapping[str, str], verb: Verb) -> None:
    """Raise for sets without any part, and for tables without a column that is needed."""
    tables, problems = there.tables, []
    for prefix, address in addresses.items():
        if f"{prefix}cases" not in tables:
            raise InputError([Problem("not_a_result_set", address, details={"found": address})])
        for table, columns in {"cases": CASES, **OF[verb]}.items():
            own = {column.name for column in tables.get(prefix + table, ())}
            problems += [_lacks(address, table, key) for key in columns if key not in own][:1]
    if problems:
        raise InputError(problems)


def _lacks(address: str, file: str, key: str) -> Problem:
    return Problem("result_lacks", address, details={"found": address, "file": file, "lacks": key})


# --- what else they were asked


def asked_otherwise(
    addresses: Sequence[str], manifests: Sequence[Manifest]
) -> Iterator[dict[str, Any]]:
    """Version, options, seed, inputs: where two sets differ."""
    told = [_told(manifest) for manifest in manifests]
    keys = dict.fromkeys(key for one in told for key in one)
    for key, place in product(keys, range(1, len(addresses))):
        one: Any = told[0].get(key)
        two: Any = told[place].get(key)
        if key in FILES:
            one, two = sorted(set(one) - set(two)), sorted(set(two) - set(one))
        if one != two:
            yield {"key": key, "result": addresses[place], "base": one, "other": two}


def _told(manifest: Manifest) -> dict[str, Any]:
    """What a set was asked; an option has a list where its inputs do not agree."""
    inputs = manifest["inputs"]
    options: dict[str, list[Any]] = {}
    for key, value in (pair for one in inputs for pair in one["options"].items()):
        own = options.setdefault(key, [])
        own += [] if value in own else [value]
    return {
        "version": manifest["version"],
        "seed": manifest["seed"],
        **{key: own[0] if len(own) == 1 else own for key, own in options.items()},
        "solver": " ".join(f"{name} {version}" for name, version in manifest["solver"].items()),
        "inputs": [f"{one['scenario']} {one['sha256'][:8]}" for one in inputs],
        "parks": [f"{one['file']} {one['digest'][:8]}" for one in manifest["parks"]],
    }
