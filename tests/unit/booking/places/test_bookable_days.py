"""What can be booked at one institution, worked out without a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from booking.places.bookable_days import ANY_CLASS, BookableDays, BookingTerms, OfferedProduct
from booking.places.stay_rules import ClosedPart
from cms.core.calendar.times import at
from directory.register.fees import SINCE_EVER, FeeRow

DAY = dt.date(2026, 11, 24)
NEXT = DAY + dt.timedelta(days=1)
NOW = at(DAY, dt.time(7))


def product(pk: int, mode: str, *, starts: int = 8, ends: int = 12, block: int | None = None) -> OfferedProduct:
    fees = (FeeRow("", SINCE_EVER, 900),)
    return OfferedProduct(pk, f"p{pk}", mode, "", dt.time(starts), dt.time(ends), block, 900, False, fees)


HOURLY, FULL_DAY = product(1, "hourly"), product(2, "full_day")
BLOCKS = product(3, "temporary", block=120)

ALL_DAY = ClosedPart("", 0, 1440)


def day(*places: int) -> dict[int, int]:
    """Half hours from 8:00 on."""
    return {480 + 30 * number: free for number, free in enumerate(places)}


def house(**changes: Any) -> BookableDays:
    given: dict[str, Any] = {
        "institution_id": 1,
        "now": NOW,
        "takes_bookings": True,
        "confirmed_at": NOW,
        "stale": False,
        "terms": BookingTerms(30, 14, 120, 0, 60, 30, 1, dt.time(14), needs_acceptance=False),
        "products": [HOURLY],
        "caregivers": {"toddler": 2},
        "rasters": {"toddler": 30, "mixed": 30, "all": 30},
        "closed": {},
        "free": {
            "toddler": {DAY: day(5, 5, 5, 5, 5, 4, 3, 2), NEXT: day(6)},
            "mixed": {DAY: day(1, 1, 1, 1, 7, 7, 7, 7)},
            "all": {DAY: day(9, 9, 9, 9, 9, 9, 6, 6), NEXT: day(2)},
        },
    }
    return BookableDays(**given | changes)


def told(answer: Any) -> tuple[int, str, int, int]:
    return answer.remaining, answer.problem, answer.starts, answer.ends


@pytest.mark.parametrize(
    ("age", "bucket"), [(None, ANY_CLASS), (11, None), (12, "toddler"), (23, "toddler"), (24, "mixed"), (36, None)]
)
def test_class_by_age(age, bucket):
    assert house().class_for(age) == bucket


def test_cells_are_the_least_of_class_and_house_day_by_day():
    days = house()

    assert days.cells(DAY, "toddler").remaining == day(5, 5, 5, 5, 5, 4, 3, 2)
    assert days.cells(DAY, "mixed").remaining == day(1, 1, 1, 1, 7, 7, 6, 6)
    assert days.cells(NEXT, "toddler").remaining == day(2)
    assert days.cells(DAY, ANY_CLASS).remaining == day(5, 5, 5, 5, 7, 7, 6, 6)
    assert days.cells(DAY, "toddler").step == 30
    assert days.kinds == {"toddler", "mixed"}


@pytest.mark.parametrize(
    "shut",
    [
        {"takes_bookings": False},
        {"closed": {DAY: [ALL_DAY]}},
        {"rasters": {"toddler": 30}},
        {"free": {"toddler": {DAY: day(5, 5)}}},
    ],
)
def test_nothing_is_open_where_it_is_shut_or_the_house_has_no_cells(shut):
    assert dict(house(**shut).cells(DAY, "toddler").remaining) == {}
    assert dict(house().cells(DAY, None).remaining) == {}


def test_another_day_stays_open_when_one_is_closed():
    assert house(closed={DAY: [ALL_DAY]}).cells(NEXT, "toddler").remaining == day(2)


@pytest.mark.parametrize(
    ("bucket", "now", "answer"),
    [
        ("toddler", NOW, (5, "", 540, 600)),
        ("toddler", at(DAY, dt.time(8)), (4, "", 600, 660)),
        ("toddler", at(DAY, dt.time(9)), (2, "", 660, 720)),
        ("toddler", at(DAY, dt.time(9, 0, 1)), (0, "too_late", 0, 0)),
        ("mixed", NOW, (7, "", 600, 660)),
        (ANY_CLASS, NOW, (7, "", 600, 660)),
        (None, NOW, (0, "age", 0, 0)),
        ("toddler", at(DAY - dt.timedelta(days=14), dt.time(7)), (5, "", 480, 540)),
        ("toddler", at(DAY - dt.timedelta(days=15), dt.time(7)), (0, "too_early", 0, 0)),
    ],
)
def test_best_stay_of_a_day(bucket, now, answer):
    assert told(house(now=now).best_stay(DAY, bucket)) == answer


def test_best_stay_says_why_there_is_none():
    full = {"toddler": {DAY: day(0, 0, 1, 0)}, "all": {DAY: day(9, 9, 9, 9)}}

    assert house(free=full).best_stay(DAY, "toddler").problem == "full"
    assert house(free={}).best_stay(DAY, "toddler").problem == "outside_hours"
    assert house(products=[]).best_stay(DAY, "toddler").problem == "product"
    assert house(takes_bookings=False).best_stay(DAY, "toddler").problem == "closed"
    assert house(closed={DAY: [ALL_DAY]}).best_stay(DAY, None).problem == "closed"


@pytest.mark.parametrize(
    ("products", "free", "problem"),
    [
        ([], {}, "product"),
        ([], {"toddler": {DAY: day(1)}, "all": {DAY: day(1)}}, "product"),
        ([], {"toddler": {DAY: day(0)}, "all": {DAY: day(0)}}, "product"),
        ([HOURLY], {}, "outside_hours"),
        ([HOURLY], {"toddler": {DAY: day(0, 0, 0, 0)}, "all": {DAY: day(0, 0, 0, 0)}}, "full"),
    ],
)
@pytest.mark.parametrize("bucket", ["toddler", ANY_CLASS])
def test_a_day_without_products_or_without_cells_says_which(products, free, problem, bucket):
    days = house(products=products, free=free)

    assert told(days.best_stay(DAY, bucket)) == (0, problem, 0, 0)
    assert days.best_stay(DAY, bucket, mode="temporary").problem == "product"


def test_one_mode_is_asked_alone():
    days = house(products=[HOURLY, FULL_DAY, BLOCKS], now=at(DAY - dt.timedelta(days=1), dt.time(7)))

    assert told(days.best_stay(DAY, "toddler", mode="full_day")) == (2, "", 480, 720)
    assert told(days.best_stay(DAY, "toddler", mode="temporary")) == (5, "", 480, 600)
    assert days.best_stay(DAY, "toddler", mode="half_day").problem == "product"
    assert told(days.best_stay(DAY, "toddler")) == (5, "", 480, 540)


@pytest.mark.parametrize(
    ("products", "asked", "answer"),
    [
        ([HOURLY], (540, 660), (4, "", 540, 660)),
        ([HOURLY], (540, 570), (0, "too_short", 540, 570)),
        ([HOURLY], (540, 630), (5, "", 540, 630)),
        ([HOURLY], (555, 615), (0, "bad_step", 555, 615)),
        ([HOURLY], (510, 600), (0, "too_late", 510, 600)),
        ([HOURLY], (690, 750), (0, "outside_hours", 0, 0)),
        ([BLOCKS], (630, 660), (2, "", 600, 720)),
        ([BLOCKS], (590, 610), (2, "", 480, 720)),
        ([FULL_DAY], (600, 660), (0, "too_late", 480, 720)),
        ([FULL_DAY, HOURLY], (600, 660), (4, "", 600, 660)),
        ([BLOCKS, HOURLY], (600, 660), (4, "", 600, 660)),
        ([BLOCKS, HOURLY], (600, 630), (2, "", 600, 720)),
        ([], (600, 660), (0, "product", 0, 0)),
    ],
)
def test_asked_minutes_are_answered_by_the_stay_that_covers_them(products, asked, answer):
    days = house(products=products)

    assert told(days.best_covering(DAY, "toddler", *asked)) == answer


def test_without_an_age_each_class_is_asked_for_the_whole_stay():
    free = {"toddler": {DAY: day(0, 0, 0, 3, 3, 0)}, "mixed": {DAY: day(0, 0, 0, 0, 9, 9)}}
    days = house(free=free | {"all": {DAY: day(9, 9, 9, 9, 9, 9)}})

    # At 9:30 the one class has 3, at 10:30 the other 9: nobody could stay for both.
    assert told(days.best_covering(DAY, ANY_CLASS, 570, 660)) == (0, "full", 570, 660)
    assert told(days.best_covering(DAY, ANY_CLASS, 570, 630)) == (3, "", 570, 630)
    assert told(days.best_covering(DAY, ANY_CLASS, 600, 660)) == (9, "", 600, 660)


@pytest.mark.parametrize(
    ("changes", "bucket", "answer"),
    [
        ({}, "toddler", (5, "")),
        ({}, "mixed", (1, "")),
        ({}, None, (0, "age")),
        ({"closed": {DAY: [ALL_DAY]}}, "toddler", (0, "closed")),
        ({"closed": {NEXT: [ALL_DAY]}}, "toddler", (5, "")),
        ({"takes_bookings": False}, None, (0, "closed")),
        ({"stale": True}, "toddler", (5, "")),
        ({"now": at(DAY, dt.time(7, 1))}, "toddler", (0, "too_late")),
    ],
)
def test_answer_for_one_stay(changes, bucket, answer):
    found = house(**changes).answer(DAY, bucket, HOURLY, 540, 600)

    assert (found.remaining, found.problem) == answer
    assert (found.product, found.starts, found.ends) == (HOURLY, 540, 600)


@pytest.mark.parametrize(
    ("products", "now", "first"),
    [
        ([HOURLY], NOW, 540),
        ([HOURLY, BLOCKS], NOW, 420),
        ([], NOW, 1440),
        ([HOURLY], at(DAY - dt.timedelta(days=14), dt.time(7)), 0),
        ([HOURLY], at(DAY - dt.timedelta(days=15), dt.time(7)), 1440),
        ([HOURLY], at(NEXT, dt.time(7)), 1440),
        ([HOURLY], at(DAY, dt.time(9)), 660),
        ([HOURLY], at(DAY, dt.time(9, 1)), 1440),
    ],
)
def test_first_minute_that_can_still_be_booked(products, now, first):
    assert house(products=products, now=now).first_minute(DAY) == first


@pytest.mark.parametrize(
    ("part", "left"),
    [
        (ClosedPart("", 540, 600), {480: 5, 510: 5, 600: 5, 630: 4, 660: 3, 690: 2}),
        (ClosedPart("toddler", 541, 571), {480: 5, 510: 5, 600: 5, 630: 4, 660: 3, 690: 2}),
        (ClosedPart("toddler", 0, 1440), {}),
        (ClosedPart("mixed", 0, 1440), {480: 5, 510: 5, 540: 5, 570: 5, 600: 5, 630: 4, 660: 3, 690: 2}),
    ],
)
def test_closed_part_has_no_places(part, left):
    days = house(closed={DAY: [part]})

    assert days.cells(DAY, "toddler").remaining == left
    assert days.cells(NEXT, "toddler").remaining == {480: 2}


def test_stay_in_a_closed_part_is_closed_and_one_beside_it_is_not():
    days = house(closed={DAY: [ClosedPart("toddler", 600, 660)]})

    assert told(days.answer(DAY, "toddler", HOURLY, 540, 600)) == (5, "", 540, 600)
    assert told(days.answer(DAY, "toddler", HOURLY, 570, 630)) == (0, "closed", 570, 630)
    assert told(days.answer(DAY, "mixed", HOURLY, 570, 630)) == (1, "", 570, 630)


def test_class_closed_all_day_says_so_and_the_best_class_is_another():
    days = house(closed={DAY: [ClosedPart("toddler", 0, 1440)]})

    assert days.best_stay(DAY, "toddler").problem == "closed"
    assert days.best_stay(DAY, ANY_CLASS).remaining == 7
