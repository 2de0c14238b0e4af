"""Holidays and make-up days in the admin: one by one, or a whole notice at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from cms.core.calendar import services as calendar
from cms.core.errors import Refused
from cms.core.models import CalendarDay
from directory.districts.forms.districts import CalendarDayForm
from directory.districts.forms.notice import NoticeForm
from directory.districts.viewsets.acts import Act
from directory.districts.viewsets.listing import ScopedIndexView
from directory.districts.viewsets.scoped import DistrictViewSet

NOTICE_TITLE = _("按通知批量录入")


def _remove_day(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    calendar.remove_day(day=instance, actor=actor)


class CalendarIndexView(ScopedIndexView):
    """The entered days, and the way to enter a whole notice."""

    notice_url_name = ""

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons: list[Any] = super().header_buttons
        if self.add_url:
            url = reverse(self.notice_url_name)
            buttons.append(HeaderButton(NOTICE_TITLE, url=url, icon_name="calendar-check"))
        return buttons


@method_decorator(never_cache, name="dispatch")
class NoticeView(WagtailAdminTemplateMixin, FormView):
    """Reads a notice, shows the days it has read, and enters them once they are confirmed."""

    model: Any = None
    form_class = NoticeForm
    index_url_name = ""
    header_icon = "calendar-alt"
    page_title = NOTICE_TITLE
    template_name = "districts/admin/notice.html"
    compared: list[calendar.ComparedDay] | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perms(["core.add_calendarday", "core.change_calendarday"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.page_title, "sublabel": ""}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        label = gettext("确认录入") if self.compared else gettext("下一步：核对日期")
        return context | {
            "action_url": self.request.path,
            "submit_button_label": label,
            "submit_button_active_label": label,
            "compared": self.compared,
            "has_unsaved_changes": False,
            "media": context["form"].media,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        if form.cleaned_data["confirmed"] != form.digest:
            return self._show(form)
        source, days = form.cleaned_data["source"], form.notice.days
        try:
            actor: Any = self.request.user
            count = calendar.save_days(days=days, source=source, actor=actor)
        except Refused as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        messages.success(self.request, ngettext("录入了 %d 天。", "录入了 %d 天。", count) % count)
        return HttpResponseRedirect(reverse(self.index_url_name))

    def _show(self, form: Any) -> HttpResponse:
        self.compared = calendar.compare_days(form.notice.days)
        form.data = form.data.copy()
        form.data["confirmed"] = form.digest
        return self.render_to_response(self.get_context_data(form=form))


class CalendarDayViewSet(DistrictViewSet):
    """Holidays and make-up days: working-day deadlines are counted by them."""

    model = CalendarDay
    name = "calendar-days"
    icon = "calendar-alt"
    menu_label = _("放假与调休")
    menu_order = 130
    index_view_class = CalendarIndexView
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

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(notice_url_name=self.get_url_name("notice"), **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("notice/", self.construct_view(NoticeView), name="notice")]
