"""Numbers and differences of a comparison, as people say them."""

from symbiosis.comparing.row import SHARE
from symbiosis.comparing.set_queries import COUNT, DAYS, MONEY, YEARS
from symbiosis.terminal.numbers import amount, figures, money, percent, signed_money
from symbiosis.terminal.talk import Talk


def value_text(value: float | str | None, unit: str, talk: Talk) -> str:
    """A number as people say it; a dash for none."""
    if value is None or isinstance(value, str):
        return value or "–"
    if unit == SHARE:
        return percent(value)
    if unit == YEARS:
        return f"{value:.0f}"
    if unit == COUNT:
        return figures(value)
    return money(value, talk.lang) if unit == MONEY else amount(value, unit, talk.lang)


def gap_text(gap: float | None, unit: str, talk: Talk) -> str:
    """A difference with its sign; a dash for none."""
    if gap is None:
        return "–"
    if unit == MONEY:
        return signed_money(gap, talk.lang)
    sign = "+" if gap > 0 else ""
    if unit == SHARE:
        return sign + talk.say("points", points=figures(100 * gap, 2))
    if unit == COUNT:
        return sign + figures(gap)
    if unit in (DAYS, YEARS):
        return f"{sign}{figures(gap, 2)} {unit}"
    return sign + amount(gap, unit, talk.lang)
