"""Whose district a row is: the one guard behind every list, form and view of the staff admin.

An app registers each model that the admin shows with the path to its district, or says that it belongs to no district.
A model nobody registered is shown to nobody, so forgetting one is seen at once and gives nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from cms.core.runtime.kernel_ports import staff_districts, staff_paths

Person = AbstractBaseUser | AnonymousUser
Model = TypeVar("Model", bound=models.Model)
View = Callable[..., HttpResponse]
#: Stands for every row of a list in the address of a bulk action.
ALL = "all"
#: The path of a model whose rows belong to no district.
SHARED = ""
#: Before a column that holds the district's code.
BY_CODE = "code:"


def register_scope(model: type[models.Model], path: str) -> None:
    """``path`` leads from the model to its district (``institution__district``; ``pk`` for the district itself)."""
    staff_paths.register(model._meta.label, path)


def register_by_code(model: type[models.Model], column: str) -> None:
    """``column`` of the model holds the district's code; rows without one are the superusers' business."""
    staff_paths.register(model._meta.label, BY_CODE + column)


def register_shared(model: type[models.Model]) -> None:
    """Rows of this model belong to no district: every member of staff with the permission sees all of them."""
    staff_paths.register(model._meta.label, SHARED)


def is_registered(model: type[models.Model]) -> bool:
    """Whether the admin may show rows of the model at all."""
    return staff_paths.get(model._meta.label) is not None


def in_scope(queryset: QuerySet[Model], user: Person) -> QuerySet[Model]:
    """What of a queryset the person may see; nothing of a model that nobody registered."""
    path = staff_paths.get(queryset.model._meta.label)
    if path is None:
        return queryset.none()
    if path == SHARED or getattr(user, "is_superuser", False):
        return queryset
    districts_of = staff_districts.get()
    if districts_of is None:
        return queryset.none()
    if path.startswith(BY_CODE):
        return queryset.filter(**{f"{path.removeprefix(BY_CODE)}__in": districts_of(user).values("code")})
    return queryset.filter(**{f"{path}__in": districts_of(user)})


def sees_all(model: type[models.Model], user: Person) -> bool:
    """Whether no row of the model is kept from the person."""
    path = staff_paths.get(model._meta.label)
    return path == SHARED or (path is not None and bool(getattr(user, "is_superuser", False)))


def guard(view: View, model: type[models.Model]) -> View:
    """404 for rows that are not the person's, whatever the view does with them.

    Rows are named by ``pk`` in the address or by ``?id=`` (bulk actions, choosers of several). Somebody not signed in
    is left to the view, which sends them to sign in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = [kwargs["pk"]] if "pk" in kwargs else list(args[:1])
        refuse_foreign(request, model, [*named, *request.GET.getlist("id")])
        return view(request, *args, **kwargs)

    guarded.guarded_model = model  # type: ignore[attr-defined]  # read by the repository's tests
    return guarded


def guard_named(view: View) -> View:
    """The same for Wagtail's own views that name a model in the address: bulk actions, and who else is editing.

    Models of other packages and pages have permissions of their own; a model shown as a snippet must be registered.
    What can't be deleted one by one can't be deleted in bulk either.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "model_name" in kwargs and "app_label" in kwargs:
            model = _model(kwargs["app_label"], kwargs["model_name"])
            if is_registered(model) or hasattr(model, "snippet_viewset"):
                _refuse_unoffered(model, kwargs.get("action", ""))
                named = [kwargs["object_id"]] if "object_id" in kwargs else []
                refuse_foreign(request, model, [*named, *request.GET.getlist("id")])
        return view(request, *args, **kwargs)

    return guarded


def refuse_foreign(request: HttpRequest, model: type[models.Model], named: Iterable[object]) -> None:
    """Raise ``Http404`` unless every named row is the person's."""
    wanted = {unquote(str(pk)) for pk in named}
    if not wanted or not request.user.is_authenticated:
        return
    if ALL in wanted:
        if not sees_all(model, request.user):
            raise Http404
        return
    try:
        # A number larger than any key is an error of the database where many keys are looked up at once.
        keys = [model._meta.pk.clean(word, None) for word in wanted]
    except ValidationError:
        raise Http404 from None
    found = in_scope(model._default_manager.filter(pk__in=keys), request.user).values("pk").distinct().count()
    if found != len(wanted):
        raise Http404


def _refuse_unoffered(model: Any, action: str) -> None:
    if action == "delete":
        try:
            reverse(model.snippet_viewset.get_url_name("delete"), args=[0])
        except (AttributeError, NoReverseMatch):
            raise Http404 from None


def _model(app_label: str, model_name: str) -> type[models.Model]:
    try:
        return apps.get_model(app_label, model_name)
    except LookupError:
        raise Http404 from None
