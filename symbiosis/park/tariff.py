"""Tiered electricity price (阶梯电价): a surcharge by how much power a unit of product takes.

The step that the power intensity falls in is paid on all power of the product, own power included,
not on the part above the step. Source: 发改价格〔2013〕2530号, 发改价格〔2021〕1239号.
"""

from pydantic import Field

from symbiosis.park.quantity import Cost, Evidence, Noun, Ratio, Text


class PowerStep(Noun):
    """A surcharge per kWh where the intensity is above a threshold, up to the next step."""

    above: Ratio = Field(description="power per unit of product: 13700 kWh/t")
    surcharge: Cost = Field(description="per kWh, on all power of the product")


class PowerRise(Noun):
    """A surcharge that grows by ``surcharge`` for each begun ``every`` above ``above``."""

    above: Ratio = Field(description="power per unit of product: 13650 kWh/t")
    every: Ratio = Field(description="width of a step: 20 kWh/t")
    surcharge: Cost = Field(description="per kWh and begun step, on all power of the product")


class TariffVersion(Evidence):
    """What a scheme asks from a year on: steps, or a rise; the checks see to that."""

    effective: int = Field(description="first year in which it holds")
    steps: tuple[PowerStep, ...] = Field((), description="thresholds upwards")
    rise: PowerRise | None = None


class TieredPower(Noun):
    """A scheme with its versions; in a year the newest holds that is in effect."""

    name_zh: Text
    name_en: Text
    versions: tuple[TariffVersion, ...] = Field(min_length=1)


class UnitPower(Noun):
    """How much power a unit takes per unit of its product, and the scheme that it falls under."""

    intensity: Ratio = Field(description="power per unit of product: 64 kWh/t")
    tariff: Text = Field(description="id in policy.tiered_power")
