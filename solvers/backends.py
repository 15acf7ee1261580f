"""Which solvers there are, and which one answers.

``auto`` takes GLPK for continuous models of moderate size, where its simplex in process is the
quickest, and HiGHS where there are integers, where the model is large, or where GLPK is not
installed. Any solver that Pyomo finds can be named as well (see ``pyomo_driven``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from symbiosis.solvers.backend import Backend
from symbiosis.solvers.glpk import Glpk
from symbiosis.solvers.highs import Highs
from symbiosis.solvers.matrix import MatrixForm

AUTO = "auto"
LARGE_ENTRIES = 200_000
"""Matrix entries beyond which ``auto`` prefers HiGHS: filling GLPK's rows takes too long there."""

BACKENDS: Mapping[str, Backend] = {backend.name: backend for backend in (Glpk(), Highs())}


class UnknownSolverError(ValueError):
    """A solver that was named is not known or not installed.

    ``name`` is what was asked for, ``installed`` what could be asked for; ``known`` says that the
    name is right and only the installation is missing.
    """

    def __init__(self, name: str, installed: tuple[str, ...], known: bool = False) -> None:
        self.name, self.installed, self.known = name, installed, known
        what = "is not installed" if known else "is not a solver that is known here"
        super().__init__(f"'{name}' {what}; installed: {', '.join(installed)}")


@dataclass(frozen=True)
class Installed:
    """One line of what ``doctor`` tells about solvers."""

    name: str
    title: str
    version: str | None
    available: bool
    licence: str


def installed() -> list[Installed]:
    """Every backend with its version (``None`` where it is missing); loads none of them."""
    return [
        Installed(b.name, b.title, version, version is not None, b.licence)
        for b in BACKENDS.values()
        for version in [b.version()]
    ]


def names() -> tuple[str, ...]:
    """The names of the backends that are installed."""
    return tuple(row.name for row in installed() if row.available)


def find(name: str) -> Backend:
    """The backend called ``name``, in process or driven through Pyomo.

    Raises :class:`UnknownSolverError` where there is none, or where it is not installed.
    """
    backend = BACKENDS.get(name)
    if backend is None:
        return _driven(name)
    if backend.version() is None:
        raise UnknownSolverError(name, names(), known=True)
    return backend


def _driven(name: str) -> Backend:
    from symbiosis.solvers.pyomo_driven import PyomoDriven

    backend = PyomoDriven(name)
    if backend.version() is None:
        raise UnknownSolverError(name, names(), known=backend.known)
    return backend


def choose(form: MatrixForm, name: str = AUTO) -> Backend:
    """The backend for ``form``: the one that is named, or the one ``auto`` prefers."""
    if name != AUTO:
        return find(name)
    large = form.matrix.nnz > LARGE_ENTRIES
    order = ("highs", "glpk") if form.has_integers or large else ("glpk", "highs")
    for candidate in order:
        if BACKENDS[candidate].version() is not None:
            return BACKENDS[candidate]
    raise UnknownSolverError(AUTO, names(), known=True)
