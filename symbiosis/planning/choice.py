"""Questions about one portfolio: the targets, the best of an aim, nothing begun, one thing forced.

A target without a price is a limit in its year and in every later one. Where all of them together
cannot be kept, the years are gone through in order: in each the rate is kept if it can be, and
otherwise brought as near as it comes; what was reached in a year is kept for the years that follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from symbiosis.errors import NoAnswer, Problem
from symbiosis.planning.aim import Aim, Target
from symbiosis.question import GIVE_UP
from symbiosis.solvers.backend import Backend, Solution, SolveOptions
from symbiosis.solvers.horizon import Candidate
from symbiosis.solvers.matrix import Floats, LinearExpression, MatrixForm
from symbiosis.solvers.portfolio import Portfolio
from symbiosis.solvers.ratio import least_cost_at_ratio, maximise_ratio
from symbiosis.solvers.status import Status

NEAR = 1e-7
"""A rate that is this near to a target has reached it."""


@dataclass(frozen=True)
class Best:
    """The best point of an aim, and how far the first aim is proven."""

    x: Floats
    status: Status
    gap: float | None


@dataclass(frozen=True)
class Towards:
    """The form in which targets are kept or come as near as they can.

    ``closest`` is the rate of each year that comes no nearer, as far as that is ``proven``.
    """

    form: MatrixForm
    closest: Mapping[int, float]
    proven: bool


@dataclass(frozen=True)
class Choice:
    """One portfolio and who answers for it."""

    made: Portfolio
    backend: Backend
    options: SolveOptions

    # --- targets

    def towards(self, targets: Sequence[Target]) -> Towards:
        """The form in which targets are kept, or come as near as they can."""
        wanted, whole = self.wanted(targets), self.keeping(targets)
        if not wanted or self.possible(whole):
            return Towards(whole, {}, True)
        form, closest, proven = self.made.form, dict[int, float](), True
        for year, rate in wanted.items():
            kept = self.held(form, year, rate)
            if closest or not self.possible(kept):
                greatest, sure = self.greatest(form, year)
                proven = proven and sure
                if greatest < rate - GIVE_UP:
                    closest[year] = greatest
                    kept = self.held(form, year, greatest)
            form = kept
        return Towards(form, closest, proven)

    def keeping(self, targets: Sequence[Target]) -> MatrixForm:
        """The form in which all targets are kept, whether that is possible or not."""
        form = self.made.form
        for year, rate in self.wanted(targets).items():
            form = self.held(form, year, rate)
        return form

    def wanted(self, targets: Sequence[Target]) -> dict[int, float]:
        """The rate that is to be kept in each year; the greatest where targets overlap."""
        limits = [target for target in targets if target.price_cny_per_t is None]
        every = {y: [t.rate for t in limits if t.by <= y] for y in self.made.horizon.years}
        return {year: max(rates) for year, rates in every.items() if rates}

    def held(self, form: MatrixForm, year: int, rate: float) -> MatrixForm:
        """The form with a rate at least kept in a year."""
        named = self.made.expressions[year]
        above = named["utilised"].plus(named["generated"], GIVE_UP - rate)
        return form.with_row(above, 0.0, inf, ("target", (year, form.rows)))

    def possible(self, form: MatrixForm) -> bool:
        """Whether a form has an answer. Raises :class:`NoAnswer` where that is not known."""
        status = self.backend.solve(
            form.with_cost(self.made.cost.vector * 0.0), self.options
        ).status
        if status.answered or status is Status.INFEASIBLE:
            return status.answered
        raise self.no_answer(status)

    def greatest(self, form: MatrixForm, year: int) -> tuple[float, bool]:
        """The greatest rate of a year, and whether that is proven. Raises :class:`NoAnswer`."""
        named = self.made.expressions[year]
        asked = form, named["utilised"], named["generated"]
        found = maximise_ratio(*asked, self.backend, self.options)
        if found.ratio is None:
            raise self.no_answer(found.status)
        return found.ratio, found.status is Status.OPTIMAL

    # --- the best of an aim

    def best(self, form: MatrixForm, aim: Aim) -> Best:
        """The best point of an aim. Raises :class:`NoAnswer`."""
        if aim is Aim.UTILISATION:
            return self.most_used_last(form)
        found = self.least(form)
        return Best(self.settled(form, found.point), found.status, found.gap)

    def least(self, form: MatrixForm) -> Solution:
        """The least discounted cost. Raises :class:`NoAnswer`."""
        found = self.asked(form)
        if not found.status.answered:
            raise self.no_answer(found.status)
        return found

    def asked(self, form: MatrixForm) -> Solution:
        """What the solver says to the question for the least discounted cost."""
        return self.backend.solve(form.with_objective(self.made.least), self.options)

    def most_used_last(self, form: MatrixForm) -> Best:
        """The greatest rate of the last year, then the least cost."""
        last = self.made.horizon.last
        named = self.made.expressions[last]
        asked = form, named["utilised"], named["generated"]
        best = maximise_ratio(*asked, self.backend, self.options)
        if best.ratio is None or best.x is None:
            raise self.no_answer(best.status)
        gap = best.upper - best.ratio
        cheapest = least_cost_at_ratio(
            *asked, best.ratio, self.made.least, self.backend, self.options, GIVE_UP
        ).solution
        if not cheapest.status.answered:
            return Best(self.settled(form, best.x), Status.FEASIBLE, gap)
        kept = self.held(form, last, best.ratio)
        return Best(self.settled(kept, cheapest.point), cheapest.status, gap)

    def settled(self, form: MatrixForm, x: Floats) -> Floats:
        """The point that begins the same and costs no more, with the most waste used.

        With what is begun fixed, cost is the least once more, before and after: neither the
        rounding of whole numbers nor what one aim gives up for the other leaves a trace in money.
        What passed a unit and then found a taker counts as far as somebody asks
        for it.
        """
        fixed, cost, used = self.beginning(form, x), self.made.least, self.used
        found = self.backend.solve(fixed.with_objective(cost), self.options)
        point = found.point if found.status.answered else x
        most = max(cost.value(point), cost.value(x)) + GIVE_UP * _sums(cost, point)
        held = fixed.with_row(cost, -inf, most, ("cost", ("held",)))
        better = self.backend.solve(held.with_objective(used, -1.0), self.options)
        if not better.status.answered:
            return point
        least = used.value(better.point) - GIVE_UP * _sums(used, better.point)
        held = fixed.with_row(used, least, inf, ("used", ("held",)))
        last = self.backend.solve(held.with_objective(cost), self.options)
        return last.point if last.status.answered else better.point

    @property
    def used(self) -> LinearExpression:
        """The waste used over all years."""
        whole, *rest = (named["utilised"] for named in self.made.expressions.values())
        for one in rest:
            whole = whole.plus(one)
        return whole

    def beginning(self, form: MatrixForm, x: Floats) -> MatrixForm:
        """The form in which exactly that is begun which is begun in a point."""
        chosen = slice(self.made.places.starts, self.made.places.draws)
        lower, upper = form.column_lower.copy(), form.column_upper.copy()
        lower[chosen] = upper[chosen] = np.rint(x[chosen])
        return form.with_column_bounds(lower, upper)

    def without_projects(self) -> Floats:
        """The least-cost point in which nothing is begun. Raises :class:`NoAnswer`."""
        idle = self.beginning(self.made.form, np.zeros(self.made.form.columns))
        return self.least(idle).point

    # --- one thing forced

    def forcing(self, form: MatrixForm, candidate: Candidate) -> MatrixForm:
        """The form in which a project is begun in some size and year."""
        every = enumerate(self.made.horizon.starts(), self.made.places.starts)
        vector = np.zeros(form.columns)
        vector[[column for column, start in every if start.candidate is candidate]] = 1.0
        return form.with_row(LinearExpression(vector), 1.0, inf, ("forced", candidate.name))

    def without_limit(self, form: MatrixForm, *families: str) -> MatrixForm:
        """The form without the upper bounds of some families of rows."""
        upper = form.row_upper.copy()
        upper[form.rows_where(lambda key: key[0] in families)] = inf
        return replace(form, row_upper=upper)

    def no_answer(self, status: Status) -> NoAnswer:
        """That the park has none in some year."""
        found = {"found": self.backend.name}
        return NoAnswer([Problem(f"status_{status.value}", details=found)])


def _sums(expression: LinearExpression, x: Floats) -> float:
    """The sum of the sizes of all terms at a point."""
    return float(abs(expression.vector) @ abs(x))
