"""Messages in the site and by text: to whom, once, and how much of them."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.components.purposes import purpose_words
from cms.accounts.family.queries.access_log import accesses_of
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.messaging.queries.messages import MessageNotFound, count_unread, message_of, messages_of
from cms.accounts.messaging.services import text_messages
from cms.accounts.messaging.services.messages import mark_read, notify_family, notify_users
from cms.accounts.messaging.sms.templates import UnknownTemplate
from cms.accounts.models import Message
from cms.core.models import OutboxMessage
from tests.factories.accounts import FamilyMemberFactory, MessageFactory, UserFactory, parent_with_child

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
PARAMS = {"place": "示例·小满托育园", "when": "11月26日 周四 14:00–17:00"}
WORDS = {"kind": "booking_confirmed", "title": "预约成功", "body": "详情", "link": "/me/", "key": "k"}


@pytest.mark.parametrize("by_key", [True, False])
def test_family_is_named_by_itself_or_by_its_key(by_key: bool) -> None:
    member = FamilyMemberFactory()
    FamilyMemberFactory()

    notify_family(family=member.family_id if by_key else member.family, now=NOW, **WORDS)

    (message,) = Message.objects.all()
    assert (message.user, message.kind, message.title, message.body) == (
        member.user,
        "booking_confirmed",
        "预约成功",
        "详情",
    )
    assert (message.link, message.key, message.created_at, message.read_at) == ("/me/", "k", NOW, None)
    assert not OutboxMessage.objects.exists()


def test_closed_account_of_a_family_gets_nothing() -> None:
    member = FamilyMemberFactory()
    FamilyMemberFactory(family=member.family, user__is_active=False)

    notify_family(family=member.family, now=NOW, sms="confirmed", sms_params=PARAMS, **WORDS)

    assert [row.user for row in Message.objects.all()] == [member.user]
    assert [row.payload["user"] for row in OutboxMessage.objects.all()] == [member.user_id]


@pytest.mark.parametrize("length", [79, 80, 81])
def test_title_is_cut_at_eighty_characters(length: int) -> None:
    notify_users(users=[UserFactory()], now=NOW, **WORDS | {"title": "题" * length})

    assert Message.objects.get().title == "题" * min(length, 80)


def test_second_message_of_a_key_reaches_nobody_and_of_another_all() -> None:
    users = [UserFactory(), UserFactory()]
    notify_users(users=users, now=NOW, sms="confirmed", sms_params=PARAMS, **WORDS)
    notify_users(users=users, now=NOW, sms="confirmed", sms_params=PARAMS, **WORDS)
    assert (Message.objects.count(), OutboxMessage.objects.count()) == (2, 2)

    notify_users(users=users, now=NOW, **WORDS | {"key": "another"})

    assert Message.objects.count() == 4


def test_text_goes_to_those_with_a_number() -> None:
    with_number, without = UserFactory(), UserFactory(phone="")

    notify_users(users=[with_number, without], now=NOW, sms="confirmed", sms_params=PARAMS, **WORDS)

    (row,) = OutboxMessage.objects.all()
    assert (row.topic, row.key) == ("sms.send", f"k:{with_number.pk}")
    assert row.payload == {"template": "confirmed", "params": PARAMS, "user": with_number.pk}


def test_text_with_wrong_parameters_is_refused_and_leaves_no_message() -> None:
    with pytest.raises(UnknownTemplate):
        notify_users(users=[UserFactory()], now=NOW, sms="confirmed", **WORDS)
    with pytest.raises(UnknownTemplate):
        text_messages.send_to_number(phone="1", template="confirmed", params={}, key="k", until=None, now=NOW)

    assert (Message.objects.count(), OutboxMessage.objects.count()) == (0, 0)


@pytest.mark.parametrize(("seconds", "sent"), [(-1, True), (0, False), (1, False)])
def test_text_is_sent_until_its_time(seconds: int, sent: bool, capsys) -> None:
    payload = {"phone": "13800138000", "template": "confirmed", "params": PARAMS, "until": NOW.isoformat()}

    text_messages.deliver(payload, key="k", now=NOW + dt.timedelta(seconds=seconds))

    assert ("138****8000" in capsys.readouterr().out) is sent


def test_text_to_a_number_without_an_end_is_sent(capsys) -> None:
    text_messages.send_to_number(phone="13800138000", template="confirmed", params=PARAMS, key="k", until=None, now=NOW)
    row = OutboxMessage.objects.get()
    assert row.payload == {"phone": "13800138000", "template": "confirmed", "params": PARAMS, "until": None}

    text_messages.deliver(row.payload, key=row.key, now=NOW + dt.timedelta(days=9))

    assert "138****8000" in capsys.readouterr().out


@pytest.mark.parametrize("user", [None, 0])
def test_text_to_nobody_is_not_sent(user: int | None, capsys) -> None:
    text_messages.deliver({"user": user, "template": "confirmed", "params": PARAMS}, key="k", now=NOW)

    assert capsys.readouterr().out == ""


def test_messages_are_the_users_own_newest_first() -> None:
    user = UserFactory()
    later = MessageFactory(user=user, created_at=NOW + dt.timedelta(hours=1))
    first = MessageFactory(user=user, created_at=NOW, read_at=NOW)
    second = MessageFactory(user=user, created_at=NOW)
    foreign = MessageFactory()

    assert list(messages_of(user)) == [later, second, first]
    assert count_unread(user) == 2
    assert message_of(user, second.public_id) == second
    with pytest.raises(MessageNotFound):
        message_of(user, foreign.public_id)


def test_marking_names_its_messages_or_means_all() -> None:
    user = UserFactory()
    rows = [MessageFactory(user=user) for _number in range(3)]
    MessageFactory()

    assert mark_read(user=user, now=NOW, public_ids=[rows[1].public_id]) == 1
    assert mark_read(user=user, now=NOW, public_ids=[]) == 0
    later = NOW + dt.timedelta(hours=1)
    assert mark_read(user=user, now=later) == 2
    assert sorted(Message.objects.filter(user=user).values_list("read_at", flat=True)) == [NOW, later, later]
    assert Message.objects.filter(read_at=None).count() == 1


def test_looks_are_of_the_familys_children_newest_first() -> None:
    user, child = parent_with_child()
    _other, foreign = parent_with_child()
    for purpose, minutes in (("phone", 0), ("print", 5), ("export", 0)):
        at = NOW + dt.timedelta(minutes=minutes)
        log_child_access(children=[child, foreign], actor=user, place="示例园", purpose=purpose, now=at)

    found = accesses_of(child.family)

    assert [row.purpose for row in found] == ["print", "export", "phone"]
    assert {row.child for row in found} == {child}


@pytest.mark.parametrize(
    ("purpose", "words"), [("print", "打印当天名单"), ("class", "看课堂签到名单"), ("new", "办理业务")]
)
def test_purpose_is_said_for_people(purpose: str, words: str) -> None:
    assert purpose_words(purpose) == words


def test_texts_without_a_stream_wait_for_nothing() -> None:
    user = UserFactory(phone="13800138000")
    notify_users(users=[user], now=NOW, sms="confirmed", sms_params=PARAMS, **WORDS)
    notify_users(
        users=[user],
        now=NOW,
        sms="confirmed",
        sms_params=PARAMS,
        stream="booking:a",
        district_code="320118",
        **WORDS | {"key": "another"},
    )

    rows = OutboxMessage.objects.order_by("pk").values_list("stream", "district_code")
    assert list(rows) == [("", ""), (f"booking:a:{user.pk}", "320118")]
