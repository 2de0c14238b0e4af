"""What the question 「谁能照看我的宝宝？」 offers to choose from, alike on the list and on the home page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from cms.core.calendar.times import birthday_after_months
from cms.core.display import wording
from directory.districts.class_kinds import END_MONTH, FIRST_MONTH
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed

#: Today and as many days after it.
DAYS_OFFERED = 14
#: Minutes of the day, both ends offered: the last institutions close at nine.
FIRST_CLOCK, LAST_CLOCK, CLOCK_STEP = 7 * 60, 21 * 60, 30
DEFAULT_FROM, DEFAULT_TO = dt.time(14), dt.time(17)
NOTHING_ASKED = CareNeed()


class Option(NamedTuple):
    """One option of a select."""

    value: str
    text: str
    current: bool = False


def need_options(
    *, today: dt.date, need: CareNeed = NOTHING_ASKED, children: Sequence[AskedChild] = ()
) -> dict[str, list[Option]]:
    """Options of ``children``, ``ages``, ``births``, ``days``, ``starts`` and ``ends``.

    What was asked is current and always among them. The visitor's first child is current until somebody is asked for.
    """
    day = need.day or _next_weekday(today)
    if need.age_months is None and children:
        need = dataclasses.replace(need, child=children[0])
    by_age = need.child is None and need.birth_month is None
    days = sorted({day, *(today + dt.timedelta(days=offset) for offset in range(DAYS_OFFERED + 1))})
    return {
        "ages": [
            Option(str(age), wording.months(age), by_age and age == need.age_months)
            for age in range(FIRST_MONTH, END_MONTH)
        ],
        "births": _births(today, need.birth_month),
        "children": [Option(child.public_id, child.nickname, child == need.child) for child in children],
        "days": [Option(each.isoformat(), _day_text(each, today), each == day) for each in days],
        "starts": _clocks(need.starts or DEFAULT_FROM),
        "ends": _clocks(need.ends or DEFAULT_TO),
    }


def _births(today: dt.date, chosen: dt.date | None) -> list[Option]:
    """Months of birth, the latest first: of every child in care today, and the one asked for."""
    first = today.replace(day=1)
    months = {birthday_after_months(first, -age) for age in range(FIRST_MONTH, END_MONTH + 1)}
    found = sorted({*months, *([chosen] if chosen else [])}, reverse=True)
    return [Option(f"{month:%Y-%m}", wording.month(month), month == chosen) for month in found]


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
