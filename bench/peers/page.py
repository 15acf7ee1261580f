"""``bench/RESULTS.md``: the records as tables."""

from collections.abc import Iterator, Mapping, Sequence

from peers.goals import GOALS
from peers.interface import STAGES
from peers.machine import machine, versions
from peers.records import TOLERANCE, Asked, Median, Record, disagreements, medians
from peers.table import BARE, CASES, OURS, PEERS, Case

Medians = Mapping[tuple[str, str, str], Mapping[str, Median]]

INTRODUCTION = """\
# One park, solved by this package and by its peers

Written by `make bench-peers`; nothing here is edited by hand. One seeded synthetic park
(`bench/peers/synthetic.py`) is solved by each peer as an expert user of it would write the problem
down; HiGHS runs with one thread and its defaults otherwise, in every peer but glpsol. Each run is a
process of its own, rounds are interleaved, numbers are medians. Imports and a first tiny solve are
not counted in seconds, but in the peak memory; for glpsol that is the larger of the two processes.
Stages: *build* the model in the peer's own terms, *write* it for the solver (compile, translate,
pass), *solve*, *read* the values back. Compare ratios; seconds are those of this machine.
With integers, every solver closes a relative gap of 1e-6.
"""

BATCHES = """\
## Variations, scenarios per second

Of *{case}*, from the data to the values read back. *All data*: amounts, costs, ratios and
capacities move; *balance*: only supply and demand; *outage*: one by-product is not generated. What
builds each model afresh takes as long whatever changes. *First* is what it took to have the model
solved once, before the first variation.
"""

REDISPATCH = """\
## One slice dispatched again

One slice of *{case}*, with other supply and demand each time; milliseconds for one.
"""


def page(records: Sequence[Record], notes: Sequence[str] = ()) -> str:
    """The page, with what is there; ``notes`` say what else is to know of the records."""
    found = medians(records)
    parts = [INTRODUCTION, _setting(records, notes)]
    parts += [
        _solves(case, found[key]) for case in CASES if (key := ("solve", case.name, "all")) in found
    ]
    parts += _batches(found)
    parts += _redispatches(found)
    parts.append(_goals(found))
    return "\n".join(parts)


def _setting(records: Sequence[Record], notes: Sequence[str]) -> str:
    rounds: dict[Asked, int] = {}
    for record in records:
        rounds[record.asked] = rounds.get(record.asked, 0) + (not record.problem)
    counts = [count for count in rounds.values() if count]
    differing = disagreements(records)
    agreed = f"All minima agree to {TOLERANCE:g} (relative)."
    lines = [
        f"- Machine: {machine()}",
        f"- Versions: {versions()}",
        f"- Runs: {_span(counts)} of each",
        f"- {agreed}" if not differing else "- **Minima differ:** " + "; ".join(differing),
    ]
    if len(set(counts)) > 1:
        few = sorted({f"{a.peer} ({a.kind}, {a.case})" for a, n in rounds.items() if n == 1})
        once = f" Run once: {', '.join(few)}." if few else ""
        lines.append(
            "- Several calls added to these records (`--keep`): rounds are interleaved within a "
            f"call, not across calls.{once}"
        )
    lines += [f"- {note}" for note in notes]
    return "\n".join(lines) + "\n"


def _solves(case: Case, peers: Mapping[str, Median]) -> str:
    """Seconds by stage and in total, memory, and both against the bare solver."""
    head = ["", *STAGES, "total, s", "to bare", "to ours", "peak, MB", "to bare", "columns", "rows"]
    rows = [_solve_row(title, one, peers) for title, one in _titled(peers)]
    enterprises = {"small": 20, "medium": 100, "large": 500}[case.size]
    switched = ", a tenth of the links with switches" if case.integers else ""
    title = f"## {case.name}: {enterprises} enterprises, {case.slices} slices{switched}\n\n"
    return title + _table(head, rows)


def _solve_row(title: str, one: Median, peers: Mapping[str, Median]) -> list[str]:
    if one.problem:
        return [title, *[""] * len(STAGES), one.problem, *[""] * 6]
    bare, ours = _answered(peers, BARE), _answered(peers, OURS)
    stages = [_seconds(one.stage(stage)) for stage in STAGES]
    last = one.records[-1]
    to_bare, to_ours = bare.total_s if bare else 0.0, ours.total_s if ours else 0.0
    return [
        title, *stages, _seconds(one.total_s),
        _ratio(one.total_s, to_bare), _ratio(one.total_s, to_ours),
        f"{one.peak_mb:.0f}", _ratio(one.peak_mb, bare.peak_mb if bare else 0.0),
        f"{last.columns:,}", f"{last.rows:,}",
    ]  # fmt: skip


def _batches(found: Medians) -> Iterator[str]:
    for case in _cases(found, "batch"):
        changes = {
            change: found.get(("batch", case, change), {})
            for change in ("all", "balance", "outage")
        }
        peers = {name: one for of in changes.values() for name, one in of.items()}
        head = ["", "all data", "balance", "outage", "first, s", "variations", "peak, MB"]
        rows = []
        for title, one in _titled(peers):
            name = one.records[0].asked.peer
            rates = [_rate(of.get(name)) for of in changes.values()]
            count = str(one.records[0].asked.count)
            rest = ["", count, ""] if one.problem else [
                _seconds(one.first_s), count, f"{one.peak_mb:.0f}",
            ]  # fmt: skip
            rows.append([title, *rates, *rest])
        yield BATCHES.format(case=case) + "\n" + _table(head, rows)


def _redispatches(found: Medians) -> Iterator[str]:
    for case in _cases(found, "redispatch"):
        peers = found["redispatch", case, "balance"]
        head = ["", "ms", "first, ms", "times"]
        rows = [[title, *_redispatch_row(one)] for title, one in _titled(peers)]
        yield REDISPATCH.format(case=case) + "\n" + _table(head, rows)


def _goals(found: Medians) -> str:
    """Wanted and reached, and for what is missed why."""
    rows = []
    for goal in GOALS:
        ratio = goal.ratio(found)
        reached = "not measured" if ratio is None else f"{ratio:.2f}"
        missed = ratio is not None and ratio < goal.wanted
        part = f"missed, {ratio / goal.wanted:.0%} of it. {goal.why}" if ratio and missed else ""
        rows.append([goal.title, f"{goal.wanted:.3g}", reached, part.strip()])
    return "## Goals, as ratios\n\n" + _table(["", "wanted", "reached", ""], rows)


def _redispatch_row(one: Median) -> list[str]:
    if one.problem:
        return [one.problem, "", ""]
    return [f"{1e3 / one.rate:.2f}", f"{1e3 * one.first_s:.1f}", str(one.records[0].asked.count)]


def _titled(peers: Mapping[str, Median]) -> list[tuple[str, Median]]:
    """In the order of the table of peers."""
    return [(peer.title, peers[peer.name]) for peer in PEERS if peer.name in peers]


def _answered(peers: Mapping[str, Median], name: str) -> Median | None:
    one = peers.get(name)
    return None if one is None or one.problem else one


def _cases(found: Medians, kind: str) -> list[str]:
    return list(dict.fromkeys(case for of, case, _ in found if of == kind))


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _span(counts: list[int]) -> str:
    few, many = min(counts, default=0), max(counts, default=0)
    return str(few) if few == many else f"{few} to {many}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if value < 10 else f"{value:.1f}"


def _ratio(value: float, to: float) -> str:
    return "" if not to else f"{value / to:.2f}"


def _rate(one: Median | None) -> str:
    return "" if one is None else one.problem or f"{one.rate:.3g}"
