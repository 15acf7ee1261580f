"""Numbers for people: three or four figures, and the units that a manager uses.

JSON and tables keep t, GJ, Nm3, m3, kWh and CNY; only the screen uses 万t, 亿元, kt and Mt.
"""

from math import floor, log10

LARGE_ZH = ((1e8, "亿"), (1e4, "万"), (1.0, ""))
LARGE_EN = ((1e9, "billion "), (1e6, "million "), (1e3, "thousand "), (1.0, ""))
MASS_EN = ((1e6, "Mt"), (1e3, "kt"), (1.0, "t"))


def figures(value: float, digits: int = 3) -> str:
    """``value`` with that many significant figures and commas between thousands."""
    if value == 0:
        return "0"
    after = digits - 1 - floor(log10(abs(value)))
    rounded = round(value, after)
    places = max(0, digits - 1 - floor(log10(abs(rounded)))) if rounded else 0
    return f"{rounded:,.{places}f}"


def percent(share: float | None, digits: int = 1) -> str:
    """A fraction as per cent with one decimal; a dash where it is undefined."""
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def amount(value: float, unit: str, lang: str) -> str:
    """An amount in ``unit`` with a short prefix: 356 万t, 3.56 Mt, 12 million Nm3."""
    if lang == "zh":
        size, prefix = _size(value, LARGE_ZH[1:] if unit == "t" else LARGE_ZH)
        return f"{figures(value / size)} {prefix}{unit}"
    if unit == "t":
        size, name = _size(value, MASS_EN)
        return f"{figures(value / size)} {name}"
    size, prefix = _size(value, LARGE_EN)
    return f"{figures(value / size)} {prefix}{unit}"


def money(value: float, lang: str) -> str:
    """CNY as 亿元 or 万元, or as million CNY."""
    if lang == "zh":
        size, prefix = _size(value, LARGE_ZH)
        return f"{figures(value / size)} {prefix}元"
    size, prefix = _size(value, LARGE_EN)
    return f"{figures(value / size)} {prefix}CNY"


def signed_money(value: float, lang: str) -> str:
    """The same with a plus sign before what is paid more."""
    return ("+" if value > 0 else "") + money(value, lang)


def signed(value: float) -> str:
    """A number with three figures and a plus sign where it grows."""
    return ("+" if value > 0 else "") + figures(value)


def _size(value: float, steps: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    """The largest step that the value reaches; the smallest for small values."""
    return next((step for step in steps if abs(value) >= step[0]), steps[-1])
