"""A font with Chinese glyphs, and how wide a text is in it.

Nothing is registered and no setting of matplotlib is changed: texts name the font's file.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib.font_manager import findSystemFonts, get_font
from matplotlib.ft2font import LoadFlags

from symbiosis.errors import InputError, Problem

TRIED = "园镍铜硫酸渣"
"""Glyphs that a font must have to be taken for Chinese."""

USUAL = ("notosanssc", "notosanscjk", "sourcehansans", "pingfang", "msyh", "simhei", "wqy")
"""System fonts to prefer, in this order, by the beginning of their file names."""

LINE_HEIGHT = 1.28
"""Distance of two lines of text in units of its size."""


@cache
def chinese_font() -> Path:
    """The font file that every text of a picture is set in.

    It is the one that the package ``zhplot`` carries (Noto Sans SC), else a Chinese font of the
    system. Raises :class:`InputError` (``font_missing``) where there is neither.
    """
    for path in (*packaged_fonts(), *system_fonts()):
        if has_chinese(path):
            return path
    raise InputError([Problem("font_missing")])


def packaged_fonts() -> list[Path]:
    """Fonts in the folder of ``zhplot``, found without importing it."""
    spec = find_spec("zhplot")
    folders = [] if spec is None else spec.submodule_search_locations or []
    return sorted(path for folder in folders for path in Path(folder).glob("fonts/*.[ot]t[fc]"))


def system_fonts() -> list[Path]:
    """The fonts of the system, usual Chinese ones first, otherwise by name."""

    def preference(path: Path) -> tuple[int, str]:
        name = path.stem.lower().replace("-", "")
        ranks = [i for i, usual in enumerate(USUAL) if name.startswith(usual)]
        return min(ranks, default=len(USUAL)), str(path)

    return sorted(map(Path, findSystemFonts()), key=preference)


def has_chinese(path: Path) -> bool:
    """Whether the font can be read and has the glyphs of ``TRIED``."""
    try:
        font = get_font(str(path))
    except (OSError, RuntimeError):
        return False
    return all(font.get_char_index(ord(glyph)) for glyph in TRIED)


@cache
def text_width(text: str, size: float) -> float:
    """Width of one line of text set at ``size``, both in points."""
    font = get_font(str(chinese_font()))
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width: int = font.get_width_height()[0]
    return width / 64


def text_height(lines: int, size: float) -> float:
    """Height of so many lines of text set at ``size``, both in points."""
    return lines * size * LINE_HEIGHT
