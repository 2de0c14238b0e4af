"""How old the child is, as an address says it: months on the asked day, a month of birth, or a child of the family."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cms.core.calendar.times import age_in_months
from cms.core.security.codes import PUBLIC_ID_LENGTH
from cms.core.text import folded

OLDEST_MONTHS = 72
MONTHS = re.compile(r"\d{1,2}", re.ASCII)
BIRTH_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
PUBLIC_ID = re.compile(rf"[0-9a-z]{{{PUBLIC_ID_LENGTH}}}", re.ASCII)


class AgeField(forms.CharField):
    """Completed months (``17``), or the first day of the month of birth (``2024-12``).

    The id of a child is passed on as text: whose it is, the form knows.
    """

    def to_python(self, value: Any) -> Any:
        """A number, a date, an id, or None."""
        text = folded(str(value or "")).strip()
        if not text:
            return None
        if MONTHS.fullmatch(text) and int(text) <= OLDEST_MONTHS:
            return int(text)
        if (match := BIRTH_MONTH.fullmatch(text)) and 1 <= int(match[2]) <= 12 and int(match[1]):
            return dt.date(int(match[1]), int(match[2]), 1)
        if PUBLIC_ID.fullmatch(text):
            return text
        raise ValidationError("", code="invalid")

    def validate(self, value: Any) -> None:
        """Any value that could be read will do."""


def months_on(said: int | dt.date, day: dt.date) -> int | None:
    """The age on the day; None for a month of birth that no child in care can have."""
    months = age_in_months(said, day) if isinstance(said, dt.date) else said
    return months if 0 <= months <= OLDEST_MONTHS else None
