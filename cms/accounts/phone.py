"""Mobile numbers of mainland China: how they are typed, stored and shown."""

from __future__ import annotations

import re

from django.apps import apps

from cms.core.security.crypto import blind_index
from cms.core.text import compact

MOBILE = re.compile(r"1[3-9]\d{9}")
DEMO_NUMBER = re.compile(r"100\d{8}")
#: People copy numbers with dashes, dots and brackets in them.
FILLING = re.compile(r"[-.·()‐-―−]+")
COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
HASH_PURPOSE = "user.phone"


class BadPhone(ValueError):
    """Not a mobile number this site can use."""


def normalise_phone(text: str) -> str:
    """Eleven digits from what was typed or pasted (+86, blanks, dashes, full-width digits, marks nobody sees).

    Raises ``BadPhone``. Demo numbers (``100xxxxxxxx``) are numbers only where ``cms.demo`` is installed.
    """
    digits = COUNTRY.sub("", FILLING.sub("", compact(text)))
    if not digits.isascii():
        raise BadPhone
    if MOBILE.fullmatch(digits) or (is_demo_number(digits) and apps.is_installed("cms.demo")):
        return digits
    raise BadPhone


def is_demo_number(phone: str) -> bool:
    """Whether no carrier gives out such a number: nothing is ever sent to it."""
    return DEMO_NUMBER.fullmatch(phone) is not None


def phone_index(phone: str) -> str:
    """The blind index of a normalised number (``User.phone_hash``)."""
    return blind_index(phone, purpose=HASH_PURPOSE)


def mask_phone(phone: str) -> str:
    """138****5678: enough to know one's own number by."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else ""
