"""Ages in completed months and the days of the site's own clock."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.calendar import times

D = dt.date


@pytest.mark.parametrize(
    ("birth", "on", "months"),
    [
        (D(2024, 6, 3), D(2025, 6, 2), 11),
        (D(2024, 6, 3), D(2025, 6, 3), 12),
        (D(2024, 8, 31), D(2025, 2, 28), 6),
        (D(2024, 8, 31), D(2025, 2, 27), 5),
        (D(2024, 2, 29), D(2025, 2, 28), 12),
        (D(2025, 3, 1), D(2025, 2, 1), -1),
    ],
)
def test_age_in_months_counts_completed_ones(birth: D, on: D, months: int) -> None:
    assert times.age_in_months(birth, on) == months


@pytest.mark.parametrize("birth", [D(2024, 1, 31), D(2024, 2, 29), D(2023, 12, 1), D(2024, 8, 30)])
@pytest.mark.parametrize("months", [1, 6, 12, 18, 24, 36])
def test_birthday_after_months_is_the_first_day_of_that_age(birth: D, months: int) -> None:
    day = times.birthday_after_months(birth, months)

    assert times.age_in_months(birth, day) == months
    assert times.age_in_months(birth, day - dt.timedelta(days=1)) == months - 1


def test_local_date_turns_at_midnight_of_the_site() -> None:
    assert times.local_date(dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)) == D(2026, 3, 3)
    assert times.local_date(dt.datetime(2026, 3, 2, 15, 59, tzinfo=dt.UTC)) == D(2026, 3, 2)


def test_day_bounds_are_a_day_apart() -> None:
    start, end = times.day_bounds(D(2026, 3, 2))

    assert (start, end - start) == (times.at(D(2026, 3, 2), dt.time.min), dt.timedelta(days=1))


def test_minutes_of_a_clock_time() -> None:
    assert times.minutes_of(dt.time(14, 30)) == 870


def test_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        times.local(dt.datetime(2026, 3, 2, 10, 0))  # noqa: DTZ001  # without a zone on purpose


@pytest.mark.parametrize(
    ("birth", "months", "day"),
    [
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2024, 12, 15), 1, D(2025, 1, 15)),
        (D(2024, 1, 15), 11, D(2024, 12, 15)),
        (D(2024, 1, 15), 12, D(2025, 1, 15)),
        (D(2024, 6, 3), 0, D(2024, 6, 3)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
    ],
)
def test_birthday_after_months_over_the_turn_of_the_year(birth: D, months: int, day: D) -> None:
    assert times.birthday_after_months(birth, months) == day


def test_day_bounds_are_its_two_midnights() -> None:
    start, end = times.day_bounds(D(2026, 3, 2))

    assert start == dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)
    assert end == dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(("clock", "minutes"), [(dt.time(0), 0), (dt.time(0, 1), 1), (dt.time(23, 59), 1439)])
def test_minutes_since_midnight(clock: dt.time, minutes: int) -> None:
    assert times.minutes_of(clock) == minutes
