"""The codes that a person's authenticator app shows."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator

from cms.accounts.models import User
from cms.accounts.signin.second_factors import totp_code, totp_counter, totp_secret


def current_totp_code(user: User) -> str:
    """The user's code of this half minute."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return totp_code(totp_secret(row), totp_counter(time.time()))
