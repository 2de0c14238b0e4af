"""Passkeys as a second factor. The challenge of a ceremony is kept in the browser's session by allauth."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User
from cms.core.errors import InvalidInput

MAX_NAME = 40


class PasskeyInvalid(InvalidInput):
    """The browser's answer does not fit the challenge, or it is no passkey of this user."""

    code = "second_factor"
    message = _("通行密钥没有通过，请再试一次，或改用验证码")


def has_passkey(user: User) -> bool:
    """Whether the user can answer with a passkey."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def begin_check(*, user: User) -> str:
    """The challenge for the browser, as JSON."""
    return json.dumps(_plain(auth.begin_authentication(user)))


def check_passkey(*, user: User, answer: str, now: dt.datetime) -> Authenticator:
    """The passkey that answered. Raises ``PasskeyInvalid``; a signature can't be guessed, so tries aren't counted."""
    try:
        auth.parse_authentication_response(_parse(answer))
        row = auth.complete_authentication(user, _parse(answer))
    except (ValidationError, KeyError, AttributeError, TypeError, ValueError):
        raise PasskeyInvalid from None
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def begin_adding(*, user: User) -> str:
    """The challenge for a new passkey, as JSON."""
    return json.dumps(_plain(auth.begin_registration(user, False)))


def add_passkey(*, user: User, answer: str, name: str) -> Authenticator:
    """Keep a new passkey. Raises ``PasskeyInvalid``."""
    credential = _parse(answer)
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, KeyError, AttributeError, TypeError, ValueError):
        raise PasskeyInvalid from None
    called = name.strip()[:MAX_NAME] or get_adapter().generate_authenticator_name(user, Authenticator.Type.WEBAUTHN)
    return auth.WebAuthn.add(user, called, credential).instance


def _parse(answer: str) -> dict[str, Any]:
    try:
        parsed = json.loads(answer)
    except ValueError:
        raise PasskeyInvalid from None
    if not isinstance(parsed, dict):
        raise PasskeyInvalid
    return parsed


def _plain(value: Any) -> Any:
    """fido2's mappings as plain JSON values."""
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
