"""What an institution's page reads from its address."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict

from directory.site.forms.question import PageQuestion
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed

TODAY = dt.date(2026, 11, 26)
TWIN = AskedChild("twin00000001", "安安", dt.date(2024, 12, 4))


def read(query: str, *children: AskedChild) -> PageQuestion:
    return PageQuestion.read(QueryDict(query), today=TODAY, children=children)


@pytest.mark.parametrize(
    ("query", "need"),
    [
        ("", CareNeed()),
        ("age=0", CareNeed(age_months=0)),
        ("age=72", CareNeed(age_months=72)),
        ("age=73", CareNeed()),
        ("age=-1", CareNeed()),
        ("age=", CareNeed()),
        ("age=１７", CareNeed(age_months=17)),
        ("age=2024-12", CareNeed(age_months=23, birth_month=dt.date(2024, 12, 1))),
        ("age=2026-12", CareNeed()),
        ("age=24&child=twin00000001&date=2026-12-04",
         CareNeed(age_months=24, child=TWIN, day=dt.date(2026, 12, 4))),
        ("from=00:00", CareNeed(starts=dt.time(0))),
        ("date=", CareNeed()),
        ("date=2200-01-01", CareNeed()),
        ("date=2026-11-26&from=8:00&to=17:00&from=timeline",
         CareNeed(day=TODAY, starts=dt.time(8), ends=dt.time(17))),
        ("from=17:00&to=17:01", CareNeed(starts=dt.time(17), ends=dt.time(17, 1))),
        ("from=17:00&to=17:00", CareNeed()),
    ],
)  # fmt: skip
def test_what_was_said_is_read_and_zero_is_something(query: str, need: CareNeed) -> None:
    assert read(query, TWIN).need == need


@pytest.mark.parametrize(
    ("query", "day", "is_past"),
    [("date=2026-11-25", None, True), ("date=2026-11-26", TODAY, False), ("", None, False)],
)
def test_a_day_that_is_over_is_not_asked_about(query: str, day: dt.date | None, is_past: bool) -> None:
    question = read(f"age=17&{query}")

    assert (question.need, question.is_past) == (CareNeed(age_months=17, day=day), is_past)


@pytest.mark.parametrize(
    ("query", "kind"), [("", None), ("class=", None), ("class=x", None), ("class=toddler", "toddler")]
)
def test_class_to_look_at(query: str, kind: str | None) -> None:
    assert read(query).class_kind == kind
