from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict

from directory.site.forms.listing import QuestionForm
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import ListQuestion
from tests.factories.site import AT_PEARL, DISTRICTS, EAST, HERE, HONGQI, JIANXI, PEARL

TODAY = dt.date(2026, 11, 23)
FULL = {
    "district": "jianxi",
    "q": " 小满 ",
    "street": "410305002",
    "mode": "hourly",
    "age": "17",
    "date": "2026-11-26",
    "from": "14:00",
    "to": "17:00",
    "near": "410305001",
    "radius": "2.5",
    "inclusive": "1",
    "demonstration": "on",
    "sort": "price",
    "page": "3",
    "show": "all",
    "edit": "1",
}


def form(data: dict[str, str], **more: Any) -> QuestionForm:
    return QuestionForm(data, **{"today": TODAY, "districts": DISTRICTS, "listed": JIANXI, **more})


def asked(data: dict[str, str], **more: Any) -> tuple[ListQuestion, list[str]]:
    made = form(data, **more)
    return made.question(), made.complaints()


def test_everything_is_read() -> None:
    assert asked(FULL) == (
        ListQuestion(
            district=JIANXI,
            chose_district=True,
            need=CareNeed(age_months=17, day=dt.date(2026, 11, 26), starts=dt.time(14), ends=dt.time(17)),
            q="小满",
            street="410305002",
            mode="hourly",
            near=AT_PEARL,
            near_street=PEARL,
            radius=2.5,
            inclusive=True,
            demonstration=True,
            sort="price",
            page=3,
            show_all=True,
            editing=True,
        ),
        [],
    )


@pytest.mark.parametrize(
    ("shared", "starts", "complaints"),
    [
        ("from=14:00&to=17:00&from=timeline", dt.time(14), []),
        ("from=singlemessage&isappinstalled=0", None, []),
        ("from=noon&from=timeline", None, ["没认出来的时间，例如 14:00。"]),
    ],
)
def test_what_chat_apps_append_is_dropped_without_a_word(shared, starts, complaints) -> None:
    question, found = asked(QueryDict(shared))  # type: ignore[arg-type]  # as a request has it

    assert (question.need.starts, found) == (starts, complaints)


def test_nothing_asked() -> None:
    assert asked({}) == (ListQuestion(district=JIANXI), [])
    assert asked({}, listed=None, districts={}) == (ListQuestion(), [])


def test_district_of_the_visitor_is_not_one_that_was_chosen() -> None:
    assert asked({"district": "nowhere"}, listed=HONGQI) == (ListQuestion(district=HONGQI), [])


@pytest.mark.parametrize(
    ("age", "complaints"),
    [
        ("5", ["托育机构照看 6 个月到 3 岁的宝宝。"]),
        ("6", []),
        ("35", []),
        ("36", ["托育机构照看 6 个月到 3 岁的宝宝。"]),
        ("73", ["没认出宝宝的月龄，请选一个月龄，或者出生的年月。"]),
        ("-1", ["没认出宝宝的月龄，请选一个月龄，或者出生的年月。"]),
    ],
)
def test_ages_that_are_looked_after(age: str, complaints: list[str]) -> None:
    question, told = asked({"age": age})

    assert told == complaints
    assert question.need.age_months == (None if complaints else int(age))


@pytest.mark.parametrize(
    ("days", "complaints"),
    [
        (-1, ["这一天已经过去，请选今天或以后的日子。"]),
        (0, []),
        (60, []),
        (61, ["这一天还太远，请选今天起 60 天内的一天。"]),
    ],
)
def test_days_that_can_be_asked_about(days: int, complaints: list[str]) -> None:
    day = TODAY + dt.timedelta(days=days)
    question, told = asked({"date": day.isoformat()})

    assert told == complaints
    assert question.need.day == (None if complaints else day)


@pytest.mark.parametrize(
    ("starts", "ends", "complaints"),
    [
        ("14:00", "14:01", []),
        ("14:60", "15:00", ["没认出来的时间，例如 14:00。"]),
        ("14:00", "x", ["没认出走的时间，例如 17:00。"]),
    ],
)
def test_span(starts: str, ends: str, complaints: list[str]) -> None:
    question, told = asked({"from": starts, "to": ends})

    assert told == complaints
    assert question.need.span == (None if complaints else (840, 841))
    assert (question.problems, question.editing) == ({}, False)


@pytest.mark.parametrize("starts", ["14:00", "14:01"])
def test_span_out_of_order_opens_the_question_with_everything_in_it(starts: str) -> None:
    question, told = asked({"age": "17", "from": starts, "to": "14:00"})

    assert (question.problems, told, question.editing) == ({"ends": "走的时间要晚于来的时间。"}, [], True)
    assert question.need == CareNeed(age_months=17, starts=dt.time.fromisoformat(starts), ends=dt.time(14))


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({"age": ""}, {"age": "请选宝宝多大。"}),
        ({"age": "", "date": "2026-11-26"}, {"age": "请选宝宝多大。"}),
        ({"date": "2026-11-26"}, {}),
        ({"age": "0"}, {}),
        ({"age": "x"}, {}),
    ],
)
def test_form_sent_without_an_age_is_open_again(data: dict[str, str], problems: dict[str, str]) -> None:
    question, _ = asked(data)

    assert (question.problems, question.editing) == (problems, bool(problems))


TWIN = AskedChild("twin00000001", "安安", dt.date(2024, 12, 4))
OLDER = AskedChild("older0000002", "豆豆", dt.date(2024, 11, 30))


@pytest.mark.parametrize(
    ("data", "need"),
    [
        ({"age": "2024-12"}, CareNeed(age_months=23, birth_month=dt.date(2024, 12, 1))),
        # Known by the month alone, a child counts as that old from the month's first day.
        ({"age": "2024-12", "date": "2026-11-30"}, CareNeed(age_months=23, birth_month=dt.date(2024, 12, 1))),
        ({"age": "2024-12", "date": "2026-12-01"}, CareNeed(age_months=24, birth_month=dt.date(2024, 12, 1))),
        ({"age": "17", "child": "older0000002"}, CareNeed(age_months=23, child=OLDER)),
        ({"age": "2025-01", "child": "twin00000001", "date": "2026-12-03"}, CareNeed(age_months=23, child=TWIN)),
        ({"age": "twin00000001", "date": "2026-12-04"}, CareNeed(age_months=24, child=TWIN)),
        # Nobody else's child is known.
        ({"age": "17", "child": "stranger0001"}, CareNeed(age_months=17)),
        ({"age": "stranger0001"}, CareNeed()),
        ({"child": ""}, CareNeed()),
    ],
)
def test_age_is_that_of_the_asked_day(data: dict[str, str], need: CareNeed) -> None:
    question, complaints = asked(data, children=[TWIN, OLDER])

    day = dt.date.fromisoformat(data["date"]) if "date" in data else None
    assert (question.need, complaints) == (dataclasses.replace(need, day=day), [])


@pytest.mark.parametrize(
    ("month", "complaint"),
    [
        ("2026-06", "托育机构照看 6 个月到 3 岁的宝宝。"),
        ("2026-12", "托育机构照看 6 个月到 3 岁的宝宝。"),
        ("2020-10", "托育机构照看 6 个月到 3 岁的宝宝。"),
        ("2024-13", "没认出宝宝的月龄，请选一个月龄，或者出生的年月。"),
        ("2024-00", "没认出宝宝的月龄，请选一个月龄，或者出生的年月。"),
        ("0000-01", "没认出宝宝的月龄，请选一个月龄，或者出生的年月。"),
    ],
)
def test_months_of_birth_of_nobody_in_care(month: str, complaint: str) -> None:
    question, told = asked({"age": month})

    assert (question.need, told) == (CareNeed(), [complaint])


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({"age": "twin00000001"}, True),
        ({"age": "24", "child": "twin00000001"}, False),
        ({"age": "stranger0001"}, False),
    ],
)
def test_address_names_a_child_of_the_visitor(data: dict[str, str], names: bool) -> None:
    made = form(data, children=[TWIN])
    made.question()

    assert made.names_child is names


@pytest.mark.parametrize(
    ("street", "district", "complaints"),
    [
        (PEARL.code, JIANXI, []),
        (EAST.code, JIANXI, ["这个区里没有这个街道，下面是全区的机构。"]),
        (EAST.code, None, ["这个区里没有这个街道，下面是全区的机构。"]),
        ("41030500", JIANXI, ["没有这个街道，下面是全区的机构。"]),
    ],
)
def test_streets_of_the_district(street: str, district: Any, complaints: list[str]) -> None:
    question, told = asked({"street": street}, listed=district)

    assert told == complaints
    assert question.street == ("" if complaints else street)


@pytest.mark.parametrize(
    ("near", "found", "complaints"),
    [
        (PEARL.code, (AT_PEARL, PEARL), []),
        ("34.66,112.4", (HERE, None), []),
        ("410305002", (None, None), ["还不知道这个街道的中心在哪里，下面没有按距离排。"]),
        ("000000000", (None, None), ["还不知道这个街道的中心在哪里，下面没有按距离排。"]),
        ("zz", (None, None), ["没认出「在哪附近」的位置，请从列表里选一个街道。"]),
    ],
)
def test_places_to_measure_from(near: str, found: tuple[Any, Any], complaints: list[str]) -> None:
    question, told = asked({"near": near, "radius": "3"})

    assert (question.near, question.near_street) == found
    assert question.radius == (3.0 if found[0] else None)
    assert told == complaints


def test_street_of_another_district_can_be_near() -> None:
    assert asked({"near": EAST.code})[0].near_street == EAST


@pytest.mark.parametrize(
    ("radius", "complaints"),
    [
        ("0.09", ["没认出距离，请填 0.1 到 50 公里。"]),
        ("0.1", []),
        ("50", []),
        ("50.1", ["没认出距离，请填 0.1 到 50 公里。"]),
        ("nan", ["没认出距离，请填 0.1 到 50 公里。"]),
    ],
)
def test_distances(radius: str, complaints: list[str]) -> None:
    question, told = asked({"near": "34.66,112.4", "radius": radius})

    assert told == complaints
    assert question.radius == (None if complaints else float(radius))


@pytest.mark.parametrize(
    "name", ["district", "child", "sort", "page", "q", "inclusive", "demonstration", "show", "edit"]
)
def test_stray_values_are_left_out_in_silence(name: str) -> None:
    assert asked({name: "\x00"}) == (ListQuestion(district=JIANXI), [])


@pytest.mark.parametrize(("text", "on"), [("1", True), ("TRUE", True), (" yes ", True), ("0", False), ("11", False)])
def test_flags(text: str, on: bool) -> None:
    assert asked({"inclusive": text})[0].inclusive is on


def test_complaints_in_the_order_of_the_fields_then_of_what_makes_no_sense_together() -> None:
    data = {"mode": "x", "age": "3", "from": "17:00", "to": "14:00", "street": EAST.code, "near": "410305002"}

    assert asked(data)[1] == [
        "没有这种托育方式，下面是各种方式的机构。",
        "托育机构照看 6 个月到 3 岁的宝宝。",
        "这个区里没有这个街道，下面是全区的机构。",
        "还不知道这个街道的中心在哪里，下面没有按距离排。",
    ]


def test_long_words_are_cut() -> None:
    assert asked({"q": " " + "园" * 120})[0].q == "园" * 100
