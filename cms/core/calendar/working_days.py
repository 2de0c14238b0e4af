"""Working days on the staff-edited calendar: weekends, public holidays, make-up days (调休).

Counting: the day of receipt is day 0, rest days are skipped, make-up working days count. A year nobody
has entered yet is counted by weekends alone, and the answer says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cms.core.models import CalendarDay

SATURDAY = 5
#: No public holiday is longer, weekends around it included.
LONGEST_BREAK = 14


@dataclass(frozen=True, slots=True)
class DueDate:
    """A last day, and the years on the way whose holidays have not been entered."""

    date: dt.date
    missing_years: tuple[int, ...]


def add_working_days(start: dt.date, days: int) -> DueDate:
    """The ``days``-th working day after ``start`` (``start`` is day 0; at least 1 day)."""
    if days < 1:
        raise ValueError("at least one working day")
    kinds = _kinds(start, start + dt.timedelta(days=days * 3 + 30))
    date = start
    while days:
        date += dt.timedelta(days=1)
        days -= is_working_day(date, kinds)
    entered = entered_years()
    years = range(start.year, date.year + 1)
    return DueDate(date, tuple(year for year in years if year not in entered))


def first_working_day(start: dt.date) -> dt.date:
    """``start`` itself where people work that day, else the first day after it on which they do; one query."""
    kinds = _kinds(start, start + dt.timedelta(days=LONGEST_BREAK))
    days = (start + dt.timedelta(days=offset) for offset in range(LONGEST_BREAK))
    return next((day for day in days if is_working_day(day, kinds)), start)


def is_working_day(date: dt.date, kinds: dict[dt.date, str]) -> bool:
    """Whether people work that day; ``kinds`` are the days that differ from the plain week."""
    kind = kinds.get(date)
    if kind is None:
        return date.weekday() < SATURDAY
    return kind == CalendarDay.Kind.WORKDAY


def entered_years() -> set[int]:
    """Years with at least one entered day: the others are not announced yet."""
    return set(CalendarDay.objects.values_list("date__year", flat=True).distinct())


def _kinds(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    return dict(CalendarDay.objects.filter(date__range=(first, last)).values_list("date", "kind"))
