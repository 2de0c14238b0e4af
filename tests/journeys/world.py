"""What stands before a journey begins, and the job runner at its side."""

from __future__ import annotations

import datetime as dt
import io

from django.core.management import call_command

from cms.core.calendar.times import local_date
from cms.core.calendar.times import now as clock
from cms.core.runtime.outbox import drain

BOARD = "示例·小满托育园"
PASSWORD = "demo-childcare-2026"
PARENT, CAREGIVER = "10000000001", "10000000002"
MANAGER, MATERNAL_HEALTH = "demo-manager", "demo-fuyou"


def fill() -> None:
    """What `make run` shows on its first day."""
    out = io.StringIO()
    call_command("setup_site", stdout=out)
    call_command("demo", stdout=out, stderr=out)


def jobs_run() -> None:
    """The job runner comes by until nothing is left."""
    while drain(now=clock()):
        continue


def today() -> dt.date:
    """On the wall of the institution."""
    return local_date(clock())


def next_weekday(least: int = 2) -> dt.date:
    """The first weekday that is at least so many days ahead."""
    day = today() + dt.timedelta(days=least)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day
