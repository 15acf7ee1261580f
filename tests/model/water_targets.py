"""The least fresh water of single-contaminant problems, without a linear programme.

At every concentration c, what the demands can take below c must cover what the sources above the
demands bring: fresh water of concentration 0 brings c per unit. The least fresh water is the
greatest load deficit over its concentration; at an infinite one it is the flow balance.

Source: the load deficit is the vertical distance of the limiting composite curve from the water
supply line of Y. P. Wang and R. Smith (1994), Chemical Engineering Science 49(7), 981-1006, and
the cascade of Z. A. Manan, Y. L. Tan and D. C. Y. Foo (2004), AIChE Journal 50(12), 3169-3183.
"""

from collections.abc import Sequence

Stream = tuple[float, float]
"""(flow, concentration)."""


def least_fresh_water(sources: Sequence[Stream], demands: Sequence[Stream]) -> float:
    """Fresh water of concentration 0 for demands with greatest concentrations.

    Demands that take nothing but clean water are met outright.
    """
    levels = {c for _, c in (*sources, *demands) if c > 0}
    asked = [(_below(demands, level) - _below(sources, level)) / level for level in levels]
    balance = sum(flow for flow, _ in demands) - sum(flow for flow, _ in sources)
    return max([0.0, balance, *asked])


def _below(streams: Sequence[Stream], level: float) -> float:
    """What streams can take up before they reach a level."""
    return sum(flow * max(0.0, level - c) for flow, c in streams)


def of_operations(operations: Sequence[tuple[float, float, float]]) -> float:
    """Fresh water of operations (load, inlet, outlet): each a demand and a source of one flow."""
    flows = [(load / (outlet - inlet), inlet, outlet) for load, inlet, outlet in operations]
    return least_fresh_water(
        [(flow, outlet) for flow, _, outlet in flows], [(flow, inlet) for flow, inlet, _ in flows]
    )
