"""Sample class sessions, published as staff do it."""

from __future__ import annotations

import datetime as dt

from cms.core.calendar.times import at, local_date
from cms.core.errors import Refused
from cms.demo.data.sessions import INTRODUCTION, ORGANISER, SESSIONS, SPEAKER, VENUES
from cms.demo.services.people import DemoFamily
from directory.districts.enums import Department
from directory.districts.models import District, Township
from parenting.classes.models import ClassSession
from parenting.classes.services.signups import sign_up

SIGNUP_OPENS = dt.time(9)


def make_sessions(*, district: District, families: list[DemoFamily], now: dt.datetime) -> int:
    """Sessions to come, each title once at a time; returns how many were made."""
    made = 0
    towns = list(Township.objects.filter(district=district).order_by("code"))
    for number, row in enumerate(SESSIONS):
        if ClassSession.objects.filter(title=row[5], ends_at__gt=now).exists():
            continue
        session = _session(row, VENUES[number % len(VENUES)], district, towns, now=now)
        session.save()
        session.save_revision().publish()
        if row[8] == "full":
            _fill(session, families, now=now)
        made += 1
    return made


def _session(
    row: tuple[int, str, int, str, str, str, tuple[int, int], int, str],
    place: tuple[str, str, int],
    district: District,
    towns: list[Township],
    *,
    now: dt.datetime,
) -> ClassSession:
    days, clock, minutes, kind, topic, title, ages, places, state = row
    venue, address, town = place
    starts_at = at(local_date(now) + dt.timedelta(days=days), dt.time.fromisoformat(clock))
    open_day = (
        local_date(starts_at - dt.timedelta(days=7)) if state == "not_yet" else local_date(now) - dt.timedelta(days=3)
    )
    return ClassSession(
        district=district,
        township=towns[town % len(towns)],
        kind=kind,
        topic=topic,
        title=title,
        introduction=INTRODUCTION,
        age_from=ages[0],
        age_to=ages[1],
        department=Department.MATERNAL_CHILD_HEALTH,
        organiser=ORGANISER,
        speaker=SPEAKER,
        venue=venue,
        address=address,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=minutes),
        capacity=places,
        signup_opens_at=at(open_day, SIGNUP_OPENS),
        signup_closes_at=starts_at - dt.timedelta(hours=2),
        live=False,
    )


def _fill(session: ClassSession, families: list[DemoFamily], *, now: dt.datetime) -> None:
    left = session.capacity
    for family in families:
        if not left:
            return
        try:
            sign_up(user=family.user, session=session.public_id, child=family.child.public_id, now=now)
        except Refused:
            continue
        left -= 1
