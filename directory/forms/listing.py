"""What a visitor asks of the list: read from the address, checked kindly, never refused as a whole."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.core.forms import SiteForm
from directory.class_kinds import END_MONTH, FIRST_MONTH, CareMode
from directory.search.engine import SORTS
from directory.search.text import MAX_QUERY_CHARS

NAMES = {"starts": "from", "ends": "to"}
OLDEST_MONTHS = 72
DAYS_AHEAD = 60
MAX_RADIUS_KM = 50
MAX_PAGE = 2500
TOWNSHIP_CODE = re.compile(r"\d{9}")
POSITION = re.compile(r"(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?)")
SHOW_ALL = "all"
# A rough box around the country: a position outside it is a slip of the hand.
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)


@dataclass(frozen=True, slots=True)
class Near:
    """Where to measure from: a township's code, or a position."""

    code: str = ""
    position: tuple[float, float] | None = None


def read_near(value: str) -> Near | None:
    """``lat,lng`` or a township code; None if it is neither, or lies outside the country."""
    if TOWNSHIP_CODE.fullmatch(value):
        return Near(code=value)
    match = POSITION.fullmatch(value)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        return None
    return Near(position=(latitude, longitude))


class NearField(forms.CharField):
    """``lat,lng`` or a township code."""

    def to_python(self, value: Any) -> Any:
        """A :class:`Near`, or None for nothing."""
        text = str(super().to_python(value) or "").replace("，", ",").replace(" ", "")
        if not text:
            return None
        near = read_near(text)
        if near is None:
            raise ValidationError(_("没认出「在哪附近」的位置，请从列表里选一个街道。"))
        return near


class QuestionForm(SiteForm):
    """The parameters of ``/institutions/``. What can't be read is told and left out; the rest is answered."""

    district = forms.CharField(required=False, max_length=40)
    q = forms.CharField(required=False)
    street = forms.RegexField(TOWNSHIP_CODE.pattern + r"\Z", required=False)
    mode = forms.ChoiceField(required=False, choices=CareMode.choices)
    age = forms.IntegerField(required=False, min_value=0, max_value=OLDEST_MONTHS)
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    starts = forms.TimeField(required=False, input_formats=["%H:%M"])
    ends = forms.TimeField(required=False, input_formats=["%H:%M"])
    near = NearField(required=False)
    radius = forms.FloatField(required=False, min_value=0.1, max_value=MAX_RADIUS_KM)
    inclusive = forms.BooleanField(required=False)
    demonstration = forms.BooleanField(required=False)
    sort = forms.ChoiceField(required=False, choices=[(sort, sort) for sort in SORTS])
    page = forms.IntegerField(required=False, min_value=1, max_value=MAX_PAGE)

    MESSAGES = {
        "street": _("没有这个街道，下面是全区的机构。"),
        "mode": _("没有这种托育方式，下面是各种方式的机构。"),
        "age": _("没认出宝宝的月龄，请填 6 到 35 之间的数，例如 17。"),
        "date": _("没认出日期，请选今天起 60 天内的一天。"),
        "starts": _("没认出来的时间，例如 14:00。"),
        "ends": _("没认出走的时间，例如 17:00。"),
        "radius": _("没认出距离，请填 0.1 到 50 公里。"),
    }
    # What a stray value in the address can't mean to a person is left out without a word.
    SILENT = ("district", "sort", "page", "q", "inclusive", "demonstration")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def add_prefix(self, field_name: str) -> str:
        """The public names: from, to."""
        return NAMES.get(field_name, field_name)

    def clean_q(self) -> str:
        """Long questions are cut, not refused; a NUL can't be searched for."""
        return str(self.cleaned_data["q"]).strip()[:MAX_QUERY_CHARS]

    def clean_date(self) -> dt.date | None:
        """From today on."""
        day: dt.date | None = self.cleaned_data["date"]
        if day is not None and day < self.today:
            raise ValidationError(_("这一天已经过去，请选今天或以后的日子。"), code="past")
        if day is not None and (day - self.today).days > DAYS_AHEAD:
            raise ValidationError(_("这一天还太远，请选今天起 60 天内的一天。"), code="far")
        return day

    def clean(self) -> dict[str, Any]:
        """A span of time needs both ends, in order."""
        data: dict[str, Any] = self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", ValidationError(_("走的时间要晚于来的时间。"), code="order"))
            data.pop("starts", None)
        age = data.get("age")
        if age is not None and not FIRST_MONTH <= age < END_MONTH:
            self.add_error("age", ValidationError(_("托育机构照看 6 个月到 3 岁的宝宝。"), code="outside"))
        return data

    def answers(self) -> dict[str, Any]:
        """What could be read; everything else is as if it had not been said."""
        self.full_clean()
        return {name: self.cleaned_data.get(name) for name in self.fields}

    def complaints(self) -> list[str]:
        """One sentence for each thing that could not be read."""
        found = []
        for name, errors in self.errors.get_json_data().items():
            if name in self.SILENT:
                continue
            for error in errors:
                own = name == "near" or error["code"] in ("past", "far", "order", "outside")
                found.append(error["message"] if own else str(self.MESSAGES[name]))
        return found
