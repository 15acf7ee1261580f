"""Carbon factors of a park in t CO2e, for the slice and for the inventory of an answer.

The inventory has the lines transport, treatment, disposal, virgin purchases (cradle to gate), and
for what is set free in the uses themselves calcination, combustion and reactions, beside the units'
own emissions. Nothing is ever credited: what is avoided is only the difference from a named
baseline. A virgin material made inside the park has no purchase factor. Source: model.md, objective
carbon.
"""

from collections.abc import Iterator
from dataclasses import replace

from symbiosis.course import load_of, mean_load
from symbiosis.exchange import Arc, ExchangeData, Need, Outlet, Runner
from symbiosis.park.enterprise import Release, Unit
from symbiosis.park.material import Treatment
from symbiosis.park.park import Park
from symbiosis.park.policy import Policy
from symbiosis.park.quantity import Quantity
from symbiosis.park.years import in_effect
from symbiosis.point import Point


def with_carbon(park: Park, data: ExchangeData) -> ExchangeData:
    """The slice with the carbon factors of its park."""
    return replace(
        data,
        arcs=tuple(_arc(park, arc) for arc in data.arcs),
        outlets=tuple(_outlet(park, data, outlet) for outlet in data.outlets),
        needs={name: _need(park, need) for name, need in data.needs.items()},
        runners={name: _runner(park, runner) for name, runner in data.runners.items()},
        units_co2e_t=sum(_given_units(park, data)),
        co2e_cny=_price_cny(park.policy, data.year),
    )


def _price_cny(policy: Policy, year: int) -> float:
    """The carbon price that holds in a year, CNY per t; 0 for none."""
    price = policy.carbon_price
    return price.amount if price is not None and in_effect(price.effective, year) else 0.0


def _per(quantity: Quantity | None, unit: str) -> float:
    return 0.0 if quantity is None else quantity.to(unit)


def _arc(park: Park, arc: Arc) -> Arc:
    unit = park.materials[arc.material].unit
    link, accept = park.links[arc.link], park.uses[arc.use].accepts[arc.material]
    per_km = _per(park.transport[link.mode].co2e, f"t/({unit} km)")
    arrives = 1.0 if link.loss is None else 1.0 - link.loss.amount
    treatment = park.treatments[arc.treatment] if arc.treatment else None
    return replace(
        arc,
        transport_co2e_t=link.distance.amount * per_km,
        treatment_co2e_t=arrives * _treating(treatment, park.policy, unit) if treatment else 0.0,
        use_co2e_t=arc.delivered * _per(accept.co2e_in_use, f"t/{unit}"),
    )


def _treating(treatment: Treatment, policy: Policy, unit: str) -> float:
    """Own CO2e and that of the power taken, t per unit that enters; no power is counted twice."""
    own, grid = _per(treatment.co2e, f"t/{unit}"), _per(policy.power_co2e, "t/kWh")
    if treatment.energy is None or treatment.co2e_with_power:
        return own
    return own + treatment.energy.to(f"kWh/{unit}") * grid


def _outlet(park: Park, data: ExchangeData, outlet: Outlet) -> Outlet:
    unit = data.supplies[outlet.byproduct].counted_in
    route = park.byproducts[outlet.byproduct].routes[outlet.route]
    return replace(outlet, co2e_t=_per(route.co2e, f"t/{unit}"))


def _need(park: Park, need: Need) -> Need:
    virgin = park.uses[need.name].virgin
    if virgin is None:
        return need
    unit = f"t/{need.counted_in}"
    bought, used = _per(virgin.co2e, unit), _per(virgin.co2e_in_use, unit)
    return replace(need, virgin_co2e_t=bought, virgin_use_co2e_t=used)


def _at_full_load(unit: Unit) -> float:
    """Own emission of a unit at full load in t per year: factor x capacity."""
    if unit.co2e is None or unit.capacity is None:
        return 0.0
    return unit.co2e.measure.value * unit.capacity.measure.value


def _runner(park: Park, runner: Runner) -> Runner:
    enterprise, _, unit = runner.name.partition(".")
    return replace(runner, co2e_t=_at_full_load(park.enterprises[enterprise].units[unit]))


def _given_units(park: Park, data: ExchangeData) -> Iterator[float]:
    """Own emissions of the units with given activity that are there."""
    for enterprise, name, unit in park.units():
        if not unit.runs_freely and f"{enterprise}.{name}" in data.units:
            yield _at_full_load(unit) * load_of(unit) * mean_load(park, unit.profile)


def inventory(data: ExchangeData, point: Point) -> dict[str, float]:
    """The inventory of an answer by line, t CO2e."""
    bought = [(data.needs[use], amount) for use, amount in point.bought.items()]
    arcs = [(arc, point.sent[arc.key]) for arc in data.arcs]
    running = sum(r.co2e_t * point.running[name] for name, r in data.runners.items())
    return {
        "units": data.units_co2e_t + running,
        "transport": sum(arc.transport_co2e_t * sent for arc, sent in arcs),
        "treatment": sum(arc.treatment_co2e_t * sent for arc, sent in arcs),
        "disposal": sum(o.co2e_t * point.dumped[o.byproduct, o.route] for o in data.outlets),
        "purchases": sum(need.virgin_co2e_t * amount for need, amount in bought),
        **{line.value: _set_free(data, point, line) for line in Release},
    }


def _set_free(data: ExchangeData, point: Point, line: Release) -> float:
    """What the uses of one kind set free, of by-products and of virgin material."""
    uses = {name: need for name, need in data.needs.items() if need.releases == line}
    taken = sum(a.use_co2e_t * point.sent[a.key] for a in data.arcs if a.use in uses)
    bought = {name: need for name, need in uses.items() if name in point.bought}
    return taken + sum(n.virgin_use_co2e_t * point.bought[name] for name, n in bought.items())


def has_factors(park: Park) -> bool:
    """Whether the park states carbon factors of virgin materials: without them no inventory."""
    virgins = [use.virgin for use in park.uses.values() if use.virgin is not None]
    return any((virgin.co2e or virgin.co2e_in_use) is not None for virgin in virgins)


def unfactored(park: Park, data: ExchangeData) -> list[str]:
    """Uses whose virgin material, and treatments whose power, has no factor although needed."""
    found = []
    for name in data.needs:
        virgin = park.uses[name].virgin
        if virgin is not None and virgin.co2e is None and virgin.co2e_in_use is None:
            found.append(name)
    return [*found, *_without_grid(park, data)]


def _without_grid(park: Park, data: ExchangeData) -> Iterator[str]:
    """Treatments on open ways that take power, in a park that states no factor of power."""
    if park.policy.power_co2e is not None:
        return
    for name in dict.fromkeys(arc.treatment for arc in data.arcs if arc.treatment):
        treatment = park.treatments[name]
        if treatment.energy is not None and not treatment.co2e_with_power:
            yield name
