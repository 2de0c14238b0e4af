"""Districts, their figures, townships, calendar and staff in the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column

from cms.core.calendar import working_days
from cms.core.errors import Refused
from cms.core.models import CalendarDay
from directory.districts.models import District, DistrictFact, DistrictStaff, Township
from directory.districts.services import facts, staff
from directory.register.forms.districts import (
    CalendarDayForm,
    DistrictFactForm,
    DistrictForm,
    DistrictStaffForm,
    TownshipForm,
)
from directory.register.services import townships
from directory.register.viewsets.acts import Act, Secret
from directory.register.viewsets.scoped import DistrictViewSet, SavingCreateView


def _remove_fact(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    facts.remove_fact(fact=instance, actor=actor)


def _remove_day(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    working_days.remove_day(day=instance, actor=actor)


def _end_post(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    staff.end_post(post=instance, actor=actor)


class DistrictsViewSet(DistrictViewSet):
    """The districts themselves: plan, modes, centre."""

    model = District
    name = "districts"
    icon = "globe"
    menu_label = _("区")
    menu_order = 100
    adds = False
    list_display = (
        "name",
        Column("get_plan_state_display", label=_("实施方案状态")),
        Column("plan_title", label=_("实施方案")),
    )
    ordering = ("position", "pk")

    def form_class_for(self, *, for_update: bool) -> type:
        return DistrictForm

    def save(self, *, form: Any, instance: District | None, actor: Any, now: Any) -> District:
        return facts.correct_district(district=instance or form.instance, values=form.values(), actor=actor)


class DistrictFactViewSet(DistrictViewSet):
    """Figures and rules, each with its source."""

    model = DistrictFact
    name = "district-facts"
    icon = "list-ul"
    menu_label = _("规定与指标")
    menu_order = 110
    related = ("district",)
    list_display = (
        "label",
        Column("district", label=_("区")),
        Column("text", label=_("说明")),
        Column("source_title", label=_("出处")),
        BooleanColumn("is_draft", label=_("征求意见稿")),
    )
    list_filter = ("district", "is_draft")
    search_fields = ("label", "text", "quote")
    ordering = ("district__position", "position", "pk")
    acts = (
        Act(
            "remove",
            _("删除"),
            _("登记错了才删除；规定有变化请直接修改。"),
            "directory.delete_districtfact",
            _remove_fact,
            deletes_row=True,
        ),
    )

    def form_class_for(self, *, for_update: bool) -> type:
        return DistrictFactForm

    def save(self, *, form: Any, instance: DistrictFact | None, actor: Any, now: Any) -> DistrictFact:
        values = form.values()
        district = instance.district if instance is not None else values.pop("district")
        return facts.save_fact(district=district, values=values, fact=instance, actor=actor)


class TownshipViewSet(DistrictViewSet):
    """Streets and towns; the list itself is the statistical one."""

    model = Township
    name = "townships"
    icon = "site"
    menu_label = _("街道与镇")
    menu_order = 120
    related = ("district",)
    adds = False
    list_display = (
        "name",
        Column("district", label=_("区")),
        Column("get_kind_display", label=_("类别")),
        Column("code", label=_("代码")),
        BooleanColumn("centre_is_manual", label=_("中心由人工填写")),
    )
    list_filter = ("district", "kind")
    search_fields = ("name", "code")
    ordering = ("district__position", "code")

    def form_class_for(self, *, for_update: bool) -> type:
        return TownshipForm

    def save(self, *, form: Any, instance: Township | None, actor: Any, now: Any) -> Township:
        return townships.correct_township(
            township=instance or form.instance, values=form.values(), actor=actor, now=now
        )


class CalendarDayViewSet(DistrictViewSet):
    """Holidays and make-up days: working-day deadlines are counted by them."""

    model = CalendarDay
    name = "calendar-days"
    icon = "calendar-alt"
    menu_label = _("放假与调休")
    menu_order = 130
    list_display = (
        "date",
        Column("get_kind_display", label=_("类别")),
        Column("name", label=_("名称")),
        Column("source", label=_("依据")),
    )
    list_filter = ("kind",)
    search_fields = ("name",)
    ordering = ("-date",)
    acts = (
        Act(
            "remove",
            _("删除"),
            _("登记错了才删除。"),
            "core.delete_calendarday",
            _remove_day,
            deletes_row=True,
        ),
    )

    def form_class_for(self, *, for_update: bool) -> type:
        return CalendarDayForm

    def save(self, *, form: Any, instance: CalendarDay | None, actor: Any, now: Any) -> CalendarDay:
        return working_days.save_day(values=form.values(), day=instance, actor=actor)


class AppointView(SavingCreateView):
    """Gives a post; a new account's first password is shown once."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"for_user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        view: Any = self
        try:
            self.object, password = view.saver(form=form, instance=None, actor=self.request.user, now=timezone.now())
        except Refused as refusal:
            return self.refuse(form, refusal)
        if not password:
            self.form = form
            return self.save_action()
        secret = Secret(
            gettext("首次密码"),
            gettext("请当面或电话告诉本人。首次登录后要设第二步验证。离开本页后不再显示。"),
            password,
        )
        back = reverse(self.index_url_name)
        return render(self.request, "directory/admin/once.html", {"secret": secret, "back_url": back})


class DistrictStaffViewSet(DistrictViewSet):
    """Who works in which office."""

    model = DistrictStaff
    name = "district-staff"
    icon = "group"
    menu_label = _("区级工作人员")
    menu_order = 140
    related = ("district", "user")
    add_view_class = AppointView
    edits = False
    list_display = (
        "user",
        Column("district", label=_("区")),
        Column("get_department_display", label=_("部门")),
        Column("created_at", label=_("开始")),
    )
    list_filter = ("district", "department")
    search_fields = ("user__username",)
    ordering = ("district__position", "department", "pk")
    acts = (
        Act(
            "end",
            _("结束工作"),
            _("这位工作人员不再能进入本区后台；账号保留。"),
            "directory.delete_districtstaff",
            _end_post,
            deletes_row=True,
        ),
    )

    def form_class_for(self, *, for_update: bool) -> type:
        return DistrictStaffForm

    def save(self, *, form: Any, instance: None, actor: Any, now: Any) -> tuple[DistrictStaff, str]:
        """The post, and the first password of an account that is new."""
        return staff.appoint_staff(**form.cleaned_data, actor=actor, now=now)
