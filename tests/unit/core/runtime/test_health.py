"""What readiness tells, and what makes it fail."""

from __future__ import annotations

import pytest

from cms.core.runtime import health


@pytest.fixture(autouse=True)
def own_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_parts", {})


def fail() -> str:
    raise ConnectionError("10.0.0.1 refused")


def test_examine_tells_each_part() -> None:
    health.register_part("search", lambda: "database")

    able, report = health.examine()

    assert able is True
    assert report["search"].pop("milliseconds") >= 0
    assert report == {"search": {"ok": True, "detail": "database"}}


@pytest.mark.parametrize(("essential", "serves"), [(True, False), (False, True)])
def test_examine_failed_part_stops_the_site_only_if_essential(essential: bool, serves: bool) -> None:
    health.register_part("part", fail, essential=essential)

    able, report = health.examine()

    assert able is serves
    assert (report["part"]["ok"], report["part"]["detail"]) == (False, "ConnectionError")
