from __future__ import annotations

import datetime as dt

import pytest

from directory.site.components.addresses import ListAddress
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import ListQuestion
from tests.factories.site import HERE, JIANXI, WHOLE

FULL = ListQuestion(
    district=JIANXI,
    chose_district=True,
    need=WHOLE,
    q="小满 园",
    street="410305001",
    mode="hourly",
    near=HERE,
    radius=3.0,
    inclusive=True,
    demonstration=True,
    sort="price",
    page=4,
    show_all=True,
    editing=True,
)


def test_every_answer_under_its_public_name() -> None:
    assert dict(ListAddress(FULL).params) == {
        "district": "jianxi",
        "age": "17",
        "date": "2026-11-26",
        "from": "14:00",
        "to": "17:00",
        "near": "34.66,112.4",
        "radius": "3",
        "q": "小满 园",
        "street": "410305001",
        "mode": "hourly",
        "inclusive": "1",
        "demonstration": "1",
        "sort": "price",
        "show": "all",
    }


def test_nothing_asked_leaves_nothing() -> None:
    address = ListAddress(ListQuestion(district=JIANXI))

    assert dict(address.params) == {}
    assert address.tail == ""
    assert address.changed() == "?"
    assert address.hidden() == []


def test_age_of_nought_months_is_an_answer() -> None:
    assert ListAddress(ListQuestion(need=CareNeed(age_months=0))).params == {"age": "0"}


@pytest.mark.parametrize(
    ("question", "params"),
    [
        (ListQuestion(district=JIANXI), {}),
        (ListQuestion(district=JIANXI, chose_district=True), {"district": "jianxi"}),
        (ListQuestion(chose_district=True), {}),
        (ListQuestion(radius=7.5), {"radius": "7.5"}),
        (ListQuestion(need=CareNeed(age_months=23, birth_month=dt.date(2024, 12, 1))), {"age": "2024-12"}),
        (
            ListQuestion(need=CareNeed(age_months=24, child=AskedChild("twin00000001", "安安", dt.date(2024, 12, 4)))),
            {"age": "24", "child": "twin00000001"},
        ),
        (ListQuestion(need=CareNeed(starts=dt.time(8, 5))), {"from": "08:05"}),
        (ListQuestion(need=CareNeed(ends=dt.time(0))), {"to": "00:00"}),
    ],
)
def test_params(question: ListQuestion, params: dict[str, str]) -> None:
    assert ListAddress(question).params == params


def test_one_answer_changed() -> None:
    address = ListAddress(ListQuestion(need=CareNeed(age_months=17), q="园 & 班", mode="hourly"))

    assert address.changed(mode="full_day") == "?age=17&q=%E5%9B%AD+%26+%E7%8F%AD&mode=full_day"
    assert address.changed(q="", mode="") == "?age=17"
    assert address.changed(edit="1", mode="", q="") == "?age=17&edit=1"


def test_tail_carries_what_a_booking_needs() -> None:
    assert ListAddress(FULL).tail == "?age=17&date=2026-11-26&from=14%3A00&to=17%3A00"
    assert ListAddress(ListQuestion(q="园", need=CareNeed(day=dt.date(2026, 11, 26)))).tail == "?date=2026-11-26"


def test_tail_carries_the_child() -> None:
    need = CareNeed(age_months=24, child=AskedChild("twin00000001", "安安", dt.date(2024, 12, 4)))

    assert ListAddress(ListQuestion(q="园", need=need)).tail == "?age=24&child=twin00000001"


def test_a_form_carries_what_it_does_not_ask() -> None:
    address = ListAddress(ListQuestion(need=CareNeed(age_months=17), q="园", mode="hourly"))

    assert address.hidden("q") == [("age", "17"), ("mode", "hourly")]
