"""A project from its start to its acceptance."""

import simpy

from symbiosis.retrofit.agenda import Line
from symbiosis.retrofit.calendar import MONTH_D
from symbiosis.retrofit.go import Events, Go
from symbiosis.retrofit.log import Ending
from symbiosis.retrofit.schedule import COMMISSIONED, FINISHED, STARTED
from symbiosis.retrofit.site import Site
from symbiosis.retrofit.stage import Outcome


class Life:
    """The life of a project as a SimPy process.

    It waits for its predecessors and its earliest date, then begins every stage whose own
    predecessors are done, hears of each end through ``news`` and begins what has become possible.
    A stage that failed is done again (rework), sends the project back to an earlier stage, all
    that hangs on which is done again too (restart), or ends it (abandon); what still runs then
    goes on to its end. Once its commissioning
    stages are done, the capacity comes month by month.
    """

    def __init__(self, site: Site, line: Line) -> None:
        self.site, self.line = site, line
        self.news = simpy.Store(site.env)
        self.done: set[str] = set()
        self.running: set[str] = set()
        self.void: set[str] = set()
        self.attempts = dict.fromkeys(line.steps, 0)
        self.luck = {
            name: site.stream(line.name, name) if step.draw or step.chance else None
            for name, step in line.steps.items()
        }

    def process(self) -> Events:
        """Live."""
        env, line = self.site.env, self.line
        if line.after:
            yield env.all_of([self.site.when(milestone) for milestone in line.after])
        if line.earliest_d > env.now:
            yield env.timeout(line.earliest_d - env.now)
        self.site.reach(f"{line.name}.{STARTED}")
        while len(self.done) < len(line.steps):
            self._begin_ready()
            go, failed = yield self.news.get()
            ending = self._ended(go, failed)
            self.site.log.append(go.entry(ending))
            if ending is Ending.ABANDONED:
                yield from self._see_out()
                return
        self.site.reach(f"{line.name}.{FINISHED}")

    def _see_out(self) -> Events:
        """What still ran when the project was given up runs to its end, for nothing."""
        while self.running:
            go, _ = yield self.news.get()
            self.running.discard(go.step.name)
            self.site.log.append(go.entry(Ending.VOID))

    def _begin_ready(self) -> None:
        """Begin every stage that nothing holds back."""
        for name, step in self.line.steps.items():
            if name not in self.done and name not in self.running and step.after <= self.done:
                self._begin(name, 1.0)

    def _begin(self, name: str, scale: float) -> None:
        site = self.site
        self.running.add(name)
        self.attempts[name] += 1
        step, luck = self.line.steps[name], self.luck[name]
        go = Go(site, self.line, step, self.attempts[name], scale, luck, self.news)
        site.going[go] = None
        site.env.process(go.process())

    def _ended(self, go: Go, failed: bool) -> Ending:
        """Draw the consequences of an end."""
        step = go.step
        self.running.discard(step.name)
        if step.name in self.void:
            self.void.discard(step.name)
            return Ending.VOID
        if not failed:
            self._achieve(step.name)
            return Ending.DONE
        if step.outcome is Outcome.REWORK:
            self._begin(step.name, step.share)
            return Ending.REWORK
        if step.outcome is Outcome.RESTART:
            redone = self.line.redone[step.back_to]
            self.void |= redone & self.running
            self.done -= redone
            return Ending.RESTART
        return Ending.ABANDONED

    def _achieve(self, name: str) -> None:
        self.done.add(name)
        self.site.reach(f"{self.line.name}.{name}")
        commissioned = f"{self.line.name}.{COMMISSIONED}"
        if self.line.commissioning <= self.done and commissioned not in self.site.reached:
            self.site.reach(commissioned)
            self.site.env.process(self._ramp_up())

    def _ramp_up(self) -> Events:
        """The capacity comes month by month."""
        for i, share in enumerate(self.line.ramp_up):
            if i:
                yield self.site.env.timeout(MONTH_D)
            self.site.change(self.line.name, share)
