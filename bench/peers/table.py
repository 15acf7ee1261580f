"""Who is compared, and on what. Adding a peer is adding a file and a line here.

A module offers ``solve(problem) -> Outcome`` and, where it can, ``batch(problem, variations,
change) -> Batch``; the names of the functions stand in the line, as one module may hold several
ways. Nothing here imports a peer.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from shutil import which


@dataclass(frozen=True)
class Peer:
    """One way to solve the problem.

    ``rebuilds`` says that each variation is built afresh: then what changes does not matter, and
    a few variations tell the rate. ``needs`` are the modules and executables that it stands on.
    """

    name: str
    title: str
    module: str
    solve: str | None = None
    batch: str | None = None
    rebuilds: bool = False
    needs: tuple[str, ...] = ("highspy",)
    executable: str | None = None

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

PEERS = (
    Peer(OURS, "symbiosis", "ours", "solve", "batch", needs=("symbiosis",)),
    Peer(BARE, "bare matrices to HiGHS, cold", "bare", "solve", "batch"),
    Peer("bare-warm", "bare matrices to HiGHS, base basis", "bare", batch="warm_batch"),
    Peer("linopy", "linopy", "linopy_peer", "solve", "batch", needs=("linopy",)),
    Peer(
        "standard-form", "Pyomo, standard form to HiGHS", "plain_pyomo", "standard_form",
        needs=("pyomo",),
    ),
    Peer(
        "appsi", "Pyomo, appsi_highs", "plain_pyomo", "appsi_highs", "appsi_batch", True,
        needs=("pyomo",),
    ),
    Peer(
        "appsi-persistent", "Pyomo persistent, appsi", "pyomo_persistent", batch="appsi_batch",
        needs=("pyomo",),
    ),
    Peer(
        "contrib-persistent", "Pyomo persistent, contrib.solver", "pyomo_persistent",
        batch="contrib_batch", needs=("pyomo",),
    ),
    Peer("pypsa", "PyPSA", "pypsa_peer", "solve", "batch", True, needs=("pypsa",)),
    Peer("solph", "oemof.solph", "solph_peer", "solve", "batch", True, needs=("oemof.solph",)),
    Peer(
        "glpsol", "Pyomo, glpsol", "plain_pyomo", "glpsol", "glpsol_batch", True,
        needs=("pyomo",), executable="glpsol",
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
