"""What families read of their classes, and when they are reminded."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from parenting.classes.models import ClassSignup
from parenting.classes.services import notices
from parenting.classes.services.publishing import apply_session, cancel_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import FamilyMemberFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
START, END = at(DAY, dt.time(9, 30)), at(DAY, dt.time(10, 30))
EVE = DAY - dt.timedelta(days=1)
NOON = at(EVE, dt.time(12))
SECOND = dt.timedelta(seconds=1)


def join(session, family=None):
    user, _child = family or toddler()
    return sign_up(user=user, session=session.public_id, child=None, now=NOW)


def reminded() -> list[int]:
    return sorted(Message.objects.filter(kind="class_reminder").values_list("user_id", flat=True))


def texts() -> list[dict]:
    rows = OutboxMessage.objects.filter(topic="sms.send", done_at__isnull=True).order_by("pk")
    return [row.payload for row in rows]


def test_every_adult_reads_of_the_place_without_the_childs_name():
    session = ClassSessionFactory(title="辅食添加", venue="示例社区")
    user, child = toddler(nickname="豆豆")
    grandmother = FamilyMemberFactory(family=child.family, role="carer").user

    join(session, (user, child))

    rows = list(Message.objects.order_by("user_id").values_list("user_id", "kind", "title", "body", "link"))
    words = (
        "class_signed_up",
        "报名成功：11月28日 周六 9:30–10:30 辅食添加",
        "11月28日 周六 9:30–10:30\n示例社区\n来不了请尽早取消，空出来的名额别的家庭可以报。",
        session.get_absolute_url(),
    )
    assert rows == [(user.pk, *words), (grandmother.pk, *words)]
    params = {"place": "辅食添加", "when": "11月28日 周六 9:30–10:30"}
    assert [(text["template"], text["params"]) for text in texts()] == [("class_signed_up", params)] * 2


def test_a_reason_with_a_percent_sign_is_told_as_it_is():
    session = ClassSessionFactory()
    join(session)

    cancel_session(session=session, reason="只有 5% 的家庭能来", actor=None, now=NOW)
    drain(now=NOW)

    message = Message.objects.get(kind="class_cancelled")
    assert message.title == f"课堂取消：11月28日 周六 9:30–10:30 {session.title}"
    assert message.body == "11月28日 周六 9:30–10:30 的课堂不办了。原因：只有 5% 的家庭能来"
    assert texts()[-1]["template"] == "class_cancelled"


def test_ones_own_cancelling_is_not_told_as_the_hosts():
    session, family = ClassSessionFactory(title="辅食添加", venue="示例社区"), toddler()
    join(session, family)

    for _again in range(2):
        cancel_signup(user=family[0], session=session.public_id, child=None, now=NOW)

    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == [
        "class_signed_up",
        "class_given_back",
    ]
    message = Message.objects.get(kind="class_given_back")
    assert message.title == "已取消报名：11月28日 周六 9:30–10:30 辅食添加"
    assert message.body == "11月28日 周六 9:30–10:30\n示例社区\n这次报名由您家取消了。还想来，名额没满可以再报名。"
    assert [text["template"] for text in texts()] == ["class_signed_up"]


@pytest.mark.parametrize(
    ("moment", "promised"),
    [
        (NOON - SECOND, 0),
        (NOON, 1),
        (at(EVE, dt.time(21)) - SECOND, 1),
        (at(EVE, dt.time(21)), 0),
        (NOON - dt.timedelta(days=1), 0),
        (NOON + dt.timedelta(days=1), 0),
    ],
)
def test_a_reminder_is_promised_on_the_day_before_from_noon_to_nine(moment, promised):
    join(ClassSessionFactory())

    assert notices.remind_tomorrow(moment) == promised

    assert OutboxMessage.objects.filter(topic="parenting.reminder").count() == promised


def test_a_reminder_comes_once_to_each_family():
    session = ClassSessionFactory(title="辅食添加", venue="示例社区")
    families = [toddler(), toddler()]
    for family in families:
        join(session, family)

    for minutes in (0, 30):
        notices.remind_tomorrow(NOON + dt.timedelta(minutes=minutes))
    drain(now=NOON + dt.timedelta(hours=1))

    assert reminded() == [user.pk for user, _child in families]
    message = Message.objects.filter(kind="class_reminder").first()
    assert (message.title, message.body) == (
        "明天有课堂：11月28日 周六 9:30–10:30 辅食添加",
        "11月28日 周六 9:30–10:30\n示例社区",
    )
    assert texts()[-1]["template"] == "reminder"


def test_who_gave_the_place_back_is_not_reminded():
    session, early, late, coming = ClassSessionFactory(capacity=3), toddler(), toddler(), toddler()
    for family in (early, late, coming):
        join(session, family)
    cancel_signup(user=early[0], session=session.public_id, child=None, now=NOW)

    assert notices.remind_tomorrow(NOON) == 2
    cancel_signup(user=late[0], session=session.public_id, child=None, now=NOON)
    drain(now=NOON)

    assert reminded() == [coming[0].pk]


def test_nobody_is_reminded_of_a_session_that_was_called_off():
    promised, called_off = ClassSessionFactory(), ClassSessionFactory()
    for session in (promised, called_off):
        join(session)
    cancel_session(session=called_off, reason="停电", actor=None, now=NOON)

    assert notices.remind_tomorrow(NOON) == 1
    signup = ClassSignup.objects.get(session=promised)
    cancel_session(session=promised, reason="停电", actor=None, now=NOON)
    notices.send_reminder({"signup": signup.pk}, key="k", now=NOON)

    assert reminded() == []


def test_who_is_marked_already_is_not_reminded():
    """Before the day nobody is marked: a mark of the release before."""
    session, family = ClassSessionFactory(), toddler()
    signup = join(session, family)
    Booking.objects.filter(pk=signup.booking_id).update(status="arrived", arrived_at=NOON)

    assert notices.remind_tomorrow(NOON) == 0
    notices.send_reminder({"signup": signup.pk}, key="k", now=NOON)

    assert reminded() == []


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (at(EVE, dt.time(0)) - SECOND, False),
        (at(EVE, dt.time(0)), True),
        (at(DAY, dt.time(0)) - SECOND, True),
        (at(DAY, dt.time(0)), False),
        (START - SECOND, False),
        (START, False),
        (START + SECOND, False),
    ],
)
def test_tomorrow_is_said_on_the_day_before_alone(moment, sent):
    signup = join(ClassSessionFactory())

    notices.send_reminder({"signup": signup.pk}, key="k", now=moment)

    assert reminded() == ([signup.booking.created_by_id] if sent else [])


def test_a_session_moved_meanwhile_is_reminded_of_on_its_own_eve():
    session = ClassSessionFactory()
    signup = join(session)
    notices.remind_tomorrow(NOON)
    session.starts_at, session.ends_at = START + dt.timedelta(days=1), END + dt.timedelta(days=1)
    session.save()
    apply_session(session=session, now=NOON)

    drain(now=NOON)
    assert reminded() == []

    notices.remind_tomorrow(NOON + dt.timedelta(days=1))
    drain(now=NOON + dt.timedelta(days=1))
    assert reminded() == [signup.booking.created_by_id]


def test_a_reminder_of_a_sign_up_that_is_gone_is_left_alone():
    notices.send_reminder({"signup": 0}, key="k", now=NOON)

    assert reminded() == []
