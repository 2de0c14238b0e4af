"""Class sessions in the Wagtail admin: drafts, preview, publishing; each district its own."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet, UnpublishView

from cms.core.calendar.times import now
from cms.core.display import wording
from cms.core.web.staff_admin import ScopedChooserViewSet, ScopedFilterSet, ScopedViews
from cms.core.web.staff_scope import in_scope
from directory.districts.models import Township
from directory.districts.queries.people import districts_of
from directory.register.models import Institution
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.queries.signups import expected
from parenting.classes.queries.staff import places_of


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
        self._check_order(data, "starts_at", "ends_at", _("结束要晚于开始。"))
        self._check_order(data, "signup_opens_at", "signup_closes_at", _("报名截止要晚于报名开始。"))
        self._check_order(data, "age_from", "age_to", _("月龄到要大于月龄从。"))
        closes, starts = data.get("signup_closes_at"), data.get("starts_at")
        if closes and starts and closes > starts:
            self.add_error("signup_closes_at", _("报名要在课堂开始前截止。"))
        if data.get("capacity") == 0:
            self.add_error("capacity", _("请填至少 1 个名额。"))
        township, district = data.get("township"), data.get("district")
        if township and district and township.district_id != district.pk:
            self.add_error("township", _("请选这个区的街道或镇。"))
        self._check_not_over(data)
        return data

    def _check_not_over(self, data: dict[str, Any]) -> None:
        places = places_of(self.instance)
        if places is None or places.taken_down or places.ends_at > now():
            return
        if (data.get("starts_at"), data.get("ends_at")) != (places.starts_at, places.ends_at):
            self.add_error("starts_at", _("这场课堂已经结束，不能改时间。再办一场请复制一份。"))

    def _check_order(self, data: dict[str, Any], first: str, second: str, words: str) -> None:
        if data.get(first) is not None and data.get(second) is not None and data[first] >= data[second]:
            self.add_error(second, words)


class ClassSessionIndexView(IndexView):
    """The list, with the way to the attendance list of each session."""

    base_filterset_class = ScopedFilterSet

    def get_list_more_buttons(self, instance: ClassSession) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        places = places_of(instance)
        if instance.live and places is not None:
            url = reverse("parenting_attendance", args=[instance.public_id])
            buttons.append(MenuItem(_("签到名单"), url=url, icon_name="list-ul", priority=40))
            if places.cancelled_at is None and places.ends_at > now():
                url = reverse("parenting_cancel", args=[instance.public_id])
                buttons.append(MenuItem(_("取消这场"), url=url, icon_name="cross", priority=60))
        return buttons


class ClassSessionEditView(EditView):
    """Says what publishing does to a session that was taken down or cancelled before."""

    def publish_action(self) -> Any:
        self.before = places_of(self.object)
        return super().publish_action()

    def get_success_message(self, instance: ClassSession | None = None) -> str:
        message: str = super().get_success_message(instance)
        before: SessionPlaces | None = getattr(self, "before", None)
        if before is None or before.cancelled_at is None:
            return message
        if before.taken_down:
            return _("这场课堂重新开放报名。撤下时取消的报名不会恢复，请那些家庭重新报名。")
        return _("文字已更新。这场课堂已经取消，不会再开放报名。")


class ClassSessionUnpublishView(UnpublishView):
    """Says before and after how many families lose their place."""

    template_name = "parenting/admin/unpublish.html"

    def families(self) -> int:
        """How many families will be told."""
        places = places_of(self.object)
        if places is None or places.cancelled_at is not None or places.ends_at <= now():
            return 0
        return expected(self.object).count()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.told = self.families()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_success_message(self) -> str:
        if not self.told:
            return _("已撤下「%(title)s」。") % {"title": self.object}
        words = {"title": self.object, "count": self.told}
        return _("已撤下「%(title)s」，取消了 %(count)s 家的报名，正在通知他们。") % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"families": self.families()}


def signed_up(session: ClassSession) -> str:
    """「7 / 20」"""
    places = places_of(session)
    return f"{places.cell.taken} / {places.cell.target}" if places else "—"


def starts(session: ClassSession) -> str:
    """「11月26日 周四 10:00」, the draft's time until it is published; Wagtail's own column would call a day to come
    「刚刚」.
    """
    moment = (places_of(session) or session).starts_at
    return f"{wording.day(moment)} {wording.clock(moment)}"


class ClassSessionViewSet(ScopedViews, SnippetViewSet):
    """Class sessions."""

    model = ClassSession
    icon = "calendar-alt"
    menu_label = gettext_lazy("课堂")
    menu_name = "classes"
    menu_order = 120
    add_to_admin_menu = True
    copy_view_enabled = True
    chooser_viewset_class = ScopedChooserViewSet
    index_view_class = ClassSessionIndexView
    edit_view_class = ClassSessionEditView
    unpublish_view_class = ClassSessionUnpublishView
    list_display = (
        "title",
        Column("get_kind_display", label=gettext_lazy("类别")),
        Column(starts, label=gettext_lazy("开始"), sort_key="starts_at"),
        Column("venue", label=gettext_lazy("地点")),
        Column(signed_up, label=gettext_lazy("已报名")),
    )
    list_filter = ("district", "kind", "live")
    search_backend_name = None
    search_fields = ("title", "venue")
    ordering = ("-starts_at", "pk")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClassSession]:
        return in_scope(ClassSession.objects.all(), request.user).select_related("places__cell", "latest_revision")

    def get_edit_handler(self) -> Any:
        return ObjectList(ClassSession.panels, base_form_class=ClassSessionForm).bind_to_model(ClassSession)
