"""Class sessions in the Wagtail admin: drafts, preview, publishing; each district its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from cms.core.display import wording
from directory.districts.models import Township
from directory.register.models import Institution
from directory.register.queries.people import districts_of
from parenting.classes.models import ClassSession
from parenting.classes.queries.staff import sessions_of_staff

View = Callable[..., HttpResponse]


class ClassSessionForm(WagtailAdminModelForm):
    """Offers the person's own districts, and says in words what the constraints would refuse."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is None or "district" not in self.fields:
            return
        districts = districts_of(self.for_user)
        self._choices("district").queryset = districts
        self._choices("township").queryset = Township.objects.filter(district__in=districts).order_by("code")
        hosts = Institution.objects.filter(district__in=districts, is_public=True)
        self._choices("host").queryset = hosts.order_by("-is_demonstration", "name")
        if len(districts) == 1:
            self.fields["district"].initial = districts[0]

    def _choices(self, name: str) -> forms.ModelChoiceField:
        return cast("forms.ModelChoiceField", self.fields[name])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        self._check_order(data, "starts_at", "ends_at", _now("结束要晚于开始。"))
        self._check_order(data, "signup_opens_at", "signup_closes_at", _now("报名截止要晚于报名开始。"))
        self._check_order(data, "age_from", "age_to", _now("月龄到要大于月龄从。"))
        closes, starts = data.get("signup_closes_at"), data.get("starts_at")
        if closes and starts and closes > starts:
            self.add_error("signup_closes_at", _now("报名要在课堂开始前截止。"))
        if data.get("capacity") == 0:
            self.add_error("capacity", _now("请填至少 1 个名额。"))
        township, district = data.get("township"), data.get("district")
        if township and district and township.district_id != district.pk:
            self.add_error("township", _now("请选这个区的街道或镇。"))
        return data

    def _check_order(self, data: dict[str, Any], first: str, second: str, words: str) -> None:
        if data.get(first) is not None and data.get(second) is not None and data[first] >= data[second]:
            self.add_error(second, words)


class ClassSessionIndexView(IndexView):
    """The list, with the way to the attendance list of each session."""

    def get_list_more_buttons(self, instance: ClassSession) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if instance.live:
            url = reverse("parenting_attendance", args=[instance.public_id])
            buttons.append(MenuItem(_now("签到名单"), url=url, icon_name="list-ul", priority=40))
            url = reverse("parenting_cancel", args=[instance.public_id])
            buttons.append(MenuItem(_now("取消这场"), url=url, icon_name="cross", priority=60))
        return buttons


def guard(view: View) -> View:
    """404 for a session of another district."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = kwargs.get("pk", args[0] if args else None)
        if pk is not None and not sessions_of_staff(request.user).filter(pk=unquote(str(pk))).exists():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def signed_up(session: ClassSession) -> str:
    """「7 / 20」"""
    places = getattr(session, "places", None)
    return f"{places.cell.taken} / {places.cell.target}" if places else "—"


def starts(session: ClassSession) -> str:
    """「11月26日 周四 10:00」; Wagtail's own column would call a day to come 「刚刚」."""
    return f"{wording.day(session.starts_at)} {wording.clock(session.starts_at)}"


class ClassSessionViewSet(SnippetViewSet):
    """Class sessions."""

    model = ClassSession
    icon = "calendar-alt"
    menu_label = _("课堂")
    menu_name = "classes"
    menu_order = 120
    add_to_admin_menu = True
    copy_view_enabled = True
    index_view_class = ClassSessionIndexView
    list_display = (
        "title",
        Column("get_kind_display", label=_("类别")),
        Column(starts, label=_("开始"), sort_key="starts_at"),
        Column("venue", label=_("地点")),
        Column(signed_up, label=_("已报名")),
    )
    list_filter = ("district", "kind", "live")
    search_backend_name = None
    search_fields = ("title", "venue")
    ordering = ("-starts_at", "pk")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClassSession]:
        return sessions_of_staff(request.user).select_related("places__cell", "latest_revision")

    def get_edit_handler(self) -> Any:
        return ObjectList(ClassSession.panels, base_form_class=ClassSessionForm).bind_to_model(ClassSession)

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return guard(super().construct_view(view_class, **kwargs))
