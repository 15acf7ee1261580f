"""The key of a network picture: colours, styles of lines, boxes, scales of width."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symbiosis.report.amounts import SPOKEN, amount_text, round_down
from symbiosis.report.fitting import IDLE_WIDTH
from symbiosis.report.fonts import text_width
from symbiosis.report.geometry import Box, Point
from symbiosis.report.paint import FAINT, INK, KIND_COLOURS, MUTED, PAPER, ROLE_COLOURS, Page
from symbiosis.report.streams import Stream, WidthScale
from symbiosis.words import say

TEXT = 7.6
ROW = 12.5
SWATCH = 26.0
ROWS = 3
WIDEST = 11.0
"""Width in points of the widest line that a row holds."""
HEIGHT = 12.0 + ROWS * ROW + 4.0
"""Height of the key in points."""
UNITS = ("t", "GJ", "Nm3", "m3", "kWh")

Sign = Callable[[Page, Point], None]


@dataclass(frozen=True)
class Entry:
    """A sign and what it means."""

    sign: Sign
    text: str


@dataclass(frozen=True)
class Section:
    """Columns of at most ``ROWS`` entries under a heading."""

    heading: str
    columns: Sequence[Sequence[Entry]]

    def width(self) -> float:
        """Room that the section takes across."""
        return max(text_width(self.heading, TEXT), sum(map(column_width, self.columns)))


def in_rows(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    """The entries in columns of ``ROWS``."""
    return [entries[i : i + ROWS] for i in range(0, len(entries), ROWS)]


def column_width(entries: Sequence[Entry]) -> float:
    """Room that a column of entries takes across."""
    return SWATCH + 5.0 + max(text_width(entry.text, TEXT) for entry in entries) + 12.0


@dataclass(frozen=True)
class Shown:
    """What the picture shows and the key must explain."""

    streams: Sequence[Stream]
    scale: WidthScale
    flows: bool
    against_today: bool
    outside: bool
    resting: bool


def draw_legend(page: Page, place: Box, shown: Shown, lang: str) -> None:
    """The key in ``place``, its sections spread over the width."""
    sections = [kinds(shown, lang), links(shown, lang), enterprises(shown, lang)]
    if shown.scale.per_unit:
        sections.append(widths(shown, lang))
    spare = place.width - sum(section.width() for section in sections)
    step = max(6.0, min(40.0, spare / max(1, len(sections) - 1)))
    x = place.x
    for section in sections:
        page.text((x, place.y + 5.0), section.heading, TEXT, MUTED)
        at = x
        for entries in section.columns:
            for row, entry in enumerate(entries):
                y = place.y + 12.0 + (row + 0.5) * ROW
                entry.sign(page, (at, y))
                page.text((at + SWATCH + 5.0, y), entry.text, TEXT)
            at += column_width(entries)
        x += section.width() + step


def kinds(shown: Shown, lang: str) -> Section:
    """A colour for each kind of material that occurs."""
    there = {stream.kind for stream in shown.streams if not stream.idle}
    entries = [
        Entry(ruled(KIND_COLOURS[kind], 3.2), say(f"picture.{kind}", lang))
        for kind in KIND_COLOURS
        if kind in there
    ]
    return Section(say("picture.legend_kind", lang), in_rows(entries))


def links(shown: Shown, lang: str) -> Section:
    """Solid, dashed, grey: existing, new, idle."""
    entries = [
        Entry(ruled(INK, 1.6), say("picture.legend_existing", lang)),
        Entry(ruled(INK, 1.6, dashed=True), say("picture.legend_new", lang)),
    ]
    if shown.flows and any(stream.idle for stream in shown.streams):
        key = "legend_released" if shown.against_today else "legend_idle"
        entries.append(Entry(ruled(FAINT, IDLE_WIDTH + 0.3), say(f"picture.{key}", lang)))
    if not shown.flows:
        entries.append(Entry(ruled(INK, 0.9), say("picture.legend_unreported", lang)))
    return Section(say("picture.legend_link", lang), in_rows(entries))


def enterprises(shown: Shown, lang: str) -> Section:
    """Inside or outside the boundary, with or without flow."""
    entries = [Entry(boxed(outside=False, resting=False), say("picture.legend_inside", lang))]
    if shown.outside:
        entries.append(
            Entry(boxed(outside=True, resting=False), say("picture.legend_outside", lang))
        )
    if shown.resting:
        entries.append(
            Entry(boxed(outside=False, resting=True), say("picture.legend_resting", lang))
        )
    return Section(say("picture.legend_enterprise", lang), in_rows(entries))


def widths(shown: Shown, lang: str) -> Section:
    """Round amounts of each unit at their width, a column for each unit."""
    columns = []
    for unit in (unit for unit in UNITS if unit in shown.scale.per_unit):
        largest = max(s.amount or 0.0 for s in shown.streams if s.unit == unit)
        largest = min(largest, WIDEST / shown.scale.per_unit[unit])
        at = {amount: shown.scale.width(amount, unit) for amount in samples(largest)}
        columns.append(
            [
                Entry(ruled(MUTED, width), amount_text(amount, unit, lang))
                for amount, width in at.items()
                if width > shown.scale.least
            ]
        )
    return Section(say("picture.legend_width", lang), [column for column in columns if column])


def samples(largest: float) -> tuple[float, float, float]:
    """Three round amounts: near ``largest``, about a third and about a tenth of it."""
    return round_down(largest), round_down(largest / 3), round_down(largest / 10)


def least_text(scale: WidthScale, lang: str) -> str:
    """From which amounts on the widths are proportional, for every unit."""
    units = [unit for unit in UNITS if (unit, lang) in SPOKEN and unit in scale.per_unit]
    amounts = [amount_text(scale.exact_from(unit), unit, lang) for unit in units]
    return say("picture.legend_least", lang, amounts=("、" if lang == "zh" else ", ").join(amounts))


def ruled(colour: str, width: float, dashed: bool = False) -> Sign:
    """A piece of line."""

    def draw(page: Page, place: Point) -> None:
        page.line(place, (place[0] + SWATCH, place[1]), colour, width, dashed)

    return draw


def boxed(outside: bool, resting: bool) -> Sign:
    """A small box of an enterprise."""

    def draw(page: Page, place: Point) -> None:
        box = Box(place[0] + 2.0, place[1] - 4.5, SWATCH - 4.0, 9.0)
        draw_enterprise(page, box, "producer", outside, resting)

    return draw


def draw_enterprise(page: Page, box: Box, role: str, outside: bool, resting: bool) -> None:
    """The box of an enterprise: dashed and white outside the boundary, faint without flow."""
    ground = PAPER if outside or resting else ROLE_COLOURS.get(role, PAPER)
    page.rectangle(box, ground, FAINT if resting else MUTED, dashed=outside)
