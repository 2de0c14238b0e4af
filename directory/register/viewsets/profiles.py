"""Profiles of institutions in the admin: introduction and photos."""

from __future__ import annotations

from typing import Any

import django_filters
from django.urls import URLPattern
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from cms.core.web.staff_admin import ScopedChooserViewSet, ScopedFilterSet, ScopedViews
from cms.core.web.staff_scope import in_scope
from directory.register.models import InstitutionProfile
from directory.register.queries.profiles import profiles, returned_to, waiting_draft, with_draft_state

WAITS, RETURNED = "waits", "returned"


def draft_words(profile: Any) -> str:
    """Where the draft of an introduction is, "" where there is none."""
    if profile.is_returned:
        return gettext("已退回，等机构改")
    return gettext("交来一稿，等处理") if profile.waits else ""


class ProfileFilterSet(ScopedFilterSet):
    """What waits first."""

    draft = django_filters.ChoiceFilter(
        label=_("草稿"),
        choices=((WAITS, _("交来一稿，等处理")), (RETURNED, _("已退回，等机构改"))),
        method="narrow_draft",
    )

    class Meta:
        model = InstitutionProfile
        fields = ("draft", "institution__district")

    def narrow_draft(self, rows: Any, name: str, key: str) -> Any:
        """Those whose draft waits, or was sent back."""
        return rows.filter(waits=True) if key == WAITS else rows.filter(is_returned=True)


class ProfileEditView(EditView):
    """Says what became of the draft, and leads to where it is sent back."""

    template_name = "directory/admin/profile_edit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        institution = self.object.institution
        waits = waiting_draft(institution) is not None
        drafts = {"returned": returned_to(institution.pk), "waiting": institution if waits else None}
        return super().get_context_data(**kwargs) | drafts


class InstitutionProfileViewSet(ScopedViews, SnippetViewSet):
    """Introduction and photos, with drafts and preview."""

    model = InstitutionProfile
    icon = "doc-full"
    menu_label = _("机构介绍")
    menu_order = 110
    copy_view_enabled = False
    chooser_viewset_class = ScopedChooserViewSet
    edit_view_class = ProfileEditView
    edit_template_name = ProfileEditView.template_name
    search_backend_name = None
    search_fields = ("institution__name",)
    ordering = ("-waits", "institution__name")
    list_display = (
        "__str__",
        Column(draft_words, label=_("草稿")),
        LiveStatusTagColumn(label=_("状态")),
        UpdatedAtColumn(label=_("更新")),
    )
    filterset_class = ProfileFilterSet

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Every institution is born with its profile; none is added or deleted by hand."""
        common = super().get_common_view_kwargs(**kwargs)
        for name in ("add_url_name", "delete_url_name", "usage_url_name"):
            common.pop(name, None)
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("add", "delete", "usage")]

    def get_queryset(self, request: Any) -> Any:
        return in_scope(with_draft_state(profiles()), request.user)
