"""An act that cancels several bookings of one family is told to it once, with all of them."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.affected import ClosedSpan
from booking.care.services import closing, stop_notices, stopped
from booking.places.models import Booking, BookingEvent
from cms.accounts.models import Message
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from tests.factories.accounts import ChildFactory
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, hold, open_house, toddler
from tests.unit.booking.care.services.test_notices import keep_texts, texts  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db
AFTER = TOMORROW + dt.timedelta(days=1)


@pytest.fixture
def house():
    return full_house()


def deliver() -> None:
    while drain(now=NOW):
        pass


def close(house, last: dt.date = TOMORROW, reason: str = "春节", part: tuple = ()) -> None:
    span = ClosedSpan(TOMORROW, last, *part)
    closing.close(institution=house.institution, span=span, reason=reason, actor=None, now=NOW)
    deliver()


def told(user) -> list[Message]:
    return list(Message.objects.filter(user=user).exclude(kind="booking_confirmed").order_by("pk"))


def sibling_of(child):
    return ChildFactory(family=child.family, birth_date=child.birth_date)


def test_two_children_of_a_family_are_one_message_and_one_text(house):
    user, child = toddler()
    booked(house, user=user, child=child)
    booked(house, user=user, child=sibling_of(child))
    other, cousin = toddler()
    booked(house, user=other, child=cousin)
    deliver()
    before = len(texts())

    close(house)

    (message,) = told(user)
    assert (message.kind, message.title) == ("day_closed", f"机构停托，2 个预约已取消：{house.institution.name}")
    assert message.body.splitlines() == [
        house.institution.name,
        "11月24日 周二 14:00–17:00　计时托（2 个宝宝）",
        "原因：春节",
        "不收费。可以换个时间，或看看附近别的机构。",
    ]
    assert message.link == "/me/bookings/"
    assert [each.kind for each in told(other)] == ["day_closed"]
    assert texts()[before:] == ["day_closed", "day_closed"]


def test_several_days_are_listed_in_order_in_one_message(house):
    user, child = toddler()
    booked(house, user=user, child=child, day=AFTER)
    booked(house, user=user, child=child)

    close(house, AFTER)

    (message,) = told(user)
    assert message.body.splitlines()[1:3] == [
        "11月24日 周二 14:00–17:00　计时托",
        "11月25日 周三 14:00–17:00　计时托",
    ]


def test_end_of_care_has_its_own_words_and_only_so_many_lines(house, monkeypatch):
    monkeypatch.setattr(stop_notices, "MOST_LINES", 2)
    user, child = toddler()
    for number in range(3):
        booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=number))

    closing.stop_care(institution_id=house.institution.pk, from_day=TODAY, reason="", now=NOW)
    deliver()

    (message,) = told(user)
    assert (message.kind, message.title) == (
        "care_stopped",
        f"预约已取消（3 个）：{house.institution.name}",
    )
    assert message.body.splitlines()[-3:] == [
        "11月25日 周三 14:00–17:00　计时托",
        "还有 1 个时间，请看「我的预约」。",
        "不收费。可以换个时间，或看看附近别的机构。",
    ]


def test_hold_beside_a_booking_is_not_told(house):
    user, child = toddler()
    booked(house, user=user, child=child)
    hold(house, user=user, child=sibling_of(child))

    close(house)

    (message,) = told(user)
    assert message.title == f"机构这天不开放，预约已取消：11月24日 周二 14:00–17:00 {house.institution.name}"


def test_holds_alone_are_told_to_nobody(house):
    user, child = toddler()
    hold(house, user=user, child=child)
    hold(house, user=user, child=sibling_of(child))

    close(house)

    assert told(user) == []
    assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}


def test_message_delivered_again_tells_nothing_more(house):
    user, child = toddler()
    booked(house, user=user, child=child)
    booked(house, user=user, child=child, day=AFTER)
    close(house, AFTER)
    key = OutboxMessage.objects.get(topic="booking.several_stopped").key
    events = BookingEvent.objects.filter(to_status="cancelled").values_list("pk", flat=True)

    stop_notices.send_family_notice({"events": list(events), "day_closed": True}, key=key, now=NOW)

    assert len(told(user)) == 1


def test_family_is_never_parted_between_batches(house, monkeypatch):
    monkeypatch.setattr(stopped, "BATCH", 1)
    families = [toddler() for _ in range(2)]
    for user, child in families:
        booked(house, user=user, child=child)
    for user, child in families:
        booked(house, user=user, child=child, day=AFTER)

    close(house, AFTER)

    assert [len(told(user)) for user, _child in families] == [1, 1]
    assert OutboxMessage.objects.filter(topic="booking.several_stopped").count() == 2


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (("", 0, 1440), "day_closed"),
        (("toddler", 0, 1440), "booking_cancelled_by_institution"),
        (("", 12 * 60, 1440), "booking_cancelled_by_institution"),
        (("", 0, 18 * 60), "booking_cancelled_by_institution"),
    ],
)
@pytest.mark.parametrize("children", [1, 2])
def test_only_a_whole_institution_on_whole_days_is_said_to_be_shut(house, children, part, kind):
    user, child = toddler()
    for each in [child, sibling_of(child)][:children]:
        booked(house, user=user, child=each)

    close(house, part=part)

    (message,) = told(user)
    assert (message.kind, "停托" in message.title or "不开放" in message.title) == (kind, kind == "day_closed")


@pytest.mark.parametrize("children", [1, 2])
def test_what_the_district_ends_is_told_with_its_reason_and_not_as_the_institutions_act(house, children):
    user, child = toddler()
    for each in [child, sibling_of(child)][:children]:
        booked(house, user=user, child=each)

    closing.stop_care(institution_id=house.institution.pk, from_day=TODAY, reason="机构限期整改", now=NOW)
    deliver()

    (message,) = told(user)
    stay = f"11月24日 周二 14:00–17:00 {house.institution.name}" if children == 1 else house.institution.name
    count = "" if children == 1 else "（2 个）"
    assert (message.kind, message.title) == ("care_stopped", f"机构限期整改，预约已取消{count}：{stay}")
    assert "原因：机构限期整改" in message.body.splitlines()
    payload = OutboxMessage.objects.filter(topic="sms.send").latest("pk").payload
    when = "11月24日 周二 14:00–17:00" if children == 1 else "11月24日 周二起"
    assert payload["template"] == "day_closed"
    assert payload["params"] == {"place": house.institution.name, "when": when}
    assert set(BookingEvent.objects.filter(to_status="cancelled").values_list("side", flat=True)) == {"staff"}


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize(("children", "when"), [(1, "11月24日 周二 14:00–17:00"), (2, "11月24日 周二起共 2 个")])
def test_who_only_asked_for_a_place_is_not_told_of_a_closing_by_text(children, when, keeps):
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    for each in [child, sibling_of(child)][:children]:
        booked(house, user=user, child=each)

    closing.stop_care(
        institution_id=house.institution.pk, from_day=TODAY, reason="机构限期整改", now=NOW, keeps_bookings=keeps
    )
    deliver()

    payload = OutboxMessage.objects.filter(topic="sms.send").latest("pk").payload
    assert payload["template"] == "declined"
    assert payload["params"] == {"place": house.institution.name, "when": when}


def test_text_of_what_was_booked_and_asked_for_tells_of_the_closing(house):
    user, child = toddler()
    first = booked(house, user=user, child=child)
    booked(house, user=user, child=child, day=AFTER)
    Booking.objects.filter(pk=first.pk).update(status="requested", expires_at=NOW + dt.timedelta(hours=5))

    closing.stop_care(institution_id=house.institution.pk, from_day=TODAY, reason="机构已终止", now=NOW)
    deliver()

    payload = OutboxMessage.objects.filter(topic="sms.send").latest("pk").payload
    assert payload["template"] == "day_closed"
    assert payload["params"]["when"] == "11月24日 周二起"


@pytest.mark.parametrize(
    ("part", "when"),
    [((), "11月24日 周二至11月26日 周四"), (("", 12 * 60, 1440), "11月24日 周二起共 2 个")],
)
def test_text_names_days_only_where_nothing_between_them_lives_on(house, part, when):
    user, child = toddler()
    for day in (TOMORROW, AFTER + dt.timedelta(days=1)):
        booked(house, user=user, child=child, day=day)

    close(house, AFTER + dt.timedelta(days=1), part=part)

    sent = [row.payload for row in OutboxMessage.objects.filter(topic="sms.send").order_by("pk") if row.payload]
    assert sent[-1]["params"] == {"place": house.institution.name, "when": when}
