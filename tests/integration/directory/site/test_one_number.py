"""List, API, institution's page and booking flow answer one question with one number."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.management import call_command

from booking.places.services.generation import generate_cells
from directory.register.models import Institution, OpeningRule
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, full_house, open_house, toddler
from tests.factories.directory import CareProductFactory, ProductFeeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
QUESTION = {"age": "17", "date": str(TOMORROW), "from": "14:00", "to": "17:00"}


def indexed(house) -> Institution:
    call_command("search_index", rebuild=True, verbosity=0)
    return house.institution


def on_list(client, institution, question=QUESTION) -> str:
    html = client.get("/institutions/", {"district": institution.district.slug, **question}).content.decode()
    card = next(part for part in html.split('<li class="card') if institution.public_id in part)
    return re.search(r'<p class="answer"><(?:strong|span)[^>]*>([^<]*)<', card)[1]


def on_page(client, institution, question=QUESTION) -> list[str]:
    html = client.get(institution.get_absolute_url(), question).content.decode()
    return re.findall(r'</ol><span class="small(?: soft)?">([^<]*)</span>', html)


def test_the_asked_hours_have_one_number(client, sign_in):
    house = full_house(days=7)
    for _ in range(7):
        user, child = toddler()
        booked(house, user=user, child=child)
    user, child = toddler()
    institution = indexed(house)

    page = on_page(client, institution)
    found = client.get("/api/v1/institutions", {"age_months": 17, **{k: QUESTION[k] for k in ("date", "from", "to")}})
    flow = {"child": child.public_id, "mode": "hourly", **{k: QUESTION[k] for k in ("date", "from", "to")}}
    time_page = sign_in(user).get(f"/booking/{institution.public_id}/time/", flow).content.decode()

    assert on_list(client, institution) == "仅 2 位"
    assert (page[0], page[1], page[2]) == ("9 位", "2 位", "9 位")
    remaining = {hit["id"]: hit["remaining"] for hit in found.json()["results"]}
    assert remaining[institution.public_id] == 2
    assert "2位" in time_page


def test_the_month_from_which_an_age_is_taken_is_counted_from_the_asked_day(client):
    house = open_house(kind="senior_toddler")
    institution = indexed(house)
    question = QUESTION | {"date": "2026-12-01"}
    words = "宝宝满 24 个月后可预约（2027年7月）"

    assert on_list(client, institution, question) == words
    assert words in client.get(institution.get_absolute_url(), question).content.decode()
    assert "2027年6月" in client.get(institution.get_absolute_url(), {"age": "17"}).content.decode()


@pytest.mark.parametrize(
    ("changes", "on_the_list", "row"),
    [
        ({"date": str(TODAY), "from": "09:00", "to": "11:00"}, "已过最晚预约时间", "已截止"),
        ({"from": "14:00", "to": "14:30"}, "时间太短，不能约", "不可约"),
        ({"from": "17:00", "to": "19:00"}, "这段时间不开放", "不可约"),
        ({"date": "2026-12-08"}, "这一天还没有开放预约", "未开放"),
    ],
)
def test_what_the_booking_would_refuse_is_not_promised(client, changes, on_the_list, row):
    house = open_house(days=21)
    house.institution.products.exclude(mode="hourly").delete()
    institution = indexed(house)
    question = QUESTION | changes
    ahead = 1 if question["date"] == str(TOMORROW) else 0

    assert on_list(client, institution, question) == on_the_list
    assert on_page(client, institution, question)[ahead] == row
    asked = {"age_months": 17, **{name: question[name] for name in ("date", "from", "to")}}
    assert client.get("/api/v1/institutions", asked).json()["count"] == 0


def test_the_price_from_is_one_that_somebody_pays(client):
    house = open_house()
    institution, product = house.institution, house.products["full_day"]
    institution.products.exclude(pk=product.pk).delete()
    product.fees.all().delete()
    ProductFeeFactory(product=product, fee=8000)
    ProductFeeFactory(product=product, fee=4500, class_kind="infant")
    dear, cheap = indexed(house), CareProductFactory(institution__public=True, fee=6000).institution
    call_command("search_index", rebuild=True, verbosity=0)

    listed = client.get("/institutions/", {"district": institution.district.slug}).content.decode()
    found = client.get("/api/v1/institutions", {"sort": "price"}).json()["results"]
    page = client.get(institution.get_absolute_url()).content.decode()

    assert "80 元/天起" in listed
    assert [(hit["id"], hit["price_from"]) for hit in found] == [(cheap.public_id, 6000), (dear.public_id, 8000)]
    assert "80 元/天" in page
    assert "45 元/天" not in listed + page


SATURDAY = TODAY + dt.timedelta(days=5)


@pytest.fixture
def closed_at_weekends() -> House:
    """A house without cells on Saturday, where temporary care is not offered."""
    house = open_house(days=4)
    OpeningRule.objects.filter(class_group=house.group, weekday__in=(5, 6)).delete()
    generate_cells(institution_ids=[house.institution.pk], now=NOW)
    house.products["temporary"].delete()
    return house


@pytest.mark.parametrize("question", [{}, {"age": "17"}, {"age": "17", "from": "14:00", "to": "17:00"}])
@pytest.mark.parametrize("with_products", [True, False])
def test_a_closed_weekday_is_shown_whatever_is_offered(client, closed_at_weekends, question, with_products):
    closed_at_weekends.institution.products.update(active=with_products)
    institution = indexed(closed_at_weekends)
    question = {"date": str(SATURDAY)} | question

    assert on_list(client, institution, question) == "这天不开放"
    assert on_page(client, institution, question)[5] == "休"


def test_a_closed_weekday_is_shown_on_the_time_page_of_a_mode_not_offered(sign_in, closed_at_weekends):
    user, child = toddler()
    institution = closed_at_weekends.institution

    for mode in ("hourly", "temporary"):
        flow = {"child": child.public_id, "mode": mode, "date": str(SATURDAY)}
        html = sign_in(user).get(f"/booking/{institution.public_id}/time/", flow).content.decode()
        assert re.search(r"<b>28</b>\s*<span>([^<]*)</span>", html)[1] == "休"
