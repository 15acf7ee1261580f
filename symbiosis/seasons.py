"""A year cut into seasons: one ``ExchangeData`` per season, and the heaps that tie them together.

Amounts of the year fall on the seasons by their profiles; capacities by hours. By-products with a
stockpile that has a ``buffer`` can wait for a later season of the same year.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

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
from symbiosis.deals import Terms
from symbiosis.exchange import ExchangeData, Outlet
from symbiosis.figures import Path, figures, with_figures
from symbiosis.park.enterprise import RouteKind
from symbiosis.park.park import Park
from symbiosis.presence import present
from symbiosis.reach import reached

Floats: TypeAlias = npt.NDArray[np.float64]
Levels: TypeAlias = Mapping[tuple[str, str], float]
"""What lies in this year's heaps, by (season at whose end, by-product)."""


@dataclass(frozen=True)
class Store:
    """This year's layer of a heap: ``capacity`` and the cost of an amount lying there a year.

    What still lies there at the end of the year joins the old heap: it is stored by ``left``, the
    by-product's first route that stores, with the route's fee, tax, CO2e and yearly capacity.
    Where no route stores, nothing may be left.
    """

    byproduct: str
    capacity: float
    holding_cny: float
    left: Outlet | None

    @property
    def most_left(self) -> float:
        """What can lie there at the end of the year."""
        return self.capacity if self.left is not None else 0.0

    @property
    def left_co2e_t(self) -> float:
        """T CO2e per unit that is left."""
        return self.left.co2e_t if self.left is not None else 0.0

    def left_cny(self, co2e_cny: float) -> float:
        """CNY per unit that is left, at a carbon price."""
        paid = self.left.fee_cny + self.left.tax_cny if self.left is not None else 0.0
        return paid + co2e_cny * self.left_co2e_t


@dataclass(frozen=True)
class Year:
    """A year as one slice or several, or some of its slices.

    ``data`` is the slice that all of them share: what there is, with the figures of the year.
    ``courses`` are the figures that differ by slice, one array over the slices each, and ``hours``
    the length of each. ``legacy`` bounds what is drawn from old heaps in all; ``charges`` is what
    each link costs once if it runs in any of several slices, CNY. ``opening`` lies in this year's
    heaps before the first slice; ``closes`` says whether the year ends with the last one: what lies
    in the heaps then joins the old ones. ``whole`` is False for some slices of a year.
    """

    names: tuple[str, ...]
    data: ExchangeData
    hours: tuple[float, ...]
    courses: Mapping[Path, Floats]
    stores: Mapping[str, Store]
    legacy: Mapping[str, float]
    charges: Mapping[str, float] = field(default_factory=dict)
    opening: Mapping[str, float] = field(default_factory=dict)
    closes: bool = True
    by_season: bool = True
    whole: bool = True

    @property
    def single(self) -> bool:
        """Whether the year is one slice, and not a part of one."""
        return not self.by_season

    def part(
        self, first: int, last: int, opening: Mapping[str, float], legacy: Mapping[str, float]
    ) -> "Year":
        """The slices from ``first`` to before ``last``, with what lies in the heaps by then.

        ``opening`` lies in this year's heaps, ``legacy`` in the old ones. Raises ``ValueError``
        where links are paid once a year: that cannot be told from a part of it.
        """
        if self.charges:
            raise ValueError("links that are paid once a year need the whole year")
        return replace(
            self,
            names=self.names[first:last],
            hours=self.hours[first:last],
            courses={path: values[first:last] for path, values in self.courses.items()},
            opening=dict(opening),
            legacy=dict(legacy),
            closes=self.closes and last == len(self.names),
            whole=False,
        )

    @cached_property
    def slices(self) -> tuple[ExchangeData, ...]:
        """Each slice with its own figures."""
        return (self.data,) if self.single else tuple(map(self._slice, range(len(self.names))))

    def _slice(self, i: int) -> ExchangeData:
        own = {path: float(values[i]) for path, values in self.courses.items()}
        return replace(with_figures(self.data, own), period=self.names[i], hours=self.hours[i])


def holding_cny(year: Year, levels: Levels) -> float:
    """What this year's heaps cost in all, in CNY."""
    return sum(heap_items(year, levels).values())


def heap_items(year: Year, levels: Levels) -> dict[str, float]:
    """What this year's heaps cost by item: lying by hours, and what is left at the end."""
    hours = dict(zip(year.names, year.hours, strict=True))
    lying = sum(
        amount * year.stores[byproduct].holding_cny * hours[season]
        for (season, byproduct), amount in levels.items()
    )
    left, price = list(left_at_end(year, levels)), year.data.co2e_cny
    items = {
        "holding": lying / year.data.hours,
        "disposal": sum(outlet.fee_cny * amount for outlet, amount in left),
        "tax": sum(outlet.tax_cny * amount for outlet, amount in left),
    }
    return items | ({"carbon_price": price * left_co2e_t(year, levels)} if price else {})


def left_co2e_t(year: Year, levels: Levels) -> float:
    """T CO2e of what is left in this year's heaps."""
    return sum(outlet.co2e_t * amount for outlet, amount in left_at_end(year, levels))


def left_at_end(year: Year, levels: Levels) -> Iterator[tuple[Outlet, float]]:
    """What is left in this year's heaps as the year ends, with the route that stores it."""
    if not year.closes:
        return
    for (season, byproduct), amount in levels.items():
        outlet = year.stores[byproduct].left
        if season == year.names[-1] and outlet is not None:
            yield outlet, amount


def whole_year(data: ExchangeData) -> Year:
    """The year as one slice."""
    return Year((str(data.year),), data, (data.hours,), {}, {}, {}, by_season=False)


def cut(park: Park, data: ExchangeData) -> Year:
    """The year of ``data`` cut into the park's seasons; one slice where it has none or only one."""
    if len(park.seasons) < 2:
        return whole_year(data)
    stores = {store.byproduct: store for store in _stores(park, data)}
    stocks = {name: stock_of(park, name) for name in data.supplies}
    shared = replace(
        data,
        stored=frozenset(stores),
        deals=replace(data.deals, terms={k: _unpaid(t) for k, t in data.deals.terms.items()}),
    )
    courses = _Courses(park, shared).all()
    courses |= reached(with_figures(shared, courses))
    return Year(
        names=tuple(park.seasons),
        data=shared,
        hours=tuple(hours_of(park).values()),
        courses={path: np.broadcast_to(v, len(park.seasons)) for path, v in courses.items()},
        stores=stores,
        legacy={name: stock for name, stock in stocks.items() if stock is not None},
        charges=data.deals.yearly_cny(),
    )


def _unpaid(terms: Terms) -> Terms:
    """The terms of a link in a season: what is paid once a year stays with the year."""
    return replace(terms, fixed_cny=0.0, capital_cny=0.0)


def _stores(park: Park, data: ExchangeData) -> list[Store]:
    found = []
    for heap in park.stockpiles.values():
        if heap.buffer is not None and heap.byproduct in data.supplies:
            material = park.material_of(heap.byproduct)
            holding = heap.holding_cost.to(f"CNY/{material.unit}") if heap.holding_cost else 0.0
            most = in_material(heap.buffer, material, material.unit)
            found.append(Store(heap.byproduct, most, holding, _storing(data, heap.byproduct)))
    return found


def _storing(data: ExchangeData, byproduct: str) -> Outlet | None:
    """The first route of a by-product that stores; its capacity is that of the year."""
    routes = (o for o in data.outlets if o.byproduct == byproduct)
    return next((o for o in routes if o.kind is RouteKind.STORED), None)


@dataclass(frozen=True)
class _Courses:
    """How the figures of a year fall on its seasons: one array over the seasons for each path."""

    park: Park
    data: ExchangeData

    def all(self) -> dict[Path, Floats]:
        """Every figure that differs by season; what is zero in the year is so in each."""
        known = figures(self.data)
        return {
            path: values
            for some in (self._made(), self._needed(), self._run(), self._by_hours())
            for path, values in some
            if present(known.get(path))
        }

    @cached_property
    def share(self) -> Floats:
        """The part of the year's hours that each season has."""
        hours = np.array(list(hours_of(self.park).values()))
        return np.asarray(hours / hours.sum(), dtype=float)

    @cached_property
    def _parts(self) -> dict[str | None, Floats]:
        profiles = (None, *self.park.profiles)
        return {p: self._over_seasons(partial(part_in, self.park, p)) for p in profiles}

    def _over_seasons(self, value: Callable[[str], float]) -> Floats:
        return np.array([value(season) for season in self.park.seasons])

    def _part(self, name: str, own: str | None) -> Floats:
        """The parts of a noun's own profile, or of that of its unit."""
        if own is None:
            enterprise, unit = self.park.owner_unit[name]
            own = self.park.enterprises[enterprise].units[unit].profile
        return self._parts[own]

    def _made(self) -> Iterator[tuple[Path, Floats]]:
        for name, supply in self.data.supplies.items():
            part = self._part(name, self.park.byproducts[name].profile)
            yield ("supplies", name, "fixed"), supply.fixed * part
            yield ("supplies", name, "per_load"), supply.per_load * self.share
            yield ("supplies", name, "reclaim"), reclaim_of(self.park, name) * self.share
        for name, made in self.data.outputs.items():
            freely = name in self.data.runners
            part = self.share if freely else self._parts[self.park.unit(name).profile]
            yield ("outputs", name, ""), made * part

    def _needed(self) -> Iterator[tuple[Path, Floats]]:
        for name, need in self.data.needs.items():
            part = self._part(name, self.park.uses[name].profile)
            yield ("needs", name, "fixed"), need.fixed * part
            yield ("needs", name, "per_load"), need.per_load * self.share
            if need.max_intake is not None:
                yield ("needs", name, "max_intake"), need.max_intake * part
        for duty in self.data.quality.duties:
            part = self._part(duty.use, self.park.uses[duty.use].profile)
            yield ("quality.duties", duty.key, "fixed"), duty.fixed * part
            yield ("quality.duties", duty.key, "per_load"), duty.per_load * self.share

    def _run(self) -> Iterator[tuple[Path, Floats]]:
        for name, runner in self.data.runners.items():
            enterprise, _, unit_id = name.partition(".")
            unit = self.park.enterprises[enterprise].units[unit_id]
            least = unit.min_load.amount if unit.min_load else 0.0
            whole = mean_load(self.park, unit.profile)
            runs = self._over_seasons(partial(running_part, self.park, unit.profile))
            load = self._over_seasons(partial(load_in, self.park, unit.profile))
            yield ("runners", name, "min_load"), least * runs
            most = runner.max_load * load / whole if whole else np.zeros(len(load))
            yield ("runners", name, "max_load"), most
            yield ("runners", name, "cost_cny"), runner.cost_cny * self.share
            yield ("runners", name, "co2e_t"), runner.co2e_t * self.share
            yield ("runners", name, "surcharge_cny"), runner.surcharge_cny * self.share

    def _by_hours(self) -> Iterator[tuple[Path, Floats]]:
        for path, value in figures(self.data).items():
            if (path[0], path[2]) in BY_HOURS:
                yield path, value * self.share


BY_HOURS = {
    ("outlets", "capacity"),
    ("link_capacity", ""),
    ("deals.terms", "least"),
    ("deals.terms", "contract"),
    ("deals.rooms", "capacity"),
    ("", "units_co2e_t"),
    ("", "units_surcharge_cny"),
}
"""Figures of a year that its seasons have by their hours."""

BY_TIME = BY_HOURS | {
    ("supplies", "fixed"),
    ("supplies", "per_load"),
    ("supplies", "reclaim"),
    ("needs", "fixed"),
    ("needs", "per_load"),
    ("needs", "max_intake"),
    ("quality.duties", "fixed"),
    ("quality.duties", "per_load"),
    ("quality.contents", "most_in"),
    ("quality.contents", "most_needed"),
    ("runners", "cost_cny"),
    ("runners", "co2e_t"),
    ("runners", "surcharge_cny"),
    ("deals.terms", "fixed_cny"),
    ("deals.terms", "capital_cny"),
    ("deals.terms", "most"),
    ("outputs", ""),
}
"""Figures of a season that a part of its time has in proportion."""
