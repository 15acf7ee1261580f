"""A park: everything that a park file declares, as one frozen value."""

from collections.abc import Iterator
from functools import cached_property

from pydantic import Field

from symbiosis.park.enterprise import Byproduct, Enterprise, Location, Unit, Use
from symbiosis.park.indicator import Calibration, Indicator
from symbiosis.park.link import Link
from symbiosis.park.material import Material, Mode, Treatment
from symbiosis.park.policy import Boundary, Finance, Policy, RateDocument, Source
from symbiosis.park.project import Project
from symbiosis.park.quality import Index
from symbiosis.park.quantity import Noun, Text, Years
from symbiosis.park.season import Profile, Season
from symbiosis.park.stockpile import Stockpile


class Park(Noun):
    """A set of enterprises in one place, with what flows between them.

    By-products and uses are named ``enterprise.byproduct`` and ``enterprise.use`` everywhere.
    """

    schema_version: int = Field(ge=1, le=1, description="version of this file format")
    id: Text = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as in file names")
    name_zh: Text
    name_en: Text
    province: Text
    province_zh: Text
    summary_zh: str | None = None
    summary_en: str | None = None
    location: Location | None = None
    start: int = Field(description="year that the park is shown in unless a scenario says another")
    horizon: Years = Field(description="planned is what comes within this time after the start")
    money_year: int = Field(description="year of all prices, in real yuan")
    boundaries: dict[str, Boundary] = Field(min_length=1, description="the first one is used")
    rate_documents: dict[str, RateDocument] = Field(min_length=1, description="the first is used")
    finance: Finance
    policy: Policy = Policy()
    sources: dict[str, Source] = Field(default_factory=dict)
    seasons: dict[str, Season] = Field(default_factory=dict, description="empty = one whole year")
    profiles: dict[str, Profile] = Field(default_factory=dict)
    qualities: dict[str, Index] = Field(default_factory=dict, description="quality indices")
    materials: dict[str, Material] = Field(min_length=1)
    transport: dict[str, Mode] = Field(default_factory=dict)
    treatments: dict[str, Treatment] = Field(default_factory=dict)
    enterprises: dict[str, Enterprise] = Field(min_length=1)
    links: dict[str, Link] = Field(default_factory=dict)
    stockpiles: dict[str, Stockpile] = Field(default_factory=dict)
    projects: dict[str, Project] = Field(default_factory=dict)
    indicators: dict[str, Indicator] = Field(default_factory=dict)
    calibration: dict[str, Calibration] = Field(default_factory=dict)

    def units(self) -> Iterator[tuple[str, str, Unit]]:
        """Every unit as (enterprise id, unit id, unit)."""
        for enterprise_id, enterprise in self.enterprises.items():
            for unit_id, unit in enterprise.units.items():
                yield enterprise_id, unit_id, unit

    def unit(self, name: str) -> Unit:
        """The unit ``enterprise.unit``. Raises ``KeyError`` where there is none."""
        enterprise, _, unit = name.partition(".")
        return self.enterprises[enterprise].units[unit]

    @cached_property
    def byproducts(self) -> dict[str, Byproduct]:
        """Every by-product by ``enterprise.byproduct``."""
        return {
            f"{enterprise}.{name}": byproduct
            for enterprise, _, unit in self.units()
            for name, byproduct in unit.byproducts.items()
        }

    @cached_property
    def uses(self) -> dict[str, Use]:
        """Every use by ``enterprise.use``."""
        return {
            f"{enterprise}.{name}": use
            for enterprise, _, unit in self.units()
            for name, use in unit.uses.items()
        }

    @cached_property
    def owner_unit(self) -> dict[str, tuple[str, str]]:
        """(enterprise id, unit id) of every by-product and use by its dotted name."""
        return {
            f"{enterprise}.{name}": (enterprise, unit_id)
            for enterprise, unit_id, unit in self.units()
            for name in (*unit.byproducts, *unit.uses)
        }

    def material_of(self, byproduct: str) -> Material:
        """The material of a by-product given by its dotted name."""
        return self.materials[self.byproducts[byproduct].material]
