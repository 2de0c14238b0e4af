"""What a visitor asks of the list: read from the address, with errors reported, never refused as a whole."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.core.display.asked_clock import AskedClockField
from cms.core.display.forms import SiteForm, share_fields
from directory.districts.class_kinds import END_MONTH, FIRST_MONTH, CareMode
from directory.districts.queries.districts import DistrictInfo, Street, streets_by_code
from directory.search.engine import SORTS
from directory.search.near import TOWNSHIP_CODE, Near, read_near
from directory.search.text import MAX_QUERY_CHARS
from directory.site.forms.age import AgeField
from directory.site.forms.need import make_need
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import ListQuestion

NAMES = {"starts": "from", "ends": "to"}
DAYS_AHEAD = 60
MAX_RADIUS_KM = 50
MAX_PAGE = 2500
SHOW_ALL = "all"
FLAG = re.compile(r"1|true|on|yes", re.IGNORECASE)


class FlagField(forms.CharField):
    """On for 1, true, on, yes; anything else is off."""

    def to_python(self, value: Any) -> Any:
        """As a truth value."""
        return bool(FLAG.fullmatch(str(value or "").strip()))


class NearField(forms.CharField):
    """``lat,lng`` or a township code, as a ``Near``."""

    def to_python(self, value: Any) -> Any:
        """None for nothing."""
        text = str(super().to_python(value) or "")
        if not text:
            return None
        near = read_near(text)
        if near is None:
            raise ValidationError(_("没认出「在哪附近」的位置，请从列表里选一个街道。"))
        return near


@share_fields
class QuestionForm(SiteForm):
    """The parameters of ``/institutions/``. What can't be read is reported and left out; the rest is answered."""

    district = forms.CharField(required=False, max_length=40)
    q = forms.CharField(required=False)
    street = forms.RegexField(rf"\A{TOWNSHIP_CODE.pattern}\Z", required=False)
    mode = forms.ChoiceField(required=False, choices=CareMode.choices)
    age = AgeField(required=False)
    child = forms.CharField(required=False)
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    starts = AskedClockField(required=False)
    ends = AskedClockField(required=False)
    near = NearField(required=False)
    radius = forms.FloatField(required=False, min_value=0.1, max_value=MAX_RADIUS_KM)
    inclusive = FlagField(required=False)
    demonstration = FlagField(required=False)
    sort = forms.ChoiceField(required=False, choices=[(sort, sort) for sort in SORTS])
    page = forms.IntegerField(required=False, min_value=1, max_value=MAX_PAGE)
    show = forms.ChoiceField(required=False, choices=[(SHOW_ALL, SHOW_ALL)])
    edit = FlagField(required=False)

    MESSAGES = {
        "street": _("没有这个街道，下面是全区的机构。"),
        "mode": _("没有这种托育方式，下面是各种方式的机构。"),
        "age": _("没认出宝宝的月龄，请选一个月龄，或者出生的年月。"),
        "date": _("没认出日期，请选今天起 60 天内的一天。"),
        "starts": _("没认出来的时间，例如 14:00。"),
        "ends": _("没认出走的时间，例如 17:00。"),
        "radius": _("没认出距离，请填 0.1 到 50 公里。"),
    }
    # What a stray value in the address can't mean to a person is left out without a word.
    SILENT = ("district", "child", "sort", "page", "q", "inclusive", "demonstration", "show", "edit")

    #: Errors with a message of their own; all others of a field share the one in ``MESSAGES``.
    OWN_CODES = ("past", "far", "outside", "elsewhere", "unplaced")
    #: Errors that leave no question to answer: they stand in its form, open again, with everything as it was chosen.
    IN_THE_FORM = ("order", "unsaid")

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        districts: Mapping[str, DistrictInfo],
        listed: DistrictInfo | None,
        children: Sequence[AskedChild] = (),
        **kwargs: Any,
    ) -> None:
        """``listed`` is the district whose page it is: the one of the address, else the visitor's.

        ``children`` are those of a signed-in visitor.
        """
        super().__init__(*args, **kwargs)
        self.today = today
        self.districts = districts
        self.listed = listed
        self.children = children
        self.need = CareNeed()

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
        """What makes sense only together: a span in order, an age that is looked after, streets of the districts."""
        data: dict[str, Any] = self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        self.need = make_need(data, today=self.today, children=self.children)
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", ValidationError(_("走的时间要晚于来的时间。"), code="order"))
        self._check_age(data.get("age"))
        if data.get("street") and not self._is_of_the_district(data["street"]):
            self.add_error("street", ValidationError(_("这个区里没有这个街道，下面是全区的机构。"), code="elsewhere"))
        near: Near | None = data.get("near")
        if near is not None and near.code and self._street_with_centre(near) is None:
            words = _("还不知道这个街道的中心在哪里，下面没有按距离排。")
            self.add_error("near", ValidationError(words, code="unplaced"))
        return data

    def _check_age(self, said: Any) -> None:
        """An age that is looked after; none at all only where nobody asked for one."""
        age = self.need.age_months
        if isinstance(said, (int, dt.date)) and (age is None or not FIRST_MONTH <= age < END_MONTH):
            self.add_error("age", ValidationError(_("托育机构照看 6 个月到 3 岁的宝宝。"), code="outside"))
            self.need = dataclasses.replace(self.need, age_months=None, birth_month=None)
        elif (said is None and not self.has_error("age") and self.data.get("age") == "") or self._is_stranger(said):
            self.add_error("age", ValidationError(_("请选宝宝多大。"), code="unsaid"))

    def _is_stranger(self, said: Any) -> bool:
        """Whether the age was given by a child that the visitor does not have: a link shared from another phone."""
        return isinstance(said, str) and self.need.child is None and self.need.age_months is None

    def question(self) -> ListQuestion:
        """What could be read; everything else is as if it had not been asked."""
        self.full_clean()
        data = {name: self.cleaned_data.get(name) for name in self.fields}
        near: Near | None = data["near"]
        problems = self._problems()
        return ListQuestion(
            district=self.listed,
            chose_district=data["district"] in self.districts,
            need=self.need,
            q=data["q"] or "",
            street=data["street"] or "",
            mode=data["mode"] or "",
            near=near,
            near_street=self._street_with_centre(near) if near is not None else None,
            radius=data["radius"] if near is not None else None,
            inclusive=bool(data["inclusive"]),
            demonstration=bool(data["demonstration"]),
            sort=data["sort"] or "",
            page=data["page"] or 1,
            show_all=bool(data["show"]),
            editing=bool(data["edit"]) or bool(problems),
            problems=problems,
        )

    @property
    def names_child(self) -> bool:
        """Whether the age was given by a child of the visitor: an address that only they can read."""
        return isinstance(self.cleaned_data.get("age"), str) and self.need.child is not None

    def complaints(self) -> list[str]:
        """One sentence for each thing that could not be read, but for what stands in the form."""
        found = []
        for name, errors in self.errors.get_json_data().items():
            if name in self.SILENT:
                continue
            for error in errors:
                if error["code"] in self.IN_THE_FORM:
                    continue
                own = name == "near" or error["code"] in self.OWN_CODES
                found.append(error["message"] if own else str(self.MESSAGES[name]))
        return found

    def _problems(self) -> dict[str, str]:
        """Field → what keeps the question from being answered."""
        return {
            name: error["message"]
            for name, errors in self.errors.get_json_data().items()
            for error in errors
            if error["code"] in self.IN_THE_FORM
        }

    def _is_of_the_district(self, code: str) -> bool:
        return self.listed is not None and any(street.code == code for street in self.listed.streets)

    def _street_with_centre(self, near: Near) -> Street | None:
        street = streets_by_code(self.districts).get(near.code) if near.code else None
        return street if street is not None and street.centre is not None else None
