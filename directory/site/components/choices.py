"""What the question 「谁能照看我的宝宝？」 offers to choose from, alike on the list and on the home page."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from cms.core.display import wording
from directory.districts.class_kinds import END_MONTH, FIRST_MONTH
from directory.site.queries.finding import CareNeed

#: Today and as many days after it.
DAYS_OFFERED = 14
#: Minutes of the day, both ends offered: parents who work until seven or commute come for the child by eight.
FIRST_CLOCK, LAST_CLOCK, CLOCK_STEP = 7 * 60, 20 * 60, 30
DEFAULT_FROM, DEFAULT_TO = dt.time(14), dt.time(17)
NOTHING_ASKED = CareNeed()


class Option(NamedTuple):
    """One option of a select."""

    value: str
    text: str
    current: bool = False


def need_options(*, today: dt.date, need: CareNeed = NOTHING_ASKED) -> dict[str, list[Option]]:
    """Options of ``ages``, ``days``, ``starts`` and ``ends``; what was asked is current and always among them."""
    day = need.day or _next_weekday(today)
    days = sorted({day, *(today + dt.timedelta(days=offset) for offset in range(DAYS_OFFERED + 1))})
    return {
        "ages": [
            Option(str(age), wording.months(age), age == need.age_months) for age in range(FIRST_MONTH, END_MONTH)
        ],
        "days": [Option(each.isoformat(), _day_text(each, today), each == day) for each in days],
        "starts": _clocks(need.starts or DEFAULT_FROM),
        "ends": _clocks(need.ends or DEFAULT_TO),
    }


def _next_weekday(today: dt.date) -> dt.date:
    """Tomorrow, or Monday: most parents ask for a weekday."""
    days = (today + dt.timedelta(days=offset) for offset in range(1, 4))
    return next(day for day in days if day.weekday() < 5)


def _day_text(day: dt.date, today: dt.date) -> str:
    if 0 <= (day - today).days <= 1:
        return f"{wording.near_day(day, today)} {wording.weekday(day)}"
    return wording.day(day)


def _clocks(chosen: dt.time) -> list[Option]:
    offered = (dt.time(*divmod(minutes, 60)) for minutes in range(FIRST_CLOCK, LAST_CLOCK + 1, CLOCK_STEP))
    return [
        Option(f"{clock.hour:02d}:{clock.minute:02d}", wording.clock(clock), clock == chosen)
        for clock in sorted({*offered, chosen})
    ]
