"""Profiles of institutions in the admin: introduction and photos."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.core.web.staff_admin import ScopedChooserViewSet, ScopedViews
from cms.core.web.staff_scope import in_scope
from directory.register.models import InstitutionProfile
from directory.register.queries.profiles import profiles


class InstitutionProfileViewSet(ScopedViews, SnippetViewSet):
    """Introduction and photos, with drafts and preview."""

    model = InstitutionProfile
    icon = "doc-full"
    menu_label = _("机构介绍")
    menu_order = 110
    copy_view_enabled = False
    chooser_viewset_class = ScopedChooserViewSet
    search_backend_name = None
    search_fields = ("institution__name",)
    ordering = ("institution__name",)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Every institution is born with its profile; none is added or deleted by hand."""
        common = super().get_common_view_kwargs(**kwargs)
        for name in ("add_url_name", "delete_url_name", "usage_url_name"):
            common.pop(name, None)
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("add", "delete", "usage")]

    def get_queryset(self, request: Any) -> Any:
        return in_scope(profiles(), request.user)
