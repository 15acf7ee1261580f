"""The books of one season of a result, kept from the park file and the flows alone.

What is generated, delivered, counted and paid is computed here a second time, without
:class:`~symbiosis.exchange.ExchangeData`'s numbers; only the list of what exists is taken over.
:mod:`symbiosis.verify` holds an optimum against these books.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from symbiosis import units
from symbiosis.flows import Flows, Sent, kept, kept_for_year
from symbiosis.park.enterprise import RouteKind, Unit, Use
from symbiosis.park.link import Link, Status
from symbiosis.park.material import Basis, Material, Rest, WasteClass
from symbiosis.park.quantity import Quantity
from symbiosis.park.season import Spread


@dataclass(frozen=True)
class Books(Flows):
    """The books of one season."""

    @cached_property
    def hours(self) -> dict[str, float]:
        """Hours of each season."""
        return self._hours()

    @kept_for_year
    def _hours(self) -> dict[str, float]:
        return {name: season.hours.to("h") for name, season in self.park.seasons.items()}

    @property
    def time_share(self) -> float:
        """The part of the year's hours that this season has."""
        season = self.data.period
        return self.hours[season] / sum(self.hours.values()) if season else 1.0

    @kept_for_year
    def course(self, profile: str | None) -> dict[str, float]:
        """The values of a profile by season; 1 without one."""
        if profile is None:
            return dict.fromkeys(self.hours, 1.0)
        return {s: v.to("%") / 100 for s, v in self.park.profiles[profile].values.items()}

    @kept
    def part(self, profile: str | None) -> float:
        """What of a year's amount at full load falls here: with a load profile, less than all."""
        season, values = self.data.period, self.course(profile)
        weighted = {s: values[s] * h for s, h in self.hours.items()}
        by_weight = profile is not None and self.park.profiles[profile].spread is Spread.WEIGHT
        whole = sum((weighted if by_weight else self.hours).values())
        here = weighted[season] if season else sum(weighted.values())
        return here / whole if self.hours else 1.0

    @cached_property
    def unit_of(self) -> dict[str, tuple[str, Unit]]:
        """Unit (name and value) of every by-product and use."""
        return {
            f"{enterprise}.{name}": (f"{enterprise}.{unit_id}", unit)
            for enterprise, unit_id, unit in self.park.units()
            for name in (*unit.byproducts, *unit.uses)
        }

    def load(self, name: str) -> float:
        """What of the year at full load falls here, for a by-product or use."""
        key, unit = self.unit_of[name]
        if unit.runs_freely:
            return self.point.running[key] * self.time_share
        noun = self.park.byproducts.get(name) or self.park.uses[name]
        return self.activity(unit) * self.part(noun.profile or unit.profile)

    def activity(self, unit: Unit) -> float:
        """The given activity as a share of full load."""
        if unit.activity is None or unit.activity.measure.dimension == "1":
            return unit.activity.measure.value if unit.activity else 1.0
        return unit.activity.measure.value / (unit.capacity.measure.value if unit.capacity else 1.0)

    def amount(self, name: str, counted: str) -> float:
        """Generation or need here, at the unit's load, of a by-product or use."""
        return self.at_full_load(name, counted) * self.load(name)

    @kept_for_year
    def at_full_load(self, name: str, counted: str) -> float:
        """Generation or need of a year at full load, of a by-product or use."""
        stated = self.park.byproducts.get(name) or self.park.uses[name]
        _, unit = self.unit_of[name]
        if stated.full_load is not None:
            return self.on_basis(stated.full_load, name, f"{counted}/a")
        if stated.heat is not None and (flow := stated.heat.heat_capacity_flow) is not None:
            span = stated.heat.supply.to("degC") - stated.heat.target.to("degC")
            duty = units.parse(f"{abs(span) * flow.to('GJ/(a K)')!r} GJ/a")
            return duty.to(f"{counted}/a")
        if stated.coefficient is None or unit.capacity is None:
            return 0.0
        one = " ".join(
            f"({u})"
            for u in (stated.coefficient.measure.unit, unit.capacity.measure.unit)
            if u != "1"
        )
        scale = units.parse(f"1 {one}").to(f"{counted}/a")
        value = stated.coefficient.measure.value * unit.capacity.measure.value
        return value * scale

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
        """The material of a by-product."""
        return self.park.material_of(byproduct)

    @kept_for_year
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
        """The unit in which a need is counted."""
        return self.data.needs[use].counted_in

    @kept_for_year
    def replaces(self, key: tuple[str, str]) -> float:
        """Need filled per unit sent."""
        link, use = self.park.links[key[0]], self.park.uses[key[1]]
        material = self.park.byproducts[link.byproduct].material
        unit = f"{self.counted_in(key[1])}/{self.park.materials[material].unit}"
        return use.accepts[material].ratio.to(unit) * self.arrives(key)[0]

    def generated(self, byproduct: str) -> float:
        """Own generation and the residues that treatments leave here."""
        residues = sum(
            self.arrives(key)[1] * amount for key, amount in self._by_residue.get(byproduct, [])
        )
        own = self.amount(byproduct, self.material(byproduct).unit.value)
        return own + residues + self.returned(byproduct)

    @cached_property
    def _by_residue(self) -> Mapping[str, Sent]:
        return self._grouped(lambda key: self.park.links[key[0]].residue or "")

    def returned(self, byproduct: str) -> float:
        """What a use of the unit took in and did not consume, where the by-product is that."""
        back = self.park.byproducts[byproduct].returns
        if back is None:
            return 0.0
        taken = sum(self.arrives(key)[0] * sent for key, sent in self.into(back.use))
        taken += self.point.bought.get(back.use, 0.0)
        return taken * (1 - back.consumed.amount) if back.consumed else taken

    @kept_for_year
    def refund(self, use: str, rule: int) -> float:
        """CNY of tax refunded per unit of the need, where a content rule is met."""
        paid = self.park.uses[use].content[rule].refund
        return paid.to(f"CNY/{self.counted_in(use)}") if paid else 0.0

    def leaving(self, byproduct: str) -> float:
        """What is sent over all links of a by-product."""
        return sum(amount for _, amount in self.out_of(byproduct))

    def intake_part(self, use: Use, name: str) -> float:
        """What of a greatest intake falls here: as of the need, by its course."""
        profile = use.profile or self.unit_of[name][1].profile
        if not self.data.period:
            return 1.0
        values = self.course(profile)
        weighted = {s: values[s] * h for s, h in self.hours.items()}
        whole = sum(weighted.values())
        return weighted[self.data.period] / whole if whole else 0.0

    @kept
    def reachable(self, profile: str | None) -> float:
        """The load that a supply-driven unit can reach here, by its load profile."""
        if profile is None or self.park.profiles[profile].spread is Spread.WEIGHT:
            return 1.0
        values = self.course(profile)
        if self.data.period:
            return values[self.data.period]
        return sum(values[s] * h for s, h in self.hours.items()) / sum(self.hours.values())

    @kept
    def running_part(self, profile: str | None) -> float:
        """The part of the hours here in which a load profile lets a unit run."""
        if profile is None or self.park.profiles[profile].spread is Spread.WEIGHT:
            return 1.0
        values, here = self.course(profile), self.data.period
        hours = {here: self.hours[here]} if here else self.hours
        return sum(h for s, h in hours.items() if values[s] > 0) / sum(hours.values())

    @kept_for_year
    def inside_waste(self, byproduct: str) -> bool:
        """Whether a by-product is general industrial waste of an enterprise inside."""
        inside = self.data.boundary in self.park.enterprises[byproduct.partition(".")[0]].inside
        return inside and self.material(byproduct).waste_class is WasteClass.GENERAL_INDUSTRIAL

    def generated_waste(self) -> float:
        """G + U_old."""
        wastes = [b for b in self.data.supplies if self.inside_waste(b)]
        return sum(self.generated(b) + self.old(b) for b in wastes)

    def old(self, byproduct: str) -> float:
        """U_old: what counts beyond this year's waste that was sent."""
        keys = [key for key, _ in self.out_of(byproduct)]
        drawn = self.point.drawn.get(byproduct, 0.0)
        fresh = sum(self.point.sent[key] for key in keys) - drawn
        return max(0.0, sum(map(self.credit, keys)) - fresh) if drawn else 0.0

    def utilised(self) -> float:
        """U: waste of the park into uses that count; behind a passing unit, as certified."""
        return sum(self.credit(key) for key in self.point.sent if self.starts_with_waste(key))

    def starts_with_waste(self, key: tuple[str, str]) -> bool:
        """Whether an arc starts from waste of the park."""
        return self.inside_waste(self.park.links[key[0]].byproduct)

    def credit(self, key: tuple[str, str]) -> float:
        """What of an arc counts: all of it, what is certified, or nothing."""
        if key in self.point.counted:
            return self.point.counted[key]
        counts = self.park.uses[key[1]].counts_as[self.data.document]
        return self.point.sent[key] if counts.value == "utilised" else 0.0

    def costs(self) -> list[float]:
        """Every item of the cost in CNY."""
        return [
            *(self.way_cost(key) * amount for key, amount in self.point.sent.items()),
            *(self.route_cost(*key) * amount for key, amount in self.point.dumped.items()),
            *(self.price(use) * amount for use, amount in self.point.bought.items()),
            *(self.runner_cost(unit) * load for unit, load in self.point.running.items()),
            *(self.dig_cost(b) * amount for b, amount in self.point.drawn.items()),
            *(-self.refund(n, int(i)) * amount for (n, i), amount in self.point.refunded.items()),
            *(self.carbon_price() * line for line in self.emissions()),
        ]

    @kept_for_year
    def way_cost(self, key: tuple[str, str]) -> float:
        """CNY per unit sent: haul, treatment, capital."""
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
        cost += self.power_cost(link, treatment, unit.value)
        return cost + self.capital(link, unit.value)

    def power_cost(self, link: Link, treatment: str | None, unit: str) -> float:
        """CNY of power that the treatment takes per unit sent; 0 where it has no price."""
        price = self.park.policy.power_price
        if treatment is None or price is None or self.park.treatments[treatment].energy is None:
            return 0.0
        energy = self.park.treatments[treatment].energy
        taken = energy.to(f"kWh/{unit}") if energy else 0.0
        return (1 - (link.loss.amount if link.loss else 0.0)) * taken * price.to("CNY/kWh")

    def capital(self, link: Link, unit: str) -> float:
        """Annualised investment of a link that does not stand yet, CNY per unit."""
        started = link.from_ is None or link.from_ <= self.data.year
        stands = link.status is Status.EXISTING and started
        if link.investment is None or link.capacity is None or stands or link.lumpy:
            return 0.0
        return (
            link.investment.to("CNY")
            * self.annuity()
            / self.on_basis(link.capacity, link.byproduct, f"{unit}/a")
        )

    def annuity(self) -> float:
        """Yearly cost per yuan invested."""
        finance = self.park.finance
        rate, life = finance.discount_rate.to("%") / 100, finance.asset_life.to("a")
        return rate / (1 - (1 + rate) ** -life) if rate else 1 / life

    @kept_for_year
    def route_cost(self, byproduct: str, route: str) -> float:
        """CNY per unit that leaves by a route, tax included."""
        declared, unit = self.park.byproducts[byproduct], self.material(byproduct).unit
        way = declared.routes[route]
        taxed = not way.compliant or way.kind is RouteKind.EMITTED
        tax = self.park.policy.environmental_tax[declared.tax] if taxed and declared.tax else None
        due = tax is not None and (tax.effective or 0) <= self.data.year
        return way.cost.to(f"CNY/{unit}") + (tax.to(f"CNY/{unit}") if tax and due else 0.0)

    @kept_for_year
    def price(self, use: str) -> float:
        """CNY per unit of virgin material."""
        virgin = self.park.uses[use].virgin
        return virgin.price.to(f"CNY/{self.counted_in(use)}") if virgin else 0.0

    @kept
    def runner_cost(self, name: str) -> float:
        """CNY at full load of a supply-driven unit, income taken off."""
        enterprise, _, unit_id = name.partition(".")
        unit = self.park.enterprises[enterprise].units[unit_id]
        if unit.capacity is None:
            return 0.0
        out = unit.running_cost.measure.value if unit.running_cost else 0.0
        income = unit.income.measure.value if unit.income else 0.0
        return (out - income) * unit.capacity.measure.value * self.time_share

    @kept_for_year
    def dig_cost(self, byproduct: str) -> float:
        """CNY per unit dug out of an old heap."""
        unit = self.material(byproduct).unit
        heaps = [h for h in self.park.stockpiles.values() if h.byproduct == byproduct]
        costs = [h.reclaim_cost.to(f"CNY/{unit}") for h in heaps if h.reclaim_cost is not None]
        return max(costs, default=0.0)

    # --- carbon

    def carbon_price(self) -> float:
        """CNY per t CO2e; 0 where the park or scenario sets none."""
        price = self.park.policy.carbon_price
        due = price is not None and (price.effective or 0) <= self.data.year
        return price.to("CNY/t") if price is not None and due else 0.0

    def emissions(self) -> list[float]:
        """Every line of the carbon inventory in t CO2e."""
        return [
            *(self.way_carbon(key) * amount for key, amount in self.point.sent.items()),
            *(self.route_carbon(*key) * amount for key, amount in self.point.dumped.items()),
            *(self.virgin_carbon(use) * amount for use, amount in self.point.bought.items()),
            *(self.unit_carbon(f"{e}.{name}", unit) for e, name, unit in self.park.units()),
        ]

    def factor(self, quantity: Quantity | None, unit: str) -> float:
        """A carbon factor in ``unit``; 0 where none is stated."""
        return quantity.to(unit) if quantity is not None else 0.0

    @kept_for_year
    def way_carbon(self, key: tuple[str, str]) -> float:
        """T CO2e per unit sent: haul, treatment, what the use sets free."""
        link, use = self.park.links[key[0]], self.park.uses[key[1]]
        byproduct = self.park.byproducts[link.byproduct]
        unit, accept = self.park.materials[byproduct.material].unit, use.accepts[byproduct.material]
        haul = self.factor(self.park.transport[link.mode].co2e, f"t/({unit} km)")
        total = haul * link.distance.to("km")
        total += self.factor(accept.co2e_in_use, f"t/{unit}") * self.arrives(key)[0]
        if accept.treatment is not None:
            arriving = 1 - (link.loss.amount if link.loss else 0.0)
            total += arriving * self.treatment_carbon(accept.treatment, unit.value)
        return total

    @kept_for_year
    def treatment_carbon(self, name: str, unit: str) -> float:
        """T CO2e per unit that enters: the treatment's own, and of its power unless that is in."""
        treatment = self.park.treatments[name]
        power = 0.0 if treatment.co2e_with_power else self.factor(treatment.energy, f"MWh/{unit}")
        grid = self.factor(self.park.policy.power_co2e, "t/MWh")
        return self.factor(treatment.co2e, f"t/{unit}") + power * grid

    @kept_for_year
    def route_carbon(self, byproduct: str, route: str) -> float:
        """T CO2e per unit that leaves by a route."""
        declared = self.park.byproducts[byproduct].routes[route]
        return self.factor(declared.co2e, f"t/{self.material(byproduct).unit}")

    @kept_for_year
    def virgin_carbon(self, use: str) -> float:
        """T CO2e per unit of virgin material: cradle to gate, and in the use."""
        virgin, unit = self.park.uses[use].virgin, f"t/{self.counted_in(use)}"
        if virgin is None:
            return 0.0
        return self.factor(virgin.co2e, unit) + self.factor(virgin.co2e_in_use, unit)

    def unit_carbon(self, name: str, unit: Unit) -> float:
        """Own emission of a unit in this season, t CO2e; 0 for a unit that is not there."""
        if unit.co2e is None or unit.capacity is None or name not in self.data.units:
            return 0.0
        full = unit.co2e.measure.value * unit.capacity.measure.value * self.time_share
        running = unit.runs_freely
        given = self.activity(unit) * self.reachable(unit.profile)
        return full * (self.point.running[name] if running else given)
