"""One linear or mixed-integer model as arrays, whatever it is a model of.

    minimise    cost @ x + offset
    subject to  row_lower <= matrix @ x <= row_upper
                column_lower <= x <= column_upper,  x[integer] whole

A :class:`MatrixForm` is a value: every change gives a new one that shares the arrays which did not
change. Absent bounds are plus or minus infinity.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from symbiosis.solvers.keys import Key, joined

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.signedinteger[Any]]

LARGEST = 1e20
"""Numbers from here on are refused: HiGHS reads 1e20 as infinity, GLPK as a number."""


class FormError(ValueError):
    """The arrays are not a model; ``faults`` lists everything that is wrong with them."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, eq=False)
class LinearExpression:
    """``vector @ x + offset`` over the columns of a form."""

    vector: Floats
    offset: float = 0.0

    def value(self, x: Floats) -> float:
        """The expression at the point ``x``."""
        return float(self.vector @ x) + self.offset

    def scaled(self, factor: float) -> "LinearExpression":
        """The expression times ``factor``."""
        return LinearExpression(self.vector * factor, self.offset * factor)

    def plus(self, other: "LinearExpression", factor: float = 1.0) -> "LinearExpression":
        """This expression plus ``factor`` times the other."""
        return LinearExpression(
            self.vector + factor * other.vector, self.offset + factor * other.offset
        )

    @property
    def constant(self) -> bool:
        """Whether no column moves it."""
        return not np.any(self.vector)


@dataclass(frozen=True, eq=False)
class LinearRows:
    """Several named expressions over the same columns: ``matrix @ x + offset``.

    ``matrix`` is csr, expressions x columns.
    """

    keys: tuple[tuple[str, str], ...]
    matrix: sparse.csr_array
    offset: Floats

    def at(self, x: Floats) -> Floats:
        """Every expression at the point ``x``."""
        return np.asarray(self.matrix @ x + self.offset, dtype=float)


@dataclass(frozen=True, eq=False)
class MatrixForm:
    """The arrays of one model; see the module for what they mean.

    ``matrix`` is csc, rows x columns. ``row_keys`` and ``column_keys`` name the model component
    and index behind every row and column; they are unique.
    """

    matrix: sparse.csc_array
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    integer: Flags
    cost: Floats
    offset: float
    row_keys: Sequence[Key]
    column_keys: Sequence[Key]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.column_lower)

    @property
    def has_integers(self) -> bool:
        """Whether any column must be whole."""
        return bool(self.integer.any())

    def objective(self, x: Floats) -> float:
        """``cost @ x + offset``."""
        return float(self.cost @ x) + self.offset

    def violation(self, x: Floats) -> float:
        """The largest amount by which ``x`` misses a row or a column bound."""
        activity = self.matrix @ x
        misses = (
            self.row_lower - activity,
            activity - self.row_upper,
            self.column_lower - x,
            x - self.column_upper,
        )
        return max((float(m.max()) for m in misses if m.size), default=0.0)

    def with_cost(self, cost: Floats, offset: float = 0.0) -> "MatrixForm":
        """The same rows and columns with another objective, to be minimised."""
        return replace(self, cost=cost, offset=offset)

    def with_objective(self, expression: LinearExpression, sign: float = 1.0) -> "MatrixForm":
        """Minimise ``sign * expression``: -1 to maximise it."""
        return self.with_cost(sign * expression.vector, sign * expression.offset)

    def with_row_bounds(self, lower: Floats, upper: Floats) -> "MatrixForm":
        """The same form with other row bounds."""
        return replace(self, row_lower=lower, row_upper=upper)

    def with_column_bounds(self, lower: Floats, upper: Floats) -> "MatrixForm":
        """The same form with other column bounds."""
        return replace(self, column_lower=lower, column_upper=upper)

    def relaxed(self) -> "MatrixForm":
        """The same form with no column asked to be whole."""
        return replace(self, integer=np.zeros(self.columns, dtype=np.bool_))

    def with_integers_fixed(self, x: Floats) -> "MatrixForm":
        """A continuous form whose integer columns stand at their nearest whole values in ``x``."""
        whole = np.rint(x)
        return self.relaxed().with_column_bounds(
            np.where(self.integer, whole, self.column_lower),
            np.where(self.integer, whole, self.column_upper),
        )

    def with_rows(
        self,
        coefficients: sparse.sparray | Floats,
        lower: Sequence[float] | Floats,
        upper: Sequence[float] | Floats,
        keys: Iterable[Key],
    ) -> "MatrixForm":
        """The form with more rows below; ``coefficients`` is (more rows) x columns."""
        below = sparse.csc_array(coefficients, shape=(len(lower), self.columns), dtype=float)
        return replace(
            self,
            matrix=sparse.csc_array(sparse.vstack([self.matrix, below], format="csc")),
            row_lower=np.append(self.row_lower, lower),
            row_upper=np.append(self.row_upper, upper),
            row_keys=joined(self.row_keys, keys),
        )

    def with_row(
        self, expression: LinearExpression, lower: float, upper: float, key: Key
    ) -> "MatrixForm":
        """The form with one more row: ``lower <= expression <= upper``, its offset included."""
        bounds = [lower - expression.offset], [upper - expression.offset]
        return self.with_rows(expression.vector.reshape(1, -1), *bounds, [key])

    def with_columns(
        self,
        coefficients: sparse.sparray | Floats,
        lower: Sequence[float] | Floats,
        upper: Sequence[float] | Floats,
        cost: Sequence[float] | Floats,
        keys: Iterable[Key],
    ) -> "MatrixForm":
        """The form with more continuous columns at the right; ``coefficients`` is rows x more."""
        beside = sparse.csc_array(coefficients, shape=(self.rows, len(lower)), dtype=float)
        return replace(
            self,
            matrix=sparse.csc_array(sparse.hstack([self.matrix, beside], format="csc")),
            column_lower=np.append(self.column_lower, lower),
            column_upper=np.append(self.column_upper, upper),
            integer=np.append(self.integer, np.zeros(len(lower), dtype=np.bool_)),
            cost=np.append(self.cost, cost),
            column_keys=joined(self.column_keys, keys),
        )

    def rows_where(self, wanted: Callable[[Key], bool]) -> Flags:
        """The mask of the rows whose key satisfies ``wanted``."""
        return np.fromiter((wanted(key) for key in self.row_keys), np.bool_, self.rows)

    def validate(self) -> None:
        """Raise :class:`FormError` unless the arrays are a model.

        A backend calls this before it hands anything to a library: GLPK ends the whole process on
        an index out of range or a coefficient that is not a number.
        """
        faults = [*_shape_faults(self)]
        if not faults:
            faults = [*_index_faults(self.matrix), *_number_faults(self), *_bound_faults(self)]
        if faults:
            raise FormError(faults)


def _shape_faults(form: MatrixForm) -> Iterable[str]:
    rows, columns = form.rows, form.columns
    if form.matrix.shape != (rows, columns):
        yield f"matrix is {form.matrix.shape}, bounds say ({rows}, {columns})"
    lengths = {
        "row_upper": (len(form.row_upper), rows),
        "column_upper": (len(form.column_upper), columns),
        "integer": (len(form.integer), columns),
        "cost": (len(form.cost), columns),
        "row_keys": (len(form.row_keys), rows),
        "column_keys": (len(form.column_keys), columns),
    }
    for name, (found, needed) in lengths.items():
        if found != needed:
            yield f"{name} has {found} entries, {needed} are needed"


def _index_faults(matrix: sparse.csc_array) -> Iterable[str]:
    starts, indices, data = matrix.indptr, matrix.indices, matrix.data
    if len(starts) != matrix.shape[1] + 1 or starts[0] != 0 or np.any(np.diff(starts) < 0):
        yield "column starts of the matrix are not ascending from 0"
    elif starts[-1] > len(indices) or starts[-1] > len(data):
        yield "column starts of the matrix reach beyond its entries"
    elif len(indices) and (indices.min() < 0 or indices.max() >= matrix.shape[0]):
        yield "a row index of the matrix is out of range"
    elif not _distinct(matrix):
        yield "an entry of the matrix is given twice"


def _distinct(matrix: sparse.csc_array) -> bool:
    """Whether no (row, column) is stored twice, which GLPK does not survive."""
    ascending = np.diff(matrix.indices) > 0
    ends = matrix.indptr[1:-1]
    ascending[ends[(ends > 0) & (ends < len(matrix.indices))] - 1] = True
    if np.all(ascending):
        return True
    column = np.repeat(np.arange(matrix.shape[1], dtype=np.int64), np.diff(matrix.indptr))
    place = column * matrix.shape[0] + matrix.indices
    return len(np.unique(place)) == len(place)


def _number_faults(form: MatrixForm) -> Iterable[str]:
    finite = {"matrix": form.matrix.data, "cost": form.cost, "offset": np.array([form.offset])}
    for name, numbers in finite.items():
        if not np.all(np.abs(numbers) < LARGEST):
            yield f"{name} holds a number that is not finite or beyond {LARGEST:g}"


def _bound_faults(form: MatrixForm) -> Iterable[str]:
    for name, lower, upper, keys in (
        ("row", form.row_lower, form.row_upper, form.row_keys),
        ("column", form.column_lower, form.column_upper, form.column_keys),
    ):
        for side, bounds, absent in (("lower", lower, -np.inf), ("upper", upper, np.inf)):
            wrong = ~((np.abs(bounds) < LARGEST) | (bounds == absent))
            yield from (f"{side} bound of {name} {keys[i]} is {bounds[i]}" for i in _which(wrong))
        crossed = lower > upper
        yield from (f"bounds of {name} {keys[i]} cross" for i in _which(crossed))


def _which(mask: Flags) -> list[int]:
    return [int(i) for i in np.flatnonzero(mask)]
