"""The uniform subsidy per tonne of U that brings R to a target, found and verified by solving.

With s CNY paid for every tonne of U the park takes the answer with the least cost - s U, and of
several the one with the highest R. As s rises, U rises in steps. Between an answer that misses the
target and one that reaches it, the s at which both cost the same is tried: if a third answer is
cheaper there, it takes the place of one of the two; if none is, that s is the step. Unlike a
marginal this holds with integers too.
"""

from dataclasses import dataclass
from math import inf

from symbiosis.errors import NoAnswer
from symbiosis.optimum import Goal, Optimum
from symbiosis.question import GIVE_UP, Aim, Question
from symbiosis.solvers.matrix import Floats, LinearExpression, MatrixForm
from symbiosis.solving import checked

STEPS = 60
"""Answers tried at most; each is one more corner of the park's cost of U."""
SAME = 1e-9
"""An answer cheaper by less than this part of the cost is no other one."""
OVER = (0.0, 1e-6, 1e-4)
"""By these parts of itself the subsidy may be raised for the target to be reached."""


@dataclass(frozen=True)
class Uniform:
    """CNY per tonne of U; what it takes in all at the target; the greatest R that it brings."""

    cny_per_t: float
    cny: float
    rate: float


@dataclass(frozen=True)
class _Corner:
    """U and the cost of an answer."""

    utilised: float
    cost: float


def uniform_subsidy(
    question: Question, policy: Optimum, technical: Optimum, target: float
) -> Uniform | None:
    """The least uniform subsidy that reaches ``target``, verified; None where none does.

    ``policy`` is the answer without it, which misses the target, ``technical`` one that reaches it.
    """
    price = _step(question, _corner(policy), _corner(technical), target)
    if price is None:
        return None
    for over in OVER:
        found = _verified(question, price * (1 + over), target)
        if found is not None:
            return found
    return None


def _corner(optimum: Optimum) -> _Corner:
    return _Corner(optimum.rate.numerator, optimum.cost_cny)


def _step(question: Question, low: _Corner, high: _Corner, target: float) -> float | None:
    """The subsidy at which an answer that reaches the target costs no more than one that misses.

    An answer reaches it where one that costs the same does: at the subsidy at which it was found.
    """
    reached: float | None = None
    for _ in range(STEPS):
        if high.utilised <= low.utilised:
            return reached
        price = max(0.0, (high.cost - low.cost) / (high.utilised - low.utilised))
        here, rate = _answer(question, price)
        reaches = rate >= target - GIVE_UP
        line = low.cost - price * low.utilised
        if here.cost - price * here.utilised >= line - SAME * max(1.0, abs(low.cost), abs(line)):
            return price if reaches else reached
        if reaches:
            high, reached = here, price
        else:
            low = here
    return reached


def _answer(question: Question, price: float) -> tuple[_Corner, float]:
    """An answer with a subsidy, and the highest R of all that cost the same."""
    x, held = _held(question, price)
    here = _Corner(_utilised(question).value(x), question.expression(Aim.COST).value(x))
    return here, question.in_order((Aim.RATE,), held).rate or 0.0


def _held(question: Question, price: float) -> tuple[Floats, MatrixForm]:
    """The least cost less the subsidy, and the form in which it stays at that."""
    paid = _paid(question, price)
    form = question.form.with_objective(paid)
    found = question.backend.solve(form, question.options)
    if not found.status.answered:
        raise question.no_answer(found.status, form)
    slack = GIVE_UP * float(abs(paid.vector) @ abs(found.point))
    most = paid.value(found.point) + slack
    return found.point, question.form.with_row(paid, -inf, most, ("uniform", ("held",)))


def _verified(question: Question, price: float, target: float) -> Uniform | None:
    """The answers with a subsidy: one that reaches the target for the least, checked; the best."""
    _, held = _held(question, price)
    try:
        found = question.least(Aim.COST, question.at_least_rate(held, target - GIVE_UP))
    except NoAnswer:
        return None
    reached = checked(question, Goal.COST, question.as_answer(found), question.seconds)
    best = question.in_order((Aim.RATE,), held).rate or 0.0
    return Uniform(price, price * reached.rate.numerator, max(best, reached.rate.value or 0.0))


def _paid(question: Question, price: float) -> LinearExpression:
    """The cost with ``price`` paid for every tonne of U."""
    return question.expression(Aim.COST).plus(_utilised(question), -price)


def _utilised(question: Question) -> LinearExpression:
    return question.compiled.expressions["utilised"]
