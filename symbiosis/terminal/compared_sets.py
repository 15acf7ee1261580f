"""``compare`` of result sets on the terminal: what changed in any case, the largest first."""

from collections.abc import Sequence
from pathlib import Path

from symbiosis.batch.case import Verb
from symbiosis.comparing.row import SHARE, beyond
from symbiosis.comparing.set_queries import MONEY, SUBJECTS, YEARS
from symbiosis.comparing.sets import (
    CaseCounts,
    CasesLeftOut,
    SetComparison,
    SetRow,
    compared_sets,
)
from symbiosis.errors import listed
from symbiosis.terminal.compared_values import gap_text, value_text
from symbiosis.terminal.queried import written
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk

MOST_ROWS = 30
"""Rows of a subject on the screen; all are in the JSON."""
HEADS = ("what", "by", "base", "other", "difference", "ends", "end_cases",
         "directions")  # fmt: skip
TEXTS = ("what", "by", "end_cases")
OWN_TITLES = (("target", Verb.PLAN), ("project", Verb.SIMULATE))
"""Subjects whose numbers are something else than in a comparison of two results."""


def show_sets(
    addresses: Sequence[str], indicators: Sequence[str], file: Path | None, talk: Talk
) -> None:
    """Compare, keep every case in a file and show what changed."""
    with compared_sets(addresses, indicators) as found:
        if file is not None:
            rows = written(found.there, found.table, file)
        if talk.json:
            talk.document(found.document())
            return
        for counts in found.cases:
            show_set(found, counts, talk)
        if file is not None:
            path = file.resolve()
            show_text(talk.say("sets_written", path=path, rows=f"{rows:,}"))


def show_set(found: SetComparison, counts: CaseCounts, talk: Talk) -> None:
    """One set beside the base."""
    name = counts.result
    show_text(talk.say("compared_head", other=name, base=found.base), bold=True)
    words = {"base": f"{counts.base:,}", "other": f"{counts.other:,}"}
    show_text(talk.say("sets_cases", pairs=f"{counts.compared:,}", **words))
    for asked in found.asked_otherwise:
        if asked["result"] == name:
            words = {key: _short(asked[key]) for key in ("base", "other")}
            show_text(talk.say("compared_asked", asked=asked["key"], **words))
    if found.verb is Verb.SIMULATE and counts.compared:
        same = {"same": f"{counts.same_seed:,}", "pairs": f"{counts.compared:,}"}
        show_text(talk.say("sets_luck", **same))
    for one in found.left_out:
        if one.result == name:
            show_text(_left_out(one, found.base, talk))
    show_text()
    show_rows([row for row in found.rows if row.result == name], found.verb, talk)
    show_text()


def _short(value: object) -> str:
    """What was asked; of a list the first few; a dash for nothing."""
    if value is None or value == []:
        return "–"
    return listed(map(str, value), 5) if isinstance(value, list) else str(value)


def _left_out(one: CasesLeftOut, base: str, talk: Talk) -> str:
    rest = one.cases - len(one.names)
    names = ", ".join(one.names) + (f", … (+{rest:,})" if rest else "")
    words = {"base": base, "other": one.result, "cases": f"{one.cases:,}"}
    return talk.say(f"sets_{one.why}", names=names, **words)


def show_rows(rows: Sequence[SetRow], verb: Verb, talk: Talk) -> None:
    """What changed, by park and subject, and how many things are the same everywhere."""
    if not rows:
        show_text(talk.say("sets_no_pairs"))
        return
    parks = list(dict.fromkeys(row.park for row in rows))
    for park in parks:
        if len(parks) > 1:
            show_text(talk.say("sets_park", park=park), bold=True)
        for subject in SUBJECTS:
            own = [row for row in rows if (row.park, row.subject) == (park, subject)]
            show_subject(subject, [row for row in own if row.changed], verb, talk)
    if meant := [row for row in rows if row.other_meaning]:
        names = listed(dict.fromkeys(row.id for row in meant), 20)
        show_text(talk.say("sets_other_promise", names=names))
    rest = sum(not (row.changed or row.other_meaning) for row in rows)
    key = "sets_all_same" if rest == len(rows) else "sets_same"
    show_text(talk.say(key, count=rest))


def show_subject(subject: str, rows: Sequence[SetRow], verb: Verb, talk: Talk) -> None:
    """What changed of one kind."""
    if not rows:
        return
    keys = [key for key in HEADS if key != "by" or any(row.by for row in rows)]
    columns = [Column(talk.say(f"column_{key}"), number=key not in TEXTS) for key in keys]
    shown, above = [], ""
    for row in largest_first(rows)[:MOST_ROWS]:
        name = str(row.name_zh if talk.lang == "zh" else row.name_en)
        cells = cells_of(row, talk) | {"what": "" if name == above else name}
        shown.append([cells[key] for key in keys])
        above = name
    own = f"_{verb.value}" if (subject, verb) in OWN_TITLES else ""
    show_table(columns, shown, title=talk.say(f"compared_{subject}{own}"))
    if rest := len(rows) - len(shown):
        show_text(talk.say("sets_more", count=rest))
        show_text()


def largest_first(rows: Sequence[SetRow]) -> list[SetRow]:
    """By unit, shares and money first; then things by their largest difference, years in order."""
    units = list(dict.fromkeys((SHARE, MONEY, *(row.unit for row in rows))))
    reach: dict[tuple[str, str], float] = {}
    for row in rows:
        own = row.id, row.unit
        reach[own] = max(reach.get(own, 0.0), row.reach)
    return sorted(
        rows,
        key=lambda row: (
            units.index(row.unit), -reach[row.id, row.unit], row.id, row.by or "",
        ),
    )  # fmt: skip


def cells_of(row: SetRow, talk: Talk) -> dict[str, str]:
    """A row as it stands on the screen."""
    lone = {"base": f"{row.base_only:,}", "other": f"{row.other_only:,}"}
    alone = talk.say("sets_alone", **lone) if row.base_only + row.other_only else ""
    spread = (row.greatest or 0.0) - (row.smallest or 0.0)
    varied = beyond(spread, row.smallest, row.greatest)
    ends = [gap_text(end, row.unit, talk) for end in (row.smallest, row.greatest)]
    return {
        "by": row.by or "",
        "base": _mean(row.base, row.unit, talk),
        "other": _mean(row.other, row.unit, talk),
        "difference": gap_text(row.difference, row.unit, talk),
        "ends": " … ".join(ends) if varied else "–",
        "end_cases": f"{row.smallest_case} … {row.greatest_case}" if varied else "–",
        "directions": f"{row.rise:,}/{row.fall:,}/{row.stay:,}{alone}",
    }


def _mean(value: float | str | None, unit: str, talk: Talk) -> str:
    """A mean; of years with a decimal, for few are whole."""
    if unit == YEARS and isinstance(value, float):
        return f"{value:.1f}"
    return value_text(value, unit, talk)
