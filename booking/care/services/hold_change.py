"""Holding places out of the parent's flow, where an earlier hold of the same parent may be in the way.

In the API a hold is a hold. On the pages a parent goes back, picks another time and expects it to work: their hold
that was not confirmed yet gives way.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from booking.care.queries.bookings import bookings_of
from booking.care.queries.replacements import replacement_of
from booking.care.services.holds import hold_care
from booking.care.services.replaced_holds import HoldReplaced, give_back_holds
from booking.places import refusals
from booking.places.models import Booking
from booking.places.states import has_lapsed, lapsed
from cms.accounts.models import User

#: So often another page may have changed the same hold between the look and the lock.
TRIES = 3


@dataclass(frozen=True, slots=True)
class StayRequest:
    """A stay a parent asks for; all ids are public ones. ``replaces`` is the held booking that is being changed."""

    institution: str
    child: str
    mode: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    product: str = ""
    replaces: str = ""


def hold_or_replace(*, user: User, stay: StayRequest, key: str, now: dt.datetime) -> Booking:
    """Hold what is asked for, and give back the own unconfirmed holds that it replaces, in one transaction.

    The same stay as a live hold answers that hold. A refusal leaves the earlier holds as they were. Where another page
    changed the same hold meanwhile, what it became gives way. Raises the refusals of ``hold_care``.
    """
    earlier = list(_holds_to_replace(user, stay, now))
    for _try in range(TRIES):
        try:
            return _replace(earlier, user=user, stay=stay, key=key, now=now)
        except (HoldReplaced, refusals.Duplicate, refusals.Full) as problem:
            current = list(_holds_to_replace(user, stay, now))
            if current == earlier and not isinstance(problem, HoldReplaced):
                raise
            earlier = current
    raise refusals.Busy


def _replace(earlier: list[Booking], *, user: User, stay: StayRequest, key: str, now: dt.datetime) -> Booking:
    same = next((booking for booking in earlier if _is_same(booking, stay)), None)
    replaces = [booking.pk for booking in earlier if booking is not same]
    if same is not None:
        give_back_holds(user=user, ids=replaces, to=same.public_id, now=now)
        return same
    booking = _ask(user=user, stay=stay, key=_key_of(key, stay), replaces=replaces, now=now)
    if booking.status == Booking.Status.HELD and not has_lapsed(booking, now=now):
        return booking
    if booking.status in (Booking.Status.CONFIRMED, Booking.Status.REQUESTED):
        return booking
    # The page was opened before that booking ended; sending it again asks once more.
    return _ask(user=user, stay=stay, key=_key_of(f"{key}{now.timestamp():.0f}", stay), replaces=replaces, now=now)


def _ask(*, user: User, stay: StayRequest, key: str, replaces: list[int], now: dt.datetime) -> Booking:
    return hold_care(
        user=user,
        institution=stay.institution,
        child=stay.child,
        mode=stay.mode,
        starts_at=stay.starts_at,
        ends_at=stay.ends_at,
        product=stay.product or None,
        key=key,
        now=now,
        replaces=replaces,
    ).booking


def _key_of(key: str, stay: StayRequest) -> str:
    """One opening of the page may ask for several stays in turn (Back, another choice): each has a key of its own."""
    return hashlib.sha256(f"{key}\0{stay!r}".encode()).hexdigest()


def _holds_to_replace(user: User, stay: StayRequest, now: dt.datetime) -> QuerySet[Booking]:
    """The user's own holds that are in the way, and the family's one that is being changed (or what another page has
    made of it), whoever made it.
    """
    in_the_way = Q(created_by=user, child__public_id=stay.child, starts_at__lt=stay.ends_at, ends_at__gt=stay.starts_at)
    if stay.replaces:
        changed = bookings_of(user).filter(public_id=stay.replaces).first()
        current = (replacement_of(user, changed) or changed) if changed else None
        in_the_way |= Q(pk=current.pk if current else None)
    held = Booking.objects.filter(family__members__user=user, status=Booking.Status.HELD).exclude(lapsed(now))
    return held.filter(in_the_way).select_related("institution", "child", "product")


def _is_same(booking: Booking, stay: StayRequest) -> bool:
    parts = (booking.institution, booking.child, booking.product)
    institution, child, product = (part.public_id if part else "" for part in parts)
    return (institution, child, booking.mode, booking.starts_at, booking.ends_at) == (
        stay.institution,
        stay.child,
        stay.mode,
        stay.starts_at,
        stay.ends_at,
    ) and stay.product in ("", product)
