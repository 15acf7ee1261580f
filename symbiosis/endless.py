"""Which exchange earns without end, where a model has no limit, in the words of the park.

The same arrays are solved once more with every variable bounded far beyond what a park could ever
move. What then runs to those bounds and earns is what has no limit.
"""

from collections.abc import Iterator

import numpy as np

from symbiosis.errors import Problem
from symbiosis.solvers.backend import Backend, SolveOptions
from symbiosis.solvers.keys import Key
from symbiosis.solvers.matrix import Floats, MatrixForm
from symbiosis.solvers.scaling import bound_size
from symbiosis.wording import Wording, code_of, number

BEYOND = 1e5
"""Variables are bounded by this times the largest bound of the model."""
NEAR = 1e-3
"""A variable above this part of its bound has run to it."""


def endless_problems(
    wording: Wording, form: MatrixForm, backend: Backend, options: SolveOptions
) -> list[Problem]:
    """One problem for the model, and one per exchange that earns without limit.

    ``form`` carries the cost; an exchange that does so in several seasons is named once.
    """
    rows = bound_size(form.row_lower, form.row_upper)
    columns = bound_size(form.column_lower, form.column_upper)
    most = BEYOND * max(1.0, float(rows.max(initial=0.0)), float(columns.max(initial=0.0)))
    lower, upper = np.maximum(form.column_lower, -most), np.minimum(form.column_upper, most)
    found = backend.solve(form.with_column_bounds(lower, upper), options)
    problems = [Problem("status_unbounded")]
    if found.x is None:
        return problems
    keys = dict.fromkeys(wording.plain(key)[0] for key in _earning(form, found.x, most))
    prices = {wording.plain(k)[0]: c for k, c in zip(form.column_keys, form.cost, strict=True)}
    return problems + [_problem(wording, key, -float(prices[key])) for key in keys]


def _earning(form: MatrixForm, x: Floats, most: float) -> Iterator[Key]:
    """The columns that ran off and earn, the best paid first."""
    off = np.flatnonzero((np.abs(x) > NEAR * most) & (form.cost * x < 0))
    for j in sorted(off.tolist(), key=lambda j: float(form.cost[j])):
        yield form.column_keys[j]


def _problem(wording: Wording, key: Key, earned: float) -> Problem:
    name, index = key
    paid = {"cny": number(earned)}
    match name:
        case "bought":
            details = wording.details(("need", index))
        case "dumped":
            details = wording.details(("outlet_capacity", index))
        case "sent":
            details = wording.details(("link_capacity", index[0]))
        case "running":
            details = wording.details(("running", index))
        case _:
            return Problem("endless_other", code_of(key), details=paid | {"name": code_of(key)})
    return Problem(f"endless_{name}", key=code_of(key), details=details | paid | _per(details))


def _per(details: dict[str, object]) -> dict[str, str]:
    return {"per": str(details.get("counted", "")).removesuffix("/a")}
