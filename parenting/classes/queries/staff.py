"""Class sessions as the staff of a district see them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from cms.core.web.staff_scope import Person
from directory.districts.models.offices import HEALTH
from directory.districts.queries.people import departments_of, districts_of
from directory.register.ports import TimelinePart
from parenting.classes.enums import SessionStatus
from parenting.classes.models import ClassSession, SessionPlaces

#: What is to come by time, then what is over, the last first.
NEXT_FIRST = ("is_past", "begins_next", "-begins", "pk")

#: What became of the classes that an institution hosts, in the district that is its own, belongs to its history.
CLASS_HISTORY = TimelinePart(
    ClassSession,
    lambda key: ClassSession.objects.filter(host=key, district=F("host__district")),
    lambda label: _("课堂：%s") % label,
)


def sessions_of_staff(user: Person) -> QuerySet[ClassSession]:
    """Sessions of the districts the user works for, drafts too."""
    return ClassSession.objects.filter(district__in=districts_of(user))


def sessions_run_by(user: Person) -> QuerySet[ClassSession]:
    """Those of them that the user may change and whose families the user may see.

    妇幼保健 and 卫健 run those of the whole district; any other office its own, as the consent says.
    """
    found, departments = sessions_of_staff(user), departments_of(user)
    if getattr(user, "is_superuser", False) or departments & set(HEALTH):
        return found
    return found.filter(department__in=departments)


def staff_session(user: Person, public_id: str) -> ClassSession | None:
    """One session that the user runs, with its places."""
    found = sessions_run_by(user).select_related("places__cell", "district")
    return found.filter(public_id=public_id, places__isnull=False).first()


def places_of(session: ClassSession) -> SessionPlaces | None:
    """The places of a session, None for a draft that was never published."""
    return getattr(session, "places", None)


def with_status(sessions: QuerySet[ClassSession], *, now: dt.datetime) -> QuerySet[ClassSession]:
    """Adds ``status`` (a ``SessionStatus``) and what ``NEXT_FIRST`` sorts by: a draft counts by its own times."""
    ends, starts = Coalesce("places__ends_at", "ends_at"), Coalesce("places__starts_at", "starts_at")
    status = Case(
        When(places__cancelled_at__isnull=False, places__taken_down=False, then=Value(SessionStatus.CANCELLED.value)),
        When(Q(places__isnull=True) | Q(live=False), then=Value(SessionStatus.DRAFT.value)),
        When(places__ends_at__lte=now, then=Value(SessionStatus.OVER.value)),
        default=Value(SessionStatus.PUBLISHED.value),
    )
    found = sessions.annotate(
        status=status, begins=starts, is_past=Case(When(GreaterThan(ends, now), then=0), default=1)
    )
    return found.annotate(begins_next=Case(When(is_past=0, then=F("begins"))))
