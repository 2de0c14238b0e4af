"""The districts in the Wagtail admin: centre, calendar and staff."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.models import CalendarDay
from directory.districts.models import District, DistrictStaff
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionMemberFactory
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


def test_known_account_is_appointed_and_told_to_keep_its_password(staff: Client, jianxi: District) -> None:
    StaffUserFactory(username="known-one")
    data = {"district": jianxi.pk, "department": "commerce", "username": "known-one"}

    answer = staff.post(reverse("district-staff:add"), data, follow=True)
    second = staff.post(reverse("district-staff:add"), data | {"department": "education"}, follow=True)

    for page in (answer, second):
        assert page.redirect_chain == [(reverse("district-staff:index"), 302)]
        assert "密码和第二步验证不变" in text(page)
    assert DistrictStaff.objects.filter(user__username="known-one").count() == 2


def test_who_works_at_an_institution_is_not_appointed(staff: Client, jianxi: District) -> None:
    InstitutionMemberFactory(user=StaffUserFactory(username="manager-li"), role="manager")

    page = staff.post(
        reverse("district-staff:add"), {"district": jianxi.pk, "department": "commerce", "username": "manager-li"}
    )

    assert (page.status_code, "请先结束机构的工作" in text(page), "manager-li" in text(page)) == (200, True, True)
    assert not DistrictStaff.objects.filter(user__username="manager-li").exists()


def test_own_post_stays_and_is_said_why(staff: Client, jianxi: District) -> None:
    post = DistrictStaff.objects.get(user=staff.session["_auth_user_id"])

    page = staff.post(reverse("district-staff:end", args=[post.pk]), follow=True)

    assert "不能结束自己的工作" in text(page)
    assert DistrictStaff.objects.filter(pk=post.pk).exists()
