"""Which projects in which year: the years of a horizon as one model, and when each project begins.

The arrays of every year stand side by side (:mod:`symbiosis.solvers.year`), each with the links of
all candidate projects in it. Between them, for projects p and the years k in which they may begin:

Variables
    start[p, k]      1 where p is begun in k

Constraints
    once[p]          sum over k of start <= 1
    opened[y, l]     what link l sends in y <= M x sum over p and k of (the share of its capacity
                     that p has in y) x start[p, k], p being each project that builds l; M is the
                     most that l can send in y
    budget[y]        what is paid in y <= budget: a project is paid in equal parts over its lead
    after[p, q, k]   p is begun in k only if q runs in k
    excludes[p, q]   of p and q only one is begun

Money of a year counts at its end, discounted to the start of the first: a project costs what is
paid for it, less what is left of it at the end of the horizon, straight over its life.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import Floats, LinearExpression, MatrixForm
from symbiosis.solvers.year import YearForm, side_by_side


@dataclass(frozen=True)
class Candidate:
    """A project that may be begun: its whole cost, years until it runs, the links it builds."""

    name: str
    cost_cny: float
    lead: int
    links: tuple[str, ...]
    after: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    ramp: tuple[float, ...] = ()

    def runs(self, begun: int, year: int) -> bool:
        """Whether it runs in a year if it is begun in another one."""
        return year >= begun + self.lead

    def share(self, begun: int, year: int) -> float:
        """The share of its capacity that it has in a year if it is begun in another one."""
        ran = year - begun - self.lead
        if ran < 0:
            return 0.0
        return self.ramp[min(ran, len(self.ramp) - 1)] if self.ramp else 1.0

    def paid(self, begun: int, year: int) -> float:
        """The part of its cost that is paid in a year."""
        over = max(self.lead, 1)
        return 1.0 / over if begun <= year < begun + over else 0.0


@dataclass(frozen=True)
class Horizon:
    """The years of a plan: what may be begun, the budget of each, how money is discounted.

    ``most`` is the most that a link can send in a year. ``life`` in years.
    """

    years: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    budget_cny: Mapping[int, float]
    most: Mapping[tuple[int, str], float]
    discount_rate: float
    life: float

    def factor(self, year: int) -> float:
        """What a yuan at the end of a year is worth at the start of the first."""
        return float((1.0 + self.discount_rate) ** -(year - self.years[0] + 1))

    def begins(self, candidate: Candidate) -> list[int]:
        """The years in which a project may be begun so that it still runs within the horizon."""
        return [k for k in self.years if candidate.runs(k, self.years[-1])]

    def net_cny(self, candidate: Candidate, begun: int) -> float:
        """Discounted payments less the discounted rest at the end of the horizon, per project."""
        paid = sum(candidate.paid(begun, y) * self.factor(y) for y in self.years)
        ran = self.years[-1] + 1 - (begun + candidate.lead)
        rest = max(0.0, 1.0 - ran / self.life) * self.factor(self.years[-1])
        return candidate.cost_cny * (paid - rest)


@dataclass(frozen=True, eq=False)
class Portfolio:
    """The arrays of a horizon; expressions by year, ``cost`` discounted over all with projects."""

    form: MatrixForm
    expressions: Mapping[int, Mapping[str, LinearExpression]]
    cost: LinearExpression
    horizon: Horizon
    columns: Mapping[int, slice]

    def in_year(self, x: Floats, year: int) -> Floats:
        """The columns of one year."""
        return x[self.columns[year]]

    def begun(self, x: Floats) -> dict[str, int]:
        """The year in which each chosen project is begun."""
        keys = enumerate(self.form.column_keys)
        return {key[1][0]: key[1][1] for i, key in keys if key[0] == "start" and x[i] > 0.5}


def portfolio(horizon: Horizon, years: Sequence[YearForm]) -> Portfolio:
    """The years of a horizon with the choice of projects between them."""
    side = side_by_side([str(y) for y in horizon.years], [year.form for year in years])
    starts = [(c, k) for c in horizon.candidates for k in horizon.begins(c)]
    keys: list[Key] = [("start", (c.name, k)) for c, k in starts]
    none, one = np.zeros(len(keys)), np.ones(len(keys))
    wider = side.with_columns(sparse.csc_array((side.rows, len(keys))), none, one, none, keys)
    whole = np.concatenate([side.integer, np.ones(len(keys), dtype=np.bool_)])
    form = _Rows(horizon, replace(wider, integer=whole), side.columns).form()
    ends = np.cumsum([0, *(year.form.columns for year in years)]).tolist()
    where = {year: slice(*ends[i : i + 2]) for i, year in enumerate(horizon.years)}
    expressions = _expressions(horizon, years, where, form.columns)
    cost = _cost(horizon, expressions, starts, side.columns)
    return Portfolio(form, expressions, cost, horizon, where)


def _expressions(
    horizon: Horizon, years: Sequence[YearForm], where: Mapping[int, slice], columns: int
) -> dict[int, dict[str, LinearExpression]]:
    found: dict[int, dict[str, LinearExpression]] = {}
    for year, made in zip(horizon.years, years, strict=True):
        found[year] = {}
        for name, own in made.expressions.items():
            vector = np.zeros(columns)
            vector[where[year]] = own.vector
            found[year][name] = LinearExpression(vector, own.offset)
    return found


def _cost(
    horizon: Horizon,
    expressions: Mapping[int, Mapping[str, LinearExpression]],
    starts: Sequence[tuple[Candidate, int]],
    first: int,
) -> LinearExpression:
    whole = LinearExpression(np.zeros(len(next(iter(expressions.values()))["cost"].vector)))
    for year, own in expressions.items():
        whole = whole.plus(own["cost"], horizon.factor(year))
    vector = whole.vector.copy()
    for i, (candidate, begun) in enumerate(starts):
        vector[first + i] = horizon.net_cny(candidate, begun)
    return LinearExpression(vector, whole.offset)


@dataclass(frozen=True, eq=False)
class _Row:
    key: Key
    entries: tuple[tuple[int, float], ...]
    upper: float


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows between years and projects; ``first`` is the first column of the starts."""

    horizon: Horizon
    wider: MatrixForm
    first: int

    def form(self) -> MatrixForm:
        """The form with all of them."""
        rows = [*self._once(), *self._opened(), *self._budget(), *self._order()]
        where = [(i, column, value) for i, row in enumerate(rows) for column, value in row.entries]
        across, down, values = zip(*where, strict=True) if where else ((), (), ())
        shape = len(rows), self.wider.columns
        coefficients = sparse.csc_array((values, (across, down)), shape=shape, dtype=float)
        upper = [row.upper for row in rows]
        return self.wider.with_rows(
            coefficients, [-np.inf] * len(rows), upper, [row.key for row in rows]
        )

    def starts(self, candidate: Candidate) -> list[tuple[int, int]]:
        """(column, year) of every start of a project."""
        column = self.first
        for other in self.horizon.candidates:
            years = self.horizon.begins(other)
            if other is candidate:
                return [(column + i, year) for i, year in enumerate(years)]
            column += len(years)
        raise KeyError(candidate.name)

    def _once(self) -> Iterator[_Row]:
        for candidate in self.horizon.candidates:
            entries = tuple((column, 1.0) for column, _ in self.starts(candidate))
            yield _Row(("once", candidate.name), entries, 1.0)

    def _opened(self) -> Iterator[_Row]:
        for (year, link), columns in self._sent().items():
            most = self.horizon.most.get((year, link), 0.0)
            on = tuple(
                (column, -most * candidate.share(k, year))
                for candidate in self.horizon.candidates
                if link in candidate.links
                for column, k in self.starts(candidate)
                if candidate.share(k, year) > 0
            )
            flows = tuple((column, 1.0) for column in columns)
            yield _Row(("opened", (year, link)), flows + on, 0.0)

    def _sent(self) -> dict[tuple[int, str], list[int]]:
        """The columns of what each candidate link sends in each year, into all its uses."""
        built = {link for candidate in self.horizon.candidates for link in candidate.links}
        found: dict[tuple[int, str], list[int]] = {}
        for column, (name, index) in enumerate(self.wider.column_keys):
            if name == "sent":
                year, own = index
                link, _ = own[1] if isinstance(own[1], tuple) else own
                if link in built:
                    found.setdefault((int(year), link), []).append(column)
        return found

    def _budget(self) -> Iterator[_Row]:
        for year in self.horizon.years:
            entries = tuple(
                (column, candidate.cost_cny * candidate.paid(k, year))
                for candidate in self.horizon.candidates
                for column, k in self.starts(candidate)
                if candidate.paid(k, year) > 0
            )
            if entries:
                yield _Row(("budget", year), entries, self.horizon.budget_cny[year])

    def _order(self) -> Iterator[_Row]:
        known = {candidate.name: candidate for candidate in self.horizon.candidates}
        for one in self.horizon.candidates:
            for name in one.after:
                if name not in known:
                    continue
                other = known[name]
                for column, k in self.starts(one):
                    before = tuple((c, -1.0) for c, j in self.starts(other) if other.runs(j, k))
                    yield _Row(("after", (one.name, name, k)), ((column, 1.0), *before), 0.0)
            for name in one.excludes:
                if name in known:
                    pairs = (*self.starts(one), *self.starts(known[name]))
                    entries = tuple((column, 1.0) for column, _ in pairs)
                    yield _Row(("excludes", (one.name, name)), entries, 1.0)
