"""Places of a session in the capacity core; the caller's transaction is the test's own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from booking.care.services import moves, sessions
from booking.care.services.transition import ActingParty
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingEvent, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from tests.factories.booking import NOW, TOMORROW, hold, open_house, toddler
from tests.factories.directory import DistrictFactory, InstitutionFactory

pytestmark = pytest.mark.django_db
START, END = at(TOMORROW, dt.time(9, 30)), at(TOMORROW, dt.time(10, 40))
NEXT_DAY = TOMORROW + dt.timedelta(days=1)
QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)


def make(capacity: int = 1, **values):
    district = values.pop("district", None) or DistrictFactory()
    return sessions.create_session_cell(
        starts_at=START, ends_at=END, capacity=capacity, district_id=district.pk, **values
    )


def sign_up(cell, *, slots=True, family=None, childless=False):
    user, child = family or toddler()
    cell.refresh_from_db()
    seat = sessions.Seat(user=user, family=child.family, child=None if childless else child, takes_child_slots=slots)
    with transaction.atomic():
        return sessions.take_session_place(seat=seat, cell=cell, now=NOW)


def change(cell, starts_at=START, ends_at=END, *, capacity=1, slots=True, now=NOW, district=None):
    return sessions.change_session_cell(
        cell=cell,
        bookings=sessions.lock_confirmed(cell),
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        district_id=district.pk if district else cell.pool.district_id,
        takes_child_slots=slots,
        now=now,
    )


def cancel(booking, *, side=BookingEvent.Side.PARENT, reason="", now=NOW):
    with transaction.atomic():
        locked = sessions.lock_session_booking(booking.pk)
        by = ActingParty(side, booking.created_by, reason)
        sessions.cancel_session_bookings(bookings=[locked], by=by, now=now)


def slots_of(booking) -> list[dt.datetime]:
    return list(ChildSlot.objects.filter(booking=booking).order_by("slot_at").values_list("slot_at", flat=True))


def test_a_session_has_a_pool_with_one_cell():
    institution = InstitutionFactory()

    cell = make(capacity=3, institution=institution)

    assert (cell.starts_at, cell.ends_at, cell.target, cell.capacity, cell.taken) == (START, END, 3, 3, 0)
    pool = cell.pool
    assert (pool.kind, pool.institution, pool.bucket, pool.raster_minutes) == ("session", institution, "all", 0)


def test_session_takes_one_place_and_the_childs_time():
    cell, (user, child) = make(), toddler()

    booking = sign_up(cell, family=(user, child))

    cell.refresh_from_db()
    assert (cell.taken, cell.capacity) == (1, 1)
    booking.refresh_from_db()
    assert (booking.kind, booking.status, booking.units, booking.pool_id) == ("session", "confirmed", 1, cell.pool_id)
    assert (booking.family, booking.child, booking.created_by) == (child.family, child, user)
    assert (booking.starts_at, booking.ends_at, booking.service_date) == (START, END, TOMORROW)
    assert (booking.created_at, booking.changed_at) == (NOW, NOW)
    assert list(BookingCell.objects.values_list("booking_id", "cell_id", "units")) == [(booking.pk, cell.pk, 1)]
    # 9:30 to 10:40 touches the quarter that begins at 10:30.
    assert slots_of(booking) == [START + n * QUARTER for n in range(5)]
    event = BookingEvent.objects.get()
    assert (event.from_status, event.to_status, event.side, event.actor, event.at) == (
        "",
        "confirmed",
        "parent",
        user,
        NOW,
    )
    assert list(ledger_differences()) == []


def test_parent_class_and_an_adult_alone_leave_the_child_free():
    cell = make(capacity=2)

    bookings = [sign_up(cell, slots=False), sign_up(cell, childless=True)]

    assert [slots_of(booking) for booking in bookings] == [[], []]


def test_full_session_is_refused_and_leaves_nothing():
    cell = make()
    first = sign_up(cell)

    with pytest.raises(refusals.Full) as refused:
        sign_up(cell)

    assert refused.value.extra == {"alternatives": []}
    assert list(Booking.objects.values_list("pk", flat=True)) == [first.pk]
    assert ChildSlot.objects.exclude(booking=first).count() == 0
    assert list(ledger_differences()) == []


def test_child_in_care_cannot_come_and_the_other_place_stays():
    user, child = toddler()
    care = hold(open_house(), user=user, child=child, starts=dt.time(10), ends=dt.time(11))
    cell = make()

    with pytest.raises(refusals.Duplicate):
        sign_up(cell, family=(user, child))

    cell.refresh_from_db()
    assert cell.taken == 0
    assert list(Booking.objects.values_list("pk", flat=True)) == [care.pk]


def test_other_trouble_of_the_database_is_no_duplicate(monkeypatch):
    monkeypatch.setattr(sessions, "slots_between", lambda *hours: [None])

    with pytest.raises(IntegrityError):
        sign_up(make())

    assert Booking.objects.count() == 0


def test_cancelling_gives_place_and_time_back_in_silence():
    cell = make(capacity=2)
    booking, other = sign_up(cell), sign_up(cell)

    cancel(booking, side=BookingEvent.Side.STAFF, reason="停电")

    cell.refresh_from_db()
    booking.refresh_from_db()
    assert (cell.taken, booking.status, slots_of(booking), len(slots_of(other))) == (1, "cancelled", [], 5)
    event = BookingEvent.objects.get(to_status="cancelled")
    assert (event.side, event.actor, event.reason, event.at) == ("staff", booking.created_by, "停电", NOW)
    assert not OutboxMessage.objects.filter(topic="booking.moved").exists()
    assert list(ledger_differences()) == []


def test_a_place_that_is_under_way_is_given_back_whole():
    cell = make()
    booking = sign_up(cell)

    cancel(booking, now=START + HOUR)

    assert BookingCell.objects.count() == 0
    assert list(ledger_differences()) == []


@pytest.mark.parametrize("mark", [moves.mark_arrived, moves.mark_absent])
def test_a_marked_place_is_no_longer_to_be_cancelled(mark):
    cell = make()
    booking = sign_up(cell)
    mark(actor=booking.created_by, institution=None, booking=booking.public_id, now=START)

    with pytest.raises(refusals.WrongState):
        cancel(booking)

    assert list(ledger_differences()) == []


def test_only_a_place_of_a_session_is_locked_as_one():
    user, child = toddler()
    care = hold(open_house(), user=user, child=child)

    with pytest.raises(Booking.DoesNotExist):
        sessions.lock_session_booking(care.pk)


def test_the_lock_reads_the_booking_again():
    booking = sign_up(make())
    Booking.objects.filter(pk=booking.pk).update(starts_at=START + QUARTER)

    assert sessions.lock_session_booking(booking.pk).starts_at == START + QUARTER


@pytest.mark.parametrize(("capacity", "kept"), [(0, 2), (1, 2), (2, 2), (3, 3)])
def test_taken_places_stay_taken_when_there_are_fewer(capacity, kept):
    cell = make(capacity=2)
    for _ in range(2):
        sign_up(cell)
    cell.refresh_from_db()

    assert change(cell, capacity=capacity) == ([], [])

    assert (cell.target, cell.taken, cell.capacity) == (capacity, 2, kept)
    assert list(ledger_differences()) == []


def test_the_same_time_moves_nobody():
    cell = make()
    booking = sign_up(cell)
    cell.refresh_from_db()

    assert change(cell, now=NOW + HOUR) == ([], [])

    booking.refresh_from_db()
    assert (booking.changed_at, len(slots_of(booking))) == (NOW, 5)


def test_bookings_follow_a_session_that_moves():
    cell, other = make(capacity=2), make()
    bookings, elsewhere = [sign_up(cell), sign_up(cell)], sign_up(other)
    cell.refresh_from_db()
    starts_at = at(NEXT_DAY, dt.time(15))

    moved, _busy = change(cell, starts_at, starts_at + HOUR, capacity=2, now=NOW + HOUR)

    assert [booking.pk for booking in moved] == [booking.pk for booking in bookings]
    for returned, booking in zip(moved, bookings, strict=True):
        booking.refresh_from_db()
        for one in (returned, booking):
            assert (one.starts_at, one.ends_at, one.service_date) == (starts_at, starts_at + HOUR, NEXT_DAY)
            assert one.changed_at == NOW + HOUR
        assert slots_of(booking) == [starts_at + n * QUARTER for n in range(4)]
    assert (cell.starts_at, cell.ends_at, cell.taken) == (starts_at, starts_at + HOUR, 2)
    elsewhere.refresh_from_db()
    assert (elsewhere.starts_at, len(slots_of(elsewhere))) == (START, 5)


def test_bookings_that_move_are_locked_by_id():
    cell = make(capacity=2)
    for _ in range(2):
        sign_up(cell)
    cell.refresh_from_db()

    with CaptureQueriesContext(connection) as queries:
        change(cell, START + HOUR, END + HOUR, capacity=2)

    locking = next(query["sql"] for query in queries if 'FROM "booking_booking"' in query["sql"])
    assert locking.split("ORDER BY ")[1].removesuffix(' FOR NO KEY UPDATE OF "booking_booking"') == (
        '"booking_booking"."id" ASC'
    )


@pytest.mark.parametrize(("starts_at", "ends_at"), [(START - HOUR, END), (START, END + HOUR)])
def test_a_new_start_or_a_new_end_alone_is_a_new_time(starts_at, ends_at):
    cell = make()
    booking = sign_up(cell)
    cell.refresh_from_db()

    assert [one.pk for one in change(cell, starts_at, ends_at).moved] == [booking.pk]

    booking.refresh_from_db()
    assert (booking.starts_at, booking.ends_at) == (starts_at, ends_at)
    assert (slots_of(booking)[0], len(slots_of(booking))) == (starts_at, 9)


def test_a_session_that_moves_into_its_own_old_time_keeps_the_childs_time_whole():
    cell = make()
    booking = sign_up(cell)
    cell.refresh_from_db()

    change(cell, START + QUARTER, END + QUARTER)

    assert slots_of(booking) == [START + n * QUARTER for n in range(1, 6)]


def test_cancelled_and_marked_places_do_not_follow():
    cell = make(capacity=3)
    gone, came, confirmed = sign_up(cell), sign_up(cell), sign_up(cell)
    cancel(gone)
    moves.mark_arrived(actor=came.created_by, institution=None, booking=came.public_id, now=START)
    cell.refresh_from_db()

    moved, _busy = change(cell, START + HOUR, END + HOUR, capacity=3)

    assert [booking.pk for booking in moved] == [confirmed.pk]
    for booking in (gone, came):
        booking.refresh_from_db()
        assert booking.starts_at == START
    assert slots_of(came) == [START + n * QUARTER for n in range(5)]


def test_at_the_new_time_a_child_that_is_elsewhere_keeps_that_other_place():
    (user, child), free = toddler(), toddler()
    cell = make(capacity=2)
    booking, other = sign_up(cell, family=(user, child)), sign_up(cell, family=free)
    care = hold(open_house(), user=user, child=child, starts=dt.time(14), ends=dt.time(15))
    cell.refresh_from_db()

    moved, busy = change(cell, at(TOMORROW, dt.time(14)), at(TOMORROW, dt.time(15)), capacity=2)

    assert ([one.pk for one in moved], busy) == ([booking.pk, other.pk], [])
    assert (slots_of(booking), len(slots_of(care)), len(slots_of(other))) == ([], 4, 4)


def test_a_class_for_parents_takes_no_time_of_the_child_when_it_moves():
    cell = make()
    booking = sign_up(cell, slots=False)
    cell.refresh_from_db()

    change(cell, START + HOUR, END + HOUR, slots=False)

    assert slots_of(booking) == []


def test_a_class_that_becomes_an_activity_takes_the_childrens_time():
    cell = make(capacity=2)
    bookings = [sign_up(cell, slots=False), sign_up(cell, slots=False, childless=True)]
    cell.refresh_from_db()

    assert change(cell, capacity=2, slots=True) == ([], [])

    assert [len(slots_of(booking)) for booking in bookings] == [5, 0]
    assert list(ledger_differences()) == []


def test_an_activity_that_becomes_a_class_gives_the_childrens_time_back():
    cell, other = make(), make()
    booking, elsewhere = sign_up(cell), sign_up(other)
    cell.refresh_from_db()

    assert change(cell, slots=False) == ([], [])

    assert (slots_of(booking), len(slots_of(elsewhere))) == ([], 5)
    assert list(ledger_differences()) == []


def test_a_child_elsewhere_when_a_class_becomes_an_activity_is_named_once():
    """The next change of the text, which takes no new time of anybody, names nobody again."""
    (user, child), free = toddler(), toddler()
    cell = make(capacity=2)
    booking, other = sign_up(cell, family=(user, child), slots=False), sign_up(cell, family=free, slots=False)
    care = hold(open_house(), user=user, child=child, starts=dt.time(10), ends=dt.time(11))
    cell.refresh_from_db()

    moved, busy = change(cell, capacity=2, slots=True)

    assert (moved, [one.pk for one in busy]) == ([], [booking.pk])
    assert (len(slots_of(care)), len(slots_of(other))) == (4, 5)
    assert change(cell, capacity=2, slots=True) == ([], [])


def test_who_is_marked_keeps_the_childs_time_when_the_kind_changes():
    cell = make()
    came = sign_up(cell)
    moves.mark_arrived(actor=came.created_by, institution=None, booking=came.public_id, now=START)
    cell.refresh_from_db()

    change(cell, slots=False)

    assert len(slots_of(came)) == 5


def test_several_places_are_given_back_at_once():
    cell = make(capacity=3)
    bookings, other = [sign_up(cell), sign_up(cell)], sign_up(cell)

    with transaction.atomic():
        locked = [sessions.lock_session_booking(booking.pk) for booking in bookings]
        by = ActingParty(BookingEvent.Side.STAFF, None, "停电")
        sessions.cancel_session_bookings(bookings=locked, by=by, now=NOW)

    cell.refresh_from_db()
    assert (cell.taken, [slots_of(booking) for booking in bookings], len(slots_of(other))) == (1, [[], []], 5)
    assert list(ledger_differences()) == []


@pytest.mark.parametrize("act", [moves.confirm_booking, moves.cancel_booking])
def test_a_place_in_a_class_is_no_booking_of_care_to_move(act):
    user, child = toddler()
    booking = sign_up(make(), family=(user, child))

    with pytest.raises(refusals.NotThere):
        act(user=user, booking=booking.public_id, now=NOW)

    booking.refresh_from_db()
    assert booking.status == "confirmed"
