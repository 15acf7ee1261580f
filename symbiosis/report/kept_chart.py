"""The chart of a simulation that was kept, from its document."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from symbiosis.report.chart import Chart, Promise, Row, Spread, odds_of
from symbiosis.retrofit.calendar import Calendar
from symbiosis.retrofit.schedule import ALL, COMMISSIONED, FINISHED, STARTED
from symbiosis.words import say

Document = Mapping[str, Any]


def chart_of_document(document: Document, lang: str) -> Chart:
    """All projects by their median start, at last the whole park."""
    calendar = Calendar.of(document["start"])
    windows = document["windows"]
    return Chart(
        lang=lang,
        title=title_of(document, lang),
        subtitle=subtitle_of(document, lang),
        start=document["start"],
        horizon_d=calendar.day(document["end"]) + 1,
        rows=tuple(_rows(document, lang, calendar)),
        windows=tuple((calendar.day(w["from"]), calendar.day(w["until"]) + 1) for w in windows),
        never=1 - document["whole"]["finished_share"],
    )


def title_of(document: Document, lang: str) -> str:
    """The park and the scenario."""
    return f"{document[f'park_{lang}']} – {document['scenario']}"


def subtitle_of(document: Document, lang: str) -> str:
    """How many runs of which days."""
    key = "gantt_subtitle_once" if document["seed"] is None else "gantt_subtitle"
    words = {"runs": f"{document['runs']:,}", "start": document["start"], "end": document["end"]}
    return say(f"picture.{key}", lang, **words)


def _rows(document: Document, lang: str, calendar: Calendar) -> Iterator[Row]:
    def begin_d(row: Document) -> float:
        return _spread(row, STARTED, calendar).p50

    for row in sorted(document["projects"], key=lambda row: (begin_d(row), row["id"])):
        promises = tuple(_promises(document, row["id"], lang, calendar))
        yield Row(row[f"name_{lang}"], True, begin_d(row), _marks(row, calendar), promises)
    whole, promises = document["whole"], tuple(_promises(document, ALL, lang, calendar))
    yield Row(say("picture.gantt_all", lang), True, 0.0, _marks(whole, calendar), promises)


def _marks(row: Document, calendar: Calendar) -> tuple[Spread, ...]:
    return tuple(_spread(row, part, calendar) for part in (COMMISSIONED, FINISHED))


def _spread(row: Document, part: str, calendar: Calendar) -> Spread:
    def time_d(name: str, _: float) -> float:
        date = row[f"{part}_{name}"]
        return math.inf if date is None else calendar.day(date)

    return Spread.by(time_d)


def _promises(document: Document, name: str, lang: str, calendar: Calendar) -> Iterator[Promise]:
    for target in document["targets"]:
        if (target["milestone"] or "").partition(".")[0] == name:
            shares = {"p": target["probability"], "low": target["low"], "high": target["high"]}
            odds = odds_of(lang, target[f"name_{lang}"], target["by"], shares)
            yield Promise(calendar.day(target["by"]) + 1, odds)
