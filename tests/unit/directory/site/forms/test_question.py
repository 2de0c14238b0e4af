"""What an institution's page reads from its address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict

from directory.site.forms.question import PageQuestion


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("age=0", "age", 0),
        ("age=1", "age", 1),
        ("age=-1", "age", None),
        ("age=", "age", None),
        ("", "age", None),
        ("class=", "kind", None),
        ("class=toddler", "kind", "toddler"),
        ("from=00:00", "starts", dt.time(0)),
        ("date=", "date", None),
    ],
)
def test_what_was_said_is_read_and_zero_is_something(query: str, name: str, value: Any) -> None:
    assert PageQuestion.read(QueryDict(query)).value(name) == value


def test_answers_are_carried_on_as_they_were_read():
    shared = QueryDict("age=17&date=2026-11-26&from=8:00&to=17:00&from=timeline&isappinstalled=0&class=toddler")

    assert PageQuestion.read(shared).kept == {"age": "17", "date": "2026-11-26", "from": "08:00", "to": "17:00"}
