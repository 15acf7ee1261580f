"""The money of a plan year by year, worked out from what is begun and who pays.

Nothing here looks at the rows of the model: what comes out is held against them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from symbiosis.solvers.horizon import Draw, Horizon, Start
from symbiosis.solvers.matrix import Floats
from symbiosis.solvers.portfolio import Portfolio
from symbiosis.verify import FailedCheck

OWN = "own"
"""Who pays what no instrument gives."""
CLOSE = 1e-6
"""A budget may be exceeded by this part of the sums in it, as solvers keep their rows."""


@dataclass(frozen=True)
class YearOfMoney:
    """One year in CNY. What is spent of own money is what it invests and what it pays back.

    ``given`` by instrument; ``from_state`` is the interest that the state pays, ``left`` what stays
    for the next year, ``saved`` what the exchanges cost less than without projects.
    """

    year: int
    first_cny: float
    again_cny: float
    given_cny: Mapping[str, float]
    repaid_cny: Mapping[str, float]
    from_state_cny: float
    available_cny: float
    left_cny: float
    saved_cny: float

    @property
    def invested_cny(self) -> float:
        """All that is paid for projects, whoever pays."""
        return self.first_cny + self.again_cny

    @property
    def own_cny(self) -> float:
        """What own money pays for projects."""
        return self.invested_cny - sum(self.given_cny.values())

    @property
    def spent_cny(self) -> float:
        """What own money pays in all."""
        return self.own_cny + sum(self.repaid_cny.values())

    @property
    def flow_cny(self) -> float:
        """What the park gains in the year against one without projects; negative where it pays."""
        return self.saved_cny - self.spent_cny


@dataclass(frozen=True)
class Accounts:
    """The money of a plan: its years, and what stands at the end of the horizon."""

    years: tuple[YearOfMoney, ...]
    rest_cny: float
    owed_cny: float
    discount_rate: float

    def factor(self, year: int) -> float:
        """What a yuan at the end of a year is worth at the start of the first."""
        return float((1.0 + self.discount_rate) ** -(year - self.years[0].year + 1))

    @property
    def npv_cny(self) -> float:
        """The net present value against a horizon without projects."""
        flows = sum(year.flow_cny * self.factor(year.year) for year in self.years)
        return flows + (self.rest_cny - self.owed_cny) * self.factor(self.years[-1].year)


def accounts_of(
    made: Portfolio,
    begun: Sequence[Start],
    drawn: Mapping[Draw, float],
    points: tuple[Floats, Floats],
) -> Accounts:
    """The money of a plan; ``points`` is the plan and the horizon without projects.

    Raises :class:`FailedCheck` where more is spent than there is.
    """
    horizon, years = made.horizon, []
    before = 0.0
    for year in horizon.years:
        x, nothing = points
        cost = made.expressions[year]["cost"]
        one = _year(horizon, begun, drawn, year, before, cost.value(nothing) - cost.value(x))
        years.append(one)
        before = one.left_cny if horizon.carried_over else 0.0
    rest = sum(horizon.rest_cny(start) for start in begun)
    owed = sum(cny * d.instrument.owed(horizon.last - d.year) for d, cny in drawn.items())
    found = Accounts(tuple(years), rest, owed, horizon.discount_rate)
    _check(horizon, begun, drawn, found)
    return found


def _year(
    horizon: Horizon,
    begun: Sequence[Start],
    drawn: Mapping[Draw, float],
    year: int,
    before_cny: float,
    saved_cny: float,
) -> YearOfMoney:
    given, repaid = _instruments(horizon), _instruments(horizon)
    state = 0.0
    for draw, cny in drawn.items():
        name, instrument, passed = draw.instrument.name, draw.instrument, year - draw.year
        given[name] += cny if passed == 0 else 0.0
        repaid[name] += cny * instrument.repaid(passed)
        state += cny * instrument.from_state(passed)
    first = sum(horizon.first_cny(start, year) for start in begun)
    again = sum(horizon.again_cny(start, year) for start in begun)
    available = horizon.own_cny[year] + before_cny
    spent = first + again - sum(given.values()) + sum(repaid.values())
    left = available - spent
    kept = max(left, 0.0) if left > -CLOSE * max(1.0, spent) else left
    return YearOfMoney(year, first, again, given, repaid, state, available, kept, saved_cny)


def _instruments(horizon: Horizon) -> dict[str, float]:
    return {instrument.name: 0.0 for instrument in horizon.instruments}


def _check(
    horizon: Horizon, begun: Sequence[Start], drawn: Mapping[Draw, float], found: Accounts
) -> None:
    """No year spends more than it has, no instrument gives more than it may."""
    faults = [
        f"own money of {year.year} is exceeded by {-year.left_cny:g} CNY"
        for year in found.years
        if year.left_cny < 0
    ]
    for year in found.years:
        for instrument in horizon.instruments:
            given, most = year.given_cny[instrument.name], instrument.each_year_cny
            if given > most + CLOSE * max(1.0, most if most < inf else 1.0):
                faults.append(f"{instrument.name} gives {given:g} CNY in {year.year}")
    for draw, cny in drawn.items():
        own = [start for start in begun if start.candidate.name == draw.project]
        may = draw.instrument.share * sum(horizon.helped_cny(start, draw) for start in own)
        if cny > may + CLOSE * max(1.0, may):
            faults.append(f"{draw.instrument.name} gives {cny:g} CNY to {draw.project}")
    if faults:
        raise FailedCheck(faults)
