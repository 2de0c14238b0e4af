"""The importer's addresses and menu item in the Wagtail admin.

Its views load openpyxl, so they are imported when one of them is first asked for, not when a web worker starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from directory.districts.queries.people import districts_of

VIEWS = "directory.lists.views"


def on_demand(name: str) -> Callable[..., HttpResponse]:
    """The view of that name, imported at its first request."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return import_string(f"{VIEWS}.{name}")(request, *args, **kwargs)

    return view


# institution-lists/
URLS = [
    path("", on_demand("upload"), name="upload"),
    path("register.xlsx", on_demand("export"), name="export"),
    path("blank.xlsx", on_demand("blank"), name="blank"),
    path("<slug:public_id>/", on_demand("preview"), name="preview"),
    path("<slug:public_id>/checked.xlsx", on_demand("checked_file"), name="checked"),
]


class ImportMenuItem(MenuItem):
    """Shown to those who have a district to import into."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("directory.add_institution") and districts_of(request.user).exists()


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    """Behind the admin's own access check."""
    return [path("institution-lists/", include((URLS, "institution_lists"), namespace="institution_lists"))]


@hooks.register("register_admin_menu_item")
def register_menu_item() -> MenuItem:
    """Below the register."""
    return ImportMenuItem(_("导入名单"), reverse("institution_lists:upload"), icon_name="upload", order=115)
