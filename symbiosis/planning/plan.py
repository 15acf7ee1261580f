"""Which projects, in which year: the best use of a yearly budget over the horizon of a scenario.

A candidate is a project that is not done and builds links that are not there yet. It is begun in
one size and one year or never, and opens its links from then on. The exchanges of every year are
those of the exchange model; links without a project stay shut. Capital is cash here, with what is
left of it at the end of the horizon; nothing is annualised.

By default the greatest rate in the last year within the budget, then the least discounted cost; or
the least discounted cost, which is the greatest net present value. Targets are kept where they can
be; those that cannot are said, with the closest plan and then the cheapest. Of several plans that
are as good, one with more waste used over the years is taken. What a plan does in each year is held
against the independent check like any other answer, and its money is counted anew.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from symbiosis.errors import InputError, Problem
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.financing import Financing
from symbiosis.planning.accounts import Accounts, accounts_of
from symbiosis.planning.aim import Aim, Missed, Target
from symbiosis.planning.choice import NEAR, Best, Choice
from symbiosis.planning.left_out import LeftOut, Reasons
from symbiosis.planning.model import Model
from symbiosis.planning.money import financing_of, money_of
from symbiosis.question import Answer, backend_for
from symbiosis.scenario import Scenario
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.horizon import Draw, Horizon, Start
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.portfolio import Portfolio
from symbiosis.solvers.status import Status
from symbiosis.solving import checked


@dataclass(frozen=True)
class YearOfPlan:
    """One year: the projects that run in it, what is paid for projects, and its exchanges."""

    year: int
    running: tuple[str, ...]
    paid_cny: float
    optimum: Optimum


@dataclass(frozen=True)
class Found:
    """How a plan was found; ``gap`` is the proven distance of the first aim."""

    status: Status
    gap: float | None
    solver: str
    solver_version: str
    options: Mapping[str, object]
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What is begun, who pays for it, and what every year comes to.

    ``unpriced`` are candidates without a stated cost: they are taken to cost nothing. ``penalty``
    is the discounted price of what is short of targets with a price; it is no part of the money.
    ``keeping_cny`` is the net present value that the targets cost, where that was asked for.
    """

    scenario: Scenario
    aim: Aim
    targets: tuple[Target, ...]
    financing: Financing | None
    horizon: Horizon
    starts: tuple[Start, ...]
    drawn: Mapping[Draw, float]
    years: tuple[YearOfPlan, ...]
    accounts: Accounts
    missed: tuple[Missed, ...]
    left_out: tuple[LeftOut, ...]
    unpriced: tuple[str, ...]
    penalty_cny: float
    keeping_cny: float | None
    found: Found

    @property
    def begun(self) -> dict[str, int]:
        """The year in which each project is begun."""
        return {start.candidate.name: start.year for start in self.starts}

    @property
    def sizes(self) -> dict[str, str]:
        """The size in which each is built."""
        return {start.candidate.name: start.size.name for start in self.starts}

    @property
    def npv_cny(self) -> float:
        """Against a horizon without projects, discounted to the start of the first year."""
        return self.accounts.npv_cny


def plan(
    scenario: Scenario,
    budget_cny: float | None = None,
    aim: Aim = Aim.UTILISATION,
    targets: Target | Sequence[Target] = (),
    solver: str = AUTO,
    options: SolveOptions | None = None,
    financing: Financing | None = None,
    reasons: bool = True,
) -> Plan:
    """The best plan within the money of each year.

    ``budget_cny`` is own money per year; the rest of the money, and own money where no budget is
    given, is that of ``financing``, by default of the scenario's. ``reasons=False`` leaves out why
    projects are not in it. Raises :class:`InputError` for a target outside the horizon, a budget
    below zero or none at all, a link of a project that nothing limits; :class:`NoAnswer` where the
    park has no answer in some year.
    """
    started = time.perf_counter()
    financing = financing or financing_of(scenario)
    every = (targets,) if isinstance(targets, Target) else tuple(targets)
    problems: list[Problem] = []
    money = None
    try:
        money = money_of(financing, budget_cny)
    except InputError as error:
        problems += error.problems
    years = Model.years_of(scenario)
    problems += [_outside(target, years) for target in every if target.by not in years]
    if problems or money is None:
        raise InputError(problems)
    model = Model(scenario, money, every, solver, options or SolveOptions())
    return _Planner(model, aim, financing, started).plan(reasons)


def _outside(target: Target, years: Sequence[int]) -> Problem:
    details = {"found": str(target.by), "allowed": f"{years[0]}..{years[-1]}"}
    return Problem("target_outside_horizon", key="--by", details=details)


@dataclass(frozen=True)
class _Planner:
    model: Model
    aim: Aim
    financing: Financing | None
    started: float

    def plan(self, reasons: bool) -> Plan:
        """The best plan, each of its years checked."""
        made, model = self.model.portfolio, self.model
        backend = backend_for(made.form, model.solver)
        choice = Choice(made, backend, model.options)
        towards = choice.towards(model.targets)
        form = towards.form
        best = choice.best(form, self.aim)
        best = best if towards.proven else replace(best, status=Status.FEASIBLE)
        begun, drawn = made.begun(best.x), made.drawn(best.x)
        nothing = choice.without_projects()
        years = tuple(self.year(made, year, best.x) for year in model.years)
        why = Reasons(choice, form, self.aim, best.x, begun)
        return Plan(
            scenario=model.scenario,
            aim=self.aim,
            targets=tuple(model.targets),
            financing=self.financing,
            horizon=made.horizon,
            starts=begun,
            drawn=drawn,
            years=years,
            accounts=accounts_of(made, begun, drawn, (best.x, nothing)),
            missed=self.missed(choice, years, towards.closest),
            left_out=why.all() if reasons else (),
            unpriced=model.unpriced,
            penalty_cny=made.penalty.value(best.x),
            keeping_cny=self.keeping(choice, form, best),
            found=self.found(choice, best),
        )

    def found(self, choice: Choice, best: Best) -> Found:
        """How it was found."""
        backend, options = choice.backend, choice.options
        told = {"gap": options.gap, "time_limit_s": options.time_limit_s}
        seconds = time.perf_counter() - self.started
        version = backend.version() or ""
        return Found(best.status, best.gap, backend.name, version, told, seconds)

    def year(self, made: Portfolio, year: int, x: Floats) -> YearOfPlan:
        """What a plan does in one year, checked."""
        begun = made.begun(x)
        running = tuple(s.candidate.name for s in begun if s.candidate.runs(s.year, year))
        paid = sum(made.horizon.due_cny(start, year) for start in begun)
        answer = Answer(made.in_year(x, year), (), None, Status.FEASIBLE, None)
        question = self.model.questions[year]
        return YearOfPlan(year, running, paid, checked(question, Goal.COST, answer, {}))

    def keeping(self, choice: Choice, form: MatrixForm, best: Best) -> float | None:
        """The net present value that keeping the targets costs, where money is the aim."""
        if self.aim is Aim.UTILISATION or form is choice.made.form:
            return None
        least, free = choice.made.least, choice.least(choice.made.form)
        if free.status is not Status.OPTIMAL:
            return None
        return max(0.0, least.value(best.x) - least.value(free.point))

    # --- targets

    def missed(
        self, choice: Choice, years: Sequence[YearOfPlan], closest: Mapping[int, float]
    ) -> tuple[Missed, ...]:
        """The targets that cannot be met, in the order of their years."""
        limits = [t for t in self.model.targets if t.price_cny_per_t is None]
        fails = [t for t in limits if any(self.fails(t, y, closest) for y in closest)]
        told = partial(self.miss, years)
        return tuple(
            told(target, len(limits) > 1 and self.alone(choice, target))
            for target in sorted(fails, key=lambda t: (t.by, t.rate))
        )

    @staticmethod
    def fails(target: Target, year: int, closest: Mapping[int, float]) -> bool:
        """Whether a year that comes no nearer than so much fails a target."""
        return year >= target.by and closest[year] < target.rate - NEAR

    @staticmethod
    def alone(choice: Choice, target: Target) -> bool:
        """Whether a target could be met if it were the only one."""
        return choice.possible(choice.keeping([target]))

    @staticmethod
    def miss(years: Sequence[YearOfPlan], target: Target, alone: bool) -> Missed:
        """How a plan fails a target."""
        rates = {year.year: year.optimum.rate for year in years}
        own = rates[target.by]
        closest = own.value or 0.0
        later = [y for y in rates if y >= target.by]
        failing = [y for y in later if (rates[y].value or 0.0) < target.rate - NEAR]
        kept_from = max(failing, default=target.by - 1) + 1
        return Missed(
            target=target,
            closest=closest,
            short_t=max(0.0, target.rate * own.denominator - own.numerator),
            kept_from=kept_from if kept_from <= later[-1] else None,
            alone=alone,
        )
