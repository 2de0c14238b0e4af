"""Closing days, hours or one class; opening any of it again; a rectification that keeps what is booked."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.affected import ClosedSpan, impact_of_span
from booking.care.services import closing, stopped
from booking.care.services.moves import confirm_booking
from booking.places.models import Booking, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services.generation import horizon
from cms.accounts.models import Message
from cms.core.calendar.times import at, day_bounds
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from directory.register.models import ClosingDay
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, hold, infant, open_house, toddler
from tests.races import Late

pytestmark = pytest.mark.django_db
AFTER = TOMORROW + dt.timedelta(days=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def house():
    return full_house()


def close(house, *span, now=NOW, **more) -> list[dt.date]:
    rows = closing.close(
        institution=house.institution, span=ClosedSpan(*span), reason="春节", actor=None, now=now, **more
    )
    return [row.date for row in rows]


def target(house, day: dt.date, hour: int, bucket: str = "toddler") -> int:
    cells = CapacityCell.objects.filter(pool__institution=house.institution, pool__bucket=bucket)
    return cells.get(starts_at=at(day, dt.time(hour))).target


def statuses() -> list[str]:
    return list(Booking.objects.order_by("pk").values_list("status", flat=True))


def deliver(now=NOW) -> None:
    while drain(now=now):
        pass


def test_span_is_a_row_for_each_day_and_all_of_them_are_closed(house):
    assert close(house, TOMORROW, AFTER) == [TOMORROW, AFTER]

    assert [target(house, day, 9) for day in (TODAY, TOMORROW, AFTER, AFTER + DAY)] == [9, 0, 0, 9]
    rows = ClosingDay.objects.order_by("date").values_list(
        "date", "class_kind", "from_minute", "to_minute", "created_at"
    )
    assert list(rows) == [(day, "", 0, 1440, NOW) for day in (TOMORROW, AFTER)]


def test_days_closed_before_are_left_as_they_are(house):
    close(house, TOMORROW, TOMORROW)

    assert close(house, TODAY, AFTER) == [TODAY, AFTER]
    with pytest.raises(closing.AlreadyClosed):
        close(house, TODAY, AFTER)
    with pytest.raises(closing.AlreadyClosed):
        close(house, TODAY, AFTER, "toddler", 540, 600)


def test_afternoon_cancels_what_reaches_into_it_and_leaves_the_morning(house):
    stays = [(9, 11), (11, 13), (14, 17)]
    for starts, ends in stays:
        user, child = toddler()
        booked(house, user=user, child=child, starts=dt.time(starts), ends=dt.time(ends))

    close(house, TOMORROW, TOMORROW, "", 12 * 60, 1440)
    deliver()

    assert statuses() == ["confirmed", "cancelled", "cancelled"]
    assert [target(house, TOMORROW, hour) for hour in (9, 11, 12, 15)] == [9, 9, 0, 0]
    assert list(ledger_differences()) == []


def test_one_class_cancels_its_own_children_alone(house):
    for who in (toddler, infant):
        user, child = who()
        booked(house, user=user, child=child)

    close(house, TOMORROW, TOMORROW, "toddler")
    deliver()

    assert statuses() == ["cancelled", "confirmed"]
    assert [target(house, TOMORROW, 9, bucket) for bucket in ("toddler", "infant")] == [0, 3]


def test_any_day_is_opened_again_and_gets_its_places_back(house):
    close(house, TODAY, AFTER)
    middle = ClosingDay.objects.get(date=TOMORROW)

    assert closing.reopen(institution=house.institution, closings=[middle.pk], now=NOW) == [TOMORROW]

    assert [target(house, day, 9) for day in (TODAY, TOMORROW, AFTER)] == [0, 9, 0]
    assert list(ClosingDay.objects.order_by("date").values_list("date", flat=True)) == [TODAY, AFTER]


def test_day_opened_again_stays_closed_as_far_as_another_closing_goes(house):
    close(house, TOMORROW, TOMORROW, "", 12 * 60, 1440)
    close(house, TOMORROW, TOMORROW)
    whole = ClosingDay.objects.get(from_minute=0)

    closing.reopen(institution=house.institution, closings=[whole.pk], now=NOW)

    assert [target(house, TOMORROW, hour) for hour in (9, 12)] == [9, 0]


def test_only_own_days_from_today_on_are_opened_again(house):
    close(house, TODAY, TODAY)
    close(house.other, TODAY, TODAY)
    rows = list(ClosingDay.objects.values_list("pk", flat=True))

    assert closing.reopen(institution=house.institution, closings=rows, now=NOW + DAY) == []
    assert closing.reopen(institution=house.institution, closings=rows, now=NOW) == [TODAY]
    assert ClosingDay.objects.get().institution == house.other.institution


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (TODAY - DAY, TODAY, closing.PastDay),
        (TOMORROW, TODAY, closing.OddSpan),
        (TODAY, None, closing.OddSpan),
        (TODAY, TODAY + 92 * DAY, closing.OddSpan),
    ],
)
def test_odd_spans_are_refused(house, first, last, refusal):
    with pytest.raises(refusal):
        close(house, first, last)

    assert not ClosingDay.objects.exists()


def test_longest_span_makes_no_cells_beyond_those_there_are(house):
    furthest = horizon(NOW)[1]

    assert len(close(house, TODAY, TODAY + 91 * DAY, "infant")) == 92
    assert close(house, furthest + DAY, furthest + DAY, "toddler") == [furthest + DAY]

    made = CapacityCell.objects.filter(pool__institution=house.institution, pool__kind="care")
    assert made.filter(starts_at__gte=day_bounds(furthest)[0]).exists()
    assert not made.filter(starts_at__gte=day_bounds(furthest)[1]).exists()


def test_booking_made_since_the_list_was_seen_refuses(house):
    seen = impact_of_span(house.institution, ClosedSpan(TOMORROW, TOMORROW), now=NOW).mark
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    with pytest.raises(closing.BookedMeanwhile):
        close(house, TOMORROW, TOMORROW, seen=seen)
    assert (ClosingDay.objects.count(), target(house, TOMORROW, 9)) == (0, 9)
    assert not OutboxMessage.objects.filter(topic="booking.stopped").exists()
    seen = impact_of_span(house.institution, ClosedSpan(TOMORROW, TOMORROW), now=NOW).mark
    close(house, TOMORROW, TOMORROW, seen=seen)
    deliver()

    booking.refresh_from_db()
    assert booking.status == "cancelled"


def test_what_is_booked_after_an_afternoon_was_opened_again_stays(house):
    user, child = toddler()
    booked(house, user=user, child=child)
    close(house, TOMORROW, TOMORROW, "", 12 * 60, 1440)
    closing.reopen(institution=house.institution, closings=[ClosingDay.objects.get().pk], now=NOW)
    user, child = toddler()
    booked(house, user=user, child=child)

    deliver()

    assert statuses() == ["cancelled", "confirmed"]


def test_rectification_that_keeps_bookings_ends_only_what_waits():
    house = open_house(policy={"needs_acceptance": True})
    people = [toddler() for _ in range(3)]
    sure, _asked = (booked(house, user=user, child=child) for user, child in people[:2])
    hold(house, user=people[2][0], child=people[2][1])
    Booking.objects.filter(pk=sure.pk).update(status="confirmed", expires_at=None)

    closing.stop_care(
        institution_id=house.institution.pk, from_day=TODAY, reason="机构限期整改", now=NOW, keeps_bookings=True
    )
    deliver()

    assert statuses() == ["confirmed", "cancelled", "cancelled"]
    assert target(house, TOMORROW, 9) == 6
    told = Message.objects.filter(kind="care_stopped").values_list("user", flat=True)
    assert list(told) == [people[1][0].pk]
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(("keeps", "left"), [(True, "confirmed"), (False, "cancelled")])
def test_what_was_confirmed_before_its_lock_is_cancelled_only_where_care_ends(monkeypatch, keeps, left):
    house, (user, child) = open_house(), toddler()
    held = hold(house, user=user, child=child)
    closing.stop_care(institution_id=house.institution.pk, from_day=TODAY, reason="x", now=NOW, keeps_bookings=keeps)
    late = Late(stopped._cancel, lambda: confirm_booking(user=user, booking=held.public_id, now=NOW))
    monkeypatch.setattr(stopped, "_cancel", late)

    deliver()

    assert (late.times, statuses()) == (0, [left])
    assert list(ledger_differences()) == []
