"""The greatest ratio over a model with integers, by Dinkelbach's steps, with a bracket.

``max numerator - R denominator`` is repeated with R at the best ratio found, until nothing better
turns up. The bound of every step limits every ratio, so the bracket holds the gap of the solver.

Source: W. Dinkelbach (1967), On nonlinear fractional programming, Management Science 13(7),
492-498.
"""

from dataclasses import replace

import numpy as np

from symbiosis.solvers.backend import Clock
from symbiosis.solvers.charnes_cooper import greatest_ratio
from symbiosis.solvers.fraction import (
    SETTLED,
    STEPS,
    Fraction,
    RatioSolution,
    confirmed,
    if_feasible,
    natural_size,
    positive,
)
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.status import Status


def greatest_ratio_of_integers(asked: Fraction) -> RatioSolution:
    """The best ratio found and its bracket; ``optimal`` if the last step was solved to proof."""
    relaxed = greatest_ratio(asked.within(asked.form.relaxed()))
    if relaxed.ratio is None and relaxed.status is not Status.UNBOUNDED:
        return asked.nothing(if_feasible(asked, relaxed.status))
    form, upper = positive(asked), relaxed.upper
    span = _span(asked, form)
    size = natural_size(form, asked.denominator)
    ratio = 0.0 if relaxed.ratio is None else relaxed.ratio
    best: Floats | None = None
    status = Status.FEASIBLE
    for _ in range(STEPS):
        found = asked.best_beyond(ratio, form, size)
        if found.x is None or found.bound is None or found.objective is None:
            if best is None:
                return asked.nothing(found.status, upper)
            break
        upper = min(upper, _upper_bound(ratio, size - found.bound, span))
        reached = asked.ratio_at(found.x)
        settled = abs(size - found.objective) <= SETTLED * size
        stuck = best is not None and reached <= ratio
        if not stuck:
            best, ratio = found.x, reached
        if settled or stuck:
            status = found.status
            break
    return _bracketed(asked, best, status, upper)


def _bracketed(asked: Fraction, best: Floats | None, status: Status, upper: float) -> RatioSolution:
    """The best ratio with its integers held, where its marginals are taken, and its bracket."""
    if best is None:
        return asked.nothing(Status.NO_ANSWER, upper)
    patient = replace(asked.within(asked.form.with_integers_fixed(best)), clock=Clock(None))
    held = confirmed(patient, best)
    if held.ratio is None:
        return asked.nothing(Status.UNKNOWN, upper)
    return replace(
        held, status=status, upper=max(upper, held.ratio), unique=None,
        seconds=asked.clock.seconds,
    )  # fmt: skip


def _upper_bound(ratio: float, excess: float, span: tuple[float, float]) -> float:
    """What ``numerator - ratio * denominator <= excess`` says of every ratio."""
    least, most = span
    if excess <= 0.0:
        return ratio + excess / most
    return ratio + excess / least if least > 0.0 else np.inf


def _span(asked: Fraction, form: MatrixForm) -> tuple[float, float]:
    """Proven limits of the denominator over ``form``, integers relaxed."""
    relaxed, ends = form.relaxed(), []
    for sign in (1.0, -1.0):
        end = asked.ask(relaxed.with_objective(asked.denominator, sign))
        ends.append(-np.inf if end.bound is None else end.bound)
    return max(ends[0], 0.0), -ends[1]
