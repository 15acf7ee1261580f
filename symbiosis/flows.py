"""What was sent in one season, found by link, by use and by by-product; and answers kept.

The check of an answer asks the same things of a park for every answer: what arrives over a link,
what a way costs. Such answers are kept in memos that the checks of one park and year share.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, TypeVar

from symbiosis.exchange import ExchangeData
from symbiosis.park.park import Park
from symbiosis.point import Point

Memo = dict[Any, Any]
Answer = TypeVar("Answer")


Method = Callable[..., Answer]


@dataclass(frozen=True)
class Memos:
    """What checks of answers know of a park in one year, and in each of its seasons."""

    year: Memo
    seasons: Sequence[Memo]

    @classmethod
    def empty(cls, seasons: int) -> "Memos":
        """Nothing is known yet."""
        return cls({}, tuple({} for _ in range(seasons)))


def _kept(memo: str) -> Callable[[Method[Answer]], Method[Answer]]:
    """Methods whose answers stand in a memo of :class:`Flows`."""

    def keeping(method: Method[Answer]) -> Method[Answer]:
        name = method.__name__

        @wraps(method)
        def asked(self: "Flows", *arguments: Any) -> Answer:
            known, key = getattr(self, memo), (name, *arguments)
            if key not in known:
                known[key] = method(self, *arguments)
            found: Answer = known[key]
            return found

        return asked

    return keeping


kept = _kept("memo")
"""A method whose answer depends on the park and the season, not on what was decided."""
kept_for_year = _kept("year_memo")
"""A method whose answer depends on the park alone: it is the same in all seasons of a year."""


Sent = list[tuple[tuple[str, str], float]]
"""What is sent: ((link, use), amount)."""


@dataclass(frozen=True)
class Flows:
    """One season: the park, what exists, and what was decided."""

    park: Park
    data: ExchangeData
    point: Point
    memo: Memo = field(default_factory=dict, compare=False, repr=False)
    year_memo: Memo = field(default_factory=dict, compare=False, repr=False)

    def into(self, use: str) -> Sent:
        """What is sent into a use."""
        return self._by_use.get(use, [])

    def over(self, link: str) -> float:
        """What is sent over a link into all its uses."""
        return sum(amount for _, amount in self._by_link.get(link, []))

    def out_of(self, byproduct: str) -> Sent:
        """What is sent over all links of a by-product."""
        return self._by_source.get(byproduct, [])

    @cached_property
    def _by_use(self) -> Mapping[str, Sent]:
        return self._grouped(lambda key: key[1])

    @cached_property
    def _by_link(self) -> Mapping[str, Sent]:
        return self._grouped(lambda key: key[0])

    @cached_property
    def _by_source(self) -> Mapping[str, Sent]:
        return self._grouped(lambda key: self.park.links[key[0]].byproduct)

    def _grouped(self, of: Callable[[tuple[str, str]], str]) -> Mapping[str, Sent]:
        found: dict[str, Sent] = {}
        for key, amount in self.point.sent.items():
            found.setdefault(of(key), []).append((key, amount))
        return found
