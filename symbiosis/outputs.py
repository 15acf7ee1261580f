"""What units make of their own product: the amount that "per output" divides by.

Output is the activity of one named unit in its main product, at full load where the load is free
(the answer then says how much of it runs), else as it is given. It is stated only for the units
that are asked for.
"""

from collections.abc import Iterable
from dataclasses import replace

from symbiosis.course import mean_load, split_by_drive
from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.exchange import ExchangeData
from symbiosis.park.enterprise import Unit
from symbiosis.park.park import Park

PER_YEAR = "/a"


def units_with_output(park: Park) -> dict[str, str]:
    """Units whose product is counted, ``enterprise.unit``, and the unit that it is counted in."""
    found = {f"{company}.{name}": output_unit(unit) for company, name, unit in park.units()}
    return {name: counted for name, counted in found.items() if counted}


def output_unit(unit: Unit) -> str:
    """What the product of a unit is counted in: t, GJ, m3 ...; empty without a capacity."""
    if unit.capacity is None or not unit.capacity.measure.unit.endswith(PER_YEAR):
        return ""
    return unit.capacity.measure.unit.removesuffix(PER_YEAR)


def with_outputs(park: Park, data: ExchangeData, units: Iterable[str]) -> ExchangeData:
    """The slice of a year with the outputs of some units that are there.

    Raises :class:`InputError` for units that the park does not have or that state no capacity.
    """
    asked, known = list(dict.fromkeys(units)), units_with_output(park)
    problems = [problem for name in asked if (problem := without_output(name, known))]
    if problems:
        raise InputError(problems)
    outputs = {name: _output(park, name) for name in asked if name in data.units}
    return replace(data, outputs=outputs)


def without_output(name: str, known: Iterable[str]) -> Problem | None:
    """What is wrong with a unit that is named for its output; None where nothing is."""
    names = list(known)
    if name in names:
        return None
    details = {"found": name, "nearest": nearest(name, names), "allowed": listed(names)}
    return Problem("no_output", details=details)


def _output(park: Park, name: str) -> float:
    """Per year: given, or at full load."""
    unit = park.unit(name)
    full = 0.0 if unit.capacity is None else unit.capacity.measure.value
    given, free = split_by_drive(full, unit, mean_load(park, unit.profile))
    return free if unit.runs_freely else given
