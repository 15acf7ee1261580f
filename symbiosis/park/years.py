"""What exists in a year, and how a link looks from there."""

from typing import Protocol

from symbiosis.park.link import Link, Status


class Dated(Protocol):
    """Something with a first year and a year from which it is gone."""

    @property
    def from_(self) -> int | None:
        """First year in which it is there."""

    @property
    def until(self) -> int | None:
        """First year in which it is gone."""


def in_effect(effective: int | None, year: int) -> bool:
    """Whether a rule, rate or price that holds from ``effective`` on holds in ``year``."""
    return effective is None or effective <= year


def exists(thing: Dated, year: int, last: int) -> bool:
    """Whether it is there in ``year``, or comes until ``last`` and is not gone before ``year``."""
    started = thing.from_ is None or thing.from_ <= last
    return started and (thing.until is None or year < thing.until)


def status_in(link: Link, year: int) -> Status:
    """The status of a link seen from ``year``: what starts later is planned until then."""
    if link.status is Status.EXISTING and link.from_ is not None and link.from_ > year:
        return Status.PLANNED
    return link.status
