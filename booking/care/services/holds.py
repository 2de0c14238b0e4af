"""Holding places for a stay: the pre-check, then one short transaction in the one lock order."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from booking.care.extension import credits
from booking.care.services import take
from booking.care.services.expiry import expire_bookings, expire_overdue_of_child
from booking.places import refusals
from booking.places.models import Booking, BookingEvent, BookingPolicy
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.queries.offers import Offer, OfferTerms, PoolCells, offers_of
from booking.places.queries.policy import free_cancel_until, last_call, last_day
from booking.places.queries.windows import misfit, price
from booking.places.services.cells import PlacesGone, change_cells
from booking.places.services.locking import retry_once_when_locked
from cms.accounts.models import User
from cms.core.calendar.times import age_in_months, day_bounds, local_date
from cms.core.security.codes import new_public_id, new_reference
from directory.districts.class_kinds import class_kinds_for
from directory.register.models import Institution

HOLD = dt.timedelta(minutes=15)
UNITS = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody asks for."""

    user: User
    institution: str
    child: str
    mode: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    product: str | None
    voucher: str | None
    key: str
    now: dt.datetime

    @property
    def day(self) -> dt.date:
        return local_date(self.starts_at)

    def fingerprint(self) -> str:
        """Hash of what is asked, so that a key can't serve two different requests."""
        parts = (
            self.institution,
            self.child,
            self.mode,
            self.product or "",
            self.starts_at.astimezone(dt.UTC).isoformat(),
            self.ends_at.astimezone(dt.UTC).isoformat(),
            self.voucher or "",
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(slots=True)
class Fitting:
    """What an attempt comes to: product, pools and cells."""

    ground: take.Ground
    policy: BookingPolicy
    product: take.Product
    pool_id: int
    cells: dict[int, int]


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
) -> Held:
    """Hold one place for a child for 15 minutes.

    ``institution``, ``child`` and ``product`` are public ids; without ``product`` the cheapest fitting one is taken.
    The same ``key`` with the same request answers the same booking (``replayed``). Raises the refusals of
    ``booking.places.refusals``; ``Full.extra["alternatives"]`` holds the other offers of that day.
    """
    if not key:
        raise refusals.KeyRequired
    attempt = Attempt(user, institution, child, mode, starts_at, ends_at, product, voucher, key, now)
    return retry_once_when_locked(lambda: _hold(attempt))


def _hold(attempt: Attempt, *, again: bool = False) -> Held:
    ground = take.read_ground(
        user_id=attempt.user.pk,
        child=attempt.child,
        institution=attempt.institution,
        key=attempt.key,
        starts_at=attempt.starts_at,
        ends_at=attempt.ends_at,
        day=attempt.day,
        now=attempt.now,
    )
    if ground is None:
        raise refusals.NotThere
    if ground.key_hash is not None:
        return _replay(attempt, ground)
    policy = _policy(ground)
    product = _check_rules(attempt, ground, policy)
    try:
        fitting = _find_places(attempt, ground, policy, product)
    except refusals.Full as full:
        if again or not expire_bookings(full.extra["overdue"], now=attempt.now):
            raise
        return _hold(attempt, again=True)
    try:
        return Held(_take(attempt, fitting))
    except PlacesGone:
        # Somebody was faster between look and take: look again, which also lists what else there is.
        if again:
            raise refusals.Full(alternatives=[]) from None
        return _hold(attempt, again=True)
    except _KeyTaken:
        return _hold(attempt)
    except _ChildElsewhere:
        if again or not expire_overdue_of_child(fitting.ground.child_id, now=attempt.now):
            raise refusals.Duplicate from None
        return _hold(attempt, again=True)


class _KeyTaken(Exception):
    """Another request with the same key was first."""


class _ChildElsewhere(Exception):
    """The child's quarter of an hour is taken."""


def _replay(attempt: Attempt, ground: take.Ground) -> Held:
    if ground.key_hash != attempt.fingerprint():
        raise refusals.KeyReused
    booking = Booking.objects.select_related("institution", "child", "product").get(
        public_id=ground.key_answer["booking"]
    )
    return Held(booking, replayed=True)


def _policy(ground: take.Ground) -> BookingPolicy:
    names = (
        "raster_minutes",
        "opens_days_ahead",
        "cutoff_minutes",
        "temporary_cutoff_minutes",
        "minimum_minutes",
        "step_minutes",
        "free_cancel_days_before",
        "free_cancel_clock",
    )
    if ground.policy[0] is None:
        return BookingPolicy(institution_id=ground.institution_id)
    return BookingPolicy(institution_id=ground.institution_id, **dict(zip(names, ground.policy, strict=True)))


def _check_rules(attempt: Attempt, ground: take.Ground, policy: BookingPolicy) -> take.Product:
    """All that refuses without looking at places, most telling first; returns the cheapest fitting product."""
    if not ground.is_public:
        raise refusals.NotThere
    if ground.state != Institution.State.ACTIVE or ground.closed:
        raise refusals.Closed
    if attempt.ends_at <= attempt.starts_at or local_date(attempt.ends_at) != attempt.day:
        raise refusals.OutsideHours
    if any(moment.second or moment.microsecond for moment in (attempt.starts_at, attempt.ends_at)):
        raise refusals.BadStep
    if not class_kinds_for(age_in_months(ground.birth_date, attempt.day)):
        raise refusals.AgeNotTaken
    product = _fitting_product(attempt, ground, policy)
    if attempt.now > last_call(policy, attempt.mode, attempt.starts_at):
        raise refusals.TooLate
    if attempt.day > last_day(policy, attempt.now):
        raise refusals.TooEarly
    if ground.elsewhere:
        raise refusals.Duplicate
    return product


def _fitting_product(attempt: Attempt, ground: take.Ground, policy: BookingPolicy) -> take.Product:
    offered = [p for p in ground.products if p.mode == attempt.mode and attempt.product in (None, p.public_id)]
    if not offered:
        raise refusals.NoSuchProduct
    problem: dict[str, Any] = {}
    fitting = []
    for product in offered:
        wrong = misfit(product, policy, attempt.starts_at, attempt.ends_at, attempt.day)
        if wrong is None:
            fitting.append(product)
        else:
            problem.setdefault(wrong.code, wrong)
    if fitting:
        return min(fitting, key=lambda p: price(p, policy, attempt.starts_at, attempt.ends_at))
    codes = [code for code in ("too_short", "bad_step", "outside_hours") if code in problem]
    raise refusals.MISFITS[codes[0]]


def _find_places(attempt: Attempt, ground: take.Ground, policy: BookingPolicy, product: take.Product) -> Fitting:
    """The cells of the class pool and the house pool; raises ``Full``, ``AgeNotTaken`` or ``OutsideHours``."""
    age = age_in_months(ground.birth_date, attempt.day)
    kinds = class_kinds_for(age)
    pools = take.read_day(
        institution_id=ground.institution_id,
        buckets=(*kinds, HOUSE_BUCKET),
        day=day_bounds(attempt.day),
    )
    run = {pool.bucket: pool for pool in pools if pool.active}
    own = next((run[kind] for kind in kinds if kind in run), None)
    house = run.get(HOUSE_BUCKET)
    if own is None or house is None:
        raise refusals.AgeNotTaken
    spans = [_span(pool, attempt) for pool in (own, house)]
    short = [cell for span in spans for cell in span if cell[2] < UNITS]
    if short:
        raise refusals.Full(
            overdue=take.read_overdue([cell[0] for cell in short], now=attempt.now),
            alternatives=_alternatives(attempt, ground, policy, own, house),
        )
    return Fitting(ground, policy, product, own.id, {cell[0]: UNITS for span in spans for cell in span})


def _span(pool: take.PoolDay, attempt: Attempt) -> list[tuple[int, int, int]]:
    """The pool's cells that make up the stay without a gap; a missing cell is not bookable."""
    starts, ends = (int(moment.timestamp()) // 60 for moment in (attempt.starts_at, attempt.ends_at))
    cells = [cell for cell in pool.cells if starts <= cell[1] < ends]
    if (
        not cells
        or [cell[1] for cell in cells] != list(range(starts, ends, pool.raster))
        or (ends - starts) % pool.raster
    ):
        raise refusals.OutsideHours
    return cells


def _alternatives(
    attempt: Attempt, ground: take.Ground, policy: BookingPolicy, own: take.PoolDay, house: take.PoolDay
) -> list[Offer]:
    cells = PoolCells.least_of(own.spans(), house.spans())
    terms = OfferTerms(policy=policy, day=attempt.day, now=attempt.now)
    return offers_of(ground.products, cells, terms)


def _take(attempt: Attempt, fitting: Fitting) -> Booking:
    """The transaction: key, credits, booking, ledger, child slots, cells; nothing slow inside."""
    booking = _new_booking(attempt, fitting)
    with transaction.atomic():
        _insert_key(attempt, booking)
        provider = credits()
        if provider is not None and attempt.voucher:
            booking.credit = provider.hold(booking=booking, voucher=attempt.voucher, now=attempt.now)
        booking_id = take.insert_booking(booking)
        take.insert_event(
            booking_id=booking_id,
            to_status=booking.status,
            side=BookingEvent.Side.PARENT.value,
            actor_id=attempt.user.pk,
            now=attempt.now,
        )
        take.insert_ledger(booking_id=booking_id, cells=fitting.cells)
        _insert_slots(attempt, fitting, booking_id)
        change_cells(fitting.cells)
    return booking


def _insert_key(attempt: Attempt, booking: Booking) -> None:
    try:
        take.insert_key(
            actor_id=attempt.user.pk,
            key=attempt.key,
            request_hash=attempt.fingerprint(),
            answer={"booking": booking.public_id},
            now=attempt.now,
        )
    except IntegrityError as error:
        raise _KeyTaken from error


def _insert_slots(attempt: Attempt, fitting: Fitting, booking_id: int) -> None:
    try:
        take.insert_slots(
            booking_id=booking_id,
            child_id=fitting.ground.child_id,
            slots=take.slots_between(attempt.starts_at, attempt.ends_at),
        )
    except IntegrityError as error:
        raise _ChildElsewhere from error


def _new_booking(attempt: Attempt, fitting: Fitting) -> Booking:
    return Booking(
        public_id=new_public_id(),
        reference=new_reference(),
        kind=Booking.Kind.CARE,
        status=Booking.Status.HELD,
        family_id=fitting.ground.family_id,
        created_by_id=attempt.user.pk,
        institution_id=fitting.ground.institution_id,
        product_id=fitting.product.id,
        child_id=fitting.ground.child_id,
        pool_id=fitting.pool_id,
        mode=attempt.mode,
        units=UNITS,
        service_date=attempt.day,
        starts_at=attempt.starts_at.astimezone(timezone.get_default_timezone()),
        ends_at=attempt.ends_at.astimezone(timezone.get_default_timezone()),
        amount=price(fitting.product, fitting.policy, attempt.starts_at, attempt.ends_at),
        credit=0,
        free_cancel_until=free_cancel_until(fitting.policy, attempt.day),
        expires_at=attempt.now + HOLD,
        created_at=attempt.now,
        changed_at=attempt.now,
    )
