"""``new``: commented starting files that pass ``check``, from ``lang/template.toml``."""

import os
import re
from pathlib import Path

from symbiosis.candidates import candidates_of
from symbiosis.park.load import load_park
from symbiosis.park.park import Park
from symbiosis.words import say

ID = re.compile(r"[a-z0-9][a-z0-9-]*")
"""Source: the pattern of ``id`` in park and scenario files."""


def park_text(name: str, lang: str) -> str:
    """A park of three enterprises, every key explained in ``lang``."""
    return say("template.park", lang, name=name)


def scenario_text(name: str, park: str, lang: str) -> str:
    """A scenario of ``park`` (bundled name or path), with examples from its own ids.

    Raises :class:`InputError` where there is no such park or it has errors.
    """
    return say("template.scenario", lang, name=name, park=park, **_examples(load_park(park)))


def _examples(park: Park) -> dict[str, str]:
    """Ids of the park for the examples of a scenario file."""
    enterprise, unit, _ = next(
        (found for found in park.units() if found[2].activity is not None), ("ID", "ID", None)
    )
    return {
        "start": str(park.start),
        "horizon": park.horizon.value,
        "boundary": next(iter(park.boundaries)),
        "document": next(iter(park.rate_documents)),
        "unit": f"enterprises.{enterprise}.units.{unit}",
        "link": next(iter(park.links), "ID"),
        "project": next(iter(candidates_of(park, park.start)), "ID"),
    }


def is_id(name: str) -> bool:
    """Whether a name can be the id of a park or scenario."""
    return ID.fullmatch(name) is not None


def write_new(path: Path, text: str) -> Path:
    """Write ``text`` whole or not at all, over what was there; the absolute path."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path.resolve()
