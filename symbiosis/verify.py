"""An independent check of every optimum, before it is shown.

Balances, limits, R and costs are computed again from the park file and the flows, without Pyomo,
without arrays and without :class:`~symbiosis.exchange.ExchangeData`; only the list of what exists
is taken over. What does not hold to a millionth of what
passes through is a fault of the program.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from symbiosis.books import Books
from symbiosis.faults import FLOOR, ROUNDING, TOLERANCE, differ, exceeds
from symbiosis.flows import Memos
from symbiosis.heap_audit import HeapAudit
from symbiosis.heat_audit import HeatAudit
from symbiosis.park.enterprise import ShareBasis
from symbiosis.park.material import WasteClass
from symbiosis.park.park import Park
from symbiosis.point import Point
from symbiosis.quality_audit import quality_faults
from symbiosis.seasons import Year
from symbiosis.tariff_audit import surcharges_of
from symbiosis.terms_audit import charges_of, subsidies_of, term_faults


class FailedCheck(Exception):
    """A result does not stand up to checking; ``faults`` says where. A fault of the program."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True)
class Claim:
    """What an optimum says of itself: U and G + U_old in t, cost in CNY, carbon in t CO2e."""

    utilised_t: float
    generated_t: float
    cost_cny: float
    carbon_t: float


def verify(
    park: Park,
    year: Year,
    points: Sequence[Point],
    levels: Mapping[tuple[str, str], float],
    claim: Claim,
    memos: Memos | None = None,
) -> None:
    """Raise :class:`FailedCheck` unless balances, limits, heaps, R and cost hold.

    ``memos`` are shared by the checks of several answers of one park and year.
    """
    known = Memos.empty(len(points)) if memos is None else memos
    slices = zip(year.slices, points, known.seasons, strict=True)
    books = [Audit(park, data, point, memo, known.year) for data, point, memo in slices]
    faults = [fault for book in books for fault in book.faults()]
    heaps = HeapAudit(park, year, books, levels)
    faults += heaps.faults()
    faults += _claim_faults(books, heaps, claim)
    if faults:
        raise FailedCheck(faults)


def _claim_faults(books: Sequence["Audit"], heaps: HeapAudit, claim: Claim) -> Iterator[str]:
    """U, G + U_old and the cost, summed over the seasons."""
    allowed = sum(book.allowed(book.generated_waste()) for book in books)
    utilised = sum(book.utilised() for book in books)
    yield from differ("utilised waste", claim.utilised_t, utilised, allowed)
    generated = sum(book.generated_waste() for book in books)
    yield from differ("generated waste", claim.generated_t, generated, allowed)
    items = [item for book in books for item in book.costs()]
    items += [*heaps.costs(), *charges_of(books)]
    items += [paid for book in books for paid in surcharges_of(book)]
    items += subsidies_of(books)
    spent = sum(map(abs, items))
    yield from differ("cost", claim.cost_cny, sum(items), TOLERANCE * spent + ROUNDING)
    lines = [line for book in books for line in book.emissions()] + [*heaps.emissions()]
    emitted = TOLERANCE * sum(map(abs, lines)) + ROUNDING
    yield from differ("carbon", claim.carbon_t, sum(lines), emitted)


@dataclass(frozen=True)
class Audit(Books):
    """The checks of one season against its books."""

    def faults(self) -> Iterator[str]:
        """Everything that does not hold in this season."""
        yield from self.negative()
        for byproduct in self.data.supplies:
            yield from self.supply(byproduct)
        for use in self.data.needs:
            yield from self.need(use)
            yield from self.shares(use)
            yield from quality_faults(self, use)
        yield from self.capacities()
        yield from self.certificate()
        yield from term_faults(self, self.allowed)
        yield from HeatAudit(self, self.allowed).faults()

    def allowed(self, size: float, unit: str = "t") -> float:
        """By how much two sums of this size, counted in ``unit``, may differ."""
        return TOLERANCE * abs(size) + FLOOR * self.largest.get(unit, 0.0)

    @cached_property
    def largest(self) -> dict[str, float]:
        """The largest amount that flows anywhere, by unit."""
        found: dict[str, float] = {}
        starts = [(self.park.links[key[0]].byproduct, v) for key, v in self.point.sent.items()]
        for byproduct, amount in [*starts, *((k[0], v) for k, v in self.point.dumped.items())]:
            unit = self.material(byproduct).unit.value
            found[unit] = max(found.get(unit, 0.0), amount)
        for use, amount in self.point.bought.items():
            unit = self.counted_in(use)
            found[unit] = max(found.get(unit, 0.0), amount)
        return found

    def negative(self) -> Iterator[str]:
        """Amounts below zero."""
        for kind in ("sent", "bought", "dumped", "running", "drawn", "put", "taken", "refunded"):
            for key, value in getattr(self.point, kind).items():
                if not value >= 0:
                    yield f"{kind} {key} is negative: {value}"

    def supply(self, byproduct: str) -> Iterator[str]:
        """Whether a by-product goes somewhere, all of it and no more."""
        there = self.generated(byproduct) + self.point.drawn.get(byproduct, 0.0)
        there += self.point.taken.get(byproduct, 0.0) - self.point.put.get(byproduct, 0.0)
        routes = self.park.byproducts[byproduct].routes
        gone = self.leaving(byproduct) + sum(self.point.dumped[byproduct, r] for r in routes)
        yield from differ(
            f"balance of {byproduct}",
            there,
            gone,
            self.allowed(there, self.material(byproduct).unit),
        )

    def need(self, use: str) -> Iterator[str]:
        """Whether a need is filled, no more and no less."""
        if self.park.uses[use].load:
            return
        wanted = self.amount(use, self.counted_in(use))
        filled = sum(self.replaces(key) * amount for key, amount in self.into(use))
        bought = self.point.bought.get(use, 0.0)
        yield from differ(
            f"need of {use}", wanted, filled + bought, self.allowed(wanted, self.counted_in(use))
        )

    def shares(self, name: str) -> Iterator[str]:
        """Shares, groups, recipes and the greatest intake of a use."""
        use = self.park.uses[name]
        delivered: dict[str, float] = {}
        replaced: dict[str, float] = {}
        for key, amount in self.into(name):
            material = self.park.byproducts[self.park.links[key[0]].byproduct].material
            delivered[material] = delivered.get(material, 0) + self.arrives(key)[0] * amount
            replaced[material] = replaced.get(material, 0) + self.replaces(key) * amount
        by_need = use.share_basis is ShareBasis.NEED
        mine = replaced if by_need else delivered
        whole = sum(mine.values()) + self.point.bought.get(name, 0.0)
        for material, amount in mine.items():
            most = use.accepts[material].max_share.amount * whole
            yield from exceeds(f"share of {material} in {name}", amount, most, self.allowed(whole))
        for group, share in use.groups.items():
            members = [m for m in mine if use.accepts[m].group == group]
            total = sum(mine[m] for m in members)
            yield from exceeds(
                f"group {group} in {name}", total, share.amount * whole, self.allowed(whole)
            )
        for material, amount in delivered.items():
            companion = use.accepts[material].companion
            if companion is not None:
                others = sum(delivered.get(m, 0.0) for m in companion.materials)
                most = companion.ratio.amount * others
                yield from exceeds(
                    f"recipe of {material} in {name}", amount, most, self.allowed(whole)
                )
        if use.max_intake is not None:
            most = use.max_intake.to("t/a") * self.intake_part(use, name)
            yield from exceeds(
                f"intake of {name}", sum(delivered.values()), most, self.allowed(most)
            )

    def capacities(self) -> Iterator[str]:
        """Capacities of links and routes, loads of supply-driven units."""
        for link_id in {key[0] for key in self.point.sent}:
            link = self.park.links[link_id]
            if link.capacity is not None:
                unit = f"{self.material(link.byproduct).unit}/a"
                most = self.on_basis(link.capacity, link.byproduct, unit) * self.time_share
                flow = self.over(link_id)
                yield from exceeds(f"capacity of link {link_id}", flow, most, self.allowed(most))
        for (byproduct, route), amount in self.point.dumped.items():
            capacity = self.park.byproducts[byproduct].routes[route].capacity
            if capacity is not None:
                unit = f"{self.material(byproduct).unit}/a"
                most = self.on_basis(capacity, byproduct, unit) * self.time_share
                yield from exceeds(
                    f"capacity of {byproduct} {route}", amount, most, self.allowed(most)
                )
        for enterprise, unit_id, declared in self.park.units():
            running = self.point.running.get(f"{enterprise}.{unit_id}")
            if running is not None:
                most = declared.availability.amount if declared.availability else 1.0
                most *= self.reachable(declared.profile)
                yield from exceeds(f"load of {enterprise}.{unit_id}", running, most, TOLERANCE)
                least = declared.min_load.amount if declared.min_load else 0.0
                least *= self.running_part(declared.profile)
                yield from exceeds(
                    f"least load of {enterprise}.{unit_id}", least, running, TOLERANCE
                )
        for byproduct, drawn in self.point.drawn.items():
            unit = f"{self.material(byproduct).unit}/a"
            heaps = [h for h in self.park.stockpiles.values() if h.byproduct == byproduct]
            most = sum(self.on_basis(h.reclaim, byproduct, unit) for h in heaps) * self.time_share
            yield from exceeds(f"dug out of {byproduct}", drawn, most, self.allowed(most))

    def certificate(self) -> Iterator[str]:
        """``counted`` certifies that what counts behind a passing unit found a taker onward."""
        for key, value in self.point.counted.items():
            sent = self.point.sent[key]
            yield from exceeds(f"counted on {key}", value, sent, self.allowed(sent))
        for unit, passed in self.point.passed.items():
            yield from exceeds(f"passed by {unit}", passed, self.point.running[unit], TOLERANCE)
            yield from self.passes_on(unit, passed)

    def passes_on(self, unit: str, passed: float) -> Iterator[str]:
        """Whether what counts behind a passing unit went on."""
        enterprise, _, unit_id = unit.partition(".")
        declared = self.park.enterprises[enterprise].units[unit_id]
        made = [
            f"{enterprise}.{name}"
            for name, b in declared.byproducts.items()
            if self.park.materials[b.material].waste_class is WasteClass.INTERMEDIATE
        ]
        running = self.point.running[unit]
        whole = sum(self.generated(b) for b in made)
        full = sum(self.at_full_load(b, self.material(b).unit) for b in made)
        onward = sum(
            self.credit(key) for key in self.point.sent if self.park.links[key[0]].byproduct in made
        )
        if running > 0:
            yield from exceeds(
                f"product of {unit}", passed / running * whole, onward, self.allowed(full)
            )
        for name in declared.uses:
            use = f"{enterprise}.{name}"
            feed = sum(self.replaces(k) * v for k, v in self.point.counted.items() if k[1] == use)
            wanted = self.amount(use, self.counted_in(use))
            most = wanted * passed / running if running > 0 else 0.0
            size = self.at_full_load(use, self.counted_in(use))
            yield from exceeds(f"counted feed of {use}", feed, most, self.allowed(size))
