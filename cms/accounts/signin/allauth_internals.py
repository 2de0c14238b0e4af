"""Every use of allauth that is not documented API: read this module whenever allauth is upgraded (docs/adr/0006).

allauth has no public functions to check, enrol and list second factors outside its own views. Each function here has a
test in tests/unit/accounts/signin/test_allauth_internals.py or tests/integration/accounts/signin/test_passkeys.py.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from cms.accounts.models import User

# What allauth and fido2 raise for an answer that does not fit the challenge, or that is no answer at all.
BAD_ANSWERS = (ValidationError, KeyError, AttributeError, TypeError, ValueError)


class BadAnswer(Exception):
    """A browser's answer that is malformed, or does not fit the challenge or the user."""


def current_request() -> HttpRequest:
    """The request being answered: the ceremony of a passkey is bound to its host and stored in its session."""
    return context.request


def new_totp_secret() -> str:
    """A fresh secret for an authenticator app, in base 32."""
    return generate_totp_secret()


def hotp_code(secret: str, counter: int) -> str:
    """The six digits of a counter (RFC 4226)."""
    return format_hotp_value(hotp_value(secret, counter))


def add_totp(user: User, secret: str) -> Authenticator:
    """Store an authenticator secret, sealed by our adapter."""
    return TOTP.activate(user, secret).instance


def add_recovery_codes(user: User) -> list[str]:
    """Store a seed of recovery codes and return the codes; if the user has some already, those that are unused."""
    return list(RecoveryCodes.activate(user).get_unused_codes())


def unused_recovery_codes(row: Authenticator) -> list[str]:
    """The codes of a row of recovery codes that can still be used."""
    return list(RecoveryCodes(row).get_unused_codes())


def use_recovery_code(row: Authenticator, code: str) -> bool:
    """Whether the code is one of the row's unused ones; it is used up by this."""
    return RecoveryCodes(row).validate_code(code)


def begin_passkey(user: User) -> dict[str, Any]:
    """The challenge for a new passkey as plain JSON values; the current session stores what the answer must fit."""
    return _plain(webauthn.begin_registration(user, False))


def add_passkey(user: User, answer: dict[str, Any], *, name: str) -> Authenticator:
    """Store the passkey of an answer to ``begin_passkey``. Raises ``BadAnswer``."""
    try:
        webauthn.parse_registration_response(answer)
        webauthn.complete_registration(answer)
    except BAD_ANSWERS:
        raise BadAnswer from None
    return webauthn.WebAuthn.add(user, name, answer).instance


def begin_passkey_check(user: User) -> dict[str, Any]:
    """The challenge for one of the user's passkeys as plain JSON values."""
    return _plain(webauthn.begin_authentication(user))


def check_passkey(user: User, answer: dict[str, Any]) -> Authenticator:
    """The user's passkey that signed the challenge of ``begin_passkey_check``. Raises ``BadAnswer``."""
    try:
        webauthn.parse_authentication_response(answer)
        return webauthn.complete_authentication(user, answer)
    except BAD_ANSWERS:
        raise BadAnswer from None


def _plain(value: Any) -> Any:
    """fido2's mappings as plain JSON values, without those that are None."""
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
