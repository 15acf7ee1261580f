"""One go at a stage, from the moment it could begin to its end."""

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from symbiosis.retrofit.agenda import Line, Step
from symbiosis.retrofit.log import Ending, Entry, Wait
from symbiosis.retrofit.site import Site
from symbiosis.retrofit.yard import Demand

Events = Generator[simpy.Event, Any, Any]
GRACE_D = 1e-6
"""How much longer than its window allows a stage keeps its place: its last moment counts."""


class Go:
    """A go at a stage as a SimPy process.

    Life: it waits for its first instalment, then for its window, then for its crews and desks
    (and gives up its place when the window becomes too short, to try the next one); it works,
    waiting for money before each further instalment with its crews in hand; it gives them back,
    finds out whether it failed, and tells its project through ``news``.
    """

    def __init__(
        self,
        site: Site,
        line: Line,
        step: Step,
        attempt: int,
        scale: float,
        luck: np.random.Generator | None,
        news: simpy.Store,
    ) -> None:
        self.site, self.line, self.step, self.attempt = site, line, step, attempt
        self.news, self.scale = news, scale
        # one number for the length and one for failure, drawn whether or not both matter
        self.luck = None if luck is None else luck.random(2)
        self.ready_d = site.env.now
        self.start_d: float | None = None
        self.end_d: float | None = None
        self.spent_cny = 0.0
        self.waits: list[Wait] = []
        self.waiting: tuple[Sequence[str], float] | None = None
        self.demand: Demand | None = None

    def process(self) -> Events:
        """Live through the stage."""
        env, step = self.site.env, self.step
        work_d = self._length_d()
        yield from self._draft()
        yield from self._place(work_d)
        self.start_d = env.now
        for part in range(step.parts):
            if part:
                yield from self._draft()
            part_d = work_d / step.parts
            yield env.timeout(self.site.calendar.elapsed(step.rests, env.now, part_d))
        self.end_d = env.now
        if self.demand is not None:
            self.site.yard.release(self.demand)
        del self.site.going[self]
        yield self.news.put((self, self._failed()))

    def entry(self, ending: Ending) -> Entry:
        """The go as it stands in the log."""
        waits = list(self.waits)
        if self.waiting is not None:
            what, since_d = self.waiting
            waits.append(Wait(tuple(what), self.site.env.now - since_d))
        return Entry(
            project=self.line.name,
            stage=self.step.name,
            attempt=self.attempt,
            ready_d=self.ready_d,
            start_d=self.start_d,
            end_d=self.end_d,
            ending=ending,
            waits=tuple(waits),
            spent_cny=self.spent_cny,
            needs=tuple(self.step.needs.items()),
            freed_by=None if self.demand is None else self.demand.freed_by,
        )

    def _length_d(self) -> float:
        step = self.step
        if self.luck is None or step.draw is None:
            return step.mean_d * self.scale
        return step.draw(float(self.luck[0])) * self.scale

    def _failed(self) -> bool:
        return self.luck is not None and float(self.luck[1]) < self.step.chance

    def _draft(self) -> Events:
        """Wait for one instalment and pay it."""
        cny = self.step.part_cny * self.scale
        if cny:
            if self.step.budget:
                purse = self.site.purses[self.step.budget]
                yield from self._wait((self.step.budget,), purse.get(cny, self.step.priority))
            self.spent_cny += cny
            self.site.pay(self.line.name, self.step.budget, cny)

    def _place(self, work_d: float) -> Events:
        """Wait until window, crews and desks are there at once."""
        env, yard, step = self.site.env, self.site.yard, self.step
        while True:
            if step.open:
                yield from self._window(work_d)
            if not step.needs:
                return
            self.demand = yard.demand((self.line.name, step.name), step.needs, step.priority)
            last_d = self.site.calendar.last_fit(step.open, env.now, work_d)
            until_d = [] if last_d is None else [env.timeout(last_d - env.now + GRACE_D)]
            yield from self._wait(self.demand.short, env.any_of([self.demand, *until_d]))
            if self.demand.triggered:
                return
            yard.withdraw(self.demand)
            self.demand = None

    def _window(self, work_d: float) -> Events:
        """Wait until the window has room for the whole stage; for ever where it never has."""
        env = self.site.env
        opens_d = self.site.calendar.next_fit(self.step.open, env.now, work_d)
        if opens_d > self.site.agenda.horizon_d:
            yield from self._wait((self.step.window,), env.event())
        if opens_d > env.now:
            yield from self._wait((self.step.window,), env.timeout(opens_d - env.now))

    def _wait(self, what: Sequence[str], event: simpy.Event) -> Events:
        """Wait for an event and note for how long; nothing is noted where it was there.

        ``what`` is read when the waiting is over, for a demand learns only then what it lacked.
        """
        since_d = self.site.env.now
        self.waiting = (what, since_d)
        yield event
        self.waiting = None
        if self.site.env.now > since_d:
            self.waits.append(Wait(tuple(what), self.site.env.now - since_d))
