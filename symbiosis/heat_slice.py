"""The heat streams of a slice: ``with_heat`` adds them to its numbers."""

from dataclasses import replace

from symbiosis.exchange import ExchangeData
from symbiosis.heat import heat_of
from symbiosis.park.park import Park


def with_heat(park: Park, data: ExchangeData) -> ExchangeData:
    """The slice with the bands of its heat streams; as it was where no stream has temperatures."""
    heat = heat_of(park, data.supplies, data.needs, [(a.byproduct, a.use) for a in data.arcs])
    return replace(data, heat=heat) if heat.given or heat.wanted else data
