"""Bases of the staff admin's Wagtail views: each list, row, filter and chooser keeps to the person's districts.

What is whose stands in ``cms.core.web.staff_scope``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic import chooser as generic_chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.snippets.views import chooser
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.core.web.staff_scope import View, guard, guard_named, in_scope, is_registered

#: How the names of a range's two dates end.
ENDS = ("_from", "_to")
FIRST_YEAR, LAST_YEAR = 1900, 2100


def guarded_admin(urls: ModuleType, *more: Callable[[View], View]) -> ModuleType:
    """Wagtail's addresses with the guard before those that name a model, usable dates for all, and ``more`` guards."""
    for guard_of_view in (guard_named, with_usable_dates, *more):
        decorate_urlpatterns(urls.urlpatterns, guard_of_view)
    return urls


def with_usable_dates(view: View) -> View:
    """Leave out dates of a filter that no clock of ours can reach, and say so; the other fields stay as typed.

    Wagtail turns the first of January of year 1 into a moment before time begins.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unusable = [name for name, value in request.GET.items() if name.endswith(ENDS) and _is_unusable(str(value))]
        if not unusable:
            return view(request, *args, **kwargs)
        left = request.GET.copy()
        for name in unusable:
            del left[name]
        messages.error(request, _("日期请填 1900 年到 2100 年之间的。这个日期没有用来筛选。"))
        return redirect(f"{request.path}?{left.urlencode()}")

    return checked


def _is_unusable(value: str) -> bool:
    try:
        date = parse_date(value.strip())
    except ValueError:
        return False
    return date is not None and not FIRST_YEAR <= date.year <= LAST_YEAR


class ScopedViews:
    """Mixed into a viewset: the guard stands before every view it makes."""

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        viewset: Any = super()
        return guard(viewset.construct_view(view_class, **kwargs), self.model)  # type: ignore[attr-defined]  # of the viewset


#: What the lists call what they are narrowed by; Wagtail makes words of the field's English name.
FILTER_WORDS = {"district": _("区"), "is_public": _("公开"), "is_demonstration": _("示范")}


class ScopedFilterSet(WagtailFilterSet):
    """Offers the person's rows only, of models that are registered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for offered in self.filters.values():
            offered.label = FILTER_WORDS.get(str(offered.field_name).rpartition("__")[2], offered.label)
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
