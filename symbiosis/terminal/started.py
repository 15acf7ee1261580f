"""``new``: a starting file, where nothing is that would be lost."""

import sys
from pathlib import Path

from symbiosis.template import is_id, park_text, scenario_text, write_new
from symbiosis.terminal.problems import chosen, refusal
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.writing import writing


def write_starting_file(kind: str, name: str, park: str, force: bool, talk: Talk) -> None:
    """Write ``NAME.yaml`` and say so. Raises :class:`InputError`."""
    chosen(kind, ("park", "scenario"), "park|scenario")
    if not is_id(name):
        raise refusal("not_an_id", "NAME", found=name)
    path = Path(f"{name}.yaml")
    if path.exists() and not force:
        raise refusal("file_there", str(path), found=str(path))
    text = park_text(name, talk.lang) if kind == "park" else scenario_text(name, park, talk.lang)
    with writing(path):
        written = write_new(path, text)
    if talk.json:
        talk.document({"path": str(written)})
    else:
        sys.stdout.write(talk.say(f"new_{kind}_written", path=path, park=park) + "\n")
