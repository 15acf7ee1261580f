"""Work for the workers of a cluster, in a module that they can import."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from symbiosis.errors import InputError, Problem

prepared: list[int] = []


def wait_for(path: Path) -> None:
    """Until somebody makes the file; a minute is for ever."""
    for _ in range(6_000):
        if path.exists():
            return
        time.sleep(0.01)
    raise TimeoutError(str(path))


def prepare_square() -> Callable[[int], int]:
    return lambda item: item * item


def prepare_counted() -> Callable[[int], tuple[int, int, str, int]]:
    """How often this process was prepared, in which thread, with how many inside at once."""
    prepared.append(1)
    inside: list[int] = []

    def work(item: int) -> tuple[int, int, str, int]:
        inside.append(item)
        most = len(inside)
        time.sleep(0)
        inside.pop()
        return os.getpid(), len(prepared), threading.current_thread().name, most

    return work


def prepare_failing(at: int) -> Callable[[int], int]:
    def work(item: int) -> int:
        if item == at:
            raise ZeroDivisionError("the furnace is cold")
        return item

    return work


def prepare_refusing() -> Callable[[int], int]:
    def work(item: int) -> int:
        error = InputError([Problem("no_unit", details={"found": str(item)})])
        error.add_note("by a worker")
        raise error

    return work


def prepare_deadly(deadly: set[int]) -> Callable[[int], int]:
    """Parts that no process survives."""

    def work(item: int) -> int:
        if item in deadly:
            os._exit(9)
        return item

    return work


def prepare_held(folder: Path, held: frozenset[int]) -> Callable[[int], tuple[int, int]]:
    """Every item leaves a note of who did it; some first wait to be let go."""

    def work(item: int) -> tuple[int, int]:
        (folder / f"begun-{item}-{os.getpid()}").touch()
        if item in held:
            wait_for(folder / "go")
        (folder / f"ended-{item}-{os.getpid()}").touch()
        return item, os.getpid()

    return work


def prepare_slow(folder: Path) -> Callable[[int], tuple[int, int]]:
    """The first process to come is a slow one: it does nothing until it is let go."""
    try:
        (folder / "slow").mkdir()
        slow = True
    except FileExistsError:
        slow = False

    def work(item: int) -> tuple[int, int]:
        if slow:
            (folder / "slow" / str(os.getpid())).touch()
            wait_for(folder / "go")
        return item, os.getpid()

    return work
