"""This year's and older heaps, counted from the park file, the levels, what was put and taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from symbiosis.books import Books
from symbiosis.faults import ROUNDING, TOLERANCE, differ, exceeds
from symbiosis.park.enterprise import RouteKind
from symbiosis.park.park import Park
from symbiosis.park.stockpile import Stockpile
from symbiosis.seasons import Year


@dataclass(frozen=True)
class HeapAudit:
    """The heaps of a year: what lies there, what it costs and emits.

    Of some seasons of a year alone, the year says what lay in the heaps before them; nothing is
    left where it does not close with them.
    """

    park: Park
    year: Year
    books: Sequence[Books]
    levels: Mapping[tuple[str, str], float]

    @property
    def names(self) -> Sequence[str]:
        """The seasons."""
        return self.year.names

    def faults(self) -> Iterator[str]:
        """Everything that does not hold."""
        for byproduct, heap in self.waiting().items():
            yield from self.this_year(byproduct, heap)
            yield from self.left_faults(byproduct)
        yield from self.older()

    def waiting(self) -> dict[str, Stockpile]:
        """The heaps in which a by-product waits for a later season."""
        known = {byproduct for _, byproduct in self.levels}
        heaps = [h for h in self.park.stockpiles.values() if h.buffer is not None]
        return {h.byproduct: h for h in heaps if h.byproduct in known}

    def slack(self, byproduct: str) -> float:
        """By how much sums of a by-product may differ: by its generation and all that waits."""
        waits = [level for (_, name), level in self.levels.items() if name == byproduct]
        made = sum(book.generated(byproduct) for book in self.books)
        return TOLERANCE * (made + max(waits, default=0.0)) + ROUNDING

    def this_year(self, byproduct: str, heap: Stockpile) -> Iterator[str]:
        """What lies there follows from what is put and taken, within capacity."""
        lying, allowed = self.year.opening.get(byproduct, 0.0), self.slack(byproduct)
        unit = self.park.material_of(byproduct).unit
        most = self.books[0].on_basis(heap.buffer, byproduct, unit) if heap.buffer else 0.0
        for season, book in zip(self.names, self.books, strict=True):
            lying += book.point.put[byproduct] - book.point.taken[byproduct]
            named = f"heap of {byproduct} after {season}"
            yield from differ(named, self.levels[season, byproduct], lying, allowed)
            yield from exceeds(named, lying, most, allowed)
            yield from exceeds(f"taken from {named}", 0.0, lying, allowed)

    def left(self, byproduct: str) -> float:
        """What lies there as the year ends; nothing where it goes on."""
        if not self.year.closes:
            return 0.0
        return self.levels[self.names[-1], byproduct]

    def storing(self, byproduct: str) -> str | None:
        """The first route that stores: what is left joins the old heap by it."""
        routes = self.park.byproducts[byproduct].routes
        return next((r for r, way in routes.items() if way.kind is RouteKind.STORED), None)

    def left_faults(self, byproduct: str) -> Iterator[str]:
        """What is left is stored by a route, within what that can take in a year."""
        route, allowed = self.storing(byproduct), self.slack(byproduct)
        if route is None:
            yield from exceeds(f"left of {byproduct}", self.left(byproduct), 0.0, allowed)
            return
        capacity = self.park.byproducts[byproduct].routes[route].capacity
        if capacity is not None:
            unit = f"{self.park.material_of(byproduct).unit}/a"
            most = self.books[0].on_basis(capacity, byproduct, unit)
            taken = sum(book.point.dumped[byproduct, route] for book in self.books)
            whole = taken + self.left(byproduct)
            yield from exceeds(f"year of {byproduct} {route}", whole, most, allowed)

    def older(self) -> Iterator[str]:
        """No more is drawn from old heaps over the year than lies there, where that is known."""
        for byproduct in self.books[0].point.drawn:
            lying = self.lying(byproduct)
            if lying is not None:
                drawn = sum(book.point.drawn[byproduct] for book in self.books)
                yield from exceeds(f"drawn of {byproduct}", drawn, lying, TOLERANCE * lying)

    def lying(self, byproduct: str) -> float | None:
        """What lies in the old heaps of a by-product; None where it is not known of each."""
        if not self.year.whole:
            return self.year.legacy.get(byproduct)
        stocks = [h.stock for h in self.park.stockpiles.values() if h.byproduct == byproduct]
        known = [stock for stock in stocks if stock is not None]
        if not known or len(known) < len(stocks):
            return None
        unit = self.park.material_of(byproduct).unit
        return sum(self.books[0].on_basis(stock, byproduct, unit) for stock in known)

    def costs(self) -> Iterator[float]:
        """CNY of lying by the hours, and of what is left: fee, tax and carbon price."""
        for byproduct, heap in self.waiting().items():
            unit = self.park.material_of(byproduct).unit
            yearly = heap.holding_cost.to(f"CNY/{unit}") if heap.holding_cost else 0.0
            for season, book in zip(self.names, self.books, strict=True):
                yield self.levels[season, byproduct] * yearly * book.time_share
            route, book = self.storing(byproduct), self.books[0]
            if route is not None:
                emitted = book.carbon_price() * book.route_carbon(byproduct, route)
                yield (book.route_cost(byproduct, route) + emitted) * self.left(byproduct)

    def emissions(self) -> Iterator[float]:
        """T CO2e of what is left."""
        for byproduct in self.waiting():
            route = self.storing(byproduct)
            if route is not None:
                yield self.books[0].route_carbon(byproduct, route) * self.left(byproduct)
