"""How far a slice can go: the most that each link can send and each use can take.

They are the least big-M of the switches and of the content rules. All is worked out on figures
that are numbers or arrays over several seasons alike; a season never gets more than its year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

import numpy as np

from symbiosis.blending import Content
from symbiosis.exchange import Arc, ExchangeData, Need
from symbiosis.figures import Path, with_figures
from symbiosis.park.enterprise import ShareBasis
from symbiosis.presence import present


def with_reach(data: ExchangeData) -> ExchangeData:
    """The slice with the most that its switched links and its content rules can come to."""
    return with_figures(data, reached(data))


def reached(data: ExchangeData) -> dict[Path, Any]:
    """The figures that say how far a slice can go, by path."""
    reach = Reach(data)
    found: dict[Path, Any] = {
        ("deals.terms", link, "most"): reach.of(link) for link in data.deals.switched
    }
    for rule in data.quality.contents:
        found["quality.contents", rule.key, "most_in"] = reach.into(rule)
        found["quality.contents", rule.key, "most_needed"] = reach.needed(data.needs[rule.use])
    return found


@dataclass(frozen=True)
class Reach:
    """The most that each link can send in a slice, from what is there, needed and allowed.

    The least of: its capacity; what its by-product can have (generated, residues that join it,
    dug from old heaps); what its uses can take (need, share of the need, greatest intake, room of
    the treatment). Infinite where none of them is limited.
    """

    data: ExchangeData

    @cached_property
    def _by_link(self) -> Mapping[str, list[Arc]]:
        return _grouped((arc.link, arc) for arc in self.data.arcs)

    @cached_property
    def _joining(self) -> Mapping[str, list[Arc]]:
        return _grouped((a.residue_to, a) for a in self.data.arcs if a.residue_to is not None)

    @cached_property
    def _by_use(self) -> Mapping[str, list[Arc]]:
        return _grouped((arc.use, arc) for arc in self.data.arcs)

    def of(self, link: str) -> Any:
        """In the unit of the by-product; for a season never more than the year allows."""
        arcs = self._by_link[link]
        there = self._there(arcs[0].byproduct, frozenset())
        terms = self.data.deals.terms
        year = terms[link].most if link in terms else inf
        return _least(self._taken(link, arcs), there, year)

    def into(self, rule: Content) -> Any:
        """The most that can go into a use on the basis of its shares.

        A need is filled by at most need / ratio of one material, or by as much virgin material.
        """
        most = self.needed(self.data.needs[rule.use])
        if rule.basis is ShareBasis.NEED:
            return most
        arcs = self._by_use.get(rule.use, [])
        per_need = [arc.delivered / arc.replaced for arc in arcs if arc.replaced > 0]
        return most * max([1.0, *per_need])

    def needed(self, need: Need) -> Any:
        """The need with its unit at the greatest load."""
        load = self.data.runners[need.unit].max_load if present(need.per_load) else 0.0
        return need.fixed + need.per_load * load

    def _taken(self, link: str, arcs: Iterable[Arc]) -> Any:
        taken = sum(self._into(arc) for arc in arcs)
        return _least(taken, self.data.link_capacity.get(link, inf))

    def _there(self, byproduct: str, seen: frozenset[str]) -> Any:
        """All that a by-product can be in a slice; infinite where a store or a cycle feeds it."""
        supply = self.data.supplies[byproduct]
        if byproduct in {*self.data.stored, *self.data.quality.returns, *seen}:
            return inf
        load = self.data.runners[supply.unit].max_load if present(supply.per_load) else 0.0
        residues = sum(
            arc.residue * _least(self._into(arc), self._there(arc.byproduct, seen | {byproduct}))
            for arc in self._joining.get(byproduct, ())
        )
        return supply.fixed + supply.per_load * load + supply.reclaim + residues

    def _into(self, arc: Arc) -> Any:
        """What one use can take over an arc, per unit sent."""
        return _least(self._needed(arc), self._intake(arc), self._room(arc))

    def _needed(self, arc: Arc) -> Any:
        need = self.data.needs[arc.use]
        if arc.replaced <= 0 or need.free:
            return inf
        return self.needed(need) / arc.replaced

    def _intake(self, arc: Arc) -> Any:
        most = self.data.needs[arc.use].max_intake
        return inf if most is None or arc.delivered <= 0 else most / arc.delivered

    def _room(self, arc: Arc) -> Any:
        found = [(room.capacity, room.entering.get(arc.key, 0.0)) for room in self.data.deals.rooms]
        return _least(inf, *(capacity / part for capacity, part in found if part > 0))


def _least(*values: Any) -> Any:
    """The least of numbers, or element by element where some are arrays."""
    if any(isinstance(value, np.ndarray) for value in values):
        return np.minimum.reduce(np.broadcast_arrays(*values))
    return min(values)


def _grouped(pairs: Iterable[tuple[str, Arc]]) -> dict[str, list[Arc]]:
    found: dict[str, list[Arc]] = {}
    for name, arc in pairs:
        found.setdefault(name, []).append(arc)
    return found
