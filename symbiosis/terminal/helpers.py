"""``--cluster``: who does the work where it is not this machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from symbiosis.retrofit.many import Hire
from symbiosis.terminal.problems import refusal
from symbiosis.terminal.talk import Talk


def only_there(workers: int | None, luck: bool = True) -> None:
    """A cluster has workers of its own, and needs luck. Raises :class:`InputError`."""
    for given, option in ((workers is not None, "--workers"), (not luck, "--no-luck")):
        if given:
            raise refusal("not_together", option, found=option, other="--cluster")


@contextmanager
def helpers(cluster: str, talk: Talk) -> Iterator[Hire | None]:
    """The workers of a cluster; None where the processes of this machine do the work.

    Raises :class:`InputError` for a cluster that is not reachable or has other versions.
    """
    if not cluster:
        yield None
        return
    from symbiosis.batch.dask_engine import hired

    with hired(cluster, talk.note) as hire:
        yield hire
