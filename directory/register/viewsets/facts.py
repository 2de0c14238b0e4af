"""An institution to read, for offices that change nothing in the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import InspectView

from cms.core.web.tables import plain
from directory.register.models import Institution
from directory.register.viewsets.institution_list import EXPORTED, with_filings


class InstitutionFactsView(InspectView):
    """What the list's file says of the institution, and the pages that continue from it."""

    template_name = "directory/admin/facts.html"
    page_title = _("机构情况")
    links_of: Callable[..., list[dict[str, Any]]] | None = None

    def get_object(self, queryset: QuerySet[Institution] | None = None) -> Institution:
        return get_object_or_404(with_filings(Institution.objects.all()), pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = [(column.label, plain(column.value(self.object))) for column in EXPORTED]
        links = self.links_of(self.object, self.request.user) if self.links_of else []
        return super().get_context_data(**kwargs) | {"facts": facts, "links": links}
