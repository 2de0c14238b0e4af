from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.care.services.expiry import expire_overdue
from booking.care.services.moves import cancel_booking, confirm_booking
from booking.places import refusals
from booking.places.models import Booking, BookingCell, ChildSlot
from booking.places.queries.ledger import ledger_differences
from booking.places.services.generation import generate_cells
from directory.districts.class_kinds import CareMode
from tests.factories.booking import NOW, TODAY, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def taken(house) -> set[int]:
    return {cell.taken for pool in house.institution.capacity_pools.all() for cell in pool.cells.filter(taken__gt=0)}


def test_hold_takes_class_and_house_cells():
    house = open_house()
    user, child = toddler()

    booking = hold(house, user=user, child=child)

    assert booking.status == Booking.Status.HELD
    assert booking.amount == 6 * 900
    assert booking.expires_at == NOW + dt.timedelta(minutes=15)
    assert BookingCell.objects.filter(booking=booking).count() == 2 * 6
    assert ChildSlot.objects.filter(booking=booking).count() == 12
    assert taken(house) == {1}
    assert list(ledger_differences()) == []


def test_hold_when_class_is_full_lists_other_offers():
    house = open_house(regular_places=9)
    for _ in range(1):
        user, child = toddler()
        booked(house, user=user, child=child)
    user, child = toddler()

    with pytest.raises(refusals.Full) as refused:
        hold(house, user=user, child=child)

    offers = refused.value.extra["alternatives"]
    assert [o.starts_at.astimezone(NOW.tzinfo).hour for o in offers if o.mode == CareMode.TEMPORARY] == [8, 10, 12]
    assert Booking.objects.count() == 1


def test_house_limit_stops_a_class_with_places():
    house = open_house(places=10, regular_places=4)
    house.institution.places = 5
    house.institution.save()
    generate_cells(institution_ids=[house.institution.pk], now=NOW)
    user, child = toddler()
    booked(house, user=user, child=child)
    user, child = toddler()

    with pytest.raises(refusals.Full):
        hold(house, user=user, child=child)


def test_hold_again_with_same_key_answers_same_booking():
    house = open_house()
    user, child = toddler()
    first = hold(house, user=user, child=child, key="k")

    again = hold(house, user=user, child=child, key="k")

    assert again.pk == first.pk
    assert taken(house) == {1}


def test_hold_with_same_key_and_other_stay_is_refused():
    house = open_house()
    user, child = toddler()
    hold(house, user=user, child=child, key="k")

    with pytest.raises(refusals.KeyReused):
        hold(house, user=user, child=child, key="k", starts=dt.time(9), ends=dt.time(10))


def test_child_cannot_be_in_two_places():
    user, child = toddler()
    hold(open_house(), user=user, child=child)

    with pytest.raises(refusals.Duplicate):
        hold(open_house(), user=user, child=child, starts=dt.time(16), ends=dt.time(18))


def test_overdue_hold_counts_as_gone_for_places_and_child():
    house = open_house(regular_places=9)
    user, child = toddler()
    first = hold(house, user=user, child=child)
    later = NOW + dt.timedelta(minutes=16)

    second = hold(house, user=user, child=child, now=later)

    first.refresh_from_db()
    assert (first.status, second.status) == ("expired", "held")
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(
    ("stay", "refusal"),
    [
        ({"starts": dt.time(7)}, refusals.OutsideHours),
        ({"starts": dt.time(16, 30)}, refusals.TooShort),
        ({"starts": dt.time(14, 10)}, refusals.BadStep),
        ({"mode": CareMode.TEMPORARY, "starts": dt.time(14, 0, 30), "ends": dt.time(16, 0, 30)}, refusals.BadStep),
        ({"mode": CareMode.FULL_DAY}, refusals.OutsideHours),
        ({"mode": CareMode.HALF_MONTH}, refusals.NoSuchProduct),
        ({"day": TODAY, "starts": dt.time(9)}, refusals.TooLate),
        ({"day": TODAY + dt.timedelta(days=15)}, refusals.TooEarly),
    ],
)
def test_hold_against_the_rules_is_refused(stay, refusal):
    house = open_house()
    user, child = toddler()

    with pytest.raises(refusal):
        hold(house, user=user, child=child, **stay)


def test_hold_below_and_above_age_is_refused():
    house = open_house()
    for birth_date in (dt.date(2026, 7, 1), dt.date(2023, 11, 24), dt.date(2024, 1, 1)):
        user, child = toddler(birth_date=birth_date)
        with pytest.raises(refusals.AgeNotTaken):
            hold(house, user=user, child=child)


def test_stranger_cannot_book_the_child():
    house = open_house()
    _, child = toddler()
    stranger, _ = toddler()

    with pytest.raises(refusals.NotThere):
        hold(house, user=stranger, child=child)


def test_temporary_can_be_booked_until_it_starts():
    house = open_house()
    user, child = toddler()

    booking = hold(
        house,
        user=user,
        child=child,
        day=TODAY,
        mode=CareMode.TEMPORARY,
        starts=dt.time(10),
        ends=dt.time(12),
        now=NOW + dt.timedelta(hours=1, minutes=59),
    )

    assert booking.amount == 3000


def test_confirm_cancel_and_expire_keep_the_ledger():
    house = open_house()
    user, child = toddler()
    first = booked(house, user=user, child=child)
    cancelled = cancel_booking(user=user, booking=first.public_id, now=NOW)
    second = hold(house, user=user, child=child)

    count = expire_overdue(now=NOW + dt.timedelta(minutes=15))

    second.refresh_from_db()
    assert (cancelled.status, count, second.status) == ("cancelled", 1, "expired")
    assert taken(house) == set()
    assert list(ledger_differences()) == []


def test_confirm_after_the_hold_is_refused():
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)

    with pytest.raises(refusals.HoldExpired):
        confirm_booking(user=user, booking=held.public_id, now=NOW + dt.timedelta(minutes=15))


def test_confirm_where_institution_decides_becomes_a_request():
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()

    booking = booked(house, user=user, child=child, day=TODAY, starts=dt.time(14), ends=dt.time(17))

    assert booking.status == "requested"
    assert booking.expires_at == NOW + dt.timedelta(hours=4)


def test_hold_query_counts():
    house = open_house()
    user, child = toddler()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        hold(house, user=user, child=child)

    statements = [q["sql"] for q in queries if not q["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))]
    assert len(statements) <= 9, statements
