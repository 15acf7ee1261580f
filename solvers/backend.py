"""What every solver backend promises, and the care that is taken of every answer.

A backend supplies ``attempt``: one call of its library on one form. ``Backend.solve`` does the rest
for all of them: it checks the arrays, scales them, tries the ways the backend offers until an
answer stands up to checking, fixes integers and solves the rest again (so that flows are exact and
marginals mean something), and returns the answer in the model's own units.

Signs: every form is minimised; a row marginal is the change of the minimum per unit by which the
row's binding bound is raised, a reduced cost the same for a column's bound.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from itertools import product

import numpy as np

from symbiosis.solvers.basis import Basis
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.scaling import Scaled, scale, unscaled
from symbiosis.solvers.status import Status

DOUBT = 100.0
"""An answer may miss rows and bounds by this many feasibility tolerances, in scaled units."""
LOOSE = 1e-7
"""The tolerance at which a claim that nothing is feasible is tried once more."""
GAP_DOUBT = 1e-7
"""The largest relative difference of primal and dual objective that counts as optimal."""
STILL = 1e-9
"""A scaled reduced cost below this is zero."""
NEAR = 1e-7
"""Nearer than this to a bound, in scaled units, counts as standing at it."""
MOVE = 1e-6
"""A scaled movement along the optimal face above this is another optimum."""


@dataclass(frozen=True)
class SolveOptions:
    """How to solve: limits, tolerances (in scaled units) and what else to find out.

    ``gap`` is the relative gap at which a model with integers may stop. ``check_unique`` asks
    whether a linear optimum is the only one (at most one more solve). ``start`` is a basis to start
    a linear model from, ``keep_basis`` asks for that of the answer.
    """

    time_limit_s: float | None = None
    gap: float = 0.0
    threads: int = 1
    feasibility_tolerance: float = 1e-9
    optimality_tolerance: float = 1e-9
    integrality_tolerance: float = 1e-9
    check_unique: bool = True
    start: Basis | None = None
    keep_basis: bool = False


@dataclass(frozen=True, eq=False)
class Raw:
    """What one call of a library said, in the units of the form that it was given.

    ``bound`` is a proven lower bound on the minimum; the offset of the form is part of it.
    """

    status: Status
    x: Floats | None = None
    bound: float = -np.inf
    row_marginals: Floats | None = None
    reduced_costs: Floats | None = None
    iterations: int | None = None
    used: Mapping[str, object] = field(default_factory=dict)
    basis: Basis | None = None
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Solution:
    """The answer to a form, in the model's own units.

    ``x``, ``objective`` are there if ``status.answered``; ``bound`` is a proven bound and ``gap``
    the relative distance to it. Marginals are there for linear models, and for models with
    integers at the fixed integers; ``unique`` is ``None`` where it was not or cannot be found
    out. ``used`` names the options the library was really given.
    """

    status: Status
    backend: str
    version: str
    seconds: float
    x: Floats | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    row_marginals: Floats | None = None
    reduced_costs: Floats | None = None
    unique: bool | None = None
    iterations: int | None = None
    used: Mapping[str, object] = field(default_factory=dict)
    basis: Basis | None = None

    @property
    def point(self) -> Floats:
        """``x`` of an answered solution; raises ``ValueError`` where there is no answer."""
        if self.x is None:
            raise ValueError(f"{self.backend} gave no answer: {self.status}")
        return self.x


class Loaded(ABC):
    """A linear model kept in a library, see :class:`~symbiosis.solvers.session.Session`."""

    @abstractmethod
    def solve(self, form: MatrixForm, start: Basis | None) -> Raw:
        """The form, which has the structure of the one loaded, from a basis if there is one."""


class Backend(ABC):
    """A solver that takes a :class:`MatrixForm`.

    A new one states the class data and implements ``attempt`` (and ``ways``, if it has more than
    one way to solve a linear model).
    """

    name: str
    title: str
    licence: str
    package: str
    solves_integers: bool = True
    gives_marginals: bool = True
    in_process: bool = True
    gives_vertices: bool = True
    ways: Sequence[str] = ("default",)
    tightest: float = 1e-10
    """The smallest tolerance that may be asked of it."""

    def version(self) -> str | None:
        """The installed version, ``None`` where it is not installed; loads nothing."""
        return _version(self.package)

    @abstractmethod
    def attempt(self, form: MatrixForm, options: SolveOptions, way: str) -> Raw:
        """One call of the library on a valid form, truthful about what came back."""

    def loaded(
        self,
        form: MatrixForm,  # noqa: ARG002
        options: SolveOptions,  # noqa: ARG002
        scaled: bool,  # noqa: ARG002
    ) -> "Loaded | None":
        """A linear form kept in the library, None where the backend keeps none.

        A ``scaled`` one need not be scaled by the library again.
        """
        return None

    def solve(self, form: MatrixForm, options: SolveOptions | None = None) -> Solution:
        """The minimum of ``form``. Raises :class:`~symbiosis.solvers.matrix.FormError`."""
        options = self._within_reach(options or SolveOptions())
        form.validate()
        clock = Clock(options.time_limit_s)
        scaled = scale(form)
        raw = self._careful(scaled.form, options, clock)
        if raw.status is Status.UNKNOWN:
            scaled = unscaled(form)
            raw = self._careful(scaled.form, options, clock)
        unique: bool | None = None
        if raw.status.answered and form.has_integers:
            raw = self._polished(scaled.form, raw, options)
        elif raw.status is Status.OPTIMAL and options.check_unique and self.gives_vertices:
            unique = self._only_optimum(scaled.form, raw, options)
        return self.solution(form, scaled, raw, unique, clock.seconds)

    def _within_reach(self, options: SolveOptions) -> SolveOptions:
        return replace(
            options,
            feasibility_tolerance=max(self.tightest, options.feasibility_tolerance),
            optimality_tolerance=max(self.tightest, options.optimality_tolerance),
            integrality_tolerance=max(self.tightest, options.integrality_tolerance),
        )

    def _careful(self, form: MatrixForm, options: SolveOptions, clock: "Clock") -> Raw:
        """The first answer that stands up to checking, by all ways; ``unknown`` if none does.

        That nothing is feasible is believed only when it also holds at a looser tolerance, and
        with integers by every way; that there is no limit only when there is a feasible point.
        """
        loose = replace(
            options,
            start=None,
            feasibility_tolerance=max(LOOSE, options.feasibility_tolerance),
            optimality_tolerance=max(LOOSE, options.optimality_tolerance),
        )
        for tried, way in product((options, loose), self.ways):
            if clock.out:
                return Raw(Status.NO_ANSWER)
            raw = self.attempt(form, clock.limit(tried), way)
            if raw.status is Status.INFEASIBLE and tried is options:
                tried = loose
                raw = self.attempt(form, clock.limit(tried), way)
            if raw.status is Status.INFEASIBLE and form.has_integers and way != self.ways[-1]:
                continue
            if raw.status is Status.UNBOUNDED:
                return self._unbounded(form, raw, options, way)
            if not doubtful(form, raw, tried):
                return raw
        return Raw(Status.UNKNOWN)

    def _unbounded(self, form: MatrixForm, raw: Raw, options: SolveOptions, way: str) -> Raw:
        """The claim that the objective has no limit, once a feasible point is known."""
        point = self.attempt(form.with_cost(np.zeros(form.columns)), options, way)
        if point.status.answered:
            return raw
        return point

    def _polished(self, form: MatrixForm, raw: Raw, options: SolveOptions) -> Raw:
        """The answer again with its integers fixed at whole values and the rest solved anew."""
        if raw.x is None:
            return raw
        at = replace(options, start=raw.basis)
        again = self._careful(form.with_integers_fixed(raw.x), at, Clock(None))
        if again.status is not Status.OPTIMAL:
            return Raw(Status.UNKNOWN)
        return replace(again, status=raw.status, bound=raw.bound, used=raw.used)

    def _only_optimum(self, form: MatrixForm, raw: Raw, options: SolveOptions) -> bool | None:
        """Whether no other point has the same objective (``None`` if that cannot be settled)."""
        if raw.x is None or raw.row_marginals is None or raw.reduced_costs is None:
            return None
        from_here = replace(options, start=raw.basis, keep_basis=False)
        for along in ways_along_optimal_face(form, raw):
            farthest = self.attempt(along, from_here, self.ways[0])
            if farthest.status is Status.UNBOUNDED:
                return False
            if farthest.x is None:
                return None
            if along.objective(farthest.x) < along.objective(raw.x) - MOVE:
                return False
        return True

    def solution(
        self, form: MatrixForm, scaled: Scaled, raw: Raw, unique: bool | None, seconds: float
    ) -> Solution:
        """What a library said of a scaled form, in the form's own units."""
        made = Solution(
            raw.status, self.name, self.version() or "", seconds,
            iterations=raw.iterations, used=raw.used, basis=raw.basis,
        )  # fmt: skip
        if raw.x is None or not raw.status.answered:
            return made
        x = np.clip(scaled.unscale(raw.x), form.column_lower, form.column_upper)
        objective = form.objective(x)
        bound = min(raw.bound / scaled.cost_factor, objective)
        rows, reduced = raw.row_marginals, raw.reduced_costs
        return replace(
            made,
            x=x,
            objective=objective,
            bound=bound,
            gap=relative_gap(objective, bound),
            row_marginals=None if rows is None else scaled.unscale_row_marginals(rows),
            reduced_costs=None if reduced is None else scaled.unscale_reduced_costs(reduced),
            unique=unique,
        )


@cache
def _version(package: str) -> str | None:
    try:
        return package_version(package)
    except PackageNotFoundError:
        return None


def relative_gap(objective: float, bound: float) -> float:
    """``(objective - bound) / |objective|``, 0 where they agree, infinite for a zero objective."""
    difference = objective - bound
    if difference <= 0.0:
        return 0.0
    return difference / abs(objective) if objective else float(np.inf)


def doubtful(form: MatrixForm, raw: Raw, options: SolveOptions) -> bool:
    """Whether an answer fails its own claim: rows, bounds, or equal primal and dual objectives."""
    if raw.status is Status.UNKNOWN:
        return True
    if raw.x is None or not raw.status.answered:
        return False
    if not np.all(np.isfinite(raw.x)):
        return True
    size = 1.0 + float(np.abs(raw.x).max(initial=0.0)) * 1e-6
    if form.violation(raw.x) > DOUBT * options.feasibility_tolerance * size:
        return True
    dual = dual_objective(form, raw, options.optimality_tolerance)
    if dual is None:
        return False
    objective = form.objective(raw.x)
    return abs(objective - dual) > GAP_DOUBT * (1.0 + abs(objective))


def dual_objective(form: MatrixForm, raw: Raw, tolerance: float) -> float | None:
    """The bound that the row marginals prove: ``None`` without any, -inf where they prove none.

    A marginal against an absent bound proves nothing unless it is within the tolerance.
    """
    if raw.x is None or raw.row_marginals is None or raw.status is not Status.OPTIMAL:
        return None
    rows = raw.row_marginals
    reduced = form.cost - form.matrix.T @ rows
    total = form.offset
    for marginal, lower, upper, stands in (
        (rows, form.row_lower, form.row_upper, form.matrix @ raw.x),
        (reduced, form.column_lower, form.column_upper, raw.x),
    ):
        bound = np.where(marginal > 0, lower, upper)
        absent = ~np.isfinite(bound)
        if np.any(np.abs(marginal[absent]) > DOUBT * tolerance):
            return -np.inf
        total += float(marginal @ np.where(absent, stands, bound))
    return total


def ways_along_optimal_face(form: MatrixForm, raw: Raw) -> Iterator[MatrixForm]:
    """Models whose minima all stand at the optimum ``raw`` exactly where it is the only one.

    Rows and columns with a marginal are held where they are. The first model maximises the sum of
    the ways that the binding others can leave their bounds: a vertex cannot move without one of
    them. Columns without bounds may move all the same, so a mix of them is minimised and
    maximised too.
    """
    if raw.x is None or raw.row_marginals is None or raw.reduced_costs is None:
        return
    rows = _held(form.row_lower, form.row_upper, raw.row_marginals)
    columns = _held(form.column_lower, form.column_upper, raw.reduced_costs)
    face = form.with_row_bounds(*rows).with_column_bounds(*columns)
    away = form.matrix.T @ _direction(*rows, form.matrix @ raw.x)
    away = away + _direction(*columns, raw.x)
    if np.any(away):
        yield face.with_cost(-away)
    unbounded = np.isinf(face.column_lower) & np.isinf(face.column_upper)
    if unbounded.any():
        mix = np.where(unbounded, np.random.default_rng(0).uniform(1.0, 2.0, form.columns), 0.0)
        yield face.with_cost(mix)
        yield face.with_cost(-mix)


def _held(lower: Floats, upper: Floats, marginal: Floats) -> tuple[Floats, Floats]:
    """Bounds that hold what has a marginal at the bound that the marginal speaks of."""
    at_lower = (marginal > STILL) & np.isfinite(lower)
    at_upper = (marginal < -STILL) & np.isfinite(upper)
    return np.where(at_upper, upper, lower), np.where(at_lower, lower, upper)


def _direction(lower: Floats, upper: Floats, stands: Floats) -> Floats:
    """1 for what stands at its lower bound and may rise, -1 at its upper and may fall, else 0."""
    free = upper > lower
    near = NEAR * (1.0 + np.abs(stands))
    rising = free & (stands - lower <= near)
    falling = free & (upper - stands <= near) & ~rising
    return np.asarray(rising.astype(float) - falling.astype(float), dtype=float)


class Clock:
    """The time since it was made, and what is left of a limit in seconds (``None``: no limit)."""

    def __init__(self, limit_s: float | None) -> None:
        self._started = time.perf_counter()
        self._limit_s = limit_s

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._started

    @property
    def out(self) -> bool:
        """Whether the limit has passed."""
        return self._limit_s is not None and self.seconds >= self._limit_s

    def limit(self, options: SolveOptions) -> SolveOptions:
        """The options with what is left of the limit, never less than a millisecond."""
        if self._limit_s is None:
            return replace(options, time_limit_s=None)
        return replace(options, time_limit_s=max(self._limit_s - self.seconds, 1e-3))
