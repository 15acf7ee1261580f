"""The table of links that run on terms: what they ask for, and whether they run."""

from collections.abc import Iterator
from typing import Any

from symbiosis.optimum import Optimum


def terms_table(optimum: Optimum) -> Iterator[dict[str, Any]]:
    """One row per link with terms; amounts per year in the unit of its by-product."""
    park, data, point = optimum.park, optimum.data, optimum.point
    for name, terms in data.deals.terms.items():
        link, runs = park.links[name], point.runs.get(name)
        yield {
            "link": name,
            "name_zh": link.name_zh,
            "name_en": link.name_en,
            "runs": None if runs is None else runs > 0.5,
            "sent": sum(amount for key, amount in point.sent.items() if key[0] == name),
            "least": terms.least,
            "contract": terms.contract,
            "unit": park.material_of(link.byproduct).unit.value,
            "fixed_cny": terms.fixed_cny if runs else 0.0,
            "capital_cny": terms.capital_cny if runs else 0.0,
        }
