"""Tables on stdout that keep their columns where Chinese characters are two cells wide."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_WITHOUT_TERMINAL = 140
"""Columns where stdout is a file or a pipe and COLUMNS is not set."""


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


def console() -> "Console":
    """Where text goes, at the width of the moment."""
    from rich.console import Console

    return Console(
        file=sys.stdout, width=width(), highlight=False, markup=False, emoji=False, soft_wrap=False
    )


def show_text(text: str = "", bold: bool = False) -> None:
    """A line or paragraph, folded at the width of the terminal."""
    console().print(text, style="bold" if bold else None)


def show_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str = "", indent: int = 0
) -> None:
    """A table with a rule under its head; numbers stand to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.padding import Padding
    from rich.table import Table

    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, title=title or None, title_justify="left", title_style="bold"
    )
    for column in columns:
        table.add_column(
            column.heading,
            justify="right" if column.number else "left",
            no_wrap=column.number or not column.folds,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*row)
    console().print(Padding(table, (0, 0, 0, indent)))
