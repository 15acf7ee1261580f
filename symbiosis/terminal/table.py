"""Tables on stdout that keep their columns where Chinese characters are two cells wide."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

RULE = "\n".join(["    ", "    ", " ── ", "    ", "    ", "    ", "    ", "    "]) + "\n"
"""Lines of a rich box that has nothing but a rule under the head."""
WIDTH_WITHOUT_TERMINAL = 140
"""Columns where stdout is a file or a pipe and COLUMNS is not set."""

LEAST = 12
"""Columns that a foldable column keeps where the terminal has them."""


@dataclass(frozen=True)
class Column:
    """A heading, and whether what stands under it are numbers or may be folded."""

    heading: str
    number: bool = False
    folds: bool = True


def width() -> int:
    """Columns to write for: those of the terminal, or enough for every table in a file."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size().columns
    return WIDTH_WITHOUT_TERMINAL


def show(renderable: Any, **options: Any) -> None:
    """What rich makes of something, on stdout, without blanks at the ends of lines."""
    from rich.console import Console

    console = Console(file=sys.stdout, width=width(), highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(renderable, **options)
    lines = (line.rstrip() for line in captured.get().splitlines())
    sys.stdout.write("\n".join(lines) + "\n")


def show_text(text: str = "", bold: bool = False) -> None:
    """A line or paragraph, folded at the width of the terminal."""
    show(text, style="bold" if bold else None)


def show_table(columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """A table with a rule under its head; numbers stand to the right."""
    from rich.box import Box
    from rich.table import Table

    table = Table(box=Box(RULE), pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(
            column.heading,
            justify="right" if column.number else "left",
            no_wrap=column.number or not column.folds,
            overflow="fold",
            min_width=min(LEAST, width() // 8) if column.folds and not column.number else None,
        )
    for row in rows:
        table.add_row(*row)
    if title:
        show_text(title, bold=True)
    show(table)
    show_text()
