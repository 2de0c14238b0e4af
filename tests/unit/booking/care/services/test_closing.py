"""Closing, reopening and stopping: what is cancelled, who is told what, and what stays."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from booking.care.ports import credits
from booking.care.queries.affected import ClosedSpan, list_affected
from booking.care.services import closing, moves, stopped
from booking.places import refusals
from booking.places.models import Booking, BookingEvent, CapacityCell
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import Message
from cms.core.calendar.times import at, day_bounds
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain, emit
from directory.register.models import ClosingDay
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, do, hold, reopen_day, toddler, tomorrow
from tests.races import Locked

pytestmark = pytest.mark.django_db
AFTER = TOMORROW + dt.timedelta(days=1)


def targets(house, day: dt.date) -> set[int]:
    opens, closes = day_bounds(day)
    cells = CapacityCell.objects.filter(pool__institution=house.institution, starts_at__gte=opens, starts_at__lt=closes)
    return set(cells.values_list("target", flat=True))


def close(house, day=TOMORROW, *, user=None, now=NOW, reason="消毒"):
    span = ClosedSpan(day, day)
    return closing.close(institution=house.institution, span=span, reason=reason, actor=user, now=now)


def affected(house, *, now=NOW):
    return list_affected(house.institution, span=ClosedSpan(TOMORROW, TOMORROW), now=now)


def statuses() -> dict[int, str]:
    return dict(Booking.objects.values_list("pk", "status"))


def test_one_day_of_one_house_is_closed(house):
    before = targets(house, AFTER), targets(house.other, TOMORROW)

    close(house)

    assert targets(house, TOMORROW) == {0}
    assert (targets(house, AFTER), targets(house.other, TOMORROW)) == before
    assert targets(house, TODAY) != {0}


def test_all_of_the_day_is_cancelled_and_nothing_else(house):
    families = [toddler() for _ in range(5)]
    stays = [{}, {"starts": dt.time(8), "ends": dt.time(9)}, {"day": AFTER}, {"day": TODAY}]
    made = [booked(house, user=u, child=c, **stay) for (u, c), stay in zip(families, stays, strict=False)]
    elsewhere = booked(house.other, user=families[4][0], child=families[4][1])

    close(house)
    drain(now=NOW)

    expected = dict.fromkeys([made[0].pk, made[1].pk], "cancelled")
    expected |= dict.fromkeys([made[2].pk, made[3].pk, elsewhere.pk], "confirmed")
    assert statuses() == expected
    assert list(ledger_differences()) == []


def test_held_and_requested_places_are_cancelled_too(request_):
    user, child = toddler()
    held = hold(request_.house, user=user, child=child)

    close(request_.house)
    drain(now=NOW)

    assert statuses() == {held.pk: "cancelled", request_.booking.pk: "cancelled"}


def test_child_inside_stays_and_begun_stays_are_left(visit):
    user, child = toddler()
    begun = booked(visit.house, user=user, child=child)
    later, sibling = toddler()
    ahead = booked(visit.house, user=later, child=sibling, starts=dt.time(15), ends=dt.time(17))
    early, cousin = toddler()
    inside = booked(visit.house, user=early, child=cousin, starts=dt.time(15), ends=dt.time(17))
    do(moves.mark_arrived, visit._replace(booking=inside), tomorrow("13:00"), early_ok=True)

    close(visit.house, now=tomorrow("14:00"))
    drain(now=tomorrow("14:00"))

    assert statuses() == {
        visit.booking.pk: "confirmed",
        begun.pk: "confirmed",
        ahead.pk: "cancelled",
        inside.pk: "arrived",
    }
    assert list(affected(visit.house, now=tomorrow("14:00"))) == []


def test_cells_under_way_keep_their_target(house):
    close(house, now=tomorrow("14:10"))

    cells = CapacityCell.objects.filter(pool__institution=house.institution, pool__bucket="infant")
    found = dict(cells.filter(starts_at__gte=tomorrow("13:30")).values_list("starts_at", "target"))
    assert [found[tomorrow(clock)] for clock in ("13:30", "14:00", "14:30", "15:00")] == [3, 3, 0, 0]


def test_who_closed_the_day_stands_in_the_history(visit):
    manager, _ = toddler()

    close(visit.house, user=manager)
    drain(now=NOW)

    event = BookingEvent.objects.get(to_status="cancelled")
    assert (event.actor, event.side, event.reason) == (manager, "institution", "消毒")


@pytest.mark.parametrize("length", [79, 80, 81])
def test_reason_is_cut_to_what_calendar_and_history_hold(visit, length):
    close(visit.house, reason="消" * length)
    drain(now=NOW)

    reasons = ClosingDay.objects.get().reason, BookingEvent.objects.get(to_status="cancelled").reason
    assert [len(reason) for reason in reasons] == [min(length, 80)] * 2


def test_day_closed_by_nobody_in_particular_is_the_institutions(visit):
    close(visit.house, user=None)
    drain(now=NOW)

    event = BookingEvent.objects.get(to_status="cancelled")
    assert (event.actor, event.side) == (None, "institution")


def test_family_hears_of_a_closed_day_and_of_an_end_of_care_in_different_words(house):
    families = [toddler(), toddler()]
    booked(house, user=families[0][0], child=families[0][1])
    booked(house.other, user=families[1][0], child=families[1][1])

    close(house)
    closing.stop_care(institution_id=house.other.institution.pk, from_day=TODAY, reason="备案结束", now=NOW)
    for _ in range(3):
        drain(now=NOW)

    kinds = Message.objects.exclude(kind="booking_confirmed").values_list("user_id", "kind")
    assert sorted(kinds) == sorted(
        [
            (families[0][0].pk, "day_closed"),
            (families[1][0].pk, "care_stopped"),
        ]
    )


def test_end_of_care_reaches_every_day_from_its_first(house):
    families = [toddler() for _ in range(3)]
    days = (TODAY, TOMORROW, AFTER)
    made = [booked(house, user=u, child=c, day=day) for (u, c), day in zip(families, days, strict=True)]

    closing.stop_care(institution_id=house.institution.pk, from_day=TOMORROW, reason="备案结束", now=NOW)
    drain(now=NOW)

    assert [statuses()[booking.pk] for booking in made] == ["confirmed", "cancelled", "cancelled"]
    assert (targets(house, AFTER), 0 in targets(house, TODAY)) == ({0}, False)


@pytest.mark.parametrize(("times", "stopped"), [(1, True), (2, False)])
def test_end_of_care_that_met_a_lock_is_done_the_second_time_or_busy(visit, monkeypatch, times, stopped):
    lock = Locked(closing.set_targets, times)
    monkeypatch.setattr(closing, "set_targets", lock)
    stop = {"institution_id": visit.house.institution.pk, "from_day": TOMORROW, "reason": "备案结束", "now": NOW}

    if stopped:
        closing.stop_care(**stop)
    else:
        with pytest.raises(refusals.Busy):
            closing.stop_care(**stop)

    assert lock.calls == 2
    assert OutboxMessage.objects.filter(topic="booking.stopped").count() == int(stopped)
    assert (targets(visit.house, TOMORROW) == {0}) is stopped


@pytest.mark.parametrize(("day", "refused"), [(TODAY - dt.timedelta(days=1), True), (TODAY, False)])
def test_day_that_is_over_cannot_be_closed(house, day, refused):
    if refused:
        with pytest.raises(closing.PastDay):
            close(house, day)
    else:
        assert [row.date for row in close(house, day)] == [TODAY]
    assert ClosingDay.objects.count() == (0 if refused else 1)


def test_closing_twice_is_refused_and_tells_once(house):
    close(house)

    with pytest.raises(closing.AlreadyClosed):
        close(house)
    assert OutboxMessage.objects.filter(topic="booking.stopped").count() == 1


def test_reopening_restores_the_day_alone(house):
    before = targets(house, TOMORROW)
    close(house)
    close(house, AFTER)

    reopen_day(institution=house.institution, day=TOMORROW, now=NOW)

    assert (targets(house, TOMORROW), targets(house, AFTER)) == (before, {0})
    assert list(ClosingDay.objects.values_list("date", flat=True)) == [AFTER]


def test_more_than_a_batch_is_cancelled(house, monkeypatch):
    monkeypatch.setattr(stopped, "BATCH", 2)
    families = [toddler() for _ in range(5)]
    for user, child in families:
        booked(house, user=user, child=child)

    close(house)
    drain(now=NOW)

    assert set(statuses().values()) == {"cancelled"}
    assert list(ledger_differences()) == []


class Broken:
    """Vouchers of one booking that can't be given back."""

    def __init__(self, booking: int) -> None:
        self.booking = booking

    def hold(self, *, booking: Booking, voucher: str, now: dt.datetime) -> int:
        return 0

    def release(self, *, booking: Booking, now: dt.datetime) -> None:
        if booking.pk == self.booking:
            raise RuntimeError("DETAIL: Failing row contains (王秀英).")


def test_one_that_cannot_be_cancelled_holds_back_no_other(house, caplog):
    families = [toddler() for _ in range(3)]
    made = [booked(house, user=user, child=child) for user, child in families]
    Booking.objects.filter(pk=made[1].pk).update(credit=100)
    with credits.replaced_by(Broken(made[1].pk)):
        close(house)
        drain(now=NOW)

    assert statuses() == {made[0].pk: "cancelled", made[1].pk: "confirmed", made[2].pk: "cancelled"}
    message = OutboxMessage.objects.get(topic="booking.stopped")
    assert (message.done_at, message.last_error) == (None, "StillBooked")
    said = f"cancelling booking {made[1].pk} failed: RuntimeError"
    assert (stopped.__name__, logging.ERROR, said) in caplog.record_tuples
    assert "王秀英" not in caplog.text

    drain(now=NOW + dt.timedelta(minutes=1))

    assert set(statuses().values()) == {"cancelled"}
    assert list(ledger_differences()) == []


def test_message_sent_again_cancels_nothing_more(visit):
    close(visit.house)
    payload = OutboxMessage.objects.get(topic="booking.stopped").payload
    drain(now=NOW)

    stopped.cancel_stopped(payload, key="again", now=at(TODAY, dt.time(12)))

    assert BookingEvent.objects.filter(to_status="cancelled").count() == 1


def test_message_says_what_was_booked_when_the_day_was_closed(visit):
    manager, _ = toddler()
    close(visit.house, user=manager)

    message = OutboxMessage.objects.get(topic="booking.stopped")
    assert message.version == 3
    assert message.payload == {
        "institution": visit.house.institution.pk,
        "from": TOMORROW.isoformat(),
        "until": TOMORROW.isoformat(),
        "class_kind": "",
        "minutes": [0, 1440],
        "only_waiting": False,
        "reason": "消毒",
        "actor": manager.pk,
        "stopped_at": NOW.isoformat(),
        "last": visit.booking.pk,
    }


@pytest.mark.parametrize(
    ("version", "status", "error"),
    [
        (0, "confirmed", "UnknownVersion"),
        (1, "cancelled", ""),
        (2, "cancelled", ""),
        (3, "cancelled", ""),
        (4, "confirmed", "UnknownVersion"),
    ],
)
def test_message_is_read_in_its_three_versions_only(visit, version, status, error):
    close(visit.house)
    OutboxMessage.objects.filter(topic="booking.stopped").update(version=version)

    drain(now=NOW)

    assert statuses() == {visit.booking.pk: status}
    assert OutboxMessage.objects.get(topic="booking.stopped").last_error == error


def test_message_of_the_first_release_cancels_all_that_has_not_begun(visit):
    user, child = toddler()
    ahead = booked(visit.house, user=user, child=child, starts=dt.time(15))
    payload = {
        "institution": visit.house.institution.pk,
        "from": TOMORROW.isoformat(),
        "until": TOMORROW.isoformat(),
        "reason": "消毒",
        "actor": None,
    }
    emit(topic="booking.stopped", key="old", payload=payload, now=NOW)

    drain(now=tomorrow("14:00"))

    assert statuses() == {visit.booking.pk: "confirmed", ahead.pk: "cancelled"}
    assert OutboxMessage.objects.get(key="old").done_at == tomorrow("14:00")


def test_who_books_after_the_reopening_stays_though_the_message_is_late(visit):
    close(visit.house)
    reopen_day(institution=visit.house.institution, day=TOMORROW, now=NOW)
    user, child = toddler()
    after = booked(visit.house, user=user, child=child)

    drain(now=NOW)

    assert statuses() == {visit.booking.pk: "cancelled", after.pk: "confirmed"}
    assert list(ledger_differences()) == []


def test_day_closed_empty_and_opened_again_cancels_nobody(house):
    close(house)
    reopen_day(institution=house.institution, day=TOMORROW, now=NOW)
    user, child = toddler()
    after = booked(house, user=user, child=child)

    drain(now=NOW)

    assert statuses() == {after.pk: "confirmed"}


def test_who_books_after_the_reopening_stays_though_the_message_is_sent_again(visit):
    Booking.objects.filter(pk=visit.booking.pk).update(credit=100)
    with credits.replaced_by(Broken(visit.booking.pk)):
        close(visit.house)
        drain(now=NOW)
    reopen_day(institution=visit.house.institution, day=TOMORROW, now=NOW)
    user, child = toddler()
    after = booked(visit.house, user=user, child=child)

    drain(now=NOW + dt.timedelta(minutes=1))

    assert statuses() == {visit.booking.pk: "cancelled", after.pk: "confirmed"}


def test_who_books_once_a_rectification_is_lifted_stays(visit):
    institution = visit.house.institution
    closing.stop_care(institution_id=institution.pk, from_day=TOMORROW, reason="整改", now=NOW)
    closing.resume_care(institution_id=institution.pk, now=NOW)
    user, child = toddler()
    after = booked(visit.house, user=user, child=child, day=AFTER)

    drain(now=NOW)

    assert statuses() == {visit.booking.pk: "cancelled", after.pk: "confirmed"}


@pytest.mark.parametrize(("closed", "cancelled"), [("13:59:59", True), ("14:00", False), ("14:00:01", False)])
def test_closing_counts_when_it_was_done_not_when_the_message_comes(visit, closed, cancelled):
    listed = [booking.pk for booking in affected(visit.house, now=tomorrow(closed))]
    close(visit.house, now=tomorrow(closed))

    drain(now=tomorrow("14:10"))

    assert statuses() == {visit.booking.pk: "cancelled" if cancelled else "confirmed"}
    assert listed == ([visit.booking.pk] if cancelled else [])
    assert list(ledger_differences()) == []


def test_child_who_came_before_the_message_is_left(visit):
    close(visit.house, now=tomorrow("13:50"))
    do(moves.mark_arrived, visit, tomorrow("13:55"))

    drain(now=tomorrow("14:01"))

    assert statuses() == {visit.booking.pk: "arrived"}
