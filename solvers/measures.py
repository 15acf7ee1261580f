"""Measures of an answer as dot products: written in Pyomo, stamped with the slice, read as arrays.

    known = measurable(park, data)                       # plain data, once for a structure
    measures = Measures(known)
    pattern = pattern_of(year, paths, measures.build())  # as without; the model has more to read
    form = pattern.form(year)
    sums = measures.sums(form, x, measures.tied(year))   # numerators and denominators
    measures.values(sums)                                # by measure; nan where undefined

Numerators and denominators stand in the model as a ``pyo.Expression``, beside the objectives, and
never reach a solver. They are written with the very parts of :mod:`symbiosis.solvers.exchange`.
What a year adds beside its slices (heaps, what links pay once) is added by :meth:`Measures.tied`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyomo.environ as pyo
from scipy import sparse

from symbiosis.exchange import ExchangeData
from symbiosis.measurable import Measurable, Measure
from symbiosis.seasons import Store, Year
from symbiosis.solvers.compile import MEASURE
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.matrix import Floats, Integers, LinearRows
from symbiosis.solvers.measured import Amounts, amounts_of
from symbiosis.solvers.template import Build
from symbiosis.solvers.year import YearForm

NUMERATOR, DENOMINATOR = "numerator", "denominator"
Key: TypeAlias = tuple[str, str]


def measured(build: Build, known: Measurable) -> Build:
    """A build that also writes the measures of each slice."""

    def build_measured(data: ExchangeData) -> pyo.ConcreteModel:
        model = build(data)
        written = dict(_written(known, amounts_of(model, data, known)))
        model.add_component(MEASURE, pyo.Expression(list(written), initialize=written))
        return model

    return build_measured


def _written(known: Measurable, amounts: Amounts) -> Iterator[tuple[Key, Any]]:
    for name, measure in known.measures.items():
        above, below = amounts.of(measure)
        yield (name, NUMERATOR), above
        if measure.divided:
            yield (name, DENOMINATOR), below


@dataclass(frozen=True)
class Measures:
    """The measures of slices of one structure; see the module."""

    known: Measurable

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of the measures, in the order of their values."""
        return tuple(self.known.measures)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """(id, numerator or denominator), in the order of the rows and sums."""
        return tuple(
            (name, part)
            for name, measure in self.known.measures.items()
            for part in ((NUMERATOR, DENOMINATOR) if measure.divided else (NUMERATOR,))
        )

    @cached_property
    def rows(self) -> dict[Key, int]:
        """The row of each key."""
        return {key: i for i, key in enumerate(self.keys)}

    def build(self, build: Build = build_model) -> Build:
        """What writes the model of a slice with its measures."""
        return measured(build, self.known)

    # --- rows

    def by_slice(self, form: YearForm) -> tuple[LinearRows, ...]:
        """The measures of each slice over the slice's own columns, without what ties them."""
        if any(rows.keys != self.keys for rows in form.measures) or not form.measures:
            raise ValueError("the form was not built with these measures")
        return form.measures

    def over_year(self, form: YearForm, tied: sparse.csr_array) -> LinearRows:
        """One map ``A @ x + b`` from all columns of a form to the sums over its slices."""
        slices = self.by_slice(form)
        every = [*(rows.matrix for rows in slices), tied]
        matrix = sparse.csr_array(sparse.hstack(every, format="csr"))
        return LinearRows(self.keys, matrix, np.sum([rows.offset for rows in slices], axis=0))

    def sums(self, form: YearForm, x: Floats, tied: sparse.csr_array) -> Floats:
        """Numerators and denominators over all slices of a form, at its columns ``x``.

        ``tied`` comes from :meth:`tied`. It depends on the hours, stores, charges and carbon price
        of the year, so that it can be kept while other figures change.
        """
        columns = tied.shape[1]
        apart = tied @ x[len(x) - columns :]
        return np.asarray(self.sums_by_slice(form, x).sum(axis=0) + apart, dtype=float)

    def sums_by_slice(self, form: YearForm, x: Floats) -> Floats:
        """Slices x rows: what each slice adds, without what ties them."""
        found, start = [], 0
        for rows in self.by_slice(form):
            columns = rows.matrix.shape[1]
            found.append(rows.at(x[start : start + columns]))
            start += columns
        return np.array(found)

    def tied(self, year: Year) -> sparse.csr_array:
        """Entries of the columns that tie the slices of a year: heaps, links that run in it."""
        columns = 0 if year.single else len(year.stores) * len(year.names) + len(year.charges)
        entries = [] if year.single else list(self._tied(year))
        rows, places, values = np.array(entries, dtype=float).reshape(-1, 3).T
        where = rows.astype(np.int64), places.astype(np.int64)
        return sparse.csr_array((values, where), shape=(len(self.keys), columns))

    def _tied(self, year: Year) -> Iterator[tuple[int, int, float]]:
        """(row, column, value), in the order of the columns of :mod:`symbiosis.solvers.ties`."""
        place, last = 0, len(year.names) - 1 if year.closes else -1
        for byproduct, store in year.stores.items():
            payer = year.data.supplies[byproduct].enterprise
            for i, hours in enumerate(year.hours):
                held = {"holding": store.holding_cny * hours / year.data.hours}
                left = _left_items(store, year.data.co2e_cny) if i == last else {}
                yield from self._paid(payer, {**held, **left}, place)
                if i == last:
                    yield from self._emitted(store.left_co2e_t, place)
                place += 1
        takers = {arc.link: year.data.needs[arc.use].enterprise for arc in year.data.arcs}
        for link in year.charges:
            items = {"fixed": self.known.fixed_cny[link], "capital": self.known.capital_cny[link]}
            yield from self._paid(takers[link], items, place)
            place += 1

    def _paid(
        self, enterprise: str, items: Mapping[str, float], place: int
    ) -> Iterator[tuple[int, int, float]]:
        whole = sum(items.values())
        for item, cny in items.items():
            yield self.rows[f"cost_item.{item}", NUMERATOR], place, cny
        yield self.rows[f"cost_of.{enterprise}", NUMERATOR], place, whole
        yield self.rows["cost", NUMERATOR], place, whole

    def _emitted(self, co2e_t: float, place: int) -> Iterator[tuple[int, int, float]]:
        for name, measure in self.known.measures.items():
            if measure.family in ("co2e", "co2e_per_output"):
                yield self.rows[name, NUMERATOR], place, co2e_t

    # --- values

    @cached_property
    def _above(self) -> Integers:
        return np.array([self.rows[name, NUMERATOR] for name in self.names], dtype=np.int64)

    @cached_property
    def _below(self) -> Integers:
        """Rows of denominators; -1 for a measure that is not divided."""
        return np.array(
            [self.rows.get((name, DENOMINATOR), -1) for name in self.names], dtype=np.int64
        )

    def values(self, sums: Floats) -> Floats:
        """Measures from sums, along the last axis; nan where the denominator is not above zero."""
        divided = self._below >= 0
        below = np.where(divided, sums[..., self._below], 1.0)
        undefined = np.full_like(below, np.nan)
        return np.divide(sums[..., self._above], below, out=undefined, where=below > 0)

    def value(self, name: str, sums: Floats) -> float | None:
        """One measure from sums; None where its denominator is not above zero."""
        above = float(sums[self.rows[name, NUMERATOR]])
        if not self.measure(name).divided:
            return above
        below = float(sums[self.rows[name, DENOMINATOR]])
        return above / below if below > 0 else None

    def measure(self, name: str) -> Measure:
        """What is known of one measure."""
        return self.known.measures[name]


def _left_items(store: Store, co2e_cny: float) -> dict[str, float]:
    """CNY by item of a unit that lies there as the year ends: the route that stores it."""
    if store.left is None:
        return {}
    carbon = co2e_cny * store.left_co2e_t
    return {"disposal": store.left.fee_cny, "tax": store.left.tax_cny, "carbon_price": carbon}
