"""Years compiled so far: one with the structure of another is stamped, not compiled again."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from symbiosis.figures import Path, figures, structure
from symbiosis.seasons import Year
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.template import Build, NotStampableError
from symbiosis.solvers.year import Pattern, YearForm, pattern_of, year_form


@dataclass
class _Seen:
    """A structure that was asked for, and the pattern made for it once that was worth the while.

    ``first`` is the year that it was first asked for, ``paths`` its figures that are not zero.
    ``stampable`` is False once making a pattern has failed.
    """

    first: Year
    structure: tuple[Any, ...]
    paths: frozenset[Path]
    pattern: Pattern | None = None
    stampable: bool = True

    def fits(self, structure: tuple[Any, ...], paths: frozenset[Path]) -> bool:
        """Whether a year differs in figures that are open, and in nothing else.

        A figure that was zero has no symbol; a year in which it is not is another structure.
        """
        return structure == self.structure and paths <= self.paths

    def form(self, year: Year, build: Build) -> YearForm:
        """The arrays of a year that fits: stamped, if its model can be."""
        if self.pattern is None and self.stampable:
            try:
                self.pattern = pattern_of(self.first, list(self.paths), build)
            except NotStampableError:
                self.stampable = False
        return year_form(year, build) if self.pattern is None else self.pattern.form(year)


@dataclass
class Patterns:
    """The patterns of one piece of work; each worker of a batch has its own.

    A remedy, a policy, a month of a simulation mostly changes figures: its arrays are then a stamp
    of a few milliseconds instead of a model built anew. To open every figure of a year takes some
    three times as long as to compile it once, so that a pattern is made for what comes again.
    """

    build: Build = build_model
    _seen: list[_Seen] = field(default_factory=list)

    def form(self, year: Year) -> YearForm:
        """The arrays of a year."""
        shape, paths = _shape(year)
        for seen in self._seen:
            if seen.fits(shape, paths):
                return seen.form(year, self.build)
        self._seen.append(_Seen(year, shape, paths))
        return year_form(year, self.build)


@dataclass(frozen=True)
class Prepared:
    """The pattern of one year, and of no other: what it stamps depends on nothing asked before.

    A year that does not fit is compiled. So a case of a batch has the same arrays, to the last bit,
    whichever cases its worker has seen.
    """

    base: Year
    build: Build = build_model

    @cached_property
    def _only(self) -> _Seen:
        return _Seen(self.base, *_shape(self.base))

    def form(self, year: Year) -> YearForm:
        """The arrays of a year."""
        if self._only.fits(*_shape(year)):
            return self._only.form(year, self.build)
        return year_form(year, self.build)


def _shape(year: Year) -> tuple[tuple[Any, ...], frozenset[Path]]:
    """The structure of a year, and its figures that are not zero."""
    paths = frozenset(path for path, value in figures(year.data).items() if value)
    return (*_ties(year), structure(year.data)), paths


def _ties(year: Year) -> tuple[Any, ...]:
    """What the rows and columns over several slices depend on, but for their numbers."""
    stores = tuple(
        (name, None if left is None else (left.key, left.capacity is not None))
        for name, left in ((name, store.left) for name, store in year.stores.items())
    )
    shape = year.names, year.single, year.closes
    return shape, stores, tuple(year.legacy), tuple(year.charges)
