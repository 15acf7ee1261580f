"""Doing something when everything else of the same instant is done.

SimPy's resources grant at once, so that of two wishes of one instant the first in the program wins.
Here shared things grant at the end of the instant: priority alone decides, and what is given back
in that instant is there.
"""

from collections.abc import Callable

import simpy
from simpy.events import EventPriority

LATE = EventPriority(2)
"""After SimPy's own URGENT (0) and NORMAL (1)."""


class Late:
    """A call that is made once at the end of every instant in which it was asked for."""

    def __init__(self, env: simpy.Environment, call: Callable[[], None]) -> None:
        self._env, self._call = env, call
        self._due = False

    def ask(self) -> None:
        """Ask for the call at the end of this instant."""
        if self._due:
            return
        self._due = True
        event = simpy.Event(self._env)
        event._ok, event._value = True, None
        event.callbacks.append(self._make)
        self._env.schedule(event, LATE)

    def _make(self, _: simpy.Event) -> None:
        self._due = False
        self._call()
