"""A scenario's years as one model, with its projects between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, isinf

from symbiosis.candidates import candidates_of, cost_of, lead_of
from symbiosis.errors import InputError, Problem
from symbiosis.exchange import ExchangeData
from symbiosis.park import change
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.park.project import ProjectStatus
from symbiosis.planning.aim import Target
from symbiosis.planning.money import Money
from symbiosis.question import Question
from symbiosis.reach import Reach
from symbiosis.scenario import Scenario
from symbiosis.seasons import Year, cut, whole_year
from symbiosis.slicing import slice_of
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.horizon import Candidate, Horizon, Shortfall, Size, Way
from symbiosis.solvers.portfolio import Portfolio, portfolio
from symbiosis.solving import ask

OVER = (ProjectStatus.DONE, ProjectStatus.SUPERSEDED)
"""What is not begun any more."""
WHOLE = "whole"
"""The size of a project that has no other."""


@dataclass(frozen=True)
class Model:
    """What a plan is chosen from: the years, what may be begun in them, what pays for it."""

    scenario: Scenario
    money: Money
    targets: Sequence[Target]
    solver: str
    options: SolveOptions

    @property
    def park(self) -> Park:
        """The park as the scenario changes it."""
        return self.scenario.park

    @staticmethod
    def years_of(scenario: Scenario) -> tuple[int, ...]:
        """The years of the horizon of a scenario."""
        start = scenario.park.start
        return tuple(range(start, start + max(1, round(scenario.park.horizon.amount))))

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the horizon."""
        return self.years_of(self.scenario)

    @cached_property
    def links(self) -> Mapping[str, tuple[str, ...]]:
        """The projects that may be begun, with the links that each would build.

        One without links is among them where another one waits for it.
        """
        found = dict(candidates_of(self.park, self.park.start))
        waiting = list(found)
        while waiting:
            for other in self.park.projects[waiting.pop()].after:
                if other not in found and self.park.projects[other].status not in OVER:
                    found[other] = ()
                    waiting.append(other)
        return found

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The same with their sizes, leads and lives."""
        return tuple(self._candidate(name, links) for name, links in self.links.items())

    def _candidate(self, name: str, links: tuple[str, ...]) -> Candidate:
        project, finance = self.park.projects[name], self.park.finance
        life = (project.life or finance.asset_life).amount
        return Candidate(
            name=name,
            sizes=self._sizes(name, links),
            lead=ceil(lead_of(project) - 1e-9),
            links=links,
            life=max(1, floor(life + 1e-9)),
            after=project.after,
            excludes=project.excludes,
            ramp=tuple(part.amount for part in project.ramp),
        )

    def _sizes(self, name: str, links: tuple[str, ...]) -> tuple[Size, ...]:
        stated = self.park.projects[name].sizes
        if not stated:
            return (Size(WHOLE, 1.0, cost_of(self.park, name, links) or 0.0),)
        return tuple(Size(one.id, one.share.amount, one.investment.amount) for one in stated)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Candidates whose cost is not stated; they are taken to cost nothing."""
        return tuple(
            name
            for name, links in self.links.items()
            if not self.park.projects[name].sizes and cost_of(self.park, name, links) is None
        )

    # --- the years

    @cached_property
    def opened_park(self) -> Park:
        """The park in which a plan decides when candidates' links exist, and pays for them."""
        park = self.park
        for link in self._built:
            park = change.with_link(park, link, status=Status.PLANNED, from_=None, investment=None)
        return park

    @cached_property
    def _built(self) -> frozenset[str]:
        return frozenset(link for links in self.links.values() for link in links)

    def _data(self, year: int) -> ExchangeData:
        """A year with what exists, and with the links of all candidates."""
        scenario, only = self.scenario, frozenset({Status.EXISTING})
        asked = self.opened_park, year, only, scenario.boundary, scenario.document
        return slice_of(*asked, self._built)

    @cached_property
    def every(self) -> Mapping[int, ExchangeData]:
        """Every year, with the links of all candidates in it."""
        return {year: self._data(year) for year in self.years}

    @cached_property
    def cuts(self) -> Mapping[int, Year]:
        """The same in the slices of the plan."""
        if not self.scenario.by_season:
            return {year: whole_year(data) for year, data in self.every.items()}
        return {year: cut(self.opened_park, data) for year, data in self.every.items()}

    @cached_property
    def questions(self) -> Mapping[int, Question]:
        """The same, compiled."""
        return {
            year: ask(self.opened_park, data, self.cuts[year], self.solver, self.options)
            for year, data in self.every.items()
        }

    @cached_property
    def portfolio(self) -> Portfolio:
        """The arrays of the horizon. Raises :class:`InputError` for a link without a limit."""
        horizon = Horizon(
            years=self.years,
            candidates=self.candidates,
            own_cny=dict.fromkeys(self.years, self.money.own_cny),
            most=dict(self._most()),
            discount_rate=self.park.finance.discount_rate.amount,
            capacity={
                (*place, link): float(slice_.link_capacity[link])
                for place, slice_ in self._slices()
                for link in self._built
                if link in slice_.link_capacity
            },
            carried_over=self.money.carried_over,
            instruments=self.money.instruments,
            shortfalls=tuple(
                Shortfall(target.rate, target.by, target.price_cny_per_t)
                for target in self.targets
                if target.price_cny_per_t is not None
            ),
        )
        return portfolio(horizon, [self.questions[year].compiled for year in self.years])

    def _slices(self) -> Iterator[tuple[tuple[int, str], ExchangeData]]:
        """Every slice of every year; one that is a whole year has no season."""
        for year, made in self.cuts.items():
            names = ("",) if made.single else made.names
            yield from zip(((year, name) for name in names), made.slices, strict=True)

    def _most(self) -> Iterator[tuple[Way, float]]:
        """The most that each candidate link can send in each slice.

        Where a heap feeds it nothing but the year may limit a season.
        """
        problems = []
        whole = {year: Reach(data) for year, data in self.every.items()}
        for place, slice_ in self._slices():
            reach = Reach(slice_)
            for link in dict.fromkeys(a.link for a in slice_.arcs if a.link in self._built):
                most = float(reach.of(link))
                most = float(whole[place[0]].of(link)) if isinf(most) else most
                if isinf(most):
                    problems.append(
                        Problem("link_without_limit", key=f"links.{link}", details={"found": link})
                    )
                yield (*place, link), most
        if problems:
            raise InputError(list(dict.fromkeys(problems)))
