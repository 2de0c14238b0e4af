"""Searching for an institution or a filing where a form asks for one: districts have hundreds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column

from cms.core.text import folded
from cms.core.web.staff_admin import RowChooserViewSet, ScopedRowsResultsView, ScopedRowsView
from directory.register.forms.choosers import AuthorisationChooser, InstitutionChooser
from directory.register.models import Authorisation, Institution


class WordsForm(BaseFilterForm):
    """Words that must all be found, each in any of the columns."""

    columns: tuple[str, ...] = ()
    q = forms.CharField(
        label=_("搜索"), required=False, widget=forms.TextInput(attrs={"placeholder": _("名称、地址、电话、信用代码")})
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the rows by the words, if there are any."""
        objects = super().filter(objects)
        words = folded(self.cleaned_data["q"]).split()
        for word in words:
            found = Q()
            for column in self.columns:
                found |= Q(**{f"{column}__icontains": word})
            objects = objects.filter(found)
        if words:
            self.is_searching, self.search_query = True, self.cleaned_data["q"]
        return objects


class InstitutionWordsForm(WordsForm):
    """Institutions by what identifies them."""

    columns = ("name", "address", "phone", "credit_code")


class AuthorisationWordsForm(WordsForm):
    """Filings by their institution or number."""

    columns = ("institution__name", "number")


class _Institutions:
    """What both views of the chooser of institutions show: demonstration institutions first."""

    filter_form_class = InstitutionWordsForm
    ordering = ("-is_demonstration", "name", "pk")

    @property
    def columns(self) -> list[Column]:
        view: Any = super()
        return [
            *view.columns,
            Column("address", label=_("地址")),
            Column("get_state_display", label=_("状态")),
        ]


class ChooseInstitutionView(_Institutions, ScopedRowsView):
    """The window."""


class ChooseInstitutionResultsView(_Institutions, ScopedRowsResultsView):
    """A page or a search inside it."""


class InstitutionChooserViewSet(RowChooserViewSet):
    """Institutions of the person's districts."""

    model = Institution
    name = "choose-institution"
    icon = InstitutionChooser.icon
    choose_one_text = InstitutionChooser.choose_one_text
    choose_view_class = ChooseInstitutionView
    choose_results_view_class = ChooseInstitutionResultsView


class _Authorisations:
    """What both views of the chooser of filings show, the latest first."""

    filter_form_class = AuthorisationWordsForm
    ordering = ("-from_date", "-pk")

    def get_object_list(self) -> QuerySet[Any]:
        view: Any = super()
        found: QuerySet[Any] = view.get_object_list()
        return found.select_related("institution")

    @property
    def columns(self) -> list[Column]:
        view: Any = super()
        return [*view.columns, Column("institution", label=_("机构"))]


class ChooseAuthorisationView(_Authorisations, ScopedRowsView):
    """The window."""


class ChooseAuthorisationResultsView(_Authorisations, ScopedRowsResultsView):
    """A page or a search inside it."""


class AuthorisationChooserViewSet(RowChooserViewSet):
    """Filings and permits of the person's districts."""

    model = Authorisation
    name = "choose-authorisation"
    icon = AuthorisationChooser.icon
    choose_one_text = AuthorisationChooser.choose_one_text
    choose_view_class = ChooseAuthorisationView
    choose_results_view_class = ChooseAuthorisationResultsView
