"""A family's bookings: what is to come, what is over, and in which order."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.bookings import (
    BookingNotFound,
    booking_of,
    bookings_of,
    coming_bookings,
    holds_let_go,
    past_bookings,
)
from booking.places.models import Booking, BookingEvent
from booking.places.states import has_lapsed
from cms.accounts.models import User
from tests.factories.accounts import FamilyMemberFactory
from tests.factories.booking import NOW
from tests.factories.capacity import BookingFactory

pytestmark = pytest.mark.django_db
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)
S = Booking.Status


def made(user: User, starts_at: dt.datetime = NOW, **values) -> Booking:
    family = user.family_member.family
    return BookingFactory(child__family=family, starts_at=starts_at, ends_at=starts_at + HOUR, **values)


@pytest.fixture
def user() -> User:
    return FamilyMemberFactory().user


def lists(user: User, now: dt.datetime = NOW) -> tuple[list[Booking], list[Booking]]:
    return list(coming_bookings(user, now=now)), list(past_bookings(user, now=now))


def test_only_care_of_ones_own_family(user: User) -> None:
    booking = made(user)
    made(user, kind=Booking.Kind.SESSION, product=None, mode="")
    foreign = made(FamilyMemberFactory().user)

    assert list(bookings_of(user)) == [booking]
    assert booking_of(user, booking.public_id) == booking
    with pytest.raises(BookingNotFound):
        booking_of(user, foreign.public_id)


@pytest.mark.parametrize(("moment", "coming"), [(NOW + HOUR - SECOND, True), (NOW + HOUR, False)])
def test_a_booking_is_to_come_until_its_end(user: User, moment: dt.datetime, coming: bool) -> None:
    booking = made(user)

    assert lists(user, moment) == (([booking], []) if coming else ([], [booking]))


@pytest.mark.parametrize(
    ("status", "coming", "past"),
    [
        (S.HELD, True, False),
        (S.REQUESTED, True, False),
        (S.CONFIRMED, True, False),
        (S.ARRIVED, True, False),
        (S.COMPLETED, False, True),
        (S.ABSENT, False, True),
        (S.CANCELLED, False, True),
        (S.DECLINED, False, True),
        (S.EXPIRED, False, True),
    ],
)
def test_each_state_is_to_come_or_over(user: User, status: str, coming: bool, past: bool) -> None:
    waits = status in (S.HELD, S.REQUESTED)
    booking = made(user, status=status, expires_at=NOW + SECOND if waits else None)

    assert lists(user) == ([booking] if coming else [], [booking] if past else [])


@pytest.mark.parametrize(("seconds", "waiting"), [(-1, False), (0, False), (1, True)])
@pytest.mark.parametrize("status", [S.HELD, S.REQUESTED])
def test_what_ran_out_is_gone_at_once(user: User, status: str, seconds: int, waiting: bool) -> None:
    booking = made(user, status=status, expires_at=NOW + seconds * SECOND)

    over = [] if waiting else [booking]
    assert lists(user) == ([booking] if waiting else [], over)
    assert has_lapsed(booking, now=NOW) is not waiting


def test_a_confirmed_booking_never_lapses(user: User) -> None:
    assert has_lapsed(made(user), now=NOW + 9 * HOUR) is False
    assert has_lapsed(Booking(status=S.HELD), now=NOW) is False


def move(booking: Booking, before: str, after: str, at: dt.datetime = NOW) -> None:
    BookingEvent.objects.create(
        booking=booking, district_id=booking.district_id, from_status=before, to_status=after, side="parent", at=at
    )


@pytest.mark.parametrize(
    ("steps", "listed"),
    [
        ([(S.HELD, S.EXPIRED)], True),
        ([(S.HELD, S.CANCELLED)], False),
        ([(S.HELD, S.CONFIRMED), (S.CONFIRMED, S.CANCELLED)], True),
        ([(S.REQUESTED, S.EXPIRED)], True),
    ],
)
def test_a_hold_given_back_was_no_booking_and_one_that_ran_out_is_named(
    user: User, steps: list[tuple[str, str]], listed: bool
) -> None:
    booking, other = made(user, status=steps[-1][1]), made(user, NOW - 5 * HOUR, status=S.CANCELLED)
    for before, after in steps:
        move(booking, before, after)

    assert lists(user) == ([], [booking, other] if listed else [other])


@pytest.mark.parametrize(("seconds", "listed"), [(-1, True), (0, False), (1, False)])
@pytest.mark.parametrize("swept", [True, False])
def test_a_hold_that_ran_out_is_named_for_seven_days(user: User, seconds: int, listed: bool, swept: bool) -> None:
    booking = made(user, status=S.EXPIRED if swept else S.HELD, expires_at=NOW)
    asked = made(user, NOW - HOUR, status=S.EXPIRED)
    move(asked, S.REQUESTED, S.EXPIRED)
    if swept:
        move(booking, S.HELD, S.EXPIRED)

    later = NOW + dt.timedelta(days=7) + seconds * SECOND

    assert lists(user, later) == ([], [booking, asked] if listed else [asked])


def test_holds_that_ran_out_are_told_from_requests_and_others(user: User) -> None:
    first, second, asked, given_back, foreign = (made(user, status=S.EXPIRED) for _number in range(5))
    for booking in (first, second, foreign):
        move(booking, S.HELD, S.EXPIRED)
    move(asked, S.HELD, S.REQUESTED)
    move(asked, S.REQUESTED, S.EXPIRED)
    move(given_back, S.HELD, S.CANCELLED)

    assert holds_let_go([first, second, asked, given_back]) == {first.pk, second.pk}


def test_the_next_comes_first_and_the_latest_past(user: User) -> None:
    later, second, first = made(user, NOW + HOUR, pk=601), made(user, pk=603), made(user, pk=602)
    old, older = made(user, NOW - 3 * HOUR, pk=701), made(user, NOW - 3 * HOUR, pk=700)
    oldest = made(user, NOW - 4 * HOUR, pk=702)

    assert lists(user) == ([first, second, later], [old, older, oldest])
