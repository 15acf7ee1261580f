"""Texts with units, and the numbers that they stand for."""

import math
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.units import UnitError, dimension_of, parse, same_dimension, unit_of
from symbiosis.words import LANGUAGES

FINITE = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)
BASE_TEXTS = (
    "t",
    "t/a",
    "CNY/t",
    "CNY/(t km)",
    "GJ/a",
    "GJ/Nm3",
    "m3/t",
    "m2",
    "km",
    "a",
    "count",
    "degC",
    "K",
    "1/a",
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("4.2 万t/a", 42_000, "t/a"),
        ("120万吨/年", 1_200_000, "t/a"),
        ("1,664,000 t/a", 1_664_000, "t/a"),
        ("14000 t/d", 14_000 * 365, "t/a"),
        ("2 t/h", 2 * 8760, "t/a"),
        ("1 t/月", 12, "t/a"),
        ("3 kg", 0.003, "t"),
        ("1 million t", 1e6, "t"),
        ("2.5亿元", 250_000_000, "CNY"),
        ("45 元/吨", 45, "CNY/t"),
        ("-5 CNY/t", -5, "CNY/t"),
        ("−5 CNY/t", -5, "CNY/t"),
        ("2 CNY per t", 2, "CNY/t"),
        ("0.45 CNY/(t km)", 0.45, "CNY/(t km)"),
        ("0.45 CNY/(t*km)", 0.45, "CNY/(t km)"),
        ("0.45 CNY/t/km", 0.45, "CNY/(t km)"),
        ("0.45 元/吨公里", 0.45, "CNY/(t km)"),
        ("0.45 yuan/t.km", 0.45, "CNY/(t km)"),
        ("8.1 km", 8.1, "km"),
        ("1.2e6 GJ/a", 1_200_000, "GJ/a"),
        ("1 kWh", 0.0036, "GJ"),
        ("3.5 亿kWh/a", 350_000_000 * 0.0036, "GJ/a"),
        ("2 亿千瓦时", 720_000, "GJ"),
        ("1 tce", 29.3076, "GJ"),
        ("2 万吨标准煤", 20_000 * 29.3076, "GJ"),
        ("0.36 kgce/Nm3", 0.36 * 0.0293076, "GJ/Nm3"),
        ("1 tce/万元", 29.3076 / 10_000, "GJ/CNY"),
        ("1 kcal", 4.1868e-6, "GJ"),
        ("660 MW", 660 * 8760 * 3.6, "GJ/a"),
        ("22 万m2", 220_000, "m2"),
        ("22 ㎡", 22, "m2"),
        ("3 亩", 3 * 666.667, "m2"),
        ("2 公顷", 20_000, "m2"),
        ("5 m^3/t", 5, "m3/t"),
        ("5 m**3", 5, "m3"),
        ("5 Nm³/a", 5, "Nm3/a"),
        ("5 万标方", 50_000, "Nm3"),
        ("10 mg/L", 1e-5, "t/m3"),
        ("70 °C", 70, "degC"),
        ("70 ℃", 70, "degC"),
        ("10 K", 10, "K"),
        ("10 Δ°C", 10, "K"),
        ("3 MJ/(t °C)", 0.003, "GJ/(t K)"),
        ("85 %", 0.85, "1"),
        ("57%", 0.57, "1"),
        ("８５％", 0.85, "1"),
        ("１.２ ｔ／ａ", 1.2, "t/a"),
        ("1.25 t/t", 1.25, "1"),
        ("8 %/a", 0.08, "1/a"),
        ("37 家", 37, "count"),
        ("0.5 t CO2/t", 0.5, "1"),
        ("3 万tCO2e/a", 30_000, "t/a"),
        ("2 t a^-1", 2, "t/a"),
    ],
)
def test_a_quantity_is_read_in_base_units(text: str, value: float, unit: str) -> None:
    measure = parse(text)
    assert measure.unit == unit
    assert measure.value == pytest.approx(value, rel=1e-15)
    assert measure.text == text


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        *((text, "dry") for text in ("1 t dry/a", "1 t(dry)/a", "1 t_dry/a", "1 t 干基/a")),
        *((text, "dry") for text in ("1 t干/a", "1 干吨", "1 万干吨/年", "3 CNY/t dry")),
        *((text, "dry") for text in ("1.25 t/t dry", "1 t dry/t dry", "2 % dry")),
        *((text, "as_received") for text in ("1 t wet/a", "1 t as received/a", "1 t_as_received")),
        *((text, "as_received") for text in ("1 t 湿基/a", "1 湿吨", "1 t（收到基）/a")),
        ("1 t/a", None),
    ],
)
def test_dry_and_wet_are_told_apart(text: str, basis: str | None) -> None:
    assert parse(text).basis == basis


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "no_unit") for text in ("35", "1,664,000", "35 ", "0.85 1", "-3")),
        *((text, "unknown_unit") for text in ("5 kwh", "5 t slag/a", "5 万", "5 万/a", "5 ton")),
        *((text, "unknown_unit") for text in ("5 t/", "5 t//a", "5 (t", "5 t)", "5 ()", "5 t^0")),
        *((text, "unknown_unit") for text in ("5 CO2", "5 t\x00", "5 CNY/$", "5 " + "(" * 99)),
        *((text, "not_a_number") for text in ("abc", "", "  ", "五吨", "t", "9" * 300 + " t")),
        *((text, "not_finite") for text in ("NaN t", ".inf t/a", "-inf t", "1e999 t", "∞ t")),
        ("5 " + "亿" * 60 + "t", "not_finite"),
        *((text, "bad_grouping") for text in ("1,5 t", "1,5", "12,34 t", "0,500 t", "1 664 t")),
        *((text, "a_range") for text in ("3-5 t", "3~5 t", "3 至 5 t", "3–5 t")),
        *((text, "stray_basis") for text in ("5 GJ dry", "5 GJ dry/a", "5 dry")),
        *((text, "two_bases") for text in ("1 t dry/t wet", "1 干吨/湿吨")),
    ],
)
def test_a_text_that_is_no_quantity_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert caught.value.code == code
    for lang in LANGUAGES:
        assert caught.value.problem("park.yaml", 3, "a.b").message(lang)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("5 kwh", "kWh"), ("5 T/a", "t"), ("5 tone", "tonne"), ("5 nm3", "Nm3"), ("1,5 t", "1.5 t")],
)
def test_the_nearest_valid_text_is_offered(text: str, meant: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert caught.value.nearest == meant


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("1 GJ", "kWh", 1 / 0.0036),
        ("1.2e6 GJ/a", "GJ/a", 1.2e6),
        ("660 MW", "MW", 660),
        ("8760 MWh/a", "MW", 1),
        ("42000 t/a", "万t/a", 4.2),
        ("0.57 t/t", "%", 57),
        ("85 %", "", 0.85),
        ("5110000 t/a", "t/d", 14_000),
        ("1.25 t/t dry", "t/t", 1.25),
    ],
)
def test_a_measure_converts_to_any_unit_of_its_dimension(
    text: str, unit: str, number: float
) -> None:
    assert parse(text).to(unit) == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(("5 t", "GJ"), ("5 Nm3", "m3"), ("5 CNY", "count"), ("5 °C", "K"), ("5 m2", "km km")),
        *(("5 kWh", "kW"), ("5 %", "t"), ("5 t", "t/a")),
    ],
)
def test_another_dimension_is_refused(text: str, unit: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text).to(unit)
    assert (caught.value.code, caught.value.found, caught.value.expected) == (
        "wrong_dimension",
        text,
        unit,
    )
    assert all(unit in caught.value.problem().message(lang) for lang in LANGUAGES)
    assert not same_dimension(parse(text), unit)


def test_dimensions_have_names() -> None:
    assert dimension_of("元/吨公里") == "money/(mass length)"
    assert dimension_of("t/t") == dimension_of("%") == dimension_of("") == "1"
    assert same_dimension("MW", "GJ/a")
    assert same_dimension(parse("3 kWh"), parse("1 tce"))


@given(FINITE, st.sampled_from(BASE_TEXTS))
def test_a_number_in_base_units_comes_back_unchanged(number: float, unit: str) -> None:
    measure = parse(f"{number!r} {unit}")
    assert measure.value == number
    assert measure.unit == unit
    assert measure.to(unit) == number


@given(st.integers(min_value=1, max_value=10**12), st.sampled_from(BASE_TEXTS[:-1]))
def test_thousands_separators_change_nothing(number: int, unit: str) -> None:
    assert parse(f"{number:,} {unit}").value == parse(f"{number} {unit}").value == number


@given(FINITE, st.sampled_from(["万t/a", "kgce", "MW", "%", "t/d", "kWh", "亩", "元/kWh"]))
def test_there_and_back_is_the_same_number(number: float, unit: str) -> None:
    """To 1e-14; below 1e-300 a float itself has fewer digits."""
    back = parse(f"{number!r} {unit}").to(unit)
    assert math.isclose(back, number, rel_tol=1e-14, abs_tol=1e-300)


@given(st.sampled_from(["t", "GJ", "元"]), st.sampled_from(["km", "a", "m3"]))
def test_factors_in_either_order_are_the_same_unit(one: str, other: str) -> None:
    assert unit_of(f"CNY/({one} {other})") == unit_of(f"CNY/({other} {one})")


@given(
    st.text(max_size=60)
    | st.text("0123456789.,-+eE tkgaCNY/()^% 万亿吨元干湿年dry", max_size=40)
    | st.text("t/a()^-123 万吨干(dry)as received", max_size=30).map("5 {}".format)
)
def test_any_text_is_a_finite_quantity_or_a_unit_error(text: str) -> None:
    with suppress(UnitError):
        measure = parse(text)
        assert math.isfinite(measure.value)
        assert dimension_of(measure.unit) == measure.dimension
        assert unit_of(measure.unit).factor == 1


def test_pint_is_not_loaded_before_a_quantity_is_read() -> None:
    code = "import sys, symbiosis.units; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
