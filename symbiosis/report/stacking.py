"""Heights in a column: as near as possible to where each thing would like to stand."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """Something ``height`` high that would have its top at ``top``.

    ``before`` is the least distance to what stands above it.
    """

    height: float
    top: float
    weight: float
    before: float


@dataclass
class _Block:
    """Neighbours that touch; they move together."""

    weight: float
    moment: float
    count: int

    @property
    def place(self) -> float:
        return self.moment / self.weight


def stacked(wishes: Sequence[Wish], top: float, bottom: float) -> list[float]:
    """The tops, in order, nothing overlapping, with the least weighted squared distance.

    Isotonic regression by pooling adjacent violators, then held between ``top`` and ``bottom``;
    where there is too little room the stack runs over the bottom.

    Source: R. E. Barlow, D. J. Bartholomew, J. M. Bremner, H. D. Brunk (1972), Statistical
    inference under order restrictions, chapter 1.
    """
    offsets, used = [], 0.0
    for i, wish in enumerate(wishes):
        used += wish.before if i else 0.0
        offsets.append(used)
        used += wish.height
    places = pooled([w.top - o for w, o in zip(wishes, offsets, strict=True)], wishes)
    last = max(top, bottom - used)
    return [
        min(max(place, top), last) + offset for place, offset in zip(places, offsets, strict=True)
    ]


def pooled(targets: Sequence[float], wishes: Sequence[Wish]) -> list[float]:
    """The non-decreasing sequence nearest to ``targets`` in weighted squares."""
    blocks: list[_Block] = []
    for target, wish in zip(targets, wishes, strict=True):
        blocks.append(_Block(wish.weight, wish.weight * target, 1))
        while len(blocks) > 1 and blocks[-2].place > blocks[-1].place:
            last = blocks.pop()
            blocks[-1].weight += last.weight
            blocks[-1].moment += last.moment
            blocks[-1].count += last.count
    return [block.place for block in blocks for _ in range(block.count)]
