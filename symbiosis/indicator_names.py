"""What indicators are called, in Chinese and English, and their units: for tables and reports.

The texts stand in ``lang/indicators.toml``, by family; what an indicator is about (a material, an
enterprise, a unit) has the name that the park gives it.
"""

from dataclasses import dataclass
from typing import Any

from symbiosis.measurable import Measurable
from symbiosis.park.park import Park
from symbiosis.words import LANGUAGES, say, texts

AREA = "indicators"
READING, TO = "utilisation_rate_if_", "_is_"
IN_UNIT = "_in_"


@dataclass(frozen=True)
class IndicatorName:
    """An indicator with its unit ("1" for a share) and its names."""

    id: str
    unit: str
    name_zh: str
    name_en: str

    def name(self, lang: str) -> str:
        """Its name in a language."""
        return self.name_zh if lang == "zh" else self.name_en


def indicator_names(park: Park, known: Measurable) -> dict[str, IndicatorName]:
    """Every measure of a park by its id."""
    return {
        name: IndicatorName(name, measure.unit, *(name_of(name, park, lang) for lang in LANGUAGES))
        for name, measure in known.measures.items()
    }


def name_of(indicator: str, park: Park, lang: str) -> str:
    """What an indicator of a park is called. Raises ``KeyError`` for one that does not exist."""
    if indicator.startswith(READING):
        subject, _, other = indicator.removeprefix(READING).rpartition(TO)
        named = _name(park.byproducts[subject], lang)
        return say(f"{AREA}.reading", lang, subject=named, other=say(f"terminal.{other}", lang))
    family, _, subject = indicator.partition(".")
    if not subject:
        return _whole(indicator, lang)
    if family.startswith("heat_"):
        return say(f"{AREA}.numbered", lang, name=_whole(family, lang), number=subject)
    return say(f"{AREA}.{family}", lang, subject=_about(park, family, subject, lang))


def names_of(indicator: str, park: Park) -> dict[str, str]:
    """What an indicator is called by language; its id where the park has no name for it."""
    try:
        return {lang: name_of(indicator, park, lang) for lang in LANGUAGES}
    except KeyError:
        return dict.fromkeys(LANGUAGES, indicator)


def plain_name(indicator: str, lang: str) -> str:
    """What an indicator is called where no park is at hand; its id where the name hangs on one."""
    family, _, subject = indicator.partition(".")
    of_a_park = subject and family != "cost_item" and not family.startswith("heat_")
    if of_a_park or indicator.startswith(READING):
        return indicator
    try:
        if family == "cost_item":
            item = say(f"terminal.cost_{subject}", lang)
            return say(f"{AREA}.cost_item", lang, subject=item)
        plain = _whole(family, lang)
    except KeyError:
        return indicator
    return say(f"{AREA}.numbered", lang, name=plain, number=subject) if subject else plain


def _whole(indicator: str, lang: str) -> str:
    """An indicator of the whole park; waste that is not counted in t names its unit."""
    if indicator in texts(AREA):
        return say(f"{AREA}.{indicator}", lang)
    plain, _, unit = indicator.rpartition(IN_UNIT)
    return say(f"{AREA}.counted_in", lang, name=say(f"{AREA}.{plain}", lang), unit=unit)


def _about(park: Park, family: str, subject: str, lang: str) -> str:
    """The material, item, enterprise or unit that an indicator is about."""
    if family == "used_share":
        return _name(park.materials[subject], lang)
    if family == "cost_item":
        return say(f"terminal.cost_{subject}", lang)
    if family == "cost_of":
        return _name(park.enterprises[subject], lang)
    enterprise = subject.partition(".")[0]
    return f"{_name(park.enterprises[enterprise], lang)} · {_name(park.unit(subject), lang)}"


def _name(noun: Any, lang: str) -> str:
    return str(getattr(noun, f"name_{lang}"))
