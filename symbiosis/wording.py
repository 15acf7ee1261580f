"""Things and constraints of a park by their names, in both languages.

A constraint is known by its key in the model: ``("need", "jinni_cement.cem_blend")``. Here it gets
the words in which a park manager would name it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from symbiosis import units
from symbiosis.exchange import ExchangeData
from symbiosis.park.park import Park
from symbiosis.terms_wording import TERM_KEYS, term_details
from symbiosis.words import LANGUAGES, say

Named: TypeAlias = Mapping[str, str]
"""A name by language: ``{"zh": ..., "en": ...}``."""
Key: TypeAlias = tuple[str, Any]


def code_of(key: Key) -> str:
    """A key as one text for JSON and tables: ``share:jinni_cement.cem_clay:ash``."""
    name, index = key
    parts = index if isinstance(index, tuple) else (index,)
    return ":".join((name, *map(str, parts)))


@dataclass(frozen=True)
class Wording:
    """Names for one slice of one park, or for a year of several ``seasons``."""

    park: Park
    data: ExchangeData
    seasons: tuple[str, ...] = ()

    def enterprise(self, name: str) -> Named:
        """The enterprise that ``enterprise`` or ``enterprise.anything`` names."""
        return _named(self.park.enterprises[name.partition(".")[0]])

    def byproduct(self, name: str) -> Named:
        """A by-product by its dotted name."""
        return _named(self.park.byproducts[name])

    def material(self, name: str) -> Named:
        """A material by its id."""
        return _named(self.park.materials[name])

    def use(self, name: str) -> Named:
        """A use by its dotted name."""
        return _named(self.park.uses[name])

    def link(self, name: str) -> Named:
        """A link by its id."""
        return _named(self.park.links[name])

    def unit(self, name: str) -> Named:
        """A unit by ``enterprise.unit``."""
        enterprise, _, unit = name.partition(".")
        return _named(self.park.enterprises[enterprise].units[unit])

    def route(self, byproduct: str, route: str) -> Named:
        """A route of a by-product."""
        return _named(self.park.byproducts[byproduct].routes[route])

    def members(self, use: str, limit: str) -> Named:
        """The materials of a share limit: one material, or all of a group."""
        accepts = self.park.uses[use].accepts
        if limit in accepts:
            return self.material(limit)
        group = [self.material(m) for m, accept in accepts.items() if accept.group == limit]
        return {"zh": "、".join(n["zh"] for n in group), "en": " + ".join(n["en"] for n in group)}

    def details(self, key: Key) -> dict[str, Any]:
        """The placeholders for the texts about one constraint."""
        (name, index), _ = self.plain(key)
        match name:
            case "supply":
                counted = self.data.supplies[index].counted_in
                return self._of_byproduct(index) | {"counted": f"{counted}/a"}
            case "need" | "intake":
                return self._of_use(index)
            case "share":
                return self._of_use(index[0]) | {"material": self.members(*index)}
            case "recipe":
                return self._of_use(index[0]) | {"material": self.material(index[1])}
            case "link_capacity" | "sent":
                link = index if name == "link_capacity" else index[0]
                carried = self.park.material_of(self.park.links[link].byproduct)
                return {"link": self.link(link), "counted": f"{carried.unit}/a"}
            case "outlet_capacity":
                unit = self.data.supplies[index[0]].counted_in
                route = {"route": self.route(*index), "counted": f"{unit}/a"}
                return self._of_byproduct(index[0]) | route
            case "route_over_year":
                return self.details(("outlet_capacity", index[1:]))
            case "counted_taken":
                made = self.data.intermediates_of(index)
                unit = made[0].counted_in if made else ""
                named = {"unit": self.unit(index), "enterprise": self.enterprise(index)}
                return named | {"counted": f"{unit}/a"}
            case "running":
                unit_name = {"unit": self.unit(index), "enterprise": self.enterprise(index)}
                return unit_name | {"counted": "%"}
        return self._family(name, index) or {"name": code_of(key), "counted": ""}

    def _family(self, name: str, index: Any) -> dict[str, Any]:
        """The placeholders for heat, quality and the terms of links; none for others."""
        match name:
            case "heat_source" | "heat_cold":
                return self._of_byproduct(index[0]) | self._heat(index[1:], index[0])
            case "heat_use" | "heat_hot":
                at = index if isinstance(index, tuple) else (index, self.data.heat.reach[index])
                return self._of_use(at[0]) | {"level": f"{at[-1]:g}"}
            case "blend" | "carried":
                return self._of_use(index[0]) | self._of_index(index[0], index[1])
            case "content" | "content_reached":
                rule = self.park.uses[index[0]].content[int(index[1])]
                return self._of_use(index[0]) | {"rule": _named(rule)}
            case _ if name in TERM_KEYS:
                return term_details(self.park, self.data, (name, index))
        return {}

    def _of_byproduct(self, name: str) -> dict[str, Any]:
        return {"enterprise": self.enterprise(name), "material": self.byproduct(name)}

    def _heat(self, band: tuple[float, ...], byproduct: str) -> dict[str, Any]:
        counted = f"{self.data.supplies[byproduct].counted_in}/a"
        return {"level": f"{band[-1]:g}", "lower": f"{band[0]:g}", "counted": counted}

    def _of_use(self, name: str) -> dict[str, Any]:
        counted = f"{self.data.needs[name].counted_in}/a"
        return {"enterprise": self.enterprise(name), "use": self.use(name), "counted": counted}

    def _of_index(self, use: str, index: str) -> dict[str, Any]:
        """An index, and the unit in which amounts of it are counted."""
        declared, counted = self.park.qualities[index], self.data.needs[use].counted_in
        amount = units.parse(f"1 ({declared.unit}) ({counted})").unit
        return {"index": _named(declared), "counted": f"{amount}/a"}

    def constraint(self, key: Key) -> Named:
        """A constraint as a phrase."""
        details = self.details(key)
        own, season = self.plain(key)
        text = "other" if "name" in details else _text_of(own)
        named = {lang: say(f"constraints.{text}", lang, **details) for lang in LANGUAGES}
        if season is None:
            return named
        there = {"constraint": named, "season": _named(self.park.seasons[season])}
        return {lang: say("constraints.in_season", lang, **there) for lang in LANGUAGES}

    def plain(self, key: Key) -> tuple[Key, str | None]:
        """A key without its season, and the season."""
        name, index = key
        if isinstance(index, tuple) and len(index) == 2 and index[0] in self.seasons:
            return (name, index[1]), index[0]
        return key, None


def _text_of(key: Key) -> str:
    """The entry of the constraint's text; limits of quality have one for each side."""
    return f"blend_{key[1][2]}" if key[0] == "blend" else str(key[0])


def _named(thing: Any) -> Named:
    return {"zh": thing.name_zh, "en": thing.name_en}


def number(value: float) -> str:
    """An amount for a sentence: four significant digits, thousands apart."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:g}"
