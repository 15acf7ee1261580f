"""The terms on which links run in one slice, as plain numbers: see :mod:`symbiosis.terms`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from symbiosis.presence import present

ArcKey = tuple[str, str]


@dataclass(frozen=True)
class Terms:
    """The terms of one link; amounts per slice in the unit of its by-product.

    ``least`` is sent at the least where it runs, ``contract`` in any case; ``most`` is the most
    that it can send, from what is there and what is needed. ``fixed_cny`` and ``capital_cny`` are
    paid in a year in which it runs at all. ``switched``: whether it runs is decided by a switch.
    """

    link: str
    least: float
    contract: float
    fixed_cny: float
    capital_cny: float
    switched: bool
    most: float

    @property
    def once_cny(self) -> float:
        """What is paid in a year in which it runs at all."""
        return self.fixed_cny + self.capital_cny


@dataclass(frozen=True)
class Partners:
    """At most ``most`` of ``links`` run at ``name``: a ``use``, or a ``byproduct``."""

    kind: str
    name: str
    most: int
    links: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """(kind, name)."""
        return self.kind, self.name


@dataclass(frozen=True)
class Room:
    """What one treatment can take at one enterprise, over all its links together.

    ``capacity`` in ``unit`` per slice; ``entering`` is what enters it per unit sent over an arc.
    """

    enterprise: str
    treatment: str
    capacity: float
    unit: str
    entering: Mapping[ArcKey, float]

    @property
    def key(self) -> tuple[str, str]:
        """(enterprise, treatment)."""
        return self.enterprise, self.treatment


@dataclass(frozen=True)
class Deals:
    """All terms of a slice: by link, limits on partners, rooms of treatments."""

    terms: Mapping[str, Terms] = field(default_factory=dict)
    partners: tuple[Partners, ...] = ()
    rooms: tuple[Room, ...] = ()

    @property
    def switched(self) -> list[str]:
        """The links whose running is decided by a switch."""
        return [link for link, terms in self.terms.items() if terms.switched]

    def yearly_cny(self) -> dict[str, float]:
        """What each link costs in a year in which it runs at all."""
        return {link: t.once_cny for link, t in self.terms.items() if present(t.once_cny)}
