"""Which projects decided when a run was finished."""

from collections import defaultdict
from collections.abc import Mapping

from symbiosis.retrofit.agenda import Agenda
from symbiosis.retrofit.log import Entry
from symbiosis.retrofit.run import Run


def critical_projects(agenda: Agenda, run: Run) -> frozenset[str]:
    """The projects on the chain that leads to the last end of a run.

    From each stage the chain goes back to the stage whose crews or desks it took over, else to
    the one that ended when it became ready, in its own project or in one it waits for. Waits for
    money and for windows stay in the chain; a unit whose repair held the crews is no project, so
    that the chain then goes on with what the stage came after. Nothing is critical where the run
    was not finished.
    """
    if any(f"{line.name}.finished" not in run.milestones for line in agenda.lines):
        return frozenset()
    ended = [entry for entry in run.log if entry.end_d is not None]
    if not ended:
        return frozenset()
    allowed = {line.name: _sources(line.name, line.after) for line in agenda.lines}
    by_end: defaultdict[float, list[Entry]] = defaultdict(list)
    for entry in ended:
        by_end[entry.end_d or 0.0].append(entry)
    last = max(ended, key=lambda entry: (entry.end_d or 0.0, entry.project))
    return _chain(last, by_end, allowed)


def _sources(name: str, after: tuple[str, ...]) -> frozenset[str]:
    return frozenset({name, *(milestone.partition(".")[0] for milestone in after)})


def _chain(
    entry: Entry, by_end: Mapping[float, list[Entry]], allowed: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    found, seen = set(), set()
    cause: Entry | None = entry
    while cause is not None:
        found.add(cause.project)
        seen.add(cause)
        cause = _cause(cause, by_end, allowed, seen)
    return frozenset(found)


def _cause(
    entry: Entry,
    by_end: Mapping[float, list[Entry]],
    allowed: Mapping[str, frozenset[str]],
    seen: set[Entry],
) -> Entry | None:
    if entry.freed_by is not None and entry.start_d is not None:
        for other in by_end.get(entry.start_d, ()):
            if (other.project, other.stage) == entry.freed_by and other not in seen:
                return other
    before = by_end.get(entry.ready_d, ())
    return next((o for o in before if o.project in allowed[entry.project] and o not in seen), None)
