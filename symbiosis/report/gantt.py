"""The Gantt picture of many runs: when projects run, and how widely their milestones spread.

It is drawn from a :class:`~symbiosis.report.chart.Chart`, which is made of the runs of a schedule
or of the document of a simulation that was kept.
"""

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from symbiosis.report.chart import Chart, Promise, Row, Spread
from symbiosis.report.fonts import LINE_HEIGHT, text_width
from symbiosis.report.geometry import Box
from symbiosis.report.kept_chart import chart_of_document
from symbiosis.report.paint import FAINT, GROUND, INK, MUTED, Page, settings
from symbiosis.report.runs_chart import chart_of_runs
from symbiosis.report.wrap import wrap, wrap_name
from symbiosis.retrofit.calendar import YEAR_D
from symbiosis.retrofit.runs import Runs
from symbiosis.retrofit.schedule import COMMISSIONED, FINISHED
from symbiosis.words import say

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
class Subject:
    """What is drawn, and on how wide a page."""

    chart: Chart
    width: float

    @property
    def lang(self) -> str:
        """The language of the picture."""
        return self.chart.lang

    def x(self, time_d: float) -> float:
        """The place of a time, in points from the left; the end for what never comes."""
        room, last_d = self.width - 2 * EDGE - NAMES, self.chart.last_d
        return EDGE + NAMES + room * min(max(time_d, 0.0), last_d) / last_d


def height(row: Row) -> float:
    """The height of a row."""
    return PROJECT_ROW + ODDS_LINE * len(row.promises) if row.large else STAGE_ROW


def simulation_gantt(
    document: Mapping[str, Any], path: Path, lang: str, width_mm: float = 297.0
) -> Path:
    """Draw a kept simulation from its document, as :func:`gantt` draws runs."""
    return drawn(chart_of_document(document, lang), path, width_mm)


def gantt(runs: Runs, path: Path, lang: str, stages: bool = False, width_mm: float = 297.0) -> Path:
    """Draw when the projects of many runs run into ``path``: svg, png or pdf by its suffix.

    A bar goes from the median start to the median end; below it stand the spreads of commissioning
    and end: a line over 90 % of the runs, a box over half of them, a stroke for the median.
    ``stages`` adds a row for every stage, from when it could begin. The height follows the rows.

    The same arguments give the same bytes. Raises :class:`~symbiosis.errors.InputError` where
    there is no font with Chinese glyphs, ``KeyError`` for another suffix.
    """
    return drawn(chart_of_runs(runs, lang, stages), path, width_mm)


def drawn(chart: Chart, path: Path, width_mm: float) -> Path:
    """Draw a chart."""
    with settings():
        return composed(Subject(chart, width_mm * MM)).save(path)


def composed(subject: Subject) -> Page:
    """The page with everything on it."""
    top = EDGE + TITLE + SUBTITLE + 34.0
    bottom = top + sum(map(height, subject.chart.rows))
    notes = foot(subject)
    page = Page(subject.width, bottom + 46.0 + len(notes) * SMALL * LINE_HEIGHT + EDGE)
    draw_titles(page, subject)
    draw_axis(page, subject, top, bottom)
    y = top
    for i, row in enumerate(subject.chart.rows):
        if i and row.large:
            rule(page, Box(EDGE, y, subject.width - 2 * EDGE, 0.5))
        draw_row(page, subject, row, y)
        y += height(row)
    draw_key(page, subject, bottom + 22.0)
    for i, line in enumerate(notes):
        page.text((EDGE, bottom + 44.0 + i * SMALL * LINE_HEIGHT), line, SMALL, MUTED)
    return page


def draw_titles(page: Page, subject: Subject) -> None:
    """Name of the schedule or park, number of runs, dates."""
    size, title = TITLE, subject.chart.title
    while text_width(title, size) > subject.width - 2 * EDGE and size > NAME:
        size -= 0.5
    page.text((EDGE, EDGE + TITLE / 2), title, size)
    page.text((EDGE, EDGE + TITLE + 12.0), subject.chart.subtitle, SUBTITLE, MUTED)


def draw_axis(page: Page, subject: Subject, top: float, bottom: float) -> None:
    """Years with their names, and the windows of tie-ins as bands."""
    calendar = subject.chart.calendar
    for first_d, last_d in subject.chart.windows:
        left, right = subject.x(first_d), subject.x(last_d)
        page.rectangle(Box(left, top, right - left, bottom - top), GROUND, order=0.0, round_by=0.1)
    year = calendar.year(0.0)
    while (begin_d := calendar.new_year(year)) <= subject.chart.last_d:
        x, end_d = subject.x(begin_d), min(begin_d + YEAR_D, subject.chart.last_d)
        rule(page, Box(x, top - 6.0, 0.5, bottom - top + 6.0))
        middle = (subject.x(max(begin_d, 0.0)) + subject.x(end_d)) / 2
        if end_d - max(begin_d, 0.0) > YEAR_D / 4:
            page.text((middle, top - 9.0), str(year), SUBTITLE, MUTED, across="center")
        year += 1


def rule(page: Page, box: Box) -> None:
    """A thin line under everything else."""
    page.rectangle(box, FAINT, order=1.0, round_by=0.1)


def draw_row(page: Page, subject: Subject, row: Row, y: float) -> None:
    """Name, bar, spreads and promises of one row."""
    size = NAME if row.large else SMALL
    indent = 0.0 if row.large else INDENT
    lines = wrap_name(row.name, NAMES - indent - 12.0, size)
    middle = y + (PROJECT_ROW if row.large else STAGE_ROW) / 2
    for i, line in enumerate(lines):
        place = EDGE + indent, middle + (i - (len(lines) - 1) / 2) * size * LINE_HEIGHT
        page.text(place, line, size, INK if row.large else MUTED)
    draw_bar(page, subject, row, y)
    below = y + (20.0 if row.large else STAGE_ROW - 5.0)
    colours = tuple(COLOURS.values()) if row.large else (MUTED,)
    for i, (colour, spread) in enumerate(zip(colours, row.marks, strict=True)):
        draw_spread(page, subject, spread, below + 9.0 * i, colour)
    for i, promise in enumerate(row.promises):
        draw_promise(page, subject, promise, y, y + PROJECT_ROW + ODDS_LINE * (i + 0.4))


def draw_bar(page: Page, subject: Subject, row: Row, y: float) -> None:
    """From the median begin to the median end; lighter behind the median commissioning."""
    begin_d, end_d = row.begin_d, row.marks[-1].p50
    if math.isinf(begin_d):
        return
    left, right = subject.x(begin_d), subject.x(end_d)
    box = Box(left, y + 4.0, max(right - left, 0.6), 9.0 if row.large else 5.0)
    page.rectangle(box, TAIL if row.large else STAGE, round_by=0.1, order=2.0)
    if row.large:
        run = Box(left, box.y, max(subject.x(row.marks[0].p50) - left, 0.6), box.height)
        page.rectangle(run, COURSE, round_by=0.1, order=2.5)


def draw_spread(page: Page, subject: Subject, spread: Spread, y: float, colour: str) -> None:
    """A line over 5 to 95 % of the runs, a box over 25 to 75 %, a stroke at the median."""
    if math.isinf(spread.p05):
        return
    p05, p25, p50, p75, p95 = map(subject.x, astuple(spread))
    page.line((p05, y), (max(p95, p05 + 0.5), y), colour, 0.9, False)
    page.rectangle(Box(p25, y - 2.2, max(p75 - p25, 0.6), 4.4), colour, round_by=0.1, order=6.5)
    if math.isfinite(spread.p50):
        page.rectangle(Box(p50 - 0.6, y - 3.4, 1.2, 6.8), INK, round_by=0.1, order=7.0)
    if math.isinf(spread.p95):
        page.text((p95 + 2.0, y), "→", SMALL, colour)


def draw_promise(page: Page, subject: Subject, promise: Promise, y: float, line_y: float) -> None:
    """A stroke at the end of the promised day, and the odds beside its foot."""
    x, odds = subject.x(promise.end_d), promise.odds
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
    if any(row.promises for row in subject.chart.rows):
        page.line((x, y - 6.0), (x, y + 6.0), PROMISED, 1.4, False)
        x = key_text(page, subject, "promise", x + 5.0, y)
    if any(True for _ in subject.chart.windows):
        page.rectangle(Box(x, y - 4.5, 12.0, 9.0), GROUND, round_by=0.1)
        key_text(page, subject, "window", x + 17.0, y)


def key_text(page: Page, subject: Subject, key: str, x: float, y: float) -> float:
    """One text of the key; the place behind it."""
    told = say(f"picture.gantt_key_{key}", subject.lang)
    page.text((x, y), told, SMALL, MUTED)
    return x + text_width(told, SMALL) + 16.0


def foot(subject: Subject) -> list[str]:
    """How spreads are to be read, and how many runs did not come to an end."""
    never = subject.chart.never
    told = [say("picture.gantt_note", subject.lang)]
    if never:
        told.append(say("picture.gantt_never", subject.lang, share=f"{100 * never:.1f}"))
    gap = "" if subject.lang == "zh" else " "
    return wrap(gap.join(told), subject.width - 2 * EDGE, SMALL)
