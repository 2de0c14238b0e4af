from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.places.services.freshness import confirm_places
from booking.places.services.generation import generate_cells
from cms.core.web import page_cache
from directory.register.models import Institution
from directory.register.services import institutions
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    ClosingDayFactory,
    InstitutionFactory,
    InstitutionProfileFactory,
    OpeningRuleFactory,
    TitleFactory,
)
from tests.factories.pages import make_draft_plan

pytestmark = pytest.mark.django_db


def open_house(**values: object) -> Institution:
    """A public institution with a class, a product and free places every day."""
    house = InstitutionFactory(public=True, **values)
    InstitutionProfileFactory(institution=house)
    group = ClassGroupFactory(institution=house, name="托小班")
    for weekday in range(7):
        OpeningRuleFactory(class_group=group, weekday=weekday)
    CareProductFactory(institution=house, hourly=True)
    generate_cells(institution_ids=[house.pk], days=None, now=timezone.now())
    confirm_places(actor=StaffUserFactory(), institution=house, now=timezone.now())
    return house


def page(client: Client, house: Institution, query: str = "") -> str:
    response = client.get(house.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)


def test_stranger_reads_facts_with_their_sources(client: Client) -> None:
    house = open_house(credit_code="52410702000000000L", nature="non_profit")
    authorisation = house.authorisations.get()

    html = page(client, house)

    for words in (house.name, authorisation.number, "2025年3月1日", authorisation.office, authorisation.source_title):
        assert words in html
    assert "52*************00L" in html
    assert "52410702000000000L" not in html
    assert "民政部门登记" in html


def test_fees_rules_and_places_are_shown(client: Client) -> None:
    html = page(client, open_house())

    for words in (
        "18 元/小时",
        "按半小时计",
        "8:00–18:00",
        "清单外不收费",
        "提前 14 天开放",
        'class="week"',
        "截至今天",
    ):
        assert words in html


def test_answers_lead_into_booking(client: Client) -> None:
    house = open_house()

    html = page(client, house, f"?age=17&date={tomorrow()}&from=14:00&to=17:00")

    query = f"age=17&amp;date={tomorrow()}&amp;from=14%3A00&amp;to=17%3A00"
    assert f'href="/booking/{house.public_id}/?{query}"' in html
    assert "托小班空位" in html
    assert "mine" in html


def test_age_that_cant_be_taken_says_why(client: Client) -> None:
    html = page(client, open_house(), "?age=30")

    assert 'class="week"' not in html
    assert '<p class="no">' in html


@pytest.mark.parametrize("query", ["?age=x&date=yesterday&from=25:00&class=nobody", "?age=-1", "?date=2026-13-01"])
def test_answers_that_make_no_sense_are_left_out(client: Client, query: str) -> None:
    assert 'class="week"' in page(client, open_house(), query)


def test_stale_places_say_that_the_institution_answers(client: Client) -> None:
    house = open_house()
    confirm_places(actor=StaffUserFactory(), institution=house, now=timezone.now() - dt.timedelta(days=5))

    html = page(client, house)

    assert "约不约得上要等机构答复，也可以打电话问" in html
    assert "ribbon--stale" in html


def test_closing_day_is_told(client: Client) -> None:
    house = open_house()
    ClosingDayFactory(institution=house, date=tomorrow(), reason="全园消毒")

    assert "全园消毒" in page(client, house)


def test_rectification_has_a_banner_and_no_booking(client: Client) -> None:
    house = open_house()
    institutions.start_rectification(
        institution=house, kind="closes", reason="晨检缺记录", until_date=None, now=timezone.now()
    )

    html = page(client, house)

    assert "正在限期整改，暂停预约" in html
    assert "/booking/" not in html
    assert "晨检缺记录" not in html


def test_house_without_places_asks_for_a_call(client: Client) -> None:
    html = page(client, InstitutionFactory(public=True))

    assert "请打电话询问" in html
    assert "tel:037900000000" in html


def test_draft_district_is_marked(client: Client) -> None:
    house = InstitutionFactory(public=True)
    make_draft_plan(house.district)

    assert "本区方案为征求意见稿" in page(client, house)


@pytest.mark.parametrize("state", ["draft", "ended"])
def test_what_is_not_public_is_not_there(client: Client, state: str) -> None:
    house = InstitutionFactory(state=state)

    response = client.get(house.get_absolute_url())

    assert response.status_code == 404
    assert "没有这家机构" in response.content.decode()
    assert house.name not in response.content.decode()


def test_authorisation_past_its_day_is_not_shown_before_the_job_ran(client: Client) -> None:
    house = InstitutionFactory(public=True)
    house.authorisations.update(until_date=timezone.localdate() - dt.timedelta(days=1))

    assert client.get(house.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_what_is_shown(client: Client, count: int) -> None:
    house = open_house()
    TitleFactory(institution=house)
    Institution.objects.update(is_demonstration=True)
    for number in range(1, count):
        CareProductFactory(institution=house, hourly=True, fee=900 + number, ends=dt.time(15 + number))
        ClassGroupFactory(institution=house)
        ClosingDayFactory(institution=house, date=timezone.localdate() + dt.timedelta(days=number))
    page(client, house)

    with CaptureQueriesContext(connection) as queries:
        page(client, house)

    assert len(queries) == 8


def test_page_is_kept_for_visitors_without_a_session(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.PAGE_CACHE_SECONDS = 30
    page_cache.store.clear()
    house = open_house()
    page(client, house)

    with CaptureQueriesContext(connection) as queries:
        page(client, house)

    assert [query["sql"] for query in queries if "directory_" in query["sql"]] == []


def test_a_published_introduction_reaches_page_and_api(client: Client) -> None:
    house = InstitutionFactory(public=True)
    InstitutionProfileFactory(institution=house, introduction="一楼朝南，每天户外两小时。", live=True)
    plain = InstitutionFactory(public=True)
    InstitutionProfileFactory(institution=plain, introduction="", live=True)

    assert "一楼朝南，每天户外两小时。" in client.get(f"/institutions/{house.public_id}/").content.decode()
    told = [client.get(f"/api/v1/institutions/{each.public_id}").json()["introduction"] for each in (house, plain)]
    assert told == ["一楼朝南，每天户外两小时。", ""]


def test_half_day_is_priced_per_half_day(client: Client) -> None:
    house = open_house()
    CareProductFactory(institution=house, half_day=True)

    html = page(client, house)

    assert "45 元/半天" in html
    assert "45 元/天" not in html
