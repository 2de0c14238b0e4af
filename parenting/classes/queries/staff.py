"""Class sessions as the staff of a district see them."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.core.web.staff_scope import Person
from directory.districts.queries.people import districts_of
from parenting.classes.models import ClassSession, SessionPlaces


def sessions_of_staff(user: Person) -> QuerySet[ClassSession]:
    """Sessions of the districts the user works for, drafts too."""
    return ClassSession.objects.filter(district__in=districts_of(user))


def staff_session(user: Person, public_id: str) -> ClassSession | None:
    """One session of the user's districts, with its places."""
    found = sessions_of_staff(user).select_related("places__cell", "district")
    return found.filter(public_id=public_id, places__isnull=False).first()


def places_of(session: ClassSession) -> SessionPlaces | None:
    """The places of a session, None for a draft that was never published."""
    return getattr(session, "places", None)
