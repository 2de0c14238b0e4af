"""Whom stopping care touches: days, hours, classes, and what it costs in bookings, families and children."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.affected import TOLD, ClosedSpan, days_still_open, impact_of_span, list_affected
from booking.places.models import Booking
from directory.register.ports import impact
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, hold, infant, open_house, toddler
from tests.factories.directory import ClosingDayFactory

pytestmark = pytest.mark.django_db
AFTER = TOMORROW + dt.timedelta(days=1)


@pytest.fixture
def house():
    return full_house()


def found(house, *span, **more) -> list[int]:
    return [booking.pk for booking in list_affected(house.institution, span=ClosedSpan(*span), now=NOW, **more)]


def book(house, day: dt.date, who=toddler, starts: int = 14, ends: int = 16) -> Booking:
    user, child = who()
    return booked(house, user=user, child=child, day=day, starts=dt.time(starts), ends=dt.time(ends))


def test_days_are_inclusive_and_without_a_last_one_all_that_follow(house):
    bookings = [book(house, day).pk for day in (TODAY, TOMORROW, AFTER)]

    assert found(house, TODAY, TOMORROW) == bookings[:2]
    assert found(house, TOMORROW, TOMORROW) == bookings[1:2]
    assert found(house, TOMORROW, None) == bookings[1:]
    assert found(house.other, TODAY, None) == []


@pytest.mark.parametrize(
    ("minutes", "touched"),
    [((0, 840), False), ((0, 841), True), ((900, 910), True), ((959, 1440), True), ((960, 1440), False)],
)
def test_hours_of_each_day_touch_what_overlaps(house, minutes, touched):
    bookings = [book(house, day).pk for day in (TOMORROW, AFTER)]

    assert found(house, TODAY, AFTER, "", *minutes) == (bookings if touched else [])


def test_one_kind_of_class_touches_its_own_alone(house):
    one, two = book(house, TOMORROW), book(house, TOMORROW, infant)

    assert found(house, TOMORROW, TOMORROW, "toddler") == [one.pk]
    assert found(house, TOMORROW, TOMORROW, "infant") == [two.pk]
    assert found(house, TOMORROW, TOMORROW) == [one.pk, two.pk]


def test_hold_is_stopped_but_nobody_is_told(house):
    user, child = toddler()
    held = hold(house, user=user, child=child)

    assert found(house, TOMORROW, TOMORROW) == [held.pk]
    assert found(house, TOMORROW, TOMORROW, statuses=TOLD) == []
    assert impact_of_span(house.institution, ClosedSpan(TOMORROW, TOMORROW), now=NOW).bookings == 0


def test_span_knows_its_days_and_its_hours():
    span = ClosedSpan(TODAY, AFTER, "", 750, 1440)

    assert span.days == [TODAY, TOMORROW, AFTER]
    assert ClosedSpan(TODAY, None).days == []
    assert [each.is_whole_day for each in (span, ClosedSpan(TODAY, TODAY), ClosedSpan(TODAY, TODAY, "", 0, 60))] == [
        False,
        True,
        False,
    ]
    assert span.clocks == (dt.time(12, 30), dt.time(0))


@pytest.mark.parametrize(
    ("earlier", "covers"),
    [
        ({}, True),
        ({"class_kind": "toddler"}, True),
        ({"class_kind": "infant"}, False),
        ({"from_minute": 540, "to_minute": 600}, True),
        ({"from_minute": 541}, False),
        ({"to_minute": 599}, False),
    ],
)
def test_day_is_closed_already_where_one_closing_covers_all_of_it(house, earlier, covers):
    ClosingDayFactory(institution=house.institution, date=TOMORROW, **earlier)
    ClosingDayFactory(institution=house.other.institution, date=AFTER)
    ClosingDayFactory(institution=house.institution, date=AFTER + dt.timedelta(days=1))
    span = ClosedSpan(TODAY, AFTER, "toddler", 540, 600)

    assert days_still_open(house.institution, span) == [TODAY, *([] if covers else [TOMORROW]), AFTER]


def test_one_class_closed_is_not_the_whole_institution(house):
    ClosingDayFactory(institution=house.institution, date=TOMORROW, class_kind="toddler")

    assert days_still_open(house.institution, ClosedSpan(TOMORROW, TOMORROW)) == [TOMORROW]


def test_impact_counts_bookings_families_and_children(house):
    user, child = toddler()
    booked(house, user=user, child=child)
    booked(house, user=user, child=child, day=AFTER)
    book(house, TOMORROW, infant)

    seen = impact_of_span(house.institution, ClosedSpan(TODAY, None), now=NOW)

    assert (seen.bookings, seen.families, seen.children, seen.left) == (3, 2, 2, 0)
    assert seen.days == [(TOMORROW, 2), (AFTER, 1)]
    assert impact_of_span(house.institution, ClosedSpan(TODAY, TODAY), now=NOW).days == []
    assert impact_of_span(house.institution, ClosedSpan(AFTER, AFTER, "infant"), now=NOW).bookings == 0
    assert impact_of_span(house.institution, ClosedSpan(TOMORROW, TOMORROW, "", 0, 841), now=NOW).bookings == 2


@pytest.mark.parametrize("only_waiting", [False, True])
def test_answer_of_care_to_the_port_costs_one_query(only_waiting, django_assert_num_queries):
    house = open_house(policy={"needs_acceptance": True})
    asked = book(house, TOMORROW)
    sure = book(house, TOMORROW)
    Booking.objects.filter(pk=sure.pk).update(status="confirmed", expires_at=None)
    care = impact.all()["care"]

    with django_assert_num_queries(1):
        touched = care(
            institution_id=house.institution.pk,
            first=TODAY,
            last=None,
            class_kind="",
            minutes=(0, 1440),
            only_waiting=only_waiting,
            now=NOW,
        )

    expected = [asked] if only_waiting else [asked, sure]
    assert [(one.booking, one.family, one.child, one.is_ended) for one in touched] == [
        (each.pk, each.family_id, each.child_id, True) for each in expected
    ]
    assert {(one.starts_at, one.ends_at) for one in touched} == {(asked.starts_at, asked.ends_at)}
