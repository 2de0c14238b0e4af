"""A refusal that was published by mistake is taken down with a reason; it stays in the register."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.core.calendar.times import at
from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.models import District
from directory.register.models import Refusal
from directory.register.services.refusals import NotPublished, publish_refusal, withdraw_refusal
from directory.register.services.standing import ReasonMissing
from tests.factories.directory import RefusalFactory
from tests.factories.staff import client_of, text

pytestmark = pytest.mark.django_db
NOW = at(dt.date(2026, 11, 26), dt.time(10))


@pytest.fixture
def refusal(jianxi: District) -> Refusal:
    return RefusalFactory(district=jianxi, published_at=NOW)


def test_pages_that_show_it_are_made_anew(refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    bumped: list[str] = []
    monkeypatch.setattr(versions, "bump", bumped.append)

    withdraw_refusal(refusal=refusal, reason="登记错了机构", now=NOW)

    assert bumped == [PUBLIC_PAGES]


def test_staff_take_it_down_and_may_publish_it_again(staff: Client, refusal: Refusal) -> None:
    act = reverse("refusals:withdraw", args=[refusal.pk])
    edit = reverse("refusals:edit", args=[refusal.pk])
    assert act in text(staff.get(edit))

    staff.post(act, {"reason": " 登记错了机构 "})

    refusal.refresh_from_db()
    entry = ModelLogEntry.objects.for_instance(refusal).get(action="directory.take_down")
    assert (refusal.published_at, entry.data["reason"]) == (None, "登记错了机构")
    assert act not in text(staff.get(edit))
    assert publish_refusal(refusal=refusal, now=NOW).published_at == NOW


def test_second_tab_is_told(staff: Client, refusal: Refusal) -> None:
    act = reverse("refusals:withdraw", args=[refusal.pk])
    staff.post(act, {"reason": "登记错了机构"})

    assert "这一条没有公开，不用撤下。" in text(staff.post(act, {"reason": "再来一次"}))
    assert ModelLogEntry.objects.for_instance(refusal).filter(action="directory.take_down").count() == 1
    with pytest.raises(NotPublished):
        withdraw_refusal(refusal=refusal, reason="x", now=NOW)


def test_reason_is_asked_for(refusal: Refusal) -> None:
    with pytest.raises(ReasonMissing) as caught:
        withdraw_refusal(refusal=refusal, reason=" ", now=NOW)

    assert caught.value.fields == {"reason": "请写明原因。"}
    refusal.refresh_from_db()
    assert refusal.published_at == NOW


def test_other_offices_are_refused(refusal: Refusal, jianxi: District) -> None:
    answer = client_of(jianxi, "education").post(reverse("refusals:withdraw", args=[refusal.pk]), {"reason": "x"})

    refusal.refresh_from_db()
    assert answer.status_code in {302, 403, 404}
    assert refusal.published_at == NOW
