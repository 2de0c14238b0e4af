"""What readiness tells, and what makes it fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cms.core.runtime import health
from cms.core.runtime.kernel_ports import HealthCheck, health_checks
from cms.core.runtime.ports import AlreadyRegistered


@pytest.fixture(autouse=True)
def own_checks() -> Iterator[None]:
    with health_checks.replaced_by():
        yield


def fail() -> str:
    raise ConnectionError("10.0.0.1 refused")


def test_examine_tells_each_part() -> None:
    health_checks.register("search", HealthCheck(lambda: "database"))

    able, report = health.examine()

    assert able is True
    assert report["search"].pop("milliseconds") >= 0
    assert report == {"search": {"ok": True, "detail": "database"}}


@pytest.mark.parametrize(("essential", "serves"), [(True, False), (False, True)])
def test_examine_failed_part_stops_the_site_only_if_essential(essential: bool, serves: bool) -> None:
    health_checks.register("part", HealthCheck(fail, essential=essential))

    able, report = health.examine()

    assert able is serves
    assert (report["part"]["ok"], report["part"]["detail"]) == (False, "ConnectionError")


def test_failed_part_of_less_weight_does_not_hide_an_essential_one() -> None:
    health_checks.register("database", HealthCheck(fail, essential=True))
    health_checks.register("search", HealthCheck(lambda: "ok"))
    health_checks.register("cache", HealthCheck(fail))

    able, report = health.examine()

    assert able is False
    assert [(name, entry["ok"]) for name, entry in report.items()] == [
        ("database", False),
        ("search", True),
        ("cache", False),
    ]


def test_check_registered_under_a_taken_name_is_refused() -> None:
    health_checks.register("search", HealthCheck(lambda: "elastic"))

    with pytest.raises(AlreadyRegistered):
        health_checks.register("search", HealthCheck(fail, essential=True))

    assert health.examine()[0] is True


@pytest.mark.django_db
def test_own_checks_say_what_they_run_on(settings) -> None:
    health.register_own_checks()

    able, report = health.examine()

    assert able is True
    assert {name: entry["detail"] for name, entry in report.items()} == {"database": "sqlite", "cache": "local memory"}
    settings.REDIS_URL = "redis://127.0.0.1:1"
    assert health.examine()[1]["cache"]["detail"] == "redis"


@pytest.mark.django_db
def test_cache_that_forgets_is_not_ready(settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    health.register_own_checks()

    able, report = health.examine()

    assert (able, report["cache"]["detail"]) == (True, "RuntimeError")
