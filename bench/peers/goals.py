"""What this package wants to reach against its peers, as ratios in one run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from peers.records import Median
from peers.table import BARE, OURS

Medians = Mapping[tuple[str, str, str], Mapping[str, Median]]
Key = tuple[str, str, str]

PAIR = "ours-pair"
"""Ours with two processes, in batches. Ours alone rolls over a long horizon, as it does for users.
"""


@dataclass(frozen=True)
class Goal:
    """``measure`` of a peer over that of ours: ``wanted`` or more.

    Of several ``peers`` the best one counts. ``why`` explains a miss, and is shown only then.
    """

    title: str
    wanted: float
    key: Key
    peers: tuple[str, ...]
    measure: Callable[[Median], float]
    ours: str = OURS
    why: str = ""

    def ratio(self, found: Medians) -> float | None:
        """How many times better ours is than the best of the peers; None without numbers."""
        medians = found.get(self.key, {})
        ours, *others = (_measured(medians.get(n), self.measure) for n in (self.ours, *self.peers))
        there = [other for other in others if other is not None]
        return min(there) / ours if ours and there else None


def made_s(one: Median) -> float:
    """Seconds until the solver has the problem."""
    return (one.stage("build") or 0.0) + (one.stage("write") or 0.0)


def total_s(one: Median) -> float:
    """Seconds of everything."""
    return one.total_s


def each_s(one: Median) -> float:
    """Seconds of one variation."""
    return 1.0 / one.rate


def peak_mb(one: Median) -> float:
    """Peak memory."""
    return one.peak_mb


MEDIUM, LARGE = ("solve", "medium", "all"), ("solve", "large", "all")
BATCH, AGAIN = ("batch", "medium", "all"), ("redispatch", "medium", "balance")
KEPT = ("appsi-persistent", "contrib-persistent")

QUICKEST_WAY = (
    "The yardstick is the quickest way out of Pyomo, its standard form. What ours still needs is "
    "one slice written and walked in Pyomo, and the arrays of all slices filled."
)
LITTLE_LEFT = (
    "PyPSA is driven as its experts would: linopy straight to HiGHS, without consistency checks. "
    "Most of ours is the time in HiGHS, which every peer spends."
)
BOTH_FORMS = (
    "Pyomo, pydantic, pint and scipy take some eighty megabytes before there is any model. Beside "
    "them stand the arrays in their own units and scaled, so that each answer can be checked."
)
PARAMETERS = (
    "Only the parameters that differ are set, the best case of these interfaces. Nine tenths of "
    "ours are steps of the simplex from the base basis."
)
ONE_BY_ONE = (
    "GLPK takes bounds and gives values one by one, through a wrapper in Python: more than half of "
    "the time. The simplex itself takes a tenth of it."
)
FINISH = (
    "The windows take a third of the time, the finish from their bases the rest: looking no "
    "further than a window leaves it thousands of steps."
)
SHARED = "Two processes share the memory and the caches of one processor."

GOALS = (
    Goal(
        "build and write, medium, to plain Pyomo", 10.0, MEDIUM, ("standard-form",), made_s,
        why=QUICKEST_WAY,
    ),
    Goal(
        "build and write, large, to plain Pyomo", 25.0, LARGE, ("standard-form",), made_s,
        why=QUICKEST_WAY,
    ),
    Goal("total, medium, to Pyomo with appsi_highs", 6.0, MEDIUM, ("appsi",), total_s),
    Goal("total, medium, to PyPSA", 10.0, MEDIUM, ("pypsa",), total_s, why=LITTLE_LEFT),
    Goal("total, medium, to oemof.solph", 15.0, MEDIUM, ("solph",), total_s),
    Goal("total, medium, to linopy", 1.6, MEDIUM, ("linopy",), total_s),
    Goal("rolling start, medium, to bare, cold", 1.2, MEDIUM, (BARE,), total_s, why=FINISH),
    Goal("rolling start, large, to bare, cold", 2.5, LARGE, (BARE,), total_s, why=FINISH),
    Goal("variations, to a Pyomo rebuild", 25.0, BATCH, ("appsi",), each_s),
    Goal("variations, to Pyomo persistent", 7.0, BATCH, KEPT, each_s, why=PARAMETERS),
    Goal("variations, to linopy persistent", 2.0, BATCH, ("linopy-persistent",), each_s),
    Goal("variations, two processes to one", 1.8, BATCH, (OURS,), each_s, PAIR, why=SHARED),
    Goal("one slice again, to a Pyomo rebuild", 50.0, AGAIN, ("appsi",), each_s, why=ONE_BY_ONE),
    Goal(
        "peak memory, medium, bare to ours", 1 / 1.1, MEDIUM, (BARE,), peak_mb, why=BOTH_FORMS
    ),
    Goal("peak memory, large, bare to ours", 1 / 1.1, LARGE, (BARE,), peak_mb, why=BOTH_FORMS),
)  # fmt: skip


def _measured(one: Median | None, measure: Callable[[Median], float]) -> float | None:
    return None if one is None or one.problem else measure(one)
