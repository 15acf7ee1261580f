"""Putting shapes and texts on a page with matplotlib; colours and line styles.

A page is measured in points from its upper left corner, so that widths of lines and lengths
are the same thing.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path as Outline
from matplotlib.patheffects import Normal, Stroke
from matplotlib.style import context

from symbiosis.report.fonts import chinese_font
from symbiosis.report.geometry import Box, Point, Route

INK = "#1F2328"
MUTED = "#6B7178"
FAINT = "#B9BDC1"
GROUND = "#F3F4F1"
PAPER = "#FFFFFF"

KIND_COLOURS = {
    "solid": "#6B4A2B",
    "gas": "#009E73",
    "liquid": "#C77CB0",
    "heat": "#D55E00",
    "water": "#005FA8",
    "power": "#E8B400",
}
"""By material kind; a test holds that they stay apart for colour-blind readers.

Source: after M. Okabe and K. Ito (2008), Color universal design, with brown for solids, and
blue, purple and yellow shifted for thin lines.
"""

ROLE_COLOURS = {
    "anchor": "#DCE3EC",
    "producer": "#E6E2F0",
    "decomposer": "#DFEBDD",
    "utility": "#F6E9D2",
    "consumer": "#F1DFDF",
}
"""Ground of the boxes by role."""

SETTINGS = {
    "svg.fonttype": "path",
    "svg.hashsalt": "symbiosis",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "path.simplify": False,
}

METADATA = {
    "svg": {"Date": None, "Creator": "symbiosis"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "symbiosis", "Producer": None},
    "png": {"Software": "symbiosis"},
}
"""By format: nothing that changes from run to run."""

MIDDLE = 0.36
"""Height of the middle of a line of text over its base, in units of its size."""

RESOLUTION = 200
"""Dots per inch of a PNG."""


SHORTEST = 4.2, 2.2
"""The shortest dash and space, in points."""
LEAST_DASHES = 9
"""So many dashes an arrow has at the least, where the shortest ones allow it."""


class Page:
    """A page of ``width`` x ``height`` points that shapes and texts are put on."""

    def __init__(self, width: float, height: float) -> None:
        self.box = Box(0.0, 0.0, width, height)
        self.figure = Figure(figsize=(width / 72, height / 72), facecolor=PAPER)
        self.axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0.0, width)
        self.axes.set_ylim(height, 0.0)
        self.axes.axis("off")
        self.font = FontProperties(fname=chinese_font())

    def save(self, path: Path) -> Path:
        """Write the page in the format of the suffix: svg, png or pdf."""
        kind = path.suffix.removeprefix(".").lower()
        self.figure.savefig(path, format=kind, dpi=RESOLUTION, metadata=METADATA[kind])
        return path

    def text(
        self,
        place: Point,
        text: str,
        size: float,
        colour: str = INK,
        across: str = "left",
        halo: float = 0.0,
        order: float = 8.0,
    ) -> None:
        """A line of text, its height centred on ``place``, with a white rim of ``halo`` points."""
        drawn = self.axes.text(
            place[0],
            place[1] + size * MIDDLE,
            text,
            fontproperties=self.font,
            fontsize=size,
            color=colour,
            ha=across,
            va="baseline",
            zorder=order,
        )
        if halo:
            drawn.set_path_effects([Stroke(linewidth=2 * halo, foreground=PAPER), Normal()])

    def rectangle(
        self,
        box: Box,
        ground: str,
        edge: str = "none",
        dashed: bool = False,
        round_by: float = 3.0,
        order: float = 5.0,
        line: float = 0.8,
    ) -> None:
        """A rectangle with rounded corners."""
        style = f"round,pad=0,rounding_size={round_by}"
        self.axes.add_patch(
            FancyBboxPatch(
                (box.x, box.y),
                box.width,
                box.height,
                boxstyle=style,
                facecolor=ground,
                edgecolor=edge,
                linewidth=line,
                linestyle=(0, (3.2, 2.2)) if dashed else "solid",
                zorder=order,
            )
        )

    def polygon(self, points: Sequence[Point], ground: str, order: float) -> None:
        """A filled area between points."""
        self.axes.add_patch(
            Polygon(points, closed=True, facecolor=ground, edgecolor="none", zorder=order)
        )

    def arrow(self, route: Route, colour: str, dashed: bool, order: float, rim: float) -> None:
        """An arrow over a white rim, so that it stands clear of the arrows it crosses."""
        way = outline(route.curves)
        if rim:
            self.axes.add_patch(_line(way, PAPER, route.width + 2 * rim, None, order))
            self._head(route, PAPER, 2 * rim, order)
        pattern = fitted_dashes(route) if dashed else None
        self.axes.add_patch(_line(way, colour, route.width, pattern, order))
        self._head(route, colour, 0.0, order)

    def _head(self, route: Route, colour: str, edge: float, order: float) -> None:
        head = Polygon(route.head(), closed=True, facecolor=colour, zorder=order)
        head.set(edgecolor=colour if edge else "none", linewidth=edge, joinstyle="miter")
        self.axes.add_patch(head)

    def line(self, start: Point, end: Point, colour: str, width: float, dashed: bool) -> None:
        """A straight line."""
        pattern = dashes(width) if dashed else None
        self.axes.add_patch(_line(Outline([start, end]), colour, width, pattern, 6.0))


def outline(curves: Sequence[Sequence[Point]]) -> Outline:
    """Curves one after another as a path of matplotlib."""
    points = [curves[0][0], *(point for curve in curves for point in curve[1:])]
    return Outline(points, [Outline.MOVETO, *([Outline.CURVE4] * (len(points) - 1))])


def dashes(width: float) -> tuple[float, float]:
    """Lengths of a dash and of the space behind it, for a line so wide; in points."""
    return max(SHORTEST[0], 0.9 * width), max(SHORTEST[1], 0.32 * width)


def fitted_dashes(route: Route) -> tuple[float, float]:
    """Dashes of an arrow: shorter where it is short, so that it stays one; a whole one ends it."""
    on, off = dashes(route.width)
    length = route.length()
    shrunk = min(1.0, length / (LEAST_DASHES * (on + off)))
    on, off = max(SHORTEST[0], on * shrunk), max(SHORTEST[1], off * shrunk)
    number = max(1, round((length + off) / (on + off)))
    return max(SHORTEST[0] / 2, (length + off) / number - off), off


def _line(
    way: Outline, colour: str, width: float, pattern: tuple[float, float] | None, order: float
) -> PathPatch:
    style = "solid" if pattern is None else (0.0, (pattern[0] / width, pattern[1] / width))
    return PathPatch(
        way,
        fill=False,
        edgecolor=colour,
        linewidth=width,
        linestyle=style,
        capstyle="butt",
        joinstyle="round",
        zorder=order,
    )


def settings() -> AbstractContextManager[None]:
    """A context in which matplotlib has its own defaults and ours, whatever the user has set."""
    return context(["default", SETTINGS])
