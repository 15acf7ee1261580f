"""The seasons of a year lived through one after another, each from the heaps that are really there.

Whoever lives through a year does not know what comes: each season is optimised by itself, with what
the one before left in the heaps. What that costs beside the optimum of the whole year, which looks
ahead, is the price of myopia. Every season's answer passes the independent check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from symbiosis.optimum import Goal, Optimum
from symbiosis.question import ORDER
from symbiosis.rate import total
from symbiosis.scenario import Scenario
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.patterns import Patterns
from symbiosis.solving import ask, checked


@dataclass(frozen=True)
class Heaps:
    """What lies there: this year's layer, and the old one where it is known."""

    this_year: Mapping[str, float] = field(default_factory=dict)
    older: Mapping[str, float] = field(default_factory=dict)

    def after(self, season: Optimum) -> "Heaps":
        """What lies there once a season is over; as the year ends the layers are merged."""
        levels = {byproduct: level for (_, byproduct), level in season.levels.items()}
        drawn = season.point.drawn
        older = {b: max(stock - drawn.get(b, 0.0), 0.0) for b, stock in self.older.items()}
        if not season.year.closes:
            return Heaps(levels, older)
        return Heaps({}, {b: stock + levels.get(b, 0.0) for b, stock in older.items()})


@dataclass(frozen=True)
class Lived:
    """A year lived through: each season's answer, and what lies there in the end."""

    seasons: tuple[Optimum, ...]
    heaps: Heaps

    @property
    def cost_cny(self) -> float:
        """The cost of the year."""
        return sum(season.cost_cny for season in self.seasons)

    @property
    def utilisation_rate(self) -> float | None:
        """R of the year: sum U / sum (G + U_old), never a mean of rates."""
        return total(season.rate for season in self.seasons).value


def live_through(
    scenario: Scenario,
    goal: Goal = Goal.UTILISATION,
    solver: str = AUTO,
    heaps: Heaps | None = None,
    patterns: Patterns | None = None,
) -> Lived:
    """The year of a scenario, season by season.

    ``heaps`` lie there before it; by default nothing of this year's, and of older years what the
    park file says. ``patterns`` are shared by several years of the same park. Raises
    :class:`NoAnswer` for a season without an answer, ``ValueError`` where links are paid once a
    year.
    """
    year = scenario.year(scenario.slice())
    there = Heaps({}, year.legacy) if heaps is None else heaps
    known = Patterns() if patterns is None else patterns
    seasons: list[Optimum] = []
    for i in range(len(year.names)):
        part = year if year.single else year.part(i, i + 1, there.this_year, there.older)
        question = ask(scenario.park, part.slices[0], part, solver, patterns=known)
        found = checked(question, goal, question.in_order(ORDER[goal]), question.seconds)
        seasons.append(found)
        there = there.after(found)
    return Lived(tuple(seasons), there)


def price_of_myopia_cny(lived: Lived, foreseen: Optimum) -> float:
    """What not knowing what comes costs, beside the optimum of the whole year by cost."""
    return lived.cost_cny - foreseen.cost_cny
