"""``show``: a park as tables."""

from typing import Any

from symbiosis.park.park import Park
from symbiosis.terminal.numbers import figures
from symbiosis.terminal.rows import Row, rows_of
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk

TABLES = {
    "enterprises": ("id", "name", "role", "inside", "state", "grade", "source"),
    "units": ("id", "name", "drive", "capacity", "activity", "from", "stated"),
    "byproducts": ("id", "name", "material", "amount", "routes", "stated"),
    "uses": ("id", "name", "amount", "accepts", "virgin", "stated"),
    "links": ("id", "name", "byproduct", "uses", "status", "observed", "grade", "source"),
    "projects": ("id", "name", "types", "status", "investment", "from", "grade", "source"),
    "sources": ("id", "title", "date", "kind"),
}
"""Columns of each table; ``stated`` are all grades below a row, the weakest last."""
FOLDED = frozenset(
    {"id", "name", "title", "byproduct", "uses", "routes", "accepts", "source", "state", "types"}
)
NUMBERS = frozenset({"capacity", "amount", "observed", "investment", "activity"})


def show_park(park: Park, sections: tuple[str, ...], talk: Talk) -> None:
    """The chosen sections on stdout."""
    rows = rows_of(park)
    if talk.json:
        talk.document({name: rows[name] for name in sections})
        return
    for section in sections:
        if section == "park":
            show_head(park, talk)
        else:
            show_section(section, rows[section], talk)


def show_head(park: Park, talk: Talk) -> None:
    """The park itself: name, province, years, boundaries, how uses count."""
    show_text(f"{talk.name(park)} ({park.id})", bold=True)
    if summary := getattr(park, f"summary_{talk.lang}"):
        show_text(summary)
    province = park.province_zh if talk.lang == "zh" else park.province
    lines = [
        ("column_province", province),
        ("column_start", str(park.start)),
        ("horizon", park.horizon.value),
        ("money_year", str(park.money_year)),
    ]
    lines += [("boundary", f"{talk.name(b)} ({key})") for key, b in park.boundaries.items()]
    lines += [("document", f"{talk.name(d)} ({key})") for key, d in park.rate_documents.items()]
    show_table(
        [Column(talk.say("column_item"), folds=False), Column("")],
        [[talk.say(key), value] for key, value in lines],
    )


def show_section(section: str, rows: Row, talk: Talk) -> None:
    """One table, one line per id."""
    columns = [
        Column(talk.say(f"column_{key}"), number=key in NUMBERS, folds=key in FOLDED)
        for key in TABLES[section]
    ]
    shown = [[cell(row, key, talk) for key in TABLES[section]] for row in rows.values()]
    show_table(columns, shown, title=talk.say(f"title_{section}", count=len(rows)))


def cell(row: Row, key: str, talk: Talk) -> str:
    """One cell as text."""
    match key:
        case "name":
            return str(row[f"name_{talk.lang}"])
        case "amount":
            return _value(row.get("generated_per_year") or row.get("needed_per_year"))
        case "stated":
            return "".join(sorted(grades_below(row)))
        case "virgin":
            return _value(row.get("virgin", {}).get("price"))
        case "routes":
            routes = row["routes"].values()
            return ", ".join(f"{r[f'name_{talk.lang}']} ({talk.say(r['kind'])})" for r in routes)
        case "accepts":
            return ", ".join(row["accepts"])
        case "status" | "role" | "drive":
            return talk.say(row[key])
        case "types":
            return ", ".join(talk.say(kind) for kind in row[key])
    value = row.get(key)
    return ", ".join(map(str, value)) if isinstance(value, list) else _value(value)


def grades_below(node: Any) -> set[str]:
    """Every grade that is stated anywhere in a row."""
    if isinstance(node, list):
        return {grade for inner in node for grade in grades_below(inner)}
    if not isinstance(node, dict):
        return set()
    own = {str(node["grade"])} if "grade" in node else set()
    return own | {grade for inner in node.values() for grade in grades_below(inner)}


def _value(value: Any) -> str:
    """A quantity in base units, or any other value as it is; nothing for what is not stated."""
    if value is None:
        return ""
    if isinstance(value, dict) and "amount" in value:
        if value["unit"] == "1":
            return f"{100 * value['amount']:g} %"
        return f"{figures(value['amount'], 4)} {value['unit']}"
    return str(value)
