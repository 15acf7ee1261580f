"""The question that an optimum answers: formulation, arrays, stages, and the independent check."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

from symbiosis.conflict import conflict_problems
from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.exchange import ExchangeData
from symbiosis.optimum import Goal, Optimum, Solved, Stage
from symbiosis.park.link import Status as LinkStatus
from symbiosis.park.park import Park
from symbiosis.point import Point, together
from symbiosis.seasons import Year, whole_year
from symbiosis.slicing import ALL_OPEN, slice_of
from symbiosis.solvers.backend import Backend, Solution, SolveOptions
from symbiosis.solvers.backends import AUTO, UnknownSolverError, choose
from symbiosis.solvers.compile import compile_model
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.matrix import Floats, Key, MatrixForm
from symbiosis.solvers.ratio import RatioSolution, least_cost_at_ratio, maximise_ratio
from symbiosis.solvers.status import Status
from symbiosis.solvers.year import YearForm, glue, split
from symbiosis.verify import Claim, verify

GIVE_UP = 1e-9
"""The second stage may give up this part of the first: of R, or of the sums in the cost."""


def optimise_slice(
    park: Park,
    data: ExchangeData,
    goal: Goal = Goal.UTILISATION,
    solver: str = AUTO,
    options: SolveOptions | None = None,
) -> Optimum:
    """The optimum of one slice; see :func:`optimise_year`."""
    return optimise_year(park, data, whole_year(data), goal, solver, options)


def optimise_year(
    park: Park,
    data: ExchangeData,
    year: Year,
    goal: Goal = Goal.UTILISATION,
    solver: str = AUTO,
    options: SolveOptions | None = None,
) -> Optimum:
    """The optimum of a year, which ``data`` describes as a whole and ``year`` by season.

    Raises :class:`NoAnswer` where needs and limits cannot be met together, :class:`InputError`
    for a solver that is not there, :class:`~symbiosis.verify.FailedCheck` where the answer does
    not stand up to checking.
    """
    started = time.perf_counter()
    models = [build_model(part) for part in year.slices]
    built = time.perf_counter()
    compiled = glue(year, [compile_model(model) for model in models])
    ready = time.perf_counter()
    backend = backend_for(compiled.form, solver)
    question = _Question(park, data, year, compiled, backend, options or SolveOptions())
    answer = question.utilisation() if goal is Goal.UTILISATION else question.cost()
    solved = time.perf_counter()
    seconds = {"build": built - started, "compile": ready - built, "solve": solved - ready}
    optimum = question.optimum(goal, answer, seconds)
    rate = optimum.rate
    claim = Claim(rate.numerator, rate.denominator, answer.cost)
    verify(park, year, optimum.points, optimum.levels, claim)
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


def backend_for(form: MatrixForm, solver: str) -> Backend:
    """The backend that answers. Raises :class:`InputError` for one that is not there."""
    try:
        return choose(form, solver)
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
    """One compiled year and who answers for it."""

    park: Park
    data: ExchangeData
    year: Year
    compiled: YearForm
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
        points, levels = self.points(answer.x)
        whole = together(points, [part.hours for part in self.year.slices])
        return Optimum(
            self.park,
            self.data,
            goal,
            whole,
            answer.stages,
            solved,
            answer.rate_before,
            self.year,
            points,
            levels,
        )

    def points(self, x: Floats) -> tuple[tuple[Point, ...], dict[tuple[str, str], float]]:
        """Decisions by season, and the levels of this year's heaps at the end of each."""
        keys, values = self.compiled.form.column_keys, [float(value) for value in x]
        if len(self.year.slices) == 1:
            return (Point.read(keys, values),), {}
        found: dict[str, list[tuple[Key, float]]] = {name: [] for name in self.year.names}
        levels = {}
        for key, value in zip(keys, values, strict=True):
            if key[0] == "level":
                levels[key[1]] = max(value, 0.0)
            else:
                season, own = split(key)
                found[season].append((own, value))
        points = [Point.read(*zip(*pairs, strict=True)) for pairs in found.values()]
        return tuple(points), levels

    def no_answer(self, status: Status) -> NoAnswer:
        """Why there is no answer: what conflicts, or that there is no limit."""
        if status is Status.INFEASIBLE:
            return NoAnswer(
                conflict_problems(self.park, self.data, self.compiled.form, self.backend)
            )
        return NoAnswer([Problem(f"status_{status.value}", details={"found": self.backend.name})])


def _by_key(keys: tuple[Key, ...], values: Floats | None) -> dict[Key, float]:
    return {} if values is None else dict(zip(keys, map(float, values), strict=False))
