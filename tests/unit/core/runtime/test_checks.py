"""The project's rules as system checks."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.checks.registry import registry
from wagtail.models import Page, Site

from cms.core.runtime import checks, ports
from cms.core.runtime.ports import ManyPort, Port


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


def test_reserved_slugs_see_lists_that_are_included_without_a_prefix() -> None:
    """The parents' pages and the staff's are such lists."""
    assert {"me", "staff", "sign-in", "institutions", "booking", "classes"} <= checks.reserved_slugs()


def test_reserved_slugs_are_words_of_addresses() -> None:
    assert {slug for slug in checks.reserved_slugs() if not slug.replace("-", "").isalnum()} == set()


@pytest.mark.parametrize(
    ("site_url", "apps", "ids"),
    [
        ("http://localhost:8000", ["cms.demo"], []),
        ("http://testserver", ["cms.demo"], []),
        ("http://192.168.1.9", ["cms.demo"], ["core.E002"]),
        ("https://tuoyu.example.cn", ["cms.core"], []),
        ("", ["cms.demo"], ["core.E002"]),
    ],
)
def test_demo_is_refused_where_others_can_reach_it(
    monkeypatch: pytest.MonkeyPatch, site_url: str, apps: list[str], ids: list[str]
) -> None:
    monkeypatch.setattr(settings, "SITE_URL", site_url)
    monkeypatch.setattr(settings, "INSTALLED_APPS", apps)

    assert [error.id for error in checks.check_demo_is_local()] == ids


def test_atomic_requests_off_is_in_order() -> None:
    assert checks.check_atomic_requests() == []


@pytest.mark.django_db
def test_check_slugs_looks_only_under_the_roots_of_sites() -> None:
    root = Site.objects.get().root_page
    parent = root.add_child(instance=Page(title="x", slug="guides"))
    parent.add_child(instance=Page(title="y", slug="admin"))
    root.add_child(instance=Page(title="z", slug="static"))

    assert [error.msg for error in checks.check_slugs(databases=["default"])] == [
        "The page 'static' hides behind /static/."
    ]


def test_every_port_is_answered_in_the_whole_site() -> None:
    assert checks.check_ports() == []


def test_check_names_ports_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_ports", {})
    Port("tests.free", asks="Who?", optional=True)
    Port("tests.open", asks="Who?")
    ManyPort("tests.many", asks="Which?")
    answered: Port[int] = Port("tests.answered", asks="How many?")
    answered.register(1)

    assert [(error.id, error.msg, error.hint) for error in checks.check_ports()] == [
        ("core.E004", "No app answers the port tests.many.", "Which?"),
        ("core.E004", "No app answers the port tests.open.", "Who?"),
    ]


def test_checks_are_registered_with_django() -> None:
    registered = {check.__name__ for check in registry.get_checks(include_deployment_checks=True)}

    assert {"check_atomic_requests", "check_demo_is_local", "check_ports", "check_slugs"} <= registered
    assert checks.check_slugs.tags == ("database",)
