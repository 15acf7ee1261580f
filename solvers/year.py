"""The seasons of a year as one model: the arrays of each slice side by side, tied by its heaps.

For every by-product that can wait, ``level`` is what lies in this year's heap at the end of a
season:

    tie      level[s] = level[s - 1] + put[s] - taken[s],   0 <= level[s] <= capacity
    legacy   what is drawn from an old heap over the year is at most what lies there

Keys of a slice's rows and columns get the season in front of their index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from symbiosis.seasons import Store, Year
from symbiosis.solvers.compile import Compiled
from symbiosis.solvers.matrix import Floats, Key, LinearExpression, MatrixForm
from symbiosis.solvers.terms import with_charges


@dataclass(frozen=True, eq=False)
class YearForm:
    """The arrays of a year and its expressions over all slices."""

    form: MatrixForm
    expressions: Mapping[str, LinearExpression]


def glue(year: Year, slices: Sequence[Compiled]) -> YearForm:
    """One form from the compiled slices of a year; a single slice is returned as it is."""
    if len(slices) == 1:
        return YearForm(slices[0].form, slices[0].expressions)
    side_by_side = _side_by_side(year.names, [compiled.form for compiled in slices])
    expressions = {
        name: LinearExpression(
            np.concatenate([compiled.expressions[name].vector for compiled in slices]),
            sum(compiled.expressions[name].offset for compiled in slices),
        )
        for name in slices[0].expressions
    }
    return _tied(year, side_by_side, expressions)


def in_season(key: Key, season: str) -> Key:
    """A key of one slice as a key of the year."""
    name, index = key
    return name, (season, index)


def split(key: Key) -> tuple[str, Key]:
    """(season, key of the slice) of a key of the year."""
    name, (season, index) = key
    return season, (name, index)


def _side_by_side(names: Sequence[str], forms: Sequence[MatrixForm]) -> MatrixForm:
    def every(part: str) -> Any:
        return np.concatenate([getattr(form, part) for form in forms])

    def keys(part: str) -> tuple[Key, ...]:
        return tuple(
            in_season(key, name)
            for name, form in zip(names, forms, strict=True)
            for key in getattr(form, part)
        )

    return MatrixForm(
        matrix=sparse.csc_array(sparse.block_diag([form.matrix for form in forms], format="csc")),
        row_lower=every("row_lower"),
        row_upper=every("row_upper"),
        column_lower=every("column_lower"),
        column_upper=every("column_upper"),
        integer=every("integer"),
        cost=every("cost"),
        offset=sum(form.offset for form in forms),
        row_keys=keys("row_keys"),
        column_keys=keys("column_keys"),
    )


def _tied(year: Year, form: MatrixForm, expressions: Mapping[str, LinearExpression]) -> YearForm:
    """Add the levels of the heaps, the ties between seasons, and the limits of old heaps."""
    levels: list[Key] = [("level", (s, b)) for b in year.stores for s in year.names]
    stores = [year.stores[b] for b in year.stores for _ in year.names]
    wider = form.with_columns(
        sparse.csc_array((form.rows, len(levels))),
        np.zeros(len(levels)),
        np.array([store.capacity for store in stores]),
        np.zeros(len(levels)),
        levels,
    )
    place = {key: i for i, key in enumerate(wider.column_keys)}
    for byproduct in year.stores:
        wider = _with_ties(year, wider, place, byproduct)
    for byproduct, stock in year.legacy.items():
        wider = _with_legacy(year, wider, place, byproduct, stock)
    widened = {
        name: LinearExpression(np.append(e.vector, np.zeros(len(levels))), e.offset)
        for name, e in expressions.items()
    }
    lying = LinearExpression(_lying_cost(year, wider.columns, place))
    return YearForm(*with_charges(year, wider, widened | {"cost": widened["cost"].plus(lying)}))


def _with_ties(
    year: Year, form: MatrixForm, place: Mapping[Key, int], byproduct: str
) -> MatrixForm:
    rows = np.zeros((len(year.names), form.columns))
    keys: list[Key] = []
    for i, season in enumerate(year.names):
        rows[i, place["level", (season, byproduct)]] = 1.0
        if i > 0:
            rows[i, place["level", (year.names[i - 1], byproduct)]] = -1.0
        rows[i, place["put", (season, byproduct)]] = -1.0
        rows[i, place["taken", (season, byproduct)]] = 1.0
        keys.append(("tie", (season, byproduct)))
    none = np.zeros(len(keys))
    return form.with_rows(rows, none, none, keys)


def _with_legacy(
    year: Year, form: MatrixForm, place: Mapping[Key, int], byproduct: str, stock: float
) -> MatrixForm:
    row = np.zeros(form.columns)
    for season in year.names:
        column = place.get(("drawn", (season, byproduct)))
        if column is not None:
            row[column] = 1.0
    if not row.any():
        return form
    expression = LinearExpression(row)
    return form.with_row(expression, -np.inf, stock, ("legacy", ("year", byproduct)))


def _lying_cost(year: Year, columns: int, place: Mapping[Key, int]) -> Floats:
    """Holding cost by hours; what lies there at the end of the year pays its route's fee."""
    hours = [data.hours for data in year.slices]
    cost = np.zeros(columns)
    for byproduct, store in year.stores.items():
        for season, length in zip(year.names, hours, strict=True):
            cost[place["level", (season, byproduct)]] += _held(store, length, sum(hours))
        cost[place["level", (year.names[-1], byproduct)]] += store.left_cny
    return cost


def _held(store: Store, hours: float, year_h: float) -> float:
    return store.holding_cny * hours / year_h
