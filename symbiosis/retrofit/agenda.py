"""A schedule as plain numbers, ready to be lived through."""

from collections.abc import Mapping
from dataclasses import dataclass

from symbiosis.retrofit.calendar import Calendar, Span
from symbiosis.retrofit.draw import Draw, draw_of, mean_d
from symbiosis.retrofit.project import ProjectCourse
from symbiosis.retrofit.schedule import FINISHED, Schedule
from symbiosis.retrofit.stage import Outcome, Stage
from symbiosis.retrofit.upkeep import Upkeep, upkeep_of


@dataclass(frozen=True, slots=True)
class Step:
    """A stage; ``draw`` is None where the length is always ``mean_d``."""

    name: str
    mean_d: float
    draw: Draw | None
    after: frozenset[str]
    needs: Mapping[str, int]
    budget: str
    part_cny: float
    parts: int
    window: str
    open: tuple[Span, ...]
    rests: tuple[Span, ...]
    chance: float
    outcome: Outcome | None
    share: float
    back_to: str
    priority: int
    commissions: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A project; ``after`` names milestones, ``redone`` what a return to a stage does again."""

    name: str
    steps: Mapping[str, Step]
    after: tuple[str, ...]
    earliest_d: float
    ramp_up: tuple[float, ...]
    commissioning: frozenset[str]
    redone: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Agenda:
    """All projects and units by name, and what they share."""

    schedule: Schedule
    calendar: Calendar
    horizon_d: float
    lines: tuple[Line, ...]
    units: tuple[Upkeep, ...]
    capacities: Mapping[str, int]
    endless: frozenset[str]


def agenda_of(schedule: Schedule, without: str | None = None) -> Agenda:
    """The agenda of a schedule; ``without`` names a resource, budget or window that never lacks.

    Raises ``KeyError`` where there is nothing of that name.
    """
    if without is not None and without not in schedule.shared():
        raise KeyError(without)
    return Agenda(
        schedule=schedule,
        calendar=schedule.calendar,
        horizon_d=schedule.horizon_d,
        lines=tuple(_line(schedule, name, without) for name in sorted(schedule.projects)),
        units=tuple(upkeep_of(schedule, name, without) for name in sorted(schedule.units)),
        capacities={name: r.capacity for name, r in sorted(schedule.resources.items())},
        endless=frozenset(() if without is None else (without,)),
    )


def milestone_of(text: str) -> str:
    """What a project waits for: a project alone is its end."""
    return text if "." in text else f"{text}.{FINISHED}"


def behind(stages: Mapping[str, frozenset[str]], first: str) -> frozenset[str]:
    """``first`` and every stage that comes after it, directly or not."""
    found, more = {first}, {first}
    while more:
        more = {name for name, after in stages.items() if after & more} - found
        found |= more
    return frozenset(found)


def _line(schedule: Schedule, name: str, without: str | None) -> Line:
    project = schedule.projects[name]
    steps = {s: _step(schedule, project, s, without) for s in sorted(project.stages)}
    after = {s: step.after for s, step in steps.items()}
    commissioning = frozenset(s for s, step in steps.items() if step.commissions)
    earliest = project.earliest
    return Line(
        name=name,
        steps=steps,
        after=tuple(milestone_of(text) for text in project.after),
        earliest_d=0.0 if earliest is None else schedule.calendar.day(earliest),
        ramp_up=tuple(share.amount for share in project.ramp_up) or (1.0,),
        commissioning=commissioning or frozenset(steps),
        redone={s.back_to: behind(after, s.back_to) for s in steps.values() if s.back_to},
    )


def _step(schedule: Schedule, project: ProjectCourse, name: str, without: str | None) -> Step:
    stage = project.stages[name]
    window = stage.window if stage.window != without else None
    rests = stage.rests if stage.rests != without else None
    spends, risk = stage.spends, stage.risk
    return Step(
        name=name,
        mean_d=mean_d(stage.duration),
        draw=draw_of(stage.duration),
        after=frozenset(stage.after),
        needs={r: n for r, n in sorted(stage.needs.items()) if n and r != without},
        budget=(spends.budget or "") if spends else "",
        part_cny=spends.money.amount / spends.instalments if spends else 0.0,
        parts=spends.instalments if spends else 1,
        window=window or "",
        open=schedule.windows[window].spans if window else (),
        rests=schedule.windows[rests].spans if rests else (),
        chance=risk.chance.amount if risk else 0.0,
        outcome=risk.outcome if risk else None,
        share=risk.share.amount if risk and risk.share else 1.0,
        back_to=(risk.back_to or "") if risk else "",
        priority=_priority(project, stage),
        commissions=stage.commissions,
    )


def _priority(project: ProjectCourse, stage: Stage) -> int:
    return project.priority if stage.priority is None else stage.priority
