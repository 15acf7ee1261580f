"""The greatest ratio over a linear model, by the substitution of Charnes and Cooper.

With ``y = t x``, ``t >= 0`` and ``denominator(y, t)`` held constant, ``max numerator /
denominator`` becomes one linear model, whose answer is then confirmed in the model's own columns.

Source: A. Charnes and W. W. Cooper (1962), Programming with linear fractional functionals, Naval
Research Logistics Quarterly 9, 181-186.
"""

from dataclasses import replace

import numpy as np
from scipy import sparse

from symbiosis.solvers.backend import Solution
from symbiosis.solvers.fraction import (
    SETTLED,
    Fraction,
    RatioSolution,
    confirmed,
    if_feasible,
    natural_size,
)
from symbiosis.solvers.matrix import Floats, LinearExpression, MatrixForm
from symbiosis.solvers.status import Status

AT_INFINITY = 1e-13
"""A Charnes-Cooper ``t`` below this stands for a ratio that is only approached in the limit."""


def greatest_ratio(asked: Fraction) -> RatioSolution:
    """The answer for a form without integers; ``upper`` is the limit the first solve proved."""
    if (again := _from_guess(asked)) is not None:
        return again
    asked = replace(asked, options=replace(asked.options, start=None))
    whole = asked.ask(homogeneous(asked.form, asked.numerator, asked.denominator))
    if whole.status is Status.INFEASIBLE:
        return asked.nothing(if_feasible(asked, Status.UNDEFINED))
    if whole.status is Status.UNBOUNDED:
        return asked.nothing(if_feasible(asked, Status.UNBOUNDED))
    if whole.status is not Status.OPTIMAL or whole.objective is None:
        return asked.nothing(whole.status if whole.x is None else Status.UNKNOWN)
    upper = -whole.objective
    finite = whole if whole.point[-1] > AT_INFINITY else _finite_point(asked, upper)
    if finite is None:
        return asked.nothing(if_feasible(asked, Status.UNBOUNDED), upper)
    answer = confirmed(asked, finite.point[:-1] / finite.point[-1])
    return answer if answer.ratio is not None else replace(answer, upper=upper)


def _from_guess(asked: Fraction) -> RatioSolution | None:
    """The ratio bettered from a guess and a basis, without the substitution; None if that fails.

    At the point that is best beyond the guess the ratio is at least the guess, if any point's is.
    """
    if asked.guess is None or asked.options.start is None:
        return None
    size = natural_size(asked.form, asked.denominator)
    first = asked.best_beyond(asked.guess, asked.form, size)
    if first.status is not Status.OPTIMAL or asked.denominator.value(first.point) <= 0.0:
        return None
    found = confirmed(asked.started(first.basis), first.point)
    return None if found.ratio is None else found


def homogeneous(
    form: MatrixForm, numerator: LinearExpression, denominator: LinearExpression
) -> MatrixForm:
    """The Charnes-Cooper form over ``(y, t)``: minimum ``-R``, reached at ``x = y / t``."""
    size = natural_size(form, denominator)
    rows = _without_constants(form.matrix.tocsr(), form.row_lower, form.row_upper)
    unit = sparse.eye_array(form.columns, format="csr")
    limits = _without_constants(
        unit,
        np.where(form.column_lower == 0.0, -np.inf, form.column_lower),
        np.where(form.column_upper == 0.0, np.inf, form.column_upper),
    )
    total = sparse.csr_array(np.append(denominator.vector, denominator.offset).reshape(1, -1))
    parts = [rows, limits, (total, np.array([size]), np.array([size]))]
    matrix = sparse.csc_array(sparse.vstack([part[0] for part in parts], format="csc"))
    count = matrix.shape[0]
    return MatrixForm(
        matrix=matrix,
        row_lower=np.concatenate([part[1] for part in parts]),
        row_upper=np.concatenate([part[2] for part in parts]),
        column_lower=np.append(np.where(form.column_lower >= 0.0, 0.0, -np.inf), 0.0),
        column_upper=np.append(np.where(form.column_upper <= 0.0, 0.0, np.inf), np.inf),
        integer=np.zeros(form.columns + 1, dtype=np.bool_),
        cost=-np.append(numerator.vector, numerator.offset) / size,
        offset=0.0,
        row_keys=tuple(("row", i) for i in range(count)),
        column_keys=(*form.column_keys, ("t", ())),
    )


def _without_constants(
    matrix: sparse.csr_array, lower: Floats, upper: Floats
) -> tuple[sparse.csr_array, Floats, Floats]:
    """``lower <= matrix x <= upper`` as rows over ``(y, t)`` whose only constant is zero."""
    equal = np.flatnonzero(lower == upper)
    below = np.flatnonzero(np.isfinite(lower) & (lower != upper))
    above = np.flatnonzero(np.isfinite(upper) & (lower != upper))
    picked = np.concatenate([equal, below, above])
    constants = np.concatenate([lower[equal], lower[below], upper[above]])
    last = sparse.csr_array(-constants.reshape(-1, 1))
    joined = sparse.csr_array(sparse.hstack([matrix[picked], last], format="csr"))
    bounds = np.zeros(len(picked)), np.zeros(len(picked))
    bounds[1][len(equal) : len(equal) + len(below)] = np.inf
    bounds[0][len(equal) + len(below) :] = -np.inf
    return joined, *bounds


def _finite_point(asked: Fraction, ratio: float) -> Solution | None:
    """A point of the Charnes-Cooper form with the same ratio and ``t`` above zero, if any."""
    form = homogeneous(asked.form, asked.numerator, asked.denominator)
    worth = LinearExpression(-form.cost)
    tied = form.with_row(worth, ratio - SETTLED * (1.0 + abs(ratio)), np.inf, ("tied", ()))
    farthest = np.zeros(form.columns)
    farthest[-1] = -1.0
    solution = asked.ask(tied.with_cost(farthest))
    if solution.status is Status.OPTIMAL and solution.point[-1] > AT_INFINITY:
        return solution
    return None
