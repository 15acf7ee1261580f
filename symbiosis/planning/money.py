"""From the financing that a scenario declares to the money of a plan."""

from dataclasses import dataclass, replace
from math import inf

from pydantic import ValidationError

from symbiosis.errors import InputError, Problem
from symbiosis.park.declaration import Declaration
from symbiosis.park.financing import Financing, InstrumentKind
from symbiosis.park.financing import Instrument as Noun
from symbiosis.park.park import Park
from symbiosis.park.references import Findings, section, texts
from symbiosis.park.validate import in_file_order, structure_problems
from symbiosis.scenario import Scenario
from symbiosis.solvers.instrument import Instrument

BLOCK, KEY = "retrofit", "finance"
"""Where a scenario declares its financing."""


@dataclass(frozen=True)
class Money:
    """Own money of each year and what others give; what is not spent may stay for later."""

    own_cny: float
    carried_over: bool = False
    instruments: tuple[Instrument, ...] = ()


def money_of(financing: Financing | None, budget_cny: float | None) -> Money:
    """The money of a plan; a budget goes before the financing's own money.

    Raises :class:`InputError` where neither says how much there is, or where it is below zero.
    """
    stated = financing or Financing()
    own = stated.own.amount if budget_cny is None and stated.own is not None else budget_cny
    if own is None:
        raise InputError([Problem("budget_missing", key="--budget")])
    if not own >= 0 or own == inf:
        raise InputError(
            [Problem("budget_negative", key="--budget", details={"found": f"{own:g}"})]
        )
    instruments = tuple(instrument_of(name, noun) for name, noun in stated.instruments.items())
    return Money(float(own), stated.carried_over, instruments)


def instrument_of(name: str, noun: Noun) -> Instrument:
    """A source of money in plain numbers. A subsidy helps with new projects only."""
    common = Instrument(
        name,
        share=noun.share.amount,
        each_year_cny=inf if noun.each_year is None else noun.each_year.amount,
        projects=frozenset(noun.projects) or None,
    )
    if noun.kind is InstrumentKind.SUBSIDY:
        return replace(common, renews=False)
    rate = noun.interest if noun.kind is InstrumentKind.LOAN else noun.return_
    if rate is None or noun.term is None:
        raise ValueError(f"{name}: a {noun.kind} without its terms")
    paid = noun.interest_subsidy
    return replace(
        common,
        rate=rate.amount,
        term=round(noun.term.amount),
        interest_subsidy=0.0 if paid is None else paid.amount,
    )


def financing_of(scenario: Scenario) -> Financing | None:
    """The financing in the block ``retrofit`` of a scenario; None where it declares none.

    Raises :class:`InputError` with everything that is wrong with it.
    """
    block = scenario.retrofit
    if block is None or not isinstance(block.tree, dict) or KEY not in block.tree:
        return None
    return read_financing(block.below(KEY), scenario.park)


def read_financing(declaration: Declaration, park: Park) -> Financing:
    """The financing that is declared. Raises :class:`InputError` with all that is wrong."""
    found = Findings(declaration)
    for name, entry in section(declaration.tree, "instruments").items():
        for extra, project in texts(entry.get("projects")):
            found.name(("instruments", name, "projects", *extra), project, park.projects, "project")
    problems = found.problems
    financing = None
    try:
        financing = Financing.model_validate(declaration.tree)
    except ValidationError as error:
        problems += structure_problems(error, Financing, declaration)
    if problems or financing is None:
        here = ".".join((BLOCK, KEY))
        placed = [replace(p, key=f"{here}.{p.key}" if p.key else here) for p in problems]
        raise InputError(in_file_order(placed))
    return financing
