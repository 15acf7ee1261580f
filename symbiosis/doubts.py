"""What a park file says that is allowed and yet doubtful: the warnings of ``check``.

A doubt never stops a command. Source of the rule on sources: model.md, "Where numbers come from"
(values without a source are never presented as facts).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from symbiosis.amounts import in_material
from symbiosis.course import load_of
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration, Path
from symbiosis.park.enterprise import Drive
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.park.quantity import Evidence, Grade
from symbiosis.policy_doubts import policy_doubts
from symbiosis.season_doubts import season_doubts
from symbiosis.slicing import at_full_load
from symbiosis.terms_doubts import term_doubts
from symbiosis.words import say

MORE_THAN_MADE = 1.02
"""An observed flow above the generation by more than this is named: rounding is not."""
GOOD = (Grade.A, Grade.B)


@dataclass(frozen=True)
class Doubt(Problem):
    """A warning; its text stands in ``lang/doubts.toml``."""

    def message(self, lang: str = "en") -> str:
        """The doubt as a sentence, without its place."""
        return say(f"doubts.{self.code}", lang, **self.details)


def doubts_of(park: Park, declaration: Declaration) -> list[Doubt]:
    """Every doubt about a park, in the order of its file."""
    found = [
        Doubt(code, place.file, place.line, ".".join(map(str, path)), details)
        for path, code, details in _doubts(park)
        for place in [declaration.place(path)]
    ]
    return sorted(found, key=lambda doubt: (doubt.file, doubt.line or 0))


Found = tuple[Path, str, dict[str, Any]]


def _doubts(park: Park) -> Iterator[Found]:
    yield from _unsourced(park, ())
    yield from _observed(park)
    yield from _unreached(park)
    yield from _early(park)
    yield from term_doubts(park)
    yield from policy_doubts(park)
    yield from season_doubts(park)
    for name, enterprise in park.enterprises.items():
        if not enterprise.units:
            yield ("enterprises", name), "no_units", {"found": name}
    for name in sorted(set(park.treatments) - _treatments_used(park)):
        yield ("treatments", name), "treatment_unused", {"found": name}


def _unsourced(noun: Any, path: Path) -> Iterator[Found]:
    """Evidence graded A or B that names no source, directly or where it is recalled from."""
    if isinstance(noun, Evidence) and noun.grade in GOOD and not noun.source:
        yield path, "no_source", {"grade": noun.grade}
    for key, inner in _below(noun):
        yield from _unsourced(inner, (*path, key))


def _below(noun: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(noun, BaseModel):
        return [(f.alias or k, getattr(noun, k)) for k, f in type(noun).model_fields.items()]
    if isinstance(noun, dict):
        return noun.items()
    return enumerate(noun) if isinstance(noun, tuple) else ()


def _observed(park: Park) -> Iterator[Found]:
    """Reported flows above what is generated: of the existing links together, of others alone."""
    for byproduct, made in _generated(park).items():
        material = park.material_of(byproduct)
        own = {n: k for n, k in park.links.items() if k.byproduct == byproduct and k.observed}
        running = [name for name, link in own.items() if link.status is Status.EXISTING]
        for group in (running, *([name] for name in own if name not in running)):
            flows = [own[name].observed for name in group]
            flow = sum(in_material(f, material, f"{material.unit}/a") for f in flows if f)
            if flow > made * MORE_THAN_MADE:
                details = {
                    "found": f"{flow:,.0f} {material.unit}/a",
                    "made": f"{made:,.0f} {material.unit}/a",
                    "byproduct": byproduct,
                    "links": ", ".join(group),
                }
                yield ("links", group[0], "observed"), "observed_above_generation", details


def _generated(park: Park) -> dict[str, float]:
    """Yearly generation of the by-products of demand-driven units, in the unit of the material."""
    return {
        f"{enterprise}.{name}": at_full_load(made, unit, material, material.unit) * load_of(unit)
        for enterprise, _, unit in park.units()
        if unit.drive is Drive.DEMAND
        for name, made in unit.byproducts.items()
        for material in [park.materials[made.material]]
        if not made.residue
    }


def _unreached(park: Park) -> Iterator[Found]:
    reached = {use for link in park.links.values() for use in link.uses}
    left = {link.byproduct for link in park.links.values()}
    for kind, known, code in (("uses", reached, "use_unreached"), ("byproducts", left, "no_link")):
        for enterprise, unit_id, unit in park.units():
            for name in getattr(unit, kind):
                if f"{enterprise}.{name}" not in known:
                    path: Path = ("enterprises", enterprise, "units", unit_id, kind, name)
                    yield path, code, {"found": f"{enterprise}.{name}"}


def _early(park: Park) -> Iterator[Found]:
    for name, link in park.links.items():
        if link.status is Status.EXISTING and link.from_ is not None and link.from_ > park.start:
            details = {"found": name, "begins": link.from_, "start": park.start}
            yield ("links", name, "from"), "existing_later", details


def _treatments_used(park: Park) -> set[str]:
    return {
        accept.treatment
        for use in park.uses.values()
        for accept in use.accepts.values()
        if accept.treatment is not None
    }
