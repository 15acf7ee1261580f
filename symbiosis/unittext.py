"""The text of a unit -> powers of pint's units, a power of ten and a basis.

Units side by side multiply (``t km``, ``吨公里``); what follows the first ``/`` of a bracket is
its denominator: ``CNY/t/km`` and ``CNY/t km`` both mean ``CNY/(t km)``. 万, 亿 and the like
multiply the unit after them and are not raised with it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from symbiosis.errors import Problem
from symbiosis.unitnames import BASES, GASES, MASSES, MULTIPLIERS, Basis, nearest_unit, spellings

POWER = r"(?:\^-?[1-9])?"


class UnitError(ValueError):
    """A text that is not a quantity, or a unit that is none.

    ``code`` is one of no_unit, unknown_unit, not_a_number, not_finite, bad_grouping, a_range,
    stray_basis, two_bases, wrong_dimension; ``found`` the text at fault; ``nearest`` what was
    probably meant, or empty.
    """

    def __init__(self, code: str, found: str, nearest: str = "", expected: str = "") -> None:
        self.code = code
        self.found = found
        self.nearest = nearest
        self.expected = expected
        super().__init__(self.problem().message())

    def problem(self, file: str = "", line: int | None = None, key: str = "") -> Problem:
        """The finding at its place, for the list that a user reads."""
        details = {"found": self.found, "nearest": self.nearest, "expected": self.expected}
        return Problem(self.code, file, line, key, details)


class UnitMismatch(UnitError):
    """A quantity of one dimension where another belongs (``t`` where ``GJ`` is needed)."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__("wrong_dimension", found, expected=expected)


@dataclass
class Group:
    """One bracket: the sign it was opened under and the sign reached inside it."""

    outside: int
    inside: int


class UnitReader:
    """Reads one unit text, left to right, into powers of pint's units.

    ``/`` turns the sign of what follows in its bracket. ``powers`` maps pint's names to
    exponents, ``exponent`` gathers 万 and 亿 as powers of ten, ``basis`` is what the masses say.
    ``owed`` holds what still needs a unit after it: an operator, a multiplier, a 干 before 吨.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.groups = [Group(1, 1)]
        self.powers: Counter[str] = Counter()
        self.exponent = 0
        self.basis: Basis | None = None
        self.early_basis: Basis | None = None
        self.last = ""
        self.owed = text

    def read(self) -> dict[str, int]:
        """Pint's units with their exponents. Raises :class:`UnitError`."""
        at = 0
        while at < len(self.text):
            match = token_pattern().match(self.text, at)
            if match is None:
                raise self.unknown(self.text[at:])
            self.take(str(match.lastgroup), match[match.lastgroup or 0])
            at = match.end()
        self.refuse_owed()
        if len(self.groups) > 1:
            raise self.unknown(self.text)
        powers = {name: power for name, power in self.powers.items() if power}
        if "degC" in powers and powers != {"degC": 1}:
            powers["K"] = powers.get("K", 0) + powers.pop("degC")
        return {name: power for name, power in powers.items() if power}

    def take(self, kind: str, token: str) -> None:
        """Hand one token to what reads its kind."""
        match kind:
            case "basis":
                self.take_basis(token)
            case "multiplier":
                self.exponent += MULTIPLIERS[token] * self.groups[-1].inside
                self.owed = token
            case "sign":
                self.take_sign(token)
            case "gas":
                if self.last not in MASSES:
                    raise self.unknown(token)
            case "one":
                self.owed = ""
            case _:
                self.take_unit(token)

    def take_sign(self, token: str) -> None:
        """Brackets and the fraction bar; none may stand where a unit is still owed."""
        if token == "(":
            self.groups.append(Group(self.groups[-1].inside, self.groups[-1].inside))
            self.owed = self.owed or token
            return
        self.refuse_owed()
        if token in ("/", "per"):
            self.groups[-1].inside = -self.groups[-1].outside
            self.owed = self.last = token
        elif len(self.groups) > 1:
            self.groups.pop()
        else:
            raise self.unknown(self.text)

    def refuse_owed(self) -> None:
        """Refuse an operator, a multiplier or a basis that no unit follows."""
        if self.early_basis:
            raise UnitError("stray_basis", self.text)
        if self.owed:
            raise self.unknown(self.owed)

    def take_unit(self, token: str) -> None:
        """A unit with its exponent; digits at its end are one, unless the name has them."""
        name, power = self.named(token)
        self.powers[name] += power * self.groups[-1].inside
        self.last, self.owed = name, ""
        if self.early_basis:
            basis, self.early_basis = self.early_basis, None
            self.set_basis(basis)

    def named(self, token: str) -> tuple[str, int]:
        """Pint's name and the exponent of a token such as ``kWh``, ``m3``, ``m^3``, ``a^-1``."""
        known = spellings()
        word, _, digits = token.partition("^")
        if not digits and word not in known and word[-1] in "23":
            word, digits = word[:-1], word[-1]
        if word + digits in known:
            return known[word + digits], 1
        if word not in known:
            raise self.unknown(token)
        return known[word], int(digits or 1)

    def take_basis(self, token: str) -> None:
        """A basis after a mass (``t dry``, ``t(干基)``) or before one (``干吨``)."""
        basis = BASES[token.strip("( )")]
        if self.last in MASSES:
            self.set_basis(basis)
        else:
            self.early_basis = basis
            self.owed = token

    def set_basis(self, basis: Basis) -> None:
        """Note a basis; two that differ, or one that is no mass's, are refused."""
        if self.last not in MASSES:
            raise UnitError("stray_basis", self.text)
        if self.basis not in (None, basis):
            raise UnitError("two_bases", self.text)
        self.basis = basis

    def unknown(self, found: str) -> UnitError:
        """The error for a piece that is no unit, with the nearest that is one."""
        return UnitError("unknown_unit", found, nearest_unit(found))


@cache
def token_pattern() -> re.Pattern[str]:
    """One token of a unit text: the longest Chinese name that fits, or a run of letters."""

    def any_of(words: Iterable[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    def split(words: Iterable[str]) -> tuple[str, str]:
        every = list(words)
        plain = [word for word in every if word.isascii()]
        return any_of(plain), any_of(word for word in every if not word.isascii())

    latin_basis, chinese_basis = split(BASES)
    latin_times, chinese_times = split(MULTIPLIERS)
    chinese = any_of(word for word in spellings() if re.search("[\u4e00-\u9fff]", word))
    end = r"(?![A-Za-z0-9])"
    basis = f"(?:{latin_basis}){end}|{chinese_basis}"
    return re.compile(
        rf" *(?:(?P<basis>\( *(?:{basis}) *\)|{basis})"
        rf"|(?P<gas>(?:{any_of(GASES)}){end})"
        rf"|(?P<chinese>(?:{chinese}){POWER})"
        rf"|(?P<multiplier>(?:{latin_times}){end}|{chinese_times})"
        rf"|(?P<sign>[/()]|per{end})|(?P<one>^1(?=/|$))"
        rf"|(?P<latin>[A-Za-z°%‰Δμ¥][A-Za-z°%‰Δμ0-9]*{POWER}))"
    )
