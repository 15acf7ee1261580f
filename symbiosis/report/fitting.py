"""How large everything in a network picture can be so that the page holds it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from symbiosis.report.columns import Grouping, Tie, group_by_role
from symbiosis.report.fonts import text_height
from symbiosis.report.geometry import Box
from symbiosis.report.layout import Layout, Request, Sizes, lay_out, overflow
from symbiosis.report.ordering import Columns, ordered, with_gaps
from symbiosis.report.streams import Stream, WidthScale, width_scale
from symbiosis.report.wrap import wrap_name

NODE_TEXT = 7.7
LABEL_TEXT = 7.1
"""Sizes of text in points at zoom 1; the smallest zoom leaves both above 6."""

ZOOMS = (1.8, 1.65, 1.5, 1.4, 1.3, 1.2, 1.12, 1.06, 1.0, 0.95, 0.9, 0.86)
WIDEST = (20.0, 15.0, 11.0, 8.0, 6.0)
"""Width in points of the greatest flow in t; flows in other units have 0.6 of it."""
EARLY = 0.95
"""From this zoom up, arrows are not made thinner to save room."""
MOST_ROWS = (14, 12, 10, 9, 8, 7, 6, 5, 4)
LEAST_WIDTH = 0.9
IDLE_WIDTH = 0.6
PAD = 5.0
"""Distance of a text to the edge of its box."""


@dataclass(frozen=True)
class Drawing:
    """What is to be drawn: enterprises with role and name, and the streams between them."""

    roles: Mapping[str, str]
    names: Mapping[str, str]
    streams: tuple[Stream, ...]

    @cached_property
    def between(self) -> tuple[Stream, ...]:
        """Streams from one enterprise to another."""
        return tuple(stream for stream in self.streams if not stream.loop)

    @cached_property
    def loops(self) -> tuple[Stream, ...]:
        """Streams that stay inside an enterprise; idle ones are not drawn."""
        return tuple(stream for stream in self.streams if stream.loop and not stream.idle)

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """The name of every enterprise in lines that fit its box, at any zoom."""
        width = Sizes().box_width - 2 * PAD
        return {name: wrap_name(text, width, NODE_TEXT) for name, text in self.names.items()}

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The streams between enterprises as ties: wide ones pull more, idle ones less."""
        scale = width_scale(self.streams, 3.0, 2.0, 1.0)
        return tuple(
            Tie(s.source, s.target, 0.3 if s.idle else scale.width(s.amount, s.unit))
            for s in self.between
        )


@dataclass(frozen=True)
class Fitted:
    """A layout with the sizes that it was made with."""

    layout: Layout
    scale: WidthScale
    sizes: Sizes
    zoom: float


@dataclass(frozen=True)
class _Trial:
    """One choice of sizes, before the costly search for an order."""

    drawing: Drawing
    grouping: Grouping
    columns: Columns
    zoom: float
    widest: float
    area: Box

    @cached_property
    def sizes(self) -> Sizes:
        """All lengths at this zoom."""
        base = Sizes()
        return replace(base, **{f.name: getattr(base, f.name) * self.zoom for f in fields(base)})

    @cached_property
    def scale(self) -> WidthScale:
        """Amount to width of an arrow."""
        mass = self.widest * min(self.zoom, 1.3)
        return width_scale(self.drawing.streams, mass, 0.6 * mass, LEAST_WIDTH)

    def request(self, columns: Columns) -> Request:
        """The request for a layout of these columns."""
        size = NODE_TEXT * self.zoom
        heights = {
            name: text_height(len(lines), size) + 2 * PAD * self.zoom
            for name, lines in self.drawing.lines.items()
        }
        return Request(
            columns,
            self.grouping,
            heights,
            [self.width(stream) for stream in self.drawing.between],
            [(stream.source, self.width(stream)) for stream in self.drawing.loops],
            self.area,
            self.sizes,
        )

    def width(self, stream: Stream) -> float:
        """Width of the arrow of a stream."""
        return IDLE_WIDTH if stream.idle else self.scale.width(stream.amount, stream.unit)

    def missing(self) -> tuple[float, float]:
        """How much wider and higher the area would have to be; 0 where it is enough."""
        sizes, number = self.sizes, self.grouping.count
        margins = 2 * sizes.wide_margin
        width = number * sizes.box_width + (number - 1) * sizes.least_gutter + margins
        return (
            max(0.0, width - self.area.width),
            max(0.0, overflow(self.request(self.columns))),
        )

    def fitted(self) -> Fitted:
        """The layout, with the best order that is found."""
        request = self.request(ordered(self.columns))
        return Fitted(lay_out(request), self.scale, self.sizes, self.zoom)


def fitted(drawing: Drawing, area: Box) -> Fitted:
    """The largest layout that ``area`` holds; where none does, the smallest, in a larger area."""
    smallest: tuple[float, _Trial] | None = None
    for trial in trials(drawing, area):
        across, down = trial.missing()
        if across == 0 and down == 0:
            return trial.fitted()
        if smallest is None or across + down <= smallest[0]:
            smallest = across + down, trial
    if smallest is None:
        raise ValueError("there is nothing to lay out")
    trial = smallest[1]
    across, down = trial.missing()
    grown = Box(area.x, area.y, area.width + across, area.height + down)
    return replace(trial, area=grown).fitted()


def trials(drawing: Drawing, area: Box) -> Iterator[_Trial]:
    """Choices of sizes, the most legible first."""
    columns = distinct(drawing)
    for zoom in ZOOMS:
        for widest in WIDEST if zoom <= EARLY else WIDEST[:1]:
            for grouping, items in columns:
                yield _Trial(drawing, grouping, items, zoom, widest, area)


def distinct(drawing: Drawing) -> Sequence[tuple[Grouping, Columns]]:
    """The ways to put the enterprises into columns, fewest columns first."""
    found: dict[int, tuple[Grouping, Columns]] = {}
    for rows in MOST_ROWS:
        grouping = group_by_role(drawing.roles, drawing.ties, rows)
        if grouping.count not in found:
            found[grouping.count] = grouping, with_gaps(grouping, drawing.ties)
    return [found[count] for count in sorted(found)]
