"""Why a project is not in a plan: each is begun by force, and the plan made again around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from symbiosis.errors import NoAnswer
from symbiosis.planning.aim import Aim
from symbiosis.planning.choice import Choice
from symbiosis.question import GIVE_UP
from symbiosis.solvers.horizon import Candidate, Start
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.status import Status

ALIKE = 1e-9
"""Parts of the sums in a cost below which two plans cost the same."""


class Why(StrEnum):
    """What keeps a project out of a plan."""

    TOO_LATE = "too_late"  # it would not run within the horizon
    BLOCKED = "blocked"  # what it waits for cannot run in time, whatever is paid
    TOO_DEAR = "too_dear"  # no year has the money for it and for what it waits for
    AGAINST_TARGETS = "against_targets"  # with it the targets would not be kept so well
    EXCLUDED = "excluded"  # a project that excludes it is better
    LESS_RATE = "less_rate"  # its money does more elsewhere
    COSTS = "costs"  # it adds nothing to what is asked for, and costs
    AS_GOOD = "as_good"  # with it the plan would be as good
    UNDECIDED = "undecided"  # the solver could not say within its time limit


@dataclass(frozen=True)
class LeftOut:
    """A project that is not begun, and what beginning it would change at the best.

    ``rate`` is the change of the last year's rate, ``npv_cny`` that of the net present value; None
    where it cannot be begun. ``by`` are the projects that exclude it.
    """

    project: str
    why: Why
    rate: float | None = None
    npv_cny: float | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reasons:
    """A plan's choice, ready to be asked why something is not in it.

    ``form`` keeps the targets, ``point`` is the plan.
    """

    choice: Choice
    form: MatrixForm
    aim: Aim
    point: Floats
    begun: Sequence[Start]

    def all(self) -> tuple[LeftOut, ...]:
        """Every candidate that is not begun, with the reason."""
        chosen = {start.candidate.name for start in self.begun}
        every = self.choice.made.horizon.candidates
        return tuple(self._in_time(one) for one in every if one.name not in chosen)

    def _in_time(self, candidate: Candidate) -> LeftOut:
        try:
            return self.of(candidate)
        except NoAnswer:
            return LeftOut(candidate.name, Why.UNDECIDED)

    def of(self, candidate: Candidate) -> LeftOut:
        """Why a project is not begun. Raises :class:`NoAnswer` where that is not known."""
        horizon, choice, name = self.choice.made.horizon, self.choice, candidate.name
        if not horizon.begins(candidate):
            return LeftOut(name, Why.TOO_LATE)
        free = choice.forcing(choice.made.form, candidate)
        if not choice.possible(free):
            paid = choice.without_limit(free, "own", "pool")
            return LeftOut(name, Why.TOO_DEAR if choice.possible(paid) else Why.BLOCKED)
        forced = choice.forcing(self.form, candidate)
        if self.form is not choice.made.form and not choice.possible(forced):
            return LeftOut(name, Why.AGAINST_TARGETS)
        return self._weighed(candidate, forced)

    def _weighed(self, candidate: Candidate, forced: MatrixForm) -> LeftOut:
        """What the plan comes to with it."""
        choice, least = self.choice, self.choice.made.least
        last = choice.made.horizon.last
        lost = 0.0
        if self.aim is not Aim.UTILISATION:
            found = choice.asked(forced)
        else:
            reached = self._reached(last)
            found = choice.asked(choice.held(forced, last, reached - GIVE_UP))
            if found.status is Status.INFEASIBLE:
                greatest, _ = choice.greatest(forced, last)
                lost = min(0.0, greatest - reached)
                found = choice.asked(choice.held(forced, last, greatest - GIVE_UP))
        if not found.status.answered:
            raise choice.no_answer(found.status)
        npv = least.value(self.point) - least.value(found.point)
        noise = ALIKE * float(abs(least.vector) @ abs(self.point))
        by = self._excluding(candidate)
        return LeftOut(candidate.name, self._why(lost, npv, noise, by), lost, npv, by)

    def _reached(self, year: int) -> float:
        """The rate of a year in the plan."""
        named = self.choice.made.expressions[year]
        return named["utilised"].value(self.point) / named["generated"].value(self.point)

    def _why(self, lost: float, npv: float, noise: float, by: tuple[str, ...]) -> Why:
        if lost >= -GIVE_UP and abs(npv) <= noise:
            return Why.AS_GOOD
        if lost >= -GIVE_UP and npv > noise:
            return Why.UNDECIDED
        if by:
            return Why.EXCLUDED
        return Why.LESS_RATE if lost < -GIVE_UP else Why.COSTS

    def _excluding(self, candidate: Candidate) -> tuple[str, ...]:
        """The begun projects of which only one can be done beside it."""
        return tuple(
            start.candidate.name
            for start in self.begun
            if start.candidate.name in candidate.excludes
            or candidate.name in start.candidate.excludes
        )
