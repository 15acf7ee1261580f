"""``doctor`` on the terminal."""

from typing import Any

from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk


def show_health(found: dict[str, Any], talk: Talk) -> None:
    """What is there as tables; then what is missing and what to do."""
    missing = [
        row | {"text": talk.say(row["code"], found=row["found"])} for row in found["missing"]
    ]
    if talk.json:
        talk.document(found | {"missing": missing})
        return
    head = "symbiosis {version} · Python {python} · {platform}"
    show_text(head.format_map(found), bold=True)
    _backends(found["backends"], talk)
    rows = [(name, version or talk.say("not_there")) for name, version in found["packages"].items()]
    rows += [(talk.say("font"), f"{font['name']} ({font['from']})") for font in found["fonts"]]
    executables = [row["name"] for row in found["executables"] if row["path"]]
    rows.append((talk.say("executables"), ", ".join(executables) or talk.say("none")))
    show_table([Column(talk.say("column_item"), folds=False), Column(talk.say("version"))], rows)
    for row in missing:
        show_text(f"- {row['text']}")
    if not missing:
        show_text(talk.say("nothing_missing"))


def _backends(rows: list[dict[str, Any]], talk: Talk) -> None:
    keys = ("backend", "version", "licence")
    shown = [
        (f"{row['name']} ({row['title']})", row["version"] or talk.say("not_there"), row["licence"])
        for row in rows
    ]
    show_table([Column(talk.say(key), folds=key == "licence") for key in keys], shown)
