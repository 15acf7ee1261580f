"""The greatest ratio of two linear expressions over a form, exactly; then the least cost at it.

Linear models are answered by ``charnes_cooper``, models with integers by ``dinkelbach``; a
denominator that nothing moves leaves a linear model divided by a number.
"""

from dataclasses import dataclass, replace

import numpy as np

from symbiosis.solvers.backend import Backend, Clock, Solution, SolveOptions
from symbiosis.solvers.charnes_cooper import greatest_ratio
from symbiosis.solvers.dinkelbach import greatest_ratio_of_integers
from symbiosis.solvers.fraction import Fraction, RatioSolution, positive
from symbiosis.solvers.matrix import LinearExpression, MatrixForm
from symbiosis.solvers.status import Status

__all__ = ["LeastCost", "RatioSolution", "least_cost_at_ratio", "maximise_ratio"]


@dataclass(frozen=True, eq=False)
class LeastCost:
    """The least cost at a ratio, and what was given up of the ratio for it.

    ``solution`` has the point and its marginals (cost per unit of a row's bound, the ratio held);
    ``cost_per_ratio`` is the change of the least cost per unit of ratio asked for.
    """

    solution: Solution
    ratio_before: float
    ratio_after: float | None
    cost_per_ratio: float | None

    @property
    def status(self) -> Status:
        """Of the cost stage."""
        return self.solution.status


def maximise_ratio(
    form: MatrixForm,
    numerator: LinearExpression,
    denominator: LinearExpression,
    backend: Backend,
    options: SolveOptions | None = None,
    guess: float | None = None,
) -> RatioSolution:
    """The greatest ``numerator / denominator`` over the points where the denominator is positive.

    The cost of ``form`` plays no part. A ``guess`` of the ratio, with a basis to start from in the
    options, saves the first solve of a linear model: the answer is the same.
    """
    options = options or SolveOptions()
    clock = Clock(options.time_limit_s)
    asked = Fraction(form, numerator, denominator, backend, options, clock, guess=guess)
    if denominator.constant:
        return _over_constant(asked)
    if form.has_integers:
        return greatest_ratio_of_integers(asked)
    return greatest_ratio(asked)


def least_cost_at_ratio(
    form: MatrixForm,
    numerator: LinearExpression,
    denominator: LinearExpression,
    ratio: float,
    cost: LinearExpression,
    backend: Backend,
    options: SolveOptions | None = None,
    give_up: float = 1e-9,
) -> LeastCost:
    """The least ``cost`` with ``numerator >= (ratio - give_up) * denominator``.

    Half of ``give_up`` is offered first, so that rounding stays within the promise; an answer that
    breaks the promise is not returned as one (``unknown``).
    """
    options = options or SolveOptions()
    clock = Clock(options.time_limit_s)
    asked = Fraction(form, numerator, denominator, backend, options, clock)
    feasible = positive(asked)
    found: Solution | None = None
    for offered in (give_up / 2, give_up, 0.0):
        held = numerator.plus(denominator, offered - ratio)
        costed = feasible.with_objective(cost).with_row(held, 0.0, np.inf, ("ratio", ()))
        found = asked.ask(costed, unique=True)
        if not found.status.answered:
            continue
        after = asked.ratio_at(found.point)
        if after >= ratio - give_up:
            return _least_cost(asked, found, ratio, after)
    status = Status.UNKNOWN if found is None or found.status.answered else found.status
    nothing = Solution(status, backend.name, backend.version() or "", clock.seconds)
    return LeastCost(nothing, ratio, None, None)


def _least_cost(asked: Fraction, found: Solution, before: float, after: float) -> LeastCost:
    rows, slope = found.row_marginals, None
    if rows is not None:
        slope = float(rows[-1]) * asked.denominator.value(found.point)
        rows = rows[: asked.form.rows]
    solution = replace(found, row_marginals=rows, seconds=asked.clock.seconds)
    return LeastCost(solution, before, after, slope)


def _over_constant(asked: Fraction) -> RatioSolution:
    """A denominator that nothing moves: a linear model divided by a number."""
    size = asked.denominator.offset
    if size <= 0.0:
        return asked.nothing(Status.UNDEFINED)
    solution = asked.best_beyond(0.0, asked.form, size)
    if not solution.status.answered or solution.bound is None:
        return asked.nothing(solution.status)
    return asked.answer(solution, (size - solution.bound) / size)
