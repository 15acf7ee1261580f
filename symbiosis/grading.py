"""How much of a result rests on which grade of number.

A value that was only recalled counts one grade lower; a value without a grade counts as D. What a
tonne rests on is its weakest number: the generation it comes from, the need it fills, the ratio it
replaces with, and whether its link exists. Source: model.md, "Where numbers come from".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from symbiosis.exchange import Arc
from symbiosis.optimum import Optimum
from symbiosis.park.enterprise import Generation, Use
from symbiosis.park.park import Park
from symbiosis.park.quantity import Evidence, Grade
from symbiosis.rate import counted, generated

WEAK = (Grade.C, Grade.D)


@dataclass(frozen=True)
class Grading:
    """Shares by grade (summing to 1): of G by its generation, of U by its weakest number."""

    generated: dict[str, float]
    utilised: dict[str, float]

    @property
    def weak_generated(self) -> float:
        """Share of G that rests on C and D."""
        return sum(self.generated[grade] for grade in WEAK)

    @property
    def weak_utilised(self) -> float:
        """Share of U that rests on C and D somewhere."""
        return sum(self.utilised[grade] for grade in WEAK)


def grade_of(evidence: Evidence | None) -> Grade:
    """The grade that counts; D where none is stated."""
    return (evidence.effective_grade if evidence else None) or Grade.D


def weakest(grades: Iterable[Grade]) -> Grade:
    """The lowest of some grades."""
    return max(grades, key=lambda grade: grade.value)


def grade_of_amount(stated: Generation) -> Grade:
    """The grade of a generation or need: of its full load, coefficient or heat capacity flow."""
    by_flow = stated.heat.heat_capacity_flow if stated.heat is not None else None
    return grade_of(stated.full_load or stated.coefficient or by_flow)


def grade_of_need(use: Use) -> Grade:
    """The grade of a need, or of the loads that stand in its place."""
    return weakest(map(grade_of, use.load.values())) if use.load else grade_of_amount(use)


def grade_of_generation(park: Park, byproduct: str) -> Grade:
    """The grade of a generation; what returns from a use rests on what that use needs."""
    made = park.byproducts[byproduct]
    if made.returns is None:
        return grade_of_amount(made)
    rests = [grade_of_need(park.uses[made.returns.use])]
    rests += [grade_of(made.returns.consumed)] if made.returns.consumed else []
    rests += [grade_of_amount(made)] if made.declared() else []
    return weakest(rests)


def grading_of(optimum: Optimum) -> Grading:
    """What the rate of an optimum rests on."""
    park, data, point = optimum.park, optimum.data, optimum.point
    made = dict.fromkeys(Grade, 0.0)
    for name, supply in data.supplies.items():
        if supply.enters_rate:
            made[grade_of_generation(park, name)] += generated(data, point, name)
    used = dict.fromkeys(Grade, 0.0)
    for key, amount in counted(data, point).items():
        arc = next(arc for arc in data.arcs if arc.key == key)
        used[_grade_of_flow(park, arc)] += amount
    return Grading(_shares(made), _shares(used))


def _grade_of_flow(park: Park, arc: Arc) -> Grade:
    use = park.uses[arc.use]
    return weakest(
        (
            grade_of_generation(park, arc.byproduct),
            grade_of_need(use),
            grade_of(use.accepts[arc.material].ratio),
            grade_of(park.links[arc.link]),
        )
    )


def _shares(amounts: dict[Grade, float]) -> dict[str, float]:
    total = sum(amounts.values())
    return {grade.value: amount / total if total else 0.0 for grade, amount in amounts.items()}
