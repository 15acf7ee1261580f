"""A material: anything that flows between units."""

from enum import StrEnum

from pydantic import Field

from symbiosis.park.quality import Level
from symbiosis.park.quantity import (
    AmountPerYear,
    Cost,
    Emission,
    Evidence,
    Freight,
    Noun,
    Ratio,
    Share,
    Text,
)


class Kind(StrEnum):
    """What a material is physically; the network picture colours by it."""

    SOLID = "solid"
    GAS = "gas"
    LIQUID = "liquid"
    HEAT = "heat"
    WATER = "water"
    POWER = "power"


class BaseUnit(StrEnum):
    """The unit in which a material is counted inside the program."""

    T = "t"
    GJ = "GJ"
    NM3 = "Nm3"
    M3 = "m3"
    KWH = "kWh"


class Basis(StrEnum):
    """Whether a mass is counted dry or with its moisture, as received."""

    DRY = "dry"
    AS_RECEIVED = "as_received"


class WasteClass(StrEnum):
    """The legal class of a waste, or what a material is when it is none.

    Only ``general_industrial`` enters the comprehensive utilisation rate. An ``intermediate`` is
    made on the way from a waste to its use (ground slag) and is not generated again.
    """

    GENERAL_INDUSTRIAL = "general_industrial"
    HAZARDOUS = "hazardous"
    FARM = "farm"
    MUNICIPAL = "municipal"
    INTERMEDIATE = "intermediate"
    PRODUCT = "product"
    NONE = "none"


class Material(Evidence):
    """Anything that flows, with the unit and the basis in which it is counted."""

    name_zh: Text
    name_en: Text
    kind: Kind
    unit: BaseUnit
    waste_class: WasteClass
    basis: Basis | None = Field(None, description="of a mass: dry or as_received")
    moisture: Share | None = Field(None, description="water share as received; links the two bases")


class Rest(StrEnum):
    """Where the share goes that a treatment does not deliver."""

    NOTHING = "nothing"
    MOISTURE = "moisture"
    RESIDUE = "residue"
    LOST = "lost"


class Treatment(Evidence):
    """A conversion between by-product and use: grinding, drying, washing.

    Of one unit that enters, ``yield`` is delivered; the rest goes where ``rest`` says: moisture
    that evaporates, or a residue that is new generation of the by-product named at the link.
    """

    name_zh: Text
    name_en: Text
    cost: Cost | None = Field(None, description="per unit that enters; empty = no figure found")
    yield_: Share = Field(alias="yield", description="share that is delivered")
    capacity: AmountPerYear | None = Field(
        None, description="what enters it at one taker, all links together; empty = unlimited"
    )
    energy: Ratio | None = Field(None, description="power per unit that enters: 36 kWh/t")
    rest: Rest = Field(description="what becomes of the share that is not delivered")
    outlet: dict[str, Level] = Field(
        default_factory=dict, description="level behind it by quality index, whatever enters"
    )
    removal: dict[str, Share] = Field(
        default_factory=dict, description="share by which it lowers the level of a quality index"
    )
    co2e: Emission | None = Field(None, description="CO2e per unit that enters")
    co2e_with_power: bool | None = Field(
        None, description="whether 'co2e' holds that of its power; stated where both are given"
    )


class Mode(Noun):
    """A mode of transport with its cost by distance and amount, for materials in one unit."""

    name_zh: Text
    name_en: Text
    unit: BaseUnit
    freight: Freight = Field(description="money per unit and km, such as 0.45 CNY/(t*km)")
    handling: Cost | None = Field(None, description="loading and unloading, per unit")
    co2e: Emission | None = Field(None, description="CO2e per unit and km, such as 0.06 kg/(t*km)")
