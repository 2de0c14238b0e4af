"""Classes at institutions that are not open then: nothing cancels them, so people have to move or cancel them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from cms.core.calendar.times import local, local_date, minutes_of
from directory.register.models import ClosingDay
from parenting.classes.models import ClassSession, ClassSignup


def stranded(sessions: QuerySet[ClassSession], *, now: dt.datetime) -> list[ClassSession]:
    """Of these the published ones to come whose host has ended, lost its filing or closed, for good or at that time.

    Next first; two queries. A host that only takes no new bookings is open.
    """
    coming = sessions.filter(
        live=True, host__isnull=False, places__cancelled_at__isnull=True, places__starts_at__gt=now
    ).select_related("host", "places")
    found = list(coming.order_by("places__starts_at", "pk"))
    closed = _closings(found, since=local_date(now))
    return [session for session in found if not _open_then(session, closed)]


def count_families(sessions: Iterable[ClassSession]) -> int:
    """How many families have a place in any of them; one query."""
    signups = ClassSignup.objects.filter(session__in=[session.pk for session in sessions], active=True)
    return signups.values("family").distinct().count()


Closings = dict[tuple[int | None, dt.date], list[ClosingDay]]


def _closings(sessions: Iterable[ClassSession], *, since: dt.date) -> Closings:
    """Closings of the whole house, by host and day; one class of it is no concern of a class for parents."""
    hosts = {session.host_id for session in sessions}
    by_day: Closings = defaultdict(list)
    for row in ClosingDay.objects.filter(institution__in=hosts, class_kind="", date__gte=since):
        by_day[row.institution_id, row.date].append(row)
    return by_day


def _open_then(session: ClassSession, closed: Closings) -> bool:
    if session.host is None or not session.host.looks_after_children:
        return False
    starts, ends = local(session.places.starts_at), local(session.places.ends_at)
    since, until = minutes_of(starts.time()), minutes_of(ends.time())
    rows = closed[session.host_id, starts.date()]
    return not any(row.from_minute < until and since < row.to_minute for row in rows)
