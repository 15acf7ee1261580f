"""Every sentence that a user sees, in Chinese and English.

The texts stand in ``lang/<area>.toml``, both languages side by side under one key::

    [no_unit]
    en = "'{found}' has no unit"
    zh = "“{found}”没有单位"

``say("errors.no_unit", "zh", found="35")`` fills the placeholders. Keys and codes never change
with the language.
"""

import locale
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("zh", "en")


def default_language() -> str:
    """``zh`` where the user's locale is Chinese, otherwise ``en``."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    name = locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


@cache
def texts(area: str) -> dict[str, dict[str, str]]:
    """All texts of one area, ``{key: {language: text}}``."""
    path = resources.files("symbiosis") / "lang" / f"{area}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def say(key: str, lang: str, **values: Any) -> str:
    """The text ``area.key`` in ``lang`` with its placeholders filled.

    A value that is a mapping of languages (``{"zh": ..., "en": ...}``) is filled in ``lang``.
    Raises ``KeyError`` for a key or language that does not exist: that is a fault of the
    program, never of the user.
    """
    area, _, name = key.partition(".")
    spoken = {k: v[lang] if isinstance(v, Mapping) else v for k, v in values.items()}
    return texts(area)[name][lang].format(**spoken)


def term(name: Any, lang: str) -> Any:
    """A noun of the field by its English name; anything that is none is returned as it is."""
    known = texts("nouns").get(name) if isinstance(name, str) else None
    return name if known is None else known[lang]
