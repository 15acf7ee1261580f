"""Text in lines that fit a width, Chinese or English."""

import re

from symbiosis.report.fonts import text_width

CLOSING = "，。、；：！？）》”’％%)],.;:!?"
"""Never at the beginning of a line."""
OPENING = "（《“‘(["
"""Never at the end of a line."""
WORD = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+")

NAME_PARTS = re.compile(r"(?=（)|(?= \()|(?<=: )")
"""Where the name of an enterprise falls into name and explanation."""


def pieces(text: str) -> list[str]:
    """What a line break may not divide: a word, or a Chinese character with its punctuation."""
    found: list[str] = []
    for piece in WORD.findall(text):
        glued = found and (piece[0] in CLOSING or found[-1].rstrip()[-1:] in OPENING)
        if glued or not piece.strip():
            found[-1:] = ["".join([*found[-1:], piece])]
        else:
            found.append(piece)
    return found


def wrap(text: str, width: float, size: float) -> list[str]:
    """``text`` in as few lines as fit ``width`` points at ``size``, of about the same length.

    A word that is wider than ``width`` is broken.
    """
    parts = [part for piece in pieces(text) for part in broken(piece, width, size)]
    lines = filled(parts, width, size)
    low, high = width / 4, width
    for _ in range(6):
        middle = (low + high) / 2
        tighter = filled(parts, middle, size)
        if len(tighter) <= len(lines) and all(text_width(t, size) <= width for t in tighter):
            high, lines = middle, tighter
        else:
            low = middle
    return lines


def wrap_name(text: str, width: float, size: float) -> list[str]:
    """A name in lines, broken before a bracket or behind a colon where that costs no line."""
    lines = wrap(text, width, size)
    parts = NAME_PARTS.split(text, maxsplit=1)
    divided = [line for part in parts for line in wrap(part.strip(), width, size)]
    return divided if len(divided) <= len(lines) else lines


def filled(parts: list[str], width: float, size: float) -> list[str]:
    """Lines that take one part after another as long as they fit."""
    lines: list[str] = []
    for part in parts:
        if lines and text_width((lines[-1] + part).rstrip(), size) <= width:
            lines[-1] += part
        else:
            lines.append(part)
    return [line.strip() for line in lines] or [""]


def broken(piece: str, width: float, size: float) -> list[str]:
    """``piece`` in parts that each fit ``width``."""
    if text_width(piece.rstrip(), size) <= width:
        return [piece]
    cut = next((n for n in range(len(piece) - 1, 1, -1) if text_width(piece[:n], size) <= width), 1)
    if cut >= len(piece):
        return [piece]
    return [piece[:cut], *broken(piece[cut:], width, size)]
