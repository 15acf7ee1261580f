"""The slices of a year as one model: their arrays side by side, and what ties them.

The slices are stamped from a template, all at once; where one slice cannot be a template they are
built and compiled one by one. Rows and columns of the year are added behind those of the slices
(:mod:`symbiosis.solvers.ties`); keys of a slice's rows and columns get the season in front of
their index. The plain model of :mod:`symbiosis.solvers.plain` writes the same in Pyomo.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from symbiosis.figures import Path, figures
from symbiosis.seasons import Year
from symbiosis.solvers.compile import Compiled, compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.keys import BySeason, Key, joined
from symbiosis.solvers.matrix import (
    Floats,
    Integers,
    LinearExpression,
    LinearRows,
    MatrixForm,
)
from symbiosis.solvers.rolling import Layout
from symbiosis.solvers.template import (
    Build,
    NotStampableError,
    Stamped,
    Template,
    stamp,
    symbols_of,
    template_of,
)
from symbiosis.solvers.ties import TieNumbers, Ties, in_all, in_each


@dataclass(frozen=True, eq=False)
class YearForm:
    """The arrays of a year and its expressions over all slices.

    ``pattern`` is what they were stamped with; where the slices were built one by one it is None
    and ``why_plain`` says what could not be stamped (empty for a single slice, which need not be).
    ``measures`` are those of each slice over its own columns, where the build writes any.
    """

    form: MatrixForm
    expressions: Mapping[str, LinearExpression]
    pattern: "Pattern | None" = None
    why_plain: str = ""
    measures: tuple[LinearRows, ...] = ()

    @property
    def layout(self) -> Layout | None:
        """How the slices lie in the arrays; None where they were not stamped."""
        return None if self.pattern is None else self.pattern.layout


def year_form(year: Year, build: Build = build_model) -> YearForm:
    """The arrays of a year: stamped from one slice, or built slice by slice where that fails."""
    if year.single:
        compiled = compile_model(build(year.data))
        return YearForm(compiled.form, compiled.expressions, measures=_measures([compiled]))
    try:
        return pattern_of(year, list(year.courses), build).form(year)
    except NotStampableError as error:
        return glue(year, [compile_model(build(part)) for part in year.slices], str(error))


# --- stamped


@dataclass(frozen=True, eq=False)
class Pattern:
    """A year compiled once: its template, and where each entry of the slices lands in its matrix.

    ``fixed`` is the matrix with everything that no figure changes; ``landing`` are the places of
    the slices' entries in its data.
    """

    template: Template
    fixed: MatrixForm
    landing: Integers
    slices: int
    stores: int

    @property
    def layout(self) -> Layout:
        """How the slices lie in the arrays."""
        rows, columns = len(self.template.row_keys), len(self.template.column_keys)
        return Layout(self.slices, rows, columns, self.stores)

    def form(self, year: Year) -> YearForm:
        """The arrays of a year with this structure, its own figures stamped in."""
        return self.stamper(year).form(figures_of(year, self.template))

    def stamper(self, year: Year) -> "Stamper":
        """What stamps figures into the arrays of a year whose heaps and charges stay."""
        return Stamper(self, ties_of(year, self.template).numbers())


@dataclass(frozen=True, eq=False)
class Stamper:
    """A pattern with the numbers of what ties its slices: other figures are a stamp away."""

    pattern: Pattern
    ties: TieNumbers

    def form(self, symbols: Floats) -> YearForm:
        """The arrays with figures in them: slices x figures, in the order of the template's."""
        pattern, ties = self.pattern, self.ties
        stamped = stamp(pattern.template, symbols)
        fixed = pattern.fixed.matrix
        data = fixed.data.copy()
        data[pattern.landing] = stamped.entries.ravel()
        form = replace(
            pattern.fixed,
            matrix=sparse.csc_array((data, fixed.indices, fixed.indptr), shape=fixed.shape),
            row_lower=np.append(stamped.row_lower, ties.row_lower),
            row_upper=np.append(stamped.row_upper, ties.row_upper),
            column_lower=np.append(stamped.column_lower, np.zeros(len(ties.column_upper))),
            column_upper=np.append(stamped.column_upper, ties.column_upper),
        )
        return YearForm(
            form, _with_ties(_expressions(stamped), ties), pattern, measures=stamped.measures()
        )


def pattern_of(year: Year, paths: Sequence[Path], build: Build = build_model) -> Pattern:
    """A year compiled once, with the figures at ``paths`` open. Raises NotStampableError."""
    template = template_of(year.data, paths, build)
    ties = ties_of(year, template)
    matrix, landing = _laid_out(len(year.names), template, ties)
    keys = ties.column_keys()
    fixed = MatrixForm(
        matrix=matrix,
        row_lower=_still_to_come(matrix.shape[0]),
        row_upper=_still_to_come(matrix.shape[0]),
        column_lower=_still_to_come(matrix.shape[1]),
        column_upper=_still_to_come(matrix.shape[1]),
        integer=np.append(
            np.tile(template.integer, len(year.names)), np.zeros(len(keys), dtype=np.bool_)
        ),
        cost=np.zeros(matrix.shape[1]),
        offset=0.0,
        row_keys=joined(_keys(year, template.row_keys), ties.row_keys()),
        column_keys=joined(_keys(year, template.column_keys), keys),
    )
    return Pattern(template, fixed, landing, len(year.names), len(year.stores))


def _still_to_come(count: int) -> Floats:
    """Bounds that every stamp brings with it."""
    return np.broadcast_to(0.0, count)


def _laid_out(slices: int, template: Template, ties: Ties) -> tuple[sparse.csc_array, Integers]:
    """The matrix with the ties' entries in it, and the places of the slices' entries in its data.

    The slices stand down the diagonal; a column's entries in ties stand behind those in its slice.
    """
    entries, rows, columns = (
        len(template.rows), len(template.row_keys), len(template.column_keys),
    )  # fmt: skip
    added, places, values = ties.entries()
    whole = slices * rows + len(ties.row_keys()), slices * columns + ties.columns
    index = _index(max(slices * entries + len(values), *whole))
    own = np.zeros(whole[1], dtype=index)
    own[: slices * columns] = np.tile(np.diff(template.starts), slices)
    starts = np.zeros(whole[1] + 1, dtype=index)
    np.cumsum(own + np.bincount(places, minlength=whole[1]), out=starts[1:])
    before = np.concatenate([[0], np.cumsum(own)[:-1]]).astype(index)
    landing = np.arange(slices * entries, dtype=index) + np.repeat(starts[:-1] - before, own)
    order = np.lexsort((added, places))
    added, places, values = added[order], places[order], values[order]
    first = np.searchsorted(places, places)
    behind = starts[places] + own[places] + np.arange(len(places)) - first
    where = np.zeros(starts[-1], dtype=index)
    down = np.arange(slices, dtype=index)[:, None]
    where[landing] = (template.rows[None, :] + down * rows).ravel()
    where[behind] = slices * rows + added
    data = np.zeros(starts[-1])
    data[behind] = values
    return sparse.csc_array((data, where, starts), shape=whole), landing


def figures_of(year: Year, template: Template) -> Floats:
    """The figures of a year at the paths of a template: slices x paths."""
    courses, slices = year.courses, len(year.names)
    if all(path in courses for path in template.paths):
        return symbols_of(template, courses, slices)
    return symbols_of(template, figures(year.data) | dict(courses), slices)


def ties_of(year: Year, template: Template) -> Ties:
    """What ties slices that are stamped from a template."""
    slices, columns = len(year.names), len(template.column_keys)
    return Ties(year, in_all(template.places, slices), slices * columns)


def _index(largest: int) -> type[np.signedinteger[Any]]:
    """The shortest whole number that holds an index: half the memory, and what solvers take."""
    return np.int32 if largest < np.iinfo(np.int32).max else np.int64


def _keys(year: Year, keys: tuple[Key, ...]) -> Sequence[Key]:
    return keys if year.single else BySeason(year.names, keys)


def _expressions(stamped: Stamped) -> dict[str, LinearExpression]:
    return {
        name: LinearExpression(numbers[:, :-1].ravel(), float(numbers[:, -1].sum()))
        for name, numbers in stamped.expressions.items()
    }


def _with_ties(
    expressions: Mapping[str, LinearExpression], ties: TieNumbers
) -> dict[str, LinearExpression]:
    """Expressions over the columns of the year too: they cost and emit, and nothing else."""
    added = {"cost": ties.cost_cny, "carbon": ties.co2e_t}
    none = np.zeros(len(ties.column_upper))
    return {
        name: LinearExpression(np.append(e.vector, added.get(name, none)), e.offset)
        for name, e in expressions.items()
    }


# --- built slice by slice


def side_by_side(names: Sequence[str], forms: Sequence[MatrixForm]) -> MatrixForm:
    """Forms down the diagonal, each under its name; nothing ties them."""

    def every(part: str) -> Any:
        return np.concatenate([getattr(form, part) for form in forms])

    def keys(part: str) -> tuple[Key, ...]:
        own = [getattr(form, part) for form in forms]
        named = (BySeason((name,), k) for name, k in zip(names, own, strict=True))
        return tuple(key for keys in named for key in keys)

    return MatrixForm(
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


def glue(year: Year, slices: Sequence[Compiled], why_plain: str = "") -> YearForm:
    """One form from the slices of a year, each compiled by itself."""
    forms = [compiled.form for compiled in slices]
    form = side_by_side(year.names, forms)
    expressions = {
        name: LinearExpression(
            np.concatenate([compiled.expressions[name].vector for compiled in slices]),
            sum(compiled.expressions[name].offset for compiled in slices),
        )
        for name in slices[0].expressions
    }
    places = [{key: i for i, key in enumerate(form.column_keys)} for form in forms]
    ties = Ties(year, in_each(places), form.columns)
    return YearForm(
        ties.tie(form),
        _with_ties(expressions, ties.numbers()),
        None,
        why_plain,
        _measures(slices),
    )


def _measures(slices: Sequence[Compiled]) -> tuple[LinearRows, ...]:
    return tuple(each.measures for each in slices if each.measures is not None)
