"""Two plans: the rate by year, what they are worth, and which projects begin when."""

from collections.abc import Iterator

from symbiosis.comparing.row import SHARE, LeftOut, Pair, Row
from symbiosis.words import LANGUAGES, say

WORTH = ("npv_cny", "invested_cny", "subsidies_cny")
"""Sums of the whole plan that are compared."""


def rows_of_plans(pair: Pair) -> Iterator[Row]:
    """Sums, rates, projects."""
    base, other = pair.documents
    for key in WORTH:
        names = {lang: say(f"terminal.compared_{key}", lang) for lang in LANGUAGES}
        name = key.removesuffix("_cny")
        yield pair.exact("plan", name, "CNY", (base[key], other[key]), names=names)
    later = {row["year"]: row["value"] for row in other["utilisation_by_year"]}
    for row in base["utilisation_by_year"]:
        values = row["value"], later[row["year"]]
        yield pair.exact("indicator", "utilisation_rate", SHARE, values, by=str(row["year"]))
    yield from _projects(pair)


def _projects(pair: Pair) -> Iterator[Row]:
    """Every project that one of the plans begins: its year in each; None where it is left out."""
    base, other = pair.by_id("projects")
    for name in dict.fromkeys((*base, *other)):
        noun = base.get(name) or other[name]
        years = [float(rows[name]["year"]) if name in rows else None for rows in (base, other)]
        names = {lang: str(noun[f"name_{lang}"]) for lang in LANGUAGES}
        yield pair.exact("project", name, "a", (years[0], years[1]), names=names)
        sizes = [rows[name]["size"] if name in rows else None for rows in (base, other)]
        if None not in years and sizes[0] != sizes[1]:
            head = ("size", name, None, SHARE, sizes[0], sizes[1], pair.result, None)
            yield Row(*head, clear=True, name_zh=names["zh"], name_en=names["en"])


def left_out_of_plans(pair: Pair) -> Iterator[LeftOut]:
    """Targets that one plan alone has."""
    base, other = ([_target(row) for row in d["targets"]] for d in pair.documents)
    yield from pair.left_out("target", base, other)


def _target(row: dict[str, float]) -> str:
    return f"{row['rate']:.4g} @ {row['by']}"
