"""One slice of a park as plain numbers: what can be generated, sent, needed, bought and dumped.

``ExchangeData`` is all that the exchange model sees of a park; :mod:`symbiosis.slicing` makes it.
Amounts are per slice (here: a year of 8,760 h) in the unit of each material, money is in CNY of
the park's money year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from symbiosis.blending import Quality
from symbiosis.deals import Deals
from symbiosis.heat import Heat
from symbiosis.park.enterprise import RouteKind, ShareBasis
from symbiosis.park.link import Status
from symbiosis.park.material import WasteClass
from symbiosis.presence import present

YEAR_H = 8760.0


@dataclass(frozen=True)
class Supply:
    """A by-product: ``fixed`` is generated anyway, ``per_load`` at full load of its unit."""

    name: str
    enterprise: str
    unit: str
    material: str
    counted_in: str
    waste_class: WasteClass
    fixed: float
    per_load: float
    inside: bool
    enters_rate: bool
    reclaim: float
    reclaim_cost_cny: float


@dataclass(frozen=True)
class Outlet:
    """A route for what is not exchanged; fee and tax in CNY per unit."""

    byproduct: str
    route: str
    kind: RouteKind
    fee_cny: float
    tax_cny: float
    capacity: float | None
    co2e_t: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """(by-product, route)."""
        return self.byproduct, self.route


@dataclass(frozen=True)
class Need:
    """A use: ``fixed`` is needed anyway, ``per_load`` at full load of its unit.

    ``virgin_cny`` is the price of what is bought instead, None where nothing can be bought.
    ``releases``: what sets CO2 free in it. ``free``: not an amount but a load is given, see
    ``quality``; what flows is decided.
    """

    name: str
    enterprise: str
    unit: str
    counted_in: str
    fixed: float
    per_load: float
    virgin_cny: float | None
    utilises: bool
    backfill: bool
    max_intake: float | None
    virgin_co2e_t: float = 0.0
    virgin_use_co2e_t: float = 0.0
    free: bool = False
    releases: str = ""


@dataclass(frozen=True)
class Arc:
    """A link into one of its uses; amounts per unit sent.

    ``delivered`` is what arrives behind loss and treatment, ``replaced`` the need that it fills,
    ``residue`` what the treatment leaves for the by-product ``residue_to``.
    """

    link: str
    use: str
    byproduct: str
    material: str
    status: Status
    delivered: float
    replaced: float
    residue: float
    residue_to: str | None
    treatment: str | None
    transport_cny: float
    treatment_cny: float
    capital_cny: float
    inside: bool
    transport_co2e_t: float = 0.0
    treatment_co2e_t: float = 0.0
    use_co2e_t: float = 0.0
    subsidy_cny: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """(link, use)."""
        return self.link, self.use

    @property
    def cost_cny(self) -> float:
        """Transport, treatment and capital less a subsidy, CNY per unit sent."""
        return self.transport_cny + self.treatment_cny + self.capital_cny - self.subsidy_cny

    @property
    def co2e_t(self) -> float:
        """Transport, treatment and what the use sets free, t CO2e per unit sent."""
        return self.transport_co2e_t + self.treatment_co2e_t + self.use_co2e_t


@dataclass(frozen=True)
class Runner:
    """A supply-driven unit: its load is free within limits; cost at full load in CNY.

    ``surcharge_cny`` is what a tiered price of power adds at full load.
    """

    name: str
    min_load: float
    max_load: float
    cost_cny: float
    co2e_t: float = 0.0
    surcharge_cny: float = 0.0


@dataclass(frozen=True)
class ShareLimit:
    """At most ``share`` of a use may come from ``materials``; of its input or of its need."""

    use: str
    name: str
    materials: tuple[str, ...]
    share: float
    basis: ShareBasis

    @property
    def key(self) -> tuple[str, str]:
        """(use, name)."""
        return self.use, self.name


@dataclass(frozen=True)
class Recipe:
    """Of ``material`` at most ``ratio`` per unit of ``companions`` delivered into the use."""

    use: str
    material: str
    companions: tuple[str, ...]
    ratio: float

    @property
    def key(self) -> tuple[str, str]:
        """(use, material)."""
        return self.use, self.material


@dataclass(frozen=True)
class ExchangeData:
    """The numbers of one slice; see the module.

    ``units`` are those that exist, by ``enterprise.unit``; ``units_co2e_t`` is what those of them
    emit whose activity is given, ``units_surcharge_cny`` what they pay under tiered prices of
    power, ``co2e_cny`` the carbon price.
    ``period`` names the season (empty for a whole year); ``stored`` are the by-products of which
    some can wait for a later season. ``outputs`` is what the units asked for make of their product,
    at full load where their load is free, else as given; see :mod:`symbiosis.outputs`.
    """

    park: str
    year: int
    hours: float
    boundary: str
    document: str
    opened: frozenset[Status]
    units: frozenset[str]
    supplies: Mapping[str, Supply]
    outlets: tuple[Outlet, ...]
    needs: Mapping[str, Need]
    arcs: tuple[Arc, ...]
    runners: Mapping[str, Runner]
    share_limits: tuple[ShareLimit, ...]
    recipes: tuple[Recipe, ...]
    link_capacity: Mapping[str, float]
    unpriced: tuple[str, ...] = field(default=())
    units_co2e_t: float = 0.0
    co2e_cny: float = 0.0
    units_surcharge_cny: float = 0.0
    period: str = ""
    stored: frozenset[str] = frozenset()
    quality: Quality = field(default_factory=Quality)
    heat: Heat = field(default_factory=Heat)
    deals: Deals = field(default_factory=Deals)
    outputs: Mapping[str, float] = field(default_factory=dict)

    def arcs_from(self, byproduct: str) -> list[Arc]:
        """The open ways of one by-product."""
        return [arc for arc in self.arcs if arc.byproduct == byproduct]

    def arcs_into(self, use: str) -> list[Arc]:
        """The open ways into one use."""
        return [arc for arc in self.arcs if arc.use == use]

    def counting(self) -> dict[tuple[str, str], bool]:
        """For each arc that can count as utilised: whether only through what its unit passes on.

        An arc counts directly where waste of the park goes into a use that the document calls
        utilisation. Into a unit that makes an intermediate of the waste it counts as far as the
        intermediate finds a taker. Source: model.md, "The comprehensive utilisation rate".
        """
        passing = self.passing_units()
        return {
            arc.key: self.needs[arc.use].unit in passing
            for arc in self.arcs
            if self._carries_waste(arc, passing)
            and (self.needs[arc.use].utilises or self.needs[arc.use].unit in passing)
        }

    def intermediates_of(self, unit: str) -> list[Supply]:
        """What a supply-driven unit makes of waste on its way to a use."""
        return [
            s
            for s in self.supplies.values()
            if s.unit == unit and present(s.per_load) and s.waste_class is WasteClass.INTERMEDIATE
        ]

    def passing_units(self) -> frozenset[str]:
        """Supply-driven units that turn waste of the park into an intermediate."""
        makers = [name for name in self.runners if self.intermediates_of(name)]
        passing: frozenset[str] = frozenset()
        while True:
            more = frozenset(
                m for m in makers if any(self._carries_waste(a, passing) for a in self._feeds(m))
            )
            if more == passing:
                return passing
            passing = more

    def _feeds(self, unit: str) -> list[Arc]:
        return [arc for arc in self.arcs if self.needs[arc.use].unit == unit]

    def _carries_waste(self, arc: Arc, passing: frozenset[str]) -> bool:
        supply = self.supplies[arc.byproduct]
        made_of_waste = supply.waste_class is WasteClass.INTERMEDIATE and supply.unit in passing
        return supply.enters_rate or made_of_waste
