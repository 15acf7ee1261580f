"""The least that must be paid per unit for a link that is idle to run, where it runs or not at all.

A marginal says nothing there: it holds while the link stays off. The least price is the least of
(cost more) / (units sent) over all answers in which the link sends something, found by Dinkelbach's
iteration: with a price, the cheapest answer; with that answer, a lower price.

Source: W. Dinkelbach, Management Science 13 (1967) 492-498.
"""

import numpy as np

from symbiosis.errors import NoAnswer
from symbiosis.optimum import Goal, Optimum
from symbiosis.question import GIVE_UP, Aim, Question
from symbiosis.solvers.matrix import LinearExpression, MatrixForm

MOST = 30
"""Iterations: each lowers the price, and a handful are enough."""
SAME = 1e-9
"""A gain below this part of the cost is none."""


def least_price(question: Question, optimum: Optimum, link: str) -> float | None:
    """CNY per unit sent above which the link runs; nothing where it cannot, or is not priced.

    The rate is held where the optimum made it greatest. Nothing is priced for the least carbon.
    """
    if optimum.goal is Goal.CARBON:
        return None
    form, sent = question.form, _sent(question, link)
    if optimum.goal is Goal.UTILISATION and optimum.rate.value is not None:
        form = question.at_least_rate(form, optimum.rate.value - GIVE_UP)
    try:
        x = question.backend.solve(form.with_objective(sent.scaled(-1.0)), question.options)
        if x.x is None or sent.value(x.x) <= 0:
            return None
        return _lowered(question, form, sent, _price(question, optimum, sent, x.x))
    except NoAnswer:
        return None


def _lowered(
    question: Question, form: MatrixForm, sent: LinearExpression, first: tuple[float, float]
) -> float:
    """The price lowered until no answer is cheaper with it than the one without the link."""
    price, before = first
    cost = question.expression(Aim.COST)
    for _ in range(MOST):
        paid = cost.plus(sent, -price)
        found = question.backend.solve(form.with_objective(paid), question.options)
        if found.x is None or sent.value(found.x) <= 0:
            break
        if paid.value(found.x) >= before - SAME * max(1.0, abs(before)):
            break
        price = (cost.value(found.x) - before) / sent.value(found.x)
    return max(0.0, price)


def _price(
    question: Question, optimum: Optimum, sent: LinearExpression, x: np.ndarray
) -> tuple[float, float]:
    """(what the answer costs more per unit sent, the cost without it)."""
    before = optimum.cost_cny
    return (question.expression(Aim.COST).value(x) - before) / sent.value(x), before


def _sent(question: Question, link: str) -> LinearExpression:
    """What a link sends into all its uses, over all seasons."""
    several = not question.year.single
    mine = [
        name == "sent" and (index[1] if several else index)[0] == link
        for name, index in question.form.column_keys
    ]
    return LinearExpression(np.array(mine, dtype=float))
