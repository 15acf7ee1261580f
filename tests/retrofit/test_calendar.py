"""Dates of years of 365 days, and windows of the year."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.retrofit.calendar import YEAR_D, Calendar, day_number

CALENDAR = Calendar.of("2026-03-01")
JULY = (181, 212)
WINTER = (318, 439)  # 15 November to 15 March


@pytest.mark.parametrize(
    ("date", "day"),
    [("2026-03-01", 0), ("2026-03-31", 30), ("2026-12-31", 305), ("2027-03-01", 365)],
)
def test_a_date_is_a_day_and_back(date: str, day: int) -> None:
    assert CALENDAR.day(date) == day
    assert CALENDAR.date(day) == date
    assert CALENDAR.date(day + 0.99) == date


@given(st.integers(0, 50_000))
def test_days_and_dates_are_one_to_one(day: int) -> None:
    assert CALENDAR.day(CALENDAR.date(day)) == day


@pytest.mark.parametrize("date", ["2028-02-29", "2026-13-01", "2026-1-1", "2026-04-31", "soon"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(ValueError, match=date[-5:]):
        day_number(date)


@pytest.mark.parametrize(
    ("now", "length", "start"),
    [
        ("2026-05-01", 10, "2026-07-01"),  # before the window
        ("2026-07-05", 10, "2026-07-05"),  # inside, with room
        ("2026-07-22", 10, "2026-07-22"),  # until the last midnight
        ("2026-07-23", 10, "2027-07-01"),  # inside, too late
        ("2026-09-01", 31, "2027-07-01"),  # the whole window
    ],
)
def test_a_stage_takes_the_next_window_that_holds_it(now: str, length: int, start: str) -> None:
    found = CALENDAR.next_fit([JULY], CALENDAR.day(now), length)
    assert CALENDAR.date(found) == start


def test_what_is_longer_than_every_window_never_fits() -> None:
    assert math.isinf(CALENDAR.next_fit([JULY, (0, 31)], 0.0, 32))


def test_a_window_may_span_new_year() -> None:
    """From 15 November to 15 March are 121 days; 1 March is inside, with 15 days left."""
    assert CALENDAR.next_fit([WINTER], 0.0, 15) == 0.0
    assert CALENDAR.date(CALENDAR.next_fit([WINTER], 0.0, 16)) == "2026-11-15"


def test_work_rests_in_the_winter() -> None:
    """From 10 November 10 days of work: 5 before the stop, 121 of rest, 5 after it."""
    now_d = CALENDAR.day("2026-11-10")
    assert CALENDAR.elapsed([WINTER], now_d, 10) == 131
    assert CALENDAR.elapsed([WINTER], 0.0, 10) == 25  # awake on 16 March
    assert CALENDAR.elapsed([], now_d, 10) == 10


@given(st.floats(0, 3000), st.floats(0, 2000))
def test_resting_never_shortens_and_costs_at_most_the_winters(now_d: float, work_d: float) -> None:
    took_d = CALENDAR.elapsed([WINTER], now_d, work_d)
    winters = work_d // (YEAR_D - 121) + 1
    assert work_d - 1e-6 <= took_d <= work_d + 121 * (winters + 1)
