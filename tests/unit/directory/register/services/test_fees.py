"""Fees are added from a day on and put right until they were charged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.display.wording import full_date
from cms.core.errors import InvalidInput
from cms.core.models import OutboxMessage
from directory.register import ports
from directory.register.fees import SINCE_EVER
from directory.register.models import CareProduct, ProductFee
from directory.register.services.fees import FeeBackdated, FeeCharged, FeeForAllFirst, remove_fee, save_fee
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import CareProductFactory, ProductFeeFactory

pytestmark = pytest.mark.django_db
#: Nearly midnight in Luoyang: the day is not that of UTC.
NOW = dt.datetime(2026, 11, 25, 17, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)
DAY = dt.timedelta(days=1)


def values(**changes: Any) -> dict[str, Any]:
    return {"from_date": TODAY + DAY, "fee": 6000, "monthly_fee": None, "meal_fee": None} | changes


def rows(product: CareProduct) -> list[tuple[str, dt.date, int]]:
    found = product.fees.order_by("from_date", "class_kind")
    return list(found.values_list("class_kind", "from_date", "fee"))


def indexed() -> list[list[int]]:
    sent = OutboxMessage.objects.filter(topic="search.index").order_by("pk")
    return [row.payload["institutions"] for row in sent]


class Charged:
    """Answers whether families booked, and notes what it was asked."""

    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    def __call__(self, **asked: Any) -> list[bool]:
        self.asked.append(asked)
        return [self.answer] * len(asked["fees"])


@pytest.mark.parametrize("since", [TODAY, TODAY + DAY])
def test_fee_is_added_from_today_or_later(since: dt.date) -> None:
    product, actor = CareProductFactory(fee=5400), StaffUserFactory()

    made = save_fee(product=product, values=values(from_date=since), now=NOW, actor=actor)

    assert rows(product) == [("", SINCE_EVER, 5400), ("", since, 6000)]
    assert (made.confirmed_at, made.product) == (NOW, product)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.data["of"]) == ("directory.offering", actor, "productfee")
    assert entry.data["row"] == f"全日托 8:00–18:00 {full_date(since)}起"
    assert entry.data["changes"]["fee"] == ["", "60 元/天"]
    assert indexed() == [[product.institution_id]]


def test_past_days_keep_their_fee() -> None:
    product = CareProductFactory(fee=5400)

    with pytest.raises(FeeBackdated) as caught:
        save_fee(product=product, values=values(from_date=TODAY - DAY), now=NOW)

    assert list(caught.value.fields) == ["from_date"]
    assert (rows(product), indexed()) == ([("", SINCE_EVER, 5400)], [])


def test_first_fee_may_have_begun() -> None:
    product = CareProductFactory(fee=False)

    save_fee(product=product, values=values(from_date=TODAY - DAY), now=NOW)

    assert rows(product) == [("", TODAY - DAY, 6000)]


def test_second_fee_of_a_day_is_refused_in_words() -> None:
    product = CareProductFactory(fee=5400)
    save_fee(product=product, values=values(), now=NOW)

    with pytest.raises(InvalidInput) as caught:
        save_fee(product=product, values=values(fee=7000), now=NOW)

    assert caught.value.fields == {"from_date": "这一天起的收费已经有了，请改那一条，或换一天。"}


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (1, False)])
def test_class_has_its_own_fee_only_while_there_is_one_for_all(days: int, refused: bool) -> None:
    product = CareProductFactory(fee=False)
    ProductFeeFactory(product=product, from_date=TODAY + 2 * DAY)
    own = values(class_kind="infant", from_date=TODAY + (2 + days) * DAY)

    if refused:
        with pytest.raises(FeeForAllFirst) as caught:
            save_fee(product=product, values=own, now=NOW)
        assert list(caught.value.fields) == ["class_kind"]
    else:
        save_fee(product=product, values=own, now=NOW)

    assert product.fees.count() == (1 if refused else 2)


def test_first_fee_of_all_is_for_all_classes() -> None:
    product = CareProductFactory(fee=False)

    with pytest.raises(FeeForAllFirst):
        save_fee(product=product, values=values(class_kind="infant"), now=NOW)

    assert rows(product) == []


def test_fee_to_come_is_not_rewritten_once_families_booked() -> None:
    product = CareProductFactory(fee=5400)
    made = save_fee(product=product, values=values(), now=NOW)
    ProductFeeFactory(product=product, from_date=TODAY + 9 * DAY, fee=7000)
    answer = Charged(True)

    with ports.fee_charged.replaced_by(answer):
        with pytest.raises(FeeCharged) as changed:
            save_fee(product=product, fee=made, values={"fee": 6600}, now=NOW)
        with pytest.raises(FeeCharged):
            save_fee(product=product, fee=made, values={"from_date": TODAY + 8 * DAY}, now=NOW)
        with pytest.raises(FeeCharged):
            remove_fee(fee=made, now=NOW)

    assert str(changed.value.message) == "已经有家庭按这个收费约了，不能再改。要调价，请加一条从以后某天起的收费。"
    assert rows(product) == [("", SINCE_EVER, 5400), ("", TODAY + DAY, 6000), ("", TODAY + 9 * DAY, 7000)]
    assert [each["fees"] for each in answer.asked] == [[("", TODAY + DAY, TODAY + 9 * DAY)]] * 3


def test_fee_to_come_is_corrected_until_families_book() -> None:
    product = CareProductFactory(fee=5400)
    made = save_fee(product=product, values=values(), now=NOW)
    later = NOW + dt.timedelta(minutes=1)

    with ports.fee_charged.replaced_by(Charged(False)):
        saved = save_fee(product=product, fee=made, values={"fee": 6600, "from_date": TODAY + 3 * DAY}, now=later)

    assert rows(product) == [("", SINCE_EVER, 5400), ("", TODAY + 3 * DAY, 6600)]
    assert saved.confirmed_at == later
    assert ModelLogEntry.objects.order_by("-pk")[0].data["changes"] == {
        "fee": ["60 元/天", "66 元/天"],
        "from_date": ["2026-11-27", "2026-11-29"],
    }


def test_fee_to_come_is_not_moved_into_the_past() -> None:
    product = CareProductFactory(fee=5400)
    made = save_fee(product=product, values=values(), now=NOW)

    with pytest.raises(FeeBackdated):
        save_fee(product=product, fee=made, values={"from_date": TODAY - DAY}, now=NOW)

    assert rows(product) == [("", SINCE_EVER, 5400), ("", TODAY + DAY, 6000)]


@pytest.mark.parametrize("charged", [True, False])
def test_fee_that_has_begun_is_corrected_until_it_was_charged(charged: bool) -> None:
    product = CareProductFactory(fee=False)
    first = ProductFeeFactory(product=product, from_date=TODAY - 9 * DAY, fee=5400)
    ProductFeeFactory(product=product, from_date=TODAY - 9 * DAY, fee=1, class_kind="infant")
    ProductFeeFactory(product=product, from_date=TODAY + 5 * DAY, fee=1)
    ProductFeeFactory(product=product, from_date=TODAY + 2 * DAY, fee=1)
    answer = Charged(charged)

    with ports.fee_charged.replaced_by(answer):
        if charged:
            with pytest.raises(FeeCharged):
                save_fee(product=product, fee=first, values={"fee": 5000}, now=NOW)
        else:
            save_fee(product=product, fee=first, values={"fee": 5000, "from_date": first.from_date}, now=NOW)

    assert ProductFee.objects.get(pk=first.pk).fee == (5400 if charged else 5000)
    assert answer.asked == [
        {
            "institution_id": product.institution_id,
            "product_id": product.pk,
            "fees": [("", TODAY - 9 * DAY, TODAY + 2 * DAY)],
        }
    ]


def test_nobody_to_ask_means_nobody_booked() -> None:
    product = CareProductFactory(fee=5400)

    with ports.fee_charged.replaced_by(None):
        save_fee(product=product, fee=product.fees.get(), values={"fee": 5000}, now=NOW)

    assert rows(product) == [("", SINCE_EVER, 5000)]


def test_row_is_read_again_before_it_is_changed() -> None:
    product = CareProductFactory(fee=False)
    stale = ProductFeeFactory(product=product, from_date=TODAY, meal_fee=1500)
    ProductFee.objects.update(meal_fee=1800)

    changed = save_fee(product=product, fee=stale, values={"fee": 5000}, now=NOW)

    assert (changed.fee, changed.meal_fee) == (5000, 1800)


def test_fee_of_another_product_is_not_there() -> None:
    foreign = ProductFeeFactory(from_date=TODAY + DAY)

    with pytest.raises(ProductFee.DoesNotExist):
        save_fee(product=CareProductFactory(), fee=foreign, values={"fee": 1}, now=NOW)


def test_fee_is_taken_back_until_it_was_charged() -> None:
    product, actor = CareProductFactory(fee=5400), StaffUserFactory()
    begun = ProductFeeFactory(product=product, from_date=TODAY)
    to_come = ProductFeeFactory(product=product, from_date=TODAY + DAY, fee=6000)

    with ports.fee_charged.replaced_by(Charged(True)), pytest.raises(FeeCharged):
        remove_fee(fee=begun, now=NOW)
    with ports.fee_charged.replaced_by(Charged(False)):
        remove_fee(fee=to_come, now=NOW, actor=actor)

    assert rows(product) == [("", SINCE_EVER, 5400), ("", TODAY, 8000)]
    entry = ModelLogEntry.objects.get()
    assert (entry.user, entry.data["changes"]) == (actor, {"fee": ["60 元/天", ""]})
    assert indexed() == [[product.institution_id]]


@pytest.mark.parametrize("own", [True, False])
def test_last_fee_for_all_stays(own: bool) -> None:
    fee = ProductFeeFactory(from_date=TODAY + DAY)
    if own:
        ProductFeeFactory(product=fee.product, from_date=TODAY + DAY, class_kind="infant")

    with pytest.raises(FeeForAllFirst):
        remove_fee(fee=fee, now=NOW)

    assert fee.product.fees.count() == 1 + own
