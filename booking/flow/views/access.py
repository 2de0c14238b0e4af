"""How the pages of the flow reach what belongs to the visitor: absent and somebody else's look the same."""

from __future__ import annotations

from django.http import Http404

from booking.care.queries.bookings import booking_of
from booking.care.queries.offering import public_institution
from booking.places.models import Booking
from cms.accounts.family.queries.families import child_of
from cms.accounts.models import Child, User
from cms.core.errors import NotFound
from directory.register.models import Institution


def institution_or_404(public_id: str) -> Institution:
    """The institution of the address."""
    try:
        return public_institution(public_id)
    except NotFound as error:
        raise Http404 from error


def booking_or_404(user: User, public_id: str) -> Booking:
    """The family's care booking of the address."""
    try:
        return booking_of(user, public_id)
    except NotFound as error:
        raise Http404 from error


def child_or_none(user: User, public_id: str) -> Child | None:
    """The child of the query, if it is the family's."""
    if not public_id:
        return None
    try:
        return child_of(user, public_id)
    except NotFound:
        return None
