"""Which projects, in which year: the best use of a yearly budget over the horizon of a scenario.

A candidate is a project that is not done and builds links that are not there yet. It is begun in
one year or never, paid in equal parts over its lead, and opens its links from then on. The
exchanges of every year are those of the exchange model; links without a project stay shut. Capital
is cash here, with what is left of it at the end of the horizon; nothing is annualised.

By default the greatest rate in the last year within the budget, then the least discounted cost; or
the least discounted cost, which is the greatest net present value, with a rate to reach if one is
asked for. Of several plans that are as good, one with more waste used over the years is taken. A
rate that cannot be reached is said, with the closest plan and then the cheapest. What a plan does
in each year is held against the independent check like any other answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, inf, isinf

import numpy as np

from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.exchange import ExchangeData
from symbiosis.optimum import Goal, Optimum
from symbiosis.park import change
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.park.project import Project, ProjectStatus
from symbiosis.park.years import status_in
from symbiosis.question import GIVE_UP, Answer, Question, backend_for
from symbiosis.reach import Reach
from symbiosis.scenario import Scenario
from symbiosis.seasons import cut, whole_year
from symbiosis.slicing import slice_of
from symbiosis.solvers.backend import Backend, SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.portfolio import Candidate, Horizon, Portfolio, portfolio
from symbiosis.solvers.ratio import least_cost_at_ratio, maximise_ratio
from symbiosis.solvers.status import Status as SolverStatus
from symbiosis.solving import ask, checked

LEAD = 1
"""Years from a project's first money until it runs, where the park file states none."""


class Aim(StrEnum):
    """What a plan is made for."""

    UTILISATION = "utilisation"
    NPV = "npv"
    COST = "cost"


@dataclass(frozen=True)
class Target:
    """A rate (a fraction) to be reached in a year, and from then on kept."""

    rate: float
    by: int


@dataclass(frozen=True)
class YearOfPlan:
    """One year: the projects that run in it, what is paid for projects, and its exchanges."""

    year: int
    running: tuple[str, ...]
    paid_cny: float
    optimum: Optimum


@dataclass(frozen=True)
class Plan:
    """The projects and the year in which each is begun, and what every year comes to.

    ``npv_cny`` is against a horizon without projects, discounted to the start of the first year.
    ``missed`` is the target if it cannot be reached. ``unpriced`` are candidates without a stated
    cost: they are taken to cost nothing. ``gap`` is the proven distance of the first aim.
    """

    begun: Mapping[str, int]
    years: tuple[YearOfPlan, ...]
    npv_cny: float
    missed: Target | None
    unpriced: tuple[str, ...]
    status: SolverStatus
    gap: float | None


def plan(
    scenario: Scenario,
    budget_cny: float,
    aim: Aim = Aim.UTILISATION,
    target: Target | None = None,
    solver: str = AUTO,
    options: SolveOptions | None = None,
) -> Plan:
    """The best plan within ``budget_cny`` per year.

    Raises :class:`InputError` for a target outside the horizon, a budget below zero, or a link of a
    project that nothing limits; :class:`NoAnswer` where the park has no answer in some year.
    """
    planner = _Planner(scenario, budget_cny, solver, options or SolveOptions())
    planner.check(target)
    return planner.plan(aim, target)


def candidates_of(park: Park, year: int) -> dict[str, tuple[str, ...]]:
    """The projects that may be begun, with the links that each would build."""
    found = {}
    for name, project in park.projects.items():
        if project.status in (ProjectStatus.DONE, ProjectStatus.SUPERSEDED):
            continue
        links = tuple(link for link in _built_by(park, name, project) if _shut(park, link, year))
        if links:
            found[name] = links
    return found


def _built_by(park: Park, name: str, project: Project) -> list[str]:
    named = [link for link, noun in park.links.items() if noun.project == name]
    return list(dict.fromkeys([*named, *project.links]))


def _shut(park: Park, link: str, year: int) -> bool:
    return status_in(park.links[link], year) is not Status.EXISTING


def cost_of(park: Park, name: str, links: tuple[str, ...]) -> float | None:
    """What a project costs in CNY: its own figure, or those of its links; None without any."""
    stated = park.projects[name].investment
    if stated is not None:
        return float(stated.amount)
    parts = [park.links[link].investment for link in links]
    known = [part.amount for part in parts if part is not None]
    return float(sum(known)) if known else None


@dataclass(frozen=True)
class _Planner:
    scenario: Scenario
    budget_cny: float
    solver: str
    options: SolveOptions

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the horizon."""
        start = self.scenario.park.start
        return tuple(range(start, start + max(1, round(self.scenario.park.horizon.amount))))

    def check(self, target: Target | None) -> None:
        """Raise :class:`InputError` for a question that cannot be meant."""
        problems = []
        if self.budget_cny < 0:
            details = {"found": f"{self.budget_cny:g}"}
            problems.append(Problem("budget_negative", key="--budget", details=details))
        if target is not None and target.by not in self.years:
            allowed = f"{self.years[0]}..{self.years[-1]}"
            details = {"found": str(target.by), "allowed": allowed}
            problems.append(Problem("target_outside_horizon", key="--by", details=details))
        if problems:
            raise InputError(problems)

    # --- the model

    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates with their costs and leads."""
        park = self.scenario.park
        return tuple(
            Candidate(
                name=name,
                cost_cny=cost_of(park, name, links) or 0.0,
                lead=self.lead(park.projects[name]),
                links=links,
                after=park.projects[name].after,
                excludes=park.projects[name].excludes,
                ramp=tuple(part.amount for part in park.projects[name].ramp),
            )
            for name, links in candidates_of(park, park.start).items()
        )

    @staticmethod
    def lead(project: Project) -> int:
        """Whole years until a project runs; part of one is one."""
        return LEAD if project.lead is None else ceil(project.lead.amount - 1e-9)

    def opened_park(self, candidates: tuple[Candidate, ...]) -> Park:
        """The park in which a plan decides when candidates' links exist, and pays for them."""
        park = self.scenario.park
        for link in {link for candidate in candidates for link in candidate.links}:
            park = change.with_link(park, link, status=Status.PLANNED, from_=None, investment=None)
        return park

    def data(self, park: Park, year: int, links: frozenset[str]) -> ExchangeData:
        """A year with what exists, and with some of the candidates' links."""
        only = frozenset({Status.EXISTING})
        return slice_of(park, year, only, self.scenario.boundary, self.scenario.document, links)

    def questions(self, candidates: tuple[Candidate, ...]) -> dict[int, Question]:
        """Every year, compiled, with the links of all candidates in it."""
        park = self.opened_park(candidates)
        links = frozenset(link for candidate in candidates for link in candidate.links)
        found = {}
        for year in self.years:
            data = self.data(park, year, links)
            seasons = cut(park, data) if self.scenario.by_season else whole_year(data)
            found[year] = ask(park, data, seasons, self.solver, self.options)
        return found

    def portfolio(
        self, candidates: tuple[Candidate, ...], questions: Mapping[int, Question]
    ) -> Portfolio:
        """The arrays of the horizon."""
        links = frozenset(link for candidate in candidates for link in candidate.links)
        every = {year: question.data for year, question in questions.items()}
        finance = self.scenario.park.finance
        horizon = Horizon(
            years=self.years,
            candidates=candidates,
            budget_cny=dict.fromkeys(self.years, self.budget_cny),
            most=dict(self.most(every, links)),
            discount_rate=finance.discount_rate.amount,
            life=finance.asset_life.amount,
        )
        return portfolio(horizon, [questions[year].compiled for year in self.years])

    @staticmethod
    def most(
        every: Mapping[int, ExchangeData], links: frozenset[str]
    ) -> Iterator[tuple[tuple[int, str], float]]:
        """The most that each candidate link can send in each year."""
        problems = []
        for year, data in every.items():
            reach = Reach(data)
            for link in dict.fromkeys(arc.link for arc in data.arcs if arc.link in links):
                most = float(reach.of(link))
                if isinf(most):
                    details = {"found": link}
                    problems.append(
                        Problem("link_without_limit", key=f"links.{link}", details=details)
                    )
                yield (year, link), most
        if problems:
            raise InputError(list(dict.fromkeys(problems)))

    # --- the answer

    def plan(self, aim: Aim, target: Target | None) -> Plan:
        """The best plan, each of its years checked."""
        candidates = self.candidates()
        questions = self.questions(candidates)
        made = self.portfolio(candidates, questions)
        solved = _Solved(made, backend_for(made.form, self.solver), self.options)
        reached, missed = solved.towards(target)
        x, status, gap = solved.best(reached, aim)
        begun = made.begun(x)
        nothing = solved.without_projects()
        return Plan(
            begun=begun,
            years=tuple(self.year(made, questions[year], year, x) for year in self.years),
            npv_cny=made.cost.value(nothing) - made.cost.value(x),
            missed=missed,
            unpriced=self.unpriced(),
            status=status,
            gap=gap,
        )

    def unpriced(self) -> tuple[str, ...]:
        """Candidates whose cost is not stated."""
        park = self.scenario.park
        found = candidates_of(park, park.start)
        return tuple(n for n, links in found.items() if cost_of(park, n, links) is None)

    def year(self, made: Portfolio, question: Question, year: int, x: Floats) -> YearOfPlan:
        """What a plan does in one year, checked."""
        begun = made.begun(x)
        chosen = [c for c in made.horizon.candidates if c.name in begun]
        running = tuple(c.name for c in chosen if c.runs(begun[c.name], year))
        paid = sum(c.cost_cny * c.paid(begun[c.name], year) for c in chosen)
        answer = Answer(made.in_year(x, year), (), None, SolverStatus.FEASIBLE, None)
        return YearOfPlan(year, running, paid, checked(question, Goal.COST, answer, {}))


@dataclass(frozen=True)
class _Solved:
    """Questions about one portfolio."""

    made: Portfolio
    backend: Backend
    options: SolveOptions

    def towards(self, target: Target | None) -> tuple[MatrixForm, Target | None]:
        """The form in which the target is kept; or, missed, the closest that can be reached."""
        if target is None:
            return self.made.form, None
        years = [year for year in self.made.horizon.years if year >= target.by]
        held = self.held(self.made.form, years, target.rate)
        nothing = held.with_cost(self.made.cost.vector * 0.0)
        status = self.backend.solve(nothing, self.options).status
        if status.answered:
            return held, None
        if status is not SolverStatus.INFEASIBLE:
            raise self.no_answer(status)
        named = self.made.expressions[target.by]
        best = maximise_ratio(
            self.made.form, named["utilised"], named["generated"], self.backend, self.options
        )
        if best.ratio is None:
            raise self.no_answer(best.status)
        return self.held(self.made.form, [target.by], best.ratio), target

    def held(self, form: MatrixForm, years: list[int], rate: float) -> MatrixForm:
        """The form with a rate at least kept in some years."""
        for year in years:
            named = self.made.expressions[year]
            above = named["utilised"].plus(named["generated"], GIVE_UP - rate)
            form = form.with_row(above, 0.0, inf, ("target", year))
        return form

    def best(self, form: MatrixForm, aim: Aim) -> tuple[Floats, SolverStatus, float | None]:
        """The best point of an aim, and how far that is proven."""
        cost = self.made.cost
        if aim is not Aim.UTILISATION:
            found = self.backend.solve(form.with_objective(cost), self.options)
            if not found.status.answered:
                raise self.no_answer(found.status)
            return self.most_used(form, found.point), found.status, found.gap
        named = self.made.expressions[self.made.horizon.years[-1]]
        asked = form, named["utilised"], named["generated"]
        best = maximise_ratio(*asked, self.backend, self.options)
        if best.ratio is None or best.x is None:
            raise self.no_answer(best.status)
        cheapest = least_cost_at_ratio(
            *asked, best.ratio, cost, self.backend, self.options, GIVE_UP
        ).solution
        gap = best.upper - best.ratio
        if not cheapest.status.answered:
            return best.x, SolverStatus.FEASIBLE, gap
        kept = self.held(form, [self.made.horizon.years[-1]], best.ratio)
        return self.most_used(kept, cheapest.point), cheapest.status, gap

    def most_used(self, form: MatrixForm, x: Floats) -> Floats:
        """A point that costs no more than ``x`` and begins the same, with the most waste used.

        What passed a unit and then found a taker counts as far as somebody asks for it.
        """
        cost, starts = self.made.cost, [key[0] == "start" for key in form.column_keys]
        begun = np.where(starts, np.rint(x), 0.0)
        lower = np.where(starts, begun, form.column_lower)
        upper = np.where(starts, begun, form.column_upper)
        sums = float(abs(cost.vector) @ abs(x))
        held = form.with_column_bounds(lower, upper).with_row(
            cost, -inf, cost.value(x) + GIVE_UP * sums, ("cost", ("held",))
        )
        used = [named["utilised"] for named in self.made.expressions.values()]
        whole = used[0].scaled(-1.0)
        for one in used[1:]:
            whole = whole.plus(one, -1.0)
        found = self.backend.solve(held.with_objective(whole), self.options)
        return found.point if found.status.answered else x

    def without_projects(self) -> Floats:
        """The least-cost point in which nothing is begun."""
        form = self.made.form
        shut = [key[0] == "start" for key in form.column_keys]
        upper = form.column_upper.copy()
        upper[shut] = 0.0
        idle = form.with_column_bounds(form.column_lower, upper).with_objective(self.made.cost)
        found = self.backend.solve(idle, self.options)
        if not found.status.answered:
            raise self.no_answer(found.status)
        return found.point

    def no_answer(self, status: SolverStatus) -> NoAnswer:
        """That the park has none in some year."""
        return NoAnswer([Problem(f"status_{status.value}", details={})])
