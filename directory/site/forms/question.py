"""What a visitor brings from the list to an institution's page: age, day and time, or a class to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from cms.core.display.asked_clock import AskedClockField
from cms.core.display.forms import share_fields
from directory.districts.class_kinds import ClassKind
from directory.site.forms.age import AgeField
from directory.site.forms.need import make_need
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed

# The week after the calendar's last days is none.
LAST_DAY = dt.date(2199, 12, 31)
NAMES = {"kind": "class", "starts": "from", "ends": "to"}


@share_fields
class PageQuestion(forms.Form):
    """Reads the address; a part that makes no sense is left out rather than refused."""

    age = AgeField(required=False)
    child = forms.CharField(required=False)
    kind = forms.ChoiceField(required=False, choices=ClassKind.choices)
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"], validators=[MaxValueValidator(LAST_DAY)])
    starts = AskedClockField(required=False)
    ends = AskedClockField(required=False)

    @classmethod
    def read(cls, data: Mapping[str, Any], *, today: dt.date, children: Sequence[AskedChild] = ()) -> PageQuestion:
        """The question of a query string; ``children`` are those of the visitor."""
        question = cls(data)
        question.full_clean()
        said = question.cleaned_data
        if said.get("date") is not None and said["date"] < today:
            said["date"], question.is_past = None, True
        question.need = make_need(question.cleaned_data, today=today, children=children)
        return question

    #: Who and when.
    need: CareNeed = CareNeed()
    #: A day was asked about that is over: as if none had been.
    is_past = False

    def add_prefix(self, field_name: str) -> str:
        """The public names: class, from, to."""
        return NAMES.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        """A time that ends before it begins is none."""
        data: dict[str, Any] = self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts is not None and ends is not None and ends <= starts:
            data["starts"] = data["ends"] = None
        return data

    @property
    def class_kind(self) -> str | None:
        """The class to look at, whatever the age."""
        return self.cleaned_data.get("kind") or None
