"""The Gantt picture of many runs: when projects run, and how widely their milestones spread."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from symbiosis.report.fonts import LINE_HEIGHT, text_width
from symbiosis.report.geometry import Box
from symbiosis.report.paint import FAINT, GROUND, INK, MUTED, Page, settings
from symbiosis.report.wrap import wrap, wrap_name
from symbiosis.retrofit.calendar import YEAR_D
from symbiosis.retrofit.runs import Runs
from symbiosis.retrofit.schedule import ALL, COMMISSIONED, FINISHED, STARTED, Target
from symbiosis.words import say

Floats = npt.NDArray[np.float64]

MM = 72 / 25.4
EDGE = 26.0
TITLE, SUBTITLE, NAME, SMALL = 17.0, 9.0, 9.0, 7.2
NAMES, INDENT = 172.0, 10.0
"""Width of the column of names, and how far stages stand in; in points."""
PROJECT_ROW, STAGE_ROW, ODDS_LINE = 36.0, 17.0, 11.0
COURSE, TAIL, STAGE = "#C3CEDB", "#E4E9EF", "#D9DFD3"
COLOURS = {COMMISSIONED: "#00855F", FINISHED: "#1F4E8C"}
PROMISED = "#D55E00"
"""Source: after M. Okabe and K. Ito (2008), Color universal design; a little darker."""


@dataclass(frozen=True)
class Spread:
    """When something comes over all runs, in days; infinite where it was not reached."""

    times_d: Floats

    def at(self, share: float) -> float:
        """The time by which this share of the runs had it."""
        ordered = np.sort(self.times_d)
        return float(ordered[max(math.ceil(share * len(ordered) - 1e-9) - 1, 0)])


@dataclass(frozen=True)
class Row:
    """One line of the picture; ``marks`` are the milestones whose spread is shown, by colour."""

    name: str
    indent: float
    height: float
    begin: Spread
    end: Spread
    ground: str
    marks: tuple[tuple[str, Spread], ...]
    targets: tuple[tuple[Target, str], ...] = ()

    @property
    def large(self) -> bool:
        """Whether it is a project, or the whole park, and not a stage."""
        return self.indent == 0.0


@dataclass(frozen=True)
class Subject:
    """What is drawn, in which words and on how wide a page."""

    runs: Runs
    lang: str
    stages: bool
    width: float

    def spread(self, milestone: str) -> Spread:
        """The spread of a milestone."""
        return Spread(self.runs.times(milestone))

    def named(self, thing: object) -> str:
        """The name of something in the language of the picture."""
        name: str = getattr(thing, f"name_{self.lang}")
        return name

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All projects by their median start, their stages below them, at last the whole park."""
        projects = self.runs.schedule.projects
        order = sorted(projects, key=lambda p: (self.spread(f"{p}.{STARTED}").at(0.5), p))
        rows = [row for name in order for row in self._of_project(name)]
        whole = say("picture.gantt_all", self.lang)
        return (*rows, self._row(whole, ALL, Spread(np.zeros(self.runs.runs))))

    def _of_project(self, name: str) -> Iterator[Row]:
        project = self.runs.schedule.projects[name]
        yield self._row(self.named(project), name, self.spread(f"{name}.{STARTED}"))
        if not self.stages:
            return
        for stage in sorted(project.stages, key=lambda s: self.spread(f"{name}.{s}").at(0.5)):
            end = self.spread(f"{name}.{stage}")
            marks = ((MUTED, end),)
            shown, begin = self.named(project.stages[stage]), self._ready(name, stage)
            yield Row(shown, INDENT, STAGE_ROW, begin, end, STAGE, marks)

    def _ready(self, project: str, stage: str) -> Spread:
        """When a stage could begin: when the project and every stage before it had."""
        after = self.runs.schedule.projects[project].stages[stage].after
        names = (STARTED, *after)
        times = [self.runs.times(f"{project}.{name}") for name in names]
        return Spread(np.max(times, axis=0))

    def _row(self, shown: str, name: str, begin: Spread) -> Row:
        parts = (COMMISSIONED, FINISHED)
        marks = tuple((COLOURS[part], self.spread(f"{name}.{part}")) for part in parts)
        promised = [
            (target, self._odds(target))
            for target in self.runs.schedule.targets.values()
            if target.milestone.partition(".")[0] == name
        ]
        end = self.spread(f"{name}.{FINISHED}")
        height = PROJECT_ROW + ODDS_LINE * len(promised)
        return Row(shown, 0.0, height, begin, end, COURSE, marks, tuple(promised))

    def _odds(self, target: Target) -> str:
        chance = self.runs.chance(target.milestone, target.by)
        shares = {"p": chance.probability, "low": chance.low, "high": chance.high}
        odds = {key: f"{100 * share:.0f}" for key, share in shares.items()}
        name = self.named(target)
        return say("picture.gantt_target", self.lang, name=name, by=target.by, **odds)

    @cached_property
    def last_d(self) -> float:
        """The end of the time axis: the end of a year behind everything that is drawn."""
        times_d = [mark.at(0.95) for row in self.rows for _, mark in row.marks]
        days = [self.runs.calendar.day(t.by) for t in self.runs.schedule.targets.values()]
        reached = [t for t in (*times_d, *days) if math.isfinite(t)]
        never = len(reached) < len(times_d) + len(days)
        until_d = self.runs.schedule.horizon_d if never else max(reached)
        return self.runs.calendar.new_year(self.runs.calendar.year(until_d) + 1)

    def x(self, time_d: float) -> float:
        """The place of a time, in points from the left; the end for what never comes."""
        room = self.width - 2 * EDGE - NAMES
        return EDGE + NAMES + room * min(max(time_d, 0.0), self.last_d) / self.last_d


def gantt(runs: Runs, path: Path, lang: str, stages: bool = False, width_mm: float = 297.0) -> Path:
    """Draw when the projects of many runs run into ``path``: svg, png or pdf by its suffix.

    A bar goes from the median start to the median end; below it stand the spreads of commissioning
    and end: a line over 90 % of the runs, a box over half of them, a stroke for the median.
    ``stages`` adds a row for every stage, from when it could begin. The height follows the rows.

    The same arguments give the same bytes. Raises :class:`~symbiosis.errors.InputError` where
    there is no font with Chinese glyphs, ``KeyError`` for another suffix.
    """
    subject = Subject(runs, lang, stages, width_mm * MM)
    with settings():
        return composed(subject).save(path)


def composed(subject: Subject) -> Page:
    """The page with everything on it."""
    top = EDGE + TITLE + SUBTITLE + 34.0
    bottom = top + sum(row.height for row in subject.rows)
    notes = foot(subject)
    page = Page(subject.width, bottom + 46.0 + len(notes) * SMALL * LINE_HEIGHT + EDGE)
    draw_titles(page, subject)
    draw_axis(page, subject, top, bottom)
    y = top
    for i, row in enumerate(subject.rows):
        if i and row.large:
            rule(page, Box(EDGE, y, subject.width - 2 * EDGE, 0.5))
        draw_row(page, subject, row, y)
        y += row.height
    draw_key(page, subject, bottom + 22.0)
    for i, line in enumerate(notes):
        page.text((EDGE, bottom + 44.0 + i * SMALL * LINE_HEIGHT), line, SMALL, MUTED)
    return page


def draw_titles(page: Page, subject: Subject) -> None:
    """Name of the schedule, number of runs, dates."""
    runs, lang = subject.runs, subject.lang
    page.text((EDGE, EDGE + TITLE / 2), subject.named(runs.schedule), TITLE)
    start, horizon = runs.schedule.start, runs.schedule.horizon.value
    told = say("picture.gantt_subtitle", lang, runs=f"{runs.runs:,}", start=start, horizon=horizon)
    page.text((EDGE, EDGE + TITLE + 12.0), told, SUBTITLE, MUTED)


def draw_axis(page: Page, subject: Subject, top: float, bottom: float) -> None:
    """Years with their names, and the windows of tie-ins as bands."""
    calendar = subject.runs.calendar
    for first_d, last_d in openings(subject):
        left, right = subject.x(first_d), subject.x(last_d)
        page.rectangle(Box(left, top, right - left, bottom - top), GROUND, order=0.0, round_by=0.1)
    year = calendar.year(0.0)
    while (begin_d := calendar.new_year(year)) <= subject.last_d:
        x, end_d = subject.x(begin_d), min(begin_d + YEAR_D, subject.last_d)
        rule(page, Box(x, top - 6.0, 0.5, bottom - top + 6.0))
        middle = (subject.x(max(begin_d, 0.0)) + subject.x(end_d)) / 2
        if end_d - max(begin_d, 0.0) > YEAR_D / 4:
            page.text((middle, top - 9.0), str(year), SUBTITLE, MUTED, across="center")
        year += 1


def rule(page: Page, box: Box) -> None:
    """A thin line under everything else."""
    page.rectangle(box, FAINT, order=1.0, round_by=0.1)


def openings(subject: Subject) -> Iterator[tuple[float, float]]:
    """Every opening of a window that a stage must lie in, as times."""
    schedule = subject.runs.schedule
    every = [stage for project in schedule.projects.values() for stage in project.stages.values()]
    calendar = schedule.calendar
    for name in sorted({stage.window for stage in every if stage.window}):
        for first, after in schedule.windows[name].spans:
            for year in range(calendar.year(0.0) - 1, calendar.year(subject.last_d)):
                begin_d = calendar.new_year(year) + first
                if begin_d + after - first > 0:
                    yield max(begin_d, 0.0), begin_d + after - first


def draw_row(page: Page, subject: Subject, row: Row, y: float) -> None:
    """Name, bar, spreads and promises of one row."""
    size = NAME if row.large else SMALL
    lines = wrap_name(row.name, NAMES - row.indent - 12.0, size)
    middle = y + (PROJECT_ROW if row.large else STAGE_ROW) / 2
    for i, line in enumerate(lines):
        place = EDGE + row.indent, middle + (i - (len(lines) - 1) / 2) * size * LINE_HEIGHT
        page.text(place, line, size, INK if row.large else MUTED)
    draw_bar(page, subject, row, y)
    below = y + (20.0 if row.large else row.height - 5.0)
    for i, (colour, spread) in enumerate(row.marks):
        draw_spread(page, subject, spread, below + 9.0 * i, colour)
    for i, (target, odds) in enumerate(row.targets):
        draw_target(page, subject, (target, odds), y, y + PROJECT_ROW + ODDS_LINE * (i + 0.4))


def draw_bar(page: Page, subject: Subject, row: Row, y: float) -> None:
    """From the median begin to the median end; lighter behind the median commissioning."""
    begin_d, end_d = row.begin.at(0.5), row.end.at(0.5)
    if math.isinf(begin_d):
        return
    left, right = subject.x(begin_d), subject.x(end_d)
    box = Box(left, y + 4.0, max(right - left, 0.6), 9.0 if row.large else 5.0)
    page.rectangle(box, TAIL if row.large else row.ground, round_by=0.1, order=2.0)
    if row.large:
        run = Box(left, box.y, max(subject.x(row.marks[0][1].at(0.5)) - left, 0.6), box.height)
        page.rectangle(run, COURSE, round_by=0.1, order=2.5)


def draw_spread(page: Page, subject: Subject, spread: Spread, y: float, colour: str) -> None:
    """A line over 5 to 95 % of the runs, a box over 25 to 75 %, a stroke at the median."""
    p05, p25, p50, p75, p95 = (subject.x(spread.at(p)) for p in (0.05, 0.25, 0.5, 0.75, 0.95))
    if math.isinf(spread.at(0.05)):
        return
    page.line((p05, y), (max(p95, p05 + 0.5), y), colour, 0.9, False)
    page.rectangle(Box(p25, y - 2.2, max(p75 - p25, 0.6), 4.4), colour, round_by=0.1, order=6.5)
    if math.isfinite(spread.at(0.5)):
        page.rectangle(Box(p50 - 0.6, y - 3.4, 1.2, 6.8), INK, round_by=0.1, order=7.0)
    if math.isinf(spread.at(0.95)):
        page.text((p95 + 2.0, y), "→", SMALL, colour)


def draw_target(
    page: Page, subject: Subject, promised: tuple[Target, str], y: float, line_y: float
) -> None:
    """A stroke at the end of the promised day, and the odds beside its foot."""
    target, odds = promised
    x = subject.x(subject.runs.calendar.day(target.by) + 1)
    page.line((x, y + 2.0), (x, line_y + 3.0), PROMISED, 1.4, False)
    fits = x + 4.0 + text_width(odds, SMALL) < subject.width - EDGE
    place = x + (4.0 if fits else -4.0), line_y
    page.text(place, odds, SMALL, PROMISED, across="left" if fits else "right", halo=1.6)


def draw_key(page: Page, subject: Subject, y: float) -> None:
    """What the signs mean."""
    x = EDGE
    for key, colour in (("course", COURSE), ("tail", TAIL)):
        page.rectangle(Box(x, y - 4.5, 22.0, 9.0), colour, round_by=0.1)
        x = key_text(page, subject, key, x + 27.0, y)
    for key, colour in (("commissioned", COLOURS[COMMISSIONED]), ("finished", COLOURS[FINISHED])):
        page.line((x, y), (x + 30.0, y), colour, 0.9, False)
        page.rectangle(Box(x + 8.0, y - 2.2, 12.0, 4.4), colour, round_by=0.1, order=6.5)
        page.rectangle(Box(x + 12.4, y - 3.4, 1.2, 6.8), INK, round_by=0.1, order=7.0)
        x = key_text(page, subject, key, x + 35.0, y)
    if subject.runs.schedule.targets:
        page.line((x, y - 6.0), (x, y + 6.0), PROMISED, 1.4, False)
        x = key_text(page, subject, "promise", x + 5.0, y)
    if any(True for _ in openings(subject)):
        page.rectangle(Box(x, y - 4.5, 12.0, 9.0), GROUND, round_by=0.1)
        key_text(page, subject, "window", x + 17.0, y)


def key_text(page: Page, subject: Subject, key: str, x: float, y: float) -> float:
    """One text of the key; the place behind it."""
    told = say(f"picture.gantt_key_{key}", subject.lang)
    page.text((x, y), told, SMALL, MUTED)
    return x + text_width(told, SMALL) + 16.0


def foot(subject: Subject) -> list[str]:
    """How spreads are to be read, and how many runs did not come to an end."""
    never = 1 - subject.runs.reached(f"{ALL}.{FINISHED}").probability
    told = [say("picture.gantt_note", subject.lang)]
    if never:
        told.append(say("picture.gantt_never", subject.lang, share=f"{100 * never:.1f}"))
    gap = "" if subject.lang == "zh" else " "
    return wrap(gap.join(told), subject.width - 2 * EDGE, SMALL)
