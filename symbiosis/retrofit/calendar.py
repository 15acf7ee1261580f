"""Dates and the days of a run; windows that open every year.

Every year has 365 days, leap years too, as everywhere in this program; 29 February does not exist.
Inside a run time is a float of days since the start; day 0 begins at midnight.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

YEAR_D = 365
MONTH_D = YEAR_D / 12
"""A month of a ramp-up: the unit ``month``."""
LENGTHS_D = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_D = tuple(accumulate(LENGTHS_D, initial=0))
DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DAY = re.compile(r"(\d{2})-(\d{2})")
SLACK_D = 1e-9
"""Times this close are the same, so that sums of fractions of days fit where whole days do."""

Span = tuple[int, int]
"""First day of the year, and the day after the last; the second is over 365 past New Year."""
Month = tuple[int, int]
"""A year, and a month of it from 1 to 12."""


def day_of_year(text: str) -> int:
    """``03-01`` -> 59. Raises ``ValueError`` for a day that is not in the calendar."""
    match = DAY.fullmatch(text)
    month, day = (int(part) for part in match.groups()) if match else (0, 0)
    if not (1 <= month <= 12 and 1 <= day <= LENGTHS_D[month - 1]):
        raise ValueError(text)
    return FIRST_D[month - 1] + day - 1


def day_number(text: str) -> int:
    """``2026-03-01`` -> days since the year 0. Raises ``ValueError``."""
    match = DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * YEAR_D + day_of_year(text[5:])


@dataclass(frozen=True)
class Calendar:
    """The days of a run that begins on the day ``start_d`` (days since the year 0)."""

    start_d: int

    @classmethod
    def of(cls, start: str) -> "Calendar":
        """The calendar of a run that begins on a date."""
        return cls(day_number(start))

    def day(self, date: str) -> float:
        """The time at which a date begins, in days since the start."""
        return float(day_number(date) - self.start_d)

    def date(self, time_d: float) -> str:
        """The date in which a time lies."""
        year, day = divmod(self.start_d + math.floor(time_d + SLACK_D), YEAR_D)
        month = max(m for m in range(12) if FIRST_D[m] <= day)
        return f"{year:04}-{month + 1:02}-{day - FIRST_D[month] + 1:02}"

    def month(self, time_d: float) -> str:
        """``2026-03``."""
        return self.date(time_d)[:7]

    def year(self, time_d: float) -> int:
        """The year in which a time lies."""
        return int(self.date(time_d)[:4])

    def new_year(self, year: int) -> float:
        """The time at which a year begins; below zero for a year that has begun already."""
        return float(year * YEAR_D - self.start_d)

    def months(self, until_d: float) -> tuple[Month, ...]:
        """Every calendar month that begins before a time, from that of the start on."""
        first, last = (self.date(time_d) for time_d in (0.0, until_d - 2 * SLACK_D))
        numbers = [int(date[:4]) * 12 + int(date[5:7]) - 1 for date in (first, last)]
        return tuple((n // 12, n % 12 + 1) for n in range(numbers[0], numbers[1] + 1))

    def begin(self, month: Month) -> float:
        """The time at which a month begins; below zero for one that has begun already."""
        return self.new_year(month[0]) + FIRST_D[month[1] - 1]

    def openings(
        self, spans: Iterable[Span], length_d: float, first_d: float, until_d: float
    ) -> tuple[float, ...]:
        """The times from ``first_d``, before ``until_d``, at which room for ``length_d`` opens."""
        found = set()
        for first, after in spans:
            if length_d > after - first + SLACK_D:
                continue
            opens_d = self._opening(first, first_d)
            while opens_d < until_d:
                if opens_d >= first_d - SLACK_D:
                    found.add(opens_d)
                opens_d += YEAR_D
        return tuple(sorted(found))

    def next_fit(self, spans: Iterable[Span], now_d: float, length_d: float) -> float:
        """The first time from now at which a span has room for ``length_d``; infinite for none."""
        return min((self._fit(span, now_d, length_d) for span in spans), default=math.inf)

    def last_fit(self, spans: Iterable[Span], now_d: float, length_d: float) -> float | None:
        """The last time at which ``length_d`` still fits into a span open now; None for none."""
        last_d = None
        for first, after in spans:
            latest_d = self._opening(first, now_d) + after - first - length_d
            if latest_d >= now_d - SLACK_D and (last_d is None or latest_d > last_d):
                last_d = latest_d
        return last_d

    def _fit(self, span: Span, now_d: float, length_d: float) -> float:
        first, after = span
        if length_d > after - first + SLACK_D:
            return math.inf
        opened_d = self._opening(first, now_d)
        if max(now_d, opened_d) + length_d <= opened_d + after - first + SLACK_D:
            return max(now_d, opened_d)
        return opened_d + YEAR_D

    def _opening(self, first: int, now_d: float) -> float:
        """The last time up to now at which a span that begins on ``first`` opened."""
        years = math.floor((self.start_d + now_d - first + SLACK_D) / YEAR_D)
        return float(years * YEAR_D + first - self.start_d)

    def elapsed(self, spans: Iterable[Span], now_d: float, work_d: float) -> float:
        """How long ``work_d`` days of work take from now when it rests in the spans."""
        closed, time_d = tuple(spans), now_d
        if not closed:
            return work_d
        while True:
            time_d = self._awake(closed, time_d)
            until_d = min(self._next(first, time_d) for first, _ in closed)
            if time_d + work_d <= until_d + SLACK_D:
                return time_d + work_d - now_d
            work_d, time_d = work_d - (until_d - time_d), until_d

    def _next(self, first: int, now_d: float) -> float:
        return self._opening(first, now_d) + YEAR_D

    def _awake(self, closed: Iterable[Span], time_d: float) -> float:
        """The first time from ``time_d`` that lies in no span."""
        ends = [self._opening(first, time_d) + after - first for first, after in closed]
        later = max((end for end in ends if end > time_d + SLACK_D), default=time_d)
        return time_d if later == time_d else self._awake(closed, later)
