"""Questions about a figure that also have an answer where it is no number yet.

The exchange model is written for slices whose figures are numbers, arrays over several seasons, or
symbols (of a model that is compiled once and given its numbers later). Only a number can be known
to be zero; whatever else stands for a figure may turn out to be any number.
"""

from typing import Any


def present(figure: Any) -> bool:
    """Whether a figure has a say: False only for a number that is zero."""
    return bool(figure != 0.0) if isinstance(figure, int | float) else True


def differ(one: Any, other: Any) -> bool:
    """Whether two figures can differ: False only for two equal numbers."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one != other
    return True
