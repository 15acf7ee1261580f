"""A linear model kept loaded in a solver, and asked again and again with other numbers.

Every answer starts from the same basis, that of the first model, so that none depends on which
were asked before. Where only bounds and costs differ they change in place; where coefficients do,
the arrays are passed again. Answers are checked as those of any solve are; one that leaves a doubt,
and every model with integers, is solved afresh.
"""

from dataclasses import replace

import numpy as np

from symbiosis.solvers.backend import Backend, Loaded, Raw, Solution, SolveOptions, doubtful
from symbiosis.solvers.basis import Basis
from symbiosis.solvers.matrix import MatrixForm
from symbiosis.solvers.scaling import Scaled, rescaled, scale
from symbiosis.solvers.status import Status


class Session:
    """One structure, many numbers: ``solve(form)`` for every form with the same rows and columns.

    ``first`` is the answer to the form that the session was opened with; what it was started from
    is the caller's (``options.start``).
    """

    def __init__(
        self, backend: Backend, form: MatrixForm, options: SolveOptions | None = None
    ) -> None:
        self.backend = backend
        self.options = replace(options or SolveOptions(), check_unique=False)
        self.first = backend.solve(form, replace(self.options, keep_basis=True))
        self._base: Basis | None = self.first.basis
        self._scaled: Scaled = scale(form)
        self._loaded: Loaded | None = None
        if self._base is not None and not form.has_integers:
            self._loaded = backend.loaded(self._scaled.form, self.options, scaled=True)

    def solve(self, form: MatrixForm) -> Solution:
        """The minimum of a form with the structure of the first one.

        One with another structure is solved afresh. Raises FormError for arrays that are no model:
        they never reach a library.
        """
        if self._loaded is None or self._base is None or not self._fits(form):
            return self.backend.solve(form, self.options)
        form.validate()
        self._scaled = rescaled(self._scaled, form)
        raw = self._loaded.solve(self._scaled.form, self._base)
        if not _stands(self._scaled.form, raw, self.options):
            return self.backend.solve(form, self.options)
        return self.backend.solution(form, self._scaled, raw, None, raw.seconds)

    def _fits(self, form: MatrixForm) -> bool:
        """Whether a form has the rows, columns and entries of the first one."""
        mine, other = self._scaled.form.matrix, form.matrix
        return (
            mine.shape == other.shape
            and not form.has_integers
            and np.array_equal(mine.indptr, other.indptr)
            and np.array_equal(mine.indices, other.indices)
        )


def _stands(form: MatrixForm, raw: Raw, options: SolveOptions) -> bool:
    """Whether an answer is an optimum that passes its own check."""
    return raw.status is Status.OPTIMAL and not doubtful(form, raw, options)
