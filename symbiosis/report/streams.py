"""What is drawn between enterprises: links merged to streams, and how wide each is drawn."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symbiosis.amounts import in_material
from symbiosis.exchange import YEAR_H, ExchangeData
from symbiosis.network import between_enterprises, network_of
from symbiosis.park.link import Status
from symbiosis.park.park import Park

if TYPE_CHECKING:
    from symbiosis.network import Network

Flows = Mapping[tuple[str, str], float]
"""Amount per slice of every (link, use), in the unit of its material."""

DUST = 1e-9
"""Flows below this share of the greatest in their unit are rounding of the solver."""


@dataclass(frozen=True)
class Stream:
    """All links of one material between the same two enterprises, existing or new ones.

    ``amount`` is per slice in ``unit``; None where nobody reported one. ``idle`` marks existing
    links that carry nothing in the flows that are drawn.
    """

    source: str
    target: str
    material: str
    kind: str
    unit: str
    new: bool
    amount: float | None
    idle: bool = False

    @property
    def loop(self) -> bool:
        """Whether it stays inside one enterprise."""
        return self.source == self.target


def streams_of(
    park: Park,
    data: ExchangeData,
    sent: Flows | None = None,
    existing_sent: Flows | None = None,
) -> tuple[Stream, ...]:
    """The streams to draw, in the order of the park's enterprises.

    With ``sent``: what flows, and the existing links that stay empty (with ``existing_sent``, the
    flows of the park with existing links alone, only those of them that carry something there).
    Without: every open link, with its observed flow where one was reported.
    """
    network = between_enterprises(network_of(park, data, sent))
    if sent is None:
        return merged(network, observed(park, data, network))
    flows = without_dust(network)
    streams = merged(network, flows)
    today = None if existing_sent is None else {k for k, v in existing_sent.items() if v > 0}
    return (
        *(stream for stream in streams if stream.amount),
        *idle(network, flows, today),
    )


def observed(
    park: Park, data: ExchangeData, network: "Network"
) -> dict[tuple[str, str], float | None]:
    """The reported flow of each link per slice, at the first of its uses; None where none was."""
    part = data.hours / YEAR_H
    found: dict[tuple[str, str], float | None] = {}
    seen: set[str] = set()
    for key, edge in edges(network):
        link = park.links[edge["link"]]
        if link.observed is None:
            found[key] = None
        elif edge["link"] in seen:
            found[key] = 0.0
        else:
            material = park.materials[edge["material"]]
            found[key] = part * in_material(link.observed, material, f"{material.unit}/a")
        seen.add(edge["link"])
    return found


def edges(network: "Network") -> list[tuple[tuple[str, str], dict[str, Any]]]:
    """((link, use), attributes with ``source`` and ``target``) of every edge."""
    return [
        (key, {**edge, "source": source, "target": target})
        for source, target, key, edge in network.edges(keys=True, data=True)
    ]


def without_dust(network: "Network") -> dict[tuple[str, str], float | None]:
    """The flow of every edge, with the rounding of a solver set to 0."""
    largest: dict[str, float] = {}
    for _, edge in edges(network):
        largest[edge["unit"]] = max(largest.get(edge["unit"], 0.0), edge["amount"])
    return {
        key: edge["amount"] if edge["amount"] > DUST * largest[edge["unit"]] else 0.0
        for key, edge in edges(network)
    }


def merged(
    network: "Network", amounts: Mapping[tuple[str, str], float | None]
) -> tuple[Stream, ...]:
    """The edges between the same two enterprises as one stream per material and status."""
    sums: dict[tuple[str, ...], list[float | None]] = {}
    for key, edge in edges(network):
        sums.setdefault(_identity(edge), []).append(amounts[key])
    return tuple(
        Stream(source, target, material, kind, unit, new == "new", _total(known))
        for (source, target, material, kind, unit, new), known in sums.items()
    )


def idle(
    network: "Network",
    amounts: Mapping[tuple[str, str], float | None],
    today: Set[tuple[str, str]] | None,
) -> Iterable[Stream]:
    """Existing links without flow, one stream each where their pair has none of the material."""
    busy = {_pair(edge) for key, edge in edges(network) if amounts[key]}
    shown = set()
    for key, edge in edges(network):
        resting = edge["status"] == Status.EXISTING and _pair(edge) not in busy
        if resting and _pair(edge) not in shown and (today is None or key in today):
            shown.add(_pair(edge))
            source, target, material = _pair(edge)
            yield Stream(source, target, material, edge["kind"], edge["unit"], False, 0.0, True)


def _pair(edge: Mapping[str, Any]) -> tuple[str, str, str]:
    return edge["source"], edge["target"], edge["material"]


def _identity(edge: Mapping[str, Any]) -> tuple[str, ...]:
    status = "existing" if edge["status"] == Status.EXISTING else "new"
    return (*_pair(edge), edge["kind"], edge["unit"], status)


def _total(known: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where nothing is."""
    amounts = [amount for amount in known if amount is not None]
    return sum(amounts) if amounts else None


@dataclass(frozen=True)
class WidthScale:
    """Amount -> width of its arrow in points, proportional within each unit.

    ``per_unit`` is the width of one t, GJ, m3 ...; nothing is drawn thinner than ``least``.
    """

    per_unit: Mapping[str, float]
    least: float

    def width(self, amount: float | None, unit: str) -> float:
        """The width in points; the least where the amount is unknown, nothing or small."""
        return max(self.least, (amount or 0.0) * self.per_unit.get(unit, 0.0))

    def exact_from(self, unit: str) -> float:
        """The amount from which the width is proportional."""
        return self.least / self.per_unit[unit]


def width_scale(
    streams: Iterable[Stream], most_mass: float, most_other: float, least: float
) -> WidthScale:
    """The scale whose widest arrow of each unit has ``most_mass`` (t) or ``most_other`` points."""
    largest: dict[str, float] = {}
    for stream in streams:
        largest[stream.unit] = max(largest.get(stream.unit, 0.0), stream.amount or 0.0)
    per_unit = {
        unit: (most_mass if unit == "t" else most_other) / amount
        for unit, amount in sorted(largest.items())
        if amount > 0
    }
    return WidthScale(per_unit, least)
