"""Text with a unit -> a float in base units; pint does the arithmetic.

``parse("4.2 万t/a")`` is 42,000 t/a. A bare number is refused: a quantity says what it is.

Base units are t, GJ, Nm3, m3, m2, km, CNY, a, K, degC, count and their products; so a power is
in GJ/a (1 MW = 31,536 GJ/a). ``Measure.to`` gives any other unit of the same dimension.
Dimensions are those of the trade, not of physics: gas volume in Nm3 is not the m3 of water, area
is not length squared, money and counts stand apart, an absolute temperature (°C) is not a
temperature difference (K). A share (85 %, 1.25 t/t) has the unit and the dimension ``1``.

Unit texts are products and quotients: ``CNY/(t km)``, ``元/吨公里``, ``tce/万元``. What follows
the first ``/`` of a group is its denominator: ``CNY/t/km`` and ``CNY/t km`` both mean
``CNY/(t km)``. Names are case-sensitive. 万, 亿 and the like multiply the unit after them.
``t dry``, ``t(干基)``, ``t as received``, ``湿吨`` carry a basis; wet means as received. Masses
of CO2 and CO2e are masses.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from symbiosis.unitnames import BASE_ORDER, Basis, in_base_units
from symbiosis.unittext import UnitError, UnitMismatch, UnitReader

__all__ = [
    "Basis", "Measure", "UnitError", "UnitMismatch", "dimension_of", "parse", "same_dimension",
]  # fmt: skip

LONGEST = 200
NUMBER = re.compile(r"([+-]?(?:[0-9][0-9,]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?) *")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
RANGE = re.compile(r"(?:-|~|–|—|至|到|to\b|\.\.) *[+-]?[0-9.]")
NOT_FINITE = re.compile(r"[+-]?(?:\.?nan|\.?inf(?:inity)?|∞)(?![a-z])", re.IGNORECASE)
DOTS = str.maketrans({"−": "-", **dict.fromkeys("·⋅∙•・*×_", " ")})


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit text means: one of it is ``factor`` base units ``base`` of ``dimension``."""

    factor: Decimal
    base: str
    dimension: str
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity: ``value`` in base units ``unit``, and the ``text`` it was written as."""

    value: float
    unit: str
    dimension: str
    basis: Basis | None
    text: str

    def to(self, unit: str) -> float:
        """The number in ``unit``; a basis in ``unit`` is not compared.

        Raises :class:`UnitMismatch` where the dimension differs and :class:`UnitError` where
        ``unit`` is no unit.
        """
        wanted = unit_of(unit)
        if wanted.dimension != self.dimension:
            raise UnitMismatch(self.text, unit)
        if wanted.factor == 1:
            return self.value
        return float(Decimal(repr(self.value)) / wanted.factor)


@lru_cache(maxsize=8192)
def parse(text: str) -> Measure:
    """Read a number and its unit. Raises :class:`UnitError`; the sign is kept, not judged."""
    if len(text) > LONGEST:
        raise UnitError("not_a_number", f"{text[:40]}…")
    plain = normal(text)
    match = NUMBER.match(plain)
    if NOT_FINITE.match(plain):
        raise UnitError("not_finite", text)
    if match is None:
        raise UnitError("not_a_number", text)
    number, rest = read_number(match[1], text), plain[match.end() :]
    refuse_odd_rest(rest, text)
    unit = unit_of(rest)
    value = float(number * unit.factor)
    if not math.isfinite(value):
        raise UnitError("not_finite", text)
    return Measure(value, unit.base, unit.dimension, unit.basis, text)


def same_dimension(one: str | Measure, other: str | Measure) -> bool:
    """Whether two unit texts or measures can be converted into each other."""
    first = one.dimension if isinstance(one, Measure) else dimension_of(one)
    return first == (other.dimension if isinstance(other, Measure) else dimension_of(other))


def dimension_of(unit: str) -> str:
    """The dimension of a unit text as text: ``mass/time``, ``money/(mass length)``, ``1``."""
    return unit_of(unit).dimension


def normal(text: str) -> str:
    """Full-width forms and odd signs as plain ones; one blank for every sign of a product."""
    plain = unicodedata.normalize("NFKC", text).replace("**", "^").translate(DOTS)
    plain = re.sub(r"(?<=[^\d\s])\.(?=[^\d\s])", " ", plain)
    return " ".join(plain.split())


def read_number(digits: str, text: str) -> Decimal:
    """Digits -> number; commas only between thousands."""
    if "," in digits and not GROUPED.fullmatch(digits):
        once = digits.count(",") == 1 and "." not in digits
        raise UnitError("bad_grouping", text, normal(text).replace(",", ".") if once else "")
    number = digits.replace(",", "")
    if not math.isfinite(float(number)):
        raise UnitError("not_finite", text)
    return Decimal(number)


def refuse_odd_rest(rest: str, text: str) -> None:
    """Refuse what stands after a number and is no unit at all: nothing, a range, more digits."""
    if rest in ("", "1"):
        raise UnitError("no_unit", text)
    if RANGE.match(rest):
        raise UnitError("a_range", text)
    if rest[0] in "0123456789,." and not rest.startswith("1/"):
        raise UnitError("bad_grouping", text)


@lru_cache(maxsize=4096)
def unit_of(text: str) -> Unit:
    """The meaning of a unit text, the empty one being that of a share. Raises UnitError."""
    plain = normal(text) or "1"
    if len(plain) > LONGEST:
        raise UnitError("unknown_unit", f"{text[:40]}…")
    reader = UnitReader(plain)
    size, units, dimensions = in_base_units(reader.read())
    base, dimension = as_text(units, BASE_ORDER), as_text(dimensions, BASE_ORDER)
    return Unit(size.scaleb(reader.exponent), base, dimension, reader.basis)


def as_text(powers: Mapping[str, int], order: tuple[str, ...]) -> str:
    """Names with exponents -> ``CNY/(t km)``; ``1`` where nothing is left."""
    names = sorted(powers, key=order.index)
    over = [power_text(name, powers[name]) for name in names if powers[name] > 0]
    under = [power_text(name, -powers[name]) for name in names if powers[name] < 0]
    below = f"({' '.join(under)})" if len(under) > 1 else "".join(under)
    return (" ".join(over) or "1") + (f"/{below}" if below else "")


def power_text(name: str, power: int) -> str:
    """``t`` or ``t^2``."""
    return name if power == 1 else f"{name}^{power}"
