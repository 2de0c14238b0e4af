"""The admin's form of an institution: filed modes are those of the district."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from directory.districts.models import District
from directory.register.models import Institution

pytestmark = pytest.mark.django_db


def entry(district: District, *modes: str) -> dict[str, object]:
    names = {"district": district.pk, "name": "示例园", "address": "路1号", "nature": ""}
    return names | {"places": 5, "inclusive_places": 0, "filed_modes": list(modes)}


def test_mode_of_the_district_is_filed(staff: Client, jianxi: District) -> None:
    staff.post(reverse("institutions:add"), entry(jianxi, "full_day", "hourly"))

    assert Institution.objects.get().filed_modes == ["full_day", "hourly"]


def test_mode_that_the_district_does_not_have_is_an_error_at_its_field(staff: Client, jianxi: District) -> None:
    response = staff.post(reverse("institutions:add"), entry(jianxi, "half_month", "hourly"))

    errors = response.context["form"].errors
    assert list(errors) == ["filed_modes"]
    assert errors["filed_modes"][0].startswith("涧西区的规定里没有半月托；有：全日托、半日托、计时托、临时托。")
    assert not Institution.objects.exists()
