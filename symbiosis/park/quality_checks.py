"""Whether the quality that a park file states is complete, in fitting units, and linear.

Read from the plain tree, like the other checks. What a use limits, everything that can reach it
must state; a removal ratio behind a mixture is refused, because the level of the mixture is decided
together with the flows and their product is not linear.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symbiosis import units
from symbiosis.errors import Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import measure_of, need_unit, product
from symbiosis.park.references import Findings, Path, dotted, section, texts, units_of

Entry = tuple[Path, dict[str, Any]]


class _Unstated(Exception):
    """The level of an index is nowhere stated; the place that should."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        super().__init__(name)


class _Mixture(Exception):
    """A removal ratio behind sources of several levels; the place of the ratio."""

    def __init__(self, path: Path, name: str, use: str) -> None:
        self.path, self.name, self.use = path, name, use
        super().__init__(name)


def check_quality(declaration: Declaration) -> list[Problem]:
    """Everything that is wrong with qualities, limits, loads, returns and content rules."""
    check = _Check(declaration.tree, Findings(declaration))
    for place, index, value, unit in check.levels():
        check.level(place, index, value, unit)
    for name, (path, use) in check.uses.items():
        check.limits(name, path, use)
        check.load(path, use)
        check.content(path, use)
    for name, (path, byproduct) in check.byproducts.items():
        check.returns(name, path, byproduct)
        check.removal(name, path, byproduct)
    for name, entry in check.treatments.items():
        check.twice(("treatments", name), entry, "outlet")
    return check.found.problems


def entries(node: Any, name: str) -> dict[str, Any]:
    """What stands under a key, if it is a mapping."""
    inner = node.get(name) if isinstance(node, dict) else None
    return {str(k): v for k, v in inner.items()} if isinstance(inner, dict) else {}


@dataclass(frozen=True)
class _Check:
    """One tree, and what was found."""

    tree: Any
    found: Findings

    @cached_property
    def indices(self) -> dict[str, dict[str, Any]]:
        return section(self.tree, "qualities")

    @cached_property
    def treatments(self) -> dict[str, dict[str, Any]]:
        return section(self.tree, "treatments")

    @cached_property
    def byproducts(self) -> dict[str, Entry]:
        return dotted(self.tree, "byproducts")

    @cached_property
    def uses(self) -> dict[str, Entry]:
        return dotted(self.tree, "uses")

    # --- single levels

    def levels(self) -> Iterator[tuple[Path, str, Any, str]]:
        """Every mention of an index as (path, index, value, what it is: level, share or load)."""
        for path, byproduct in self.byproducts.values():
            yield from _mentions(path, byproduct, "qualities", "level")
            yield from _mentions(path, byproduct, "removal", "share")
        for name, treatment in self.treatments.items():
            yield from _mentions(("treatments", name), treatment, "outlet", "level")
            yield from _mentions(("treatments", name), treatment, "removal", "share")
        for path, use in self.uses.values():
            virgin = use.get("virgin")
            yield from _mentions((*path, "virgin"), virgin, "qualities", "level")
            yield from _mentions(path, use, "outlet", "level")
            yield from _mentions(path, use, "load", "load")
            for index, limit in entries(use, "limits").items():
                here = (*path, "limits", index)
                yield here, index, None, "limit"
                for side in ("upper", "lower"):
                    if isinstance(limit, dict) and side in limit:
                        yield (*here, side), index, limit[side], "level"

    def level(self, path: Path, index: str, value: Any, what: str) -> None:
        """Whether the index is declared and the level in a unit of its dimension."""
        self.found.name(path, index, self.indices, "quality index")
        unit, measure = self.indices.get(index, {}).get("unit"), measure_of(value)
        if what != "level" or not isinstance(unit, str) or measure is None:
            return
        try:
            fits = units.same_dimension(measure, unit)
        except units.UnitError:
            return
        if not fits:
            self.found.add(path, "wrong_dimension", found=measure.text, expected=unit)

    # --- uses

    def limits(self, name: str, path: Path, use: dict[str, Any]) -> None:
        """What a use limits or must carry off, everything that can reach it states."""
        asked = dict.fromkeys((*entries(use, "limits"), *entries(use, "load")))
        if not asked:
            return
        self.one_unit(path, use)
        known = [index for index in asked if index in self.indices]
        for index in known:
            for source in self.sources(name):
                try:
                    self.arriving(source, name, index, ())
                except _Unstated as gap:
                    self.found.add(
                        gap.path, "quality_unstated", found=index, name=gap.name, use=name
                    )
                except _Mixture:
                    pass  # reported where the removal ratio stands

    def sources(self, use: str) -> list[str]:
        """Links that can reach a use; the empty name stands for its virgin material."""
        links = section(self.tree, "links")
        reaching = [
            name
            for name, link in links.items()
            if use in [text for _, text in texts(link.get("uses"))]
            and str(link.get("byproduct")) in self.byproducts
        ]
        bought = self.uses[use][1].get("virgin")
        return [*reaching, *([""] if isinstance(bought, dict) else [])]

    def arriving(self, source: str, use: str, index: str, seen: tuple[str, ...]) -> float:
        """The level of an index that arrives from a source. Raises _Unstated, _Mixture."""
        path, entry = self.uses[use]
        if source == "":
            return _stated((*path, "virgin"), entry["virgin"], index, f"{use} (virgin)")
        byproduct = str(section(self.tree, "links")[source].get("byproduct"))
        material = str(self.byproducts[byproduct][1].get("material"))
        accept = section(entry, "accepts").get(material, {})
        treatment = self.treatments.get(str(accept.get("treatment")), {})
        fixed = measure_of(entries(treatment, "outlet").get(index))
        if fixed is not None:
            return fixed.value
        removed = measure_of(entries(treatment, "removal").get(index))
        level = self.made(byproduct, index, seen)
        return level * (1 - removed.value) if removed is not None else level

    def made(self, byproduct: str, index: str, seen: tuple[str, ...]) -> float:
        """The level of an index in a by-product. Raises _Unstated, _Mixture."""
        path, entry = self.byproducts[byproduct]
        removed, use = measure_of(entries(entry, "removal").get(index)), _returns_from(entry)
        if removed is None or index in entries(entry, "qualities") or use not in self.uses:
            return _stated(path, entry, index, byproduct)
        if byproduct in seen:
            raise _Mixture((*path, "removal", index), byproduct, use)
        entering = {
            self.arriving(source, use, index, (*seen, byproduct)) for source in self.sources(use)
        }
        if len(entering) > 1:
            raise _Mixture((*path, "removal", index), byproduct, use)
        return (1 - removed.value) * next(iter(entering), 0.0)

    def one_unit(self, path: Path, use: dict[str, Any]) -> None:
        """A mean level needs everything that fills the use in one unit."""
        unit = self.unit_of(path, use)
        for material in section(use, "accepts"):
            own = section(self.tree, "materials").get(material, {}).get("unit")
            if unit is not None and own is not None and own != unit:
                here = (*path, "accepts", material)
                self.found.add(here, "blend_of_mixed_units", found=own, need=unit)

    def unit_of(self, path: Path, use: dict[str, Any]) -> str | None:
        """The unit in which a use is counted."""
        unit = next((u for p, _, u in units_of(self.tree) if p == path[:4]), {})
        amounts = use.get("full_load"), use.get("coefficient")
        return need_unit(*amounts, unit.get("capacity"), use.get("unit"))

    def load(self, path: Path, use: dict[str, Any]) -> None:
        """What a use with a load must state: unit, outlet, ratios of one."""
        if not entries(use, "load"):
            return
        self.loads(path, use, self.unit_of(path, use))
        if use.get("share_basis") == "need":
            self.found.add((*path, "share_basis"), "load_needs_input_basis")
        if use.get("content"):
            self.found.add((*path, "content"), "load_with_content")
        for name, accept in section(use, "accepts").items():
            ratio = measure_of(accept.get("ratio"))
            if ratio is not None and abs(ratio.value - 1) > 1e-9:
                here = (*path, "accepts", name, "ratio")
                self.found.add(here, "load_needs_ratio_one", found=ratio.text)

    def loads(self, path: Path, use: dict[str, Any], unit: str | None) -> None:
        """Each load is level x amount per time, and has a level at the outlet."""
        if unit is None:
            self.found.add((*path, "load"), "load_needs_unit")
        for index, load in entries(use, "load").items():
            here = (*path, "load", index)
            measure, level = measure_of(load), self.indices.get(index, {}).get("unit")
            if index not in entries(use, "outlet"):
                self.found.add(here, "load_needs_outlet", found=index)
            if measure is None or unit is None or not isinstance(level, str):
                continue
            per_year = f"{product(level, unit)}/a"
            if not units.same_dimension(measure, per_year):
                self.found.add(here, "wrong_dimension", found=measure.text, expected=per_year)

    def content(self, path: Path, use: dict[str, Any]) -> None:
        """Content rules name materials of the use and pay per unit of its need."""
        rules = use.get("content")
        for i, rule in enumerate(rules if isinstance(rules, list) else []):
            if not isinstance(rule, dict):
                continue
            here = (*path, "content", i)
            accepts = section(use, "accepts")
            for extra, material in texts(rule.get("materials")):
                at = (*here, "materials", *extra)
                self.found.name(at, material, accepts, "material accepted here")
            self.item(here, rule)
            refund, unit = measure_of(rule.get("refund")), self.unit_of(path, use)
            if refund and unit and not units.same_dimension(refund, f"CNY/{unit}"):
                at = (*here, "refund")
                self.found.add(at, "wrong_dimension", found=refund.text, expected=f"CNY/{unit}")

    def item(self, path: Path, rule: dict[str, Any]) -> None:
        """A content rule has one least content: its own, or that of the item that it names."""
        items = section(self.tree.get("policy"), "vat_refund")
        name = rule.get("item")
        self.found.name((*path, "item"), name, items, "item of policy.vat_refund")
        if name is not None and name not in items:
            return
        given = items.get(str(name), {}).get("least_content") is not None
        own = rule.get("at_least") is not None
        if given and own:
            self.found.add((*path, "at_least"), "content_twice", found=name)
        if not given and not own:
            self.found.add(path, "content_without_share", found=name or "")

    # --- by-products

    def returns(self, name: str, path: Path, byproduct: dict[str, Any]) -> None:
        """A return names a use of the same unit, in the same unit of measure."""
        use = _returns_from(byproduct)
        if not use:
            return
        here = (*path, "returns", "use")
        self.found.name(here, use, self.uses, "use")
        if use not in self.uses:
            return
        of_use, entry = self.uses[use]
        if of_use[:4] != path[:4]:
            self.found.add(here, "returns_other_unit", found=use, name=name)
        material = section(self.tree, "materials").get(str(byproduct.get("material")), {})
        unit = self.unit_of(of_use, entry)
        if unit is not None and material.get("unit") not in (None, unit):
            self.found.add(here, "blend_of_mixed_units", found=material["unit"], need=unit)
        self.one_unit(of_use, entry)
        if byproduct.get("residue") is True:
            self.found.add(here, "returns_residue", found=name)
        if material.get("waste_class") == "intermediate":
            self.found.add(here, "returns_intermediate", found=name)

    def removal(self, name: str, path: Path, byproduct: dict[str, Any]) -> None:
        """A removal ratio needs one level of what enters."""
        self.twice(path, byproduct, "qualities")
        for index in entries(byproduct, "removal"):
            here = (*path, "removal", index)
            if not _returns_from(byproduct):
                self.found.add(here, "removal_needs_return", found=name)
                continue
            try:
                self.made(name, index, ())
            except _Unstated as gap:
                details = {"found": index, "name": gap.name, "use": _returns_from(byproduct)}
                self.found.add(gap.path, "quality_unstated", **details)
            except _Mixture as mixed:
                details = {"found": index, "name": mixed.name, "use": mixed.use}
                self.found.add(mixed.path, "removal_of_mixture", **details)

    def twice(self, path: Path, entry: dict[str, Any], other: str) -> None:
        """An index has a removal ratio or a level, not both."""
        for index in set(entries(entry, "removal")) & set(entries(entry, other)):
            self.found.add((*path, "removal", index), "level_and_removal", found=index, other=other)


def _mentions(path: Path, node: Any, key: str, what: str) -> Iterator[tuple[Path, str, Any, str]]:
    for index, value in entries(node, key).items():
        yield (*path, key, index), index, value, what


def _stated(path: Path, entry: Any, index: str, name: str) -> float:
    """The level that a by-product or a virgin material states; of one that cannot be read, 0."""
    levels = entries(entry, "qualities")
    if index not in levels:
        raise _Unstated(path, name)
    measure = measure_of(levels[index])
    return 0.0 if measure is None else measure.value


def _returns_from(byproduct: dict[str, Any]) -> str:
    use = entries(byproduct, "returns").get("use")
    return use if isinstance(use, str) else ""
