"""The second step of staff: check a code, enrol, replace, reset."""

from __future__ import annotations

import datetime as dt
import hmac

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User
from cms.accounts.signin import allauth_internals
from cms.accounts.signin.second_factors import FACTORS, TOLERANCE, totp_code, totp_counter, totp_secret
from cms.accounts.signin.services.tokens import revoke_everything
from cms.core.errors import InvalidInput, NotFound, Refused, TooMany
from cms.core.security.codes import typed_code
from cms.core.web.limits import Limit, LimitReached, count_hits, take_back_hits

# Only failures count: whoever types the right code each time never has to wait.
FAILURES = (
    Limit("second-factor-minutes", 8, dt.timedelta(minutes=5)),
    Limit("second-factor-day", 60, dt.timedelta(days=1)),
)


class FactorInvalid(InvalidInput):
    """Not the code of now, nor an unused recovery code."""

    code = "second_factor"
    message = _("验证码不对，请看验证器上最新的 6 位数字")


class TooManyFactorTries(TooMany):
    """Too many codes tried."""

    message = _("试的次数太多，请 5 分钟后再试")


class LastFactor(Refused):
    """A work account keeps one second factor."""

    code = "last_factor"
    message = _("这是您唯一的第二步验证方式，不能删除")


class FactorNotFound(NotFound):
    """Not a factor of this user."""

    message = _("没有找到这个验证方式")


def check_second_factor(*, user: User, code: str, now: dt.datetime) -> Authenticator:
    """The factor a code belongs to. An authenticator's code is good once, a recovery code too.

    Raises ``FactorInvalid`` and ``TooManyFactorTries``. A try is counted before the code is looked at, so that guesses
    sent at once all count; a right code takes its count back.
    """
    tries = [(limit, str(user.pk)) for limit in FAILURES]
    try:
        count_hits(tries, now=now)
    except LimitReached:
        raise TooManyFactorTries from None
    digits = typed_code(code)
    with transaction.atomic():
        # The rows are locked, so that one code used twice at once is good once.
        rows = Authenticator.objects.select_for_update(no_key=True).filter(user=user)
        rows = rows.exclude(type=Authenticator.Type.WEBAUTHN)
        for row in rows.order_by("pk"):
            is_app = row.type == Authenticator.Type.TOTP
            if _use_totp(row, digits, now=now) if is_app else allauth_internals.use_recovery_code(row, digits):
                Authenticator.objects.filter(pk=row.pk).update(last_used_at=now)
                take_back_hits(tries, now=now)
                return row
    raise FactorInvalid(fields={"code": str(FactorInvalid.message)})


def new_secret() -> str:
    """A fresh secret for an authenticator app."""
    return allauth_internals.new_totp_secret()


def confirm_totp(*, user: User, secret: str, code: str, now: dt.datetime) -> list[str]:
    """Enrol an authenticator app once it shows the right code; an older one is replaced.

    Returns fresh recovery codes. Raises ``FactorInvalid``; the secret was shown, so there is nothing to guess.
    """
    if _matching_counter(secret, typed_code(code), now=now) is None:
        raise FactorInvalid(fields={"code": str(FactorInvalid.message)})
    with transaction.atomic():
        enrol_totp(user=user, secret=secret)
        return renew_recovery_codes(user=user)


@transaction.atomic
def enrol_totp(*, user: User, secret: str) -> Authenticator:
    """Give the user this authenticator secret, in place of an older one (demo data, and the form above)."""
    _lock_factors(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    return allauth_internals.add_totp(user, secret)


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """New recovery codes; the old ones are of no use any more."""
    _lock_factors(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return allauth_internals.add_recovery_codes(user)


def remove_factor(*, user: User, factor_id: int) -> None:
    """Remove a passkey. Raises ``FactorNotFound`` for anybody else's and ``LastFactor``."""
    with transaction.atomic():
        _lock_factors(user)
        row = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN, pk=factor_id).first()
        if row is None:
            raise FactorNotFound
        if Authenticator.objects.filter(user=user, type__in=FACTORS).count() <= 1:
            raise LastFactor
        row.delete()


def reset_factors(*, user: User) -> int:
    """Remove every second factor of a person who lost them; the next sign-in asks to enrol. Returns how many.

    All sessions end: whoever has the lost phone may be signed in with it.
    """
    with transaction.atomic():
        _lock_factors(user)
        removed = remove_all_factors(user)
        revoke_everything(user=user)
    return removed


def remove_all_factors(user: User) -> int:
    """Remove passkeys, authenticator app and recovery codes; returns how many. Under the lock of the user's row."""
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    return removed


def _lock_factors(user: User) -> None:
    """Lock the user's row: factors are counted, added and removed under it, by one request at a time."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _use_totp(row: Authenticator, code: str, *, now: dt.datetime) -> bool:
    """Compare with the half minutes around now; one that was used, or an earlier one, is not good again."""
    counter = _matching_counter(totp_secret(row), code, now=now)
    if counter is None or counter <= row.data.get("last_counter", 0):
        return False
    row.data["last_counter"] = counter
    row.save(update_fields=["data"])
    return True


def _matching_counter(secret: str, code: str, *, now: dt.datetime) -> int | None:
    current = totp_counter(now.timestamp())
    for counter in range(current - TOLERANCE, current + TOLERANCE + 1):
        if hmac.compare_digest(totp_code(secret, counter), code):
            return counter
    return None
