"""From when until when an institution sees what is needed to care for a child: the days that the consent names."""

from __future__ import annotations

import datetime as dt

from cms.core.calendar.times import local_date

AROUND = dt.timedelta(days=1)


def child_visible_on(day: dt.date, now: dt.datetime) -> bool:
    """Whether now is between the day before and the day after ``day``, the child's day of care or class.

    Health notes, people who may fetch and phone numbers are shown in this time alone; nickname and age on lists of
    other days, too.
    """
    return abs(day - local_date(now)) <= AROUND
