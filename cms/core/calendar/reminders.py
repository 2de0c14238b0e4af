"""When families may be reminded of what the next day holds: one window for all that they book."""

from __future__ import annotations

import datetime as dt

from cms.core.calendar.times import local

REMIND_FROM, REMIND_UNTIL = dt.time(12), dt.time(21)


def may_remind(now: dt.datetime) -> bool:
    """Not before noon, when a job runs early because it is new; not at night, when one runs late after an outage."""
    return REMIND_FROM <= local(now).time() < REMIND_UNTIL
