"""Messages inside the site."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.accounts.models import Message, User


def messages_of(user: User) -> QuerySet[Message]:
    """The user's own messages, newest first."""
    return Message.objects.filter(user=user).order_by("-created_at", "-pk")


def count_unread(user: User) -> int:
    """How many the user has not opened yet."""
    return Message.objects.filter(user=user, read_at__isnull=True).count()
