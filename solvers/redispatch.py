"""One slice asked again and again, each time with other figures and from other heaps.

The slice is compiled once. Every further question is a stamp, and a few steps of the simplex from
the basis of the first answer, which is always the same: no answer depends on which were asked
before. Aims are followed in order, each at no more than a billionth's loss for those before it.

The rate is a quotient: ``max U - R (G + U_old)`` is repeated with R at the best rate found until
nothing better turns up, which takes two or three solves. Source: W. Dinkelbach (1967), On nonlinear
fractional programming, Management Science 13(7), 492-498.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from symbiosis.figures import Path
from symbiosis.seasons import Year
from symbiosis.solvers.backend import Backend, Solution, SolveOptions
from symbiosis.solvers.exchange import build_model
from symbiosis.solvers.matrix import Floats, Integers, LinearExpression, MatrixForm
from symbiosis.solvers.session import Session
from symbiosis.solvers.status import Status
from symbiosis.solvers.template import Build
from symbiosis.solvers.year import Pattern, Stamper, YearForm, pattern_of, ties_of

Levels = Mapping[str, float]
"""Amounts that lie in heaps, by by-product."""
RATE = "rate"
GIVE_UP = 1e-9
"""A later aim may give up this part of an earlier one: of R, or of the sums in it."""
STEPS = 40
SETTLED = 1e-10


@dataclass(frozen=True, eq=False)
class Redispatched:
    """An answer, with the expressions that it is read with; ``x`` is None where there is none."""

    status: Status
    made: YearForm
    x: Floats | None


class Redispatch:
    """A slice of a year and who answers for it.

    ``year`` is one slice of a year (:meth:`~symbiosis.seasons.Year.part`), ``paths`` its figures
    that will be others; ``aims`` are ``rate``, ``cost``, ``carbon`` in their order; ``pick``
    chooses who solves. Life: :meth:`open` with the slice from which every answer is to start, then
    :meth:`stamped` and :meth:`answer` as often as wanted. Raises NotStampableError for a model that
    is not affine in products of its figures.
    """

    def __init__(
        self,
        year: Year,
        paths: Sequence[Path],
        aims: Sequence[str],
        pick: Callable[[MatrixForm], Backend],
        options: SolveOptions | None = None,
        build: Build = build_model,
    ) -> None:
        self.year = year
        self.pattern: Pattern = pattern_of(year, paths, build)
        own = {path: i for i, path in enumerate(paths)}
        self._picked = np.array([own[p] for p in self.pattern.template.paths], dtype=np.int64)
        self._aims, self._pick = tuple(aims), pick
        self.now = year
        self._options = replace(options or SolveOptions(), check_unique=False)
        self._sessions: dict[int, Session] = {}
        self._rowed: dict[int, _Rowed] = {}
        self._guess = 0.0

    def stamped(self, figures: Floats, hours: float, opening: Levels, legacy: Levels) -> YearForm:
        """The arrays of the slice, with ``figures`` in the order of ``paths``."""
        self.now = replace(self.year, hours=(hours,), opening=opening, legacy=legacy)
        stamper = Stamper(self.pattern, ties_of(self.now, self.pattern.template).numbers())
        return stamper.form(figures[self._picked][None, :])

    def open(self, made: YearForm) -> None:
        """Choose who solves, and answer the slice from which every other answer starts."""
        self.backend: Backend = self._pick(made.form)
        found = self.answer(made)
        if found.x is not None and RATE in self._aims:
            below = made.expressions["generated"].value(found.x)
            self._guess = made.expressions["utilised"].value(found.x) / below if below > 0 else 0.0

    def answer(self, made: YearForm) -> Redispatched:
        """The answer to a stamped slice."""
        form, x = made.form, None
        rows: list[_Held] = []
        for stage, aim in enumerate(self._aims):
            wider = self._wider(form, rows)
            found = self._rate(stage, wider, made) if aim == RATE else self._least(
                stage, wider, made.expressions[aim])  # fmt: skip
            if not found.status.answered:
                return Redispatched(found.status, made, None)
            x = found.point
            rows.append(_held(aim, made, x))
        return Redispatched(Status.OPTIMAL, made, x)

    def _wider(self, form: MatrixForm, rows: "list[_Held]") -> MatrixForm:
        if not rows:
            return form
        count = len(rows)
        if count not in self._rowed:
            self._rowed[count] = _Rowed.of(form, count)
        return self._rowed[count].form(form, rows)

    def _least(self, stage: int, form: MatrixForm, expression: LinearExpression) -> Solution:
        return self._solve(stage, form.with_objective(expression))

    def _rate(self, stage: int, form: MatrixForm, made: YearForm) -> Solution:
        """The greatest rate: the point is where it is reached."""
        used, all_ = made.expressions["utilised"], made.expressions["generated"]
        ratio = self._guess
        found = self._beyond(stage, form, used, all_, ratio)
        for _ in range(STEPS):
            if not found.status.answered:
                return found
            below = all_.value(found.point)
            if below <= 0.0 or all_.constant:
                return found
            reached = used.value(found.point) / below
            if abs(reached - ratio) <= SETTLED:
                return found
            ratio = reached
            found = self._beyond(stage, form, used, all_, ratio)
        return replace(found, status=Status.UNKNOWN)

    def _beyond(
        self,
        stage: int,
        form: MatrixForm,
        used: LinearExpression,
        all_: LinearExpression,
        ratio: float,
    ) -> Solution:
        return self._solve(stage, form.with_objective(used.plus(all_, -ratio), -1.0))

    def _solve(self, stage: int, form: MatrixForm) -> Solution:
        session = self._sessions.get(stage)
        if session is None:
            session = self._sessions[stage] = Session(self.backend, form, self._options)
            return session.first
        return session.solve(form)


@dataclass(frozen=True, eq=False)
class _Held:
    """A row that holds an aim: coefficients for every column, and its bounds."""

    vector: Floats
    lower: float
    upper: float


def _held(aim: str, made: YearForm, x: Floats) -> _Held:
    if aim == RATE:
        used, all_ = made.expressions["utilised"], made.expressions["generated"]
        below = all_.value(x)
        rate = used.value(x) / below if below > 0.0 else 0.0
        above = used.plus(all_, GIVE_UP - rate)
        return _Held(above.vector, -above.offset, np.inf)
    own = made.expressions[aim]
    most = own.value(x) + GIVE_UP * float(abs(own.vector) @ abs(x))
    return _Held(own.vector, -np.inf, most - own.offset)


@dataclass(frozen=True, eq=False)
class _Rowed:
    """Where the entries of a form and of full rows below it lie in one matrix."""

    starts: Integers
    indices: Integers
    own: Integers
    below: tuple[Integers, ...]

    @classmethod
    def of(cls, form: MatrixForm, count: int) -> "_Rowed":
        """For ``count`` rows below the rows of a form."""
        columns, old = form.columns, form.matrix
        lengths = np.diff(old.indptr)
        starts = np.concatenate([[0], np.cumsum(lengths + count)])
        own = np.arange(len(old.data)) + count * np.repeat(np.arange(columns), lengths)
        ends = starts[1:] - count
        below = tuple(ends + i for i in range(count))
        indices = np.empty(starts[-1], dtype=old.indices.dtype)
        indices[own] = old.indices
        for i, places in enumerate(below):
            indices[places] = form.rows + i
        return cls(starts.astype(old.indptr.dtype), indices, own, below)

    def form(self, form: MatrixForm, rows: Sequence[_Held]) -> MatrixForm:
        """The form with the rows below it."""
        data = np.empty(len(self.indices))
        data[self.own] = form.matrix.data
        for places, row in zip(self.below, rows, strict=True):
            data[places] = row.vector
        shape = form.rows + len(rows), form.columns
        keys = (*form.row_keys, *(("held", i) for i in range(len(rows))))
        return replace(
            form,
            matrix=sparse.csc_array((data, self.indices, self.starts), shape=shape),
            row_lower=np.append(form.row_lower, [row.lower for row in rows]),
            row_upper=np.append(form.row_upper, [row.upper for row in rows]),
            row_keys=keys,
        )
