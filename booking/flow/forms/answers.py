"""What a parent has answered so far. It lives in the address, so Back, a copied link and a new sign-in all keep it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from cms.core.display.asked_clock import AskedClockField
from directory.districts.class_kinds import CareMode

#: Names in the address where they differ from the names here (``from`` is a word of Python).
NAMES = {"starts": "from", "ends": "to"}
#: As the question of the list says it, only carried along: completed months, or a birth month.
AGE = re.compile(r"\A(?:\d{1,2}|\d{4}-\d{2})\Z", re.ASCII)
#: A date of any other year is a slip; the furthest ones would not fit the clock.
YEARS = range(2000, 2100)


class AnswersForm(forms.Form):
    """Reads the query of the flow; a part that makes no sense is left out rather than refused."""

    child = forms.SlugField(required=False, max_length=12)
    mode = forms.ChoiceField(required=False, choices=CareMode.choices)
    product = forms.SlugField(required=False, max_length=12)
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    starts = AskedClockField(required=False)
    ends = AskedClockField(required=False)
    age = forms.RegexField(AGE, required=False)
    replaces = forms.SlugField(required=False, max_length=12)

    def clean_date(self) -> dt.date | None:
        """A day that can be meant."""
        day: dt.date | None = self.cleaned_data["date"]
        return day if day is None or day.year in YEARS else None

    def add_prefix(self, field_name: str) -> str:
        """The public names: from, to."""
        return NAMES.get(field_name, field_name)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of the flow. ``replaces`` is the held booking that a change gives back."""

    child: str = ""
    mode: str = ""
    product: str = ""
    date: dt.date | None = None
    starts: dt.time | None = None
    ends: dt.time | None = None
    age: str = ""
    replaces: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Answers:
        """The usable answers of a query string."""
        form = AnswersForm(query)
        form.is_valid()
        return cls(**{name: value for name, value in form.cleaned_data.items() if value not in (None, "")})

    @property
    def span(self) -> tuple[dt.time, dt.time] | None:
        """From and to, where both are known and in order."""
        if self.starts is None or self.ends is None or self.starts >= self.ends:
            return None
        return self.starts, self.ends

    def but(self, **changes: Any) -> Answers:
        """The same with other answers."""
        return replace(self, **changes)

    def query(self) -> str:
        """The query string that :meth:`read` reads back, with its question mark; empty without answers."""
        pairs = [(NAMES.get(name, name), _written(value)) for name, value in asdict(self).items() if _is_known(value)]
        return f"?{urlencode(pairs)}" if pairs else ""


def _is_known(value: Any) -> bool:
    return value is not None and value != ""


def _written(value: Any) -> str:
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, dt.date) else str(value)
