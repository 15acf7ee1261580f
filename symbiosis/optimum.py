"""One optimum of a park: the question, the point that answers it, and what is known of it."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import inf

from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.exchange import ExchangeData
from symbiosis.park.link import Status as LinkStatus
from symbiosis.park.park import Park
from symbiosis.point import Point
from symbiosis.rate import Rate, Reading, cost_items, other_readings, rate_of, without_backfill
from symbiosis.slicing import ALL_OPEN, slice_of
from symbiosis.solvers.backend import Backend, Solution, SolveOptions
from symbiosis.solvers.backends import AUTO, UnknownSolverError, choose
from symbiosis.solvers.compile import Compiled, compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.matrix import Floats, Key
from symbiosis.solvers.ratio import RatioSolution, least_cost_at_ratio, maximise_ratio
from symbiosis.solvers.status import Status
from symbiosis.verify import Claim, verify

GIVE_UP = 1e-9
"""The second stage may give up this part of the first: of R, or of the sums in the cost."""


class Goal(StrEnum):
    """What is optimised."""

    UTILISATION = "utilisation"
    COST = "cost"


@dataclass(frozen=True)
class Stage:
    """One stage of the answer: ``rate`` (points of R) or ``cost`` (CNY), with its marginals.

    A marginal is the change of the stage's value per unit by which the bound of the constraint
    is raised; ``bound_marginals`` are the same for the bounds of variables.
    """

    name: str
    value: float
    marginals: Mapping[Key, float]
    bound_marginals: Mapping[Key, float]
    unique: bool | None


@dataclass(frozen=True)
class Solved:
    """How the answer was found."""

    solver: str
    solver_version: str
    status: Status
    gap: float | None
    seconds: Mapping[str, float]
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Optimum:
    """An optimum that has passed the independent check.

    ``rate_before`` is R of the first stage, before up to 1e-9 of it was given up for cost.
    """

    park: Park
    data: ExchangeData
    goal: Goal
    point: Point
    stages: tuple[Stage, ...]
    solved: Solved
    rate_before: float | None

    @cached_property
    def rate(self) -> Rate:
        """R under the boundary and document of the slice."""
        return rate_of(self.data, self.point)

    @cached_property
    def without_backfill(self) -> Rate:
        """R if filling of mines does not count as use."""
        return without_backfill(self.data, self.point)

    @cached_property
    def readings(self) -> list[Reading]:
        """Every other reading that moves R by over a point."""
        return other_readings(self.park, self.data, self.point)

    @cached_property
    def cost_items(self) -> dict[str, float]:
        """Cost in CNY by item."""
        return cost_items(self.data, self.point)

    @property
    def cost_cny(self) -> float:
        """The park's private cost in CNY of its money year; negative where income is greater."""
        return sum(self.cost_items.values())

    @property
    def value(self) -> float | None:
        """The value of what was optimised: R as a fraction, or CNY."""
        return self.rate.value if self.goal is Goal.UTILISATION else self.cost_cny

    def stage(self, name: str) -> Stage | None:
        """The stage ``rate`` or ``cost``, if the answer has it."""
        return next((stage for stage in self.stages if stage.name == name), None)


def optimise_slice(
    park: Park,
    data: ExchangeData,
    goal: Goal = Goal.UTILISATION,
    solver: str = AUTO,
    options: SolveOptions | None = None,
) -> Optimum:
    """The optimum of one slice.

    Raises :class:`NoAnswer` where needs and limits cannot be met together, :class:`InputError`
    for a solver that is not there, :class:`~symbiosis.verify.FailedCheck` where the answer does
    not stand up to checking.
    """
    started = time.perf_counter()
    model = build_model(data)
    built = time.perf_counter()
    compiled = compile_model(model)
    ready = time.perf_counter()
    question = _Question(
        park, data, compiled, backend_for(compiled, solver), options or SolveOptions()
    )
    answer = question.utilisation() if goal is Goal.UTILISATION else question.cost()
    seconds = {
        "build": built - started,
        "compile": ready - built,
        "solve": time.perf_counter() - ready,
    }
    optimum = question.optimum(goal, answer, seconds)
    rate = optimum.rate
    verify(park, data, optimum.point, Claim(rate.numerator, rate.denominator, answer.cost))
    return optimum


def optimise_park(
    park: Park,
    goal: Goal = Goal.UTILISATION,
    opened: Iterable[LinkStatus] = ALL_OPEN,
    year: int | None = None,
    solver: str = AUTO,
) -> Optimum:
    """The optimum of a park in ``year`` with the links of the statuses ``opened``."""
    return optimise_slice(park, slice_of(park, year, opened), goal, solver)


def backend_for(compiled: Compiled, solver: str) -> Backend:
    """The backend that answers. Raises :class:`InputError` for one that is not there."""
    try:
        return choose(compiled.form, solver)
    except UnknownSolverError as error:
        code = "solver_missing" if error.known else "solver_unknown"
        details = {"found": error.name, "allowed": ", ".join((AUTO, *error.installed))}
        raise InputError([Problem(code, key="--solver", details=details)]) from error


@dataclass(frozen=True)
class _Answer:
    """A point in the columns of the form, its cost, and how it was found."""

    x: Floats
    cost: float
    stages: tuple[Stage, ...]
    rate_before: float | None
    status: Status
    gap: float | None


@dataclass(frozen=True)
class _Question:
    """One compiled slice and who answers for it."""

    park: Park
    data: ExchangeData
    compiled: Compiled
    backend: Backend
    options: SolveOptions

    def utilisation(self) -> _Answer:
        """The greatest R, then the least cost at that R; the least cost where R is undefined."""
        form, named = self.compiled.form, self.compiled.expressions
        asked = form, named["utilised"], named["generated"]
        best = maximise_ratio(*asked, self.backend, self.options)
        if best.status is Status.UNDEFINED:
            return self.cost()
        if best.ratio is None or not best.status.answered:
            raise self.no_answer(best.status)
        cheapest = least_cost_at_ratio(
            *asked, best.ratio, named["cost"], self.backend, self.options, GIVE_UP
        )
        if not cheapest.status.answered:
            raise self.no_answer(cheapest.status)
        found = cheapest.solution
        rate = self.stage("rate", best.ratio, best)
        cost = self.stage("cost", named["cost"].value(found.point), found)
        return self.answer(found.point, (rate, cost), best.ratio, found)

    def cost(self) -> _Answer:
        """The least cost; of several answers at that cost, one with the greatest R."""
        form, named = self.compiled.form, self.compiled.expressions
        cheapest = self.backend.solve(form.with_objective(named["cost"]), self.options)
        if not cheapest.status.answered or cheapest.objective is None:
            raise self.no_answer(cheapest.status)
        last = self.stage("cost", cheapest.objective, cheapest)
        held = form.with_row(named["cost"], -inf, self.slightly_above(cheapest), ("least_cost", ()))
        asked = held, named["utilised"], named["generated"]
        best = maximise_ratio(*asked, self.backend, self.options)
        x = cheapest.point if best.x is None else best.x
        return self.answer(x, (last,), best.ratio, cheapest)

    def slightly_above(self, cheapest: Solution) -> float:
        """The least cost and a billionth of the sums that go into it."""
        cost = self.compiled.expressions["cost"]
        spent = float(abs(cost.vector) @ abs(cheapest.point))
        return cost.value(cheapest.point) + GIVE_UP * spent

    def answer(
        self, x: Floats, stages: tuple[Stage, ...], rate: float | None, last: Solution
    ) -> _Answer:
        cost = self.compiled.expressions["cost"].value(x)
        return _Answer(x, cost, stages, rate, last.status, last.gap)

    def stage(self, name: str, value: float, found: Solution | RatioSolution) -> Stage:
        form = self.compiled.form
        return Stage(
            name,
            value,
            _by_key(form.row_keys, found.row_marginals),
            _by_key(form.column_keys, found.reduced_costs),
            found.unique,
        )

    def optimum(self, goal: Goal, answer: _Answer, seconds: Mapping[str, float]) -> Optimum:
        solved = Solved(
            self.backend.name,
            self.backend.version() or "",
            answer.status,
            answer.gap,
            seconds,
            {"gap": self.options.gap, "time_limit_s": self.options.time_limit_s},
        )
        point = Point.read(self.compiled.form.column_keys, answer.x)
        return Optimum(self.park, self.data, goal, point, answer.stages, solved, answer.rate_before)

    def no_answer(self, status: Status) -> NoAnswer:
        """Why there is no answer: what conflicts, or that there is no limit."""
        from symbiosis.conflict import conflict_problems

        if status is Status.INFEASIBLE:
            return NoAnswer(
                conflict_problems(self.park, self.data, self.compiled.form, self.backend)
            )
        return NoAnswer([Problem(f"status_{status.value}", details={"found": self.backend.name})])


def _by_key(keys: tuple[Key, ...], values: Floats | None) -> dict[Key, float]:
    return {} if values is None else dict(zip(keys, map(float, values), strict=False))
