"""An optimum seen season by season: each with its own numbers, decisions and marginals.

Whatever reads a whole optimum can read a view of one season; where the year is one slice, the only
view is the optimum itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symbiosis.optimum import Optimum, Stage

Key = tuple[str, Any]


def views(optimum: Optimum) -> list[tuple[str, Optimum]]:
    """(season, optimum of that season); the season is empty where the year is one slice."""
    if optimum.year.single:
        return [("", optimum)]
    return [
        (season, replace(optimum, data=data, point=point, stages=_stages(optimum, season)))
        for season, (data, point) in zip(optimum.year.names, optimum.seasons(), strict=True)
    ]


def _stages(optimum: Optimum, season: str) -> tuple[Stage, ...]:
    return tuple(
        replace(
            stage,
            marginals=_of(stage.marginals, season),
            bound_marginals=_of(stage.bound_marginals, season),
        )
        for stage in optimum.stages
    )


def _of(marginals: Mapping[Key, float], season: str) -> dict[Key, float]:
    """The marginals of one season under the keys of its slice."""
    return {
        (name, index[1]): value
        for (name, index), value in marginals.items()
        if isinstance(index, tuple) and len(index) == 2 and index[0] == season
    }
