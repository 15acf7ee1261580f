"""How much of a unit's capacity is there, over time and month by month."""

from itertools import groupby, pairwise
from operator import itemgetter

from symbiosis.retrofit.run import Run

Steps = tuple[tuple[float, float], ...]
"""(time from which it counts, share): in order of time, each until the next."""


def availability(run: Run, unit: str) -> Steps:
    """The share of a unit's capacity over the run; of several stops at once the least share counts.

    The first step begins at 0, the last one holds until the horizon. Raises ``KeyError`` for a unit
    that the schedule does not have.
    """
    if unit not in run.units:
        raise KeyError(unit)
    downs = [down for down in run.downs if down.unit == unit and down.until_d > down.from_d]
    edges = [(down.from_d, True, down.share) for down in downs]
    edges += [(down.until_d, False, down.share) for down in downs if down.until_d < run.horizon_d]
    steps, here = [(0.0, 1.0)], list[float]()
    for time_d, group in groupby(sorted(edges), key=itemgetter(0)):
        for _, begins, share in group:
            (here.append if begins else here.remove)(share)
        least = min(here, default=1.0)
        if time_d == 0.0:
            steps = [(0.0, least)]
        elif least != steps[-1][1]:
            steps.append((time_d, least))
    return tuple(steps)


def mean_share(run: Run, unit: str, from_d: float = 0.0, until_d: float | None = None) -> float:
    """The mean share of a unit's capacity from a time until another, or over the run."""
    end_d = run.horizon_d if until_d is None else until_d
    return _mean((*availability(run, unit), (run.horizon_d, 1.0)), from_d, end_d)


def by_month(run: Run, unit: str) -> tuple[float, ...]:
    """The mean share in each calendar month, from that of the start on, as ``Run.factors`` are.

    Of the first and the last month only the part that lies in the run counts.
    """
    steps = (*availability(run, unit), (run.horizon_d, 1.0))
    begins_d = [max(run.calendar.begin(month), 0.0) for month in run.months]
    return tuple(_mean(steps, a, b) for a, b in pairwise((*begins_d, run.horizon_d)))


def _mean(steps: Steps, from_d: float, until_d: float) -> float:
    parts = (
        max(min(after_d, until_d) - max(time_d, from_d), 0.0) * share
        for (time_d, share), (after_d, _) in pairwise(steps)
    )
    return sum(parts) / (until_d - from_d)
