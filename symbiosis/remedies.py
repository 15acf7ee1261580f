"""What would let more of a by-product be used, each remedy verified by solving again.

The park is changed in one thing (:mod:`symbiosis.suggestions`), cut, solved and held against the
independent check like any other; what the change gains and costs are the differences of the two
answers. A subsidy is a cost of the remedy: what the park receives is added back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symbiosis.errors import NoAnswer
from symbiosis.newlinks import new_ways
from symbiosis.optimum import Optimum
from symbiosis.question import ORDER
from symbiosis.reasons import Held
from symbiosis.scenario import Scenario
from symbiosis.solvers.backends import AUTO
from symbiosis.solvers.patterns import Patterns
from symbiosis.solving import ask, checked
from symbiosis.suggestions import Suggestion, Suggestions
from symbiosis.wording import Wording

NOTICED = 1e-6
"""A gain below this part of the by-product's generation is none."""
MOST = 5
"""So many remedies of a by-product are shown."""


@dataclass
class Tried:
    """What was tried so far: several by-products may ask for the same change.

    ``answers`` are by kind and id of the change; ``patterns`` the years compiled for them, of which
    most differ in figures alone.
    """

    answers: dict[tuple[str, str], Optimum | None] = field(default_factory=dict)
    patterns: Patterns = field(default_factory=Patterns)


@dataclass(frozen=True)
class Remedy:
    """One change: what it gains of the by-product per year and what it costs the park.

    ``kind`` is link, project, new_link, permit, capacity, share, treatment, contract, partners or
    subsidy; ``id`` the link, project or constraint; ``reason`` what it answers. ``unpriced``: what
    it takes to build it is not in the cost, because the park file does not state it. ``co2e_t`` is
    what it changes the inventory by, in a park that has one.
    """

    kind: str
    id: str
    reason: str
    gained: float
    unit: str
    cost_cny: float
    rate_gained: float
    unpriced: bool
    co2e_t: float | None = None

    @property
    def cny_per_unit(self) -> float:
        """Cost per unit gained; negative where the remedy also saves money."""
        return self.cost_cny / self.gained


def remedies_for(
    scenario: Scenario,
    optimum: Optimum,
    held: Held,
    solver: str = AUTO,
    most: int | None = MOST,
    tried: Tried | None = None,
) -> list[Remedy]:
    """The remedies of one by-product, cheapest per unit first; ``tried`` is shared by several."""
    tried = Tried() if tried is None else tried
    found = [
        remedy
        for suggestion in Suggestions(scenario, optimum, held, solver).every()
        if (remedy := _tried(scenario, optimum, held, solver, suggestion, tried)) is not None
    ]
    return sorted(found, key=lambda remedy: (remedy.cny_per_unit, remedy.id))[:most]


def _tried(
    scenario: Scenario,
    optimum: Optimum,
    held: Held,
    solver: str,
    suggestion: Suggestion,
    tried: Tried,
) -> Remedy | None:
    """The answer with the change beside the one without; nothing where nothing is gained."""
    key = suggestion.kind, suggestion.id
    if key not in tried.answers:
        tried.answers[key] = _answer(scenario, optimum, solver, suggestion, tried.patterns)
    found = tried.answers[key]
    if found is None:
        return None
    gained = used(found, held.byproduct) - used(optimum, held.byproduct)
    if gained <= NOTICED * held.generated:
        return None
    rates = found.rate.value, optimum.rate.value
    more = found.cost_cny + _paid(optimum, found) - optimum.cost_cny
    return Remedy(
        kind=suggestion.kind,
        id=suggestion.id,
        reason=suggestion.reason,
        gained=gained,
        unit=held.unit,
        cost_cny=more + suggestion.capital_cny,
        rate_gained=(rates[0] or 0.0) - (rates[1] or 0.0),
        unpriced=suggestion.unpriced,
        co2e_t=_emitted(optimum, found),
    )


def _emitted(before: Optimum, after: Optimum) -> float | None:
    """What the inventory changes by, t CO2e; nothing where the park has none."""
    return None if before.co2e_t is None else (after.co2e_t or 0.0) - before.co2e_t


def _answer(
    scenario: Scenario,
    optimum: Optimum,
    solver: str,
    suggestion: Suggestion,
    patterns: Patterns,
) -> Optimum | None:
    """The changed park solved and checked; nothing where it has no answer."""
    park = suggestion.change(optimum.park)
    if park is None:
        return None
    changed = replace(scenario, park=park)
    data = changed.slice(None, suggestion.opened)
    try:
        question = ask(park, data, changed.year(data), solver, patterns=patterns)
        answer = question.in_order(ORDER[optimum.goal])
    except NoAnswer:
        return None
    return checked(question, optimum.goal, answer, question.seconds)


def _paid(before: Optimum, after: Optimum) -> float:
    """What the state pays more per unit than before, on all that is sent."""
    old = {arc.key: arc.subsidy_cny for arc in before.data.arcs}
    return sum(
        (arc.subsidy_cny - old.get(arc.key, arc.subsidy_cny)) * after.point.sent[arc.key]
        for arc in after.data.arcs
    )


def used(optimum: Optimum, byproduct: str) -> float:
    """What of a by-product goes into uses."""
    sent = optimum.point.sent
    return sum(sent[arc.key] for arc in optimum.data.arcs_from(byproduct))


def as_json(remedy: Remedy) -> dict[str, object]:
    """One remedy for the JSON of ``explain``; each was verified by solving again."""
    return {
        "kind": remedy.kind,
        "id": remedy.id,
        "reason": remedy.reason,
        "gained": remedy.gained,
        "unit": remedy.unit,
        "cost_cny": remedy.cost_cny,
        "cny_per_unit": remedy.cny_per_unit,
        "rate_gained": remedy.rate_gained,
        "unpriced": remedy.unpriced,
        "co2e_t": remedy.co2e_t,
        "verified": True,
    }


def named(remedy: Remedy, optimum: Optimum) -> Mapping[str, str]:
    """What a remedy is about, by language."""
    if remedy.kind in ("link", "project"):
        found = getattr(optimum.park, f"{remedy.kind}s")[remedy.id]
        return {"zh": found.name_zh, "en": found.name_en}
    if remedy.kind in ("new_link", "permit"):
        byproduct = remedy.id.partition(":")[0]
        way = next(way for way in new_ways(optimum, byproduct) if way.name == remedy.id)
        return {"zh": way.link.name_zh, "en": way.link.name_en}
    return _named(remedy, optimum)


def _named(remedy: Remedy, optimum: Optimum) -> Mapping[str, str]:
    """What a remedy of a limit is about."""
    kind, *index = remedy.id.split(":")
    wording = Wording(optimum.park, optimum.data)
    if remedy.kind == "subsidy":
        return wording.link(index[0])
    if kind == "buffer":
        heap = optimum.park.stockpiles[index[0]]
        return {"zh": heap.name_zh, "en": heap.name_en}
    if kind == "treatment" and remedy.kind == "treatment":
        treatment, use = optimum.park.treatments[index[2]], wording.use(index[0])
        return {
            "zh": f"{treatment.name_zh} → {use['zh']}",
            "en": f"{treatment.name_en} → {use['en']}",
        }
    return wording.constraint((kind, index[0] if len(index) == 1 else tuple(index)))
