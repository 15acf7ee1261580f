"""Park -> ``ExchangeData``: the numbers of one slice of a park in a year, with some links open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from symbiosis.amounts import in_material
from symbiosis.carbon import with_carbon
from symbiosis.course import mean_load, reclaim_of, running_part, split_by_drive, stock_of
from symbiosis.exchange import (
    YEAR_H,
    Arc,
    ExchangeData,
    Need,
    Outlet,
    Recipe,
    Runner,
    ShareLimit,
    Supply,
)
from symbiosis.heat_slice import with_heat
from symbiosis.park.dimensions import need_unit, product
from symbiosis.park.enterprise import (
    Accept,
    Byproduct,
    CountsAs,
    Drive,
    Generation,
    RouteKind,
    Unit,
    Use,
)
from symbiosis.park.link import Link, Status
from symbiosis.park.material import Material, Mode, Rest, WasteClass
from symbiosis.park.park import Park
from symbiosis.park.quantity import Quantity
from symbiosis.park.years import exists, in_effect, status_in
from symbiosis.quality import with_quality
from symbiosis.reach import with_reach
from symbiosis.tariff import with_surcharges
from symbiosis.terms import energy_cny, has_price, with_terms

ALL_OPEN = frozenset(Status)


def slice_of(
    park: Park,
    year: int | None = None,
    opened: Iterable[Status] = ALL_OPEN,
    boundary: str | None = None,
    document: str | None = None,
    also: frozenset[str] = frozenset(),
) -> ExchangeData:
    """The park in ``year`` with the links of the statuses ``opened``.

    Enterprises, units and links that start later are there if planned links are opened and they
    come within the park's horizon. Links in ``also`` are open whatever their status. Boundary and
    rate document default to the park's first.
    """
    cut = _Slice(
        park,
        park.start if year is None else year,
        frozenset(opened),
        next(iter(park.boundaries)) if boundary is None else boundary,
        next(iter(park.rate_documents)) if document is None else document,
        also,
    )
    paid = with_surcharges(park, with_carbon(park, cut.data()))
    made = with_heat(park, with_quality(park, paid))
    return with_reach(with_terms(park, made))


@dataclass(frozen=True)
class _Slice:
    """The choices that a slice is made with; ``data`` makes it."""

    park: Park
    year: int
    opened: frozenset[Status]
    boundary: str
    document: str
    also: frozenset[str]

    @property
    def last_year(self) -> int:
        """The year in which it is looked up what exists."""
        ahead = round(self.park.horizon.amount) if Status.PLANNED in self.opened else 0
        return self.year + ahead

    def data(self) -> ExchangeData:
        units = self.units()
        supplies = {s.name: s for key, unit in units.items() for s in self.supplies(key, unit)}
        needs = {n.name: n for key, unit in units.items() for n in self.needs(key, unit)}
        arcs = tuple(arc for link in self.park.links for arc in self.arcs(link, supplies, needs))
        return ExchangeData(
            park=self.park.id,
            year=self.year,
            hours=YEAR_H,
            boundary=self.boundary,
            document=self.document,
            opened=self.opened,
            units=frozenset(f"{e}.{u}" for e, u in units),
            supplies=supplies,
            outlets=tuple(o for name in supplies for o in self.outlets(name)),
            needs=needs,
            arcs=arcs,
            runners={
                f"{e}.{u}": self.runner(f"{e}.{u}", unit)
                for (e, u), unit in units.items()
                if unit.runs_freely
            },
            share_limits=tuple(
                s for name in needs for s in share_limits(name, self.park.uses[name])
            ),
            recipes=tuple(r for name in needs for r in recipes(name, self.park.uses[name])),
            link_capacity=self.capacities(arcs),
            unpriced=tuple(self.unpriced(units, arcs)),
        )

    def units(self) -> dict[tuple[str, str], Unit]:
        """The units that exist, by (enterprise id, unit id)."""
        return {
            (enterprise, name): unit
            for enterprise, name, unit in self.park.units()
            if exists(self.park.enterprises[enterprise], self.year, self.last_year)
            and exists(unit, self.year, self.last_year)
        }

    def supplies(self, key: tuple[str, str], unit: Unit) -> list[Supply]:
        enterprise, unit_id = key
        inside = self.boundary in self.park.enterprises[enterprise].inside
        made = []
        for name, byproduct in unit.byproducts.items():
            material = self.park.materials[byproduct.material]
            full = (
                0.0 if byproduct.residue else at_full_load(byproduct, unit, material, material.unit)
            )
            course = mean_load(self.park, byproduct.profile or unit.profile)
            fixed, per_load = split_by_drive(full, unit, course)
            dotted = f"{enterprise}.{name}"
            heaps = [h for h in self.park.stockpiles.values() if h.byproduct == dotted]
            made.append(
                Supply(
                    name=dotted,
                    enterprise=enterprise,
                    unit=f"{enterprise}.{unit_id}",
                    material=byproduct.material,
                    counted_in=material.unit.value,
                    waste_class=material.waste_class,
                    fixed=fixed,
                    per_load=per_load,
                    inside=inside,
                    enters_rate=inside and material.waste_class is WasteClass.GENERAL_INDUSTRIAL,
                    reclaim=self.reclaim(dotted),
                    reclaim_cost_cny=max(
                        (
                            h.reclaim_cost.to(f"CNY/{material.unit}")
                            for h in heaps
                            if h.reclaim_cost
                        ),
                        default=0.0,
                    ),
                )
            )
        return made

    def reclaim(self, byproduct: str) -> float:
        """What can be dug out in the year: as fast as the lines dig, no more than lies there."""
        stock, lines = stock_of(self.park, byproduct), reclaim_of(self.park, byproduct)
        return lines if stock is None else min(lines, stock)

    def outlets(self, byproduct: str) -> list[Outlet]:
        declared = self.park.byproducts[byproduct]
        unit = self.park.material_of(byproduct).unit
        return [
            Outlet(
                byproduct=byproduct,
                route=name,
                kind=route.kind,
                fee_cny=route.cost.to(f"CNY/{unit}"),
                tax_cny=self.tax_cny(declared, route.kind, route.compliant, unit.value),
                capacity=None
                if route.capacity is None
                else in_material(route.capacity, self.park.material_of(byproduct), f"{unit}/a"),
            )
            for name, route in declared.routes.items()
        ]

    def tax_cny(self, byproduct: Byproduct, kind: RouteKind, compliant: bool, unit: str) -> float:
        """Environmental protection tax per unit.

        It falls on storage or disposal that is not compliant, and on every emission to the air.
        Source: model.md, objective `cost`; Environmental Protection Tax Law, articles 2 and 4.
        """
        if byproduct.tax is None or (compliant and kind is not RouteKind.EMITTED):
            return 0.0
        rate = self.park.policy.environmental_tax[byproduct.tax]
        return rate.to(f"CNY/{unit}") if in_effect(rate.effective, self.year) else 0.0

    def needs(self, key: tuple[str, str], unit: Unit) -> list[Need]:
        enterprise, unit_id = key
        found = []
        for name, use in unit.uses.items():
            counted = unit_of_need(use, unit)
            course = mean_load(self.park, use.profile or unit.profile)
            full = at_full_load(use, unit, None, counted)
            fixed, per_load = split_by_drive(full, unit, course)
            found.append(
                Need(
                    name=f"{enterprise}.{name}",
                    enterprise=enterprise,
                    unit=f"{enterprise}.{unit_id}",
                    counted_in=counted,
                    fixed=fixed,
                    per_load=per_load,
                    virgin_cny=None
                    if use.virgin is None
                    else use.virgin.price.to(f"CNY/{counted}"),
                    utilises=use.counts_as[self.document] is CountsAs.UTILISED,
                    backfill=use.backfill,
                    releases=use.releases or "",
                    max_intake=None if use.max_intake is None else use.max_intake.to("t/a"),
                )
            )
        return found

    def arcs(
        self, link_id: str, supplies: Mapping[str, Supply], needs: Mapping[str, Need]
    ) -> list[Arc]:
        link = self.park.links[link_id]
        by_status = status_in(link, self.year) in self.opened
        open_now = (by_status or link_id in self.also) and (
            link.until is None or self.year < link.until
        )
        within = link.from_ is None or link.from_ <= self.last_year
        if not (open_now and within and link.byproduct in supplies):
            return []
        found = [self.arc(link_id, link, needs[use]) for use in link.uses if use in needs]
        return [arc for arc in found if arc.residue_to is None or arc.residue_to in supplies]

    def arc(self, link_id: str, link: Link, need: Need) -> Arc:
        byproduct = self.park.byproducts[link.byproduct]
        material = self.park.materials[byproduct.material]
        accept = self.park.uses[need.name].accepts[byproduct.material]
        arrives = 1.0 if link.loss is None else 1.0 - link.loss.amount
        treated, residue, treatment_cny = self.treatment(accept, arrives, material)
        return Arc(
            link=link_id,
            use=need.name,
            byproduct=link.byproduct,
            material=byproduct.material,
            status=status_in(link, self.year),
            delivered=treated,
            replaced=accept.ratio.to(f"{need.counted_in}/{material.unit}") * treated,
            residue=residue,
            residue_to=link.residue if residue > 0 else None,
            treatment=accept.treatment,
            transport_cny=transport_cny(link, self.park.transport[link.mode], material),
            treatment_cny=treatment_cny,
            capital_cny=self.capital_cny(link, material),
            subsidy_cny=subsidy_cny(link, self.year, material),
            inside=link.byproduct.partition(".")[0] == need.enterprise,
        )

    def treatment(
        self, accept: Accept, arrives: float, material: Material
    ) -> tuple[float, float, float]:
        """(delivered, residue, CNY) per unit sent."""
        if accept.treatment is None:
            return arrives, 0.0, 0.0
        treatment = self.park.treatments[accept.treatment]
        gone = arrives * (1.0 - treatment.yield_.amount)
        cost = 0.0 if treatment.cost is None else treatment.cost.to(f"CNY/{material.unit}")
        cost += energy_cny(treatment, self.park.policy, material.unit)
        residue = gone if treatment.rest is Rest.RESIDUE else 0.0
        return arrives * treatment.yield_.amount, residue, arrives * cost

    def capital_cny(self, link: Link, material: Material) -> float:
        """Annualised investment of a link that is not there yet, spread over its capacity."""
        if link.investment is None or link.capacity is None or link.lumpy:
            return 0.0
        if status_in(link, self.year) is Status.EXISTING:
            return 0.0
        yearly = link.investment.amount * self.park.finance.annuity()
        return yearly / in_material(link.capacity, material, f"{material.unit}/a")

    def runner(self, name: str, unit: Unit) -> Runner:
        cost = 0.0
        for money, sign in ((unit.running_cost, 1.0), (unit.income, -1.0)):
            if money is not None and unit.capacity is not None:
                cost += sign * money.measure.value * unit.capacity.measure.value
        return Runner(
            name=name,
            min_load=0.0
            if unit.min_load is None
            else unit.min_load.amount * running_part(self.park, unit.profile),
            max_load=mean_load(self.park, unit.profile)
            * (1.0 if unit.availability is None else unit.availability.amount),
            cost_cny=cost,
        )

    def capacities(self, arcs: Iterable[Arc]) -> dict[str, float]:
        found = {}
        for link_id in dict.fromkeys(arc.link for arc in arcs):
            link = self.park.links[link_id]
            if link.capacity is not None:
                material = self.park.material_of(link.byproduct)
                found[link_id] = in_material(link.capacity, material, f"{material.unit}/a")
        return found

    def unpriced(self, units: Mapping[tuple[str, str], Unit], arcs: Iterable[Arc]) -> Iterable[str]:
        """What has no price in the sources and therefore no part in the cost."""
        for (enterprise, name), unit in units.items():
            if unit.drive is Drive.SUPPLY and unit.running_cost is None and unit.income is None:
                yield f"{enterprise}.{name}"
        for treatment in dict.fromkeys(arc.treatment for arc in arcs if arc.treatment):
            if not has_price(self.park.treatments[treatment], self.park.policy):
                yield treatment


def at_full_load(noun: Generation, unit: Unit, material: Material | None, counted: str) -> float:
    """Amount per year at full load, in ``counted``: as stated, or coefficient x capacity."""
    if noun.full_load is not None:
        if material is None:
            return noun.full_load.to(f"{counted}/a")
        return in_material(noun.full_load, material, f"{counted}/a")
    if noun.heat is not None and noun.heat.duty_text is not None:
        return Quantity(value=noun.heat.duty_text).to(f"{counted}/a")
    if noun.coefficient is None or unit.capacity is None:
        return 0.0
    per_year = noun.coefficient.measure.value * unit.capacity.measure.value
    return per_year * scale_of(noun.coefficient, unit.capacity, counted)


def scale_of(coefficient: Quantity, capacity: Quantity, counted: str) -> float:
    """What one base unit of coefficient x capacity is in ``counted`` per year.

    Raises ``UnitMismatch`` where the product is no amount of ``counted`` per time; a checked park
    file has none of these.
    """
    unit = product(coefficient.measure.unit, capacity.measure.unit)
    return Quantity(value=f"1 {unit}").to(f"{counted}/a")


def unit_of_need(use: Use, unit: Unit) -> str:
    """The unit in which a need is counted: t, GJ, Nm3, m3 or kWh."""
    full, part, size = (q and q.value for q in (use.full_load, use.coefficient, unit.capacity))
    if use.heat is not None and full is None:
        full = use.heat.duty_text
    return need_unit(full, part, size, use.unit) or "t"


def transport_cny(link: Link, mode: Mode, material: Material) -> float:
    """CNY per unit sent: the link's own cost, or distance x freight + handling of its mode."""
    unit = material.unit
    if link.cost is not None:
        return link.cost.to(f"CNY/{unit}")
    handling = 0.0 if mode.handling is None else mode.handling.to(f"CNY/{unit}")
    return link.distance.amount * mode.freight.to(f"CNY/({unit} km)") + handling


def subsidy_cny(link: Link, year: int, material: Material) -> float:
    """CNY per unit sent that the state pays in the year."""
    paid = link.subsidy
    if paid is None or not (paid.effective or year) <= year < (paid.until or year + 1):
        return 0.0
    return paid.to(f"CNY/{material.unit}")


def share_limits(name: str, use: Use) -> list[ShareLimit]:
    """Maximum shares of single materials (below 100 %) and of groups."""
    single = [
        ShareLimit(name, material, (material,), accept.max_share.amount, use.share_basis)
        for material, accept in use.accepts.items()
        if accept.max_share.amount < 1.0
    ]
    grouped = [
        ShareLimit(
            name,
            group,
            tuple(m for m, accept in use.accepts.items() if accept.group == group),
            share.amount,
            use.share_basis,
        )
        for group, share in use.groups.items()
    ]
    return single + grouped


def recipes(name: str, use: Use) -> list[Recipe]:
    """Materials that come only together with others."""
    return [
        Recipe(name, material, accept.companion.materials, accept.companion.ratio.amount)
        for material, accept in use.accepts.items()
        if accept.companion is not None
    ]
