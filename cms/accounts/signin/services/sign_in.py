"""Signing in by mobile number and a code sent to it; the first right code makes the account.

The answer to asking for a code is the same for known and unknown numbers, and so is the work: no account is
looked up before a code was right.
"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.users import user_with_phone
from cms.accounts.family.services.families import ensure_family
from cms.accounts.messaging.services.text_messages import send_to_number
from cms.accounts.models import PhoneCode, User
from cms.accounts.origins import Origin
from cms.accounts.phone import BadPhone, normalise_phone, phone_index
from cms.core.calendar.times import local_date
from cms.core.display.wording import clock as wording_clock
from cms.core.display.wording import near_day
from cms.core.errors import InvalidInput, TooMany
from cms.core.security.codes import new_numeric_code, new_public_id, typed_code
from cms.core.security.crypto import blind_index
from cms.core.web.limits import Limit, LimitReached, count_hit

CODE_MINUTES = 5
CODE_LIFE = dt.timedelta(minutes=CODE_MINUTES)
MAX_ATTEMPTS = 5
RESEND_AFTER = dt.timedelta(seconds=60)
KEEP_CODES = dt.timedelta(days=2)

# The carriers' own flow control is 5 an hour and 10 a day for a number.
PER_NUMBER = (
    Limit("code-number-hour", 5, dt.timedelta(hours=1)),
    Limit("code-number-day", 10, dt.timedelta(days=1)),
)
PER_DEVICE = Limit("code-device", 8, dt.timedelta(minutes=10))
# Thousands of phones share one address of a carrier: this only stops a machine that asks without pause.
PER_ADDRESS = Limit("code-address", 300, dt.timedelta(minutes=10))
CHECKS_PER_DEVICE = Limit("check-device", 30, dt.timedelta(minutes=10))
CHECKS_PER_ADDRESS = Limit("check-address", 1200, dt.timedelta(minutes=10))
CHECKS_PER_NUMBER = Limit("check-number", 20, dt.timedelta(hours=1))


class PhoneInvalid(InvalidInput):
    """Not a mobile number."""

    message = _("请填 11 位手机号，例如 138 0013 8000")


class CodeInvalid(InvalidInput):
    """Wrong, used, expired or never asked for: one answer for all, so nothing can be learned from it."""

    code = "code"
    message = _("验证码不对、已过期，或者填错 5 次作废了。请检查后再填，或重新获取")


class TooManyCodes(TooMany):
    """A number, device or address asked too often."""

    message = _("获取验证码太频繁，请在%s 以后再试")

    def __init__(self, *, retry_after: int, now: dt.datetime) -> None:
        again = now + dt.timedelta(seconds=retry_after)
        when = f"{near_day(again, local_date(now))} {wording_clock(again)}"
        super().__init__(str(self.message) % when, retry_after=retry_after)


class TooManyTries(TooManyCodes):
    """Too many codes were entered, right or wrong."""

    message = _("验证码试的次数太多，请在%s 以后再试")


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """When the next code may be asked for; ``sent``: a new one is on its way, not only the one of the last minute."""

    next_at: dt.datetime
    sent: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose code was right, and whether the account is new."""

    user: User
    is_new: bool


def parse_phone(text: str) -> str:
    """The normalised number. Raises ``PhoneInvalid``."""
    try:
        return normalise_phone(text)
    except BadPhone:
        raise PhoneInvalid(fields={"phone": str(PhoneInvalid.message)}) from None


def request_code(*, phone: str, origin: Origin, now: dt.datetime) -> CodeRequest:
    """Send a code to the number and say when the next one may be asked for.

    Within a minute of the last one nothing new is sent. Raises ``PhoneInvalid`` and
    ``TooManyCodes``.
    """
    number = parse_phone(phone)
    index = phone_index(number)
    last = PhoneCode.objects.filter(phone_hash=index, created_at__gt=now - RESEND_AFTER).order_by("-created_at").first()
    if last is not None:
        return CodeRequest(last.created_at + RESEND_AFTER, sent=False)
    _count_request(index, origin, now=now)
    code = new_numeric_code()
    with transaction.atomic():
        # A newer code puts the older ones out of use: there is never more than one to guess at.
        PhoneCode.objects.filter(phone_hash=index, used_at__isnull=True).update(used_at=now)
        row = PhoneCode.objects.create(
            phone_hash=index, code_hash=_code_hash(number, code), created_at=now, expires_at=now + CODE_LIFE
        )
        send_to_number(
            phone=number,
            template="sign_in_code",
            params={"code": code, "minutes": str(CODE_MINUTES)},
            key=f"code:{row.pk}",
            until=row.expires_at,
            now=now,
        )
    return CodeRequest(now + RESEND_AFTER, sent=True)


def check_code(*, phone: str, code: str, origin: Origin, now: dt.datetime) -> SignedIn:
    """The account of the number if the code is right, made now if there is none; a code is good once.

    Raises ``PhoneInvalid``, ``CodeInvalid`` and ``TooManyCodes``. A closed account gets the answer of a wrong code.
    """
    number = parse_phone(phone)
    index = phone_index(number)
    _count_check(index, origin, now=now)
    if not _use_code(number, index, typed_code(code), now=now):
        raise CodeInvalid(fields={"code": str(CodeInvalid.message)})
    signed_in = _account_of(number, index, now=now)
    if not signed_in.user.is_active:
        raise CodeInvalid(fields={"code": str(CodeInvalid.message)})
    return signed_in


def prune_codes(*, now: dt.datetime) -> int:
    """Remove codes older than two days; returns how many."""
    removed, _by_model = PhoneCode.objects.filter(created_at__lt=now - KEEP_CODES).delete()
    return removed


def _use_code(number: str, index: str, code: str, *, now: dt.datetime) -> bool:
    """Compare with the newest live code; count the attempt first, so that parallel guesses all count."""
    row = (
        PhoneCode.objects.filter(phone_hash=index, used_at__isnull=True, expires_at__gt=now)
        .order_by("-created_at")
        .first()
    )
    if row is None:
        return False
    counted = PhoneCode.objects.filter(pk=row.pk, used_at__isnull=True, attempts__lt=MAX_ATTEMPTS).update(
        attempts=F("attempts") + 1
    )
    if not counted or not hmac.compare_digest(row.code_hash, _code_hash(number, code)):
        return False
    return bool(PhoneCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now))


def ensure_account(*, phone: str, now: dt.datetime) -> User:
    """The account of a number, made with a family of its own if there is none (demo data; people show a code)."""
    number = parse_phone(phone)
    return _account_of(number, phone_index(number), now=now).user


def _account_of(number: str, index: str, *, now: dt.datetime) -> SignedIn:
    user = user_with_phone(number)
    if user is not None:
        return SignedIn(user, is_new=False)
    try:
        with transaction.atomic():
            user = User(username=f"p-{new_public_id()}", phone=number, phone_hash=index)
            user.set_unusable_password()
            user.save()
            ensure_family(user=user, now=now)
    except IntegrityError:
        # Two right codes at once: the other request made the account.
        user = User.objects.get(phone_hash=index)
        return SignedIn(user, is_new=False)
    return SignedIn(user, is_new=True)


def _code_hash(number: str, code: str) -> str:
    return blind_index(f"{number}:{code}", purpose="sign_in.code")


def _count_request(index: str, origin: Origin, *, now: dt.datetime) -> None:
    limits = [(PER_ADDRESS, origin.address), *((limit, index) for limit in PER_NUMBER)]
    if origin.device:
        limits.insert(0, (PER_DEVICE, origin.device))
    _count_all(limits, TooManyCodes, now=now)


def _count_check(index: str, origin: Origin, *, now: dt.datetime) -> None:
    limits = [(CHECKS_PER_ADDRESS, origin.address), (CHECKS_PER_NUMBER, index)]
    if origin.device:
        limits.insert(0, (CHECKS_PER_DEVICE, origin.device))
    _count_all(limits, TooManyTries, now=now)


def _count_all(limits: list[tuple[Limit, str]], refusal: type[TooManyCodes], *, now: dt.datetime) -> None:
    for limit, who in limits:
        try:
            count_hit(limit, who=who, now=now)
        except LimitReached as reached:
            raise refusal(retry_after=reached.seconds, now=now) from None
