"""Which bookings stopping care touches: for some days or for good, all day or a part of it, all classes or one kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from booking.places.models import Booking, BookingEvent
from booking.places.states import OPEN, WAITING
from cms.core.calendar.times import at, clock_of_minute, day_bounds, local_date, minutes_of
from directory.register.models import ClosingDay, Institution, OpeningRule
from directory.register.models.offering import DAY_MINUTES
from directory.register.ports import Touched
from directory.register.queries.impact import Impact, impact_of

#: Children inside stay.
STOPPABLE = OPEN - {Booking.Status.ARRIVED.value}
#: Whose family is told; a hold is no booking yet.
TOLD = STOPPABLE - {Booking.Status.HELD.value}


@dataclass(frozen=True, slots=True)
class ClosedSpan:
    """Days, both inclusive (``last`` None: for good), minutes of each, and the kind of class ("" for all)."""

    first: dt.date
    last: dt.date | None
    class_kind: str = ""
    from_minute: int = 0
    to_minute: int = DAY_MINUTES

    @property
    def days(self) -> list[dt.date]:
        """Each of its days; none where it has no end."""
        return [] if self.last is None else _days(self.first, self.last)

    @property
    def is_whole_day(self) -> bool:
        return (self.from_minute, self.to_minute) == (0, DAY_MINUTES)

    @property
    def clocks(self) -> tuple[dt.time, dt.time]:
        """From when to when, where it is not the whole day."""
        return clock_of_minute(self.from_minute), clock_of_minute(self.to_minute)


def list_affected(
    institution: Institution, *, span: ClosedSpan, now: dt.datetime, statuses: Collection[str] = STOPPABLE
) -> QuerySet[Booking]:
    """Bookings that stopping care at ``now`` cancels, by time. Children inside and stays that have begun are left."""
    found = Booking.objects.filter(
        institution=institution,
        kind=Booking.Kind.CARE,
        status__in=statuses,
        service_date__gte=span.first,
        starts_at__gt=now,
    )
    if span.last is not None:
        found = found.filter(service_date__lte=span.last)
    if span.class_kind:
        found = found.filter(pool__bucket=span.class_kind)
    if not span.is_whole_day:
        found = found.filter(_at_these_hours(span))
    return found.select_related("child", "product").order_by("starts_at", "pk")


def list_left(institution: Institution, *, span: ClosedSpan, now: dt.datetime) -> QuerySet[Booking]:
    """Stays that have begun, or whose child is in, and that the closing falls into: they are left, so somebody has to
    call.
    """
    begun = Q(status=Booking.Status.ARRIVED) | Q(status=Booking.Status.CONFIRMED, starts_at__lte=now, ends_at__gt=now)
    today = local_date(now)
    found = Booking.objects.filter(
        begun, institution=institution, kind=Booking.Kind.CARE, service_date__in={today} & set(span.days)
    )
    if span.class_kind:
        found = found.filter(pool__bucket=span.class_kind)
    if not span.is_whole_day:
        found = found.filter(_at_these_hours(span))
    return found.select_related("child", "product").order_by("starts_at", "pk")


def is_over(institution: Institution, span: ClosedSpan, now: dt.datetime) -> bool:
    """Whether nothing of the span is to come: its hours have passed, or its classes have closed for today."""
    if span.last is None or span.last > local_date(now):
        return False
    rules = OpeningRule.objects.filter(
        class_group__institution=institution, class_group__active=True, weekday=span.last.weekday()
    )
    if span.class_kind:
        rules = rules.filter(class_group__kind=span.class_kind)
    closes = rules.aggregate(closes=Max("closes"))["closes"]
    minute = min(span.to_minute, minutes_of(closes)) if closes else span.to_minute
    return day_bounds(span.last)[0] + dt.timedelta(minutes=minute) <= now


def list_cancelled(institution: Institution, closings: Sequence[ClosingDay]) -> list[Booking]:
    """Bookings of these closed days that the closings called off, by time; one query, none without closings."""
    if not closings:
        return []
    called_off = Q(pk__in=())
    for row in closings:
        span = ClosedSpan(row.date, row.date, row.class_kind, row.from_minute, row.to_minute)
        told = BookingEvent.objects.filter(
            booking=OuterRef("pk"),
            from_status__in=TOLD,
            to_status=Booking.Status.CANCELLED,
            side=BookingEvent.Side.INSTITUTION,
            reason=row.reason,
            at__gte=row.created_at,
        )
        part = Q(service_date=row.date) & _at_these_hours(span) & Q(Exists(told))
        called_off |= part & Q(pool__bucket=row.class_kind) if row.class_kind else part
    found = Booking.objects.filter(
        called_off, institution=institution, kind=Booking.Kind.CARE, status=Booking.Status.CANCELLED
    )
    return list(found.select_related("child", "pool").order_by("starts_at", "pk"))


def days_still_open(institution: Institution, span: ClosedSpan) -> list[dt.date]:
    """Days of the span that no earlier closing covers as a whole."""
    covering = ClosingDay.objects.filter(
        institution=institution,
        date__range=(span.first, span.last),
        class_kind__in={"", span.class_kind},
        from_minute__lte=span.from_minute,
        to_minute__gte=span.to_minute,
    )
    covered = set(covering.values_list("date", flat=True))
    return [day for day in span.days if day not in covered]


def _at_these_hours(span: ClosedSpan) -> Q:
    """Overlaps the closed minutes on one of the days."""
    condition = Q(pk__in=())
    for day in span.days:
        midnight = at(day, dt.time.min)
        opens = midnight + dt.timedelta(minutes=span.from_minute)
        closes = midnight + dt.timedelta(minutes=span.to_minute)
        condition |= Q(starts_at__lt=closes, ends_at__gt=opens)
    return condition


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def impact_of_span(institution: Institution, span: ClosedSpan, *, now: dt.datetime) -> Impact:
    """What closing the span touches, in every app that holds bookings."""
    return impact_of(
        institution_id=institution.pk,
        first=span.first,
        last=span.last,
        class_kind=span.class_kind,
        minutes=(span.from_minute, span.to_minute),
        now=now,
    )


def touched_by_stop(
    *,
    institution_id: int,
    first: dt.date,
    last: dt.date | None,
    class_kind: str,
    minutes: tuple[int, int],
    only_waiting: bool,
    now: dt.datetime,
) -> Sequence[Touched]:
    """Care's answer to the port ``register.impact``: the bookings whose families are told; one query."""
    span = ClosedSpan(first, last, class_kind, *minutes)
    statuses = TOLD & WAITING if only_waiting else TOLD
    found = list_affected(Institution(pk=institution_id), span=span, now=now, statuses=statuses)
    return [
        Touched(booking.pk, booking.family_id, booking.child_id, booking.starts_at, booking.ends_at, is_ended=True)
        for booking in found
    ]
