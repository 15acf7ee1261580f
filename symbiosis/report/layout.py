"""Where everything in a network picture stands: boxes, the ports of arrows, their curves.

All lengths are points (1/72 inch), x to the right and y down. Nothing here draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from symbiosis.report.columns import Grouping
from symbiosis.report.ordering import Columns, Gap, Item
from symbiosis.report.stacking import Wish, stacked

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
Side = Literal["left", "right"]

ROUNDS = 24
"""How often the columns are stacked again, each by the heights of its neighbours."""


@dataclass(frozen=True)
class Sizes:
    """Lengths that the layout is made with."""

    box_width: float = 102.0
    between_boxes: float = 9.0
    beside_gap: float = 4.0
    slot: float = 3.2
    between_slots: float = 2.2
    heading: float = 20.0
    least_gutter: float = 76.0
    most_gutter: float = 260.0
    margin: float = 12.0
    loop_margin: float = 64.0
    most_between: float = 46.0


@dataclass(frozen=True)
class Box:
    """A rectangle; ``y`` is its upper edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """y of the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: "Box", apart: float = 0.0) -> bool:
        """Whether the two come nearer than ``apart`` to each other."""
        beside = self.right + apart <= other.x or other.right + apart <= self.x
        above = self.bottom + apart <= other.y or other.bottom + apart <= self.y
        return not (beside or above)


@dataclass(frozen=True)
class Panel:
    """The ground on which the enterprises of a role stand."""

    role: str
    box: Box


@dataclass(frozen=True)
class Route:
    """The way of an arrow: curves one after another, then a head that points to ``tip``."""

    curves: tuple[Curve, ...]
    tip: Point
    heading: Point
    width: float


@dataclass(frozen=True)
class Layout:
    """The places of everything; ``routes`` and ``loops`` in the order they were given."""

    boxes: Mapping[str, Box]
    panels: tuple[Panel, ...]
    routes: tuple[Route, ...]
    loops: tuple[Route, ...]
    overflow: float


def head_length(width: float) -> float:
    """Length of the head of an arrow so wide."""
    return 4.6 + 0.42 * width


def head_half(width: float) -> float:
    """Half the breadth of the head of an arrow so wide."""
    return 2.1 + 0.62 * width


def loop_height(width: float) -> float:
    """How high a loop of this width stands above its box."""
    return 9.0 + width


def arranged(
    columns: Columns,
    grouping: Grouping,
    heights: Mapping[str, float],
    widths: Sequence[float],
    loops: Sequence[tuple[str, float]],
    area: Box,
    sizes: Sizes,
) -> Layout:
    """The layout of ordered columns within ``area``.

    ``heights`` are those of the texts in the boxes, ``widths`` those of the arrows of
    ``columns.ties``, ``loops`` (enterprise, width). ``overflow`` tells how much higher than the
    area the fullest column is.
    """
    return _Arrangement(columns, grouping, heights, widths, loops, area, sizes).layout()


class _Arrangement:
    """One layout in the making."""

    def __init__(
        self,
        columns: Columns,
        grouping: Grouping,
        heights: Mapping[str, float],
        widths: Sequence[float],
        loops: Sequence[tuple[str, float]],
        area: Box,
        sizes: Sizes,
    ) -> None:
        self.columns, self.grouping = columns, grouping
        self.widths, self.loops, self.area, self.sizes = widths, loops, area, sizes
        self.above = {name: 0.0 for name in heights}
        for name, width in loops:
            self.above[name] = max(self.above[name], loop_height(width))
        self.ends = self._ends()
        self.height = {name: self._box_height(name, text) for name, text in heights.items()}
        self.lefts, self.gutter = self._columns_from_left()
        self.between = [self._between(i) for i in range(len(columns.items))]
        self.top: dict[Item, float] = {}
        self.offset: dict[tuple[str, Side, int, int], float] = {}

    def slot(self, tie: int) -> float:
        """Room that an arrow takes at a box or in a gap."""
        return max(self.widths[tie], self.sizes.slot) + self.sizes.between_slots

    def side_beside(self, column: int) -> Side:
        """On which side of a column the arrows within it run: outside, or where fewer pass."""
        if column == 0 and len(self.columns.items) > 1:
            return "left"
        if column == len(self.columns.items) - 1:
            return "right"
        segments = self.columns.segments()
        passing = [sum(self.columns.column[a] == c for a, _, _ in segments) for c in (-1, 0)]
        before = sum(self.columns.column[a] == column - 1 for a, _, _ in segments)
        after = sum(self.columns.column[a] == column for a, _, _ in segments)
        del passing
        return "left" if before < after else "right"

    def _ends(self) -> dict[tuple[str, Side], list[tuple[int, int]]]:
        """(tie, end) of the arrows at each side of each box; end 0 is the source."""
        place = self.columns.column
        found: dict[tuple[str, Side], list[tuple[int, int]]] = {}
        for i, items in enumerate(self.columns.chains):
            for end, (box, neighbour) in enumerate(((items[0], items[1]), (items[-1], items[-2]))):
                if isinstance(box, Gap):
                    continue
                if place[box] == place[neighbour]:
                    side = self.side_beside(place[box])
                else:
                    side = "right" if place[neighbour] > place[box] else "left"
                found.setdefault((box, side), []).append((i, end))
        return found

    def _box_height(self, name: str, text: float) -> float:
        sides = [
            sum(self.slot(i) for i, _ in ends)
            for (box, _), ends in self.ends.items()
            if box == name
        ]
        return max([text, *(total + 6 for total in sides)])

    def _columns_from_left(self) -> tuple[list[float], float]:
        """x of every column, and the width of the gutters between them."""
        number, sizes = len(self.columns.items), self.sizes
        used = {
            side: sizes.loop_margin
            if any(self._runs_beside(column) for column in (edge,))
            else sizes.margin
            for side, edge in (("left", 0), ("right", number - 1))
        }
        free = self.area.width - number * sizes.box_width - used["left"] - used["right"]
        gutter = min(sizes.most_gutter, free / max(1, number - 1))
        spare = max(0.0, free - gutter * (number - 1)) / 2
        first = self.area.x + used["left"] + spare
        return [first + i * (sizes.box_width + gutter) for i in range(number)], gutter

    def _runs_beside(self, column: int) -> bool:
        return any(self.columns.column[one] == column for one, _, _ in self.columns.beside())
