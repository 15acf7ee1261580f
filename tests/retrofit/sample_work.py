"""Work for worker processes, in a module that they can import."""

import os
from collections.abc import Callable

from symbiosis.retrofit.many import ONE_THREAD
from symbiosis.retrofit.streams import stream

prepared: list[int] = []


def prepare() -> Callable[[int], float]:
    """The outcome is the run's own luck."""
    return lambda index: float(stream(5, index, "sample").random())


def prepare_counted() -> Callable[[int], tuple[int, int]]:
    prepared.append(1)
    return lambda _: (os.getpid(), len(prepared))


def prepare_environment() -> Callable[[int], dict[str, str | None]]:
    return lambda _: {name: os.environ.get(name) for name in ONE_THREAD}


def prepare_failing(at: int) -> Callable[[int], int]:
    def work(index: int) -> int:
        if index == at:
            raise ZeroDivisionError("the furnace is cold")
        return index

    return work


def prepare_dying() -> Callable[[int], int]:
    os._exit(3)


def prepare_nothing() -> Callable[[int], int]:
    raise LookupError("no model")
