"""How one command talks: in which language, as tables or JSON, and how much.

Answers go to stdout; messages, progress and warnings go to stderr.
"""

import json
import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from symbiosis.words import say

SCHEMA_VERSION = 1
"""Version of the JSON documents; it grows when a key changes its meaning or goes."""


@dataclass(frozen=True)
class Talk:
    """The options that every command has."""

    lang: str
    json: bool = False
    quiet: bool = False
    verbose: bool = False

    def say(self, key: str, **values: Any) -> str:
        """The text ``terminal.key`` in the chosen language."""
        return say(f"terminal.{key}", self.lang, **values)

    def name(self, noun: Any) -> str:
        """The name of a noun (``name_zh``, ``name_en``) in the chosen language."""
        return str(getattr(noun, f"name_{self.lang}"))

    def note(self, key: str, **values: Any) -> None:
        """A message to stderr, unless the command is to be quiet."""
        if not self.quiet:
            sys.stderr.write(self.say(key, **values) + "\n")

    def document(self, value: Any) -> None:
        """One JSON document on stdout; an object gets its ``schema_version`` first.

        Where stdout cannot carry every sign (a GBK terminal), signs are escaped.
        """
        if isinstance(value, dict):
            value = {"schema_version": SCHEMA_VERSION} | value
        plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        text = json.dumps(value, ensure_ascii=plain, indent=2, allow_nan=False)
        sys.stdout.write(text + "\n")


def guess(arguments: list[str], default: str) -> Talk:
    """The same options read roughly, for help texts and for what cannot be parsed."""
    lang = default
    for here, following in pairwise([*arguments, ""]):
        asked = following if here == "--lang" else here.removeprefix("--lang=")
        if here.startswith("--lang") and asked in ("zh", "en"):
            lang = asked
    flags = {sign for word in arguments if word[:1] == "-" != word[1:2] for sign in word[1:]}
    return Talk(
        lang,
        json="--json" in arguments,
        quiet="--quiet" in arguments or "q" in flags,
        verbose="--verbose" in arguments or "v" in flags,
    )
