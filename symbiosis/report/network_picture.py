"""The picture of a park as a network: enterprises by role, streams as arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from symbiosis.exchange import ExchangeData
from symbiosis.park.park import Park
from symbiosis.park.years import exists
from symbiosis.report import legend
from symbiosis.report.amounts import amount_text
from symbiosis.report.fitting import LABEL_TEXT, NODE_TEXT, Drawing, Fitted, fitted
from symbiosis.report.fonts import LINE_HEIGHT, text_height, text_width
from symbiosis.report.geometry import Box, Route
from symbiosis.report.labels import Wanted, place_labels
from symbiosis.report.paint import (
    FAINT,
    GROUND,
    INK,
    KIND_COLOURS,
    MUTED,
    Page,
    settings,
)
from symbiosis.report.streams import Flows, Stream, streams_of
from symbiosis.report.wrap import wrap
from symbiosis.words import say

MM = 72 / 25.4
PAPERS = {"A4": (297, 210), "A3": (420, 297), "A2": (594, 420), "A1": (841, 594), "A0": (1189, 841)}
"""Landscape, in mm."""
EDGE = 26.0
"""Empty edge of the page, in points."""
TITLE, HEADLINE, SUBTITLE, NOTE = 17.0, 12.0, 9.0, 7.2
MOST_LABELS = 48


@dataclass(frozen=True)
class Subject:
    """What is drawn and in which words."""

    park: Park
    data: ExchangeData
    streams: tuple[Stream, ...]
    flows: bool
    against_today: bool
    lang: str
    headline: str
    note: str

    def named(self, thing: object) -> str:
        """The name of something in the language of the picture."""
        name: str = getattr(thing, f"name_{self.lang}")
        return name

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The enterprises that exist, or whose units come within the slice."""
        owners = {supply.enterprise for supply in self.data.supplies.values()}
        owners |= {need.enterprise for need in self.data.needs.values()}
        return tuple(
            name
            for name, enterprise in self.park.enterprises.items()
            if name in owners or exists(enterprise, self.data.year, self.data.year)
        )

    def outside(self, name: str) -> bool:
        """Whether an enterprise lies outside the boundary of the slice."""
        return self.data.boundary not in self.park.enterprises[name].inside

    @cached_property
    def busy(self) -> frozenset[str]:
        """The enterprises that an arrow in full begins or ends at."""
        ends = [(s.source, s.target) for s in self.streams if not s.idle]
        return frozenset(name for pair in ends for name in pair)

    @cached_property
    def subtitle(self) -> str:
        """Year, span of time and boundary."""
        key = "subtitle_flows" if self.flows else "subtitle_structure"
        boundary = self.named(self.park.boundaries[self.data.boundary])
        return say(
            f"picture.{key}", self.lang, year=self.data.year, span=self.span, boundary=boundary
        )

    @property
    def span(self) -> str:
        """What the amounts are amounts of: the year or a season."""
        if not self.data.period:
            return say("picture.whole_year", self.lang)
        season = self.named(self.park.seasons[self.data.period])
        return say("picture.season", self.lang, season=season)

    def drawing(self) -> Drawing:
        """Roles, names and streams for the layout."""
        enterprises = {name: self.park.enterprises[name] for name in self.shown}
        return Drawing(
            {name: enterprise.role.value for name, enterprise in enterprises.items()},
            {name: self.named(enterprise) for name, enterprise in enterprises.items()},
            self.streams,
        )


def draw_network(
    park: Park,
    data: ExchangeData,
    path: Path,
    sent: Flows | None,
    lang: str,
    existing_sent: Flows | None = None,
    paper: str = "A3",
    headline: str = "",
    note: str = "",
) -> Path:
    """Draw the network of one slice into ``path``: svg, png or pdf by its suffix.

    With ``sent`` (amount of every (link, use) per slice) arrows are the flows and existing links
    without flow are thin and grey; with ``existing_sent`` (the flows with existing links alone)
    grey are only those that carry something there. Without ``sent`` every open link is drawn, as
    wide as its reported flow. ``headline`` stands under the title, ``note`` at the foot.

    The same arguments give the same bytes. Raises :class:`~symbiosis.errors.InputError` where
    there is no font with Chinese glyphs, ``KeyError`` for another suffix or paper.
    """
    streams = streams_of(park, data, sent, existing_sent)
    subject = Subject(
        park, data, streams, sent is not None, existing_sent is not None, lang, headline, note
    )
    with settings():
        return composed(subject, *PAPERS[paper]).save(path)


def composed(subject: Subject, width_mm: float, height_mm: float) -> Page:
    """The page with everything on it; larger than asked for only where it must be."""
    width, height = width_mm * MM, height_mm * MM
    notes = wrap(subject.note, width - 2 * EDGE, NOTE) if subject.note else []
    head = EDGE + TITLE + SUBTITLE + 18.0 + (HEADLINE + 5.0 if subject.headline else 0.0)
    foot = EDGE + legend.HEIGHT + text_height(len(notes) + 1, NOTE) + 10.0
    room = Box(EDGE, head, width - 2 * EDGE, height - head - foot)
    drawing = subject.drawing()
    made = fitted(drawing, room)
    grown = grown_area(made, room)
    page = Page(width + grown.width - room.width, height + grown.height - room.height)
    draw_titles(page, subject)
    draw_panels(page, subject, made)
    draw_arrows(page, made, drawing)
    draw_enterprises(page, subject, made, drawing)
    draw_labels(page, subject, made, drawing)
    draw_foot(page, subject, made, notes, page.box.height - foot + 8.0)
    return page


def grown_area(made: Fitted, room: Box) -> Box:
    """The room, or more where the panels reach beyond it."""
    right = max([room.right, *(panel.box.right for panel in made.layout.panels)])
    bottom = max([room.bottom, *(panel.box.bottom for panel in made.layout.panels)])
    return Box(room.x, room.y, right - room.x, bottom - room.y)


def draw_titles(page: Page, subject: Subject) -> None:
    """Name of the park, headline, year and boundary."""
    title = subject.named(subject.park)
    room = page.box.width - 2 * EDGE
    y = EDGE + TITLE / 2
    page.text((EDGE, y), title, min(TITLE, TITLE * room / text_width(title, TITLE)))
    y += TITLE / 2 + 10.0
    if subject.headline:
        page.text((EDGE, y), subject.headline, HEADLINE)
        y += HEADLINE + 5.0
    page.text((EDGE, y), subject.subtitle, SUBTITLE, MUTED)


def draw_panels(page: Page, subject: Subject, made: Fitted) -> None:
    """The ground of every role with its heading."""
    for panel in made.layout.panels:
        page.rectangle(panel.box, GROUND, order=0.0, round_by=6.0)
        place = panel.box.middle[0], panel.box.y + 9.0 * made.zoom
        heading = say(f"picture.{panel.role}", subject.lang)
        page.text(place, heading, 8.6 * made.zoom, MUTED, across="center", order=0.5)


def draw_arrows(page: Page, made: Fitted, drawing: Drawing) -> None:
    """The arrows: idle ones lowest, thin ones over wide ones."""
    pairs = [
        *zip(drawing.between, made.layout.routes, strict=True),
        *zip(drawing.loops, made.layout.loops, strict=True),
    ]
    pairs.sort(key=lambda pair: (not pair[0].idle, -pair[1].width))
    for i, (stream, route) in enumerate(pairs):
        colour = FAINT if stream.idle else KIND_COLOURS[stream.kind]
        rim = 0.0 if stream.idle else 0.7
        page.arrow(route, colour, stream.new, 1.0 + i / len(pairs), rim)


def draw_enterprises(page: Page, subject: Subject, made: Fitted, drawing: Drawing) -> None:
    """The boxes with their names."""
    for name, box in made.layout.boxes.items():
        role = subject.park.enterprises[name].role.value
        resting = name not in subject.busy
        legend.draw_enterprise(page, box, role, subject.outside(name), resting)
        size = NODE_TEXT * made.zoom
        lines = drawing.lines[name]
        for i, line in enumerate(lines):
            y = box.middle[1] + (i - (len(lines) - 1) / 2) * size * LINE_HEIGHT
            place = box.middle[0], y
            page.text(place, line, size, MUTED if resting else INK, across="center")


def draw_labels(page: Page, subject: Subject, made: Fitted, drawing: Drawing) -> None:
    """Material and amount on the widest arrows, as many as find room."""
    streams = [*drawing.between, *drawing.loops]
    routes = [*made.layout.routes, *made.layout.loops]
    size = LABEL_TEXT * made.zoom
    headings = [
        Box(panel.box.x, panel.box.y, panel.box.width, 18.0 * made.zoom)
        for panel in made.layout.panels
    ]
    obstacles = [*made.layout.boxes.values(), *headings]
    idle = frozenset(i for i, stream in enumerate(streams) if stream.idle)
    inner = Box(EDGE / 3, EDGE, page.box.width - 2 * EDGE / 3, page.box.height - 2 * EDGE)
    wanted = wanted_labels(subject, streams, routes, size)
    for placed in place_labels(wanted, routes, obstacles, inner, idle):
        colour = KIND_COLOURS[streams[placed.label.route].kind]
        middle = placed.box.middle
        page.text(middle, placed.label.text, size, darker(colour), "center", halo=1.3, order=7.0)


def wanted_labels(
    subject: Subject, streams: Sequence[Stream], routes: Sequence[Route], size: float
) -> list[Wanted]:
    """A label for each of the widest arrows, the widest first."""
    wide = sorted(
        (i for i, stream in enumerate(streams) if stream.amount),
        key=lambda i: (-routes[i].width, -(streams[i].amount or 0.0), i),
    )
    texts = {i: label_text(subject, streams[i]) for i in wide[:MOST_LABELS]}
    return [
        Wanted(i, text, text_width(text, size), size * 1.1, beside=streams[i].loop)
        for i, text in texts.items()
    ]


def label_text(subject: Subject, stream: Stream) -> str:
    """Material and amount."""
    material = subject.named(subject.park.materials[stream.material])
    return f"{material} {amount_text(stream.amount or 0.0, stream.unit, subject.lang)}"


def darker(colour: str) -> str:
    """The colour at two thirds of its brightness, for text."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{int(part * 0.66):02X}" for part in parts)


def draw_foot(page: Page, subject: Subject, made: Fitted, notes: Sequence[str], y: float) -> None:
    """The key, what it cannot show in signs, and the note."""
    shown = legend.Shown(
        subject.streams,
        made.scale,
        subject.flows,
        subject.against_today,
        any(subject.outside(name) for name in subject.shown),
        any(name not in subject.busy for name in subject.shown),
    )
    width = page.box.width - 2 * EDGE
    legend.draw_legend(page, Box(EDGE, y, width, legend.HEIGHT), shown, subject.lang)
    says = [say("picture.legend_arrows", subject.lang)]
    if made.scale.per_unit:
        says.append(legend.least_text(made.scale, subject.lang))
    gap = "" if subject.lang == "zh" else " "
    for i, line in enumerate([gap.join(says), *notes]):
        place = EDGE, y + legend.HEIGHT + text_height(1, NOTE) * (i + 0.5)
        page.text(place, line, NOTE, MUTED)
