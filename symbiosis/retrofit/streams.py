"""Luck: every stage of every project, every unit and every path draws from a stream of its own.

A stream is keyed by seed, number of the run and names, never by the order in which things happen,
so that a project or a unit more or less, a worker more or less, and another scenario with the same
seed leave every other stream as it was (common random numbers).
"""

import hashlib
from functools import lru_cache

import numpy as np


@lru_cache(maxsize=65_536)
def stable(name: str) -> int:
    """A name as a number, the same on every machine and in every process."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")


def stream(seed: int, index: int, *names: str) -> np.random.Generator:
    """The stream of the thing called ``names`` in the run ``index`` of ``seed``."""
    key = (index, *map(stable, names))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
