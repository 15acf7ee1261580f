"""On what terms links run and treatments take: the numbers behind a park's switches.

A link *runs* in a slice or is idle; whether it does is a switch of its own where the park file
gives it a least flow, a cost that is paid whole, or a limit on partners. A contract of a link that
stands must be honoured in every slice, pro rata; a link that is not there yet brings its contract
with it: it then sends at least so much wherever it runs. Treatments of one kind share one capacity
per taking enterprise, whatever links lead through them.

Amounts are per slice and in the unit of the by-product, money is in CNY per year.
"""

from collections.abc import Iterator
from dataclasses import replace
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
    terms = {link: each for link, each in found.items() if each is not None}
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
