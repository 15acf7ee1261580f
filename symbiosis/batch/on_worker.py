"""What runs in a worker of a cluster: prepared once in each process, one part at a time.

A worker may have several threads. GLPK keeps what it makes with the thread that made it, and a
prepared work is nobody else's: whatever thread Dask calls, all is done in one thread of our own.
The scheduler imports this file too, so it stands on nothing but the standard library.
"""

import hashlib
import os
import pickle
import platform
import sys
import zlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from typing import Any

DECIDING = ("symbiosis", "pyomo", "highspy", "swiglpk", "numpy", "scipy")
"""Packages whose version can change a number."""
MISSING = "-"
BLAS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
KEPT = 4
"""Prepared works that a process keeps, the latest used: as many batches may share a cluster."""
DONE, DIFFERS = "done", "differs"
Answer = tuple[str, Any]
"""``DONE`` and the pickled outcome, or ``DIFFERS``, who is here and with which versions."""

_thread = ThreadPoolExecutor(1, thread_name_prefix="symbiosis")
_prepared: OrderedDict[bytes, Callable[[Any], Any]] = OrderedDict()


def versions() -> dict[str, str]:
    """What this process would calculate with."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, **{name: _version(name) for name in DECIDING}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING


def condition() -> dict[str, Any]:
    """Versions, and whether each numerical library keeps to one thread."""
    return {
        "versions": versions(),
        "one_blas_thread": all(os.environ.get(name) == "1" for name in BLAS),
    }


def order(prepare: Callable[[], Callable[[Any], Any]]) -> bytes:
    """What goes with every part: our versions, and how to prepare."""
    return pickle.dumps((versions(), zlib.compress(pickle.dumps(prepare))))


def live(ordered: bytes, part: bytes) -> Answer:
    """One part in this process; what ``prepare`` or the work raises is raised."""
    return _thread.submit(_live, ordered, part).result()


def _live(ordered: bytes, part: bytes) -> Answer:
    key = hashlib.sha256(ordered).digest()
    if key not in _prepared:
        asked, packed = pickle.loads(ordered)
        here = versions()
        if here != asked:
            return DIFFERS, {f"{platform.node()} ({os.getpid()})": here}
        _prepared[key] = pickle.loads(zlib.decompress(packed))()
        if len(_prepared) > KEPT:
            _prepared.popitem(last=False)
    _prepared.move_to_end(key)
    return DONE, pickle.dumps(_prepared[key](pickle.loads(part)))
