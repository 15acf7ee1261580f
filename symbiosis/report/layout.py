"""Where everything in a network picture stands: boxes, ports of arrows, routes.

All lengths are points (1/72 inch), x to the right and y down. Nothing here draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from symbiosis.report.columns import Group, Grouping
from symbiosis.report.geometry import (
    Box,
    Point,
    Route,
    across,
    around,
    loop_breadth,
    loop_height,
    looped,
)
from symbiosis.report.ordering import Columns, Gap, Item, mean
from symbiosis.report.stacking import Wish, stacked

Side = Literal["left", "right"]
End = tuple[int, int]
"""(number of the arrow, 0 for its source or 1 for its target)."""

ROUNDS = 30
"""How often the columns are stacked again, each by the heights of its neighbours."""


@dataclass(frozen=True)
class Sizes:
    """Lengths that the layout is made with, in points."""

    box_width: float = 102.0
    between_boxes: float = 9.0
    most_between: float = 60.0
    beside_gap: float = 4.0
    slot: float = 3.2
    between_slots: float = 2.2
    heading: float = 20.0
    least_gutter: float = 74.0
    most_gutter: float = 260.0
    margin: float = 10.0
    wide_margin: float = 68.0


@dataclass(frozen=True)
class Panel:
    """The ground on which the enterprises of a role stand."""

    role: str
    box: Box


@dataclass(frozen=True)
class Request:
    """What is to be laid out.

    ``heights`` are those of the texts in the boxes, ``widths`` those of the arrows of
    ``columns.ties``, ``loops`` pairs of enterprise and width.
    """

    columns: Columns
    grouping: Grouping
    heights: Mapping[str, float]
    widths: Sequence[float]
    loops: Sequence[tuple[str, float]]
    area: Box
    sizes: Sizes

    def slot(self, tie: int) -> float:
        """Room that an arrow takes at a box or in a gap."""
        return max(self.widths[tie], self.sizes.slot) + self.sizes.between_slots


@dataclass(frozen=True)
class Layout:
    """The places of everything; ``routes`` and ``loops`` in the order they were asked for."""

    boxes: Mapping[str, Box]
    panels: tuple[Panel, ...]
    routes: tuple[Route, ...]
    loops: tuple[Route, ...]


def lay_out(request: Request) -> Layout:
    """The layout of ordered columns within the area.

    Where a column is higher than the area its stack runs over the bottom: see ``overflow``.
    """
    return _Arrangement(request).layout()


def overflow(request: Request) -> float:
    """How much higher than the area the fullest column is; below 0 where there is room."""
    arrangement = _Arrangement(request)
    return max(-arrangement.slack(column) for column in range(len(request.columns.items)))


def gutter_of(number: int, margins: Sequence[float], area: Box, sizes: Sizes) -> float:
    """Width of the gutters between ``number`` columns."""
    free = area.width - number * sizes.box_width - sum(margins)
    return min(sizes.most_gutter, free / max(1, number - 1))


class _Arrangement:
    """One layout in the making: ``top`` is the upper edge of every item."""

    def __init__(self, request: Request) -> None:
        self.request, self.sizes = request, request.sizes
        self.columns, self.area = request.columns, request.area
        self.last = len(self.columns.items) - 1
        self.segments = self.columns.segments()
        self.runs_beside = {self.columns.column[one] for one, _, _ in self.columns.beside()}
        self.above = self._above()
        self.ends = self._ends()
        self.height = self._heights()
        self.margins = [self._margin(0), self._margin(self.last)]
        self.gutter = gutter_of(self.last + 1, self.margins, self.area, self.sizes)
        self.left = self._left()
        self.between = [self._between(column) for column in range(self.last + 1)]
        self.top = self._first_tops()
        self.port: dict[End, float] = {}

    def layout(self) -> Layout:
        """Stack, place the ports, stack again by the ports, route."""
        for step in range(ROUNDS):
            if step >= ROUNDS // 3:
                self._place_ports()
            forwards = range(self.last + 1) if step % 2 == 0 else range(self.last, -1, -1)
            for column in forwards:
                self._stack(column)
        self._place_ports()
        names = self.request.heights
        return Layout(
            {name: self.box(name) for name in names},
            tuple(panel for group in self.request.grouping.groups for panel in [self.panel(group)]),
            tuple(self.route(i) for i in range(len(self.columns.chains))),
            tuple(self._loops()),
        )

    def _above(self) -> dict[str, float]:
        """Room for loops above every box."""
        above = dict.fromkeys(self.request.heights, 0.0)
        for name, width in self.request.loops:
            above[name] = max(above[name], loop_height(width))
        return above

    def _ends(self) -> dict[tuple[str, Side], list[End]]:
        """The arrows at each side of each box."""
        found: dict[tuple[str, Side], list[End]] = {}
        for i, items in enumerate(self.columns.chains):
            for end, box, neighbour in ((0, items[0], items[1]), (1, items[-1], items[-2])):
                if not isinstance(box, Gap):
                    found.setdefault((box, self._side(box, neighbour)), []).append((i, end))
        return found

    def _side(self, box: Item, neighbour: Item) -> Side:
        mine, other = self.columns.column[box], self.columns.column[neighbour]
        if mine == other:
            return self._side_beside(mine)
        return "right" if other > mine else "left"

    def _side_beside(self, column: int) -> Side:
        """Where the arrows within a column run: outside, or where fewer others pass."""
        if column in (0, self.last):
            return "left" if column == 0 and self.last > 0 else "right"
        before = sum(self.columns.column[one] == column - 1 for one, _, _ in self.segments)
        after = sum(self.columns.column[one] == column for one, _, _ in self.segments)
        return "left" if before < after else "right"

    def _heights(self) -> dict[Item, float]:
        """Height of every item, room for loops included."""
        room = dict(self.request.heights)
        for (name, _), ends in self.ends.items():
            room[name] = max(room[name], 6.0 + sum(self.request.slot(i) for i, _ in ends))
        heights: dict[Item, float] = {n: room[n] + self.above[n] for n in room}
        for items in self.columns.items:
            for item in items:
                if isinstance(item, Gap):
                    heights[item] = self.request.slot(item.tie)
        return heights

    def _margin(self, column: int) -> float:
        outside = column in self.runs_beside and self.last > 0
        return self.sizes.wide_margin if outside else self.sizes.margin

    def _left(self) -> list[float]:
        """The x of every column."""
        used = (self.last + 1) * self.sizes.box_width + self.last * self.gutter
        spare = max(0.0, self.area.width - used - sum(self.margins)) / 2
        first = self.area.x + self.margins[0] + spare
        return [first + i * (self.sizes.box_width + self.gutter) for i in range(self.last + 1)]

    def slack(self, column: int) -> float:
        """What is left of the height of the area under the tightest stack of a column."""
        items = self.columns.items[column]
        heights = sum(self.height[item] for item in items)
        distances = sum(self._least(column, i) for i in range(1, len(items)))
        return self.area.height - self.sizes.heading - heights - distances

    def _least(self, column: int, i: int) -> float:
        """The least distance between item ``i`` of a column and the one above."""
        above, item = self.columns.items[column][i - 1 : i + 1]
        heading = self.sizes.heading + 4.0 if self._begins_region(column, i) else 0.0
        if isinstance(item, Gap) and isinstance(above, Gap):
            return heading
        if isinstance(item, Gap) or isinstance(above, Gap):
            return self.sizes.beside_gap + heading
        return self.sizes.between_boxes + heading

    def _begins_region(self, column: int, i: int) -> bool:
        """Whether item ``i`` is the first enterprise of a further role in its column."""
        item, region = self.columns.items[column][i], self.columns.region
        if isinstance(item, Gap) or region[item] == 0:
            return False
        earlier = [e for e in self.columns.items[column][:i] if not isinstance(e, Gap)]
        return all(region[other] != region[item] for other in earlier)

    def _between(self, column: int) -> float:
        """What is added to the distances below and above boxes to fill the height."""
        boxes = sum(not isinstance(item, Gap) for item in self.columns.items[column])
        spare = max(0.0, self.slack(column)) * 0.85 / (boxes + 1)
        return min(spare, self.sizes.most_between)

    def _distance(self, column: int, i: int) -> float:
        if i == 0:
            return 0.0
        above, item = self.columns.items[column][i - 1 : i + 1]
        boxes = (not isinstance(item, Gap)) + (not isinstance(above, Gap))
        return self._least(column, i) + self.between[column] * boxes / 2

    def _first_tops(self) -> dict[Item, float]:
        tops: dict[Item, float] = {}
        for column, items in enumerate(self.columns.items):
            used = sum(self.height[e] + self._distance(column, i) for i, e in enumerate(items))
            free = self.area.height - self.sizes.heading - used
            y = self.area.y + self.sizes.heading + max(0.0, free) / 2
            for i, item in enumerate(items):
                y += self._distance(column, i)
                tops[item] = y
                y += self.height[item]
        return tops

    def _stack(self, column: int) -> None:
        """New tops for one column, by what its items are joined to."""
        pulls: dict[Item, list[tuple[float, float]]] = {i: [] for i in self.columns.items[column]}
        for number, items in enumerate(self.columns.chains):
            weight = self.columns.ties[number].weight
            for one, other in pairwise(items):
                for item, neighbour in ((one, other), (other, one)):
                    if self.columns.column[item] == column != self.columns.column[neighbour]:
                        both = 4.0 if isinstance(item, Gap) and isinstance(neighbour, Gap) else 1.0
                        level = self._level(neighbour, number) - self._level(item, number)
                        pulls[item].append((self.top[item] + level, weight * both))
        wishes = [
            Wish(
                self.height[item],
                mean(pulls[item], self.top[item]),
                sum(weight for _, weight in pulls[item]) or 0.1,
                self._distance(column, i),
            )
            for i, item in enumerate(self.columns.items[column])
        ]
        tops = stacked(wishes, self.area.y + self.sizes.heading, self.area.bottom - 6.0)
        self.top |= dict(zip(self.columns.items[column], tops, strict=True))

    def _level(self, item: Item, tie: int) -> float:
        """The height at which an arrow meets an item: its port, or the middle."""
        if isinstance(item, Gap):
            return self.top[item] + self.height[item] / 2
        end = 0 if self.columns.chains[tie][0] == item else 1
        if (tie, end) in self.port:
            return self.box(item).y + self.port[tie, end]
        return self.box(item).middle[1]

    def box(self, name: str) -> Box:
        """The box of an enterprise, without its loops."""
        x, above = self.left[self.columns.column[name]], self.above[name]
        return Box(x, self.top[name] + above, self.sizes.box_width, self.height[name] - above)

    def panel(self, group: Group) -> Panel:
        """The ground of a group: its columns, and in a shared one from heading to heading."""
        pad = min(14.0, self.gutter / 4, *self.margins)
        x = self.left[group.columns[0]] - pad
        right = self.left[group.columns[-1]] + self.sizes.box_width + pad
        starts = [
            self.top[names[0]] - self.sizes.heading
            for _, names in self._by_height(group.columns[0])[1:]
        ]
        edges = [self.area.y, *starts, self.area.bottom + 4.0]
        position = [g.role for g, _ in self._by_height(group.columns[0])].index(group.role)
        y, bottom = edges[position], edges[position + 1] - 4.0
        return Panel(group.role, Box(x, y, right - x, bottom - y))

    def _by_height(self, column: int) -> list[tuple[Group, list[str]]]:
        """The groups of a column with their enterprises from top to bottom."""
        return [
            (group, sorted(names, key=lambda name: self.top[name]))
            for group, names in self.request.grouping.in_column(column)
        ]

    def _place_ports(self) -> None:
        """Where on the side of its box each arrow begins or ends, from the box's upper edge."""
        for (name, _), ends in self.ends.items():
            box = self.box(name)
            slots = {end: self.request.slot(end[0]) for end in ends}
            spread = min(1.7, (box.height - 4.0) / sum(slots.values()))
            y = (box.height - spread * sum(slots.values())) / 2
            for end in sorted(ends, key=lambda end: self._rank(name, end)):
                self.port[end] = y + spread * slots[end] / 2
                y += spread * slots[end]

    def _rank(self, name: str, end: End) -> tuple[int, float, int]:
        """Order of the ports on one side: arrows within the column outside, then by height."""
        items = self.columns.chains[end[0]]
        neighbour = items[1] if end[1] == 0 else items[-2]
        away = self._level(neighbour, end[0]) - self.box(name).middle[1]
        if self.columns.column[neighbour] != self.columns.column[name]:
            return 1, away, end[0]
        return (0, -away, end[0]) if away < 0 else (2, -away, end[0])

    def route(self, number: int) -> Route:
        """The way of an arrow."""
        items, width = self.columns.chains[number], self.request.widths[number]
        start, end = self._port_point(number, 0), self._port_point(number, 1)
        if self.columns.column[items[0]] == self.columns.column[items[-1]]:
            side = self._side_beside(self.columns.column[items[0]])
            outside = self.columns.column[items[0]] in (0, self.last)
            room = self.sizes.wide_margin if outside else self.gutter * 0.8
            return around(start, end, 1.0 if side == "right" else -1.0, room, width)
        stops = [start]
        for item in items[1:-1]:
            x, y = self.left[self.columns.column[item]], self._level(item, number)
            passing: list[Point] = [(x, y), (x + self.sizes.box_width, y)]
            stops += passing if start[0] < end[0] else passing[::-1]
        return across([*stops, end], width)

    def _port_point(self, number: int, end: int) -> Point:
        items = self.columns.chains[number]
        item, neighbour = (items[0], items[1]) if end == 0 else (items[-1], items[-2])
        if isinstance(item, Gap):
            raise TypeError("an arrow ends at an enterprise, never in a gap")
        box = self.box(item)
        x = box.right if self._side(item, neighbour) == "right" else box.x
        return x, box.y + self.port[number, end]

    def _loops(self) -> list[Route]:
        """The loops side by side from the right end of the upper edge."""
        right = {name: self.box(name).right - 4.0 for name, _ in self.request.loops}
        made = []
        for name, width in self.request.loops:
            made.append(looped(right[name], self.box(name).y, width))
            right[name] -= loop_breadth(width) + 2.0
        return made
