"""The institution changes what it asks: from a day on, and corrected until families booked with it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.places.services.policies import save_policy
from directory.register.models import CareProduct, ProductFee
from directory.register.services.fees import FeeForAnotherStep, save_fee
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, toddler
from tests.factories.directory import ClassGroupFactory, ProductFeeFactory
from tests.factories.workbench import browser, manager_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


@pytest.fixture
def product(house: House) -> CareProduct:
    return house.products["full_day"]


def url(name: str, product: CareProduct, *args: object) -> str:
    return reverse(f"workbench:{name}", args=[product.public_id, *args])


def rows(product: CareProduct) -> list[tuple[str, dt.date, int]]:
    found = product.fees.order_by("from_date", "class_kind")
    return list(found.values_list("class_kind", "from_date", "fee"))[1:]


def test_fee_is_added_from_tomorrow_unless_another_day_is_typed(desk: Client, product: CareProduct) -> None:
    form = desk.get(url("settings-fee-add", product)).context["form"]

    saved = desk.post(
        url("settings-fee-add", product),
        {"fee": "88.50", "monthly_fee": "1980", "meal_fee": "15", "from_date": "2026-12-01", "class_kind": "toddler"},
        follow=True,
    )

    assert form.initial == {"from_date": TOMORROW}
    assert [value for value, _label in form.fields["class_kind"].choices] == ["", "toddler"]
    assert rows(product) == [("toddler", dt.date(2026, 12, 1), 8850)]
    row = product.fees.order_by("-from_date")[0]
    assert (row.monthly_fee, row.meal_fee) == (198000, 1500)
    html = saved.content.decode()
    for words in ("80 元/天", "托小班 88.50 元/天，1,980 元/月", "12月1日起", "餐费 15 元/天", "已保存"):
        assert words in html


def test_past_day_is_refused_and_what_was_typed_stays(desk: Client, product: CareProduct) -> None:
    page = desk.post(url("settings-fee-add", product), {"fee": "90", "from_date": "2026-11-22"})

    assert page.context["form"].errors == {"from_date": ["过去的日子不能再改收费，请选今天或以后的一天。"]}
    assert 'value="90"' in page.content.decode()
    assert rows(product) == []


@pytest.mark.parametrize(
    ("data", "field"),
    [({"fee": ""}, "fee"), ({"fee": "九十"}, "fee"), ({"from_date": "明天"}, "from_date"),
     ({"from_date": ""}, "from_date"), ({"class_kind": "nursery"}, "class_kind")],
)  # fmt: skip
def test_what_makes_no_sense_is_named(desk: Client, product: CareProduct, data: dict[str, str], field: str) -> None:
    page = desk.post(url("settings-fee-add", product), {"fee": "90", "from_date": "2026-12-01", **data})

    assert list(page.context["form"].errors) == [field]
    assert rows(product) == []


def test_hourly_fee_is_typed_for_an_hour(desk: Client, house: House) -> None:
    hourly = house.products["hourly"]

    desk.post(url("settings-fee-add", hourly), {"fee": "20", "from_date": "2026-12-01"})
    odd = desk.post(url("settings-fee-add", hourly), {"fee": "20.01", "from_date": "2026-12-02"})

    assert rows(hourly) == [("", dt.date(2026, 12, 1), 1000)]
    assert odd.context["form"].errors == {"fee": ["这个数按半小时分不到整分，请换一个，例如 18 元"]}
    fee = hourly.fees.get(fee=1000)
    assert desk.get(url("settings-fee", hourly, fee.pk)).context["form"].initial["fee"] == "20"


def test_fee_to_come_is_corrected_and_taken_back(desk: Client, product: CareProduct) -> None:
    fee = ProductFeeFactory(product=product, fee=9000, from_date=TOMORROW)

    desk.post(url("settings-fee", product, fee.pk), {"fee": "91", "from_date": "2026-12-01"})
    corrected = rows(product)
    desk.post(url("settings-fee-remove", product, fee.pk))

    assert (corrected, rows(product)) == ([("", dt.date(2026, 12, 1), 9100)], [])


def test_charged_fee_offers_no_correction_and_refuses_it(desk: Client, house: House, product: CareProduct) -> None:
    user, child = toddler()
    fee = product.fees.get()
    correct = url("settings-fee", product, fee.pk)
    assert correct in desk.get(url("settings-product", product)).content.decode()
    booked(house, user=user, child=child, mode="full_day", starts=dt.time(8), ends=dt.time(18))

    page = desk.get(url("settings-product", product)).content.decode()
    refused = desk.post(correct, {"fee": "1"}).content.decode()
    removed = desk.post(url("settings-fee-remove", product, fee.pk), follow=True).content.decode()

    assert correct not in page
    for html in (refused, removed):
        assert "已经有家庭按这个收费约了，不能再改。" in html
    assert product.fees.get().fee == 8000


def test_fee_to_come_is_open_until_families_booked_with_it(desk: Client, house: House, product: CareProduct) -> None:
    user, child = toddler()
    fee = ProductFeeFactory(product=product, fee=9000, from_date=TOMORROW)
    later = ProductFeeFactory(product=product, fee=9900, from_date=TOMORROW + dt.timedelta(days=1))
    correct = url("settings-fee", product, fee.pk)
    before = desk.get(url("settings-product", product)).content.decode()
    booked(house, user=user, child=child, mode="full_day", starts=dt.time(8), ends=dt.time(18))

    page = desk.get(url("settings-product", product)).content.decode()
    refused = desk.post(correct, {"fee": "1", "from_date": str(TOMORROW)}).content.decode()

    assert (correct in before, correct in page) == (True, False)
    assert url("settings-fee", product, later.pk) in page
    assert "已经有家庭按这个收费约了，不能再改。要调价，请加一条从以后某天起的收费。" in refused
    fee.refresh_from_db()
    assert fee.fee == 9000


def test_day_that_nobody_noted_may_stay_open(desk: Client, product: CareProduct) -> None:
    fee = product.fees.get()

    desk.post(url("settings-fee", product, fee.pk), {"fee": "70", "from_date": ""})

    saved = product.fees.get()
    assert (saved.fee, saved.from_date) == (7000, fee.from_date)


def test_last_fee_is_not_taken_away(desk: Client, product: CareProduct) -> None:
    page = desk.post(url("settings-fee-remove", product, product.fees.get().pk), follow=True)

    assert "先要有各班通用的收费" in page.content.decode()
    assert product.fees.count() == 1


def test_fee_of_another_product_is_404(desk: Client, house: House, product: CareProduct) -> None:
    foreign = house.products["hourly"].fees.get()

    for name in ("settings-fee", "settings-fee-remove"):
        assert desk.post(url(name, product, foreign.pk), {"fee": "1", "from_date": "2026-12-01"}).status_code == 404
    assert ProductFee.objects.get(pk=foreign.pk).fee == 900


def test_product_that_is_not_booked_by_the_day_has_no_such_page(desk: Client, house: House) -> None:
    product = CareProduct.objects.create(
        institution=house.institution, mode="half_month", starts=dt.time(8), ends=dt.time(18)
    )

    assert desk.get(url("settings-fee-add", product)).status_code == 404


def test_house_without_classes_is_asked_for_no_class(desk: Client, house: House, product: CareProduct) -> None:
    house.institution.class_groups.update(active=False)

    assert "class_kind" not in desk.get(url("settings-fee-add", product)).context["form"].fields


def test_list_says_what_holds_and_what_comes(desk: Client, product: CareProduct) -> None:
    ProductFeeFactory(product=product, fee=9000, from_date=dt.date(2026, 12, 1))

    html = " ".join(desk.get(reverse("workbench:settings-products")).content.decode().split())

    assert "8:00–18:00 80 元/天 12月1日起 90 元/天" in html


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_fees(desk: Client, house: House, product: CareProduct, number: int) -> None:
    ClassGroupFactory(institution=house.institution, kind="infant")
    for ago in range(1, number + 1):
        ProductFeeFactory(product=product, fee=ago, from_date=TODAY - dt.timedelta(days=ago))
        ProductFeeFactory(product=product, fee=ago, from_date=TODAY + dt.timedelta(days=ago))
    page = url("settings-product", product)
    desk.get(page)

    with CaptureQueriesContext(connection) as queries:
        desk.get(page)

    assert len(queries) == 9


def test_fee_counted_for_a_step_that_has_changed_is_refused(house: House) -> None:
    product = house.products["hourly"]
    values = {"from_date": TOMORROW, "fee": 1000, "monthly_fee": None, "meal_fee": None}
    save_policy(institution=house.institution, values={"step_minutes": 60}, now=NOW)

    with pytest.raises(FeeForAnotherStep):
        save_fee(product=product, values=values, step=30, now=NOW)
    save_fee(product=house.products["full_day"], values=values, step=30, now=NOW)
    save_fee(product=product, values=values, step=60, now=NOW)

    assert rows(product) == [("", TOMORROW, 1000)]


def test_step_that_a_fee_can_not_follow_is_named_at_its_field(house: House, desk: Client) -> None:
    save_policy(institution=house.institution, values={"raster_minutes": 15, "step_minutes": 60}, now=NOW)
    ProductFeeFactory(product=house.products["hourly"], from_date=TOMORROW, fee=1850)
    initial = desk.get(reverse("workbench:settings-policy")).context["form"].initial

    page = desk.post(reverse("workbench:settings-policy"), {**initial, "step_minutes": "15"})

    assert list(page.context["form"].errors) == ["step_minutes"]
    assert rows(house.products["hourly"]) == [("", TOMORROW, 1850)]
