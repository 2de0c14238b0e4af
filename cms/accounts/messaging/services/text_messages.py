"""Text messages: promised in the outbox with the change that causes them, sent by the drainer.

A text names no child and no health matter: each template takes only the parameters listed with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from cms.accounts.messaging.sms import current_adapter, deliver_copies
from cms.accounts.messaging.sms.templates import render_text, require_params
from cms.accounts.models import User
from cms.accounts.phone import is_demo_number
from cms.core.runtime.outbox import Effect, emit, emit_many

TOPIC = "sms.send"


def send_to_number(
    *, phone: str, template: str, params: Mapping[str, str], key: str, until: dt.datetime | None, now: dt.datetime
) -> None:
    """Promise one text to a number, in the caller's transaction; after ``until`` it is not sent any more."""
    require_params(template, params)
    payload = {"phone": phone, "template": template, "params": dict(params), "until": _text_of(until)}
    emit(topic=TOPIC, key=key, payload=payload, now=now)


def send_to_users(
    *,
    users: Iterable[User],
    template: str,
    params: Mapping[str, str],
    key: str,
    now: dt.datetime,
    stream: str = "",
    district_code: str = "",
) -> None:
    """Promise one text to each user who has a number; the number is read when it is sent.

    Within ``stream`` each user has an order of their own: a dead number of one adult holds back neither the other's
    texts nor the messages in the site.
    """
    require_params(template, params)
    payload = {"template": template, "params": dict(params)}
    effects = [
        Effect(
            TOPIC,
            f"{key}:{user.pk}",
            payload | {"user": user.pk},
            f"{stream}:{user.pk}" if stream else "",
            district_code,
        )
        for user in users
        if user.phone
    ]
    emit_many(effects, now=now)


def deliver(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: hand a text to the adapter.

    The provider is called before the row is done, so a crash in between sends it twice; providers drop the second
    of two equal texts by ``key``.
    """
    until = payload.get("until")
    if until and dt.datetime.fromisoformat(until) <= now:
        return
    phone = payload.get("phone") or _number_of(payload.get("user"))
    if not phone:
        return
    text = render_text(payload["template"], payload["params"])
    deliver_copies(phone=phone, text=text, key=key, now=now)
    if not is_demo_number(phone):
        current_adapter().send(
            phone=phone, template=payload["template"], params=payload["params"], text=text, key=key, now=now
        )


def _number_of(user_pk: int | None) -> str:
    if user_pk is None:
        return ""
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    return user.phone if user else ""


def _text_of(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
