from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest

from booking.care.components.summary import free_cancel_words, list_url, summarise
from booking.care.services.moves import cancel_booking
from booking.places.models import Booking, BookingPolicy
from cms.accounts.family.services.children import erase_child
from tests.factories.accounts import PickupPersonFactory
from tests.factories.booking import NOW, TODAY, booked, open_house, toddler
from tests.factories.directory import ProductFeeFactory

pytestmark = pytest.mark.django_db


def test_summary_says_who_when_and_what_it_costs():
    house = open_house()
    user, child = toddler(nickname="豆豆", allergies="花生过敏")
    PickupPersonFactory(family=child.family, relation="外婆")
    PickupPersonFactory(family=child.family, name="王阿姨", relation="")

    found = summarise(booked(house, user=user, child=child), user=user, now=NOW)

    assert (found.child, found.age, found.length) == ("豆豆", "那天满 17 个月，托小班", "3 小时")
    assert (found.fee, found.sum_words) == ("54 元", "18 元/小时 × 3 小时")
    assert (found.pickup, found.allergies) == (["外婆", "王阿姨"], "花生过敏")
    assert (found.free_cancel, found.reminder) == ("11月23日 周一 14:00 前可免费取消。", "11月23日 周一 12:00")


def test_sum_is_left_out_where_it_is_one_piece_or_the_rules_changed():
    house = open_house()
    user, child = toddler()
    day = booked(house, user=user, child=child, mode="full_day", starts=dt.time(8), ends=dt.time(18))
    assert summarise(day, user=user, now=NOW).sum_words == ""
    later = TODAY + dt.timedelta(days=2)
    hours = booked(house, user=user, child=child, day=later)
    BookingPolicy.objects.create(institution=house.institution, step_minutes=60)

    assert summarise(hours, user=user, now=NOW).sum_words == ""


def test_sum_of_blocks():
    house = open_house()
    user, child = toddler()
    blocks = booked(house, user=user, child=child, mode="temporary", starts=dt.time(8), ends=dt.time(12))

    assert summarise(blocks, user=user, now=NOW).sum_words == "30 元/次 × 2"


def test_meals_of_the_day_come_on_top_and_stand_beside_the_fee():
    house = open_house()
    user, child = toddler()
    product = house.products["full_day"]
    known = {"user": user, "child": child, "mode": "full_day", "starts": dt.time(8), "ends": dt.time(18)}
    first, second = (booked(house, day=TODAY + dt.timedelta(days=days), **known) for days in (1, 2))
    without = summarise(first, user=user, now=NOW).meal
    ProductFeeFactory(product=product, from_date=second.service_date, fee=9000, meal_fee=1500)

    meals = [summarise(Booking.objects.get(pk=one.pk), user=user, now=NOW).meal for one in (first, second)]

    assert (without, meals) == ("", ["", "餐费另计 15 元/天"])


def test_booking_of_the_same_day_promises_neither_reminder_nor_free_cancelling():
    house = open_house()
    user, child = toddler()

    found = summarise(booked(house, user=user, child=child, day=TODAY), user=user, now=NOW)

    assert found.reminder == ""
    assert found.free_cancel == "来不了请尽早取消，现在取消也不扣钱，不影响以后预约。"


def test_erased_child_has_no_age():
    house = open_house()
    user, child = toddler(nickname="豆豆")
    booking = booked(house, user=user, child=child)
    cancel_booking(user=user, booking=booking.public_id, now=NOW)
    erase_child(user=user, child=child.public_id, now=NOW)

    found = summarise(
        Booking.objects.select_related("institution", "child", "product", "pool").get(), user=user, now=NOW
    )

    assert (found.child, found.age) == ("已删除", "")


def test_words_of_a_booking_without_child_or_institution_are_empty():
    user, _child = toddler()
    moment = NOW + dt.timedelta(days=2)
    bare = Booking(
        starts_at=moment, ends_at=moment + dt.timedelta(hours=1), service_date=moment.date(), changed_at=NOW, amount=0
    )

    found = summarise(bare, user=user, now=NOW)

    assert (found.child, found.age, found.allergies, found.sum_words) == ("", "", "", "")
    assert free_cancel_words(bare, NOW) == ""
    assert set(parse_qs(urlsplit(list_url(bare)).query)) == {"date", "from", "to"}


def test_list_is_asked_the_same_question():
    house = open_house()
    user, child = toddler()

    url = list_url(booked(house, user=user, child=child, starts=dt.time(8, 30), ends=dt.time(10)))

    assert {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} == {
        "district": house.institution.district.slug,
        "date": "2026-11-24",
        "from": "08:30",
        "to": "10:00",
        "age": "17",
    }
