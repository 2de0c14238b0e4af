"""Bases of the staff admin's Wagtail views: each list, row, filter and chooser keeps to the person's districts.

What is whose stands in ``cms.core.web.staff_scope``.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic import chooser as generic_chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.snippets.views import chooser
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.core.web.staff_scope import View, guard, guard_named, in_scope, is_registered


def guarded_admin(urls: ModuleType) -> ModuleType:
    """Wagtail's addresses with the guard before those that name a model."""
    decorate_urlpatterns(urls.urlpatterns, guard_named)
    return urls


class ScopedViews:
    """Mixed into a viewset: the guard stands before every view it makes."""

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        viewset: Any = super()
        return guard(viewset.construct_view(view_class, **kwargs), self.model)  # type: ignore[attr-defined]  # of the viewset


class ScopedFilterSet(WagtailFilterSet):
    """Offers the person's rows only, of models that are registered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for offered in self.filters.values():
            queryset = offered.extra.get("queryset")
            if queryset is not None and is_registered(queryset.model):
                offered.extra["queryset"] = offered.queryset = in_scope(queryset, self.request.user)


class _ScopedList:
    """Mixed into the views that list what may be chosen."""

    def get_object_list(self) -> QuerySet[Any]:
        view: Any = self
        found: Any = super()
        return in_scope(found.get_object_list(), view.request.user)


class ScopedChooseView(_ScopedList, chooser.ChooseView):
    """The chooser's window."""


class ScopedChooseResultsView(_ScopedList, chooser.ChooseResultsView):
    """A page or a search inside the chooser."""


class ScopedRowsView(_ScopedList, generic_chooser.ChooseView):
    """The window in which a row of a plain model is searched and chosen."""


class ScopedRowsResultsView(_ScopedList, generic_chooser.ChooseResultsView):
    """A page or a search inside it."""


class RowChooserViewSet(ScopedViews, ChooserViewSet):
    """The window in which a form's chooser of a plain model searches among the person's rows."""

    choose_view_class = ScopedRowsView
    choose_results_view_class = ScopedRowsResultsView
    #: Forms name their widget themselves: they are made before the viewsets are known.
    register_widget = False
    per_page = 20


class ScopedChooserViewSet(ScopedViews, chooser.SnippetChooserViewSet):
    """Choosers of a snippet; set as ``chooser_viewset_class``."""

    choose_view_class = ScopedChooseView
    choose_results_view_class = ScopedChooseResultsView
