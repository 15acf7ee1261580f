"""A solver that somebody named: whether it is there, and what is said where it is not."""

from symbiosis.errors import InputError, Problem
from symbiosis.solvers.backends import AUTO, UnknownSolverError, find


def no_solver(error: UnknownSolverError) -> InputError:
    """What is said of a solver that is not known or not installed."""
    code = "solver_missing" if error.known else "solver_unknown"
    details = {"found": error.name, "allowed": ", ".join((AUTO, *error.installed))}
    return InputError([Problem(code, key="--solver", details=details)])


def refuse_unknown_solver(solver: str) -> None:
    """Raise :class:`InputError` for a solver that is named and is not there."""
    try:
        if solver != AUTO:
            find(solver)
    except UnknownSolverError as error:
        raise no_solver(error) from error
