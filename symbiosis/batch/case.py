"""One case of a batch: a scenario with changes laid over it, what is asked of it, and its key.

The key is a hash of all that the answer depends on: what the park declares, what the scenario
changes, the changes of the sweep, the verb and its options, the version of this package. A file
with another name has the same key; another number has another one. Its seed comes from the key,
so that it depends on no other case, on no order and on no worker.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.metadata import version
from typing import Any

import numpy as np

from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration, Place
from symbiosis.retrofit.streams import stable

ONLY_NAMES = ("name_zh", "name_en", "question_zh", "question_en", "park", "sweep")
"""Keys of a scenario file on which no answer depends; its park counts by what it says."""
Axis = float | int | bool | str


class Verb(StrEnum):
    """What is done with every case."""

    OPTIMISE = "optimise"
    PLAN = "plan"
    SIMULATE = "simulate"


@dataclass(frozen=True)
class Case:
    """One case: plain, small, picklable.

    ``park`` is the digest of the park, which the batch holds once; ``scenario`` is None for a park
    as it is. ``changes`` are laid over the scenario as its own ``set`` is. Cases with one ``base``
    differ in their changes alone; ``alike`` says that they are the variations of a sweep, for which
    what they share is prepared. ``problems`` are those of a file that cannot be read.
    """

    key: str
    name: str
    park: str
    scenario: Declaration | None
    verb: Verb
    options: Mapping[str, Any]
    changes: Mapping[str, Any] = field(default_factory=dict)
    axes: Mapping[str, Axis] = field(default_factory=dict)
    base: str = ""
    alike: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def base_case(self) -> "Case":
        """What this case is a variation of."""
        return replace(self, changes={})

    @property
    def declaration(self) -> Declaration | None:
        """The scenario with the changes in its ``set``, each said where the sweep says it."""
        declared = self.scenario
        if declared is None or not self.changes:
            return declared
        for dotted, value in self.changes.items():
            place = _place(declared, dotted)
            both = {**(declared.tree.get("set") or {}), dotted: value}
            declared = declared.changed(("set",), both, place)
            declared = declared.changed(("set", dotted), value, place)
        return declared


def _place(declared: Declaration, dotted: str) -> Place:
    return declared.place(("sweep", "keys", dotted))


def digest(value: Any) -> str:
    """The hash of plain data: the order of keys says nothing."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def said(scenario: Declaration | None) -> Any:
    """What a scenario says of which an answer can depend."""
    if scenario is None or not isinstance(scenario.tree, dict):
        return None
    return {key: value for key, value in scenario.tree.items() if key not in ONLY_NAMES}


def key_of(base: str, changes: Mapping[str, Any], before: int = 0) -> str:
    """The key of a case that lays changes over a base; the same were drawn ``before`` so often."""
    return digest([base, changes, before] if before else [base, changes])


def base_of(
    park: str, scenario: Any, verb: Verb, options: Mapping[str, Any], seed: int | None
) -> str:
    """The hash of what variations have in common; the batch's seed where it is drawn from."""
    return digest([version("symbiosis"), park, scenario, verb.value, dict(options), seed])


def seed_of(seed: int, key: str) -> int:
    """The seed of the case ``key`` in a batch of ``seed``."""
    sequence = np.random.SeedSequence(seed, spawn_key=(stable(key),))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))
