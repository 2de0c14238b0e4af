"""Words of a booking at the moments at which they change."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.components.summary import free_cancel_words, summarise
from booking.places.models import Booking
from booking.places.services.freshness import confirm_places
from cms.core.calendar.times import at
from tests.factories.accounts import ChildFactory, FamilyMemberFactory
from tests.factories.booking import NOW, TODAY
from tests.factories.capacity import BookingFactory, BookingPolicyFactory

TOMORROW = TODAY + dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
FREE = "11月24日 周二 14:00 前可免费取消。"
LATE = "来不了请尽早取消，现在取消也不扣钱，不影响以后预约。"
UNTIL = at(TOMORROW, dt.time(14))


@pytest.mark.parametrize(
    ("now", "words"),
    [(UNTIL - SECOND, FREE), (UNTIL, LATE), (UNTIL + SECOND, LATE)],
)
def test_cancelling_is_free_until_its_moment(now: dt.datetime, words: str) -> None:
    booking = Booking(free_cancel_until=UNTIL, created_at=NOW)

    assert free_cancel_words(booking, now) == words


@pytest.mark.parametrize("now", [UNTIL - SECOND, UNTIL])
def test_request_can_be_taken_back_until_it_is_answered(now: dt.datetime) -> None:
    words = "机构答复前随时可以取消，不扣钱，也不影响以后预约。"
    asked = Booking(status=Booking.Status.REQUESTED, free_cancel_until=UNTIL, created_at=NOW)
    held = Booking(status=Booking.Status.HELD, free_cancel_until=UNTIL, created_at=NOW)

    assert free_cancel_words(asked, now) == words
    assert free_cancel_words(held, now, needs_answer=True) == words
    assert free_cancel_words(held, now) != words


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "waits"), [("held", True), ("requested", True), ("confirmed", False)])
def test_what_becomes_a_request_is_said_before(status: str, waits: bool) -> None:
    booking = made(status=status, expires_at=NOW + dt.timedelta(minutes=15) if waits else None)
    BookingPolicyFactory(institution=booking.institution, needs_acceptance=True)

    assert words(booking).free_cancel.startswith("机构答复前随时可以取消") is waits


def test_no_word_where_no_moment_was_promised() -> None:
    assert free_cancel_words(Booking(free_cancel_until=None, created_at=NOW), NOW) == ""


def made(**values) -> Booking:
    child = ChildFactory(family=FamilyMemberFactory().family, birth_date=dt.date(2025, 6, 3))
    return BookingFactory(**{"child": child, **values})


def words(booking: Booking):
    return summarise(booking, user=booking.family.members.get().user, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed_at", "reminder"),
    [
        (at(TODAY, dt.time(12)) - SECOND, "11月23日 周一 12:00"),
        (at(TODAY, dt.time(12)), ""),
        (at(TODAY, dt.time(12)) + SECOND, ""),
    ],
)
def test_reminder_comes_at_noon_of_the_day_before(changed_at: dt.datetime, reminder: str) -> None:
    assert words(made(service_date=TOMORROW, changed_at=changed_at)).reminder == reminder


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "amount", "sum_words"),
    [
        (30, 900, ""),
        (60, 1800, "18 元/小时 × 1 小时"),
        (75, 2700, "18 元/小时 × 1.5 小时"),
        (90, 2700, "18 元/小时 × 1.5 小时"),
        (91, 2700, ""),
        (60, 1801, ""),
    ],
)
def test_sum_by_the_step_as_far_as_it_is_the_one_agreed(minutes: int, amount: int, sum_words: str) -> None:
    booking = made(product__hourly=True, mode="hourly", amount=amount, ends_at=NOW + dt.timedelta(minutes=minutes))

    assert words(booking).sum_words == sum_words


@pytest.mark.django_db
def test_sum_of_whole_stays_counts_them_by_their_own_length() -> None:
    booking = made(amount=16000, ends_at=NOW + dt.timedelta(hours=10))

    assert words(booking).sum_words == ""


@pytest.mark.django_db
@pytest.mark.parametrize("decides", [True, False])
def test_rules_are_those_of_the_bookings_house(decides: bool) -> None:
    booking = made()
    BookingPolicyFactory(institution=booking.institution, needs_acceptance=decides)
    BookingPolicyFactory(needs_acceptance=not decides)
    confirm_places(institution=booking.institution, actor=None, now=NOW)

    assert (words(booking).needs_answer, words(booking).stale_words) == (decides, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "said"),
    [(3, (False, "")), (4, (True, "空位 4 天未更新，不作准")), (None, (True, "机构还没有确认过空位，不作准"))],
)
def test_stale_places_need_an_answer_and_say_for_how_long(days: int | None, said: tuple[bool, str]) -> None:
    booking = made()
    if days is not None:
        confirm_places(institution=booking.institution, actor=None, now=NOW - dt.timedelta(days=days))

    assert (words(booking).needs_answer, words(booking).stale_words) == said


@pytest.mark.django_db
@pytest.mark.parametrize(("bucket", "age"), [("toddler", "那天满 17 个月，托小班"), ("all", "那天满 17 个月")])
def test_age_on_the_day_with_the_class_if_there_is_one(bucket: str, age: str) -> None:
    booking = made(pool__bucket=bucket, service_date=dt.date(2026, 12, 2))

    assert words(booking).age == age
