"""What was promised to families and never arrived: a list to read, without names or texts."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from cms.core.models import OutboxMessage
from cms.core.runtime.kernel_ports import outbox_handlers
from cms.core.web.staff_admin import ScopedViews
from cms.core.web.staff_scope import Person, in_scope
from directory.districts.queries.people import districts_of
from directory.districts.queries.undelivered import undelivered
from directory.districts.viewsets.listing import ScopedIndexView


def topic_words(row: OutboxMessage) -> str:
    """What staff call the message; the topic itself where a release before this one wrote it."""
    handler = outbox_handlers.get(row.topic)
    return str(handler.label) if handler and handler.label else row.topic


class ForDistrictStaff(ModelPermissionPolicy):
    """Whoever works for a district may look; nobody adds, changes or deletes."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action == "view" and districts_of(user).exists()

    def user_has_any_permission(self, user: Person, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class UndeliveredIndexView(ScopedIndexView):
    """The list."""

    def get_base_queryset(self) -> Any:
        return in_scope(undelivered(), self.request.user)


class UndeliveredViewSet(ScopedViews, ModelViewSet):
    """Given-up messages of the person's districts."""

    model = OutboxMessage
    name = "undelivered"
    icon = "mail"
    menu_label = _("没有送出的消息")
    menu_order = 160
    index_view_class = UndeliveredIndexView
    permission_policy = ForDistrictStaff(OutboxMessage)
    exclude_form_fields = ()
    add_to_reference_index = False
    search_backend_name = None
    list_per_page = 50
    list_display = (
        Column(topic_words, label=_("消息")),
        DateColumn("created_at", label=_("产生时间")),
        DateColumn("gave_up_at", label=_("放弃时间")),
        Column("attempts", label=_("试过几次")),
    )

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common = super().get_common_view_kwargs(**kwargs)
        for name in ("add_url_name", "edit_url_name", "delete_url_name", "usage_url_name", "history_url_name"):
            common.pop(name, None)
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]
