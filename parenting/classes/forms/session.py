"""The session as staff write it in the Wagtail admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from cms.core.calendar.times import local_date, now
from cms.core.display.forms import name_what_is_too_long
from cms.core.display.wording import moment
from directory.districts.enums import OFFICE_CHOICES
from directory.districts.models import District, Township
from directory.districts.queries.offices import posting_offices
from directory.districts.queries.people import districts_of
from directory.register.forms.choosers import InstitutionChooser
from directory.register.models import Institution
from parenting.classes.models import OLDEST_MONTHS
from parenting.classes.queries.impact import Plan, impact_of_moving, mark_of_moving, move_by_publishing
from parenting.classes.queries.staff import places_of

MOMENTS = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at")
YEARS = range(2020, 2100)
MOST_PLACES = 1_000


class ClassSessionForm(WagtailAdminModelForm):
    """Offers the person's own districts, and says in words what the constraints would refuse."""

    data: Any
    #: The mark of the families that the person saw counted before publishing a new time or place.
    question = ""
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            name_what_is_too_long(field)
        if self.for_user is None or "district" not in self.fields:
            return
        districts = districts_of(self.for_user)
        self._choices("district").queryset = districts
        self._choices("township").queryset = Township.objects.filter(district__in=districts).order_by("code")
        hosts = Institution.objects.filter(district__in=districts, is_public=True)
        host = self._choices("host")
        host.widget = InstitutionChooser()
        host.queryset = hosts
        host.error_messages["invalid_choice"] = _("请选本区已公开的机构。")
        if len(districts) == 1:
            self.fields["district"].initial = districts[0]
        self._offer_departments(districts)

    def _offer_departments(self, districts: Iterable[District]) -> None:
        """Those of the person's offices that may post classes today, and the one that the session has already."""
        today = local_date(now())
        self.posting = {
            district.pk: [office.department for office in posting_offices(self.for_user, district, day=today)]
            for district in districts
        }
        offered = {department for found in self.posting.values() for department in found} | {self.instance.department}
        choices = [choice for choice in OFFICE_CHOICES if choice[0] in offered]
        field = cast("forms.ChoiceField", self.fields["department"])
        field.choices = choices if len(choices) == 1 else [("", "---------"), *choices]
        if len(choices) == 1:
            self.fields["department"].initial = choices[0][0]
            self._name_organiser(districts, str(choices[0][1]))

    def _name_organiser(self, districts: Iterable[District], department: str) -> None:
        names = [district.name for district in districts]
        if len(names) == 1:
            self.fields["organiser"].initial = f"{names[0]}{department}"

    def _choices(self, name: str) -> forms.ModelChoiceField:
        return cast("forms.ModelChoiceField", self.fields[name])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        self._check_years(data)
        self._check_order(data, "starts_at", "ends_at", _("结束要晚于开始。"))
        self._check_order(data, "signup_opens_at", "signup_closes_at", _("报名截止要晚于报名开始。"))
        self._check_order(data, "age_from", "age_to", _("月龄到要大于月龄从。"))
        if (data.get("age_to") or 0) > OLDEST_MONTHS:
            self.add_error("age_to", _("月龄到最多填 %(months)s。") % {"months": OLDEST_MONTHS})
        closes, starts = data.get("signup_closes_at"), data.get("starts_at")
        if closes and starts and closes > starts:
            self.add_error("signup_closes_at", _("报名要在课堂开始前截止。"))
        capacity = data.get("capacity")
        if capacity is not None and not 1 <= capacity <= MOST_PLACES:
            self.add_error("capacity", _("请填 1 到 %(most)s 个名额。") % {"most": MOST_PLACES})
        township, district = data.get("township"), data.get("district")
        if township and district and township.district_id != district.pk:
            self.add_error("township", _("请选这个区的街道或镇。"))
        self._check_taken(capacity)
        self._check_department(data)
        self._check_not_over(data)
        if not self.errors and "action-publish" in self.data:
            self._ask_before_moving(data)
        return data

    def _ask_before_moving(self, data: dict[str, Any]) -> None:
        """A new time or place is told to everybody who has signed up: whoever publishes it is asked first. Publishing
        at a later hour is not offered: nobody could be asked then.
        """
        plan = Plan(data["starts_at"], data["ends_at"], data["venue"], data["address"])
        move = move_by_publishing(self.instance, plan, now=now())
        impact = impact_of_moving(self.instance) if move else None
        if move is None or impact is None or not impact.touched:
            return
        mark = mark_of_moving(move, impact)
        if data.get("seen") == mark:
            return
        self.data = self.data.copy()
        self.data["seen"] = mark
        words = _("%(what)s改了，会通知 %(families)d 家报了名的家庭。没有错就再点一次「发布」。")
        self.question = words % {"what": move.label, "families": impact.families}
        places = places_of(self.instance)
        if places and data["starts_at"] != places.starts_at and data["signup_closes_at"] == places.signup_closes_at:
            closes = moment(data["signup_closes_at"])
            self.question += _("报名截止没有改，还是%(closes)s。") % {"closes": closes}
        self.add_error(None, self.question)

    def _check_taken(self, capacity: int | None) -> None:
        """Places that families have are not taken back unseen; what is over already may stay as it is."""
        places = places_of(self.instance)
        if capacity is None or places is None or places.cancelled_at is not None or places.ends_at <= now():
            return
        taken = places.cell.taken
        if capacity < min(taken, places.cell.target):
            words = _("已经报出去 %(taken)s 个名额，不能再少。不想再收人，就填 %(taken)s；报了名的家庭都保留。")
            self.add_error("capacity", words % {"taken": taken})

    def _check_department(self, data: dict[str, Any]) -> None:
        """Only an office that may post classes in the district organises one; the only one needn't be named."""
        if self.for_user is None or not data.get("district"):
            return
        possible = self.posting.get(data["district"].pk, [])
        given = data.get("department") or self.instance.department
        if not given and len(possible) == 1:
            given = possible[0]
        if given not in possible and (given != self.instance.department or not self.instance.pk):
            self.add_error("department", _("请选在这个区可以发布课堂的部门。"))
        data["department"] = given

    def _check_years(self, data: dict[str, Any]) -> None:
        """A year mistyped is no year of ours; the first and the last there are can't be told in another zone."""
        for name in MOMENTS:
            given = data.get(name)
            if given is not None and given.year not in YEARS:
                self.add_error(name, _("请再看一下年份。"))

    def _check_not_over(self, data: dict[str, Any]) -> None:
        places = places_of(self.instance)
        if places is None or places.taken_down or places.ends_at > now():
            return
        if (data.get("starts_at"), data.get("ends_at")) != (places.starts_at, places.ends_at):
            self.add_error("starts_at", _("这场课堂已经结束，不能改时间。再办一场请复制一份。"))

    def _check_order(self, data: dict[str, Any], first: str, second: str, words: str) -> None:
        if data.get(first) is not None and data.get(second) is not None and data[first] >= data[second]:
            self.add_error(second, words)
