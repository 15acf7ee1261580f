"""A purse: the money of a budget, filled up every New Year."""

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy
from simpy.core import BoundClass
from simpy.resources.container import ContainerGet
from simpy.resources.resource import SortedQueue

from symbiosis.retrofit.calendar import Calendar
from symbiosis.retrofit.late import Late
from symbiosis.retrofit.resource import Budget


class Draft(ContainerGet):
    """A sum asked of a purse; 1 is served before 2, then who came first."""

    def __init__(self, purse: "Purse", amount: float, priority: int) -> None:
        self.key = (priority, purse._env.now)
        super().__init__(purse, amount)


class Purse(simpy.Container):
    """A container of money whose drafts are served by priority at the end of an instant.

    A draft that the level does not cover holds up those behind it, so that a large one is not
    starved by small ones. The level never falls below zero. Begin :meth:`fill` as a process.
    """

    GetQueue = SortedQueue
    if TYPE_CHECKING:

        def get(self, amount: float, priority: int) -> Draft:  # type: ignore[override]
            """Ask for a sum."""

    else:
        get = BoundClass(Draft)

    def __init__(self, env: simpy.Environment, budget: Budget, year: int, endless: bool) -> None:
        self._late = Late(env, lambda: super(Purse, self)._trigger_get(None))
        super().__init__(env, init=math.inf if endless else budget.of(year))
        self._budget = budget
        self.endless = endless

    def _trigger_get(self, _: Any) -> None:
        self._late.ask()

    def fill(self, calendar: Calendar) -> Generator[simpy.Event, Any, None]:
        """Every New Year: what is left lapses unless it is carried over; the new sum comes in."""
        while not self.endless:
            year = calendar.year(self._env.now) + 1
            yield self._env.timeout(calendar.new_year(year) - self._env.now)
            if not self._budget.carried_over:
                self._level = 0.0
            if amount := self._budget.of(year):
                yield self.put(amount)
