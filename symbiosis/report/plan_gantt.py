"""The Gantt picture of a plan: what is built and runs when, what is paid, how the rate rises."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from symbiosis.report.amounts import money_text
from symbiosis.report.fonts import LINE_HEIGHT, text_width
from symbiosis.report.geometry import Box
from symbiosis.report.paint import FAINT, GROUND, INK, MUTED, PAPER, Page, settings
from symbiosis.report.wrap import wrap, wrap_name
from symbiosis.words import say

MM = 72 / 25.4
EDGE = 26.0
TITLE, SUBTITLE, NAME, SMALL = 17.0, 9.0, 9.0, 7.2
NAMES = 196.0
"""Width of the column of names, in points."""
ROW, BAR = 32.0, 13.0
NEVER = 10_000
"""A year behind every horizon."""
STRIP, STRIP_HEAD = 58.0, 18.0
"""Heights of a strip of figures below the rows, and of its heading."""
INSIDE = 16.0
"""A bar so high has its figure inside, at its foot."""
BUILT, RUNS, PARTLY = "#E3A857", "#8FB8A0", "#CFE0D5"
RATE, WANTED = "#00855F", "#D55E00"
OWN = "#5B7795"
OTHERS = ("#B9C7D6", "#C9B8DA", "#E6CF9C", "#BFD8C4")
"""Colours of who pays: own money, then the instruments in their order.

Source: after M. Okabe and K. Ito (2008), Color universal design; lighter.
"""


@dataclass(frozen=True)
class Subject:
    """A plan's document, in which words and on how wide a page."""

    document: Mapping[str, Any]
    lang: str
    width: float

    @property
    def years(self) -> Sequence[Mapping[str, Any]]:
        """Every year."""
        found: Sequence[Mapping[str, Any]] = self.document["years"]
        return found

    @property
    def projects(self) -> Sequence[Mapping[str, Any]]:
        """What is begun, in the order of years."""
        found: Sequence[Mapping[str, Any]] = self.document["projects"]
        return found

    @cached_property
    def room(self) -> float:
        """Width of one year."""
        return (self.width - 2 * EDGE - NAMES) / len(self.years)

    def x(self, year: int) -> float:
        """Where a year begins; the end of the last one for what comes later."""
        after = min(max(year - int(self.years[0]["year"]), 0), len(self.years))
        return EDGE + NAMES + after * self.room

    def say(self, key: str, **words: Any) -> str:
        """A text of the picture."""
        return say(f"picture.{key}", self.lang, **words)

    def named(self, thing: Mapping[str, Any]) -> str:
        """The name of something in the language of the picture."""
        return str(thing[f"name_{self.lang}"])

    def money(self, cny: float) -> str:
        """A sum as a reader says it."""
        return money_text(cny, self.lang)

    @cached_property
    def payers(self) -> list[tuple[str, str, str]]:
        """Who pays: id, name, colour."""
        others = self.document["instruments"]
        named = [(str(one["id"]), self.named(one)) for one in others]
        colours = (OTHERS[i % len(OTHERS)] for i in range(len(named)))
        first = ("own", self.say("plan_own"), OWN)
        return [first, *((*one, colour) for one, colour in zip(named, colours, strict=True))]

    @cached_property
    def left_out(self) -> str:
        """What is not begun and why, in one paragraph."""
        rows = self.document["left_out"]
        why = {str(row["why"]): [r for r in rows if r["why"] == row["why"]] for row in rows}
        gap = "、" if self.lang == "zh" else ", "
        parts = [
            self.say(f"plan_why_{code}", names=gap.join(map(self.named, own)))
            for code, own in why.items()
        ]
        return self.say("plan_left_out", parts=("；" if self.lang == "zh" else "; ").join(parts))


def plan_gantt(document: Mapping[str, Any], path: Path, lang: str, width_mm: float = 297.0) -> Path:
    """Draw a plan from the document that ``plan --json`` gives: svg, png or pdf by the suffix.

    A bar is a project: while it is built, and while it runs until the horizon ends. Below stand
    what is paid in each year, by whom, and the rate with its targets. The height follows the rows.

    The same arguments give the same bytes. Raises :class:`~symbiosis.errors.InputError` where
    there is no font with Chinese glyphs, ``KeyError`` for another suffix.
    """
    subject = Subject(document, lang, width_mm * MM)
    with settings():
        return composed(subject).save(path)


def composed(subject: Subject) -> Page:
    """The page with everything on it."""
    top = EDGE + TITLE + SUBTITLE + 34.0
    rows = top + ROW * max(len(subject.projects), 1)
    strips = rows + 2 * (STRIP + STRIP_HEAD)
    notes = foot(subject)
    page = Page(subject.width, strips + 40.0 + len(notes) * SMALL * LINE_HEIGHT + EDGE)
    draw_titles(page, subject)
    draw_axis(page, subject, top, strips)
    draw_projects(page, subject, top)
    draw_money(page, subject, rows + STRIP_HEAD)
    draw_rates(page, subject, rows + STRIP + 2 * STRIP_HEAD)
    draw_key(page, subject, strips + 18.0)
    for i, line in enumerate(notes):
        page.text((EDGE, strips + 40.0 + i * SMALL * LINE_HEIGHT), line, SMALL, MUTED)
    return page


def draw_titles(page: Page, subject: Subject) -> None:
    """The park, its years, what was asked and what it comes to."""
    document = subject.document
    title = subject.say(
        "plan_title",
        park=document[f"park_{subject.lang}"],
        first=subject.years[0]["year"],
        last=subject.years[-1]["year"],
    )
    size = TITLE
    while text_width(title, size) > subject.width - 2 * EDGE and size > NAME:
        size -= 0.5
    page.text((EDGE, EDGE + TITLE / 2), title, size)
    told = subject.say(
        "plan_subtitle",
        objective=subject.say(f"plan_for_{document['objective']}"),
        own=subject.money(document["budget_cny"]),
        npv=subject.money(document["npv_cny"]),
        rate=f"{100 * document['discount']['rate']:g}",
        base=document["discount"]["base"],
    )
    page.text((EDGE, EDGE + TITLE + 12.0), told, SUBTITLE, MUTED)


def draw_axis(page: Page, subject: Subject, top: float, bottom: float) -> None:
    """Years with their names."""
    for row in subject.years:
        x = subject.x(int(row["year"]))
        rule(page, Box(x, top - 6.0, 0.5, bottom - top + 6.0))
        middle = (x + subject.room / 2, top - 9.0)
        page.text(middle, str(row["year"]), SUBTITLE, MUTED, across="center")


def rule(page: Page, box: Box) -> None:
    """A thin line under everything else."""
    page.rectangle(box, FAINT, order=1.0, round_by=0.1)


def draw_projects(page: Page, subject: Subject, top: float) -> None:
    """One row for each project; a word where there is none."""
    if not subject.projects:
        page.text((EDGE, top + ROW / 2), subject.say("plan_nothing"), NAME, MUTED)
    for i, row in enumerate(subject.projects):
        y = top + i * ROW
        if i:
            rule(page, Box(EDGE, y, subject.width - 2 * EDGE, 0.5))
        draw_name(page, subject, row, y + ROW / 2)
        draw_bars(page, subject, row, y + (ROW - BAR) / 2)


def draw_name(page: Page, subject: Subject, row: Mapping[str, Any], middle: float) -> None:
    """The name of a project, its size behind it."""
    size = "" if row["size"] is None else f" ({row['size']})"
    lines = wrap_name(subject.named(row) + size, NAMES - 12.0, NAME)
    small = NAME if len(lines) <= 2 else SMALL
    if small != NAME:
        lines = wrap_name(subject.named(row) + size, NAMES - 12.0, small)[:3]
    for i, line in enumerate(lines):
        place = EDGE, middle + (i - (len(lines) - 1) / 2) * small * LINE_HEIGHT
        page.text(place, line, small, INK)


def draw_bars(page: Page, subject: Subject, row: Mapping[str, Any], y: float) -> None:
    """Built, then running; built again below where a life ends."""
    begun, runs = int(row["year"]), int(row["runs_from"])
    left, middle, right = subject.x(begun), subject.x(runs), subject.x(NEVER)
    page.rectangle(Box(middle, y, right - middle, BAR), RUNS, round_by=0.1, order=2.0)
    for year, share in zip(row["running_years"], row["shares"], strict=True):
        if share < 1:
            part = Box(subject.x(int(year)), y, subject.room, BAR)
            page.rectangle(part, PARTLY, round_by=0.1, order=2.2)
    if runs > begun:
        page.rectangle(Box(left, y, middle - left, BAR), BUILT, round_by=0.1, order=2.5)
    for again in row["again_from"]:
        x = subject.x(int(again))
        wide = subject.x(int(again) + max(runs - begun, 1)) - x
        page.rectangle(Box(x, y + BAR + 1.5, wide, 4.0), BUILT, round_by=0.1, order=2.5)
    told = subject.money(row["cost_cny"]) if row["priced"] else subject.say("plan_no_price")
    place = left + 4.0, y + BAR / 2
    page.text(place, told, SMALL, INK, order=8.5)


def draw_strip(page: Page, subject: Subject, key: str, y: float) -> None:
    """The ground and the heading of a strip of figures, its first line at ``y``."""
    width = subject.width - 2 * EDGE - NAMES
    page.rectangle(Box(EDGE + NAMES, y, width, STRIP), GROUND, round_by=0.1, order=0.5)
    for i, line in enumerate(wrap(subject.say(key), NAMES - 12.0, NAME)):
        page.text((EDGE, y + 8.0 + i * NAME * LINE_HEIGHT), line, NAME, INK)


def draw_money(page: Page, subject: Subject, y: float) -> None:
    """What is paid for projects in each year, by whom."""
    draw_strip(page, subject, "plan_investment", y)
    most = max(row["invested_cny"] for row in subject.years)
    for row in subject.years:
        if row["invested_cny"] < 1:
            continue
        x, floor = subject.x(int(row["year"])) + subject.room * 0.2, y + STRIP
        for colour, cny in parts(subject, row):
            height = cny / most * (STRIP - 14.0)
            floor -= height
            page.rectangle(Box(x, floor, subject.room * 0.6, height), colour, round_by=0.1)
        place = x + subject.room * 0.3, floor - 5.0
        page.text(place, subject.money(row["invested_cny"]), SMALL, INK, across="center")


def parts(subject: Subject, row: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Who pays how much in a year, as colours."""
    given = row["given_cny"]
    for who, _, colour in subject.payers:
        yield colour, max(given[who] if who in given else row["own_cny"], 0.0)


def draw_rates(page: Page, subject: Subject, y: float) -> None:
    """The rate of each year as a stroke with its figure, and the targets that hold in it."""
    draw_strip(page, subject, "plan_rate", y)
    wanted = subject.document["targets"]
    every = [float(row["utilisation_rate"] or 0.0) for row in subject.years]
    most: float = max([*every, *(one["rate"] for one in wanted), 1e-9])

    def height(rate: float) -> float:
        return y + STRIP - rate / most * (STRIP - 16.0)

    for row, rate in zip(subject.years, every, strict=True):
        x = subject.x(int(row["year"]))
        box = Box(
            x + subject.room * 0.2, height(rate), subject.room * 0.6, y + STRIP - height(rate)
        )
        page.rectangle(box, RATE, round_by=0.1)
        shown = "–" if row["utilisation_rate"] is None else f"{100 * rate:.1f} %"
        inside = box.height > INSIDE
        place = x + subject.room / 2, (y + STRIP - 8.0) if inside else box.y - 5.0
        page.text(place, shown, SMALL, PAPER if inside else INK, across="center")
    for i, one in enumerate(wanted):
        level, x = height(one["rate"]), subject.x(int(one["by"]))
        page.line((x + 2.0, level), (subject.x(NEVER), level), WANTED, 1.2, not one["met"])
        key = "plan_target_met" if one["met"] else "plan_target_missed"
        told = subject.say(key, rate=f"{100 * one['rate']:.4g}", by=one["by"])
        page.text((EDGE, y + 22.0 + i * SMALL * LINE_HEIGHT), told, SMALL, WANTED)


def draw_key(page: Page, subject: Subject, y: float) -> None:
    """What the colours mean."""
    x = EDGE
    signs = [("plan_key_built", BUILT), ("plan_key_runs", RUNS)]
    if any(share < 1 for row in subject.projects for share in row["shares"]):
        signs.append(("plan_key_partly", PARTLY))
    entries = [(subject.say(key), colour) for key, colour in signs]
    entries += [(subject.say("plan_key_paid", who=name), c) for _, name, c in subject.payers]
    for told, colour in entries:
        page.rectangle(Box(x, y - 4.5, 18.0, 9.0), colour, round_by=0.1)
        page.text((x + 23.0, y), told, SMALL, MUTED)
        x += 23.0 + text_width(told, SMALL) + 16.0


def foot(subject: Subject) -> list[str]:
    """How money is counted, what is left out, what has no price."""
    document = subject.document
    told = [subject.say("plan_note", year=document["money_year"])]
    if document["left_out"]:
        told.append(subject.left_out)
    room = subject.width - 2 * EDGE
    return [line for text in told for line in wrap(text, room, SMALL)]
