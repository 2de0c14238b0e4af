"""Days, clock times and ages as this site counts them."""

from __future__ import annotations

import calendar
import datetime as dt
import functools

from django.utils import timezone


def now() -> dt.datetime:
    """The clock; only views, jobs and commands read it and pass it on to services."""
    return timezone.now()


def local(moment: dt.datetime) -> dt.datetime:
    """``moment`` on the wall clock of the site: everybody sees the same zone, so none is looked up per thread."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(timezone.get_default_timezone())


def local_date(moment: dt.datetime) -> dt.date:
    """The calendar day of ``moment`` on the wall clock of the site."""
    return local(moment).date()


@functools.lru_cache(maxsize=512)
def iso(moment: dt.datetime) -> str:
    """ISO 8601 on the wall clock of the site: ``2026-11-23T14:00:00+08:00``.

    Remembered, since the stays of a day begin and end at few moments.
    """
    return local(moment).isoformat(timespec="seconds")


def at(day: dt.date, clock: dt.time) -> dt.datetime:
    """The aware moment of a wall-clock time on a day."""
    return dt.datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Start of the day and start of the next, as aware moments."""
    return at(day, dt.time.min), at(day + dt.timedelta(days=1), dt.time.min)


def age_in_months(birth_date: dt.date, on: dt.date) -> int:
    """Completed months on a day.

    The monthly day is the same number, or the month's last day where that number is missing. Negative
    before birth.
    """
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month
    last_day = calendar.monthrange(on.year, on.month)[1]
    return months - (on.day < min(birth_date.day, last_day))


def birthday_after_months(birth_date: dt.date, months: int) -> dt.date:
    """The first day on which the child has completed ``months`` months."""
    year, month0 = divmod(birth_date.year * 12 + birth_date.month - 1 + months, 12)
    return dt.date(year, month0 + 1, min(birth_date.day, calendar.monthrange(year, month0 + 1)[1]))


def minutes_of(clock: dt.time) -> int:
    """Minutes since midnight."""
    return clock.hour * 60 + clock.minute


def clock_of_minute(minute: int) -> dt.time:
    """The clock so many minutes after midnight; the end of the day is 0:00."""
    hours, minutes = divmod(minute, 60)
    return dt.time(hours % 24, minutes)
