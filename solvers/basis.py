"""Where a simplex stands: which rows and columns are basic, and at which bound the others are.

A basis belongs to a number of rows and columns, not to their numbers: it starts the solve of
another form with as many, or of one with rows and columns added after them (an added row is basic,
an added column stands at a bound). A start never changes what the optimum is, only how soon it is
found; among several optima it can change which.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from symbiosis.solvers.matrix import Floats, MatrixForm

LOWER, BASIC, UPPER, FREE = 0, 1, 2, 3
"""At the lower bound, in the basis, at the upper bound, without bounds and at zero."""


Standing: TypeAlias = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Basis:
    """The standing of every row and column, in the order of the form that it was found for."""

    rows: Standing
    columns: Standing

    def fitted(self, form: MatrixForm) -> "Basis | None":
        """The basis for a form with the same rows and columns first; None where it has fewer."""
        more_rows, more_columns = form.rows - len(self.rows), form.columns - len(self.columns)
        if more_rows < 0 or more_columns < 0:
            return None
        rows = np.append(self.rows, np.full(more_rows, BASIC, dtype=np.int8))
        columns = np.append(self.columns, np.full(more_columns, LOWER, dtype=np.int8))
        return Basis(
            _at_a_bound(rows, form.row_lower, form.row_upper),
            _at_a_bound(columns, form.column_lower, form.column_upper),
        )


def _at_a_bound(standing: Standing, lower: Floats, upper: Floats) -> Standing:
    """Whatever is not basic stands at a bound that is there."""
    below, above = np.isfinite(lower), np.isfinite(upper)
    at_upper = above & ((standing == UPPER) | ~below)
    at = np.where(at_upper, UPPER, np.where(below, LOWER, FREE))
    return np.asarray(np.where(standing == BASIC, BASIC, at), dtype=np.int8)
