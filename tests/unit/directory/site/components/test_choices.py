from __future__ import annotations

import datetime as dt

import pytest

from directory.site.components.choices import Option, need_options
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed

MONDAY = dt.date(2026, 11, 23)


def test_everything_that_can_be_chosen() -> None:
    options = need_options(today=MONDAY)

    assert [option.value for option in options["ages"]] == [str(age) for age in range(6, 36)]
    assert options["ages"][0] == Option("6", "6 个月", False)
    assert [option.value for option in options["days"]] == [f"2026-11-{day}" for day in range(23, 31)] + [
        f"2026-12-0{day}" for day in range(1, 8)
    ]
    assert [option.text for option in options["days"][:3]] == ["今天 周一", "明天 周二", "11月25日 周三"]


@pytest.mark.parametrize("which", ["starts", "ends"])
def test_clocks_from_seven_to_nine_in_the_evening(which: str) -> None:
    options = need_options(today=MONDAY)[which]

    assert [option.text for option in options[:3]] == ["7:00", "7:30", "8:00"]
    assert [option.value for option in options[:3]] == ["07:00", "07:30", "08:00"]
    assert [option.value for option in options[-2:]] == ["20:30", "21:00"]
    assert len(options) == 29


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (dt.date(2026, 11, 23), "2026-11-24"),
        (dt.date(2026, 11, 26), "2026-11-27"),
        (dt.date(2026, 11, 27), "2026-11-30"),
        (dt.date(2026, 11, 28), "2026-11-30"),
        (dt.date(2026, 11, 29), "2026-11-30"),
    ],
)
def test_next_weekday_is_chosen_until_somebody_asks(today: dt.date, day: str) -> None:
    assert current(need_options(today=today)) == {
        "ages": [],
        "births": [],
        "children": [],
        "days": [day],
        "starts": ["14:00"],
        "ends": ["17:00"],
    }


def test_what_was_asked_is_chosen() -> None:
    need = CareNeed(age_months=17, day=dt.date(2026, 11, 26), starts=dt.time(8, 30), ends=dt.time(20))

    assert current(need_options(today=MONDAY, need=need)) == {
        "ages": ["17"],
        "births": [],
        "children": [],
        "days": ["2026-11-26"],
        "starts": ["08:30"],
        "ends": ["20:00"],
    }


def test_what_was_asked_is_offered_although_it_is_not_among_the_usual() -> None:
    need = CareNeed(day=dt.date(2027, 1, 4), starts=dt.time(6, 45), ends=dt.time(21, 15))

    options = need_options(today=MONDAY, need=need)

    assert options["days"][-2:] == [
        Option("2026-12-07", "12月7日 周一", False),
        Option("2027-01-04", "1月4日 周一", True),
    ]
    assert options["starts"][:2] == [Option("06:45", "6:45", True), Option("07:00", "7:00", False)]
    assert options["ends"][-2:] == [Option("21:00", "21:00", False), Option("21:15", "21:15", True)]


def test_months_of_birth_of_all_who_are_in_care_today() -> None:
    births = need_options(today=MONDAY)["births"]

    assert (births[0], births[-1]) == (Option("2026-05", "2026年5月", False), Option("2023-11", "2023年11月", False))
    assert len(births) == 31


@pytest.mark.parametrize("month", ["2024-12", "2023-10", "2026-06"])
def test_month_of_birth_that_was_asked_is_chosen(month: str) -> None:
    need = CareNeed(age_months=23, birth_month=dt.date.fromisoformat(f"{month}-01"))

    chosen = current(need_options(today=MONDAY, need=need))

    assert (chosen["births"], chosen["ages"]) == ([month], [])


TWINS = [AskedChild("twin00000001", "安安", MONDAY), AskedChild("twin00000002", "豆豆", MONDAY)]


@pytest.mark.parametrize(
    ("need", "children", "ages"),
    [
        (CareNeed(), ["twin00000001"], []),
        (CareNeed(day=MONDAY), ["twin00000001"], []),
        (CareNeed(age_months=0, child=TWINS[1]), ["twin00000002"], []),
        (CareNeed(age_months=17), [], ["17"]),
    ],
)
def test_first_child_is_chosen_until_somebody_is_asked_for(
    need: CareNeed, children: list[str], ages: list[str]
) -> None:
    options = need_options(today=MONDAY, need=need, children=TWINS)

    assert [(each.value, each.text) for each in options["children"]] == [
        ("twin00000001", "安安"),
        ("twin00000002", "豆豆"),
    ]
    assert (current(options)["children"], current(options)["ages"]) == (children, ages)


def current(options: dict[str, list[Option]]) -> dict[str, list[str]]:
    return {name: [option.value for option in each if option.current] for name, each in options.items()}
