"""What the database itself refuses of pools, cells, bookings and their ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from booking.places.models import BookingEvent, ChildSlot, IdempotencyKey
from tests.constraints import refuses
from tests.factories.accounts import UserFactory
from tests.factories.booking import NOW
from tests.factories.capacity import (
    BookingCellFactory,
    BookingFactory,
    BookingPolicyFactory,
    CapacityCellFactory,
    CapacityPoolFactory,
)
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db
SESSION: dict[str, Any] = {"kind": "session", "institution": None, "product": None, "mode": ""}


def second_care_pool() -> None:
    house = InstitutionFactory()
    CapacityPoolFactory.create_batch(2, institution=house)


def second_cell() -> None:
    CapacityCellFactory.create_batch(2, pool=CapacityPoolFactory())


def second_entry() -> None:
    entry = BookingCellFactory()
    BookingCellFactory(booking=entry.booking, cell=entry.cell)


def child_in_two_places() -> None:
    first = BookingFactory()
    second = BookingFactory(child=first.child)
    for booking in (first, second):
        ChildSlot.objects.create(child=first.child, booking=booking, slot_at=NOW)


def key_again() -> None:
    user = UserFactory()
    for request in ("a", "b"):
        IdempotencyKey.objects.create(actor=user, key="k", request_hash=request, answer={}, created_at=NOW)


def key_without_words() -> None:
    IdempotencyKey.objects.create(actor=UserFactory(), key="", request_hash="a", answer={}, created_at=NOW)


def event_of_nobody() -> None:
    booking = BookingFactory()
    BookingEvent.objects.create(booking=booking, district=booking.district, to_status="held", side="stranger", at=NOW)


BREAKS: list[tuple[str, Callable[[], Any]]] = [
    ("capacity_pool_care_once", second_care_pool),
    ("capacity_pool_raster_known", lambda: CapacityPoolFactory(raster_minutes=20)),
    ("capacity_pool_care_has_institution", lambda: CapacityPoolFactory(institution=None)),
    ("capacity_pool_has_bucket", lambda: CapacityPoolFactory(bucket="")),
    ("capacity_pool_kind_known", lambda: CapacityPoolFactory(kind="party")),
    ("capacity_cell_once", second_cell),
    ("capacity_cell_never_oversold", lambda: CapacityCellFactory(taken=3)),
    ("capacity_cell_holds_target", lambda: CapacityCellFactory(target=3)),
    ("capacity_cell_ends_after_start", lambda: CapacityCellFactory(ends_at=NOW)),
    ("booking_ends_after_start", lambda: BookingFactory(ends_at=NOW)),
    ("booking_credit_within_amount", lambda: BookingFactory(credit=901)),
    ("booking_takes_something", lambda: BookingFactory(units=0)),
    ("booking_mode_known", lambda: BookingFactory(mode="overnight")),
    ("booking_event_side_known", event_of_nobody),
    ("booking_kind_has_its_parts", lambda: BookingFactory(kind="party")),
    ("booking_kind_has_its_parts", lambda: BookingFactory(institution=None, product=None, mode="hourly")),
    ("booking_kind_has_its_parts", lambda: BookingFactory(product=None, mode="hourly")),
    ("booking_kind_has_its_parts", lambda: BookingFactory(mode="")),
    ("booking_kind_has_its_parts", lambda: BookingFactory(**SESSION | {"mode": "hourly"})),
    ("booking_waiting_has_expiry", lambda: BookingFactory(status="held")),
    ("booking_waiting_has_expiry", lambda: BookingFactory(status="requested")),
    ("booking_status_known", lambda: BookingFactory(status="lost")),
    ("booking_left_after_arrived", lambda: BookingFactory(left_at=NOW)),
    ("booking_left_after_arrived", lambda: BookingFactory(arrived_at=NOW, left_at=NOW - dt.timedelta(seconds=1))),
    ("booking_cell_once", second_entry),
    ("booking_cell_takes_something", lambda: BookingCellFactory(units=0)),
    ("child_slot_once", child_in_two_places),
    ("idempotency_key_once", key_again),
    ("idempotency_key_not_empty", key_without_words),
    ("booking_policy_raster_known", lambda: BookingPolicyFactory(raster_minutes=20)),
    ("booking_policy_within_cells", lambda: BookingPolicyFactory(opens_days_ahead=57)),
    ("booking_policy_within_cells", lambda: BookingPolicyFactory(opens_days_ahead=0)),
    ("booking_policy_step_known", lambda: BookingPolicyFactory(step_minutes=45)),
    ("booking_policy_minimum_sane", lambda: BookingPolicyFactory(minimum_minutes=14)),
    ("booking_policy_minimum_sane", lambda: BookingPolicyFactory(minimum_minutes=601)),
]


@pytest.mark.parametrize(("name", "act"), BREAKS)
def test_database_refuses(name: str, act: Callable[[], Any]) -> None:
    refuses(name, act)


def test_care_without_a_child_is_refused() -> None:
    booking = BookingFactory()
    booking.child = None

    refuses("booking_kind_has_its_parts", booking.save)


def test_database_allows_what_it_should() -> None:
    """The same rows within their rules: what is refused above is refused for that rule."""
    pool = CapacityPoolFactory(kind="session", institution=None, bucket="session", raster_minutes=0)
    CapacityPoolFactory(kind="session", institution=None, bucket="session", raster_minutes=0)
    booking = BookingFactory(**SESSION | {"pool": pool})

    assert BookingCellFactory(booking=booking).pk
    assert BookingFactory(status="held", expires_at=NOW + dt.timedelta(minutes=15)).pk
    assert CapacityCellFactory(taken=2).pk
    assert BookingPolicyFactory(opens_days_ahead=56, minimum_minutes=15).pk
