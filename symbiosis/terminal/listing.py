"""``parks`` and ``scenarios``: what is bundled."""

from typing import Any

from symbiosis.catalogue import Row, park_rows, scenario_rows
from symbiosis.terminal.table import Column, show_table
from symbiosis.terminal.talk import Talk


def list_parks(talk: Talk) -> None:
    """The bundled parks, as a table or as a bare JSON list."""
    _listed(park_rows(), ("name", "title", "province"), talk)


def list_scenarios(talk: Talk) -> None:
    """The bundled scenarios, as a table or as a bare JSON list."""
    _listed(scenario_rows(), ("name", "park", "start", "title"), talk)


def _listed(rows: list[Row], first: tuple[str, ...], talk: Talk) -> None:
    if talk.json:
        talk.document(rows)
        return
    texts = [Column(talk.say(f"column_{key}"), folds=key == "title") for key in first]
    counts = ("enterprises", "links", "projects")
    numbers = [Column(talk.say(f"column_{key}"), number=True) for key in counts]
    shown = [[*(_cell(row, key, talk) for key in (*first, *counts)), _grades(row)] for row in rows]
    show_table([*texts, *numbers, Column(talk.say("column_grades"), number=True)], shown)


def _cell(row: Row, key: str, talk: Talk) -> str:
    in_chinese = {"title": "name_zh", "province": "province_zh"}
    in_english = {"title": "name_en"}
    return str(row[(in_chinese if talk.lang == "zh" else in_english).get(key, key)])


def _grades(row: dict[str, Any]) -> str:
    """Quantities by grade: ``19/158/140/900``."""
    return "/".join(str(row["grades"][grade]) for grade in "ABCD")
