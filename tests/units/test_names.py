"""The table of units is sound: no spelling means two things, and each can be read."""

from collections import Counter

import pytest

from symbiosis.unitnames import BASE_ORDER, BASES, DEFINITIONS, MASSES, MULTIPLIERS, spellings
from symbiosis.units import dimension_of, parse, unit_of


def test_no_spelling_stands_twice() -> None:
    words = [
        word for line in DEFINITIONS.strip().splitlines() for word in line.split("|")[1].split()
    ]
    assert not [word for word, times in Counter(words).items() if times > 1]


@pytest.mark.parametrize("spelling", sorted(spellings()))
def test_every_spelling_is_read_whole(spelling: str) -> None:
    """A Chinese name must not fall apart into a multiplier and a shorter name (千 + 克)."""
    measure = parse(f"2 {spelling}")
    assert measure.value == pytest.approx(2 * float(unit_of(spellings_by_name(spelling)).factor))


def spellings_by_name(spelling: str) -> str:
    """The first spelling in the same line of the table."""
    name = spellings()[spelling]
    return next(word for word, pint_name in spellings().items() if pint_name == name)


def test_units_that_can_have_a_basis_are_masses_or_shares() -> None:
    assert {dimension_of(next(w for w, n in spellings().items() if n == m)) for m in MASSES} == {
        "mass",
        "1",
    }


def test_every_base_unit_has_a_place_in_base_texts() -> None:
    found = {unit_of(spelling).base for spelling in spellings()} - {"1"}
    assert {part for base in found for part in base.split("/")} <= set(BASE_ORDER)


@pytest.mark.parametrize(("word", "exponent"), sorted(MULTIPLIERS.items()))
def test_multipliers_are_powers_of_ten(word: str, exponent: int) -> None:
    assert parse(f"3 {word} t").value == float(f"3e{exponent}")


@pytest.mark.parametrize("word", sorted(BASES))
def test_every_basis_word_is_read_after_a_mass(word: str) -> None:
    assert parse(f"3 t {word}/a").basis == BASES[word]
    assert parse(f"3 t({word})/a").basis == BASES[word]
