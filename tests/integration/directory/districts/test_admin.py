"""The districts in the Wagtail admin: figures, plan, calendar and staff."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.models import CalendarDay
from directory.districts.models import District, DistrictFact, DistrictStaff
from tests.factories.staff import text

pytestmark = pytest.mark.django_db


def test_figures_are_entered_corrected_and_removed(staff: Client, jianxi: District) -> None:
    data = {
        "district": jianxi.pk,
        "label": "新指标",
        "key": "new-one",
        "text": "一句话",
        "value": "4.5",
        "source_title": "新文件",
        "position": 0,
    }
    staff.post(reverse("district-facts:add"), data)
    fact = DistrictFact.objects.get(key="new-one")
    staff.post(reverse("district-facts:edit", args=[fact.pk]), data | {"value": "5"})
    fact.refresh_from_db()
    corrected = fact.value

    staff.post(reverse("district-facts:remove", args=[fact.pk]))

    assert corrected == 5
    assert not DistrictFact.objects.filter(key="new-one").exists()


def test_figure_that_cant_be_stored_is_an_error_at_its_field(staff: Client, jianxi: District) -> None:
    data = {"district": jianxi.pk, "label": "新指标", "key": "new-one", "text": "一句话", "source_title": "新文件"}

    response = staff.post(reverse("district-facts:add"), data | {"value": "NaN", "position": 0})

    assert list(response.context["form"].errors) == ["value"]
    assert not DistrictFact.objects.filter(key="new-one").exists()


def test_district_township_and_calendar_are_corrected(staff: Client, jianxi: District) -> None:
    township = jianxi.townships.first()
    staff.post(
        reverse("districts:edit", args=[jianxi.pk]),
        {"plan_state": "in_force", "plan_title": "新方案", "care_modes": ["hourly"], "radius_km": 12},
    )
    centre = {"name": township.name, "kind": "street", "centre_is_manual": "on"}
    missing = staff.post(reverse("townships:edit", args=[township.pk]), centre)
    staff.post(
        reverse("townships:edit", args=[township.pk]), centre | {"centre_latitude": 34.6, "centre_longitude": 112.4}
    )
    day = {"date": "2027-01-01", "kind": "holiday", "name": "元旦", "source": "通知"}
    staff.post(reverse("calendar-days:add"), day)
    again = staff.post(reverse("calendar-days:add"), day)

    jianxi.refresh_from_db()
    township.refresh_from_db()
    assert (jianxi.plan_title, jianxi.radius_km, township.centre_latitude) == ("新方案", 12, 34.6)
    assert "请把纬度和经度都填上" in text(missing)
    assert again.status_code == 200
    row = CalendarDay.objects.get(date=dt.date(2027, 1, 1))
    staff.post(reverse("calendar-days:edit", args=[row.pk]), day | {"name": "新年"})
    staff.post(reverse("calendar-days:remove", args=[row.pk]))
    assert not CalendarDay.objects.filter(date=dt.date(2027, 1, 1)).exists()


def test_staff_are_appointed_with_a_first_password_and_leave(staff: Client, jianxi: District) -> None:
    data = {"district": jianxi.pk, "department": "maternal_child_health", "username": "new-one"}

    response = staff.post(reverse("district-staff:add"), data)
    again = staff.post(reverse("district-staff:add"), data)
    post = DistrictStaff.objects.get(user__username="new-one")
    staff.post(reverse("district-staff:end", args=[post.pk]))

    assert "首次密码" in text(response)
    assert "这位工作人员已在该部门" in text(again)
    assert not DistrictStaff.objects.filter(user__username="new-one").exists()
