"""Who stands above whom in each column, so that few arrows cross.

Long arrows pass the columns between their ends through gaps: there they have a place like an
enterprise. The order is found by the barycentre heuristic and then by exchanging neighbours.

Source: K. Sugiyama, S. Tagawa, M. Toda (1981), Methods for visual understanding of hierarchical
system structures, IEEE Transactions on Systems, Man, and Cybernetics 11(2), 109-125.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from symbiosis.report.columns import Grouping, Tie

SWEEPS = 24
EXCHANGES = 6
LENGTH = 4.0
"""What an arrow that rises over the whole height costs, in crossings."""
LAST = 2.0
"""Place of enterprises without arrows: below all others."""
BESIDE = 0.5
"""Pull of an arrow within a column, against 1 for one between columns."""


@dataclass(frozen=True)
class Gap:
    """The place in a column where an arrow passes between enterprises."""

    tie: int
    column: int


Item = str | Gap


@dataclass(frozen=True)
class Columns:
    """What stands in each column from top to bottom, and what is joined to what.

    ``chains`` gives for every tie the items that it runs through. ``region`` tells the groups
    of a shared column apart: lower regions stay above higher ones.
    """

    items: tuple[tuple[Item, ...], ...]
    chains: tuple[tuple[Item, ...], ...]
    ties: tuple[Tie, ...]
    column: Mapping[Item, int]
    region: Mapping[str, int] = field(default_factory=dict)

    def segments(self) -> list[tuple[Item, Item, float]]:
        """Every piece of an arrow from one column to the next, left item first."""
        return [
            (a, b, tie.weight) if self.column[a] < self.column[b] else (b, a, tie.weight)
            for chain, tie in zip(self.chains, self.ties, strict=True)
            for a, b in pairwise(chain)
            if self.column[a] != self.column[b]
        ]

    def beside(self) -> list[tuple[Item, Item, float]]:
        """Arrows within a column."""
        return [
            (chain[0], chain[1], tie.weight)
            for chain, tie in zip(self.chains, self.ties, strict=True)
            if len(chain) == 2 and self.column[chain[0]] == self.column[chain[1]]
        ]


def with_gaps(grouping: Grouping, ties: Sequence[Tie]) -> Columns:
    """The columns with a gap in each that an arrow passes; loops are no ties."""
    columns: list[list[Item]] = [[] for _ in range(grouping.count)]
    region: dict[str, int] = {}
    for i in range(grouping.count):
        for position, (_, names) in enumerate(grouping.in_column(i)):
            columns[i] += names
            region |= dict.fromkeys(names, position)
    chains = [chain(i, tie, grouping.column) for i, tie in enumerate(ties)]
    gaps = [item for items in chains for item in items if isinstance(item, Gap)]
    for gap in gaps:
        columns[gap.column].append(gap)
    place: dict[Item, int] = {item: i for i, items in enumerate(columns) for item in items}
    return Columns(tuple(map(tuple, columns)), tuple(chains), tuple(ties), place, region)


def chain(number: int, tie: Tie, column: Mapping[str, int]) -> tuple[Item, ...]:
    """The items from source to target."""
    start, end = column[tie.source], column[tie.target]
    step = 1 if end > start else -1
    between = range(start + step, end, step) if start != end else range(0)
    return (tie.source, *(Gap(number, c) for c in between), tie.target)


def ordered(columns: Columns) -> Columns:
    """The same columns in the best order that was found."""
    searches = [_Search(columns, start) for start in starts(columns)]
    best = min(searches, key=lambda search: search.settle())
    items = tuple(tuple(column) for column in best.order)
    return Columns(items, columns.chains, columns.ties, columns.column, columns.region)


def starts(columns: Columns) -> Iterator[list[list[Item]]]:
    """Orders to begin with: as given, upside down, and every second item first."""
    yield [list(items) for items in columns.items]
    yield [in_regions(reversed(items), columns.region) for items in columns.items]
    yield [in_regions((*items[::2], *items[1::2]), columns.region) for items in columns.items]


def in_regions(items: Iterable[Item], region: Mapping[str, int]) -> list[Item]:
    """The items with the enterprises of each region together, gaps after them."""
    last = len(region)
    return sorted(items, key=lambda item: last if isinstance(item, Gap) else region[item])


class _Search:
    """The order at one step of the search."""

    def __init__(self, columns: Columns, start: list[list[Item]]) -> None:
        self.columns = columns
        self.order = start
        self.segments: list[list[tuple[Item, Item, float]]] = [[] for _ in columns.items]
        self.beside: list[list[tuple[Item, Item, float]]] = [[] for _ in columns.items]
        self.tied = {item for chain in columns.chains for item in chain}
        for segment in columns.segments():
            self.segments[columns.column[segment[0]]].append(segment)
        for pair in columns.beside():
            self.beside[columns.column[pair[0]]].append(pair)

    def settle(self) -> float:
        """Search for a good order; its cost."""
        best, least = [list(items) for items in self.order], self.cost()
        for sweep in range(SWEEPS):
            self.sweep(rightwards=sweep % 2 == 0, both=sweep % 6 >= 4)
            if (cost := self.cost()) < least - 1e-9:
                best, least = [list(items) for items in self.order], cost
        self.order = best
        for _ in range(EXCHANGES):
            if not self.exchange():
                break
        return self.cost()

    def sweep(self, rightwards: bool, both: bool) -> None:
        """Every column by the mean place of what its items are joined to."""
        number = len(self.order)
        for column in range(number) if rightwards else reversed(range(number)):
            pulls: dict[Item, list[tuple[float, float]]] = {i: [] for i in self.order[column]}
            if rightwards or both:
                self._pull(pulls, column - 1)
            if not rightwards or both:
                self._pull(pulls, column)
            own = self.places(column)
            for one, other, weight in self.beside[column]:
                pulls[one].append((own[other], weight * BESIDE))
                pulls[other].append((own[one], weight * BESIDE))
            self._sort(column, pulls, own)

    def _pull(self, pulls: dict[Item, list[tuple[float, float]]], gutter: int) -> None:
        if not 0 <= gutter < len(self.order) - 1:
            return
        place = self.places(gutter) | self.places(gutter + 1)
        for left, right, weight in self.segments[gutter]:
            if right in pulls:
                pulls[right].append((place[left], weight))
            else:
                pulls[left].append((place[right], weight))

    def _sort(
        self,
        column: int,
        pulls: Mapping[Item, Sequence[tuple[float, float]]],
        own: Mapping[Item, float],
    ) -> None:
        centre = {
            item: mean(found, own[item] if item in self.tied else LAST)
            for item, found in pulls.items()
        }
        region = regions(self.order[column], self.columns.region, centre)
        self.order[column].sort(key=lambda item: (region[item], centre[item]))

    def exchange(self) -> bool:
        """Neighbours change places wherever that is better; whether any did."""
        moved = False
        for column, items in enumerate(self.order):
            cost = self._near(column)
            for i in range(len(items) - 1):
                if not self._exchangeable(items[i], items[i + 1]):
                    continue
                items[i], items[i + 1] = items[i + 1], items[i]
                if (new := self._near(column)) < cost - 1e-9:
                    cost, moved = new, True
                else:
                    items[i], items[i + 1] = items[i + 1], items[i]
        return moved

    def _exchangeable(self, one: Item, other: Item) -> bool:
        if isinstance(one, Gap) or isinstance(other, Gap):
            return True
        return self.columns.region[one] == self.columns.region[other]

    def cost(self) -> float:
        """Crossings, and lengths as crossings."""
        return sum(self._gutter(i) + self._column(i) for i in range(len(self.order)))

    def _near(self, column: int) -> float:
        left = self._gutter(column - 1) if column else 0.0
        return left + self._gutter(column) + self._column(column)

    def _gutter(self, column: int) -> float:
        segments = self.segments[column]
        if not segments:
            return 0.0
        left, right = self.places(column), self.places(column + 1)
        ends = [(left[a], right[b], weight) for a, b, weight in segments]
        lengths = sum(weight * abs(a - b) for a, b, weight in ends)
        return crossings((a, b) for a, b, _ in ends) + LENGTH * lengths

    def _column(self, column: int) -> float:
        place = self.places(column)
        return LENGTH * sum(w * abs(place[a] - place[b]) for a, b, w in self.beside[column])

    def places(self, column: int) -> dict[Item, float]:
        """Place of every item of a column between 0 (top) and 1."""
        items = self.order[column]
        return {item: (i + 0.5) / len(items) for i, item in enumerate(items)}


def mean(found: Iterable[tuple[float, float]], otherwise: float) -> float:
    """The weighted mean, or ``otherwise`` where there is nothing."""
    pairs = list(found)
    total = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / total if total else otherwise


def regions(
    items: Iterable[Item], known: Mapping[str, int], centre: Mapping[Item, float]
) -> dict[Item, int]:
    """The region of every item; a gap belongs to the enterprises that are nearest."""
    items = list(items)
    boxes: dict[int, list[float]] = {}
    for item in items:
        if not isinstance(item, Gap):
            boxes.setdefault(known[item], []).append(centre[item])
    middles = {region: sum(values) / len(values) for region, values in boxes.items()}
    nearest: Callable[[Item], int] = lambda item: min(  # noqa: E731
        sorted(middles), key=lambda region: abs(middles[region] - centre[item]), default=0
    )
    return {item: nearest(item) if isinstance(item, Gap) else known[item] for item in items}


def crossings(ends: Iterable[tuple[float, float]]) -> int:
    """How many pairs of lines between two columns cross; lines that share an end do not."""
    seen: list[float] = []
    waiting: list[float] = []
    crossed, last = 0, None
    for left, right in sorted(ends):
        if left != last:
            for earlier in waiting:
                insort(seen, earlier)
            waiting, last = [], left
        crossed += len(seen) - bisect_right(seen, right)
        waiting.append(right)
    return crossed
