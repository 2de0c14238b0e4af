"""The directory's part of the Wagtail admin: what staff can do."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.districts.models import District
from directory.register.models import Authorisation, Institution, Refusal, Title
from tests.factories.directory import (
    AuthorisationFactory,
    InstitutionProfileFactory,
)
from tests.factories.staff import grant_data, house, text

pytestmark = pytest.mark.django_db


def refusal_data(district: District, **changes: Any) -> dict[str, Any]:
    return {
        "district": district.pk,
        "institution_name": "示例托管",
        "refused_date": "2026-05-06",
        "office": "涧西区卫健委",
        "reasons": "没有合格的卫生评价报告。",
        "rule": "第八条",
        "source_title": "公示",
        "publish": "on",
    } | changes


def test_institution_is_entered(staff: Client, jianxi: District) -> None:
    township = jianxi.townships.first()
    data = {
        "district": jianxi.pk,
        "name": "示例·小满托育园",
        "address": "珠江路1号",
        "township": township.pk,
        "places": 60,
        "inclusive_places": 40,
        "filed_modes": ["full_day", "hourly"],
    }

    response = staff.post(reverse("institutions:add"), data)

    institution = Institution.objects.get()
    assert response.status_code == 302
    assert (institution.state, institution.filed_modes, institution.township) == (
        "draft",
        ["full_day", "hourly"],
        township,
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": "123"}, "统一社会信用代码不对"),
        ({"inclusive_places": 61}, "普惠托位不能多于托位"),
        ({"name": ""}, "请填写这一项。"),
    ],
)
def test_wrong_institution_keeps_what_was_typed(
    staff: Client, jianxi: District, changes: dict[str, Any], words: str
) -> None:
    data = {"district": jianxi.pk, "name": "示例园", "address": "珠江路1号", "places": 60, "inclusive_places": 40}

    response = staff.post(reverse("institutions:add"), data | changes)

    assert response.status_code == 200
    assert words in text(response)
    assert 'value="珠江路1号"' in text(response)
    assert not Institution.objects.exists()


def test_institution_is_corrected(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)
    data = {"name": "新名字", "address": institution.address, "places": 30, "inclusive_places": 0}

    staff.post(reverse("institutions:edit", args=[institution.pk]), data)

    institution.refresh_from_db()
    assert (institution.name, institution.places) == ("新名字", 30)


def test_authorisation_is_granted_and_public(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)

    response = staff.post(reverse("authorisations:add"), grant_data(institution))

    institution.refresh_from_db()
    assert response.status_code == 302
    assert (institution.is_public, Authorisation.objects.get().number) == (True, "410305-TY-2026-0001")


def test_authorisation_is_kept_as_a_draft_then_published(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)
    data = grant_data(institution)
    staff.post(reverse("authorisations:add"), {key: value for key, value in data.items() if key != "publish"})
    row = Authorisation.objects.get()
    before = row.published_at

    staff.post(reverse("authorisations:edit", args=[row.pk]), data)

    row.refresh_from_db()
    assert before is None
    assert row.published_at is not None


def test_second_authorisation_is_refused_in_words(staff: Client, jianxi: District) -> None:
    institution = house(jianxi, public=True)

    response = staff.post(reverse("authorisations:add"), grant_data(institution))

    assert response.status_code == 200
    assert "已有一条有效的备案或许可" in text(response)


def test_authorisation_is_ended_with_a_reason(staff: Client, jianxi: District) -> None:
    row = AuthorisationFactory(institution=house(jianxi))
    end = reverse("authorisations:end", args=[row.pk])
    today = timezone.localdate().isoformat()

    seen = staff.get(end).context["stake"].mark
    without = staff.post(end, {"ended_date": today, "reason": "", "seen": seen})
    staff.post(end, {"ended_date": today, "reason": "机构申请注销", "seen": seen})

    row.refresh_from_db()
    assert without.status_code == 200
    assert row.ended_reason == "机构申请注销"
    assert Institution.objects.get().is_public is False


def test_title_without_authorisation_is_refused_in_words(staff: Client, jianxi: District) -> None:
    data = {
        "institution": house(jianxi).pk,
        "kind": "demonstration",
        "name": "区级示范",
        "office": "卫健委",
        "from_date": "2026-01-10",
        "source_title": "公示",
        "publish": "on",
    }

    response = staff.post(reverse("titles:add"), data)

    assert "请先公开备案" in text(response)
    assert not Title.objects.exists()


def test_title_is_granted_corrected_and_ended(staff: Client, jianxi: District) -> None:
    institution = house(jianxi, public=True)
    data = {
        "institution": institution.pk,
        "kind": "demonstration",
        "name": "区级示范",
        "office": "卫健委",
        "from_date": "2026-01-10",
        "source_title": "公示",
        "publish": "on",
    }
    staff.post(reverse("titles:add"), data)
    title = Title.objects.get()
    staff.post(reverse("titles:edit", args=[title.pk]), data | {"name": "市级示范"})
    institution.refresh_from_db()
    shown = institution.is_demonstration

    staff.post(
        reverse("titles:end", args=[title.pk]), {"ended_date": timezone.localdate().isoformat(), "reason": "到期"}
    )

    title.refresh_from_db()
    institution.refresh_from_db()
    assert (title.name, shown, institution.is_demonstration) == ("市级示范", True, False)


def test_refusal_needs_reasons(staff: Client, jianxi: District) -> None:
    without = staff.post(reverse("refusals:add"), refusal_data(jianxi, reasons=" "))
    named = staff.post(reverse("refusals:add"), refusal_data(jianxi, reasons="联系人 13800138000"))

    assert "请填写这一项。" in text(without)
    assert "请去掉个人姓名、手机号和身份证号" in text(named)
    assert not Refusal.objects.exists()


def test_refusal_is_published_and_later_success_linked(staff: Client, jianxi: District) -> None:
    staff.post(reverse("refusals:add"), refusal_data(jianxi))
    refusal = Refusal.objects.get()
    later = AuthorisationFactory(institution=house(jianxi))

    staff.post(
        reverse("refusals:edit", args=[refusal.pk]), refusal_data(jianxi, later_authorisation=later.pk, rule="第九条")
    )

    refusal.refresh_from_db()
    assert (refusal.later_authorisation, refusal.rule) == (later, "第九条")
    assert refusal.published_at is not None


def test_profile_is_drafted_and_previewed(staff: Client, jianxi: District) -> None:
    profile = InstitutionProfileFactory(institution=house(jianxi, public=True))
    namespace = "wagtailsnippets_directory_institutionprofile"
    data = {
        "introduction": "新的介绍",
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
        "photos-MIN_NUM_FORMS": 0,
        "photos-MAX_NUM_FORMS": 1000,
    }

    saved = staff.post(reverse(f"{namespace}:edit", args=[profile.pk]), data)
    preview = reverse(f"{namespace}:preview_on_edit", args=[profile.pk])
    ready = staff.post(preview, data)
    shown = staff.get(preview)
    staff.post(reverse(f"{namespace}:edit", args=[profile.pk]), data | {"action-publish": "1"})

    assert (saved.status_code, ready.status_code) == (302, 200)
    assert "新的介绍" in text(shown)
    profile.refresh_from_db()
    assert profile.introduction == "新的介绍"


def test_institution_page_leads_on(staff: Client, jianxi: District) -> None:
    institution = InstitutionProfileFactory(institution=house(jianxi)).institution

    html = text(staff.get(reverse("institutions:edit", args=[institution.pk])))
    prefilled = text(staff.get(f"{reverse('authorisations:add')}?institution={institution.pk}"))

    for label in ("写介绍、放照片", "登记备案", "登记示范称号", "邀请负责人"):
        assert label in html
    assert f'name="institution" value="{institution.pk}"' in prefilled
