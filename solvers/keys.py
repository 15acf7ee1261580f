"""Keys of rows and columns: which component of the model, and which index of it.

A year has the keys of one slice over and over, season by season; they are worked out when they are
asked for, so that a long horizon does not hold a million tuples.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, overload

Key: TypeAlias = tuple[str, Any]
"""Name of the component and the index in it: ``("supply", ("kiln", "slag"))``; ``()`` if scalar."""


def in_season(key: Key, season: str) -> Key:
    """A key of one slice as a key of the year."""
    name, index = key
    return name, (season, index)


def split(key: Key) -> tuple[str, Key]:
    """(season, key of the slice) of a key of the year."""
    name, (season, index) = key
    return season, (name, index)


class _Lazy(Sequence[Key]):
    """A sequence of keys that knows its length and how to find one of them."""

    @overload
    def __getitem__(self, place: int) -> Key: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Key]: ...
    def __getitem__(self, place: int | slice) -> Key | Sequence[Key]:
        if isinstance(place, slice):
            return tuple(self.at(i) for i in range(*place.indices(len(self))))
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return self.at(place % len(self))

    def at(self, place: int) -> Key:
        """The key at a place from 0 on."""
        raise NotImplementedError


@dataclass(frozen=True)
class Numbered(_Lazy):
    """Keys of rows or columns that nobody asks the name of."""

    name: str
    many: int

    def __len__(self) -> int:
        return self.many

    def at(self, place: int) -> Key:  # noqa: D102
        return self.name, place


@dataclass(frozen=True)
class BySeason(_Lazy):
    """The keys of one slice for each season in turn."""

    seasons: tuple[str, ...]
    keys: Sequence[Key]

    def __len__(self) -> int:
        return len(self.seasons) * len(self.keys)

    def at(self, place: int) -> Key:  # noqa: D102
        season, own = divmod(place, len(self.keys))
        return in_season(self.keys[own], self.seasons[season])

    def __iter__(self) -> Iterator[Key]:
        return (in_season(key, season) for season in self.seasons for key in self.keys)


@dataclass(frozen=True)
class Joined(_Lazy):
    """Some keys and then others."""

    first: Sequence[Key]
    second: Sequence[Key]

    def __len__(self) -> int:
        return len(self.first) + len(self.second)

    def at(self, place: int) -> Key:  # noqa: D102
        before = len(self.first)
        return self.first[place] if place < before else self.second[place - before]

    def __iter__(self) -> Iterator[Key]:
        yield from self.first
        yield from self.second


def joined(first: Sequence[Key], second: Iterable[Key]) -> Sequence[Key]:
    """Both in turn; plain tuples stay plain."""
    more = tuple(second)
    if not more:
        return first
    return first + more if isinstance(first, tuple) else Joined(first, more)
