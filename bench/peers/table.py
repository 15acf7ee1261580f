"""Who is compared, and on what. Adding a peer is adding a file and a line here.

A module offers ``solve(problem) -> Outcome``, or ``batch(problem, variations, change) -> Batch``
where it keeps something between variations, or both; the names of the functions stand in the line,
as one module may hold several ways. A peer without a batch solves each variation afresh. Nothing
here imports a peer.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from shutil import which


@dataclass(frozen=True)
class Peer:
    """One way to solve the problem; ``needs`` are the modules that it stands on."""

    name: str
    title: str
    module: str
    solve: str | None = None
    batch: str | None = None
    needs: tuple[str, ...] = ("highspy",)
    executable: str | None = None
    processes: int = 1

    @property
    def rebuilds(self) -> bool:
        """Whether each variation is built afresh: a few tell the rate, whatever changes."""
        return self.batch is None

    def missing(self) -> list[str]:
        """What is not installed."""
        wanted = [f"peers.{self.module}", *self.needs]
        absent = [name for name in wanted if find_spec(name) is None]
        if self.executable and which(self.executable) is None:
            absent.append(self.executable)
        return absent


@dataclass(frozen=True)
class Case:
    """A size of the synthetic park, how many slices it has, and whether links have switches."""

    name: str
    size: str
    slices: int
    integers: bool = False


OURS, BARE = "ours", "bare"

_PYOMO = ("highspy", "pyomo")

PEERS = (
    Peer(OURS, "symbiosis", "ours", "solve", "batch", needs=("symbiosis",)),
    Peer("ours-cold", "symbiosis, cold start", "ours", "solve_cold", needs=("symbiosis",)),
    Peer(
        "ours-pair", "symbiosis, two processes", "ours", batch="batch_of_two",
        needs=("symbiosis",), processes=2,
    ),
    Peer(BARE, "bare matrices to HiGHS, cold", "bare", "solve"),
    Peer("bare-warm", "bare matrices to HiGHS, base basis", "bare", batch="warm_batch"),
    Peer("linopy", "linopy", "linopy_peer", "solve", needs=("highspy", "linopy")),
    Peer(
        "linopy-persistent", "linopy, persistent solver", "linopy_peer", batch="batch",
        needs=("highspy", "linopy"),
    ),
    Peer(
        "standard-form", "Pyomo, standard form to HiGHS", "plain_pyomo", "standard_form",
        needs=_PYOMO,
    ),
    Peer("appsi", "Pyomo, appsi_highs", "plain_pyomo", "appsi_highs", needs=_PYOMO),
    Peer(
        "appsi-persistent", "Pyomo persistent, appsi", "pyomo_persistent", batch="appsi_batch",
        needs=_PYOMO,
    ),
    Peer(
        "contrib-persistent", "Pyomo persistent, contrib.solver", "pyomo_persistent",
        batch="contrib_batch", needs=_PYOMO,
    ),
    Peer("pypsa", "PyPSA", "pypsa_peer", "solve", needs=("highspy", "pypsa")),
    Peer("solph", "oemof.solph", "solph_peer", "solve", needs=("highspy", "oemof.solph")),
    Peer(
        "glpsol", "Pyomo, glpsol", "plain_pyomo", "glpsol", needs=("pyomo",), executable="glpsol"
    ),
)  # fmt: skip

CASES = (
    Case("small", "small", 12),
    Case("medium", "medium", 60),
    Case("large", "large", 120),
    Case("small-integers", "small", 12, integers=True),
    Case("medium-integers", "medium", 12, integers=True),
)

VERSIONS = ("highspy", "swiglpk", "pyomo", "linopy", "pypsa", "oemof.solph", "numpy", "scipy")


def peer_named(name: str) -> Peer:
    """The peer of a name. Raises ``KeyError``."""
    return {peer.name: peer for peer in PEERS}[name]


def case_named(name: str) -> Case:
    """The case of a name. Raises ``KeyError``."""
    return {case.name: case for case in CASES}[name]
