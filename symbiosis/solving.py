"""Optima of a slice, a year, a park: formulation, arrays, answer, independent check."""

import time
from collections.abc import Iterable, Mapping

from symbiosis.exchange import ExchangeData
from symbiosis.optimum import Goal, Optimum
from symbiosis.park.link import Status as LinkStatus
from symbiosis.park.park import Park
from symbiosis.question import ORDER, Answer, Question, backend_for
from symbiosis.seasons import Year, whole_year
from symbiosis.slicing import ALL_OPEN, slice_of
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.extended import Extend, extended_form
from symbiosis.solvers.patterns import Patterns, Prepared
from symbiosis.solvers.year import year_form
from symbiosis.verify import Claim, verify


def optimise_slice(
    park: Park,
    data: ExchangeData,
    goal: Goal = Goal.UTILISATION,
    solver: str = AUTO,
    options: SolveOptions | None = None,
) -> Optimum:
    """The optimum of one slice; see :func:`optimise_year`."""
    return optimise_year(park, data, whole_year(data), goal, solver, options)


def optimise_year(
    park: Park,
    data: ExchangeData,
    year: Year,
    goal: Goal = Goal.UTILISATION,
    solver: str = AUTO,
    options: SolveOptions | None = None,
    extend: Extend | None = None,
) -> Optimum:
    """The optimum of a year, which ``data`` describes as a whole and ``year`` by season.

    Raises :class:`NoAnswer` where needs and limits cannot be met together, :class:`InputError`
    for a solver that is not there, :class:`~symbiosis.verify.FailedCheck` where the answer does
    not stand up to checking. ``extend`` adds to the model of each slice.
    """
    question = ask(park, data, year, solver, options, extend=extend)
    started = time.perf_counter()
    answer = question.in_order(ORDER[goal])
    seconds = {**question.seconds, "solve": time.perf_counter() - started}
    return checked(question, goal, answer, seconds)


def ask(
    park: Park,
    data: ExchangeData,
    year: Year,
    solver: str = AUTO,
    options: SolveOptions | None = None,
    patterns: Patterns | Prepared | None = None,
    extend: Extend | None = None,
) -> Question:
    """A year compiled, or stamped from ``patterns``, ready for any number of questions."""
    started = time.perf_counter()
    if extend is not None:
        compiled = extended_form(year, extend)
    else:
        compiled = year_form(year) if patterns is None else patterns.form(year)
    seconds = {"compile": time.perf_counter() - started}
    backend = backend_for(compiled.form, solver)
    return Question(park, data, year, compiled, backend, options or SolveOptions(), seconds)


def checked(
    question: Question, goal: Goal, answer: Answer, seconds: Mapping[str, float]
) -> Optimum:
    """An answer as an optimum that has passed the independent check."""
    optimum = question.optimum(goal, answer, seconds)
    rate, expressions = optimum.rate, question.compiled.expressions
    cost, carbon = (expressions[name].value(answer.x) for name in ("cost", "carbon"))
    claim = Claim(rate.numerator, rate.denominator, cost, carbon)
    verify(question.park, question.year, optimum.points, optimum.levels, claim, question.memos)
    return optimum


def optimise_park(
    park: Park,
    goal: Goal = Goal.UTILISATION,
    opened: Iterable[LinkStatus] = ALL_OPEN,
    year: int | None = None,
    solver: str = AUTO,
) -> Optimum:
    """The optimum of a park in ``year`` with the links of the statuses ``opened``."""
    return optimise_slice(park, slice_of(park, year, opened), goal, solver)
