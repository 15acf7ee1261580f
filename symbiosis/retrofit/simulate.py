"""Live through a retrofit many times."""

from functools import partial

from symbiosis.errors import InputError, Problem
from symbiosis.retrofit.block import Retrofit
from symbiosis.retrofit.living import Living
from symbiosis.retrofit.many import Deserted, Hire, Progress, doubling, many
from symbiosis.retrofit.outcome import Work
from symbiosis.retrofit.promises import promises, widest
from symbiosis.retrofit.runs import AUTO, WIDTH
from symbiosis.retrofit.simulation import Simulation
from symbiosis.solvers.backend import SolveOptions
from symbiosis.solvers.backends import AUTO as ANY_SOLVER


def simulate(
    retrofit: Retrofit,
    runs: int | str = AUTO,
    seed: int = 0,
    workers: int = 1,
    *,
    solver: str = ANY_SOLVER,
    options: SolveOptions | None = None,
    width: float = WIDTH,
    progress: Progress | None = None,
    hire: Hire | None = None,
) -> Simulation:
    """Live through a retrofit ``runs`` times, or until every target's interval is ``width`` narrow.

    The same seed gives the same answer on any number of workers, those that ``hire`` finds on a
    cluster too. Ctrl-C keeps the finished runs; before the first it raises ``KeyboardInterrupt``.
    Where those who were hired are gone for good the finished runs are kept as well, and
    ``deserted`` says why. Raises :class:`InputError` for ``auto`` without targets and for what
    cannot be simulated.
    """
    living = Living(retrofit, solver, options or SolveOptions())
    made = Simulation(living, seed)
    if runs == AUTO and not promises(made):
        raise InputError([Problem("auto_without_targets")])
    wanted = doubling(lambda: widest(made) <= width) if runs == AUTO else int(runs)
    prepare = partial(_work, retrofit, solver, living.options, seed)
    with many(prepare, wanted, workers, progress, hire=hire) as outcomes:
        try:
            for outcome in outcomes:
                made.add(outcome)
        except Deserted as error:
            if not made.runs:
                raise
            made.deserted = error
    if not made.runs:
        raise KeyboardInterrupt
    made.narrow = runs != AUTO or widest(made) <= width
    made.interrupted = outcomes.interrupted or made.deserted is not None
    return made


def without_luck(
    retrofit: Retrofit, solver: str = ANY_SOLVER, options: SolveOptions | None = None
) -> Simulation:
    """Live through a retrofit once: lengths are means, nothing fails, paths follow medians."""
    living = Living(retrofit, solver, options or SolveOptions())
    made = Simulation(living, None)
    made.add(Work(living, None)(0))
    made.narrow = True
    return made


def _work(retrofit: Retrofit, solver: str, options: SolveOptions, seed: int) -> Work:
    """The work of a process."""
    return Work(Living(retrofit, solver, options), seed)
