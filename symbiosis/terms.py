"""On what terms links run and treatments take: the numbers behind a park's switches.

A link *runs* in a slice or is idle; whether it does is a switch of its own where the park file
gives it a least flow, a cost that is paid whole, or a limit on partners. A contract of a link that
stands must be honoured in every slice, pro rata; a link that is not there yet brings its contract
with it: it then sends at least so much wherever it runs. Treatments of one kind share one capacity
per taking enterprise, whatever links lead through them.

Amounts are per slice and in the unit of the by-product, money is in CNY per year.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf

from symbiosis.amounts import in_material
from symbiosis.deals import Deals, Partners, Room, Terms
from symbiosis.exchange import Arc, ExchangeData
from symbiosis.park.link import Link, Status
from symbiosis.park.material import Material, Treatment
from symbiosis.park.park import Park
from symbiosis.park.policy import Policy
from symbiosis.park.quantity import AmountPerYear
from symbiosis.park.years import status_in


def with_terms(park: Park, data: ExchangeData) -> ExchangeData:
    """The year with the terms of its open links, limits on partners and rooms of treatments."""
    partners, rooms = tuple(_partners(park, data)), tuple(_rooms(park, data))
    chosen = {link for limit in partners for link in limit.links}
    links = dict.fromkeys(arc.link for arc in data.arcs)
    found = {link: _terms(park, data, link, link in chosen) for link in links}
    reach = Reach(replace(data, deals=Deals(rooms=rooms)))
    terms = {k: replace(t, most=reach.of(k)) for k, t in found.items() if t is not None}
    return replace(data, deals=Deals(terms, partners, rooms))


def _terms(park: Park, data: ExchangeData, name: str, chosen: bool) -> Terms | None:
    link, material = park.links[name], park.material_of(park.links[name].byproduct)
    stands = status_in(link, data.year) is Status.EXISTING
    contract = _yearly(link.contract, material)
    least = _yearly(link.min_flow, material)
    found = Terms(
        link=name,
        least=least if stands else max(least, contract),
        contract=contract if stands else 0.0,
        fixed_cny=link.fixed_cost.amount if link.fixed_cost else 0.0,
        capital_cny=0.0 if stands else lump_cny(park, link),
        switched=False,
        most=inf,
    )
    whole = found.least > 0 or found.fixed_cny > 0 or found.capital_cny > 0 or chosen
    return replace(found, switched=whole) if whole or found.contract > 0 else None


def _yearly(amount: AmountPerYear | None, material: Material) -> float:
    return 0.0 if amount is None else in_material(amount, material, f"{material.unit}/a")


def lump_cny(park: Park, link: Link) -> float:
    """Annualised investment of a lumpy link: paid whole if it runs at all."""
    if not link.lumpy or link.investment is None:
        return 0.0
    return link.investment.amount * park.finance.annuity()


def energy_cny(treatment: Treatment, policy: Policy, unit: str) -> float:
    """Power that a treatment takes, CNY per unit that enters; 0 where either figure is missing."""
    if treatment.energy is None or policy.power_price is None:
        return 0.0
    return treatment.energy.to(f"kWh/{unit}") * policy.power_price.to("CNY/kWh")


def has_price(treatment: Treatment, policy: Policy) -> bool:
    """Whether everything that a treatment costs has a price."""
    power = treatment.energy is None or policy.power_price is not None
    return treatment.cost is not None and power


# --- partners and rooms


def _partners(park: Park, data: ExchangeData) -> Iterator[Partners]:
    """Limits on the links of a use or by-product that have more links open than they allow."""
    for use in data.needs:
        most = park.uses[use].max_partners
        links = tuple(dict.fromkeys(arc.link for arc in data.arcs_into(use)))
        if most is not None and len(links) > most:
            yield Partners("use", use, most, links)
    for byproduct in data.supplies:
        most = park.byproducts[byproduct].max_partners
        links = tuple(dict.fromkeys(arc.link for arc in data.arcs_from(byproduct)))
        if most is not None and len(links) > most:
            yield Partners("byproduct", byproduct, most, links)


def _rooms(park: Park, data: ExchangeData) -> Iterator[Room]:
    through: dict[tuple[str, str], list[Arc]] = {}
    for arc in data.arcs:
        if arc.treatment is not None and park.treatments[arc.treatment].capacity is not None:
            enterprise = data.needs[arc.use].enterprise
            through.setdefault((enterprise, arc.treatment), []).append(arc)
    for (enterprise, treatment), arcs in through.items():
        capacity = park.treatments[treatment].capacity
        if capacity is not None:
            unit = park.materials[arcs[0].material].unit
            entering = {arc.key: _entering(park, arc, capacity) for arc in arcs}
            yield Room(enterprise, treatment, capacity.to(f"{unit}/a"), unit.value, entering)


def _entering(park: Park, arc: Arc, capacity: AmountPerYear) -> float:
    """What enters a treatment per unit sent, on the basis in which its capacity is stated."""
    link, material = park.links[arc.link], park.materials[arc.material]
    unit = f"{material.unit}/a"
    arrives = 1.0 if link.loss is None else 1.0 - link.loss.amount
    own = in_material(capacity, material, unit)
    return arrives * capacity.to(unit) / own if own > 0 else arrives


# --- how much a link can carry


@dataclass(frozen=True)
class Reach:
    """The most that each link can send in a slice, from what is there, needed and allowed.

    The least of: its capacity; what its by-product can have (generated, residues that join it,
    dug from old heaps); what its uses can take (need, share of the need, greatest intake, room of
    the treatment). Infinite where none of them is limited.
    """

    data: ExchangeData

    def of(self, link: str) -> float:
        """In the unit of the by-product; for a season never more than the year allows."""
        arcs = [arc for arc in self.data.arcs if arc.link == link]
        there = self._there(arcs[0].byproduct, frozenset())
        terms = self.data.deals.terms
        year = terms[link].most if link in terms else inf
        return min(self._taken(link, arcs), there, year)

    def _taken(self, link: str, arcs: Iterable[Arc]) -> float:
        taken = sum(self._into(arc) for arc in arcs)
        return min(taken, self.data.link_capacity.get(link, inf))

    def _there(self, byproduct: str, seen: frozenset[str]) -> float:
        """All that a by-product can be in a slice; infinite where a store or a cycle feeds it."""
        supply = self.data.supplies[byproduct]
        if byproduct in {*self.data.stored, *self.data.quality.returns, *seen}:
            return inf
        load = self.data.runners[supply.unit].max_load if supply.per_load else 0.0
        joining = [arc for arc in self.data.arcs if arc.residue_to == byproduct]
        residues = sum(
            arc.residue * min(self._into(arc), self._there(arc.byproduct, seen | {byproduct}))
            for arc in joining
        )
        return supply.fixed + supply.per_load * load + supply.reclaim + residues

    def _into(self, arc: Arc) -> float:
        """What one use can take over an arc, per unit sent."""
        return min(self._needed(arc), self._intake(arc), self._room(arc))

    def _needed(self, arc: Arc) -> float:
        need = self.data.needs[arc.use]
        if arc.replaced <= 0 or need.free:
            return inf
        load = self.data.runners[need.unit].max_load if need.per_load else 0.0
        return (need.fixed + need.per_load * load) / arc.replaced

    def _intake(self, arc: Arc) -> float:
        most = self.data.needs[arc.use].max_intake
        return inf if most is None or arc.delivered <= 0 else most / arc.delivered

    def _room(self, arc: Arc) -> float:
        found = [(room.capacity, room.entering.get(arc.key, 0.0)) for room in self.data.deals.rooms]
        return min((capacity / part for capacity, part in found if part > 0), default=inf)
