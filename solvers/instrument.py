"""Money from others towards projects, in plain numbers: what it gives and what goes back when.

A yuan that came at the end of a year goes back in equal parts A at the end of each of the n years
that follow, A = r / (1 - (1 + r)^-n), 1/n at r = 0; of the interest r x (what is still owed) the
state may pay a share. After t parts (1 + r)^t - A ((1 + r)^t - 1) / r is owed.

Source: the annuity formula of engineering economics, e.g. 建设项目经济评价方法与参数 (3rd edition,
2006).
"""

from dataclasses import dataclass
from math import expm1, inf, log1p


@dataclass(frozen=True)
class Instrument:
    """A source of money; ``term`` 0 for what never goes back.

    ``share`` is the most of each payment, ``projects`` who may have it (None = all). What is paid
    again when a life ends is not ``renews`` where only new projects are helped.
    """

    name: str
    share: float = 1.0
    each_year_cny: float = inf
    rate: float = 0.0
    interest_subsidy: float = 0.0
    term: int = 0
    projects: frozenset[str] | None = None
    renews: bool = True

    def serves(self, project: str) -> bool:
        """Whether a project may have it."""
        return self.projects is None or project in self.projects

    @property
    def annuity(self) -> float:
        """The yearly part of a yuan that goes back, the state's share of interest included."""
        if not self.term:
            return 0.0
        return -self.rate / expm1(-self.term * log1p(self.rate)) if self.rate else 1 / self.term

    def owed(self, years: int) -> float:
        """What is still owed of a yuan so many years after it came."""
        if years >= self.term:
            return 0.0
        if not self.rate:
            return 1 - years / self.term
        more = expm1(years * log1p(self.rate))
        return 1 + more - self.annuity * more / self.rate

    def from_state(self, years: int) -> float:
        """What the state pays of a yuan's interest, so many years after it came."""
        if not 1 <= years <= self.term:
            return 0.0
        return self.interest_subsidy * self.rate * self.owed(years - 1)

    def repaid(self, years: int) -> float:
        """What the park pays back of a yuan, so many years after it came."""
        return self.annuity - self.from_state(years) if 1 <= years <= self.term else 0.0
