"""Class sessions in the Wagtail admin: drafts, preview, publishing; each district its own."""

from __future__ import annotations

from functools import wraps
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet, UnpublishView

from booking.places.refusals import Busy
from booking.places.services.locking import retry_once_when_locked
from cms.core.calendar.times import now
from cms.core.display import wording
from cms.core.web.staff_admin import ScopedChooserViewSet, ScopedFilterSet, ScopedViews
from cms.core.web.staff_scope import View, in_scope
from parenting.classes.components.staff_lines import STRANDED
from parenting.classes.enums import SessionStatus
from parenting.classes.forms.session import ClassSessionForm
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.queries.impact import impact_of_cancelling
from parenting.classes.queries.staff import NEXT_FIRST, places_of, sessions_run_by, with_status
from parenting.classes.queries.stranded import stranded
from parenting.classes.refusals import SignedUpMeanwhile
from parenting.classes.services.publishing import publish_as_seen


class ClassSessionIndexView(IndexView):
    """The list, with the way to the attendance list of each session that the person runs."""

    def runs(self, instance: ClassSession) -> bool:
        """Whether the person may open the session."""
        if not hasattr(self, "run_by_person"):
            self.run_by_person = set(sessions_run_by(self.request.user).values_list("pk", flat=True))
        return instance.pk in self.run_by_person

    def get_edit_url(self, instance: ClassSession) -> str | None:
        url: str | None = super().get_edit_url(instance) if self.runs(instance) else None
        return url

    def get_list_more_buttons(self, instance: ClassSession) -> list[Any]:
        if not self.runs(instance):
            return []
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
        """The text and its places in one transaction; if families hold the session locked, the text stays a draft."""
        self.before = places_of(self.object)
        seen = self.request.POST.get("seen", "")
        try:
            answer, self.move, told = publish_as_seen(super().publish_action, session=self.object, seen=seen, now=now())
        except SignedUpMeanwhile as refused:
            messages.error(self.request, _("%s还没有发布，文字已存为草稿。") % refused.message)
            return redirect(self.get_edit_url())
        except Busy:
            messages.error(self.request, _("这场正有家庭在报名，还没有发布。文字已存为草稿，请过几秒再发布。"))
            return redirect(self.get_edit_url())
        self.told = told.families
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """What is only asked is not said to be an error."""
        if form.question:
            self.produced_error_message = None
            messages.warning(self.request, form.question)
        answer: HttpResponse = super().form_invalid(form)
        return answer

    def get_success_message(self, instance: ClassSession | None = None) -> str:
        message: str = super().get_success_message(instance)
        before: SessionPlaces | None = getattr(self, "before", None)
        if before is None or before.cancelled_at is None:
            return f"{message} {self._said()}" if getattr(self, "told", 0) else message
        if before.taken_down:
            return _("这场课堂重新开放报名。撤下时取消的报名不会恢复，请那些家庭重新报名。")
        return _("文字已更新。这场课堂已经取消，不会再开放报名。")

    def _said(self) -> str:
        """How many families are told of what."""
        what = self.move.label if self.move else ""
        return _("正在通知 %(families)d 家新的%(what)s。") % {"families": self.told, "what": what}


class ClassSessionUnpublishView(UnpublishView):
    """Says before and after how many families lose their place."""

    template_name = "parenting/admin/unpublish.html"

    def families(self) -> int:
        """How many families will be told."""
        places = places_of(self.object)
        if places is None or places.cancelled_at is not None or places.ends_at <= now():
            return 0
        return impact_of_cancelling(self.object).families

    def unpublish(self) -> Any:
        """The text and its places in one transaction, read for each try: Wagtail marks the object, then writes."""

        def act() -> Any:
            self.objects_to_unpublish = [self.get_object()]
            return super(ClassSessionUnpublishView, self).unpublish()

        try:
            return retry_once_when_locked(transaction.atomic(act))
        except Busy:
            messages.error(self.request, _("这场正有家庭在报名，还没有撤下。请过几秒再试一次。"))
            return redirect(self.get_unpublish_url())

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
    if places is None or places.cancelled_at is not None:
        return "—"
    return f"{places.cell.taken} / {places.cell.target}"


def status(session: ClassSession) -> str:
    """「已发布」, and whether a later text waits to be published."""
    words = SessionStatus(session.status).label
    return _("%s，有修改没发布") % words if session.live and session.has_unpublished_changes else str(words)


class ClassSessionFilterSet(ScopedFilterSet):
    """By what a class has come to, and the usual."""

    status = ChoiceFilter(label=gettext_lazy("状态"), choices=SessionStatus.choices)
    work = ChoiceFilter(
        label=gettext_lazy("要办的事"),
        choices=[(STRANDED, gettext_lazy("承办机构那时不开门"))],
        method="narrow_work",
    )

    class Meta:
        model = ClassSession
        fields: ClassVar = ["district", "kind"]

    def narrow_work(self, rows: QuerySet[ClassSession], name: str, key: str) -> QuerySet[ClassSession]:
        """The classes that the start page counts."""
        return rows.filter(pk__in=[session.pk for session in stranded(rows, now=now())])


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
        Column(status, label=gettext_lazy("状态")),
        Column("venue", label=gettext_lazy("地点")),
        Column(signed_up, label=gettext_lazy("已报名")),
    )
    filterset_class = ClassSessionFilterSet
    search_backend_name = None
    search_fields = ("title", "venue")
    ordering = NEXT_FIRST
    list_per_page = 50

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        """Another office's session is read in the list and not opened."""
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            named = more.get("pk", args[0] if args else None)
            if named is not None and not sessions_run_by(request.user).filter(pk=unquote(str(named))).exists():
                raise Http404
            return view(request, *args, **more)

        return guarded

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClassSession]:
        found = in_scope(ClassSession.objects.all(), request.user)
        return with_status(found, now=now()).select_related("places__cell", "latest_revision")

    def get_edit_handler(self) -> Any:
        return ObjectList(ClassSession.panels, base_form_class=ClassSessionForm).bind_to_model(ClassSession)
