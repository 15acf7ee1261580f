"""The yard: the crews and review desks that all projects share."""

from collections.abc import Mapping
from typing import Any

import simpy
from simpy.resources.base import BaseResource, Get, Put
from simpy.resources.resource import SortedQueue

from symbiosis.retrofit.late import Late

Owner = tuple[str, str]


class Demand(Put["Yard"]):
    """The wish for several resources at once; as an event it happens when all are granted.

    ``short`` names what was lacking when it first could not be granted; ``freed_by`` is the owner
    whose release let it be granted, None where it did not wait.
    """

    def __init__(self, yard: "Yard", owner: Owner, needs: Mapping[str, int], priority: int) -> None:
        self.owner = owner
        self.needs = needs
        self.asked_d = self.since_d = yard._env.now
        self.key = (priority, self.asked_d)
        self.short: list[str] = []
        self.freed_by: Owner | None = None
        super().__init__(yard)


class Yard(BaseResource[Demand, Get[Any]]):
    """A SimPy resource of several kinds, each with its own capacity.

    At the end of an instant a demand is granted when everything it needs is free and nobody before
    it in the queue waits for any of that. The queue goes by priority (1 before 2), then by time,
    then by the order of asking. So no demand is overtaken at a resource it waits for, none holds
    one resource while it waits for another, and there is no deadlock: what several
    ``PriorityResource`` side by side could not promise.

    Life: :meth:`demand`, and wait for the event; :meth:`release` what was granted, or
    :meth:`withdraw` what was not. To be extended in :meth:`lacking`.
    """

    PutQueue = SortedQueue

    def __init__(self, env: simpy.Environment, capacities: Mapping[str, float]) -> None:
        super().__init__(env, capacity=1)
        self.free = dict(capacities)
        self.busy_d = dict.fromkeys(capacities, 0.0)
        self.held: dict[Demand, None] = {}
        self._late = Late(env, self._scan)
        self._freed: dict[str, Owner] = {}

    def demand(self, owner: Owner, needs: Mapping[str, int], priority: int) -> Demand:
        """Ask for all of ``needs`` at once."""
        return Demand(self, owner, needs, priority)

    def release(self, demand: Demand) -> None:
        """Give back everything that a granted demand holds."""
        del self.held[demand]
        self._count(demand)
        for name, amount in demand.needs.items():
            self.free[name] += amount
            self._freed[name] = demand.owner
        self._late.ask()

    def withdraw(self, demand: Demand) -> None:
        """Take a demand out of the queue that was not granted."""
        demand.cancel()
        self._late.ask()

    def close(self) -> None:
        """Count what is still held at the end of a run."""
        for demand in self.held:
            self._count(demand)

    def lacking(self, demand: Demand, awaited: set[str]) -> list[str]:
        """What a demand lacks: resources that are taken, or that others before it wait for."""
        return [n for n, m in demand.needs.items() if n in awaited or self.free[n] < m]

    def _trigger_put(self, _: Any) -> None:
        self._late.ask()

    def _scan(self) -> None:
        awaited: set[str] = set()
        for demand in tuple(self.put_queue):
            lacking = self.lacking(demand, awaited)
            if lacking:
                demand.short[:] = demand.short or lacking
                awaited |= demand.needs.keys()
            else:
                self._grant(demand)
        self._freed.clear()

    def _grant(self, demand: Demand) -> None:
        self.put_queue.remove(demand)
        for name, amount in demand.needs.items():
            self.free[name] -= amount
        self.held[demand] = None
        demand.since_d = self._env.now
        if demand.since_d > demand.asked_d:
            owners = (self._freed[name] for name in demand.needs if name in self._freed)
            demand.freed_by = next(owners, None)
        demand.succeed()

    def _count(self, demand: Demand) -> None:
        for name, amount in demand.needs.items():
            self.busy_d[name] += amount * (self._env.now - demand.since_d)
