"""How many runs of a simulation are lived through, while they are."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from symbiosis.retrofit.many import Progress
from symbiosis.terminal.talk import Talk


@contextmanager
def progress_bar(talk: Talk, total: int | None) -> Iterator[Progress | None]:
    """A bar on stderr with rate and time left; nothing where nobody looks or wants it."""
    if talk.quiet or not sys.stderr.isatty():
        yield _told(talk) if talk.verbose else None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(talk.say("living")), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=total)

        def progress(done: int, of: int | None) -> None:
            bar.update(task, completed=done, total=of)

        yield progress


def _told(talk: Talk) -> Progress:
    """A line after 1, 2, 4, 8 ... runs, where no bar can be drawn."""

    def progress(done: int, _: int | None) -> None:
        if done & (done - 1) == 0:
            talk.note("runs_done", done=done)
            sys.stderr.flush()

    return progress
