"""The project's rules as system checks."""

from __future__ import annotations

import pytest
from django.conf import settings
from wagtail.models import Page, Site

from cms.core.runtime import checks


def test_reserved_slugs_come_from_the_url_list() -> None:
    assert {"admin", "healthz", "api", "static", "media"} <= checks.reserved_slugs()


def test_check_atomic_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)

    assert [error.id for error in checks.check_atomic_requests()] == ["core.E001"]


@pytest.mark.parametrize(
    ("site_url", "ids"), [("http://127.0.0.1:8000", []), ("https://tuoyu.example.cn", ["core.E002"])]
)
def test_check_demo_is_local(monkeypatch: pytest.MonkeyPatch, site_url: str, ids: list[str]) -> None:
    monkeypatch.setattr(settings, "SITE_URL", site_url)

    assert [error.id for error in checks.check_demo_is_local()] == ids


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "ids"), [("admin", ["core.E003"]), ("guides", [])])
def test_check_slugs_finds_a_page_behind_an_address(slug: str, ids: list[str]) -> None:
    root = Site.objects.get().root_page
    root.add_child(instance=Page(title="x", slug=slug))

    assert [error.id for error in checks.check_slugs(databases=["default"])] == ids


def test_check_slugs_asks_no_database_unless_told() -> None:
    assert checks.check_slugs(databases=None) == []
