"""The nightly end of what nobody answered: neutral, once, and one that fails holds back no other."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import ending, moves
from booking.care.services.ending import StillOpen, end_unanswered
from booking.places.models import Booking, BookingCell, BookingEvent, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.core.models import OutboxMessage
from tests.factories.booking import NOW, TOMORROW, booked, do, hold, infant, toddler, tomorrow
from tests.factories.capacity import BookingFactory

pytestmark = pytest.mark.django_db
MIDNIGHT = tomorrow("00:00") + dt.timedelta(days=1)
NIGHT = MIDNIGHT + dt.timedelta(hours=2)
TICK = dt.timedelta(microseconds=1)


def test_child_who_was_not_checked_out_has_come_and_no_time_of_leaving_is_made_up(visit) -> None:
    do(moves.mark_arrived, visit, tomorrow("14:02"))
    OutboxMessage.objects.all().delete()

    ended = end_unanswered(now=NIGHT)

    found = Booking.objects.get()
    assert (ended, found.status, found.arrived_at, found.left_at) == (1, "completed", tomorrow("14:02"), None)
    last = found.events.latest("at", "pk")
    assert (last.from_status, last.side, last.actor, last.reason, last.at, last.times) == (
        "arrived", "site", None, "unanswered", NIGHT, None,
    )  # fmt: skip
    assert (OutboxMessage.objects.count(), ChildSlot.objects.count(), BookingCell.objects.count()) == (0, 0, 12)
    assert list(ledger_differences()) == []


def test_child_who_was_never_marked_is_no_absence(visit) -> None:
    end_unanswered(now=NIGHT)

    found = Booking.objects.get()
    assert (found.status, found.arrived_at, found.left_at) == ("completed", None, None)
    assert not found.events.filter(to_status="absent").exists()
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(("now", "ended"), [(MIDNIGHT - TICK, 0), (MIDNIGHT, 1), (MIDNIGHT + TICK, 1)])
def test_day_ends_at_midnight(visit, now, ended) -> None:
    assert end_unanswered(now=now) == ended


@pytest.mark.parametrize(("days", "ended"), [(90, 1), (91, 0)])
def test_nights_without_a_job_are_made_up_for_ninety_days(visit, days, ended) -> None:
    assert end_unanswered(now=tomorrow("02:30") + dt.timedelta(days=days)) == ended


def test_second_night_ends_nothing_again(visit) -> None:
    end_unanswered(now=NIGHT)
    events = BookingEvent.objects.count()

    assert end_unanswered(now=NIGHT + dt.timedelta(days=1)) == 0
    assert BookingEvent.objects.count() == events


def test_what_is_answered_called_off_or_no_care_is_left_alone(house) -> None:
    others = []
    for act, now in ((moves.mark_absent, "14:10"), (moves.cancel_by_institution, "13:00")):
        user, child = toddler()
        stay = booked(house, user=user, child=child)
        more = {"reason": "停水"} if act is moves.cancel_by_institution else {}
        booking = {"booking": stay.public_id, "institution": house.institution}
        others.append(act(actor=user, **booking, now=tomorrow(now), **more))
    user, child = infant()
    others.append(hold(house, user=user, child=child))
    others.append(BookingFactory(kind="session", product=None, mode="", status="confirmed", service_date=TOMORROW))
    before = [(row.pk, row.status) for row in others]

    assert end_unanswered(now=NIGHT) == 0

    assert sorted(Booking.objects.values_list("pk", "status")) == sorted(before)


def test_one_that_fails_is_named_and_holds_back_no_other(house, monkeypatch, caplog) -> None:
    stays = []
    for _number in range(3):
        user, child = toddler()
        stays.append(booked(house, user=user, child=child))
    move = ending.move_locked

    def stumble(booking, *args, **more):
        if booking.pk == stays[1].pk:
            raise ValueError
        return move(booking, *args, **more)

    monkeypatch.setattr(ending, "move_locked", stumble)
    monkeypatch.setattr(ending, "BATCH", 1)

    with pytest.raises(StillOpen) as left:
        end_unanswered(now=NIGHT)

    assert left.value.args == (1,)
    assert [Booking.objects.get(pk=stay.pk).status for stay in stays] == ["completed", "confirmed", "completed"]
    assert f"ending booking {stays[1].pk} failed: ValueError" in caplog.text


def test_stay_that_was_answered_meanwhile_is_not_ended(visit, monkeypatch) -> None:
    retry = ending.retry_once_when_locked

    def answered_first(act):
        do(moves.mark_absent, visit, tomorrow("16:00"))
        return retry(act)

    monkeypatch.setattr(ending, "retry_once_when_locked", answered_first)

    assert end_unanswered(now=NIGHT) == 0
    assert Booking.objects.get().status == "absent"


def test_nothing_of_a_day_that_is_still_to_come_ends(visit) -> None:
    assert end_unanswered(now=NOW) == 0
