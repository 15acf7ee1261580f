"""Numbers that are polynomials in symbols: what an entry of a compiled model is.

The symbols are the figures of a slice that can change. A polynomial is a sum of terms, each a
coefficient times a product of symbols; most entries have one term of one symbol. Many of them
together are one affine map: products of several symbols are worked out first, as further symbols,
and then ``values = constant + matrix @ symbols``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, TypeAlias

import numpy as np
from pyomo.core.base.param import ParamData
from pyomo.core.base.var import VarData
from pyomo.core.expr.numeric_expr import (
    DivisionExpression,
    LinearExpression,
    MonomialTermExpression,
    NegationExpression,
    ProductExpression,
    SumExpression,
)
from scipy import sparse

from symbiosis.solvers.matrix import Floats, Integers

Term: TypeAlias = tuple[int, ...]
"""Numbers of the symbols that are multiplied, ascending; () for the constant."""
Polynomial: TypeAlias = dict[Term, float]


class NotPolynomialError(ValueError):
    """An expression that is not a polynomial in the symbols; ``args`` name it."""


def polynomial(expression: Any, symbols: Mapping[int, int]) -> Polynomial:
    """What a Pyomo expression is in the symbols, whose numbers are found by the id of its objects.

    Raises :class:`NotPolynomialError` for anything else than sums, products and constant divisors.
    """
    if isinstance(expression, int | float):
        if isnan(expression):
            raise NotPolynomialError("a figure that bounds a variable also stands in a row")
        return {(): float(expression)}
    if isinstance(expression, VarData | ParamData):
        if id(expression) not in symbols:
            raise NotPolynomialError(str(expression))
        return {(symbols[id(expression)],): 1.0}
    parts = [polynomial(part, symbols) for part in getattr(expression, "args", ())]
    if isinstance(expression, SumExpression | LinearExpression):
        return _sum(parts)
    if isinstance(expression, NegationExpression):
        return {term: -value for term, value in parts[0].items()}
    if isinstance(expression, ProductExpression | MonomialTermExpression):
        return _product(*parts)
    if isinstance(expression, DivisionExpression) and set(parts[1]) == {()}:
        return {term: value / parts[1][()] for term, value in parts[0].items()}
    raise NotPolynomialError(str(expression))


def _sum(parts: Sequence[Polynomial]) -> Polynomial:
    whole: Polynomial = {}
    for part in parts:
        for term, value in part.items():
            whole[term] = whole.get(term, 0.0) + value
    return whole


def _product(one: Polynomial, other: Polynomial) -> Polynomial:
    whole: Polynomial = {}
    for term, value in one.items():
        for by, factor in other.items():
            joined = tuple(sorted(term + by))
            whole[joined] = whole.get(joined, 0.0) + value * factor
    return whole


@dataclass(frozen=True, eq=False)
class Polynomials:
    """Many polynomials over the same symbols, ready to be worked out for many points at once.

    ``products`` are the terms of more than one symbol, padded with the number one past the last
    symbol, which stands for 1; ``matrix`` is polynomials x (symbols and products).
    """

    constant: Floats
    matrix: sparse.csr_array
    products: Integers

    def __len__(self) -> int:
        return len(self.constant)

    def at(self, symbols: Floats) -> Floats:
        """Points x polynomials, from points x symbols."""
        terms = symbols
        if len(self.products):
            padded = np.hstack([symbols, np.ones((len(symbols), 1))])
            terms = np.hstack([symbols, padded[:, self.products].prod(axis=2)])
        moved = self.matrix @ terms.T
        return np.asarray(moved.T + self.constant, dtype=float)


def together(polynomials: Sequence[Polynomial], symbols: int) -> Polynomials:
    """Several polynomials as one affine map."""
    terms = {term for each in polynomials for term in each if len(term) > 1}
    products = sorted(terms)
    place = {(i,): i for i in range(symbols)} | {t: symbols + i for i, t in enumerate(products)}
    entries = [
        (row, place[term], value)
        for row, each in enumerate(polynomials)
        for term, value in each.items()
        if term and value
    ]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    widest = max(map(len, products), default=1)
    padded = [term + (symbols,) * (widest - len(term)) for term in products]
    return Polynomials(
        constant=np.array([each.get((), 0.0) for each in polynomials], dtype=float),
        matrix=sparse.csr_array(
            (values, (rows, columns)), shape=(len(polynomials), symbols + len(products))
        ),
        products=np.array(padded, dtype=np.int64).reshape(len(products), widest),
    )
