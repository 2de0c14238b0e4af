"""重置登录 in the list of a district's staff."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from cms.accounts.models import SetupLink
from directory.districts.models import District, DistrictStaff
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictStaffFactory
from tests.factories.staff import client_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(jianxi: District) -> DistrictStaff:
    return DistrictStaffFactory(district=jianxi, user=StaffUserFactory(username="example-li"), department="commerce")


def reset(post: DistrictStaff) -> str:
    return reverse("district-staff:reset", args=[post.pk])


def test_who_appoints_lets_a_colleague_begin_again(staff: Client, colleague: DistrictStaff) -> None:
    question = staff.get(reset(colleague))
    page = staff.post(reset(colleague), {"lost": "password", "seen": question.context["form"]["seen"].value()})

    assert "example-li（涧西区 商务）" in text(question)
    assert "/staff/start/" in text(page)
    assert SetupLink.objects.get(user=colleague.user).replaces_factor is False
    assert reset(colleague) in text(staff.get(reverse("district-staff:index")))


def test_own_row_is_refused_in_words(staff: Client, jianxi: District) -> None:
    own = DistrictStaff.objects.get(department="health_commission")

    page = staff.post(reset(own), {"lost": "everything", "seen": "0"})

    assert "这是您自己" in text(page)
    own.user.refresh_from_db()
    assert own.user.session_epoch == 0


@pytest.mark.parametrize("department", ["maternal_child_health", "womens_federation", "education", "street_office"])
def test_office_that_appoints_nobody_resets_nobody(jianxi: District, colleague: DistrictStaff, department: str) -> None:
    answers = [getattr(client_of(jianxi, department), method)(reset(colleague)) for method in ("get", "post")]

    assert [answer.url for answer in answers] == ["/admin/"] * 2
    assert not SetupLink.objects.filter(user=colleague.user).exists()


def test_editor_of_the_site_is_not_the_districts(staff: Client, jianxi: District) -> None:
    editor = DistrictStaffFactory(district=None, department="site_editor", user=StaffUserFactory())

    assert [getattr(staff, method)(reset(editor)).status_code for method in ("get", "post")] == [404, 404]
