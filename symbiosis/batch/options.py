"""What is asked of every case, from the command line and from the ``options`` of a sweep."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from symbiosis import units
from symbiosis.batch.answers import objectives, one_of
from symbiosis.batch.case import Verb
from symbiosis.errors import InputError, Problem
from symbiosis.retrofit.runs import AUTO
from symbiosis.solver_named import refuse_unknown_solver
from symbiosis.solvers.backends import AUTO as ANY_SOLVER

DEFAULTS: Mapping[Verb, Mapping[str, Any]] = {
    Verb.OPTIMISE: {"objective": "utilisation", "solver": ANY_SOLVER, "time_limit_s": None},
    Verb.PLAN: {
        "objective": "utilisation", "solver": ANY_SOLVER, "time_limit_s": None,
        "budget_cny": None, "target": None, "by": None,
    },
    Verb.SIMULATE: {"solver": ANY_SOLVER, "runs": None, "seed": None},
}  # fmt: skip
SAID = {"time_limit": "time_limit_s", "budget": "budget_cny"}
"""Options that have another name once their unit is known."""


@dataclass(frozen=True)
class Order:
    """What the command line asks of a whole batch; what it leaves out, a sweep may say."""

    verb: Verb | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0


def options_of(verb: Verb, *said: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a verb, later ones first. Raises :class:`InputError` for what is wrong."""
    found = dict(DEFAULTS[verb])
    allowed = [name for name in (*SAID, *found) if SAID.get(name, name) in found]
    allowed = [name for name in allowed if name not in SAID.values()]
    for name, value in (pair for options in said for pair in options.items()):
        one_of(name, allowed, "options")
        found[SAID.get(name, name)] = READERS[name](name, value)
    if names := objectives(verb):
        one_of(str(found["objective"]), names, "objective")
    refuse_unknown_solver(found["solver"])
    if found.get("by") is not None and found["target"] is None:
        raise InputError([Problem("batch_by", key="by", details={"found": found["by"]})])
    return found


def _text(_: str, value: Any) -> str:
    return str(value)


def _number(name: str, value: Any) -> float:
    """A number that is not negative; a text may have a unit: ``2 亿元``, ``85 %``, ``30 s``."""
    try:
        number = float(str(value).replace(",", ""))
    except ValueError:
        number = _measured(name, value)
    if isinstance(value, bool) or not (isfinite(number) and number >= 0):
        raise _wrong(name, value)
    return number


def _measured(name: str, value: Any) -> float:
    try:
        found = units.parse(str(value))
    except units.UnitError as error:
        raise _wrong(name, value) from error
    if found.unit not in UNITS[name]:
        raise _wrong(name, value)
    return found.value


def _whole(name: str, value: Any) -> int:
    number = _number(name, value)
    if number != int(number):
        raise _wrong(name, value)
    return int(number)


def _share(name: str, value: Any) -> float:
    number = _number(name, value)
    if number > 1:
        raise _wrong(name, value)
    return number


def _runs(name: str, value: Any) -> int | str:
    if value == AUTO:
        return AUTO
    number = _whole(name, value)
    if number < 1:
        raise _wrong(name, value)
    return number


def _wrong(name: str, value: Any) -> InputError:
    details = {"found": value, "name": name}
    return InputError([Problem("batch_option", key=name, details=details)])


UNITS = {"budget": ("CNY", "CNY/a"), "target": ("1",), "time_limit": (), "by": (), "seed": (),
         "runs": ()}  # fmt: skip
"""The base units in which an option may be given."""
READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "objective": _text, "solver": _text, "time_limit": _number, "budget": _number,
    "target": _share, "by": _whole, "runs": _runs, "seed": _whole,
}  # fmt: skip
