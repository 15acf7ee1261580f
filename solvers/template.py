"""The formulation of one slice compiled once, and stamped with the figures of many.

The model of :mod:`symbiosis.solvers.exchange` is built with symbols in place of the figures that
can change. Pyomo turns each row into coefficients of the columns; each coefficient and each bound
is then a polynomial in the symbols (:mod:`symbiosis.solvers.polynomial`). A stamp works all of
them out for any number of slices at once, with numpy: no expression is walked again.

A symbol is a Pyomo ``Var`` that the model does not own, so that Pyomo keeps it in the coefficients
of the model's own variables; a figure that bounds a variable is a mutable ``Param``, which Pyomo
keeps in bounds. What cannot be written as polynomials raises :class:`NotStampableError`, and is
solved by building the plain model slice by slice.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import pyomo.environ as pyo
from pyomo.common.collections import ComponentSet
from pyomo.common.errors import PyomoException
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base.objective import Objective
from pyomo.core.expr.relational_expr import InequalityExpression
from pyomo.repn.parameterized import ParameterizedLinearRepnVisitor
from pyomo.repn.util import OrderedVarRecorder
from scipy import sparse

from symbiosis.exchange import ExchangeData
from symbiosis.figures import Path, figures, with_figures
from symbiosis.solvers.compile import MEASURE, key_of
from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import Flags, Floats, Integers, LinearRows
from symbiosis.solvers.polynomial import (
    NotPolynomialError,
    Polynomial,
    Polynomials,
    polynomial,
    together,
)

BOUNDS = {("supplies", "reclaim"), ("runners", "min_load"), ("runners", "max_load")}
"""Figures that bound a variable, (part, name): they stand nowhere else in the model."""

ENTRIES, MEASURED, OFFSETS = "entries", "measured", "offsets"
BEYOND = {
    "row_lower": -np.inf, "row_upper": np.inf, "column_lower": -np.inf, "column_upper": np.inf,
}  # fmt: skip
"""What stands where a bound is absent."""
Limits: TypeAlias = dict[str, list[Polynomial | None]]

Build = Callable[[ExchangeData], pyo.ConcreteModel]


class NotStampableError(ValueError):
    """The model of a slice is not affine in products of its figures; the message names the part."""


@dataclass(frozen=True, eq=False)
class Measured:
    """The pattern of the measures of a model, as csr: one row each; no rows where it has none."""

    keys: tuple[tuple[str, str], ...]
    starts: Integers
    columns: Integers


@dataclass(frozen=True, eq=False)
class Template:
    """One slice with symbols for some figures: a pattern, and polynomials for every number in it.

    ``paths`` are the figures in the order of the symbols. The matrix is csc: ``starts``, ``rows``.
    ``numbers`` are all its numbers in succession, and ``parts`` says which are which: the entries
    of the matrix; lower and upper bounds of rows and of columns; for each objective its vector
    and, last, its offset; the entries and the offsets of the measures. ``absent`` is infinite
    where a bound is not there, else zero.
    """

    paths: tuple[Path, ...]
    row_keys: tuple[Key, ...]
    column_keys: tuple[Key, ...]
    integer: Flags
    starts: Integers
    rows: Integers
    numbers: Polynomials
    parts: Mapping[str, slice]
    absent: Mapping[str, Floats]
    objectives: tuple[str, ...]
    measures: "Measured"

    @cached_property
    def places(self) -> dict[Key, int]:
        """The column of each key."""
        return {key: i for i, key in enumerate(self.column_keys)}


@dataclass(frozen=True, eq=False)
class Stamped:
    """The numbers of several slices in the pattern of a template: slices x entries each."""

    template: Template
    entries: Floats
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    expressions: Mapping[str, Floats]
    measured: Floats
    offsets: Floats

    @property
    def slices(self) -> int:
        """Number of slices."""
        return len(self.entries)

    def measures(self) -> tuple[LinearRows, ...]:
        """The measures of each slice over its own columns; empty where the model has none."""
        own, columns = self.template.measures, len(self.template.column_keys)
        if not own.keys:
            return ()
        shape = len(own.keys), columns
        return tuple(
            LinearRows(own.keys, sparse.csr_array((values, own.columns, own.starts), shape), offset)
            for values, offset in zip(self.measured, self.offsets, strict=True)
        )


def template_of(data: ExchangeData, paths: Collection[Path], build: Build) -> Template:
    """The slice compiled with symbols at ``paths``. Raises :class:`NotStampableError`."""
    known = figures(data)
    symbols = _Symbols(tuple(path for path in paths if known.get(path)))
    try:
        # Many small objects that all stay: searching them for garbage takes as long as making them.
        with PauseGC():
            model = build(with_figures(data, symbols.by_path))
            return _Compiler(model, symbols).template()
    except (NotPolynomialError, TypeError, ValueError, PyomoException) as error:
        raise NotStampableError(str(error)) from error


def symbols_of(template: Template, values: Mapping[Path, Any], slices: int) -> Floats:
    """Slices x symbols, from a number or an array over the slices for each path."""
    symbols = np.empty((slices, len(template.paths)))
    for place, path in enumerate(template.paths):
        symbols[:, place] = values[path]
    return symbols


def stamp(template: Template, symbols: Floats) -> Stamped:
    """The numbers of several slices, from slices x symbols."""
    numbers = template.numbers.at(symbols)
    part = {name: numbers[:, where] for name, where in template.parts.items()}
    bounds = {name: part[name] + absent for name, absent in template.absent.items()}
    expressions = {name: part[name] for name in template.objectives}
    return Stamped(
        template,
        part[ENTRIES],
        **bounds,
        expressions=expressions,
        measured=part[MEASURED],
        offsets=part[OFFSETS],
    )


class _Symbols:
    """Pyomo objects that stand for figures, and the number of each by its id."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths
        self.owner = pyo.ConcreteModel(name="figures")
        bounding = [i for i, path in enumerate(paths) if (path[0], path[2]) in BOUNDS]
        # Pyomo folds a parameter in a row into its number: not a number, so that it is noticed.
        self.owner.bounding = pyo.Param(bounding, mutable=True, within=pyo.Any, initialize=np.nan)
        inside = sorted(set(range(len(paths))) - set(bounding))
        self.owner.inside = pyo.Var(inside)
        objects = {**dict(self.owner.bounding.items()), **dict(self.owner.inside.items())}
        self.by_path = {path: objects[i] for i, path in enumerate(paths)}
        self.number = {id(found): i for i, found in objects.items()}
        self.variables = list(self.owner.inside.values())


class _Compiler:
    """One pass over a model with symbols."""

    def __init__(self, model: pyo.ConcreteModel, symbols: _Symbols) -> None:
        self.symbols = symbols
        self.columns = list(_components(model, pyo.Var))
        self.constraints = list(_components(model, pyo.Constraint))
        self.objectives = list(_components(model, Objective))
        self.measures = dict(model.component(MEASURE) or {})
        self.place = {id(variable): i for i, variable in enumerate(self.columns)}
        self.visitor = ParameterizedLinearRepnVisitor(
            {}, wrt=ComponentSet(symbols.variables), var_recorder=OrderedVarRecorder({}, {}, None)
        )

    def template(self) -> Template:
        entries, limits = self._rows()
        limits |= self._bounds()
        entries.sort(key=lambda entry: entry[:2])
        numbers = {ENTRIES: [value for *_, value in entries]}
        numbers |= {name: [p or {} for p in limit] for name, limit in limits.items()}
        numbers |= {o.local_name: self._expression(o) for o in self.objectives}
        measured, numbers[MEASURED], numbers[OFFSETS] = self._measured()
        counts = np.bincount([column for column, _, _ in entries], minlength=len(self.columns))
        return Template(
            paths=self.symbols.paths,
            row_keys=tuple(key_of(c) for c in self.constraints),
            column_keys=tuple(key_of(v) for v in self.columns),
            integer=np.array([not v.is_continuous() for v in self.columns], dtype=np.bool_),
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            rows=np.array([row for _, row, _ in entries], dtype=np.int32),
            numbers=together(list(chain(*numbers.values())), len(self.symbols.paths)),
            parts=_in_succession({name: len(each) for name, each in numbers.items()}),
            absent={name: _absent(limit, BEYOND[name]) for name, limit in limits.items()},
            objectives=tuple(o.local_name for o in self.objectives),
            measures=measured,
        )

    def _polynomial(self, expression: Any) -> Polynomial:
        return polynomial(expression, self.symbols.number)

    def _rows(self) -> tuple[list[tuple[int, int, Polynomial]], Limits]:
        """Entries as (column, row, polynomial), and the bounds of the rows."""
        entries: list[tuple[int, int, Polynomial]] = []
        lower: list[Polynomial | None] = []
        upper: list[Polynomial | None] = []
        for row, constraint in enumerate(self.constraints):
            below, body, above = constraint.to_bounded_expression(evaluate_bounds=True)
            linear, offset = self._linear(body, constraint.name)
            if self._bounded_below(constraint):
                linear = {column: _minus(value) for column, value in linear.items()}
                below, above, offset = -above, None, _minus(offset)
            entries += [(column, row, value) for column, value in linear.items()]
            lower.append(_less(below, offset))
            upper.append(_less(above, offset))
        return entries, {"row_lower": lower, "row_upper": upper}

    def _bounded_below(self, constraint: Any) -> bool:
        """Whether a row says ``figures <= columns``, which Pyomo writes as ``0 >= difference``.

        With numbers in place of the figures it would be a lower bound, with other signs.
        """
        relation = constraint.expr
        if not isinstance(relation, InequalityExpression):
            return False
        left, _ = relation.args
        if isinstance(left, int | float) or not left.is_potentially_variable():
            return False
        return not self._linear(left, constraint.name)[0]

    def _linear(self, expression: Any, name: str) -> tuple[dict[int, Polynomial], Polynomial]:
        """Coefficients by column, and the constant."""
        found = self.visitor.walk_expression(expression)
        if found.nonlinear is not None:
            raise NotPolynomialError(name)
        factor = self._polynomial(found.multiplier)
        linear = {
            self.place[variable]: _times(self._polynomial(value), factor)
            for variable, value in found.linear.items()
        }
        return linear, _times(self._polynomial(found.constant), factor)

    def _bounds(self) -> Limits:
        lower = [self._bound(v.lower) for v in self.columns]
        return {"column_lower": lower, "column_upper": [self._bound(v.upper) for v in self.columns]}

    def _bound(self, expression: Any) -> Polynomial | None:
        return None if expression is None else self._polynomial(expression)

    def _measured(self) -> tuple[Measured, list[Polynomial], list[Polynomial]]:
        """The pattern of the measures, its entries and their offsets."""
        found = [self._linear(each.expr, each.name) for each in self.measures.values()]
        places = [place for linear, _ in found for place in linear]
        entries = [value for linear, _ in found for value in linear.values()]
        starts = np.concatenate([[0], np.cumsum([len(linear) for linear, _ in found])])
        columns = np.array(places, dtype=np.int32)
        pattern = Measured(tuple(self.measures), starts.astype(np.int32), columns)
        return pattern, entries, [offset for _, offset in found]

    def _expression(self, objective: Any) -> list[Polynomial]:
        linear, offset = self._linear(objective.expr, objective.name)
        return [*(linear.get(column, {}) for column in range(len(self.columns))), offset]


def _in_succession(lengths: Mapping[str, int]) -> dict[str, slice]:
    ends = np.cumsum([0, *lengths.values()]).tolist()
    return {name: slice(*ends[i : i + 2]) for i, name in enumerate(lengths)}


def _absent(limit: Sequence[Polynomial | None], beyond: float) -> Floats:
    return np.array([beyond if bound is None else 0.0 for bound in limit])


def _components(model: pyo.ConcreteModel, kind: Any) -> Iterator[Any]:
    yield from model.component_data_objects(kind, active=True, descend_into=True)


def _less(bound: float | None, offset: Polynomial) -> Polynomial | None:
    """A bound of a row once the constant of its body has gone to the other side."""
    if bound is None:
        return None
    moved = _minus(offset)
    return moved | {(): bound + moved.get((), 0.0)}


def _minus(one: Polynomial) -> Polynomial:
    return {term: -value for term, value in one.items()}


def _times(one: Polynomial, factor: Polynomial) -> Polynomial:
    if factor == {(): 1.0}:
        return one
    raise NotPolynomialError("multiplier")
