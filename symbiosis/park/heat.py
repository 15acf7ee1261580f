"""Temperatures of a heat stream: from where to where it cools down or warms up.

A by-product with temperatures is a hot stream (supply at or above target), a use with temperatures
a cold one (supply at or below target). Where both are equal the stream is isothermal: condensing
or evaporating, or a main that is kept at its temperature. Without temperatures heat is plain GJ.
"""

from symbiosis.park.quantity import Noun, Quantity

DECIMALS = 6
"""Temperatures are told apart to a millionth of a kelvin."""


class Temperature(Quantity):
    """An absolute temperature in °C."""

    unit = "degC"
    least = -273.15
    example = "180 °C"


class TemperatureDifference(Quantity):
    """A temperature difference in K, not below zero."""

    unit = "K"
    least = 0.0
    example = "10 K"


class HeatCapacityFlow(Quantity):
    """Heat per time and kelvin, not below zero; held in GJ per year and kelvin."""

    unit = "GJ/(a K)"
    least = 0.0
    example = "0.2 MW/K"


class Temperatures(Noun):
    """Supply and target temperature of a heat stream and its part in the minimum approach.

    Two streams that meet keep at least the sum of their ``approach`` apart. The duty is the
    stream's yearly amount or, where ``heat_capacity_flow`` is given instead,
    heat capacity flow x |supply - target|.
    """

    supply: Temperature
    target: Temperature
    approach: TemperatureDifference
    heat_capacity_flow: HeatCapacityFlow | None = None

    @property
    def duty_text(self) -> str | None:
        """The duty as a quantity in GJ/a, where it follows from the heat capacity flow."""
        if self.heat_capacity_flow is None:
            return None
        span = abs(self.supply.amount - self.target.amount)
        return f"{self.heat_capacity_flow.amount * span!r} GJ/a"

    def as_hot(self) -> tuple[float, float]:
        """(lower, upper) shifted temperature of a hot stream: less its part of the approach.

        Source: B. Linnhoff and J. R. Flower, AIChE Journal 24 (1978) 633-642, shifted temperatures.
        """
        approach = self.approach.amount
        return _round(self.target.amount - approach), _round(self.supply.amount - approach)

    def as_cold(self) -> tuple[float, float]:
        """(lower, upper) shifted temperature of a cold stream: plus its part of the approach."""
        approach = self.approach.amount
        return _round(self.supply.amount + approach), _round(self.target.amount + approach)


def _round(temperature: float) -> float:
    return round(temperature, DECIMALS)
