"""Shapes of a picture: boxes, and arrows as curves with a head.

All lengths are points (1/72 inch), x to the right and y down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
"""A cubic Bézier curve: start, two handles, end."""

HANDLE = 0.5
"""Length of a handle as a share of the width of the gutter that a curve crosses."""

REACH = 0.75
"""How far a curve with two equal handles goes out, as a share of their length."""

SEAM = 0.6
"""How far the line of an arrow reaches into its head, so that no seam shows."""


@dataclass(frozen=True)
class Box:
    """A rectangle; ``y`` is its upper edge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
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

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it."""
        return self.x <= point[0] <= self.right and self.y <= point[1] <= self.bottom


@dataclass(frozen=True)
class Route:
    """The way of an arrow: curves one after another, then a head from ``neck`` to ``tip``."""

    curves: tuple[Curve, ...]
    neck: Point
    tip: Point
    width: float

    def points(self, per_curve: int = 24) -> list[Point]:
        """Points along the way, evenly in the parameter of each curve."""
        shares = [i / per_curve for i in range(per_curve + 1)]
        return [on_curve(curve, share) for curve in self.curves for share in shares]

    def length(self) -> float:
        """The length of the way up to the head."""
        return sum(dist(a, b) for a, b in pairwise(self.points()))

    def head(self) -> tuple[Point, Point, Point]:
        """The corners of the head: tip and the two ends of its base."""
        (x, y), (tip_x, tip_y) = self.neck, self.tip
        length = max(abs(tip_x - x), abs(tip_y - y))
        across = (-(tip_y - y) / length, (tip_x - x) / length)
        half = head_half(self.width)
        return (
            self.tip,
            (x + across[0] * half, y + across[1] * half),
            (x - across[0] * half, y - across[1] * half),
        )

    def head_box(self) -> Box:
        """The rectangle around the head."""
        xs, ys = zip(*self.head(), strict=True)
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def head_length(width: float) -> float:
    """Length of the head of an arrow so wide."""
    return 4.6 + 0.42 * width


def head_half(width: float) -> float:
    """Half the breadth of the head of an arrow so wide."""
    return 2.0 + 0.6 * width


def on_curve(curve: Curve, share: float) -> Point:
    """The point of a curve at ``share`` (0 to 1) of its parameter."""
    rest = 1.0 - share
    factors = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    return (
        sum(f * p[0] for f, p in zip(factors, curve, strict=True)),
        sum(f * p[1] for f, p in zip(factors, curve, strict=True)),
    )


def across(stops: Sequence[Point], width: float) -> Route:
    """An arrow through ``stops``, level at each of them; the last one is its tip."""
    tip, before = stops[-1], stops[-2]
    ahead = 1.0 if tip[0] > before[0] else -1.0
    neck = (tip[0] - ahead * head_length(width), tip[1])
    way = [*stops[:-1], (neck[0] + ahead * SEAM, neck[1])]
    return Route(tuple(level(a, b) for a, b in pairwise(way)), neck, tip, width)


def level(start: Point, end: Point) -> Curve:
    """A curve that leaves and arrives level."""
    reach = (end[0] - start[0]) * HANDLE
    return start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end


def around(start: Point, tip: Point, ahead: float, room: float, width: float) -> Route:
    """An arrow from one box to another above or below it, out into a gutter and back.

    ``ahead`` is 1 for the gutter on the right and -1 for the left; ``room`` is how far the
    arrow may go out.
    """
    neck = (tip[0] + ahead * head_length(width), tip[1])
    reach = min(room - width / 2, 18.0 + 0.22 * abs(tip[1] - start[1]) + width)
    out = reach / REACH
    handles = (start[0] + ahead * out, start[1]), (neck[0] + ahead * out, neck[1])
    end = (neck[0] - ahead * SEAM, neck[1])
    return Route(((start, *handles, end),), neck, tip, width)


def loop_height(width: float) -> float:
    """How high a loop of this width stands above its box."""
    return 10.0 + 1.3 * width


def loop_breadth(width: float) -> float:
    """How broad a loop of this width is, from outside to outside."""
    return 16.0 + 2.6 * width


def looped(right: float, y: float, width: float) -> Route:
    """A loop on the upper edge of a box at ``y``, with its outside at ``right``."""
    half = loop_breadth(width) / 2 - head_half(width)
    middle = right - loop_breadth(width) / 2
    neck, tip = (middle + half, y - head_length(width)), (middle + half, y)
    start = (middle - half, y)
    high = (loop_height(width) - width / 2 - 1.0) * 4 / 3
    handles = (start[0], y - high), (neck[0], y - high)
    end = (neck[0], neck[1] + SEAM)
    return Route(((start, *handles, end),), neck, tip, width)
