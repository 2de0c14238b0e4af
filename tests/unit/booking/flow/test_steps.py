from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.steps import child_choices, mode_choices, products_of, public_institution
from booking.places.models import BookingPolicy
from booking.places.queries.buckets import kinds_run
from cms.accounts.models import Child
from cms.core.errors import NotFound
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct
from tests.factories.booking import full_house, open_house
from tests.factories.directory import CareProductFactory

TODAY = dt.date(2026, 11, 23)
LAST = TODAY + dt.timedelta(days=14)


def child(born: dt.date) -> Child:
    return Child(nickname="豆豆", birth_date=born)


def product(mode: str, fee: int, starts: int = 8, ends: int = 18, **fields) -> CareProduct:
    return CareProduct(mode=mode, fee=fee, starts=dt.time(starts), ends=dt.time(ends), **fields)


@pytest.mark.parametrize(
    ("born", "fits", "words"),
    [
        (dt.date(2025, 6, 3), True, "17 个月，托小班"),
        (dt.date(2025, 12, 1), True, "11 个月，托小班"),
        (dt.date(2026, 9, 1), False, "宝宝满 12 个月后可预约（2027年9月）"),
        (dt.date(2023, 1, 1), False, "满 3 岁后不再提供托育，可以看看幼儿园。"),
    ],
)
def test_child_fits_if_some_day_that_can_be_booked_has_a_class(born, fits, words):
    choice = child_choices({"toddler"}, [child(born)], today=TODAY, last_day=LAST)[0]

    assert (choice.fits, choice.words) == (fits, words)


def test_modes_come_in_order_with_hours_and_cheapest_fee():
    policy = BookingPolicy()
    products = [
        product(CareMode.HOURLY, 900),
        product(CareMode.TEMPORARY, 3000, block_minutes=120),
        product(CareMode.HALF_DAY, 4500, 8, 12, part="morning"),
        product(CareMode.HALF_DAY, 4500, 14, 18, part="afternoon"),
        product(CareMode.FULL_DAY, 6000, inclusive=True),
        product(CareMode.FULL_DAY, 8000),
    ]

    choices = mode_choices(products, policy)

    assert [(choice.label, choice.words, choice.fee) for choice in choices] == [
        ("全日托", "8:00–18:00", "60 元/天起"),
        ("半日托", "上午 8:00–12:00，下午 14:00–18:00", "45 元/半天"),
        ("计时托", "8:00–18:00 之间任选，1 小时起", "9 元/半小时"),
        ("临时托", "每段 2 小时，开始前都可以约", "30 元/2 小时"),
    ]


def test_temporary_with_a_cutoff_promises_nothing():
    policy = BookingPolicy(temporary_cutoff_minutes=60)

    choice = mode_choices([product(CareMode.TEMPORARY, 3000, block_minutes=90)], policy)[0]

    assert choice.words == "每段 1.5 小时"


@pytest.mark.django_db
def test_the_named_institution_is_found_among_others_while_it_is_public():
    other, made = open_house().institution, open_house().institution

    assert [public_institution(each.public_id) for each in (other, made)] == [other, made]
    type(made).objects.filter(pk=made.pk).update(is_public=False, state="ended")
    with pytest.raises(NotFound):
        public_institution(made.public_id)


@pytest.mark.django_db
def test_products_are_those_offered_cheapest_and_then_earliest_first():
    house = full_house()
    made = house.institution
    CareProductFactory(institution=made, hourly=True, starts=dt.time(7), ends=dt.time(8))
    CareProductFactory(institution=made, mode="half_month", fee=1)
    CareProductFactory(institution=made, fee=2, active=False)

    found = products_of(made)

    assert [(each.fee, each.starts.hour) for each in found] == [
        (700, 8),
        (900, 7),
        (900, 8),
        (2000, 8),
        (3000, 8),
        (4500, 8),
        (8000, 8),
    ]


@pytest.mark.django_db
def test_kinds_run_are_those_of_the_institution_that_are_open():
    house = full_house()
    house.groups["infant"].active = False
    house.groups["infant"].save()

    assert kinds_run(house.institution) == {"toddler", "mixed"}
    assert kinds_run(house.other.institution) == {"toddler"}
