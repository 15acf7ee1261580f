"""One run: a schedule lived through once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from symbiosis.retrofit.agenda import Agenda, agenda_of
from symbiosis.retrofit.calendar import Calendar, Month
from symbiosis.retrofit.factors import factors
from symbiosis.retrofit.life import Life
from symbiosis.retrofit.log import Change, Down, Ending, Entry, OnChange
from symbiosis.retrofit.schedule import ALL, COMMISSIONED, LAST, Schedule
from symbiosis.retrofit.site import Site
from symbiosis.retrofit.unit_life import UnitLife


@dataclass(frozen=True)
class Use:
    """What a resource did: days of one crew or desk, and the share of its capacity until the end.

    The end is the end of the last stage, or the horizon where stages are open then, and where units
    need the resource too.
    """

    busy_d: float
    share: float


@dataclass(frozen=True)
class Run:
    """What happened. Times are days since the start; milestones that were not reached are absent.

    ``money_cny`` is by (budget, month such as ``2026-03``), ``paid_cny`` by (project, month).
    ``log`` is in order of time, what was still open at the horizon last; ``unit_log`` is the same
    for stops of units, ``downs`` what they took of the units' capacity, by time. ``factors`` has
    for every path one number for each of ``months``; ``units`` names all units of the schedule.
    """

    calendar: Calendar
    log: tuple[Entry, ...]
    milestones: Mapping[str, float]
    use: Mapping[str, Use]
    money_cny: Mapping[tuple[str, str], float]
    paid_cny: Mapping[tuple[str, str], float]
    changes: tuple[Change, ...]
    horizon_d: float
    units: tuple[str, ...]
    downs: tuple[Down, ...]
    unit_log: tuple[Entry, ...]
    factors: Mapping[str, tuple[float, ...]]

    @property
    def months(self) -> tuple[Month, ...]:
        """The calendar months of the run, that of the start first."""
        return self.calendar.months(self.horizon_d)

    def date(self, milestone: str) -> str | None:
        """The date of a milestone; None where it was not reached."""
        time_d = self.milestones.get(milestone)
        return None if time_d is None else self.calendar.date(time_d)


def run(
    schedule: Schedule, seed: int | None, index: int = 0, on_change: OnChange | None = None
) -> Run:
    """Live through a schedule once.

    ``seed`` and ``index`` (the number of the run) decide all luck; ``seed`` None switches it off:
    every length is its mean, nothing fails or breaks down, and paths follow their medians.
    ``on_change`` is called inside the run whenever the capacity of a project changes.
    """
    return live(agenda_of(schedule), seed, index, on_change)


def live(
    agenda: Agenda, seed: int | None, index: int = 0, on_change: OnChange | None = None
) -> Run:
    """The same for an agenda that is ready."""
    changes: list[Change] = []

    def note(change: Change) -> None:
        changes.append(change)
        if on_change is not None:
            on_change(change)

    site = Site(agenda, seed, index, note)
    for line in agenda.lines:
        site.env.process(Life(site, line).process())
    for upkeep in agenda.units:
        UnitLife(site, upkeep).begin()
    site.env.run(until=agenda.horizon_d)
    site.yard.close()
    log = (*site.log, *(go.entry(Ending.OPEN) for go in site.going))
    stops = (*site.stops, *site.stopping)
    return Run(
        calendar=site.calendar,
        log=log,
        milestones=site.reached | _of_all(site, agenda),
        use=_use(site, log),
        money_cny=dict(site.spent),
        paid_cny=dict(site.paid),
        changes=tuple(changes),
        horizon_d=agenda.horizon_d,
        units=tuple(upkeep.name for upkeep in agenda.units),
        downs=_in_order(stop.down() for stop in stops),
        unit_log=tuple(stop.entry(Ending.OPEN) for stop in stops),
        factors=_factors(site, agenda),
    )


def _in_order(downs: Iterable[Down | None]) -> tuple[Down, ...]:
    found = [down for down in downs if down is not None]
    return tuple(sorted(found, key=lambda down: (down.from_d, down.unit, down.kind)))


def _factors(site: Site, agenda: Agenda) -> dict[str, tuple[float, ...]]:
    months = agenda.calendar.months(agenda.horizon_d)
    return {
        name: factors(path, months, site.stream("paths", name, "noise"))
        for name, path in sorted(agenda.schedule.paths.items())
    }


def _of_all(site: Site, agenda: Agenda) -> dict[str, float]:
    """The milestones of all projects together, where every project has reached its own."""
    found = {}
    for milestone in (f"{ALL}.{COMMISSIONED}", LAST):
        part = milestone.removeprefix(f"{ALL}.")
        times_d = [site.reached.get(f"{line.name}.{part}") for line in agenda.lines]
        known_d = [time_d for time_d in times_d if time_d is not None]
        if len(known_d) == len(times_d):
            found[milestone] = max(known_d, default=0.0)
    return found


def _use(site: Site, log: tuple[Entry, ...]) -> dict[str, Use]:
    ends_d = [site.agenda.horizon_d if entry.end_d is None else entry.end_d for entry in log]
    last_d = max(ends_d, default=0.0)
    by_units = {name for upkeep in site.agenda.units for name in upkeep.needs}
    found = {}
    for name, busy_d in site.yard.busy_d.items():
        end_d = site.agenda.horizon_d if name in by_units else last_d
        share = busy_d / (site.agenda.capacities[name] * end_d) if end_d else 0.0
        found[name] = Use(busy_d, share)
    return found
