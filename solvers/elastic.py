"""Which rows of a form conflict, and by how much: the same arrays with rows that may give way.

Every elastic row gets a slack on each side that it has a bound on; the sum of slacks, each
measured by the size of its row, is minimised. What then still gives way is what cannot be met, in
the row's own unit. ``irreducible`` instead looks for a set of rows none of which can be spared:
together they cannot be met, without any one of them the others can.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from symbiosis.solvers.backend import Backend, SolveOptions
from symbiosis.solvers.matrix import Flags, Floats, Key, MatrixForm
from symbiosis.solvers.scaling import bound_size, scale
from symbiosis.solvers.status import Status

type_of_choice = Flags
SLIGHT = 1e-8
"""A slack below this part of its row's size is rounding."""


@dataclass(frozen=True)
class Conflict:
    """A row (or, ``of == "column"``, a column's bound) that cannot be met.

    ``amount`` is by how much, positive, in the row's unit; ``side`` the bound that is missed:
    ``lower`` if there is too little, ``upper`` if there is too much.
    """

    key: Key
    amount: float
    side: str
    of: str = "row"


@dataclass(frozen=True)
class Conflicts:
    """What cannot be met at the least sum of slacks, largest (by its row's size) first.

    ``status``: ``optimal`` (no conflicts: everything can be met); ``infeasible`` if what may not
    give way conflicts already.
    """

    status: Status
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class Irreducible:
    """Rows of which none can be spared from the conflict.

    ``status``: ``infeasible`` (each row was verified: without it the others can be met; no rows:
    what may not give way conflicts already), ``optimal`` if everything can be met, or what kept
    the solver from telling.
    """

    status: Status
    rows: tuple[Key, ...] = ()


type_of_choice_doc = None


def conflicts(
    form: MatrixForm,
    elastic: Flags | Callable[[Key], bool],
    backend: Backend,
    options: SolveOptions | None = None,
    elastic_columns: Flags | Callable[[Key], bool] | None = None,
) -> Conflicts:
    """The rows (and bounds of columns) among the elastic ones that cannot be met, and by how much.

    ``elastic`` and ``elastic_columns`` are masks, or say of a key whether it may give way; no
    column's bounds do unless asked. The cost of ``form`` plays no part.
    """
