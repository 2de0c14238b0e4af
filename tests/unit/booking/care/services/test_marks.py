"""Marks at the door: done twice, taken back, and at the edges of cells and minutes."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves
from booking.places import refusals
from booking.places.models import Booking, BookingCell, CapacityCell, ChildSlot
from booking.places.queries.ledger import ledger_differences
from booking.places.services.cells import set_targets
from cms.core.models import OutboxMessage
from tests.factories.booking import NOW, booked, do, tomorrow

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def marked_cells(booking: Booking) -> list[dt.datetime]:
    found = BookingCell.objects.filter(booking=booking, cell__pool__bucket="toddler").order_by("cell__starts_at")
    return list(found.values_list("cell__starts_at", flat=True))


@pytest.mark.parametrize("mark", [moves.mark_arrived, moves.mark_left, moves.mark_absent])
def test_mark_done_twice_is_one_mark(visit, mark):
    if mark is moves.mark_left:
        do(moves.mark_arrived, visit, tomorrow("14:00"))
    first = do(mark, visit, tomorrow("14:30"))
    again = do(mark, visit, tomorrow("14:31"))

    assert (again.status, again.changed_at) == (first.status, tomorrow("14:30"))
    assert visit[1].events.filter(to_status=first.status, at=tomorrow("14:31")).count() == 0


def test_child_of_another_house_is_not_at_this_door(visit):
    house, booking, user = visit

    for mark in (moves.mark_arrived, moves.mark_left, moves.mark_absent, moves.undo_mark):
        with pytest.raises(refusals.NotThere):
            mark(actor=user, institution=house.other.institution, booking=booking.public_id, now=tomorrow("14:00"))
        with pytest.raises(refusals.NotThere):
            mark(actor=user, institution=None, booking=booking.public_id, now=tomorrow("14:00"))


@pytest.mark.parametrize(("now", "kept"), [("14:59:59", "14:30"), ("15:00", "14:30"), ("15:00:01", "15:00")])
def test_leaving_keeps_the_cells_that_have_begun(visit, now, kept):
    do(moves.mark_arrived, visit, tomorrow("14:00"))

    do(moves.mark_left, visit, tomorrow(now))

    assert marked_cells(visit[1])[-1] == tomorrow(kept)
    assert list(ledger_differences()) == []


def test_quarter_that_begins_with_the_mark_is_taken_again(visit):
    do(moves.mark_absent, visit, tomorrow("15:00"))

    do(moves.undo_mark, visit, tomorrow("15:00"))

    slots = ChildSlot.objects.filter(booking=visit[1]).order_by("slot_at").values_list("slot_at", flat=True)
    assert list(slots) == [tomorrow(f"{hour}:{quarter}") for hour in (15, 16) for quarter in ("00", "15", "30", "45")]
    assert marked_cells(visit[1])[0] == tomorrow("14:00")


@pytest.mark.parametrize(("now", "first"), [("15:29:59", "15:00"), ("15:30", "15:30")])
def test_coming_late_takes_the_cell_under_way_and_none_that_is_over(visit, now, first):
    do(moves.mark_absent, visit, tomorrow("14:00"))

    do(moves.mark_arrived, visit, tomorrow(now))

    assert marked_cells(visit[1])[0] == tomorrow(first)
    assert list(ledger_differences()) == []


def test_mark_of_a_stay_that_is_over_enters_all_of_it_and_asks_nobody(visit):
    house, _, _ = visit
    do(moves.mark_absent, visit, tomorrow("13:30"))
    cells = CapacityCell.objects.filter(starts_at__gte=tomorrow("14:00"), starts_at__lt=tomorrow("17:00"))
    set_targets(dict.fromkeys(cells.values_list("pk", flat=True), 0))

    came = do(moves.mark_arrived, visit, tomorrow("17:00"))

    assert (came.status, len(marked_cells(came)), house.institution.pk) == ("arrived", 6, came.institution_id)
    assert list(ledger_differences()) == []


def test_times_of_a_child_who_is_brought_back(visit):
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    do(moves.mark_left, visit, tomorrow("15:10"))

    back = do(moves.mark_arrived, visit, tomorrow("15:30"))

    assert (back.status, back.arrived_at, back.left_at) == ("arrived", tomorrow("14:00"), None)
    undone = do(moves.undo_mark, visit, tomorrow("15:31"))
    assert (undone.status, undone.arrived_at, undone.left_at) == ("completed", tomorrow("14:00"), tomorrow("15:10"))
    undone.refresh_from_db()
    assert (undone.arrived_at, undone.left_at) == (tomorrow("14:00"), tomorrow("15:10"))
    assert list(ledger_differences()) == []


def test_times_when_marks_are_taken_back(visit):
    came = do(moves.mark_arrived, visit, tomorrow("14:05"))
    assert came.arrived_at == tomorrow("14:05")

    undone = do(moves.undo_mark, visit, tomorrow("14:06"))
    assert (undone.status, undone.arrived_at) == ("confirmed", None)

    do(moves.mark_arrived, visit, tomorrow("14:10"))
    absent = do(moves.mark_absent, visit, tomorrow("14:11"))
    assert (absent.status, absent.arrived_at) == ("absent", None)

    back = do(moves.undo_mark, visit, tomorrow("14:12"))
    assert (back.status, back.arrived_at, back.left_at) == ("arrived", tomorrow("14:10"), None)
    assert list(ledger_differences()) == []


def test_undo_of_absent_leaves_no_arrival(visit):
    do(moves.mark_absent, visit, tomorrow("14:05"))

    undone = do(moves.undo_mark, visit, tomorrow("14:06"))

    assert (undone.status, undone.arrived_at) == ("confirmed", None)


@pytest.mark.parametrize(
    ("after", "undone"),
    [
        (dt.timedelta(minutes=10) - SECOND, True),
        (dt.timedelta(minutes=10), True),
        (dt.timedelta(minutes=10) + SECOND, False),
    ],
)
def test_mark_is_taken_back_for_ten_minutes(visit, after, undone):
    do(moves.mark_arrived, visit, tomorrow("14:00"))

    if undone:
        assert do(moves.undo_mark, visit, tomorrow("14:00") + after).status == "confirmed"
    else:
        with pytest.raises(refusals.WrongState):
            do(moves.undo_mark, visit, tomorrow("14:00") + after)


def test_marks_are_taken_back_one_after_the_other(visit):
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    do(moves.mark_left, visit, tomorrow("14:05"))
    do(moves.undo_mark, visit, tomorrow("14:06"))

    undone = do(moves.undo_mark, visit, tomorrow("14:07"))

    assert (undone.status, undone.arrived_at, undone.left_at) == ("confirmed", None, None)
    with pytest.raises(refusals.WrongState):
        do(moves.undo_mark, visit, tomorrow("14:08"))


def test_history_says_what_became_of_the_times(visit):
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    do(moves.mark_left, visit, tomorrow("14:05"))
    do(moves.undo_mark, visit, tomorrow("14:06"))
    do(moves.mark_absent, visit, tomorrow("14:07"))

    came, left = tomorrow("14:00").isoformat(), tomorrow("14:05").isoformat()
    assert list(visit[1].events.order_by("at", "pk").values_list("times", flat=True)) == [
        None,
        None,
        {"arrived_at": [None, came]},
        {"left_at": [None, left]},
        {"left_at": [left, None]},
        {"arrived_at": [came, None]},
    ]


def test_what_is_no_mark_is_not_undone(visit):
    with pytest.raises(refusals.WrongState):
        do(moves.undo_mark, visit, tomorrow("08:00"))
    do(moves.cancel_by_institution, visit, NOW, reason="停水")
    with pytest.raises(refusals.WrongState):
        do(moves.undo_mark, visit, tomorrow("08:00"))


MIDNIGHT = tomorrow("00:00")
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)


@pytest.mark.parametrize("mark", [moves.mark_arrived, moves.mark_left, moves.mark_absent, moves.undo_mark])
@pytest.mark.parametrize(
    ("now", "refusal"),
    [(NOW, moves.StayAhead), (MIDNIGHT - TICK, moves.StayAhead), (MIDNIGHT + DAY, moves.StayOver)],
)
def test_mark_of_another_day_is_refused_and_changes_nothing(visit, mark, now, refusal):
    with pytest.raises(refusal):
        do(mark, visit, now)

    visit.booking.refresh_from_db()
    assert (visit.booking.status, visit.booking.events.count(), len(marked_cells(visit.booking))) == ("confirmed", 2, 6)


@pytest.mark.parametrize("now", [MIDNIGHT, MIDNIGHT + DAY - TICK])
@pytest.mark.parametrize("mark", [moves.mark_arrived, moves.mark_absent])
def test_mark_is_taken_from_the_first_to_the_last_moment_of_the_day(visit, mark, now):
    more = {"early_ok": True} if mark is moves.mark_arrived else {}

    assert do(mark, visit, now, **more).changed_at == now


@pytest.mark.parametrize(("now", "cancelled"), [("16:59:59", True), ("17:00", False), ("17:00:01", False)])
def test_institution_cancels_until_the_stay_is_over(visit, now, cancelled):
    if cancelled:
        assert do(moves.cancel_by_institution, visit, tomorrow(now), reason="停水").status == "cancelled"
    else:
        with pytest.raises(moves.StayOver):
            do(moves.cancel_by_institution, visit, tomorrow(now), reason="停水")
    visit.booking.refresh_from_db()
    assert visit.booking.status == ("cancelled" if cancelled else "confirmed")
    assert list(ledger_differences()) == []


def test_institution_that_cancelled_gets_the_same_answer_after_the_stay(visit):
    do(moves.cancel_by_institution, visit, NOW, reason="停水")

    again = do(moves.cancel_by_institution, visit, tomorrow("18:00"), reason="停水")

    assert (again.status, again.changed_at) == ("cancelled", NOW)


def test_undo_tells_nobody_and_a_mark_does(visit):
    OutboxMessage.objects.all().delete()

    do(moves.mark_arrived, visit, tomorrow("14:00"))
    do(moves.undo_mark, visit, tomorrow("14:01"))

    assert [message.payload["to"] for message in OutboxMessage.objects.all()] == ["arrived"]


def test_place_given_away_is_asked_for_with_the_true_number(visit):
    house = visit.house
    do(moves.mark_absent, visit, tomorrow("14:10"))
    cells = CapacityCell.objects.filter(starts_at=tomorrow("16:00"), pool__bucket="toddler")
    cells.filter(pool__institution=house.institution).update(target=1, taken=3, capacity=3)

    with pytest.raises(refusals.OverPlaces) as question:
        do(moves.undo_mark, visit, tomorrow("14:12"))
    assert question.value.extra["over"] == 3
    visit.booking.refresh_from_db()
    assert moves.count_over(visit.booking, now=tomorrow("14:12")) == 3
    with pytest.raises(refusals.OverPlaces):
        do(moves.mark_arrived, visit, tomorrow("14:12"))
    visit[1].refresh_from_db()
    assert (visit[1].status, ChildSlot.objects.count()) == ("absent", 0)

    assert do(moves.mark_arrived, visit, tomorrow("14:12"), over_ok=True).status == "arrived"
    cell = cells.get(pool__institution=house.institution)
    assert (cell.target, cell.taken, cell.capacity) == (1, 4, 4)


def test_child_booked_elsewhere_since_is_not_taken_back(visit):
    house, _, user = visit
    do(moves.mark_absent, visit, tomorrow("14:10"))
    stay = {"mode": "temporary", "starts": dt.time(16), "ends": dt.time(18), "now": tomorrow("14:10")}
    booked(house.other, user=user, child=visit[1].child, **stay)

    with pytest.raises(refusals.Duplicate):
        do(moves.mark_arrived, visit, tomorrow("14:12"))
    assert list(ledger_differences()) == []


def test_mark_that_was_taken_back_is_not_followed_by_the_one_before(visit):
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    left = do(moves.mark_left, visit, tomorrow("14:05")).changed_at

    answers = [do(moves.undo_mark, visit, tomorrow(now), seen=left) for now in ("14:06", "14:07", "14:08")]

    assert [(each.status, each.changed_at) for each in answers] == [("arrived", tomorrow("14:06"))] * 3
    assert visit.booking.events.filter(reason="undo").count() == 1
    assert list(ledger_differences()) == []


def test_mark_before_is_taken_back_by_who_saw_it(visit):
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    left = do(moves.mark_left, visit, tomorrow("14:05")).changed_at
    seen = do(moves.undo_mark, visit, tomorrow("14:06"), seen=left).changed_at

    assert do(moves.undo_mark, visit, tomorrow("14:07"), seen=seen).status == "confirmed"


@pytest.mark.parametrize("undone_first", [False, True])
def test_mark_of_another_that_followed_stays(visit, undone_first):
    seen = do(moves.mark_arrived, visit, tomorrow("14:00")).changed_at
    if undone_first:
        do(moves.undo_mark, visit, tomorrow("14:01"), seen=seen)
    do(moves.mark_absent, visit, tomorrow("14:02"))

    with pytest.raises(moves.MarkedMeanwhile) as refused:
        do(moves.undo_mark, visit, tomorrow("14:03"), seen=seen)

    visit.booking.refresh_from_db()
    assert (refused.value.code, visit.booking.status) == ("changed", "absent")


def test_page_older_than_the_mark_takes_nothing_back(visit):
    seen = Booking.objects.get(pk=visit.booking.pk).changed_at
    do(moves.mark_arrived, visit, tomorrow("14:00"))

    with pytest.raises(moves.MarkedMeanwhile):
        do(moves.undo_mark, visit, tomorrow("14:01"), seen=seen)

    visit.booking.refresh_from_db()
    assert visit.booking.status == "arrived"
