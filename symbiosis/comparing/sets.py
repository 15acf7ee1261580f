"""Result sets of ``batch`` beside the first of them: cases in pairs, and what differs over them.

The numbers describe the cases that were asked. They are no sample of anything, so there are no
intervals. Everything is counted by DuckDB where it lies; see
:mod:`symbiosis.comparing.set_queries`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from symbiosis.batch.case import Verb
from symbiosis.batch.manifest import KIND
from symbiosis.batch.query import ResultSet, kind_of, opened_together
from symbiosis.comparing.set_manifests import (
    Manifest,
    asked_otherwise,
    manifest_at,
    refuse_lacking,
    refuse_unlike,
)
from symbiosis.comparing.set_queries import (
    BASE,
    DAYS,
    WHYS,
    WORTH,
    Sides,
    aims_of,
    indicators_of,
    whole_table,
)
from symbiosis.comparing.simulations import USUAL, unknown_indicator
from symbiosis.errors import InputError, Problem
from symbiosis.indicator_names import plain_name
from symbiosis.retrofit.calendar import Calendar
from symbiosis.words import LANGUAGES, say, texts

MEMORY = "1GB"
"""What the database keeps in memory, however many cases there are."""


@dataclass(frozen=True)
class SetRow:
    """One thing over all pairs of one park: means, how the differences lie, how many go which way.

    ``n`` pairs have a number in both; all but the last four counts are about these. A difference is
    the other number less that of the base, ``smallest`` and ``greatest`` with the case that has it.
    ``base_only`` and ``other_only`` pairs have a number in one alone; in ``other_meaning`` the
    target of this id asks for something else.
    """

    park: str
    subject: str
    id: str
    by: str | None
    unit: str
    result: str
    n: int
    base: float | str | None
    other: float | str | None
    difference: float | None
    smallest: float | None
    smallest_case: str | None
    median: float | None
    greatest: float | None
    greatest_case: str | None
    rise: int
    fall: int
    stay: int
    base_only: int
    other_only: int
    other_meaning: int
    name_zh: str
    name_en: str

    @property
    def changed(self) -> bool:
        """Whether it differs in at least one case, or is missing in one of a pair."""
        return bool(self.rise + self.fall + self.base_only + self.other_only)

    @property
    def reach(self) -> float:
        """The largest difference of a case, whichever way it goes."""
        return max(abs(self.smallest or 0.0), abs(self.greatest or 0.0))


@dataclass(frozen=True)
class CaseCounts:
    """How many cases stand in both sets, how many pairs are compared, how many with one seed."""

    result: str
    base: int
    other: int
    compared: int
    same_seed: int


@dataclass(frozen=True)
class CasesLeftOut:
    """Cases that are not compared, and the first of their names."""

    result: str
    why: str
    cases: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class SetComparison:
    """Every set beside the base, as long as :func:`compared_sets` holds them open."""

    there: ResultSet
    addresses: tuple[str, ...]
    manifests: tuple[Manifest, ...]
    sides: tuple[Sides, ...]

    @property
    def base(self) -> str:
        """The address of the base."""
        return self.addresses[0]

    @property
    def verb(self) -> Verb:
        """What was done with every case."""
        return Verb(self.manifests[0]["verb"])

    @cached_property
    def rows(self) -> tuple[SetRow, ...]:
        """What differs, by result, park and subject."""
        return tuple(row for side in self.sides for row in self._rows(side))

    @cached_property
    def cases(self) -> tuple[CaseCounts, ...]:
        """How many cases, by result."""
        return tuple(self._counts(side) for side in self.sides)

    @cached_property
    def left_out(self) -> tuple[CasesLeftOut, ...]:
        """What is not compared, by result and why."""
        return tuple(
            CasesLeftOut(side.result, why, found[why][0], tuple(found[why][2]))
            for side, found in zip(self.sides, self._by_why, strict=True)
            for why in WHYS
            if why in found
        )

    @cached_property
    def asked_otherwise(self) -> tuple[dict[str, Any], ...]:
        """What else the sets were asked: in what their manifests differ."""
        return tuple(asked_otherwise(self.addresses, self.manifests))

    @property
    def table(self) -> str:
        """The query of the long table: one row for every case and thing, in order."""
        return whole_table(self.sides)

    def document(self) -> dict[str, Any]:
        """The JSON of ``compare``."""
        return {
            "kind": KIND,
            "verb": self.verb.value,
            "base": self.base,
            "results": list(self.addresses[1:]),
            "cases": [asdict(one) for one in self.cases],
            "rows": [asdict(row) for row in self.rows],
            "left_out": [asdict(one) for one in self.left_out],
            "asked_otherwise": list(self.asked_otherwise),
        }

    # --- what is asked of the database

    def _ask(self, sql: str) -> Iterator[dict[str, Any]]:
        answer = self.there.ask(sql)
        names = [column.name for column in answer.columns]
        for portion in answer.portions:
            yield from (dict(zip(names, row, strict=True)) for row in portion)

    def _rows(self, side: Sides) -> Iterator[SetRow]:
        for found in self._ask(side.rows()):
            words = _names(found)
            yield _dated(SetRow(**{**found, **words, "result": side.result}))

    @cached_property
    def _by_why(self) -> tuple[dict[str | None, tuple[int, int, list[str]]], ...]:
        """By result and why: how many cases, how many with one seed, the first names."""
        return tuple(
            {why: tuple(rest) for why, *rest in (row.values() for row in self._ask(side.cases()))}
            for side in self.sides
        )

    def _counts(self, side: Sides) -> CaseCounts:
        found = self._by_why[self.sides.index(side)]
        count = {why: cases for why, (cases, _, _) in found.items()}
        every, (pairs, same, _) = sum(count.values()), found.get(None, (0, 0, []))
        alone = count.get("base_only", 0), count.get("other_only", 0)
        return CaseCounts(side.result, every - alone[1], every - alone[0], pairs, same)


def is_set(address: str) -> bool:
    """Whether ``batch`` made what is at an address."""
    return kind_of(address) == KIND


@contextmanager
def compared_sets(
    addresses: Sequence[str], indicators: Sequence[str] = ()
) -> Iterator[SetComparison]:
    """Set result sets beside the first of them; ``indicators`` are further ones of simulations.

    Raises :class:`InputError` for fewer than two, for what is no set or a damaged one, for sets of
    different verbs and for an unknown indicator.
    """
    if len(addresses) < 2:
        raise InputError([Problem("compare_two", key="RESULT")])
    refuse_unlike("kind", addresses, [kind_of(address) for address in addresses])
    prefixes = (BASE, *(f"other{place}_" for place in range(1, len(addresses))))
    by_prefix = dict(zip(prefixes, addresses, strict=True))
    with opened_together(by_prefix, MEMORY) as there:
        manifests = tuple(manifest_at(address) for address in addresses)
        refuse_unlike("verb", addresses, [manifest["verb"] for manifest in manifests])
        verb = Verb(manifests[0]["verb"])
        refuse_lacking(there, by_prefix, verb)
        chosen = _indicators(there, prefixes, verb, indicators)
        base_axes = manifests[0]["axes"]
        others = zip(prefixes[1:], addresses[1:], manifests[1:], strict=True)
        sides = tuple(
            Sides(verb, prefix, address, base_axes, manifest["axes"], chosen)
            for prefix, address, manifest in others
        )
        yield SetComparison(there, tuple(addresses), manifests, sides)


def _indicators(
    there: ResultSet, prefixes: Sequence[str], verb: Verb, wanted: Sequence[str]
) -> tuple[str, ...]:
    """The indicators of simulations to be compared: all sets have them."""
    if verb is not Verb.SIMULATE:
        if wanted:
            details = {"found": ", ".join(wanted), "kind": verb.value}
            raise InputError([Problem("no_indicator_here", key="--indicator", details=details)])
        return ()
    every = [_texts(there, indicators_of(prefix)) for prefix in prefixes]
    known = [name for name in every[0] if all(name in own for own in every)]
    problems = [unknown_indicator(name, known) for name in wanted if name not in known]
    if problems:
        raise InputError(problems)
    usual = dict.fromkeys((*USUAL, *_texts(there, aims_of(BASE)), *wanted))
    return tuple(name for name in usual if name in known)


def _texts(there: ResultSet, sql: str) -> list[str]:
    return [str(text) for portion in there.ask(sql).portions for (text,) in portion]


# --- names

PLAN_WORDS = {name: f"{name}_cny" for name in WORTH}
"""Words of the sums of a plan, where they are not called by their id."""


def _names(found: Mapping[str, Any]) -> dict[str, str]:
    """What a thing is called: as the sets say, else what can be said without the park."""
    return {
        f"name_{lang}": found[f"name_{lang}"] or _name(found["subject"], found["id"], lang)
        for lang in LANGUAGES
    }


def _name(subject: str, name: str, lang: str) -> str:
    if subject == "cost_item" and f"cost_{name}" in texts("terminal"):
        return say(f"terminal.cost_{name}", lang)
    if subject == "plan":
        return say(f"terminal.compared_{PLAN_WORDS.get(name, name)}", lang)
    return plain_name(name, lang) if subject == "indicator" else name


def _dated(row: SetRow) -> SetRow:
    """Mean days of commissioning as dates."""
    if row.unit != DAYS or row.subject != "project":
        return row
    days = (row.base, row.other)
    base, other = (Calendar(0).date(day) if isinstance(day, float) else None for day in days)
    return replace(row, base=base, other=other)
