"""Holding places for a stay: look without a lock, then one short transaction in the one lock order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from booking.care.ports import credits
from booking.care.services.expiry import expire_overdue_in, expire_overdue_of_child
from booking.care.services.hold_data import HoldFacts, HoldRequest
from booking.care.services.hold_facts import read_day_places, read_hold_facts, read_units
from booking.care.services.hold_rules import UNITS, PlacesToTake, choose_places
from booking.care.services.hold_sql import insert_hold, insert_key, lock_child
from booking.care.services.replaced_holds import give_way
from booking.care.services.transition import (
    PendingEffects,
    emit_pending,
    free_ledger,
    give_back_credits,
)
from booking.places import refusals
from booking.places.models import Booking, ChildSlot, IdempotencyKey
from booking.places.queries.offers import Offer, OfferTerms, list_offers, offers_of
from booking.places.services.cells import PlacesGone, change_cells
from booking.places.services.locking import Outdated, retry_once_when_locked
from booking.places.stay_rules import free_cancel_until, price, slots_between
from cms.accounts.models import User
from cms.core.calendar.times import age_in_months
from cms.core.runtime.sql import violates
from cms.core.security.codes import new_public_id, new_reference
from directory.register.models import Institution

HOLD = dt.timedelta(minutes=15)
#: So often places may be lost to others between the look and the take.
TRIES = 2


@dataclass(slots=True)
class Held:
    """The answer: the booking, and whether it was made by an earlier request with the same key."""

    booking: Booking
    replayed: bool = False


def hold_care(
    *,
    user: User,
    institution: str,
    child: str,
    mode: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    key: str,
    now: dt.datetime,
    product: str | None = None,
    voucher: str | None = None,
    replaces: Sequence[int] = (),
) -> Held:
    """Hold one place for a child for 15 minutes.

    ``institution``, ``child`` and ``product`` are public ids; without ``product`` the cheapest matching one is taken.
    ``replaces`` are ids of the user's own holds: they are given back in the same transaction, or stay as they are
    where the new one is refused (``HoldReplaced`` where one of them gave way to another meanwhile). The same ``key``
    with the same request answers the same booking (``replayed``). Raises the refusals of ``booking.places.refusals``;
    ``Full.extra["alternatives"]`` holds the other offers of that day.
    """
    if not key:
        raise refusals.KeyRequired
    own = tuple(sorted(replaces))
    request = HoldRequest(user, institution, child, mode, starts_at, ends_at, product, voucher, key, now, own)
    return retry_once_when_locked(lambda: _hold(request))


def _hold(request: HoldRequest) -> Held:
    """Look and take; again where somebody was faster, and after what ran out was cleared out of the way."""
    cells_cleared = child_cleared = False
    losses = 0
    while losses < TRIES:
        facts = _look(request)
        if facts.key_hash is not None:
            return _replay(request, facts)
        places = choose_places(request, facts, read_units(request.replaces) if request.replaces else {})
        if places.short:
            if cells_cleared or not facts.overdue:
                break
            expire_overdue_in(places.short, now=request.now)
            cells_cleared = True
            continue
        try:
            return Held(_take(request, facts, places))
        except PlacesGone:
            losses += 1
        except IntegrityError as error:
            if violates(error, IdempotencyKey, "idempotency_key_once"):
                return _replay(request, _look(request))
            if not violates(error, ChildSlot, "child_slot_once"):
                raise
            if child_cleared:
                raise refusals.Duplicate from error
            expire_overdue_of_child(facts.child.id, now=request.now)
            child_cleared = True
    raise refusals.Full(alternatives=_alternatives(request, facts, places))


def _look(request: HoldRequest) -> HoldFacts:
    facts = read_hold_facts(request)
    if facts is None:
        raise refusals.NotThere
    return facts


def _replay(request: HoldRequest, facts: HoldFacts) -> Held:
    """The booking that an earlier request with the key made."""
    if facts.key_hash is None:
        raise refusals.Busy
    if facts.key_hash != request.fingerprint():
        raise refusals.KeyReused
    booking = Booking.objects.select_related("institution", "child", "product").get(
        public_id=facts.key_answer["booking"]
    )
    return Held(booking, replayed=True)


def _alternatives(request: HoldRequest, facts: HoldFacts, places: PlacesToTake) -> list[Offer]:
    """What else the day offers, as the offers call says it: where something ran out, its places count as free."""
    if facts.overdue:
        return list_offers(
            institution=Institution(pk=facts.institution_id),
            age_months=age_in_months(facts.birth_date, request.day),
            day=request.day,
            now=request.now,
        )
    cells = read_day_places(places.own, places.house, request.day)
    return offers_of(facts.products, cells, OfferTerms(policy=facts.terms, day=request.day, now=request.now))


def _take(request: HoldRequest, facts: HoldFacts, places: PlacesToTake) -> Booking:
    """The transaction: key, replaced holds, child, credits, booking, ledger, slots, cells; nothing slow inside."""
    booking = _new_booking(request, facts, places)
    pending = PendingEffects()
    with transaction.atomic():
        _lock_key_and_child(request, facts, public_id=booking.public_id, pending=pending)
        give_back_credits(pending, now=request.now)
        provider = credits.get()
        if provider is not None and request.voucher:
            booking.credit = provider.hold(booking=booking, voucher=request.voucher, now=request.now)
        free_ledger(pending)
        insert_hold(booking, cells=places.cells, slots=slots_between(request.starts_at, request.ends_at))
        pending.add_cells(places.cells)
        change_cells(pending.cells, sold_by=facts.institution_id)
        emit_pending(pending, now=request.now)
    return booking


def _lock_key_and_child(request: HoldRequest, facts: HoldFacts, *, public_id: str, pending: PendingEffects) -> None:
    """The key, the replaced holds, the child: from here on nobody erases or corrects it. Raises ``Outdated``,
    ``HoldReplaced``.
    """
    same_child = insert_key(
        actor_id=request.user.pk,
        key=request.key,
        request_hash=request.fingerprint(),
        answer={"booking": public_id},
        now=request.now,
        child=None if request.replaces else facts.child,
    )
    if request.replaces:
        give_way(request.replaces, user=request.user, to=public_id, now=request.now, pending=pending)
        same_child = lock_child(facts.child)
    if not same_child:
        raise Outdated


def _new_booking(request: HoldRequest, facts: HoldFacts, places: PlacesToTake) -> Booking:
    zone = timezone.get_default_timezone()
    return Booking(
        public_id=new_public_id(),
        reference=new_reference(),
        kind=Booking.Kind.CARE,
        status=Booking.Status.HELD,
        district_id=facts.district_id,
        family_id=facts.child.family_id,
        created_by_id=request.user.pk,
        institution_id=facts.institution_id,
        product_id=places.product.id,
        child_id=facts.child.id,
        pool_id=places.own.id,
        mode=request.mode,
        units=UNITS,
        service_date=request.day,
        starts_at=request.starts_at.astimezone(zone),
        ends_at=request.ends_at.astimezone(zone),
        amount=price(places.product, facts.terms, request.starts_at, request.ends_at),
        credit=0,
        free_cancel_until=free_cancel_until(facts.terms, request.day),
        expires_at=request.now + HOLD,
        created_at=request.now,
        changed_at=request.now,
    )
