"""Bookings as rows of the board and of a day's list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet

from booking.places.models import Booking, BookingEvent
from booking.places.states import CORRECTABLE, MARKED, UNDO_WITHIN, is_early, lapsed, undoable_mark
from cms.accounts.family.queries.visibility import child_visible_on
from cms.accounts.models import PickupPerson
from cms.core.calendar.times import age_in_months
from directory.register.models import Institution

S = Booking.Status
#: What a day's list shows: places that are or were really used, and requests that wait.
SHOWN = (S.REQUESTED, S.CONFIRMED, S.ARRIVED, S.COMPLETED, S.ABSENT)
#: Minutes after which somebody who has not come counts as late in red words.
GRACE = dt.timedelta(minutes=5)


@dataclass(slots=True)
class ChildRow:
    """One child on one day: who, when, what to mind, and what can be done now."""

    booking: Booking
    age_months: int
    late_minutes: int
    overstay_minutes: int
    is_missed: bool
    is_early: bool
    can_undo: bool
    #: Whether it is so near the day that the consent lets health notes be read.
    shows_health: bool
    first_visit: bool
    pickup: list[PickupPerson] = field(default_factory=list)
    has_twin: bool = False

    @property
    def is_late(self) -> bool:
        return self.late_minutes > 0

    @property
    def is_on_paper(self) -> bool:
        """Has a line for times and signatures on the printed list: is to come, is in the room, or has been there."""
        return self.booking.status in (S.CONFIRMED, S.ARRIVED, S.COMPLETED)

    @property
    def is_done(self) -> bool:
        return self.booking.status in (S.COMPLETED, S.ABSENT)

    @property
    def is_marked(self) -> bool:
        return self.booking.status in MARKED

    @property
    def is_recorded(self) -> bool:
        """Once the day is there, its record can be put right."""
        return self.booking.status in CORRECTABLE

    @property
    def can_call(self) -> bool:
        """Once the child has been fetched nobody needs the number on the board."""
        return self.booking.status != S.COMPLETED


def shown_bookings(institution: Institution, first: dt.date, last: dt.date, now: dt.datetime) -> QuerySet[Booking]:
    """What the lists of these days show and the week counts: ``SHOWN``, without requests that ran out."""
    care = Booking.objects.filter(institution_id=institution.pk, kind=Booking.Kind.CARE)
    return care.filter(service_date__range=(first, last), status__in=SHOWN).exclude(lapsed(now))


def day_rows(institution: Institution, day: dt.date, now: dt.datetime) -> list[ChildRow]:
    """The day's children: lateness first, then by time, who is done last; four queries in all."""
    shown = shown_bookings(institution, day, day, now).select_related("child", "product", "pool")
    rows = rows_of(institution, list(shown.order_by("starts_at", "pk")), day, now)
    return sorted(rows, key=lambda row: (not row.is_late, row.is_done, row.booking.starts_at, row.booking.pk))


def rows_of(institution: Institution, bookings: list[Booking], day: dt.date, now: dt.datetime) -> list[ChildRow]:
    """Bookings of the institution on a day as rows, in their order; three queries."""
    undoable = _undoable(bookings, now)
    pickups = _pickups({booking.family_id for booking in bookings})
    known = _been_here(institution, {booking.child_id for booking in bookings if booking.child_id}, day)
    rows = [_row(booking, now, undoable, pickups, known) for booking in bookings]
    _tell_apart(rows)
    return rows


def requests_of(institution: Institution, now: dt.datetime) -> list[Booking]:
    """Requests the institution has still to answer, the nearest deadline first."""
    waiting = Booking.objects.filter(institution_id=institution.pk, kind=Booking.Kind.CARE, status=S.REQUESTED)
    return list(waiting.exclude(lapsed(now)).select_related("child", "product", "pool").order_by("expires_at", "pk"))


def booking_here(institution: Institution, public_id: str) -> Booking | None:
    """A care booking of this institution, None for another's."""
    found = Booking.objects.filter(institution_id=institution.pk, kind=Booking.Kind.CARE, public_id=public_id)
    return found.select_related("child", "product", "pool", "family", "created_by").first()


def _row(
    booking: Booking,
    now: dt.datetime,
    undoable: set[int],
    pickups: dict[int, list[PickupPerson]],
    known: set[int],
) -> ChildRow:
    child = booking.child
    late = overstay = 0
    # Once the stay is over nobody waits for the child any more: it was missed.
    missed = booking.status == S.CONFIRMED and now >= booking.ends_at
    if booking.status == S.CONFIRMED and now - booking.starts_at >= GRACE:
        late = int((now - booking.starts_at).total_seconds() // 60)
    if booking.status == S.ARRIVED and now - booking.ends_at >= GRACE:
        overstay = int((now - booking.ends_at).total_seconds() // 60)
    return ChildRow(
        booking=booking,
        age_months=age_in_months(child.birth_date, booking.service_date) if child else 0,
        late_minutes=late,
        overstay_minutes=overstay,
        is_missed=missed,
        is_early=booking.status == S.CONFIRMED and is_early(booking, now=now),
        can_undo=booking.pk in undoable,
        shows_health=child_visible_on(booking.service_date, now),
        first_visit=child is not None and child.pk not in known,
        pickup=pickups.get(booking.family_id, []),
    )


def _tell_apart(rows: list[ChildRow]) -> None:
    """Mark the children of one nickname: the row then says more of each."""
    names: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.booking.child:
            names[row.booking.child.nickname].add(row.booking.child.pk)
    for row in rows:
        row.has_twin = row.booking.child is not None and len(names[row.booking.child.nickname]) > 1


def _undoable(bookings: list[Booking], now: dt.datetime) -> set[int]:
    """Bookings whose last mark can be taken back; events are read of those that were marked just now."""
    recent = {row.pk: row for row in bookings if row.status in MARKED and now - row.changed_at <= UNDO_WITHIN}
    events: dict[int, list[BookingEvent]] = defaultdict(list)
    for event in BookingEvent.objects.filter(booking_id__in=recent).order_by("at", "pk"):
        events[event.booking_id].append(event)
    return {pk for pk, row in recent.items() if undoable_mark(row, events[pk], now=now)}


def _pickups(family_ids: set[int]) -> dict[int, list[PickupPerson]]:
    found: dict[int, list[PickupPerson]] = {}
    for person in PickupPerson.objects.filter(family_id__in=family_ids).order_by("pk"):
        found.setdefault(person.family_id, []).append(person)
    return found


def _been_here(institution: Institution, child_ids: set[int], day: dt.date) -> set[int]:
    """Children who were in this institution on an earlier day."""
    earlier = Booking.objects.filter(
        institution_id=institution.pk, child_id__in=child_ids, service_date__lt=day, arrived_at__isnull=False
    )
    return {pk for pk in earlier.values_list("child_id", flat=True).distinct() if pk is not None}
