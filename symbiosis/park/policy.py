"""Money and rules: the year of prices, taxes, finance."""

from pydantic import Field

from symbiosis.park.quantity import (
    CarbonPrice,
    Emission,
    Evidence,
    Noun,
    Price,
    Share,
    TaxRate,
    Text,
    Years,
)
from symbiosis.park.tariff import TieredPower


class Finance(Noun):
    """How capital is turned into a yearly cost."""

    discount_rate: Share = Field(description="real rate per year")
    asset_life: Years

    def annuity(self) -> float:
        """Yearly cost per yuan invested: r / (1 - (1 + r)^-n); 1/n at r = 0.

        Source: the annuity formula of engineering economics, e.g. 建设项目经济评价方法与参数
        (3rd edition, 2006).
        """
        rate, life = self.discount_rate.amount, self.asset_life.amount
        return 1 / life if rate == 0 else rate / (1 - (1 + rate) ** -life)


class VatItem(Evidence):
    """An item of the VAT catalogue: the share refunded, and the content it asks for.

    What a refund is worth per unit of a use depends on its product; a content rule of the use says
    so and names this item (``content: [{..., item, refund}]``), which gives the least content and
    the first year.
    """

    name_zh: Text
    name_en: Text
    refund: Share = Field(description="share of the VAT that is paid back")
    least_content: Share | None = Field(None, description="share of by-products in the feed")
    effective: int | None = Field(None, description="first year in which the item holds")


class Policy(Noun):
    """Rules with a price: environmental protection tax by item, carbon price."""

    environmental_tax: dict[str, TaxRate] = Field(default_factory=dict)
    carbon_price: CarbonPrice | None = Field(
        None, description="paid on the carbon inventory; empty = none"
    )
    vat_refund: dict[str, VatItem] = Field(
        default_factory=dict, description="items of the catalogue of comprehensive utilisation"
    )
    power_price: Price | None = Field(None, description="of the power that treatments take")
    tiered_power: dict[str, TieredPower] = Field(
        default_factory=dict, description="surcharges on power by how much a product takes"
    )
    power_co2e: Emission | None = Field(
        None, description="of that power, as of the grid: 0.5 t/MWh; empty = no figure"
    )
    permits_required: bool = Field(
        False, description="hazardous waste only to uses with a permit; else a doubt"
    )


class RateDocument(Noun):
    """A document that says what counts as utilised."""

    name_zh: Text
    name_en: Text
    note: str | None = None


class Boundary(Noun):
    """Which enterprises are inside, under a name that is shown with every rate."""

    name_zh: Text
    name_en: Text
    note: str | None = None


class Source(Noun):
    """A document that numbers were taken from."""

    title: Text
    url: str | None = None
    date: str | None = None
    publisher: str | None = None
    kind: Text = Field(description="official, statistics, press, company, literature, estimate")
    rehosted: bool = Field(False, description="the address is a copy on another site")
    note: str | None = None
