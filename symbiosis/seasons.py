"""A year cut into seasons: one ``ExchangeData`` per season, and the heaps that tie them together.

Amounts of the year fall on the seasons by their profiles; capacities by hours. By-products with a
stockpile that has a ``buffer`` can wait for a later season of the same year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symbiosis.amounts import in_material
from symbiosis.course import (
    hours_of,
    load_in,
    mean_load,
    part_in,
    reclaim_of,
    running_part,
    stock_of,
)
from symbiosis.exchange import ExchangeData, Need, Outlet, Runner, Supply
from symbiosis.park.park import Park
from symbiosis.quality import in_season


@dataclass(frozen=True)
class Store:
    """This year's layer of a heap: ``capacity`` and the cost of an amount lying there a year.

    ``left_cny`` is paid per unit that still lies there at the end of the year and joins the old
    heap: the fee of the by-product's first route.
    """

    byproduct: str
    capacity: float
    holding_cny: float
    left_cny: float


@dataclass(frozen=True)
class Year:
    """A year as one slice or several; ``legacy`` bounds what is drawn from old heaps in all.

    ``charges`` is what each link costs once if it runs in any of several seasons, CNY.
    """

    names: tuple[str, ...]
    slices: tuple[ExchangeData, ...]
    stores: Mapping[str, Store]
    legacy: Mapping[str, float]
    charges: Mapping[str, float] = field(default_factory=dict)


def holding_cny(year: Year, levels: Mapping[tuple[str, str], float]) -> float:
    """What this year's heaps cost: lying by hours, and the route's fee for what is left."""
    hours = {name: data.hours for name, data in zip(year.names, year.slices, strict=True)}
    whole, last = sum(hours.values()), year.names[-1]
    return sum(
        amount * year.stores[byproduct].holding_cny * hours[season] / whole
        + (amount * year.stores[byproduct].left_cny if season == last else 0.0)
        for (season, byproduct), amount in levels.items()
    )


def whole_year(data: ExchangeData) -> Year:
    """The year as one slice."""
    return Year((str(data.year),), (data,), {}, {})


def cut(park: Park, data: ExchangeData) -> Year:
    """The year of ``data`` cut into the park's seasons; one slice where it has none or only one."""
    if len(park.seasons) < 2:
        return whole_year(data)
    stores = {store.byproduct: store for store in _stores(park, data)}
    slices = tuple(_season(park, data, season, frozenset(stores)) for season in park.seasons)
    stocks = {name: stock_of(park, name) for name in data.supplies}
    legacy = {name: stock for name, stock in stocks.items() if stock is not None}
    return Year(tuple(park.seasons), slices, stores, legacy, data.deals.yearly_cny())


def _stores(park: Park, data: ExchangeData) -> list[Store]:
    found = []
    for heap in park.stockpiles.values():
        if heap.buffer is not None and heap.byproduct in data.supplies:
            material = park.material_of(heap.byproduct)
            holding = heap.holding_cost.to(f"CNY/{material.unit}") if heap.holding_cost else 0.0
            left = next(o for o in data.outlets if o.byproduct == heap.byproduct)
            most = in_material(heap.buffer, material, material.unit)
            found.append(Store(heap.byproduct, most, holding, left.fee_cny + left.tax_cny))
    return found


def _season(park: Park, data: ExchangeData, season: str, stored: frozenset[str]) -> ExchangeData:
    hours = hours_of(park)
    share = hours[season] / sum(hours.values())
    return replace(
        data,
        period=season,
        hours=hours[season],
        stored=stored,
        supplies={n: _supply(park, s, season, share) for n, s in data.supplies.items()},
        outlets=tuple(_outlet(o, share) for o in data.outlets),
        needs={n: _need(park, need, season, share) for n, need in data.needs.items()},
        runners={n: _runner(park, r, season, share) for n, r in data.runners.items()},
        units_co2e_t=data.units_co2e_t * share,
        quality=in_season(park, data.quality, season, share),
        deals=data.deals.part(share),
        link_capacity={link: most * share for link, most in data.link_capacity.items()},
    )


def _profile(park: Park, name: str, own: str | None) -> str | None:
    """The noun's own profile, or that of its unit."""
    if own is not None:
        return own
    enterprise, unit = park.owner_unit[name]
    return park.enterprises[enterprise].units[unit].profile


def _supply(park: Park, supply: Supply, season: str, share: float) -> Supply:
    profile = _profile(park, supply.name, park.byproducts[supply.name].profile)
    return replace(
        supply,
        fixed=supply.fixed * part_in(park, profile, season),
        per_load=supply.per_load * share,
        reclaim=reclaim_of(park, supply.name) * share,
    )


def _outlet(outlet: Outlet, share: float) -> Outlet:
    return outlet if outlet.capacity is None else replace(outlet, capacity=outlet.capacity * share)


def _need(park: Park, need: Need, season: str, share: float) -> Need:
    profile = _profile(park, need.name, park.uses[need.name].profile)
    part = part_in(park, profile, season)
    most = None if need.max_intake is None else need.max_intake * part
    return replace(need, fixed=need.fixed * part, per_load=need.per_load * share, max_intake=most)


def _runner(park: Park, runner: Runner, season: str, share: float) -> Runner:
    enterprise, _, unit_id = runner.name.partition(".")
    unit = park.enterprises[enterprise].units[unit_id]
    least = unit.min_load.amount if unit.min_load else 0.0
    whole = mean_load(park, unit.profile)
    return replace(
        runner,
        min_load=least * running_part(park, unit.profile, season),
        max_load=runner.max_load * load_in(park, unit.profile, season) / whole if whole else 0.0,
        cost_cny=runner.cost_cny * share,
        co2e_t=runner.co2e_t * share,
    )
