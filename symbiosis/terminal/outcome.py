"""How a command ends: exit codes, and the one place where every error is shown.

0 done; 1 no answer; 2 the input is wrong; 3 interrupted by the user; 4 a fault of the program.
Source: the command line contract of the project.
"""

import os
import signal
import sys
import traceback
from threading import current_thread, main_thread
from types import TracebackType

from symbiosis.errors import InputError, NoAnswer
from symbiosis.terminal.problems import Misuse, error_document, show_problems
from symbiosis.terminal.talk import Talk

DONE, NO_ANSWER, WRONG_INPUT, INTERRUPTED, FAULT = range(5)


class Outcome:
    """A context that turns whatever ends a command into words and an exit ``code``.

    Only ``SystemExit`` passes through. ``talk`` may be replaced on the way, once the options are
    parsed. Being told to end (SIGTERM, as queues and container hosts do before they kill) is heard
    as Ctrl-C, so that what was finished is kept; a handler of the caller's own is left alone.
    """

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.code = DONE
        self._hears = False

    def __enter__(self) -> "Outcome":
        ours = current_thread() is main_thread()
        if ours and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, told_to_end)
            self._hears = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if self._hears:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if error is None:
            return False
        if isinstance(error, BrokenPipeError):
            forget_stdout()
        elif isinstance(error, InputError):
            self.refuse(error, "input_is_wrong", WRONG_INPUT)
        elif isinstance(error, NoAnswer):
            self.refuse(error, "there_is_no_answer", NO_ANSWER)
        elif isinstance(error, KeyboardInterrupt):
            self.code = INTERRUPTED
            sys.stderr.write(self.talk.say("interrupted") + "\n")
        elif isinstance(error, Exception):
            self.fault(error)
        else:
            return False
        return True

    def refuse(self, error: InputError | NoAnswer, heading: str, code: int) -> None:
        """Show the gathered problems."""
        self.code = code
        show_problems(error.problems, heading, self.talk)
        if self.talk.json:
            self.talk.document(error_document(error.problems, self.talk))

    def fault(self, error: Exception) -> None:
        """Say that this is a fault of the program; the traceback comes with ``-v``."""
        self.code = FAULT
        if self.talk.verbose:
            sys.stderr.write("".join(traceback.format_exception(error)))
        said = " ".join(str(error).split()) or "-"
        problem = Misuse("fault", details={"kind": type(error).__name__, "said": said[:300]})
        sys.stderr.write(problem.message(self.talk.lang) + "\n")
        if self.talk.json:
            self.talk.document(error_document([problem], self.talk))


def told_to_end(*_: object) -> None:
    """As Ctrl-C, which a command that was started in the background may be deaf to."""
    if not callable(signal.getsignal(signal.SIGINT)):
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def forget_stdout() -> None:
    """Nobody reads any more (``| head``): what is still to be written goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
