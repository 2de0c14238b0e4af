from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import notices
from booking.care.services.expiry import expire_overdue
from booking.care.services.moves import (
    accept_request,
    cancel_booking,
    cancel_by_institution,
    decline_request,
    mark_absent,
)
from booking.places.models import Booking, BookingEvent
from cms.accounts.messaging.sms.templates import TEMPLATES, render_text
from cms.accounts.models import Message
from cms.core.models import OutboxMessage
from cms.core.runtime import outbox
from cms.core.runtime.outbox import drain
from tests.factories.accounts import FamilyMemberFactory
from tests.factories.booking import NOW, TOMORROW, booked, close_day, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def drain_all(now=NOW):
    while drain(now=now):
        pass


def told(user) -> list[tuple[str, str]]:
    return list(Message.objects.filter(user=user).order_by("pk").values_list("kind", "title"))


def texts() -> list[str]:
    rows = OutboxMessage.objects.filter(topic="sms.send").order_by("pk")
    return [row.payload["template"] for row in rows if row.payload]


@pytest.fixture(autouse=True)
def keep_texts(monkeypatch):
    """Texts stay in the outbox, so that the tests can read them."""
    claim = outbox._claim

    def claim_others(*, now, limit):
        return [row for row in claim(now=now, limit=limit) if row.topic != "sms.send"]

    monkeypatch.setattr(outbox, "_claim", claim_others)


def test_confirmed_is_told_to_every_adult_without_the_childs_name():
    house = open_house(name="示例·小满托育园")
    user, child = toddler(nickname="豆豆")
    grandmother = FamilyMemberFactory(family=child.family, role="carer").user

    booking = booked(house, user=user, child=child)
    drain_all()
    drain_all()

    expected = [("booking_confirmed", "预约成功：11月24日 周二 14:00–17:00 示例·小满托育园")]
    assert told(user) == told(grandmother) == expected
    message = Message.objects.filter(user=user).get()
    assert "豆豆" not in message.title + message.body
    assert "11月23日 周一 14:00 前可免费取消。" in message.body
    assert message.link == f"/me/bookings/{booking.public_id}/"
    assert texts() == ["confirmed", "confirmed"]
    payload = OutboxMessage.objects.filter(topic="sms.send").first().payload
    assert payload["params"] == {"place": "示例·小满托育园", "when": "11月24日 周二 14:00–17:00"}


def test_request_accepted_declined_and_lapsed():
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    other, sibling = toddler()
    third, last = toddler()
    accepted = booked(house, user=user, child=child)
    declined = booked(house, user=other, child=sibling)
    booked(house, user=third, child=last)
    accept_request(actor=user, institution=house.institution, booking=accepted.public_id, now=NOW)
    decline_request(actor=user, institution=house.institution, booking=declined.public_id, reason="老师请假", now=NOW)
    later = NOW + dt.timedelta(days=1, minutes=1)
    expire_overdue(now=later)
    drain_all(later)

    when = f"11月24日 周二 14:00–17:00 {house.institution.name}"
    asked = ("booking_requested", f"已提交，等机构答复：{when}")
    assert told(user) == [asked, ("booking_accepted", f"机构接受了预约：{when}")]
    assert told(other) == [asked, ("booking_declined", f"机构没能接受：{when}")]
    assert "原因：老师请假" in Message.objects.get(kind="booking_declined").body
    assert told(third) == [asked, ("booking_lapsed", f"预约没有成：{when}")]
    assert sorted(texts()) == ["accepted", "declined", "lapsed", "requested", "requested", "requested"]


def test_institution_cancels_one_and_closes_a_day():
    house = open_house()
    user, child = toddler()
    first = booked(house, user=user, child=child)
    booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=1))
    cancel_by_institution(actor=None, institution=house.institution, booking=first.public_id, reason="停水", now=NOW)
    close_day(institution=house.institution, day=TOMORROW + dt.timedelta(days=1), reason="消毒", actor=None, now=NOW)
    drain_all()

    assert [kind for kind, _title in told(user)][-2:] == ["booking_cancelled_by_institution", "day_closed"]
    assert "原因：消毒" in Message.objects.get(kind="day_closed").body
    assert texts() == ["confirmed", "confirmed", "cancelled", "day_closed"]


def test_own_cancelling_is_told_inside_only_and_let_go_holds_not_at_all():
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    held = hold(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=1))
    cancel_booking(user=user, booking=held.public_id, now=NOW)
    hold(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=2))
    expire_overdue(now=NOW + dt.timedelta(minutes=20))
    cancel_booking(user=user, booking=booking.public_id, now=NOW)
    drain_all(NOW + dt.timedelta(minutes=20))

    assert [kind for kind, _title in told(user)] == ["booking_confirmed", "booking_cancelled"]
    assert texts() == ["confirmed"]


def test_marks_at_the_door_are_silent():
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    mark_absent(actor=user, institution=house.institution, booking=booking.public_id, now=booking.starts_at)
    drain_all(booking.starts_at)

    assert [kind for kind, _title in told(user)] == ["booking_confirmed"]


def test_every_text_that_is_sent_is_known():
    params = {"place": "示例园", "when": "11月24日 周二 14:00–17:00"}

    for template in ("confirmed", "requested", "accepted", "declined", "lapsed", "cancelled", "day_closed", "reminder"):
        assert template in TEMPLATES
        assert render_text(template, params)


@pytest.mark.parametrize("hour", [0, 11, 21])
def test_reminder_waits_for_noon_and_is_silent_at_night(hour):
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    assert notices.remind_tomorrow(NOW.replace(hour=hour)) == 0


def test_reminder_comes_once_at_noon_of_the_day_before():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)
    booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=1))
    noon = NOW.replace(hour=12)

    notices.remind_tomorrow(noon)
    notices.remind_tomorrow(noon + dt.timedelta(minutes=5))
    drain_all(noon + dt.timedelta(minutes=5))

    reminders = Message.objects.filter(user=user, kind="booking_reminder")
    assert [message.title for message in reminders] == [f"提醒：11月24日 周二 14:00–17:00 {house.institution.name}"]
    assert "来不了请在今天 14:00 前取消。" in reminders[0].body
    assert texts().count("reminder") == 1


def test_reminder_is_dropped_when_the_booking_was_cancelled_meanwhile():
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    noon = NOW.replace(hour=12)
    notices.remind_tomorrow(noon)
    cancel_booking(user=user, booking=booking.public_id, now=noon)

    drain_all(noon)

    assert not Message.objects.filter(kind="booking_reminder").exists()


def test_move_of_an_unknown_booking_or_event_is_left_alone():
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    notices.send_move_notice({"booking": 0, "event": 0}, key="k", now=NOW)
    notices.send_move_notice({"booking": booking.pk, "event": 0}, key="k", now=NOW)

    assert told(user) == []
    assert BookingEvent.objects.filter(booking=booking).count() == 2
    assert booking.status == Booking.Status.CONFIRMED
