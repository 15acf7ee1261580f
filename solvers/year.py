"""The seasons of a year as one model: the arrays of each slice side by side, tied by its heaps.

For every by-product that can wait, ``level`` is what lies in this year's heap at the end of a
season; for every link that costs something in a year in which it runs at all, ``runs_in_year`` says
whether it did (it needs no integrality: its cost is positive, so it stands at the greatest
``runs``):

    tie        level[s] = level[s - 1] + put[s] - taken[s],   0 <= level[s] <= capacity
    legacy     what is drawn from an old heap over the year is at most what lies there
    route_over_year  what a route takes over the year and what it stores at the end of it is within
               its yearly capacity
    runs_once  runs_in_year >= runs[s]

What lies there at the end of the year is stored by a route: its fee, tax and CO2e join the cost and
the carbon. Where no route stores, the last level is 0.

Keys of a slice's rows and columns get the season in front of their index. The plain model of
:mod:`symbiosis.solvers.plain` writes the same in Pyomo.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from symbiosis.figures import figures
from symbiosis.seasons import Store, Year
from symbiosis.solvers.compile import Compiled, compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.keys import BySeason, Key
from symbiosis.solvers.matrix import Floats, Integers, LinearExpression, MatrixForm
from symbiosis.solvers.template import (
    Build,
    NotStampableError,
    Stamped,
    Template,
    stamp,
    template_of,
)


@dataclass(frozen=True, eq=False)
class YearForm:
    """The arrays of a year and its expressions over all slices.

    ``template`` is what the slices were stamped from; where they were built one by one it is None
    and ``why_plain`` says what could not be stamped (empty for a single slice, which need not be).
    """

    form: MatrixForm
    expressions: Mapping[str, LinearExpression]
    template: Template | None = None
    why_plain: str = ""


def year_form(year: Year, build: Build = build_model) -> YearForm:
    """The arrays of a year: stamped from one slice, or built slice by slice where that fails."""
    if year.single:
        compiled = compile_model(build(year.data))
        return YearForm(compiled.form, compiled.expressions)
    try:
        template = template_of(year.data, year.courses, build)
    except NotStampableError as error:
        return glue(year, [compile_model(build(part)) for part in year.slices], str(error))
    return stamped_form(year, template)


def stamped_form(year: Year, template: Template) -> YearForm:
    """A year stamped from a template, which must know every figure that differs from its own."""
    named = figures(year.data)
    values = {path: year.courses.get(path, np.array(named[path])) for path in template.paths}
    return _tied(year, *_stacked(year, stamp(template, values, len(year.names))), template)


def glue(year: Year, slices: Sequence[Compiled], why_plain: str = "") -> YearForm:
    """One form from the slices of a year, each compiled by itself."""
    forms = [compiled.form for compiled in slices]

    def every(part: str) -> Any:
        return np.concatenate([getattr(form, part) for form in forms])

    def keys(part: str) -> tuple[Key, ...]:
        own = [getattr(form, part) for form in forms]
        by_season = (BySeason((s,), k) for s, k in zip(year.names, own, strict=True))
        return tuple(key for keys in by_season for key in keys)

    form = MatrixForm(
        matrix=sparse.csc_array(sparse.block_diag([form.matrix for form in forms], format="csc")),
        row_lower=every("row_lower"),
        row_upper=every("row_upper"),
        column_lower=every("column_lower"),
        column_upper=every("column_upper"),
        integer=every("integer"),
        cost=every("cost"),
        offset=0.0,
        row_keys=keys("row_keys"),
        column_keys=keys("column_keys"),
    )
    expressions = {
        name: LinearExpression(
            np.concatenate([compiled.expressions[name].vector for compiled in slices]),
            sum(compiled.expressions[name].offset for compiled in slices),
        )
        for name in slices[0].expressions
    }
    return _tied(year, form, expressions, None, why_plain)


def _stacked(year: Year, stamped: Stamped) -> tuple[MatrixForm, dict[str, LinearExpression]]:
    """The form and the expressions of stamped slices side by side, not yet tied."""
    template, slices = stamped.template, stamped.slices
    form = MatrixForm(
        matrix=_diagonal(template, stamped.entries),
        row_lower=stamped.row_lower.ravel(),
        row_upper=stamped.row_upper.ravel(),
        column_lower=stamped.column_lower.ravel(),
        column_upper=stamped.column_upper.ravel(),
        integer=np.tile(template.integer, slices),
        cost=np.zeros(slices * len(template.column_keys)),
        offset=0.0,
        row_keys=BySeason(year.names, template.row_keys),
        column_keys=BySeason(year.names, template.column_keys),
    )
    expressions = {
        name: LinearExpression(numbers[:, :-1].ravel(), float(numbers[:, -1].sum()))
        for name, numbers in stamped.expressions.items()
    }
    return form, expressions


def _diagonal(template: Template, entries: Floats) -> sparse.csc_array:
    """The slices' matrices down the diagonal."""
    slices, count = entries.shape
    rows, columns = len(template.row_keys), len(template.column_keys)
    down = np.arange(slices, dtype=np.int64)[:, None]
    starts = (template.starts[None, :-1] + down * count).ravel()
    return sparse.csc_array(
        (
            entries.ravel(),
            (template.rows[None, :] + down * rows).ravel(),
            np.append(starts, slices * count),
        ),
        shape=(slices * rows, slices * columns),
    )


# --- what ties the slices


def _tied(
    year: Year,
    form: MatrixForm,
    expressions: Mapping[str, LinearExpression],
    template: Template | None,
    why_plain: str = "",
) -> YearForm:
    """Add the levels of the heaps, the ties between seasons, the limits of old heaps, charges."""
    ties = _Ties(year, {key: i for i, key in enumerate(form.column_keys) if key[0] in TIED})
    columns = [*ties.level_columns(), *ties.charge_columns()]
    wider = form.with_columns(
        sparse.csc_array((form.rows, len(columns))),
        np.zeros(len(columns)),
        np.array([column.upper for column in columns]),
        np.zeros(len(columns)),
        [column.key for column in columns],
    )
    ties.place.update({column.key: form.columns + i for i, column in enumerate(columns)})
    added = {
        "cost": np.array([column.cost for column in columns]),
        "carbon": np.array([column.co2e_t for column in columns]),
    }
    none = np.zeros(len(columns))
    extended = {
        name: LinearExpression(np.append(e.vector, added.get(name, none)), e.offset)
        for name, e in expressions.items()
    }
    return YearForm(_with_rows(wider, ties.rows()), extended, template, why_plain)


TIED = ("put", "taken", "drawn", "dumped", "runs")
"""Variables of a slice that the rows of a year are about."""


@dataclass(frozen=True)
class _Column:
    key: Key
    upper: float
    cost: float
    co2e_t: float = 0.0


@dataclass(frozen=True)
class _Row:
    key: Key
    entries: tuple[tuple[int, float], ...]
    lower: float
    upper: float


def _with_rows(form: MatrixForm, rows: Iterable[_Row]) -> MatrixForm:
    found = list(rows)
    where = [(i, column, value) for i, row in enumerate(found) for column, value in row.entries]
    across, down, values = zip(*where, strict=True) if where else ((), (), ())
    below: Integers = np.array(across, dtype=np.int64)
    return form.with_rows(
        sparse.csc_array((values, (below, down)), shape=(len(found), form.columns)),
        [row.lower for row in found],
        [row.upper for row in found],
        [row.key for row in found],
    )


@dataclass(frozen=True)
class _Ties:
    """The rows and columns of a year; ``place`` finds the columns that they are about."""

    year: Year
    place: dict[Key, int]

    def level_columns(self) -> Iterable[_Column]:
        """Levels; holding by hours; what is left at the end of the year is stored by a route."""
        year, whole = self.year, sum(self.year.hours)
        for store in year.stores.values():
            held = [store.holding_cny * hours / whole for hours in year.hours]
            for season, cost in zip(year.names[:-1], held, strict=False):
                yield _Column(("level", (season, store.byproduct)), store.capacity, cost)
            yield self._last_level(store, held[-1])

    def _last_level(self, store: Store, held: float) -> _Column:
        """The level at the end of the year: it pays and emits as its route does."""
        key: Key = ("level", (self.year.names[-1], store.byproduct))
        cost = held + store.left_cny(self.year.data.co2e_cny)
        return _Column(key, store.most_left, cost, store.left_co2e_t)

    def charge_columns(self) -> Iterable[_Column]:
        """What links cost in a year in which they run at all."""
        for link, cny in self.year.charges.items():
            yield _Column(("runs_in_year", link), 1.0, cny)

    def rows(self) -> Iterable[_Row]:
        """Every row that is about more than one slice."""
        for byproduct in self.year.stores:
            yield from self._tie(byproduct)
            yield from self._route(byproduct)
        for byproduct, stock in self.year.legacy.items():
            drawn = [self.place.get(("drawn", (s, byproduct))) for s in self.year.names]
            entries = tuple((column, 1.0) for column in drawn if column is not None)
            if entries:
                yield _Row(("legacy", ("year", byproduct)), entries, -np.inf, stock)
        for link in self.year.charges:
            for season in self.year.names:
                runs = self.place["runs", (season, link)], 1.0
                whole = self.place["runs_in_year", link], -1.0
                yield _Row(("runs_once", (season, link)), (runs, whole), -np.inf, 0.0)

    def _route(self, byproduct: str) -> Iterable[_Row]:
        """The yearly capacity of the route that stores what is left."""
        left = self.year.stores[byproduct].left
        if left is not None and left.capacity is not None:
            dumped = [self.place["dumped", (season, left.key)] for season in self.year.names]
            columns = (*dumped, self.place["level", (self.year.names[-1], byproduct)])
            entries = tuple((column, 1.0) for column in columns)
            yield _Row(("route_over_year", ("year", *left.key)), entries, -np.inf, left.capacity)

    def _tie(self, byproduct: str) -> Iterable[_Row]:
        before: tuple[tuple[int, float], ...] = ()
        for season in self.year.names:
            level, put, taken = (
                self.place[name, (season, byproduct)] for name in ("level", "put", "taken")
            )
            entries = (*before, (level, 1.0), (put, -1.0), (taken, 1.0))
            yield _Row(("tie", (season, byproduct)), entries, 0.0, 0.0)
            before = ((level, -1.0),)
