"""Each model of ours that the admin shows says whose its rows are, and the guard stands before each of its views."""

from __future__ import annotations

from typing import Any

from wagtail.admin import urls
from wagtail.admin.viewsets import viewsets

from cms.core.web.staff_scope import is_registered

ROOTS = ("cms.", "directory.", "booking.", "parenting.")
#: Pictures and documents belong to collections, whose permissions Wagtail asks for itself; offices have them on their
#: own district's (tests/unit/directory/districts/test_setup.py). Accounts are the superusers' business.
ELSEWHERE = {"CustomImage", "CustomDocument", "User"}


def own_viewsets() -> list[Any]:
    assert urls.urlpatterns
    return [
        viewset
        for viewset in viewsets.viewsets
        if isinstance(model := getattr(viewset, "model", None), type)
        and model.__module__.startswith(ROOTS)
        and model.__name__ not in ELSEWHERE
    ]


def test_each_model_says_whose_its_rows_are() -> None:
    assert sorted({viewset.model.__name__ for viewset in own_viewsets() if not is_registered(viewset.model)}) == []


def test_the_guard_stands_before_each_view() -> None:
    unguarded = [
        f"{viewset.url_namespace}:{pattern.name}"
        for viewset in own_viewsets()
        for pattern in viewset.get_urlpatterns()
        if getattr(pattern.callback, "guarded_model", None) is not viewset.model
    ]

    assert unguarded == []
