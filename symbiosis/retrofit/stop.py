"""One stop of a unit: a breakdown, an overhaul or an outage, from when it is due to its end."""

import math
from collections.abc import Generator, Mapping
from typing import Any

import simpy

from symbiosis.retrofit.log import Down, DownKind, Ending, Entry, Wait
from symbiosis.retrofit.site import Site
from symbiosis.retrofit.yard import Demand

Events = Generator[simpy.Event, Any, Any]


class Stop:
    """A stop of a unit, used by the processes of the unit.

    Life: it is made when it is due; :meth:`crews` waits for crews, :meth:`work` works and ends it.
    A unit that broke down is down while it waits for crews; before an overhaul it runs on.
    """

    def __init__(self, site: Site, unit: str, kind: DownKind, number: int, share: float) -> None:
        self.site, self.unit, self.kind, self.number, self.share = site, unit, kind, number, share
        self.ready_d = site.env.now
        self.start_d: float | None = None
        self.end_d: float | None = None
        self.needs: Mapping[str, int] = {}
        self.short: list[str] = []
        self.demand: Demand | None = None
        self.ending = Ending.OPEN
        site.stopping[self] = None

    def crews(
        self, needs: Mapping[str, int], priority: int, until_d: float = math.inf
    ) -> Generator[simpy.Event, Any, bool]:
        """Wait for crews; False where ``until_d`` came before them, and the stop is missed."""
        self.needs = needs
        if not needs:
            return True
        env, yard = self.site.env, self.site.yard
        self.demand = yard.demand((self.unit, self.kind), needs, priority)
        self.short = self.demand.short
        too_late = [] if math.isinf(until_d) else [env.timeout(until_d - env.now)]
        yield env.any_of([self.demand, *too_late])
        if self.demand.triggered:
            return True
        yard.withdraw(self.demand)
        self.demand = None
        self._end(Ending.MISSED)
        return False

    def work(self, length_d: float) -> Events:
        """Stand still for so long, then give the crews back."""
        self.start_d = self.site.env.now
        yield self.site.env.timeout(length_d)
        if self.demand is not None:
            self.site.yard.release(self.demand)
        self._end(Ending.DONE)

    def entry(self, ending: Ending) -> Entry:
        """The stop as it stands in the log; ``ending`` counts where it has none of its own."""
        return Entry(
            project=self.unit,
            stage=self.kind,
            attempt=self.number,
            ready_d=self.ready_d,
            start_d=self.start_d,
            end_d=self.end_d,
            ending=ending if self.end_d is None else self.ending,
            waits=self._waits(),
            spent_cny=0.0,
            needs=tuple(self.needs.items()),
            freed_by=None if self.demand is None else self.demand.freed_by,
        )

    def down(self) -> Down | None:
        """What the stop took; None where the unit ran on."""
        from_d = self.ready_d if self.kind is DownKind.BREAKDOWN else self.start_d
        if from_d is None:
            return None
        horizon_d = self.site.agenda.horizon_d
        until_d = horizon_d if self.end_d is None else self.end_d
        return Down(self.unit, self.kind, from_d, until_d, self.share)

    def _waits(self) -> tuple[Wait, ...]:
        times_d = (self.start_d, self.end_d, self.site.env.now)
        days = next(time_d for time_d in times_d if time_d is not None) - self.ready_d
        return (Wait(tuple(self.short), days),) if self.short and days > 0 else ()

    def _end(self, ending: Ending) -> None:
        self.ending, self.end_d = ending, self.site.env.now
        del self.site.stopping[self]
        self.site.stops.append(self)
