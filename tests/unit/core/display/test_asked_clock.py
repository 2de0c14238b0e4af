"""A time in an address to which chat apps write as well."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from cms.core.display.asked_clock import AskedClockField


class Asked(forms.Form):
    from_ = AskedClockField(required=False)

    def add_prefix(self, field_name: str) -> str:
        return "from"


def read(data) -> tuple[dt.time | None, bool]:
    form = Asked(data)
    form.is_valid()
    return form.cleaned_data.get("from_"), bool(form.errors)


@pytest.mark.parametrize(
    ("query", "clock", "complains"),
    [
        ("", None, False),
        ("from=", None, False),
        ("from=14:00", dt.time(14), False),
        ("from=8:05", dt.time(8, 5), False),
        ("from=%20１４：00%E2%80%8E", dt.time(14), False),
        ("from=14:00&from=timeline", dt.time(14), False),
        ("from=timeline&from=14:00", dt.time(14), False),
        ("from=14:00&from=15:00", dt.time(14), False),
        ("from=noon&from=15:00&from=16:00", dt.time(15), False),
        ("from=singlemessage", None, False),
        ("from=groupmessage&from=timeline", None, False),
        ("from=noon", None, True),
        ("from=timeline&from=25:00", None, True),
        ("from=14:60", None, True),
    ],
)
def test_the_first_value_that_reads_as_a_time_counts(query, clock, complains):
    assert read(QueryDict(query)) == (clock, complains)


@pytest.mark.parametrize(("data", "clock"), [({"from": "14:00"}, dt.time(14)), ({}, None), ({"from": None}, None)])
def test_plain_data_is_read_too(data, clock):
    assert read(data) == (clock, False)
