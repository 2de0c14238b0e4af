"""Which bookings stand in the way of correcting a fee."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from booking.places.enums import BookingStatus
from booking.places.queries.charged import was_charged
from directory.register.ports import FeeDays
from tests.factories.booking import TODAY
from tests.factories.capacity import BookingFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def asked(booking: Any, **changes: Any) -> bool:
    more = {name: changes.pop(name) for name in ("institution_id",) if name in changes}
    fee = FeeDays(**{"class_kind": "", "since": TODAY, "until": None, **changes})
    names = {"institution_id": booking.institution_id, "product_id": booking.product_id, **more}
    [charged] = was_charged(**names, fees=[fee])
    return charged


def test_each_fee_has_its_answer_of_one_query(django_assert_num_queries: Any) -> None:
    booking = BookingFactory()
    fees = [FeeDays("", TODAY + DAY, None), FeeDays("", TODAY, TODAY + DAY), FeeDays("infant", TODAY, None)]
    names = {"institution_id": booking.institution_id, "product_id": booking.product_id}

    with django_assert_num_queries(1):
        answers = was_charged(**names, fees=fees)

    assert answers == [False, True, False]
    assert was_charged(**names, fees=[]) == []


@pytest.mark.parametrize(
    ("since", "until", "charged"),
    [
        (TODAY, None, True),
        (TODAY - DAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY, TODAY + DAY, True),
        (TODAY - DAY, TODAY, False),
    ],
)
def test_booking_counts_from_the_first_day_to_before_the_next_fee(
    since: dt.date, until: dt.date | None, charged: bool
) -> None:
    assert asked(BookingFactory(), since=since, until=until) is charged


@pytest.mark.parametrize(("kind", "charged"), [("", True), ("toddler", True), ("infant", False)])
def test_fee_of_a_class_is_charged_by_its_bookings(kind: str, charged: bool) -> None:
    assert asked(BookingFactory(), class_kind=kind) is charged


def test_bookings_of_others_do_not_count() -> None:
    first, second = BookingFactory(), BookingFactory()
    second.delete()

    assert asked(second) is False
    assert asked(first) is True
    assert asked(first, institution_id=second.institution_id) is False


@pytest.mark.parametrize(
    ("status", "charged"),
    [
        (status.value, status not in (BookingStatus.CANCELLED, BookingStatus.DECLINED, BookingStatus.EXPIRED))
        for status in BookingStatus
    ],
)
def test_what_came_to_nothing_is_not_counted(status: str, charged: bool) -> None:
    booking = BookingFactory(status=status, expires_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC))

    assert asked(booking) is charged
