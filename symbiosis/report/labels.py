"""Where the labels of arrows stand: on their arrow, clear of everything else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from symbiosis.report.geometry import Box, Point, Route

APART = 1.2
"""Least distance of a label to boxes, heads and other labels, in points."""
MOST_COVERED = 2.6
"""A label that would cover more of other arrows than this is left out."""
PER_CURVE = 60


@dataclass(frozen=True)
class Wanted:
    """A label that should stand on ``route`` (its number in the picture)."""

    route: int
    text: str
    width: float
    height: float


@dataclass(frozen=True)
class Placed:
    """A label that found room."""

    label: Wanted
    box: Box


def place_labels(
    wanted: Iterable[Wanted],
    routes: Sequence[Route],
    obstacles: Sequence[Box],
    page: Box,
    faint: frozenset[int] = frozenset(),
) -> list[Placed]:
    """As many labels as stay legible; those that come first have the first choice.

    A label covers no obstacle, no head of an arrow and no other label, and little of the other
    arrows; ``faint`` are arrows that may be covered.
    """
    ways = [np.array(route.points(PER_CURVE)) for route in routes]
    heads = [route.head_box() for route in routes]
    taken = [*obstacles, *heads]
    placed: list[Placed] = []
    for label in wanted:
        box = best_place(label, ways, routes, taken, page, faint)
        if box is not None:
            placed.append(Placed(label, box))
            taken.append(box)
    return placed


def best_place(
    label: Wanted,
    ways: Sequence[npt.NDArray[np.float64]],
    routes: Sequence[Route],
    taken: Sequence[Box],
    page: Box,
    faint: frozenset[int],
) -> Box | None:
    """The place on the label's arrow that covers the least; None where there is none."""
    best, least = None, MOST_COVERED
    for share, centre in candidates(ways[label.route]):
        box = around_point(centre, label)
        inside = page.holds((box.x, box.y)) and page.holds((box.right, box.bottom))
        if not inside or any(box.overlaps(other, APART) for other in taken):
            continue
        cost = covered(box, label.route, ways, routes, faint) + 0.8 * abs(share - 0.5)
        if cost < least - 1e-9:
            best, least = box, cost
    return best


def candidates(way: npt.NDArray[np.float64]) -> Iterable[tuple[float, Point]]:
    """(share of the way, point) every few points along it."""
    for i in range(2, len(way) - 2, 3):
        yield i / len(way), (float(way[i, 0]), float(way[i, 1]))


def around_point(centre: Point, label: Wanted) -> Box:
    """The box of a label around a point."""
    x, y = centre[0] - label.width / 2, centre[1] - label.height / 2
    return Box(x, y, label.width, label.height)


def covered(
    box: Box,
    own: int,
    ways: Sequence[npt.NDArray[np.float64]],
    routes: Sequence[Route],
    faint: frozenset[int],
) -> float:
    """How much of other arrows a label would cover: each counts 1, wide ones more."""
    cost = 0.0
    for i, way in enumerate(ways):
        if i == own:
            continue
        rim = routes[i].width / 2
        x, y = way[:, 0], way[:, 1]
        within = (x > box.x - rim) & (x < box.right + rim)
        within &= (y > box.y - rim) & (y < box.bottom + rim)
        if within.any():
            cost += 0.35 if i in faint else 1.0 + routes[i].width / 8
    return cost
