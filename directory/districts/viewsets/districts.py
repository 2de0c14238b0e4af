"""Districts, their figures and the calendar in the admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column

from cms.core.calendar import services as calendar
from cms.core.models import CalendarDay
from directory.districts.forms.districts import (
    CalendarDayForm,
    DistrictFactForm,
    DistrictForm,
)
from directory.districts.models import District, DistrictFact
from directory.districts.services import facts
from directory.districts.viewsets.acts import Act
from directory.districts.viewsets.scoped import DistrictViewSet


def _remove_fact(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    facts.remove_fact(fact=instance, actor=actor)


def _remove_day(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    calendar.remove_day(day=instance, actor=actor)


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
        return calendar.save_day(values=form.values(), day=instance, actor=actor)
