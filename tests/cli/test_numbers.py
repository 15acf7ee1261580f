"""Numbers on the screen: three figures, in the units of a manager."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.terminal.numbers import amount, figures, money, percent, signed_money


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1, "1.00"), (12.345, "12.3"), (999.5, "1,000"), (1234567, "1,230,000"),
     (-0.04567, "-0.0457"), (9.999, "10.0")],
)  # fmt: skip
def test_three_figures(value: float, text: str) -> None:
    assert figures(value) == text


@given(st.floats(-1e15, 1e15).filter(lambda x: x == 0 or abs(x) > 1e-9))
def test_what_is_shown_is_within_half_a_figure(value: float) -> None:
    assert float(figures(value).replace(",", "")) == pytest.approx(value, rel=5.01e-3)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [(3_560_000, "t", "356 万t", "3.56 Mt"), (120_000, "t", "12.0 万t", "120 kt"),
     (480, "t", "480 t", "480 t"), (420e6, "Nm3", "4.20 亿Nm3", "420 million Nm3"),
     (5_000, "GJ", "5,000 GJ", "5.00 thousand GJ")],
)  # fmt: skip
def test_amounts_in_both_languages(value: float, unit: str, zh: str, en: str) -> None:
    assert amount(value, unit, "zh") == zh
    assert amount(value, unit, "en") == en


def test_money_in_both_languages() -> None:
    assert money(168e6, "zh") == "1.68 亿元"
    assert money(-635e6, "en") == "-635 million CNY"
    assert signed_money(12e4, "zh") == "+12.0 万元"
    assert signed_money(-12e4, "zh") == "-12.0 万元"


def test_an_undefined_rate_is_a_dash() -> None:
    assert percent(None) == "–"
    assert percent(0.55224) == "55.2 %"
