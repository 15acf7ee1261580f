"""The picture of a kept simulation by year: rate, cost and carbon with their spread and targets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from pathlib import Path
from typing import Any

from symbiosis.report.amounts import amount_text, money_text, round_down
from symbiosis.report.chart import odds_of
from symbiosis.report.fonts import LINE_HEIGHT, text_width
from symbiosis.report.geometry import Box
from symbiosis.report.kept_chart import subtitle_of, title_of
from symbiosis.report.paint import FAINT, INK, MUTED, Page, settings
from symbiosis.report.wrap import wrap
from symbiosis.words import say

MM = 72 / 25.4
EDGE = 26.0
TITLE, SUBTITLE, NAME, SMALL = 17.0, 9.0, 10.0, 7.2
NAMES, SCALE = 172.0, 56.0
"""Widths of the column of names and of the figures of the scale, in points."""
PANEL, GAP = 128.0, 30.0
"""Height of a panel, and of the space below it."""
TICKS = 5
"""About so many lines in a panel."""
WANTED = "#D55E00"
COLOURS = {"utilisation_rate": "#00855F", "cost": "#1F4E8C", "co2e": "#6B4A2B"}
BANDS = {"utilisation_rate": "#CFE5DC", "cost": "#D3DEEA", "co2e": "#E3DAD1"}
"""By panel; a band is the lighter colour of its line.

Source: after M. Okabe and K. Ito (2008), Color universal design.
"""


@dataclass(frozen=True)
class Panel:
    """One indicator by year; None in a year in which it is defined in no run."""

    indicator: str
    unit: str
    rows: Sequence[Mapping[str, Any]]
    targets: Sequence[Mapping[str, Any]]
    lang: str

    @property
    def marked(self) -> list[Mapping[str, Any]]:
        """Targets with a level of their own; one against the first year has none."""
        return [target for target in self.targets if target["change"] is None]

    @cached_property
    def scale(self) -> tuple[float, float, float]:
        """The lowest and highest line, and the step between lines."""
        keys = ("p05", "p50", "p95")
        found = [row[key] for row in self.rows for key in keys if row[key] is not None]
        found += [target["value"] for target in self.marked]
        low, high = min(found, default=0.0), max(found, default=1.0)
        step = round_down(max((high - low) / TICKS, 0.02 * max(abs(low), abs(high)), 1e-9)) * 2
        first, last = floor(low / step + 1e-9), floor(high / step + 1e-9) + 1
        return first * step, last * step, step

    @property
    def lines(self) -> Iterator[float]:
        """The levels of the lines."""
        low, high, step = self.scale
        yield from (low + i * step for i in range(round((high - low) / step) + 1))

    def said(self, value: float, digits: int = 1) -> str:
        """A value as a reader says it."""
        if self.unit == "1":
            return f"{100 * value:.{digits}f} %"
        if self.unit == "CNY":
            return money_text(value, self.lang)
        return ("−" if value < 0 else "") + amount_text(abs(value), self.unit, self.lang)

    @cached_property
    def words(self) -> list[tuple[str, float, str, float]]:
        """What stands to the left: line, size, colour, and how far below the top."""
        name = say(f"indicators.{self.indicator}", self.lang)
        promises = ((self.promise(target), SMALL, WANTED) for target in self.targets)
        found, below = [], NAME / 2
        for text, size, colour in [(name, NAME, INK), *promises]:
            for line in wrap(text[:1].upper() + text[1:], NAMES - 12.0, size):
                found.append((line, size, colour, below))
                below += size * LINE_HEIGHT
            below += 4.0
        return found

    @property
    def height(self) -> float:
        """Height with the space below: more than usual where there are many targets."""
        return max(PANEL, self.words[-1][-1]) + GAP

    def promise(self, target: Mapping[str, Any]) -> str:
        """A target and its odds in words."""
        sign = {">=": "≥", "<=": "≤"}[target["comparator"]]
        change = f"{100 * target['value']:+g} %"
        level = change if target["change"] else self.said(target["value"])
        shares = {"p": target["probability"], "low": target["low"], "high": target["high"]}
        name = f"{target[f'name_{self.lang}']} ({sign} {level})"
        return odds_of(self.lang, name, target["by"], shares)


@dataclass(frozen=True)
class Subject:
    """The document of a simulation, in which words and on how wide a page."""

    document: Mapping[str, Any]
    lang: str
    width: float

    @cached_property
    def panels(self) -> list[Panel]:
        """Every indicator that the simulation has."""
        found = []
        for indicator in COLOURS:
            rows = [row for row in self.document["years"] if row["indicator"] == indicator]
            own = [t for t in self.document["targets"] if t["indicator"] == indicator]
            if rows:
                found.append(Panel(indicator, rows[0]["unit"], rows, own, self.lang))
        return found

    @property
    def years(self) -> list[int]:
        """Every year."""
        return sorted({int(row["year"]) for row in self.document["years"]})

    @property
    def left(self) -> float:
        """Where the panels begin."""
        return EDGE + NAMES + SCALE

    @cached_property
    def room(self) -> float:
        """Width of one year."""
        return (self.width - EDGE - self.left) / max(len(self.years), 1)

    def x(self, year: int) -> float:
        """The middle of a year."""
        return self.left + (year - self.years[0] + 0.5) * self.room


def years_picture(
    document: Mapping[str, Any], path: Path, lang: str, width_mm: float = 297.0
) -> Path:
    """Draw a simulation from the document that ``simulate --json`` gives, by year.

    A band holds 5 to 95 % of the runs, the line is the median; targets are marks in their year. The
    same arguments give the same bytes. Raises :class:`~symbiosis.errors.InputError` where there is
    no font with Chinese glyphs, ``KeyError`` for another suffix than svg, png and pdf.
    """
    with settings():
        return composed(Subject(document, lang, width_mm * MM)).save(path)


def composed(subject: Subject) -> Page:
    """The page with everything on it."""
    top = EDGE + TITLE + SUBTITLE + 34.0
    bottom = top + sum(panel.height for panel in subject.panels)
    notes = foot(subject)
    page = Page(subject.width, bottom + 24.0 + len(notes) * SMALL * LINE_HEIGHT + EDGE)
    draw_titles(page, subject)
    y = top
    for panel in subject.panels:
        draw_panel(page, subject, panel, y)
        y += panel.height
    draw_key(page, subject, bottom + 2.0)
    for i, line in enumerate(notes):
        page.text((EDGE, bottom + 24.0 + i * SMALL * LINE_HEIGHT), line, SMALL, MUTED)
    return page


def draw_titles(page: Page, subject: Subject) -> None:
    """Park and scenario, number of runs, dates."""
    size, title = TITLE, title_of(subject.document, subject.lang)
    while text_width(title, size) > subject.width - 2 * EDGE and size > NAME:
        size -= 0.5
    page.text((EDGE, EDGE + TITLE / 2), title, size)
    told = subtitle_of(subject.document, subject.lang)
    page.text((EDGE, EDGE + TITLE + 12.0), told, SUBTITLE, MUTED)


def draw_panel(page: Page, subject: Subject, panel: Panel, top: float) -> None:
    """Name and promises to the left; scale, band, line, figures and marks."""
    low, high, _ = panel.scale

    def y(value: float) -> float:
        return top + PANEL * (high - value) / (high - low)

    for line, size, colour, below in panel.words:
        page.text((EDGE, top + below), line, size, colour)
    for level in panel.lines:
        page.rectangle(Box(subject.left, y(level), subject.room * len(subject.years), 0.5), FAINT,
                       order=1.0, round_by=0.1)  # fmt: skip
        page.text((subject.left - 6.0, y(level)), panel.said(level, 0), SMALL, MUTED, "right")
    for year in subject.years:
        page.text((subject.x(year), top + PANEL + 9.0), str(year), SMALL, MUTED, "center")
    for run in unbroken(panel.rows):
        points = {key: [(subject.x(row["year"]), y(row[key])) for row in run]
                  for key in ("p05", "p50", "p95")}  # fmt: skip
        page.polygon([*points["p05"], *reversed(points["p95"])], BANDS[panel.indicator], 2.0)
        for low_end, high_end in zip(points["p05"], points["p95"], strict=True):
            page.line(low_end, high_end, BANDS[panel.indicator], 2.4, False)
        for one, following in zip(points["p50"], points["p50"][1:], strict=False):
            page.line(one, following, COLOURS[panel.indicator], 1.6, False)
    draw_figures(page, subject, panel, y)
    for target in panel.marked:
        x, level = subject.x(int(target["by"])), y(target["value"])
        half = min(subject.room * 0.32, 30.0)
        page.line((x - half, level), (x + half, level), WANTED, 1.8, False)


def draw_figures(page: Page, subject: Subject, panel: Panel, y: Callable[[float], float]) -> None:
    """A dot at each median, and its figure beside as many of them as there is room for."""
    known = [row for row in panel.rows if row["p50"] is not None]
    widest = max((text_width(panel.said(row["p50"]), SMALL) for row in known), default=0.0)
    every = max(1, ceil((widest + 6.0) / subject.room))
    for i, row in enumerate(known):
        x, level = subject.x(row["year"]), y(row["p50"])
        page.rectangle(Box(x - 1.8, level - 1.8, 3.6, 3.6), COLOURS[panel.indicator],
                       round_by=1.8, order=7.0)  # fmt: skip
        if i % every == 0:
            place = subject.x(row["year"]), figure_place(panel, i, y)
            page.text(place, panel.said(row["p50"]), SMALL, INK, "center", halo=1.6)


def figure_place(panel: Panel, i: int, y: Callable[[float], float]) -> float:
    """The height of a figure: above the band, or below it in a valley or under a target."""
    known = [row for row in panel.rows if row["p50"] is not None]
    row, beside = known[i], [*known[max(i - 1, 0) : i], *known[i + 1 : i + 2]]
    above, below = y(row["p95"]) - 8.0, y(row["p05"]) + 9.0
    levels = [y(t["value"]) for t in panel.marked if t["by"] == str(row["year"])]
    valley = bool(beside) and all(other["p50"] > row["p50"] for other in beside)
    hidden = any(abs(level - above) < 6.0 for level in levels)
    free = below + 8.0 < y(panel.scale[0]) and all(abs(level - below) > 6.0 for level in levels)
    return below if (valley or hidden) and free else above


def unbroken(rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Years on end in which there is a value."""
    run: list[Mapping[str, Any]] = []
    for row in (*rows, None):
        if row is not None and row["p50"] is not None:
            run.append(row)
        elif run:
            yield run
            run = []


def draw_key(page: Page, subject: Subject, y: float) -> None:
    """What the signs mean."""
    x = EDGE
    page.rectangle(Box(x, y - 4.5, 22.0, 9.0), BANDS["utilisation_rate"], round_by=0.1)
    x = key_text(page, subject, "band", x + 27.0, y)
    page.line((x, y), (x + 22.0, y), COLOURS["utilisation_rate"], 1.6, False)
    page.rectangle(Box(x + 9.2, y - 1.8, 3.6, 3.6), COLOURS["utilisation_rate"], round_by=1.8,
                   order=7.0)  # fmt: skip
    x = key_text(page, subject, "median", x + 27.0, y)
    if any(panel.marked for panel in subject.panels):
        page.line((x, y), (x + 22.0, y), WANTED, 1.8, False)
        key_text(page, subject, "target", x + 27.0, y)


def key_text(page: Page, subject: Subject, key: str, x: float, y: float) -> float:
    """One text of the key; the place behind it."""
    told = say(f"picture.years_key_{key}", subject.lang)
    page.text((x, y), told, SMALL, MUTED)
    return x + text_width(told, SMALL) + 16.0


def foot(subject: Subject) -> list[str]:
    """Which money, and which runs are left out."""
    document = subject.document
    told = [say("picture.years_note", subject.lang, year=document["money_year"])]
    if document["failed"]:
        words = {"failed": document["failed"], "runs": document["runs"]}
        told.append(say("picture.years_failed", subject.lang, **words))
    gap = "" if subject.lang == "zh" else " "
    return wrap(gap.join(told), subject.width - 2 * EDGE, SMALL)
