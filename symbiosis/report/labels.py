"""Where the labels of arrows stand: on their arrow, clear of everything else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from symbiosis.report.geometry import Box, Route

APART = 1.2
"""Least distance of a label to boxes, heads and other labels, in points."""
MOST_COVERED = 2.6
"""A label that would cover more of other arrows is left out; wide arrows may cover more."""
FAINT = 0.35
"""What it costs to cover an arrow that may be covered; any other costs 1 and more."""
BESIDE = 0.5
"""What it costs to stand beside the arrow instead of on it."""
CLEAR = 1.5
"""Distance of a label above a loop, in points."""
PER_CURVE = 60
"""Points that stand for a curve."""


@dataclass(frozen=True)
class Wanted:
    """A label that stands on ``route`` (its number in the picture), or only ``beside`` it."""

    route: int
    text: str
    width: float
    height: float
    beside: bool = False


@dataclass(frozen=True)
class Placed:
    """A label that found room."""

    label: Wanted
    box: Box


class Ground:
    """All arrows as points, to see what a label would cover."""

    def __init__(self, routes: Sequence[Route], faint: frozenset[int]) -> None:
        self.ways = [np.array(route.points(PER_CURVE)) for route in routes]
        self.rims = [route.width / 2 for route in routes]
        self.points = np.concatenate([np.zeros((0, 2)), *self.ways])
        lengths = [len(way) for way in self.ways]
        self.owner = np.repeat(np.arange(len(routes)), lengths)
        self.rim = np.repeat(np.array(self.rims), lengths)
        self.weight = [FAINT if i in faint else 1.0 + r / 4 for i, r in enumerate(self.rims)]

    def covered(self, box: Box, own: int | None) -> float:
        """How much of arrows but ``own`` a label would cover: each counts 1, wide ones more."""
        x, y = self.points[:, 0], self.points[:, 1]
        within = (x > box.x - self.rim) & (x < box.right + self.rim)
        within &= (y > box.y - self.rim) & (y < box.bottom + self.rim)
        there: list[int] = np.unique(self.owner[within]).tolist()
        return sum(self.weight[i] for i in there if i != own)


def place_labels(
    wanted: Iterable[Wanted],
    routes: Sequence[Route],
    obstacles: Sequence[Box],
    page: Box,
    faint: frozenset[int] = frozenset(),
) -> list[Placed]:
    """As many labels as stay legible; those that come first have the first choice.

    A label stands on its arrow or touches it. It covers no obstacle, no head of an arrow and no
    other label, and little of the other arrows; ``faint`` are arrows that may be covered.
    """
    ground = Ground(routes, faint)
    taken = [*obstacles, *(route.head_box() for route in routes)]
    placed: list[Placed] = []
    for label in wanted:
        box = best_place(label, ground, taken, page)
        if box is not None:
            placed.append(Placed(label, box))
            taken.append(box)
    return placed


def best_place(label: Wanted, ground: Ground, taken: Sequence[Box], page: Box) -> Box | None:
    """The place that covers the least; None where there is none."""
    best, least = None, MOST_COVERED + ground.rims[label.route] / 3
    for cost, box, on_it in candidates(label, ground):
        inside = page.holds((box.x, box.y)) and page.holds((box.right, box.bottom))
        if cost >= least or not inside or any(box.overlaps(other, APART) for other in taken):
            continue
        cost += ground.covered(box, label.route if on_it else None)
        if cost < least - 1e-9:
            best, least = box, cost
    return best


def candidates(label: Wanted, ground: Ground) -> Iterator[tuple[float, Box, bool]]:
    """(cost of its own, box, whether it is on the arrow) every few points along the way."""
    way = ground.ways[label.route]
    if label.beside:
        yield from _above(label, ground)
    beside = label.width / 2 + ground.rims[label.route] + 2.0
    for i in range(2, len(way) - 2, 3):
        x, y = float(way[i, 0]), float(way[i, 1])
        off_middle = 0.8 * abs(i / len(way) - 0.5)
        for shift, cost in ((0.0, 0.0), (beside, BESIDE), (-beside, BESIDE)):
            if label.beside and shift == 0.0:
                continue
            left, top = x + shift - label.width / 2, y - label.height / 2
            yield off_middle + cost, Box(left, top, label.width, label.height), shift == 0.0


def _above(label: Wanted, ground: Ground) -> Iterator[tuple[float, Box, bool]]:
    """The place right above the highest point of the way."""
    way = ground.ways[label.route]
    x, y = way[way[:, 1].argmin()]
    top = float(y) - ground.rims[label.route] - CLEAR - label.height
    yield BESIDE, Box(float(x) - label.width / 2, top, label.width, label.height), False
