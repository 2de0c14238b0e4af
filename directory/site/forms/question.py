"""What a visitor brings from the list to an institution's page: age, day and time, or a class to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from cms.core.calendar.times import minutes_of
from cms.core.display.asked_clock import AskedClockField
from cms.core.display.forms import share_fields
from directory.districts.class_kinds import ClassKind
from directory.site.forms.listing import OLDEST_MONTHS

# The week after the calendar's last days is none.
LAST_DAY = dt.date(2199, 12, 31)
NAMES = {"kind": "class", "starts": "from", "ends": "to"}


@share_fields
class PageQuestion(forms.Form):
    """Reads the address; a part that makes no sense is left out rather than refused."""

    age = forms.IntegerField(required=False, min_value=0, max_value=OLDEST_MONTHS)
    kind = forms.ChoiceField(required=False, choices=ClassKind.choices)
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"], validators=[MaxValueValidator(LAST_DAY)])
    starts = AskedClockField(required=False)
    ends = AskedClockField(required=False)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> PageQuestion:
        """The question of a query string."""
        question = cls(data)
        question.full_clean()
        return question

    def add_prefix(self, field_name: str) -> str:
        """The public names: class, from, to."""
        return NAMES.get(field_name, field_name)

    def value(self, name: str) -> Any:
        """What was said, None if nothing that could be read."""
        said = self.cleaned_data.get(name)
        return None if said == "" else said

    @property
    def mine(self) -> tuple[dt.date, int, int] | None:
        """The asked day with its minutes, half-open."""
        day, starts, ends = (self.cleaned_data.get(name) for name in ("date", "starts", "ends"))
        if day is None or starts is None or ends is None or ends <= starts:
            return None
        return day, minutes_of(starts), minutes_of(ends)

    @property
    def kept(self) -> dict[str, str]:
        """The answers worth carrying on, under their public names."""
        said = {self.add_prefix(name): self.cleaned_data.get(name) for name in ("age", "date", "starts", "ends")}
        return {name: _written(value) for name, value in said.items() if value is not None}


def _written(value: Any) -> str:
    return value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)
