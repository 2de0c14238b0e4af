"""The row of 我的 that leads to the messages."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from cms.accounts.messaging.queries.messages import count_unread
from cms.accounts.models import User
from cms.accounts.ports import Card


def messages_card(user: User, now: dt.datetime) -> Card:
    """「3 条没看」; one query."""
    unread = count_unread(user)
    note = _("%(count)s 条没看") % {"count": unread} if unread else _("都看过了")
    return Card(order=30, icon="message", label=_("消息"), url_name="me:messages", note=note)
