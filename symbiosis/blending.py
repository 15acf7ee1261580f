"""What quality asks of one slice, as plain numbers: blends, loads, returns and content rules.

Levels are in base units of their index per unit of material (t/m3, t/t), so that a level times an
amount is an amount of the index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from symbiosis.park.enterprise import ShareBasis

ArcKey = tuple[str, str]


@dataclass(frozen=True)
class Blend:
    """The mean level of what fills a use is at most (``upper``) or at least (``lower``) ``bound``.

    ``levels`` are those behind each arc into the use, ``virgin`` that of the virgin material.
    """

    use: str
    index: str
    side: str
    bound: float
    levels: Mapping[ArcKey, float]
    virgin: float

    @property
    def key(self) -> tuple[str, str, str]:
        """(use, index, side)."""
        return self.use, self.index, self.side


@dataclass(frozen=True)
class Duty:
    """A load that the flow through a use carries off: flow x (outlet - level) >= load.

    ``fixed`` is the load given anyway, ``per_load`` that at full load of its unit.
    """

    use: str
    index: str
    outlet: float
    fixed: float
    per_load: float
    levels: Mapping[ArcKey, float]
    virgin: float

    @property
    def key(self) -> tuple[str, str]:
        """(use, index)."""
        return self.use, self.index


@dataclass(frozen=True)
class Back:
    """A by-product that is ``share`` of what a use took in."""

    use: str
    share: float


@dataclass(frozen=True)
class Content:
    """At least ``share`` of a use from ``materials``: required, or for a refund on the need.

    ``most_in`` is the most that can go into the use, on the basis of the share; ``most_needed`` the
    greatest need.
    """

    use: str
    rule: str
    materials: tuple[str, ...]
    share: float
    basis: ShareBasis
    refund_cny: float
    required: bool
    most_in: float = inf
    most_needed: float = inf

    @property
    def key(self) -> tuple[str, str]:
        """(use, number of the rule, from 0)."""
        return self.use, self.rule


@dataclass(frozen=True)
class Quality:
    """All of it; empty for a park that states no quality. ``returns`` by by-product."""

    blends: tuple[Blend, ...] = ()
    duties: tuple[Duty, ...] = ()
    returns: Mapping[str, Back] = field(default_factory=dict)
    contents: tuple[Content, ...] = ()
