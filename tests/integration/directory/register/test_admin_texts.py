"""What staff paste into one line is kept without what nobody sees; longer texts stay as they are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.districts.models import District
from directory.register.models import Authorisation, Institution, Refusal
from tests.factories.staff import grant_data, house

pytestmark = pytest.mark.django_db


def test_number_and_office_of_a_filing(staff: Client, jianxi: District) -> None:
    data = grant_data(house(jianxi), number="\u202d410305－１\u202c", office="涧⻄区　卫健委\u200b")

    staff.post(reverse("authorisations:add"), data)

    filing = Authorisation.objects.get()
    assert (filing.number, filing.office, filing.from_date.isoformat()) == ("410305－1", "涧西区 卫健委", "2026-01-05")


def test_reasons_keep_their_lines(staff: Client, jianxi: District) -> None:
    data = {
        "district": jianxi.pk,
        "institution_name": "⻘年\u200b托管",
        "refused_date": "2026-05-06",
        "office": "卫健委",
        "reasons": "一、没有报告\r\n二、没有证明",
        "rule": "第八条",
        "source_title": "公示",
    }

    staff.post(reverse("refusals:add"), data)

    refusal = Refusal.objects.get()
    assert (refusal.institution_name, refusal.reasons) == ("青年托管", "一、没有报告\r\n二、没有证明")


def form_of(institution: Institution, **changes: str) -> dict[str, Any]:
    names = ("name", "address", "phone", "nature", "places", "inclusive_places")
    data = {name: getattr(institution, name) for name in names}
    return {**data, "credit_code": "", "township": "", "head_name": "", **changes}


def test_name_of_60_characters_is_kept_whole(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)
    name = "阿" * 60

    staff.post(reverse("institutions:edit", args=[institution.pk]), form_of(institution, head_name=name))

    institution.refresh_from_db()
    assert institution.head_name == name


def test_longer_name_is_an_error_and_not_cut(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)
    url = reverse("institutions:edit", args=[institution.pk])

    page = staff.post(url, form_of(institution, head_name="阿" * 61))

    html = page.content.decode()
    assert page.context["form"].errors == {"head_name": ["负责人最多 60 个字，现在有 61 个"]}
    assert "阿" * 61 in html
    institution.refresh_from_db()
    assert institution.head_name == ""
    [field] = re.findall(r'<input[^>]*name="head_name"[^>]*>', html)
    assert "maxlength" not in field


def test_reason_of_an_act_that_is_too_long_is_named(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)
    url = reverse("institutions:rectify", args=[institution.pk])

    page = staff.post(url, {"kind": "closes", "reason": "缺" * 201, "seen": staff.get(url).context["stake"].mark})

    assert page.context["form"].errors == {"reason": ["整改事项最多 200 个字，现在有 201 个"]}
    institution.refresh_from_db()
    assert institution.rectification_reason == ""
