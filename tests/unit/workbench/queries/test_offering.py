"""Classes, products and closing days as the settings list them."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import BookingPolicy
from cms.workbench.queries import offering
from cms.workbench.queries.setup import setup_steps
from directory.register.models import Institution
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    ClosingDayFactory,
    InstitutionFactory,
    OpeningRuleFactory,
    ProductFeeFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 26)


@pytest.fixture
def house() -> Institution:
    return InstitutionFactory(public=True)


def test_classes_in_use_stand_first(house: Institution) -> None:
    closed = ClassGroupFactory(institution=house, active=False, pk=71)
    second, first = ClassGroupFactory(institution=house, pk=73), ClassGroupFactory(institution=house, pk=72)
    foreign = ClassGroupFactory()

    assert list(offering.class_groups_of(house)) == [first, second, closed]
    assert offering.class_group_of(house, second.public_id) == second
    assert offering.class_group_of(house, foreign.public_id) is None


def test_products_offered_stand_first_and_then_by_mode_part_and_hours(house: Institution) -> None:
    off = CareProductFactory(institution=house, active=False)
    hourly = CareProductFactory(institution=house, hourly=True)
    afternoon = CareProductFactory(
        institution=house, half_day=True, part="afternoon", starts=dt.time(14), ends=dt.time(18)
    )
    morning = CareProductFactory(institution=house, half_day=True)
    late = CareProductFactory(institution=house, starts=dt.time(9))
    dear = CareProductFactory(institution=house, ends=dt.time(17), inclusive=True, pk=9002)
    cheap = CareProductFactory(institution=house, ends=dt.time(17), pk=9001)
    foreign = CareProductFactory()

    CareProductFactory(institution=house, mode="half_month")
    modes = ["full_day", "half_day", "hourly"]
    found = offering.priced_products(house, modes, today=DAY)
    assert [row.product for row in found] == [cheap, dear, late, afternoon, morning, hourly, off]
    assert [offering.product_of(house, each.public_id) for each in (late, foreign)] == [late, None]


def test_fee_of_today_and_the_next_to_come_for_all_classes(house: Institution) -> None:
    product = CareProductFactory(institution=house, fee=5400)
    today, next_day, later = (DAY + dt.timedelta(days=n) for n in (0, 1, 2))
    for since, fee in ((today, 6000), (later, 8000), (next_day, 7000)):
        ProductFeeFactory(product=product, from_date=since, fee=fee)
    ProductFeeFactory(product=product, from_date=today, fee=9000, class_kind="infant")
    ProductFeeFactory(product=product, from_date=next_day, fee=9900, class_kind="infant")
    to_come = CareProductFactory(institution=house, hourly=True, fee=False)
    ProductFeeFactory(product=to_come, from_date=next_day, fee=900)

    first, second = offering.priced_products(house, ["full_day", "hourly"], today=DAY)

    assert (first.fee.fee, first.coming.fee) == (6000, 7000)
    assert (second.fee, second.coming.fee) == (None, 900)


def test_products_and_their_fees_are_two_queries(house: Institution, django_assert_num_queries: object) -> None:
    for hour in (15, 16, 17):
        CareProductFactory(institution=house, ends=dt.time(hour))

    with django_assert_num_queries(2):
        offering.priced_products(house, ["full_day"], today=DAY)


def test_fee_is_found_under_its_product_alone(house: Institution) -> None:
    product = CareProductFactory(institution=house)
    fee, foreign = product.fees.get(), CareProductFactory().fees.get()

    assert [offering.fee_of(product, each.pk) for each in (fee, foreign)] == [fee, None]


def test_closings_on_a_day(house: Institution) -> None:
    ClosingDayFactory(institution=house, date=DAY + dt.timedelta(days=1))
    ClosingDayFactory(date=DAY)
    toddlers = ClosingDayFactory(institution=house, date=DAY, class_kind="toddler")
    afternoon = ClosingDayFactory(institution=house, date=DAY, from_minute=720)
    morning = ClosingDayFactory(institution=house, date=DAY, to_minute=720)
    all_day = ClosingDayFactory(institution=house, date=DAY)

    assert offering.closings_on(house, DAY) == [all_day, morning, afternoon, toddlers]
    assert offering.closings_on(house, DAY - dt.timedelta(days=1)) == []


def done(house: Institution) -> list[str]:
    return [step.name for step in setup_steps(house) if step.done]


def test_steps_are_done_one_by_one(house: Institution) -> None:
    other = ClassGroupFactory()
    OpeningRuleFactory(class_group=other)
    CareProductFactory(institution=other.institution)
    BookingPolicy.objects.create(institution=other.institution)
    ClassGroupFactory(institution=house, active=False)
    CareProductFactory(institution=house, active=False)
    assert done(house) == []

    first, second = (ClassGroupFactory(institution=house, places=10, caregivers=1) for _ in range(2))
    assert done(house) == ["classes"]
    OpeningRuleFactory(class_group=first, regular_places=10)
    assert done(house) == ["classes"]
    rule = OpeningRuleFactory(class_group=second, regular_places=5)
    assert done(house) == ["classes", "hours"]
    rule.regular_places = 4
    rule.save()
    assert done(house) == ["classes", "hours", "regular"]
    CareProductFactory(institution=house)
    assert done(house) == ["classes", "hours", "regular", "products"]
    BookingPolicy.objects.create(institution=house)
    assert done(house) == ["classes", "hours", "regular", "products", "policy"]


def test_a_class_that_is_closed_offers_no_place(house: Institution) -> None:
    OpeningRuleFactory(class_group=ClassGroupFactory(institution=house), regular_places=10)
    OpeningRuleFactory(class_group=ClassGroupFactory(institution=house, active=False), regular_places=0)

    assert done(house) == ["classes", "hours"]
