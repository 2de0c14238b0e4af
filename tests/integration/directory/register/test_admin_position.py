"""A position is pasted from any Chinese map, and turned into WGS-84 as the importer does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.districts.models import District
from directory.register.models import Institution
from tests.factories.directory import InstitutionFactory, TownshipFactory
from tests.factories.staff import client_of, text

pytestmark = pytest.mark.django_db
GAODE, FOUND = "112.4,34.66", (34.6609331, 112.3936756)


@pytest.fixture
def jianxi(jianxi: District) -> District:
    """Fifteen kilometres around its centre."""
    jianxi.centre_latitude, jianxi.centre_longitude, jianxi.radius_km = 34.66, 112.40, 15
    jianxi.save()
    return jianxi


def values(**changes: Any) -> dict[str, Any]:
    return {"name": "示例园", "address": "珠江路1号", "places": 60, "inclusive_places": 40} | changes


def add(staff: Client, district: District, **changes: Any) -> Any:
    return staff.post(reverse("institutions:add"), values(district=district.pk) | changes)


def edit(staff: Client, institution: Institution, **changes: Any) -> Any:
    response = staff.post(reverse("institutions:edit", args=[institution.pk]), values() | changes)
    institution.refresh_from_db()
    return response


@pytest.mark.parametrize(
    ("pasted", "system", "found"),
    [
        (GAODE, "gcj02", FOUND),
        ("34.66，112.4", "gcj02", FOUND),
        ("\u202d经度：112.4 纬度：３４.66", "gcj02", FOUND),
        (GAODE, "bd09", (34.6552045, 112.3871193)),
        (GAODE, "wgs84", (34.66, 112.4)),
    ],
)
def test_pasted_position_is_converted(
    staff: Client, jianxi: District, pasted: str, system: str, found: tuple[float, float]
) -> None:
    response = add(staff, jianxi, map_position=pasted, map_system=system)

    made = Institution.objects.get()
    assert response.status_code == 302
    assert (made.latitude, made.longitude) == found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"map_position": GAODE}, "请选这对数字是从哪里来的：高德、百度，还是 GPS"),
        ({"map_position": "112.4", "map_system": "gcj02"}, "坐标要填经度和纬度两个数字"),
        ({"map_position": "2.35,48.85", "map_system": "gcj02"}, "这个位置不在中国境内"),
        ({"map_position": GAODE, "map_system": "utm"}, "utm"),
    ],
)
def test_position_that_cannot_be_taken_keeps_what_was_typed(
    staff: Client, jianxi: District, changes: dict[str, str], words: str
) -> None:
    page = text(add(staff, jianxi, **changes))

    assert words in page
    assert f'value="{changes["map_position"]}"' in page
    assert not Institution.objects.exists()


def test_nothing_pasted_leaves_the_position(staff: Client, jianxi: District) -> None:
    institution = InstitutionFactory(district=jianxi, latitude=34.6, longitude=112.3)

    edit(staff, institution, map_system="gcj02")

    assert (institution.name, institution.latitude, institution.longitude) == ("示例园", 34.6, 112.3)


def test_position_is_taken_away_only_where_there_is_one(staff: Client, jianxi: District) -> None:
    institution = InstitutionFactory(district=jianxi, latitude=34.6, longitude=112.3)
    url = reverse("institutions:edit", args=[institution.pk])
    before = "map_none" in text(staff.get(url))

    edit(staff, institution, map_none="on")

    assert (institution.latitude, institution.longitude) == (None, None)
    assert (before, "map_none" in text(staff.get(url))) == (True, False)


def test_pasted_position_counts_before_taking_away(staff: Client, jianxi: District) -> None:
    institution = InstitutionFactory(district=jianxi, latitude=34.6, longitude=112.3)

    edit(staff, institution, map_none="on", map_position=GAODE, map_system="gcj02")

    assert (institution.latitude, institution.longitude) == FOUND


def test_position_outside_the_district_is_asked_about_once(staff: Client, jianxi: District) -> None:
    institution = InstitutionFactory(district=jianxi, latitude=34.6, longitude=112.3)
    far = {"map_position": "113.4,34.66", "map_system": "wgs84"}

    asked = text(edit(staff, institution, **far))
    assert "这个位置离涧西区中心约 91 公里，不在本区范围内，请核对；没有错就勾选下面的“位置没有错”" in asked
    assert ('name="map_outside"' in asked, institution.longitude) == (True, 112.3)

    assert edit(staff, institution, map_outside="on", **far).status_code == 302
    assert (institution.latitude, institution.longitude) == (34.66, 113.4)


def test_box_for_a_place_outside_is_not_there_unasked(staff: Client, jianxi: District) -> None:
    assert "map_outside" not in text(staff.get(reverse("institutions:add")))
    assert add(staff, jianxi, map_position=GAODE, map_system="wgs84").status_code == 302


def test_district_without_a_centre_asks_nothing(jianxi: District) -> None:
    other = District.objects.get(slug="ninghe")
    District.objects.update(centre_latitude=None, centre_longitude=None)

    assert (
        add(client_of(other, "health_commission"), other, map_position="87.6,43.8", map_system="wgs84").status_code
        == 302
    )


def test_position_now_is_said_and_drawn_where_tiles_are_set(staff: Client, jianxi: District, settings: Any) -> None:
    institution = InstitutionFactory(district=jianxi, latitude=34.66, longitude=112.4)
    url = reverse("institutions:edit", args=[institution.pk])
    plain = text(staff.get(url))
    settings.MAP_TILES, settings.MAP_TILES_CREDIT = "https://tiles.example.cn/{z}/{x}/{y}.png", "示例图源"

    drawn = text(staff.get(url))

    assert ("现在登记的是 112.4,34.66（WGS-84）" in plain, "tiles.example.cn" in plain) == (True, False)
    assert (drawn.count("https://tiles.example.cn/16/"), "示例图源" in drawn) == (6, True)
    assert "现在登记的是" not in text(staff.get(reverse("institutions:add")))


def test_centre_of_a_township_is_pasted_too(staff: Client, jianxi: District) -> None:
    township = TownshipFactory(district=jianxi)
    url = reverse("townships:edit", args=[township.pk])
    data = {"name": township.name, "kind": township.kind, "centre_is_manual": "on"}

    refused = text(staff.post(url, data))
    staff.post(url, data | {"map_position": GAODE, "map_system": "gcj02"})
    township.refresh_from_db()

    assert "人工填写时请把位置填上。" in refused
    assert (township.centre_latitude, township.centre_longitude, township.centre_is_manual) == (*FOUND, True)


def test_centre_of_a_district_is_pasted_too_and_asks_about_no_distance(staff: Client, jianxi: District) -> None:
    far = {"radius_km": 20, "map_position": "113.9,34.66", "map_system": "wgs84"}

    staff.post(reverse("districts:edit", args=[jianxi.pk]), far)

    jianxi.refresh_from_db()
    assert (jianxi.centre_latitude, jianxi.centre_longitude, jianxi.radius_km) == (34.66, 113.9, 20)


def test_centre_of_a_township_that_cannot_be_read_is_one_complaint(staff: Client, jianxi: District) -> None:
    township = TownshipFactory(district=jianxi)
    data = {"name": township.name, "kind": township.kind, "centre_is_manual": "on", "map_position": "112"}

    page = text(staff.post(reverse("townships:edit", args=[township.pk]), data))

    assert ("坐标要填经度和纬度两个数字" in page, "人工填写时" in page) == (True, False)


def test_centre_that_is_kept_by_hand_needs_no_new_one(staff: Client, jianxi: District) -> None:
    township = TownshipFactory(district=jianxi, centre_is_manual=True, centre_latitude=34.6, centre_longitude=112.3)
    data = {"name": "新名街道", "kind": township.kind, "centre_is_manual": "on"}

    staff.post(reverse("townships:edit", args=[township.pk]), data)

    township.refresh_from_db()
    assert (township.name, township.centre_latitude) == ("新名街道", 34.6)


def test_position_is_shown_with_six_digits(staff: Client, jianxi: District) -> None:
    institution = InstitutionFactory(district=jianxi, latitude=34.6, longitude=112.38942999999999)

    page = text(staff.get(reverse("institutions:edit", args=[institution.pk])))

    assert "现在登记的是 112.38943,34.6（WGS-84）" in page
    assert "112.38942999999999" not in page
