"""One question about a quotient of two linear expressions, and what answers to it share.

Whoever answers (``charnes_cooper`` for linear models, ``dinkelbach`` for models with integers)
confirms the ratio R in the model's own columns: ``max numerator - R denominator`` must be zero.
That solve also gives a clean point and the marginals of the ratio,
``dR/db = d(numerator - R denominator)/db / denominator``.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from symbiosis.solvers.backend import Backend, Clock, Solution, SolveOptions
from symbiosis.solvers.basis import Basis
from symbiosis.solvers.matrix import Floats, LinearExpression, MatrixForm
from symbiosis.solvers.scaling import bound_size
from symbiosis.solvers.status import Status

STEPS = 40
"""Most steps; convergence is superlinear, a handful is usual."""
ROUNDING = 1e-13
"""What is left of two terms that cancel to within this part of them is zero."""
SETTLED = 1e-10
"""A step that gains less than this times the denominator has settled the ratio."""
VANISHING = 1e-9
"""A denominator below this part of its natural size counts as zero."""


@dataclass(frozen=True, eq=False)
class RatioSolution:
    """The greatest ratio and where it is reached.

    ``lower`` and ``upper`` bracket the greatest ratio (``lower`` is reached at ``x``). Marginals
    are the change of the ratio per unit of a row's or column's binding bound, at fixed integers;
    ``unique`` says whether another point has the same ratio (``None``: not known). ``undefined``
    as status: the denominator is nowhere positive. ``unbounded``: the ratio has no limit, or
    ``upper`` is only approached as columns grow without limit.
    """

    status: Status
    backend: str
    version: str
    seconds: float
    solves: int
    ratio: float | None = None
    x: Floats | None = None
    numerator: float | None = None
    denominator: float | None = None
    lower: float = -np.inf
    upper: float = np.inf
    row_marginals: Floats | None = None
    reduced_costs: Floats | None = None
    unique: bool | None = None
    basis: Basis | None = None

    @property
    def point(self) -> Floats:
        """``x`` of an answered solution; raises ``ValueError`` where there is no answer."""
        if self.x is None:
            raise ValueError(f"{self.backend} gave no ratio: {self.status}")
        return self.x


@dataclass(frozen=True, eq=False)
class Fraction:
    """One question: the form, both expressions, who solves, and how often was asked so far.

    ``guess`` is a ratio to try first, where there is a basis to start from.
    """

    form: MatrixForm
    numerator: LinearExpression
    denominator: LinearExpression
    backend: Backend
    options: SolveOptions
    clock: Clock
    solves: list[Status] = field(default_factory=list)
    guess: float | None = None

    def within(self, form: MatrixForm) -> "Fraction":
        """The same question over another form; its solves are counted with these."""
        return replace(self, form=form)

    def ask(self, form: MatrixForm, unique: bool = False) -> Solution:
        """One solve within what is left of the time limit."""
        wanted = replace(self.options, check_unique=unique and self.options.check_unique)
        solution = self.backend.solve(form, self.clock.limit(wanted))
        self.solves.append(solution.status)
        return solution

    def started(self, basis: Basis | None) -> "Fraction":
        """The same question, each solve of its own columns started from a basis."""
        return self if basis is None else replace(self, options=replace(self.options, start=basis))

    def best_beyond(self, ratio: float, form: MatrixForm, size: float) -> Solution:
        """Minimise ``size - (numerator - ratio * denominator)``.

        The constant gives relative gaps a meaning: the objective is about ``size``, not zero.
        """
        excess = self.numerator.plus(self.denominator, -ratio)
        parts = np.abs(self.numerator.vector) + np.abs(ratio * self.denominator.vector)
        vector = np.where(np.abs(excess.vector) > ROUNDING * parts, excess.vector, 0.0)
        cost = LinearExpression(-vector, size - excess.offset)
        return self.ask(form.with_objective(cost), unique=True)

    def ratio_at(self, x: Floats) -> float:
        """The ratio at a point."""
        return self.numerator.value(x) / self.denominator.value(x)

    def nothing(self, status: Status, upper: float = np.inf) -> RatioSolution:
        """A solution without a point."""
        return RatioSolution(
            status, self.backend.name, self.backend.version() or "", self.clock.seconds,
            len(self.solves), upper=upper,
        )  # fmt: skip

    def answer(self, solution: Solution, upper: float) -> RatioSolution:
        """The ratio at a solution of ``best_beyond``."""
        x = solution.point
        ratio, below = self.ratio_at(x), self.denominator.value(x)
        rows, reduced = solution.row_marginals, solution.reduced_costs
        return replace(
            self.nothing(solution.status),
            ratio=ratio,
            x=x,
            numerator=self.numerator.value(x),
            denominator=below,
            lower=ratio,
            upper=max(upper, ratio),
            row_marginals=None if rows is None else -rows[: self.form.rows] / below,
            reduced_costs=None if reduced is None else -reduced / below,
            unique=solution.unique,
            basis=solution.basis,
        )


def confirmed(asked: Fraction, x: Floats) -> RatioSolution:
    """The ratio at ``x`` confirmed in the model's own columns, or bettered until it is."""
    form = asked.form
    if least_value(form, asked.denominator) <= 0.0:
        floor = asked.denominator.value(x) / 2
        form = form.with_row(asked.denominator, floor, np.inf, ("denominator", ()))
    for _ in range(STEPS):
        ratio, size = asked.ratio_at(x), asked.denominator.value(x)
        solution = asked.best_beyond(ratio, form, size)
        if solution.status is not Status.OPTIMAL or solution.objective is None:
            return asked.nothing(solution.status if solution.x is None else Status.UNKNOWN)
        if size - solution.objective <= SETTLED * size:
            return asked.answer(solution, asked.ratio_at(solution.point))
        x, asked = solution.point, asked.started(solution.basis)
    return asked.nothing(Status.UNKNOWN)


def if_feasible(asked: Fraction, status: Status) -> Status:
    """``status`` if the rows can be met at all, otherwise what the solver says of them."""
    anything = asked.ask(asked.form.with_cost(np.zeros(asked.form.columns)))
    return status if anything.status.answered else anything.status


def positive(asked: Fraction) -> MatrixForm:
    """The form without the points where the denominator vanishes; itself if there are none."""
    form, denominator = asked.form, asked.denominator
    if least_value(form, denominator) > 0.0:
        return form
    floor = VANISHING * natural_size(form, denominator)
    return form.with_row(denominator, floor, np.inf, ("denominator", ()))


def least_value(form: MatrixForm, expression: LinearExpression) -> float:
    """The least that column bounds alone allow the expression to be."""
    moved = np.flatnonzero(expression.vector)
    vector = expression.vector[moved]
    at = np.where(vector > 0, form.column_lower[moved], form.column_upper[moved])
    return expression.offset + float(vector @ at)


def natural_size(form: MatrixForm, expression: LinearExpression) -> float:
    """The size of the largest term that column bounds allow, 1 where they allow any."""
    sizes = bound_size(form.column_lower, form.column_upper)
    largest = float(np.max(np.abs(expression.vector) * sizes, initial=abs(expression.offset)))
    return largest if largest > 0.0 else 1.0
