"""The districts that pages speak of: their order, their streets, and how long a process keeps them."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from cms.core.runtime import versions
from directory.districts import ports
from directory.districts.models import District
from directory.districts.queries import districts
from directory.districts.queries.districts import (
    DistrictInfo,
    Street,
    list_districts,
    plan_is_draft,
    streets_by_code,
    visitor_district,
)
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory, TownshipFactory
from tests.factories.pages import make_draft_plan, make_policy

pytestmark = pytest.mark.django_db


def test_districts_and_their_streets_are_in_order() -> None:
    third = DistrictFactory(slug="c", position=2)
    second = DistrictFactory(slug="b", position=1)
    first = DistrictFactory(slug="a", position=1, pk=second.pk - 1000)
    make_draft_plan(first)
    make_policy(document=PolicyDocumentFactory(district=third), stage="issued")
    make_policy(document=PolicyDocumentFactory(district=second, is_plan=False), stage="draft")
    TownshipFactory(district=first, code="990001002", name="乙街道", centre_latitude=34.6, centre_longitude=112.4)
    TownshipFactory(district=first, code="990001001", name="甲街道")
    TownshipFactory(district=first, code="990001003", name="丙街道")

    found = list_districts()

    assert list(found) == ["a", "b", "c"]
    assert found["a"] == DistrictInfo(
        first.pk,
        "a",
        first.name,
        True,
        (
            Street("990001001", "甲街道", None),
            Street("990001002", "乙街道", (34.6, 112.4)),
            Street("990001003", "丙街道", None),
        ),
    )
    assert {slug: plan_is_draft(slug) for slug in ("a", "b", "c", "nowhere")} == {
        "a": True,
        "b": False,
        "c": False,
        "nowhere": False,
    }
    assert (found["c"].pk, found["c"].is_draft, found["c"].streets) == (third.pk, False, ())
    assert list(streets_by_code(found)) == ["990001001", "990001002", "990001003"]


@pytest.mark.parametrize(
    ("name", "short"), [("珠江路街道", "珠江路"), ("东街道", "东街道"), ("东西街道", "东西"), ("宁河镇", "宁河镇")]
)
def test_short_name_of_a_street(name: str, short: str) -> None:
    assert Street("990001001", name, None).short_name == short


@pytest.mark.parametrize(
    ("wanted", "cookie", "own", "found"),
    [
        ("c", "b", "b", "c"),
        ("nowhere", "b", "c", "b"),
        ("", "b", "c", "b"),
        ("", "nowhere", "c", "c"),
        ("", "", "c", "c"),
        ("", "", "nowhere", "a"),
        ("", "", None, "a"),
    ],
)
def test_district_is_the_one_asked_for_else_the_nearest(wanted: str, cookie: str, own: str | None, found: str) -> None:
    for position, slug in enumerate("abc"):
        DistrictFactory(slug=slug, position=position)
    request = RequestFactory().get("/")
    request.district_slug = cookie

    with ports.site_district.replaced_by(None if own is None else lambda _request: own):
        district = visitor_district(request, wanted)

    assert district is not None
    assert district.slug == found


def test_no_district_at_all() -> None:
    District.objects.all().delete()

    assert visitor_district(RequestFactory().get("/")) is None


def test_given_districts_are_not_read() -> None:
    DistrictFactory(slug="a")
    given = {"x": DistrictInfo(1, "x", "某区", False, ())}

    assert visitor_district(RequestFactory().get("/"), "a", districts=given) == given["x"]


@pytest.mark.parametrize(("seconds", "queries"), [(0.0, 0), (59.9, 0), (60.0, 2), (61.0, 2)])
def test_districts_are_kept_for_a_minute(
    seconds: float, queries: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(districts.time, "monotonic", lambda: clock[0])
    list_districts()
    clock[0] += seconds

    with django_assert_num_queries(queries):
        list_districts()


def test_districts_are_read_again_with_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    version = [7]
    monkeypatch.setattr(versions, "current", lambda name: version[0])
    before = list_districts()
    DistrictFactory(slug="new")

    assert list_districts() is before
    version[0] = 8
    assert "new" in list_districts()


def test_own_district_is_kept_for_each_host() -> None:
    for position, slug in enumerate("abc"):
        DistrictFactory(slug=slug, position=position)
    asked: list[str] = []

    def own(request) -> str:
        asked.append(request.META["HTTP_HOST"])
        return request.META["HTTP_HOST"][:1]

    with ports.site_district.replaced_by(own):
        hosts = ("b.example", "c.example", "b.example")
        found = [visitor_district(RequestFactory().get("/", HTTP_HOST=host)) for host in hosts]

    assert [each.slug for each in found if each] == ["b", "c", "b"]
    assert asked == ["b.example", "c.example"]


def test_few_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(districts, "MAX_KEPT", 2)
    kept = []
    for name in ("one", "two", "three"):
        districts._keep(name, lambda: name)  # noqa: B023
        kept.append(len(districts._kept))

    assert kept == [1, 2, 1]
