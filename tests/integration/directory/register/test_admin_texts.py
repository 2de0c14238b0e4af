"""What staff paste into one line is kept without what nobody sees; longer texts stay as they are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from directory.districts.models import District
from directory.register.models import Authorisation, Refusal
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
