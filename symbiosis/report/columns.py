"""Which column of the picture each enterprise stands in: by role, from givers to takers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil

ROLES = ("anchor", "producer", "decomposer", "utility", "consumer")
"""From left to right; roles that are not named here follow in the order of the alphabet."""

BACKWARDS = 0.3
"""What an arrow to the left costs beyond its length in columns."""
BESIDE = 1.2
"""What an arrow within a column costs, in columns."""


@dataclass(frozen=True)
class Tie:
    """How much two enterprises should stand close: 1 for a thin arrow, more for a wide one."""

    source: str
    target: str
    weight: float


@dataclass(frozen=True)
class Group:
    """Enterprises of one role and the columns that they fill."""

    role: str
    columns: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Grouping:
    """Every enterprise in a column; ``groups`` in the order from left to right, top to bottom."""

    column: Mapping[str, int]
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """Number of columns."""
        return 1 + max(self.column.values(), default=-1)

    def in_column(self, column: int) -> list[tuple[Group, list[str]]]:
        """The groups of one column, each with its enterprises there."""
        return [
            (group, [name for name in group.names if self.column[name] == column])
            for group in self.groups
            if column in group.columns
        ]


def group_by_role(roles: Mapping[str, str], ties: Sequence[Tie], most_rows: int) -> Grouping:
    """Columns with at most about ``most_rows`` enterprises; a large role takes several columns.

    Utilities and consumers share one where there is room. Within a role, enterprises go to the
    column that keeps arrows short and pointing right.
    """
    members = {role: [n for n, r in roles.items() if r == role] for role in in_order(roles)}
    columns: dict[str, tuple[int, ...]] = {}
    following = 0
    for role, names in members.items():
        if role == "consumer" and _shares(members, most_rows):
            columns[role] = columns["utility"]
            continue
        taken = ceil(len(names) / most_rows)
        columns[role] = tuple(range(following, following + taken))
        following += taken
    first = {n: c for role, names in members.items() for n, c in dealt(names, columns[role])}
    settled = improved(first, roles, ties)
    groups = tuple(Group(role, columns[role], tuple(names)) for role, names in members.items())
    return Grouping(settled, groups)


def in_order(roles: Mapping[str, str]) -> list[str]:
    """The roles that occur, from left to right."""
    others = sorted(set(roles.values()) - set(ROLES))
    return [role for role in (*ROLES, *others) if role in roles.values()]


def _shares(members: Mapping[str, Sequence[str]], most_rows: int) -> bool:
    together = len(members.get("utility", ())) + len(members["consumer"])
    return "utility" in members and len(members) > 3 and together < most_rows


def dealt(names: Sequence[str], columns: Sequence[int]) -> Iterable[tuple[str, int]]:
    """The names over the columns, as evenly as they go."""
    rows = ceil(len(names) / len(columns))
    return ((name, columns[i // rows]) for i, name in enumerate(names))


def improved(
    first: Mapping[str, int], roles: Mapping[str, str], ties: Sequence[Tie]
) -> dict[str, int]:
    """Two enterprises of a role change columns as long as that makes arrows shorter."""
    column = dict(first)
    of = {name: [tie for tie in ties if name in (tie.source, tie.target)] for name in column}
    for _ in range(10):
        moved = False
        for one, other in product(column, column):
            if one < other and roles[one] == roles[other] and column[one] != column[other]:
                moved |= _swapped(one, other, column, of[one] + of[other])
        if not moved:
            break
    return column


def _swapped(one: str, other: str, column: dict[str, int], ties: Sequence[Tie]) -> bool:
    before = sum(tie_cost(tie, column) for tie in ties)
    column[one], column[other] = column[other], column[one]
    if sum(tie_cost(tie, column) for tie in ties) < before - 1e-9:
        return True
    column[one], column[other] = column[other], column[one]
    return False


def tie_cost(tie: Tie, column: Mapping[str, int]) -> float:
    """Weight x length in columns, with the surcharges of the module."""
    ahead = column[tie.target] - column[tie.source]
    if ahead == 0:
        return 0.0 if tie.source == tie.target else tie.weight * BESIDE
    return tie.weight * (ahead if ahead > 0 else -ahead + BACKWARDS)
