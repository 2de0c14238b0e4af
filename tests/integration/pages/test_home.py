from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db.models import F

from cms.core.calendar.times import at
from cms.pages.numbers import home_numbers
from directory.register.queries.counts import PublicCounts
from tests.factories.booking import NOW
from tests.factories.directory import DistrictFactory, InstitutionFactory, TownshipFactory
from tests.factories.pages import make_notice, make_site
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
PLACED = {"centre_latitude": 34.66, "centre_longitude": 112.4}


def test_question_leads_to_the_list_without_script_or_login(client):
    make_site()

    html = client.get("/").content.decode()

    assert '<form class="ask" id="ask" action="/institutions/" method="get" novalidate>' in html
    assert re.findall(r'<select id="ask-[a-z]+" name="([a-z]+)"', html) == ["age", "date", "from", "to", "near"]


def test_numbers_are_those_of_the_visitors_district(client):
    district, other = DistrictFactory(), DistrictFactory()
    make_site(district=district)
    InstitutionFactory(district=district, township=TownshipFactory(district=district), public=True)
    InstitutionFactory(district=other, township=TownshipFactory(district=other), public=True)

    html = client.get("/").content.decode()

    assert "1 家已备案，其中示范 0 家" in html


def test_townships_are_those_of_the_asked_district_that_lie_somewhere(client):
    make_site(district=DistrictFactory())
    other = TownshipFactory(name="芦台街道", **PLACED)
    TownshipFactory(district=other.district)

    html = client.get("/", {"district": other.district.slug}).content.decode()

    assert options(html, "near") == ["", other.code]
    assert ">芦台街道</option>" in html


def test_unknown_district_is_the_sites_own(client):
    own = TownshipFactory(name="珠江路街道", **PLACED)
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


def options(html: str, name: str) -> list[str]:
    select = re.search(rf'<select id="ask-{name}".*?</select>', html, re.DOTALL)
    assert select is not None
    return re.findall(r'<option value="([^"]*)"', select[0])


def test_choices_are_those_of_the_list(client):
    district = DistrictFactory(slug="jianxi")
    make_site(district=district)
    TownshipFactory(district=district, **PLACED)
    TownshipFactory(district=district)

    home, listed = client.get("/").content.decode(), client.get("/institutions/?edit=1").content.decode()

    for name in ("age", "date", "from", "to", "near"):
        assert options(home, name) == options(listed, name)
    assert (options(home, "from")[0], options(home, "to")[-1]) == ("07:00", "21:00")


def test_coming_classes_of_the_district(rf):
    district = DistrictFactory()
    make_site(district=district)
    later, sooner, third, fourth = (
        ClassSessionFactory(district=district, starts_at=at(DAY, dt.time(hour)), ends_at=at(DAY, dt.time(hour + 1)))
        for hour in (11, 10, 12, 13)
    )
    ClassSessionFactory()
    ClassSessionFactory(district=district, published=False)
    stopped = ClassSessionFactory(district=district)
    stopped.places.__class__.objects.filter(pk=stopped.places.pk).update(cancelled_at=NOW, cancel_reason="停电")
    full = sooner.places.cell
    full.__class__.objects.filter(pk=full.pk).update(taken=F("capacity"))

    before = home_numbers(rf.get("/"), now=NOW)
    begun = home_numbers(rf.get("/"), now=at(DAY, dt.time(10)))

    assert [(item["session"], item["remaining"]) for item in before["coming"]] == [(sooner, 0), (later, 2), (third, 2)]
    assert before["open_count"] == 3
    assert [item["session"] for item in begun["coming"]] == [later, third, fourth]
    assert begun["open_count"] == 0


@pytest.mark.parametrize(("moment", "count"), [(-1, 0), (0, 1)])
def test_sign_up_opens(rf, moment, count):
    session = ClassSessionFactory()
    make_site(district=session.district)

    found = home_numbers(rf.get("/"), now=session.signup_opens_at + dt.timedelta(seconds=moment))

    assert found["open_count"] == count


@pytest.mark.parametrize(("moment", "count"), [(-1, 1), (0, 0)])
def test_sign_up_closes(rf, moment, count):
    session = ClassSessionFactory()
    make_site(district=session.district)

    found = home_numbers(rf.get("/"), now=session.signup_closes_at + dt.timedelta(seconds=moment))

    assert found["open_count"] == count


def test_numbers_of_no_district(rf):
    assert home_numbers(rf.get("/"), now=NOW) == {
        "district": None,
        "institutions": PublicCounts(filed=0, demonstration=0, inclusive=0),
        "coming": [],
        "open_count": 0,
    }
