"""Messages to families: one in the site for each adult, and a text without the child's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction

from cms.accounts.messaging.services.text_messages import send_to_users
from cms.accounts.models import Family, FamilyMember, Message, User
from cms.core.security.codes import new_public_id

TITLE_LENGTH = 80


def notify_family(
    *,
    family: Family | int,
    kind: str,
    title: str,
    body: str,
    link: str,
    key: str,
    now: dt.datetime,
    sms: str | None = None,
    sms_params: Mapping[str, str] | None = None,
    stream: str = "",
    district_code: str = "",
) -> None:
    """Send a message to every adult of a family, once per ``key``.

    ``link`` is a path inside the site. ``sms`` names a text of ``cms.accounts.messaging.sms.templates``, which never
    takes a child's name; it goes out through the outbox in the same transaction. ``stream`` names what the message is
    about: each adult gets its texts in order.
    """
    family_id = family if isinstance(family, int) else family.pk
    members = FamilyMember.objects.filter(family_id=family_id, user__is_active=True).select_related("user")
    notify_users(
        users=[member.user for member in members],
        kind=kind,
        title=title,
        body=body,
        link=link,
        key=key,
        now=now,
        sms=sms,
        sms_params=sms_params,
        stream=stream,
        district_code=district_code,
    )


def notify_users(
    *,
    users: Iterable[User],
    kind: str,
    title: str,
    body: str,
    link: str,
    key: str,
    now: dt.datetime,
    sms: str | None = None,
    sms_params: Mapping[str, str] | None = None,
    stream: str = "",
    district_code: str = "",
) -> None:
    """Send to these users; nobody gets a message twice for the same ``key``."""
    people = list(users)
    rows = [
        Message(
            public_id=new_public_id(),
            user=user,
            kind=kind,
            key=key,
            title=title[:TITLE_LENGTH],
            body=body,
            link=link,
            created_at=now,
        )
        for user in people
    ]
    with transaction.atomic():
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        if sms:
            send_to_users(
                users=people,
                template=sms,
                params=sms_params or {},
                key=key,
                now=now,
                stream=stream,
                district_code=district_code,
            )


def mark_read(*, user: User, now: dt.datetime, public_ids: Iterable[str] | None = None) -> int:
    """Mark these messages of the user as read, or all; returns how many were new."""
    unread = Message.objects.filter(user=user, read_at__isnull=True)
    if public_ids is not None:
        unread = unread.filter(public_id__in=list(public_ids))
    return unread.update(read_at=now)
