"""The main button of a record: every state of the answer with its words and its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.districts.models import District
from directory.register.models import Authorisation, CareProduct, Institution
from directory.register.ports import DayPlaces, WeekPlaces
from directory.site.components.main_action import MainAction, book_words, main_action
from directory.site.queries.children import AskedChild
from directory.site.queries.detail import InstitutionRecord
from directory.site.queries.finding import CareNeed
from tests.factories.site import make_week

SATURDAY, MONDAY = dt.date(2026, 11, 28), dt.date(2026, 11, 30)
ASKED = CareNeed(age_months=17, day=SATURDAY, starts=dt.time(14), ends=dt.time(17))
BOOK = "/booking/abcabcabcabc/?age=17&date=2026-11-28&from=14%3A00&to=17%3A00"


def record(*, products: int = 1, **changes: Any) -> InstitutionRecord:
    values = {"public_id": "abcabcabcabc", "state": Institution.State.ACTIVE, "is_public": True} | changes
    institution = Institution(**values, district=District(slug="jianxi"))
    return InstitutionRecord(institution, None, [], Authorisation(), [], [], [CareProduct()] * products, [])


def row(day: dt.date, free: int, problem: str = "") -> DayPlaces:
    return DayPlaces(day, 30, {540: free}, free, problem, 0)


def week(saturday: int = 0, monday: int = 0, **changes: Any) -> WeekPlaces:
    return make_week(row(SATURDAY, saturday), row(MONDAY, monday), **changes)


def act(week: WeekPlaces | None, need: CareNeed = ASKED, **more: Any) -> MainAction | None:
    return main_action(record(**more), need, week)


@pytest.mark.parametrize(
    "more",
    [{"state": Institution.State.RECTIFICATION}, {"products": 0}, {"is_public": False}],
)
def test_where_nothing_can_be_booked_a_call_is_left(more: dict[str, Any]) -> None:
    assert act(week(4, 4), **more) is None
    assert act(None) is None


TOO_YOUNG = {"problem": "age", "first_month": 24, "class_kind": None}


def test_too_young_leads_to_those_who_take_the_age() -> None:
    assert act(week(**TOO_YOUNG)) == MainAction(
        "看能照看 17 个月的机构", "/institutions/?age=17&date=2026-11-28&from=14%3A00&to=17%3A00&district=jianxi"
    )
    twin = AskedChild("twin00000001", "安安", dt.date(2025, 12, 4))
    need = CareNeed(age_months=11, child=twin)
    assert act(week(**TOO_YOUNG), need).url == "/institutions/?age=11&child=twin00000001&district=jianxi"


@pytest.mark.parametrize(("age", "is_left"), [(35, True), (36, False), (None, False)])
def test_nobody_takes_a_child_of_three(age: int | None, is_left: bool) -> None:
    assert (act(week(**TOO_YOUNG), CareNeed(age_months=age)) is not None) is is_left


def test_stale_places_are_asked_for() -> None:
    found = act(week(1, 4, stale=True, other_day=(MONDAY, 4)))

    assert found == MainAction("申请预约，等机构答复", BOOK)


def test_full_day_of_stale_places_leads_on_without_a_number() -> None:
    found = act(week(0, 4, stale=True, other_day=(MONDAY, 4)))

    address = "/institutions/abcabcabcabc/?age=17&date=2026-11-30&from=14%3A00&to=17%3A00"
    assert found == MainAction("看 11月30日 周一", address)


@pytest.mark.parametrize(
    ("need", "query"),
    [
        (ASKED, "?age=17&date=2026-11-30&from=14%3A00&to=17%3A00"),
        (CareNeed(day=SATURDAY), "?date=2026-11-30"),
    ],
)
@pytest.mark.parametrize("decides", [True, False])
def test_full_day_leads_to_the_next_with_places(need: CareNeed, query: str, decides: bool) -> None:
    found = act(week(0, 4, other_day=(MONDAY, 4), needs_answer=decides), need)

    assert found == MainAction("看 11月30日 周一（4 位）", f"/institutions/abcabcabcabc/{query}")


def test_full_days_lead_to_those_that_are_not_shown() -> None:
    assert act(week(0, 0)) == MainAction("看别的日子", BOOK)
    assert act(week(0, 0), CareNeed()) == MainAction("看别的日子", "/booking/abcabcabcabc/")


@pytest.mark.parametrize(
    ("places", "need", "words", "address"),
    [
        ((1, 0), ASKED, "预约周六下午", BOOK),
        ((0, 1), CareNeed(), "预约", "/booking/abcabcabcabc/"),
        ((1, 0), CareNeed(age_months=17), "预约", "/booking/abcabcabcabc/?age=17"),
    ],
)
def test_places_can_be_booked(places: tuple[int, int], need: CareNeed, words: str, address: str) -> None:
    assert act(week(*places), need) == MainAction(words, address)
    assert act(week(*places, needs_answer=True), need) == MainAction("申请预约，等机构答复", address)


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (None, None, "预约周四"),
        (dt.time(14), None, "预约周四"),
        (dt.time(11, 59), dt.time(17), "预约周四上午"),
        (dt.time(12), dt.time(17), "预约周四下午"),
    ],
)
def test_booking_names_the_part_of_the_day(starts: dt.time | None, ends: dt.time | None, words: str) -> None:
    assert book_words(CareNeed(day=dt.date(2026, 11, 26), starts=starts, ends=ends)) == words
