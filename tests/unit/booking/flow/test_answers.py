from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict

from booking.flow.forms.answers import Answers


def test_answers_survive_the_address():
    answers = Answers(
        child="abc",
        mode="hourly",
        product="p1",
        date=dt.date(2026, 11, 24),
        starts=dt.time(8, 30),
        ends=dt.time(17),
        age="17",
        replaces="b1",
    )

    assert answers.query() == (
        "?child=abc&mode=hourly&product=p1&date=2026-11-24&from=08%3A30&to=17%3A00&age=17&replaces=b1"
    )
    assert Answers.read(QueryDict(answers.query()[1:])) == answers


@pytest.mark.parametrize(
    "query",
    [
        "",
        "child=%3Cscript%3E",
        "mode=overnight",
        "date=24.11.2026",
        "from=25:00",
        "to=noon",
        "age=-1",
        "age=999",
        "age=x",
        "age=2024-1",
        "age=12024-12",
    ],
)
def test_nonsense_is_left_out(query):
    assert Answers.read(QueryDict(query)) == Answers()


def test_age_of_nought_is_an_answer():
    assert Answers.read(QueryDict("age=0")).query() == "?age=0"


def test_birth_month_is_carried_on():
    assert Answers.read(QueryDict("age=2024-12")).query() == "?age=2024-12"


def test_what_a_chat_app_appends_to_a_shared_link_changes_nothing():
    shared = QueryDict("age=17&from=14:00&to=17:00&from=timeline&isappinstalled=0")

    assert Answers.read(shared).query() == "?from=14%3A00&to=17%3A00&age=17"


@pytest.mark.parametrize(("query", "span"), [("from=14:00", None), ("from=14:00&to=14:00", None), ("to=9:00", None)])
def test_half_a_span_is_none(query, span):
    assert Answers.read(QueryDict(query)).span is span


def test_span_is_from_and_to():
    assert Answers.read(QueryDict("from=9:00&to=17:00")).span == (dt.time(9), dt.time(17))
