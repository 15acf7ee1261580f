"""What a park file says of the course of its units over the year that has no effect."""

from collections.abc import Iterator
from typing import Any

from symbiosis.park.declaration import Path
from symbiosis.park.park import Park
from symbiosis.park.season import Spread

Found = tuple[Path, str, dict[str, Any]]


def season_doubts(park: Park) -> Iterator[Found]:
    """Weights on a supply-driven unit, and any profile on what it makes or needs.

    Its load is free within its limits: only a profile of loads at the unit limits it.
    """
    for enterprise, unit_id, unit in park.units():
        if not unit.runs_freely:
            continue
        path: Path = ("enterprises", enterprise, "units", unit_id)
        named = {"unit": f"{enterprise}.{unit_id}"}
        if unit.profile and park.profiles[unit.profile].spread is Spread.WEIGHT:
            yield (*path, "profile"), "weight_without_effect", {**named, "found": unit.profile}
        for kind in ("uses", "byproducts"):
            for name, noun in getattr(unit, kind).items():
                if noun.profile:
                    details = {**named, "found": noun.profile}
                    yield (*path, kind, name, "profile"), "profile_without_effect", details
