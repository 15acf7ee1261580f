"""What might let more of a by-product be used: one change of the park for each thing that binds.

    no way             a link to a use that accepts it; with the permit where that is missing
    link not open      opening it, or doing the project that builds it
    link, unit, intake, treatment full     a tenth more of it
    share, recipe      a tenth more
    quality limit      a treatment that the park has for the material and that lowers the index
    contract, partners elsewhere     a tenth less, one link more
    season             a heap in which more can wait
    not worth it       a subsidy that pays the difference; none under the least carbon

Kept out, because the park cannot say what would change or whose choice it is: a need that is full
(its product sets it; other takers are tried), a route (leaving is no use), a rule on content, the
temperatures of heat, a link that has ended, a heap where the park has none, and residues of a
treatment that would have nowhere to go.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from symbiosis.least_price import least_price
from symbiosis.newlinks import Way, new_ways
from symbiosis.optimum import Goal, Optimum
from symbiosis.park import change
from symbiosis.park.link import Link, Status
from symbiosis.park.material import Rest, WasteClass
from symbiosis.park.park import Park
from symbiosis.question import Question
from symbiosis.reasons import Held, Reason
from symbiosis.scenario import Scenario
from symbiosis.solving import ask
from symbiosis.wording import code_of

LARGER = 0.1
"""By this part of itself a limit is raised to see what it is worth."""
OVER = 1e-6
"""A price is this part of itself above what makes it pay, and so many CNY."""
OVER_WHOLE = 1e-3
"""The same where a link runs or not at all: the gap of a model with integers must not hide it."""

Change = Callable[[Park], Park | None]
Eased = Callable[[Any, Park], Park]
MORE = 1 + LARGER
EASED: Mapping[str, tuple[str, Eased, bool]] = {
    "running": ("capacity", lambda u, park: change.larger_unit(park, u, LARGER), True),
    "intake": ("capacity", lambda n, park: change.larger_intake(park, n, MORE), True),
    "treatment": ("capacity", lambda k, p: change.larger_treatment(p, k[0], k[1], MORE), True),
    "share": ("share", lambda k, park: change.larger_share(park, k[0], k[1], MORE), False),
    "recipe": ("share", lambda k, park: change.larger_recipe(park, k[0], k[1], MORE), False),
    "partners": ("partners", lambda k, park: change.more_partners(park, *k), False),
    "contract": ("contract", lambda k, park: change.smaller_contract(park, k, 1 - LARGER), False),
}
"""By constraint: the kind of remedy, the change, whether building it has no stated cost."""


@dataclass(frozen=True)
class Suggestion:
    """One change to try.

    ``reason`` is what it answers (see :func:`mark_of`), ``opened`` are links that it opens,
    ``capital_cny`` what it costs per year beside the model, ``unpriced`` whether building it has no
    cost in the park file.
    """

    kind: str
    id: str
    reason: str
    change: Change = lambda park: park
    opened: frozenset[str] = frozenset()
    capital_cny: float = 0.0
    unpriced: bool = False


def mark_of(reason: Reason) -> str:
    """What a reason is known by: its constraint, or its code."""
    return reason.code if reason.constraint is None else code_of(reason.constraint)


@dataclass(frozen=True)
class Suggestions:
    """What to try for one by-product of an optimum; each change once."""

    scenario: Scenario
    optimum: Optimum
    held: Held
    solver: str

    def every(self) -> Iterator[Suggestion]:
        """All of them, links first."""
        seen: set[str] = set()
        for found in self._all():
            if found.id not in seen:
                seen.add(found.id)
                yield found

    def _all(self) -> Iterator[Suggestion]:
        yield from self.shut(self.held.byproduct)
        for reason in self.held.reasons:
            if reason.code in ("no_taker", "permit"):
                yield from self.new_links(reason)
            if reason.code == "season" or reason.seasons:
                yield from self.buffers(reason)
            elif reason.code == "product_unsold" and reason.constraint is not None:
                for product in self.optimum.data.intermediates_of(reason.constraint[1]):
                    yield from self.shut(product.name)
            if reason.constraint is not None and reason.code != "season":
                yield from self.limit(reason)

    # --- links

    def shut(self, byproduct: str) -> Iterator[Suggestion]:
        """Links of the park that are not open, or the projects that build them."""
        open_now = {arc.link for arc in self.optimum.data.arcs}
        for name, link in self.optimum.park.links.items():
            if link.byproduct != byproduct or name in open_now:
                continue
            if link.project:
                yield self.project(link.project)
            else:
                yield Suggestion("link", name, "not_open", opened=frozenset({name}))

    def project(self, name: str) -> Suggestion:
        """Every link that a project builds; its own investment where they state none."""
        park = self.optimum.park
        built = {link for link, noun in park.links.items() if noun.project == name}
        built |= set(park.projects[name].links)
        stated = any(park.links[link].investment for link in built)
        investment = park.projects[name].investment
        capital = 0.0 if stated or investment is None else investment.amount
        return Suggestion(
            "project",
            name,
            "not_open",
            opened=frozenset(built),
            capital_cny=capital * park.finance.annuity(),
            unpriced=not stated and investment is None,
        )

    def new_links(self, reason: Reason) -> Iterator[Suggestion]:
        """Links to uses that accept the by-product; with the permit where none is stated."""
        park, byproduct = self.optimum.park, self.held.byproduct
        hazardous = park.material_of(byproduct).waste_class is WasteClass.HAZARDOUS
        for way in new_ways(self.optimum, byproduct):
            missing = hazardous and WasteClass.HAZARDOUS not in park.uses[way.use].permits
            yield Suggestion(
                "permit" if missing else "new_link",
                way.name,
                mark_of(reason),
                partial(_linked, way, missing),
                opened=frozenset({way.name}),
                unpriced=not way.priced,
            )

    # --- limits

    def limit(self, reason: Reason) -> Iterator[Suggestion]:
        """What would ease one limit that binds."""
        if reason.constraint is None:
            return
        (name, index), mark = reason.constraint, mark_of(reason)
        if name in EASED:
            kind, eased, unpriced = EASED[name]
            yield Suggestion(kind, mark, mark, partial(eased, index), unpriced=unpriced)
        elif name == "link_capacity":
            yield self.larger_link(reason, index)
        elif name == "blend":
            yield from self.treatments(reason, *index[:2])
        elif self.optimum.goal is Goal.CARBON:
            return
        elif name == "sent":
            price = (reason.marginal or 0.0) * (1 + OVER) + OVER
            yield Suggestion("subsidy", mark, mark, partial(self.paid, index[0], price))
        elif name in ("least_flow", "most_flow"):
            yield Suggestion("subsidy", mark, mark, partial(self.paid_whole, index))

    def larger_link(self, reason: Reason, name: str) -> Suggestion:
        """A link a tenth larger; where it stands, at a tenth of what it once cost."""
        link, mark = self.optimum.park.links[name], mark_of(reason)
        cost = 0.0 if link.investment is None else link.investment.amount * LARGER
        stands = any(
            arc.link == name and arc.status is Status.EXISTING for arc in self.optimum.data.arcs
        )
        return Suggestion(
            "capacity",
            mark,
            mark,
            lambda park: change.larger_link(park, name, 1 + LARGER),
            capital_cny=cost * self.optimum.park.finance.annuity() if stands else 0.0,
            unpriced=link.investment is None,
        )

    def treatments(self, reason: Reason, use: str, index: str) -> Iterator[Suggestion]:
        """Treatments that another use has for the same material and that change the index."""
        park = self.optimum.park
        material = park.byproducts[self.held.byproduct].material
        if park.uses[use].accepts[material].treatment is not None:
            return
        known = [u.accepts[material].treatment for u in park.uses.values() if material in u.accepts]
        ways = [link for link in park.links.values() if use in link.uses]
        for name in dict.fromkeys(known):
            if name is not None and self.helps(name, index, material, ways):
                yield Suggestion(
                    "treatment",
                    f"treatment:{use}:{material}:{name}",
                    mark_of(reason),
                    partial(_treated, use, material, name),
                )

    def helps(self, name: str, index: str, material: str, ways: list[Link]) -> bool:
        """Whether a treatment changes an index, and what it leaves has somewhere to go."""
        treatment = self.optimum.park.treatments[name]
        mine = [w for w in ways if self.optimum.park.byproducts[w.byproduct].material == material]
        placed = treatment.rest is not Rest.RESIDUE or all(way.residue for way in mine)
        return placed and (index in treatment.outlet or index in treatment.removal)

    def buffers(self, reason: Reason) -> Iterator[Suggestion]:
        """A heap in which more can wait: a tenth of its buffer, or of a year's generation."""
        for name, heap in self.optimum.park.stockpiles.items():
            if heap.byproduct == self.held.byproduct:
                room = 0.0 if heap.buffer is None else heap.buffer.measure.value
                amount = room * (1 + LARGER) if room else self.held.generated * LARGER
                yield Suggestion(
                    "capacity",
                    f"buffer:{name}",
                    mark_of(reason),
                    partial(change.with_buffer, heap=name, amount=amount),
                    unpriced=True,
                )

    # --- prices

    def paid(self, link: str, price: float, park: Park) -> Park:
        """A subsidy of ``price`` CNY per unit beside what is paid already."""
        already = next(arc.subsidy_cny for arc in self.optimum.data.arcs if arc.link == link)
        return change.subsidised(park, link, already + price)

    def paid_whole(self, link: str, park: Park) -> Park | None:
        """The least subsidy at which a link that runs or not at all runs."""
        price = least_price(self.question, self.optimum, link)
        return None if price is None else self.paid(link, price * (1 + OVER_WHOLE) + OVER, park)

    @cached_property
    def question(self) -> Question:
        """The unchanged year, compiled."""
        data = self.optimum.data
        return ask(self.optimum.park, data, self.optimum.year, self.solver)


def _linked(way: Way, missing: bool, park: Park) -> Park:
    changed = change.linked(park, way.name, way.link)
    return change.permitted(changed, way.use, WasteClass.HAZARDOUS) if missing else changed


def _treated(use: str, material: str, name: str, park: Park) -> Park:
    return change.with_accept(park, use, material, treatment=name)
