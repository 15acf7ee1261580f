"""A compiled year and who answers for it: every question about one slice is asked here.

Aims are followed in order, each at no more than a billionth's loss for the ones before: the
greatest rate and then the least cost; the least cost; the least carbon and then the least cost. Of
several answers of the last two, one with the greatest rate: how much of a chain counts as used is a
decision that only the rate makes. The same arrays answer all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from math import inf

from symbiosis.conflict import conflict_problems
from symbiosis.endless import endless_problems
from symbiosis.errors import NoAnswer, Problem
from symbiosis.exchange import ExchangeData
from symbiosis.flows import Memos
from symbiosis.optimum import Goal, Optimum, Solved, Stage
from symbiosis.park.park import Park
from symbiosis.point import VARIABLES, Point, together
from symbiosis.seasons import Year
from symbiosis.solver_named import no_solver
from symbiosis.solvers.backend import Backend, Solution, SolveOptions, relative_gap
from symbiosis.solvers.backends import UnknownSolverError, choose
from symbiosis.solvers.basis import Basis
from symbiosis.solvers.keys import Key, split
from symbiosis.solvers.matrix import Floats, LinearExpression, MatrixForm
from symbiosis.solvers.ratio import RatioSolution, least_cost_at_ratio, maximise_ratio
from symbiosis.solvers.rolling import rolled_start, solve_rolling
from symbiosis.solvers.status import Status
from symbiosis.solvers.year import YearForm
from symbiosis.wording import Wording

GIVE_UP = 1e-9
"""A later aim may give up this part of an earlier one: of R, or of the sums in it."""


class Aim(StrEnum):
    """What is made greatest (the rate) or least (cost, carbon)."""

    RATE = "rate"
    COST = "cost"
    CARBON = "carbon"


ORDER = {
    Goal.UTILISATION: (Aim.RATE, Aim.COST),
    Goal.COST: (Aim.COST, Aim.RATE),
    Goal.CARBON: (Aim.CARBON, Aim.COST, Aim.RATE),
}


def backend_for(form: MatrixForm, solver: str) -> Backend:
    """The backend that answers. Raises :class:`InputError` for one that is not there."""
    try:
        return choose(form, solver)
    except UnknownSolverError as error:
        raise no_solver(error) from error


@dataclass(frozen=True)
class Answer:
    """A point in the columns of the form, the stages that led to it, and how it stands.

    ``rate`` is the greatest R where that was the first or the second aim; ``gap`` and ``bound``
    (proven: nothing goes beyond it) are of the first aim.
    """

    x: Floats
    stages: tuple[Stage, ...]
    rate: float | None
    status: Status
    gap: float | None
    bound: float | None = None


@dataclass(frozen=True)
class Proof:
    """How far an answer is proven: ``gap`` and ``bound`` are of the first aim."""

    status: Status
    gap: float | None
    bound: float | None

    def then(self, status: Status) -> "Proof":
        """With a further aim: all is proven only where each of them is."""
        return replace(self, status=Status.FEASIBLE) if status is Status.FEASIBLE else self


@dataclass(frozen=True)
class _SoFar:
    """What the aims so far have led to: ``form`` holds them, ``ratio_form`` a rate not yet held."""

    form: MatrixForm
    x: Floats | None = None
    stages: tuple[Stage, ...] = ()
    rate: float | None = None
    ratio_form: MatrixForm | None = None
    proof: Proof | None = None
    basis: Basis | None = None


@dataclass(frozen=True)
class Root:
    """The answer that others start from: its basis, and its rate."""

    basis: Basis
    rate: float | None


@dataclass(frozen=True)
class Question:
    """One compiled year and who answers for it."""

    park: Park
    data: ExchangeData
    year: Year
    compiled: YearForm
    backend: Backend
    options: SolveOptions
    seconds: Mapping[str, float]
    root: Root | None = None

    @cached_property
    def memos(self) -> Memos:
        """What the checks of the answers know of the park, in the year and by season."""
        return Memos.empty(len(self.year.names))

    @property
    def form(self) -> MatrixForm:
        """The arrays, without an objective."""
        return self.compiled.form

    def expression(self, aim: Aim) -> LinearExpression:
        """What is made least; the rate is no expression but a ratio of two."""
        return self.compiled.expressions[aim.value]

    def value(self, aim: Aim, x: Floats) -> float | None:
        """The value of an aim at a point; no rate where there is no waste."""
        if aim is not Aim.RATE:
            return self.expression(aim).value(x)
        used, made = (
            self.compiled.expressions[name].value(x) for name in ("utilised", "generated")
        )
        return used / made if made > 0 else None

    # --- answers

    def in_order(self, aims: Sequence[Aim], form: MatrixForm | None = None) -> Answer:
        """The aims in order, over ``form`` (the arrays, perhaps with more rows).

        Raises :class:`NoAnswer`. Where R is undefined the rate is passed over.
        """
        root = self._rolled(aims[0]) if self.root is None else self.root
        return self._from(root, aims, self.form if form is None else form)

    def _from(self, root: Root | None, aims: Sequence[Aim], form: MatrixForm) -> Answer:
        """The aims in order, started from a root if there is one."""
        so_far = _SoFar(form, basis=None if root is None else root.basis)
        guess = None if root is None else root.rate
        for aim in aims:
            so_far = self._rate(so_far, guess) if aim is Aim.RATE else self._least(so_far, aim)
        if so_far.x is None or so_far.proof is None:
            raise NoAnswer([Problem("status_undefined")])
        proof = so_far.proof
        stages, rate = so_far.stages, so_far.rate
        return Answer(so_far.x, stages, rate, proof.status, proof.gap, proof.bound)

    def _rate(self, so_far: "_SoFar", guess: float | None) -> "_SoFar":
        """The greatest R within what is held."""
        named = self.compiled.expressions
        asked = so_far.form, named["utilised"], named["generated"]
        if so_far.x is not None:
            # A better rate than this answer's needs no substitution: its rounding would be more
            # than the rows of the aims held allow.
            guess = self.value(Aim.RATE, so_far.x)
        best = maximise_ratio(*asked, self.backend, self.started(so_far.basis), guess)
        if best.status is Status.UNDEFINED or (best.x is None and so_far.x is not None):
            return so_far
        if best.ratio is None or best.x is None or not best.status.answered:
            raise self.no_answer(best.status, so_far.form)
        first = so_far.x is None
        stages = (self._stage(Aim.RATE, best.ratio, best),) if first else ()
        gap = relative_gap(-best.ratio, -best.upper) if self.form.has_integers else 0.0
        proof = Proof(best.status, gap, best.upper)
        return replace(
            so_far,
            x=best.x,
            stages=so_far.stages + stages,
            rate=best.ratio,
            ratio_form=so_far.form,
            proof=proof if so_far.proof is None else so_far.proof.then(best.status),
            basis=best.basis or so_far.basis,
        )

    def _least(self, so_far: "_SoFar", aim: Aim) -> "_SoFar":
        """The least of an aim within what is held."""
        expression, form = self.expression(aim), so_far.form
        options = self.started(so_far.basis)
        if so_far.ratio_form is not None and so_far.rate is not None:
            named = self.compiled.expressions
            asked = form, named["utilised"], named["generated"]
            found = least_cost_at_ratio(
                *asked, so_far.rate, expression, self.backend, options, GIVE_UP
            ).solution
            form = self.at_least_rate(form, so_far.rate - GIVE_UP)
        else:
            found = self.backend.solve(form.with_objective(expression), options)
        if found.status is Status.NO_ANSWER and so_far.proof is not None:
            return replace(so_far, proof=so_far.proof.then(Status.FEASIBLE))
        if not found.status.answered:
            raise self.no_answer(found.status, so_far.form)
        proof = Proof(found.status, found.gap, found.bound)
        return _SoFar(
            form=self.holding(form, aim, found.point),
            x=found.point,
            stages=(*so_far.stages, self._stage(aim, expression.value(found.point), found)),
            rate=so_far.rate,
            proof=proof if so_far.proof is None else so_far.proof.then(found.status),
            basis=found.basis or so_far.basis,
        )

    # --- asking again and again

    def started(self, basis: Basis | None) -> SolveOptions:
        """The options of a solve that starts from a basis and is to tell its own."""
        return replace(self.options, start=basis, keep_basis=True)

    def rooted(self) -> "Question":
        """The same question with every answer started from the least-cost one.

        The start is always the same, so that no answer depends on which were asked before.
        """
        return self if self.form.has_integers else replace(self, root=self.least_cost_root)

    @cached_property
    def least_cost_root(self) -> Root | None:
        """The least-cost answer, rolled to where the horizon is long; None without one."""
        form = self.form.with_objective(self.expression(Aim.COST))
        asked = self.started(None)
        found = solve_rolling(form, self.compiled.layout, self.backend, asked)
        if found.basis is None:
            return None
        return Root(found.basis, self.value(Aim.RATE, found.point))

    def _rolled(self, first: Aim) -> Root | None:
        """Where a question about a long horizon starts; None for a short one, or with integers.

        The least cost and carbon start from the bases of rolling windows; the rate is no sum over
        slices, and starts from the least cost.
        """
        layout = self.compiled.layout
        if layout is None or not layout.long or self.form.has_integers:
            return None
        if first is Aim.RATE:
            return self.least_cost_root
        form = self.form.with_objective(self.expression(first))
        basis = rolled_start(form, layout, self.backend, self.options)
        return None if basis is None else Root(basis, None)

    def as_answer(self, found: Solution) -> Answer:
        """A single solve as an answer without stages."""
        return Answer(found.point, (), None, found.status, found.gap)

    def least(self, aim: Aim, form: MatrixForm) -> Solution:
        """The least of an aim. Raises :class:`NoAnswer`."""
        found = self.backend.solve(form.with_objective(self.expression(aim)), self.options)
        if not found.status.answered:
            raise self.no_answer(found.status, form)
        return found

    # --- rows that hold an aim

    def holding(self, form: MatrixForm, aim: Aim, x: Floats) -> MatrixForm:
        """The form in which an aim stays within a billionth (of the sums in it) of its value."""
        expression = self.expression(aim)
        sums = float(abs(expression.vector) @ abs(x))
        return form.with_row(
            expression, -inf, expression.value(x) + GIVE_UP * sums, (aim.value, ("held",))
        )

    def at_least_rate(self, form: MatrixForm, rate: float) -> MatrixForm:
        """The form in which R is at least ``rate``."""
        named = self.compiled.expressions
        above = named["utilised"].plus(named["generated"], -rate)
        return form.with_row(above, 0.0, inf, ("rate", ("at_least",)))

    def at_most(self, form: MatrixForm, aim: Aim, value: float) -> MatrixForm:
        """The form in which cost or carbon is at most ``value``."""
        return form.with_row(self.expression(aim), -inf, value, (aim.value, ("at_most",)))

    # --- what becomes of an answer

    def _stage(self, aim: Aim, value: float, found: Solution | RatioSolution) -> Stage:
        rows = _by_key(self.form.row_keys, found.row_marginals)
        if isinstance(found, RatioSolution) and found.denominator:
            rows = self._with_generation(rows, value / found.denominator)
        return Stage(
            aim.value,
            value,
            rows,
            _by_key(self.form.column_keys, found.reduced_costs),
            found.unique,
        )

    def _with_generation(self, rows: dict[Key, float], weight: float) -> dict[Key, float]:
        """Marginals of the rate in which a tonne more of waste also counts in G.

        The bound of a by-product's balance is its generation; raised by one it enters G + U_old
        as well, which takes R / (G + U_old) off.
        """
        waste = {name for name, supply in self.data.supplies.items() if supply.enters_rate}
        return {
            key: value - weight if key[0] == "supply" and _named(key) in waste else value
            for key, value in rows.items()
        }

    def optimum(self, goal: Goal, answer: Answer, seconds: Mapping[str, float]) -> Optimum:
        """The answer as an optimum, not yet checked."""
        solved = Solved(
            self.backend.name,
            self.backend.version() or "",
            answer.status,
            answer.gap,
            seconds,
            {"gap": self.options.gap, "time_limit_s": self.options.time_limit_s},
            self.form.has_integers,
            answer.bound,
            self.compiled.why_plain,
        )
        points, levels = self.points(answer.x)
        return Optimum(
            park=self.park,
            data=self.data,
            goal=goal,
            point=together(points, [part.hours for part in self.year.slices]),
            stages=answer.stages,
            solved=solved,
            rate_before=answer.rate,
            year=self.year,
            points=points,
            levels=levels,
        )

    def points(self, x: Floats) -> tuple[tuple[Point, ...], dict[tuple[str, str], float]]:
        """Decisions by season, and the levels of this year's heaps at the end of each."""
        keys, values = self.compiled.form.column_keys, [float(value) for value in x]
        if self.year.single:
            own = [
                (key, value) for key, value in zip(keys, values, strict=True) if key[0] in VARIABLES
            ]
            return (Point.read(*zip(*own, strict=True)),), {}
        found: dict[str, list[tuple[Key, float]]] = {name: [] for name in self.year.names}
        levels = {}
        for key, value in zip(keys, values, strict=True):
            if key[0] == "level":
                levels[key[1]] = max(value, 0.0)
            elif key[0] in VARIABLES:
                season, name = split(key)
                found[season].append((name, value))
        points = [Point.read(*zip(*pairs, strict=True)) for pairs in found.values()]
        return tuple(points), levels

    @property
    def wording(self) -> Wording:
        """Names for the keys of the form."""
        return Wording(self.park, self.data, () if self.year.single else self.year.names)

    def no_answer(self, status: Status, form: MatrixForm) -> NoAnswer:
        """Why there is no answer: what conflicts, or that there is no limit."""
        if status is Status.INFEASIBLE:
            return NoAnswer(conflict_problems(self.wording, form, self.backend, self.options))
        if status is Status.UNBOUNDED:
            costed = form.with_objective(self.expression(Aim.COST))
            return NoAnswer(endless_problems(self.wording, costed, self.backend, self.options))
        problems = [Problem(f"status_{status.value}", details={"found": self.backend.name})]
        if form.has_integers and self.backend.name == "glpk":
            problems.append(Problem("try_highs"))
        return NoAnswer(problems)


def _by_key(keys: Sequence[Key], values: Floats | None) -> dict[Key, float]:
    return {} if values is None else dict(zip(keys, map(float, values), strict=False))


def _named(key: Key) -> str:
    """What a row is about, whether or not its season stands in front."""
    index = key[1]
    return str(index[-1] if isinstance(index, tuple) else index)
