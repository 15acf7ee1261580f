"""A plan lived through: its projects alone, each from the year in which it is begun.

Without luck and stages of its own, each project then takes its lead and runs when the plan says.
What the exchanges come to differs from the plan only by what the plan foresees: a stock that is
kept for a later month. That difference is the price of myopia.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import numpy as np

from symbiosis.candidates import lead_of
from symbiosis.park.declaration import Declaration
from symbiosis.retrofit.simulation import Simulation
from symbiosis.scenario import Scenario
from symbiosis.yamlfile import Document


@dataclass(frozen=True)
class Begun:
    """A project of a plan: the year in which it is begun, and its size where it has several."""

    year: int
    size: str | None = None


@dataclass(frozen=True)
class Myopia:
    """One year of a plan and of its life: what not looking ahead costs."""

    year: int
    planned_rate: float | None
    lived_rate: float | None
    planned_cost_cny: float
    lived_cost_cny: float

    @property
    def price_cny(self) -> float:
        """What the year costs more than was planned."""
        return self.lived_cost_cny - self.planned_cost_cny


def following(scenario: Scenario, begun: Mapping[str, Begun]) -> Scenario:
    """The scenario in which a plan's projects come, and no others.

    What its block says of them (stages, crews, budgets) stays; what is begun when is the plan's,
    and so are the whole years that a project without stages takes.
    """
    own = scenario.retrofit or Declaration({}, Document(Path(scenario.id), {}, {}))
    given = own.tree.get("projects")
    known = given if isinstance(given, dict) else {}
    projects = {}
    for name, start in begun.items():
        entry = known.get(name)
        whole_years = ceil(lead_of(scenario.park.projects[name]) - 1e-9)
        said = {"earliest": f"{start.year}-01-01", "lead": f"{whole_years} a"}
        said |= {"size": start.size} if start.size else {}
        projects[name] = (entry if isinstance(entry, dict) else {}) | said
    tree = own.tree | {"projects": projects}
    return replace(scenario, retrofit=replace(own, tree=tree))


def myopia(
    made: Simulation, rates: Sequence[float | None], costs_cny: Sequence[float]
) -> list[Myopia]:
    """The means of a simulation beside a plan of the same years, year by year."""
    found = []
    lived = made.by_year("utilisation_rate").mean(axis=0), made.by_year("cost").mean(axis=0)
    numbers = zip(made.places.years, rates, costs_cny, *lived, strict=False)
    for year, rate, cny, lived_rate, lived_cny in numbers:
        known = None if np.isnan(lived_rate) else float(lived_rate)
        found.append(Myopia(year, rate, known, cny, float(lived_cny)))
    return found
