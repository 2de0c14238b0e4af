"""Days on which nobody said how a child's stay ended: still open, or ended by the nightly job."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from booking.places.models import Booking, BookingEvent
from booking.places.states import CORRECT_WITHIN, UNANSWERED, UNMARKED
from directory.register.models import Institution


@dataclass(frozen=True, slots=True)
class OpenDay:
    """``not_fetched`` came and were never checked out; of ``not_marked`` nothing is recorded."""

    day: dt.date
    not_fetched: int
    not_marked: int


def open_days(institution: Institution, today: dt.date) -> list[OpenDay]:
    """The days before today that can still be answered, the last one first; one query."""
    found = _unanswered(institution).filter(service_date__gte=today - CORRECT_WITHIN, service_date__lt=today)
    came = Count("pk", filter=Q(arrived_at__isnull=False))
    days = found.values("service_date").annotate(came=came, all=Count("pk")).order_by("-service_date")
    return [OpenDay(row["service_date"], row["came"], row["all"] - row["came"]) for row in days]


def unanswered_on(institution: Institution, day: dt.date, now: dt.datetime) -> list[Booking]:
    """Whose stay of that day is over and unanswered, by time; one query."""
    found = _unanswered(institution).filter(service_date=day, ends_at__lte=now)
    return list(found.select_related("child", "pool").order_by("starts_at", "pk"))


def _unanswered(institution: Institution) -> QuerySet[Booking]:
    """Care without an end by anybody. What the job ended counts until its last event is somebody's."""
    ended = BookingEvent.objects.filter(booking=OuterRef("pk"), at=OuterRef("changed_at"), reason=UNANSWERED)
    care = Booking.objects.filter(institution_id=institution.pk, kind=Booking.Kind.CARE)
    by_job = Q(status=Booking.Status.COMPLETED, left_at__isnull=True) & Q(Exists(ended))
    return care.filter(Q(status__in=UNMARKED) | by_job)
