"""The districts in the Wagtail admin: centre, calendar and staff."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.models import CalendarDay
from directory.districts.models import District, DistrictStaff
from tests.factories.staff import text

pytestmark = pytest.mark.django_db


def test_district_township_and_calendar_are_corrected(staff: Client, jianxi: District) -> None:
    township = jianxi.townships.first()
    staff.post(
        reverse("districts:edit", args=[jianxi.pk]),
        {"radius_km": 12},
    )
    centre = {"name": township.name, "kind": "street", "centre_is_manual": "on"}
    missing = staff.post(reverse("townships:edit", args=[township.pk]), centre)
    pasted = {"map_position": "112.4,34.6", "map_system": "wgs84"}
    staff.post(reverse("townships:edit", args=[township.pk]), centre | pasted)
    day = {"date": "2027-01-01", "kind": "holiday", "name": "元旦", "source": "通知"}
    staff.post(reverse("calendar-days:add"), day)
    again = staff.post(reverse("calendar-days:add"), day)

    jianxi.refresh_from_db()
    township.refresh_from_db()
    assert (jianxi.radius_km, township.centre_latitude) == (12, 34.6)
    assert "人工填写时请把位置填上" in text(missing)
    assert again.status_code == 200
    row = CalendarDay.objects.get(date=dt.date(2027, 1, 1))
    staff.post(reverse("calendar-days:edit", args=[row.pk]), day | {"name": "新年"})
    staff.post(reverse("calendar-days:remove", args=[row.pk]))
    assert not CalendarDay.objects.filter(date=dt.date(2027, 1, 1)).exists()


def test_staff_are_appointed_with_a_link_and_leave(staff: Client, jianxi: District) -> None:
    data = {"district": jianxi.pk, "department": "maternal_child_health", "username": "new-one"}

    response = staff.post(reverse("district-staff:add"), data)
    again = staff.post(reverse("district-staff:add"), data)
    post = DistrictStaff.objects.get(user__username="new-one")
    staff.post(reverse("district-staff:end", args=[post.pk]))

    assert re.search(r"http\S+/staff/start/[\w-]{43}/", text(response))
    assert "这位工作人员已在该部门" in text(again)
    assert not DistrictStaff.objects.filter(user__username="new-one").exists()
