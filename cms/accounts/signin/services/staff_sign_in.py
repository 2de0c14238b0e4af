"""The first step of staff: username and password."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User
from cms.accounts.origins import Origin
from cms.accounts.signin.services.tokens import revoke_everything
from cms.accounts.usernames import normalise_username
from cms.core.errors import InvalidInput, TooMany
from cms.core.web.limits import Limit, LimitReached, count_hits, take_back_hits

# For a name only failures count, and first those from one address: who guesses from elsewhere doesn't shut the
# owner out at once.
PER_NAME_AND_ADDRESS = Limit("password-name-address", 10, dt.timedelta(minutes=15))
PER_NAME = Limit("password-name", 60, dt.timedelta(hours=1))
PER_ADDRESS = Limit("password-address", 200, dt.timedelta(minutes=15))


class PasswordInvalid(InvalidInput):
    """Unknown name, wrong password or closed account: one answer."""

    code = "password"
    message = _("用户名或密码不对")


class TooManyPasswordTries(TooMany):
    """Too many passwords tried."""

    message = _("试的次数太多，请 15 分钟后再试")


class NewPasswordInvalid(InvalidInput):
    """The new password is too weak."""

    code = "password"
    message = _("请换一个更安全的密码")


def check_password(*, username: str, password: str, origin: Origin, now: dt.datetime) -> User:
    """The user of a name and password; unknown names take as long as known ones.

    Raises ``PasswordInvalid`` and ``TooManyPasswordTries`` (before the password is looked at). A try is counted first,
    so that guesses sent at once all count; the right password takes back what was counted for the name.
    """
    name = normalise_username(username)
    failures = ((PER_NAME_AND_ADDRESS, f"{name}\0{origin.address}"), (PER_NAME, name))
    try:
        count_hits([(PER_ADDRESS, origin.address), *failures], now=now)
    except LimitReached:
        raise TooManyPasswordTries from None
    user = authenticate(None, username=name, password=password)
    if not isinstance(user, User):
        raise PasswordInvalid
    take_back_hits(failures, now=now)
    return user


def change_password(*, user: User, old: str, new: str, origin: Origin, now: dt.datetime) -> None:
    """Set a new password; all sessions of the user end by it, the API's too. The caller may renew its own.

    Raises ``PasswordInvalid``, ``NewPasswordInvalid`` and ``TooManyPasswordTries``.
    """
    check_password(username=user.get_username(), password=old, origin=origin, now=now)
    require_good_password(new, user)
    with transaction.atomic():
        user.set_password(new)
        user.save(update_fields=["password"])
        revoke_everything(user=user)


def require_good_password(new: str, user: User) -> None:
    """Raise ``NewPasswordInvalid`` for a password that is too weak for this user."""
    try:
        password_validation.validate_password(new, user)
    except ValidationError as problem:
        raise NewPasswordInvalid(fields={"new": " ".join(problem.messages)}) from None
