"""Passkeys as a second factor. The challenge of a ceremony is stored in the browser's session by allauth."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User
from cms.accounts.signin import allauth_internals
from cms.core.errors import InvalidInput

MAX_NAME = 40
#: Characters; a real answer has two or three thousand.
MAX_ANSWER = 20 * 1024


class PasskeyInvalid(InvalidInput):
    """The browser's answer does not fit the challenge, or it is no passkey of this user."""

    code = "second_factor"
    message = _("通行密钥没有通过，请再试一次，或改用验证码")


def has_passkey(user: User) -> bool:
    """Whether the user can answer with a passkey."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def begin_check(*, user: User) -> str:
    """The challenge for the browser, as JSON."""
    return json.dumps(allauth_internals.begin_passkey_check(user))


def check_passkey(*, user: User, answer: str, now: dt.datetime) -> Authenticator:
    """The passkey that answered. Raises ``PasskeyInvalid``; a signature can't be guessed, so tries aren't counted."""
    try:
        row = allauth_internals.check_passkey(user, read_answer(answer))
    except allauth_internals.BadAnswer:
        raise PasskeyInvalid from None
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def begin_adding(*, user: User) -> str:
    """The challenge for a new passkey, as JSON."""
    return json.dumps(allauth_internals.begin_passkey(user))


def add_passkey(*, user: User, answer: str, name: str) -> Authenticator:
    """Store a new passkey. Raises ``PasskeyInvalid``."""
    called = name.strip()[:MAX_NAME] or get_adapter().generate_authenticator_name(user, Authenticator.Type.WEBAUTHN)
    try:
        return allauth_internals.add_passkey(user, read_answer(answer), name=called)
    except allauth_internals.BadAnswer:
        raise PasskeyInvalid from None


def read_answer(answer: str) -> dict[str, Any]:
    """The browser's answer as a mapping. Raises ``PasskeyInvalid`` for what is no such thing, or far too long."""
    if len(answer) > MAX_ANSWER:
        raise PasskeyInvalid
    try:
        parsed = json.loads(answer)
    except (ValueError, RecursionError):  # brackets within brackets, thousands deep
        raise PasskeyInvalid from None
    if not isinstance(parsed, dict):
        raise PasskeyInvalid
    return parsed
