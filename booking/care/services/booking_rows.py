"""The booking that an act is about, read and locked in the act's transaction; somebody else's is not there."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.db.models import F, QuerySet

from booking.places import refusals
from booking.places.models import Booking, BookingPolicy, PlacesConfirmation
from cms.accounts.models import Child, FamilyMember, User
from cms.core.runtime.django_internals import cache_relation
from cms.core.runtime.plain_rows import Columns
from cms.core.runtime.sql import moment_out, rows, with_tables
from directory.districts.models import District
from directory.register.models import Institution

BOOKING = Columns(Booking, "b")
INSTITUTION = Columns(Institution, "i", "id", "public_id", "is_public", "state")
DISTRICT = Columns(District, "d", "id", "code")
CHILD = Columns(Child, "c", "id", "public_id")
POLICY = Columns(BookingPolicy, "pol")
#: A family's booking with what confirming and answering need.
OWN_BOOKING = with_tables(
    f"""
SELECT {BOOKING}, {DISTRICT}, {INSTITUTION}, {CHILD}, {POLICY}, f.places_confirmed_at
  FROM {{FamilyMember}} m
  JOIN {{Booking}} b ON b.family_id = m.family_id
  JOIN {{District}} d ON d.id = b.district_id
  JOIN {{Child}} c ON c.id = b.child_id AND c.family_id = b.family_id
  LEFT JOIN {{Institution}} i ON i.id = b.institution_id
  LEFT JOIN {{BookingPolicy}} pol ON pol.institution_id = b.institution_id
  LEFT JOIN {{PlacesConfirmation}} f ON f.institution_id = b.institution_id
 WHERE m.user_id = %s AND b.public_id = %s AND b.kind = 'care'
""",  # noqa: S608  # names of ours
    FamilyMember,
    Booking,
    Institution,
    District,
    Child,
    BookingPolicy,
    PlacesConfirmation,
)
#: The booking, then its child: no erasure goes on beside.
LOCK_OWN = " FOR NO KEY UPDATE OF b, c"


class OwnBooking(NamedTuple):
    """A family's booking, its institution's rules, and when the institution last vouched for its places."""

    booking: Booking
    policy: BookingPolicy
    places_confirmed_at: dt.datetime | None


def lock_own_booking(*, user: User, public_id: str) -> OwnBooking:
    """A care booking of the user's family, locked with its child. Raises ``NotThere``.

    Of institution, district and child only the ids are loaded, the institution's standing and the district's code;
    other fields are fetched when they are read.
    """
    lock = LOCK_OWN if connection.features.has_select_for_update else ""
    found = rows(OWN_BOOKING + lock, [user.pk, public_id])
    booking = BOOKING.make(found[0]) if found else None
    if booking is None:
        raise refusals.NotThere
    begin = len(BOOKING)
    cache_relation(booking, "district", DISTRICT.make(found[0], begin))
    begin += len(DISTRICT)
    cache_relation(booking, "institution", INSTITUTION.make(found[0], begin))
    begin += len(INSTITUTION)
    cache_relation(booking, "child", CHILD.make(found[0], begin))
    policy = POLICY.make(found[0], begin + len(CHILD)) or BookingPolicy(institution_id=booking.institution_id or 0)
    confirmed = found[0][-1]
    return OwnBooking(booking, policy, moment_out(confirmed) if confirmed else None)


def lock_booking_at(institution: Institution, public_id: str) -> Booking:
    """A booking of the institution, locked. Raises ``NotThere``."""
    return _locked(Booking.objects.filter(institution=institution), public_id)


def lock_request_at(institution: Institution, public_id: str) -> Booking:
    """A care booking of the institution, locked with its child. Raises ``NotThere``, also if the child was erased."""
    whose = Booking.objects.filter(institution=institution, child__family=F("family"))
    return _locked(whose, public_id, of=("self", "child"))


def lock_booking_at_door(institution: Institution | None, public_id: str) -> Booking:
    """The booking at the door of an institution, or (None) of a session run by district staff, locked."""
    if institution is not None:
        return lock_booking_at(institution, public_id)
    return _locked(Booking.objects.filter(kind=Booking.Kind.SESSION), public_id)


def _locked(among: QuerySet[Booking], public_id: str, *, of: tuple[str, ...] = ("self",)) -> Booking:
    wanted = among.filter(public_id=public_id).select_related(
        "institution__booking_policy", "district", "child", "product"
    )
    found = wanted.select_for_update(of=of, no_key=True).first()
    if found is None:
        raise refusals.NotThere
    return found
