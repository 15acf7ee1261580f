"""The figures of a park in any state of its retrofit.

A state says how much of each project runs, at what part of its load each unit can run, and by which
factor each path has moved what it moves. The figures of a slice follow in proportion: those of the
park as it is, plus for each driver what it moves times how far it stands from one. That they do so
is tested once, with all drivers moved at once; what does not follow in proportion is refused.

The links that projects build are in every slice, with a limit: the share that runs of what the link
can send, or no limit where all of it runs and the park file states none.
"""

from calendar import month_name
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from symbiosis.errors import InputError, Problem
from symbiosis.exchange import ExchangeData
from symbiosis.figures import Path, figures, structure
from symbiosis.outputs import with_outputs
from symbiosis.park import change
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.park.season import Hours, Season
from symbiosis.reach import Reach
from symbiosis.retrofit.block import Retrofit
from symbiosis.retrofit.calendar import LENGTHS_D
from symbiosis.seasons import BY_TIME, Floats, Year, cut
from symbiosis.slicing import slice_of
from symbiosis.targets import outputs_named

HALF = 0.5
"""How far a driver is moved to see what it moves."""
FREE = 1e3
"""A link that runs whole and has no limit of its own may send this times what it could."""
ROUNDING = 1e-9
REACHED = {
    ("deals.terms", "most"),
    ("quality.contents", "most_in"),
    ("quality.contents", "most_needed"),
}
ROOM = 4.0
"""How much further than it could a switched link or a content rule is let reach: what is no limit
of the park has to hold at every level of every driver."""
NO_LIMIT = 1e30
"""What stands for no limit while the most that a link can send is worked out."""
UNLIMITED = 1e20
"""What is more than this came of it."""

Move = Callable[[Park, float], Park]
"""A park with one driver at another level."""


@dataclass(frozen=True)
class State:
    """How much runs: shares of projects, levels of drivers (1 = as the park file says)."""

    shares: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class YearOfStates:
    """The figures of one year in every state.

    ``year`` has the links of all projects in it. ``values`` are its figures, ``moves`` by driver
    what they change for each unit of its level: slices x ``paths``. ``limits`` is what each
    project's link can send in each slice once it runs whole: its capacity, where the park file
    states one (``stated``), else the most that it could come to.
    """

    year: Year
    paths: tuple[Path, ...]
    values: Floats
    moves: Mapping[str, Floats]
    limits: Mapping[str, Floats]
    stated: frozenset[str]
    builders: Mapping[str, tuple[str, ...]]

    def figures(self, i: int, state: State, part: float = 1.0) -> Floats:
        """The figures of slice ``i`` in a state, over a part of its time."""
        found = self.values[i].copy()
        for driver, level in state.levels.items():
            if level != 1.0:
                found += (level - 1.0) * self.moves[driver][i]
        for place, link, most in self._limited:
            share = self._share(link, state)
            found[place] = most[i] * (
                FREE if share >= 1.0 and link not in self.stated else min(share, 1.0)
            )
        return np.asarray(found * np.where(self._by_time, part, 1.0)) if part != 1.0 else found

    def _share(self, link: str, state: State) -> float:
        return sum(state.shares.get(project, 0.0) for project in self.builders[link])

    @cached_property
    def _limited(self) -> list[tuple[int, str, Floats]]:
        places = {path: i for i, path in enumerate(self.paths)}
        return [(places[_limit(link)], link, most) for link, most in self.limits.items()]

    @cached_property
    def _by_time(self) -> Floats:
        """Which figures are amounts of a time, and not prices, shares or ratios."""
        return np.array([(path[0], path[2]) in BY_TIME for path in self.paths])


def states_of(retrofit: Retrofit, drivers: Mapping[str, Move]) -> dict[int, YearOfStates]:
    """The figures of every year of a retrofit.

    Raises :class:`InputError` for a link without any limit, and for a driver that figures do not
    follow in proportion.
    """
    return _States(retrofit, drivers).all()


@dataclass(frozen=True)
class _States:
    retrofit: Retrofit
    drivers: Mapping[str, Move]

    def all(self) -> dict[int, YearOfStates]:
        """Year by year."""
        found = {year: self._year(year) for year in self.years}
        self._check_proportion(self.years[0], found[self.years[0]])
        return found

    @property
    def years(self) -> tuple[int, ...]:
        """Every year that a run touches."""
        schedule = self.retrofit.schedule
        first = schedule.calendar.year(0.0)
        last = schedule.calendar.year(schedule.horizon_d - 1e-6)
        return tuple(range(first, last + 1))

    @cached_property
    def builders(self) -> dict[str, tuple[str, ...]]:
        """The projects that build each link."""
        found: dict[str, tuple[str, ...]] = {}
        for project, links in self.retrofit.builds.items():
            for link in links:
                found[link] = (*found.get(link, ()), project)
        return found

    @cached_property
    def park(self) -> Park:
        """The park in which projects decide when their links run, and pay for them."""
        park = by_month(self.retrofit.scenario.park)
        for link in self.builders:
            park = change.with_link(park, link, status=Status.PLANNED, from_=None, investment=None)
        return park

    def _cut(self, park: Park, year: int) -> Year:
        """A year with what exists in it, and with the links of all projects."""
        asked = self.retrofit.scenario
        only, links = frozenset({Status.EXISTING}), frozenset(self.builders)
        data = slice_of(park, year, only, asked.boundary, asked.document, links)
        data = with_outputs(park, data, outputs_named(self.retrofit.goals))
        return _paid_by_time(cut(park, _limited(data, self.builders)), data)

    def _year(self, year: int) -> YearOfStates:
        made = self._cut(self.park, year)
        known = figures(made.data)
        limits = dict(self._limits(made))
        moved = {driver: self._moved(made, driver, year) for driver in self.drivers}
        paths = [
            path
            for path in known
            if path in made.courses
            or any(path in moves for moves in moved.values())
            or (path[0] == "link_capacity" and path[1] in limits)
        ]
        slices = len(made.names)
        roomy = [ROOM if (path[0], path[2]) in REACHED else 1.0 for path in paths]
        values = _stacked([_at(made, known, path) for path in paths], slices) * roomy
        moves = {
            driver: _stacked([m.get(path, np.zeros(slices)) for path in paths], slices)
            for driver, m in moved.items()
        }
        return YearOfStates(made, tuple(paths), values, moves, limits, self.stated, self.builders)

    @cached_property
    def stated(self) -> frozenset[str]:
        """The projects' links whose capacity the park file states."""
        links = self.retrofit.scenario.park.links
        return frozenset(link for link in self.builders if links[link].capacity is not None)

    def _limits(self, made: Year) -> Iterable[tuple[str, Floats]]:
        """The most that each project's link can send in each slice.

        Where a heap feeds it nothing but the year may limit a slice.
        """
        problems = []
        reaches = [Reach(data) for data in made.slices]
        whole = Reach(replace(made.data, stored=frozenset()))
        there = {arc.link for arc in made.data.arcs}
        for link in self.builders:
            if link not in there:
                continue
            if link in self.stated:
                yield link, np.asarray(made.courses[_limit(link)], dtype=float)
                continue
            most = np.array([float(reach.of(link)) for reach in reaches])
            most = np.where(most > UNLIMITED, float(whole.of(link)), most)
            if (most > UNLIMITED).any():
                problems.append(
                    Problem("link_without_limit", key=f"links.{link}", details={"found": link})
                )
            yield link, most
        if problems:
            raise InputError(problems)

    def _moved(self, made: Year, driver: str, year: int) -> dict[Path, Floats]:
        """What a driver moves for each unit of its level, by path."""
        other = self._cut(self.drivers[driver](self.park, HALF), year)
        if structure(other.data) != structure(made.data):
            raise InputError([Problem("driver_not_proportional", details={"found": driver})])
        known, halved = figures(made.data), figures(other.data)
        found = {}
        for path in known:
            if (path[0], path[2]) in REACHED:
                continue
            more = (_at(made, known, path) - _at(other, halved, path)) / (1.0 - HALF)
            if np.any(more):
                found[path] = more
        return found

    def _check_proportion(self, year: int, made: YearOfStates) -> None:
        """That the figures of all drivers moved at once are those that were put together."""
        levels = {driver: 0.35 + 0.5 / (i + 2) for i, driver in enumerate(self.drivers)}
        park = self.park
        for driver, level in levels.items():
            park = self.drivers[driver](park, level)
        other = self._cut(park, year)
        known = figures(other.data)
        for i in range(len(made.year.names)):
            found = made.figures(i, State(dict.fromkeys(self.retrofit.builds, 1.0), levels))
            for place, path in enumerate(made.paths):
                if path[:2] in {("link_capacity", link) for link in made.limits}:
                    continue
                if (path[0], path[2]) in REACHED:
                    continue
                real = float(_at(other, known, path)[i])
                if abs(found[place] - real) > ROUNDING * max(1.0, abs(real)):
                    named = ", ".join(d for d in levels if np.any(made.moves[d][:, place]))
                    raise InputError([Problem("driver_not_proportional", details={"found": named})])


def _paid_by_time(year: Year, data: ExchangeData) -> Year:
    """What links pay once in a year falls on the slices in which they run, by their hours."""
    if not year.charges:
        return year
    part = np.array(year.hours) / sum(year.hours)
    courses = dict(year.courses)
    for link, terms in data.deals.terms.items():
        for name in ("fixed_cny", "capital_cny"):
            if whole := getattr(terms, name):
                courses["deals.terms", link, name] = whole * part
    paid = data.deals.terms
    kept = {
        link: replace(own, fixed_cny=paid[link].fixed_cny, capital_cny=paid[link].capital_cny)
        for link, own in year.data.deals.terms.items()
    }
    deals = replace(year.data.deals, terms=kept)
    return replace(year, data=replace(year.data, deals=deals), courses=courses, charges={})


def _stacked(columns: list[Floats], slices: int) -> Floats:
    """Slices x figures; a park may have no figures at all."""
    return np.column_stack(columns) if columns else np.zeros((slices, 0))


def _limit(link: str) -> Path:
    return "link_capacity", link, ""


def _limited(data: ExchangeData, links: Iterable[str]) -> ExchangeData:
    """The slice with a limit on every link of ``links`` that it has, in their order."""
    there = {arc.link for arc in data.arcs}
    added = {k: NO_LIMIT for k in links if k in there and k not in data.link_capacity}
    return replace(data, link_capacity=dict(data.link_capacity) | added)


def _at(year: Year, known: Mapping[Path, float], path: Path) -> Floats:
    """A figure over the slices."""
    if path in year.courses:
        return np.asarray(year.courses[path], dtype=float)
    return np.full(len(year.names), known[path])


def by_month(park: Park) -> Park:
    """The park, with twelve months where it has no seasons of its own."""
    if len(park.seasons) > 1:
        return park
    profiles = {
        name: profile.model_copy(
            update={"values": dict.fromkeys(MONTHS, next(iter(profile.values.values())))}
        )
        for name, profile in park.profiles.items()
    }
    return change.rebuilt(park, seasons=MONTHS, profiles=profiles)


MONTHS = {
    f"m{i:02}": Season(name_zh=f"{i}月", name_en=name, hours=Hours(value=f"{days * 24} h"))
    for i, (name, days) in enumerate(zip(month_name[1:], LENGTHS_D, strict=True), 1)
}
"""The months of a park that has no seasons of its own."""
