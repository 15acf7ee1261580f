"""Amounts as a reader says them: 125.8 万t, 1.26 Mt, 3.1 PJ."""

from math import floor, log10

SPOKEN = {
    ("t", "zh"): ((1e8, "亿t"), (1e4, "万t"), (1.0, "t")),
    ("GJ", "zh"): ((1e8, "亿GJ"), (1e4, "万GJ"), (1.0, "GJ")),
    ("m3", "zh"): ((1e8, "亿m³"), (1e4, "万m³"), (1.0, "m³")),
    ("Nm3", "zh"): ((1e8, "亿Nm³"), (1e4, "万Nm³"), (1.0, "Nm³")),
    ("kWh", "zh"): ((1e8, "亿kWh"), (1e4, "万kWh"), (1.0, "kWh")),
    ("t", "en"): ((1e6, "Mt"), (1e3, "kt"), (1.0, "t")),
    ("GJ", "en"): ((1e6, "PJ"), (1e3, "TJ"), (1.0, "GJ")),
    ("m3", "en"): ((1e9, "billion m³"), (1e6, "million m³"), (1.0, "m³")),
    ("Nm3", "en"): ((1e9, "billion Nm³"), (1e6, "million Nm³"), (1.0, "Nm³")),
    ("kWh", "en"): ((1e9, "TWh"), (1e6, "GWh"), (1e3, "MWh"), (1.0, "kWh")),
}
"""By unit and language: amount and its name, falling; in English m3 has words for prefixes."""


MONEY = {
    "zh": ((1e8, "亿元"), (1e4, "万元"), (1.0, "元")),
    "en": ((1e9, "billion CNY"), (1e6, "million CNY"), (1e3, "thousand CNY"), (1.0, "CNY")),
}
"""By language: sum and its name, falling."""


def money_text(cny: float, lang: str) -> str:
    """A sum of money to three significant digits, below zero too."""
    steps = MONEY[lang]
    factor, name = next((step for step in steps if abs(cny) >= step[0]), steps[-1])
    sign = "−" if cny < 0 else ""
    return f"{sign}{three_digits(abs(cny) / factor)} {name}"


def amount_text(amount: float, unit: str, lang: str) -> str:
    """An amount in ``unit`` to three significant digits, in the unit that suits its size."""
    steps = SPOKEN[unit, lang]
    factor, name = next((step for step in steps if amount >= step[0]), steps[-1])
    gap = "" if lang == "zh" else " "
    return f"{three_digits(amount / factor)}{gap}{name}"


def three_digits(number: float) -> str:
    """``number`` to three significant digits, never with an exponent; 0 is ``0``."""
    if number == 0:
        return "0"
    decimals = max(0, 2 - floor(log10(abs(number))))
    text = f"{round(number, 2 - floor(log10(abs(number)))):,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_down(number: float) -> float:
    """The greatest of 1, 2 and 5 times a power of ten that is not above ``number``."""
    power = 10.0 ** floor(log10(number))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= number * (1 + 1e-9))
