"""An independent check of every optimum, before it is shown.

Balances, limits, R and costs are computed again from the park file and the flows, without Pyomo,
without arrays and without :class:`~symbiosis.exchange.ExchangeData`; only the list of what exists
is taken over. What does not hold to a millionth of what
passes through is a fault of the program.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from symbiosis import units
from symbiosis.exchange import ExchangeData
from symbiosis.park.enterprise import Drive, RouteKind, ShareBasis, Unit, Use
from symbiosis.park.link import Link, Status
from symbiosis.park.material import Basis, Material, Rest, WasteClass
from symbiosis.park.park import Park
from symbiosis.park.quantity import Quantity
from symbiosis.point import Point

TOLERANCE = 1e-6
"""A sum may differ by this part of what it is a sum of."""
FLOOR = 1e-9
"""And, at the smallest nodes, by this part of the largest flow."""


class FailedCheck(Exception):
    """A result does not stand up to checking; ``faults`` says where. A fault of the program."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True)
class Claim:
    """What an optimum says of itself: U and G + U_old in t, cost in CNY."""

    utilised_t: float
    generated_t: float
    cost_cny: float


def verify(park: Park, data: ExchangeData, point: Point, claim: Claim) -> None:
    """Raise :class:`FailedCheck` unless balances, limits, R and cost hold."""
    if faults := list(_Books(park, data, point).faults(claim)):
        raise FailedCheck(faults)


@dataclass(frozen=True)
class _Books:
    """The books of one result, kept from the park file alone."""

    park: Park
    data: ExchangeData
    point: Point

    def faults(self, claim: Claim) -> Iterator[str]:
        yield from self.negative()
        for byproduct in self.data.supplies:
            yield from self.supply(byproduct)
        for use in self.data.needs:
            yield from self.need(use)
            yield from self.shares(use)
        yield from self.capacities()
        yield from self.certificate()
        whole = self.allowed(claim.generated_t)
        yield from _differ("utilised waste", claim.utilised_t, self.utilised(), whole)
        yield from _differ("generated waste", claim.generated_t, self.generated_waste(), whole)
        spent = sum(abs(item) for item in self.costs())
        yield from _differ("cost", claim.cost_cny, sum(self.costs()), TOLERANCE * spent)

    def allowed(self, size: float) -> float:
        """By how much two sums of this size may differ."""
        return TOLERANCE * abs(size) + FLOOR * self.largest

    @cached_property
    def largest(self) -> float:
        """The largest amount that flows anywhere."""
        amounts = (*self.point.sent.values(), *self.point.dumped.values())
        return max(amounts, default=0.0)

    # --- the park file, read once more

    @cached_property
    def unit_of(self) -> dict[str, tuple[str, Unit]]:
        """Unit (name and value) of every by-product and use."""
        return {
            f"{enterprise}.{name}": (f"{enterprise}.{unit_id}", unit)
            for enterprise, unit_id, unit in self.park.units()
            for name in (*unit.byproducts, *unit.uses)
        }

    def load(self, name: str) -> float:
        """The load of the unit that a by-product or use belongs to."""
        key, unit = self.unit_of[name]
        if unit.drive is Drive.SUPPLY:
            return self.point.running[key]
        if unit.activity is None or unit.activity.measure.dimension == "1":
            return unit.activity.measure.value if unit.activity else 1.0
        return unit.activity.measure.value / (unit.capacity.measure.value if unit.capacity else 1.0)

    def amount(self, name: str, noun: Use | None, counted: str) -> float:
        """Generation or need per year at the unit's load."""
        stated = noun if noun is not None else self.park.byproducts[name]
        _, unit = self.unit_of[name]
        if stated.full_load is not None:
            return self.on_basis(stated.full_load, name, f"{counted}/a") * self.load(name)
        if stated.coefficient is None or unit.capacity is None:
            return 0.0
        one = " ".join(
            f"({u})"
            for u in (stated.coefficient.measure.unit, unit.capacity.measure.unit)
            if u != "1"
        )
        scale = units.parse(f"1 {one}").to(f"{counted}/a")
        value = stated.coefficient.measure.value * unit.capacity.measure.value
        return value * scale * self.load(name)

    def on_basis(self, quantity: Quantity, name: str, unit: str) -> float:
        """An amount on the basis of the by-product's material."""
        amount, basis = quantity.to(unit), quantity.measure.basis
        if name not in self.park.byproducts or basis is None:
            return amount
        material = self.park.material_of(name)
        if material.basis is None or material.moisture is None or basis == material.basis.value:
            return amount
        dry = 1 - material.moisture.amount
        return amount * dry if material.basis is Basis.DRY else amount / dry

    def material(self, byproduct: str) -> Material:
        return self.park.material_of(byproduct)

    def arrives(self, key: tuple[str, str]) -> tuple[float, float]:
        """(delivered, residue) per unit sent over a link into a use."""
        link, use = self.park.links[key[0]], self.park.uses[key[1]]
        accept = use.accepts[self.park.byproducts[link.byproduct].material]
        left = 1 - (link.loss.amount if link.loss else 0.0)
        if accept.treatment is None:
            return left, 0.0
        treatment = self.park.treatments[accept.treatment]
        rest = left * (1 - treatment.yield_.amount)
        return left - rest, rest if treatment.rest is Rest.RESIDUE else 0.0

    def counted_in(self, use: str) -> str:
        return self.data.needs[use].counted_in

    def replaces(self, key: tuple[str, str]) -> float:
        """Need filled per unit sent."""
        link, use = self.park.links[key[0]], self.park.uses[key[1]]
        material = self.park.byproducts[link.byproduct].material
        unit = f"{self.counted_in(key[1])}/{self.park.materials[material].unit}"
        return use.accepts[material].ratio.to(unit) * self.arrives(key)[0]

    # --- balances

    def negative(self) -> Iterator[str]:
        for kind in ("sent", "bought", "dumped", "running", "drawn"):
            for key, value in getattr(self.point, kind).items():
                if value < 0:
                    yield f"{kind} {key} is negative: {value}"

    def generated(self, byproduct: str) -> float:
        """Own generation and the residues that treatments leave here."""
        residues = sum(
            self.arrives(key)[1] * amount
            for key, amount in self.point.sent.items()
            if self.park.links[key[0]].residue == byproduct
        )
        return self.amount(byproduct, None, self.material(byproduct).unit.value) + residues

    def leaving(self, byproduct: str) -> float:
        return sum(
            amount
            for key, amount in self.point.sent.items()
            if self.park.links[key[0]].byproduct == byproduct
        )

    def supply(self, byproduct: str) -> Iterator[str]:
        there = self.generated(byproduct) + self.point.drawn.get(byproduct, 0.0)
        routes = self.park.byproducts[byproduct].routes
        gone = self.leaving(byproduct) + sum(self.point.dumped[byproduct, r] for r in routes)
        yield from _differ(f"balance of {byproduct}", there, gone, self.allowed(there))

    def need(self, use: str) -> Iterator[str]:
        wanted = self.amount(use, self.park.uses[use], self.counted_in(use))
        filled = sum(self.replaces(k) * v for k, v in self.point.sent.items() if k[1] == use)
        bought = self.point.bought.get(use, 0.0)
        yield from _differ(f"need of {use}", wanted, filled + bought, self.allowed(wanted))

    # --- limits

    def shares(self, name: str) -> Iterator[str]:
        use = self.park.uses[name]
        delivered: dict[str, float] = {}
        replaced: dict[str, float] = {}
        for key, amount in self.point.sent.items():
            if key[1] == name:
                material = self.park.byproducts[self.park.links[key[0]].byproduct].material
                delivered[material] = delivered.get(material, 0) + self.arrives(key)[0] * amount
                replaced[material] = replaced.get(material, 0) + self.replaces(key) * amount
        by_need = use.share_basis is ShareBasis.NEED
        mine = replaced if by_need else delivered
        whole = sum(mine.values()) + self.point.bought.get(name, 0.0)
        for material, amount in mine.items():
            most = use.accepts[material].max_share.amount * whole
            yield from _exceeds(f"share of {material} in {name}", amount, most, self.allowed(whole))
        for group, share in use.groups.items():
            members = [m for m in mine if use.accepts[m].group == group]
            total = sum(mine[m] for m in members)
            yield from _exceeds(
                f"group {group} in {name}", total, share.amount * whole, self.allowed(whole)
            )
        for material, amount in delivered.items():
            companion = use.accepts[material].companion
            if companion is not None:
                others = sum(delivered.get(m, 0.0) for m in companion.materials)
                most = companion.ratio.amount * others
                yield from _exceeds(
                    f"recipe of {material} in {name}", amount, most, self.allowed(whole)
                )
        if use.max_intake is not None:
            most = use.max_intake.to("t/a")
            yield from _exceeds(
                f"intake of {name}", sum(delivered.values()), most, self.allowed(most)
            )

    def capacities(self) -> Iterator[str]:
        for link_id in {key[0] for key in self.point.sent}:
            link = self.park.links[link_id]
            if link.capacity is not None:
                unit = f"{self.material(link.byproduct).unit}/a"
                most = self.on_basis(link.capacity, link.byproduct, unit)
                flow = sum(v for k, v in self.point.sent.items() if k[0] == link_id)
                yield from _exceeds(f"capacity of link {link_id}", flow, most, self.allowed(most))
        for (byproduct, route), amount in self.point.dumped.items():
            capacity = self.park.byproducts[byproduct].routes[route].capacity
            if capacity is not None:
                most = capacity.to(f"{self.material(byproduct).unit}/a")
                yield from _exceeds(
                    f"capacity of {byproduct} {route}", amount, most, self.allowed(most)
                )
        for enterprise, unit_id, declared in self.park.units():
            running = self.point.running.get(f"{enterprise}.{unit_id}")
            if running is not None:
                most = declared.availability.amount if declared.availability else 1.0
                yield from _exceeds(f"load of {enterprise}.{unit_id}", running, most, TOLERANCE)

    # --- the rate

    def inside_waste(self, byproduct: str) -> bool:
        inside = self.data.boundary in self.park.enterprises[byproduct.partition(".")[0]].inside
        return inside and self.material(byproduct).waste_class is WasteClass.GENERAL_INDUSTRIAL

    def generated_waste(self) -> float:
        """G + U_old."""
        wastes = [b for b in self.data.supplies if self.inside_waste(b)]
        return sum(self.generated(b) + self.old(b) for b in wastes)

    def old(self, byproduct: str) -> float:
        """U_old: what counts beyond this year's waste that was sent."""
        keys = [k for k in self.point.sent if self.park.links[k[0]].byproduct == byproduct]
        drawn = self.point.drawn.get(byproduct, 0.0)
        fresh = sum(self.point.sent[key] for key in keys) - drawn
        return max(0.0, sum(map(self.credit, keys)) - fresh) if drawn else 0.0

    def utilised(self) -> float:
        """U: waste of the park into uses that count; behind a passing unit, as certified."""
        return sum(self.credit(key) for key in self.point.sent if self.starts_with_waste(key))

    def starts_with_waste(self, key: tuple[str, str]) -> bool:
        return self.inside_waste(self.park.links[key[0]].byproduct)

    def credit(self, key: tuple[str, str]) -> float:
        """What of an arc counts: all of it, what is certified, or nothing."""
        if key in self.point.counted:
            return self.point.counted[key]
        counts = self.park.uses[key[1]].counts_as[self.data.document]
        return self.point.sent[key] if counts.value == "utilised" else 0.0

    def certificate(self) -> Iterator[str]:
        """``counted`` certifies that what counts behind a passing unit found a taker onward."""
        for key, value in self.point.counted.items():
            sent = self.point.sent[key]
            yield from _exceeds(f"counted on {key}", value, sent, self.allowed(sent))
        for unit, passed in self.point.passed.items():
            yield from _exceeds(f"passed by {unit}", passed, self.point.running[unit], TOLERANCE)
            yield from self.passes_on(unit, passed)

    def passes_on(self, unit: str, passed: float) -> Iterator[str]:
        enterprise, _, unit_id = unit.partition(".")
        declared = self.park.enterprises[enterprise].units[unit_id]
        made = [
            f"{enterprise}.{name}"
            for name, b in declared.byproducts.items()
            if self.park.materials[b.material].waste_class is WasteClass.INTERMEDIATE
        ]
        running = self.point.running[unit]
        whole = sum(self.generated(b) for b in made)
        onward = sum(
            self.credit(key) for key in self.point.sent if self.park.links[key[0]].byproduct in made
        )
        if running > 0:
            yield from _exceeds(
                f"product of {unit}", passed / running * whole, onward, self.allowed(whole)
            )
        for name in declared.uses:
            use = f"{enterprise}.{name}"
            feed = sum(self.replaces(k) * v for k, v in self.point.counted.items() if k[1] == use)
            wanted = self.amount(use, self.park.uses[use], self.counted_in(use))
            most = wanted * passed / running if running > 0 else 0.0
            yield from _exceeds(f"counted feed of {use}", feed, most, self.allowed(wanted))

    # --- money

    def costs(self) -> list[float]:
        """Every item of the cost in CNY."""
        return [
            *(self.way_cost(key) * amount for key, amount in self.point.sent.items()),
            *(self.route_cost(*key) * amount for key, amount in self.point.dumped.items()),
            *(self.price(use) * amount for use, amount in self.point.bought.items()),
            *(self.runner_cost(unit) * load for unit, load in self.point.running.items()),
            *(self.dig_cost(b) * amount for b, amount in self.point.drawn.items()),
        ]

    def way_cost(self, key: tuple[str, str]) -> float:
        link, use = self.park.links[key[0]], self.park.uses[key[1]]
        byproduct = self.park.byproducts[link.byproduct]
        unit = self.park.materials[byproduct.material].unit
        mode = self.park.transport[link.mode]
        haul = link.distance.to("km") * mode.freight.to(f"CNY/({unit} km)")
        haul += mode.handling.to(f"CNY/{unit}") if mode.handling else 0.0
        cost = haul if link.cost is None else link.cost.to(f"CNY/{unit}")
        treatment = use.accepts[byproduct.material].treatment
        if treatment is not None and (fee := self.park.treatments[treatment].cost) is not None:
            arriving = 1 - (link.loss.amount if link.loss else 0.0)
            cost += arriving * fee.to(f"CNY/{unit}")
        return cost + self.capital(link, unit.value)

    def capital(self, link: Link, unit: str) -> float:
        started = link.from_ is None or link.from_ <= self.data.year
        stands = link.status is Status.EXISTING and started
        if link.investment is None or link.capacity is None or stands:
            return 0.0
        finance = self.park.finance
        rate, life = finance.discount_rate.to("%") / 100, finance.asset_life.to("a")
        annuity = rate / (1 - (1 + rate) ** -life) if rate else 1 / life
        return (
            link.investment.to("CNY")
            * annuity
            / self.on_basis(link.capacity, link.byproduct, f"{unit}/a")
        )

    def route_cost(self, byproduct: str, route: str) -> float:
        declared, unit = self.park.byproducts[byproduct], self.material(byproduct).unit
        way = declared.routes[route]
        taxed = not way.compliant or way.kind is RouteKind.EMITTED
        tax = self.park.policy.environmental_tax[declared.tax] if taxed and declared.tax else None
        return way.cost.to(f"CNY/{unit}") + (tax.to(f"CNY/{unit}") if tax else 0.0)

    def price(self, use: str) -> float:
        virgin = self.park.uses[use].virgin
        return virgin.price.to(f"CNY/{self.counted_in(use)}") if virgin else 0.0

    def runner_cost(self, name: str) -> float:
        enterprise, _, unit_id = name.partition(".")
        unit = self.park.enterprises[enterprise].units[unit_id]
        if unit.capacity is None:
            return 0.0
        out = unit.running_cost.measure.value if unit.running_cost else 0.0
        income = unit.income.measure.value if unit.income else 0.0
        return (out - income) * unit.capacity.measure.value

    def dig_cost(self, byproduct: str) -> float:
        unit = self.material(byproduct).unit
        heaps = [h for h in self.park.stockpiles.values() if h.byproduct == byproduct]
        costs = [h.reclaim_cost.to(f"CNY/{unit}") for h in heaps if h.reclaim_cost is not None]
        return max(costs, default=0.0)


def _differ(what: str, one: float, other: float, allowed: float) -> Iterator[str]:
    if abs(one - other) > allowed:
        yield f"{what}: {one:.9g} beside {other:.9g}"


def _exceeds(what: str, amount: float, most: float, allowed: float) -> Iterator[str]:
    if amount > most + allowed:
        yield f"{what}: {amount:.9g} above {most:.9g}"
