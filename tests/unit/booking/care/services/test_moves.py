from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import closing, moves
from booking.care.services.expiry import expire_overdue
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services.cells import change_cells
from booking.places.states import STATES, may_move
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, close_day, open_house, reopen_day, toddler

pytestmark = pytest.mark.django_db
ARRIVES = at(TOMORROW, dt.time(14))


@pytest.fixture
def visit():
    """A house and a confirmed stay of tomorrow 14–17."""
    house = open_house(regular_places=9)
    user, child = toddler()
    return house, booked(house, user=user, child=child), user


def act(function, house, booking, user, now, **more):
    return function(actor=user, institution=house.institution, booking=booking.public_id, now=now, **more)


def free(clock: dt.time) -> int:
    cell = CapacityCell.objects.get(pool__bucket="toddler", starts_at=at(TOMORROW, clock))
    return cell.capacity - cell.taken


def test_moves_are_those_of_the_table():
    ends = {name for name, rule in STATES.items() if not rule.moves}

    assert ends == {"cancelled", "declined", "expired"}
    assert not may_move("completed", "confirmed")


def test_leaving_early_frees_the_rest(visit):
    house, booking, user = visit
    act(moves.mark_arrived, house, booking, user, ARRIVES)

    left = act(moves.mark_left, house, booking, user, at(TOMORROW, dt.time(15, 10)))

    assert left.status == "completed"
    assert (free(dt.time(15)), free(dt.time(15, 30))) == (0, 1)
    assert list(ledger_differences()) == []


def test_undo_of_leaving_takes_the_rest_again(visit):
    house, booking, user = visit
    act(moves.mark_arrived, house, booking, user, ARRIVES)
    act(moves.mark_left, house, booking, user, at(TOMORROW, dt.time(15, 10)))

    back = act(moves.undo_mark, house, booking, user, at(TOMORROW, dt.time(15, 15)))

    assert (back.status, back.left_at) == ("arrived", None)
    assert free(dt.time(15, 30)) == 0
    assert list(ledger_differences()) == []


def test_undo_after_ten_minutes_is_refused(visit):
    house, booking, user = visit
    act(moves.mark_arrived, house, booking, user, ARRIVES)

    with pytest.raises(refusals.WrongState):
        act(moves.undo_mark, house, booking, user, ARRIVES + dt.timedelta(minutes=11))


def test_undo_of_an_undo_is_refused(visit):
    house, booking, user = visit
    act(moves.mark_arrived, house, booking, user, ARRIVES)
    act(moves.undo_mark, house, booking, user, ARRIVES)

    with pytest.raises(refusals.WrongState):
        act(moves.undo_mark, house, booking, user, ARRIVES)


def test_absent_then_arrived_takes_the_rest_again(visit):
    house, booking, user = visit
    act(moves.mark_absent, house, booking, user, at(TOMORROW, dt.time(14, 40)))
    assert free(dt.time(15)) == 1

    came = act(moves.mark_arrived, house, booking, user, at(TOMORROW, dt.time(15, 5)))

    assert came.status == "arrived"
    assert (free(dt.time(15)), free(dt.time(16, 30))) == (0, 0)
    assert list(ledger_differences()) == []


def test_absent_then_arrived_asks_where_the_rest_is_gone(visit):
    house, booking, user = visit
    now = at(TOMORROW, dt.time(14, 40))
    act(moves.mark_absent, house, booking, user, now)
    other, child = toddler()
    booked(house, user=other, child=child, mode="temporary", starts=dt.time(16), ends=dt.time(18), now=now)

    with pytest.raises(refusals.OverPlaces) as asked:
        act(moves.mark_arrived, house, booking, user, now)
    assert asked.value.extra["over"] == 1
    booking.refresh_from_db()
    assert booking.status == "absent"

    came = act(moves.mark_arrived, house, booking, user, now, over_ok=True)

    cell = CapacityCell.objects.get(pool__bucket="toddler", starts_at=at(TOMORROW, dt.time(16)))
    assert (came.status, cell.target, cell.taken, cell.capacity) == ("arrived", 1, 2, 2)
    assert list(ledger_differences()) == []


def test_place_above_target_is_not_sold_again(visit):
    _house, _booking, _user = visit
    CapacityCell.objects.filter(starts_at__gte=NOW).update(target=0, capacity=0, taken=0)
    BookingCell.objects.all().delete()
    CapacityCell.objects.filter(starts_at__gte=NOW).update(taken=2, capacity=2)
    cell = CapacityCell.objects.filter(starts_at__gte=NOW).first()

    change_cells({cell.pk: -1})

    cell.refresh_from_db()
    assert (cell.target, cell.taken, cell.capacity) == (0, 1, 1)


def test_request_is_accepted_or_declined_with_a_reason():
    house = open_house(policy={"needs_acceptance": True})
    families = [toddler(), toddler()]
    first, second = (booked(house, user=user, child=child) for user, child in families)
    user = families[0][0]

    yes = act(moves.accept_request, house, first, user, NOW)
    no = act(moves.decline_request, house, second, user, NOW, reason="当天人手不够")

    assert (yes.status, no.status) == ("confirmed", "declined")
    assert BookingEvent.objects.get(to_status="declined").reason == "当天人手不够"
    assert list(ledger_differences()) == []


def test_unanswered_request_lapses_and_is_told():
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    OutboxMessage.objects.all().delete()

    assert expire_overdue(now=NOW + dt.timedelta(hours=24)) == 1

    booking.refresh_from_db()
    assert booking.status == "expired"
    assert [m.payload["to"] for m in OutboxMessage.objects.filter(topic="booking.moved")] == ["expired"]


def test_other_institution_cannot_mark(visit):
    _, booking, user = visit

    with pytest.raises(refusals.NotThere):
        act(moves.mark_arrived, open_house(), booking, user, ARRIVES)


def test_cancel_after_the_start_is_refused(visit):
    _, booking, user = visit

    with pytest.raises(refusals.WrongState):
        moves.cancel_booking(user=user, booking=booking.public_id, now=ARRIVES)


def test_closing_a_day_cancels_its_bookings_and_tells(visit):
    house, booking, user = visit
    later = at(TODAY, dt.time(20))

    close_day(institution=house.institution, day=TOMORROW, reason="消毒", actor=user, now=NOW)
    drain(now=later)
    drain(now=later)

    booking.refresh_from_db()
    assert booking.status == "cancelled"
    moved = BookingEvent.objects.get(booking=booking, to_status="cancelled")
    assert (moved.side, moved.reason) == ("institution", "消毒")
    assert list(ledger_differences()) == []
    with pytest.raises(closing.AlreadyClosed):
        close_day(institution=house.institution, day=TOMORROW, reason="消毒", actor=user, now=NOW)


def test_closed_day_is_not_bookable_until_reopened(visit):
    house, _, user = visit
    close_day(institution=house.institution, day=TOMORROW, reason="消毒", actor=user, now=NOW)
    drain(now=NOW)
    other, child = toddler()
    with pytest.raises(refusals.Closed):
        booked(house, user=other, child=child)

    reopen_day(institution=house.institution, day=TOMORROW, now=NOW)

    assert booked(house, user=other, child=child).status == Booking.Status.CONFIRMED


def test_stopped_care_cancels_everything_to_come(visit):
    house, booking, _ = visit

    closing.stop_care(institution_id=house.institution.pk, from_day=TODAY, reason="备案结束", now=NOW)
    drain(now=NOW)

    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert not CapacityCell.objects.filter(starts_at__gte=NOW, target__gt=0).exists()
