"""The offices of a district in the admin: everybody reads them, who appoints staff changes them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.core.calendar.times import local_date
from directory.districts.enums import OfficeRight
from directory.districts.forms.offices import OfficeForm
from directory.districts.models import Office
from directory.districts.queries.offices import rights_of
from directory.districts.queries.rules import rule_book
from directory.districts.services.offices import correct_office
from directory.districts.viewsets.listing import ScopedIndexView
from directory.districts.viewsets.scoped import DistrictViewSet


def rights_words(office: Office) -> str:
    """「发布课堂；管本区工作人员和部门」, or 「只查看」."""
    words = [str(OfficeRight(right).label) for right in OfficeRight.values if right in office.rights_today]  # type: ignore[attr-defined]  # the list's own
    return "；".join(words) or gettext("只查看")


class OfficeIndexView(ScopedIndexView):
    """Shows what each office may do today, the rule of its district included."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        day = local_date(timezone.now())
        offices = context["object_list"]
        books = {district: rule_book(district, day) for district in {office.district for office in offices}}
        for office in offices:
            office.rights_today = rights_of(office, books[office.district])
        return context


class OfficeViewSet(DistrictViewSet):
    """What each office may do, and its public line."""

    model = Office
    name = "offices"
    icon = "group"
    menu_label = _("部门和权限")
    menu_order = 135
    adds = False
    related = ("district",)
    index_view_class = OfficeIndexView
    list_display = (
        "__str__",
        Column("public_name", label=_("对外名称")),
        Column("duty", label=_("负责什么")),
        Column("phone", label=_("公开电话")),
        Column(rights_words, label=_("可以做的")),
    )
    list_filter = ("district", "department")
    ordering = ("district__position", "pk")

    def form_class_for(self, *, for_update: bool) -> type:
        return OfficeForm

    def save(self, *, form: Any, instance: Office | None, actor: Any, now: Any) -> Office:
        return correct_office(office=instance or form.instance, values=form.values(), now=now, actor=actor)
