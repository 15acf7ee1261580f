"""``compare`` on the terminal: the clear differences first, and how many others are chance."""

from collections.abc import Sequence
from pathlib import Path

from symbiosis.comparing.comparison import Comparison, compare
from symbiosis.comparing.row import LeftOut, Row
from symbiosis.comparing.sets import is_set
from symbiosis.errors import listed, nearest
from symbiosis.keep import Kept
from symbiosis.retrofit.chance import CONFIDENCE
from symbiosis.retrofit.document import KIND as SIMULATE
from symbiosis.terminal.compared_sets import show_sets
from symbiosis.terminal.compared_values import gap_text, value_text
from symbiosis.terminal.numbers import figures
from symbiosis.terminal.problems import refusal
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.writing import writing

ENDINGS = (".csv", ".parquet")
NUMBERS = ("base", "other", "difference", "interval", "compared_runs")


def show_comparison(
    folders: Sequence[str], indicators: Sequence[str], file: Path | None, talk: Talk
) -> None:
    """Compare, keep all rows and show them; result sets of ``batch`` in their own way."""
    if file is not None and file.suffix.lower() not in ENDINGS:
        near = {"nearest": nearest(file.suffix, ENDINGS), "allowed": listed(ENDINGS)}
        raise refusal("no_table_ending", "--output", found=str(file), **near)
    if any(map(is_set, folders)):
        show_sets(folders, indicators, file, talk)
        return
    found = compare(folders, indicators)
    if file is not None:
        with writing(file):
            found.write(file)
    if talk.json:
        talk.document(found.document())
        return
    for kept in found.others:
        show_pair(found, kept, talk)
    if file is not None:
        show_text(talk.say("compared_written", path=file.resolve()))


def show_pair(found: Comparison, other: Kept, talk: Talk) -> None:
    """One result beside the base."""
    name, base = str(other.folder), str(found.base.folder)
    rows = [row for row in found.rows if row.result == name]
    show_text(talk.say("compared_head", other=name, base=base), bold=True)
    for asked in found.asked_otherwise:
        if asked["result"] == name and asked["key"] != "seed":
            words = {"asked": asked["key"], "base": asked["base"], "other": asked["other"]}
            show_text(talk.say("compared_asked", **words))
    by_luck = found.base.kind == SIMULATE
    if by_luck:
        show_text(manner(found.base, other, talk))
    show_text()
    clear = [row for row in rows if row.clear]
    for subject in dict.fromkeys(row.subject for row in clear):
        show_rows(subject, [row for row in clear if row.subject == subject], talk)
    show_text(remainder(rows, by_luck, talk))
    show_left_out([one for one in found.left_out if one.result == name], base, talk)
    show_text()


def manner(base: Kept, other: Kept, talk: Talk) -> str:
    """How differences are taken."""
    one, two = base.manifest["seed"], other.manifest["seed"]
    if one is None and two is None:
        return talk.say("compared_exact")
    if one == two:
        return talk.say("compared_paired", seed=one)
    return talk.say("compared_apart", base_seed=one, other_seed=two)


def remainder(rows: Sequence[Row], by_luck: bool, talk: Talk) -> str:
    """What is to be said of the rows that are not shown."""
    rest = sum(not row.clear for row in rows)
    if rest == len(rows):
        return talk.say("compared_no_clear" if by_luck else "compared_all_same", count=rest)
    told = talk.say("compared_chance" if by_luck else "compared_same", count=rest)
    if not any(row.low is not None and row.low != row.high for row in rows):
        return told
    expected = figures((1 - CONFIDENCE) * len(rows), 2)
    gap = "" if talk.lang == "zh" else " "
    return gap.join([told, talk.say("compared_by_chance", count=len(rows), expected=expected)])


def show_left_out(left_out: Sequence[LeftOut], base: str, talk: Talk) -> None:
    """What one of the two alone has."""
    for why, subject in dict.fromkeys((one.why, one.subject) for one in left_out):
        names = [one.id for one in left_out if (one.why, one.subject) == (why, subject)]
        words = {"subject": talk.say(f"subject_{subject}"), "names": listed(names, 20)}
        show_text(talk.say(f"compared_{why}", base=base, other=left_out[0].result, **words))


def show_rows(subject: str, rows: Sequence[Row], talk: Talk) -> None:
    """The clear differences of one kind of thing."""
    keys = ["what", "by", "base", "other", "difference"]
    with_luck = any(row.n is not None for row in rows)
    dated = any(row.by for row in rows)
    if with_luck:
        keys += ["interval", "compared_runs"]
    if not dated:
        keys.remove("by")
    mean = with_luck and subject != "target"
    title = talk.say(f"compared_{subject}_mean" if mean else f"compared_{subject}")
    columns = [Column(talk.say(f"column_{key}"), number=key in NUMBERS) for key in keys]
    shown, above = [], ""
    for row in rows:
        name = str(row.name_zh if talk.lang == "zh" else row.name_en)
        cells, above = ["" if name == above else name], name
        cells += [row.by or ""] if dated else []
        cells += [value_text(row.base, row.unit, talk), value_text(row.other, row.unit, talk)]
        cells.append(gap_text(row.difference, row.unit, talk))
        cells += [interval_text(row, talk), runs_text(row)] if with_luck else []
        shown.append(cells)
    show_table(columns, shown, title=title)


def interval_text(row: Row, talk: Talk) -> str:
    """From where to where the difference lies with 95 %."""
    if row.low is None or row.low == row.high:
        return "–"
    return " … ".join(gap_text(end, row.unit, talk) for end in (row.low, row.high))


def runs_text(row: Row) -> str:
    """In how many runs it was compared; of each result where that is not the same."""
    if row.paired and row.n_base == row.n_other == row.n:
        return str(row.n)
    apart = f"{row.n_base} / {row.n_other}"
    return f"{row.n} ({apart})" if row.paired else apart
