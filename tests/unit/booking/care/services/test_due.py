"""Who comes before its time is asked for first, and nobody is checked out by the tap that checked in."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.room import over_before
from booking.care.services import moves
from booking.places.models import Booking, CapacityCell
from booking.places.queries.ledger import ledger_differences
from tests.factories.booking import Visit, do, tomorrow

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def fill(visit: Visit, clock: str, *, bucket: str = "toddler", over: int = 0, house: object = None) -> None:
    """Everybody there can be is booked at that half hour, or ``over`` more."""
    cells = CapacityCell.objects.filter(starts_at=tomorrow(clock), pool__bucket=bucket)
    cells = cells.filter(pool__institution=house or visit.house.institution)
    assert cells.update(target=3, taken=3 + over, capacity=max(3, 3 + over)) == 1


@pytest.mark.parametrize(("early", "asked"), [(59 * 60 + 59, False), (60 * 60, False), (60 * 60 + 1, True)])
def test_more_than_an_hour_before_its_time_a_child_is_asked_for(visit, early: int, asked: bool) -> None:
    now = tomorrow("14:00") - early * SECOND

    if asked:
        with pytest.raises(moves.NotDue) as question:
            do(moves.mark_arrived, visit, now)
        assert question.value.extra == {"over": 0}
        assert Booking.objects.get().status == "confirmed"
    assert do(moves.mark_arrived, visit, now, early_ok=asked).arrived_at == now
    assert list(ledger_differences()) == []


def test_from_the_beginning_nobody_is_asked_even_where_the_class_is_over(visit) -> None:
    fill(visit, "14:00", over=2)
    fill(visit, "13:30", over=2)

    assert do(moves.mark_arrived, visit, tomorrow("14:00")).status == "arrived"


@pytest.mark.parametrize(("now", "over"), [("13:30", 1), ("13:30:01", 0), ("13:00:01", 1)])
def test_full_half_hour_before_its_time_is_asked_for_unless_it_is_under_way(visit, now: str, over: int) -> None:
    fill(visit, "13:30")

    assert over_before(visit.booking, now=tomorrow(now)) == over
    if over:
        with pytest.raises(moves.NotDue) as question:
            do(moves.mark_arrived, visit, tomorrow(now))
        assert question.value.extra == {"over": over}
    assert do(moves.mark_arrived, visit, tomorrow(now), early_ok=bool(over)).status == "arrived"


def test_most_of_class_and_house_counts_and_nobody_elses(visit) -> None:
    now = tomorrow("12:00")
    assert over_before(visit.booking, now=now) == 0
    fill(visit, "12:30", bucket="infant", over=5)
    fill(visit, "12:30", house=visit.house.other.institution, over=5)
    fill(visit, "14:00", over=5)
    assert over_before(visit.booking, now=now) == 0
    fill(visit, "12:30", bucket="all", over=1)
    assert over_before(visit.booking, now=now) == 2
    fill(visit, "13:00", over=2)
    assert over_before(visit.booking, now=now) == 3


def test_child_with_one_place_left_fits(visit) -> None:
    fill(visit, "13:00", over=-1)

    assert over_before(visit.booking, now=tomorrow("12:30")) == 0


def test_who_was_there_before_is_not_asked_for_again(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("12:00"), early_ok=True)
    do(moves.mark_left, visit, tomorrow("12:10"))

    assert do(moves.mark_arrived, visit, tomorrow("12:20")).status == "arrived"


@pytest.mark.parametrize(("after", "left"), [(dt.timedelta(0), False), (4.999999 * SECOND, False), (5 * SECOND, True)])
def test_second_tap_does_not_check_out(visit, after: dt.timedelta, left: bool) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:00"))

    if left:
        assert do(moves.mark_left, visit, tomorrow("14:00") + after).status == "completed"
        return
    with pytest.raises(moves.JustArrived):
        do(moves.mark_left, visit, tomorrow("14:00") + after)
    assert Booking.objects.get().status == "arrived"


def test_leaving_twice_answers_the_same_at_once(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    do(moves.mark_left, visit, tomorrow("15:00"))

    assert do(moves.mark_left, visit, tomorrow("15:00") + SECOND).left_at == tomorrow("15:00")
