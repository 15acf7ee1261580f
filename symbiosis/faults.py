"""When two sums differ by more than rounding, or one exceeds what it may be, in a line each."""

from collections.abc import Iterator

TOLERANCE = 1e-6
"""A sum may differ by this part of what it is a sum of."""
ROUNDING = 1e-6
"""A yuan, a tonne: below this part of one, nothing is wrong."""
FLOOR = 1e-9
"""And, at the smallest nodes, by this part of the largest flow."""


def differ(what: str, one: float, other: float, allowed: float) -> Iterator[str]:
    """Nothing, or that two sums are not the same."""
    if not abs(one - other) <= allowed:
        yield f"{what}: {one:.9g} beside {other:.9g}"


def exceeds(what: str, amount: float, most: float, allowed: float) -> Iterator[str]:
    """Nothing, or that an amount is above the most that it may be."""
    if not amount <= most + allowed:
        yield f"{what}: {amount:.9g} above {most:.9g}"
