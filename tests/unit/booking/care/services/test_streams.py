"""Everything told of a booking goes in its own stream, with the code of its district."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves, notices
from booking.care.services.expiry import expire_overdue
from booking.places.models import Booking
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from tests.factories.accounts import FamilyMemberFactory, UserFactory
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, close_day, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def promised(topic: str) -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(topic=topic).order_by("pk")
    return list(rows.values_list("stream", "district_code"))


def place_of(booking: Booking) -> tuple[str, str]:
    return f"booking:{booking.public_id}", booking.institution.district.code


def test_each_move_of_a_booking_goes_in_its_stream() -> None:
    house, other = open_house(), open_house()
    (user, child), (someone, sibling) = toddler(), toddler()

    first = booked(house, user=user, child=child)
    second = booked(other, user=someone, child=sibling)
    moves.cancel_booking(user=user, booking=first.public_id, now=NOW)
    moves.cancel_by_institution(
        actor=UserFactory(), institution=other.institution, booking=second.public_id, reason="x", now=NOW
    )

    assert first.institution.district.code != second.institution.district.code
    assert promised("booking.moved") == [place_of(first), place_of(second)] * 2


def test_unanswered_request_expires_in_its_stream() -> None:
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    expire_overdue(now=booking.expires_at)

    assert promised("booking.moved") == [place_of(booking)] * 2


def test_closed_day_is_of_the_district_and_each_cancelling_of_its_booking() -> None:
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    close_day(institution=house.institution, day=TOMORROW, reason="消毒", actor=None, now=NOW)
    while drain(now=NOW):
        pass

    assert promised("booking.stopped") == [("", house.institution.district.code)]
    assert promised("booking.moved") == [place_of(booking)] * 2


def test_reminders_go_in_the_streams_of_their_bookings(django_assert_num_queries) -> None:
    house = open_house()
    families = [toddler() for _ in range(3)]
    bookings = [booked(house, user=user, child=child) for user, child in families]

    with django_assert_num_queries(2):
        notices.remind_tomorrow(at(TODAY, dt.time(12)))

    assert sorted(promised("booking.reminder")) == sorted(place_of(booking) for booking in bookings)


def test_texts_have_an_order_for_each_adult_and_leave_the_messages_alone() -> None:
    house = open_house()
    user, child = toddler()
    carer = FamilyMemberFactory(family=child.family, role="carer").user
    booking = booked(house, user=user, child=child)

    drain(now=NOW)

    stream, code = place_of(booking)
    assert sorted(promised("sms.send")) == sorted((f"{stream}:{adult.pk}", code) for adult in (user, carer))
    assert Message.objects.count() == 2


def test_hold_that_is_let_go_promises_nothing() -> None:
    user, child = toddler()
    held = hold(open_house(), user=user, child=child)

    expire_overdue(now=held.expires_at)

    assert OutboxMessage.objects.count() == 0


def test_confirming_reads_the_district_with_the_booking(django_assert_num_queries) -> None:
    house, (user, child) = open_house(), toddler()
    held = hold(house, user=user, child=child)
    expected = house.institution.district.code, house.institution.public_id, child.public_id

    with django_assert_num_queries(6):
        confirmed = moves.confirm_booking(user=user, booking=held.public_id, now=NOW)
    with django_assert_num_queries(0):
        read = confirmed.district.code, confirmed.institution.public_id, confirmed.child.public_id
    assert read == expected
