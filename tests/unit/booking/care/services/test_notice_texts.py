"""Every notice word for word, and every reminder at its edges."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from booking.care.services import moves, notices
from booking.places.models import Booking, BookingEvent
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from tests.factories.accounts import FamilyMemberFactory
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, hold, open_house, toddler
from tests.factories.capacity import BookingFactory

pytestmark = pytest.mark.django_db
NOON = at(TODAY, dt.time(12))
SECOND, ONE_DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
WHEN = "11月24日 周二 14:00–17:00"
FREE_UNTIL = at(TODAY, dt.time(14))


@pytest.fixture
def booking() -> Booking:
    """A confirmed afternoon of tomorrow, nothing told yet."""
    made = booked(open_house(name="示例园"), **dict(zip(("user", "child"), toddler(), strict=True)))
    OutboxMessage.objects.all().delete()
    return made


def event(booking, from_status, to_status, *, side="institution", reason="") -> BookingEvent:
    return BookingEvent.objects.create(
        booking=booking,
        district=booking.district,
        from_status=from_status,
        to_status=to_status,
        side=side,
        reason=reason,
        at=NOW,
    )


def notice(booking, from_status, to_status, *, day_closed=False, **values) -> tuple[str, str, list[str], str | None]:
    made = notices.notice_for_move(booking, event(booking, from_status, to_status, **values), day_closed=day_closed)
    assert made is not None
    return made.kind, made.title, made.body.split("\n"), made.sms


def lines(booking) -> list[str]:
    return ["示例园　计时托", f"预约号 {booking.reference[:4]} {booking.reference[4:]}"]


def reminded() -> list[int]:
    return list(Message.objects.filter(kind="booking_reminder").order_by("pk").values_list("user_id", flat=True))


def remind(booking, now=NOON) -> None:
    notices.send_reminder({"booking": booking.pk}, key=f"{booking.pk}:day", now=now)


def test_confirmed_tells_until_when_cancelling_is_free(booking):
    free = "11月23日 周一 14:00 前可免费取消。"

    assert notice(booking, "held", "confirmed") == (
        "booking_confirmed",
        f"预约成功：{WHEN} 示例园",
        [*lines(booking), free],
        "confirmed",
    )
    booking.free_cancel_until = None
    assert notice(booking, "held", "confirmed")[2] == lines(booking)


def test_requested_tells_until_when_the_answer_comes(booking):
    booking.expires_at = at(TOMORROW, dt.time(8, 5))

    assert notice(booking, "held", "requested") == (
        "booking_requested",
        f"已提交，等机构答复：{WHEN} 示例园",
        [*lines(booking), "机构会在11月24日 周二 8:05 前答复，答复了就告诉您。"],
        "requested",
    )
    booking.expires_at = None
    assert notice(booking, "held", "requested")[2] == lines(booking)


def test_accepted_is_told(booking):
    assert notice(booking, "requested", "confirmed") == (
        "booking_accepted",
        f"机构接受了预约：{WHEN} 示例园",
        [*lines(booking), "11月23日 周一 14:00 前可免费取消。"],
        "accepted",
    )


@pytest.mark.parametrize("before", ["held", "requested"])
@pytest.mark.parametrize(
    ("at_moment", "promised"), [(FREE_UNTIL - SECOND, 1), (FREE_UNTIL, 0), (FREE_UNTIL + SECOND, 0)]
)
def test_free_cancelling_is_not_promised_once_it_is_past(booking, before, at_moment, promised):
    move = event(booking, before, "confirmed")
    move.at = at_moment

    made = notices.notice_for_move(booking, move, day_closed=False)

    assert made.body.split("\n") == [*lines(booking), *["11月23日 周一 14:00 前可免费取消。"] * promised]


@pytest.mark.parametrize(("reason", "because"), [("老师请假", ["原因：老师请假"]), ("", [])])
def test_declined_tells_the_reason_if_there_is_one(booking, reason, because):
    assert notice(booking, "requested", "declined", reason=reason) == (
        "booking_declined",
        f"机构没能接受：{WHEN} 示例园",
        ["示例园　计时托", *because, "可以换个时间，或看看附近别的机构。"],
        "declined",
    )


def test_lapsed_is_told(booking):
    assert notice(booking, "requested", "expired") == (
        "booking_lapsed",
        f"预约没有成：{WHEN} 示例园",
        ["示例园　计时托", "机构没有按时答复，这次预约不作数，不收费。可以换个时间，或看看附近别的机构。"],
        "lapsed",
    )


@pytest.mark.parametrize("before", ["requested", "confirmed"])
@pytest.mark.parametrize(("reason", "because"), [("消毒", ["原因：消毒"]), ("", [])])
def test_cancelled_by_the_institution_costs_nothing(booking, before, reason, because):
    body = ["示例园　计时托", *because, "不收费。可以换个时间，或看看附近别的机构。"]

    assert notice(booking, before, "cancelled", reason=reason) == (
        "booking_cancelled_by_institution",
        f"机构取消了预约：{WHEN} 示例园",
        body,
        "cancelled",
    )
    assert notice(booking, before, "cancelled", reason=reason, day_closed=True) == (
        "day_closed",
        f"机构这天不开放，预约已取消：{WHEN} 示例园",
        body,
        "day_closed",
    )


@pytest.mark.parametrize(("before", "sms"), [("requested", "declined"), ("confirmed", "day_closed")])
@pytest.mark.parametrize(
    ("reason", "title", "because"),
    [
        ("机构已终止", "机构已终止，预约已取消", ["原因：机构已终止"]),
        ("", "预约已取消", []),
    ],
)
def test_what_the_district_stopped_is_not_the_institutions_act(booking, before, sms, reason, title, because):
    assert notice(booking, before, "cancelled", side="staff", reason=reason) == (
        "care_stopped",
        f"{title}：{WHEN} 示例园",
        ["示例园　计时托", *because, "不收费。可以换个时间，或看看附近别的机构。"],
        sms,
    )


@pytest.mark.parametrize("day_closed", [False, True])
def test_ones_own_cancelling_is_told_inside_alone(booking, day_closed):
    assert notice(booking, "confirmed", "cancelled", side="parent", reason="不用", day_closed=day_closed) == (
        "booking_cancelled",
        f"已取消：{WHEN} 示例园",
        ["示例园　计时托", "这次预约由您家取消了，不收费。还想来，打开这次预约，点「在这家再约一次」。"],
        None,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "held"),
        ("held", "cancelled"),
        ("held", "expired"),
        ("confirmed", "arrived"),
        ("confirmed", "absent"),
        ("arrived", "completed"),
        ("arrived", "confirmed"),
        ("absent", "confirmed"),
        ("completed", "arrived"),
    ],
)
def test_marks_and_holds_let_go_are_silent(booking, before, after):
    assert notices.notice_for_move(booking, event(booking, before, after), day_closed=False) is None

    notices.send_move_notice({"booking": booking.pk, "event": BookingEvent.objects.latest("pk").pk}, key="k", now=NOW)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"day_closed": True}, "day_closed"),
        ({"stopped": True}, "day_closed"),
        ({"day_closed": False, "stopped": False}, "booking_cancelled_by_institution"),
        ({}, "booking_cancelled_by_institution"),
    ],
)
def test_a_closed_day_is_read_from_the_message(booking, payload, kind):
    move = event(booking, "confirmed", "cancelled")

    for _ in range(2):
        notices.send_move_notice({"booking": booking.pk, "event": move.pk, **payload}, key="k", now=NOW)

    assert list(Message.objects.values_list("kind", flat=True)) == [kind]


def test_an_event_of_another_booking_is_not_told(booking):
    other = BookingFactory()
    move = event(other, "confirmed", "cancelled")

    notices.send_move_notice({"booking": booking.pk, "event": move.pk}, key="k", now=NOW)

    assert Message.objects.count() == 0


def place_in_a_class(**values) -> Booking:
    return BookingFactory(kind="session", product=None, mode="", **values)


def test_a_place_in_a_class_is_parentings_to_tell():
    place = place_in_a_class()
    FamilyMemberFactory(family=place.family)
    move = event(place, "confirmed", "cancelled")

    notices.send_move_notice({"booking": place.pk, "event": move.pk}, key="k", now=NOW)

    assert Message.objects.count() == 0


def test_a_notice_leads_to_the_booking_and_its_text_names_place_and_time(booking):
    move = event(booking, "requested", "confirmed")

    notices.send_move_notice({"booking": booking.pk, "event": move.pk}, key="k", now=NOW)

    message = Message.objects.get()
    assert (message.user, message.link) == (booking.created_by, reverse("me:booking", args=[booking.public_id]))
    payload = OutboxMessage.objects.get(topic="sms.send").payload
    assert (payload["template"], payload["params"]) == ("accepted", {"place": "示例园", "when": WHEN})


@pytest.mark.parametrize(
    ("moment", "promised"),
    [
        (NOON - SECOND, 0),
        (NOON, 1),
        (at(TODAY, dt.time(21)) - SECOND, 1),
        (at(TODAY, dt.time(21)), 0),
        (NOON - ONE_DAY, 0),
        (NOON + ONE_DAY, 0),
    ],
)
def test_a_reminder_is_promised_on_the_day_before_from_noon_to_nine(booking, moment, promised):
    assert notices.remind_tomorrow(moment) == promised

    rows = OutboxMessage.objects.filter(topic="booking.reminder")
    assert [(row.key, row.payload) for row in rows] == [
        (f"{booking.pk}:{TOMORROW.isoformat()}", {"booking": booking.pk})
    ] * promised


def test_only_confirmed_care_is_reminded_of():
    house = open_house()
    families = [toddler() for _ in range(4)]
    booked(house, user=families[0][0], child=families[0][1])
    hold(house, user=families[1][0], child=families[1][1])
    cancelled = booked(house, user=families[2][0], child=families[2][1])
    moves.cancel_booking(user=families[2][0], booking=cancelled.public_id, now=NOW)
    came = booked(house, user=families[3][0], child=families[3][1])
    Booking.objects.filter(pk=came.pk).update(status="arrived")
    place_in_a_class(service_date=TOMORROW)

    assert notices.remind_tomorrow(NOON) == 1


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (at(TODAY, dt.time(0)) - SECOND, False),
        (at(TODAY, dt.time(0)), True),
        (at(TOMORROW, dt.time(0)) - SECOND, True),
        (at(TOMORROW, dt.time(0)), False),
        (at(TOMORROW, dt.time(14)) - SECOND, False),
        (at(TOMORROW, dt.time(14)), False),
        (at(TOMORROW, dt.time(14)) + SECOND, False),
    ],
)
def test_tomorrow_is_said_on_the_day_before_alone(booking, moment, sent):
    remind(booking, moment)

    assert reminded() == ([booking.created_by_id] if sent else [])


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (FREE_UNTIL - SECOND, ["来不了请在今天 14:00 前取消。"]),
        (FREE_UNTIL, []),
        (FREE_UNTIL + SECOND, []),
    ],
)
def test_a_reminder_says_until_when_cancelling_is_free(booking, moment, words):
    remind(booking, moment)

    message = Message.objects.get(kind="booking_reminder")
    assert (message.title, message.body.split("\n")) == (f"提醒：{WHEN} 示例园", [*lines(booking), *words])
    assert OutboxMessage.objects.get(topic="sms.send").payload["template"] == "reminder"


def test_a_reminder_without_free_cancelling_names_no_time(booking):
    Booking.objects.filter(pk=booking.pk).update(free_cancel_until=None)

    remind(booking)

    assert Message.objects.get(kind="booking_reminder").body.split("\n") == lines(booking)


@pytest.mark.parametrize("status", ["cancelled", "arrived", "absent", "completed"])
def test_what_was_cancelled_or_marked_meanwhile_is_not_reminded_of(booking, status):
    Booking.objects.filter(pk=booking.pk).update(status=status)

    remind(booking)

    assert reminded() == []


def test_a_reminder_is_sent_once_to_each_adult(booking):
    grandmother = FamilyMemberFactory(family=booking.family, role="carer").user

    for _ in range(2):
        remind(booking)
    notices.send_reminder({"booking": 0}, key="none", now=NOON)

    assert reminded() == [booking.created_by_id, grandmother.pk]


def test_the_job_and_its_messages_run_through(booking):
    for minutes in (0, 5):
        notices.remind_tomorrow(NOON + dt.timedelta(minutes=minutes))
        drain(now=NOON + dt.timedelta(minutes=minutes))

    assert reminded() == [booking.created_by_id]
