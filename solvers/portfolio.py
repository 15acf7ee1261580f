"""Which projects in which year: the years of a horizon as one model, and when each project begins.

The arrays of every year stand side by side (:mod:`symbiosis.solvers.year`), each with the links of
all candidate projects in it. Between them, for projects p, their sizes s, the years k in which they
may begin, instruments i and years y:

Variables
    start[p, s, k]   1 where p is begun in size s in k
    draw[p, i, y]    CNY that i gives for p in y
    left[y]          CNY of own money not spent by the end of y, where it is carried over
    short[t, y]      tonnes of waste short of target t, where it has a price

Constraints
    once[p]          sum over s and k of start <= 1
    opened[y, t, l]  what link l sends in slice t of y <= sum over p, s and k of (the most that s of
                     p lets it send in t) x start[p, s, k], p being each project that builds l
    drawn[p, i, y]   draw <= share of i x what is paid for p in y
    parts[p, y]      sum over i of draw <= what is paid for p in y
    pool[i, y]       sum over p of draw <= what i has in y
    own[y]           what is paid in y and no instrument gives + what goes back in y + left[y]
                     <= own money of y + left[y - 1]
    short[t, y]      short + U >= rate of t x (G + U_old)
    after[p, q, k]   p is begun in k only if q runs in k
    excludes[p, q]   of p and q only one is begun

What a project and an instrument cost over the horizon: :mod:`symbiosis.solvers.horizon`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from scipy import sparse

from symbiosis.solvers.horizon import Candidate, Draw, Horizon, Start, Way
from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import Floats, LinearExpression, MatrixForm
from symbiosis.solvers.year import YearForm, side_by_side


@dataclass(frozen=True, eq=False)
class Portfolio:
    """The arrays of a horizon.

    ``expressions`` by year; ``cost`` is discounted over all, with projects and instruments;
    ``penalty`` the discounted price of what is short of targets.
    """

    form: MatrixForm
    expressions: Mapping[int, Mapping[str, LinearExpression]]
    cost: LinearExpression
    penalty: LinearExpression
    horizon: Horizon
    columns: Mapping[int, slice]
    places: "Places"

    @property
    def least(self) -> LinearExpression:
        """What is made least where money is asked for."""
        return self.cost.plus(self.penalty)

    def in_year(self, x: Floats, year: int) -> Floats:
        """The columns of one year."""
        return x[self.columns[year]]

    def begun(self, x: Floats) -> tuple[Start, ...]:
        """What is begun."""
        first = self.places.starts
        every = self.horizon.starts()
        return tuple(start for i, start in enumerate(every) if x[first + i] > 0.5)

    def drawn(self, x: Floats) -> dict[Draw, float]:
        """What the instruments give, in CNY."""
        first = self.places.draws
        found = {d: max(float(x[first + i]), 0.0) for i, d in enumerate(self.horizon.draws())}
        return {draw: cny for draw, cny in found.items() if cny > 0.0}


@dataclass(frozen=True)
class Places:
    """The first column of each kind behind the columns of the years."""

    starts: int
    draws: int
    left: int
    short: int
    end: int

    @classmethod
    def of(cls, horizon: Horizon, first: int) -> "Places":
        """Where they stand behind ``first`` columns."""
        sizes = (
            len(horizon.starts()),
            len(horizon.draws()),
            len(horizon.years) if horizon.carried_over else 0,
            sum(1 for _ in horizon.prices()),
        )
        return cls(*(int(n) for n in np.cumsum([first, *sizes])))


def portfolio(horizon: Horizon, years: Sequence[YearForm]) -> Portfolio:
    """The years of a horizon with the choice of projects, and of who pays, between them."""
    side = side_by_side([str(y) for y in horizon.years], [year.form for year in years])
    places = Places.of(horizon, side.columns)
    wider = _wider(horizon, side, places)
    ends = np.cumsum([0, *(year.form.columns for year in years)]).tolist()
    where = {year: slice(*ends[i : i + 2]) for i, year in enumerate(horizon.years)}
    expressions = _expressions(horizon, years, where, wider.columns)
    form = _Rows(horizon, wider, places).form()
    for i, (number, target, year) in enumerate(horizon.prices()):
        short = np.zeros(form.columns)
        short[places.short + i] = 1.0
        above = expressions[year]["utilised"].plus(expressions[year]["generated"], -target.rate)
        row = LinearExpression(short).plus(above)
        form = form.with_row(row, 0.0, inf, ("short", (number, year)))
    cost = _cost(horizon, expressions, places)
    return Portfolio(form, expressions, cost, _penalty(horizon, places), horizon, where, places)


def _wider(horizon: Horizon, side: MatrixForm, places: Places) -> MatrixForm:
    """The years with the columns of the choice behind them."""
    keys: list[Key] = [("start", (s.candidate.name, s.size.name, s.year)) for s in horizon.starts()]
    keys += [("draw", (d.project, d.instrument.name, d.year)) for d in horizon.draws()]
    keys += [("left", year) for year in horizon.years if horizon.carried_over]
    keys += [("short", (number, year)) for number, _, year in horizon.prices()]
    more = len(keys)
    whole = np.arange(more) < places.draws - places.starts
    upper = np.where(whole, 1.0, inf)
    none = np.zeros(more)
    wider = side.with_columns(sparse.csc_array((side.rows, more)), none, upper, none, keys)
    return replace(wider, integer=np.concatenate([side.integer, whole]))


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
    horizon: Horizon, expressions: Mapping[int, Mapping[str, LinearExpression]], places: Places
) -> LinearExpression:
    whole = LinearExpression(np.zeros(places.end))
    for year, own in expressions.items():
        whole = whole.plus(own["cost"], horizon.factor(year))
    vector = whole.vector.copy()
    vector[places.starts : places.draws] = [horizon.net_cny(s) for s in horizon.starts()]
    vector[places.draws : places.left] = [horizon.drawn_net_cny(d) for d in horizon.draws()]
    return LinearExpression(vector, whole.offset)


def _penalty(horizon: Horizon, places: Places) -> LinearExpression:
    vector = np.zeros(places.end)
    prices = [target.cny_per_t * horizon.factor(year) for _, target, year in horizon.prices()]
    vector[places.short :] = prices
    return LinearExpression(vector)


@dataclass(frozen=True, eq=False)
class _Row:
    key: Key
    entries: tuple[tuple[int, float], ...]
    upper: float


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows between years, projects and instruments."""

    horizon: Horizon
    wider: MatrixForm
    places: Places

    def form(self) -> MatrixForm:
        """The form with all of them."""
        families = self._once(), self._opened(), self._helped(), self._own(), self._order()
        rows = [row for family in families for row in family if row.entries]
        where = [(i, column, value) for i, row in enumerate(rows) for column, value in row.entries]
        across, down, values = zip(*where, strict=True) if where else ((), (), ())
        shape = len(rows), self.wider.columns
        coefficients = sparse.csc_array((values, (across, down)), shape=shape, dtype=float)
        upper = [row.upper for row in rows]
        return self.wider.with_rows(
            coefficients, [-np.inf] * len(rows), upper, [row.key for row in rows]
        )

    def starts(self, candidate: Candidate | None = None) -> list[tuple[int, Start]]:
        """Column and start, of one project or of all."""
        every = enumerate(self.horizon.starts(), self.places.starts)
        return [(i, s) for i, s in every if candidate is None or s.candidate is candidate]

    def draws(self) -> list[tuple[int, Draw]]:
        """Column and draw of all."""
        return list(enumerate(self.horizon.draws(), self.places.draws))

    def _once(self) -> Iterator[_Row]:
        for candidate in self.horizon.candidates:
            entries = tuple((column, 1.0) for column, _ in self.starts(candidate))
            yield _Row(("once", candidate.name), entries, 1.0)

    def _opened(self) -> Iterator[_Row]:
        builds: dict[str, list[tuple[int, Start]]] = {}
        for column, start in self.starts():
            for link in start.candidate.links:
                builds.setdefault(link, []).append((column, start))
        for way, columns in self._sent().items():
            sends = [(c, self.horizon.sends(s, way)) for c, s in builds.get(way[2], [])]
            on = tuple((column, -most) for column, most in sends if most > 0)
            flows = tuple((column, 1.0) for column in columns)
            yield _Row(("opened", way), flows + on, 0.0)

    def _sent(self) -> dict[Way, list[int]]:
        """The columns of what each candidate link sends in each slice, into all its uses."""
        built = {link for candidate in self.horizon.candidates for link in candidate.links}
        found: dict[Way, list[int]] = {}
        for column, (name, index) in enumerate(self.wider.column_keys):
            if name == "sent":
                year, own = index
                season, (link, _) = own if isinstance(own[1], tuple) else ("", own)
                if link in built:
                    found.setdefault((int(year), season, link), []).append(column)
        return found

    def _helped(self) -> Iterator[_Row]:
        """What instruments may give, to each project and in all."""
        known = {candidate.name: candidate for candidate in self.horizon.candidates}
        together: dict[tuple[str, int], list[int]] = {}
        pools: dict[tuple[str, int], tuple[float, list[int]]] = {}
        for column, draw in self.draws():
            own = self.starts(known[draw.project])
            paid = tuple(
                (c, -draw.instrument.share * self.horizon.helped_cny(s, draw)) for c, s in own
            )
            key = draw.project, draw.instrument.name, draw.year
            entries = tuple(entry for entry in paid if entry[1])
            yield _Row(("drawn", key), ((column, 1.0), *entries), 0.0)
            together.setdefault((draw.project, draw.year), []).append(column)
            pool = draw.instrument.name, draw.year
            pools.setdefault(pool, (draw.instrument.each_year_cny, []))[1].append(column)
        for (project, year), columns in together.items():
            own = self.starts(known[project])
            due = ((c, -self.horizon.due_cny(s, year)) for c, s in own)
            entries = (*((c, 1.0) for c in columns), *(entry for entry in due if entry[1]))
            yield _Row(("parts", (project, year)), entries, 0.0)
        for (name, year), (most, columns) in pools.items():
            if most < inf:
                yield _Row(("pool", (name, year)), tuple((c, 1.0) for c in columns), most)

    def _own(self) -> Iterator[_Row]:
        """Own money of each year; what no instrument gives, and what goes back, comes out of it."""
        for i, year in enumerate(self.horizon.years):
            if self.horizon.own_cny[year] == inf:
                continue
            due = ((c, self.horizon.due_cny(s, year)) for c, s in self.starts())
            given = (
                (c, d.instrument.repaid(year - d.year) - (d.year == year)) for c, d in self.draws()
            )
            left = self.places.left + i
            kept = (
                ((left, 1.0), (left - 1, -1.0 if i else 0.0)) if self.horizon.carried_over else ()
            )
            entries = tuple(entry for entry in (*due, *given, *kept) if entry[1])
            yield _Row(("own", year), entries, self.horizon.own_cny[year])

    def _order(self) -> Iterator[_Row]:
        known = {candidate.name: candidate for candidate in self.horizon.candidates}
        for one in self.horizon.candidates:
            for name in one.after:
                if name in known:
                    yield from self._after(one, known[name])
            for name in one.excludes:
                if name in known:
                    pairs = (*self.starts(one), *self.starts(known[name]))
                    entries = tuple((column, 1.0) for column, _ in pairs)
                    yield _Row(("excludes", (one.name, name)), entries, 1.0)

    def _after(self, one: Candidate, other: Candidate) -> Iterator[_Row]:
        for year in self.horizon.begins(one):
            own = tuple((c, 1.0) for c, s in self.starts(one) if s.year == year)
            runs = tuple((c, -1.0) for c, s in self.starts(other) if other.runs(s.year, year))
            yield _Row(("after", (one.name, other.name, year)), (*own, *runs), 0.0)
