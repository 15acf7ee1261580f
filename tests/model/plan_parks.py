"""Small parks with projects: 100 t/a of slag, each project opens a way to a use of its own.

``takes`` is what the use wants, and without it a project has no way; bought material costs 50 CNY/t
and the heap 10 CNY/t, so that a tonne that is used saves 60 CNY.
"""

from typing import Any

from symbiosis.park.park import Park
from symbiosis.planning.plan import Plan, plan
from symbiosis.scenario import scenario_of
from tests.model.parks import byproduct, link, makes, named, needs, park, use

FREE = {"discount_rate": "0 %", "asset_life": "15 a"}
"""Money of any year counts the same."""


def built(horizon: str = "3 a", finance: dict[str, str] | None = None, **projects: Any) -> Park:
    """The park with some projects; ``capacity`` of a project is that of its way."""
    made: dict[str, dict[str, Any]] = {name: dict(entry) for name, entry in projects.items()}
    uses = {n: use(entry.pop("takes"), "slag") for n, entry in made.items() if "takes" in entry}
    ways = {
        name: {"capacity": entry.pop("capacity")} if "capacity" in entry else {}
        for name, entry in made.items()
    }
    links = {
        f"way_{n}": link("works.slag", f"{n}.blend", status="planned", project=n, **ways[n])
        for n in uses
    }
    nouns = {
        n: named(n, types=["chain_filling"], status="planned", **entry) for n, entry in made.items()
    }
    takers = {n: needs(blend=wanted) for n, wanted in uses.items()}
    sections: dict[str, Any] = {"projects": nouns, "horizon": horizon}
    if finance is not None:
        sections["finance"] = finance
    slag = byproduct("100 t/a", "10 CNY/t")
    return park({"works": makes(slag=slag), **takers}, links, **sections)


def project(takes: str, investment: str, **rest: Any) -> dict[str, Any]:
    """A project whose use takes so much a year."""
    return {"takes": takes, "investment": investment, **rest}


def sized(takes: str, **sizes: str) -> dict[str, Any]:
    """A project in sizes: ``half="50 % for 60 CNY"``."""
    parts = {name: text.split(" for ") for name, text in sizes.items()}
    stated = [{"id": n, "share": share, "investment": cny} for n, (share, cny) in parts.items()]
    return {"takes": takes, "sizes": stated}


def asked(found: Park, budget_cny: float | None = None, **question: Any) -> Plan:
    """The plan of a park."""
    return plan(scenario_of(found), budget_cny, **question)


def rates(made: Plan) -> list[float]:
    """The rate of each year."""
    return [round(year.optimum.rate.value or 0.0, 6) for year in made.years]
