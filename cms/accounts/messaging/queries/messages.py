"""Messages inside the site."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Message, User
from cms.core.errors import NotFound


class MessageNotFound(NotFound):
    """Not a message of this user."""

    message = _("没有找到这条消息。")


def messages_of(user: User) -> QuerySet[Message]:
    """The user's own messages, newest first."""
    return Message.objects.filter(user=user).order_by("-created_at", "-pk")


def count_unread(user: User) -> int:
    """How many the user has not opened yet."""
    return Message.objects.filter(user=user, read_at__isnull=True).count()


def message_of(user: User, public_id: str) -> Message:
    """One message of the user. Raises ``MessageNotFound`` for anybody else's."""
    found = messages_of(user).filter(public_id=public_id).first()
    if found is None:
        raise MessageNotFound
    return found
