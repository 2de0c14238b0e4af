"""Odd words in the admin's searches and odd dates in its filters are answered, never a 500."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page

from directory.districts.models import District
from tests.factories.pages import make_guide
from tests.factories.staff import client_of, house, text

pytestmark = pytest.mark.django_db

HISTORY = "/admin/reports/site-history/"
OUT_OF_REACH = "日期请填 1900 年到 2100 年之间的"


@pytest.fixture
def worker(laid_site: None) -> Client:
    return client_of(District.objects.get(slug="jianxi"), "maternal_child_health")


@pytest.mark.parametrize("words", ['"', '"a', 'a"b', "'", "*", "(", "NEAR(", "\\", "a AND", ":"])
def test_any_words_are_searched(worker: Client, words: str) -> None:
    home = Page.objects.get(depth=2)
    addresses = (f"/admin/pages/{home.pk}/", "/admin/choose-page/search/", "/admin/images/", "/admin/documents/")

    assert {address: worker.get(address, {"q": words}).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_words_between_quotation_marks_are_found(worker: Client) -> None:
    make_guide(title="辅食 怎么 添加")
    make_guide(title="睡觉 看 这里")

    found = text(worker.get("/admin/choose-page/search/", {"q": '"辅食"'}))
    whole = Page.objects.search('"辅食"')

    assert ("辅食 怎么 添加" in found, "睡觉 看 这里" in found) == (True, False)
    assert [page.title for page in whole] == ["辅食 怎么 添加"]


@pytest.mark.parametrize(
    ("name", "date", "is_used"),
    [
        ("timestamp_from", "0001-01-01", False),
        ("timestamp_from", "1899-12-31", False),
        ("timestamp_from", "1900-01-01", True),
        ("timestamp_to", "2100-12-31", True),
        ("timestamp_to", "2101-01-01", False),
        ("timestamp_to", "2026-13-45", True),
        ("timestamp_to", "x", True),
        ("q", "0001-01-01", True),
    ],
)
def test_dates_out_of_reach_are_left_out_and_named(worker: Client, name: str, date: str, is_used: bool) -> None:
    response = worker.get(HISTORY, {name: date, "object_type": "园"}, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain == ([] if is_used else [(f"{HISTORY}?object_type=%E5%9B%AD", 302)])
    assert (OUT_OF_REACH in text(response)) is not is_used


def test_dates_in_the_history_of_an_institution(worker: Client) -> None:
    institution = house(District.objects.get(slug="jianxi"))

    response = worker.get(
        f"/admin/institutions/history/{institution.pk}/", {"timestamp_from": "0001-01-01"}, follow=True
    )

    assert OUT_OF_REACH in text(response)
