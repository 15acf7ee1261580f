"""Many runs of a retrofit with the exchanges of the park in each: what they have in common.

A share over a year is the sum of its numerators over the sum of its denominators within one run;
means and percentiles are then taken over runs. A percentile is the value of one run: the least
that has at least this share of the runs at or below it. Runs in which the exchanges had no answer
are counted, and are in no statistics of the park; they are in those of dates.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from symbiosis.retrofit.chance import Chance, chance
from symbiosis.retrofit.living import Failure, Living
from symbiosis.retrofit.log import Entry
from symbiosis.retrofit.many import Deserted
from symbiosis.retrofit.outcome import Outcome, Places
from symbiosis.retrofit.spool import Spool
from symbiosis.seasons import Floats
from symbiosis.solvers.measures import DENOMINATOR, NUMERATOR

PERCENTILES = (0.05, 0.5, 0.95)
YEARLY_ONLY = ("cost_item", "cost_of")
"""Families of measures that are kept by year alone."""
FEW = 20
"""Failures that are kept with their causes; all are counted."""


@dataclass(frozen=True)
class Spread:
    """Mean and percentiles of a number over runs; None where it was defined in no run."""

    mean: float | None
    p05: float | None
    p50: float | None
    p95: float | None
    runs: int


class Simulation:
    """What many runs of one retrofit had in common.

    ``runs`` were lived through, ``failed`` of them have no answer in some month. ``narrow`` says
    whether ``auto`` reached the width it was asked for, ``interrupted`` whether Ctrl-C came first,
    or those who lived through the runs were gone, as ``deserted`` then says; ``solvers`` are those
    that answered.
    """

    def __init__(self, living: Living, seed: int | None) -> None:
        self.living, self.retrofit, self.seed = living, living.retrofit, seed
        self.places = Places(living)
        self.runs = self.failed = self.stretches = 0
        self.narrow = self.interrupted = False
        self.deserted: Deserted | None = None
        self.solvers: set[str] = set()
        self.failures: list[tuple[int, Failure]] = []
        self.causes: Counter[str] = Counter()
        self.logs: list[tuple[int, tuple[Entry, ...]]] = []
        self.critical: Counter[str] = Counter()
        self._dates, self._park = Spool(self._widths_of_dates[-1]), Spool(self._widths[-1])

    # --- gathering

    def add(self, outcome: Outcome) -> None:
        """One more run."""
        self.runs += 1
        self.stretches += outcome.stretches
        self.solvers |= outcome.solvers
        self.critical.update(outcome.critical)
        if outcome.log:
            self.logs.append((outcome.index, outcome.log))
        parts = (outcome.times_d, outcome.waited_d, outcome.moved, outcome.busy, outcome.spent_cny)
        answered = 0.0 if outcome.failure else 1.0
        self._dates.add(np.concatenate([*(part.ravel() for part in parts), [answered]]))
        if outcome.failure is not None:
            self.failed += 1
            if len(self.failures) < FEW:
                self.failures.append((outcome.index, outcome.failure))
            return
        yearly = np.array([outcome.sums[rows].sum(axis=0) for rows in self.rows_of.values()])
        monthly = outcome.sums[:, self._monthly]
        self._park.add(np.concatenate([yearly.ravel(), monthly.ravel(), outcome.heaps.ravel()]))

    @cached_property
    def rows_of(self) -> dict[int, list[int]]:
        """The months of each year."""
        slots = enumerate(self.living.slots)
        found: dict[int, list[int]] = {year: [] for year in self.places.years}
        for row, (year, _) in slots:
            found[year].append(row)
        return found

    @cached_property
    def _monthly(self) -> list[int]:
        """Sums that are kept by month."""
        keys = enumerate(self.living.keys)
        return [i for i, (name, _) in keys if name.partition(".")[0] not in YEARLY_ONLY]

    @cached_property
    def _widths(self) -> list[int]:
        """Where yearly sums, monthly sums and heaps end in a row."""
        living, months = self.living, len(self.living.slots)
        parts = [
            len(self.places.years) * len(living.keys),
            months * len(self._monthly),
            months * len(living.heaped),
        ]
        return list(accumulate(parts))

    @cached_property
    def _widths_of_dates(self) -> list[int]:
        """Where milestones, waits, movements, uses, spending and the answer end in a row."""
        places = self.places
        parts = [
            len(places.milestones),
            len(places.shared),
            len(places.units) + len(places.paths),
            len(places.resources),
            len(places.years) * len(places.projects),
            1,
        ]
        return list(accumulate(parts))

    def _part(self, i: int) -> Floats:
        ends = [0, *self._widths_of_dates]
        return self._dates.columns(ends[i], ends[i + 1])

    # --- dates

    def times(self, milestone: str) -> Floats:
        """The times of a milestone by run, in days. Raises ``ValueError`` for an unknown one."""
        place = self.places.milestones.index(milestone)
        return self._dates.columns(place, place + 1)[:, 0]

    def date(self, milestone: str, share: float) -> str | None:
        """By when a milestone is reached with this certainty; None for never."""
        time_d = percentile(self.times(milestone), share)
        return None if math.isinf(time_d) else self.retrofit.schedule.calendar.date(time_d)

    def reached(self, milestone: str, by: str) -> Chance:
        """The probability that a milestone is reached by a date, that day included."""
        end_d = self.retrofit.schedule.calendar.day(by) + 1
        return chance(int((self.times(milestone) <= end_d).sum()), self.runs)

    @cached_property
    def waited_d(self) -> dict[str, Floats]:
        """Days of waiting in each run, by what was waited for."""
        return dict(zip(self.places.shared, self._part(1).T, strict=True))

    @cached_property
    def moved(self) -> dict[str, Floats]:
        """Mean share of each unit's capacity, mean factor of each path, in each run."""
        names = (*self.places.units, *self.places.paths)
        return dict(zip(names, self._part(2).T, strict=True))

    @cached_property
    def busy(self) -> dict[str, Floats]:
        """The share of each resource's capacity that was used, in each run."""
        return dict(zip(self.places.resources, self._part(3).T, strict=True))

    @cached_property
    def spent_cny(self) -> Floats:
        """Runs x years x projects."""
        shape = self.runs, len(self.places.years), len(self.places.projects)
        return self._part(4).reshape(shape)

    @cached_property
    def answered(self) -> Floats:
        """Which runs have an answer in every month."""
        return np.asarray(self._part(5)[:, 0] > 0.0)

    # --- the park

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """The measures that were read, in their order."""
        return tuple(dict.fromkeys(name for name, _ in self.living.keys))

    @cached_property
    def units(self) -> dict[str, str]:
        """The unit of each measure."""
        known = (m.known.measures for m in self.living.measures.values())
        return {name: measure.unit for own in known for name, measure in own.items()}

    def by_year(self, indicator: str) -> Floats:
        """Runs with an answer x years; nan where a share has no denominator."""
        width = len(self.living.keys)
        places = [range(i * width, (i + 1) * width) for i in range(len(self.places.years))]
        return self._read(indicator, self.living.keys, places)

    def by_month(self, indicator: str) -> Floats:
        """Runs with an answer x months. Raises ``KeyError`` for one that is kept by year alone."""
        keys = [self.living.keys[i] for i in self._monthly]
        if (indicator, NUMERATOR) not in keys:
            raise KeyError(indicator)
        width, first = len(keys), self._widths[0]
        months = range(len(self.living.slots))
        places = [range(first + i * width, first + (i + 1) * width) for i in months]
        return self._read(indicator, keys, places)

    def _read(
        self, indicator: str, keys: Sequence[tuple[str, str]], places: Sequence[range]
    ) -> Floats:
        above = list(keys).index((indicator, NUMERATOR))
        divided = (indicator, DENOMINATOR) in keys
        below = list(keys).index((indicator, DENOMINATOR)) if divided else -1
        columns = []
        for place in places:
            whole = self._park.columns(place.start, place.stop)
            over = whole[:, below] if divided else np.ones(len(whole))
            nothing = np.full(len(whole), np.nan)
            columns.append(np.divide(whole[:, above], over, out=nothing, where=over > 0))
        return np.column_stack(columns)

    def heap_by_month(self, byproduct: str) -> Floats:
        """Runs with an answer x months: what lies in the heaps of a by-product."""
        width, first = len(self.living.heaped), self._widths[1]
        place = self.living.heaped.index(byproduct)
        whole = self._park.columns(first, self._widths[2])
        return whole[:, place::width]


def percentile(values: Floats, share: float) -> float:
    """The least value that has at least ``share`` of all at or below it."""
    ordered = np.sort(values)
    return float(ordered[max(math.ceil(share * len(ordered) - 1e-9) - 1, 0)])


def spread(values: Floats) -> Spread:
    """Mean and percentiles of the numbers that there are."""
    known = values[np.isfinite(values)]
    if not len(known):
        return Spread(None, None, None, None, 0)
    low, middle, high = (percentile(known, share) for share in PERCENTILES)
    return Spread(float(known.mean()), low, middle, high, len(known))
