from __future__ import annotations

import re

import pytest

from tests.factories.directory import DistrictFactory, InstitutionFactory, TownshipFactory
from tests.factories.pages import make_notice, make_site

pytestmark = pytest.mark.django_db


def test_question_leads_to_the_list_without_script_or_login(client):
    make_site()

    html = client.get("/").content.decode()

    assert '<form class="ask" action="/institutions/" method="get">' in html
    assert re.findall(r'<select id="ask-[a-z]+" name="([a-z]+)"', html) == ["age", "date", "from", "to", "near"]


def test_numbers_are_those_of_the_visitors_district(client):
    district, other = DistrictFactory(), DistrictFactory()
    make_site(district=district)
    InstitutionFactory(district=district, township=TownshipFactory(district=district), public=True)
    InstitutionFactory(district=other, township=TownshipFactory(district=other), public=True)

    html = client.get("/").content.decode()

    assert "1 家已备案，其中示范 0 家" in html


def test_townships_are_those_of_the_asked_district(client):
    make_site(district=DistrictFactory())
    other = TownshipFactory(name="芦台街道")

    html = client.get("/", {"district": other.district.slug}).content.decode()

    assert f'<option value="{other.code}">芦台街道</option>' in html


def test_unknown_district_is_the_sites_own(client):
    own = TownshipFactory(name="珠江路街道")
    make_site(district=own.district)
    client.cookies["district"] = "nowhere"

    assert "珠江路街道" in client.get("/").content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_home_asks_the_same_number_of_queries(client, django_assert_num_queries, item_count):
    make_site(district=DistrictFactory())
    for _number in range(item_count):
        make_notice()
    client.get("/privacy/")

    with django_assert_num_queries(12):
        client.get("/")
