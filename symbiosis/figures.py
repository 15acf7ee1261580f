"""The figures of a slice: every number of ``ExchangeData`` that a scenario or a season can change.

What a slice consists of (which by-products, uses, ways; which limits there are) is its structure;
the figures are the numbers in it. The same slice can be read with other figures in it: those of a
season, one array with those of all seasons, or the symbols of a model that is compiled once.

A figure has a path: (part, key, name), as in ``("supplies", "kiln.slag", "fixed")``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from math import inf
from operator import attrgetter
from typing import Any, TypeAlias

from symbiosis.exchange import ExchangeData

Path: TypeAlias = tuple[str, Any, str]

NOUNS: Mapping[str, tuple[str, ...]] = {
    "supplies": ("fixed", "per_load", "reclaim", "reclaim_cost_cny"),
    "outlets": ("fee_cny", "tax_cny", "capacity", "co2e_t"),
    "needs": (
        "fixed",
        "per_load",
        "virgin_cny",
        "max_intake",
        "virgin_co2e_t",
        "virgin_use_co2e_t",
    ),
    "arcs": (
        "delivered",
        "replaced",
        "residue",
        "transport_cny",
        "treatment_cny",
        "capital_cny",
        "subsidy_cny",
        "transport_co2e_t",
        "treatment_co2e_t",
        "use_co2e_t",
    ),
    "runners": ("min_load", "max_load", "cost_cny", "co2e_t", "surcharge_cny"),
    "share_limits": ("share",),
    "recipes": ("ratio",),
    "quality.blends": ("bound", "levels", "virgin"),
    "quality.duties": ("outlet", "fixed", "per_load", "levels", "virgin"),
    "quality.returns": ("share",),
    "quality.contents": ("share", "refund_cny", "most_in", "most_needed"),
    "deals.terms": ("least", "contract", "fixed_cny", "capital_cny", "most"),
    "deals.partners": ("most",),
    "deals.rooms": ("capacity", "entering"),
}
"""The figures of each noun, by the part of the slice that holds it."""
TABLES = ("link_capacity", "heat.given", "heat.wanted", "outputs")
"""Parts that are figures by key, perhaps by two keys."""
SINGLE = ("units_co2e_t", "units_surcharge_cny", "co2e_cny")


def figures(data: ExchangeData) -> dict[Path, float]:
    """Every figure of a slice by its path; what is absent (None) or without limit has none."""
    return {path: value for path, value in _all(data) if value is not None and abs(value) < inf}


def structure(data: ExchangeData) -> tuple[Any, ...]:
    """All of a slice but its figures: equal for two slices that differ in figures alone."""
    nouns = tuple(
        tuple(
            (key, *_rest(noun.__class__)(noun), *_tables(noun, names))
            for key, noun in _items(found)
        )
        for names, found in ((names, _part(data, part)) for part, names in NOUNS.items())
    )
    tables = tuple(tuple(_flat(_part(data, part))) for part in TABLES)
    heat = data.heat.reach, data.heat.cooling
    whole = tuple(getattr(data, name) for name in WHOLE)
    return nouns, tables, heat, whole


WHOLE = ("park", "year", "hours", "boundary", "document", "opened", "units", "period", "stored")
"""What a slice as a whole is, beside its parts."""


@cache
def _rest(noun: type) -> Callable[[Any], tuple[Any, ...]]:
    """What reads all the fields of a noun that are no figures."""
    own = {name for names in NOUNS.values() for name in names}
    kept = [f.name for f in fields(noun) if f.name not in own]
    return attrgetter(*kept) if len(kept) > 1 else lambda one: (getattr(one, kept[0]),)


def _tables(noun: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """The keys of figures that are tables, and which figures are absent."""
    for name in names:
        value = getattr(noun, name)
        yield tuple(value) if isinstance(value, Mapping) else value is None


def _flat(table: Mapping[Any, Any]) -> Iterator[Any]:
    for key, value in table.items():
        yield (key, tuple(value)) if isinstance(value, dict) else key


def _all(data: ExchangeData) -> Iterator[tuple[Path, Any]]:
    for part, names in NOUNS.items():
        for key, noun in _items(_part(data, part)):
            for name in names:
                value = getattr(noun, name)
                if isinstance(value, Mapping):
                    yield from (((part, (key, sub), name), v) for sub, v in value.items())
                else:
                    yield (part, key, name), value
    for part in TABLES:
        for key, value in _part(data, part).items():
            if isinstance(value, Mapping):
                yield from (((part, (key, sub), ""), v) for sub, v in value.items())
            else:
                yield (part, key, ""), value
    for name in SINGLE:
        yield ("", "", name), getattr(data, name)


def _part(data: ExchangeData, part: str) -> Any:
    found: Any = data
    for name in part.split("."):
        found = getattr(found, name)
    return found


def _items(nouns: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(nouns, Mapping):
        yield from nouns.items()
    else:
        yield from ((noun.key, noun) for noun in nouns)


def with_figures(data: ExchangeData, changed: Mapping[Path, Any]) -> ExchangeData:
    """The slice with other figures at some paths: numbers, arrays or symbols.

    Raises ``KeyError`` for a path that the slice does not have.
    """
    by_part: dict[str, dict[Any, dict[str, Any]]] = {}
    for (part, key, name), value in changed.items():
        by_part.setdefault(part, {}).setdefault(key, {})[name] = value
    parts = {part: _changed_part(data, part, new) for part, new in by_part.items()}
    whole = {part: value for part, value in parts.items() if part and "." not in part}
    for outer in {part.split(".")[0] for part in parts if "." in part}:
        inner = {p.split(".")[1]: value for p, value in parts.items() if p.startswith(f"{outer}.")}
        whole[outer] = replace(getattr(data, outer), **inner)
    return replace(data, **whole, **by_part.get("", {}).get("", {}))


def _changed_part(data: ExchangeData, part: str, new: dict[Any, dict[str, Any]]) -> Any:
    if not part:
        return None
    if part in TABLES:
        return _changed_table(_part(data, part), {key: values[""] for key, values in new.items()})
    nouns = _part(data, part)
    own = _by_noun(nouns, new)
    if isinstance(nouns, Mapping):
        return {key: replace(n, **own[key]) if key in own else n for key, n in nouns.items()}
    return tuple(replace(n, **own[n.key]) if n.key in own else n for n in nouns)


def _by_noun(nouns: Any, new: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    """The changed fields of each noun; the entries of a field that is a table are gathered."""
    known = dict(_items(nouns))
    own: dict[Any, dict[str, Any]] = {}
    for key, values in new.items():
        if key in known:
            own.setdefault(key, {}).update(values)
            continue
        noun_key, sub = key
        for name, value in values.items():
            table = own.setdefault(noun_key, {}).setdefault(
                name, dict(getattr(known[noun_key], name))
            )
            table[sub] = value
    return own


def _changed_table(table: Mapping[Any, Any], new: Mapping[Any, Any]) -> dict[Any, Any]:
    made = dict(table)
    for key, value in new.items():
        if key in made:
            made[key] = value
        else:
            outer, inner = key
            made[outer] = {**made[outer], inner: value}
    return made
