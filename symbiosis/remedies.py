"""What would let more of a by-product be used, each remedy verified by solving again.

For every limit that holds a by-product back there is something to try: open a link (or do the
project that builds it), make a link or a line a tenth larger, let a share be a tenth larger, pay
the difference where a way is not worth it. The same question is asked again with that one change;
what it gains and what it costs are the differences of two answers. The one with the change rests on
numbers that the park file does not state, so the independent check, which reads the park, cannot
judge it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from symbiosis.errors import NoAnswer
from symbiosis.exchange import ExchangeData
from symbiosis.explain import Held
from symbiosis.optimum import Optimum
from symbiosis.question import ORDER
from symbiosis.scenario import Scenario
from symbiosis.solvers.backends import AUTO
from symbiosis.solving import ask
from symbiosis.wording import Wording, code_of

LARGER = 0.1
"""By this part of itself a limit is raised to see what it is worth."""
NOTICED = 1e-6
"""A gain below this part of the by-product's generation is none."""

Change = Callable[[], ExchangeData]


@dataclass(frozen=True)
class Remedy:
    """One change: what it gains of the by-product per year and what it costs the park.

    ``kind`` is link, project, capacity, share or subsidy; ``id`` the link, project or constraint.
    """

    kind: str
    id: str
    gained: float
    unit: str
    cost_cny: float
    rate_gained: float

    @property
    def cny_per_unit(self) -> float:
        """Cost per unit gained; negative where the remedy also saves money."""
        return self.cost_cny / self.gained


def remedies_for(
    scenario: Scenario, optimum: Optimum, held: Held, solver: str = AUTO, most: int = 5
) -> list[Remedy]:
    """The remedies of one by-product, cheapest per unit first."""
    tried = _Trial(scenario, optimum, held, solver)
    found = [remedy for remedy in tried.remedies() if remedy is not None]
    return sorted(found, key=lambda remedy: (remedy.cny_per_unit, remedy.id))[:most]


@dataclass(frozen=True)
class _Trial:
    scenario: Scenario
    optimum: Optimum
    held: Held
    solver: str

    def remedies(self) -> Iterator[Remedy | None]:
        """Every change that one of the reasons suggests, tried."""
        seen: set[str] = set()
        for kind, name, change in self.changes():
            if name not in seen:
                seen.add(name)
                yield self.tried(kind, name, change)

    def changes(self) -> Iterator[tuple[str, str, Change]]:
        for link_id, link in self.optimum.park.links.items():
            shut = not any(arc.link == link_id for arc in self.optimum.data.arcs)
            if link.byproduct == self.held.byproduct and shut:
                kind, name = ("project", link.project) if link.project else ("link", link_id)
                also = self.built_by(link.project) if link.project else frozenset({link_id})
                yield kind, name, partial(self.scenario.slice, None, also)
        for reason in self.held.reasons:
            if reason.constraint is None:
                continue
            name, index = reason.constraint
            code = code_of(reason.constraint)
            if name == "running":
                yield "capacity", code, partial(self.larger_unit, index)
            elif name == "link_capacity":
                yield "capacity", code, partial(self.larger_link, index)
            elif name == "share":
                yield "share", code, partial(self.larger_share, index)
            elif name == "sent":
                yield "subsidy", code, partial(self.subsidised, index, reason.marginal or 0.0)

    def built_by(self, project: str) -> frozenset[str]:
        """Every link that a project builds."""
        park = self.optimum.park
        named = {link for link, noun in park.links.items() if noun.project == project}
        return frozenset(named | set(park.projects[project].links))

    # --- the changes

    def larger_unit(self, unit: str) -> ExchangeData:
        """A supply-driven unit a tenth larger."""
        data = self.optimum.data
        runner = data.runners[unit]
        most = max(runner.max_load, 0.0) + LARGER
        return replace(data, runners={**data.runners, unit: replace(runner, max_load=most)})

    def larger_link(self, link: str) -> ExchangeData:
        """A link a tenth larger."""
        data = self.optimum.data
        most = data.link_capacity[link] * (1 + LARGER)
        return replace(data, link_capacity={**data.link_capacity, link: most})

    def larger_share(self, limit: tuple[str, str]) -> ExchangeData:
        """A greatest share a tenth larger."""
        data = self.optimum.data
        limits = tuple(
            replace(s, share=min(1.0, s.share * (1 + LARGER))) if (s.use, s.name) == limit else s
            for s in data.share_limits
        )
        return replace(data, share_limits=limits)

    def subsidised(self, arc: tuple[str, str], cny: float) -> ExchangeData:
        """A way that costs no more than leaving the by-product."""
        data = self.optimum.data
        paid = cny * (1 + 1e-6) + 1e-6
        arcs = tuple(
            replace(a, treatment_cny=a.treatment_cny - paid) if a.key == arc else a
            for a in data.arcs
        )
        return replace(data, arcs=arcs)

    # --- trying one

    def tried(self, kind: str, name: str, change: Change) -> Remedy | None:
        """The answer with the change beside the one without; nothing where nothing is gained."""
        data = change()
        question = ask(self.optimum.park, data, self.scenario.year(data), self.solver)
        try:
            answer = question.in_order(ORDER[self.optimum.goal])
        except NoAnswer:
            return None
        found = question.optimum(self.optimum.goal, answer, question.seconds)
        gained = used(found, self.held.byproduct) - used(self.optimum, self.held.byproduct)
        if gained <= NOTICED * self.held.generated:
            return None
        paid = self.paid(kind, found)
        rates = found.rate.value, self.optimum.rate.value
        return Remedy(
            kind=kind,
            id=name,
            gained=gained,
            unit=self.held.unit,
            cost_cny=found.cost_cny + paid - self.optimum.cost_cny,
            rate_gained=(rates[0] or 0.0) - (rates[1] or 0.0),
        )

    def paid(self, kind: str, found: Optimum) -> float:
        """The subsidy that the changed numbers hide from the cost: it is a cost of the remedy."""
        if kind != "subsidy":
            return 0.0
        before = {arc.key: arc.cost_cny for arc in self.optimum.data.arcs}
        return sum((before[a.key] - a.cost_cny) * found.point.sent[a.key] for a in found.data.arcs)


def used(optimum: Optimum, byproduct: str) -> float:
    """What of a by-product goes into uses."""
    sent = optimum.point.sent
    return sum(sent[arc.key] for arc in optimum.data.arcs_from(byproduct))


def as_json(remedy: Remedy) -> dict[str, object]:
    """One remedy for the JSON of ``explain``; each was verified by solving again."""
    return {
        "kind": remedy.kind,
        "id": remedy.id,
        "gained": remedy.gained,
        "unit": remedy.unit,
        "cost_cny": remedy.cost_cny,
        "cny_per_unit": remedy.cny_per_unit,
        "rate_gained": remedy.rate_gained,
        "verified": True,
    }


def named(remedy: Remedy, optimum: Optimum) -> Mapping[str, str]:
    """What a remedy is about, by language."""
    if remedy.kind in ("link", "project"):
        found = getattr(optimum.park, f"{remedy.kind}s")[remedy.id]
        return {"zh": found.name_zh, "en": found.name_en}
    kind, *index = remedy.id.split(":")
    wording = Wording(optimum.park, optimum.data)
    if kind == "sent":
        return wording.link(index[0])
    return wording.constraint((kind, index[0] if len(index) == 1 else tuple(index)))
