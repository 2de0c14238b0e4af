"""What was recorded at the door is put right: from where, until when, with which times, and what follows for places."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves
from booking.care.services.corrections import (
    Attendance,
    BadTimes,
    ChangedMeanwhile,
    NotBegunYet,
    ReasonNeeded,
    correct_attendance,
)
from booking.care.services.ending import end_unanswered
from booking.places import refusals
from booking.places.models import Booking, BookingCell, CapacityCell, ChildSlot
from booking.places.queries.ledger import ledger_differences
from booking.places.services.cells import set_targets
from booking.places.states import may_be_corrected
from cms.core.models import OutboxMessage
from tests.factories.booking import NOW, Visit, booked, do, hold, toddler, tomorrow
from tests.factories.capacity import BookingFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
CAME = Attendance("completed", dt.time(14, 5), dt.time(16, 50))
ABSENT = Attendance("absent")
WAITED_FOR = Attendance("confirmed")


def correct(visit: Visit, to: Attendance, now: dt.datetime, reason: str = "点错了", **more) -> Booking:
    seen = more.pop("seen", None) or Booking.objects.get(pk=visit.booking.pk).changed_at
    return do(correct_attendance, visit, now, to=to, reason=reason, seen=seen, **more)


def cells(visit: Visit) -> list[str]:
    found = BookingCell.objects.filter(booking=visit.booking, cell__pool__bucket="toddler").order_by("starts_at")
    return [f"{moment + dt.timedelta(hours=8):%H:%M}" for moment in found.values_list("starts_at", flat=True)]


def test_arrival_marked_by_mistake_is_not_yet_again_and_the_places_are_held(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("09:40"), early_ok=True)

    put_right = correct(visit, WAITED_FOR, tomorrow("10:05"))

    assert (put_right.status, put_right.arrived_at, put_right.left_at) == ("confirmed", None, None)
    assert (len(cells(visit)), ChildSlot.objects.count()) == (6, 12)
    assert do(moves.mark_arrived, visit, tomorrow("13:58")).arrived_at == tomorrow("13:58")
    assert list(ledger_differences()) == []


def test_history_keeps_who_why_and_both_values(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:20"))

    correct(visit, Attendance("arrived", dt.time(14, 5)), tomorrow("15:00"), "  家长说早到了  ")

    last = visit.booking.events.latest("at", "pk")
    assert (last.from_status, last.to_status, last.side, last.actor, last.reason, last.at) == (
        "arrived", "arrived", "institution", visit.user, "家长说早到了", tomorrow("15:00"),
    )  # fmt: skip
    assert last.times == {"arrived_at": [tomorrow("14:20").isoformat(), tomorrow("14:05").isoformat()]}
    assert Booking.objects.get().arrived_at == tomorrow("14:05")


def test_time_that_reads_the_same_keeps_its_seconds_and_is_no_change(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:05:23"))
    events = visit.booking.events.count()

    same = correct(visit, Attendance("arrived", dt.time(14, 5)), tomorrow("15:00"), seen=NOW)

    assert (same.arrived_at, same.changed_at) == (tomorrow("14:05:23"), tomorrow("14:05:23"))
    assert visit.booking.events.count() == events
    left = correct(visit, CAME, tomorrow("17:10"))
    assert (left.arrived_at, left.left_at) == (tomorrow("14:05:23"), tomorrow("16:50"))


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (7, True), (8, False)])
def test_today_and_seven_days_after(visit, days, allowed) -> None:
    now = tomorrow("23:00") + days * DAY

    assert may_be_corrected(visit.booking, now.date()) is allowed
    if allowed:
        assert correct(visit, ABSENT, now).status == "absent"
    else:
        with pytest.raises(moves.StayAhead if days < 0 else moves.StayOver):
            correct(visit, ABSENT, now)
        assert Booking.objects.get().status == "confirmed"


@pytest.mark.parametrize(("now", "allowed"), [(7 * DAY + DAY - TICK, True), (8 * DAY, False)])
def test_seventh_day_ends_at_midnight(visit, now, allowed) -> None:
    midnight = tomorrow("00:00")

    if allowed:
        correct(visit, ABSENT, midnight + now)
    else:
        with pytest.raises(moves.StayOver):
            correct(visit, ABSENT, midnight + now)


@pytest.mark.parametrize("to", [WAITED_FOR, Attendance("arrived", dt.time(14))])
def test_on_a_day_that_is_over_nobody_is_awaited_or_in_the_room(visit, to) -> None:
    do(moves.mark_absent, visit, tomorrow("14:10"))

    with pytest.raises(moves.StayOver):
        correct(visit, to, tomorrow("00:00") + DAY)
    assert Booking.objects.get().status == "absent"


def test_day_that_is_over_may_leave_open_what_nobody_knows(visit) -> None:
    end_unanswered(now=tomorrow("02:00") + DAY)
    later = tomorrow("09:00") + DAY

    only_came = correct(visit, Attendance("completed", dt.time(14)), later)
    assert (only_came.arrived_at, only_came.left_at) == (tomorrow("14:00"), None)
    nothing = correct(visit, Attendance("completed"), later)
    assert (nothing.status, nothing.arrived_at, nothing.left_at) == ("completed", None, None)
    with pytest.raises(BadTimes) as refused:
        correct(visit, Attendance("completed", None, dt.time(17)), later)
    assert refused.value.fields == {"arrived": "请填几点到的，例如 9:40"}
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(
    ("to", "fields"),
    [
        (Attendance("arrived"), {"arrived": "请填几点到的，例如 9:40"}),
        (Attendance("completed"), {"arrived": "请填几点到的，例如 9:40", "left": "请填几点离开的，例如 17:30"}),
        (Attendance("completed", dt.time(14)), {"left": "请填几点离开的，例如 17:30"}),
        (Attendance("completed", dt.time(14), dt.time(14)), {"left": "离园要晚于到园，请看一下两个时间"}),
        (Attendance("completed", dt.time(14), dt.time(13, 59)), {"left": "离园要晚于到园，请看一下两个时间"}),
        (Attendance("completed", dt.time(14), dt.time(16, 31)), {"left": "这个时间还没到，请填实际离园的时间"}),
        (Attendance("arrived", dt.time(16, 31)), {"arrived": "这个时间还没到，请填实际到园的时间"}),
    ],
)
def test_times_that_cannot_be_are_refused_at_their_field(visit, to, fields) -> None:
    with pytest.raises(BadTimes) as refused:
        correct(visit, to, tomorrow("16:30"))

    assert refused.value.fields == fields
    assert Booking.objects.get().status == "confirmed"


def test_times_up_to_this_minute_and_a_minute_apart_are_taken(visit) -> None:
    done = correct(visit, Attendance("completed", dt.time(16, 29), dt.time(16, 30)), tomorrow("16:30"))

    assert (done.arrived_at, done.left_at) == (tomorrow("16:29"), tomorrow("16:30"))
    assert correct(visit, Attendance("arrived", dt.time(16, 30)), tomorrow("16:30")).arrived_at == tomorrow("16:30")


def test_arrived_drops_the_time_of_leaving(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    do(moves.mark_left, visit, tomorrow("15:00"))

    back = correct(visit, Attendance("arrived", dt.time(14), dt.time(15)), tomorrow("15:20"))

    assert (back.status, back.arrived_at, back.left_at) == ("arrived", tomorrow("14:00"), None)
    assert cells(visit) == ["14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]
    assert list(ledger_differences()) == []


def test_absence_frees_what_is_to_come_and_its_correction_takes_it_again(visit) -> None:
    correct(visit, ABSENT, tomorrow("15:10"))
    assert (cells(visit), ChildSlot.objects.count()) == (["14:00", "14:30", "15:00"], 0)

    correct(visit, WAITED_FOR, tomorrow("15:20"))

    assert cells(visit) == ["14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]
    assert ChildSlot.objects.count() == 6
    assert list(ledger_differences()) == []


def test_from_one_end_to_another_no_place_moves(visit) -> None:
    do(moves.mark_absent, visit, tomorrow("14:40"))
    before = cells(visit)

    came = correct(visit, Attendance("completed", dt.time(14), dt.time(15)), tomorrow("15:10"))

    assert (came.status, cells(visit), before) == ("completed", ["14:00", "14:30"], ["14:00", "14:30"])
    assert list(ledger_differences()) == []


def test_place_given_away_is_asked_for_first(visit) -> None:
    do(moves.mark_absent, visit, tomorrow("14:10"))
    coming = CapacityCell.objects.filter(starts_at=tomorrow("16:00"), pool__institution=visit.house.institution)
    set_targets(dict.fromkeys(coming.values_list("pk", flat=True), 0))

    with pytest.raises(refusals.OverPlaces):
        correct(visit, WAITED_FOR, tomorrow("14:30"))
    assert Booking.objects.get().status == "absent"
    assert correct(visit, WAITED_FOR, tomorrow("14:30"), over_ok=True).status == "confirmed"
    assert list(ledger_differences()) == []


def test_second_of_two_sees_what_changed(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:20"))
    seen = Booking.objects.get().changed_at
    correct(visit, Attendance("arrived", dt.time(14)), tomorrow("15:00"), seen=seen)

    with pytest.raises(ChangedMeanwhile):
        correct(visit, Attendance("arrived", dt.time(13, 50)), tomorrow("15:01"), seen=seen)
    assert Booking.objects.get().arrived_at == tomorrow("14:00")
    same = correct(visit, Attendance("arrived", dt.time(14)), tomorrow("15:02"), seen=seen)
    assert same.changed_at == tomorrow("15:00")


@pytest.mark.parametrize("reason", ["", "   ", "undo", "unanswered"])
def test_reason_is_needed_and_the_sites_own_words_are_none(visit, reason) -> None:
    with pytest.raises(ReasonNeeded) as refused:
        correct(visit, ABSENT, tomorrow("15:00"), reason)

    assert list(refused.value.fields) == ["reason"]
    assert Booking.objects.get().status == "confirmed"


def test_what_was_called_off_or_never_expected_is_not_corrected(house) -> None:
    user, child = toddler()
    cancelled = Visit(house, booked(house, user=user, child=child), user)
    do(moves.cancel_by_institution, cancelled, NOW, reason="停水")
    other, sibling = toddler()
    held = Visit(house, hold(house, user=other, child=sibling), other)

    for visit in (cancelled, held):
        with pytest.raises(refusals.WrongState):
            correct(visit, CAME, tomorrow("17:00"))
        visit.booking.refresh_from_db()
        assert not may_be_corrected(visit.booking, tomorrow("17:00").date())
    assert {cancelled.booking.status, held.booking.status} == {"cancelled", "held"}


def test_nobody_elses_and_no_session(visit) -> None:
    session = BookingFactory(
        kind="session", product=None, mode="", status="confirmed", institution=visit.house.institution
    )
    seen = visit.booking.changed_at
    known = {"actor": visit.user, "to": ABSENT, "reason": "点错了", "seen": seen, "now": tomorrow("15:00")}

    with pytest.raises(refusals.NotThere):
        correct_attendance(institution=visit.house.other.institution, booking=visit.booking.public_id, **known)
    with pytest.raises(refusals.NotThere):
        correct_attendance(institution=visit.house.institution, booking=session.public_id, **known)
    assert not may_be_corrected(session, session.service_date)


def test_change_of_state_is_announced_like_a_mark_and_times_alone_are_not(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:20"))
    OutboxMessage.objects.all().delete()

    correct(visit, Attendance("arrived", dt.time(14)), tomorrow("15:00"))
    assert OutboxMessage.objects.count() == 0
    correct(visit, ABSENT, tomorrow("15:01"))
    assert [message.payload["to"] for message in OutboxMessage.objects.all()] == ["absent"]


@pytest.mark.parametrize("came", [True, False])
def test_what_the_night_ended_is_answered_also_where_nothing_more_is_known(visit, came) -> None:
    if came:
        do(moves.mark_arrived, visit, tomorrow("14:00"))
    end_unanswered(now=tomorrow("03:00") + DAY)
    to = Attendance("completed", dt.time(14) if came else None)

    done = correct(visit, to, tomorrow("09:00") + DAY, reason="当时忘了点")
    again = correct(visit, to, tomorrow("10:00") + DAY, reason="当时忘了点")

    last = visit.booking.events.latest("at", "pk")
    assert (last.reason, last.at, last.times) == ("当时忘了点", tomorrow("09:00") + DAY, {})
    assert (done.status, done.arrived_at, done.left_at) == ("completed", tomorrow("14:00") if came else None, None)
    assert (again.changed_at, visit.booking.events.filter(reason="当时忘了点").count()) == (last.at, 1)
    assert list(ledger_differences()) == []


def test_second_who_says_that_nothing_is_known_sees_what_the_first_wrote(visit) -> None:
    end_unanswered(now=tomorrow("03:00") + DAY)
    seen = Booking.objects.get(pk=visit.booking.pk).changed_at
    correct(visit, Attendance("completed", dt.time(14)), tomorrow("09:00") + DAY, seen=seen)

    with pytest.raises(ChangedMeanwhile):
        correct(visit, Attendance("completed"), tomorrow("09:01") + DAY, seen=seen)


@pytest.mark.parametrize(
    ("to", "now", "done"),
    [
        (ABSENT, "13:59", False),
        (ABSENT, "14:00", True),
        (ABSENT, "14:01", True),
        (Attendance("completed", dt.time(13), dt.time(13, 30)), "13:59", False),
        (Attendance("completed", dt.time(13), dt.time(13, 30)), "14:00", True),
        (Attendance("arrived", dt.time(13, 30)), "13:59", True),
    ],
)
def test_stay_ahead_of_a_child_who_never_came_is_not_ended(visit, to, now, done) -> None:
    if done:
        assert correct(visit, to, tomorrow(now)).status == to.status
        return
    with pytest.raises(NotBegunYet) as refused:
        correct(visit, to, tomorrow(now))

    assert (refused.value.code, "「取消」" in str(refused.value.message)) == ("not_begun", True)
    assert (Booking.objects.get().status, len(cells(visit))) == ("confirmed", 6)


def test_child_who_came_early_and_left_before_its_time_is_recorded_but_never_absent(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("13:20"))

    with pytest.raises(NotBegunYet):
        correct(visit, ABSENT, tomorrow("13:50"))
    left = correct(visit, Attendance("completed", dt.time(13, 20), dt.time(13, 45)), tomorrow("13:50"))

    assert (left.status, left.left_at) == ("completed", tomorrow("13:45"))


def test_end_before_its_time_may_have_other_times(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("13:20"))
    do(moves.mark_left, visit, tomorrow("13:45"))

    put_right = correct(visit, Attendance("completed", dt.time(13, 20), dt.time(13, 40)), tomorrow("13:50"))

    assert put_right.left_at == tomorrow("13:40")
