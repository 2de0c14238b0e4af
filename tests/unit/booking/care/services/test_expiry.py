"""The sweep of what ran out: one bad row holds back no other."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from booking.care.services import expiry
from booking.care.services.expiry import expire_overdue
from booking.places.models import Booking, BookingCell, CapacityCell
from tests.factories.booking import NOW, hold, toddler

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=30)


def overdue_holds(house, number: int) -> list[Booking]:
    """Holds of a minute after another, all over by ``LATER``."""
    return [
        hold(house, user=user, child=child, now=NOW + dt.timedelta(minutes=minute))
        for minute, (user, child) in enumerate(toddler() for _ in range(number))
    ]


def spoil(*bookings: Booking) -> None:
    """Make bookings that can't give back what they hold."""
    ledger = BookingCell.objects.filter(booking__in=bookings)
    CapacityCell.objects.filter(pk__in=ledger.values("cell")).update(taken=0)


def test_hold_that_cannot_be_expired_holds_back_no_other(house, caplog):
    user, child = toddler()
    bad = hold(house, user=user, child=child, starts=dt.time(8), ends=dt.time(9))
    good = overdue_holds(house, 3)
    spoil(bad)

    with pytest.raises(expiry.StillOverdue) as failed:
        expire_overdue(now=LATER)

    assert failed.value.args == (1,)
    assert {b.pk: b.status for b in Booking.objects.all()} == {bad.pk: "held"} | {b.pk: "expired" for b in good}
    said = f"expiring booking {bad.pk} failed: PlacesGone"
    assert caplog.record_tuples == [(expiry.__name__, logging.ERROR, said)]


def test_sweep_goes_past_more_bad_holds_than_it_takes_at_once(house, monkeypatch):
    monkeypatch.setattr(expiry, "BATCH", 2)
    families = [toddler() for _ in range(3)]
    bad = [hold(house, user=user, child=child, starts=dt.time(8), ends=dt.time(9)) for user, child in families]
    good = overdue_holds(house, 3)
    spoil(*bad)

    with pytest.raises(expiry.StillOverdue):
        expire_overdue(now=LATER, limit=2)

    assert [b.status for b in Booking.objects.order_by("pk")] == ["held"] * 3 + ["expired"] * 2 + ["held"]
    assert good[2].status == "held"


@pytest.mark.parametrize(("minutes", "first"), [(59, "old"), (60, "new"), (61, "new")])
def test_hold_that_stays_overdue_for_an_hour_comes_last(house, minutes, first):
    families = [toddler() for _ in range(2)]
    now = NOW + dt.timedelta(minutes=15 + minutes)
    asked = {"old": NOW, "new": now - dt.timedelta(minutes=15)}
    held = {
        name: hold(house, user=user, child=child, now=moment)
        for (user, child), (name, moment) in zip(families, asked.items(), strict=True)
    }

    assert expire_overdue(now=now, limit=1) == 1

    assert [name for name, booking in held.items() if Booking.objects.get(pk=booking.pk).status == "expired"] == [first]
