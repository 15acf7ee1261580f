"""The years of a plan as plain numbers: what may be begun in them, what it costs, who pays.

Money of a year counts at its end and is discounted to the start of the first year. A project is
paid in equal parts over its lead. When its life ends within the horizon it is paid again in the
same way, just before, and keeps running. At the end of the horizon the rest of its last price is
an asset, straight over its life, and what is still owed is a debt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TypeAlias

from symbiosis.solvers.instrument import Instrument

Way: TypeAlias = tuple[int, str, str]
"""A link in a slice: year, season (empty where the year is one slice), link."""


@dataclass(frozen=True)
class Size:
    """One size in which a project can be built: its part of the whole capacity, its price."""

    name: str
    share: float
    cost_cny: float


@dataclass(frozen=True)
class Candidate:
    """A project that may be begun: its sizes, years until it runs, life, the links it builds."""

    name: str
    sizes: tuple[Size, ...]
    lead: int
    links: tuple[str, ...]
    life: int
    after: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    ramp: tuple[float, ...] = ()

    def runs(self, begun: int, year: int) -> bool:
        """Whether it runs in a year if it is begun in another one."""
        return year >= begun + self.lead

    def share(self, begun: int, year: int) -> float:
        """The share of its capacity that it has in a year if it is begun in another one."""
        ran = year - begun - self.lead
        if ran < 0:
            return 0.0
        return self.ramp[min(ran, len(self.ramp) - 1)] if self.ramp else 1.0

    def part(self, begun: int, year: int) -> float:
        """The part of its price that is paid in a year if its building is begun in another one."""
        over = max(self.lead, 1)
        return 1.0 / over if begun <= year < begun + over else 0.0

    def renewals(self, begun: int, last: int) -> list[int]:
        """The years in which it is begun anew, so that it runs until the last one."""
        ran = last - begun - self.lead
        return [begun + self.life * n for n in range(1, ran // self.life + 1)]


@dataclass(frozen=True)
class Start:
    """A project begun in a size and a year."""

    candidate: Candidate
    size: Size
    year: int


@dataclass(frozen=True)
class Draw:
    """Money of an instrument for a project in a year."""

    project: str
    instrument: Instrument
    year: int


@dataclass(frozen=True)
class Shortfall:
    """A rate from a year on, and what each tonne of waste short of it costs."""

    rate: float
    by: int
    cny_per_t: float


@dataclass(frozen=True)
class Horizon:
    """The years of a plan: what may be begun, the money of each, how it is discounted.

    ``most`` is the most that a link can send in a slice, ``capacity`` what it is built for where
    that is stated.
    """

    years: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    own_cny: Mapping[int, float]
    most: Mapping[Way, float]
    discount_rate: float
    capacity: Mapping[Way, float] = field(default_factory=dict)
    carried_over: bool = False
    instruments: tuple[Instrument, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def last(self) -> int:
        """The last year."""
        return self.years[-1]

    def factor(self, year: int) -> float:
        """What a yuan at the end of a year is worth at the start of the first."""
        return float((1.0 + self.discount_rate) ** -(year - self.years[0] + 1))

    def begins(self, candidate: Candidate) -> list[int]:
        """The years in which a project may be begun so that it still runs within the horizon."""
        return [k for k in self.years if candidate.runs(k, self.last)]

    def starts(self) -> tuple[Start, ...]:
        """Everything that can be begun, in the order of the candidates."""
        return tuple(
            Start(candidate, size, year)
            for candidate in self.candidates
            for size in candidate.sizes
            for year in self.begins(candidate)
        )

    def draws(self) -> tuple[Draw, ...]:
        """Every payment for a project that an instrument may help with."""
        return tuple(
            Draw(candidate.name, instrument, year)
            for candidate in self.candidates
            for instrument in self.instruments
            if instrument.serves(candidate.name)
            for year in self.years
        )

    def sends(self, start: Start, way: Way) -> float:
        """The most that a link can send in a slice because of what was begun."""
        share = start.size.share * start.candidate.share(start.year, way[0])
        most = self.most.get(way, 0.0)
        built = self.capacity.get(way, inf)
        return min(most, share * (most if built == inf else built))

    # --- money

    def first_cny(self, start: Start, year: int) -> float:
        """What is paid in a year for building a project the first time."""
        return start.size.cost_cny * start.candidate.part(start.year, year)

    def again_cny(self, start: Start, year: int) -> float:
        """What is paid in a year for building it again, its life being over."""
        anew = start.candidate.renewals(start.year, self.last)
        return start.size.cost_cny * sum(start.candidate.part(k, year) for k in anew)

    def due_cny(self, start: Start, year: int) -> float:
        """All that is paid for it in a year."""
        return self.first_cny(start, year) + self.again_cny(start, year)

    def helped_cny(self, start: Start, draw: Draw) -> float:
        """What an instrument may help with, of the payment of a year."""
        whole = self.due_cny if draw.instrument.renews else self.first_cny
        return whole(start, draw.year)

    def rest_cny(self, start: Start) -> float:
        """What is left of its last price at the end of the horizon, straight over its life."""
        begun = [start.year, *start.candidate.renewals(start.year, self.last)][-1]
        ran = self.last + 1 - begun - start.candidate.lead
        return start.size.cost_cny * max(0.0, 1.0 - ran / start.candidate.life)

    def net_cny(self, start: Start) -> float:
        """Its discounted payments less the discounted rest at the end, whoever pays."""
        paid = sum(self.due_cny(start, y) * self.factor(y) for y in self.years)
        return paid - self.rest_cny(start) * self.factor(self.last)

    def drawn_net_cny(self, draw: Draw) -> float:
        """What a yuan of an instrument changes in the discounted cost of the park."""
        back = sum(
            draw.instrument.repaid(y - draw.year) * self.factor(y)
            for y in self.years
            if y > draw.year
        )
        owed = draw.instrument.owed(self.last - draw.year) * self.factor(self.last)
        return back + owed - self.factor(draw.year)

    def prices(self) -> Iterator[tuple[int, Shortfall, int]]:
        """Every target with a price in every year in which it holds: (number, target, year)."""
        for i, target in enumerate(self.shortfalls):
            for year in self.years:
                if year >= target.by:
                    yield i, target, year
