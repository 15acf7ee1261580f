"""The site: the world in which projects live, with its clock, its shared things and its log."""

from collections import defaultdict

import numpy as np
import simpy

from symbiosis.retrofit.agenda import Agenda
from symbiosis.retrofit.log import Change, Entry, OnChange, Recorded, Stopping
from symbiosis.retrofit.purse import Purse
from symbiosis.retrofit.streams import stream
from symbiosis.retrofit.yard import Yard


class Site:
    """Everything that the processes of one run share.

    Projects reach milestones (:meth:`reach`) and wait for those of others (:meth:`when`); stages
    write themselves into ``log``, and stand in ``going`` while they last; stops of units stand in
    ``stops`` and ``stopping``. ``seed`` None switches luck off: every length is its mean, nothing
    fails and nothing breaks down.
    """

    def __init__(self, agenda: Agenda, seed: int | None, index: int, on_change: OnChange) -> None:
        self.env = simpy.Environment()
        self.agenda = agenda
        self.calendar = agenda.calendar
        self.yard = Yard(self.env, agenda.capacities)
        year = self.calendar.year(0.0)
        self.purses = {
            name: Purse(self.env, budget, year, name in agenda.endless)
            for name, budget in sorted(agenda.schedule.budgets.items())
        }
        for purse in self.purses.values():
            self.env.process(purse.fill(self.calendar))
        self.reached: dict[str, float] = {}
        self.log: list[Entry] = []
        self.going: dict[Recorded, None] = {}
        self.stops: list[Stopping] = []
        self.stopping: dict[Stopping, None] = {}
        self.spent: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.paid: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._awaited: dict[str, simpy.Event] = {}
        self._seed, self._index = seed, index
        self._on_change = on_change

    def stream(self, *names: str) -> np.random.Generator | None:
        """The luck of a stage, of a unit or of a path; None where luck is off."""
        return None if self._seed is None else stream(self._seed, self._index, *names)

    def when(self, milestone: str) -> simpy.Event:
        """The event that a milestone is reached."""
        if milestone not in self._awaited:
            self._awaited[milestone] = self.env.event()
            if milestone in self.reached:
                self._awaited[milestone].succeed()
        return self._awaited[milestone]

    def reach(self, milestone: str) -> None:
        """Note that a milestone is reached; the first time counts."""
        if milestone in self.reached:
            return
        self.reached[milestone] = self.env.now
        if milestone in self._awaited:
            self._awaited[milestone].succeed()

    def change(self, project: str, share: float) -> None:
        """Tell the run's listener that the state of the park has changed."""
        now_d = self.env.now
        self._on_change(Change(project, now_d, self.calendar.date(now_d), share))

    def pay(self, project: str, budget: str, cny: float) -> None:
        """Note a payment in its month."""
        month = self.calendar.month(self.env.now)
        self.paid[project, month] += cny
        if budget:
            self.spent[budget, month] += cny
