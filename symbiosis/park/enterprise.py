"""An enterprise and what it runs: units with their by-products and uses.

An enterprise owns units; a unit has an activity (how much of its product it makes) and, per unit
of activity, generates by-products and needs materials. Both are given either at full load
(``full_load: 356,000 t/a``) or as a coefficient per unit of product (``coefficient: 1.78 t/t``).
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from symbiosis.park.heat import Temperature, Temperatures
from symbiosis.park.material import WasteClass
from symbiosis.park.quality import ContentRule, Level, Limit, Return
from symbiosis.park.quantity import (
    AmountPerYear,
    Cost,
    Emission,
    Evidence,
    Noun,
    Price,
    Quantity,
    Ratio,
    Share,
    Text,
)
from symbiosis.park.tariff import UnitPower


class Role(StrEnum):
    """What an enterprise is in the network; the picture groups by it."""

    ANCHOR = "anchor"
    PRODUCER = "producer"
    DECOMPOSER = "decomposer"
    UTILITY = "utility"
    CONSUMER = "consumer"


class RouteKind(StrEnum):
    """What becomes of a by-product that finds no taker."""

    STORED = "stored"
    LANDFILLED = "landfilled"
    INCINERATED = "incinerated"
    TREATED = "treated"
    EMITTED = "emitted"
    DISCHARGED = "discharged"
    SOLD = "sold"
    UNPLACED = "unplaced"


class Route(Noun):
    """A way out for what is not exchanged: a heap, a landfill, a stack, the general market.

    ``cost`` is paid per unit and negative where the route earns (a product sold outside).
    ``compliant`` is whether storage or disposal meets the standards; environmental protection tax
    falls only where it does not.
    """

    name_zh: Text
    name_en: Text
    kind: RouteKind
    cost: Price
    compliant: bool = Field(description="meets the standards; the tax falls where it does not")
    capacity: AmountPerYear | None = Field(None, description="empty = unlimited")
    temperature: Temperature | None = Field(
        None, description="of heat: down to where it cools; empty = as cold as needed"
    )
    co2e: Emission | None = Field(None, description="CO2e per unit that leaves this way")


class Generation(Evidence):
    """How much a unit generates or needs: exactly one of full load and coefficient."""

    full_load: AmountPerYear | None = Field(None, description="amount per year at full load")
    profile: str | None = Field(None, description="course over the seasons, in place of the unit's")
    coefficient: Ratio | None = Field(None, description="amount per unit of the unit's product")
    heat: Temperatures | None = Field(
        None, description="of heat: from where to where it cools down or warms up"
    )

    def declared(self) -> bool:
        """Whether one of the ways to state the amount is used, and only one."""
        by_flow = self.heat is not None and self.heat.heat_capacity_flow is not None
        return (self.full_load is not None) + (self.coefficient is not None) + by_flow == 1


class Byproduct(Generation):
    """An output that is not what the unit runs for.

    ``residue: true`` marks what treatments leave behind here: it has no generation of its own.
    """

    name_zh: Text
    name_en: Text
    material: Text = Field(description="id in the section 'materials'")
    residue: bool = Field(False, description="filled only by the residues of treatments")
    routes: dict[str, Route] = Field(min_length=1, description="where it goes without a taker")
    tax: str | None = Field(
        None, description="rate in policy.environmental_tax, where not compliant"
    )
    max_partners: int | None = Field(None, ge=1, description="most links that may leave with it")
    also_counted_as: WasteClass | None = Field(
        None, description="another waste class that is defensible; R is shown both ways"
    )
    qualities: dict[str, Level] = Field(default_factory=dict, description="level by quality index")
    returns: Return | None = Field(None, description="what a use of the unit took in comes out")
    removal: dict[str, Share] = Field(
        default_factory=dict, description="share of an index that the unit takes out; see 'returns'"
    )

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if self.residue and (self.full_load or self.coefficient):
            raise PydanticCustomError("residue_has_amount", "amount", {})
        nothing = self.full_load is None and self.coefficient is None
        if not self.residue and not self.declared() and not (self.returns and nothing):
            raise PydanticCustomError("one_of_full_load_coefficient", "amount", {})
        return self


class ShareBasis(StrEnum):
    """What a maximum share is a share of."""

    INPUT = "input"  # mass of everything that fills the use, virgin material included
    NEED = "need"  # the need itself, in units of the virgin material


class CountsAs(StrEnum):
    """How an indicator document counts what goes into a use."""

    UTILISED = "utilised"
    DISPOSED = "disposed"
    NOT_WASTE = "not_waste"


class Virgin(Noun):
    """What is bought where by-products do not fill a use."""

    name_zh: Text
    name_en: Text
    price: Price
    temperature: Temperature | None = Field(
        None, description="of heat: up to where it warms; empty = as hot as needed"
    )
    qualities: dict[str, Level] = Field(default_factory=dict, description="level by quality index")
    co2e: Emission | None = Field(
        None, description="cradle to gate, per unit bought; none where it is made inside the park"
    )
    co2e_in_use: Emission | None = Field(
        None, description="CO2e set free in the use itself: calcination, combustion"
    )


class Companion(Noun):
    """A recipe: this material only together with others, at most ``ratio`` per unit of them."""

    materials: tuple[Text, ...] = Field(min_length=1)
    ratio: Ratio


class Accept(Evidence):
    """A material that a use accepts, and on what terms."""

    ratio: Ratio = Field(description="units of virgin material replaced per unit delivered")
    max_share: Share = Field(description="greatest share of the use, on its share basis")
    group: str | None = Field(None, description="materials that share one maximum; see 'groups'")
    companion: Companion | None = None
    co2e_in_use: Emission | None = Field(
        None, description="CO2e set free in the use itself, per unit delivered"
    )
    treatment: str | None = Field(None, description="id in the section 'treatments'")
    quality: str | None = Field(None, description="quality limits in words, with the standard")


class Release(StrEnum):
    """Where the CO2 comes from that a use sets free: a line of the carbon inventory."""

    CALCINATION = "calcination"  # carbonates in a kiln, a sinter strand, a glass furnace
    COMBUSTION = "combustion"
    REACTION = "reaction"  # desulphurisation, ammonia, reduction


class Use(Generation):
    """A need of a unit that one or several materials can fill."""

    name_zh: Text
    name_en: Text
    unit: str | None = Field(
        None, description="unit of the need, where its dimension leaves a choice: kWh"
    )
    virgin: Virgin | None = Field(None, description="empty = by-products alone must fill it")
    counts_as: dict[str, CountsAs] = Field(description="by document of 'rate_documents'")
    backfill: bool = Field(False, description="filling of mines; R is shown with and without")
    releases: Release | None = Field(
        None, description="what sets CO2 free in it; needed where a factor 'co2e_in_use' is"
    )
    share_basis: ShareBasis
    max_intake: AmountPerYear | None = Field(None, description="all by-products together")
    max_partners: int | None = Field(None, ge=1, description="most links that may run into it")
    permits: tuple[WasteClass, ...] = Field((), description="waste that needs a permit: hazardous")
    groups: dict[str, Share] = Field(default_factory=dict)
    season: str | None = Field(None, description="when the need arises, in words")
    accepts: dict[str, Accept] = Field(description="by id of the material")
    limits: dict[str, Limit] = Field(default_factory=dict, description="by quality index")
    load: dict[str, AmountPerYear] = Field(
        default_factory=dict, description="what must be carried off, by index; the flow is free"
    )
    outlet: dict[str, Level] = Field(default_factory=dict, description="greatest level behind it")
    content: tuple[ContentRule, ...] = Field((), description="least shares and tax refunds")

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if self.load and (self.full_load or self.coefficient):
            raise PydanticCustomError("load_and_amount", "amount", {})
        if not self.load and not self.declared():
            raise PydanticCustomError("one_of_full_load_coefficient", "amount", {})
        return self


class Drive(StrEnum):
    """What sets a unit's activity."""

    DEMAND = "demand"  # given: the unit runs for its product
    SUPPLY = "supply"  # free within its limits: the unit runs on the by-products it gets


class Unit(Evidence):
    """A process with an activity level, the by-products it makes and the uses it has.

    ``activity`` is the share of full load, or an amount in the dimension of ``capacity``. A
    supply-driven unit has none: it runs between ``min_load`` and ``availability``.
    """

    name_zh: Text
    name_en: Text
    drive: Drive
    capacity: AmountPerYear | None = Field(None, description="main product per year at full load")
    activity: Quantity | None = Field(None, description="'100 %' or an amount per year")
    freed: bool = Field(
        False, description="a scenario may let the model choose the load of a demand-driven unit"
    )
    min_load: Share | None = None
    availability: Share | None = None
    profile: str | None = Field(None, description="course of the load over the seasons")
    running_cost: Cost | None = Field(None, description="per unit of product, by-products aside")
    income: Price | None = Field(None, description="per unit of product sold")
    co2e: Emission | None = Field(None, description="own CO2e per unit of product")
    power: UnitPower | None = Field(None, description="its power, under a tiered price")
    from_: int | None = Field(None, alias="from", description="first year in which it exists")
    until: int | None = Field(None, description="first year in which it is gone")
    byproducts: dict[str, Byproduct] = Field(default_factory=dict)
    uses: dict[str, Use] = Field(default_factory=dict)

    @property
    def runs_freely(self) -> bool:
        """Whether the load is chosen by the model, between min_load and availability."""
        return self.drive is Drive.SUPPLY or self.freed

    @model_validator(mode="after")
    def _activity_fits_drive(self) -> Self:
        if self.drive is Drive.DEMAND and self.activity is None:
            raise PydanticCustomError("demand_needs_activity", "activity", {})
        if self.drive is Drive.SUPPLY and self.activity is not None:
            raise PydanticCustomError("supply_has_activity", "activity", {})
        return self


class Location(Noun):
    """Where an enterprise stands, in degrees (WGS 84)."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    zone: str | None = None


class Enterprise(Evidence):
    """A legal company, inside the park or outside it; it owns units, pays and earns."""

    name_zh: Text
    name_en: Text
    role: Role
    sector: str | None = None
    products: str | None = None
    inside: tuple[Text, ...] = Field(description="boundaries that it lies in; [] = outside")
    location: Location | None = None
    from_: int | None = Field(None, alias="from", description="first year in which it exists")
    until: int | None = Field(None, description="first year in which it is gone")
    state: str | None = Field(None, description="operating state in words")
    units: dict[str, Unit] = Field(default_factory=dict)
