"""What the asked hours cost where no age is known: a stay that one class can take as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from booking.places.bookable_days import ANY_CLASS, BookableDays, BookingTerms, OfferedProduct
from booking.places.queries.asked_stay import CoveringStay, cheapest_stay
from cms.core.calendar.times import at
from directory.register.fees import SINCE_EVER, FeeRow

DAY = dt.date(2026, 11, 24)
NOW = at(DAY, dt.time(7))
TEN = (600, 660)


def product(pk: int, mode: str, *fees: tuple[str, int]) -> OfferedProduct:
    rows = tuple(FeeRow(kind, SINCE_EVER, fee) for kind, fee in fees)
    return OfferedProduct(pk, f"p{pk}", mode, "", dt.time(8), dt.time(12), None, 0, False, rows)


def half_hours(*places: int) -> dict[int, int]:
    """From 10:00 on."""
    return {600 + 30 * number: free for number, free in enumerate(places)}


def house(toddler: dict[int, int], mixed: dict[int, int], *products: OfferedProduct) -> BookableDays:
    return BookableDays(
        institution_id=1,
        now=NOW,
        takes_bookings=True,
        confirmed_at=NOW,
        stale=False,
        terms=BookingTerms(30, 14, 0, 0, 30, 30, 1, dt.time(14), needs_acceptance=False),
        products=list(products) or [product(1, "hourly", ("", 900))],
        caregivers={},
        rasters={"toddler": 30, "mixed": 30, "all": 30},
        closed={},
        free={"toddler": {DAY: toddler}, "mixed": {DAY: mixed}, "all": {DAY: half_hours(9, 9)}},
    )


def test_hour_that_two_classes_have_between_them_has_no_price() -> None:
    days = house(half_hours(1, 0), half_hours(0, 1))

    assert cheapest_stay(days, DAY, ANY_CLASS, TEN) is None
    assert days.best_covering(DAY, ANY_CLASS, *TEN).remaining == 0


@pytest.mark.parametrize("first", [True, False])
def test_hour_that_one_class_has_as_a_whole_is_priced_whichever_it_is(first: bool) -> None:
    whole, gone = half_hours(1, 1), half_hours(0, 0)
    days = house(whole, gone) if first else house(gone, whole)

    assert cheapest_stay(days, DAY, ANY_CLASS, TEN) == CoveringStay(*TEN, 1800)
    assert cheapest_stay(days, DAY, "toddler", TEN) == (CoveringStay(*TEN, 1800) if first else None)
    assert cheapest_stay(days, DAY, None, TEN) is None


def test_price_is_that_of_a_class_with_a_place() -> None:
    by_class = product(1, "hourly", ("", 900), ("toddler", 500))

    assert cheapest_stay(house(half_hours(0, 0), half_hours(1, 1), by_class), DAY, ANY_CLASS, TEN) == CoveringStay(
        *TEN, 1800
    )
    assert cheapest_stay(house(half_hours(1, 1), half_hours(1, 1), by_class), DAY, ANY_CLASS, TEN) == CoveringStay(
        *TEN, 1000
    )


def test_mode_narrows_what_is_priced() -> None:
    days = house(half_hours(1, 1), half_hours(1, 1), product(1, "hourly", ("", 900)))

    assert cheapest_stay(days, DAY, ANY_CLASS, TEN, mode="hourly") == CoveringStay(*TEN, 1800)
    assert cheapest_stay(days, DAY, ANY_CLASS, TEN, mode="full_day") is None
    assert cheapest_stay(replace(days, takes_bookings=False), DAY, ANY_CLASS, TEN) is None
