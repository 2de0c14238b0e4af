"""An institution that has ended: its page says when and why, and nothing of it is changed any more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.core.calendar.times import at
from directory.districts.models import District
from directory.register.models import Institution
from directory.register.queries.endings import Ending, ending_of
from directory.register.queries.memberships import ended_workplace
from directory.register.services.institutions import correct_institution, end_institution
from directory.register.services.standing import InstitutionEnded
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionMemberFactory, InstitutionProfileFactory
from tests.factories.staff import house, signed_in, text

pytestmark = pytest.mark.django_db
NOW = at(dt.date(2026, 11, 26), dt.time(10))
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def ended(jianxi: District) -> Institution:
    institution = InstitutionProfileFactory(institution=house(jianxi, public=True, name="示例园")).institution
    return end_institution(institution=institution, ended_date=DAY, reason="主动放弃", now=NOW)


def test_page_says_when_and_why_and_offers_nothing(staff: Client, ended: Institution) -> None:
    page = text(staff.get(reverse("institutions:edit", args=[ended.pk])))

    assert "2026年11月20日：主动放弃。资料不能再改，也不能再办理。" in page
    assert ("请邀请负责人" in page, "写介绍、放照片" in page, "登记备案" in page) == (False, False, False)


def test_page_of_an_open_institution_offers_to_go_on(staff: Client, jianxi: District) -> None:
    institution = InstitutionProfileFactory(institution=house(jianxi, public=True)).institution

    page = text(staff.get(reverse("institutions:edit", args=[institution.pk])))

    assert ("请邀请负责人" in page, "写介绍、放照片" in page, "资料不能再改" in page) == (True, True, False)


def test_its_name_stays(staff: Client, ended: Institution) -> None:
    edit = reverse("institutions:edit", args=[ended.pk])
    sent = {"name": "别的园", "address": "珠江路1号", "places": 60, "inclusive_places": 40, "filed_modes": ["hourly"]}

    page = text(staff.post(edit, sent))

    assert "这家机构已终止，资料不能再改。" in page
    with pytest.raises(InstitutionEnded):
        correct_institution(institution=ended, values={"name": "别的园"}, now=NOW)
    ended.refresh_from_db()
    assert ended.name == "示例园"


def test_end_that_was_written_without_its_day_is_of_the_day_it_was_written(ended: Institution) -> None:
    entry = ModelLogEntry.objects.for_instance(ended).get(action="directory.end")
    assert ending_of(ended) == Ending(DAY, "主动放弃")
    ModelLogEntry.objects.filter(pk=entry.pk).update(data={"reason": "主动放弃"}, timestamp=NOW)

    assert ending_of(ended) == Ending(NOW.date(), "主动放弃")


def test_open_institution_has_no_ending(jianxi: District) -> None:
    assert ending_of(house(jianxi, public=True)) is None


def test_rectification_entered_twice_leads_back_to_the_page(staff: Client, jianxi: District) -> None:
    institution = house(jianxi, public=True)
    address = reverse("institutions:rectify", args=[institution.pk])
    seen = staff.get(address).context["stake"].mark
    sent = {"kind": "stops_new", "reason": "晨检缺记录", "seen": seen}
    staff.post(address, sent)

    page = text(staff.post(address, sent))

    assert "这家机构已经在限期整改中，这次没有再登记。" in page
    assert f'href="{reverse("institutions:edit", args=[institution.pk])}">不办了，返回</a>' in page


def test_whoever_worked_there_reads_that_it_ended(jianxi: District) -> None:
    institution = house(jianxi, public=True, name="示例园")
    manager = InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user
    client = signed_in(manager)
    end_institution(institution=institution, ended_date=DAY, reason="主动放弃", now=NOW)

    answer = client.get("/workbench/")

    assert (answer.status_code, "示例园已终止" in text(answer)) == (403, True)


def test_strangers_and_who_works_elsewhere_read_nothing_of_an_end(ended: Institution, jianxi: District) -> None:
    assert ended_workplace(StaffUserFactory()) is None
    left = InstitutionMemberFactory(institution=house(jianxi, public=True), user=StaffUserFactory(), ended_at=NOW).user
    assert ended_workplace(left) is None
    assert "已终止" not in text(signed_in(left).get("/workbench/"))
