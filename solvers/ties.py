"""The rows and columns of a year that are about more than one slice.

For every by-product that can wait, ``level`` is what lies in this year's heap at the end of a
season; for every link that costs something in a year in which it runs at all, ``runs_in_year`` says
whether it did (it needs no integrality: its cost is positive, so it stands at the greatest
``runs``):

    tie        level[s] = level[s - 1] + put[s] - taken[s],   0 <= level[s] <= capacity;
               before the first slice lies what the year opens with
    legacy     what is drawn from an old heap over the year is at most what lies there
    runs_once  runs_in_year >= runs[s]
    route_over_year  what a route takes over the year and what it stores at the end of it is within
               its yearly capacity

What lies there as the year ends is stored by a route: its fee, tax and CO2e join the cost and
the carbon. Where no route stores, the last level is 0.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from symbiosis.exchange import Outlet
from symbiosis.seasons import Year
from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import Floats, Integers, MatrixForm

Find: TypeAlias = Callable[[str, Any], Integers]
"""The columns of a variable of the slices, by name and index: one for each slice, -1 for none."""
Entries: TypeAlias = tuple[Integers, Integers, float]
"""Rows (from 0 for the first tie), columns and the coefficient that stands there."""


@dataclass(frozen=True, eq=False)
class TieNumbers:
    """The numbers of the rows and columns of a year; a column's lower bound is zero."""

    row_lower: Floats
    row_upper: Floats
    column_upper: Floats
    cost_cny: Floats
    co2e_t: Floats


@dataclass(frozen=True)
class Ties:
    """What ties the slices of a year; ``before`` is the number of columns that the slices have."""

    year: Year
    find: Find
    before: int

    @cached_property
    def _routes(self) -> dict[str, Outlet]:
        """The routes that store what is left and have a yearly capacity, by by-product."""
        stores = self.year.stores if self.year.closes else {}
        left = {b: store.left for b, store in stores.items()}
        return {b: r for b, r in left.items() if r is not None and r.capacity is not None}

    @cached_property
    def _legacy(self) -> dict[str, Integers]:
        """The columns that draw on each old heap."""
        found = {b: self.find("drawn", b) for b in self.year.legacy}
        return {b: columns[columns >= 0] for b, columns in found.items() if (columns >= 0).any()}

    def tie(self, form: MatrixForm) -> MatrixForm:
        """The form of the slices side by side with the columns and rows of the year."""
        columns = self.column_keys()
        upper = self.column_upper()
        none = np.zeros(len(columns))
        wider = form.with_columns(
            sparse.csc_array((form.rows, len(columns))), none, upper, none, columns
        )
        keys = self.row_keys()
        lower, above = self.row_bounds()
        rows, places, values = self.entries()
        coefficients = sparse.csc_array((values, (rows, places)), shape=(len(keys), wider.columns))
        return wider.with_rows(coefficients, lower, above, keys)

    def numbers(self) -> TieNumbers:
        """All numbers of the rows and columns added."""
        return TieNumbers(
            *self.row_bounds(), self.column_upper(), self.column_cost(), self.column_co2e()
        )

    # --- columns: levels, then what is paid once a year

    def column_keys(self) -> list[Key]:
        """Keys of the columns added."""
        levels: list[Key] = [("level", (s, b)) for b in self.year.stores for s in self.year.names]
        return levels + [("runs_in_year", link) for link in self.year.charges]

    def column_upper(self) -> Floats:
        """Greatest levels; at most once."""
        stores = self.year.stores.values()
        last = [s.most_left if self.year.closes else s.capacity for s in stores]
        most = self._by_slice([s.capacity for s in stores], last)
        return np.append(most.ravel(), np.ones(len(self.year.charges)))

    def column_cost(self) -> Floats:
        """CNY: holding by hours, the route of what lies there at the end of the year, charges."""
        hours, price = np.array(self.year.hours), self.year.data.co2e_cny
        stores = self.year.stores.values()
        yearly = np.array([store.holding_cny for store in stores])[:, None]
        held = yearly * hours / self.year.data.hours
        left = self._at_end([store.left_cny(price) for store in stores])
        return np.append((held + left).ravel(), list(self.year.charges.values()))

    def column_co2e(self) -> Floats:
        """T CO2e: the route of what lies there at the end of the year."""
        stores = self.year.stores.values()
        left = self._at_end([store.left_co2e_t for store in stores])
        return np.append(left.ravel(), np.zeros(len(self.year.charges)))

    def _at_end(self, numbers: Sequence[float]) -> Floats:
        """Numbers of what is left as the year ends; zero where it goes on."""
        nothing = [0.0] * len(numbers)
        return self._by_slice(nothing, numbers if self.year.closes else nothing)

    def _by_slice(self, during: Sequence[float], at_end: Sequence[float]) -> Floats:
        """Stores x slices: one number in every slice but the last, which has another."""
        slices = len(self.year.names)
        made = np.repeat(np.array(during, dtype=float)[:, None], slices, axis=1)
        made[:, -1] = at_end
        return made

    # --- rows

    def row_keys(self) -> list[Key]:
        """Keys of the rows added."""
        names = self.year.names
        keys: list[Key] = [("tie", (s, b)) for b in self.year.stores for s in names]
        keys += [("legacy", ("year", b)) for b in self._legacy]
        keys += [("route_over_year", ("year", *route.key)) for route in self._routes.values()]
        return keys + [("runs_once", (s, link)) for link in self.year.charges for s in names]

    def row_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the rows added."""
        slices = len(self.year.names)
        ties = np.zeros(len(self.year.stores) * slices)
        ties[::slices] = [self.year.opening.get(byproduct, 0.0) for byproduct in self.year.stores]
        once = np.zeros(len(self.year.charges) * slices)
        stocks: list[float] = [self.year.legacy[b] for b in self._legacy]
        stocks += [route.capacity or 0.0 for route in self._routes.values()]
        lower = np.concatenate([ties, np.full(len(stocks), -np.inf), np.full(len(once), -np.inf)])
        return lower, np.concatenate([ties, stocks, once])

    @property
    def columns(self) -> int:
        """How many columns are added."""
        return len(self.year.stores) * len(self.year.names) + len(self.year.charges)

    def entries(self) -> tuple[Integers, Integers, Floats]:
        """Rows (from 0 for the first one added), columns and coefficients of all entries."""
        parts = list(self._entries())
        if not parts:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, np.zeros(0)
        values = [np.full(len(rows), value) for rows, _, value in parts]
        rows, places = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        return rows, places, np.concatenate(values)

    def _entries(self) -> Iterator[Entries]:
        each = np.arange(len(self.year.names), dtype=np.int64)
        slices, row, level = len(each), 0, self.before
        for byproduct in self.year.stores:
            yield row + each, level + each, 1.0
            yield row + each[1:], level + each[:-1], -1.0
            yield row + each, self.find("put", byproduct), -1.0
            yield row + each, self.find("taken", byproduct), 1.0
            row, level = row + slices, level + slices
        for columns in self._legacy.values():
            yield np.full(len(columns), row), columns, 1.0
            row += 1
        for byproduct, route in self._routes.items():
            yield np.full(slices, row), self.find("dumped", route.key), 1.0
            last = self.before + (list(self.year.stores).index(byproduct) + 1) * slices - 1
            yield np.array([row]), np.array([last]), 1.0
            row += 1
        for link in self.year.charges:
            yield row + each, self.find("runs", link), 1.0
            yield row + each, np.full(slices, level), -1.0
            row, level = row + slices, level + 1


def in_each(keys: list[dict[Key, int]]) -> Find:
    """Find columns of slices side by side, from the place of each key in each slice."""
    ends = np.cumsum([0, *(len(own) for own in keys)])
    starts = [start for start, _ in pairwise(ends.tolist())]

    def find(name: str, index: Any) -> Integers:
        own = [places.get((name, index)) for places in keys]
        pairs = zip(own, starts, strict=True)
        return np.array([-1 if p is None else p + start for p, start in pairs], dtype=np.int64)

    return find


def in_all(keys: dict[Key, int], slices: int) -> Find:
    """Find columns of slices that have the same columns."""
    steps = np.arange(slices, dtype=np.int64) * len(keys)

    def find(name: str, index: Any) -> Integers:
        own = keys.get((name, index))
        return np.full(slices, -1, dtype=np.int64) if own is None else own + steps

    return find
