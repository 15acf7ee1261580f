"""The exact Pareto front of two or three objectives: rate, cost, carbon.

Each point is an optimum of its own: the last objective is made best while the others keep floors
or ceilings between their extremes, and what is then free is used for the others in turn, so that no
point can be bettered in one objective without losing in another. Every point has passed the
independent check, and can be solved again from its bounds.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from symbiosis.errors import NoAnswer
from symbiosis.optimum import Goal, Optimum
from symbiosis.question import Aim, Question
from symbiosis.scenario import Scenario
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.matrix import MatrixForm
from symbiosis.solving import ask, checked

AIMS = {Goal.UTILISATION: Aim.RATE, Goal.COST: Aim.COST, Goal.CARBON: Aim.CARBON}
SAME = 1e-5
"""Points whose objectives differ by less than this part of their range are one point."""


@dataclass(frozen=True)
class FrontPoint:
    """One point: its optimum, and the bounds on the objectives that it was solved with."""

    optimum: Optimum
    bounds: Mapping[str, float] = field(default_factory=dict)

    def values(self, goals: Sequence[Goal]) -> tuple[float, ...]:
        """The objectives, each turned so that less is better."""
        return tuple(_turned(self.optimum, goal) for goal in goals)


def _turned(optimum: Optimum, goal: Goal) -> float:
    if goal is Goal.UTILISATION:
        return -(optimum.rate.value or 0.0)
    return optimum.cost_cny if goal is Goal.COST else optimum.co2e_t or 0.0


def front_of(
    scenario: Scenario,
    goals: Sequence[Goal],
    points: int,
    solver: str = AUTO,
    options: SolveOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[FrontPoint]:
    """The front over two or three ``goals``, at least its extremes and up to ``points`` more.

    ``progress`` is told how many of how many solves are done. Whether a point has other plans is
    not asked: that would be a solve more for each. Raises :class:`NoAnswer` where the
    park has no answer at all.
    """
    data = scenario.slice()
    asked = replace(options or SolveOptions(), check_unique=False)
    question = ask(scenario.park, data, scenario.year(data), solver, asked)
    tracer = _Tracer(question.rooted(), tuple(goals), points, progress)
    return tracer.front()


@dataclass(frozen=True)
class _Tracer:
    question: Question
    goals: tuple[Goal, ...]
    points: int
    progress: Callable[[int, int], None] | None

    def front(self) -> list[FrontPoint]:
        """Extremes first, then a grid of bounds on all objectives but the last."""
        extremes = [self.extreme(goal) for goal in self.goals]
        found = list(extremes)
        grid = list(self.grid(extremes))
        for done, bounds in enumerate(grid, start=1):
            if (point := self.within(bounds)) is not None:
                found.append(point)
            if self.progress is not None:
                self.progress(done, len(grid))
        return self.best(found)

    @property
    def ties(self) -> tuple[Aim, ...]:
        """Ties go to the greater rate, which settles what counts of a chain."""
        return () if Goal.UTILISATION in self.goals else (Aim.RATE,)

    def extreme(self, goal: Goal) -> FrontPoint:
        """The best of one objective, then of the others in order."""
        first, *others = [AIMS[goal], *(AIMS[g] for g in self.goals if g is not goal), *self.ties]
        return FrontPoint(self.optimum(goal, (first, *others), self.question.form))

    def grid(self, extremes: Sequence[FrontPoint]) -> Iterator[dict[Goal, float]]:
        """Bounds between the best and the worst value that the extremes reach."""
        bounded = self.goals[:-1]
        steps = max(2, round(self.points ** (1 / len(bounded))))
        axes = []
        for i, _ in enumerate(bounded):
            reached = [point.values(self.goals)[i] for point in extremes]
            low, high = min(reached), max(reached)
            axes.append([low + (high - low) * k / (steps - 1) for k in range(steps)])
        for values in product(*axes):
            yield dict(zip(bounded, values, strict=True))

    def within(self, bounds: Mapping[Goal, float]) -> FrontPoint | None:
        """The best of the last objective within bounds; nothing where they cannot be kept."""
        form: MatrixForm = self.question.form
        for goal, value in bounds.items():
            form = self.bounded(form, goal, value)
        last, *others = [*(AIMS[goal] for goal in reversed(self.goals)), *self.ties]
        try:
            optimum = self.optimum(self.goals[-1], (last, *others), form)
        except NoAnswer:
            return None
        told = {goal.value: -v if goal is Goal.UTILISATION else v for goal, v in bounds.items()}
        return FrontPoint(optimum, told)

    def bounded(self, form: MatrixForm, goal: Goal, value: float) -> MatrixForm:
        """The form in which an objective keeps a bound, with a billionth to spare."""
        if goal is Goal.UTILISATION:
            return self.question.at_least_rate(form, max(-value - 1e-9, 0.0))
        return self.question.at_most(form, AIMS[goal], value + 1e-9 * abs(value))

    def optimum(self, goal: Goal, aims: Sequence[Aim], form: MatrixForm) -> Optimum:
        started = time.perf_counter()
        answer = self.question.in_order(aims, form)
        return checked(self.question, goal, answer, {"solve": time.perf_counter() - started})

    def best(self, found: Sequence[FrontPoint]) -> list[FrontPoint]:
        """Without points that another one betters or repeats, by the first objective."""
        valued = [(point.values(self.goals), point) for point in found]
        spans = [
            max(abs(max(v[i] for v, _ in valued) - min(v[i] for v, _ in valued)), 1e-12)
            for i in range(len(self.goals))
        ]
        kept: list[tuple[tuple[float, ...], FrontPoint]] = []
        for values, point in valued:
            others = [v for v, other in valued if other is not point]
            if any(_betters(other, values, spans) for other in others):
                continue
            if not any(_same(v, values, spans) for v, _ in kept):
                kept.append((values, point))
        return [point for _, point in sorted(kept, key=lambda pair: pair[0])]


def _same(one: Sequence[float], other: Sequence[float], spans: Sequence[float]) -> bool:
    return all(abs(a - b) <= SAME * span for a, b, span in zip(one, other, spans, strict=True))


def _betters(one: Sequence[float], other: Sequence[float], spans: Sequence[float]) -> bool:
    """Whether ``one`` is nowhere worse than ``other`` and somewhere clearly better."""
    pairs = list(zip(one, other, spans, strict=True))
    return all(a <= b + SAME * s for a, b, s in pairs) and any(
        a < b - SAME * s for a, b, s in pairs
    )


def as_json(points: Sequence[FrontPoint]) -> list[dict[str, object]]:
    """The points for the JSON of ``pareto``."""
    return [
        {
            "utilisation_rate": point.optimum.rate.value,
            "cost_cny": point.optimum.cost_cny,
            "co2e_t": point.optimum.co2e_t,
            "bounds": dict(point.bounds),
        }
        for point in points
    ]
