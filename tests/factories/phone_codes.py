"""Asking for a code by text message, and entering it."""

from __future__ import annotations

import datetime as dt

from cms.accounts.messaging.services import text_messages
from cms.accounts.origins import Origin
from cms.accounts.signin.services import sign_in
from cms.core.models import OutboxMessage

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HOME = Origin("203.0.113.7", "my-phone")
PHONE = "13800138000"


def ask(phone: str = PHONE, *, now: dt.datetime = NOW, origin: Origin = HOME) -> dt.datetime:
    """When the next one may be asked for."""
    return sign_in.request_code(phone=phone, origin=origin, now=now).next_at


def sent_code() -> str:
    row = OutboxMessage.objects.filter(topic=text_messages.TOPIC).latest("pk")
    return row.payload["params"]["code"]


def enter(code: str, phone: str = PHONE, *, now: dt.datetime = NOW, origin: Origin = HOME) -> sign_in.SignedIn:
    return sign_in.check_code(phone=phone, code=code, origin=origin, now=now)
