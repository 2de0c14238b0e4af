"""The base of the directory's admin: every list and every row is limited to the person's districts.

Wagtail's own views check permissions for a model, not for a row, so the guard of ``cms.core.web.staff_scope`` wraps
all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.core.errors import Refused
from cms.core.web.staff_admin import ScopedViews
from cms.core.web.staff_scope import View
from directory.districts.viewsets.acts import Act, ActView, possible_acts
from directory.districts.viewsets.history import ChangesHistoryView
from directory.districts.viewsets.listing import ExportColumn, ScopedIndexView

#: What a link may fill in on an add page.
PREFILLED = frozenset({"institution"})


class SavingMixin:
    """Hands the checked form to a service; what it refuses becomes an error of the form.

    ``back_to`` is where staff go on after saving, as the address for a row; without it they see the list.
    """

    saver: Callable[..., Any] | None = None
    back_to: Callable[[Any], str] | None = None

    def get_success_url(self) -> str:
        view: Any = self
        url: str = view.back_to(view.object) if view.back_to else super().get_success_url()  # type: ignore[misc]  # mixed into Wagtail's create and edit views
        return url

    def save_instance(self) -> Any:
        view: Any = self
        instance = view.object if view.object is not None and view.object.pk else None
        if instance is not None:
            # The form has already changed its instance in memory; services compare with what is stored.
            instance = type(instance)._default_manager.get(pk=instance.pk)
        return view.saver(form=view.form, instance=instance, actor=view.request.user, now=timezone.now())

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]  # mixed into Wagtail's create and edit views
        except Refused as refusal:
            return self.refuse(form, refusal)

    def refuse(self, form: Any, refusal: Refused) -> HttpResponse:
        """The form again, with what the service said."""
        form.add_refusal(refusal)
        view: Any = self
        view.produced_error_message = view.get_error_message()
        return view.form_invalid(form)


class SavingCreateView(SavingMixin, generic.CreateView):
    """Adds through a service; an institution's page brings its number along."""

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {name: self.request.GET[name] for name in PREFILLED & self.request.GET.keys()}


class SavingEditView(SavingMixin, generic.EditView):
    """Corrects through a service; shows the acts that are possible now."""

    acts: tuple[Act, ...] = ()
    act_url_names: dict[str, str] = {}
    summary_of: Callable[..., list[tuple[str, str]]] | None = None
    links_of: Callable[..., list[dict[str, Any]]] | None = None
    #: The page of a row for those who change nothing.
    reading_url_name = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Who only reads is led to the page that is to be read, where there is one."""
        if self.reading_url_name and not self.user_has_permission(self.permission_required):
            return redirect(self.reading_url_name, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        acts = [
            {"label": act.label, "url": url, "is_final": act.is_final} for act, url in possible_acts(self, self.object)
        ]
        context["acts"] = [act for act in acts if not act["is_final"]]
        context["final_acts"] = [act for act in acts if act["is_final"]]
        context["acts"] += self.links_of(self.object, self.request.user) if self.links_of else []
        context["summary"] = self.summary_of(self.object) if self.summary_of else []
        return context


class DistrictViewSet(ScopedViews, ModelViewSet, ABC):
    """Add, correct and end; nothing is copied, and nothing deleted unless ``deletes`` says so."""

    index_view_class = ScopedIndexView
    act_view_class: type[ActView] = ActView
    add_view_class = SavingCreateView
    edit_view_class = SavingEditView
    history_view_class = ChangesHistoryView
    index_template_name = "districts/admin/index.html"
    edit_template_name = "districts/admin/edit.html"
    copy_view_enabled = False
    add_to_reference_index = False
    search_backend_name = None
    list_per_page = 50
    related: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    exported: Sequence[ExportColumn] = ()
    export_rows: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    bulk_permission = ""
    adds = True
    edits = True
    back_to: Callable[[Any], str] | None = None

    @abstractmethod
    def form_class_for(self, *, for_update: bool) -> type:
        """The form of the add view or of the edit view."""

    @abstractmethod
    def save(self, *, form: Any, instance: Any, actor: Any, now: Any) -> Any:
        """Call the service; ``instance`` is None when adding."""

    def summary(self, instance: Any) -> list[tuple[str, str]]:
        """The lines above the form, as (name, text)."""
        return []

    def links(self, instance: Any, person: Any) -> list[dict[str, Any]]:
        """Other pages that continue from this row, as {label, url}."""
        return []

    def get_form_class(self, for_update: bool = False) -> type:
        return self.form_class_for(for_update=for_update)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common = super().get_common_view_kwargs(**kwargs)
        for name in ("delete_url_name", "usage_url_name"):
            common.pop(name, None)
        if not self.adds:
            common.pop("add_url_name", None)
        if not self.edits:
            common.pop("edit_url_name", None)
        return common

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            related=self.related,
            acts=self.acts,
            act_url_names=self.act_url_names(),
            exported=self.exported,
            export_rows=self.export_rows,
            bulk_permission=self.bulk_permission,
            **kwargs,
        )

    @cached_property
    def list_export(self) -> list[str]:
        """Wagtail offers files where this says something; what they hold are the columns of ``exported``."""
        return [str(column.label) for column in self.exported]

    def act_url_names(self) -> dict[str, str]:
        return {act.name: self.get_url_name(act.name) for act in self.acts}

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_add_view_kwargs(saver=self.save, back_to=self.back_to, **kwargs)

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(
            saver=self.save,
            back_to=self.back_to,
            acts=self.acts,
            act_url_names=self.act_url_names(),
            summary_of=self.summary,
            links_of=self.links,
            reading_url_name=self.get_url_name("inspect") if self.inspect_view_enabled else "",
            **kwargs,
        )

    def act_view(self, act: Act) -> View:
        """The page of one act on one row."""
        return self.construct_view(self.act_view_class, act=act)

    def get_urlpatterns(self) -> list[URLPattern]:
        conv = self.pk_path_converter
        patterns = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path(f"history/<{conv}:pk>/", self.history_view, name="history"),
            path(f"history-results/<{conv}:pk>/", self.history_results_view, name="history_results"),
        ]
        if self.edits:
            patterns.append(path(f"edit/<{conv}:pk>/", self.edit_view, name="edit"))
        if self.inspect_view_enabled:
            patterns.append(path(f"inspect/<{conv}:pk>/", self.inspect_view, name="inspect"))
        if self.adds:
            patterns.append(path("new/", self.add_view, name="add"))
        patterns += [path(f"{act.name}/<{conv}:pk>/", self.act_view(act), name=act.name) for act in self.acts]
        return patterns
