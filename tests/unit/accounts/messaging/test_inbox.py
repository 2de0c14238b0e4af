"""A user's own messages, in order, and how many are new."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.messaging.queries.messages import MessageNotFound, count_unread, message_of, messages_of
from tests.factories.accounts import MessageFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def test_messages_are_newest_first_and_of_one_moment_the_later_one() -> None:
    user = UserFactory()
    second = MessageFactory(user=user, created_at=NOW, pk=32)
    third = MessageFactory(user=user, created_at=NOW, pk=31)
    first = MessageFactory(user=user, created_at=NOW + dt.timedelta(seconds=1), pk=30)
    MessageFactory(created_at=NOW)

    assert list(messages_of(user)) == [first, second, third]


def test_new_messages_are_ones_own_unread() -> None:
    user = UserFactory()
    for read_at in (None, None, NOW):
        MessageFactory(user=user, read_at=read_at)
    MessageFactory()

    assert (count_unread(user), count_unread(UserFactory())) == (2, 0)


def test_message_of_another_is_not_there() -> None:
    user = UserFactory()
    MessageFactory(user=user)
    own, foreign = MessageFactory(user=user), MessageFactory()

    assert message_of(user, own.public_id) == own
    with pytest.raises(MessageNotFound):
        message_of(user, foreign.public_id)
