"""A unit over the whole run: it runs, breaks down, is overhauled, is out."""

import math
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from symbiosis.retrofit.log import DownKind
from symbiosis.retrofit.site import Site
from symbiosis.retrofit.stop import Events, Stop
from symbiosis.retrofit.upkeep import Failing, Length, Missing, Overhauling, Upkeep

GRACE_D = 1e-6
"""How much longer than its window allows an overhaul waits for crews: the last moment counts."""


class UnitLife:
    """The life of a unit as SimPy processes: one for each outage, for overhauls, for breakdowns.

    What stops the unit altogether stops the clock that runs towards the next breakdown too.
    Breakdowns are luck: where luck is off there are none. Begin it with :meth:`begin`.
    """

    def __init__(self, site: Site, upkeep: Upkeep) -> None:
        self.site, self.upkeep = site, upkeep
        self.standing = 0
        self.turned = site.env.event()
        self.count = dict.fromkeys(DownKind, 0)

    def begin(self) -> None:
        """Begin all processes of the unit."""
        env, upkeep = self.site.env, self.upkeep
        for missing in upkeep.missing:
            env.process(self._outage(missing))
        if upkeep.overhauling is not None:
            env.process(self._overhauls(upkeep.overhauling, self._luck("overhauls")))
        between, repair = self._luck("breakdowns"), self._luck("repair")
        if upkeep.failing is not None and between is not None:
            env.process(self._breakdowns(upkeep.failing, between, repair))

    def _luck(self, what: str) -> np.random.Generator | None:
        return self.site.stream("units", self.upkeep.name, what)

    def _stop(self, kind: DownKind, share: float = 0.0) -> Stop:
        self.count[kind] += 1
        return Stop(self.site, self.upkeep.name, kind, self.count[kind], share)

    def _outage(self, missing: Missing) -> Events:
        env = self.site.env
        yield env.timeout(missing.from_d)
        stop = self._stop(DownKind.OUTAGE, missing.share)
        yield from self._stand(stop, missing.until_d - missing.from_d)

    def _overhauls(self, plan: Overhauling, luck: np.random.Generator | None) -> Events:
        """At the opening that is nearest to the due time; a missed one at the next opening."""
        env, lasts = self.site.env, _drawn(plan.lasts, luck)
        due_d, opens_d = 0.0, -math.inf
        while left_d := [t_d for t_d in plan.opens_d if t_d >= env.now and t_d > opens_d]:
            opens_d = min(left_d, key=lambda time_d: (abs(time_d - due_d), -time_d))
            yield env.timeout(opens_d - env.now)
            stop, length_d = self._stop(DownKind.OVERHAUL), lasts()
            last_d = self.site.calendar.last_fit(plan.open, env.now, length_d)
            until_d = env.now if last_d is None else last_d + GRACE_D
            if (yield from stop.crews(plan.needs, self.upkeep.priority, until_d)):
                yield from self._stand(stop, length_d)
                due_d = opens_d + plan.every_d
            else:
                due_d = env.now

    def _breakdowns(
        self, failing: Failing, luck: np.random.Generator, repair: np.random.Generator | None
    ) -> Events:
        between, lasts = _drawn(failing.between, luck), _drawn(failing.repair, repair)
        while True:
            yield from self._run(between())
            stop = self._stop(DownKind.BREAKDOWN)
            yield from stop.crews(failing.needs, self.upkeep.priority)
            yield from stop.work(lasts())

    def _stand(self, stop: Stop, length_d: float) -> Events:
        """A stop during which the clock rests, unless the unit goes on with a part."""
        rests = stop.share == 0.0
        if rests:
            self._turn(1)
        yield from stop.work(length_d)
        if rests:
            self._turn(-1)

    def _turn(self, change: int) -> None:
        """One reason to stand still more or less."""
        self.standing += change
        turned, self.turned = self.turned, self.site.env.event()
        turned.succeed()

    def _run(self, running_d: float) -> Generator[simpy.Event, Any, None]:
        """Let so much running time pass."""
        env = self.site.env
        while True:
            while self.standing:
                yield self.turned
            since_d, timer = env.now, env.timeout(max(running_d, 0.0))
            yield timer | self.turned
            if timer.processed:
                return
            running_d -= env.now - since_d


def _drawn(length: Length, luck: np.random.Generator | None) -> Callable[[], float]:
    """A length at every call: its mean where luck is off or it is always the same."""
    draw = length.draw
    if draw is None or luck is None:
        return lambda: length.mean_d
    return lambda: draw(float(luck.random()))
