"""Brothers and sisters who go to one institution at the same time: one reminder for the family, without names."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import notices
from booking.care.services.moves import cancel_booking
from booking.places.models import Booking
from cms.accounts.models import Child, Message, User
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from cms.core.security.codes import spell_reference
from tests.factories.accounts import ChildFactory, FamilyMemberFactory
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, open_house, toddler

pytestmark = pytest.mark.django_db
NOON = NOW.replace(hour=12)


def twins() -> tuple[User, Child, Child]:
    user, child = toddler(nickname="大宝")
    return user, child, ChildFactory(family=child.family, birth_date=child.birth_date, nickname="小宝")


def remind(now: dt.datetime = NOON) -> None:
    notices.remind_tomorrow(now)
    while drain(now=now):
        continue


def reminders(user: User) -> list[Message]:
    return list(Message.objects.filter(user=user, kind="booking_reminder").order_by("pk"))


def texts_sent(user: User) -> int:
    return OutboxMessage.objects.filter(topic="sms.send", key__contains="booking.reminder").count()


def references(*bookings: Booking) -> str:
    return "、".join(spell_reference(booking.reference) for booking in bookings)


def test_one_reminder_counts_the_children_and_names_none():
    house = open_house(name="示例·小满托育园")
    user, first, second = twins()
    grandmother = FamilyMemberFactory(family=first.family, role="carer").user
    one, two = booked(house, user=user, child=first), booked(house, user=user, child=second)

    remind()
    remind(NOON + dt.timedelta(minutes=5))

    [message] = reminders(user)
    assert message.title == "提醒：11月24日 周二 14:00–17:00 示例·小满托育园"
    assert message.body.split("\n") == [
        "示例·小满托育园　计时托",
        "2 个宝宝",
        f"预约号 {references(one, two)}",
        "来不了请在今天 14:00 前取消。",
    ]
    assert message.link == "/me/bookings/"
    assert len(reminders(grandmother)) == 1
    assert texts_sent(user) == 2


def test_only_who_is_still_expected_is_counted():
    house = open_house()
    user, first, second = twins()
    gone, stays = booked(house, user=user, child=first), booked(house, user=user, child=second)
    notices.remind_tomorrow(NOON)
    cancel_booking(user=user, booking=gone.public_id, now=NOON)

    remind()

    [message] = reminders(user)
    assert "个宝宝" not in message.body
    assert f"预约号 {references(stays)}" in message.body
    assert message.link == f"/me/bookings/{stays.public_id}/"


def test_second_reminder_is_not_sent_because_the_first_was_cancelled_after_it():
    house = open_house()
    user, first, second = twins()
    one = booked(house, user=user, child=first)
    booked(house, user=user, child=second)
    notices.remind_tomorrow(NOON)
    drain(now=NOON, limit=1)
    cancel_booking(user=user, booking=one.public_id, now=NOON)

    remind()

    assert len(reminders(user)) == 1


@pytest.mark.parametrize(
    "other",
    [{"starts": dt.time(13)}, {"ends": dt.time(18)}, {"day": TOMORROW + dt.timedelta(days=1)}],
    ids=["begins earlier", "ends later", "another day"],
)
def test_other_times_have_reminders_of_their_own(other):
    house = open_house()
    user, first, second = twins()
    booked(house, user=user, child=first)
    booked(house, user=user, child=second, **other)

    remind()
    if "day" in other:
        remind(NOON + dt.timedelta(days=1))

    assert len(reminders(user)) == 2
    assert all("个宝宝" not in message.body for message in reminders(user))


def test_another_institution_has_a_reminder_of_its_own():
    user, first, second = twins()
    booked(open_house(), user=user, child=first)
    booked(open_house(), user=user, child=second)

    remind()

    assert len(reminders(user)) == 2


def test_other_families_are_neither_counted_nor_left_out():
    house = open_house()
    (user, child), (stranger, other) = toddler(), toddler()
    booked(house, user=user, child=child)
    booked(house, user=stranger, child=other)

    remind()

    assert [len(reminders(each)) for each in (user, stranger)] == [1, 1]
    assert "个宝宝" not in reminders(user)[0].body


def test_two_modes_are_both_named():
    house = open_house(name="示例园")
    user, first, second = twins()
    hours = {"starts": dt.time(8), "ends": dt.time(12)}
    booked(house, user=user, child=first, **hours)
    booked(house, user=user, child=second, mode="half_day", **hours)

    remind()

    assert reminders(user)[0].body.startswith("示例园　计时托、半日托\n2 个宝宝")


@pytest.mark.parametrize(
    ("clocks", "words"),
    [((14, 13), "来不了请在今天 13:00 前取消。"), ((14, 12), ""), ((14, None), "")],
    ids=["the earlier", "over for one", "never for one"],
)
def test_free_cancelling_is_promised_for_all_of_them_or_not_at_all(clocks, words):
    house = open_house()
    user, first, second = twins()
    for child, hour in zip((first, second), clocks, strict=True):
        booking = booked(house, user=user, child=child)
        until = NOW.replace(year=TODAY.year, month=TODAY.month, day=TODAY.day, hour=hour) if hour else None
        Booking.objects.filter(pk=booking.pk).update(free_cancel_until=until)

    remind()

    last = reminders(user)[0].body.split("\n")[-1]
    assert (last if "取消" in last else "") == words
