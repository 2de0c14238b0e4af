"""Districts and the calendar in the admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.core.calendar import services as calendar
from cms.core.models import CalendarDay
from directory.districts.forms.districts import CalendarDayForm, DistrictForm
from directory.districts.models import District
from directory.districts.services.districts import correct_district
from directory.districts.viewsets.acts import Act
from directory.districts.viewsets.scoped import DistrictViewSet


def _remove_day(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    calendar.remove_day(day=instance, actor=actor)


class DistrictsViewSet(DistrictViewSet):
    """The districts themselves: where they lie."""

    model = District
    name = "districts"
    icon = "globe"
    menu_label = _("区")
    menu_order = 100
    adds = False
    list_display = ("name", Column("full_name", label=_("全称")))
    ordering = ("position", "pk")

    def form_class_for(self, *, for_update: bool) -> type:
        return DistrictForm

    def save(self, *, form: Any, instance: District | None, actor: Any, now: Any) -> District:
        return correct_district(district=instance or form.instance, values=form.values(), actor=actor)


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
