"""A signed-in parent's children in the question of home, list and record; nobody else ever sees them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.core.web import page_cache
from tests.factories.accounts import ChildFactory
from tests.factories.booking import open_house, toddler
from tests.factories.directory import DistrictFactory
from tests.factories.pages import make_site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
#: The twins' second birthday is 4 December; the day asked about lies three days later.
BORN, ASKED_DAY = dt.date(2024, 12, 4), "2026-12-07"
QUESTION = {"date": ASKED_DAY, "from": "14:00", "to": "17:00"}


def options(html: str) -> list[tuple[str, bool, str]]:
    select = re.search(r'<select id="ask-age".*?</select>', html, re.DOTALL)
    found = re.findall(r'<option value="([^"]*)" ?(selected)?>([^<]*)<', select[0])
    return [(value, bool(selected), text) for value, selected, text in found]


def read(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def twins(sign_in):
    user, child = toddler(nickname="安安", birth_date=BORN)
    other = ChildFactory(family=child.family, nickname="宁宁", birth_date=BORN)
    return sign_in(user), child, other


@pytest.mark.parametrize("path", ["/", "/institutions/?edit=1"])
def test_children_stand_first_and_the_first_is_chosen(twins, client, path):
    make_site(district=DistrictFactory(slug="jianxi"))
    parent, child, other = twins

    assert options(read(parent, path))[:3] == [
        (child.public_id, True, "安安"),
        (other.public_id, False, "宁宁"),
        ("6", False, "6 个月"),
    ]
    assert options(read(client, path))[:2] == [("", False, "选月龄或生日"), ("6", False, "6 个月")]


@pytest.mark.parametrize("path", ["/", "/institutions/"])
def test_page_with_children_is_kept_for_nobody(twins, client, settings, path):
    settings.PAGE_CACHE_SECONDS = 30
    make_site(district=DistrictFactory(slug="jianxi"))
    page_cache.store.clear()

    named = twins[0].get(path)

    assert ("private" in named["Cache-Control"].split(", "), page_cache.STAMP_HEADER in named) == (True, False)
    plain = client.get(path)
    assert "安安" not in plain.content.decode()
    assert "private" not in plain.get("Cache-Control", "")


def test_parent_without_children_sees_the_usual_question(sign_in):
    make_site(district=DistrictFactory(slug="jianxi"))
    user, child = toddler()
    child.delete()

    response = sign_in(user).get("/")

    assert options(response.content.decode())[0] == ("", False, "选月龄或生日")
    assert "Cache-Control" not in response


def test_a_child_is_as_old_as_on_the_asked_day_on_list_record_and_api(twins):
    parent, child, _ = twins
    house = open_house(kind="senior_toddler", days=15)
    call_command("search_index", rebuild=True, verbosity=0)
    district = {"district": house.institution.district.slug}

    sent = parent.get("/institutions/", {"age": child.public_id, **QUESTION, **district})
    listed = read(parent, sent["Location"])
    record = read(parent, house.institution.get_absolute_url(), age="24", child=child.public_id, **QUESTION)
    api = parent.get("/api/v1/institutions", {"age_months": 24, **QUESTION, **district}).json()

    assert sent["Location"] == (
        f"/institutions/?{'&'.join(f'{name}={value}' for name, value in district.items())}"
        f"&age=24&child={child.public_id}&date={ASKED_DAY}&from=14%3A00&to=17%3A00"
    )
    assert "那天满 24 个月，托大班" in listed
    assert "安安那天满 24 个月，托大班" in listed
    assert '<strong class="yes">有 6 位</strong>' in listed
    assert "12月7日 周一 14:00–17:00</span>" in record
    assert ">安安那天满 24 个月，托大班</span>" in record
    assert "6 位" in record
    assert f'href="/booking/{house.institution.public_id}/?age=24&amp;child={child.public_id}' in record
    assert [hit["remaining"] for hit in api["results"]] == [6]


@pytest.mark.parametrize(
    ("age", "words"), [("2024-12", "2024年12月出生，那天满 24 个月"), ("24", ">那天满 24"), ("23", ">那天满 23")]
)
def test_month_of_birth_is_an_age_for_everybody(client, age, words):
    house = open_house(kind="senior_toddler", days=15)
    call_command("search_index", rebuild=True, verbosity=0)

    listed = read(client, "/institutions/", district=house.institution.district.slug, age=age, **QUESTION)
    record = read(client, house.institution.get_absolute_url(), age=age, **QUESTION)

    taken = age != "23"
    assert words in listed
    assert ("那天满 24 个月，托大班" in listed, "那天满 24 个月，托大班" in record) == (taken, taken)
    assert ("有 6 位" in listed, "6 位" in record) == (taken, taken)
    refused = "宝宝满 24 个月后可预约（2027年1月）"
    assert (refused in listed, refused in record) == (not taken, not taken)


def test_a_strangers_link_names_no_child(twins, client, sign_in):
    _, child, _ = twins
    house = open_house()
    other = sign_in(toddler(nickname="豆豆")[0])

    for visitor in (client, other):
        assert "安安" not in read(visitor, "/institutions/", age=child.public_id, **QUESTION)
        listed = read(visitor, "/institutions/", age="24", child=child.public_id, **QUESTION)
        record = read(visitor, house.institution.get_absolute_url(), age="24", child=child.public_id, **QUESTION)
        assert ("安安" in listed, "那天满 24 个月，托大班" in listed) == (False, True)
        assert ("安安" in record, child.public_id in record) == (False, False)


def test_age_by_a_strangers_child_is_asked_for(twins, client):
    parent, child, _ = twins
    house = open_house()

    listed = read(client, "/institutions/", age=child.public_id, **QUESTION)

    assert "请选宝宝多大。" in listed
    assert f'<option value="{QUESTION["from"]}" selected>' in listed
    assert house.institution.name not in listed
    assert "请选宝宝多大。" not in read(parent, "/institutions/", age="24", child=child.public_id, **QUESTION)
    assert "请选宝宝多大。" not in read(client, "/institutions/", age="24", child=child.public_id, **QUESTION)


def test_children_are_chips_of_the_record(twins, client):
    parent, child, other = twins
    house = open_house()

    response = parent.get(house.institution.get_absolute_url(), {"date": ASKED_DAY})
    html = response.content.decode()

    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    for each in (child, other):
        assert f'href="?age=24&amp;child={each.public_id}&amp;date={ASKED_DAY}"' in html
    assert "选择宝宝或班型" not in read(client, house.institution.get_absolute_url(), date=ASKED_DAY)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_children(sign_in, count):
    user, child = toddler()
    ChildFactory.create_batch(count - 1, family=child.family)
    parent, house = sign_in(user), open_house()
    call_command("search_index", rebuild=True, verbosity=0)
    counts = []
    for path in ("/institutions/", house.institution.get_absolute_url()):
        parent.get(path)
        with CaptureQueriesContext(connection) as queries:
            parent.get(path, QUESTION)
        counts.append(len(queries))

    assert counts == [7, 10]
