"""What the home page shows beside the editors' pages: the question's choices, and live numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest

from cms.core.calendar import times
from cms.core.display import wording
from cms.pages import numbers

AGES = range(6, 36)
DAYS_AHEAD = 14
FIRST_CLOCK, LAST_CLOCK = 7 * 60, 19 * 60
STEP_MINUTES = 30
DEFAULT_FROM, DEFAULT_TO = "14:00", "17:00"


def home_context(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any]:
    """The whole of it for one visitor's district; nothing in it belongs to one person."""
    today = times.local_date(now)
    return {
        "ages": AGES,
        "days": [(day.isoformat(), _day_words(day, today)) for day in _days(today)],
        "clocks": _clocks(),
        "default_from": DEFAULT_FROM,
        "default_to": DEFAULT_TO,
        "default_day": _first_working_day(today).isoformat(),
        "now": now,
        **numbers.home_numbers(request, now=now),
    }


def _days(today: dt.date) -> list[dt.date]:
    return [today + dt.timedelta(days=offset) for offset in range(DAYS_AHEAD + 1)]


def _day_words(day: dt.date, today: dt.date) -> str:
    words = wording.day(day)
    near = wording.near_day(day, today)
    return f"{near} {wording.weekday(day)}" if near in ("今天", "明天") else words


def _first_working_day(today: dt.date) -> dt.date:
    """Tomorrow, or Monday: most parents ask for a weekday."""
    return next(day for day in _days(today)[1:] if day.weekday() < 5)


def _clocks() -> list[str]:
    return [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in range(FIRST_CLOCK, LAST_CLOCK + 1, STEP_MINUTES)]
