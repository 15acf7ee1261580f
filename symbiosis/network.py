"""Park (and flows) -> a networkx graph, for everything that asks about structure.

Nodes are enterprises (``jc_mine``) and their units (``jc_mine.backfill``); edges run from unit to
unit, one per link and use, keyed by ``(link, use)``. :func:`between_enterprises` merges the units
of each enterprise, which is what pictures and network metrics read.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from symbiosis.exchange import Arc, ExchangeData
from symbiosis.park.park import Park

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    Network: TypeAlias = MultiDiGraph[str]


def network_of(
    park: Park, data: ExchangeData, sent: Mapping[tuple[str, str], float] | None = None
) -> "Network":
    """The graph of one slice; ``sent`` gives the flow of every (link, use), in its unit.

    Nodes carry ``kind`` (enterprise or unit), ``enterprise``, ``name_zh``, ``name_en``, ``role``,
    ``inside`` (of the slice's boundary). Edges carry ``link``, ``use``, ``byproduct``,
    ``material``, ``kind``, ``status``, ``unit`` and, with ``sent``, ``amount`` per slice.
    """
    import networkx

    network: Network = networkx.MultiDiGraph(park=park.id, year=data.year)
    for name, enterprise in park.enterprises.items():
        common = {
            "enterprise": name,
            "role": enterprise.role.value,
            "inside": data.boundary in enterprise.inside,
        }
        names = {"name_zh": enterprise.name_zh, "name_en": enterprise.name_en}
        network.add_node(name, kind="enterprise", **common, **names)
        for unit_id, unit in enterprise.units.items():
            own = {"name_zh": unit.name_zh, "name_en": unit.name_en}
            network.add_node(f"{name}.{unit_id}", kind="unit", **common, **own)
    for arc in data.arcs:
        start, end = data.supplies[arc.byproduct].unit, data.needs[arc.use].unit
        network.add_edge(start, end, key=arc.key, **_edge(park, arc, sent))
    return network


def _edge(park: Park, arc: Arc, sent: Mapping[tuple[str, str], float] | None) -> dict[str, Any]:
    material = park.materials[arc.material]
    edge = {
        "link": arc.link,
        "use": arc.use,
        "byproduct": arc.byproduct,
        "material": arc.material,
        "kind": material.kind.value,
        "status": arc.status.value,
        "unit": material.unit.value,
    }
    return edge if sent is None else edge | {"amount": sent.get(arc.key, 0.0)}


def between_enterprises(network: "Network") -> "Network":
    """The same edges between enterprises; what stays inside one enterprise is a loop."""
    import networkx

    merged: Network = networkx.MultiDiGraph(**network.graph)
    for name, attributes in network.nodes(data=True):
        if attributes["kind"] == "enterprise":
            merged.add_node(name, **attributes)
    for start, end, key, attributes in network.edges(keys=True, data=True):
        owners = network.nodes[start]["enterprise"], network.nodes[end]["enterprise"]
        merged.add_edge(*owners, key=key, **attributes)
    return merged
