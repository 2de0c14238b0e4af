"""Holding places out of the parent's flow, where an earlier hold of the same parent may stand in the way.

In the API a hold is a hold. On the pages a parent goes back, picks another time and expects it to work: the own hold
that was not confirmed yet gives way.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from booking.care.services.holds import Held, hold_care
from booking.care.services.moves import cancel_booking
from booking.places.models import Booking
from booking.places.refusals import WrongState
from cms.accounts.models import User


@dataclass(frozen=True, slots=True)
class Wish:
    """A stay a parent asks for; all ids are public ones. ``replaces`` is the held booking that is being changed."""

    institution: str
    child: str
    mode: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    product: str = ""
    replaces: str = ""


def hold_wish(*, user: User, wish: Wish, key: str, now: dt.datetime) -> Booking:
    """Hold what is wished for, and give back the own unconfirmed holds that it replaces.

    The same wish as a live hold answers that hold. A refusal leaves the earlier hold as it was: one at the same hours
    is given back in the transaction that takes the new one, any other only after it. Raises the refusals of
    ``hold_care``.
    """
    earlier = list(_own_holds(user, wish, now))
    same = next((booking for booking in earlier if _is_same(booking, wish)), None)
    if same is not None:
        return same
    in_the_way = [booking for booking in earlier if _overlaps(booking, wish)]
    if in_the_way:
        with transaction.atomic():
            _give_back(in_the_way, user=user, now=now)
            held = _hold(user=user, wish=wish, key=key, now=now)
    else:
        held = _hold(user=user, wish=wish, key=key, now=now)
    _give_back([booking for booking in earlier if booking not in in_the_way], user=user, now=now)
    return held


def _give_back(bookings: list[Booking], *, user: User, now: dt.datetime) -> None:
    for booking in bookings:
        # One that ran out or was confirmed in this very moment needs nothing, or stays.
        with contextlib.suppress(WrongState):
            cancel_booking(user=user, booking=booking.public_id, now=now)


def _hold(*, user: User, wish: Wish, key: str, now: dt.datetime) -> Booking:
    booking = _ask(user=user, wish=wish, key=_key_of(key, wish), now=now).booking
    if booking.status == Booking.Status.HELD and booking.expires_at and booking.expires_at > now:
        return booking
    if booking.status in (Booking.Status.CONFIRMED, Booking.Status.REQUESTED):
        return booking
    # The page was opened before that booking ended; sending it again asks anew.
    return _ask(user=user, wish=wish, key=_key_of(f"{key}{now.timestamp():.0f}", wish), now=now).booking


def _ask(*, user: User, wish: Wish, key: str, now: dt.datetime) -> Held:
    return hold_care(
        user=user,
        institution=wish.institution,
        child=wish.child,
        mode=wish.mode,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        product=wish.product or None,
        key=key,
        now=now,
    )


def _key_of(key: str, wish: Wish) -> str:
    """One opening of the page may ask for several stays in turn (Back, another choice): each has a key of its own."""
    return hashlib.sha256(f"{key}\0{wish!r}".encode()).hexdigest()


def _own_holds(user: User, wish: Wish, now: dt.datetime) -> QuerySet[Booking]:
    in_the_way = Q(child__public_id=wish.child, starts_at__lt=wish.ends_at, ends_at__gt=wish.starts_at)
    if wish.replaces:
        in_the_way |= Q(public_id=wish.replaces)
    held = Booking.objects.filter(created_by=user, status=Booking.Status.HELD, expires_at__gt=now)
    return held.filter(in_the_way).select_related("institution", "child", "product")


def _overlaps(booking: Booking, wish: Wish) -> bool:
    return booking.starts_at < wish.ends_at and booking.ends_at > wish.starts_at


def _is_same(booking: Booking, wish: Wish) -> bool:
    institution, child, product = booking.institution, booking.child, booking.product
    if institution is None or child is None or product is None:
        return False
    return (institution.public_id, child.public_id, booking.mode, booking.starts_at, booking.ends_at) == (
        wish.institution,
        wish.child,
        wish.mode,
        wish.starts_at,
        wish.ends_at,
    ) and wish.product in ("", product.public_id)
