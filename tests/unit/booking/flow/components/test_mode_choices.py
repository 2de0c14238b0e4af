"""How the modes read: with their fees, or with the price of the asked hours."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from booking.flow.components.steps import ModeChoice, best_mode, mode_choices
from booking.flow.queries.modes import OfferedMode, OfferedModes
from booking.places.bookable_days import BookingTerms, OfferedProduct
from booking.places.queries.asked_stay import CoveringStay
from directory.districts.class_kinds import CareMode

TERMS = BookingTerms(30, 14, 120, 0, 60, 30, 1, dt.time(14), needs_acceptance=False)


def product(fee: int, starts: int = 8, ends: int = 18, *, part: str = "", block: int | None = None) -> OfferedProduct:
    return OfferedProduct(1, "p", "", part, dt.time(starts), dt.time(ends), block, fee, False)


def mode(name: str, *products: OfferedProduct, stay: CoveringStay | None = None) -> OfferedMode:
    return OfferedMode(CareMode(name), [replace(each, mode=name) for each in products], stay)


def choices(*modes: OfferedMode, terms: BookingTerms = TERMS) -> list[ModeChoice]:
    return mode_choices(OfferedModes(terms, list(modes)))


def test_modes_with_hours_and_cheapest_fee() -> None:
    found = choices(
        mode("full_day", product(6000), product(8000)),
        mode("half_day", product(4500, 8, 12, part="morning"), product(4500, 14, 18, part="afternoon")),
        mode("hourly", product(900)),
        mode("temporary", product(3000, block=120)),
    )

    assert [(choice.mode, choice.label, choice.words, choice.fee) for choice in found] == [
        ("full_day", "全日托", "8:00–18:00", "60 元/天起"),
        ("half_day", "半日托", "上午 8:00–12:00，下午 14:00–18:00", "45 元/半天"),
        ("hourly", "计时托", "8:00–18:00 之间任选，1 小时起", "18 元/小时"),
        ("temporary", "临时托", "每次 2 小时，开始前都可以约", "30 元/次"),
    ]
    assert {(choice.hours, choice.note, choice.fits) for choice in found} == {("", "", False)}


@pytest.mark.parametrize(
    ("fees", "words"), [([900], "18 元/小时"), ([900, 900], "18 元/小时"), ([900, 901], "18 元/小时起")]
)
def test_fee_has_a_beginning_where_there_are_several(fees: list[int], words: str) -> None:
    assert [choice.fee for choice in choices(mode("hourly", *map(product, fees)))] == [words]


def test_temporary_with_a_cutoff_promises_nothing() -> None:
    [found] = choices(mode("temporary", product(3000, block=90)), terms=replace(TERMS, temporary_cutoff_minutes=60))

    assert found.words == "每次 1.5 小时"


def test_blocks_are_those_of_the_first_product_of_the_day() -> None:
    [found] = choices(mode("temporary", product(1, 9, block=60), product(2, 8, block=120)))

    assert found.words == "每次 2 小时，开始前都可以约"


def test_hours_reach_from_the_first_opening_to_the_last_closing() -> None:
    products = [product(900, 9, 17), product(900, 8, 12), product(900, 8, 16)]

    [found] = choices(mode("hourly", *products), terms=replace(TERMS, minimum_minutes=120))

    assert found.words == "8:00–17:00 之间任选，2 小时起"


def test_equal_hours_are_said_once_in_order_of_the_day() -> None:
    [found] = choices(mode("full_day", product(1, 9, 17), product(2, 8, 18), product(3, 9, 17), product(4, 8, 17)))

    assert found.words == "8:00–17:00，8:00–18:00，9:00–17:00"


HOURS = CoveringStay(14 * 60, 17 * 60, 5400)


def test_asked_hours_are_priced_where_they_fit() -> None:
    found = choices(mode("full_day", product(9000)), mode("hourly", product(900), stay=HOURS))

    assert [(choice.fee, choice.hours, choice.fits) for choice in found] == [
        ("90 元/天", "", False),
        ("共 54 元", "14:00–17:00", True),
    ]


@pytest.mark.parametrize(
    ("stay", "hours", "note"),
    [
        (CoveringStay(14 * 60, 18 * 60, 5400), "14:00–18:00", "同样 54 元，可待到 18:00"),
        (CoveringStay(13 * 60, 17 * 60, 5400), "13:00–17:00", "同样 54 元，13:00 就能来"),
        (CoveringStay(8 * 60, 18 * 60, 5400), "8:00–18:00", "同样 54 元，8:00 就能来，可待到 18:00"),
        (CoveringStay(14 * 60, 18 * 60, 5500), "14:00–18:00", ""),
        (CoveringStay(14 * 60, 18 * 60, 5300), "14:00–18:00", ""),
        (HOURS, "14:00–17:00", ""),
    ],
)
def test_of_equal_prices_the_longer_stay_says_what_it_has_over_the_shorter(
    stay: CoveringStay, hours: str, note: str
) -> None:
    longer, shorter = choices(mode("half_day", product(1), stay=stay), mode("hourly", product(900), stay=HOURS))

    assert (longer.hours, longer.note, shorter.note) == (hours, note, "")


def test_longest_of_three_is_compared_with_the_shortest() -> None:
    found = choices(
        mode("full_day", product(1), stay=CoveringStay(8 * 60, 18 * 60, 5400)),
        mode("half_day", product(1), stay=CoveringStay(14 * 60, 18 * 60, 5400)),
        mode("hourly", product(1), stay=HOURS),
    )

    assert [choice.note for choice in found] == [
        "同样 54 元，8:00 就能来，可待到 18:00",
        "同样 54 元，可待到 18:00",
        "",
    ]


def chosen(*modes: OfferedMode) -> str:
    return best_mode(OfferedModes(TERMS, list(modes)))


def test_cheapest_that_fits_is_chosen_before_the_parent_chooses() -> None:
    dear = CoveringStay(8 * 60, 18 * 60, 9000)
    same = CoveringStay(14 * 60, 18 * 60, 5400)
    full_day, half_day = mode("full_day", product(1), stay=dear), mode("half_day", product(1), stay=same)
    hourly = mode("hourly", product(1), stay=HOURS)

    assert chosen(full_day, half_day, hourly) == "hourly"
    assert chosen(hourly, half_day) == "hourly"
    assert chosen(full_day, half_day) == "half_day"
    assert chosen(mode("temporary", product(1)), full_day) == "full_day"


def test_without_asked_hours_only_the_one_mode_is_chosen() -> None:
    assert chosen(mode("full_day", product(1))) == "full_day"
    assert chosen(mode("full_day", product(1)), mode("hourly", product(1))) == ""
    assert chosen() == ""
