"""Fees on the public record and in the API: what holds, what comes, what was."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from directory.register.fees import SINCE_EVER
from directory.register.models import ClassGroup, Institution
from directory.register.services.institutions import correct_institution
from directory.site.queries.detail import public_record
from tests.factories.booking import NOW, TODAY
from tests.factories.directory import CareProductFactory, ClassGroupFactory, InstitutionFactory, ProductFeeFactory

pytestmark = pytest.mark.django_db
SAVED = dt.datetime(2026, 11, 2, 16, 30, tzinfo=dt.UTC)


@pytest.fixture
def house(clock: time_machine.Traveller) -> Institution:
    """A full day at 50 元 until August, 54 元 now, 60 元 from December, the infants at 90."""
    made = InstitutionFactory(public=True)
    for kind in ("infant", "toddler"):
        ClassGroupFactory(institution=made, kind=kind)
    product = CareProductFactory(institution=made, fee=5000, confirmed_at=SAVED)
    ProductFeeFactory(product=product, fee=5400, from_date=dt.date(2026, 9, 1), monthly_fee=90000, confirmed_at=SAVED)
    ProductFeeFactory(product=product, fee=6000, from_date=dt.date(2026, 12, 1))
    ProductFeeFactory(
        product=product, fee=9000, from_date=dt.date(2026, 9, 1), class_kind="infant", meal_fee=1500, confirmed_at=SAVED
    )
    return made


def test_record_shows_each_with_its_day(client: Client, house: Institution) -> None:
    html = re.sub(r"\s*<[^>]+>\s*", " ", client.get(house.get_absolute_url()).content.decode())
    html = " ".join(html.split())

    for words in ("54 元/天", "900 元/月", "12月1日起 60 元/天", "8月31日以前 50 元/天", "乳儿班 90 元/天", "9月1日起"):
        assert words in html
    assert "收费由机构填写，2026年11月3日。清单外不收费。" in html


def test_api_has_what_holds_today_and_all_the_others(client: Client, house: Institution) -> None:
    [product] = client.get(f"/api/v1/institutions/{house.public_id}").json()["products"]

    assert (product["fee"], product["monthly_fee"], product["meal_fee"]) == (5400, 90000, None)
    assert product["source"] == {"title": "机构填写", "url": "", "date": "2026-11-03"}
    assert [(fee["class_kind"], fee["from"], fee["fee"], fee["monthly_fee"], fee["meal_fee"], fee["source"]["date"])
            for fee in product["fees"]] == [
        (None, None, 5000, None, None, None),
        (None, "2026-09-01", 5400, 90000, None, "2026-11-03"),
        ("infant", "2026-09-01", 9000, None, 1500, "2026-11-03"),
        (None, "2026-12-01", 6000, None, None, None),
    ]  # fmt: skip


def test_api_names_no_fee_before_the_first_begins(client: Client, house: Institution) -> None:
    product = CareProductFactory(institution=house, hourly=True, fee=False)
    ProductFeeFactory(product=product, fee=900, meal_fee=1, monthly_fee=1, from_date=TODAY + dt.timedelta(days=1))

    found = client.get(f"/api/v1/institutions/{house.public_id}").json()["products"][1]

    assert (found["fee"], found["monthly_fee"], found["meal_fee"], len(found["fees"])) == (None, None, None, 1)


def test_products_stand_by_the_fee_of_the_day(house: Institution) -> None:
    second = CareProductFactory(institution=house, fee=5700, ends=dt.time(17))

    first = house.products.exclude(pk=second.pk).get()
    orders = [public_record(house.public_id, today=day).products for day in (TODAY, dt.date(2026, 12, 1))]

    assert orders == [[first, second], [second, first]]


def test_fees_of_the_record_are_those_of_its_products(house: Institution) -> None:
    CareProductFactory(fee=1)
    CareProductFactory(institution=house, ends=dt.time(17), active=False)

    record = public_record(house.public_id, today=TODAY)

    [product] = record.products
    assert list(record.fees) == [product.pk]
    assert [(fee.from_date, fee.fee) for fee in record.fees[product.pk]][:2] == [
        (SINCE_EVER, 5000), (dt.date(2026, 9, 1), 5400),
    ]  # fmt: skip


def test_corrections_by_staff_leave_what_the_institution_said_as_old_as_it_is(
    client: Client, house: Institution
) -> None:
    ClassGroupFactory(institution=house)
    ClassGroup.objects.update(confirmed_at=SAVED)
    correct_institution(institution=house, values={"phone": "0379-11111111"}, now=NOW)

    answer = client.get(f"/api/v1/institutions/{house.public_id}").json()
    html = client.get(house.get_absolute_url()).content.decode()

    assert answer["class_groups"][0]["source"]["date"] == "2026-11-03"
    assert "机构填写，2026年11月3日" in html
    assert "2026年11月23日" not in html
